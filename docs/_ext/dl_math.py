"""Formulas as MathML, made at build time: no script, no other host. One that does not convert is an error."""

from __future__ import annotations

import html
from typing import Any

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)
converter = LatexToMathML(fancy_error=False)


def mathml(node: nodes.Element, *, display: bool) -> str:
    """Convert one formula; its LaTeX stays as the text alternative."""
    latex = node.astext().strip()
    if "\\\\" in latex and "\\begin" not in latex:  # as Sphinx does: lines are aligned at their &
        latex = rf"\begin{{aligned}}{latex}\end{{aligned}}"
    try:
        made = converter.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        logger.error("the formula %s does not convert: %s", latex, error, location=node)
        return ""
    return made.replace("<math", f'<math alttext="{html.escape(latex)}"', 1)


def visit_inline(self: HTML5Translator, node: nodes.Element) -> None:
    """Write a formula inside a line."""
    self.body.append(mathml(node, display=False))
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.Element) -> None:
    """Write a displayed formula with its number, if it has one."""
    number = ""
    if node["number"]:
        number = f'<span class="eqno">({get_node_equation_number(self, node)})</span>'
    self.body.append(
        self.starttag(node, "div", CLASS="dl-math") + number + mathml(node, display=True) + "</div>"
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
