"""Figures as a reader's browser and letters draw them: nothing overprints or is cut, the column is used."""

import pytest
from visiting import UNFOLD

LEAST = {360: 10.99, 768: 10.99, 1024: 10.99, 1440: 13}  # px, by the window's width

# A letter's ink, near enough: from three quarters of its size above the line to a tenth below it.
TEXTS = """
const inkOf = (text) => {
  const { x, width } = text.getBBox(), size = parseFloat(getComputedStyle(text).fontSize);
  const line = text.y.baseVal[0]?.value ?? 0, m = text.getScreenCTM();
  const corners = [[x, line - 0.75 * size], [x + width, line - 0.75 * size],
    [x, line + 0.1 * size], [x + width, line + 0.1 * size]]
    .map(([a, b]) => [m.a * a + m.c * b + m.e, m.b * a + m.d * b + m.f]);
  const [xs, ys] = [0, 1].map((i) => corners.map((corner) => corner[i]));
  return { text, size: size * Math.hypot(m.a, m.b), left: Math.min(...xs), right: Math.max(...xs),
    top: Math.min(...ys), bottom: Math.max(...ys) };
};
const drawings = [...document.querySelectorAll("article .dl-picture svg")]
  .filter((svg) => svg.getBoundingClientRect().width > 0)
  .map((svg) => [svg, [...svg.querySelectorAll("text")].map(inkOf)]);
const where = (svg) => svg.closest("figure")?.id + ": ";
"""

OVERPRINTED = (
    "() => {"
    + TEXTS
    + """
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5;
  return drawings.flatMap(([svg, inks]) => inks.flatMap((one, i) => inks.slice(i + 1)
    .filter((other) => meet(one, other))
    .map((other) => where(svg) + one.text.textContent + " | " + other.text.textContent)));
}"""
)

CUT = (
    "() => {"
    + TEXTS
    + """
  return drawings.flatMap(([svg, inks]) => {
    const { left, right, top, bottom } = svg.getBoundingClientRect();
    return inks.filter((ink) => ink.left < left - 1 || ink.right > right + 1 || ink.top < top - 1
      || ink.bottom > bottom + 1).map((ink) => where(svg) + ink.text.textContent);
  });
}"""
)

SMALLER_THAN = (
    "(least) => {"
    + TEXTS
    + """
  // Of a label of several sizes, an exponent is the smallest.
  const least_of = ({ text, size }) => Math.min(size, ...[...text.querySelectorAll("tspan")].map((part) =>
    (size * parseFloat(getComputedStyle(part).fontSize)) / parseFloat(getComputedStyle(text).fontSize)));
  return drawings.flatMap(([svg, inks]) => inks
    .filter((ink) => ink.size < least && ink.text.querySelector("tspan") === null || least_of(ink) < 10.99)
    .map((ink) => where(svg) + ink.text.textContent + " " + least_of(ink)));
}"""
)

SHARES = """() => [...document.querySelectorAll("article figure .dl-picture")].map((picture) => {
  const shown = [...picture.querySelectorAll("svg")].map((svg) => svg.getBoundingClientRect())
    .filter((box) => box.width > 0);
  const width = Math.max(...shown.map((box) => box.right)) - Math.min(...shown.map((box) => box.left));
  return [picture.closest("figure").id, width / picture.clientWidth];
})"""


@pytest.fixture
def unfolded(acted_on, any_answer):
    """A function that gives the page at a width, with everything open and laid out."""

    def at(width):
        acted_on.set_viewport_size({"width": width, "height": 900})
        acted_on.evaluate(UNFOLD)
        return acted_on

    return at


@pytest.mark.letters
@pytest.mark.turns("width")
@pytest.mark.parametrize("width", [*LEAST])
@pytest.mark.machines("plain", "noto")
def test_no_letter_stands_on_another_and_none_is_cut(unfolded, any_page, width):
    page = unfolded(width)
    assert page.evaluate(OVERPRINTED) == []
    assert page.evaluate(CUT) == []


@pytest.mark.turns("width")
@pytest.mark.parametrize("width", [*LEAST])
@pytest.mark.machines("plain")
def test_labels_are_no_smaller_than_they_should_be(unfolded, any_page, width):
    assert unfolded(width).evaluate(SMALLER_THAN, LEAST[width]) == []


@pytest.mark.machines("plain")
def test_a_figure_fills_the_column_of_a_desk(unfolded, any_page):
    shares = unfolded(1440).evaluate(SHARES)
    assert shares
    assert [(name, share) for name, share in shares if not 0.84 <= share <= 1] == []


@pytest.mark.machines("plain")
def test_compared_panels_stand_two_up_on_a_phone(visit):
    page = visit("convolution-kinds.html", width=360)
    tops = page.locator("#fig-kinds .dl-panels svg").evaluate_all(
        "(all) => all.map((svg) => svg.getBoundingClientRect()).map(({ x, y }) => [x, y])"
    )
    (x1, y1), (x2, y2), (x3, y3), _ = tops
    assert y1 == y2 < y3
    assert x1 == x3 < x2


@pytest.mark.machines("plain")
def test_of_three_small_panels_none_stands_alone_on_a_phone(visit):
    page = visit("q-table.html", width=360)
    page.evaluate(UNFOLD)
    tops = page.locator("#fig-visited .dl-panels svg:visible").evaluate_all(
        "(all) => all.map((svg) => svg.getBoundingClientRect().y)"
    )
    assert len(tops) == 3
    assert len(set(tops)) == 1


FORMS = """() => [...document.querySelectorAll("article .dl-picture")].map((picture) =>
  [...picture.querySelectorAll(":scope > .dl-panels")]
    .filter((one) => one.checkVisibility()).map((one) => one.classList[1]))"""


@pytest.mark.machines("plain")
def test_a_picture_in_two_widths_shows_one(visit):
    page = visit("adam.html", width=1440)
    page.evaluate(UNFOLD)

    def shown():
        forms = page.evaluate(FORMS)
        assert all(len(form) == 1 for form in forms)
        return {name for (name,) in forms}

    assert "dl-narrow" not in shown()
    page.emulate_media(media="print")
    assert "dl-narrow" not in shown()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 360, "height": 800})
    assert "dl-narrow" in shown()
    assert "dl-wide" not in shown()
