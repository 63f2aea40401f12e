"""How an answer is cited and where its faults are reported: the right place, or no link at all."""

from html import unescape
from urllib.parse import parse_qsl, urlsplit

import mini_site
import pytest

CONF = """
project, author, language = "dlnotes", "dlnotes contributors", "ko"
extensions = ["myst_parser", *("dlnotes_site.share." + part for part in ("citing", "head"))]
myst_enable_extensions = ["colon_fence"]
html_title = "dlnotes: 물음과 답"
html_baseurl = "https://example.org/site/"
html_sidebars = {"**": ["dl-sources.html"]}
from pathlib import Path
import dlnotes_site
room = Path(dlnotes_site.__file__).parent
templates_path = [str(room / part / "templates") for part in ("share", "theme")]
"""
ANSWER = """# 글

""" + mini_site.answer("q01", "Q01. C#은 &lt;무엇&gt;인가요?", r"\*짧은\* 답입니다.")
NEWS = """
- {date: 2026-03-01, page: page, kind: new, said: 새 글입니다.}
- {date: 2026-04-09, page: page, kind: corrected, said: 고쳤습니다.}
"""
FILES = {
    "conf.py": CONF,
    "index.md": "# 첫 화면\n\n```{toctree}\npage\n```\n",
    "page.md": ANSWER,
    "news.yml": NEWS,
}
REPOSITORY = "https://github.com/someone/dlnotes"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("known")
    mini_site.build(folder, {**FILES, "conf.py": f"{CONF}\nrepository_url = {REPOSITORY!r}\n"})
    return mini_site.page(folder, "index"), mini_site.page(folder, "page")


def reports(page):
    """Yield what the links to a new issue ask for."""
    for part in page.split('href="')[1:]:
        address = part.split('"')[0].replace("&amp;", "&")
        if address.startswith(f"{REPOSITORY}/issues/new?"):
            yield dict(parse_qsl(urlsplit(address).query, strict_parsing=True))


def test_a_fault_is_reported_with_the_place_of_its_question(pages):
    said = [
        one for one in reports(pages[1]) if one["body"].startswith("https://example.org/site/page.html#q01\n")
    ]
    assert [one["title"] for one in said] == ["틀린 곳: C#은 <무엇>인가요?"]


def test_every_page_leads_to_the_sources(pages):
    for page, place in zip(pages, ("", "page.html"), strict=True):
        assert f'href="{REPOSITORY}"' in page
        assert any(one["body"].startswith(f"https://example.org/site/{place}\n") for one in reports(page))


def test_an_answer_is_cited_with_its_place_and_the_day_of_its_newest_news(pages):
    cited = pages[1].split('class="dl-cite"')[1].split("</details>")[0]
    assert (
        "dlnotes contributors, “C#은 &lt;무엇&gt;인가요?”, 『dlnotes: 물음과 답』, 2026년 4월 9일, "
        "https://example.org/site/q01/"
    ) in cited
    for line in (
        "@misc{dlnotes-q01,",
        "year = {2026},",
        "month = apr,",
        "author = {{dlnotes contributors}},",
    ):
        assert line in cited


def test_a_card_to_paste_has_the_answer_a_link_and_whom_to_credit(pages):
    cited = pages[1].split('class="dl-cite"')[1].split("</details>")[0]
    html, markdown = (unescape(part.split("</pre>")[0]) for part in cited.split("<pre>")[2:])
    assert html == (
        '<blockquote cite="https://example.org/site/q01/">\n'
        '  <p><a href="https://example.org/site/q01/">C#은 &lt;무엇&gt;인가요?</a></p>\n'
        "  <p>*짧은* 답입니다.</p>\n"
        "  <footer>dlnotes contributors, 『dlnotes: 물음과 답』, "
        '<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a></footer>\n'
        "</blockquote>"
    )
    assert markdown == (
        r"> **[C#은 \<무엇>인가요?](https://example.org/site/q01/)**" + "\n>\n"
        r"> \*짧은\* 답입니다." + "\n>\n"
        "> dlnotes contributors, 『dlnotes: 물음과 답』, "
        "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)"
    )


def test_where_no_repository_is_known_nothing_leads_to_one(tmp_path):
    mini_site.build(tmp_path, FILES)
    for name in ("index", "page"):
        assert "틀린 곳 알리기" not in mini_site.page(tmp_path, name)
        assert "이 사이트의 코드" not in mini_site.page(tmp_path, name)
    assert "이 답을 인용하기" in mini_site.page(tmp_path, "page")
