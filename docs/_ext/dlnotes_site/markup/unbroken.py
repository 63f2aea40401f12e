"""Where no line ends: in a name such as LeNet-5, before a particle, before a note's number.

Browsers keep Korean words whole (``word-break: keep-all``), yet end a line after ``RNN)`` in ``RNN)은``, be
it in one text or at the end of a link. Formulas and code hold their particles in
:mod:`dlnotes_site.math.render`.

Done as the HTML is written, so that the text stays as it is for notebooks and whoever copies it. Templates
have the filter ``held`` for it.
"""

from __future__ import annotations

import re

from docutils import nodes
from markupsafe import Markup, escape
from sphinx.application import Sphinx
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

NAME = r"(?<![\w&-])[A-Za-z][A-Za-z0-9]*-v?\d+(?![A-Za-z0-9-])"
PARTICLE = r"[)\]’”」』%°×′″][가-힣]"
WHOLE = re.compile(f"{NAME}|{PARTICLE}")
LONGEST_WORD = 24  # signs; a longer one may have to break on a phone
HANGUL = re.compile(r"[가-힣]+")


def held(escaped: str) -> str:
    """Hold together what is whole in a text that is written as HTML."""
    return WHOLE.sub(r'<span class="dl-whole">\g<0></span>', escaped)


def visit_text(self: HTML5Translator, node: nodes.Text) -> None:
    """Write text as Sphinx does, what is whole held together."""
    start = len(self.body)
    HTML5Translator.visit_Text(self, node)
    if not self.protect_literal_text:
        self.body[start:] = [held("".join(self.body[start:]))]


def depart_text(_self: HTML5Translator, _node: nodes.Text) -> None:
    """Nothing is left open."""


def hold_notes(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Hold a note's number and the word before it together, once notebooks and texts are written."""
    for note in doctree.findall(nodes.footnote_reference):
        parent, place = note.parent, note.parent.index(note)
        before = parent[place - 1] if place else None
        if isinstance(before, nodes.Text) and before[-1:].isspace():
            parent[place - 1] = nodes.Text(f"{before.rstrip()}\N{NO-BREAK SPACE}")


def hold_particles(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Hold a link, or other words that are marked, and the particle at it together; the words may break."""
    for marked in list(doctree.findall(nodes.Element)):
        parent = marked.parent
        if not isinstance(marked, nodes.Inline) or isinstance(marked, nodes.math):
            continue
        if not isinstance(parent, nodes.TextElement) or "dl-keep" in parent["classes"]:
            continue
        after = marked.next_node(descend=False, siblings=True)
        if not isinstance(after, nodes.Text):
            continue
        particle = HANGUL.match(after)
        shown: nodes.Node = marked[0] if "dl-erratum" in marked["classes"] else marked
        words = shown.astext()
        if particle is None or not words or words[-1].isspace() or HANGUL.match(words[-1]):
            continue
        hold_last_word(shown)
        joined = nodes.inline("", particle[0], classes=["dl-particle"])
        both = nodes.inline("", "", marked, joined, classes=["dl-with-particle"])
        place = parent.index(marked)
        parent[place : place + 2] = [both, nodes.Text(after[particle.end() :])]


def hold_last_word(shown: nodes.Node) -> None:
    """Hold the last word together: Chromium asks of a sign's own style whether a line may end behind it."""
    *_, last = shown.findall(nodes.Text)
    word = re.split(r"\s", last)[-1]
    if len(word) <= LONGEST_WORD and last.parent and not isinstance(last.parent, nodes.math):
        before = nodes.Text(last.removesuffix(word))
        last.parent.replace(last, [before, nodes.inline("", word, classes=["dl-whole"])])


def give_filter(app: Sphinx) -> None:
    """Give the templates the filter."""
    templates = getattr(app.builder, "templates", None)
    if isinstance(templates, BuiltinTemplateLoader):
        templates.environment.filters["held"] = lambda text: Markup(held(str(escape(text))))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    # Sphinx asks only for the class's name, which a text has as well as an element.
    app.add_node(nodes.Text, override=True, html=(visit_text, depart_text))  # type: ignore[arg-type]
    app.connect("builder-inited", give_filter, priority=508)
    app.connect("doctree-resolved", hold_notes, priority=950)
    app.connect("doctree-resolved", hold_particles, priority=951)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
