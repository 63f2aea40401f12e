"""What takes long to make is kept between builds, under a name that says what it was made of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path


def kept(folder: Path, name: str, made_of: Iterable[str | bytes], make: Callable[[], bytes]) -> bytes:
    """Return a file of this name, a digest of what it is made of in place of ``*``.

    What is not there is made, and takes the place of whatever was made of other things.
    """
    parts = (part if isinstance(part, bytes) else part.encode() for part in made_of)
    path = folder / name.replace("*", hashlib.sha256(b"\n".join(parts)).hexdigest())
    if not path.is_file():
        content = make()
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(name):
            old.unlink()
        path.write_bytes(content)
    return path.read_bytes()
