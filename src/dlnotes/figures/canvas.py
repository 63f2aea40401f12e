"""그림 도우미: Matplotlib으로 그려 본문에 끼워 넣는 SVG로 만듭니다.

- 글자는 글자로 남습니다(찾을 수 있고, 읽는 이의 글꼴로 보입니다). 글꼴에 없는 글자는 오류입니다.
- 잉크는 ``currentColor`` 라서 밝은 화면과 어두운 화면을 따라갑니다.
- 같은 입력은 같은 바이트를 냅니다.
- 화면의 1 픽셀이 그림의 1 단위입니다. 패널 하나는 휴대전화 폭(320)을 넘지 않고, 여럿이면 줄을 바꿉니다.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import matplotlib as mpl
from matplotlib import font_manager, ft2font
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Patch, Polygon, Rectangle
from matplotlib.text import Text

from dlnotes.figures import FONT

Role = Literal["input", "kernel", "output", "gradient", "target", "reference"]

WIDEST = 320
"""패널 하나의 가장 큰 폭(픽셀). 360 픽셀 화면에서 글자를 줄이지 않고 들어갑니다."""

INK = "#010203"
"""글자와 축의 색. 저장할 때 ``currentColor`` 로 바뀝니다. 다른 것과 겹치지 않게 고른 값입니다."""

COLORS: dict[Role, str] = {
    "input": "#2b83c6",
    "kernel": "#c4721a",
    "output": "#2c9464",
    "gradient": "#a863bd",
    "target": "#d4505f",
    "reference": "#808080",
}
"""역할의 색. 흰 바탕과 #121212 바탕에서 모두 명암비가 3 이상입니다."""

MARKERS: dict[Role, str] = {
    "input": "s",
    "kernel": "D",
    "output": "o",
    "gradient": "^",
    "target": "*",
    "reference": "x",
}
"""역할의 표식. 색을 가리지 못해도 구별됩니다."""

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "dlnotes",
    "font.size": 12,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "axes.unicode_minus": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 1.0,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "hatch.linewidth": 0.8,
    "lines.linewidth": 2.0,
    "lines.markersize": 7.0,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "patch.linewidth": 1.2,
}


@cache
def _hangul_font() -> tuple[str, frozenset[int]]:
    """꾸러미에 든 글꼴을 등록하고, 그 이름과 가진 글자를 돌려줍니다."""
    path = str(FONT)
    font_manager.fontManager.addfont(path)
    font = ft2font.FT2Font(path)
    return font.family_name, frozenset(font.get_charmap())


@dataclass(frozen=True, repr=False)
class Picture:
    """패널 하나 이상으로 된 그림. 노트북과 사이트에서 본문에 끼운 SVG로 보입니다.

    ``+`` 로 그림을 나란히 놓습니다. 좁은 화면에서는 아래로 흐릅니다.

    Attributes
    ----------
    panels : tuple of str
        완성된 SVG 문자열.
    """

    panels: tuple[str, ...]

    def __add__(self, other: Picture) -> Picture:
        """두 그림의 패널을 이어 붙입니다."""
        return Picture(self.panels + other.panels)

    def __repr__(self) -> str:
        """노트북의 글자 출력에 SVG를 쏟지 않습니다."""
        return f"Picture({len(self.panels)} panels)"

    def _repr_html_(self) -> str:
        return '<div class="dl-picture">' + "".join(self.panels) + "</div>"


