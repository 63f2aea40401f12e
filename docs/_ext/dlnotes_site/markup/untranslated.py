"""Code is not translated: who has a page translated gets code, names and signatures as they stand.

Sphinx says so with a class that only some engines know; HTML has an attribute for it. Formulas have it as
well (:mod:`dlnotes_site.math.mathml`), and the pages of the modules' code
(:mod:`dlnotes_site.theme.module_code`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

TAG = re.compile(r"<(?:code|kbd|dt|div|pre)\b")
Visit = Callable[[HTML5Translator, Any], None]


def marked(written: str) -> str:
    """Say of what is written that it is not to be translated: of the first element of code in it."""
    return TAG.sub(r'\g<0> translate="no"', written, count=1)


def marking(visit: Visit) -> Visit:
    """Have what is written of a node say that it is not to be translated."""

    def visit_and_mark(self: HTML5Translator, node: nodes.Element) -> None:
        before = len(self.body)
        try:
            visit(self, node)
        finally:  # code is written whole, and then its children are skipped
            self.body[before:] = [marked("".join(self.body[before:]))]

    return visit_and_mark


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    writer = HTML5Translator
    literal = (marking(writer.visit_literal), writer.depart_literal)
    signature = (marking(writer.visit_desc_signature), writer.depart_desc_signature)
    app.add_node(nodes.literal, override=True, html=literal)
    app.add_node(addnodes.desc_signature, override=True, html=signature)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
