"""A page's words without its markup: one line for a description, text for machines, Markdown for the rest.

Computed values stand as they came out, formulas as LaTeX or, read out, as text; a figure is its alternative
text. What only a reader with a screen uses (marks of errata, links, copy buttons) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode  # type: ignore[import-untyped]
from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]
from sphinx import addnodes
from sphinx_exercise.nodes import (  # type: ignore[import-untyped]
    exercise_enumerable_node,
    exercise_node,
    solution_node,
)

# In a line, raw HTML is a button; as a block it is what a cell gave. Hidden code draws the figure below it.
SILENT_INLINE = (nodes.raw,)
SILENT = (
    HideCodeCellNode,
    nodes.target,
    nodes.comment,
    nodes.footnote_reference,
    nodes.label,
    nodes.transition,
    nodes.substitution_definition,
    addnodes.index,
    addnodes.toctree,
)
EXERCISES = (exercise_node, exercise_enumerable_node)
UNSAID = {"dl-tip", "dl-marks"}  # an erratum's first reading, and where a thing is found
BLOCKS = (nodes.paragraph, nodes.definition_list_item, nodes.list_item)
Formula = Callable[[str], str]


def latex(source: str) -> str:
    """Leave a formula as it was written."""
    return f"${source}$"


FRACTION = re.compile(r"\\[dt]?frac\s*(\{[^{}]*\}|\w)\s*(\{[^{}]*\}|\w)")
reader = LatexNodes2Text(math_mode="text", keep_braced_groups=True, keep_braced_groups_minlen=3)


def read_out(source: str) -> str:
    """Write a formula with the letters that a line of text has: β_1 < √(β_2), h_{t-1}, n/2."""
    flat = FRACTION.sub(lambda found: over(found[1]) + "/" + over(found[2]), source)
    return " ".join(reader.latex_to_text(flat.replace(r"\arg", "arg ")).split())


def over(part: str) -> str:
    """Give a fraction's part brackets if it is more than one letter or number."""
    inner = part.strip("{}")
    return inner if inner.isalnum() else f"({inner})"


def words(node: nodes.Node, formula: Formula = latex) -> str:
    """Return the words of a line of text."""
    return " ".join("".join(spoken(node, formula)).split())


def spoken(node: nodes.Node, formula: Formula) -> Iterator[str]:
    """Yield the pieces of a line as a reader without the page's furniture has them."""
    if isinstance(node, nodes.Text):
        yield node.astext()
    elif isinstance(node, nodes.math):
        yield formula(node.astext().strip())
    elif isinstance(node, SILENT_INLINE + SILENT) or UNSAID & set(node.get("classes", [])):
        return
    elif isinstance(node, nodes.literal) and formula is latex:
        yield f"`{node.astext()}`"
    elif isinstance(node, nodes.image):
        yield node.get("alt", "")
    else:
        for child in node.children:
            yield from spoken(child, formula)
        if isinstance(node, BLOCKS):
            yield " "


def paragraphs(part: nodes.Element | Iterable[nodes.Node], formula: Formula = read_out) -> list[str]:
    """Return the text of a part of an answer, a string a paragraph, without its title."""
    children = part.children if isinstance(part, nodes.Element) else part
    found = []
    for child in children:
        if isinstance(child, nodes.math_block):
            found.append(formula(child.astext().strip()))
        elif isinstance(child, nodes.bullet_list | nodes.enumerated_list):
            found += [f"- {words(item, formula)}" for item in child.children]
        elif not isinstance(child, nodes.title):
            found.append(words(child, formula))
    return [text for text in found if text]


# --- Markdown ---------------------------------------------------------------------------------------


def markdown(page: nodes.document) -> str:
    """Return the whole page as Markdown."""
    return "\n\n".join(block for block in blocks(page.children, 0) if block.strip()) + "\n"


def blocks(children: Iterable[nodes.Node], depth: int) -> Iterator[str]:
    """Yield what nodes say, a string a block; `depth` counts the sections around them."""
    for child in children:
        if isinstance(child, SILENT):
            continue
        if isinstance(child, nodes.section):
            yield "#" * (depth + 1) + " " + words(child[0])
            yield from blocks(child.children[1:], depth + 1)
        else:
            yield from block(child, depth)


def block(node: nodes.Node, depth: int) -> Iterator[str]:
    """Yield what one child of a section says."""
    if isinstance(node, nodes.paragraph | nodes.rubric | nodes.title | nodes.caption):
        yield words(node)
    elif isinstance(node, nodes.math_block):
        yield f"$$\n{node.astext().strip()}\n$$"
    elif isinstance(node, nodes.literal_block):
        language = {"myst-ansi": "text", "ipython3": "python"}.get(
            node.get("language", ""), node.get("language", "")
        )
        yield fenced(node.astext(), language)
    elif isinstance(node, nodes.figure):
        yield from figure(node)
    elif isinstance(node, nodes.admonition):
        yield f"**{words(node[0])}**"
        yield from blocks(node.children[1:], depth)
    elif isinstance(node, (*EXERCISES, solution_node)):
        yield f"**{'연습문제' if isinstance(node, EXERCISES) else '풀이'}**"
        yield from blocks(node.children[1:], depth)
    elif isinstance(node, nodes.bullet_list | nodes.enumerated_list):
        yield "\n".join(items(node))
    elif isinstance(node, nodes.definition_list):
        for item in node.children:
            yield f"**{words(item[0])}**: {words(item[-1])}"
    elif isinstance(node, nodes.table):
        yield grid([[words(cell) for cell in row.children] for row in node.findall(nodes.row)])
    elif isinstance(node, nodes.footnote):
        unlabelled = (child.deepcopy() for child in node if not isinstance(child, nodes.label))
        yield "[출처] " + words(nodes.Element("", *unlabelled))
    elif isinstance(node, nodes.raw):
        yield from shown(node)
    elif isinstance(node, nodes.Element):
        yield from blocks(node.children, depth)


def fenced(code: str, language: str) -> str:
    """Fence code."""
    return f"```{language}\n{code.strip()}\n```"


def items(node: nodes.Element) -> Iterator[str]:
    """Yield a list's lines."""
    for number, item in enumerate(node.children, 1):
        mark = f"{number}." if isinstance(node, nodes.enumerated_list) else "-"
        yield f"{mark} {words(item)}"


def figure(node: nodes.figure) -> Iterator[str]:
    """Say what a figure shows, then its caption."""
    for picture in node.findall(nodes.raw):
        yield from shown(picture)
    for caption in node.findall(nodes.caption):
        yield words(caption)


def shown(node: nodes.raw) -> Iterator[str]:
    """Write what a cell gave to see: a table as a table, a picture in its words."""
    soup = BeautifulSoup(node.astext(), "html.parser")
    for table in soup.find_all("table"):
        yield from html_table(table)
    for box in soup.select("[role=img][aria-label]"):
        yield f"[그림] {' '.join(str(box['aria-label']).split())}"


def html_table(table: Tag) -> Iterator[str]:
    """Write a computed table with its caption."""
    if table.caption:
        yield f"[표] {table.caption.get_text()}"
    yield grid([[cell.get_text() for cell in row(["th", "td"])] for row in table("tr")])


def grid(rows: list[list[str]]) -> str:
    """Write a table's rows, the first as its head."""
    if not rows:
        return ""
    lines = ["| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])
