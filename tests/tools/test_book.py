"""The book that is put together from the built pages: names, links, what moves to its end."""

import importlib.util
import re

import pytest
from bs4 import BeautifulSoup
from pages import ROOT

spec = importlib.util.spec_from_file_location("book_tool", ROOT / "tools" / "book.py")
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)

HEAD = '<meta property="og:site_name" content="이름: 주장"><meta name="description" content="무엇인가">'
CARD = """<div class="dl-card"><div class="dl-emblem"><svg></svg></div>
<h3 class="rubric"><a href="{0}.html">{0}</a></h3></div>"""
CHAPTER = """<article class="bd-article"><section id="id1">
<h1>{title}<a class="headerlink" href="#id1">#</a></h1>
<p><a href="glossary.html#term-padding">패딩</a>, <a href="{other}.html#{asked}">저 질문</a>,
<a href="api/x.html">모듈</a>, <a href="https://example.org/">밖</a></p>
<section id="{own}"><h2>{own}. 무엇?</h2>
<svg><defs><clipPath id="clip"></clipPath></defs><g clip-path="url(#clip)"></g></svg>
<div class="dl-guess">맞혀 보기</div>
<section id="deep"><details class="dl-fold dl-deeper"><summary><h3>더</h3>
<span class="dl-line">보입니다.</span></summary>
<p>접힌 말</p></details></section></section>
<section id="id2"><h2>연습문제</h2><div class="exercise admonition" id="ex-1"><p>문제</p></div>
<details class="dl-fold dl-solution" id="solution-1"><summary>연습문제 1 풀이</summary>
<p>풀이의 말</p></details></section>
<section id="id3"><h2>참고한 글</h2></section></section>
<hr><aside class="footnote-list"><aside id="cite">글</aside></aside>
</article>"""
GLOSSARY = """<article><section id="id1"><h1>용어집</h1><section id="letter-1"><h2>ㅍ</h2>
<dl><dt id="term-padding">패딩 <span>padding</span></dt><dd>뜻</dd></dl></section></section></article>"""
CARDS = f'<section><h2>주제<a class="headerlink">#</a></h2><div class="dl-cards">{CARD}</div></section>'


@pytest.fixture
def site(tmp_path):
    files = {
        "index.html": HEAD + CARDS.format("one") + CARDS.format("two"),
        "one.html": CHAPTER.format(title="하나", other="two", own="q01", asked="q02"),
        "two.html": CHAPTER.format(title="둘", other="one", own="q02", asked="q01"),
        "glossary.html": GLOSSARY,
        "feed.xml": "<updated>2026-11-29T00:00:00</updated>",
        "_static/site-1.css": "",
    }
    for name, text in files.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "site"


@pytest.fixture
def book(site, tmp_path):
    return BeautifulSoup(tool.Book(site).html(tmp_path), "html.parser")


def test_no_name_stands_twice_and_every_link_stays_in_the_book_or_leads_to_another_site(book):
    names = [one["id"] for one in book.select("[id]")]
    assert len(names) == len(set(names))
    targets = [link["href"] for link in book.select("a[href]")]
    assert {target for target in targets if not target.startswith("#")} == {"https://example.org/"}
    assert {target[1:] for target in targets if target.startswith("#")} <= set(names)
    assert "#two--q02" in targets
    clip = book.select_one("g[clip-path]")["clip-path"]
    assert re.fullmatch(r"url\(#(.+)\)", clip)[1] in names


def test_the_contents_name_the_topics_the_chapters_the_questions_and_the_end(book):
    contents = book.select_one(".book-contents")
    lines = [line.a.get_text() if line.a else line.get_text() for line in contents.select("p")]
    chapters = ["주제", "하나", "q01. 무엇?", "주제", "둘", "q02. 무엇?"]
    assert lines == [*chapters, "뒤에", "연습문제 풀이", "용어집", "참고한 글", "찾아보기"]
    assert [one.h1.get_text() for one in book.select(".book-chapter")] == [
        *("하나", "둘"),
        *lines[len(chapters) + 1 :],
    ]


def test_solutions_and_references_move_to_the_end_and_exercises_tell_where(book):
    chapter, solutions = book.select_one("#one"), book.select_one("#solutions")
    assert "풀이의 말" not in chapter.get_text()
    assert solutions.get_text().count("풀이의 말") == 2
    assert chapter.select_one(".exercise .book-page")["href"] == "#one--solution-1"
    assert solutions.select_one("#one--solution-1 .book-page")["href"] == "#one--ex-1"
    assert "참고한 글" not in chapter.get_text()
    assert [one["id"] for one in book.select("#references aside[id]")] == ["one--cite", "two--cite"]


def test_what_folds_on_the_screen_stands_open_and_what_only_a_screen_can_use_is_gone(book):
    assert not book.select("details, .dl-guess, .headerlink")
    assert book.select_one("#one--deep p").get_text() == "보입니다."
    assert "접힌 말" in book.get_text()


def test_the_index_leads_from_a_term_to_each_chapter_that_uses_it(book):
    (item,) = book.select(".book-index li")
    assert item.a.get_text() == "패딩 padding"
    uses = [book.find(id=page["href"][1:]) for page in item.select(".book-page")]
    assert [use.find_parent(class_="book-chapter")["id"] for use in uses] == ["one", "two"]


def test_a_link_to_what_the_book_lacks_is_told(site, tmp_path):
    page = (site / "one.html").read_text(encoding="utf-8").replace("two.html#q02", "two.html#gone")
    (site / "one.html").write_text(page, encoding="utf-8")
    with pytest.raises(tool.BookError, match="one: a link leads to #two--gone, which the book lacks"):
        tool.Book(site).html(tmp_path)


def test_a_site_that_is_not_built_is_told_in_one_line(tmp_path, capsys):
    assert tool.main([str(tmp_path / "none"), str(tmp_path / "made")]) == 1
    assert "not built; make html comes first" in capsys.readouterr().err


def test_its_letters_are_outlines_that_a_pdf_can_hold_as_a_font(tmp_path):
    from fontTools.ttLib import TTFont

    (tmp_path / "letters.ttf").write_bytes(tool.outlined("가A"))
    with TTFont(tmp_path / "letters.ttf") as font:
        assert set(font.getBestCmap()) == {ord("가"), ord("A")}
        assert font["glyf"][font.getBestCmap()[ord("가")]].numberOfContours > 0
        assert font["name"].getDebugName(6) == "dlnotesSans-Regular"
    assert tool.outlined("가A") == tool.outlined("가A")
