"""Figures, tables, listings and exercises are counted page by page, as each is read, from 그림 1 on.

Sphinx counts through the whole site, and loads every page at every build to do so. A reader who arrives from
a search expects the page's first figure to be the first, and an edited page alone is counted anew.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.pages import being_read, pages


def number(app: Sphinx, doctree: nodes.document) -> None:
    """Count what a page numbers, kind by kind."""
    numbers = being_read(app.env).numbers
    standard = app.env.domains.standard_domain
    for node in doctree.findall(nodes.Element):
        kind = standard.get_enumerable_node_type(node) if standard.is_enumerable_node(node) else None
        if kind and node["ids"] and standard.get_numfig_title(node):
            counted = numbers.setdefault(kind, {})
            counted[node["ids"][0]] = len(counted) + 1


class PageNumbers(TocTreeCollector):
    """Sphinx's collector of tables of contents, which asks the pages for their numbers."""

    def assign_figure_numbers(self, env: BuildEnvironment) -> list[str]:
        """Take over the pages' numbers; a page whose own changed was read, and is written anew anyway."""
        env.toc_fignumbers = {
            docname: {
                kind: {anchor: (number,) for anchor, number in counted.items()}
                for kind, counted in page.numbers.items()
            }
            for docname, page in pages(env).items()
            if page.numbers
        }
        return []


def replace_collector(app: Sphinx) -> None:
    """Have Sphinx's own collector rest."""
    listeners = [one for found in app.events.listeners.values() for one in found]
    stock = {
        owner
        for one in listeners
        if type(owner := getattr(one.handler, "__self__", None)) is TocTreeCollector
    }
    for collector in stock:
        collector.disable(app)
    app.add_env_collector(PageNumbers)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.pages")
    replace_collector(app)
    app.connect("doctree-read", number, priority=503)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
