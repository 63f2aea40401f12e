"""읽기 편한가: 용어의 풀이, 주소와 코드의 복사, 접히는 것, 글의 머리와 끝, 넘치지 않는 코드."""

import json

import pytest
from visiting import UNFOLD, until

PAGE = "lenet-parameters.html"
TERM = "a:has(> .dl-term)"
OPEN = ".dl-tip.dl-open"


def term(page, number=2):
    found = page.locator(f".bd-article {TERM}").nth(number)
    found.scroll_into_view_if_needed()
    return found


def test_a_term_tells_what_it_means_while_it_is_hovered_and_so_does_its_note(visit):
    page = visit(PAGE, own=True)
    page.clock.install()  # the pointer's delays pass when we say so
    term(page).hover()
    page.clock.run_for(400)
    page.locator(OPEN).wait_for()
    assert page.locator(f"{OPEN} .dl-said").inner_text().endswith("다.")
    assert page.locator(f"{OPEN} a").inner_text() == "용어집에서 보기"
    page.locator(OPEN).hover()
    page.clock.run_for(400)
    assert page.locator(OPEN).count() == 1
    page.mouse.move(0, 0)
    page.clock.run_for(400)
    page.locator(OPEN).wait_for(state="detached")


def test_escape_sends_a_note_away_without_moving_the_pointer(visit):
    page = visit(PAGE)
    term(page).hover()
    page.locator(OPEN).wait_for()
    page.keyboard.press("Escape")
    assert page.locator(OPEN).count() == 0


def test_the_keyboard_shows_a_terms_note_and_goes_on_with_the_next_tab(visit):
    page = visit(PAGE)
    link = term(page)
    link.focus()
    page.locator(OPEN).wait_for()
    said = link.get_attribute("aria-describedby")
    assert page.locator(f"#{said}").is_visible()
    page.keyboard.press("Tab")  # the term itself leads where the note's link does
    assert not page.evaluate("document.activeElement.closest('.dl-tip')")
    assert not page.locator(f"#{said}").is_visible()


def test_the_keyboard_reaches_the_link_of_a_note_that_it_pinned_and_leaves_it(visit):
    page = visit(PAGE)
    mark = page.locator(".dl-mark").first
    mark.focus()
    page.locator(OPEN).wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "정오표"
    page.keyboard.press("Escape")
    assert page.locator(OPEN).count() == 0
    assert page.evaluate("document.activeElement.matches('.dl-mark')")
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('.dl-tip')")


@pytest.mark.letters
@pytest.mark.turns("width")
@pytest.mark.parametrize("width", [320, 390])
def test_a_tap_shows_the_note_inside_the_screen_and_its_link_leads_on(visit, width):
    page = visit(PAGE, width=width, height=640, touch=True)
    page.evaluate(UNFOLD)
    for number in range(0, page.locator(f".bd-article {TERM}").count(), 3):
        page.keyboard.press("Escape")  # the note before may lie on the next term
        term(page, number).tap()
        box = page.locator(OPEN).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert PAGE in page.url
    page.locator(f"{OPEN} a").tap()
    page.wait_for_url("**/glossary.html#term-*")


def test_a_tap_elsewhere_and_the_mark_itself_close_an_erratums_note(visit):
    page = visit(PAGE, width=390, touch=True)
    mark = page.locator(".dl-mark").first
    mark.tap()
    assert page.locator(OPEN).count() == 1
    assert mark.get_attribute("aria-expanded") == "true"
    mark.tap()
    assert page.locator(OPEN).count() == 0
    assert mark.get_attribute("aria-expanded") == "false"
    mark.tap()
    page.locator("h1").tap()
    assert page.locator(OPEN).count() == 0


@pytest.mark.letters
def test_nothing_moves_when_notes_open(acted_on, any_answer):
    acted_on.set_viewport_size({"width": 390, "height": 900})
    moved = acted_on.evaluate(
        """async () => {
          const article = document.querySelector(".bd-article");
          const moved = [];
          for (const link of article.querySelectorAll("a:has(> .dl-term)")) {
            if (link.closest("details:not([open])")) continue;
            const next = link.closest("p, li, dd, td, figcaption");
            const before = [article.offsetHeight, next.offsetHeight, link.offsetTop, link.offsetLeft].join();
            link.dispatchEvent(new PointerEvent("pointerdown", { pointerType: "touch", bubbles: true }));
            link.dispatchEvent(new MouseEvent("click", { detail: 1, bubbles: true, cancelable: true }));
            if (!document.querySelector(".dl-tip.dl-open")) moved.push("not open: " + link.textContent);
            const after = [article.offsetHeight, next.offsetHeight, link.offsetTop, link.offsetLeft].join();
            if (before !== after) moved.push(link.textContent);
          }
          return moved;
        }"""
    )
    assert moved == []


