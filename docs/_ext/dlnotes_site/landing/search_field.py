"""A field that searches, in a page: ``{search-field}``."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from dlnotes_site.pages import OnScreen, show_on_screen

TEMPLATE = "korean-search-field.html"


class SearchField(OnScreen):
    """The field; other builders have none."""


class SearchFieldDirective(SphinxDirective):
    """Put the field here."""

    def run(self) -> list[nodes.Node]:
        """Make the node."""
        return [SearchField(docname=self.env.docname)]


def write(translator: HTML5Translator, node: SearchField) -> None:
    """Write the field as the search's own pages have it."""

    def pathto(name: str) -> str:
        return translator.builder.get_relative_uri(node["docname"], name)

    field = translator.builder.templates.render(TEMPLATE, {"pathto": pathto})
    translator.body.append(f'<div class="ks-page">{field}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    show_on_screen(app, SearchField, write)
    app.add_directive("search-field", SearchFieldDirective)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
