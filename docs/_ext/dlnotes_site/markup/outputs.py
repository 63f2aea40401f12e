"""What a cell shows besides prose: code that only draws or lays out a table is folded, floats are formatted.

A cell is shown because a reader learns from its code, or would type it; of a number he reads some digits.
Where all digits are the point, the cell bears the tag ``digits``.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.pages import is_answers

logger = logging.getLogger(__name__)

DIGITS = 6  # significant ones, that a float may show
OUTPUT = "cell_code_output"
FLOAT = re.compile(r"(?<![\w.])-?\d+\.\d+(?:e[+-]?\d+)?")


def report_outputs(app: Sphinx, doctree: nodes.document) -> None:
    """Report the cells that show what nobody reads."""
    if not is_answers(app.env, app.env.docname):
        return
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") != "cell_code":
            continue
        if is_shown(cell) and any(map(is_drawn, parts_of(cell, OUTPUT))):
            logger.error(
                "fold the code of a cell that gives a figure or a table: `:tags: [hide-input]`", location=cell
            )
        if "tag_digits" not in cell["classes"]:
            for raw in raw_floats(cell):
                logger.error(
                    "a cell shows the raw float %s: format it, or tag it `digits`", raw, location=cell
                )


def is_shown(cell: nodes.container) -> bool:
    """Tell whether a cell's code stands open."""
    return bool(parts_of(cell, "cell_code_source")) and cell.get("hide_mode") != "input"


def parts_of(cell: nodes.Element, kind: str) -> list[nodes.container]:
    """Return a cell's source, or what it gave."""
    return [part for part in cell.findall(nodes.container) if part.get("nb_element") == kind]


def is_drawn(output: nodes.Element) -> bool:
    """Tell whether a figure or a table stands in what a cell gave."""
    html = any("<table" in raw.astext() for raw in output.findall(nodes.raw))
    return html or any(True for _ in output.findall(nodes.figure))


def is_html(part: nodes.Node) -> bool:
    """Tell whether what was given is shown as HTML."""
    return any(True for _ in part.findall(nodes.raw))


def raw_floats(cell: nodes.container) -> list[str]:
    """Return the floats with more digits than are read in what a cell printed or gave as text."""
    plain = (part for output in parts_of(cell, OUTPUT) for part in output.children if not is_html(part))
    blocks = (block for part in plain for block in part.findall(nodes.literal_block))
    found = (number for block in blocks for number in FLOAT.findall(block.astext()))
    return [number for number in found if len(re.sub(r"e.*|\D", "", number).strip("0")) > DIGITS]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.connect("doctree-read", report_outputs, priority=506)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
