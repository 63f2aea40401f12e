"""The cover of a book: its title, and the motifs of its pages. Equal books have equal bytes."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dlnotes.figures.canvas import COLORS, INK
from dlnotes_site.share.drawing import QUIET, UNIT, blank, bold, fonts, paper, png, require_glyphs
from dlnotes_site.share.motifs import HEIGHT as MOTIF_HEIGHT
from dlnotes_site.share.motifs import MOTIFS
from dlnotes_site.share.motifs import WIDTH as MOTIF_WIDTH

PIXELS = (1200, 1600)
WIDTH, HEIGHT = PIXELS[0] / UNIT, PIXELS[1] / UNIT
MARGIN, TOP, BOTTOM = 48, 250, 740  # of the motifs, in units
IN_A_ROW, ROOM = 5, 0.74  # how many stand side by side, and what of its place each takes


def draw(title: str, claim: str, author: str, pages: Sequence[str]) -> bytes:
    """Draw the cover as a PNG of few colours."""
    require_glyphs("".join(f"{title}{claim}{author}".split()))
    with mpl.rc_context(
        {"font.family": fonts(), "text.color": INK, "patch.linewidth": 1.2, "text.hinting": "none"}
    ):
        figure = paper(WIDTH, HEIGHT)
        sheet = blank(figure, (0, 0, WIDTH, HEIGHT))
        sheet.add_patch(Rectangle((0, 0), WIDTH, 14, color=COLORS["input"], linewidth=0))
        sheet.text(MARGIN, 104, title, fontsize=64, va="center", path_effects=bold(2.4))
        sheet.text(MARGIN, 178, claim, fontsize=25, va="center")
        sheet.text(MARGIN, HEIGHT - 34, author, fontsize=16, va="center", color=QUIET)
        draw_motifs(figure, [page for page in pages if page in MOTIFS])
        return png(figure)


def draw_motifs(figure: Figure, pages: Sequence[str]) -> None:
    """Draw each page's motif, in rows."""
    rows = max(-(-len(pages) // IN_A_ROW), 1)
    wide, high = (WIDTH - 2 * MARGIN) / IN_A_ROW, (BOTTOM - TOP) / rows
    scale = min(ROOM * wide / MOTIF_WIDTH, 0.8 * high / MOTIF_HEIGHT)
    for number, page in enumerate(pages):
        row, column = divmod(number, IN_A_ROW)
        left, top = MARGIN + column * wide, TOP + row * high
        axes = blank(figure, (left, top, scale * MOTIF_WIDTH, scale * MOTIF_HEIGHT))
        axes.set(xlim=(0, MOTIF_WIDTH), ylim=(MOTIF_HEIGHT, 0))
        MOTIFS[page](axes)
