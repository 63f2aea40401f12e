"""What is mended in sphinxcontrib-bibtex: pybtex looks its plugins up in all packages for every citation."""

from __future__ import annotations

from functools import cache

from pybtex import plugin
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def setup(_app: Sphinx) -> ExtensionMetadata:
    """Have pybtex remember the plugins that it found."""
    plugin._load_entry_point = cache(plugin._load_entry_point)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
