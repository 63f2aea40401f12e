"""검색: 학생이 적는 말로 맞는 쪽을 찾고, 글자판만으로도 손끝으로도 쓰인다."""

import re
import tomllib
from pathlib import Path
from urllib.parse import quote

import pytest
from asked import QUESTIONS
from playwright.sync_api import expect
from visiting import REST, Visit, until

KINDS = tomllib.loads((Path(__file__).parent / "queries.toml").read_text(encoding="utf-8"))
A_PAGE = "reward-notation.html"  # light: what holds of the frame holds on any
FIRST = 0.95  # 맞는 쪽이 맨 위에 있어야 하는 몫

OPEN = "[data-korean-search-open]"
FIELD = ".ks-dialog[open] .ks-input"
OPTION = ".ks-dialog[open] [role=option]"
STATUS = ".ks-dialog[open] [role=status]"


def ready(page):
    until(page, "() => !!globalThis.koreanSearch?.site")


def opened(visit, path=A_PAGE, **how):
    page = visit(path, **how)
    page.locator(OPEN).click()
    page.wait_for_selector(FIELD)
    ready(page)
    return page


def asked(visit, query, **how):
    page = opened(visit, **how)
    page.fill(FIELD, query)
    page.wait_for_selector(OPTION)
    return page


@pytest.fixture(scope="session")
def found(site, windows):
    """검색어마다 찾은 쪽의 이름을 차례로 돌려주는 함수."""
    visit = Visit(site, windows(""))
    page = opened(visit)
    ask = "query => koreanSearch.search(query).hits.map(hit => hit.page.name)"
    yield lambda query: page.evaluate(ask, query)
    visit.check()
    visit.close()


# --- what is found ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_no_query_of_a_kind_comes_back_without_a_right_page_among_the_first_five(found, kind):
    missed = {q: found(q)[:5] for q, right in KINDS[kind].items() if not set(found(q)[:5]) & set(right)}
    assert missed == {}


def test_nearly_every_query_has_a_right_page_first(found):
    queries = [(query, right) for kind in KINDS.values() for query, right in kind.items()]
    missed = {query: found(query)[0] for query, right in queries if found(query)[0] not in right}
    assert len(missed) <= (1 - FIRST) * len(queries), missed


def test_every_heading_finds_its_own_page_also_when_written_together(found, site):
    pages = [path.removesuffix(".html") for path in site.answers]
    headings = [
        (re.sub(r"<[^>]+>", "", heading), page)
        for page in pages
        for heading in re.findall(r"<h2[^>]*>(.+?)<a class=\"headerlink", site.text(f"{page}.html"))
        if "Q" in heading
    ]
    assert len(headings) == len(QUESTIONS)
    for heading, page in headings:
        assert found(heading)[0] == page, heading
        assert page in found(heading.replace(" ", ""))[:5], heading


def test_every_term_finds_its_entry_of_the_glossary_among_the_first_five(visit, site):
    page = opened(visit)
    ask = """query => koreanSearch.search(query).hits.slice(0, 5)
      .filter(hit => hit.page.name === 'glossary').map(hit => hit.section.anchor)"""
    entries = re.findall(r'<dt id="(term-[^"]+)">(.+?) <span[^>]*>(.+?)</span>', site.text("glossary.html"))
    assert len(entries) > 100
    for anchor, korean, english in entries:
        for form in (korean, f"{korean}이 뭐예요?", *english.split(", ")):
            assert page.evaluate(ask, form) == [anchor], form


def test_a_letter_too_many_anywhere_in_a_term_changes_nothing(found):
    for term in ("패딩", "보폭", "망각 게이트", "시간 역전파", "깊이별 합성곱", "최대화 편향"):
        first = found(term)[0]
        for place in range(len(term) + 1):
            query = term[:place] + "ㅂ" + term[place:]
            assert found(query)[0] == first, query


# --- how it is shown ----------------------------------------------------------------------------------


def test_a_result_shows_the_line_that_was_found_with_the_words_marked(visit):
    page = asked(visit, "3216")
    marks = page.locator(f"{OPTION} >> css=:is(.ks-line, .ks-said) mark")
    marks.first.wait_for()
    assert "3,216" in marks.all_inner_texts()


