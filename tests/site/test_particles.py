"""Particles after what is computed, and after formulas."""

import re

import mini_site
import pytest

from dlnotes_site.markup.particles import agrees, read_out, said

VALUES = [
    "3을",
    "2를",
    "10은",
    "1,000이",
    "3,216과",
    "0.70이",
    "0.06으로",
    "0.29963과",
    "1.3863이",
    "+0.2563으로",
    "7로",
    "8로",
    "1로",
    "4로",
    "9로",
    "−0.5는",
    "61.8%가",
    "16px을",
    "(65,382)를",
]
FORMULAS = [
    r"n이",
    r"f가",
    r"r과",
    r"l로",
    r"\beta_1이",
    r"h_t는",
    r"x^2은",
    r"\hat{v}이",
    r"f(x)는",
    r"(n+1)/2로",
    r"\frac{1}{2}을",
    r"r_{t+1}로",
    r"W_{ih}와",
    r"p=5로",
    r"10^{-12}으로",
]
EITHER = [
    r"1/2를",
    r"1/2을",
    r"\lceil(n/2)\rceil와",
    r"\lceil(n/2)\rceil과",
    r"\beta_1<\beta_2가",
    r"\beta_1<\beta_2이",
]
OTHER = {one: other for pair in ("은는", "이가", "을를", "과와") for one, other in (pair, pair[::-1])}
OTHER |= {"으로": "로", "로": "으로"}


def taken_apart(written):
    """Return a value or formula and its particle."""
    return re.fullmatch(r"(.*?)([가-힣]+)", written).groups()


@pytest.mark.parametrize("written", VALUES)
def test_a_particle_agrees_with_the_last_digit_or_unit_of_a_value(written):
    value, particle = taken_apart(written)
    assert agrees(read_out(value), particle)
    assert not agrees(read_out(value), OTHER[particle])


@pytest.mark.parametrize("written", FORMULAS)
def test_a_particle_agrees_with_how_a_formula_is_said(written):
    latex, particle = taken_apart(written)
    assert agrees(said(latex), particle)
    assert not agrees(said(latex), OTHER[particle])


@pytest.mark.parametrize("written", EITHER)
def test_where_a_formula_is_read_in_two_ways_either_will_do(written):
    latex, particle = taken_apart(written)
    assert agrees(said(latex), particle)


def test_after_a_word_in_latin_letters_nobody_can_tell():
    assert read_out("quick") == ""


CONF = """
extensions = ["myst_nb", "dlnotes_site.execution", "dlnotes_site.markup.particles"]
myst_enable_extensions = ["dollarmath"]
nb_custom_formats = {".md": ("dlnotes_site.execution.read_page", {}, False)}
nb_execution_mode = "off"
"""
PAGE = """# 글

```{code-cell}
n = 3
```

값은 {eval}`n`과 같고, $n$은 {eval}`n`이고, {eval}`n`가지입니다.

값은 {eval}`n`와 같습니다. 폭은 $n$는 작습니다.
"""


def test_a_wrong_particle_fails_the_build_with_its_line_and_the_right_one(tmp_path):
    failed = mini_site.attempt(tmp_path, {"conf.py": CONF, "index.md": PAGE})
    told = [line for line in failed.stderr.splitlines() if "ERROR: write" in line]
    assert failed.returncode
    assert ["index.md:9" in line for line in told] == [True, True]
    assert "write 3과, not 3와" in told[0]
    assert "write n은, not n는" in told[1]
