"""장비가 잘못을 놓치지 않는다는 것."""

import gzip
import sys
import urllib.request

import pytest
from asked import ASKED, LECTURE, QUESTIONS
from visiting import NOTO, SCREENSHOTS, SiteError, Visit

fails = pytest.mark.xfail(raises=SiteError, strict=True)


@fails
def test_a_console_error_fails_the_test(visit):
    visit("index.html").evaluate("console.error('잘못')")


@fails
def test_a_console_warning_fails_the_test(visit):
    visit("index.html").evaluate("console.warn('조심')")


@fails
def test_an_uncaught_exception_fails_the_test(visit):
    page = visit("index.html")
    with page.context.expect_event("weberror"):
        page.evaluate("setTimeout(() => { throw new Error('잘못') })")


@fails
def test_a_request_to_another_host_fails_the_test(visit):
    visit("index.html").evaluate("fetch('https://example.com/font.woff2').catch(() => {})")


@fails
def test_a_missing_file_fails_the_test(visit):
    visit("index.html").evaluate("fetch('no-such-file.js')")


def test_a_missing_page_can_be_asked_for(visit):
    page = visit("no-such-page", forgive="404")
    assert visit.log[0].status == 404
    assert page.content()


def test_a_failure_leaves_a_screenshot(visit, request):
    visit("index.html")
    visit.keep_screenshots(request.node)
    file = SCREENSHOTS / f"{request.node.name}.png"
    assert file.read_bytes().startswith(b"\x89PNG")
    file.unlink()


def test_a_window_that_was_used_remembers_nothing_and_tells_nothing_to_whom_it_was(visit, site, windows):
    page = visit("index.html")
    page.evaluate("localStorage.setItem('mode', 'dark')")
    visit.close()
    page = Visit(site, visit.windows)("relu.html")
    assert page.evaluate("localStorage.length") == 0
    assert len(page.context.pages) == 1
    assert [request.path for request in visit.log if request.kind == "document"] == ["index.html"]


@pytest.mark.letters
@pytest.mark.skipif(sys.platform != "linux", reason="fonts are not found by fontconfig here")
def test_the_plain_machine_has_no_hangul_and_the_other_has(windows, machine):
    assert windows(machine.fonts).has_hangul == (machine.fonts == NOTO)


def test_the_log_tells_what_was_asked_for_and_how_much_came(visit, site):
    visit("index.html")
    first = visit.log[0]
    assert (first.path, first.kind, first.status) == ("index.html", "document", 200)
    assert 0 < first.bytes < len(site.text("index.html").encode())


def test_the_server_gives_what_a_host_of_static_pages_gives(site):
    def ask(path, **headers):
        return urllib.request.urlopen(urllib.request.Request(site.url(path), headers=headers))

    plain, packed = ask("index.html"), ask("index.html", **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.read()) == plain.read()
    assert ask("").read() == ask("index.html").read() == ask("index").read()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        ask("../conf.py")


def test_the_site_has_a_page_for_every_page_of_answers(site):
    assert set(QUESTIONS) >= LECTURE
    assert site.answers == [f"{page}.html" for page in ASKED]
    assert set(site.answers) < set(site.pages)
