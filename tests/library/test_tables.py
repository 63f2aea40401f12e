from fractions import Fraction
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.tables import Table, format_cell, text_width

words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=8)
cells = words | st.integers() | st.floats() | st.fractions() | st.tuples(st.integers()) | st.none()


class Reader(HTMLParser):
    """Collects (tag, attributes, text) of every cell, in order, and the open sections around it."""

    def __init__(self, html):
        super().__init__()
        self.open, self.cells = [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        if tag in ("th", "td", "caption", "table"):
            self.cells.append([self.open[-3] if len(self.open) > 2 else "", tag, dict(attrs), ""])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.cells[-1][3] += data


def test_a_table_is_aligned_with_hangul_two_wide():
    table = Table(["층", "크기"], [["입력", 3072], ["CONV1", 6]], "표 1", footer=["합계", 3078])
    assert str(table).splitlines() == [
        "표 1",
        "층      크기",
        "-----  -----",
        "입력   3,072",
        "CONV1      6",
        "-----  -----",
        "합계   3,078",
    ]


def test_a_column_with_a_word_is_aligned_to_the_left():
    assert str(Table(["a", "b"], [[1, 1000], ["x", "y"]])).splitlines() == [
        "a  b",
        "-  -----",
        "1  1,000",
        "x  y",
    ]


@pytest.mark.parametrize("written", ["1,000", "-0.5", "+.5f", "12.5%", "3e-7", "-0.09±0.01", "0.5 ± 0.1"])
def test_numbers_that_are_strings_are_aligned_as_numbers(written):
    html = Table(["a", "b"], [["x", written], ["y", 1]])._repr_html_()
    assert ('class="num"' in html) == (written != "+.5f")


def test_missing_values_and_blanks_do_not_change_the_alignment():
    assert str(Table(["n"], [[None], [1000]], footer=[""])).splitlines()[2:4] == ["    –", "1,000"]


def test_a_table_without_rows_shows_its_columns():
    assert str(Table(["a", "bc"], [])) == "a  bc\n-  --"
    assert "<tbody></tbody>" in Table(["a"], [])._repr_html_()


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (62958, "", "62,958"),
        (-1234, "", "−1,234"),
        (-2.5, "+.1f", "−2.5"),
        (1e-7, "", "1e−07"),
        (Fraction(-1, 3), "", "−1/3"),
        ("-0.09±0.01", "", "−0.09±0.01"),
        ("LeNet-5, 2026-11-22, (n)-1", "", "LeNet-5, 2026-11-22, (n)-1"),
        ((-1, 2), "", "(−1, 2)"),
        (1234, "d", "1234"),
        (np.int64(1234), "", "1,234"),
        (0.165, "", "0.165"),
        (2 / 3, "", "0.666667"),
        (np.float32(0.5), "", "0.5"),
        (2 / 3, ".1%", "66.7%"),
        (Fraction(33, 200), "", "33/200"),
        (Fraction(4, 2), "", "2"),
        (Fraction(33, 200), ".3f", "0.165"),
        ("608", ",", "608"),
        (None, ".1f", "–"),
        ((1024, 7, 7), "", "(1024, 7, 7)"),
        ((np.int64(400),), "", "(400,)"),
    ],
)
def test_a_cell_is_written_by_its_type(value, spec, text):
    assert format_cell(value, spec) == text


@pytest.mark.parametrize("value", [True, np.True_, 1j, [1], {}])
def test_a_cell_that_is_no_number_or_text_is_refused(value):
    with pytest.raises(TypeError, match="value must be a number.*got .*" + type(value).__name__):
        Table(["a"], [[value]])


def test_each_column_has_its_own_format():
    table = Table(["n", "share"], [[1000, 0.25]], formats=["", ".1%"], footer=[2000, 0.5])
    assert str(table).splitlines()[2:] == ["1,000  25.0%", "-----  -----", "2,000  50.0%"]


@given(st.text(max_size=20))
@settings(max_examples=50, deadline=None)
def test_width_counts_each_letter_once_or_twice(text):
    assert len(text) <= text_width(text) <= 2 * len(text)


def test_only_wide_letters_are_two_wide():
    assert [text_width(letter) for letter in ("가", "A", "\uff21", "×", "–", "語")] == [2, 1, 2, 1, 1, 2]


@given(st.lists(st.tuples(words, cells, cells), min_size=1, max_size=5), words)
@settings(max_examples=100, deadline=None)
def test_html_holds_every_cell_escaped_and_no_other_markup(rows, caption):
    columns = ["<b>", "&amp;", '"x"']
    read = Reader(Table(columns, rows, caption)._repr_html_()).cells
    (_, tag, attributes, _), *rest = read
    assert (tag, attributes) == ("table", {"class": "dl-table"})
    if caption:
        assert rest.pop(0)[1:] == ["caption", {}, caption]
    assert [text for *_, text in rest] == columns + [format_cell(cell) for row in rows for cell in row]


def test_html_marks_headers_scopes_numbers_and_sections():
    table = Table(["층", "수"], [["A", 1], ["B", 2]], footer=["합계", 3])
    assert [cell[:3] for cell in Reader(table._repr_html_()).cells[1:]] == [
        ["thead", "th", {"scope": "col"}],
        ["thead", "th", {"scope": "col", "class": "num"}],
        *(
            [section, tag, attributes]
            for section in ("tbody", "tbody", "tfoot")
            for tag, attributes in (("th", {"scope": "row"}), ("td", {"class": "num"}))
        ),
    ]


def test_row_headers_can_be_turned_off():
    body = Reader(Table(["a"], [["x"]], row_headers=False)._repr_html_()).cells[2]
    assert body == ["tbody", "td", {}, "x"]


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"rows": [[1, 2], [3]]}, r"rows\[1\] must have 2 values, got 1: \(3,\)"),
        ({"rows": [[1, 2, 3]]}, r"rows\[0\] must have 2 values, got 3"),
        ({"rows": [[1, 2]], "footer": [1]}, r"footer must have 2 values, got 1: \(1,\)"),
        ({"rows": [[1, 2]], "formats": ["", "", ""]}, r"formats must have 2 values, got 3"),
    ],
)
def test_a_line_of_another_length_is_refused(arguments, match):
    with pytest.raises(ValueError, match=match):
        Table(["a", "b"], **arguments)


def test_a_table_keeps_its_own_copy_of_the_rows():
    rows = [["x", 1]]
    table = Table(["a", "b"], rows, footer=["y", 2])
    rows[0][1] = 99
    assert table.rows == (("x", 1),)
    assert hash(table) == hash(Table(("a", "b"), (("x", 1),), footer=("y", 2)))
