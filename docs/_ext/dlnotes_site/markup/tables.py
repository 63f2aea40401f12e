"""Tables written in the pages: a screen reader learns their name and what each head stands over."""

from __future__ import annotations

import html

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator


def visit_entry(self: HTML5Translator, node: nodes.entry) -> None:
    """Write a cell; a head says whether it is its column's or its row's."""
    HTML5Translator.visit_entry(self, node)
    scope = "col" if isinstance(node.parent.parent, nodes.thead) else "row"
    self.body[-1] = self.body[-1].replace("<th", f'<th scope="{scope}"', 1)


def depart_entry(self: HTML5Translator, node: nodes.entry) -> None:
    """Close the cell."""
    HTML5Translator.depart_entry(self, node)


def visit_table(self: HTML5Translator, node: nodes.table) -> None:
    """Write a table that scrolls within itself; without a caption it is called by the heading over it."""
    HTML5Translator.visit_table(self, node)
    heading = heading_over(node)
    if heading and not any(isinstance(child, nodes.title) for child in node):
        name = html.escape(heading.astext())
        self.body[-1] = self.body[-1].replace("<table", f'<table aria-label="{name}"', 1)
    self.body[-1] = f'<div class="pst-scrollable-table-container">{self.body[-1]}'


def depart_table(self: HTML5Translator, node: nodes.table) -> None:
    """Close the table."""
    HTML5Translator.depart_table(self, node)
    self.body.append("</div>\n")


def heading_over(node: nodes.Node) -> nodes.title | None:
    """Return the title of what the node stands in."""
    while node is not None:
        node = node.parent
        if isinstance(node, nodes.section | nodes.Admonition) and isinstance(node[0], nodes.title):
            return node[0]
    return None


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.add_node(nodes.entry, override=True, html=(visit_entry, depart_entry))
    app.add_node(nodes.table, override=True, html=(visit_table, depart_table))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
