"""맞혀 보는 문제의 장부: 온전한가, 라이브러리가 주는 값인가, 글과 점검하는 쪽에 있는가."""

import re

import mini_site
import pytest
from asked import QUESTIONS
from bs4 import BeautifulSoup
from pages import ROOT
from sphinx.errors import ExtensionError

from dlnotes_site import kept
from dlnotes_site.answers.errata import value_of
from dlnotes_site.data import load
from dlnotes_site.quiz.ledgers import (
    read_exercises,
    read_guesses,
    refuse_ambiguous,
    refuse_same,
    with_values,
)

EXERCISES = load(ROOT / "docs" / "exercises.yml", read_exercises)
GUESSES = load(ROOT / "docs" / "guesses.yml", read_guesses)
# What is right, as the lecture's own questions have it, where it is a number: typed here, computed there.
RIGHT = {
    "q01": "거의 전체인 446픽셀",
    "q02": "112칸",
    "q03": "5칸",
    "q04": "608개",
    "q06": "48,120개",
    "q07": "3,216개",
    "q10": "0.003%쯤",
    "q11": "1,024장",
    "q12": "0보다 큰 1.54",
    "q13": "앞은 0, 뒤는 1",
    "q14": "3, 2, 1",
}
# The common mistakes are among the choices.
WRONG = {
    "q03": "4.5칸",
    "q04": "208개",
    "q06": "48,001개",
    "q07": "1,216개",
    "q11": "100장",
    "q14": "1, 2, 3",
}


def value(expression):
    return value_of(f'f"""{{{expression}}}"""')


def said(guess, *, right):
    return [with_values(one.says, value) for one in guess.choices if one.right == right]


def test_every_question_has_a_guess():
    assert set(GUESSES) == set(QUESTIONS)


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_the_library_gives_what_is_right(name):
    assert said(GUESSES[name], right=True) == [RIGHT[name]]


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_common_mistake_is_among_the_choices(name):
    assert WRONG[name] in said(GUESSES[name], right=False)


@pytest.mark.parametrize("name", sorted(GUESSES))
def test_choices_differ_once_computed(name):
    refuse_same(GUESSES[name].choices, value)


def test_the_place_of_what_is_right_tells_nothing():
    places = [[one.right for one in guess.choices].index(True) for guess in GUESSES.values()]
    assert all(places.count(place) <= len(places) / 2 for place in places)


def choice(says="하나", more="why: 하나여야 합니다."):
    return f"    - {{says: {says}, {more}}}\n"


RIGHT_ONE = choice("맞는 것", "right: true")
ENTRY = "- question: q01\n  prompt: 무엇인가요?\n  choices:\n"
SOUND = ENTRY + RIGHT_ONE + choice() + choice("둘")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SOUND + SOUND, "l.yml:7: q01 stands twice, first at .*:1"),
        (ENTRY + RIGHT_ONE + choice(), "l.yml:1: 2 choices: write 3 to 4"),
        (ENTRY + choice() * 3, "l.yml:1: 0 choices are right"),
        (ENTRY + RIGHT_ONE * 2 + choice(), "l.yml:1: 2 choices are right"),
        (ENTRY + RIGHT_ONE + choice() + "    - says: 둘\n", "l.yml:6: why must be a text"),
        (ENTRY + RIGHT_ONE + choice() + choice("둘", "why: "), "l.yml:6: why must be a text, got None"),
        (
            ENTRY + choice("하나", "right: true, why: 맞다.") + choice() * 2,
            "l.yml:4: what is right needs no why",
        ),
        (SOUND.replace("무엇인가요?", ""), "l.yml:1: prompt must be a text"),
        (SOUND.replace("prompt", "asks"), "l.yml:1: lacks prompt; asks is unknown"),
        (SOUND.replace("둘", "''"), "l.yml:6: says must be a text"),
    ],
)
def test_a_draft_is_refused_with_its_place(tmp_path, text, message):
    path = tmp_path / "l.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExtensionError, match=message):
        load(path, read_guesses)


# --- exercises ------------------------------------------------------------------------------------

# The right values of the first two cases, typed here, computed there.
TAKEN = {
    "ex-valid": ["28", "26"],
    "ex-stem": ["112", "56"],
    "ex-dilated": ["2", "4"],
    "ex-lenet-batch-norm": ["616", "3232"],
    "ex-lenet-image-size": ["324600", "155640"],
    "ex-groups": ["800", "864"],
    "ex-two-layers": ["5", "7"],
    "ex-yolo-608": ["19", "10"],
    "ex-folding": ["9", "16"],
    "ex-adam-short-memory": ["13.5", "34.3"],
    "ex-skipgram-count": ["16", "30"],
    "ex-bptt-memory": ["51712", "256256"],
    "ex-gru": ["4032", "15744"],
    "ex-grey-levels": ["81", "64"],
    "ex-gamma-exponent": ["0.9000", "0.8100"],
    "ex-next-state-reward": ["-1", "6"],
    "ex-separable-limit": ["73", "19"],
    "ex-doubleq-validation": ["83.3", "82.1"],
}


