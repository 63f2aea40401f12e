"""English inside the Korean text is marked as English, so that a screen reader says it in English.

Marked are the English terms that stand in brackets beside the Korean ones, runs of two English words and
more, and whole paragraphs without Hangul (references). A single foreign word, an abbreviation, a name in code
are left to the Korean voice: changing voices for each costs the listener more than it helps.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.nodes import traverse_parent
from sphinx.util.typing import ExtensionMetadata

MARK = "language-en"  # docutils writes it as lang="en"
WORD = r"[A-Za-z][A-Za-z’'-]+"
ENGLISH = re.compile(
    rf"(?<=\()(?=[^()]*[a-z]{{3}}){WORD}(?:,?\s{WORD})*(?=\))"  # 합성곱(convolution)
    rf"|(?<![\w./-])(?=[A-Za-z’',\s-]*?[a-z]{{3}}){WORD}(?:,?\s{WORD})+(?![A-Za-z0-9_/(]|\.[A-Za-z0-9])"
)
HANGUL = re.compile(r"[가-힣]")
WORDS = re.compile(r"[A-Za-z]*[a-z]{3}")
LEFT_ALONE = (
    nodes.comment,
    nodes.literal,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.FixedTextElement,
    addnodes.desc_signature,
)


def mark_english(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Mark the English of one page."""
    for paragraph in doctree.findall(nodes.paragraph):
        if HANGUL.search(paragraph.astext()):
            continue
        said = " ".join(text for text in paragraph.findall(nodes.Text) if stands_in_prose(text))
        if len(WORDS.findall(said)) >= 3:
            paragraph["classes"].append(MARK)
    for text in list(doctree.findall(nodes.Text)):
        if ENGLISH.search(text) and stands_in_prose(text):
            text.parent.replace(text, split(text))


def stands_in_prose(text: nodes.Text) -> bool:
    """Tell whether a text is said in Korean: no code, no formula, not marked already."""
    return not any(
        isinstance(above, LEFT_ALONE) or MARK in above["classes"] for above in traverse_parent(text.parent)
    )


def split(text: str) -> list[nodes.Node]:
    """Take a text apart into Korean and English."""
    pieces: list[nodes.Node] = []
    start = 0
    for found in ENGLISH.finditer(text):
        pieces += [nodes.Text(text[start : found.start()]), nodes.inline("", found[0], classes=[MARK])]
        start = found.end()
    return [piece for piece in [*pieces, nodes.Text(text[start:])] if piece.astext()]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.connect("doctree-resolved", mark_english, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
