"""The site as an app on a phone or a desk: its manifest, and its icon, a motif.

There is no service worker: it could show a page that has been put right as it was before.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.kept import get_or_make, write_whole
from dlnotes_site.pages import makes_a_site
from dlnotes_site.share.about import about_pages
from dlnotes_site.share.cards import looks

MANIFEST = "manifest.webmanifest"
ICON, PIXELS = "_static/icon.png", 512


def manifest(app: Sphinx) -> str:
    """Describe the site as an app."""
    config = app.config
    icon = {"src": ICON, "type": "image/png", "sizes": f"{PIXELS}x{PIXELS}"}
    told = {
        "name": config.html_title,
        "short_name": config.project,
        "description": about_pages(app.env)[config.root_doc].description,
        "lang": config.language,
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": "#ffffff",
        "icons": [icon, {**icon, "purpose": "maskable"}],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def drawn() -> bytes:
    """Draw the icon: a motif within what every launcher leaves of an icon."""
    from dlnotes_site.share.drawing import UNIT, blank, paper, png  # Matplotlib takes long to load
    from dlnotes_site.share.motifs import HEIGHT, WIDTH, padding

    side = PIXELS / UNIT
    figure = paper(side, side)
    padding(blank(figure, ((side - WIDTH) / 2, (side - HEIGHT) / 2, WIDTH, HEIGHT)))
    return png(figure)


def name_manifest(
    app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Name the manifest in a page's head."""
    if makes_a_site(app):
        link = f'<link rel="manifest" href="{context["pathto"](MANIFEST, resource=True)}">'
        context["metatags"] = context.get("metatags", "") + f"{link}\n"


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the manifest and the icon."""
    if exception or app.builder.name != "html":
        return
    site = Path(app.outdir)
    store = site.parent / "icon"
    write_whole(site / ICON, get_or_make(store, "*.png", [looks(), Path(__file__).read_text("utf-8")], drawn))
    write_whole(site / MANIFEST, manifest(app))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.share.about")
    app.connect("html-page-context", name_manifest, priority=903)
    app.connect("build-finished", write, priority=505)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
