"""Take away the pages of an earlier build that this one no longer has.

Sphinx leaves in the output whatever it once wrote: the page of a source that was renamed, the index of
modules after it was turned off. They would be published, and treated as every page is.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.theme.module_code import pages_of


def clear(app: Sphinx, made: set[str]) -> None:
    """Delete the pages that are neither of a source, nor made now, nor of a module that did not change."""
    folder = Path(app.outdir)

    def page_in(path: Path) -> str:
        return path.relative_to(folder).with_suffix("").as_posix()

    modules = set(map(page_in, pages_of(app)))
    kept = app.env.found_docs | made | modules | ({"_modules/index"} if modules else set())
    for path in list(folder.rglob("*.html")):  # folders go, too
        page = page_in(path)
        if page not in kept and not page.startswith("_static/"):
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    made: set[str] = set()  # a page's name, also of those that no source has: the index, the search

    def remember(_app: Sphinx, page: str, *_: object) -> None:
        made.add(page)

    def finish(app: Sphinx, exception: Exception | None) -> None:
        if exception is None and app.builder.name == "html":
            clear(app, made)

    app.connect("html-page-context", remember, priority=492)
    app.connect("build-finished", finish, priority=100)  # before anything is done to all written pages
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
