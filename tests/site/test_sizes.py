"""Sizes of letters: the style sheets name them, and one of them says how large each is."""

import re

import pytest
from pages import ROOT

SHEETS = sorted((ROOT / "docs" / "_ext" / "dlnotes_site").glob("*/static/*.css"))
PAPER = "print.css"  # in points
# Of what stands around them: signs of the formulas' font.
OTHERS = {("math.css", "1.1em")}


def sizes(css):
    """Return what a style sheet says of sizes, without what is taken from around or from a token."""
    said = re.findall(r"\bfont(?:-size)?:\s*([^;}]+)", css)
    return [one for one in said if one != "inherit" and not re.search(r"var\(--dl-size-[a-z0-9]+\)", one)]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_letters_have_the_sizes_that_the_tokens_name(sheet):
    if sheet.name != PAPER:
        assert {(sheet.name, size) for size in sizes(sheet.read_text(encoding="utf-8"))} <= OTHERS


def test_every_size_that_is_named_is_defined_and_every_one_defined_is_named():
    texts = {path.name: path.read_text(encoding="utf-8") for path in SHEETS}
    named = set(re.findall(r"var\((--dl-size-\w+)\)", "".join(texts.values())))
    assert named == set(re.findall(r"(--dl-size-\w+):", texts["tokens.css"]))


def test_a_size_of_its_own_is_found():
    assert sizes("a { font-size: 0.95rem; } b { font: 9pt serif } i { font-size: var(--dl-size-note) }") == [
        "0.95rem",
        "9pt serif ",
    ]
