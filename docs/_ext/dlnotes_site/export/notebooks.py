"""Every page of answers as a notebook, to run and to change: ``notebooks/<page>.ipynb`` beside the site.

The code is the page's own, helper cells that the page hides included, without outputs. The words are plain
Markdown, written from the resolved page: computed values, corrected words, numbers and captions as a reader
sees them, references as addresses of the site. Every heading begins a cell of its own, so that an exercise
stands apart from its solution.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urljoin

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.execution import understood
from dlnotes_site.export.markdown import Cell, Writer
from dlnotes_site.export.words import MarkdownWords
from dlnotes_site.pages import is_answers, makes_a_site
from dlnotes_site.share.address import address_of

FOLDER = "notebooks"
HIDDEN = {"hide-input", "remove-cell", "remove-input"}
NAME_LENGTH = 56  # an id has 64 signs at most
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
INTRODUCTION = """\
> [{title}]({address})를 옮긴 노트북입니다. 실행하려면 파이썬 3.11 이상과 dlnotes 꾸러미가 있어야
> 합니다. 저장소를 받은 폴더에서 `pip install ".[figures]"`를 한 번 실행하십시오. 셀은
> 위에서부터 차례로 실행합니다."""

Source = nbformat.NotebookNode


def notebook_file(docname: str) -> str:
    """Return where a page's notebook stands, from the site's root."""
    return f"{FOLDER}/{docname}.ipynb"


def notebook_of(app: Sphinx, doctree: nodes.document, docname: str, sources: list[Source]) -> Source:
    """Make a resolved page a notebook; `sources` are the page's cells as they were read."""
    address = address_of(app, docname)
    writer = Writer(app.env, docname, MarkdownWords(partial(urljoin, address)))
    title, *rest = writer.blocks(doctree.children)
    introduction = INTRODUCTION.format(title=app.env.titles[docname].astext(), address=address)
    made: Source = nbformat.v4.new_notebook(
        cells=list(cells_of(writer, [title, introduction, *rest], sources))
    )
    made.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    for number, cell in enumerate(made.cells, 1):
        cell["id"] = f"{cell_prefix(docname)}-{number}"
    nbformat.validate(made)
    return made


def cell_prefix(docname: str) -> str:
    """Return what the ids of a page's cells begin with: its name, in the few signs that an id may have."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", docname)[-NAME_LENGTH:]


def cells_of(writer: Writer, blocks: Iterable[str | Cell], sources: list[Source]) -> Iterator[Source]:
    """Yield the notebook's cells: the page's code, and between it the words, a cell a heading."""
    words: list[str] = []
    done = 0  # source cells already yielded or passed
    for block in blocks:
        if words and (isinstance(block, Cell) or block.startswith("#")):
            yield words_cell(words)
            words = []
        if isinstance(block, Cell):
            yield from code_cells(sources[done : block.index + 1])
            done = block.index + 1
            words += writer.captions(block)
        else:
            words.append(block)
    if words:
        yield words_cell(words)
    yield from code_cells(sources[done:])


def words_cell(blocks: list[str]) -> Source:
    """Make words a cell."""
    cell: Source = nbformat.v4.new_markdown_cell("\n\n".join(blocks))
    return cell


def code_cells(sources: list[Source]) -> Iterator[Source]:
    """Yield the cells of code among the page's cells; what the page folds or hides is folded here too."""
    for source in sources:
        if source.cell_type != "code":
            continue
        cell = nbformat.v4.new_code_cell(source.source)
        tags = source.metadata.get("tags", [])
        if HIDDEN & set(tags):
            cell.metadata["jupyter"] = {"source_hidden": True}
        if "raises-exception" in tags:
            cell.metadata["tags"] = ["raises-exception"]
        yield cell


def write_notebook(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the page's notebook."""
    if not makes_a_site(app) or not is_answers(app.env, docname):
        return
    source = Path(app.env.doc2path(docname))
    page, _, _ = understood(docname, source.read_text(encoding="utf-8"))
    notebook = notebook_of(app, doctree, docname, page.cells)
    path = Path(app.outdir) / notebook_file(docname)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def clear_notebooks(app: Sphinx, exception: Exception | None) -> None:
    """Take away the notebooks of an earlier build whose pages hold no answers now, or are gone."""
    if exception or not makes_a_site(app):
        return
    site = Path(app.outdir)
    made = {site / notebook_file(name) for name in app.env.found_docs if is_answers(app.env, name)}
    for path in (site / FOLDER).rglob("*.ipynb"):
        if path not in made:
            path.unlink()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.pages")
    app.connect("doctree-resolved", write_notebook, priority=902)
    app.connect("build-finished", clear_notebooks, priority=501)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
