"""Open the built site in Chromium.

site      the built site served at 127.0.0.1: .url(page), .pages, .answers, .text(page), .folder. It is in
          DLNOTES_SITE or _build/html, and stands where DLNOTES_URL says, as when it was built.
visit     opens a page and returns Playwright's Page. The test fails on an error or a warning in the console,
          an uncaught exception, a failed request, a request to another host. visit.log holds the requests.
any_page  a test with this argument runs once for every page, with any_answer once for every page of answers.
shown     that page as on a narrow phone, for tests that only look: it is opened once for them all.
looked_at the same page for tests that look at it in other sizes and colours. It is left as it was found.
acted_on  the same for tests that open folds and notes, too. They fail as those with visit do.
built     what the pages say before a browser lays them out: the file parsed, no script run, nothing drawn.

No test sees the fonts of the machine that it runs on. On the plain machine there is no Hangul font, and the
site's own letters come; what depends on letters (marked so) runs once more with Noto Sans CJK, if that is
installed, and whatever acts on a page also on a slow processor. make test-browser runs what is not marked
full, see ``is_slow`` and ``is_turn_of_another`` and what follows them.

A test that fails leaves what its pages looked like in _build/browser/.
"""

import os
import re
import threading
import zlib
from functools import cache

import pytest
from chromium import MISSING, find
from server import serve

try:
    from playwright.sync_api import sync_playwright
    from visiting import ARGUMENTS, FOLDER, FONTS, MACHINES, PHONE, PLACE, SITE, Visit, Windows
except ImportError:  # make test's environment: these tests are not for it
    sync_playwright = None
    collect_ignore_glob = ["test_*.py"]

UNBUILT = "지은 사이트가 {}에 없습니다. make html로 먼저 지으십시오."
NO_NOTO = "no Noto Sans CJK on this machine"
LOUD = "글자에 달린 테스트 {}개를 Noto Sans CJK로는 돌리지 않았습니다: apt-get install fonts-noto-cjk"
# The library's forty pages are made by one template, and so are those of its code. A few of each stand for
# all: the one with the longest names is among them.
LIKE_OTHERS = re.compile(r"api/(?!index|lstm|figures_kinds)|_modules/(?!index|dlnotes/lstm)")
AN_ANSWER = "lstm.html"
SHARES = 4  # each test opens one of so many pages of answers, and of explorables, at every change
WITH_NOTO = {AN_ANSWER, "index.html", "glossary.html", ""}  # and wherever a test names its page
FOLDS = "() => [...document.querySelectorAll('details')].map((fold) => [fold, fold.open])"


def pytest_sessionstart(session):
    if sync_playwright and find() is None:
        pytest.exit(MISSING, returncode=4)
    if sync_playwright and not FOLDER.is_dir():
        pytest.exit(UNBUILT.format(FOLDER), returncode=4)


def pytest_configure(config):
    config.addinivalue_line("markers", "letters: what it sees depends on how wide and high letters are")
    config.addinivalue_line("markers", "long: it takes seconds on a page of answers")
    config.addinivalue_line("markers", "turns(name): pages and machines take turns with a parameter's values")
    config.addinivalue_line("markers", "machines(*names): the machines that it runs on, if not all")


def pytest_terminal_summary(terminalreporter):
    if sync_playwright is None:
        terminalreporter.section("브라우저 테스트는 돌리지 않았습니다: make test-browser", sep="#")
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if NO_NOTO in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section(LOUD.format(len(skipped)), sep="#")


def pytest_generate_tests(metafunc):
    if "any_page" in metafunc.fixturenames:
        paths = SITE.answers if "any_answer" in metafunc.fixturenames else SITE.pages
        # Tests of one page follow each other, so that it is opened once for all that only look.
        metafunc.parametrize("any_page", paths, scope="session")
    if "machine" in metafunc.fixturenames:
        named = metafunc.definition.get_closest_marker("machines")
        if named:
            names = named.args
        elif {"visit", "acted_on"} & set(metafunc.fixturenames):
            names = [*MACHINES]
        else:
            names = ["plain", *["noto"] * bool(metafunc.definition.get_closest_marker("letters"))]
        ids = [pytest.HIDDEN_PARAM, *names[1:]]
        metafunc.parametrize("machine", names, ids=ids, indirect=True, scope="session")


def is_slow(page, machine, letters, long):
    """Return whether a test is one of those that need not run at every change.

    Every page of a kind but a few (LIKE_OTHERS); every page of answers but one where it takes long; the slow
    processor; Noto's letters where nothing depends on them, where it takes long, and on every page but a few.
    """
    alike = LIKE_OTHERS.match(page) or (long and page in SITE.answers and page != AN_ANSWER)
    seen_with_noto = letters and not long and page in WITH_NOTO
    return alike or machine == "slow" or (machine == "noto" and not seen_with_noto)


def is_turn_of_another(item, page):
    """Return whether another page, or another machine, stands for this one in a parameter's value.

    What holds on a page at one width, say, mostly holds at all, since every page has the same stylesheet. So
    each page is seen at one of the widths, each width on some pages, and one page of answers at every width
    unless it takes long.
    """
    mark = item.get_closest_marker("turns")
    if mark is None:
        return False
    given = item.callspec.params
    at_every = page == AN_ANSWER and given["machine"] == "plain" and not item.get_closest_marker("long")
    if LIKE_OTHERS.match(page) or at_every:
        return False
    parameters = {mark.args[0]: mark.args[1] for mark in item.iter_markers("parametrize")}
    pages = parameters.get("path") or sorted(SITE.pages, key=SITE.answers.__contains__, reverse=True)
    turn = (pages.index(page) if page else 0) + [*MACHINES].index(given["machine"])
    (name,) = mark.args
    return given[name] != parameters[name][turn % len(parameters[name])]


