"""The font of the formulas: STIX Two Math, cut down to what the site's formulas draw.

The browser needs more than the letters in a page: the italic letters it draws for them, the larger forms and
the parts of what stretches (parentheses, roots, sums), and the forms for small sizes (``ssty``). The MATH
table names the former, which fontTools keeps; of the latter those stay that stand in a script somewhere.

The font that it is cut from stands beside this file: it has more than the site draws today, so that a new
formula finds its letters (tools/fonts.py). The site's is made anew only when the characters change, and equal
characters give equal bytes.
"""

from __future__ import annotations

import re
from copy import deepcopy
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from sphinx.application import Sphinx
from sphinx.util import logging

from dlnotes_site.bundle import fonts
from dlnotes_site.bundle.pages import WrittenPages
from dlnotes_site.kept import get_or_make, write_whole
from dlnotes_site.math import mathml

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

logger = logging.getLogger(__name__)

NAME = "math"
SOURCE = Path(__file__).with_name("dlnotes-math.woff2")
LOW = 0.8  # of the height of the font's lowest root
TALLEST = 7  # sizes of a bracket; what is taller than 2.4 em is put together from parts
MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot);)\w+;")  # of HTML, not of XML


def drawn_in(page: str) -> list[str]:
    """Return the characters that a page's formulas draw, and those that they draw in scripts."""
    everywhere, small = set(), set()
    for formula in set(MATH.findall(page)):
        root = ElementTree.fromstring(ENTITY.sub(lambda entity: unescape(entity[0]), formula))
        for character, script in mathml.letters(root, compact=root.get("display") != "block"):
            everywhere.add(character)
            if script:
                small.add(character)
    return ["".join(sorted(everywhere)), "".join(sorted(small))]


def cut(characters: str, small: str) -> bytes:
    """Cut the font down to the characters; those that are `small` somewhere keep their forms for scripts."""

    def mend(font: TTFont) -> None:
        keep_small_forms(font, small)
        suit_browsers(font)

    return fonts.cut(SOURCE, map(ord, characters), ["ssty"], mend)


def keep_small_forms(font: TTFont, small: str) -> None:
    """Keep the forms for scripts of these characters only, and one form for all sizes of script."""
    names = font.getBestCmap()
    kept = {names[ord(character)] for character in small if ord(character) in names}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            if hasattr(table, "alternates"):
                table.alternates = {
                    name: [forms[0]] * min(2, len(forms))
                    for name, forms in table.alternates.items()
                    if name in kept
                }


def suit_browsers(font: TTFont) -> None:
    """Change what Chromium's MathML makes of the font, which leaves Firefox's as good as it was.

    It reserves for a root or a bracket the width of the widest form, so that a gap follows a small one: roots
    become as narrow as the smallest, and the tallest brackets are put together from parts. It drops the index
    of a letter with a tail, as in g and y, below that of others: now only what is taller drops it.
    """
    math = font["MATH"].table
    math.MathConstants.SubscriptBaselineDropMin.Value = -100
    variants = math.MathVariants
    forms = dict(zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction, strict=True))
    root = font.getBestCmap()[ord("√")]
    width = font["hmtx"][root][0]
    add_low_root(font, root, forms[root])
    parts = [part.glyph for part in forms[root].GlyphAssembly.PartRecords]
    for name in {*(form.VariantGlyph for form in forms[root].MathGlyphVariantRecord), *parts} - {root}:
        narrow(font, name, width)
    for construction in forms.values():
        if construction.GlyphAssembly:
            del construction.MathGlyphVariantRecord[TALLEST:]
            construction.VariantCount = len(construction.MathGlyphVariantRecord)


def add_low_root(font: TTFont, root: str, construction: Any) -> None:
    """Give roots a form that is high enough for a number: the font's lowest hangs far below one."""
    usual = f"{root}.usual"
    font.setGlyphOrder([*font.getGlyphOrder(), usual])
    glyphs, widths = font["glyf"], font["hmtx"]
    glyphs[usual], widths[usual] = deepcopy(glyphs[root]), widths[root]
    glyphs[root].coordinates.scale((1, LOW))
    glyphs[root].coordinates.toInt()
    glyphs[root].recalcBounds(glyphs)
    low, first = deepcopy(construction.MathGlyphVariantRecord[0]), construction.MathGlyphVariantRecord[0]
    low.AdvanceMeasurement = round(LOW * low.AdvanceMeasurement)
    first.VariantGlyph = usual
    construction.MathGlyphVariantRecord.insert(0, low)
    construction.VariantCount += 1


def narrow(font: TTFont, name: str, width: int) -> None:
    """Draw a glyph in this width."""
    glyph, (old, start) = font["glyf"][name], font["hmtx"][name]
    glyph.coordinates.scale((width / old, 1))
    glyph.coordinates.toInt()
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (width, round(start * width / old))


def write_font(_app: Sphinx, pages: WrittenPages) -> None:
    """Write the font beside the site's pages; make it anew only when the characters changed."""
    site = pages.folder
    drawn = [page.known["formulas"] for page in pages.values()]
    characters, small = ("".join(sorted(set("".join(column)))) for column in zip(*drawn, strict=True))
    if not characters:
        return
    folder = site / "_static" / "fonts"
    store = site.parent / "math-font"
    for character in lacking(characters, fonts.characters_in(SOURCE, store)):
        logger.warning(
            "the font of the formulas has no %s (U+%04X): add it to tools/fonts.py", character, ord(character)
        )
    made_of: list[str | bytes] = [
        Path(__file__).read_text("utf-8"),
        *fonts.RECIPE,
        characters,
        small,
        SOURCE.read_bytes(),
    ]
    woff = get_or_make(store, "*.woff2", made_of, lambda: cut(characters, small))
    write_whole(folder / f"{NAME}.woff2", woff)
    fonts.write_licence(SOURCE, folder / f"{NAME}.txt", f"{NAME}.woff2")


def lacking(characters: str, has: set[int]) -> list[str]:
    """Return the characters that the font does not have; Hangul comes from the page's fonts."""
    return [c for c in characters if ord(c) not in has and not "\uac00" <= c <= "\ud7a3"]
