import json

import pytest

from korean_search.index import (
    DIGITS,
    FORMAT,
    HALF,
    Record,
    entries,
    front_coded,
    index_script,
    level,
    number,
    postings,
    record,
    said_script,
)
from korean_search.reading import Line, Section


def value(text):
    """Read a number as the script does."""
    total = 0
    for digit in text[:-1]:
        total = total * HALF + DIGITS.index(digit) - HALF
    return total * HALF + DIGITS.index(text[-1])


def test_numbers_can_be_read_back():
    for original in (0, 1, HALF - 1, HALF, HALF * HALF, 123_456):
        assert value(number(original)) == original
        assert not any(digit.isdigit() for digit in number(original))


def test_postings_are_written_by_level_in_steps():
    assert postings({7: 1, 3: 1, 5: 4}) == f"1{number(3)}{number(4)}4{number(5)}"


def test_words_are_written_without_what_they_share():
    assert front_coded(["패", "패딩", "합"]) == ["0패", "1딩", "0합"]


def test_headings_weigh_more_than_any_text():
    section = Section("a", 1, "패딩", [Line("보폭 " * 50, 1.0)])
    words = record("page", [section])[0].words[0]
    assert level(words["패딩"]) > level(words["보폭"])


def test_single_figures_count_only_where_weight_is_laid():
    section = Section("a", 1, "", [Line("2", 1.0), Line("3", 4.0), Line("12", 0.4), Line("14", 1.0)])
    assert set(record("page", [section])[0].words[0]) == {"3", "14"}


def test_names_of_two_letters_in_formulas_count_only_where_weight_is_laid():
    section = Section("a", 1, "", [Line("\u2063c_t\u2063", 1.0), Line("\u2063h_t\u2063", 4.0)])
    assert set(record("page", [section])[0].words[0]) == {"ht"}


def test_a_record_of_another_format_is_refused():
    text = record("page", [Section("a", 1, "패딩")])[0].dump()
    assert Record.load(text).title == "패딩"
    with pytest.raises(ValueError, match="format"):
        Record.load(text.replace(f'"format": {FORMAT}', '"format": 0'))
    with pytest.raises(ValueError, match="argument"):
        Record.load("{}")


def index(section, **asked):
    """Return the words of an index of one page."""
    script = index_script({"page": record("page", [section])[0]}, {"page": 1.0}, [], {}, asked)
    return json.loads(script[script.index("(") + 1 : script.rindex(")")])["words"]


def test_the_ways_to_ask_for_a_section_are_words_of_it_but_for_those_that_ask():
    section = Section("a", 1, "패딩", [Line("보폭", 1.0)])
    assert "너비" in index(section, page={"a": ["너비를 왜 정해요"]})
    assert "너비" not in index(section)
    assert "왜" not in index(section, page={"a": ["너비를 왜 정해요"]})


def test_signs_are_as_headings_where_they_are_explained_in_the_first_cell():
    section = Section("a", 1, "", [Line("\u2063σ\u2063 · \u2063k\u2063의 폭", 1.0)])
    words = record("page", [section], explains_signs=True)[0].words[0]
    assert level(words["σ"]) == level(8.0)
    assert "k" not in words
    assert set(record("page", [section])[0].words[0]) == {"σ", "폭"}


def test_what_answers_in_short_is_kept_by_its_section():
    sections = [
        Section("a", 1, "하나", [Line("둘", 1.0)]),
        Section("b", 2, "셋", [Line("넷", 1.0, lead=True)]),
    ]
    kept = record("page", sections)[0]
    assert kept.leads == {"1": "넷"}
    assert Record.load(kept.dump()).leads == kept.leads
    assert said_script({"page": kept}) == 'koreanSearch.say({"page":{"1":"넷"}})\n'


def test_an_entry_of_a_glossary_is_the_title_that_lists_names_of_one_group_and_nothing_else():
    groups = [["펼치기", "unfolding", "unrolling"], ["패딩", "padding"]]
    titles = ["", "펼치기", "펼치기 unfolding, unrolling", "패딩과 padding", "패딩 padding 값"]
    assert entries(groups, titles) == [(0, 2)]
