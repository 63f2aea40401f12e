"""Every page of answers as a notebook, to run and to change: ``notebooks/<page>.ipynb`` beside the site.

The code is the page's own, helper cells that the page hides included, without outputs. The words are plain
Markdown, written from the resolved page: computed values, corrected words, numbers and captions as a reader
sees them, references as addresses of the site. What the writer does not know is an error, never left out.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx_exercise.nodes import exercise_enumerable_node, solution_node  # type: ignore[import-untyped]

from dlnotes_site.execution import understand
from dlnotes_site.markup.folding import Fold
from dlnotes_site.math.mathml import aligned
from dlnotes_site.pages import is_answers

logger = logging.getLogger(__name__)

FOLDER = "notebooks"
HIDDEN = {"hide-input", "remove-cell", "remove-input"}
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
INTRODUCTION = """\
> [{title}]({address})를 옮긴 노트북입니다. 실행하려면 파이썬 3.11 이상과 dlnotes 꾸러미가 있어야
> 합니다. 저장소를 받은 폴더에서 `pip install ".[figures]"`를 한 번 실행하십시오. 셀은
> 위에서부터 차례로 실행합니다."""

SPECIAL = re.compile(r"([\\`*_<\[\]$])")
LIST_OR_HEADING = re.compile(r"^(?:(?=[#+>-])|(\d+)(?=[.)](?:\s|$)))", re.M)
LETTER = re.compile(r"[\w가-힣]")


class Writer:
    """Write one resolved page as a notebook's cells."""

    def __init__(self, app: Sphinx, docname: str, sources: list[nbformat.NotebookNode]) -> None:
        self.app = app
        self.docname = docname
        self.sources = sources
        self.done = 0  # source cells already written or passed
        self.words: list[str] = []
        self.cells: list[nbformat.NotebookNode] = []
        self.numbers = app.env.toc_fignumbers.get(docname, {})
        self.address = self.on_site("")

    # --- cells --------------------------------------------------------------------------------------

    def notebook(self, doctree: nodes.document) -> nbformat.NotebookNode:
        """Write the whole page."""
        self.blocks(doctree.children, 0)
        self.code_until(len(self.sources))
        self.flush()
        made = nbformat.v4.new_notebook(cells=self.cells)
        made.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
        for number, cell in enumerate(made.cells, 1):
            cell["id"] = f"{self.docname.replace('/', '-')}-{number}"
        nbformat.validate(made)
        return made

    def flush(self) -> None:
        """Make the words so far a cell."""
        if self.words:
            self.cells.append(nbformat.v4.new_markdown_cell("\n\n".join(self.words)))
            self.words = []

    def code_until(self, index: int) -> None:
        """Write the code cells before the given one: those that the page does not show."""
        for source in self.sources[self.done : index]:
            if source.cell_type == "code":
                self.code(source)
        self.done = max(self.done, index)

    def code(self, source: nbformat.NotebookNode) -> None:
        """Write one code cell; what the page folds is folded here too."""
        self.flush()
        cell = nbformat.v4.new_code_cell(source.source)
        tags = source.metadata.get("tags", [])
        if HIDDEN & set(tags):
            cell.metadata["jupyter"] = {"source_hidden": True}
        if "raises-exception" in tags:
            cell.metadata["tags"] = ["raises-exception"]
        self.cells.append(cell)

    # --- blocks -------------------------------------------------------------------------------------

    def blocks(self, children: Iterable[nodes.Node], depth: int) -> None:
        """Write nodes one after the other."""
        for child in children:
            self.block(child, depth)

    def block(self, node: nodes.Node, depth: int) -> None:
        """Write one block; `depth` is that of the heading above."""
        if isinstance(node, nodes.section):
            self.blocks(node.children, depth + 1)
        elif isinstance(node, nodes.container) and node.get("nb_element") == "cell_code":
            self.code_until(node["cell_index"])
            self.code(self.sources[node["cell_index"]])
            self.done = node["cell_index"] + 1
            for caption in node.findall(nodes.caption):
                self.words.append(self.caption(caption))
        elif isinstance(node, nodes.title) and depth == 1:
            self.words.append(f"# {self.phrase(node)}")
            self.words.append(INTRODUCTION.format(title=node.astext(), address=self.address))
        elif isinstance(node, exercise_enumerable_node):
            self.words.append(f"{'#' * (depth + 1)} 연습문제{self.number('exercise', node)}")
            self.blocks(node.children[1:], depth + 1)
        elif isinstance(node, Fold):
            self.words.append(f"{'#' * (depth + 1)} {node['summary']}")
            self.blocks(node.children, depth + 1)
        elif isinstance(node, solution_node):
            self.words.append(f"{'#' * (depth + 1)} {node[0].astext()}")
            self.blocks(node.children[1:], depth + 1)
        elif isinstance(node, (nodes.container, nodes.compound, nodes.document)):
            self.blocks(node.children, depth)
        elif not isinstance(node, (nodes.target, nodes.comment, nodes.substitution_definition)):
            self.words.append(self.markdown(node, depth))

    def markdown(self, node: nodes.Node, depth: int) -> str:
        """Write a block that holds no cell."""
        match node:
            case nodes.title() | nodes.rubric():
                return f"{'#' * min(depth, 6)} {self.phrase(node)}"
            case nodes.paragraph():
                return LIST_OR_HEADING.sub(r"\1\\", self.phrase(node))
            case nodes.math_block():
                return self.formula(node)
            case nodes.literal_block():
                language = "pycon" if node.astext().startswith(">>>") else node.get("language", "")
                return f"```{language}\n{node.astext().rstrip()}\n```"
            case nodes.Admonition():
                title, *rest = node.children
                return self.quote([f"**{self.phrase(title)}**", *(self.markdown(one, depth) for one in rest)])
            case nodes.block_quote():
                return self.quote([self.markdown(one, depth) for one in node.children])
            case nodes.bullet_list():
                return self.items(node, depth, lambda _: "- ")
            case nodes.enumerated_list():
                return self.items(node, depth, lambda number: f"{number}. ")
            case nodes.definition_list():
                return "\n".join(
                    f"- **{self.phrase(item[0])}**: {self.joined(item[-1], depth)}" for item in node.children
                )
            case nodes.table():
                return self.table(node)
            case nodes.footnote():
                return f"[{node[0].astext()}] {self.joined(nodes.container('', *node.children[1:]), depth)}"
            case nodes.container():
                return "\n\n".join(self.markdown(one, depth) for one in node.children)
            case nodes.transition():
                return "---"
        logger.error("the notebook has no words for a %s", type(node).__name__, location=self.docname)
        return ""

    def joined(self, node: nodes.Element, depth: int) -> str:
        """Write the blocks of an item."""
        return "\n\n".join(self.markdown(one, depth) for one in node.children)

    def items(self, node: nodes.Element, depth: int, mark: Callable[[int], str]) -> str:
        """Write a list."""
        lines = []
        for number, item in enumerate(node.children, 1):
            first = mark(number)
            lines.append(first + self.joined(item, depth).replace("\n", "\n" + " " * len(first)))
        return "\n".join(lines)

    def quote(self, parts: list[str]) -> str:
        """Write a block as a quotation."""
        return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(parts).splitlines())

    def table(self, node: nodes.table) -> str:
        """Write a table with pipes."""
        rows = [
            "| " + " | ".join(" ".join(map(self.phrase, entry.children)) for entry in row.children) + " |"
            for row in node.findall(nodes.row)
        ]
        rule = "|" + " --- |" * len(next(iter(node.findall(nodes.row))).children)
        title = next((f"**{self.phrase(one)}**\n\n" for one in node.findall(nodes.title)), "")
        return title + "\n".join([rows[0], rule, *rows[1:]])

    def formula(self, node: nodes.math_block) -> str:
        """Write a displayed formula, with its number."""
        latex = aligned(node.astext().strip())
        tag = f" \\tag{{{node['number']}}}" if node.get("number") else ""
        return f"$$\n{latex}{tag}\n$$"

    def caption(self, caption: nodes.caption) -> str:
        """Write a figure's caption with its number."""
        number = self.number("figure", caption.parent).strip()
        name = self.app.config.numfig_format["figure"] % number
        return f"**{name}.** {self.phrase(caption)}"

    def number(self, kind: str, node: nodes.Element) -> str:
        """Return a numbered part's number, after a space."""
        found = next((self.numbers.get(kind, {}).get(name) for name in node["ids"]), None)
        return " " + ".".join(map(str, found)) if found else ""

    # --- phrases ------------------------------------------------------------------------------------

    def phrase(self, node: nodes.Node) -> str:
        """Write the words of a node."""
        return "".join(map(self.word, node.children)).strip()

    def word(self, node: nodes.Node) -> str:
        """Write one word or mark."""
        match node:
            case nodes.Text():
                return SPECIAL.sub(r"\\\1", node)
            case nodes.math():
                return f"${node.astext().strip()}$"
            case nodes.literal():
                return f"`{node.astext()}`"
            case nodes.strong():
                return self.marked("**", "strong", node)
            case nodes.emphasis() | nodes.title_reference():
                return self.marked("*", "em", node)
            case nodes.footnote_reference():
                return f"<sup>[{node.astext()}]</sup>"
            case nodes.reference():
                return self.link(node)
            case nodes.inline() | addnodes.number_reference():
                return "" if "dl-tip" in node["classes"] else "".join(map(self.word, node.children))
            case nodes.superscript():
                return f"<sup>{self.phrase(node)}</sup>"
            case nodes.subscript():
                return f"<sub>{self.phrase(node)}</sub>"
            case nodes.raw() | nodes.target():  # an erratum's button; an anchor
                return ""
        logger.error("the notebook has no words for a %s", type(node).__name__, location=self.docname)
        return ""

    def marked(self, mark: str, tag: str, node: nodes.Element) -> str:
        """Mark words: with HTML where they end in no letter, since Markdown's signs then do not close."""
        words = self.phrase(node)
        if LETTER.match(words[:1]) and LETTER.match(words[-1:]):
            return f"{mark}{words}{mark}"
        return f"<{tag}>{words}</{tag}>"

    def link(self, node: nodes.reference) -> str:
        """Write a reference as an address of the site."""
        target = node.get("refuri") or f"#{node.get('refid', '')}"
        return f"[{self.phrase(node)}]({target if urlsplit(target).scheme else self.on_site(target)})"

    def on_site(self, target: str) -> str:
        """Make a page's relative address whole; as long as the site has none, one from the notebook."""
        path, mark, anchor = target.partition("#")
        page = self.app.builder.get_target_uri(self.docname)
        found = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        return (self.app.config.html_baseurl or "../" * (1 + self.docname.count("/"))) + found + mark + anchor


def write(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the page's notebook."""
    if app.builder.format != "html" or not is_answers(app.env, docname):
        return
    source = Path(app.env.doc2path(docname))
    page, _, _ = understand(source.read_text(encoding="utf-8"), str(source))
    notebook = Writer(app, docname, page.cells).notebook(doctree)
    path = Path(app.outdir) / FOLDER / f"{docname}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.answers.reading")
    app.connect("doctree-resolved", write, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
