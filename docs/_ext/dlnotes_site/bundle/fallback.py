"""Letters for a machine without a Korean font: the figures' own font, fetched only there.

``early.js`` finds such a machine before the first paint. The letters come in two files, so that a page gets
what it needs: those of the landing page (and so of the frame around every page), and the others. Until they
arrive, a font of blanks as wide as the letters holds their places: nothing moves when they come. It has to be
there at the first layout, and so travels inside ``early.js``.
"""

from __future__ import annotations

import base64
import html
import io
import unicodedata
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from dlnotes.figures import FONT
from dlnotes_site import package_files
from dlnotes_site.bundle import fonts
from dlnotes_site.bundle.pages import EVENT, WrittenPages, read_with
from dlnotes_site.kept import get_or_make, write_whole

logger = logging.getLogger(__name__)

SYLLABLES = range(0xAC00, 0xD7A4)
HANGUL = [range(0x1100, 0x1200), range(0x3000, 0x3040), range(0x3130, 0x3190), SYLLABLES]

BETWEEN = [range(0x20, 0x7F), range(0xA0, 0x100), range(0x2010, 0x2027)]

FACE = """@font-face {{
  font-family: "{family}";
  src: url("{source}") format("woff2");
  font-display: swap;
  unicode-range: {letters};
}}
"""


def ranges(letters: Iterable[int]) -> str:
    """Write code points as a unicode-range."""
    runs: list[list[int]] = []
    for letter in sorted(letters):
        if runs and runs[-1][1] == letter - 1:
            runs[-1][1] = letter
        else:
            runs.append([letter, letter])
    return ", ".join(f"U+{first:X}" + (f"-{last:X}" if last > first else "") for first, last in runs)


def is_hangul(letter: int) -> bool:
    """Return whether a fixed-width font is to leave this letter to ours."""
    return any(letter in block for block in HANGUL)


def blanks(font: Path) -> bytes:
    """Make a font of blanks as wide as the letters: all syllables, and what stands between them.

    The syllables are all equally wide and come last, where their widths need not be repeated.
    """
    from fontTools.fontBuilder import FontBuilder  # fontTools takes long to load, and is seldom needed
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    original = TTFont(font)
    cmap = original.getBestCmap()
    widths = original["hmtx"]
    others = [letter for block in BETWEEN for letter in block if letter in cmap]
    glyphs = {letter: f"g{letter:x}" for letter in [*others, *SYLLABLES]}
    builder = FontBuilder(original["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder([".notdef", *glyphs.values()])
    builder.setupCharacterMap(glyphs)
    box = TTGlyphPen(None)  # browsers refuse a font without any outline
    box.moveTo((0, 0))
    box.lineTo((0, 1))
    box.lineTo((1, 0))
    box.closePath()
    builder.setupGlyf({".notdef": box.glyph()} | {name: Glyph() for name in glyphs.values()})
    syllable = widths[cmap[SYLLABLES[0]]][0]
    advances = {glyphs[letter]: (widths[cmap[letter]][0], 0) for letter in others}
    advances |= {glyphs[letter]: (syllable, 0) for letter in SYLLABLES}
    builder.setupHorizontalMetrics({".notdef": (syllable, 0), **advances})
    rows = original["hhea"]
    builder.setupHorizontalHeader(ascent=rows.ascent, descent=rows.descent, lineGap=rows.lineGap)
    marks = original["OS/2"]
    builder.setupOS2(
        **{name: getattr(marks, name) for name in ("sTypoAscender", "sTypoDescender", "sTypoLineGap")},
        usWinAscent=marks.usWinAscent,
        usWinDescent=marks.usWinDescent,
        fsSelection=marks.fsSelection,
    )
    builder.setupNameTable({"familyName": "dlnotes blank", "styleName": "Regular"})
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    builder.font["head"].created = builder.font["head"].modified = original["head"].modified
    builder.font.flavor = "woff2"
    woff = io.BytesIO()
    builder.font.save(woff)
    return woff.getvalue()


def letters_in(page: str) -> str:
    """Return the characters that a page uses, each once."""
    return "".join(sorted(set(html.unescape(page))))


def lacking(written: Iterable[int], has: set[int]) -> list[str]:
    """Return the letters that a machine without a Korean font would draw as boxes, and ours lacks too."""
    wide = (chr(letter) for letter in sorted(written) if letter not in has)
    return [c for c in wide if unicodedata.east_asian_width(c) in "WF" and unicodedata.category(c)[0] == "L"]


def faces(first: set[int], rest: set[int]) -> str:
    """Write the faces: the proportional family, and the one for code, which has Hangul alone."""
    css = ""
    for family, wanted in (("dlnotes fallback", lambda _: True), ("dlnotes fallback hangul", is_hangul)):
        # Of two faces that both give a letter the later one is asked, so this one may name whole blocks.
        others = {letter for letter in rest if letter not in SYLLABLES and wanted(letter)} | set(SYLLABLES)
        css += FACE.format(family=family, source="fonts/rest.woff2", letters=ranges(others))
        letters = ranges(letter for letter in first if wanted(letter))
        css += FACE.format(family=family, source="fonts/first.woff2", letters=letters)
    return css


def hold_places(app: Sphinx) -> None:
    """Give the templates the font of blanks."""
    blank = get_or_make(letters_of(app), "blank-*.woff2", recipe(), lambda: blanks(FONT))
    app.config.html_context["dlnotes_blank"] = base64.b64encode(blank).decode()


def letters_of(app: Sphinx) -> Path:
    """Return the folder where fonts are kept between builds."""
    return Path(app.outdir).parent / "letters"


def recipe() -> list[str | bytes]:
    """Return what decides the bytes of a font, besides its letters."""
    return [Path(__file__).read_text("utf-8"), *fonts.RECIPE, FONT.read_bytes()]


def write_fonts(app: Sphinx, pages: WrittenPages) -> None:
    """Write the fonts with the letters that the site uses, and the sheet that names them."""
    static = pages.folder / "_static"
    scripts = (package_files.path_of(name).read_text("utf-8") for name in package_files.SCRIPTS)
    landing = [pages[f"{app.config.root_doc}.html"].known["letters"], *map(letters_in, scripts)]
    has = fonts.characters_in(FONT, pages.folder.parent / "letters")
    first = set(map(ord, "".join(landing)))
    written = {ord(letter) for page in pages.values() for letter in page.known["letters"]}
    for letter in lacking(first | written, has):
        logger.warning("the fallback font has no %s (U+%04X): add it to tools/fonts.py", letter, ord(letter))
    first &= has
    rest = (written & has) - first
    folder = static / "fonts"
    decided = recipe()
    for part, letters in (("first", first), ("rest", rest)):
        made_of = [*decided, repr(sorted(letters))]
        woff = get_or_make(letters_of(app), f"{part}-*.woff2", made_of, partial(fonts.cut, FONT, letters))
        write_whole(folder / f"{part}.woff2", woff)
    write_whole(static / "fallback.css", faces(first, rest))
    fonts.write_licence(FONT, folder / "OFL.txt", "first.woff2, rest.woff2")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.add_css_file("fallback.css")
    app.connect("builder-inited", hold_places, priority=506)
    read_with(app, "letters", letters_in)
    app.connect(EVENT, write_fonts, priority=501)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
