"""누구나 읽을 수 있는 사이트: axe, 자판, 손가락, 좁은 화면, 스크립트 없는 화면, 한국어."""

import io
import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image, ImageChops
from playwright.sync_api import expect
from visiting import FRAMES, UNFOLD, until

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "more contrast, dark": {"color_scheme": "dark", "contrast": "more"},
    "more contrast, light": {"color_scheme": "light", "contrast": "more"},
    "forced": {"color_scheme": "dark", "contrast": "no-preference", "forced_colors": "active"},
}
MENUS = [("사이트 메뉴", "#dl-site-menu"), ("이 글의 차례", "#dl-page-menu")]
A_PAGE = "reward-notation.html"  # light: what holds of the frame holds on any
OPENED = [A_PAGE, "index.html", "api/rewards.html"]

# Axe takes seconds to measure the contrast of thousands of words. Words of one size and colour on one ground
# have one contrast: only the first of them is measured. So it is with links that are told from their text.
UNLIKE = """() => {
  const seen = new Map();
  const grounds = new Map([[null, ""]]);
  const groundOf = (one) => {
    if (!grounds.has(one)) {
      const { backgroundColor, backgroundImage, opacity, filter } = getComputedStyle(one);
      const own = [backgroundColor, backgroundImage, opacity, filter].join();
      const under = groundOf(one.parentElement);
      grounds.set(one, own === "rgba(0, 0, 0, 0),none,1,none" ? under : under + own);
    }
    return grounds.get(one);
  };
  for (const one of document.querySelectorAll("body *")) {
    if (one.childElementCount || !one.textContent.trim() || !one.checkVisibility()) continue;
    const { color, fontSize, fontWeight, position, visibility, textShadow } = getComputedStyle(one);
    const near = getComputedStyle(one.parentElement).color; // a link is told from it
    const kind = [color, near, fontSize, fontWeight, position, visibility, textShadow, groundOf(one)];
    const link = one.closest("a");
    if (link) {
      const { textDecorationLine, borderBottomWidth, borderBottomStyle } = getComputedStyle(link);
      const around = getComputedStyle(link.parentElement).color;
      const inText = link.closest("p, li, dd, td, th") !== null;
      kind.push(textDecorationLine, borderBottomWidth, borderBottomStyle, around, inText);
    }
    if (!seen.has(kind.join())) seen.set(kind.join(), link ?? one);
  }
  return [...seen.values()];
}"""


OF_COLOUR = ["color-contrast", "link-in-text-block"]  # they take axe longer than all others together


def violations(page):
    """What axe finds, of everything but colour."""
    return run_axe(page, {"runOnly": TAGS, "rules": {rule: {"enabled": False} for rule in OF_COLOUR}})


def pale(page):
    """What axe finds of colour: words too pale, links told from their text by nothing else."""
    return run_axe(page, {"runOnly": {"type": "rule", "values": OF_COLOUR}}, f"({UNLIKE})()")


def run_axe(page, options, where="document"):
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(UNFOLD)
    page.evaluate(FRAMES)
    found = page.evaluate(
        f"(options) => axe.run({where}, options).then((results) => results.violations)",
        {"resultTypes": ["violations"], **options},
    )
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


# --- axe --------------------------------------------------------------------------------------------


def test_axe_is_new_enough_to_know_wcag_22(visit):
    page = visit("index.html")
    page.evaluate(AXE_SCRIPT)
    assert tuple(map(int, page.evaluate("axe.version").split(".")))[:2] >= (4, 10)
    assert "target-size" in page.evaluate("axe.getRules(['wcag22aa']).map((rule) => rule.ruleId)")


def test_axe_sees_a_page_that_breaks_a_rule(visit):
    page = visit("index.html")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('afterbegin', '<button></button>')")
    assert [found for found in violations(page) if found.startswith("button-name")]


def test_axe_sees_one_pale_word_among_many(visit):
    page = visit(A_PAGE)
    words = "[...document.querySelectorAll('.cell_input .n')].filter((one) => one.textContent.length > 2)"
    page.evaluate(f"{words}[20].style.color = '#999'")  # of single letters axe says nothing
    assert len(pale(page)) == 1


