"""What can be taken along: ``{downloads}`` lists the files that are there, each with its size and its date.

The book, the e-book and the offline site are made of the built site, so that the page cannot know of them as
it is written: it holds all that there may be, those hidden. :func:`fill` tells what of it is there, in the
copy of the site that is offered and in the one to be read offline.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from dlnotes_site.export.llms import FULL
from dlnotes_site.export.notebooks import notebook_file
from dlnotes_site.pages import OnScreen, is_answers, note_that_it_sums_up, reading_order, show_on_screen
from dlnotes_site.share.answers import NAME, SCHEMA
from dlnotes_site.share.news import dates_of, newest, news_of, news_path

FOLDER = "downloads"
# What is made of the built site, and stands in this folder where the site is offered.
MADE = {
    "dlnotes.pdf": ("책 (PDF)", "더 깊이까지 모두 펼친 한 권입니다. 인쇄하거나 태블릿에서 읽습니다."),
    "at-a-glance.pdf": ("답 한눈에 (PDF)", "모든 질문의 짧은 답과 요약입니다. 시험 전날 인쇄해서 봅니다."),
    "dlnotes.epub": (
        "전자책 (EPUB)",
        "휴대전화와 전자책 단말기에서 읽습니다. 수식과 그림이 모두 들어 있습니다.",
    ),
    "dlnotes.zip": (
        "사이트 전체 (ZIP)",
        "압축을 풀고 index.html을 열면 인터넷 없이 읽습니다. 검색과 만져 보는 그림도 그대로 움직입니다.",
    ),
}
OTHERS = {
    FULL: ("글 전체 (텍스트)", "모든 글을 파일 하나에 담았습니다."),
    NAME: ("질문과 답 (JSON)", "질문, 짧은 답, 요약, 주장과 주소입니다. 프로그램에서 씁니다."),
    SCHEMA: ("JSON의 스키마", "위의 파일에 무엇이 있는지 적었습니다."),
}
ITEM = re.compile(r'<li data-file="([^"]*)"(?: hidden(?:="")?)?>(.*?)</li>', re.S)
SIZE = '<span class="dl-size"></span>'


@dataclass(frozen=True)
class Download:
    """A file, from the site's root."""

    file: str
    title: str
    note: str
    day: datetime.date | None
    made: bool = False  # of the built site

    @property
    def date(self) -> str:
        """The day of the newest news in it, in words."""
        return f"{self.day.year}년 {self.day.month}월 {self.day.day}일" if self.day else ""


class Downloads(OnScreen):
    """Stands for the list; in a book there is none."""


class DownloadsDirective(SphinxDirective):
    """List what can be taken along."""

    def run(self) -> list[Downloads]:
        """Leave a place: pages and dates are known once all is read."""
        self.env.note_dependency(str(news_path(self.env.app)))
        note_that_it_sums_up(self.env)
        return [Downloads()]


def downloads_of(app: Sphinx) -> tuple[list[Download], list[Download]]:
    """Return what there may be: files for a reader and for a program, and the notebooks."""
    day = newest(news_of(app))
    files = [Download(f"{FOLDER}/{name}", *words, day, made=True) for name, words in MADE.items()]
    files += [Download(name, *words, day) for name, words in OTHERS.items()]
    answers = [page for page in reading_order(app.env) if is_answers(app.env, page)]
    notebooks = [
        Download(quote(notebook_file(page)), app.env.titles[page].astext(), "", days and days[1])
        for page in answers
        for days in [dates_of(app, page)]
    ]
    return files, notebooks


def visit(translator: HTML5Translator, _node: Downloads) -> None:
    """Write the list."""
    files, notebooks = downloads_of(translator.builder.app)
    told = {"files": files, "notebooks": notebooks, "size": SIZE}
    translator.body.append(translator.builder.templates.render("dl-downloads.html", told))
    raise nodes.SkipNode


def size_of(file: Path) -> str:
    """Write a file's size as a reader takes it."""
    size = file.stat().st_size
    return f"{size / 1e6:.1f}MB" if size >= 1e6 else f"{max(size / 1e3, 1):.0f}KB"


def fill(page: str, site: Path) -> str:
    """Return the page with what stands in the site's folder, and nothing else."""

    def item(found: re.Match[str]) -> str:
        name, inside = found.groups()
        file = site / unquote(name)
        if not file.is_file():
            return ""
        linked = inside.replace("<a>", f'<a href="{name}" download="">', 1)
        sized = linked.replace(SIZE, SIZE.replace("><", f">{size_of(file)}, <"), 1)
        return f'<li data-file="{name}">{sized}</li>'

    return ITEM.sub(item, page)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.export.notebooks")
    app.setup_extension("dlnotes_site.share.answers")
    app.add_directive("downloads", DownloadsDirective)
    show_on_screen(app, Downloads, visit)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
