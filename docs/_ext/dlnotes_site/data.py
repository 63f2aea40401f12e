"""The ledgers in YAML (errata, claims, terms, news), read in one way: every error names its file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import yaml
from sphinx.errors import ExtensionError

Record = TypeVar("Record")
Made = TypeVar("Made")


class DataError(ExtensionError):
    """A ledger holds what it must not, or lacks what it must have."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")


def place_at(path: Path, line: int) -> str:
    """Write a file and a line, as compilers do."""
    return f"{path}:{line}"


class Entry(dict[str, Any]):
    """A mapping of the file that knows where it stands."""

    place: str


Entries = tuple[Entry, ...]


class _Loader(yaml.CSafeLoader):
    """Read mappings as entries."""

    path: Path

    def construct_entry(self, node: yaml.MappingNode) -> Entry:
        entry = Entry({str(name): value for name, value in self.construct_mapping(node, deep=True).items()})
        if len(entry) != len(node.value):
            names = [key.value for key, _ in node.value]
            twice = next(name for name in names if names.count(name) > 1)
            raise DataError(place_at(self.path, node.start_mark.line + 1), f"{twice} stands twice")
        entry.place = place_at(self.path, node.start_mark.line + 1)
        return entry


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.construct_entry)


def load(path: Path, make: Callable[[Entries], Made]) -> Made:
    """Make what a file's entries stand for; anew only when its text changed."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(place_at(path, 1), f"cannot be read: {error}") from error
    made: Made = _made(path, text, make)
    return made


@lru_cache
def _made(path: Path, text: str, make: Callable[[Entries], Any]) -> Any:
    return make(entries(path, text))


def entries(path: Path, text: str) -> Entries:
    """Read the list of mappings that a file's text holds."""
    loader = _Loader(text)
    loader.path = path
    try:
        found = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataError(place_at(path, line), str(error.problem)) from error
    finally:
        loader.dispose()
    return tuple(listed(place_at(path, 1), found))


def listed(place: str, found: Any) -> list[Entry]:
    """Require a list of mappings."""
    if not isinstance(found, list):
        raise DataError(place, f"must be a list of entries, got {found!r}")
    for one in found:
        if not isinstance(one, Entry):
            raise DataError(place, f"every entry must be a mapping, got {one!r}")
    return found


def record(kind: type[Record], entry: Entry, /, **more: Any) -> Record:
    """Make a dataclass of an entry, and of what is known besides; refuse missing and unknown fields."""
    assert is_dataclass(kind)
    asked = {one.name: one.default is MISSING and one.default_factory is MISSING for one in fields(kind)}
    given = {**entry, **more}
    unknown = sorted(set(given) - set(asked))
    missing = [name for name, needed in asked.items() if needed and name not in given]
    if unknown or missing:
        told = [f"lacks {', '.join(missing)}"] if missing else []
        told += [f"{', '.join(unknown)} is unknown: the fields are {', '.join(asked)}"] if unknown else []
        raise DataError(entry.place, "; ".join(told))
    return kind(**given)


class Placed(Protocol):
    """What was made of an entry, and knows its place."""

    @property
    def place(self) -> str:
        """Where the entry stands."""


Kept = TypeVar("Kept", bound=Placed)


def by_name(made: Iterable[Kept], name: str) -> dict[str, Kept]:
    """Return what was made of entries by the field that names each; refuse a name that stands twice."""
    found: dict[str, Kept] = {}
    for one in made:
        key = getattr(one, name)
        if key in found:
            raise DataError(one.place, f"{key} stands twice, first at {found[key].place}")
        found[key] = one
    return found
