"""지은 사이트를 크로뮴으로 여는 시험의 장비.

site         _build/html을 127.0.0.1에서 내어 준다. site.url(쪽), site.pages, site.answers, site.folder.
visit        쪽을 열어 Playwright의 Page를 준다. 콘솔의 오류와 경고, 잡히지 않은 예외, 실패한 요청,
             다른 호스트로 간 요청이 하나라도 있으면 시험이 실패한다. visit.log에 요청이 차례로 남는다.
any_page     이것을 인자로 받는 시험은 쪽마다 한 번씩 돈다. any_answer는 답이 있는 쪽마다 한 번씩 돈다.

실패한 시험은 화면을 _build/browser/에 남긴다.
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
FOLDER = ROOT / "_build" / "html"
SCREENSHOTS = ROOT / "_build" / "browser"
UNBUILT = "지은 사이트가 _build/html에 없습니다. make html로 먼저 지으십시오."
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    # A foreign request must be seen and fail, and leave the machine never.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class SiteError(AssertionError):
    """열어 본 쪽이 조용히 잘못한 것."""


def pytest_sessionstart(session):
    if sync_playwright and find() is None:
        pytest.exit(MISSING, returncode=4)
    if sync_playwright and not FOLDER.is_dir():
        pytest.exit(UNBUILT, returncode=4)


def pytest_terminal_summary(terminalreporter):
    if sync_playwright is None:
        terminalreporter.section("브라우저 시험은 돌리지 않았습니다: make test-browser", sep="#")


def pytest_generate_tests(metafunc):
    for name, paths in (("any_page", SITE.pages), ("any_answer", SITE.answers)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, paths)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item):
    """Faults of the pages fail the test itself; any failure leaves its pages' pictures."""
    opened = item.funcargs.get("visit")
    try:
        result = yield
        if opened:
            opened.check()
    except BaseException:
        if opened:
            opened.keep_screenshots(item)
        raise
    return result


class Site:
    """지은 사이트."""

    def __init__(self, folder):
        self.folder = folder
        self.address = None

    @cached_property
    def pages(self):
        """모든 쪽의 자리."""
        return sorted(
            str(file.relative_to(self.folder))
            for file in self.folder.rglob("*.html")
            if "_static" not in file.parts
        )

    @cached_property
    def answers(self):
        """답이 있는 쪽의 자리."""
        return [path for path in self.pages if "/" not in path and "dl-short-answer" in self.text(path)]

    def text(self, path):
        """파일에 적힌 그대로."""
        return (self.folder / path).read_text(encoding="utf-8")

    def url(self, path=""):
        """쪽의 주소."""
        return urljoin(self.address, path)


SITE = Site(FOLDER)


@pytest.fixture(scope="session")
def site():
    server = serve(SITE.folder)
    SITE.address = f"http://127.0.0.1:{server.server_port}/"
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


@dataclass
class Request:
    """한 요청과 그 답. bytes는 답의 몸통이 지나온 바이트(압축된 채)."""

    url: str
    page: str
    kind: str
    status: int | None = None
    bytes: int = 0
    failure: str | None = None

    @property
    def path(self):
        return urlsplit(self.url).path.lstrip("/")


class Visit:
    """쪽을 여는 함수. 연 것을 모두 기억하고, 잘못을 모은다."""

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
        **context,
    ):
        """path를 새 창에서 연다.

        forgive의 정규식에 맞는 잘못은 봐준다(없는 쪽을 일부러 열 때 따위).
        나머지 인자는 Playwright의 new_context로 간다.
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
        page = window.new_page()
        page.goto(self.site.url(path), wait_until="load")
        return page

    def listen(self, window):
        """창의 요청과 콘솔을 적는다."""
        made = {}

        def sent(request):
            if request.url.startswith(("data:", "blob:", "about:")):
                return
            try:
                page = urlsplit(request.frame.url).path.lstrip("/")
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
        """지금까지 연 쪽들의 잘못."""
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
        """잘못이 있으면 SiteError."""
        if found := self.faults():
            raise SiteError("\n".join(found))

    def keep_screenshots(self, item):
        """열려 있는 쪽의 화면을 남긴다."""
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
        """창을 모두 닫는다."""
        for window in self.contexts:
            window.close()
        self.contexts.clear()
