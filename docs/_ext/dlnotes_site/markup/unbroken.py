"""Where no line ends: in a name such as LeNet-5, between a bracket and its particle, before a note's number.

Browsers keep Korean words whole (``word-break: keep-all``), yet end a line after ``RNN)`` in ``RNN)은``.

Done as the HTML is written, so that the text stays as it is for notebooks and whoever copies it.
"""

from __future__ import annotations

import re

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
        self.body[start:] = [written]


def depart_text(_self: HTML5Translator, _node: nodes.Text) -> None:
    """Nothing is left open."""


def hold_notes(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Hold a note's number and the word before it together, once notebooks and texts are written."""
    for note in doctree.findall(nodes.footnote_reference):
        parent, place = note.parent, note.parent.index(note)
        before = parent[place - 1] if place else None
        if isinstance(before, nodes.Text) and before[-1:].isspace():
            parent[place - 1] = nodes.Text(f"{before.rstrip()}\N{NO-BREAK SPACE}")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    # Sphinx asks only for the class's name, which a text has as well as an element.
    app.add_node(nodes.Text, override=True, html=(visit_text, depart_text))  # type: ignore[arg-type]
    app.connect("doctree-resolved", hold_notes, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