def test_axe_sees_one_link_among_many_that_colour_alone_tells(visit):
    page = visit(A_PAGE)
    page.evaluate(
        """() => {
          const text = document.createElement("p");
          text.innerHTML = "글 가운데 <a href='#q18'>이어지는 자리</a>가 있고 글은 더 이어집니다.";
          text.querySelector("a").style.textDecoration = "none";
          document.querySelector("article section section").append(text);
        }"""
    )
    assert [found.split(":")[0] for found in pale(page)] == ["link-in-text-block"]


@pytest.mark.letters
@pytest.mark.long
@pytest.mark.turns("width")
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_breaks_a_rule_at_any_width(looked_at, any_page, width):
    looked_at.set_viewport_size({"width": width, "height": 900})
    assert violations(looked_at) == []


@pytest.mark.long
@pytest.mark.turns("colours")
@pytest.mark.parametrize("colours", [*COLOURS])
def test_every_page_has_contrast_in_all_colours(looked_at, any_page, colours):
    looked_at.set_viewport_size({"width": 1440, "height": 900})
    looked_at.emulate_media(**COLOURS[colours])
    expect(looked_at.locator("html")).to_have_attribute("data-theme", COLOURS[colours]["color_scheme"])
    assert pale(looked_at) == []


# The lines found come from their pages.
LINES = "() => [...document.querySelectorAll('.ks-option .ks-line')].every((line) => line.textContent)"


