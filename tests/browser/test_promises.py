"""작은 약속들: 줄의 처음, 작은 창의 풀이, 베낀 수식, 상자의 이름, 좁은 화면의 수식."""

import pytest
from visiting import REST, UNFOLD

CLIPBOARD = ["clipboard-read", "clipboard-write"]

# Where a line begins with Hangul although no blank stands before it: after a formula, code, a link, a
# bracket. A line may end after a hyphen, a stroke or a dot between two words.
PARTICLES = r"""() => {
  const range = document.createRange();
  const boxes = (text, from, to) => {
    range.setStart(text, from);
    range.setEnd(text, to);
    return [...range.getClientRects()].filter(({ width }) => width > 0);
  };
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_ALL, (node) => {
    if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
    if (node.nodeType !== Node.ELEMENT_NODE) return NodeFilter.FILTER_REJECT;
    if (node.localName === "math") return NodeFilter.FILTER_ACCEPT;
    const { display, position } = getComputedStyle(node);
    if (node.matches("pre, svg, script, button") || display === "none") return NodeFilter.FILTER_REJECT;
    if (position === "absolute" || position === "fixed") return NodeFilter.FILTER_REJECT;
    return display === "inline" ? NodeFilter.FILTER_SKIP : NodeFilter.FILTER_ACCEPT;
  });
  const found = [];
  let before = null; // the box of what stands straight before, no blank between
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("math")) continue;
    if (node.localName === "math") {
      before = [...node.getClientRects()].at(-1);
      continue;
    }
    if (node.nodeType !== Node.TEXT_NODE) {
      before = null;
      continue;
    }
    const text = node.data;
    for (const { index } of text.matchAll(/(?<![가-힣\s/·–-])[가-힣]/g)) {
      const last = index ? boxes(node, index - 1, index).at(-1) : before;
      const [first] = boxes(node, index, index + 1);
      if (last && first && first.left < last.left && first.top > (last.top + last.bottom) / 2) {
        found.push(text.slice(Math.max(0, index - 12), index + 8));
      }
    }
    if (/\s$/.test(text)) before = null;
    else if (text) before = boxes(node, text.length - 1, text.length).at(-1) ?? before;
    if (/[가-힣/·–-]$/.test(text)) before = null;
  }
  return found;
}"""


@pytest.mark.letters
@pytest.mark.long
def test_a_particle_begins_no_line_at_any_width(acted_on, any_page):
    acted_on.evaluate(UNFOLD)
    found = {}
    for width in (320, 360, 390, 768, 1440):
        acted_on.set_viewport_size({"width": width, "height": 900})
        found[width] = acted_on.evaluate(PARTICLES)
    assert not any(found.values()), found


def test_a_particle_that_begins_a_line_is_seen(visit):
    page = visit("adam.html", width=320)
    page.evaluate(UNFOLD)  # what is folded has no lines
    found = page.evaluate(
        f"""() => {{
          const words = document.createElement("p");
          words.innerHTML = "<a href='#'>링크(link)</a><br>는 <math><mi>x</mi></math><br>의 자리";
          document.querySelector("article").append(words);
          return ({PARTICLES})().length;
        }}"""
    )
    assert found == 2


# A tap on each word that has a note, at the upper edge of the window, in its middle and at its lower edge.
OUTSIDE = """() => [
  ...document.querySelectorAll(".bd-article a:has(> .dl-term), .dl-mark")
].map((words, number) => {
  words.scrollIntoView({ block: ["start", "center", "end"][number % 3] });
  words.dispatchEvent(new PointerEvent("pointerdown", { pointerType: "touch", bubbles: true }));
  words.dispatchEvent(new MouseEvent("click", { detail: 1, bubbles: true, cancelable: true }));
  const { left, top, right, bottom } = document.querySelector(".dl-tip.dl-open").getBoundingClientRect();
  return [left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight, words.textContent];
}).filter(([inside]) => !inside)"""


@pytest.mark.letters
def test_a_note_stays_within_the_smallest_window(acted_on, any_answer):
    acted_on.evaluate(UNFOLD)
    acted_on.set_viewport_size({"width": 320, "height": 256})
    assert acted_on.evaluate(OUTSIDE) == []


# --- formulas -----------------------------------------------------------------------------------------


