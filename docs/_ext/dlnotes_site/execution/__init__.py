"""Run the pages' cells, keep what they gave, and put each computed value where it stands.

MyST-NB is told (``nb_custom_formats``) to read ``.md`` through :func:`read_page` and to execute nothing
itself. What a page needs is run here, in one kernel a page, in the order it stands: its code cells and,
between them, every ``{eval}`` of its prose. The results are kept in ``_build/execution`` under a key made
of all that can change them: the code, the expressions, the Python, the lock file, this file, and the
modules of ``src/dlnotes`` that the page reaches. Prose is no part of the key.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import html
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from myst_nb.core.read import read_myst_markdown_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

logger = logging.getLogger(__name__)

EVAL = re.compile(r"(?<!`)\{eval\}`([^`]+)`")
PLAIN_FENCE = re.compile(r"^(`{3,}|~{3,})(?!`*\{)[^\n]*\n.*?^\1`*\s*$", re.M | re.S)
TIMEOUT = 300  # seconds for one cell
WARM_UP = "import matplotlib.figure; del matplotlib"  # the slowest of what every page loads


class PageError(Exception):
    """A page's code failed, or a figure lacks what it must have."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class Step:
    """One thing to run: a cell's code, or an expression of the prose."""

    kind: str
    source: str
    line: int
    may_raise: bool = False


@dataclass
class Record:
    """What running a page gave."""

    seconds: float
    outputs: list[list[dict[str, Any]]] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)


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


# --- what a page asks to be run -------------------------------------------------------------------


def first_lines(notebook: nbformat.NotebookNode, text: str) -> list[int]:
    """Give each cell's first line that is not blank, counted from one."""
    lines = text.splitlines()
    starts = []
    for start in notebook.metadata["source_map"]:
        while start < len(lines) - 1 and not lines[start].strip():
            start += 1
        starts.append(start + 1)
    return starts


def steps_of(notebook: nbformat.NotebookNode, starts: list[int]) -> list[Step]:
    """List the code cells and the ``{eval}`` expressions in the order they stand."""
    steps = []
    for cell, start in zip(notebook.cells, starts, strict=True):
        if cell.cell_type == "code":
            may_raise = "raises-exception" in cell.metadata.get("tags", [])
            steps.append(Step("cell", cell.source, start, may_raise))
            prose = "\n".join(texts_of(cell.metadata.get("mystnb", {})))
        else:
            prose = PLAIN_FENCE.sub(lambda fence: "\n" * fence[0].count("\n"), cell.source)
        for found in EVAL.finditer(prose):
            line = start + (prose.count("\n", 0, found.start()) if cell.cell_type != "code" else 0)
            steps.append(Step("eval", normal(found[1]), line))
    return steps


def texts_of(option: Any) -> Iterator[str]:
    """Yield every string in a cell's options: captions and alternative texts hold expressions too."""
    if isinstance(option, str):
        yield option
    elif isinstance(option, dict):
        for value in option.values():
            yield from texts_of(value)


def normal(expression: str) -> str:
    """Return the expression with line breaks folded."""
    return " ".join(expression.split())


# --- the key ------------------------------------------------------------------------------------


def modules_of(sources: list[str]) -> set[str]:
    """Name the modules of dlnotes that the code can reach, through their imports."""
    reached: set[str] = set()
    waiting = [name for source in sources for name in imports(source, "")]
    while waiting:
        name = waiting.pop()
        path = module_path(name)
        if name in reached or path is None:
            continue
        reached.add(name)
        waiting += [name.rpartition(".")[0]] if "." in name else []
        waiting += imports(
            path.read_text(encoding="utf-8"), name if path.name == "__init__.py" else name.rpartition(".")[0]
        )
    return reached


def imports(source: str, package: str) -> list[str]:
    """Name what the source imports from dlnotes; `package` resolves relative imports."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # the kernel will say it better, with the line
        return []
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            names += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return [name for name in names if name.split(".")[0] == "dlnotes"]


def module_path(name: str) -> Path | None:
    """Find the file of a dlnotes module, or None where the name is no module."""
    stem = Project.root / "src" / Path(*name.split("."))
    for path in (stem / "__init__.py", stem.with_suffix(".py")):
        if path.is_file():
            return path
    return None


def dependencies(steps: list[Step]) -> list[Path]:
    """List the files whose change can change what the steps give."""
    paths = [module_path(name) for name in modules_of([step.source for step in steps])]
    data = [
        path
        for path in (Project.root / "src" / "dlnotes").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    ]
    return sorted(
        {*(path for path in paths if path), *data, Project.root / "requirements.txt", Path(__file__)}
    )


def key_of(steps: list[Step], files: list[Path]) -> str:
    """Make the key: equal keys mean equal results."""
    digest = hashlib.sha256()
    parts = [sys.version, *(f"{step.kind} {step.may_raise} {step.source}" for step in steps)]
    for part in [*parts, *(f"{os.path.relpath(path, Project.root)} {sha(path)}" for path in files)]:
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()


def sha(path: Path) -> str:
    """Hash one file's contents."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- running -----------------------------------------------------------------------------------