@pytest.mark.long
@pytest.mark.turns("scheme")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", OPENED)
def test_what_opens_breaks_no_rule(visit, path, scheme):
    page = visit(path, scheme=scheme, reduced_motion="reduce")

    def check(what):
        assert violations(page) + pale(page) == [], what

    page.evaluate(UNFOLD)
    check("folds")
    if page.locator("a:has(> .dl-term)").count():
        page.locator("a:has(> .dl-term)").first.hover()
        expect(page.locator(".dl-tip.dl-open")).to_be_visible()
        check("a term's note")
    page.set_viewport_size({"width": 360, "height": 900})
    for button, menu in MENUS:
        if path == "index.html" and menu == "#dl-page-menu":
            continue  # the landing page has no contents of its own
        page.get_by_role("button", name=button).click()
        expect(page.locator(menu)).to_be_visible()
        check(menu)
        page.keyboard.press("Escape")
        expect(page.locator(menu)).to_be_hidden()
    page.keyboard.press("Control+k")
    for words in ("패딩", "쀍쀍"):
        page.keyboard.type(words)
        expect(page.locator(".ks-option, .ks-advice li").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        until(page, LINES)
        check(f"the search for {words}")
        page.locator(".ks-input").fill("")  # the landing page's own, or the dialog's


# --- width and touch --------------------------------------------------------------------------------


@pytest.mark.letters
def test_no_page_scrolls_sideways(looked_at):
    for width in (320, 360, 768):
        looked_at.set_viewport_size({"width": width, "height": 640})
        inner, content = looked_at.evaluate("[innerWidth, document.documentElement.scrollWidth]")
        assert inner == content == width


CONTROLS = "a[href], button, input, select, summary, [role=button], [tabindex='0']"
TARGETS = """(controls) => [...document.querySelectorAll(controls)]
  .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((one) => {
    const text = one.closest("p, li, dd, dt, h1, h2, h3, h4, h5, figcaption, td, th, caption, pre, aside");
    const inline = getComputedStyle(one).display === "inline";
    return !(inline && text);  // WCAG 2.5.8: the line's height, not the author, sizes a target in a sentence
  })
  .map((one) => [one.outerHTML.slice(0, 160), one.getBoundingClientRect()])
  .filter(([, { width, height }]) => width > 1 && (width < 24 || height < 24))
  .map(([html, { width, height }]) => `${width.toFixed(1)}x${height.toFixed(1)} ${html}`)"""


@pytest.mark.letters
def test_a_finger_can_hit_everything(shown):
    assert shown.evaluate(TARGETS, CONTROLS) == []


def test_the_menu_of_the_site_opens_leads_on_and_closes_by_tap(visit):
    page = visit(A_PAGE, width=360, touch=True)
    menu = page.locator("#dl-site-menu")
    assert not menu.is_visible()
    page.get_by_role("button", name="사이트 메뉴").tap()
    menu.wait_for(state="visible")
    menu.get_by_role("button", name="닫기").tap()
    menu.wait_for(state="hidden")
    page.get_by_role("button", name="사이트 메뉴").tap()
    menu.locator("a[href$='relu.html']").first.tap()
    page.wait_for_url("**/relu.html")
    assert not page.locator("#dl-site-menu").is_visible()


@pytest.mark.letters
def test_the_contents_of_the_page_open_and_lead_to_their_place_by_tap(visit):
    page = visit(A_PAGE, width=360, touch=True)
    page.get_by_role("button", name="이 글의 차례").tap()
    link = page.locator("#dl-page-menu a[href^='#']").nth(3)
    target = link.get_attribute("href")
    link.tap()
    page.locator("#dl-page-menu").wait_for(state="hidden")
    top = page.locator(f'[id="{target[1:]}"]')
    expect(top).to_be_in_viewport()
    assert 0 <= top.bounding_box()["y"] < 200


# --- keyboard ---------------------------------------------------------------------------------------

STOP = """async () => {
  await Promise.all(document.getAnimations().map((moving) => moving.finished));
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const { left, top, width, height } = one.getClientRects()[0] ?? one.getBoundingClientRect();
  const styled = [one, one.closest("form")].filter(Boolean).map((each) => getComputedStyle(each));
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
  const hit = points.some(([x, y]) => {
    const there = document.elementFromPoint(left + width * x, top + height * y);
    return there && (one.contains(there) || there.contains(one) && there !== document.documentElement
      && there !== document.body && there.tagName !== "MAIN" && there.tagName !== "ARTICLE");
  });
  window.dlStops ??= [];
  const last = window.dlStops.at(-1);
  const ordered = !last || !(last.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING);
  window.dlStops.push(one);
  return {
    html: one.outerHTML.slice(0, 140), ordered, hit,
    again: window.dlStops.indexOf(one) < window.dlStops.length - 1,
    visible: width > 0 && height > 0 && top + height > 0 && top < innerHeight,
    ring: styled.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      || style.boxShadow !== "none"),
  };
}"""


def walk(page):
    """Press Tab until the walk leaves the page or comes back."""
    expected = page.evaluate(
        "document.querySelectorAll('a[href], button, input, summary, [tabindex]').length"
    )
    for _ in range(expected + 10):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or stop["again"]:
            return
        yield stop
    pytest.fail("Tab을 눌러도 끝나지 않습니다.")


@pytest.mark.letters
@pytest.mark.long
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(visit, any_answer):
    stops = list(walk(visit(any_answer, reduced_motion="reduce")))
    assert len(stops) > 40
    assert "본문으로 건너뛰기" in stops[0]["html"]
    for trouble in ("ordered", "visible", "hit", "ring"):
        assert [stop["html"] for stop in stops if not stop[trouble]] == [], trouble


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_changes_what_is_drawn(visit, scheme):
    page = visit("same-padding.html", scheme=scheme)
    shown = {}
    for _ in range(60):
        page.keyboard.press("Tab")
        box = page.evaluate(
            "() => { const one = document.activeElement, box = one.getBoundingClientRect();"
            " return [box.x, box.y, box.width, box.height, one.tagName + one.className] }"
        )
        if box[4] in shown:
            continue
        clip = {"x": max(box[0] - 6, 0), "y": max(box[1] - 6, 0), "width": box[2] + 12, "height": box[3] + 12}
        focused = page.screenshot(clip=clip)
        page.evaluate("() => { window.dlFocused = document.activeElement; document.activeElement.blur() }")
        blurred = page.screenshot(clip=clip)
        page.evaluate("() => window.dlFocused.focus({ focusVisible: true, preventScroll: true })")
        both = [Image.open(io.BytesIO(shot)).convert("RGB") for shot in (focused, blurred)]
        shown[box[4]] = ImageChops.difference(*both).getbbox() is not None
    assert len(shown) >= 5
    assert [name for name, changed in shown.items() if not changed] == []


@pytest.mark.letters
def test_the_skip_link_comes_first_and_leads_to_the_text(visit):
    page = visit(A_PAGE, reduced_motion="reduce")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "본문으로 건너뛰기"
    assert page.locator(":focus").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize(("button", "menu"), MENUS)
def test_a_menu_opens_by_key_closes_by_escape_and_gives_the_focus_back(visit, button, menu):
    page = visit(A_PAGE, width=360)
    opener = page.get_by_role("button", name=button)
    opener.focus()
    page.keyboard.press("Enter")
    page.locator(menu).wait_for(state="visible")
    page.keyboard.press("Tab")
    assert page.evaluate("(menu) => document.querySelector(menu).contains(document.activeElement)", menu)
    page.keyboard.press("Escape")
    page.locator(menu).wait_for(state="hidden")
    assert opener.evaluate("(button) => button === document.activeElement")


@pytest.mark.parametrize("by", ["click", "Enter", "Space"])
def test_the_brightness_changes_by_click_and_by_key_and_stays(visit, site, by):
    page = visit("index.html")
    button = page.get_by_role("button", name=re.compile("화면 밝기"))
    for _ in range(2):
        if by == "click":
            button.click()
        else:
            button.focus()
            page.keyboard.press(by)
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert "어둡게" in button.get_attribute("aria-label")
    page.goto(site.url(A_PAGE))
    assert page.locator("html").get_attribute("data-theme") == "dark"


# --- motion -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", OPENED)
def test_nothing_moves_for_a_reader_who_asked_for_rest(visit, path):
    page = visit(path, reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((one) => {
          const style = getComputedStyle(one);
          const long = (times) => times.split(",").some((time) => parseFloat(time) > 0.01);
          return long(style.transitionDuration)
            || style.animationName !== "none" && long(style.animationDuration)
            || style.scrollBehavior === "smooth";
        }).map((one) => one.outerHTML.slice(0, 100))"""
    )
    assert moving == []
    assert page.evaluate("document.getAnimations().length") == 0


# --- without scripts ----------------------------------------------------------------------------------


WHOLE = ["h1", "h2", "math", "figure .dl-picture", "figure figcaption", "table", ".solution > *"]
UNSEEN = """(parts) => parts.flatMap((part) =>
  [...document.querySelectorAll(`article ${part}`)]
    .filter((one) => !one.closest(".dl-tip, details, .dl-explore-panel, .dl-guess"))
    .filter((one) => !one.checkVisibility({ visibilityProperty: true, opacityProperty: true })
      || one.getBoundingClientRect().height === 0)
    .map((one) => one.outerHTML.slice(0, 120)))"""


@pytest.mark.letters
@pytest.mark.long
def test_an_answer_is_read_whole_without_scripts(visit, any_answer):
    page = visit(any_answer, scripts=False)
    for width in (1440, 320):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(UNSEEN, WHOLE) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("article math").count() > 0
    assert page.locator("article figure .dl-picture svg").count() > 0
    assert page.locator("article").inner_text().count("다.") > 20
    assert page.locator("a[rel~=next], a.right-next, a[rel~=prev], a.left-prev").first.is_visible()
    assert not page.locator(".theme-switch-button").is_visible()


# --- Korean -------------------------------------------------------------------------------------------

# Words that are no Korean but are meant: names, keys, and what Python and the library call things.
NAMES = re.compile(
    r"dlnotes[\w.]*|Ctrl|Shift|Enter|Esc|Q\d\d|PyTorch|NumPy|YOLO\w*|Conv2d|Adam|AMSGrad|Softmax|ReLU"
    r"|LeNet-?5|GitHub|Atom|ipynb|Jupyter|float64|MobileNet\S*|g?radient"
)
SAID = """() => {
  const skipped = "script, style, noscript, pre, code, math, svg, kbd, [lang=en], dt.sig, em, strong, cite, "
    + ".dl-picture, #dl-site-menu li, article table, article h1";
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const block = walker.currentNode.parentElement.closest("article :is(p, li, dd, dt)");
    if (/[가-힣]/.test(block?.textContent)) continue; // a name in a Korean sentence
    if (text && !walker.currentNode.parentElement.closest(skipped)) said.push(text);
  }
  for (const name of ["title", "aria-label", "placeholder", "alt", "data-tooltip"])
    for (const one of document.body.querySelectorAll(`[${name}]`))
      if (!one.closest("[lang=en], math, a.reference, [type=hidden]")) said.push(one.getAttribute(name));
  return [...new Set(said)];
}"""


def test_every_word_of_the_interface_is_korean(shown):
    english = [
        text
        for text in shown.evaluate(SAID)
        if not re.search("[가-힣]", text) and re.search("[a-z]{3}", NAMES.sub("", text))
    ]
    assert english == []
