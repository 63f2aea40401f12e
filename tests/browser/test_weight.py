"""쪽의 무게와 골격: 바이트와 요청, 정책, 흔들림, 스크립트 없는 화면, 휴대전화의 메뉴, 종이."""

import gzip
import re

import pytest
from playwright.sync_api import expect
from visiting import REST, SHIFTS, SITE

REQUESTS = 15
LANDING = 150
ANSWER = 250
A_PAGE = "reward-notation.html"  # light: what holds of the frame holds on any

HAS_HANGUL = """
CanvasRenderingContext2D.prototype.fillText = function (letter) {
  this.fillRect(2, 12, { 한: 20, 글: 18, ㅡ: 24 }[letter], letter === "ㅡ" ? 2 : 18);
};
"""
WAITING = ".dl-later section section section > :not(section, .dl-laid)"  # later.js


def weigh(site, log):
    """KB of what was fetched, text as gzip would send it."""
    total = 0
    for request in log:
        body = (site.folder / (request.path or "index.html")).read_bytes()
        total += len(body if request.path.endswith((".woff2", ".png")) else gzip.compress(body, 6))
    return total / 1024


def test_a_page_loads_without_a_fault_and_from_its_own_host_alone(shown):
    assert shown.visit.log
    assert shown.visit.faults() == []


def test_a_page_is_light(shown, any_page, site):
    log = shown.visit.log
    assert len(log) <= REQUESTS
    limit = LANDING if any_page == "index.html" else ANSWER
    assert weigh(site, log) <= limit, [request.path for request in log]


def test_the_policy_holds(visit):
    page = visit("index.html", forgive="Content Security Policy")
    done = page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.broken = true";
          document.body.append(script);
          document.body.insertAdjacentHTML("beforeend", '<p id="x" style="position: fixed">x</p>');
          return [window.broken, getComputedStyle(document.getElementById("x")).position];
        }"""
    )
    assert done == [None, "static"]


LONG = [*SITE.answers, "index.html", "glossary.html", "notation.html", "errata.html"]


def moved(page):
    """How far what stood on the page has moved, once all of it is there."""
    expect(page.locator(WAITING)).to_have_count(0)
    page.evaluate(REST)
    return page.evaluate("window.shift")


@pytest.mark.letters
@pytest.mark.long
@pytest.mark.turns("width")
@pytest.mark.parametrize("width", [360, 1440], ids=["on a phone", "on a desk"])
@pytest.mark.parametrize("path", LONG)
def test_nothing_moves_while_a_page_loads(path, width, visit, machine):
    before = SHIFTS + ("" if machine.fonts else HAS_HANGUL)
    page = visit(path, width=width, height=800, before=before, whole=False)
    assert moved(page) <= 0.02
    assert not page.evaluate("document.documentElement.classList.contains('dl-no-hangul')")


@pytest.mark.long
@pytest.mark.machines("plain", "slow")
@pytest.mark.parametrize("path", LONG)
def test_nothing_moves_on_a_phone_while_the_site_s_own_letters_come(path, visit):
    assert moved(visit(path, width=360, height=800, before=SHIFTS, whole=False)) <= 0.02


BUSY = "window.requestIdleCallback = (work) => { window.work = work; };"


@pytest.fixture
def busy(visit):
    """A long page in a browser that is never idle by itself."""
    return visit("relu.html", before=BUSY, whole=False)


def test_what_stands_deep_in_a_page_is_laid_out_when_the_browser_is_idle(busy):
    deep = busy.locator(".bd-article section > .cell").last
    assert deep.evaluate("(cell) => getComputedStyle(cell).contentVisibility") == "auto"
    assert not deep.evaluate(
        "(cell) => cell.querySelector('pre').checkVisibility({ contentVisibilityAuto: true })"
    )
    waiting = busy.locator(WAITING).count()
    assert waiting > 50
    while waiting:
        busy.evaluate("work()")
        waiting, before = busy.locator(WAITING).count(), waiting
        assert waiting < before
    assert deep.evaluate("(cell) => getComputedStyle(cell).contentVisibility") == "visible"


@pytest.mark.parametrize("width", [360, 1440])
def test_no_button_is_cut_off_while_a_page_settles(visit, width):
    page = visit("relu.html", width=width, before=BUSY, whole=False)
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".dl-copy")].filter((one) => {
          if (!one.checkVisibility()) return false;
          one.scrollIntoView({ block: "center" });
          const { left, right, top } = one.getBoundingClientRect();
          return document.elementFromPoint((left + right) / 2, top + 2) !== one;
        }).length"""
    )
    assert page.locator(WAITING).count() > 50
    assert cut == 0


