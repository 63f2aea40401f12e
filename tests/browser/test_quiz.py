"""Guesses, the page that asks all and the exercises in Chromium: by hand, by key, on paper, unscripted."""

import json

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

GUESSED = "same-padding.html"
SMALL = """(all) => all.filter((one) => one.checkVisibility()).filter((one) => {
  const { width, height } = (one.closest("label") ?? one).getBoundingClientRect();
  return Math.min(width, height) < 44;
}).map((one) => one.outerHTML)"""
FAULTS = """async () => {
  const run = await axe.run(".bd-article", { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] });
  return run.violations.map(({ id, nodes }) => [id, nodes[0].html]);
}"""
STORED = "localStorage.getItem('dl-self-test')"
ANSWER = ".dl-self-test > .dl-answering > .dl-answer"


def faults(page):
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(FAULTS)


# --- a guess before a short answer ----------------------------------------------------------------


def test_a_guess_is_made_by_keys_and_uncovers_the_answer(visit):
    page = visit(GUESSED)
    box = page.locator("#q02 .dl-short-answer")
    answer = box.locator(":scope > p").last
    before = answer.inner_text()
    start = box.locator(".dl-guess-start")
    start.focus()
    page.keyboard.press("Enter")
    expect(answer).to_be_hidden()
    assert page.evaluate("document.activeElement.type") == "radio"
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    said = box.locator(".dl-verdict-said")
    expect(said).to_contain_text("아닙니다. 보폭이 1이어야")
    assert said.get_attribute("role") == "status"
    expect(answer).to_be_visible()
    assert answer.inner_text() == before
    expect(box.locator("label.dl-is-right")).to_have_text("112칸")
    box.get_by_role("button", name="닫기").click()
    expect(box.locator("fieldset")).to_be_hidden()
    assert page.evaluate("document.activeElement.className") == "dl-guess-start"


def test_what_is_right_is_told_so_and_nothing_chosen_is_told(visit):
    page = visit(GUESSED)
    box = page.locator("#q03 .dl-short-answer")
    box.locator(".dl-guess-start").click()
    box.get_by_role("button", name="확인").click()
    expect(box.locator(".dl-verdict-said")).to_have_text("먼저 하나를 고르세요.")
    box.locator("label").last.click()
    box.get_by_role("button", name="확인").click()
    expect(box.locator(".dl-verdict-said")).to_contain_text("맞습니다.")


def test_the_answer_can_be_read_without_guessing(visit):
    page = visit(GUESSED)
    box = page.locator("#q02 .dl-short-answer")
    box.locator(".dl-guess-start").click()
    box.get_by_role("button", name="그냥 답 보기").click()
    expect(box.locator(":scope > p").last).to_be_visible()
    expect(box.locator("fieldset")).to_be_hidden()


def test_the_button_takes_no_room(visit):
    page = visit(GUESSED, width=360)
    heights = """() => [...document.querySelectorAll(".dl-short-answer")].map((one) => one.offsetHeight)"""
    before = page.evaluate(heights)
    page.evaluate("for (const one of document.querySelectorAll('.dl-guess')) one.remove()")
    assert page.evaluate(heights) == before