@cache
def prepare_kernels() -> None:
    """Set what every kernel inherits, and load once what every page loads: fonts, byte code."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    memory = dict.fromkeys(("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), str(1 << 28))
    os.environ.update(
        memory,  # glibc: keep freed arrays, since fetching their pages anew costs as much as the sums in them
        **threads,  # pages run side by side: more threads each would only get in one another's way
        MPLCONFIGDIR=str(Project.store.parent / "matplotlib"),
        MPLBACKEND="agg",
        IPYTHONDIR=str(Project.store.parent / "ipython"),
        PYTHONHASHSEED="0",
        JUPYTER_PREFER_ENV_PATH="1",
        PYDEVD_DISABLE_FILE_VALIDATION="1",
    )
    once = "import matplotlib.font_manager, matplotlib.mathtext, ipykernel.kernelapp"
    subprocess.run([sys.executable, "-c", once], check=True, capture_output=True)


def execute(steps: list[Step]) -> Record:
    """Run the steps in a fresh kernel."""
    prepare_kernels()
    first = nbformat.v4.new_code_cell(WARM_UP)
    cells = [nbformat.v4.new_code_cell(code_of(step)) for step in steps]
    notebook = nbformat.v4.new_notebook(cells=[first, *cells])
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        store_widget_state=False,
        extra_arguments=["--InteractiveShell.xmode=Minimal"],  # a shown error is its message, not its path
        resources={"metadata": {"path": str(Project.app.srcdir)}},
    )
    record = Record(seconds=0.0)
    with client.setup_kernel(stderr=subprocess.DEVNULL):
        client.execute_cell(first, 0)
        started = time.perf_counter()  # a page's own code, not its kernel's start
        for number, (step, cell) in enumerate(zip(steps, cells, strict=True), 1):
            try:
                client.execute_cell(cell, number)
            except CellExecutionError as error:
                if not step.may_raise:
                    raise PageError(step.line, f"{describe(step)}: {error.ename}: {error.evalue}") from None
            except (CellTimeoutError, DeadKernelError) as error:
                raise PageError(step.line, f"{describe(step)}: {error}") from None
            for output in cell.outputs:
                if output.output_type == "stream" and output.name == "stderr":
                    raise PageError(step.line, f"{describe(step)} warned: {output.text.strip()}")
            if step.kind == "cell":
                record.outputs.append([tidy(output) for output in cell.outputs])
            else:
                keep_value(record, step, "".join(output.get("text", "") for output in cell.outputs))
        record.seconds = time.perf_counter() - started
    return record


def code_of(step: Step) -> str:
    """Return what the kernel is given: an expression is formatted as in an f-string's braces."""
    return step.source if step.kind == "cell" else f'print(f"""{{{step.source}}}""", end="")'


def describe(step: Step) -> str:
    """Name the step in a message."""
    return "the cell" if step.kind == "cell" else f"{{eval}}`{step.source}`"


def tidy(output: nbformat.NotebookNode) -> dict[str, Any]:
    """Drop what differs from run to run."""
    plain = dict(json.loads(json.dumps(output)))
    if "execution_count" in plain:
        plain["execution_count"] = None
    return plain


def keep_value(record: Record, step: Step, value: str) -> None:
    """Note an expression's value; on one page an expression must mean one thing."""
    if record.values.setdefault(step.source, value) != value:
        raise PageError(step.line, f"{describe(step)} has two values on this page: rename one of them")


def recall(docname: str, steps: list[Step], key: str) -> Record:
    """Fetch the page's results from the store, or run the page and store them."""
    path = Project.store / f"{key}.json"
    if path.is_file():
        return Record(**json.loads(path.read_text(encoding="utf-8")))
    cells = sum(step.kind == "cell" for step in steps)
    logger.info("dlnotes: %s 실행 중 (셀 %d개, 식 %d개)", docname, cells, len(steps) - cells)
    record = execute(steps)
    logger.info("dlnotes: %s 실행 끝 (%.1f초)", docname, record.seconds)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(asdict(record), ensure_ascii=False), encoding="utf-8")
    draft.replace(path)
    return record


