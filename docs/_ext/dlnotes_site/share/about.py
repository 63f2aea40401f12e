"""What is told about each page: its address, title, description, picture and days.

Gathered once all pages are read; a page about which something else was told before is written anew.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.answers.questions import gist
from dlnotes_site.export.words import bare
from dlnotes_site.pages import being_read, is_answers, known, questions_on, store, topic_of
from dlnotes_site.share.address import address_of
from dlnotes_site.share.cards import Card
from dlnotes_site.share.news import check_news, dates_of, require_sound_news


@dataclass(frozen=True)
class About:
    """What is told about a page."""

    url: str
    title: str
    description: str
    card: Card
    days: tuple[datetime.date, datetime.date] | None


def about_pages(env: BuildEnvironment) -> dict[str, About]:
    """Return what is told about each page."""
    found: dict[str, About] = store(env)["shared"]
    return found


def note_opening(app: Sphinx, doctree: nodes.document) -> None:
    """Note how a page without a description begins: one about a module, with its docstring's first line."""
    if "description" in app.env.metadata[app.env.docname]:
        return
    first = next(iter(doctree.findall(nodes.paragraph)), None)
    being_read(app.env).opening = bare(first) if first is not None else ""


def gather(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Gather what is told about every page; name those about which something else was told before."""
    check_news(app, env)
    before = about_pages(env)
    root = card_of(app, env, env.config.root_doc)
    store(env)["shared"] = {
        docname: About(
            url=address_of(app, docname),
            title=title_of(env, docname),
            description=description_of(env, docname),
            card=card_of(app, env, docname) if is_answers(env, docname) else root,
            days=dates_of(app, docname),
        )
        for docname in sorted(env.found_docs)
    }
    return [name for name, about in about_pages(env).items() if before.get(name, about) != about]


def title_of(env: BuildEnvironment, docname: str) -> str:
    """Return the page's question, if it answers one alone, or else its title."""
    asked = list(questions_on(env, docname).values())
    return asked[0].words if len(asked) == 1 else env.titles[docname].astext()


def description_of(env: BuildEnvironment, docname: str) -> str:
    """Return the page's description, the gist of its first answer, or how it begins."""
    own = env.metadata[docname].get("description")
    asked = list(questions_on(env, docname).values())
    if own:
        return " ".join(str(own).split())
    if asked:
        return bare(gist(asked[0].answer))
    return known(env, docname).opening or env.titles[docname].astext()


def card_of(app: Sphinx, env: BuildEnvironment, docname: str) -> Card:
    """Describe the picture of a page."""
    asked = [question.words for question in questions_on(env, docname).values()]
    name, _, claim = app.config.html_title.partition(": ")
    if docname == env.config.root_doc:
        return Card(docname, "질문과 답", claim or name, (), name, named_alike=True)
    more = tuple(asked) if len(asked) > 1 else ()
    return Card(
        docname, topic_of(env, docname), title_of(env, docname), more, f"{name} · {claim}" if claim else name
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.answers.questions")
    app.add_config_value("news_file", "news.yml", "env", str)
    app.connect("builder-inited", require_sound_news, priority=504)
    app.connect("doctree-read", note_opening, priority=900)
    app.connect("env-updated", gather, priority=901)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
