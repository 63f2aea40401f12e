"""What takes long to make is kept between builds, and believed only if it is whole.

A file is put in its place in one step, so that no build that is killed leaves half of one; and since others
may (a full disk, a copied folder), each bears a digest of its content, which is looked at when it is read:
bytes in their file's name (:func:`get_or_make`), what JSON can hold within (:func:`read`, :func:`write`).
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sphinx.util import logging

logger = logging.getLogger(__name__)

SEAL = "digest"


def digest(content: str | bytes, length: int = 64) -> str:
    """Name a content."""
    return hashlib.sha256(content if isinstance(content, bytes) else content.encode()).hexdigest()[:length]


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file in one step: who reads it finds all of it or what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two pages may lean on the same results, and be read at the same time.
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        draft.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def report_broken(path: Path) -> None:
    """Tell why something is made anew."""
    logger.info("dlnotes: 보관한 파일이 깨져 다시 만듭니다: %s", path)


# --- bytes ----------------------------------------------------------------------------------------


def get_or_make(folder: Path, name: str, made_of: Iterable[str | bytes], make: Callable[[], bytes]) -> bytes:
    """Return what was made of these parts, from the file of this name if it is there and whole.

    In place of ``*`` stand a digest of the parts and one of the content. What is not there is made, and takes
    the place of whatever was made of other parts.
    """
    parts = (part if isinstance(part, bytes) else part.encode() for part in made_of)
    wanted = digest(b"\n".join(parts), 32)
    for path in folder.glob(name.replace("*", f"{wanted}-*")):
        content = path.read_bytes()
        if path.name == name.replace("*", f"{wanted}-{digest(content, 32)}"):
            return content
        report_broken(path)
    content = make()
    made = folder / name.replace("*", f"{wanted}-{digest(content, 32)}")
    for old in folder.glob(name):
        if old != made:  # another process may have made it meanwhile
            old.unlink(missing_ok=True)
    write_whole(made, content)
    return content


# --- JSON -----------------------------------------------------------------------------------------


def write(path: Path, content: dict[str, Any]) -> None:
    """Write a file with a digest of what it holds."""
    write_whole(path, json.dumps({SEAL: seal_of(content), **content}, ensure_ascii=False) + "\n")


def read(path: Path) -> dict[str, Any] | None:
    """Return what a file holds, or None where it is not there or broken, which is told."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.pop(SEAL) == seal_of(content):
            return dict(content)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    report_broken(path)
    return None


def seal_of(content: dict[str, Any]) -> str:
    """Return what tells a whole file from a broken one."""
    return digest(json.dumps(content, sort_keys=True))
