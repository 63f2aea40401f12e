"""What every page owes its reader, read off the sources."""

import re

import pytest
from pages import PAGES, ROOT, code_blocks, code_cells, prose

from dlnotes.tables import text_width

COLUMNS = 60  # of code: half of it is seen on a phone, the rest scrolls

# Hangul counts as a letter, so a name's end is told by what may not follow it.
END = r"(?![A-Za-z0-9])"
ALLOWED = [
    (r"^#+ Q\d\d\..*$", "a question's heading: its number and the student's own figures"),
    (rf"\bQ\d\d{END}", "a question's number"),
    (rf"\b(LeNet-5|VGG-16|(Tiny-)?YOLOv[123]|YOLO9000|MobileNet-v1){END}", "a network's name"),
    (rf"\b(CONV[12]|POOL[12]|FC[34]|S[24]|C[135]|F6){END}", "a layer's name"),
    (r"2차 (원점 )?적률", "the second moment is a term"),
    (r"\b[12]차원", "the number of dimensions is a kind, not a result"),
    (r"(?<![\d.])0(?![\d.])", "zero, the value that pads"),
    (r"\b(1998|2016|2017)년", "the year of a work"),
    (r"CC\sBY\s4\.0", "a licence's name"),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_result_is_typed_into_prose(page):
    text = prose(page.read_text(encoding="utf-8"))
    for pattern, _ in ALLOWED:
        text = re.sub(pattern, "", text, flags=re.M)
    typed = [
        f"{page.relative_to(ROOT)}:{number}: {line.strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(r"\d", line)
    ]
    assert not typed, "write {eval}`…` for a result, $…$ for what is given:\n" + "\n".join(typed)


def test_a_typed_result_is_found_wherever_prose_stands():
    for place in (
        "합계는 62958입니다.",
        ":::{teacher}\n합계는 62,958입니다.\n:::",
        "```{exercise}\n:label: x\n\n답은 7입니다.\n```",
        "```{code-cell}\n---\nmystnb:\n  figure:\n    caption: 모두 39칸\n---\nf()\n```",
        "```{code-cell}\n---\nmystnb:\n  image:\n    alt: 모두 39칸\n---\nf()\n```",
        "| 층 | 수 |\n|---|---|\n| 하나 | 608 |",
    ):
        assert re.search(r"\d", prose(place)), place
    for place in ("$n=8$", "`208`", "{eval}`f(8)`", "```{code-cell}\nf(8)\n```", "[글](http://a.b/2016)"):
        assert not re.search(r"\d", prose(place)), place


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_code_is_narrow(page):
    text = page.read_text(encoding="utf-8")
    lines = [line for code in code_cells(text) + code_blocks(text) for line in code.splitlines()]
    assert [line for line in lines if text_width(line) > COLUMNS] == []


def test_code_is_found_in_cells_and_in_blocks():
    long = "x = 1  # " + "가" * 30
    for block in ("```{code-cell}\n:tags: [hide-input]\n%s\n```", "```python\n%s\n```", "````text\n%s\n````"):
        assert code_cells(block % long) + code_blocks(block % long) == [long]
    assert text_width(long) > COLUMNS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_cells_are_short(page):
    for cell in code_cells(page.read_text(encoding="utf-8")):
        assert len(cell.splitlines()) <= 20, cell
