"""What a page asks to be run: its code cells and, between them, every ``{eval}`` of its prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import nbformat

EVAL = re.compile(r"(?<!`)\{eval\}`([^`]+)`")
PLAIN_FENCE = re.compile(r"^(`{3,}|~{3,})(?!`*\{)[^\n]*\n.*?^\1`*\s*$", re.M | re.S)


class PageError(Exception):
    """A page's code failed, or a figure lacks what it must have."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Step:
    """One thing to run: a cell's code, or an expression of the prose."""

    kind: str
    source: str
    line: int
    may_raise: bool = False

    @property
    def code(self) -> str:
        """What the kernel is given: an expression is formatted as in an f-string's braces."""
        return self.source if self.kind == "cell" else f'print(f"""{{{self.source}}}""", end="")'

    def __str__(self) -> str:
        """Name the step in a message."""
        return "the cell" if self.kind == "cell" else f"{{eval}}`{self.source}`"


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
            steps.append(Step("eval", one_line(found[1]), line))
    return steps


def texts_of(option: Any) -> Iterator[str]:
    """Yield every string in a cell's options: captions and alternative texts hold expressions too."""
    if isinstance(option, str):
        yield option
    elif isinstance(option, dict):
        for value in option.values():
            yield from texts_of(value)


def one_line(expression: str) -> str:
    """Return the expression with line breaks folded."""
    return " ".join(expression.split())