@contextmanager
def canvas(width: int = WIDEST, height: int = 200, *, plot: bool = False) -> Iterator[tuple[Axes, Picture]]:
    """빈 축과 빈 그림을 내주고, 블록이 끝나면 축에 그린 것으로 그림을 채웁니다.

    Parameters
    ----------
    width, height : int
        화면에서의 크기(픽셀). 폭은 `WIDEST` 를 넘지 못합니다.
    plot : bool
        참이면 눈금 있는 좌표축을, 거짓이면 왼쪽 위가 (0, 0)이고 1 단위가 1 픽셀인 도화지를 줍니다.

    Yields
    ------
    ax : matplotlib.axes.Axes
        그릴 축.
    picture : Picture
        블록이 끝나면 패널 하나가 듭니다. 그 전에는 비어 있으므로 블록을 나온 뒤에 쓰십시오.

    Raises
    ------
    ValueError
        폭이 너무 넓거나, 글꼴에 없는 글자가 있을 때.

    Examples
    --------
    >>> with canvas(40, 20) as (ax, picture):
    ...     _ = ax.text(20, 10, "입력")
    >>> picture, "입력" in picture.panels[0]
    (Picture(1 panels), True)
    >>> with canvas(40, 20) as (ax, picture):
    ...     _ = ax.text(20, 10, chr(0x0E01))
    Traceback (most recent call last):
        ...
    ValueError: the figure font has no glyph for 'ก' (U+0E01) in text 'ก'
    """
    if not 0 < width <= WIDEST:
        raise ValueError(f"width must be between 1 and {WIDEST} pixels, got {width}")
    family, _ = _hangul_font()
    picture = Picture(())
    with mpl.rc_context({**_STYLE, "font.family": family}):
        figure = Figure(figsize=(width / 72, height / 72), dpi=72, layout="constrained" if plot else None)
        FigureCanvasSVG(figure)  # so that letters are measured as they will be written
        if plot:
            ax = figure.add_subplot()
        else:
            ax = figure.add_axes((0, 0, 1, 1))
            ax.set_axis_off()
            ax.set(xlim=(0, width), ylim=(height, 0))
        yield ax, picture
        object.__setattr__(picture, "panels", (_svg(figure, width, height),))


def _svg(figure: Figure, width: int, height: int) -> str:
    """그림을 본문에 끼울 수 있는 SVG 조각으로 씁니다."""
    _, glyphs = _hangul_font()
    for text in figure.findobj(Text):
        _require_glyphs(text.get_text(), glyphs)
    if (layout := figure.get_layout_engine()) is not None:  # savefig would draw twice to lay out once
        layout.execute(figure)
        figure.set_layout_engine("none")
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(buffer, format="svg", metadata=nothing, transparent=True)
    svg = buffer.getvalue()
    for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg):  # tick labels exist only once drawn
        _require_glyphs(text, glyphs)
    return _inline(svg, width, height)


def _require_glyphs(text: str, glyphs: frozenset[int]) -> None:
    for character in text:
        if ord(character) not in glyphs and not character.isspace():
            raise ValueError(
                f"the figure font has no glyph for {character!r} (U+{ord(character):04X}) in text {text!r}"
            )


def _inline(svg: str, width: int, height: int) -> str:
    """Matplotlib이 쓴 SVG를 본문용으로 다듬습니다: 크기, 색, 글꼴, 겹치지 않는 id."""
    body = svg[svg.index("<g id=") : svg.rindex("</svg>")]
    body = body.replace(INK, "currentColor")
    body = re.sub(r" ?font-family: '[^']*'(?:, [^;\"]*)?;?", "", body)
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.S)
    body = re.sub(r"\s*\n\s*", " ", body)
    body = re.sub(r' transform="rotate\(-?0(?:\.0*)? [^)]*\)"', "", body)
    body = re.sub(r"<[^>]*>", lambda tag: _rounded(tag[0]), body)
    prefix = "d" + hashlib.sha256(body.encode()).hexdigest()[:8]
    used = set(re.findall(r"(?:url\(#|xlink:href=\"#|href=\"#)([^)\"]+)", body))
    body = re.sub(
        r' id="([^"]+)"', lambda found: f' id="{prefix}-{found[1]}"' if found[1] in used else "", body
    )
    body = re.sub(r"(url\(#|href=\"#)", rf"\g<1>{prefix}-", body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'stroke-linejoin="round" stroke-linecap="butt" aria-hidden="true">{body}</svg>'
    )


