"""The e-book: its pages are XML that a device for reading takes, and equal pages have equal bytes."""

import zipfile
from xml.etree import ElementTree

import mini_site
import pytest
from sphinx.errors import ExtensionError

from dlnotes_site.export import book

PAGES = {"글.xhtml", "api/code.xhtml"}
SITE = "https://example.org/site/"


def page(inside, name="글.xhtml"):
    made = book.parsed(f"<!DOCTYPE html>\n<html lang='ko'><body>{inside}</body></html>", name)
    book.take_out(made)
    book.lay_open(made)
    book.keep_to_rules(made)
    book.lead(made, name, PAGES, SITE)
    return book.written(made)


@pytest.mark.parametrize(
    ("html", "xml"),
    [
        ("<p>가<br>나<wbr>다&nbsp;라</p>", "<p>가<br />나<wbr />다\xa0라</p>"),
        ("<p>값<button>정</button>입니다.</p>", "<p>값입니다.</p>"),
        ("<details><summary>줄</summary></details>", '<details open="open"><summary>줄</summary></details>'),
        (
            '<div class="dl-narrow" hidden>좁은 그림</div><div class="dl-wide">넓은 그림</div>',
            '<div class="dl-narrow">좁은 그림</div>',
        ),
        (
            '<svg xmlns="http://www.w3.org/2000/svg"><path d="M 0 0"/></svg>',
            '<svg xmlns="http://www.w3.org/2000/svg"><path d="M 0 0" /></svg>',
        ),
        (
            '<math aria-label="엑스" translate="no"><mtable scriptlevel="0"></mtable></math>',
            '<math alttext="엑스" xmlns="http://www.w3.org/1998/Math/MathML"><mtable /></math>',
        ),
        (
            '<i class="dl-tip">원래 표기: 1 <a href="api/code.xhtml">정오표</a></i>',
            '<i class="dl-tip"> [원래 표기: 1 <a href="api/code.xhtml">정오표</a>]</i>',
        ),
        ('<a href="api/code.xhtml#f">코드</a>', '<a href="api/code.xhtml#f">코드</a>'),
        ('<a href="notebooks/a.ipynb">노트북</a>', f'<a href="{SITE}notebooks/a.ipynb">노트북</a>'),
        ('<a href="downloads.xhtml">받기</a>', f'<a href="{SITE}downloads.html">받기</a>'),
        ('<a href="#q01">질문</a>', '<a href="#q01">질문</a>'),
    ],
)
def test_a_page_is_written_as_a_book_has_it(html, xml):
    assert f"<body>{xml}</body>" in page(html)


def test_links_from_within_a_folder_find_their_pages():
    assert '<a href="../%EA%B8%80.xhtml">' in page('<a href="../%EA%B8%80.xhtml">글</a>', "api/code.xhtml")
    assert f'<a href="{SITE}search.html">' in page('<a href="../search.xhtml">찾기</a>', "api/code.xhtml")


def test_what_is_no_xml_is_told_with_its_page():
    with pytest.raises(
        ExtensionError, match=r"글\.xhtml is no XML, and so no page of a book: .*near .*<b></p>"
    ):
        page("<p><b></p>")


def test_of_a_page_is_told_what_a_device_has_to_know():
    made = book.parsed("<html><p><math/><svg/><math/></p></html>", "a.xhtml")
    assert book.properties(made) == "mathml svg"


CONF = """
project, author, copyright, language = "dlnotes", "dlnotes contributors", "2026", "ko"
extensions = ["myst_nb", "sphinx_exercise", "dlnotes_site.export.book", "dlnotes_site.math.render"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
html_math_renderer = "mathml"
html_title = "dlnotes: 물음과 답"
html_baseurl = "https://example.org/site/"
"""
FILES = {
    "conf.py": CONF,
    "index.md": "---\ndescription: 물음에 답합니다.\n---\n# 첫 화면\n\n```{toctree}\nadam\n```\n",
    "adam.md": "# 글\n\n" + mini_site.answer("q01", "Q01. 무엇인가요?", "$x_1$입니다."),
    "news.yml": "- {date: 2026-03-01, page: adam, kind: new, said: 새 글입니다.}\n",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    paths = []
    for name in ("하나", "둘"):
        folder = tmp_path_factory.mktemp(name)
        out = folder / "_build" / "epub"
        done = mini_site.attempt(folder, FILES, "-b", "epub", "-d", folder / "trees", out=out)
        assert done.returncode == 0, done.stderr
        paths.append(out / "dlnotes.epub")
    return paths


@pytest.mark.full
def test_two_builds_have_the_same_bytes(made):
    assert made[0].read_bytes() == made[1].read_bytes()


def test_the_book_says_what_it_is_and_when_it_was_put_right(made):
    with zipfile.ZipFile(made[0]) as packed:
        assert packed.infolist()[0].filename == "mimetype"
        assert packed.infolist()[0].compress_type == zipfile.ZIP_STORED
        package = ElementTree.fromstring(packed.read("content.opf"))
        contents = packed.read("nav.xhtml").decode()
        names = set(packed.namelist())
    said = {element.tag.partition("}")[2]: element.text for element in next(iter(package))}
    assert (said["title"], said["language"], said["date"]) == (
        "dlnotes: 물음과 답",
        "ko",
        "2026-03-01T00:00:00Z",
    )
    items = {item.get("href"): item.get("properties") for item in package.iter(f"{book.OPF}item")}
    assert items["adam.xhtml"] == "mathml"
    assert items["_static/cover.png"] == "cover-image"
    assert set(items) - {"nav.xhtml", "toc.ncx"} <= names
    assert '<a href="adam.xhtml#q01">Q01. 무엇인가요?</a>' in contents
