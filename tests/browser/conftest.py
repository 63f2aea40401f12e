"""Open the built site in Chromium.

site      the built site served at 127.0.0.1: .url(page), .pages, .answers, .text(page), .folder. It is in
          DLNOTES_SITE or _build/html, and stands where DLNOTES_URL says, as when it was built.
visit     opens a page and returns Playwright's Page. The test fails on an error or a warning in the console,
          an uncaught exception, a failed request, a request to another host. visit.log holds the requests.
any_page  a test with this argument runs once for every page, with any_answer once for every page of answers.
shown     that page as on a narrow phone, for tests that only look: it is opened once for them all.

A test that fails leaves what its pages looked like in _build/browser/.
"""

import os
import re
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from chromium import MISSING, find
from server import serve

try:
    from playwright.sync_api import Error, sync_playwright
except ImportError:  # make test's environment: these tests are not for it
    sync_playwright = None
    collect_ignore_glob = ["test_*.py"]

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("DLNOTES_SITE") or ROOT / "_build" / "html")
PLACE = urlsplit(os.environ.get("DLNOTES_URL", "")).path.rstrip("/") + "/"
SCREENSHOTS = ROOT / "_build" / "browser"
UNBUILT = f"지은 사이트가 {FOLDER}에 없습니다. make html로 먼저 지으십시오."
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    # A foreign request must be seen and fail, and leave the machine never.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


# The narrowest phone, at rest: colours that fade in are not what a test means to look at.
PHONE = {"width": 320, "height": 640, "touch": True, "reduced_motion": "reduce"}


SETTLE = """() => {
  document.documentElement.classList.remove("dl-later");
  return document.fonts.ready.then(() => true);
}"""


def until(page, says):
    """Wait for what is to become true in a page; the policy may refuse Playwright's own wait_for_function."""
    for _ in range(200):
        if page.evaluate(says):
            return
        page.wait_for_timeout(25)
    raise AssertionError(says)


class SiteError(AssertionError):
    """What went wrong in an opened page without being seen."""


def pytest_sessionstart(session):
    if sync_playwright and find() is None:
        pytest.exit(MISSING, returncode=4)
    if sync_playwright and not FOLDER.is_dir():
        pytest.exit(UNBUILT, returncode=4)


def pytest_terminal_summary(terminalreporter):
    if sync_playwright is None:
        terminalreporter.section("브라우저 테스트는 돌리지 않았습니다: make test-browser", sep="#")


def pytest_generate_tests(metafunc):
    for name, paths in (("any_page", SITE.pages), ("any_answer", SITE.answers)):
        if name in metafunc.fixturenames:
            # Tests of one page follow each other, so that it is opened once for all that only look.
            metafunc.parametrize(name, paths, scope="session")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item):
    """Faults of the pages fail the test itself; any failure leaves its pages' pictures."""
    visit, shown = item.funcargs.get("visit"), item.funcargs.get("shown")
    try:
        result = yield
        if visit:
            visit.check()
    except BaseException:
        for opened in filter(None, (visit, shown and shown.visit)):
            opened.keep_screenshots(item)
        raise
    return result


class Site:
    """The built site."""

    def __init__(self, folder):
        self.folder = folder
        self.address = None

    @cached_property
    def pages(self):
        """The places of all pages."""
        return sorted(
            str(file.relative_to(self.folder))
            for file in self.folder.rglob("*.html")
            if "_static" not in file.parts
        )

    @cached_property
    def answers(self):
        """The places of the pages of answers."""
        return [path for path in self.pages if "/" not in path and "dl-short-answer" in self.text(path)]

    def text(self, path):
        """What the file holds."""
        return (self.folder / path).read_text(encoding="utf-8")

    def url(self, path=""):
        """The address of a page."""
        return urljoin(self.address, path)


SITE = Site(FOLDER)


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
def browser():
    if find() is None:
        pytest.fail(MISSING, pytrace=False)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find(), args=ARGUMENTS + ["--no-sandbox"] * root, chromium_sandbox=not root
        )
        yield chromium
        chromium.close()