def test_the_number_of_results_is_said_in_korean(visit):
    page = asked(visit, "합성곱")
    count = page.locator(OPTION).count()
    expect(page.locator(STATUS)).to_have_text(f"{count}곳을 찾았습니다.")


def test_nothing_found_comes_with_advice_and_ways_on(visit):
    page = opened(visit)
    page.fill(FIELD, "ㅁㅁㅁ쀍쀍")
    advice = page.locator(".ks-dialog .ks-advice")
    advice.wait_for()
    expect(page.locator(STATUS)).to_have_text("이 사이트에는 ‘ㅁㅁㅁ쀍쀍’ 이야기가 없습니다.")
    assert "낱말을 줄이거나" in advice.inner_text()
    *questions, contents, glossary = advice.locator("a").all_inner_texts()
    assert [contents, glossary] == ["질문의 차례", "용어집"]
    assert all(re.match(r"Q\d\d\. ", question) for question in questions)
    assert len(questions) >= 3
    assert page.locator(OPTION).count() == 0


def test_what_the_site_does_not_treat_is_said_and_what_is_near_is_shown(visit):
    page = asked(visit, "트랜스포머")
    expect(page.locator(STATUS)).to_have_text(
        "이 사이트에는 ‘트랜스포머’ 이야기가 없습니다. 가까운 글 3곳입니다."
    )
    assert "lstm.html#q09" in page.locator(OPTION).first.get_attribute("href")


def test_the_empty_field_offers_questions_that_the_keyboard_reaches(visit):
    page = opened(visit)
    page.wait_for_selector(OPTION)
    titles = page.locator(f"{OPTION} .ks-title").all_inner_texts()
    assert len(titles) >= 3
    assert all(re.match(r"Q\d\d\. ", title) for title in titles)
    page.keyboard.press("ArrowDown")
    assert page.locator(OPTION).first.get_attribute("aria-selected") == "true"


def test_the_best_result_says_the_short_answer_and_a_term_its_definition(visit):
    page = asked(visit, "망각 게이트")
    answer, meaning = page.locator(f"{OPTION} .ks-said").all()
    assert answer.inner_text().startswith("그렇습니다, 소실될 수 있습니다.")
    assert page.locator(OPTION).nth(1).get_attribute("href").split(":~:")[0].endswith("#term-forget-gate")
    assert "남길지 정하는 0과 1 사이의 값입니다." in meaning.inner_text()


def test_an_answer_of_another_section_is_shown_with_its_question(visit):
    page = asked(visit, "매개변수가 있는 곳과 계산이 있는 곳")
    assert page.locator(f"{OPTION} >> nth=0 >> css=.ks-said .ks-where").inner_text().startswith("Q04. ")


def test_a_sign_leads_to_its_row_in_the_table_of_signs(visit):
    page = asked(visit, "η")
    first = page.locator(OPTION).first
    assert "notation.html" in first.get_attribute("href")
    expect(first.locator(".ks-line")).to_contain_text("학습률")


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_moves_when_the_line_of_a_result_comes(visit, width):
    page = asked(visit, "패딩 보폭", width=width)
    tops = "() => [...document.querySelectorAll('.ks-dialog .ks-option')].map(option => option.offsetTop)"
    before = page.evaluate(tops)
    page.wait_for_selector(f"{OPTION} >> nth=2 >> css=mark")
    assert page.evaluate(tops) == before


def test_on_the_landing_page_the_results_lie_over_the_page(visit):
    page = visit("index.html")
    where = "() => document.querySelector('.dl-cards').getBoundingClientRect().top + scrollY"
    before = page.evaluate(where)
    page.fill(".ks-page .ks-input", "보폭")
    page.wait_for_selector(".ks-page [role=option]")
    assert page.evaluate(where) == before


def test_a_result_leads_to_the_words_on_the_page(visit, site):
    page = asked(visit, "망각 게이트")
    page.wait_for_selector(f"{OPTION} >> nth=0 >> css=:is(.ks-line, .ks-said) mark")
    page.locator(OPTION).first.click()
    page.wait_for_url(re.compile(r"/lstm\.html#"))
    anchor = re.search(r"#([\w-]+)", page.url)[1]
    assert f'id="{anchor}"' in site.text("lstm.html")
    assert page.evaluate("scrollY") > 0


