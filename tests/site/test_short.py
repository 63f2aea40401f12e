"""A question's short address: it leads on without a script, keeps the place, and is nobody else's."""

import re

import mini_site
import pytest

BASE = "https://example.org/site/"
CONF = f"""
project, author, language = "dlnotes", "dlnotes contributors", "ko"
extensions = ["myst_parser", "dlnotes_site.answers.questions", "dlnotes_site.share.short"]
extensions += ["dlnotes_site.share.head", "dlnotes_site.share.files", "dlnotes_site.bundle.leftovers"]
myst_enable_extensions = ["colon_fence"]
html_baseurl = {BASE!r}
"""
FILES = {
    "conf.py": CONF,
    "index.md": "# 첫 화면\n\n```{toctree}\n:glob:\n\n글 하나\n```\n",
    "글 하나.md": "# 글\n\n" + mini_site.answer("q01", "Q01. C#은 &lt;무엇&gt;인가요?", "언어입니다."),
    "news.yml": "- {date: 2026-03-01, page: 글 하나, kind: new, said: 새 글입니다.}\n",
}
PLACE = "../%EA%B8%80%20%ED%95%98%EB%82%98.html#q01"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("short")
    mini_site.build(folder, FILES)
    return folder


def test_it_leads_to_the_place_by_itself_and_by_a_link(folder):
    page = mini_site.page(folder, "q01/index")
    assert re.findall(r'http-equiv="refresh" content="([^"]*)"', page) == [f"0; url={PLACE}"]
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', page) == [(PLACE, "C#은 &lt;무엇&gt;인가요?")]
    assert "<script" not in page


def test_it_names_the_page_that_search_engines_are_to_show(folder):
    page = mini_site.page(folder, "q01/index")
    assert f'<link rel="canonical" href="{BASE}{PLACE[3:].partition("#")[0]}">' in page
    assert "q01/" not in (mini_site.site(folder) / "sitemap.xml").read_text(encoding="utf-8")


def test_the_address_of_a_question_that_is_no_more_goes(tmp_path):
    mini_site.build(tmp_path, FILES)
    mini_site.build(tmp_path, {"글 하나.md": FILES["글 하나.md"].replace("q01", "q02")})
    assert [path.name for path in mini_site.site(tmp_path).glob("q*")] == ["q02"]


@pytest.mark.builds
@pytest.mark.parametrize("page", ["q01", "q01/index", "q01/more"])
def test_a_page_that_stands_there_fails_the_build(tmp_path, page):
    done = mini_site.attempt(tmp_path, {**FILES, f"{page}.md": "---\norphan:\n---\n# 다른 글\n"})
    assert done.returncode
    assert f"question q01 and page {page} would have one address" in done.stderr
