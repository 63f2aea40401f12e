"""The two fonts that the project keeps: what is in them, what they are called, and their licences."""

import importlib.util
import re
import shutil
import unicodedata

import pytest
from fontTools.ttLib import TTFont
from pages import ROOT

from dlnotes.figures import FONT
from dlnotes_site.bundle import fonts
from dlnotes_site.math import font as math_font
from dlnotes_site.math import mathml

spec = importlib.util.spec_from_file_location("fonts_tool", ROOT / "tools" / "fonts.py")
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)

SANS, MATH = tool.CUTS
KEPT = pytest.mark.parametrize("kept", tool.CUTS, ids=lambda kept: kept.family)

# What Noto Sans KR does not have either: readers' own fonts draw these, in words that are not Korean.
NOT_IN_THE_ORIGINAL = set("ˆ˜ᵢᵀⁿⁱₜ₊₋⁺⁻∗∘∼⊤⋅⋆⌈⌉⌊⌋⟨⟩⟹ϕϵ") | {chr(c) for c in [*range(0x2070, 0x208F)]}

ORDINARY = r"""
\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \lambda \mu \nu \xi
\pi \rho \varrho \sigma \tau \upsilon \phi \varphi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi
\Sigma \Upsilon \Phi \Psi \Omega \nabla \partial \infty \ell \hbar \Re \Im \aleph \emptyset \forall \exists
\neg \top \bot \pm \mp \times \div \cdot \ast \star \circ \bullet \oplus \ominus \otimes \odot \wedge \vee
\cap \cup \setminus \sum \prod \coprod \int \iint \oint \bigcap \bigcup \bigoplus \bigotimes \bigwedge
\bigvee \le \ge \ll \gg \leqslant \geqslant \prec \succ \preceq \succeq \ne \equiv \sim \simeq \approx \cong
\propto \doteq \in \ni \notin \subset \supset \subseteq \supseteq \mid \nmid \parallel \perp \models \vdash
\dashv \leftarrow \rightarrow \leftrightarrow \Leftarrow \Rightarrow \Leftrightarrow \mapsto \longmapsto
\longrightarrow \implies \iff \uparrow \downarrow \updownarrow \hookrightarrow \rightharpoonup
\rightleftharpoons \ldots \cdots \vdots \ddots \prime \dagger \ddagger \triangle \square \angle \surd
\therefore \because \langle \rangle \lfloor \rfloor \lceil \rceil \| \lbrace \rbrace \hat{x} \tilde{x}
\bar{x} \vec{x} \dot{x} \ddot{x} \check{x} \breve{x} \widehat{xy} \overline{xy} \underline{xy}
\overbrace{x+y} \underbrace{x+y} \sqrt{x} \sqrt[3]{x} \imath \jmath
"""
ALPHABETS = ("mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathcal", "mathfrak", "mathbb", "boldsymbol")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def letters_of(kept):
    with TTFont(kept.made, lazy=True) as font:
        return set(map(chr, font.getBestCmap()))


def written():
    """Return the letters of all that the site and its figures are made of."""
    sources = [ROOT / "conf.py"]
    for folder, kinds in (("docs", ("md", "yml", "bib", "html", "po", "js")), ("src", ("py", "txt"))):
        sources += [path for kind in kinds for path in (ROOT / folder).rglob(f"*.{kind}")]
    search = ROOT / "docs" / "_ext" / "korean_search"  # knows letters that it draws nowhere
    pages = [path for path in sources if not path.is_relative_to(search)]
    return {letter for path in pages for letter in unicodedata.normalize("NFC", path.read_text("utf-8"))}


def test_the_text_font_has_every_letter_that_the_site_writes_and_korean_has():
    lacking = {
        letter for letter in written() - letters_of(SANS) if unicodedata.category(letter)[0] not in "CZ"
    }
    refused = {"\u0e01"}  # the example of canvas: a letter of Thai, which no figure may use
    formulas = lacking & letters_of(MATH)
    assert not {c for c in lacking if unicodedata.east_asian_width(c) in "WF"}
    assert lacking - formulas - refused - NOT_IN_THE_ORIGINAL == set()