@pytest.mark.letters
@pytest.mark.long
@pytest.mark.turns("width")
@pytest.mark.parametrize("width", [360, 1440], ids=["on a phone", "on a desk"])
@pytest.mark.parametrize("path", LONG)
def test_a_page_that_settles_keeps_its_height(path, width, visit):
    page = visit(path, width=width, height=800, before=BUSY, whole=False)
    height = "document.documentElement.scrollHeight"
    first = page.evaluate(height)
    page.evaluate("document.documentElement.classList.remove('dl-later')")
    assert 0.8 * first < page.evaluate(height) < 1.25 * first


@pytest.mark.parametrize("act", ["click", "key", "paper"])
def test_whoever_acts_finds_the_whole_page_laid_out(busy, act):
    assert busy.locator(WAITING).count() > 50
    if act == "click":
        link = busy.locator("#dl-page-menu nav a").last
        link.click()
        goal = busy.locator(f"[id='{link.get_attribute('href')[1:]}']")
        assert abs(goal.bounding_box()["y"]) < 200
    elif act == "key":
        busy.keyboard.press("Tab")
    else:
        busy.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert busy.locator(WAITING).count() == 0


def test_a_page_that_opens_at_a_place_within_is_laid_out_at_once(busy, visit):
    busy.goto(visit.site.url("adam.html#q15"), wait_until="load")
    assert busy.locator(WAITING).count() == 0
    busy.goto(visit.site.url("relu.html"), wait_until="load")
    assert busy.locator(WAITING).count() > 0
    busy.reload()
    assert busy.locator(WAITING).count() == 0


def test_a_phone_with_its_own_hangul_fetches_no_letters(visit):
    visit("relu.html", before=HAS_HANGUL).evaluate(REST)
    assert visit.log
    assert not [request.path for request in visit.log if re.search("fonts/(first|rest)", request.path)]


@pytest.mark.letters
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize(
    ("button", "menu", "link", "goal"),
    [
        (".dl-toggle-site", "#dl-site-menu", "a[href='adam.html']", "adam.html"),
        (".dl-toggle-page", "#dl-page-menu", "nav a >> nth=2", f"{A_PAGE}#"),
    ],
    ids=["site", "page"],
)
def test_a_menu_opens_by_tap_and_leads_on(scripts, button, menu, link, goal, visit):
    page = visit(A_PAGE, width=360, height=800, touch=True, scripts=scripts)
    assert not page.locator(menu).is_visible()
    page.locator(button).tap()
    assert page.locator(menu).is_visible()
    box = page.locator(menu).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    page.locator(f"{menu} {link}").tap()
    page.wait_for_url(lambda address: goal in address)
    if scripts:
        assert not page.locator(menu).is_visible()


@pytest.mark.parametrize("button", [".dl-toggle-site", ".dl-toggle-page"])
def test_a_menu_closes_by_its_button_by_a_tap_beside_it_and_by_escape(button, visit):
    page = visit(A_PAGE, width=360, height=800, touch=True)
    menu = page.locator("#dl-site-menu" if "site" in button else "#dl-page-menu")
    beside = (350, 700) if "site" in button else (10, 700)
    for close in (
        lambda: menu.get_by_role("button", name="닫기").tap(),
        lambda: page.touchscreen.tap(*beside),
        lambda: page.keyboard.press("Escape"),
    ):
        page.locator(button).tap()
        assert menu.is_visible()
        close()
        menu.wait_for(state="hidden")


