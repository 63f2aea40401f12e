"""The font of the formulas: what is in it."""

import io

import pytest
from fontTools.ttLib import TTFont

from dlnotes_site.bundle import fonts
from dlnotes_site.math import font as math_font
from dlnotes_site.math import mathml

PAGES = [
    mathml.write(mathml.convert(latex, display), "말")
    for latex, display in [
        (r"\partial h_t' = \sqrt{x}", False),
        (r"\left(\frac{\mathbf v}{2}\right)", True),
        (r"\operatorname{relu}(\text{값})", False),
    ]
]


def test_what_is_drawn_is_counted_not_what_is_written():
    characters, small = math_font.drawn_in("".join(PAGES))
    assert set("𝜕ℎ𝑡′𝑥√𝐯relu()=2") <= set(characters)
    assert not set("∂htxv𝑢") & set(characters) - set("tx")
    assert set(small) == {"𝑡", "′"}


def test_the_denominators_of_a_line_are_small_and_those_displayed_are_not():
    [inline, block] = [mathml.write(mathml.convert(r"\frac ab", display), "") for display in (False, True)]
    assert math_font.drawn_in(inline)[1] == "𝑎𝑏"
    assert math_font.drawn_in(block)[1] == ""


def test_entities_of_html_are_understood():
    assert math_font.drawn_in("<math><mo>&ne;</mo><mo>&lt;</mo></math>")[0] == "<≠"


@pytest.fixture(scope="module")
def font():
    return math_font.cut(*math_font.drawn_in("".join(PAGES)))


def test_equal_characters_give_equal_bytes(font):
    assert math_font.cut(*math_font.drawn_in("".join(PAGES))) == font


def test_the_font_holds_what_stretches_and_the_small_forms(font):
    with TTFont(io.BytesIO(font)) as made:
        names = set(made.getGlyphOrder())
        variants = made["MATH"].table.MathVariants
        assert made.getBestCmap()[ord("√")] in variants.VertGlyphCoverage.glyphs
        assert made.getBestCmap()[ord("(")] in variants.VertGlyphCoverage.glyphs
        [lookup] = made["GSUB"].table.LookupList.Lookup
        table = getattr(lookup.SubTable[0], "ExtSubTable", lookup.SubTable[0])
        assert len(table.alternates) == 2
        assert {form for forms in table.alternates.values() for form in forms} <= names
        for record in made["GSUB"].table.ScriptList.ScriptRecord:
            assert record.Script.DefaultLangSys.FeatureIndex, record.ScriptTag


def test_the_signs_of_roots_are_of_one_width_and_the_lowest_suits_a_number(font):
    with TTFont(io.BytesIO(font)) as made:
        variants = made["MATH"].table.MathVariants
        place = variants.VertGlyphCoverage.glyphs.index(made.getBestCmap()[ord("√")])
        forms = variants.VertGlyphConstruction[place].MathGlyphVariantRecord
        assert len({made["hmtx"][form.VariantGlyph][0] for form in forms}) == 1
        heights = [form.AdvanceMeasurement / made["head"].unitsPerEm for form in forms]
        assert heights == sorted(heights)
        assert 0.85 < heights[0] < 1, "a digit, the gap and the rule are .82 em"
        glyph = made["glyf"][forms[0].VariantGlyph]
        assert glyph.yMax - glyph.yMin == pytest.approx(forms[0].AdvanceMeasurement, abs=2)


def test_the_notice_says_whose_the_font_is(tmp_path):
    fonts.write_licence(math_font.SOURCE, tmp_path / "math.txt", "math.woff2")
    notice = (tmp_path / "math.txt").read_text("utf-8")
    assert notice.startswith("math.woff2: dlnotes-math")
    assert "The STIX Fonts Project Authors" in notice
    assert "SIL Open Font License" in notice


def test_a_letter_that_the_font_lacks_is_found_and_hangul_is_none():
    assert math_font.lacking("x값ꙮ", {ord("x")}) == ["ꙮ"]
