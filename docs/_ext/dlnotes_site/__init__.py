"""The machinery of this site, as one Sphinx extension."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

PARTS = (
    "package_files",
    "trust",
    "pages",
    "api_pages",
    "execution",
    "answers.questions",
    "answers.errata",
    "answers.claims",
    "answers.counts",
    "answers.terms",
    "answers.reading",
    "markup.citations",
    "markup.exercises",
    "markup.code_links",
    "markup.numbers",
    "markup.headings",
    "markup.tables",
    "markup.folding",
    "markup.unbroken",
    "markup.language",
    "math.render",
    "export.notebooks",
    "export.llms",
    "share.about",
    "share.head",
    "share.missing",
    "share.files",
    "theme.frame",
    "theme.module_code",
    "bundle.fallback",
    "bundle.leftovers",
    "bundle.assets",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Load the parts in their order."""
    for part in PARTS:
        app.setup_extension(f"{__name__}.{part}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
