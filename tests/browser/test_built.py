"""What the built pages say before a browser draws them: policy, pictures, headings, names."""

import re
from itertools import pairwise


def test_a_page_lets_nothing_in_from_elsewhere(any_page, site):
    html = site.text(any_page)
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
    assert policy, "no policy"
    assert html.index(policy[0]) < html.index("<script"), "the policy must come before what it governs"
    assert "default-src 'none'" in policy[1]
    assert not re.search(r"unsafe|https?:|\*", policy[1])


def test_a_page_has_no_style_of_its_own_and_no_handlers(any_page, site):
    html = re.sub(r"<(pre|script)\b.*?</\1>", "", site.text(any_page), flags=re.S)
    assert not re.findall(r"<[a-zA-Z][^<>]*\s(?:style|on[a-z]+)=\"[^\"]*\"", html)


def test_pictures_have_their_size(built, any_page):
    lacking = built(any_page).evaluate(
        """(document) => [...document.querySelectorAll("img, article svg")]
          .filter((it) => !it.hasAttribute("width") || !it.hasAttribute("height"))
          .map((it) => it.outerHTML.slice(0, 80))"""
    )
    assert lacking == []


UNNAMED = """(document) => [
  ...[...document.querySelectorAll("article figure")].filter(
    (figure) => !figure.querySelector("figcaption")?.textContent.trim()),
  ...[...document.querySelectorAll("article .dl-picture")].filter(
    (picture) => picture.role !== "img" || (picture.ariaLabel ?? "").length < 20),
  ...[...document.querySelectorAll("img")].filter((image) => !image.hasAttribute("alt")),
  ...[...document.querySelectorAll("article table")].filter(
    (table) => !table.caption && !table.getAttribute("aria-label") || !table.querySelector("th")),
  ...[...document.querySelectorAll("article th")].filter((head) => !head.scope || !head.textContent.trim()),
].map((one) => one.outerHTML.slice(0, 160))"""


def test_figures_and_tables_say_what_they_are(built, any_page):
    assert built(any_page).evaluate(UNNAMED) == []


def test_headings_go_down_one_step_at_a_time_from_one_h1(built, any_page):
    levels = built(any_page).evaluate(
        "(document) => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((one) => +one.tagName[1])"
    )
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_every_page_has_a_title_and_a_language(built, any_page):
    language, title, heading = built(any_page).evaluate(
        "(page) => [page.documentElement.lang, page.title, page.querySelector('h1').textContent]"
    )
    assert language == "ko"
    assert "dlnotes" in title
    assert heading.strip().split("\n")[0].rstrip("#")[:10].strip() in title or any_page == "index.html"


def test_the_keyboard_comes_first_to_the_link_that_skips_the_frame(built, any_page):
    first, target = built(any_page).evaluate(
        """(page) => {
          const first = page.querySelector("a[href], button, input, select, summary, [tabindex='0']");
          return [first.textContent, page.querySelector(first.getAttribute("href"))?.localName];
        }"""
    )
    assert (first, target) == ("본문으로 건너뛰기", "main")


def test_the_keyboard_stops_once_for_each_place_that_code_leads_to(built, any_page):
    links = built(any_page).evaluate(
        """(page) => [...page.querySelectorAll(".dl-code-link")]
          .map((one) => [one.getAttribute("href"), one.tabIndex])"""
    )
    stops = [href for href, index in links if index == 0]
    assert sorted(stops) == sorted({href for href, _ in links})


def test_code_and_formulas_are_not_translated(built, any_page):
    translated = built(any_page).evaluate(
        """(page) => [...page.querySelectorAll("math, code, kbd, pre, dt.sig")]
          .filter((one) => !one.closest("[translate='no']"))
          .map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert translated == []


def test_a_link_to_a_place_on_the_page_finds_it(built, any_page):
    lost = built(any_page).evaluate(
        """(page) => [...page.querySelectorAll("a[href^='#']")]
          .map((one) => one.getAttribute("href"))
          .filter((href) => href !== "#" && !page.getElementById(decodeURIComponent(href.slice(1))))"""
    )
    assert lost == []


def test_every_answer_has_its_notebook_and_the_library_its_wheel(site):
    notebooks = {file.stem for file in (site.folder / "notebooks").iterdir()}
    assert notebooks == {page.removesuffix(".html") for page in site.answers}
    assert [file.suffix for file in (site.folder / "wheels").iterdir()] == [".whl"]
