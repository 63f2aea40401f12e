"""Run the pages' cells, keep what they gave, and put each computed value where it stands.

MyST-NB is told (``nb_custom_formats``) to read ``.md`` through :func:`read_page` and to execute nothing
itself. What a page needs is run here, in one kernel a page, in the order it stands: :mod:`.steps` says what
that is, :mod:`.key` on what its results depend, :mod:`.kernel` runs it, :mod:`dlnotes_site.kept` keeps the
results in ``_build/execution``, and :mod:`.pictures` labels what was drawn. Prose is no part of the key.
"""

from __future__ import annotations

import contextlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from myst_nb.core.read import read_myst_markdown_notebook
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site import kept
from dlnotes_site.execution.kernel import Record, execute, require_same
from dlnotes_site.execution.key import compile_by_content, files_behind, key_of
from dlnotes_site.execution.pictures import label_pictures
from dlnotes_site.execution.steps import PageError, Step, first_lines, one_line, steps_of
from dlnotes_site.pages import being_read, pages

logger = logging.getLogger(__name__)


class Project:
    """Where things are. Set once, by :func:`setup`, since MyST-NB hands its readers the text alone."""

    app: Sphinx
    root: Path
    store: Path

    @classmethod
    def env(cls) -> BuildEnvironment:
        """Return the build environment."""
        env = cls.app.env
        assert env is not None
        return env


# --- results --------------------------------------------------------------------------------------


def result_path(key: str) -> Path:
    """Return the file of the results of a key."""
    return Project.store / f"{key}.json"


def recall(key: str) -> Record | None:
    """Fetch results, if they are kept and the files that were opened for them are as they were."""
    content = kept.read(result_path(key))
    record = Record(**content) if content else None
    return record if record and record.holds() else None


_failed: dict[str, PageError] = {}


def results(docname: str, steps: list[Step], key: str) -> Record:
    """Fetch the page's results, or run the page and keep them. What failed is not run again by this build."""
    if (record := recall(key)) is not None:
        return record
    if key in _failed:
        raise _failed[key]
    try:
        record = run(docname, steps)
    except PageError as error:
        _failed[key] = error
        raise
    kept.write(result_path(key), asdict(record))
    return record


def run(docname: str, steps: list[Step]) -> Record:
    """Run the page; twice, if ``DLNOTES_TWICE`` is set, and refuse what differs."""
    cells = sum(step.kind == "cell" for step in steps)
    logger.info("dlnotes: %s 실행 중 (셀 %d개, 식 %d개)", docname, cells, len(steps) - cells)
    places = Path(Project.app.srcdir), Project.store.parent, Project.root
    record = execute(steps, *places)
    if os.environ.get("DLNOTES_TWICE"):
        require_same(steps, record, execute(steps, *places, hash_seed="1"))
    logger.info("dlnotes: %s 실행 끝 (%.1f초)", docname, record.seconds)
    return record


