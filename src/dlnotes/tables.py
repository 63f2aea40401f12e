"""표. 줄과 칸으로 된 데이터를 글자로도, 화면 낭독기가 읽을 수 있는 HTML로도 내놓습니다."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral, Real
from typing import Any

from dlnotes import _checks

Cell = int | float | Fraction | str | tuple[Any, ...] | None


_HYPHEN_AS_MINUS = re.compile(r"(?:(?<![\w)\]])|(?<=\de))-(?=\.?\d)")
_NUMBER = re.compile(r"[−+]?\d[\d,]*(?:\.\d+)?(?:e[−+]?\d+)?(?: ?± ?\d+(?:\.\d+)?)?%?")


def _signed(text: str) -> str:
    """수의 붙임표를 뺄셈표로 바꿉니다. LeNet-5의 것은 그대로 둡니다."""
    return _HYPHEN_AS_MINUS.sub("−", text)


def _is_number(cell: Cell) -> bool:
    """칸이 수인지. 글자로 적은 수도 오른쪽에 맞춥니다."""
    return isinstance(cell, Real) or (isinstance(cell, str) and bool(_NUMBER.fullmatch(_signed(cell))))


def format_cell(value: Cell, spec: str = "") -> str:
    """칸 하나를 글자로 적습니다.

    Parameters
    ----------
    value : int, float, Fraction, str, tuple 또는 None
        적을 값.
    spec : str
        수를 적는 형식(파이썬의 ``format`` 과 같습니다). 비우면 정수는 세 자리마다 쉼표를 찍고, 분수는
        기약분수로, 나머지 실수는 유효 숫자 여섯 자리로 적습니다.

    Returns
    -------
    str
        적은 글자. 음수의 부호는 뺄셈표 ``−`` (U+2212)입니다. None은 값이 없다는 뜻의 ``–`` 입니다.

    Raises
    ------
    TypeError
        표에 적을 수 없는 값을 받았을 때. 참과 거짓도 수로 읽히지 않도록 받지 않습니다.

    Examples
    --------
    >>> format_cell(62958), format_cell(Fraction(33, 200)), format_cell(Fraction(33, 200), ".1%")
    ('62,958', '33/200', '16.5%')
    >>> format_cell((8, 28, 28)), format_cell(None)
    ('(8, 28, 28)', '–')
    >>> format_cell(-0.25), format_cell(1e-7), format_cell("LeNet-5, -1±0.5")
    ('−0.25', '1e−07', 'LeNet-5, −1±0.5')
    """
    _checks.text("spec", spec)
    if value is None:
        return "–"
    if isinstance(value, str):
        return _signed(value)
    if isinstance(value, tuple):
        return _signed("(" + ", ".join(map(str, value)) + ("," if len(value) == 1 else "") + ")")
    if isinstance(value, bool) or not isinstance(value, Real):
        raise _checks.refused("value", "a number, a string, a tuple or None", value)
    try:
        if isinstance(value, Integral):
            return _signed(format(int(value), spec or ","))
        if isinstance(value, Fraction) and not spec:
            return _signed(str(value))
        return _signed(format(float(value), spec or ".6g"))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"spec must fit value {_checks.shown(value)}, got {spec!r}: {error}") from None


def text_width(text: str) -> int:
    """고정폭 글꼴에서 글자가 차지하는 칸 수를 셉니다. 한글처럼 넓은 글자는 두 칸입니다.

    Parameters
    ----------
    text : str
        한 줄의 글자.

    Returns
    -------
    int
        차지하는 칸 수.

    Examples
    --------
    >>> text_width("CONV1"), text_width("합성곱")
    (5, 6)
    """
    _checks.text("text", text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _pad(text: str, width: int, right: bool) -> str:
    blank = " " * (width - text_width(text))
    return blank + text if right else text + blank


@dataclass(frozen=True)
class Table:
    """이름 붙은 열과 줄로 된 표.

    Parameters
    ----------
    columns : sequence of str
        열의 이름.
    rows : sequence of sequence
        줄마다 열의 수만큼 값을 담습니다. 값은 정수, 실수, 분수, 글자, 튜플, None입니다.
    caption : str
        표의 제목.
    footer : sequence
        합계처럼 끝에 따로 두는 줄. 없으면 비웁니다.
    formats : sequence of str
        열마다 수를 적는 형식. 비우면 모두 기본 형식입니다 (:func:`format_cell`).
    row_headers : bool
        참이면 첫째 열이 줄의 이름입니다.

    Raises
    ------
    TypeError
        표에 적을 수 없는 값이 있을 때.
    ValueError
        줄이나 형식의 수가 열의 수와 다를 때.

    Examples
    --------
    >>> print(Table(["층", "매개변수"], [["CONV1", 608], ["FC3", 48120]], footer=["합계", 48728]))
    층     매개변수
    -----  --------
    CONV1       608
    FC3      48,120
    -----  --------
    합계     48,728
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    footer: Sequence[Cell] = ()
    formats: Sequence[str] = ()
    row_headers: bool = True

    def __post_init__(self) -> None:
        _checks.text("caption", self.caption), _checks.flag("row_headers", self.row_headers)
        for name in ("columns", "rows", "footer", "formats"):
            object.__setattr__(self, name, _checks.several(name, getattr(self, name)))
        rows = tuple(_checks.several(f"rows[{i}]", row) for i, row in enumerate(self.rows))
        object.__setattr__(self, "rows", rows)
        for name in ("columns", "formats"):
            for i, one in enumerate(getattr(self, name)):
                _checks.text(f"{name}[{i}]", one)
        lines = {f"rows[{i}]": row for i, row in enumerate(rows)}
        lines |= {name: line for name in ("footer", "formats") if (line := getattr(self, name))}
        for name, line in lines.items():
            if len(line) != len(self.columns):
                raise ValueError(f"{name} must have {len(self.columns)} values, got {len(line)}: {line!r}")
        with _checks.about("rows, footer or formats"):
            self._texts()

    def _texts(self) -> list[list[str]]:
        """줄(끝의 합계까지)마다 칸을 글자로."""
        formats = self.formats or ("",) * len(self.columns)
        return [[format_cell(*cell) for cell in zip(line, formats, strict=True)] for line in self._lines()]

    def _lines(self) -> list[Sequence[Cell]]:
        return [*self.rows, *([self.footer] if self.footer else [])]

    def _numeric(self) -> list[bool]:
        """열마다, 수와 글자로 적은 수만 있어서(빈칸은 빼고) 오른쪽에 맞추는지."""
        columns = list(zip(*self._lines(), strict=True)) or [()] * len(self.columns)
        filled = [[cell for cell in column if cell not in ("", None)] for column in columns]
        return [bool(cells) and all(map(_is_number, cells)) for cells in filled]

    def __str__(self) -> str:
        texts, numeric = self._texts(), self._numeric()
        widths = [max(map(text_width, column)) for column in zip(self.columns, *texts, strict=True)]
        lines = ["  ".join(map(_pad, line, widths, numeric)).rstrip() for line in (self.columns, *texts)]
        rule = "  ".join("-" * width for width in widths)
        lines.insert(1, rule)
        if self.footer:
            lines.insert(-1, rule)
        return "\n".join([self.caption, *lines] if self.caption else lines)

    def _row_html(self, texts: Sequence[str], numeric: Sequence[bool], scope: str) -> str:
        """`scope` 가 col이면 모든 칸이, row이면 첫 칸이 머리칸입니다."""
        from html import escape

        cells = []
        for i, (text, right) in enumerate(zip(texts, numeric, strict=True)):
            head = scope == "col" or (i == 0 and self.row_headers)
            tag, attributes = ("th", f' scope="{scope}"') if head else ("td", "")
            attributes += ' class="num"' if right else ""
            cells.append(f"<{tag}{attributes}>{escape(text)}</{tag}>")
        return f"<tr>{''.join(cells)}</tr>"

    def _repr_html_(self) -> str:
        from html import escape  # 그려 보이기 전에는 들이지 않습니다

        texts, numeric = self._texts(), self._numeric()
        lines = [self._row_html(line, numeric, "row") for line in texts]
        foot = f"<tfoot>{lines.pop()}</tfoot>" if self.footer else ""
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        head = f"<thead>{self._row_html(self.columns, numeric, 'col')}</thead>"
        return f'<table class="dl-table">{caption}{head}<tbody>{"".join(lines)}</tbody>{foot}</table>'
