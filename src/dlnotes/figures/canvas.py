"""그림 도우미: Matplotlib으로 그려 본문에 끼워 넣는 SVG로 만듭니다.

- 글자는 글자로 남습니다(찾을 수 있고, 읽는 이의 글꼴로 보입니다). 글꼴에 없는 글자는 오류입니다.
- 잉크는 ``currentColor`` 라서 밝은 화면과 어두운 화면을 따라갑니다.
- 같은 입력은 같은 바이트를 냅니다.
- 화면의 1 픽셀이 그림의 1 단위입니다. 패널 하나는 휴대전화 폭(320)을 넘지 않습니다.
- 넓은 화면에서는 단을 채웁니다. 나란히 놓을 패널이 있으면 키우고, 없으면 넓게 다시 그린 것을
  씁니다(:func:`in_two_widths`).
- 글자는 다른 글자, 표식, 선과 겹치지 못하고 그림 밖으로 나가지 못합니다.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, Literal, NamedTuple, ParamSpec

import matplotlib as mpl
from matplotlib import _mathtext, font_manager, ft2font
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Patch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox

from dlnotes.figures import FONT

Role = Literal["input", "kernel", "output", "gradient", "target", "reference"]

WIDEST = 320
"""패널 하나의 가장 큰 폭(픽셀). 360 픽셀 화면에서 글자를 줄이지 않고 들어갑니다."""

WIDE = 560
_LARGER = 1.2
"""넓게 다시 그릴 때 패널 하나의 폭, 그리고 글자가 본문과 어울리도록 키워 보이는 배율."""

_COLUMN = 680
_GAP = 12
_LARGEST = 1.36
_SMALLEST = 1.04
_FULL = 0.85
"""넓은 화면에서 그림이 놓일 단과 패널 사이의 폭(픽셀), 패널을 키우는 가장 큰 배율과 가장 작은 배율, 단이
찼다고 볼 비율."""

P = ParamSpec("P")

_ROOM: ContextVar[int] = ContextVar("room", default=WIDEST)

SIZE = 12.5
"""글자의 크기. 패널 둘을 나란히 놓은 넓은 화면에서 13 픽셀을 넘습니다."""

SMALL = 11.0
"""지수의 크기. Matplotlib은 글자의 7할로 적는데, 휴대전화에서는 읽기 어렵습니다."""

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
    "font.size": SIZE,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlesize": SIZE,
    "axes.labelsize": SIZE,
    "axes.unicode_minus": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 1.0,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": SIZE,
    "ytick.labelsize": SIZE,
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

    ``+`` 로 그림을 나란히 놓습니다. 좁은 화면에서는 아래로 흐르고, 작은 패널은 둘씩 놓입니다.

    Attributes
    ----------
    panels : tuple of str
        완성된 SVG 문자열.
    wide : tuple of str
        같은 패널을 넓은 화면에 맞게 다시 그린 것. 없으면 비어 있습니다.
    """

    panels: tuple[str, ...]
    wide: tuple[str, ...] = ()

    def __add__(self, other: Picture) -> Picture:
        """두 그림의 패널을 이어 붙입니다."""
        wide = self.wide + other.wide
        panels = self.panels + other.panels
        return Picture(panels, wide if len(wide) == len(panels) else ())

    def __repr__(self) -> str:
        """노트북의 글자 출력에 SVG를 쏟지 않습니다."""
        return f"Picture({len(self.panels)} panels)"

    def _repr_html_(self) -> str:
        """패널만으로 단이 차면 그것을, 아니면 넓게 그린 것도 함께 둡니다. 스타일이 하나만 보입니다."""
        rows = _rows(self.panels)
        if not self.wide or rows.share >= _FULL:
            return f'<div class="dl-picture">{_laid_out(self.panels, rows)}</div>'
        narrow = _laid_out(self.panels, _Rows(1, 1.0, 0.0), "dl-narrow", " hidden")
        wide = _laid_out(self.wide, _rows(self.wide, least=0.95), "dl-wide")
        return f'<div class="dl-picture">{narrow}{wide}</div>'


