"""수식이 브라우저에서 보이고 들리는 모습."""

import re

import pytest
from visiting import REST, SHIFTS, UNFOLD, until

FORMULAS = "adam.html"


def test_formulas_are_drawn_in_the_sites_own_font(visit):
    page = visit(FORMULAS, own=True)
    assert page.evaluate("document.fonts.check('16px \"dlnotes math\"', '𝑥')")
    assert [request.status for request in visit.log if request.path.endswith("fonts/math.woff2")] == [200]


def test_a_page_without_a_formula_does_not_fetch_the_font(visit, site):
    path = next(path for path in site.pages if "<math" not in site.text(path))
    visit(path).evaluate(REST)
    assert not [request for request in visit.log if request.path.endswith("fonts/math.woff2")]


def test_a_screen_reader_is_told_every_formula_in_words(visit):
    page = visit(FORMULAS)
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    names = [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == "MathMLMath"]
    assert len(names) > 50
    assert all(re.fullmatch(r"[가-힣A-Za-z0-9., ]+", name) for name in names)


@pytest.mark.letters
def test_a_formula_wider_than_a_phone_scrolls_within_itself_by_the_keyboard(visit):
    page = visit(FORMULAS, width=200, height=740)  # every formula of ours fits a phone
    page.evaluate(UNFOLD)
    box = page.locator(".dl-math[tabindex]").first
    assert box.get_attribute("role") == "group"
    assert box.get_attribute("aria-label")
    box.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    until(page, "() => document.activeElement.scrollLeft > 0")


@pytest.mark.letters
def test_a_formula_that_fits_is_no_stop_for_the_keyboard(visit):
    page = visit(FORMULAS)
    assert page.locator(".dl-math[tabindex]").count() == 0


@pytest.mark.letters
def test_a_particle_never_begins_a_line_after_its_formula(visit):
    page = visit(FORMULAS, width=320, height=740)
    apart = page.evaluate(
        """() => [...document.querySelectorAll("article .dl-keep")]
          .filter((word) => {
            const bottoms = Array.from(word.getClientRects(), ({ bottom }) => bottom);
            return Math.max(...bottoms) - Math.min(...bottoms) > 8;
          })
          .map((word) => word.textContent)"""
    )
    assert apart == []


def test_the_hangul_of_a_formula_is_in_the_pages_font(visit):
    page = visit("reward-notation.html")
    families = page.evaluate(
        """() => [...document.querySelectorAll("math mtext")]
          .filter((text) => /[가-힣]/.test(text.textContent))
          .map((text) => getComputedStyle(text).fontFamily)"""
    )
    base = page.evaluate("getComputedStyle(document.body).fontFamily")
    assert families
    assert all(family.startswith('"dlnotes math", ') and family.endswith(f", {base}") for family in families)


@pytest.mark.letters
def test_nothing_moves_when_the_font_comes(visit):
    page = visit(FORMULAS, width=360, height=740, before=SHIFTS)
    page.evaluate(REST)
    assert page.evaluate("window.shift") <= 0.02
