"""What an earlier build left may be believed, or is made anew.

Builds are interrupted, fail, and run beside one another; files change without their times telling. So:

- One build at a time works in a folder: another waits. The lock dies with the process that holds it.
- Pages that are read are entered into a journal beside the environment first. They leave it when an HTML
  build has written them and ends well; what stands in it is read again, whoever was to write it. Of a build
  that ended with warnings the pages stay that were warned of, and no others.
- A page is read again when the content of a file that it was made of changed, whatever the file's time says.
- The Python, the lock file and this machinery belong to everything: a change has every page read again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging as stdlib_logging
import os
import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.nodes import get_node_source
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site import kept
from dlnotes_site.execution.key import digest_of
from dlnotes_site.pages import being_read, known, pages
from dlnotes_site.theme.module_code import make_all_anew

logger = logging.getLogger(__name__)

MACHINERY = Path(__file__).parents[1]


# --- one build at a time --------------------------------------------------------------------------

_held: dict[Path, int] = {}


def lock(folder: Path) -> None:
    """Wait until no other build works in the folder, and hold it until this process ends.

    A record lock, which the processes that are forked from this one do not inherit.
    """
    path = folder / "build.lock"
    if path in _held:
        return
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        logger.info("dlnotes: 이 폴더에서 도는 다른 빌드가 끝나기를 기다립니다")
        fcntl.lockf(handle, fcntl.LOCK_EX)
    _held[path] = handle


# --- the journal ----------------------------------------------------------------------------------


class Journal:
    """The pages that were read and not yet brought to a good end, and whether a build is under way."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "unfinished.json"

    def read(self) -> tuple[set[str], bool]:
        """Return the pages, and whether their build did not come to its end."""
        content = kept.read(self.path) or {"pages": [], "interrupted": self.path.is_file()}
        return set(content["pages"]), bool(content["interrupted"])

    def write(self, names: Iterable[str], *, interrupted: bool) -> None:
        """Enter the pages; nothing to enter leaves no file."""
        listed = sorted(names)
        if listed or interrupted:
            kept.write(self.path, {"pages": listed, "interrupted": interrupted})
        else:
            self.path.unlink(missing_ok=True)


class Complaints(stdlib_logging.Handler):
    """Remember of which pages a build warned; what is of no page counts for the landing page."""

    def __init__(self, app: Sphinx) -> None:
        super().__init__(stdlib_logging.WARNING)
        self.app = app
        self.pages: set[str] = set()

    def emit(self, record: stdlib_logging.LogRecord) -> None:
        """Note the page of a warning."""
        self.pages.add(self.page_of(getattr(record, "location", None)))

    def page_of(self, location: Any) -> str:
        """Find the page of a place: a node, a file, a page, or one of the two with a line."""
        if isinstance(location, nodes.Text):
            location = location.parent
        if isinstance(location, nodes.Element):
            location = get_node_source(location)
        elif isinstance(location, tuple):
            location = location[0]
        name = re.sub(r"(:\d*)+$", "", str(location or "").partition(":docstring of")[0])
        env = self.app.env
        found = name if name in env.found_docs else env.path2doc(name) if name else None
        return found if found in env.found_docs else env.config.root_doc


class Build:
    """One run of Sphinx and what it must remember until it ends."""

    def __init__(self, app: Sphinx) -> None:
        self.journal = Journal(Path(app.doctreedir))
        self.complaints = Complaints(app)
        self.left, self.interrupted = set[str](), False

    def begin(self, app: Sphinx) -> None:
        """Listen to the warnings."""
        stdlib_logging.getLogger("sphinx").addHandler(self.complaints)

    def pages_to_read(
        self, _app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], _removed: set[str]
    ) -> set[str]:
        """Name the pages that an earlier build left unfinished, and those whose files are others now."""
        self.left, self.interrupted = self.journal.read()
        others = {
            name
            for name in env.found_docs - added - changed
            if any(content_of(path) != digest for path, digest in known(env, name).files.items())
        }
        return (self.left & env.found_docs) | others

    def enter(self, _app: Sphinx, _env: BuildEnvironment, docnames: list[str]) -> None:
        """Enter what will be read, before any of it is."""
        content_of.cache_clear()
        if docnames or self.interrupted:
            self.left |= set(docnames)
            self.journal.write(self.left, interrupted=True)

    def pages_to_write(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Name all pages after an interrupted build: which of them it wrote nobody knows."""
        if not self.interrupted or app.builder.name != "html":
            return []
        make_all_anew(app)
        return sorted(env.found_docs)

    def end(self, app: Sphinx, exception: Exception | None) -> None:
        """Keep in the journal what did not come to a good end."""
        stdlib_logging.getLogger("sphinx").removeHandler(self.complaints)
        if exception is not None or (not self.journal.path.is_file() and not self.complaints.pages):
            return
        if app.builder.name == "html":
            self.journal.write(self.complaints.pages, interrupted=False)


# --- what pages are made of -----------------------------------------------------------------------


@cache
def content_of(path: str) -> str:
    """Return a digest of a file, once a build."""
    return digest_of(Path(path))


def note_files(app: Sphinx, _doctree: nodes.document) -> None:
    """Note the files that a page is made of."""
    env = app.env
    made_of = [env.doc2path(env.docname), *env.dependencies.get(env.docname, ())]
    paths = (str(Path(env.srcdir, path)) for path in made_of)
    being_read(env).files = {path: content_of(path) for path in paths}


def foundation(root: Path) -> str:
    """Return a digest of what everything stands on: the Python, the lock file, the machinery."""
    sources = (path for path in sorted(MACHINERY.rglob("*.py")) if "tests" not in path.parts)
    digest = hashlib.sha256(f"{sys.version} {sys.prefix}".encode())
    for path in (root / "requirements.txt", *sources):
        digest.update(digest_of(path).encode())
    return digest.hexdigest()


def leave_list_of_files(app: Sphinx, exception: Exception | None) -> None:
    """Leave a list of the files besides the site's own that the pages were made of."""
    if exception is None:
        found = {path for page in pages(app.env).values() for path in page.files}
        kept.write_whole(Path(app.doctreedir) / "files.json", json.dumps(sorted(found)) + "\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    lock(Path(app.outdir).parent)
    app.setup_extension("dlnotes_site.pages")
    app.add_config_value("dlnotes_foundation", foundation(Path(app.confdir)), "env", str)
    build = Build(app)
    app.connect("builder-inited", build.begin, priority=500)
    app.connect("env-get-outdated", build.pages_to_read, priority=900)
    app.connect("env-before-read-docs", build.enter, priority=100)
    app.connect("doctree-read", note_files, priority=950)
    app.connect("env-updated", build.pages_to_write, priority=900)
    app.connect("build-finished", leave_list_of_files, priority=990)
    app.connect("build-finished", build.end, priority=999)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