@pytest.mark.parametrize("page_name", [GUESSED, "self-test.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_choices_can_be_touched_seen_and_heard(visit, page_name, scheme):
    page = visit(page_name, width=320, height=640, scheme=scheme, touch=True, reduced_motion="reduce")
    if page_name == GUESSED:
        page.locator("#q02 .dl-guess-start").tap()
        page.locator("details.dl-check").first.locator("summary").tap()
    part = page.locator(".dl-guess, .dl-check, .dl-self-test")
    assert part.locator("input, button, summary").evaluate_all(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert faults(page) == []
    page.locator("label:has([type=radio]):visible").first.tap()
    page.locator(".dl-answer:visible").first.tap()
    assert faults(page) == []


def test_in_forced_colours_what_came_of_it_is_told_in_words(visit):
    page = visit("self-test.html", forced_colors="active")
    page.locator(".dl-now label").first.click()
    page.locator(ANSWER).click()
    words = "(one) => getComputedStyle(one, '::after').content"
    assert page.locator(".dl-now label.dl-is-right").evaluate(words) == '"맞음"'


@pytest.mark.parametrize("page_name", [GUESSED, "lenet-parameters.html"])
def test_nothing_of_it_is_there_without_scripts_or_on_paper(visit, page_name):
    parts = ".dl-guess, .dl-check"
    page = visit(page_name, scripts=False)
    assert page.locator(parts).locator("visible=true").count() == 0
    page = visit(page_name)
    page.locator(".dl-guess-start").first.click()
    page.emulate_media(media="print")
    assert page.locator(parts).locator("visible=true").count() == 0
    assert page.locator(".dl-short-answer > p:last-child").first.is_visible()


# --- the page that asks all -----------------------------------------------------------------------


def take(page, well):
    """Answer the question that is asked; return its name."""
    item = page.locator(".dl-now")
    name = item.get_attribute("data-question")
    right = int(item.locator(".dl-whys").get_attribute("data-right"))
    item.locator("label").nth(right if well else (right + 1) % 3).click()
    page.locator(ANSWER).click()
    expect(item.locator(".dl-verdict-said")).to_contain_text("맞습니다." if well else "아닙니다.")
    return name


def test_all_are_asked_in_turn_kept_summed_up_and_cleared(visit):
    page = visit("self-test.html")
    names = page.locator(".dl-test-list > li").evaluate_all("(all) => all.map((one) => one.dataset.question)")
    missed = []
    for number in range(len(names)):
        expect(page.locator(".dl-test-place")).to_contain_text(f"{number + 1} / {len(names)}")
        name = take(page, well=number % 3 > 0)
        missed += [name] if number % 3 == 0 else []
        page.locator(ANSWER).click()
    end = page.locator(".dl-test-end")
    assert page.evaluate("document.activeElement.className") == "dl-test-end"
    expect(end.locator(".dl-test-score")).to_have_text(
        f"{len(names)}문제 가운데 {len(names) - len(missed)}문제를 맞혔습니다."
    )
    links = end.locator(".dl-test-missed a").evaluate_all("(all) => all.map((one) => one.hash.slice(1))")
    assert links == missed
    assert end.locator(".dl-test-topics li").count() == 4
    assert set(json.loads(page.evaluate(STORED))) == set(names)

    page.reload()
    expect(end).to_be_visible()
    page.get_by_role("button", name="틀린 것만 다시").click()
    expect(page.locator(".dl-test-place")).to_contain_text(f"1 / {len(missed)}")
    assert page.locator(".dl-now").get_attribute("data-question") == missed[0]
    page.get_by_role("button", name="기록 지우기").click()
    assert page.evaluate(STORED) is None
    expect(page.locator(".dl-test-place")).to_contain_text(f"1 / {len(names)}")
    assert page.locator(".dl-now :checked").count() == 0


def test_it_goes_on_where_it_was_left_and_back(visit):
    page = visit("self-test.html")
    take(page, well=True)
    page.locator(ANSWER).click()
    page.get_by_role("button", name="건너뛰기").click()
    expect(page.locator(".dl-test-place")).to_contain_text("3 /")
    page.reload()
    expect(page.locator(".dl-test-place")).to_contain_text("2 /")
    page.get_by_role("button", name="앞 문제").click()
    expect(page.locator(".dl-now .dl-verdict-said")).to_contain_text("맞습니다.")


def test_mixed_they_are_the_same_in_another_order(visit):
    page = visit("self-test.html", before="let n = 0; Math.random = () => (n = (n + 0.37) % 1);")
    first = page.locator(".dl-now").get_attribute("data-question")
    page.get_by_role("button", name="섞어서").click()
    assert page.get_by_role("button", name="섞어서").get_attribute("aria-pressed") == "true"
    total = page.locator(".dl-test-list > li").count()
    seen = []
    for _ in range(total):
        seen.append(page.locator(".dl-now").get_attribute("data-question"))
        page.get_by_role("button", name="건너뛰기").click()
    assert len(set(seen)) == total
    assert seen[0] != first
    expect(page.locator(".dl-test-score")).to_contain_text(f"답하지 않은 문제가 {total}개")


def test_it_works_where_nothing_may_be_stored_or_something_else_is(visit):
    refuse = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } });"
    page = visit("self-test.html", before=refuse)
    take(page, well=True)
    page = visit("self-test.html")
    page.evaluate("localStorage.setItem('dl-self-test', '{\"q02\": 99, \"q03\": []}')")
    page.reload()
    expect(page.locator(".dl-test-place")).to_contain_text("1 /")
    take(page, well=False)