def test_without_scripts_a_term_leads_to_the_glossary(visit):
    page = visit(PAGE, scripts=False)
    term(page).click()
    page.wait_for_url("**/glossary.html#term-*")


def copied(page):
    return page.evaluate("navigator.clipboard.readText()")


CLIPBOARD = ["clipboard-read", "clipboard-write"]


def test_a_questions_address_is_copied_with_one_click_and_said(visit, site):
    page = visit(PAGE, permissions=CLIPBOARD)
    link = page.locator("#q06 > h2 .headerlink")
    assert not link.is_visible()
    page.locator("#q06 > h2").hover()
    assert link.get_attribute("aria-label") == "이 질문의 주소 복사"
    link.click()
    page.get_by_role("status").get_by_text("주소를 복사했습니다").wait_for()
    assert copied(page) == site.url(f"{PAGE}#q06")


@pytest.mark.letters
def test_on_a_touch_screen_a_questions_address_is_always_in_sight_within_its_line(visit):
    page = visit(PAGE, width=360, touch=True)
    for number in range(page.locator("section[id^=q] > h2").count()):
        heading = page.locator("section[id^=q] > h2").nth(number)
        link = heading.locator(".headerlink")
        assert link.is_visible()
        outer, inner = heading.bounding_box(), link.bounding_box()
        assert inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 1
        assert inner["x"] + inner["width"] <= 360
        assert inner["width"] >= 24
        assert inner["height"] >= 24


def test_without_scripts_a_questions_sign_is_a_link_to_it(visit):
    page = visit(PAGE, width=390, touch=True, scripts=False)
    page.locator("#q06 > h2 .headerlink").tap()
    assert page.url.endswith("#q06")


def test_code_is_copied_without_prompts_and_output(visit):
    page = visit("adam.html", permissions=CLIPBOARD)
    page.evaluate(UNFOLD)
    example = page.locator(".highlight:has(.gp)").first
    example.hover()
    example.get_by_role("button", name="이 코드 복사").click()
    page.get_by_role("status").get_by_text("코드를 복사했습니다").wait_for()
    code = copied(page)
    assert code.startswith("import numpy as np\nfrom dlnotes.optimizers import adam")
    assert ">>>" not in code
    assert "6.569" not in code
    assert "\n    before = x" in code


def test_a_cells_code_is_copied_as_it_stands_and_its_output_has_no_button(visit):
    page = visit(PAGE, permissions=CLIPBOARD)
    cell = page.locator(".cell:has(.cell_output pre)").first
    cell.locator(".cell_input").hover()
    cell.locator(".cell_input .dl-copy").click()
    page.get_by_role("status").get_by_text("코드를 복사했습니다").wait_for()
    assert copied(page).strip() == cell.locator(".cell_input pre").inner_text().strip()
    assert page.locator(".cell_output .dl-copy").count() == 0


def test_solutions_and_hidden_code_open_without_scripts(visit):
    page = visit(PAGE, scripts=False)
    for kind in (".dl-solution", ".dl-code:not([open])"):
        fold = page.locator(kind).first
        inside = fold.locator("> :not(summary)").first
        assert not inside.is_visible()
        page.locator(f"{kind} > summary").first.click()
        assert page.locator(".dl-solution, .dl-code").locator("visible=true").count() > 0
    assert page.locator(".dl-solution[open]").count() == 1
    assert not page.get_by_role("button", name="모든 코드 접기").is_visible()


def test_all_code_folds_at_once_and_stays_so_on_the_next_page(visit):
    page = visit(PAGE)
    closed = page.get_by_role("button", name="모든 코드 접기")
    closed.click()
    assert closed.get_attribute("aria-pressed") == "true"
    assert page.locator(".dl-code[open]").count() == 0
    page.goto(page.url.replace(PAGE, "relu.html"))
    assert page.locator(".dl-code[open]").count() == 0
    assert page.locator(".dl-short > summary").first.is_visible()
    page.get_by_role("button", name="모든 코드 펼치기").click()
    assert page.locator(".dl-code:not([open])").count() == 0
    page.get_by_role("button", name="모든 코드 펼치기").click()
    assert page.locator(".dl-code:not([open])").count() > 0
    assert page.locator(".dl-code[open]").count() > 0


