"""Every page of answers as a notebook, to run and to change: ``notebooks/<page>.ipynb`` beside the site.

The code is the page's own, helper cells that the page hides included, without outputs. The words are plain
Markdown, written from the resolved page: computed values, corrected words, numbers and captions as a reader
sees them, what a picture shows folded below it, references as addresses of the site. Every heading begins a
cell of its own, so that an exercise stands apart from its solution.

Below the title a cell installs the library's wheel from the site, with what the figures need, unless this
very version is there. It is filled in when all pages are written: the library may change where a page does
not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from urllib.parse import quote, urljoin

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.execution import understood
from dlnotes_site.export.markdown import Cell, Writer
from dlnotes_site.export.wheel import FOLDER as WHEELS
from dlnotes_site.export.wheel import Wheel, wheel_of
from dlnotes_site.export.words import MarkdownWords
from dlnotes_site.kept import write_whole
from dlnotes_site.pages import is_answers, makes_a_site
from dlnotes_site.share.address import address_of

FOLDER = "notebooks"
HIDDEN = {"hide-input", "remove-cell", "remove-input"}
NAME_LENGTH = 56  # an id has 64 signs at most
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
INTRODUCTION = """\
> [{title}]({address})를 옮긴 노트북입니다. 파이썬 3.11 이상에서 맨 위의 셀부터 차례로 실행하세요. 첫 코드
> 셀이 필요한 꾸러미를 설치합니다. 신경망을 학습하는 셀의 수는 기계에 따라 조금 다를 수 있습니다.
> 주피터에서는 실행해 보았고, Colab과 JupyterLite에서는 아직 해 보지 못했습니다."""
# No shell and nothing computed in the line of %pip: JupyterLite reads it as it stands.
INSTALL = """\
# 이 버전의 dlnotes가 없으면 설치합니다.
from importlib.metadata import distributions

if [one.version for one in distributions(name="dlnotes")][:1] != ["{version}"]:
    %pip install -q "dlnotes[figures] @ {address}\""""
NO_ADDRESS = """\
# 주소 없이 지은 사이트의 노트북입니다. dlnotes가 없으면 아래 줄의 #을 지우고 실행하세요.
# %pip install -q "../{place}[figures]\""""
INSTALL_AT = 1  # the cell below the title

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
        cells=[
            words_cell([str(title), introduction]),
            nbformat.v4.new_code_cell(),  # see finish
            *cells_of(writer, rest, sources),
        ]
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
            words += [*writer.captions(block), *map(folded, writer.pictures(block))]
        else:
            words.append(block)
    if words:
        yield words_cell(words)
    yield from code_cells(sources[done:])


def words_cell(blocks: list[str]) -> Source:
    """Make words a cell."""
    cell: Source = nbformat.v4.new_markdown_cell("\n\n".join(blocks))
    return cell


def folded(shown: str) -> str:
    """Fold away what a picture shows: it is for who does not see the picture above."""
    return f"<details><summary>그림을 말로</summary>\n\n{shown}\n\n</details>"


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
    write_whole(Path(app.outdir) / notebook_file(docname), as_text(notebook))


def as_text(notebook: Source) -> str:
    """Return what stands in a notebook's file."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Put the wheel into the site, and into every notebook the cell that installs it; clear old ones away."""
    if exception or not makes_a_site(app):
        return
    site = Path(app.outdir)
    wheel = wheel_of(Path(app.confdir), site.parent / WHEELS)
    made = {site / notebook_file(name) for name in app.env.found_docs if is_answers(app.env, name)}
    made.add(site / wheel.place)
    for path in chain((site / FOLDER).rglob("*.ipynb"), (site / WHEELS).glob("*")):
        if path not in made:
            path.unlink()
    write_whole(site / wheel.place, wheel.content)
    source = install_source(wheel, app.config.library_url)
    for path in (site / FOLDER).rglob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if notebook["cells"][INSTALL_AT]["source"] != source:
            notebook["cells"][INSTALL_AT]["source"] = source
            write_whole(path, as_text(notebook))


def install_source(wheel: Wheel, site: str) -> str:
    """Return the code that installs the wheel from the site; without an address, what to do."""
    if not site:
        return NO_ADDRESS.format(place=wheel.place)
    return INSTALL.format(version=wheel.version, address=urljoin(site, quote(wheel.place)))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.pages")
    app.connect("doctree-resolved", write_notebook, priority=902)
    app.add_config_value("library_url", "", "", str)  # where the site stands, if that is known
    app.connect("build-finished", finish, priority=501)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
