"""The written pages, and what is known of each: a page is read when its file changed, and once.

Parts say what they want to know of a page (:func:`read_with`); once all pages are written, those that changed
are read and the event ``pages-written`` hands them all round. What is known is kept in
``_build/assets/pages.json`` beside the size and the time of each file.

What a page linked is known from there alone once its links lead to the joined files (see :mod:`.assets`). So
a page of which nothing is kept, since the file is gone or broken or of another version, is deleted before
Sphinx looks what to write: it is written anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site import kept
from dlnotes_site.kept import digest

logger = logging.getLogger(__name__)

EVENT = "pages-written"
STORE = "pages.json"
ROOMS = [Path(__file__).parent, Path(__file__).parents[1] / "math"]
# What decides what is known of a page, besides the page.
VERSION = digest(b"".join(path.read_bytes() for room in ROOMS for path in sorted(room.glob("*.py"))))

JOINED_LINK = re.compile(r"(?<=_static/site-)[0-9a-z]+(?=\.(?:css|js))")
BLANK = "0"
JOINED = (
    '<meta http-equiv="Content-Security-Policy"'  # every page has it whose links are joined, and no other
)

Reader = Callable[[str], Any]
_readers: WeakKeyDictionary[Sphinx, dict[str, Reader]] = WeakKeyDictionary()


def unlinked(html: str) -> str:
    """Return a page's HTML without the names of the joined files."""
    return JOINED_LINK.sub(BLANK, html)


class WrittenPage:
    """A page's file and what is known of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: dict[str, Any] = {}

    @cached_property
    def html(self) -> str:
        """The page as it was when it was first asked for."""
        return self.path.read_text("utf-8")

    @property
    def stamp(self) -> list[int]:
        """What changes whenever the file is written."""
        state = self.path.stat()
        return [state.st_size, state.st_mtime_ns]


class WrittenPages(dict[str, WrittenPage]):
    """All pages of a site by their paths, with what the build before knew of them."""

    def __init__(self, folder: Path, readers: Mapping[str, Reader] = MappingProxyType({})) -> None:
        super().__init__()
        self.folder = folder
        self.store = folder.parent / "assets"
        self.readers = readers
        self.version = digest(VERSION + "".join(sorted(readers)))
        self.kept = self.load()
        by_content = {known["content"]: known for known in self.kept.values() if "content" in known}
        self.unknown: list[WrittenPage] = []  # pages whose links are joined, and nothing is known of them
        for path in sorted(folder.rglob("*.html")):
            if path.is_relative_to(folder / "_static"):
                continue
            name = path.relative_to(folder).as_posix()
            page = self[name] = WrittenPage(path)
            known = self.kept.get(name, {})
            if known.get("stamp") == page.stamp:
                page.known = {**known}
            elif JOINED in page.html:
                # Written by a build that was ended before it could note the file's time.
                page.known = {**by_content.get(digest(unlinked(page.html)), {})}
                if not page.known:
                    self.unknown.append(page)
                page.known.pop("links", None)

    def load(self) -> dict[str, dict[str, Any]]:
        """Return what was known after the build before."""
        found = kept.read(self.store / STORE)
        if found is None:
            return {}
        if found["version"] != self.version:
            logger.info("dlnotes: 다른 판이 보관한 파일이라 다시 만듭니다: %s", self.store / STORE)
            return {}
        pages: dict[str, dict[str, Any]] = found["pages"]
        return pages

    def read(self) -> None:
        """Have the readers read the pages that changed."""
        for page in self.values():
            for name, reader in self.readers.items():
                if name not in page.known:
                    page.known[name] = reader(page.html)
        self.save()

    def save(self, about_to_change: Collection[str] = ()) -> None:
        """Keep what is known; by the files' times only of those that stay as they are."""
        pages = {
            name: page.known | {"stamp": None if name in about_to_change else page.stamp}
            for name, page in self.items()
        }
        if pages != self.kept:
            kept.write(self.store / STORE, {"version": self.version, "pages": pages})
            self.kept = pages


def read_with(app: Sphinx, name: str, reader: Reader) -> None:
    """Have a page's HTML read by a function whose result, which JSON can hold, is then known by this name."""
    app.setup_extension(__name__)
    _readers.setdefault(app, {})[name] = reader


def forget_unknown(app: Sphinx) -> None:
    """Delete the pages of which nothing is known, and the first one, so that Sphinx writes them anew."""
    if app.builder.name != "html":
        return
    folder = Path(app.outdir)
    if unknown := WrittenPages(folder, _readers.get(app, {})).unknown:
        logger.info("dlnotes: 무엇을 링크하는지 모르는 %d쪽을 다시 씁니다", len(unknown))
        for path in {folder / f"{app.config.root_doc}.html", *(page.path for page in unknown)}:
            path.unlink(missing_ok=True)


def read_pages(app: Sphinx, exception: Exception | None) -> None:
    """Read the pages that changed, and hand all of them to the parts that asked."""
    if exception or app.builder.name != "html":
        return
    pages = WrittenPages(Path(app.outdir), _readers.get(app, {}))
    if pages.unknown:
        raise ExtensionError(f"{pages.unknown[0].path}: no page of this build; delete it, and build again")
    pages.read()
    app.emit(EVENT, pages)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.add_event(EVENT)
    app.connect("builder-inited", forget_unknown, priority=50)  # before anybody asks what is outdated
    app.connect("build-finished", read_pages, priority=900)  # once the others are done with the pages
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