def has_turn(item, number):
    """Return whether a test opens, at every change, the page or the explorable of that number."""
    return (zlib.crc32(item.originalname.encode()) + number) % SHARES == 0


def is_turn_of_another_answer(item, page):
    """Return whether other pages of answers stand for this one in a test that opens any page.

    They have one template and one stylesheet, so that what fails on one mostly fails on others. Which pages a
    test opens differs from test to test, and one page is opened by all.
    """
    given = getattr(item, "callspec", None)
    if given is None or "any_page" not in given.params or page not in SITE.answers or page == AN_ANSWER:
        return False
    return "built" not in item.fixturenames and not has_turn(item, SITE.answers.index(page))


def is_turn_of_another_explorable(item):
    """Return whether other explorables stand for this one in a test of their frame.

    All have one script for controls, keys and words. Which of them a test opens differs from test to test.
    """
    given = getattr(item, "callspec", None)
    if given is None or not {"name", "visit"} <= set(item.fixturenames):
        return False
    return not has_turn(item, given.indices["name"])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what is slow, and keep together what looks at one page (pytest-xdist's loadgroup)."""
    for item in items:
        given = item.callspec.params if hasattr(item, "callspec") else {}
        page = given.get("any_page") or str(given.get("path", ""))
        opens = {"shown", "visit", "built"} & set(item.fixturenames)
        letters, long = map(item.get_closest_marker, ("letters", "long"))
        slow = opens and is_slow(page, given.get("machine"), letters, long)
        another = is_turn_of_another_answer(item, page) or is_turn_of_another_explorable(item)
        if slow or another or is_turn_of_another(item, page):
            item.add_marker(pytest.mark.full)
        if {"shown", "built"} & set(item.fixturenames):
            item.add_marker(pytest.mark.xdist_group(page))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item):
    """Faults of the pages fail the test itself; any failure leaves its pages' pictures."""
    visit, shown = item.funcargs.get("visit"), item.funcargs.get("shown")
    try:
        result = yield
        if visit:
            visit.check()
        if "acted_on" in item.funcargs:
            shown.visit.check()
    except BaseException:
        for opened in filter(None, (visit, shown and shown.visit)):
            opened.keep_screenshots(item)
        raise
    return result


@pytest.fixture(scope="session")
def site():
    server = serve(SITE.folder, PLACE)
    SITE.address = f"http://127.0.0.1:{server.server_port}{PLACE}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield SITE
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def windows(tmp_path_factory):
    """A function that gives the windows of a Chromium with certain fonts, started when first asked for."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    system = os.environ.get("FONTCONFIG_FILE", "/etc/fonts/fonts.conf")
    with sync_playwright() as playwright:
        started = []

        @cache
        def start(but):
            file = tmp_path_factory.mktemp("fonts") / "fonts.conf"
            file.write_text(FONTS.format(system=system, but=but), encoding="utf-8")
            chromium = playwright.chromium.launch(
                executable_path=find(),
                args=ARGUMENTS + ["--no-sandbox"] * root,
                chromium_sandbox=not root,
                env={**os.environ, "FONTCONFIG_FILE": str(file)},
            )
            started.append(chromium)
            return Windows(chromium)

        yield start
        for chromium in started:
            chromium.close()


@pytest.fixture(scope="session")
def machine(request, windows):
    machine = MACHINES[request.param]
    if machine.fonts and not windows(machine.fonts).has_hangul:
        pytest.skip(NO_NOTO)
    return machine


@pytest.fixture
def visit(site, windows, machine):
    opened = Visit(site, windows(machine.fonts), machine)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def on_phone(site, windows):
    """A function that opens a page on the narrowest phone, and keeps it until it opens the next."""
    kept = {}

    def show(path, machine):
        if machine not in kept or kept[machine][0] != path:
            if machine in kept:
                kept.pop(machine)[1].visit.close()
            visit = Visit(site, windows(machine.fonts), machine)
            page = visit(path, own=not machine.fonts, **PHONE)
            page.visit = visit
            kept[machine] = path, page
        return kept[machine][1]

    yield show
    for _, page in kept.values():
        page.visit.close()


@pytest.fixture
def shown(on_phone, any_page, machine):
    """The page of ``any_page`` on the narrowest phone; it holds its own Visit."""
    return on_phone(any_page, machine)


@pytest.fixture
def looked_at(shown):
    """The page, which is left in the size and the colours that it was found in."""
    yield shown
    shown.emulate_media(media="screen", color_scheme="light", contrast="no-preference", forced_colors="none")
    shown.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})


@pytest.fixture
def acted_on(looked_at):
    """The page, whose folds and notes are left as they were found."""
    folds = looked_at.evaluate_handle(FOLDS)
    yield looked_at
    looked_at.keyboard.press("Escape")
    looked_at.evaluate("(folds) => { for (const [fold, open] of folds) fold.open = open }", folds)


@pytest.fixture(scope="session")
def any_answer(any_page):
    """The page, where only pages of answers are meant."""
    return any_page


@pytest.fixture(scope="session")
def built(site, windows):
    """A function that gives the document of a page as its file says it."""
    window = windows("").take()
    blank = window.new_page()

    @cache
    def parse(path):
        return blank.evaluate_handle(
            "(html) => new DOMParser().parseFromString(html, 'text/html')", site.text(path)
        )

    yield parse
    windows("").give_back(window)
