"""The pages of the modules' code are made again when a page of the library was read, or one is missing.

viewcode asks at every build when each module changed, and imports all of them to learn where they stand.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.ext import viewcode
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.api_pages import FOLDER

Pages = Iterator[tuple[str, dict[str, Any], str]]


class ModuleCode:
    """The pages of the modules' code, in one build."""

    def __init__(self) -> None:
        self.changed = False

    def note(self, _app: Sphinx, _env: BuildEnvironment, docnames: list[str]) -> None:
        """Note whether a page of the library will be read."""
        self.changed = any(name.startswith(f"{FOLDER}/") for name in docnames)

    def collect(self, app: Sphinx) -> Pages:
        """Make the pages, or leave them as they are."""
        if self.changed or any(not page.is_file() for page in pages_of(app)):
            yield from viewcode.collect_pages(app)


def pages_of(app: Sphinx) -> Iterator[Path]:
    """Yield the files of the pages."""
    folder = Path(app.outdir) / viewcode.OUTPUT_DIRNAME
    modules = getattr(app.env, "_viewcode_modules", {})
    yield from (folder / f"{name.replace('.', '/')}.html" for name, code in modules.items() if code)


def make_all_anew(app: Sphinx) -> None:
    """Have all of the pages made: what they are written with changed, or nobody knows which were written."""
    shutil.rmtree(Path(app.outdir) / viewcode.OUTPUT_DIRNAME, ignore_errors=True)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    code = ModuleCode()
    for listener in list(app.events.listeners["html-collect-pages"]):
        if listener.handler is viewcode.collect_pages:
            app.disconnect(listener.id)
    app.connect("env-before-read-docs", code.note, priority=200)
    app.connect("html-collect-pages", code.collect, priority=500)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
