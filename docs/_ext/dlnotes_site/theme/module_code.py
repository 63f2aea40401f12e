"""The pages of the modules' code are made again when a page of the library was read, or one is missing.

viewcode asks at every build when each module changed, and imports all of them to learn where they stand. What
Sphinx makes of a module's code, where its names stand and how it is coloured, is kept.
"""

from __future__ import annotations

import pickle
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pygments
import sphinx
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.ext import viewcode
from sphinx.highlighting import PygmentsBridge
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.api_pages import FOLDER
from dlnotes_site.kept import get_or_make
from dlnotes_site.markup.untranslated import marked

Pages = Iterator[tuple[str, dict[str, Any], str]]
MADE_WITH = (sys.version, sphinx.__version__, pygments.__version__)


learn = ModuleAnalyzer.analyze


def keep_analyses(store: Path) -> None:
    """Have Sphinx learn where a module's names stand from a store, as long as the code stays the same.

    autodoc and viewcode ask in every process that reads, so that a method of Sphinx's is replaced.
    """

    def analyze(self: ModuleAnalyzer) -> None:
        def learned() -> bytes:
            before = set(vars(self))
            learn(self)
            return pickle.dumps({name: value for name, value in vars(self).items() if name not in before})

        if not self._analyzed:
            kept = get_or_make(store, f"{self.modname}-*.pickle", [*MADE_WITH, self.code], learned)
            vars(self).update(pickle.loads(kept), _analyzed=True)

    ModuleAnalyzer.analyze = analyze  # type: ignore[method-assign]


class KeptColours:
    """Colours a module's code as the builder's highlighter does, once as long as the code stays the same."""

    def __init__(self, highlighter: PygmentsBridge, store: Path, names: dict[str, str]) -> None:
        self.highlighter = highlighter
        self.store = store
        self.names = names

    def highlight_block(self, code: str, lexer: str, **options: Any) -> str:
        """Return the coloured code."""

        def coloured() -> bytes:
            return self.highlighter.highlight_block(code, lexer, **options).encode()

        made_of = [*MADE_WITH, lexer, repr(options), code]
        return get_or_make(self.store, f"{self.names[code]}-*.html", made_of, coloured).decode()


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
            names = {entry[0]: name for name, entry in modules_of(app).items() if entry}
            builder = cast("StandaloneHTMLBuilder", app.builder)
            own = builder.highlighter
            builder.highlighter = cast("PygmentsBridge", KeptColours(own, store_of(app), names))
            try:
                for name, context, template in viewcode.collect_pages(app):
                    yield name, {**context, "body": marked(context["body"])}, template
            finally:
                builder.highlighter = own


def store_of(app: Sphinx) -> Path:
    """Return the folder where what is made of the modules' code is kept."""
    return Path(app.outdir).parent / "module-code"


def modules_of(app: Sphinx) -> dict[str, Any]:
    """Return what viewcode knows of each module: its code first, or False where there is none."""
    return getattr(app.env, "_viewcode_modules", {})


def pages_of(app: Sphinx) -> Iterator[Path]:
    """Yield the files of the pages."""
    folder = Path(app.outdir) / viewcode.OUTPUT_DIRNAME
    yield from (folder / f"{name.replace('.', '/')}.html" for name, code in modules_of(app).items() if code)


def make_all_anew(app: Sphinx) -> None:
    """Have all of the pages made: what they are written with changed, or nobody knows which were written."""
    shutil.rmtree(Path(app.outdir) / viewcode.OUTPUT_DIRNAME, ignore_errors=True)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    code = ModuleCode()
    keep_analyses(store_of(app))
    for listener in list(app.events.listeners["html-collect-pages"]):
        if listener.handler is viewcode.collect_pages:
            app.disconnect(listener.id)
    app.connect("env-before-read-docs", code.note, priority=200)
    app.connect("html-collect-pages", code.collect, priority=500)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