def test_all_exercises_that_take_a_number_are_held_here():
    assert {name for name, one in EXERCISES.items() if one.cases} == set(TAKEN)


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_the_library_gives_what_an_exercise_takes(name):
    exercise = EXERCISES[name]
    found = [value(exercise.expression(exercise.right, case)) for case in exercise.cases]
    assert found[:2] == TAKEN[name]
    assert len(set(found)) > 1, "other numbers have other answers"
    refuse_ambiguous(exercise, value)


NUMBER = """- exercise: ex-one
  asks: '{n}칸이면?'
  cases: [{n: 1}, {n: 2}, {n: 3}]
  right: 2 * {n}
  slips:
    - gives: "{n} + 4"
      hint: 더하지 않습니다.
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{n}칸", "{m}칸", "l.yml:3: a text names what no case has: 'm'"),
        ("2 * {n}", "2 * {m}", "l.yml:3: a text names what no case has: 'm'"),
        ("{n: 1}, ", "", "l.yml:1: write 3 cases at least, and a slip"),
        ("hint: 더하지 않습니다.", "hint:", "l.yml:6: hint must be a text"),
        ("hint", "why", "l.yml:6: lacks hint; why is unknown"),
        ("  right: 2 * {n}\n", "", "l.yml:1: right must be a text, got ''"),
        ("", NUMBER, "l.yml:8: ex-one stands twice, first at .*:1"),
    ],
)
def test_a_draft_of_an_exercise_is_refused_with_its_place(tmp_path, old, new, message):
    path = tmp_path / "l.yml"
    path.write_text(NUMBER.replace(old, new) if old else NUMBER + new, encoding="utf-8")
    with pytest.raises(ExtensionError, match=message):
        load(path, read_exercises)


# --- on the pages ---------------------------------------------------------------------------------

CONF = f"""
extensions = ["myst_nb", "sphinx_exercise", "dlnotes_site.markup.exercises", "dlnotes_site.export.llms"]
extensions += [f"dlnotes_site.quiz.{{part}}" for part in ("guesses", "self_test", "exercises")]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
nb_execution_mode = "off"
nb_custom_formats = {{".md": ("dlnotes_site.execution.read_page", {{}}, False)}}
html_theme = "sphinx_book_theme"
templates_path = [{str(ROOT / "docs/_ext/dlnotes_site/quiz/templates")!r}]
html_math_renderer = "mathml"
extensions.append("dlnotes_site.math.render")
"""
LEDGER = """- question: q01
  prompt: $f=3$이면 몇 칸인가요?
  choices:
    - {says: "{eval}`arithmetic.output_size(8, 3)`칸", right: true}
    - {says: 여덟 칸, why: 패딩이 있어야 합니다.}
    - {says: 셋, why: $f$를 세어야 합니다.}
"""
CHECKED = """
```{exercise}
:label: ex-one
풀어 보세요.
```

