r"""Formulas as MathML, made at build time: no script, no other host. One that does not convert is an error.

- :mod:`.mathml` makes the MathML, :mod:`.speech` the words for who listens, :mod:`.font` the
  font, and ``static/math.css`` the look.
- Equations are numbered by Sphinx: ``$$ … $$ (label)``, or ``\label{…}`` in an environment of amsmath,
  gives what ``{eq}`` refers to. A block has one number; ``\tag{…}`` stands in its place.
- Who copies a formula gets its TeX (``static/copy-tex.js``).
- What follows a formula without a space, as 이 and 를 do, stays with it at the end of a line (see
  :func:`keep_words_together`), and a long formula may break after its relations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils import get_source_line
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.util.nodes import traverse_parent
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from dlnotes_site.bundle.pages import EVENT, read_with
from dlnotes_site.math import font as math_font
from dlnotes_site.math import mathml, speech
from dlnotes_site.math.mathml import FormulaError
from dlnotes_site.pages import makes_a_site

logger = logging.getLogger(__name__)

LONGEST = 16  # em: what is wider than this must be able to break on a phone

# --- writing ----------------------------------------------------------------------------------------------


def markup_of(node: nodes.Element, *, display: bool) -> list[str]:
    """Convert one formula, and say it in words; a long one inside a line comes in pieces."""
    latex = node.astext().strip()
    try:
        whole = mathml.convert(latex, display)
        said_and_drawn = [(whole, [whole])] if display else mathml.pieces(whole)
        parts = [
            (part, "" if place else speech.reading(said))
            for said, drawn in said_and_drawn
            for place, part in enumerate(drawn)
        ]
        tex = " ".join(latex.split())
        return [mathml.write(part, label, "" if place else tex) for place, (part, label) in enumerate(parts)]
    except FormulaError as error:
        one_line = " ".join(latex.split())
        logger.error("the formula %s does not convert: %s", one_line, error, location=place_of(node))
        return []


def place_of(node: nodes.Element) -> str | nodes.Element:
    """Return the file and the line of a formula: in a page a node knows only where its paragraph begins."""
    source, line = get_source_line(node)
    if not (source and line and Path(source).is_file()):
        return node
    first = node.astext().strip().partition("\n")[0]
    following = Path(source).read_text(encoding="utf-8").splitlines()[line - 1 :]
    return f"{source}:{next((line + i for i, text in enumerate(following) if first in text), line)}"


def visit_inline(self: HTML5Translator, node: nodes.Element) -> None:
    """Write a formula inside a line."""
    between = '</span><wbr><span class="dl-keep">' if "dl-keep" in node.parent.get("classes", ()) else "<wbr>"
    self.body.append(between.join(markup_of(node, display=False)))
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula with its number, if it has one."""
    try:
        number = mathml.tag_of(node.astext())
    except FormulaError as error:
        logger.error("%s", error, location=place_of(node))
        raise nodes.SkipNode from None
    if number is None and node["number"]:
        number = get_node_equation_number(self, node)
    shown = f'<span class="eqno">({self.encode(number)})</span>' if number else ""
    formula = "".join(markup_of(node, display=True))
    self.body.append(f"{self.starttag(node, 'div', CLASS='dl-math')}{formula}{shown}</div>\n")
    raise nodes.SkipNode


# --- numbers ----------------------------------------------------------------------------------------------


def name_equations(app: Sphinx, doctree: nodes.document) -> None:
    r"""Name the numbered environments of amsmath by their ``\label``, or by their place in the page.

    MyST names each by chance: no two builds would be alike, and nothing could refer to it.
    """
    equations = app.env.domains.math_domain.equations
    unnamed = 0
    for node in doctree.findall(nodes.math_block):
        latex = node.astext()
        environment = "amsmath" in node["classes"]
        try:
            label = mathml.label_of(latex)
            if mathml.tag_of(latex) and (label or (node.get("label") and not environment)):
                raise FormulaError(r"{eq} shows a number: give the formula a label or a \tag, not both")
        except FormulaError as error:
            logger.error("%s", error, location=place_of(node))
            continue
        if not environment or node.get("label") not in equations:
            continue
        if label is None:
            unnamed += 1
            label = f"{app.env.docname}-{unnamed}"
        elif label in equations:
            logger.error("duplicate label of equation %s", label, location=place_of(node))
            continue
        old, new = (nodes.make_id(f"equation-{name}") for name in (node["label"], label))
        equations[label] = equations.pop(node["label"])
        node["label"] = label
        for target in doctree.findall(nodes.Element):
            target["ids"] = [new if id_ == old else id_ for id_ in target["ids"]]
        doctree.ids[new] = doctree.ids.pop(old, node)