# --- typing -------------------------------------------------------------------------------------------


def compose(page, *states):
    """한글 입력기처럼: 음절을 짜 맞추는 동안 compositionupdate와 input이 나온다."""
    session = page.context.new_cdp_session(page)
    for state in states:
        session.send("Input.imeSetComposition", {"text": state, "selectionStart": 1, "selectionEnd": 1})
    return session


def test_results_follow_while_a_syllable_is_being_put_together(visit):
    page = opened(visit)
    page.evaluate(
        """() => {
          window.seen = [];
          const input = document.querySelector('.ks-dialog .ks-input');
          for (const name of ['compositionupdate', 'input']) {
            input.addEventListener(name, event => seen.push([name, input.value, !!event.isComposing]));
          }
        }"""
    )
    page.focus(FIELD)
    page.keyboard.insert_text("패")
    compose(page, "ㄷ", "디")
    expect(page.locator(OPTION).first).to_have_attribute("href", re.compile("same-padding"))
    seen = page.evaluate("seen")
    assert ["input", "패디", True] in seen
    assert any(name == "compositionupdate" for name, *_ in seen)


def test_enter_while_composing_opens_the_result_at_the_first_press(visit):
    page = opened(visit)
    page.focus(FIELD)
    session = compose(page, "ㄱ", "겨", "격")
    session.send("Input.insertText", {"text": "격"})
    session = compose(page, "ㅈ", "자")
    expect(page.locator(OPTION).first).to_have_attribute("href", re.compile("yolo-grid"))
    page.eval_on_selector(
        FIELD,
        """input => {
          input.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}));
        }""",
    )
    session.send("Input.insertText", {"text": "자"})
    page.wait_for_url(re.compile(r"/yolo-grid\.html"))


# --- keyboard -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["Control+k", "Meta+k", "/"])
def test_a_shortcut_opens_the_search_and_esc_gives_the_focus_back(visit, key):
    page = visit(A_PAGE)
    link = page.locator("article a.reference").first
    link.focus()
    page.keyboard.press(key)
    page.wait_for_selector(FIELD)
    assert page.evaluate("document.activeElement.matches('.ks-dialog .ks-input')")
    page.keyboard.press("Escape")
    assert page.locator(".ks-dialog[open]").count() == 0
    assert link.evaluate("link => link === document.activeElement")


