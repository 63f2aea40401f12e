"""The glossary and the links that lead there."""

import re
from functools import partial

import mini_site
import pytest
from pages import ROOT
from sphinx.errors import ExtensionError

from dlnotes_site.answers import terms
from dlnotes_site.data import load

FILE = ROOT / "docs" / "terms.yml"
TERMS = load(FILE, terms.read_terms)
MATCHER = terms.pattern(TERMS)


def found(text):
    return [re.sub(r"\s+", " ", hit[0]) for hit in MATCHER.finditer(text)]


def test_every_term_says_what_it_means_in_whole_sentences():
    for term in TERMS:
        assert re.search(r"다\.$", term.definition), term.ko
        assert term.en, term.ko


def test_the_longest_term_wins():
    assert found("기울기 소실과 기울기") == ["기울기 소실", "기울기"]
    assert found("최대화 편향은 편향이 아닙니다") == ["최대화 편향", "편향"]


def test_a_term_is_found_with_its_particle_and_across_lines_but_not_inside_a_word():
    assert found("패딩을 덧댄다") == ["패딩"]
    assert found("은닉\n상태가") == ["은닉 상태"]
    assert found("무보상") == []


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ("{ko: 패딩, en: padding, meaning: 무엇}", "meaning"),
        ("{ko: 패딩, en: padding}", "definition"),
        ("{ko: 가, en: a, definition: 가}, {ko: 나, en: A, definition: 나}", "anchor stands twice: term-a"),
        ("{ko: 가, en: a, definition: 가}, {ko: 가, en: b, definition: 나}", "word stands twice: 가"),
    ],
)
def test_a_malformed_glossary_is_refused(tmp_path, entries, message):
    path = tmp_path / "t.yml"
    path.write_text(f"- topic: 하나\n  terms: [{entries}]\n", encoding="utf-8")
    with pytest.raises(ExtensionError, match=message):
        load(path, terms.read_terms)


GLOSSARY = """
- topic: 합성곱
  terms:
    - {ko: 패딩, en: padding, variants: [덧대기], definition: 둘레에 덧대는 값입니다.}
    - {ko: 보폭, en: stride, definition: 옮기는 칸 수입니다.}
    - {ko: 풀링, en: pooling, definition: 줄이는 셈입니다.}
"""

PAGE = """# 패딩이라는 글

`패딩`과 [패딩](https://example.org)은 두고, 패딩(padding)을 잇습니다. 패딩은 다시 잇지 않습니다.

""" + mini_site.answer("q01", "보폭", "보폭입니다.").replace("값입니다", "보폭입니다")


CONF = """
extensions = ["myst_parser", "dlnotes_site.answers.questions", "dlnotes_site.answers.terms"]
myst_enable_extensions = ["colon_fence"]
"""
FILES = {
    "conf.py": CONF,
    "index.md": PAGE + "\n```{toctree}\nother\nterms\n```\n",
    "other.md": "# 글\n\n패딩이 나오지만 답이 아닌 글입니다.\n",
    "terms.md": "# 용어집\n\n```{glossary-terms}\n```\n",
    "terms.yml": GLOSSARY,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("terms")
    mini_site.build(folder, FILES)
    return partial(mini_site.page, folder)


def test_only_the_first_use_in_running_text_leads_to_the_glossary(site):
    page, _ = site("index").split('<div class="dl-definitions"')
    assert page.count('href="terms.html#term-padding"') == 1
    assert '<a class="reference internal" href="terms.html#term-padding"><span class="dl-term">패딩' in page
    assert page.index("dl-term") > page.index("https://example.org")
    assert page.count('href="terms.html#term-stride"') == 1
    assert "term-" not in site("other")


def test_what_a_pages_terms_mean_stands_hidden_at_its_end(site):
    _, tips = site("index").split('<div class="dl-definitions" hidden="hidden">')
    padding, stride = re.findall(r'<span class="dl-tip" id="tip-term-(?:padding|stride)">.*?</a>', tips)
    assert "<strong>패딩</strong>" in padding
    assert '<span class="dl-said" id="tip-term-padding-said">둘레에 덧대는 값입니다.</span>' in padding
    assert '<a href="terms.html#term-padding">용어집에서 보기</a>' in padding
    assert "옮기는 칸 수입니다." in stride
    assert "줄이는 셈입니다." not in tips
    assert "dl-definitions" not in site("other")


def test_a_word_is_filed_below_its_first_sound_or_among_the_latin_ones():
    assert [terms.letter_of(word) for word in ("가중치", "꺾쇠", "나", "힣", "씨", "LSTM", "ε-탐욕")] == [
        *"ㄱㄱㄴㅎㅅ",
        terms.LATIN,
        terms.LATIN,
    ]


def test_the_glossary_is_filed_by_letter_and_jumped_in(site):
    page = site("terms")
    jumps = re.findall(r'href="#(letter-\d)"><span>(.)</span>', page[page.index("dl-letters") :])
    assert [letter for _, letter in jumps] == ["ㅂ", "ㅍ"]
    for name, letter in jumps:
        section = page[page.index(f'id="{name}"') :]
        assert section.index(f"<h2>{letter}<") < section.index("<dt")
    assert "<p>패딩, 풀링</p>" in page


def test_the_glossary_names_the_pages_that_use_a_term(site):
    stride, padding, pooling = site("terms").split("<dt")[-3:]
    assert 'id="term-padding"' in padding
    assert "덧대기" in padding
    assert 'lang="en"' in padding
    assert 'href="index.html"' in padding
    assert 'href="index.html"' in stride
    assert "나오는 글" not in pooling