class _Rows(NamedTuple):
    """넓은 화면에서 한 줄에 놓는 패널의 수, 패널을 키우는 배율, 가장 넓은 줄이 단에서 차지하는 비율."""

    columns: int
    scale: float
    share: float


def _size(panel: str) -> tuple[float, float]:
    """패널이 보일 폭과 높이(픽셀)."""
    found = re.search(r'width="([\d.]+)" height="([\d.]+)"', panel)
    assert found
    return float(found[1]), float(found[2])


def _rows(panels: Sequence[str], least: float = _SMALLEST) -> _Rows:
    """줄마다 같은 수가 놓이는 가장 큰 배열. 글자가 작아지지 않는 한 많이 나란히 놓습니다."""
    widths = [_size(panel)[0] for panel in panels]
    count = len(widths)
    for columns in (c for c in range(count, 1, -1) if count % c == 0):
        gaps = _GAP * (columns - 1)
        widest = max(sum(widths[i : i + columns]) for i in range(0, count, columns))
        scale = min(_LARGEST, (_COLUMN - gaps) / widest)
        if scale >= least:
            return _Rows(columns, scale, (scale * widest + gaps) / _COLUMN)
    scale = min(_LARGEST, _COLUMN / max(widths, default=_COLUMN))
    return _Rows(1, scale, scale * max(widths, default=_COLUMN) / _COLUMN)


def _laid_out(panels: Sequence[str], rows: _Rows, form: str = "", hidden: str = "") -> str:
    """패널들을 넓은 화면에서 보일 크기로 적어 한데 둡니다."""
    classes = ["dl-panels", form, f"dl-rows-of-{rows.columns}"]
    widest = max(_size(panel)[0] for panel in panels)
    small = len(panels) > 1 and widest <= WIDEST / 2
    if small:
        threes = widest <= WIDEST / 3 and len(panels) % 3 == 0
        classes.append("dl-triples" if threes else "dl-pairs")
    scaled = []
    for panel in panels:
        width, height = (f"{side * rows.scale:.4g}" for side in _size(panel))
        shape = f'width="{width}" height="{height}"'
        if rows.columns > 1 and not small:  # 휴대전화에서는 그린 크기대로
            shape += f' style="--w:{_size(panel)[0]:g}px"'
        scaled.append(re.sub(r'width="[^"]*" height="[^"]*"', shape, panel, count=1))
    return f'<div class="{" ".join(filter(None, classes))}"{hidden}>' + "".join(scaled) + "</div>"


def room() -> int:
    """지금 그리는 패널이 쓸 수 있는 폭: 휴대전화에서는 `WIDEST`, 넓게 다시 그릴 때는 `WIDE` 입니다."""
    return _ROOM.get()


def half_room() -> int:
    """둘이 나란히 놓이는 패널의 폭. 휴대전화에서도 나란합니다."""
    return (room() - 24) // 2


def third_room() -> int:
    """셋이 나란히 놓이는 패널의 폭. 휴대전화에서도 나란합니다."""
    return (room() - 24) // 3


@contextmanager
def _readable_exponents() -> Iterator[None]:
    """지수를 `SMALL` 의 크기로 적습니다. Matplotlib에는 이 비율을 정하는 설정이 없습니다."""
    before = _mathtext.SHRINK_FACTOR
    _mathtext.SHRINK_FACTOR = SMALL / SIZE
    try:
        yield
    finally:
        _mathtext.SHRINK_FACTOR = before


def in_two_widths(draw: Callable[P, Picture]) -> Callable[P, Picture]:
    """그림을 두 번 그립니다: 휴대전화의 폭으로, 그리고 넓은 화면의 폭으로.

    그리는 함수는 :func:`room` 에 맞추어 그려야 합니다.

    Examples
    --------
    >>> @in_two_widths
    ... def line():
    ...     with canvas(room(), 20) as (ax, picture):
    ...         _ = ax.plot([0, room()], [10, 10])
    ...     return picture
    >>> drawn = line()
    >>> [panel.split()[3] for panel in drawn.panels + drawn.wide]
    ['width="320"', 'width="672"']
    """

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Picture:
        narrow = draw(*args, **kwargs)
        before = _ROOM.set(WIDE)
        try:
            return Picture(narrow.panels, draw(*args, **kwargs).panels)
        finally:
            _ROOM.reset(before)

    return drawn


