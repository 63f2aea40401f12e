"""Where a reader reports a fault, how an answer is cited, and a card of it to paste elsewhere.

Below each question and at the end of each page of answers; every page's foot leads to the sources. Where no
repository is known (`repository_url`), nothing leads to one.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from dlnotes_site.answers.questions import WayOn
from dlnotes_site.export.words import MarkdownWords, paragraphs
from dlnotes_site.pages import OnScreen, places, questions_of, show_on_screen
from dlnotes_site.share.about import about_pages
from dlnotes_site.share.address import address_of, report_address
from dlnotes_site.share.short import short_address
from dlnotes_site.share.structured_data import LICENCE

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class QuestionTools(OnScreen):
    """What can be done with the answer of a question; only a page on a screen has it."""


@dataclass(frozen=True)
class Cited:
    """An answer, or a page of them, as others cite it."""

    key: str
    title: str
    url: str
    site: str
    author: str
    day: datetime.date
    says: str = ""  # the short answer

    @property
    def date(self) -> str:
        """The day of the answer's newest news, in words."""
        return f"{self.day.year}년 {self.day.month}월 {self.day.day}일"

    @property
    def words(self) -> str:
        """The citation as a line."""
        return f"{self.author}, “{self.title}”, 『{self.site}』, {self.date}, {self.url}"

    @property
    def bibtex(self) -> str:
        """The citation as BibTeX."""
        fields = {
            "author": f"{{{self.author}}}",
            "title": f"{{{self.title}}}",
            "howpublished": self.site,
            "year": str(self.day.year),
            "month": MONTHS[self.day.month - 1],
            "url": self.url,
        }
        lines = (f"  {name} = {said if name == 'month' else f'{{{said}}}'}," for name, said in fields.items())
        return "\n".join([f"@misc{{{self.key},", *lines, "}"])

    @property
    def html(self) -> str:
        """The answer as a card to paste: HTML."""
        url, title, says = map(escape, (self.url, self.title, self.says))
        credit = f'{escape(self.author)}, 『{escape(self.site)}』, <a href="{LICENCE}">CC BY 4.0</a>'
        lines = (f'  <p><a href="{url}">{title}</a></p>', f"  <p>{says}</p>", f"  <footer>{credit}</footer>")
        return "\n".join([f'<blockquote cite="{url}">', *lines, "</blockquote>"])

    @property
    def markdown(self) -> str:
        """The same as Markdown."""
        title, says, author, site = map(
            MarkdownWords(str).text, (self.title, self.says, self.author, self.site)
        )
        credit = f"{author}, 『{site}』, [CC BY 4.0]({LICENCE})"
        return f"> **[{title}]({self.url})**\n>\n> {says}\n>\n> {credit}"


def cited(app: Sphinx, docname: str, title: str, anchor: str = "") -> Cited | None:
    """Return how a page, or a question on it, is cited; nothing for a page without a date."""
    about = about_pages(app.env).get(docname)
    if about is None or about.days is None:
        return None
    url, says = about.url, ""
    if anchor:
        url = short_address(app, anchor)
        says = " ".join(paragraphs(questions_of(app.env)[anchor].answer))
    key = f"{app.config.project}-{anchor or docname}"
    return Cited(key, title, url, app.config.html_title, app.config.author, about.days[1], says)


def place_tools(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Put the tools behind the way on from each question."""
    for place in places(doctree, WayOn):
        place.parent.insert(place.parent.index(place) + 1, QuestionTools(question=place["question"]))


def write_tools(translator: HTML5Translator, node: QuestionTools) -> None:
    """Write the tools of a question."""
    builder, name = translator.builder, node["question"]
    question = questions_of(builder.env)[name]  # of another page, where all are one
    told = tools(builder.app, question.docname, question.words, name)
    translator.body.append(builder.templates.render("dl-question-tools.html", told))
    raise nodes.SkipNode


def tools(app: Sphinx, pagename: str, title: str, anchor: str = "") -> dict[str, Any]:
    """Return what a template needs to know of a page or a question."""
    known, url = app.config.repository_url, address_of(app, pagename)
    at = f"{url}#{anchor}" if anchor else url
    return {
        "anchor": anchor,
        "report": report_address(known, title, at) if known else "",
        "cited": cited(app, pagename, title, anchor),
    }


def lead_to_sources(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Tell a page's end and foot how it is cited, where its faults are reported, where the sources are."""
    titles = app.env.titles
    title = titles[pagename].astext() if pagename in titles else str(context.get("title") or pagename)
    context.update(tools(app, pagename, title), sources=app.config.repository_url)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.share.about")
    app.setup_extension("dlnotes_site.share.short")
    app.add_config_value("repository_url", "", "html", str)
    show_on_screen(app, QuestionTools, write_tools)
    app.connect("doctree-resolved", place_tools, priority=498)
    app.connect("html-page-context", lead_to_sources, priority=399)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
