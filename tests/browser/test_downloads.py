"""내려받은 사이트는 인터넷 없이 끝까지 움직이고, 전자책은 규칙을 지킨다."""

import re
import shutil
import subprocess
import zipfile
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from asked import QUESTIONS
from visiting import FOLDER, ROOT

JAR = Path("/usr/share/java/epubcheck.jar")  # where Debian's package puts it


def downloaded(name, kind):
    """내려받을 파일: 이 사이트가 올린 것, 없으면 이 기계에서 만든 것."""
    for place in (FOLDER / "downloads" / name, ROOT / "_build" / kind / name):
        if place.is_file():
            return place
    return pytest.skip(f"{name} was not built: make everything")


@pytest.fixture(scope="module")
def offline(tmp_path_factory):
    folder = tmp_path_factory.mktemp("내려받은 것")
    with zipfile.ZipFile(downloaded("dlnotes.zip", "zip")) as packed:
        packed.extractall(folder)
    return folder / "dlnotes"


class Alone:
    """네트워크가 없는 창. 연 쪽에서 잘못된 것을 모은다."""

    def __init__(self, window, folder):
        self.window, self.folder, self.faults = window, folder, []
        window.on("console", self.hear)
        window.on("weberror", lambda error: self.faults.append(str(error.error)))
        window.on("requestfailed", self.miss)
        window.on("request", self.see)

    def hear(self, said):
        if said.type in {"error", "warning"}:
            self.faults.append(said.text)

    def miss(self, request):
        if request.failure != "net::ERR_ABORTED":  # another page was opened meanwhile
            self.faults.append(request.url)

    def see(self, request):
        if not request.url.startswith(("file:", "data:")):
            self.faults.append(request.url)

    def open(self, place):
        page = self.window.new_page()
        page.goto(f"{self.folder.as_uri()}/{place}")
        return page


@pytest.fixture(scope="module")
def alone(offline, windows):
    window = windows("").open(offline=True, locale="ko-KR")
    yield Alone(window, offline)
    window.close()


@pytest.mark.full
def test_every_page_opens_from_a_folder_without_a_fault(offline, alone):
    for path in sorted(offline.rglob("*.html")):
        page = alone.open(path.relative_to(offline).as_posix())
        page.wait_for_load_state()
        assert not alone.faults, path
        page.close()


@pytest.mark.full
def test_every_link_in_the_folder_leads_to_a_file_in_it(offline):
    for path in offline.rglob("*.html"):
        for address in re.findall(r'\s(?:href|src)="([^"#?]+)', path.read_text(encoding="utf-8")):
            if not urlsplit(address).scheme:
                assert (path.parent / unquote(unescape(address))).exists(), (path, address)


@pytest.mark.full
def test_the_search_an_explorable_and_the_self_test_work_from_a_folder(alone):
    page = alone.open("index.html")
    field = page.locator("main input[type=search]").first
    field.fill("세임 패딩")
    page.locator("[role=option]").first.wait_for()
    assert "same-padding.html" in page.locator("[role=listbox] a").first.get_attribute("href")
    page.goto(page.url.replace("index.html", "search.html?q=%ED%8C%A8%EB%94%A9"))
    page.locator("main a[href*='same-padding.html']").first.wait_for()
    page.goto(re.sub(r"search\.html.*", "same-padding.html", page.url))
    said = page.locator(".dl-explore-said").first
    before = said.inner_text()
    page.locator("dl-explore input[type=range]").first.press("ArrowRight")
    page.wait_for_timeout(300)
    assert said.inner_text() != before
    page.goto(page.url.replace("same-padding.html", "self-test.html"))
    page.locator(".dl-self-test input[type=radio]:visible").first.check()
    page.locator(".dl-self-test > .dl-answering > .dl-answer").click()
    assert page.locator(".dl-verdict-said:visible").first.inner_text()
    page.goto(page.url.replace("self-test.html", f"{QUESTIONS[0]}/index.html"))
    page.wait_for_url(f"**/*.html#{QUESTIONS[0]}")
    assert not alone.faults
    page.close()


@pytest.mark.full
def test_epubcheck_finds_neither_a_fault_nor_anything_to_warn_of():
    if not JAR.is_file() or not shutil.which("java"):
        pytest.skip("epubcheck is not there: apt-get install epubcheck")
    done = subprocess.run(
        ["java", "-jar", JAR, downloaded("dlnotes.epub", "epub")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, re.findall(r"^(?:ERROR|WARNING|FATAL).*", done.stderr, re.M)) == (0, [])