def test_a_link_into_what_is_folded_opens_it(visit):
    page = visit(PAGE)
    page.evaluate(
        """() => {
          const place = document.querySelector(".dl-solution:not([open]) p");
          place.id = "inside";
          location.hash = "inside";
        }"""
    )
    until(page, "() => document.getElementById('inside').closest('details').open")


@pytest.mark.parametrize("path", [PAGE, "index.html", "search.html"])
@pytest.mark.parametrize("end", ["#%E0%A4%A", "#%", "#%ED%95%9C"])
def test_an_end_of_an_address_that_names_nothing_raises_nothing(visit, path, end):
    page = visit(path + end)
    page.evaluate("(end) => { location.hash = '#other'; location.hash = end }", end)


@pytest.mark.letters
def test_the_first_answer_stands_whole_on_the_first_screen_of_a_phone(looked_at, any_answer):
    page = looked_at
    page.set_viewport_size({"width": 360, "height": 800})
    end = "() => document.querySelector('.dl-short-answer').getBoundingClientRect().bottom + scrollY"
    assert page.evaluate(end) <= 800


@pytest.mark.letters
def test_a_page_tells_its_time_and_its_questions_and_leads_on(acted_on, any_answer):
    page = acted_on
    page.set_viewport_size({"width": 360, "height": 900})
    assert page.locator(".dl-time").inner_text().startswith("짧은 답 ")
    asked = page.locator(".bd-article section[id^=q] > h2").count()
    links = page.locator(".dl-questions a")
    assert links.count() == (asked if asked > 1 else 0)  # a single one stands straight below
    for number in range(links.count()):
        assert page.locator(links.nth(number).get_attribute("href")).count() == 1
        assert links.nth(number).bounding_box()["height"] >= 24
    leads = page.locator(".dl-lead")
    assert leads.count() > 0
    assert leads.first.bounding_box()["height"] >= 44