def select(page, how):
    """Select some of a page, copy it, and return the text."""
    page.evaluate(REST)  # what is drawn later would change the page as well
    before = page.evaluate(f"() => {{ ({how})(getSelection()); return document.body.innerHTML; }}")
    chosen = (
        "() => { const r = getSelection().getRangeAt(0); return [r.startOffset, r.endOffset, r.toString()]; }"
    )
    selected = page.evaluate(chosen)
    page.keyboard.press("Control+c")
    assert page.evaluate(chosen) == selected
    assert page.evaluate("document.body.innerHTML") == before
    return page.evaluate("navigator.clipboard.readText()").strip()


def test_a_formula_is_copied_as_its_tex_in_its_line(visit):
    page = visit("adam.html", permissions=CLIPBOARD)
    page.evaluate(UNFOLD)
    page.keyboard.press("Escape")  # all is laid out
    inline = select(
        page,
        """(selection) => selection.selectAllChildren(
          document.querySelector(".bd-article p:has(> .dl-keep math[data-tex])"))""",
    )
    assert "\n" not in inline
    assert "$" in inline
    display = select(
        page, "(selection) => selection.selectAllChildren(document.querySelector('.bd-article .dl-math'))"
    )
    assert display.startswith("$$")
    assert display.rstrip("0123456789()").endswith("$$")
    assert "\n" not in display
    assert "\\" in display


def test_of_a_formula_selected_in_part_the_whole_is_copied(visit):
    page = visit("adam.html", permissions=CLIPBOARD)
    tex = page.evaluate("document.querySelector('.bd-article .dl-math math').dataset.tex")
    part = """(selection) => {
      const [first, second] = document.querySelectorAll(".bd-article .dl-math math :is(mi, mo)");
      selection.setBaseAndExtent(second.firstChild, 1, first.firstChild, 0);
    }"""
    assert select(page, part) == f"$${tex}$$"


def test_the_later_pieces_of_a_long_formula_are_copied_with_its_first(visit):
    page = visit("adam.html", permissions=CLIPBOARD)
    page.evaluate(UNFOLD)
    piece = """(selection) => {
      const pieces = [...document.querySelectorAll(".bd-article math:not([data-tex])")];
      selection.selectAllChildren(pieces.find((one) => one.checkVisibility()));
    }"""
    copied = select(page, piece)
    assert copied.startswith("$")
    assert copied.endswith("$")


# A sign beyond its formula's box on a side to which nothing scrolls, and a formula that is much higher than
# its rows: its signs stand below each other.
BROKEN = """() => [...document.querySelectorAll(".bd-article .dl-math > math")]
  .filter((formula) => formula.checkVisibility())
  .map((formula) => {
    const box = formula.parentElement;
    const { left, top, bottom } = box.getBoundingClientRect();
    const tokens = [...formula.querySelectorAll("mi, mo, mn, mtext")];
    const signs = tokens.map((one) => one.getBoundingClientRect());
    const em = parseFloat(getComputedStyle(formula).fontSize);
    const rows = formula.querySelectorAll("mtable > mtr").length || 1;
    const whole = signs.every((sign) => sign.left >= left - 1 && sign.right - left <= box.scrollWidth + 1
      && sign.top >= top - 1 && sign.bottom <= bottom + 1);
    return [whole && formula.getBoundingClientRect().height <= 4.5 * em * rows, formula.dataset.tex];
  })
  .filter(([sound]) => !sound)"""


@pytest.mark.letters
def test_on_a_phone_a_displayed_formula_is_neither_cut_nor_set_one_sign_a_line(acted_on, any_page):
    acted_on.evaluate(UNFOLD)
    acted_on.set_viewport_size({"width": 360, "height": 900})
    assert acted_on.evaluate(BROKEN) == []


# --- boxes --------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_screen_reader_is_told_who_speaks_in_each_box(looked_at, any_answer):
    session = looked_at.context.new_cdp_session(looked_at)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    named = [node["name"]["value"] for node in tree if node.get("role", {}).get("value") == "note"]
    titles = looked_at.evaluate(
        """() => [...document.querySelectorAll(".dl-part > .admonition-title")]
          .map((one) => one.innerText.trim())"""
    )
    assert len(named) == len(titles) >= 5
    for word in ("짧은 답", "질문", "선생님의 답", "세 줄 요약"):
        assert named.count(word) == titles.count(word) > 0
