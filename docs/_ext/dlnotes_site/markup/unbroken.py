"""Where no line ends: in a name such as LeNet-5, between a bracket and its particle, before a note's number.

Browsers keep Korean words whole (``word-break: keep-all``), yet end a line after ``RNN)`` in ``RNN)은``.

Done as the HTML is written, so that the text stays as it is for search, notebooks and whoever copies it.
"""

from __future__ import annotations

import re
from itertools import pairwise

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

NAME = re.compile(r"(?<![\w&-])[A-Za-z][A-Za-z0-9]*-v?\d+(?![A-Za-z0-9-])")
PARTICLE = re.compile(r"\)[가-힣]")


def visit_text(self: HTML5Translator, node: nodes.Text) -> None:
    """Write text as Sphinx does, what is whole held together."""
    start = len(self.body)
    HTML5Translator.visit_Text(self, node)
    if not self.protect_literal_text:
        written = "".join(self.body[start:])
        for whole in (NAME, PARTICLE):
            written = whole.sub(r'<span class="dl-whole">\g<0></span>', written)
        if written[-1:].isspace() and stands_before_note(node):
            written = re.sub(r"\s+$", "&#160;", written)
        self.body[start:] = [written]


def stands_before_note(node: nodes.Text) -> bool:
    """Tell whether a note's number follows."""
    beside = node.parent.children
    return any(a is node and isinstance(b, nodes.footnote_reference) for a, b in pairwise(beside))


def depart_text(_self: HTML5Translator, _node: nodes.Text) -> None:
    """Nothing is left open."""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    # Sphinx asks only for the class's name, which a text has as well as an element.
    app.add_node(nodes.Text, override=True, html=(visit_text, depart_text))  # type: ignore[arg-type]
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
