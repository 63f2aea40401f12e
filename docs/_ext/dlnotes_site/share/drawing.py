"""Draw cards with Matplotlib, as the figures are, and the icon and the cover. Equal ones give equal bytes."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager, ft2font
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.patheffects import Normal, Stroke
from PIL import Image

from dlnotes.figures import FONT
from dlnotes.figures.canvas import COLORS, INK
from dlnotes_site.share import motifs
from dlnotes_site.share.cards import PIXELS, Card

UNIT = 2  # pixels: lines and letters are as wide and high, in units, as in the figures
WIDTH, HEIGHT = PIXELS[0] / UNIT, PIXELS[1] / UNIT
MARGIN = 40
PAPER, QUIET = "#ffffff", "#55606b"
TOP, BOTTOM = 74, 264  # between the topic and the site's name
SIZES = ((38, 17.5), (35, 17.5), (32, 16.5), (30, 15.5), (28, 15), (26, 14), (24, 13))
LEADING, GAP = 1.34, 6
COLOURS = 64


@cache
def fonts() -> list[str]:
    """Register the Korean font; its gaps, such as ᵢ, are filled from the one that comes with Matplotlib."""
    font_manager.fontManager.addfont(str(FONT))
    return [ft2font.FT2Font(str(FONT)).family_name, "DejaVu Sans"]


def require_glyphs(text: str) -> None:
    """Refuse letters that would be drawn as boxes."""
    known: set[int] = set()
    for path in (str(FONT), font_manager.findfont("DejaVu Sans")):
        known |= set(ft2font.FT2Font(path).get_charmap())
    missing = sorted({letter for letter in text if ord(letter) not in known})
    if missing:
        raise ValueError(f"no glyph for {', '.join(map(repr, missing))} in {text!r}")


def draw(card: Card) -> bytes:
    """Draw a card as a PNG of few colours."""
    require_glyphs("".join(card.words.split()))
    with mpl.rc_context(
        {"font.family": fonts(), "text.color": INK, "patch.linewidth": 1.2, "text.hinting": "none"}
    ):
        figure = paper(WIDTH, HEIGHT)
        sheet = blank(figure, (0, 0, WIDTH, HEIGHT))
        sheet.add_patch(Rectangle((0, 0), WIDTH, 9, color=COLORS["input"], linewidth=0))
        motif = motifs.MOTIFS.get(card.page)
        room = WIDTH - 2 * MARGIN
        if motif:
            room -= motifs.WIDTH + 26
            motif(blank(figure, (WIDTH - MARGIN - motifs.WIDTH, 58, motifs.WIDTH, motifs.HEIGHT)))
        write(sheet, card, room, figure.canvas.get_renderer())
        drawn = png(figure)
    size = Image.open(io.BytesIO(drawn)).size
    if size != PIXELS:
        raise ValueError(f"the card of {card.page} measures {size}, not {PIXELS}")
    return drawn


def paper(width: float, height: float) -> Any:
    """Return a figure of a size in units, to be drawn into pixels."""
    figure = Figure(figsize=(width / 72, height / 72), dpi=72 * UNIT, facecolor=PAPER)
    FigureCanvasAgg(figure)
    return figure


def png(figure: Figure) -> bytes:
    """Draw a figure as a PNG of few colours, which holds nothing of when and with what it was made."""
    buffer, small = io.BytesIO(), io.BytesIO()
    figure.savefig(buffer, format="png", dpi=72 * UNIT, metadata={"Software": None})
    picture = Image.open(buffer).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(small, format="png", optimize=True)
    return small.getvalue()


def blank(figure: Figure, box: tuple[float, float, float, float]) -> Any:
    """Return an empty sheet at (left, top, width, height), measured in units from its own top left."""
    left, top, width, height = box
    wide, high = figure.get_size_inches() * 72
    axes = figure.add_axes((left / wide, 1 - (top + height) / high, width / wide, height / high))
    axes.set_axis_off()
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.patch.set_visible(False)
    return axes


def write(sheet: Any, card: Card, room: float, renderer: Any) -> None:
    """Write the topic, the title and the further questions as large as they fit, and the site's name."""
    blue = {"color": COLORS["input"], "path_effects": bold(0.5, COLORS["input"])}
    sheet.text(MARGIN, 52, card.topic, fontsize=17, va="center", **blue)
    (size, lines), (small, questions) = fit(card, room, renderer)
    y = TOP + size * LEADING / 2
    for line in lines:
        sheet.text(MARGIN, y, line, fontsize=size, va="center", path_effects=bold(size / 26))
        y += size * LEADING
    y += GAP - size * LEADING / 2 + small * LEADING / 2
    for question in questions:
        for line in question:
            sheet.text(MARGIN, y, line, fontsize=small, va="center", color=QUIET)
            y += small * LEADING
        y += GAP
    sheet.text(MARGIN, HEIGHT - 34, card.site, fontsize=15, va="center", color=QUIET)


def bold(width: float, colour: str = INK) -> list[Any]:
    """Thicken letters by an outline of their own colour: the font has one weight."""
    return [Stroke(linewidth=width, foreground=colour, joinstyle="round"), Normal()]


def fit(card: Card, room: float, renderer: Any) -> tuple[Any, Any]:
    """Choose the largest letters with which all stands above the site's name."""
    for size, small in SIZES:
        title = fitted_lines(card.title, size, room, renderer)
        questions = [fitted_lines(question, small, room, renderer) for question in card.more]
        tall = len(title) * size * LEADING + sum(GAP + len(lines) * small * LEADING for lines in questions)
        if title and all(questions) and tall <= BOTTOM - TOP:
            return (size, title), (small, questions)
    raise ValueError(f"the card of {card.page} has no room for {card.title!r}")


def fitted_lines(text: str, size: float, room: float, renderer: Any) -> list[str]:
    """Break between words only, into as few lines as fit, each about as long as the others."""

    def width(line: str) -> float:
        properties = FontProperties(family=fonts(), size=size)
        return float(renderer.get_text_width_height_descent(line, properties, ismath=False)[0]) / UNIT

    def broken(most: float) -> list[str]:
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and width(longer) <= most:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    lines = broken(room)
    if any(width(line) > room for line in lines):
        return []  # a word is wider than the room
    for narrower in range(int(room), int(room / 3), -8):
        tighter = broken(narrower)
        if len(tighter) > len(lines) or max(map(width, tighter)) > narrower:
            break
        lines = tighter
    return lines
