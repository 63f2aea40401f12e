"""What takes long to make is kept between builds, and believed only if it is whole.

A file is put in its place in one step, so that no build that is killed leaves half of one; and since others
may (a full disk, a copied folder), each bears a digest of its content, which is looked at when it is read.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from sphinx.util import logging

logger = logging.getLogger(__name__)


def digest(content: str | bytes, length: int = 64) -> str:
    """Name a content."""
    return hashlib.sha256(content if isinstance(content, bytes) else content.encode()).hexdigest()[:length]


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file in one step: who reads it finds all of it or what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.replace(beside, path)


def kept(folder: Path, name: str, made_of: Iterable[str | bytes], make: Callable[[], bytes]) -> bytes:
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
        logger.info("dlnotes: 보관한 파일이 깨져 다시 만듭니다: %s", path)
    content = make()
    for old in folder.glob(name):
        old.unlink()
    write_whole(folder / name.replace("*", f"{wanted}-{digest(content, 32)}"), content)
    return content