def test_the_results_are_walked_with_the_keyboard_alone(visit):
    page = visit("glossary.html")
    page.keyboard.press("/")
    page.keyboard.type("합성곱")
    page.wait_for_selector(OPTION)
    last = page.locator(OPTION).count() - 1
    active = """() => {
      const input = document.querySelector('.ks-dialog .ks-input');
      const option = document.getElementById(input.getAttribute('aria-activedescendant'));
      if (option?.getAttribute('aria-selected') !== 'true') return null;
      return [...option.parentNode.children].indexOf(option);
    }"""
    walk = [("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("End", last), ("Home", 0), ("ArrowUp", None)]
    walk += [("ArrowUp", last), ("ArrowDown", None), ("ArrowDown", 0)]
    assert page.evaluate(active) is None
    for key, expected in walk:
        page.keyboard.press(key)
        assert page.evaluate(active) == expected, key
        assert page.evaluate("document.activeElement.matches('.ks-dialog .ks-input')")
    address = page.locator(OPTION).first.evaluate("option => option.href.split('#')[0]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.split("#")[0] == address)


def test_without_a_choice_home_and_end_move_in_the_field(visit):
    page = asked(visit, "합성곱")
    for key, place in (("Home", 0), ("End", 3)):
        page.press(FIELD, key)
        assert page.eval_on_selector(FIELD, "input => input.selectionStart") == place


def test_a_screen_reader_is_told_of_the_field_the_list_and_the_choice(visit):
    page = asked(visit, "패딩")
    field = page.locator(FIELD)
    name = field.get_attribute("aria-controls")
    assert field.get_attribute("role") == "combobox"
    assert field.get_attribute("aria-label") == "검색"
    assert field.get_attribute("aria-expanded") == "true"
    assert page.locator(f"#{name}").get_attribute("role") == "listbox"
    assert page.locator(f"#{name}").get_attribute("aria-label") == "찾은 곳"
    assert page.locator(f"#{name} > :not([role=option])").count() == 0
    page.fill(FIELD, "")
    expect(page.locator(STATUS)).to_have_text("이런 질문에 답합니다.")
    page.fill(FIELD, "?!")
    expect(field).to_have_attribute("aria-expanded", "false")


# --- phone --------------------------------------------------------------------------------------------


@pytest.mark.letters
@pytest.mark.turns("width")
@pytest.mark.parametrize("width", [320, 360])
def test_on_a_phone_the_search_is_used_by_tap(visit, width):
    page = visit(A_PAGE, width=width, height=640, touch=True)
    page.locator(OPEN).tap()
    page.wait_for_selector(FIELD)
    page.fill(FIELD, "보폭")
    page.wait_for_selector(OPTION)
    for target in (page.locator(OPTION).first, page.locator(".ks-close")):
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 24
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(OPTION).first.tap()
    page.wait_for_url(re.compile(r"/same-padding\.html"))


def test_on_a_phone_the_search_key_puts_the_keyboard_away(visit):
    page = asked(visit, "보폭", width=360, height=640, touch=True)
    page.press(FIELD, "Enter")
    assert page.evaluate("document.activeElement === document.body")
    assert page.locator(OPTION).count() > 0


# --- the page that searches ---------------------------------------------------------------------------


def test_the_search_page_answers_a_query_in_its_address_and_keeps_it_there(visit):
    page = visit(f"search.html?q={quote('격자')}")
    page.wait_for_selector(".ks-page ~ *, .ks-page [role=option]")
    assert "yolo-grid" in page.locator(".ks-page [role=option]").first.get_attribute("href")
    page.fill(".ks-page .ks-input", "보폭")
    expect(page).to_have_url(re.compile(re.escape(quote("보폭"))))
    page.keyboard.press("Control+k")
    assert page.locator(".ks-dialog").count() == 0
    assert page.evaluate("document.activeElement.matches('.ks-page .ks-input')")


def test_with_scripts_off_the_button_leads_to_a_page_that_says_where_to_look(visit):
    page = visit(A_PAGE, scripts=False, forgive=" csp$")  # the theme preloads scripts
    page.locator(OPEN).click()
    page.wait_for_url(re.compile(r"/search\.html"))
    assert "스크립트가 필요합니다" in page.inner_text(".ks-page noscript")
    targets = [link.get_attribute("href") for link in page.locator(".ks-page noscript a").all()]
    assert targets == ["index.html", "glossary.html"]


def test_the_search_works_under_file_and_from_a_page_in_a_folder(visit, site):
    page = opened(visit, "api/arithmetic.html")
    page.fill(FIELD, "보폭")
    page.wait_for_selector(f"{OPTION} >> nth=0 >> css=mark")
    assert (
        page.locator(OPTION).first.evaluate("option => option.href").startswith(site.url("same-padding.html"))
    )


# --- weight -------------------------------------------------------------------------------------------


def test_the_index_is_fetched_only_when_the_search_is_opened(visit):
    page = visit(A_PAGE, own=True)
    page.evaluate(REST)
    assert not [request for request in visit.log if "_search/" in request.path]
    page.locator(OPEN).click()
    ready(page)
    index = next(request for request in visit.log if request.path == "_search/index.js")
    said = next(request for request in visit.log if request.path == "_search/said.js")
    assert 0 < index.bytes + said.bytes <= 70_000


def test_nothing_of_the_stock_search_is_left(site):
    stock = re.compile(r"searchindex\.js|searchtools\.js|language_data\.js|pst-search-dialog|bd-search")
    assert [path for path in site.pages if stock.search(site.text(path))] == []
    for name in ("searchindex.js", "_static/searchtools.js", "_static/language_data.js"):
        assert not (site.folder / name).exists()


def test_there_is_one_button_on_a_page(visit):
    page = visit("glossary.html")
    assert page.locator(OPEN).count() == 1
    assert page.get_by_role("button", name="검색").count() == 1
    assert page.locator("input[type=search], input[type=text]").count() == 0