def test_on_a_wide_screen_the_menus_are_there_and_their_buttons_are_not(visit):
    page = visit(A_PAGE)
    assert page.locator("#dl-site-menu").is_visible()
    assert page.locator("#dl-page-menu").is_visible()
    assert not page.locator(".dl-toggle-site").is_visible()
    assert not page.locator(".dl-toggle-page").is_visible()


def test_the_contents_mark_the_section_in_view(visit):
    page = visit(A_PAGE)
    links = page.locator("#dl-page-menu nav a")
    goal = links.nth(3)
    page.evaluate("(hash) => { location.hash = hash }", goal.get_attribute("href"))
    expect(page.locator("#dl-page-menu [aria-current]")).to_have_text([goal.inner_text()])
    page.evaluate(REST)
    assert page.locator("#dl-page-menu [aria-current]").all_inner_texts() == [goal.inner_text()]


def theme(page):
    return page.evaluate(
        "[document.documentElement.dataset.theme, getComputedStyle(document.body).backgroundColor]"
    )


def test_brightness_goes_round_is_said_and_is_remembered(visit):
    page = visit("index.html", scheme="dark")
    button = page.locator(".theme-switch-button")
    assert button.get_attribute("aria-label") == "화면 밝기: 자동"
    dark = theme(page)
    assert dark[0] == "dark"
    button.click()
    assert button.get_attribute("aria-label") == "화면 밝기: 밝게"
    light = theme(page)
    assert light[0] == "light"
    assert light[1] != dark[1]
    page.reload()
    assert theme(page) == light
    button.click()
    assert button.get_attribute("aria-label") == "화면 밝기: 어둡게"
    assert theme(page) == dark
    button.click()
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert theme(page) == light


def test_an_unknown_brightness_is_the_systems(visit):
    page = visit("index.html", scheme="dark")
    page.evaluate("localStorage.setItem('mode', 'sepia')")
    page.reload()
    assert theme(page)[0] == "dark"


@pytest.mark.long
@pytest.mark.parametrize("path", ["index.html", "relu.html", "api/lstm.html"])
def test_without_scripts_the_colours_follow_the_system(path, visit):
    with_scripts = [visit(path, scheme=scheme) for scheme in ("light", "dark")]
    without = [visit(path, scheme=scheme, scripts=False) for scheme in ("light", "dark")]
    for scripted, plain in zip(with_scripts, without, strict=True):
        for part in ("body", "article h1", "article p >> nth=0", "article a >> nth=0", "#dl-site-menu"):
            colours = [
                shown.locator(part).first.evaluate(
                    "(it) => { const s = getComputedStyle(it); return [s.color, s.backgroundColor] }"
                )
                for shown in (scripted, plain)
            ]
            assert colours[0] == colours[1], part


SEEN = """(parts) => [...document.querySelectorAll(parts.join())].filter((one) => {
  const { width, height } = one.getBoundingClientRect();
  return width > 0 && height > 0 && getComputedStyle(one).visibility === "visible";
}).map((one) => one.outerHTML.slice(0, 100))"""


@pytest.mark.long
def test_on_paper_there_is_the_answer_in_light_with_everything_open(any_answer, acted_on):
    page = acted_on
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert theme(page)[0] == "light"
    assert (
        page.evaluate(
            SEEN, [".bd-header-article", "#dl-site-menu", "#dl-page-menu", ".prev-next-footer", "button"]
        )
        == []
    )
    assert page.locator("article details:not([open], .dl-deeper, .dl-hidden)").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert theme(page)[0] == "dark"
