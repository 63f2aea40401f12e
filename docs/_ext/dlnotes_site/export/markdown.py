"""A resolved page as Markdown: a stream of blocks, each a string, and of code cells where they stand.

How a line is written is the caller's (see :mod:`dlnotes_site.export.words`), and so is what a cell becomes.
A picture is its words, a computed table a table. What has no Markdown here is an error, never left out.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx.locale import admonitionlabels
from sphinx.util import logging
from sphinx_exercise.nodes import (
    exercise_enumerable_node,
    exercise_node,
    solution_node,
)

from dlnotes_site.export.words import Words, report_unknown, unsaid
from dlnotes_site.markup.folding import Deeper, Fold, title_of_solution
from dlnotes_site.markup.outputs import OUTPUT, parts_of
from dlnotes_site.math.mathml import aligned
from dlnotes_site.pages import OnScreen

logger = logging.getLogger(__name__)

# A rule has no words; it stands above a page's footnotes, under their heading.
SILENT = (
    nodes.target,
    nodes.comment,
    nodes.substitution_definition,
    nodes.transition,
    addnodes.index,
    addnodes.toctree,
    OnScreen,
)
PICTURE = re.compile(r"<[^<>]*\srole=\"img\"[^<>]*\saria-label=\"([^\"]*)\"")
LANGUAGES = {"ipython3": "python", "myst-ansi": "text"}


@dataclass(frozen=True)
class Cell:
    """A code cell that the page shows, folded or not."""

    node: nodes.container

    @property
    def index(self) -> int:
        """Its place among the page's cells, prose counted."""
        return int(self.node["cell_index"])

    @property
    def only_draws(self) -> bool:
        """Whether its code is folded away because nobody reads it: it makes a picture."""
        hidden = any(not fold["open"] for fold in self.node.findall(Fold))
        return hidden and any(True for _ in self.node.findall(nodes.figure))

    @property
    def code(self) -> str:
        """Its code, fenced."""
        sources = parts_of(self.node, "cell_code_source")
        return "\n\n".join(fenced(one) for part in sources for one in part.children)


