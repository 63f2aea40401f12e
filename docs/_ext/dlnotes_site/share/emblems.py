"""The small drawing of a page beside its title: the one of its card, as SVG that follows light and dark."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from dlnotes_site.kept import get_or_make
from dlnotes_site.pages import OnScreen, is_answers, show_on_screen
from dlnotes_site.share.cards import looks


def store_of(app: Sphinx) -> Path:
    """Return the folder where the drawings are kept."""
    return Path(app.outdir).parent / "emblems"


def emblem(page: str, store: Path) -> str:
    """Return a page's drawing; nothing, if it has none."""
    return get_or_make(store, f"{page}-*.svg", [looks()], partial(drawn, page)).decode()


def drawn(page: str) -> bytes:
    """Draw it."""
    from dlnotes.figures.canvas import canvas  # Matplotlib takes long to load
    from dlnotes_site.share.motifs import HEIGHT, MOTIFS, WIDTH

    if page not in MOTIFS:
        return b""
    with canvas(WIDTH, HEIGHT) as (ax, picture):
        MOTIFS[page](ax)
    return picture.panels[0].encode()


class Emblem(OnScreen):
    """A page's drawing, where another page shows it."""


def write_emblem(translator: HTML5Translator, node: Emblem) -> None:
    """Write the drawing."""
    translator.body.append(shown(emblem(node["page"], store_of(translator.builder.app))))
    raise nodes.SkipNode


def shown(svg: str) -> str:
    """Return what shows a drawing in a page."""
    return f'<div class="dl-emblem" aria-hidden="true">{svg}</div>' if svg else ""


def place(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the drawing before the title."""
    if doctree is None or not is_answers(app.env, pagename):
        return
    svg = emblem(pagename, store_of(app))
    before, title, rest = context["body"].partition("<h1")
    context["body"] = f"{before}{shown(svg)}{title}{rest}"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    show_on_screen(app, Emblem, write_emblem)
    app.connect("html-page-context", place, priority=401)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