@pytest.fixture
def visit(site, browser):
    opened = Visit(site, browser)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shown(site, browser, any_page):
    """The page of ``any_page`` on the narrowest phone; it holds its own Visit."""
    visit = Visit(site, browser)
    page = visit(any_page, **PHONE)
    page.visit = visit
    yield page
    visit.close()


def path_of(url):
    """The path of an address within the site."""
    return urlsplit(url).path.removeprefix(PLACE)


@dataclass
class Request:
    """A request and its answer; ``bytes`` are those of the answer's body as sent, packed."""

    url: str
    page: str
    kind: str
    status: int | None = None
    bytes: int = 0
    failure: str | None = None

    @property
    def path(self):
        return path_of(self.url)


class Visit:
    """A function that opens pages, remembers them and gathers what goes wrong in them."""

    def __init__(self, site, browser):
        self.site, self.browser = site, browser
        self.contexts, self.log, self.console = [], [], []
        self.forgiven = []

    def __call__(
        self,
        path,
        width=1440,
        height=900,
        scheme="light",
        touch=False,
        scripts=True,
        forgive=(),
        before="",
        whole=True,
        **context,
    ):
        """Open a page in a window of its own.

        Faults that match ``forgive`` are meant (a missing page, say). ``before`` is a script that runs before
        the page's own. The page is ``whole``: its fonts are there, and it is laid out at once (later.js).
        What else is given goes to Playwright's ``new_context``.
        """
        self.forgiven += [forgive] if isinstance(forgive, str) else forgive
        window = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            has_touch=touch,
            is_mobile=touch,
            java_script_enabled=scripts,
            **{"locale": "ko-KR", **context},
        )
        self.contexts.append(window)
        self.listen(window)
        if before:
            window.add_init_script(before)
        page = window.new_page()
        page.goto(self.site.url(path), wait_until="load")
        if scripts and whole:
            page.evaluate(SETTLE)
        return page

    def listen(self, window):
        """Write down what a window asks for and says."""
        made = {}

        def sent(request):
            if request.url.startswith(("data:", "blob:", "about:")):
                return
            try:
                page = path_of(request.frame.url)
            except Error:  # the first request of a page has no frame yet
                page = ""
            made[request] = Request(request.url, page, request.resource_type)
            self.log.append(made[request])

        def answered(response):
            if entry := made.get(response.request):
                entry.status = response.status
                entry.bytes = int(response.headers.get("content-length", 0))

        def failed(request):
            if entry := made.get(request):
                entry.failure = request.failure

        def said(message):
            if message.type in ("error", "warning"):
                self.console.append(f"콘솔 {message.type}: {message.text}")

        window.on("request", sent)
        window.on("response", answered)
        window.on("requestfailed", failed)
        window.on("console", said)
        window.on("weberror", lambda error: self.console.append(f"예외: {error.error}"))

    def faults(self):
        """What has gone wrong so far."""
        found = list(self.console)
        for request in self.log:
            if not request.url.startswith(self.site.address):
                found.append(f"다른 호스트로 간 요청: {request.url}")
            elif request.status is not None and request.status >= 400:
                found.append(f"{request.status}: {request.url}")
            # A download or a click that leads on ends the request before it: that is no failure.
            elif request.failure and request.failure != "net::ERR_ABORTED":
                found.append(f"실패한 요청: {request.url} {request.failure}")
        return [fault for fault in found if not any(re.search(pattern, fault) for pattern in self.forgiven)]

    def check(self):
        """Raise what has gone wrong."""
        if found := self.faults():
            raise SiteError("\n".join(found))

    def keep_screenshots(self, item):
        """Keep pictures of the open pages."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^\w.-]+", "-", item.name).strip("-")
        pages = [page for window in self.contexts for page in window.pages]
        for number, page in enumerate(pages):
            file = SCREENSHOTS / f"{name}{f'-{number}' if number else ''}.png"
            try:
                page.screenshot(path=file, full_page=True, timeout=20_000)
                item.add_report_section("call", "화면", str(file.relative_to(ROOT)))
            except Error as error:
                item.add_report_section("call", "화면", f"남기지 못했습니다: {error}")

    def close(self):
        """Close all windows."""
        for window in self.contexts:
            window.close()
        self.contexts.clear()