@contextmanager
def canvas(width: int = WIDEST, height: int = 200, *, plot: bool = False) -> Iterator[tuple[Axes, Picture]]:
    """빈 축과 빈 그림을 내주고, 블록이 끝나면 축에 그린 것으로 그림을 채웁니다.

    Parameters
    ----------
    width, height : int
        화면에서의 크기(픽셀). 폭은 :func:`room` 을 넘지 못합니다. 눈금 있는 그림을 넓게 그리면 높이가 5분의
        1만큼 커집니다.
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
        폭이 너무 넓거나, 글꼴에 없는 글자가 있거나, 글자가 무엇과 겹치거나 그림 밖으로 나갈 때.

    Examples
    --------
    >>> with canvas(40, 20) as (ax, picture):
    ...     write(ax, 20, 10, "입력")
    >>> picture, "입력" in picture.panels[0]
    (Picture(1 panels), True)
    >>> with canvas(40, 20) as (ax, picture):
    ...     write(ax, 20, 10, chr(0x0E01))
    Traceback (most recent call last):
        ...
    ValueError: the figure font has no glyph for 'ก' (U+0E01) in text 'ก'
    """
    if not 0 < width <= room():
        raise ValueError(f"width must be between 1 and {room()} pixels, got {width}")
    family, _ = _hangul_font()
    picture = Picture(())
    if plot and room() > WIDEST:
        height = round(_LARGER * height)
    with mpl.rc_context({**_STYLE, "font.family": family}), _readable_exponents():
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
        text.set_linespacing(1.5)
    if (layout := figure.get_layout_engine()) is not None:  # savefig would draw twice to lay out once
        layout.execute(figure)
        figure.set_layout_engine("none")
    _require_clear_text(figure)
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    for ground in (figure.patch, *(ax.patch for ax in figure.axes)):
        ground.set(facecolor="none", edgecolor="none")
    FigureCanvasSVG(figure).print_svg(buffer, metadata=nothing)
    svg = buffer.getvalue()
    for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg):  # tick labels exist only once drawn
        _require_glyphs(text, glyphs)
    return _inline(svg, width, height)


class _Drawn(NamedTuple):
    """그려진 것 하나: 이름, 길, 붓의 굵기, 속까지 자리를 차지하는지, 앞의 것을 가리는지, 보이는 범위."""

    what: str
    path: Path
    width: float
    solid: bool
    opaque: bool
    clip: Bbox | None


_LARGEST_MARKER = 24
"""이보다 큰 표식은 칠한 넓이로 봅니다(픽셀). 그 위에는 글자가 놓일 수 있습니다."""


