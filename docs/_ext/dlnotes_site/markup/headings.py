"""A heading is called by its words alone: the link to its address stands in it, but is not of its name."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

OPENING = re.compile(r"<h[1-6]\b")


def visit_title(self: HTML5Translator, node: nodes.title) -> None:
    """Write a heading's beginning; its words get an id that names the heading."""
    start = len(self.body)
    HTML5Translator.visit_title(self, node)
    opened = "".join(self.body[start:])
    if isinstance(node.parent, nodes.section) and node.parent["ids"] and OPENING.match(opened):
        words = f"{node.parent['ids'][0]}-words"
        named = OPENING.sub(rf'\g<0> aria-labelledby="{words}"', opened, count=1)
        self.body[start:] = [re.sub(r"(?<=>)", f'<span id="{words}">', named, count=1)]
        node["named"] = True


def depart_title(self: HTML5Translator, node: nodes.title) -> None:
    """Close a heading, its words before its link."""
    if node.get("named"):
        self.body.append("</span>")
    HTML5Translator.depart_title(self, node)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.add_node(nodes.title, override=True, html=(visit_title, depart_title))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
