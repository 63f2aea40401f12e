"""On paper: nothing is cut, and what only a screen can use is not there."""

import pytest

PAPER = 673  # pixels between the margins of A4, 16 mm on each side
# Words, not elements: a box may reach out where none of its letters does.
OUTSIDE = """(width) => {
  const found = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    if (!text.data.trim() || !text.parentElement.checkVisibility({ visibilityProperty: true })) continue;
    range.selectNodeContents(text);
    for (const { left, right, height } of range.getClientRects()) {
      if (height > 1 && (left < -0.5 || right > width + 0.5)) {
        found.push(`${left.toFixed(1)} to ${right.toFixed(1)}: ${text.data.trim().slice(0, 60)}`);
      }
    }
  }
  return found;
}"""
USED_ON_A_SCREEN = ".dl-about, .dl-onward, .dl-tools, .dl-hidden:not([open]), .dl-toggle-site, .dl-brand"


@pytest.fixture
def printed(looked_at):
    """The page as it is laid out for paper, put back afterwards."""
    looked_at.set_viewport_size({"width": PAPER, "height": 900})
    looked_at.emulate_media(media="print")
    looked_at.evaluate("dispatchEvent(new Event('beforeprint'))")
    yield looked_at
    looked_at.evaluate("dispatchEvent(new Event('afterprint'))")


@pytest.mark.letters
@pytest.mark.long
def test_no_word_stands_outside_the_paper(printed, any_page):
    assert printed.evaluate(OUTSIDE, PAPER) == []


@pytest.mark.long
def test_an_answer_on_paper_tells_where_it_stands_and_of_which_day_it_is(printed, any_answer):
    place = printed.locator(".dl-on-paper")
    assert place.is_visible()
    assert any_answer in place.inner_text()
    assert "일" in place.inner_text()
    seen = f"[...document.querySelectorAll({USED_ON_A_SCREEN!r})].filter((one) => one.checkVisibility())"
    assert printed.evaluate(f"{seen}.map((one) => one.outerHTML.slice(0, 80))") == []
    assert printed.locator("figure .dl-picture svg").count() > 0
