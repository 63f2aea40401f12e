"""The key under which results are kept: equal keys mean equal results.

It is made of all that can change them: the code, the Python, the lock file, this package, the library's data,
and the modules of the library that the code reaches. What else a cell opens is noted as it runs (see
:mod:`.kernel`) and compared when its results are recalled.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import py_compile
import re
import sys
import textwrap
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from .steps import Step

LIBRARY = "dlnotes"
HERE = Path(__file__).parent
STATEMENT = re.compile(r"^[ \t]*(?:from\s[\w. ]+\simport\s*(?:\([^)]*\)|[^\n(]*)|import\s[^\n]*)", re.M)


def digest_of(path: Path) -> str:
    """Return a digest of a file's contents; of a file that is not there, nothing."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def key_of(steps: Iterable[Step], files: Iterable[Path], root: Path) -> str:
    """Make the key of some steps, which lean on these files."""
    digest = hashlib.sha256()
    parts = [
        sys.version,
        sys.prefix,
        *(f"{step.kind} {step.may_raise} {step.source}" for step in steps),
        *(f"{os.path.relpath(path, root)} {digest_of(path)}" for path in files),
    ]
    for part in parts:
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()


def files_behind(sources: Iterable[str], root: Path) -> list[Path]:
    """List the files whose change can change what the sources give."""
    library = root / "src" / LIBRARY
    modules = (module_path(name, root) for name in modules_reached(sources, root))
    data = (path for path in library.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"})
    return sorted({*filter(None, modules), *data, root / "requirements.txt", *HERE.glob("*.py")})


def modules_reached(sources: Iterable[str], root: Path) -> set[str]:
    """Name the modules of the library that code can reach, through their imports."""
    reached: set[str] = set()
    waiting = [name for source in sources for name in imports(source, "")]
    while waiting:
        name = waiting.pop()
        path = module_path(name, root)
        if name in reached or path is None:
            continue
        reached.add(name)
        waiting += [name.rpartition(".")[0]] if "." in name else []
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        # The library has its imports on lines of their own; to parse all of it takes longer than the edit.
        statements = map(textwrap.dedent, STATEMENT.findall(path.read_text(encoding="utf-8")))
        waiting += imports("\n".join(statements), package)
    return reached


@cache
def imports(source: str, package: str) -> tuple[str, ...]:
    """Name what the source imports from the library; `package` resolves relative imports."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # the kernel will say it better, with the line
        return ()
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            names += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return tuple(name for name in names if name.split(".")[0] == LIBRARY)


def module_path(name: str, root: Path) -> Path | None:
    """Find the file of a module of the library, or None where the name is no module."""
    stem = root / "src" / Path(*name.split("."))
    return next((path for path in (stem / "__init__.py", stem.with_suffix(".py")) if path.is_file()), None)


def compile_by_content(root: Path) -> None:
    """Have Python recognise the library's byte code by its source's content, not by its size and time.

    An edit that keeps both would run the old code and publish its numbers under the new key.
    """
    for path in (root / "src" / LIBRARY).rglob("*.py"):
        source = path.read_bytes()
        compiled = Path(importlib.util.cache_from_source(str(path)))
        checked = importlib.util.MAGIC_NUMBER + b"\3\0\0\0" + importlib.util.source_hash(source)
        if compiled.is_file():
            with compiled.open("rb") as file:
                if file.read(len(checked)) == checked:
                    continue
        try:
            py_compile.compile(str(path), invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
        except OSError:  # a folder that cannot be written has no stale byte code of ours
            compiled.unlink(missing_ok=True)