# --- lines ------------------------------------------------------------------------------------------------


def is_atom(node: nodes.Node) -> bool:
    """Tell whether a line may break around this: a formula, a computed value, code."""
    return isinstance(node, nodes.math | nodes.literal) or (
        isinstance(node, nodes.inline) and "dl-computed" in node["classes"]
    )


def keep_words_together(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Hold a formula and what stands around it without a space on one line: ``($n$이`` is one word."""
    parents = {id(atom.parent): atom.parent for atom in doctree.findall(is_atom)}
    for parent in parents.values():
        if isinstance(parent, nodes.TextElement) and not isinstance(parent, nodes.FixedTextElement):
            parent[:] = [node for word in words_of(parent) for node in held(word)]


def words_of(parent: nodes.Element) -> Iterator[list[nodes.Node]]:
    """Yield the children in groups: what has no space within, and what lies between."""
    parts: list[tuple[bool, nodes.Node]] = []
    for child in parent.children:
        if isinstance(child, nodes.Text):
            texts = filter(None, re.split(r"(\s+)", child.astext()))
            parts += [(not text.isspace(), nodes.Text(text)) for text in texts]
        else:
            parts.append((is_atom(child), child))
    for glued, group in groupby(parts, key=lambda part: part[0]):
        members = [node for _, node in group]
        if glued:
            yield members
        else:
            yield from ([member] for member in members)


def held(word: list[nodes.Node]) -> list[nodes.Node]:
    """Hold a word together; of one too long for a phone, each formula and the text after it."""
    if len(word) == 1 or not any(is_atom(node) for node in word):
        return word
    if width(word) <= LONGEST:
        return [keep(word)]
    made: list[nodes.Node] = []
    while word:
        size = 2 if is_atom(word[0]) and len(word) > 1 and isinstance(word[1], nodes.Text) else 1
        group, word = word[:size], word[size:]
        made.append(keep(group) if size == 2 and width(group[1:]) <= LONGEST / 2 else group[0])
        made += group[1:] if made[-1] is group[0] else []
    return made


def keep(group: list[nodes.Node]) -> nodes.inline:
    """Return what holds a group on one line."""
    return nodes.inline("", "", *group, classes=["dl-keep"])


def width(group: list[nodes.Node]) -> float:
    """Estimate the width of a group, in em."""
    return sum(
        formula_width(node) if isinstance(node, nodes.math) else text_width(node.astext()) for node in group
    )


def text_width(text: str) -> float:
    """Estimate the width of a text, in em."""
    return sum(1 if character > "ᄀ" else 0.55 for character in text)


def formula_width(node: nodes.math) -> float:
    """Estimate the width of a formula, in em; one that does not convert is an error later."""
    try:
        parts = mathml.pieces(mathml.convert(node.astext().strip(), False))
    except FormulaError:
        return 0
    return max(0.6 * mathml.symbols(part) for _, drawn in parts for part in drawn)


# --- pages ------------------------------------------------------------------------------------------------


HIDDEN = {"dl-erratum", "dropdown"}  # at first: a font fetched ahead for these alone is a warning


def fetch_font_ahead(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Have a page that shows formulas fetch their font with its stylesheet, before they are drawn."""
    elements = doctree.findall(nodes.Element) if doctree and makes_a_site(app) else ()
    if any(isinstance(node, nodes.math | nodes.math_block) and not hidden(node) for node in elements):
        font = context["pathto"](f"_static/fonts/{math_font.NAME}.woff2", resource=True)
        context["metatags"] += f'<link rel="preload" href="{font}" as="font" type="font/woff2" crossorigin>\n'


def hidden(node: nodes.Element) -> bool:
    """Tell whether a node is not to be seen when the page opens."""
    return any(HIDDEN & set(above["classes"]) for above in traverse_parent(node))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.connect("doctree-read", name_equations, priority=504)
    app.connect("doctree-resolved", keep_words_together, priority=901)
    app.connect("html-page-context", fetch_font_ahead, priority=491)
    read_with(app, "formulas", math_font.drawn_in)
    app.connect(EVENT, math_font.write_font, priority=500)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