class _Recorder(RendererBase):
    """그리는 대신 글자의 네모와 선의 길을 적어 두는 렌더러. 좌표는 왼쪽 아래가 (0, 0)인 픽셀입니다."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.size = width, height
        self.texts: list[tuple[str, Bbox]] = []
        self.drawn: list[_Drawn] = []

    def flipy(self) -> bool:
        return False

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.size

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        if s.strip():
            width, height, descent = self.get_text_width_height_descent(s, prop, ismath)
            box = Bbox.from_bounds(x, y - descent, width, height)
            turned = Affine2D().rotate_deg_around(x, y, angle).transform(box.corners())
            self.texts.append((s, Bbox([turned.min(axis=0), turned.max(axis=0)])))

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:  # noqa: N803
        self._keep("a line", gc, path, transform, rgbFace, solid=False)

    def draw_markers(
        self,
        gc: Any,
        marker_path: Path,
        marker_trans: Any,
        path: Path,
        trans: Any,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        marker = marker_trans.transform_path(marker_path)
        small = (
            max(marker.get_extents().size) < _LARGEST_MARKER
        )  # else it is an area, which may lie under text
        for x, y in trans.transform(path.vertices):
            solid = small and rgbFace is not None
            self._keep("a marker", gc, marker, Affine2D().translate(x, y), rgbFace, solid=solid)

    def draw_image(self, *_: Any) -> None:
        """그림은 글자의 바탕이 될 수 있습니다."""

    def _keep(self, what: str, gc: Any, path: Path, transform: Any, face: Any, *, solid: bool) -> None:
        opaque = face is not None and gc.get_alpha() in (None, 1) and (len(face) < 4 or face[3] == 1)
        width = gc.get_linewidth() if gc.get_rgb()[3] > 0 else 0
        if width or solid or opaque:
            clip = gc.get_clip_rectangle()
            drawn = transform.transform_path(path)
            self.drawn.append(_Drawn(what, drawn, width, solid, opaque, clip and Bbox(clip)))


def _collisions(figure: Figure) -> Iterator[str]:
    """글자가 다른 글자, 표식, 선과 겹치거나 그림 밖으로 나가는 곳들."""
    width, height = figure.bbox.size
    recorder = _Recorder(width, height)
    figure.draw(recorder)

    def place(box: Bbox) -> str:
        return f"({box.x0:.0f}, {height - box.y1:.0f})–({box.x1:.0f}, {height - box.y0:.0f})"

    for number, (text, box) in enumerate(recorder.texts):
        said = f"text {text!r} at {place(box)}"
        if box.x0 < -0.5 or box.y0 < -0.5 or box.x1 > width + 0.5 or box.y1 > height + 0.5:
            yield f"{said} leaves the picture of {width:g}×{height:g}"
        for other, its in recorder.texts[:number]:
            if Bbox.intersection(box.padded(-0.4), its) is not None:
                yield f"{said} meets text {other!r} at {place(its)}"
        for one in _met(box, recorder.drawn):
            yield f"{said} meets {one.what} at {place(one.path.get_extents())}"


def _met(box: Bbox, drawn: Sequence[_Drawn]) -> list[_Drawn]:
    """글자의 네모와 만나는 것들. 글자 밑에 깔린 불투명한 것이 가린 것은 빼고 셉니다."""
    met: list[_Drawn] = []
    for one in drawn:
        if one.opaque and not one.solid and one.path.contains_points(box.corners()).all():
            met.clear()
        around: Bbox | None = box.padded(one.width / 2 - 0.4)
        if one.clip is not None and around is not None:
            around = Bbox.intersection(around, one.clip)
        if around is None or not (one.width or one.solid):
            continue
        lines = one.path.to_polygons(closed_only=False)
        if any(Path(line).intersects_bbox(around, filled=one.solid) for line in lines):
            met.append(one)
    return met


_LAID_OUT_WITH = (3, 11)
"""그림의 글자를 놓아 본 Matplotlib. 그 앞의 판은 글자를 한두 픽셀 달리 놓으므로 자리를 따지지 않습니다."""


def _require_clear_text(figure: Figure) -> None:
    """글자가 서 있을 수 없는 곳에 있으면 거절합니다."""
    for collision in _collisions(figure) if mpl.__version_info__ >= _LAID_OUT_WITH else ():
        raise ValueError(collision)


def _require_glyphs(text: str, glyphs: frozenset[int]) -> None:
    for character in text:
        if ord(character) not in glyphs and not character.isspace():
            raise ValueError(
                f"the figure font has no glyph for {character!r} (U+{ord(character):04X}) in text {text!r}"
            )


def _inline(svg: str, width: int, height: int) -> str:
    """Matplotlib이 쓴 SVG를 본문용으로 다듬습니다: 크기, 색, 글꼴, 겹치지 않는 id."""
    scale = 1 if room() == WIDEST else _LARGER
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
        f'width="{width * scale:g}" height="{height * scale:g}" viewBox="0 0 {width} {height}" '
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
    size: float = SIZE,
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
    size: float = SIZE,
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
    """채운 동그라미. 앞서 그은 선을 가립니다."""
    ax.add_patch(Circle((x, y), radius, facecolor=COLORS[role], edgecolor="none", zorder=3))
