"""The site's menu: topics, their pages, and below each page of answers its questions.

Sphinx's own names no questions, and makes the tree of all pages anew for each page that it writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.pages import changed_in, questions_on, topics
from dlnotes_site.theme.module_code import make_all_anew


@dataclass(frozen=True)
class Entry:
    """A page in the menu: what it answers, and the pages below it."""

    docname: str
    title: str  # as HTML
    questions: dict[str, str] = field(default_factory=dict)  # headings by id
    below: tuple[Entry, ...] = ()

    def holds(self, docname: str) -> bool:
        """Tell whether a page is this one or below it."""
        return docname == self.docname or any(entry.holds(docname) for entry in self.below)


class Menu:
    """The menu, made once a build."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.topics: list[tuple[str, list[Entry]]] = []

    def make(self, app: Sphinx, env: BuildEnvironment) -> Iterator[str]:
        """Make the menu; name all pages if it is not the one that was written into them."""
        if not isinstance(app.builder, StandaloneHTMLBuilder):
            return
        self.topics = [
            (topic, [entry(app.builder, name) for name in names]) for topic, names in topics(env).items()
        ]
        if changed_in(env, "menu", {"": repr(self.topics)}):
            make_all_anew(app)
            yield from sorted(env.found_docs)

    def give(self, _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
        """Give it to a page's template."""
        context["menu"] = self.topics


def entry(builder: StandaloneHTMLBuilder, docname: str) -> Entry:
    """Make the entry of a page."""
    env = builder.env
    return Entry(
        docname,
        builder.render_partial(env.titles[docname])["title"],
        {name: question.title for name, question in questions_on(env, docname).items()},
        tuple(entry(builder, name) for name in env.toctree_includes.get(docname, ())),
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.markup.unbroken")  # its filter is in the template
    menu = Menu()
    app.connect("env-updated", menu.make, priority=504)
    app.connect("html-page-context", menu.give, priority=402)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
