"""Formulas in Korean words."""

import re

import pytest
import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pages import ROOT

from dlnotes_site.math import mathml
from dlnotes_site.math.speech import ReadingError, particle, reading


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        ("n", "엔"),
        ("T", "대문자 티"),
        (r"\beta_1", "베타 아래첨자 1"),
        ("x^2", "엑스의 제곱"),
        ("k^n", "케이의 엔제곱"),
        ("10^{-8}", "10의 마이너스 8제곱"),
        ("h_{t-1}+b", "에이치 아래첨자 티 빼기 1 첨자 끝 더하기 비"),
        ("a'", "에이 프라임"),
        (r"W^\top", "대문자 더블유 전치"),
        (r"\theta^-", "세타 위첨자 마이너스"),
        ("a_t^{(i)}", "에이 아래첨자 티 위첨자 아이 첨자 끝"),
        (r"\hat m_t", "엠 햇 아래첨자 티"),
        (r"\mathbf v_t", "굵은 브이 아래첨자 티"),
        (r"\frac nk", "케이분의 엔"),
        (r"\frac{n+1}{s}", "분모가 에스이고 분자가 엔 더하기 1인 분수"),
        (r"\frac{\partial C}{\partial h_t}", "에이치 아래첨자 티에 대한 대문자 씨의 편미분"),
        (r"\sqrt H", "루트 대문자 에이치"),
        (r"\sqrt{1-\rho}", "루트 열고 1 빼기 로 루트 닫고"),
        (r"\sum_{i=1}^{n} x_i", "합, 아이는 1부터 엔까지, 엑스 아래첨자 아이"),
        (r"\sum_i x_i", "합, 아이에 대해, 엑스 아래첨자 아이"),
        (r"\int_0^\infty f(x)\,dx", "적분, 0부터 무한대까지, 에프 괄호 열고 엑스 괄호 닫고 디 엑스"),
        (r"\max_a Q(s,a)", "에이에 대한 최댓값 대문자 큐 괄호 열고 에스, 에이 괄호 닫고"),
        (r"\arg\max_a Q(a)", "에이에 대한 아그맥스 대문자 큐 괄호 열고 에이 괄호 닫고"),
        (r"\lfloor n/2\rfloor+1", "내림 열고 엔 나누기 2 내림 닫고 더하기 1"),
        (r"\lceil n\rceil", "엔의 올림"),
        ("|x|", "엑스의 절댓값"),
        (r"|A\cap B|", "크기 열고 대문자 에이 교집합 대문자 비 크기 닫고"),
        ("n=3", "엔은 3"),
        ("f=3", "에프는 3"),
        ("p=", "피는"),
        ("a=b=c", "에이는 비, 즉 씨"),
        (r"k\ge3", "케이는 3 이상"),
        (r"n\le a<m", "에이는 엔 이상 엠 미만"),
        (r"j\ne0", "제이는 0이 아님"),
        (r"x\leftarrow x-\alpha g", "엑스에 대입, 엑스 빼기 알파 지"),
        (r"512\to512", "512에서 512로"),
        ("-x-y", "마이너스 엑스 빼기 와이"),
        ("5-(-3)", "5 빼기 괄호 열고 마이너스 3 괄호 닫고"),
        ("3{,}216", "3,216"),
        ("(0, 0)", "괄호 열고 0, 0 괄호 닫고"),
        (r"1, \dots, c", "1, 줄임표, 씨"),
        (r"5\%", "5 퍼센트"),
        (r"180^\circ", "180도"),
        (r"p(o\mid i)", "피 괄호 열고 오, 조건 아이 괄호 닫고"),
        (r"v_i\cdot u_o", "브이 아래첨자 아이 내적 유 아래첨자 오"),
        (r"5\cdot5", "5 곱하기 5"),
        (r"C_\text{in}", "대문자 씨 아래첨자 인"),
        (
            r"\begin{cases} x & \text{맞으면} \\ 0 & \text{아니면} \end{cases}",
            "경우를 나누어, 엑스, 맞으면. 0, 아니면",
        ),
        (r"\begin{pmatrix} 0 & 1 \\ a & b \end{pmatrix}", "행렬 1행 0, 1, 2행 에이, 비 행렬 끝"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "에이는 비. 씨는 디"),
    ],
)
def test_a_formula_is_said_as_in_a_lecture(latex, words):
    assert reading(mathml.convert(latex, False)) == words


@pytest.mark.parametrize(
    ("words", "pair", "said"),
    [
        ("엔", "은/는", "엔은"),
        ("비", "은/는", "비는"),
        ("10", "은/는", "10은"),
        ("12", "은/는", "12는"),
        ("엘", "으로/로", "엘로"),
        ("엔", "으로/로", "엔으로"),
        ("7", "으로/로", "7로"),
        ("the", "을/를", "the를"),
    ],
)
def test_a_particle_goes_with_the_last_sound(words, pair, said):
    assert particle(words, pair) == said


@pytest.mark.parametrize("latex", [r"a \oplus b", r"\text{♥}", r"\aleph"])
def test_a_sign_without_a_word_is_refused(latex):
    with pytest.raises(ReadingError, match="no word"):
        reading(mathml.convert(latex, False))


def formulas():
    """Every formula of the pages, the errata, the claims and the docstrings: (LaTeX, whether displayed)."""
    parser = MarkdownIt().use(dollarmath_plugin).use(amsmath_plugin).enable("table")
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))]
    for name in ("errata.yml", "claims.yml", "terms.yml"):
        data = yaml.safe_load((ROOT / "docs" / name).read_text(encoding="utf-8"))
        texts += re.findall(r"'[^']*\$[^']*'|\"[^\"]*\$[^\"]*\"", repr(data).replace("\\\\", "\\"))
    found = set()
    for text in texts:
        for token in parser.parse(text):
            for part in [token, *(token.children or [])]:
                if "math" in part.type:
                    found.add((part.content.strip(), part.type != "math_inline"))
    for path in sorted((ROOT / "src").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        found |= {(" ".join(latex.split()), False) for latex in re.findall(r":math:`([^`]+)`", source)}
        for block in re.findall(r"\.\. math::\n\n((?: +.*\n|\n)+?)(?=\n *\S)", source):
            found.add((block.strip(), True))
    return sorted(found)


def test_every_formula_of_the_site_is_said_without_a_sign_left_over():
    every = formulas()
    assert len(every) > 800
    for latex, display in every:
        root = mathml.convert(latex, display)
        for part in [root] if display else [said for said, _ in mathml.pieces(root)]:
            words = reading(part)
            english = set(re.findall(r"[A-Za-z]+", words)) - set(
                re.findall(r"[A-Za-z]{2,}", " ".join(root.itertext()))
            )
            assert not english, (latex, words)
            assert re.fullmatch(r"[가-힣A-Za-z0-9., ]+", words), (latex, words)
            assert words.count("열고") == words.count("닫고"), (latex, words)