class Writer:
    """Write one resolved page."""

    def __init__(self, env: BuildEnvironment, docname: str, words: Words) -> None:
        """Take the page's numbers from the environment."""
        self.env = env
        self.numbers = env.toc_fignumbers.get(docname, {})
        self.words = words

    def blocks(self, children: Iterable[nodes.Node], depth: int = 0) -> Iterator[str | Cell]:
        """Yield what nodes say, one after the other; `depth` is that of the heading above."""
        for child in children:
            if not isinstance(child, SILENT) and not unsaid(child):
                yield from self.block(child, depth)

    def block(self, node: nodes.Node, depth: int) -> Iterator[str | Cell]:
        """Yield what one block says: that of parts, of cells, or one string."""
        match node:
            case Deeper():
                yield from self.blocks(node.children, depth)
            case nodes.section():
                yield from self.blocks(node.children, depth + 1)
            case exercise_enumerable_node() | exercise_node():
                yield heading(depth + 1, self.title_of_exercise(node))
                yield from self.blocks(node.children[1:], depth + 1)
            case solution_node():
                yield heading(depth + 1, title_of_solution(node, self.numbers.get("exercise", {})))
                yield from self.blocks(node.children[1:], depth + 1)
            case Fold():
                yield heading(depth + 1, node["summary"])
                yield from self.blocks(node.children, depth + 1)
            case nodes.container() if node.get("nb_element") == "cell_code":
                yield Cell(node)
            case nodes.container() | nodes.compound() | nodes.figure() | nodes.legend():
                yield from self.blocks(node.children, depth)
            case nodes.raw():
                yield from shown(node)
            case nodes.Element():
                yield self.markdown(node, depth)

    def markdown(self, node: nodes.Element, depth: int) -> str:
        """Write a block that is one string."""
        match node:
            case nodes.title():
                return heading(depth, self.words(node))
            case nodes.rubric():
                return heading(depth + 1, self.words(node))
            case nodes.paragraph():
                return self.words(node)
            case nodes.math_block():
                return formula(node)
            case nodes.literal_block():
                return fenced(node)
            case nodes.Admonition() if isinstance(node[0], nodes.title):
                title = f"**{self.words(node[0])}**"
                return quoted([title, *self.inner(node.children[1:], depth)])
            case nodes.Admonition() if node.tagname in admonitionlabels:
                return quoted([f"**{admonitionlabels[node.tagname]}**", *self.inner(node.children, depth)])
            case nodes.block_quote():
                return quoted(self.inner(node.children, depth))
            case nodes.bullet_list():
                return self.items(node, depth, lambda _: "- ")
            case nodes.enumerated_list():
                return self.items(node, depth, lambda number: f"{number + node.get('start', 1) - 1}. ")
            case nodes.definition_list():
                return "\n".join(self.definition(item, depth) for item in node.children)
            case nodes.table():
                return self.table(node, depth)
            case nodes.footnote():
                return f"[{node[0].astext()}] " + "\n\n".join(self.inner(node.children[1:], depth))
            case nodes.caption() if isinstance(node.parent, nodes.figure):
                return self.caption(node)
            case nodes.image() if node.get("alt"):
                return picture(node["alt"])
        report_unknown(node)
        return ""

    def inner(self, children: Iterable[nodes.Node], depth: int) -> list[str]:
        """Write the blocks inside a box or a list, where no cell can stand."""
        found = []
        for block in self.blocks(children, depth):
            if isinstance(block, Cell):
                logger.error("a cell stands in a list, a table or a box", location=block.node)
            else:
                found.append(block)
        return found

    # --- cells --------------------------------------------------------------------------------------

    def outputs(self, cell: Cell) -> list[str]:
        """Write what a cell gave, captions included."""
        return self.inner(parts_of(cell.node, OUTPUT), 0)

    def captions(self, cell: Cell) -> list[str]:
        """Write the captions of a cell's pictures."""
        return self.inner(cell.node.findall(nodes.caption), 0)

    def pictures(self, cell: Cell) -> list[str]:
        """Write what a cell's pictures show."""
        drawn = "".join(node.astext() for node in cell.node.findall(nodes.raw))
        return [self.words.text(unescape(alternative)) for alternative in PICTURE.findall(drawn)]

    # --- blocks -------------------------------------------------------------------------------------

    def items(self, node: nodes.Element, depth: int, mark: Callable[[int], str]) -> str:
        """Write a list."""
        return "\n".join(
            hanging(mark(number), self.inner(item.children, depth))
            for number, item in enumerate(node.children, 1)
        )

    def definition(self, item: nodes.Node, depth: int) -> str:
        """Write words and what they mean as an item of a list."""
        *terms, meaning = item.children
        first, *rest = self.inner(meaning.children, depth)
        return hanging("- ", [f"**{', '.join(map(self.words, terms))}**: {first}", *rest])

    def table(self, node: nodes.table, depth: int) -> str:
        """Write a table with its caption."""
        rows = [
            [" ".join(self.inner(entry.children, depth)) for entry in row.children]
            for row in node.findall(nodes.row)
        ]
        return "\n\n".join([*(f"**{self.words(title)}**" for title in node.findall(nodes.title)), grid(rows)])

    def caption(self, node: nodes.caption) -> str:
        """Write a figure's caption with its number."""
        name = str(self.env.config.numfig_format["figure"]).replace("%s", self.number("figure", node.parent))
        return f"**{name.strip()}.** {self.words(node)}"

    def title_of_exercise(self, node: nodes.Element) -> str:
        """Write an exercise's heading: its number, and its own title if it has one."""
        own = self.words(node[0])
        if isinstance(node, exercise_node):
            return own
        return " ".join(filter(None, ["연습문제", self.number("exercise", node), own]))

    def number(self, kind: str, node: nodes.Element) -> str:
        """Return a numbered part's number; nothing where parts are not counted."""
        numbers = self.numbers.get(kind, {})
        return next((".".join(map(str, numbers[name])) for name in node["ids"] if name in numbers), "")


def heading(depth: int, words: str) -> str:
    """Write a heading."""
    return f"{'#' * min(depth, 6)} {words}"


def formula(node: nodes.math_block) -> str:
    """Write a displayed formula, with its number."""
    tag = f" \\tag{{{node['number']}}}" if node.get("number") else ""
    return f"$$\n{aligned(node.astext().strip())}{tag}\n$$"


def fenced(node: nodes.Node) -> str:
    """Write code, or what it printed."""
    code = node.astext().strip("\n").rstrip()
    language = node.get("language", "") if isinstance(node, nodes.Element) else ""
    return f"```{'pycon' if code.startswith('>>>') else LANGUAGES.get(language, language)}\n{code}\n```"


def quoted(blocks: list[str]) -> str:
    """Write blocks as a quotation."""
    return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(blocks).splitlines())


def hanging(mark: str, blocks: list[str]) -> str:
    """Write an item: all its lines begin below its first."""
    return mark + textwrap.indent("\n\n".join(blocks), " " * len(mark)).lstrip()


def picture(words: str) -> str:
    """Write a picture in its words."""
    return f"[그림] {' '.join(words.split())}"


def grid(rows: list[list[str]]) -> str:
    """Write a table's rows, the first as its head."""
    head, *rest = ["| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in rows]
    return "\n".join([head, "|" + " --- |" * len(rows[0]), *rest])


def shown(node: nodes.raw) -> Iterator[str]:
    """Yield what a cell gave to see: tables with their captions, pictures in their words."""
    html = node.astext()
    pictures = PICTURE.findall(html)
    # A drawing has thousands of elements, and no table.
    tables = BeautifulSoup(html, "html.parser").find_all("table") if "<table" in html else []
    if not tables and not pictures:
        report_unknown(node)
    for table in tables:
        if table.caption:
            yield f"[표] {table.caption.get_text()}"
        yield grid([[cell.get_text() for cell in row(["th", "td"])] for row in table("tr")])
    for drawn in pictures:
        yield picture(unescape(drawn))