def test_the_text_font_has_all_hangul_of_the_korean_standard_and_the_letters_it_is_made_of():
    has = letters_of(SANS)
    assert len(tool.KS_X_1001) == 2350
    assert set(map(chr, tool.KS_X_1001)) <= has
    assert {chr(letter) for letter in range(0x3131, 0x3164)} <= has
    assert set("aZ09αωΔ±×÷·…‘’“”→⇒∂∑∏√∞≤≥≠≈∈∩■□▲●○①⑳½") <= has


def test_the_math_font_has_every_formula_of_the_site_and_ordinary_ones_to_come():
    has = set(map(ord, letters_of(MATH)))
    commands = [
        ORDINARY,
        *(rf"\{name}{{{LETTERS}}}" for name in ALPHABETS),
        r"\mathbb{RNZQCE} \mathbf{0123456789}",
    ]
    formulas = [mathml.write(mathml.convert(latex, True), "") for latex in commands]
    assert math_font.lacking(math_font.drawn_in("".join(formulas))[0], has) == []
    pages = [path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md")]
    latex = {found for page in pages for found in re.findall(r"(?<![$\\])\$([^$`\n]+)\$(?!\$)", page)}
    assert len(latex) > 500
    formulas = [mathml.write(mathml.convert(one, False), "") for one in latex if "{eval}" not in one]
    assert math_font.lacking(math_font.drawn_in("".join(formulas))[0], has) == []


def test_the_math_font_has_the_forms_that_stretch_and_those_of_scripts():
    with TTFont(MATH.made, lazy=True) as font:
        names, math = font.getBestCmap(), font["MATH"].table
        upright = {*math.MathVariants.VertGlyphCoverage.glyphs}
        assert {names[ord(letter)] for letter in "()[]{}|‖√∑∏∫⌊⌋⌈⌉⟨⟩"} <= upright
        assert {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord} == {"ssty"}
        for record in font["GSUB"].table.ScriptList.ScriptRecord:
            assert record.Script.DefaultLangSys.FeatureIndex, record.ScriptTag
        forms = {}
        for lookup in font["GSUB"].table.LookupList.Lookup:
            for table in lookup.SubTable:
                forms |= getattr(getattr(table, "ExtSubTable", table), "alternates", {})
        assert {names[ord(letter)] for letter in "𝑎𝑛𝑥′+"} - set(forms) <= {names[ord("+")]}


@KEPT
def test_a_font_that_was_changed_bears_no_name_of_the_original(kept):
    with TTFont(kept.made) as font:
        shown = {number: font["name"].getDebugName(number) for number in (1, 3, 4, 6, 16, 17, 18, 21, 25)}
        assert shown[1] == kept.family
        if "CFF " in font:
            cff = font["CFF "].cff
            shown |= {"cff": cff.fontNames[0], "full": cff[0].FullName, "family": cff[0].FamilyName}
            shown |= {part.FontName: part.FontName for part in cff[0].FDArray}
    for name in filter(None, shown.values()):
        assert not re.search("noto|source|stix|tm ?math", name, re.I), name


@KEPT
def test_the_licence_stands_beside_the_font_and_names_its_owners(kept):
    text = " ".join(fonts.licence(kept.made).split())
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "THE FONT SOFTWARE IS PROVIDED" in text
    with TTFont(kept.made, lazy=True) as font:
        owner, trademark, licence = (font["name"].getDebugName(number) for number in (0, 7, 13))
    assert owner in text
    assert trademark in text
    assert "SIL Open Font License" in licence


@pytest.mark.builds
@KEPT
def test_cutting_the_kept_font_again_changes_nothing(kept, tmp_path):
    again = tmp_path / kept.made.name
    tool.cut(kept.made, kept, again)
    assert again.read_bytes() == kept.made.read_bytes()


def test_another_original_is_refused(tmp_path):
    other = tmp_path / "other.otf"
    shutil.copy(FONT, other)
    with pytest.raises(ValueError, match=r"other\.otf has SHA-256 .* dlnotes Sans is cut from"):
        tool.main(["--sans", str(other), "--math", str(other)])
