"""All answers at a glance: their own words, and what carries each."""

import mini_site
import pytest
from bs4 import BeautifulSoup

CONF = """
extensions = ["myst_parser", "dlnotes_site.answers.at_a_glance"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
"""
FORMULA = "\n### 핵심\n\n$$\na_{}\n$$\n\n(further)=\n### 더\n\n$$\nb_{}\n$$\n"
FILES = {
    "conf.py": CONF,
    "index.md": "# 첫 화면\n\n```{toctree}\n:caption: 주제\n\ntwo\none\nglance\n```\n",
    "one.md": "# 하나\n\n"
    + mini_site.answer("q01", "Q01. 첫째?", ":next: q02\n\n첫째 **답**입니다.")
    + FORMULA,
    "two.md": "# 둘\n\n" + mini_site.answer("q02", "Q02. 둘째?", ":next: q01\n\n둘째 답입니다."),
    "glance.md": "# 한눈에\n\n```{at-a-glance}\n```\n",
}


def glance(folder):
    return BeautifulSoup(mini_site.page(folder, "glance"), "html.parser").select_one(".dl-glance")


def test_every_answer_stands_there_in_the_order_of_the_site_and_leads_to_its_page(tmp_path):
    mini_site.build(tmp_path, FILES)
    found = glance(tmp_path)
    assert [link["href"] for link in found.select("h3 a")] == ["two.html#q02", "one.html#q01"]
    assert found.h2.get_text() == "주제"
    first = found.select_one(".dl-glance-one:has(a[href='one.html#q01'])")
    assert first.strong.get_text() == "답"
    assert [line.get_text() for line in first.select("li")] == ["하나입니다.", "둘입니다.", "셋입니다."]
    assert not found.select("[id]")


@pytest.mark.parametrize(("option", "formula"), [("", "a_"), (":carried-by: further\n", "b_")])
def test_a_formula_carries_an_answer_without_a_picture_and_the_page_may_say_which(tmp_path, option, formula):
    page = FILES["one.md"].replace(":next: q02\n", f":next: q02\n{option}")
    mini_site.build(tmp_path, {**FILES, "one.md": page})
    shown = [one.get_text() for one in glance(tmp_path).select(".math")]
    assert len(shown) == 1
    assert formula in shown[0]


def test_what_carries_an_answer_must_stand_below_its_heading(tmp_path):
    page = FILES["one.md"].replace(":next: q02\n", ":next: q02\n:carried-by: nowhere\n")
    failed = mini_site.attempt(tmp_path, {**FILES, "one.md": page})
    assert "one.md:6: ERROR: question q01: nothing below its heading is named nowhere" in failed.stderr