def test_without_scripts_it_is_a_list_with_folded_answers(visit):
    page = visit("self-test.html", scripts=False)
    items = page.locator(".dl-test-list > li")
    assert items.locator("visible=true").count() > 0
    assert all(one.is_visible() for one in items.all())
    assert page.locator(".dl-self-test button:visible, .dl-test-key:visible").count() == 0
    fold = items.first.locator("details")
    assert not fold.locator("ul").is_visible()
    fold.locator("summary").click()
    expect(fold.locator(".dl-is-right")).to_be_visible()


def test_on_paper_all_are_asked_and_the_answers_stand_behind(visit):
    page = visit("self-test.html")
    page.locator(".dl-now label").first.click()
    page.locator(ANSWER).click()
    page.emulate_media(media="print")
    items = page.locator(".dl-test-list > li")
    assert all(one.is_visible() for one in items.all())
    key = page.locator(".dl-test-key")
    assert key.locator("li").count() == items.count()
    assert key.evaluate("(one) => getComputedStyle(one).breakBefore") == "page"
    lowest = items.last.bounding_box()
    assert key.bounding_box()["y"] >= lowest["y"] + lowest["height"]
    told = ".dl-verdict-said, .dl-whys, .dl-test-end, .dl-test-tools, .dl-test-orders"
    assert page.locator(".dl-self-test").locator(told).locator("visible=true").count() == 0
    after = "(all) => all.map((one) => getComputedStyle(one, '::after').content)"
    assert set(items.locator("label").evaluate_all(after)) == {"none"}


def test_the_landing_page_and_the_menu_lead_to_it(visit):
    page = visit("index.html")
    assert page.locator("article a.dl-go[href='self-test.html']").is_visible()
    assert page.locator(".bd-docs-nav a[href='self-test.html']").count() == 1


# --- exercises ------------------------------------------------------------------------------------


def opened(page, label):
    check = page.locator(f"#{label} details.dl-check")
    check.locator("summary").click()
    return check, check.locator(".dl-verdict-said")


def test_an_exercise_says_right_wrong_and_why_and_asks_with_other_numbers(visit):
    page = visit(GUESSED)
    check, said = opened(page, "ex-valid")
    field = check.get_by_role("textbox")
    case = check.locator(".dl-case:visible")
    first = case.inner_text()
    check.get_by_role("button", name="확인").click()
    expect(said).to_have_text("답을 수로 적으세요.")
    slips = case.get_attribute("data-slips").split()
    hints = check.locator(".dl-hints li").evaluate_all("(all) => all.map((one) => one.textContent)")
    for slip, hint in zip(slips, hints, strict=True):
        field.fill(slip)
        field.press("Enter")
        expect(said).to_have_text(f"아닙니다. {hint}")
    field.fill("99999")
    field.press("Enter")
    expect(said).to_have_text("아닙니다. 다시 계산해 보세요.")
    field.fill(f" {case.get_attribute('data-right')}칸")
    field.press("Enter")
    expect(said).to_contain_text("맞습니다.")
    check.get_by_role("button", name="다른 수로").click()
    assert case.inner_text() != first
    assert field.input_value() == ""
    expect(said).to_be_hidden()


@pytest.mark.parametrize(
    ("page_name", "label", "given", "well"),
    [
        ("lenet-parameters.html", "ex-lenet-image-size", "324,600", True),
        ("adam.html", "ex-adam-short-memory", "13.51", True),
        ("adam.html", "ex-adam-short-memory", "13.6", False),
        ("reward-notation.html", "ex-next-state-reward", "−1", True),
        ("reward-notation.html", "ex-next-state-reward", "1", False),
    ],
)
def test_a_number_is_read_as_people_write_it(visit, page_name, label, given, well):
    page = visit(page_name)
    check, said = opened(page, label)
    check.get_by_role("textbox").fill(given)
    check.get_by_role("button", name="확인").click()
    expect(said).to_contain_text("맞습니다." if well else "아닙니다.")


def test_an_exercise_of_choices_is_judged_and_asked_again(visit):
    page = visit("lstm.html")
    check, said = opened(page, "ex-which-state")
    check.locator("label").first.click()
    check.get_by_role("button", name="확인").click()
    expect(said).to_contain_text("아닙니다. 아래층의 기억을")
    check.get_by_role("button", name="다시").click()
    check.locator("label").nth(1).click()
    check.get_by_role("button", name="확인").click()
    expect(said).to_contain_text("맞습니다.")


def test_every_page_of_answers_has_an_exercise_that_replies(site):
    assert [path for path in site.answers if "dl-check" not in site.text(path)] == []
