"""The machinery of this site, as one Sphinx extension."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

PARTS = (
    "bundle.assets",
    "answers.claims",
    "execution",
    "answers.errata",
    "bundle.fallback",
    "markup.folding",
    "markup.headings",
    "markup.language",
    "bundle.leftovers",
    "math.render",
    "markup.unbroken",
    "export.notebooks",
    "answers.questions",
    "answers.reading",
    "share.head",
    "markup.tables",
    "answers.terms",
    "theme.frame",
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Load the parts in their order."""
    for part in PARTS:
        app.setup_extension(f"{__name__}.{part}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
