"""Run a page's steps in one kernel, in the order they stand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from .key import digest_of
from .steps import PageError, Step

TIMEOUT = 300  # seconds for one cell
HASH_SEED = "0"
# What runs before the page's own code: the slowest of what every page loads, and a watch over opened files.
WARM_UP = """
import matplotlib.figure; del matplotlib
def _watch():
    import os, sys
    opened = set()
    def hook(event, arguments):
        if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
            writes = isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if not writes:
                opened.add(os.path.abspath(os.fsdecode(arguments[0])))
    sys.addaudithook(hook)
    return opened
_opened_files = _watch()
"""
OPENED = "print(*sorted(_opened_files), sep='\\0', end='')"


@dataclass
class Record:
    """What running a page gave, and a digest of each file that it opened besides the library's."""

    seconds: float
    outputs: list[list[dict[str, Any]]] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def holds(self) -> bool:
        """Tell whether the files that were opened are as they were."""
        return all(digest_of(Path(path)) == digest for path, digest in self.files.items())


@cache
def prepare(scratch: Path) -> None:
    """Set what every kernel inherits. Load once what every page loads, if no build did: fonts, byte code."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    memory = dict.fromkeys(("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), str(1 << 28))
    os.environ.update(
        memory,  # glibc: keep freed arrays, since fetching their pages anew costs as much as the sums in them
        **threads,  # pages run side by side: more threads each would only get in one another's way
        MPLCONFIGDIR=str(scratch / "matplotlib"),
        MPLBACKEND="agg",
        IPYTHONDIR=str(scratch / "ipython"),
        JUPYTER_PREFER_ENV_PATH="1",
        PYDEVD_DISABLE_FILE_VALIDATION="1",
    )
    if not any(scratch.glob("matplotlib/fontlist-*.json")):
        once = "import matplotlib.font_manager, matplotlib.mathtext, ipykernel.kernelapp"
        subprocess.run([sys.executable, "-c", once], check=True, capture_output=True)


def execute(steps: list[Step], folder: Path, scratch: Path, root: Path, hash_seed: str = HASH_SEED) -> Record:
    """Run the steps in a fresh kernel, which stands in a folder."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    prepare(scratch)
    first, last = (nbformat.v4.new_code_cell(code) for code in (WARM_UP, OPENED))
    cells = [nbformat.v4.new_code_cell(step.code) for step in steps]
    client = NotebookClient(
        nbformat.v4.new_notebook(cells=[first, *cells, last]),
        kernel_name="python3",
        store_widget_state=False,
        coalesce_streams=True,  # else text comes in the pieces that the kernel happened to send
        extra_arguments=["--InteractiveShell.xmode=Minimal"],  # a shown error is its message, not its path
        resources={"metadata": {"path": str(folder)}},
    )
    record = Record(seconds=0.0)
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    with client.setup_kernel(stderr=subprocess.DEVNULL, env=environment):
        client.execute_cell(first, 0)
        client.timeout = TIMEOUT
        started = time.perf_counter()  # a page's own code, not its kernel's start
        for number, (step, cell) in enumerate(zip(steps, cells, strict=True), 1):
            try:
                client.execute_cell(cell, number)
            except CellExecutionError as error:
                if not step.may_raise:
                    raise PageError(step.line, f"{step}: {error.ename}: {error.evalue}") from None
            except CellTimeoutError:
                raise PageError(step.line, f"{step} did not end within {TIMEOUT} seconds") from None
            except DeadKernelError:
                raise PageError(step.line, f"{step} ended its kernel: it crashed or lacked memory") from None
            for output in cell.outputs:
                if output.output_type == "stream" and output.name == "stderr":
                    raise PageError(step.line, f"{step} warned: {output.text.strip()}")
            if step.kind == "cell":
                record.outputs.append([tidied(output) for output in cell.outputs])
            else:
                note_value(record, step, printed(cell))
        record.seconds = time.perf_counter() - started
        client.execute_cell(last, len(cells) + 1)
    record.files = files_opened(printed(last), scratch, root)
    return record


def require_same(steps: list[Step], once: Record, again: Record) -> None:
    """Refuse what came out differently when the page was run a second time."""
    outputs = iter(zip(once.outputs, again.outputs, strict=True))
    for step in steps:
        first, second = (
            next(outputs) if step.kind == "cell" else (once.values[step.source], again.values[step.source])
        )
        if first != second:
            raise PageError(step.line, f"{step} gave something else when it was run again")


def printed(cell: nbformat.NotebookNode) -> str:
    """Return what a cell printed."""
    return "".join(output.get("text", "") for output in cell.outputs)


def files_opened(listed: str, scratch: Path, root: Path) -> dict[str, str]:
    """Return a digest of each file that code read, but those of Python, its packages and the library."""
    installed = {Path(sys.prefix), Path(sys.base_prefix), scratch, root / "src"}
    foreign = (Path("/proc"), Path("/sys"), Path("/dev"), Path("/etc"))
    found = {}
    for path in map(Path, filter(None, listed.split("\0"))):
        if not path.is_file() or any(path.is_relative_to(folder) for folder in (*installed, *foreign)):
            continue
        found[str(path)] = digest_of(path)
    return found


def tidied(output: nbformat.NotebookNode) -> dict[str, Any]:
    """Drop what differs from run to run."""
    plain = dict(json.loads(json.dumps(output)))
    if "execution_count" in plain:
        plain["execution_count"] = None
    return plain


def note_value(record: Record, step: Step, value: str) -> None:
    """Note an expression's value; on one page an expression must mean one thing."""
    if record.values.setdefault(step.source, value) != value:
        raise PageError(step.line, f"{step} has two values on this page: rename one of them")