def taken(page, link):
    """Download what a link of the menu leads to; return its name and text."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    with open(download.value.path(), encoding="utf-8") as file:
        return download.value.suggested_filename, file.read()


@pytest.mark.parametrize("scripts", [True, False])
def test_one_menu_at_the_end_gives_the_notebook_the_text_and_the_citation(visit, scripts):
    page = visit(PAGE, width=360, scripts=scripts)
    menu = page.locator(".dl-take")
    assert not menu.get_by_role("link").first.is_visible()
    menu.locator("summary").first.press("Enter")
    name, notebook = taken(page, "노트북 (.ipynb)")
    assert name == PAGE.replace(".html", ".ipynb")
    assert json.loads(notebook)["nbformat"] == 4
    name, text = taken(page, "글 (.txt)")
    assert name == PAGE.replace(".html", ".txt")
    assert text.startswith("# ")
    menu.get_by_text("이 글을 인용하기").press("Enter")
    assert "@misc{" in menu.inner_text()
    assert menu.get_by_role("button", name="인쇄").is_visible() == scripts
    menu.locator("summary").first.press("Enter")
    assert not menu.get_by_role("link").first.is_visible()


def test_the_menu_prints(visit):
    page = visit(PAGE, before="window.print = () => { window.printed = true; }")
    page.locator(".dl-take > summary").click()
    page.get_by_role("button", name="인쇄").click()
    assert page.evaluate("window.printed")


OVERFLOWING = (
    f"() => {{ {UNFOLD};"
    """
  return [...document.querySelectorAll(".bd-article .highlight > pre")]
    .filter((block) => block.scrollWidth > block.clientWidth + 1)
    .map((block) => block.textContent.slice(0, 80));
}"""
)


@pytest.mark.letters
@pytest.mark.long
def test_code_fits_its_column_from_a_desk_to_a_phone(acted_on, any_answer):
    for width in (1440, 768, 360):  # on a phone it wraps
        acted_on.set_viewport_size({"width": width, "height": 900})
        assert acted_on.evaluate(OVERFLOWING) == []
        assert acted_on.evaluate("document.documentElement.scrollWidth") <= width


WIDE_TABLES = (
    f"() => {{ {UNFOLD};"
    """
  return [...document.querySelectorAll(".bd-article table")]
    .filter((table) => table.querySelectorAll("thead th").length <= 4)
    .filter(({ parentElement: box }) => box.scrollWidth > box.clientWidth + 1)
    .map((table) => table.textContent.slice(0, 80));
}"""
)
# What does not fade although it goes on, or fades although it does not.
UNTOLD = """() => [...document.querySelectorAll(
    ".bd-article :is(pre, .output.text_html, .pst-scrollable-table-container, .dl-math)")]
  .filter((box) => !box.querySelector("figure"))
  .filter((box) => box.scrollWidth > box.clientWidth + 1 !== (getComputedStyle(box).maskImage !== "none"))
  .map((box) => box.textContent.slice(0, 80))"""


@pytest.mark.letters
def test_a_table_of_up_to_four_columns_fits_a_phone(acted_on, any_answer):
    acted_on.set_viewport_size({"width": 360, "height": 800})
    assert acted_on.evaluate(WIDE_TABLES) == []


@pytest.mark.letters
def test_what_goes_on_beyond_the_edge_of_a_phone_fades_there(acted_on, any_answer):
    acted_on.set_viewport_size({"width": 360, "height": 800})
    acted_on.evaluate(f"() => {{ {UNFOLD} }}")
    until(acted_on, f"() => ({UNTOLD})().length === 0")


def test_the_fade_goes_where_there_is_nothing_more(visit):
    page = visit("adam.html", width=360)
    page.evaluate(f"() => {{ {UNFOLD} }}")
    box = page.locator(".output.dl-more-after").first
    assert "dl-more-before" not in box.get_attribute("class")
    box.evaluate("(box) => box.scrollTo(box.scrollWidth, 0)")
    page.locator(".output.dl-more-before:not(.dl-more-after)").first.wait_for()


@pytest.mark.letters
def test_what_overflows_on_a_phone_can_be_scrolled_by_the_keyboard_and_the_rest_is_no_stop(visit):
    page = visit(PAGE, width=360)
    page.evaluate(OVERFLOWING)
    until(
        page,
        """() => [...document.querySelectorAll(".bd-article .highlight > pre")].every((block) => {
          const wide = block.scrollWidth > block.clientWidth + 1;
          const scrolls = wide || block.scrollHeight > block.clientHeight + 1;
          return scrolls === (block.tabIndex === 0 && block.role === "group" && Boolean(block.ariaLabel));
        })""",
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.letters
def test_a_name_with_its_number_stays_on_one_line(visit):
    page = visit(PAGE, width=320)
    lines = page.evaluate(
        "() => [...document.querySelectorAll('.bd-article .dl-whole')].map((n) => n.getClientRects().length)"
    )
    assert lines
    assert set(lines) <= {0, 1}


@pytest.mark.letters
def test_prose_is_set_as_the_brief_says(visit):
    page = visit(PAGE)
    style = page.evaluate(
        """() => {
          const p = document.querySelector(".bd-article > section > p");
          const { fontSize, lineHeight, wordBreak } = getComputedStyle(p);
          const em = parseFloat(fontSize);
          return [parseFloat(lineHeight) / em, p.clientWidth / em, wordBreak];
        }"""
    )
    assert 1.7 <= style[0] <= 1.8
    assert style[1] <= 45
    assert style[2] == "keep-all"


# --- without scripts ------------------------------------------------------------------------------


def test_in_the_dark_a_link_has_the_same_colour_with_and_without_scripts(visit):
    colour = "() => getComputedStyle(document.querySelector('.dl-questions a')).color"
    with_scripts, without = (
        visit("lstm.html", scheme="dark", scripts=on).evaluate(colour) for on in (True, False)
    )
    assert with_scripts == without


@pytest.mark.letters
def test_the_site_menus_close_button_is_in_sight_where_the_menu_opens_scrolled(visit):
    page = visit("lstm.html", width=360, height=740)
    page.locator(".dl-toggle-site").click()
    menu = page.locator("#dl-site-menu")
    until(page, "() => document.getElementById('dl-site-menu').scrollTop > 0")
    assert menu.locator(".dl-close").bounding_box()["y"] >= 0