```{check-answer} ex-one
```
"""
INDEX = "---\ndescription: 들머리.\n---\n# 들머리\n\n```{toctree}\n:caption: 주제\n\na\ntest\n```\n"
FILES = {
    "conf.py": CONF,
    "requirements.txt": "",
    "index.md": INDEX,
    "a.md": "---\ndescription: 글.\n---\n# 글\n\n"
    + mini_site.answer("q01", "Q01. 몇 칸인가요?", "여섯 칸입니다. 그렇습니다.")
    + CHECKED,
    "exercises.yml": NUMBER,
    "test.md": "---\ndescription: 점검.\n---\n# 점검\n\n```{self-test}\n```\n",
    "errata.yml": "[]\n",
    "guesses.yml": LEDGER,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quiz")
    mini_site.build(folder, FILES)
    return folder


def parsed(folder, name):
    return BeautifulSoup(mini_site.page(folder, name), "html.parser")


def test_a_guess_stands_in_its_short_answer_and_leaves_the_answer_as_it_is(site):
    box = parsed(site, "a").select_one(".dl-short-answer")
    names = [" ".join(child.get("class", [])) for child in box.find_all(recursive=False)]
    assert names == ["admonition-title", "dl-guess", ""]
    assert box.find_all("p", recursive=False)[-1].text == "여섯 칸입니다. 그렇습니다."
    assert [one.text for one in box.select(".dl-choices label")] == ["6칸", "여덟 칸", "셋"]
    assert box.select_one("legend math")
    assert box.select_one(".dl-whys")["data-right"] == "0"


def test_an_exercise_takes_an_answer_in_its_box(site):
    box = parsed(site, "a").select_one("#ex-one")
    check = box.select_one("details.dl-check")
    cases = [(one.text, one["data-right"], one["data-slips"]) for one in check.select(".dl-case")]
    assert cases == [("1칸이면?", "2", "5"), ("2칸이면?", "4", "6"), ("3칸이면?", "6", "7")]
    assert check.select_one(".dl-hints").text.strip() == "더하지 않습니다."


def test_the_self_test_asks_and_leads_back(site):
    test = parsed(site, "test").select_one(".dl-self-test")
    (item,) = test.select(".dl-test-list > li")
    assert item["data-topic"] == "주제"
    assert item.select_one("details a")["href"] == "a.html#q01"
    assert [one.text.split(" ", 1)[1].strip() for one in item.select(".dl-whys li:not(.dl-is-right)")]
    assert "여섯 칸입니다." in item.select_one(".dl-whys .dl-is-right").text
    assert test.select_one(".dl-test-key li b").text == "6칸"
    assert mini_site.page(site, "test").count("몇 칸인가요?") == 3, "a plain list is for others"


def test_texts_have_the_questions_plainly_and_no_guess(site):
    folder = mini_site.site(site)
    text = (folder / "test.txt").read_text(encoding="utf-8")
    assert re.search(r"몇 칸인가요\?\s+- 6칸\s+- 여덟 칸\s+- 셋", text)
    assert "6칸 · " in text
    page = (folder / "a.txt").read_text(encoding="utf-8")
    assert "여덟 칸" not in page
    assert "풀어 보세요." in page
    assert "1칸이면?" not in page


def test_other_builders_have_a_list(site):
    out = site / "_build" / "text"
    done = mini_site.attempt(site, {}, "-b", "text", "-d", site / "_build" / "text-trees", out=out)
    assert done.returncode == 0, done.stderr
    assert "여덟 칸" in (out / "test.txt").read_text(encoding="utf-8")
    assert "여덟 칸" not in (out / "a.txt").read_text(encoding="utf-8")


@pytest.mark.builds
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("question: q01", "question: q09", r"guesses.yml:1: .*no page answers q09"),
        ("question: q01", "question: q09", r"a.md:\d+: .*question q01 has no guess in guesses.yml"),
        (
            "output_size(8, 3)",
            "output_size(2, 3)",
            r"guesses.yml:4: arithmetic.output_size\(2, 3\): ValueError: ",
        ),
        ("arithmetic.output_size(8, 3)", "sizes", r"guesses.yml:4: sizes: NameError"),
        ("여덟 칸", "6칸", r"guesses.yml:5: the choice '6칸' stands twice, first at .*:4"),
    ],
)
def test_what_is_not_sound_fails_the_build_at_its_line(tmp_path, old, new, message):
    done = mini_site.attempt(tmp_path, FILES | {"guesses.yml": LEDGER.replace(old, new)})
    assert done.returncode != 0
    assert re.search(message, done.stderr), done.stderr


@pytest.mark.builds
@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"exercises.yml": NUMBER.replace("{n} + 4", "{n} + 2")},
            r"exercises.yml:6: \{n\} \+ 2 is 4 for \{'n': 2\}, as what is right",
        ),
        ({"exercises.yml": NUMBER.replace("ex-one", "ex-two")}, r"a.md:\d+: .*ex-one is unknown"),
        (
            {"exercises.yml": NUMBER + NUMBER.replace("ex-one", "ex-two")},
            r"exercises.yml:8: .*ex-two is checked 0 times",
        ),
        (
            {"a.md": FILES["a.md"].replace(":label: ex-one", ":label: ex-other")},
            r"a.md:\d+: .*no exercise of this page is named ex-one",
        ),
    ],
)
def test_an_exercise_that_is_not_sound_fails_the_build_at_its_line(tmp_path, files, message):
    done = mini_site.attempt(tmp_path, FILES | files)
    assert done.returncode != 0
    assert re.search(message, done.stderr), done.stderr


def test_a_page_is_read_again_when_a_value_is_another(tmp_path):
    mini_site.build(tmp_path, FILES)
    path = mini_site.site(tmp_path) / ".doctrees" / "quiz.json"
    found = kept.read(path)  # the values are changed, as if the library had
    assert found["values"]["arithmetic.output_size(8, 3)"] == "6"
    kept.write(path, found | {"values": found["values"] | {"arithmetic.output_size(8, 3)": "7"}})
    mini_site.build(tmp_path, {})
    assert all("7칸" in parsed(tmp_path, name).text for name in ("a", "test"))
