"""The pictures that cells return: each gets its alternative text, and must have its caption and name."""

from __future__ import annotations

import html
import re

import nbformat

from dlnotes_site.markup.particles import read_out, wrong_particle

from .steps import EVAL, PageError, one_line


def label_pictures(line: int, cell: nbformat.NotebookNode, values: dict[str, str]) -> None:
    """Give each picture its alternative text; refuse one without a caption, a name and a real alternative."""
    options = cell.metadata.get("mystnb", {})
    for output in cell.outputs:
        bundle = output.get("data", {})
        if any(mime.startswith("image/") for mime in bundle):
            raise PageError(line, "an image outside the figure helper: return a dlnotes.figures Picture")
        picture = bundle.get("text/html", "")
        if 'class="dl-picture"' not in picture:
            continue
        figure = options.get("figure", {})
        alt = " ".join(str(options.get("image", {}).get("alt", "")).split())
        for what, given in (
            ("a name", figure.get("name")),
            ("a caption", figure.get("caption")),
            ("an alternative text", alt),
        ):
            if not given:
                raise PageError(line, f"the figure needs {what} (cell option mystnb)")
        if len(alt) < 20 or re.search(r"\.(svg|png|jpe?g)\b", alt):
            raise PageError(line, f"the figure's alternative text says too little: {alt!r}")
        for found in EVAL.finditer(alt):
            value = values[one_line(found[1])]
            if particle := wrong_particle(read_out(value), alt, found.end()):
                raise PageError(line, f"the alternative text has a wrong particle: {value}{particle}")
        spoken = EVAL.sub(lambda found: values[one_line(found[1])], alt)
        label = f'role="img" aria-label="{html.escape(spoken)}"'
        bundle["text/html"] = picture.replace('class="dl-picture"', f'class="dl-picture" {label}', 1)
