"""Fonts, cut down to the characters that the site uses."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from dlnotes_site.kept import get_or_make

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

# What decides the bytes, besides the font and the characters.
RECIPE = [Path(__file__).read_text("utf-8"), *map(metadata.version, ("fonttools", "brotli"))]


def licence(font: Path) -> str:
    """Return the licence of a font that the project keeps, which stands beside it."""
    return font.with_suffix(".OFL.txt").read_text("utf-8")


def write_licence(font: Path, beside: Path, made: str) -> None:
    """Put the licence beside the fonts that were made of this one, as every copy must have it."""
    beside.write_text(f"{made}: {font.stem}, cut down to the site.\n\n{licence(font)}", encoding="utf-8")


def characters_in(font: Path, store: Path) -> set[int]:
    """Return the characters that a font has; read anew only when the font changed."""

    def read() -> bytes:
        from fontTools.ttLib import TTFont

        with TTFont(font, lazy=True) as opened:
            return json.dumps(sorted(opened.getBestCmap())).encode()

    return set(json.loads(get_or_make(store, f"{font.stem}-*.json", [*RECIPE, font.read_bytes()], read)))


def cut(
    source: Path,
    characters: Iterable[int],
    features: Iterable[str] = (),
    mend: Callable[[TTFont], None] = lambda _: None,
) -> bytes:
    """Cut a font down, as WOFF2, once `mend` has changed it: equal characters give equal bytes."""
    from fontTools import subset  # takes long to load, and is seldom needed

    logging.getLogger("fontTools").setLevel(logging.WARNING)
    options = subset.Options(
        layout_features=[*features], hinting=False, flavor="woff2", name_IDs=[0, 1, 2, 6, 13, 14]
    )
    woff = io.BytesIO()
    with subset.load_font(str(source), options) as font:
        mend(font)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=characters)
        subsetter.subset(font)
        subset.save_font(font, woff, options)
    return woff.getvalue()
