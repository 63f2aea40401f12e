"""The library as a wheel, made with the site: what a notebook installs wherever it is opened.

The locked backend builds it from a copy of the library's files alone, so that nothing of this machine is in
it. Its version is the project's, and behind it a digest of all that it is made of: who has this version has
these files.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from packaging.version import Version

from dlnotes_site.execution.key import LIBRARY
from dlnotes_site.kept import get_or_make

FOLDER = "wheels"
PROJECT = "pyproject.toml"
DIGITS = 12
BEGINNING = (1980, 1, 1, 0, 0, 0)  # of time, as archives count it


@dataclass(frozen=True)
class Wheel:
    """A wheel's version and bytes."""

    version: str
    content: bytes

    @property
    def place(self) -> str:
        """Where it stands, from the site's root."""
        return f"{FOLDER}/{LIBRARY}-{self.version}-py3-none-any.whl"


def wheel_of(root: Path, store: Path) -> Wheel:
    """Return the wheel of a project's library, from the store if it was built of the same."""
    project = tomllib.loads((root / PROJECT).read_text("utf-8"))["project"]
    names = list(files_of(root, project))
    digest = hashlib.sha256(json.dumps([metadata.version("flit_core"), project], sort_keys=True).encode())
    for name in names:
        digest.update(f"\0{name}\0".encode() + (root / name).read_bytes())
    version = str(Version(f"{project['version']}+{digest.hexdigest()[:DIGITS]}"))
    return Wheel(version, get_or_make(store, "*.whl", [version], partial(built, root, names, version)))


def files_of(root: Path, project: dict[str, Any]) -> Iterator[str]:
    """Name the files of the library: its licences, its folder without byte code and what editors leave."""
    yield from project["license-files"]
    for path in sorted((root / "src" / LIBRARY).rglob("*")):
        name = path.relative_to(root).as_posix()
        left_behind = name.endswith(("~", ".pyc")) or any(part.startswith(".") for part in name.split("/"))
        if path.is_file() and not left_behind and name not in project["license-files"]:
            yield name


def built(root: Path, names: list[str], version: str) -> bytes:
    """Build the wheel of these files."""
    from flit_core.wheel import WheelBuilder  # seldom needed

    logging.getLogger("flit_core").setLevel(logging.WARNING)
    with TemporaryDirectory() as place:
        for name in (PROJECT, *names):
            copy = Path(place, name)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, copy)  # its modes stay behind
        written = io.BytesIO()
        builder = WheelBuilder.from_ini_path(Path(place, PROJECT), written)
        builder.metadata.version = version
        builder.source_time_stamp = BEGINNING
        builder.build()
        return written.getvalue()