def execute_ahead(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Run the pages whose results are not kept, as many at a time as Sphinx may, the longest first.

    Sphinx reads in parallel by handing each process a run of names, whatever they cost. Reading then finds
    the results here, and tells of what failed.
    """

    def settle(docname: str, steps: list[Step], key: str) -> None:
        with contextlib.suppress(PageError):
            results(docname, steps, key)

    waiting = []
    for docname in docnames:
        path = Path(env.doc2path(docname))
        if path.suffix == ".md":
            text = path.read_text(encoding="utf-8")
            steps = understood(docname, text)[2]
            if steps and recall(key := key_of(steps, files_of(steps), Project.root)) is None:
                waiting.append((docname, steps, key))
    took = read_times()
    waiting.sort(key=lambda page: -took.get(page[0], len(page[1])))
    with ThreadPoolExecutor(max(app.parallel, 1)) as pool:
        for done in [pool.submit(settle, *page) for page in waiting]:
            done.result()


def files_of(steps: list[Step]) -> list[Path]:
    """List the files on which the steps lean."""
    return files_behind([step.source for step in steps], Project.root)


# --- the page ----------------------------------------------------------------------------------


@cache
def understood(docname: str, text: str) -> tuple[nbformat.NotebookNode, list[int], list[Step]]:
    """Read a page once a build: before it is executed, for itself, and for its notebook."""
    return understand(text, str(Project.env().doc2path(docname)))


def understand(text: str, path: str) -> tuple[nbformat.NotebookNode, list[int], list[Step]]:
    """Read a page's cells, their first lines, and what is to be run."""
    config = Project.env().myst_config  # type: ignore[attr-defined]  # set by MyST
    notebook = read_myst_markdown_notebook(text, config=config, add_source_map=True, path=path)
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    starts = first_lines(notebook, text)
    return notebook, starts, steps_of(notebook, starts)


def read_page(text: str) -> nbformat.NotebookNode:
    """Read one MyST page as an executed notebook (called by MyST-NB)."""
    env = Project.env()
    docname = env.docname
    notebook, starts, steps = understood(docname, text)
    if not steps:
        return notebook
    for kind in ("cell", "eval"):
        being_read(env).counts[f"{kind}s"] = sum(step.kind == kind for step in steps)
    files = files_of(steps)
    try:
        record = results(docname, steps, key_of(steps, files, Project.root))
        fill(notebook, starts, record)
        files += map(Path, record.files)
    except PageError as error:
        logger.error("%s", error, location=(docname, error.line))
        being_read(env).failed = True
    for file in files:
        env.note_dependency(str(file))
    return notebook


def fill(notebook: nbformat.NotebookNode, starts: list[int], record: Record) -> None:
    """Put the results into the notebook and hold the values ready for the roles."""
    env = Project.env()
    being_read(env).seconds = record.seconds
    env.temp_data["dlnotes_values"] = record.values
    outputs = iter(record.outputs)
    for cell, start in zip(notebook.cells, starts, strict=True):
        if cell.cell_type == "code":
            cell.outputs = [nbformat.from_dict(output) for output in next(outputs)]
            label_pictures(start, cell, record.values)


class EvalRole(SphinxRole):
    """``{eval}`expression:format``` stands for its value, computed at that place of the page."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Look the value up."""
        values: dict[str, str] = self.env.temp_data.get("dlnotes_values") or {}
        expression = one_line(self.text)
        if expression not in values:
            if being_read(self.env).failed:  # told already, with the line that failed
                return [], []
            logger.error("{eval}`%s` was not computed", expression, location=self.get_location())
            return [], []
        return [nodes.inline(self.rawtext, values[expression], classes=["dl-computed"])], []


# --- how long the pages took -----------------------------------------------------------------------


def times_path() -> Path:
    """Return the file of the seconds that each page took."""
    return Project.store / "times.json"


def read_times() -> dict[str, float]:
    """Read the seconds that each page took last; of a broken file, none."""
    try:
        found = json.loads(times_path().read_text(encoding="utf-8"))
        return {str(name): float(seconds) for name, seconds in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write_times(app: Sphinx, exception: Exception | None) -> None:
    """Leave the seconds that each page took beside the site."""
    if exception or app.env is None:
        return
    seconds = {name: round(page.seconds, 2) for name, page in sorted(pages(app.env).items()) if page.seconds}
    if seconds != read_times():
        kept.write_whole(times_path(), json.dumps(seconds, indent=2) + "\n")


def replace_eval_role(app: Sphinx, *_: Any) -> None:
    """Replace MyST-NB's own ``{eval}``, which works only where nothing is cached."""
    app.add_role("eval", EvalRole(), override=True)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    Project.app = app
    Project.root = Path(app.confdir)
    Project.store = Path(app.outdir).parent / "execution"
    compile_by_content(Project.root)
    app.setup_extension("dlnotes_site.pages")
    app.connect("builder-inited", replace_eval_role, priority=900)
    app.connect("env-before-read-docs", execute_ahead, priority=500)
    app.connect("build-finished", write_times, priority=500)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