def execute_ahead(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Run the pages that the store lacks, as many at a time as Sphinx may, the longest first.

    Sphinx reads in parallel by handing each process a run of names, whatever they cost. Reading then finds
    the results here, and tells of what failed.
    """

    def run(docname: str, steps: list[Step], key: str) -> None:
        with contextlib.suppress(PageError):
            recall(docname, steps, key)

    waiting = []
    for docname in docnames:
        path = Path(env.doc2path(docname))
        if path.suffix == ".md":
            _, _, steps = understand(path.read_text(encoding="utf-8"), str(path))
            key = key_of(steps, dependencies(steps))
            if steps and not (Project.store / f"{key}.json").is_file():
                waiting.append((docname, steps, key))
    took = read_times()
    waiting.sort(key=lambda page: -took.get(page[0], len(page[1])))
    with ThreadPoolExecutor(max(app.parallel, 1)) as pool:
        for done in [pool.submit(run, *page) for page in waiting]:
            done.result()


# --- the page ----------------------------------------------------------------------------------


def understand(text: str, path: str) -> tuple[nbformat.NotebookNode, list[int], list[Step]]:
    """Read a page's cells, their first lines, and what is to be run."""
    config = Project.env().myst_config
    notebook = read_myst_markdown_notebook(text, config=config, add_source_map=True, path=path)
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    starts = first_lines(notebook, text)
    return notebook, starts, steps_of(notebook, starts)


def read_page(text: str) -> nbformat.NotebookNode:
    """Read one MyST page as an executed notebook (called by MyST-NB)."""
    env = Project.env()
    docname = env.docname
    notebook, starts, steps = understand(text, env.doc2path(docname))
    if not steps:
        return notebook
    for kind in ("cell", "eval"):
        env.metadata[docname][f"{kind}s"] = str(sum(step.kind == kind for step in steps))
    files = dependencies(steps)
    for file in files:
        env.note_dependency(str(file))
    try:
        fill(notebook, starts, recall(docname, steps, key_of(steps, files)))
    except PageError as error:
        logger.error("%s", error, location=(docname, error.line))
        env.temp_data["dlnotes_failed"] = True
    return notebook


def fill(notebook: nbformat.NotebookNode, starts: list[int], record: Record) -> None:
    """Put the results into the notebook and hold the values ready for the roles."""
    env = Project.env()
    env.metadata[env.docname]["execution_seconds"] = f"{record.seconds:.2f}"
    env.temp_data["dlnotes_values"] = record.values
    outputs = iter(record.outputs)
    for cell, start in zip(notebook.cells, starts, strict=True):
        if cell.cell_type == "code":
            cell.outputs = [nbformat.from_dict(output) for output in next(outputs)]
            label_pictures(start, cell, record.values)


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
        spoken = EVAL.sub(lambda found: values[normal(found[1])], alt)
        label = f'role="img" aria-label="{html.escape(spoken)}"'
        bundle["text/html"] = picture.replace('class="dl-picture"', f'class="dl-picture" {label}', 1)


class EvalRole(SphinxRole):
    """``{eval}`expression:format``` stands for its value, computed at that place of the page."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Look the value up."""
        values = self.env.temp_data.get("dlnotes_values", {})
        expression = normal(self.text)
        if expression not in values:
            if self.env.temp_data.get("dlnotes_failed"):  # told already, with the line that failed
                return [], []
            logger.error("{eval}`%s` was not computed", expression, location=self.get_location())
            return [], []
        return [nodes.inline(self.rawtext, values[expression], classes=["dl-computed"])], []


def times_path() -> Path:
    """Return the file of the seconds that each page took."""
    return Project.store / "times.json"


def read_times() -> dict[str, float]:
    """Read the seconds that each page took last."""
    if not times_path().is_file():
        return {}
    return dict(json.loads(times_path().read_text(encoding="utf-8")))


def write_times(app: Sphinx, exception: Exception | None) -> None:
    """Leave the seconds that each page took beside the site."""
    if exception or app.env is None:
        return
    seconds = {
        name: float(data["execution_seconds"])
        for name, data in sorted(app.env.metadata.items())
        if "execution_seconds" in data
    }
    Project.store.mkdir(parents=True, exist_ok=True)
    times_path().write_text(json.dumps(seconds, indent=2) + "\n", encoding="utf-8")


def install(app: Sphinx, *_: Any) -> None:
    """Replace MyST-NB's own ``{eval}``, which works only where nothing is cached."""
    app.add_role("eval", EvalRole(), override=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    Project.app = app
    Project.root = Path(app.confdir)
    Project.store = Path(app.outdir).parent / "execution"
    app.connect("builder-inited", install, priority=900)
    app.connect("env-before-read-docs", execute_ahead)
    app.connect("build-finished", write_times)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
