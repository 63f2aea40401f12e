"""Windows of Chromium, and what goes wrong in the pages that they open."""

import json
import os
import re
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from asked import QUESTIONS
from playwright.sync_api import Error, expect

expect.set_options(timeout=30_000)  # as long as Playwright waits for all else: a machine may be slow

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("DLNOTES_SITE") or ROOT / "_build" / "html")
PLACE = urlsplit(os.environ.get("DLNOTES_URL", "")).path.rstrip("/") + "/"  # where the site stands
SCREENSHOTS = ROOT / "_build" / "browser"
# Chromium's address bar opens two pages of its own in every window, which cost as much as ours. Of two lists
# Chromium takes the last, so Playwright's own stands here again.
UNUSED = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,"
    "AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,MediaRouter,"
    "NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch,ThirdPartyStoragePartitioning"
)
UNFOLD = "for (const fold of document.querySelectorAll('details')) fold.open = true"
# What the page's own scripts do when something has changed its size, they do with the frame that shows it.
FRAMES = """async () => {
  for (let n = 0; n < 2; n++) await new Promise((next) => requestAnimationFrame(next));
}"""
ARGUMENTS = [
    f"--disable-features={UNUSED}",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    # A foreign request must be seen and fail, and leave the machine never.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include>{system}</include>
  <selectfont>
    {but}
    <rejectfont><pattern><patelt name="lang"><string>ko</string></patelt></pattern></rejectfont>
  </selectfont>
</fontconfig>
"""
FAMILY = '<acceptfont><pattern><patelt name="family"><string>{}</string></patelt></pattern></acceptfont>'
NOTO = "".join(FAMILY.format(f"Noto Sans CJK {region}") for region in ("KR", "JP", "SC", "TC", "HK"))


@dataclass(frozen=True)
class Machine:
    """A reader's machine: its Hangul fonts, and how many times slower than this one it is."""

    fonts: str = ""
    slowness: int = 1


MACHINES = {"plain": Machine(), "noto": Machine(fonts=NOTO), "slow": Machine(slowness=4)}
# The narrowest phone, at rest: colours that fade in are not what a test means to look at.
PHONE = {"width": 320, "height": 640, "touch": True, "reduced_motion": "reduce"}


SETTLE = """() => {
  document.documentElement.classList.remove("dl-later");
  return document.fonts.ready.then(() => true);
}"""
# What layout asks for has been asked for, and nothing waits to be done.
REST = f"""async () => {{
  const frames = {FRAMES};
  await frames();
  await document.fonts.ready;
  await frames(); // what came is drawn
  await new Promise((next) => requestIdleCallback(next));
}}"""
HAS_HANGUL = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const drawn = (letter) => {
    pen.clearRect(0, 0, 32, 32);
    pen.font = "24px sans-serif";
    pen.fillText(letter, 2, 26);
    return pen.getImageData(0, 0, 32, 32).data.join();
  };
  return drawn("한") !== drawn("글");
}"""


# How far things have moved since the page began to load.
SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def until(page, says):
    """Wait for what is to become true in a page; the policy may refuse Playwright's own wait_for_function."""
    end = time.monotonic() + 30
    while not page.evaluate(says):
        assert time.monotonic() < end, says
        page.wait_for_timeout(25)


class SiteError(AssertionError):
    """What went wrong in an opened page without being seen."""


class Site:
    """The built site."""

    def __init__(self, folder):
        self.folder = folder
        self.address = None

    @cached_property
    def pages(self):
        """The places of all pages; the short addresses of questions are none."""
        return sorted(
            str(file.relative_to(self.folder))
            for file in self.folder.rglob("*.html")
            if not {"_static", *QUESTIONS} & set(file.parts)
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


def path_of(url):
    """The path of an address within the site."""
    return urlsplit(url).path.removeprefix(PLACE)


class Windows:
    """The windows of a Chromium. They are used again, with nothing remembered but what is cached."""

    def __init__(self, chromium):
        self.chromium = chromium
        self.free = defaultdict(list)
        self.kinds = {}

    def open(self, **kind):
        """Give a new window, which is closed when it is given back."""
        return self.chromium.new_context(**kind)

    def take(self, **kind):
        """Give a window of this kind."""
        key = json.dumps(kind, sort_keys=True)
        window = self.free[key].pop() if self.free[key] else self.open(**kind)
        self.kinds[window] = key
        return window

    def give_back(self, window):
        """Close the window's pages, and let the next test have it if it may."""
        if window not in self.kinds:
            return window.close()
        window.unroute_all()
        for page in window.pages:
            if page.url.startswith("http"):
                page.evaluate("localStorage.clear()")
            page.close()
        return self.free[self.kinds.pop(window)].append(window)

    @cached_property
    def has_hangul(self):
        """Whether there is a font with Hangul."""
        window = self.take()
        found = window.new_page().evaluate(HAS_HANGUL)
        self.give_back(window)
        return found


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

    def __init__(self, site, windows, machine=MACHINES["plain"]):
        self.site, self.windows, self.machine = site, windows, machine
        self.contexts, self.log, self.console = {}, [], []
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
        own=False,
        **context,
    ):
        """Open a page in a window.

        Faults that match ``forgive`` are meant (a missing page, say). ``before`` is a script that runs before
        the page's own. The page is ``whole``: its fonts are there, and it is laid out at once (later.js).
        A window of its ``own`` has cached nothing, and no other test gets it. What else is given goes to
        Playwright's ``new_context``.
        """
        self.forgiven += [forgive] if isinstance(forgive, str) else forgive
        kind = {
            "viewport": {"width": width, "height": height},
            "color_scheme": scheme,
            "has_touch": touch,
            "is_mobile": touch,
            "java_script_enabled": scripts,
            **{"locale": "ko-KR", **context},
        }
        window = self.windows.open(**kind) if own or before else self.windows.take(**kind)
        self.contexts[window] = self.listen(window)
        if before:
            window.add_init_script(before)
        page = window.new_page()
        if self.machine.slowness > 1:
            session = window.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": self.machine.slowness})
        page.goto(self.site.url(path), wait_until="load")
        if scripts and whole:
            page.evaluate(SETTLE)
        return page

    def listen(self, window):
        """Write down what a window asks for and says. Return who listens to what."""
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

        def thrown(error):
            self.console.append(f"예외: {error.error}")

        listeners = {
            "request": sent,
            "response": answered,
            "requestfailed": failed,
            "console": said,
            "weberror": thrown,
        }
        for event, listener in listeners.items():
            window.on(event, listener)
        return listeners

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
        for window, listeners in self.contexts.items():
            for event, listener in listeners.items():
                window.remove_listener(event, listener)
            self.windows.give_back(window)
        self.contexts.clear()