def _rounded(tag: str) -> str:
    """태그 안의 수를 백분의 일 픽셀로 반올림합니다. 눈에는 같고, 글은 가벼워집니다."""
    return re.sub(
        r"(?<![\w.#-])-?\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), tag
    )


def cell(
    ax: Axes,
    x: float,
    y: float,
    size: float,
    role: Role,
    label: str = "",
    *,
    strength: float = 0.25,
    height: float | None = None,
) -> None:
    """칸 하나를 그립니다. 역할마다 색과 모양이 다릅니다.

    입력은 네모, 커널은 테가 두꺼운 네모, 출력은 둥근 네모, 기울기는 마름모, 패딩(reference)은 점선
    네모입니다.

    Parameters
    ----------
    ax : Axes
        :func:`canvas` 가 준 도화지.
    x, y : float
        왼쪽 위 귀퉁이(픽셀).
    size : float
        폭(픽셀). `height` 를 주지 않으면 높이도 같습니다.
    role : Role
        무엇인지. 색과 모양을 정합니다.
    label : str
        칸 가운데에 쓸 말.
    strength : float
        채움의 진하기, 0에서 1.
    """
    tall = size if height is None else height
    style: dict[str, Any] = {"facecolor": (COLORS[role], strength), "edgecolor": COLORS[role]}
    shape: Patch
    if role == "output":
        rounding = f"round,pad=0,rounding_size={0.28 * min(size, tall)}"
        shape = FancyBboxPatch((x, y), size, tall, boxstyle=rounding, **style)
    elif role == "gradient":
        middle = (x + size / 2, y + tall / 2)
        corners = [(middle[0], y), (x + size, middle[1]), (middle[0], y + tall), (x, middle[1])]
        shape = Polygon(corners, closed=True, **style)
    else:
        shape = Rectangle((x, y), size, tall, **style)
        if role == "kernel":
            shape.set_linewidth(2.6)
        if role == "reference":
            shape.set_linestyle((0, (3, 2)))
    ax.add_patch(shape)
    if label:
        write(ax, x + size / 2, y + tall / 2, label)


def ink(role: Role | None) -> str:
    """역할의 색. 역할이 없으면 본문의 먹색입니다."""
    return INK if role is None else COLORS[role]


def write(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    *,
    role: Role | None = None,
    size: float = 12,
    align: Literal["left", "center", "right"] = "center",
) -> None:
    """(x, y)에 글을 씁니다. 세로로는 가운데에 놓입니다. 역할을 주면 그 색으로 씁니다."""
    ax.text(x, y, text, ha=align, va="center", fontsize=size, color=ink(role))


def note(
    ax: Axes,
    text: str,
    at: tuple[float, float],
    offset: tuple[float, float],
    role: Role | None = None,
    *,
    size: float = 12,
    align: str = "left",
) -> None:
    """자료의 자리 `at` 에서 `offset` 픽셀 비켜서, 표식 위에 글을 씁니다. 역할을 주면 그 색으로 씁니다."""
    style: dict[str, Any] = {"textcoords": "offset points", "va": "center", "zorder": 6}
    ax.annotate(text, at, offset, ha=align, color=ink(role), fontsize=size, **style)


def arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    role: Role | None = None,
    width: float = 1.2,
) -> None:
    """`start` 에서 `end` 로 가는 화살표."""
    style = {"arrowstyle": "-|>,head_width=0.22,head_length=0.45", "color": ink(role), "linewidth": width}
    ax.annotate("", xy=end, xytext=start, arrowprops={**style, "shrinkA": 0, "shrinkB": 0})


def dot(ax: Axes, x: float, y: float, radius: float, role: Role) -> None:
    """채운 동그라미."""
    ax.add_patch(Circle((x, y), radius, facecolor=COLORS[role], edgecolor="none"))
