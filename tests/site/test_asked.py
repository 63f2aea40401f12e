"""학생이 묻는 말, 달리 적는 말, 이 사이트에 없는 말의 장부."""

import mini_site
import pytest
from asked import QUESTIONS
from pages import ROOT
from sphinx.errors import ExtensionError

from dlnotes_site.answers import asked
from dlnotes_site.data import load

ASKED = load(ROOT / "docs" / "asked.yml", asked.read_asked)
ABSENT = load(ROOT / "docs" / "absent.yml", asked.read_absent)
WAYS = [f"보폭은 무엇인가 {number}" for number in range(11)]


def entry(question, ways):
    return f"- question: {question}\n  ways: [{', '.join(ways)}]\n"


def test_every_question_is_asked_in_some_way():
    assert {one.question for one in ASKED} == set(QUESTIONS)


def test_what_is_absent_is_near_to_questions_of_the_site():
    assert {name for one in ABSENT for name in one.near} <= set(QUESTIONS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (entry("q01", WAYS[:4]), "l.yml:1: question q01 is asked in 4 ways: write 5 to 10"),
        (entry("q01", WAYS), "l.yml:1: question q01 is asked in 11 ways"),
        (
            entry("q01", WAYS[:5]) + entry("q01", WAYS[5:10]),
            "l.yml:3: 'q01' stands twice, first at .*:1",
        ),
        (
            entry("q01", WAYS[:5]) + entry("q02", WAYS[4:9]),
            "l.yml:3: '보폭은 무엇인가 4' stands twice, first at",
        ),
        (entry("q01", [*WAYS[:5], "보폭은무엇인가 0?"]), "stands twice"),
        ("- question: q01\n", "l.yml:1: ways must be a list of texts"),
        (entry("q01", WAYS[:5]) + "  near: [q02]\n", "near is unknown"),
    ],
)
def test_malformed_ways_are_refused_with_their_place(tmp_path, text, message):
    path = tmp_path / "l.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExtensionError, match=message):
        load(path, asked.read_asked)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- names: [가]\n", "l.yml:1: near must be a list of texts"),
        ("- {names: [가], near: [q01]}\n- {names: [나, 가], near: [q01]}\n", "l.yml:2: '가' stands twice"),
    ],
)
def test_malformed_absences_are_refused_with_their_place(tmp_path, text, message):
    path = tmp_path / "l.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExtensionError, match=message):
        load(path, asked.read_absent)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- names: 표\n", "l.yml:1: names must be a list of texts"),
        ("- names: [표]\n", "l.yml:1: 표 is written in one way"),
        ("- names: [표, 테이블]\n- names: [층, 테이블]\n", "l.yml:2: '테이블' stands twice, first at .*:1"),
        ("- {names: [표, 테이블], near: [q01]}\n", "l.yml:1: near is unknown"),
    ],
)
def test_malformed_spellings_are_refused_with_their_place(tmp_path, text, message):
    path = tmp_path / "l.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExtensionError, match=message):
        load(path, asked.read_spelled)


CONF = """
extensions = ["myst_nb", "dlnotes_site.answers.asked", "dlnotes_site.answers.questions"]
myst_enable_extensions = ["colon_fence"]
language = "ko"
"""
FILES = {
    "conf.py": CONF,
    "index.md": "# 글\n\n" + mini_site.answer("q01", "보폭은 하나인가요", "하나입니다."),
    "terms.yml": "- topic: 가\n  terms:\n    - {ko: 보폭, en: stride, definition: 칸 수입니다.}\n",
}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"asked.yml": entry("q09", WAYS[:5])}, "asked.yml:1: ERROR: no page answers q09"),
        (
            {"asked.yml": entry("q09", WAYS[:5])},
            "index.md:6: ERROR: question q01 is asked in no way in asked.yml",
        ),
        (
            {"absent.yml": "- {names: [가], near: [q09]}\n"},
            "absent.yml:1: ERROR: no page answers q09, which is near to 가",
        ),
        ({"spelled.yml": "- names: [표]\n"}, "spelled.yml:1: 표 is written in one way"),
        (
            {"absent.yml": "- {names: [보폭], near: [q01]}\n"},
            "absent.yml:1: 보폭 is not absent: the glossary has 보폭",
        ),
    ],
)
def test_what_is_unknown_is_reported_with_its_place(tmp_path, files, message):
    assert message in mini_site.attempt(tmp_path, FILES | files).stderr


def test_sound_ledgers_build(tmp_path):
    sound = {"asked.yml": entry("q01", WAYS[:5]), "absent.yml": "- {names: [가], near: [q01]}\n"}
    mini_site.build(tmp_path, FILES | sound)
