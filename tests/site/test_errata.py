"""The ledger and its extension."""

from pathlib import Path

import mini_site
import pytest
from pages import PAGES, ROOT
from sphinx.errors import ExtensionError

from dlnotes_site.answers.errata import MARKED_KINDS, evaluate, expressions, failed_checks, read_ledger
from dlnotes_site.data import load

LEDGER = load(ROOT / "docs" / "errata.yml", read_ledger)


def failures(ledger):
    values = {text: evaluate(text) for entry in ledger.values() for text, _ in expressions(entry)}
    return [(entry.id, failure) for entry, failure in failed_checks(ledger, values)]


ENTRY = """
- id: {id}
  question: q02
  kind: {kind}
  where: 식
  printed: "1"
  corrected: "2"
  why: 까닭
  {more}
"""


def write(path: Path, **changes: str) -> Path:
    path.write_text(ENTRY.format(**{"id": "one", "kind": "value", "more": "", **changes}), encoding="utf-8")
    return path


def test_every_check_of_the_ledger_holds():
    assert failures(LEDGER) == []


def test_every_value_is_computed():
    assert [entry.id for entry in LEDGER.values() if entry.kind == "value" and not entry.computed] == []


@pytest.mark.parametrize(
    ("printed", "corrected"),
    [
        ("208", "608"),
        ("416", "3,216"),
        ("48,001", "48,120"),
        ("10,081", "10,164"),
        ("841", "850"),
        ("59,547", "62,958"),
    ],
)
def test_the_printed_parameter_counts_are_corrected(printed, corrected):
    assert (printed, corrected) in {(entry.printed, entry.corrected) for entry in LEDGER.values()}


def test_every_marked_kind_stands_on_a_page():
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    missing = [
        entry.id
        for entry in LEDGER.values()
        if entry.kind in MARKED_KINDS
        and f"{{erratum}}`{entry.id}`" not in text
        and f"<{entry.id}>`" not in text
    ]
    assert missing == []


def test_a_false_check_is_reported(tmp_path):
    ledger = load(write(tmp_path / "l.yml", more='check: "arithmetic.output_size(6, 3) == 6"'), read_ledger)
    assert failures(ledger) == [("one", "arithmetic.output_size(6, 3) == 6 gives False, expected True")]


def test_a_computed_value_that_differs_is_reported(tmp_path):
    ledger = load(write(tmp_path / "l.yml", more='computed: "arithmetic.output_size(6, 3)"'), read_ledger)
    assert failures(ledger) == [("one", "arithmetic.output_size(6, 3) gives 4, expected 2")]


def test_a_check_that_raises_is_reported(tmp_path):
    ledger = load(write(tmp_path / "l.yml", more='check: "arithmetic.no_such_name"'), read_ledger)
    ((id_, failure),) = failures(ledger)
    assert id_ == "one"
    assert "AttributeError" in failure


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "typo"}, "kind 'typo'"),
        ({"more": "cause: 없는 칸"}, "cause"),
        ({"id": "one\n  why: 둘"}, ""),
    ],
)
def test_a_malformed_entry_is_refused(tmp_path, changes, message):
    if message:
        with pytest.raises(ExtensionError, match=message):
            load(write(tmp_path / "l.yml", **changes), read_ledger)
    else:
        path = write(tmp_path / "l.yml")
        path.write_text(path.read_text(encoding="utf-8") * 2, encoding="utf-8")
        with pytest.raises(ExtensionError, match="'one' stands twice"):
            load(path, read_ledger)


def files(page, ledger):
    return {
        "conf.py": "extensions = ['myst_parser', 'dlnotes_site.answers.errata']\n",
        "index.md": page,
        "ledger.md": "---\norphan: true\n---\n# 정오표\n\n```{errata}\n```\n",
        "errata.yml": ledger,
    }


PARTS = [("short-answer", " q01"), ("question", ""), ("teacher", "")]
GOOD = ENTRY.format(id="one", kind="value", more='computed: "arithmetic.output_size(4, 3)"')


def test_a_mark_and_the_ledger_link_to_each_other(tmp_path):
    mini_site.build(tmp_path, files("# 쪽\n\n답은 {erratum}`one`입니다.\n", GOOD))
    page, ledger = mini_site.page(tmp_path), mini_site.page(tmp_path, "ledger")
    assert 'href="ledger.html#erratum-one"' in page
    assert 'id="erratum-one"' in ledger
    assert 'href="index.html#mark-one-1"' in ledger
    assert 'id="mark-one-1"' in page
    assert 'class="dl-corrected">2<' in page


def test_the_ledger_stands_by_question_whatever_its_order(tmp_path):
    others = [("two", "q01"), ("three", "q02")]
    more = [GOOD.replace("id: one", f"id: {name}").replace("q02", question) for name, question in others]
    marks = "".join(f" {{erratum}}`{name}`" for name in ("one", "two", "three"))
    mini_site.build(tmp_path, files(f"# 쪽\n\n답은{marks}입니다.\n", "".join([GOOD, *more])))
    ledger = mini_site.page(tmp_path, "ledger")
    places = [
        'id="errata-q01"',
        'id="erratum-two"',
        'id="errata-q02"',
        'id="erratum-one"',
        'id="erratum-three"',
    ]
    assert sorted(places, key=ledger.index) == places
    assert "Q02 (2개)" in ledger


@pytest.mark.parametrize(
    ("page", "ledger", "message"),
    [
        ("답은 {erratum}`two`와 {erratum}`one`입니다.", GOOD, "index.md:3: ERROR: unknown erratum 'two'"),
        ("답은 없습니다.", GOOD, "errata.yml:2: ERROR: erratum one is marked on no page"),
        (
            "답은 {erratum}`one`입니다.",
            GOOD.replace("arithmetic.", "arithmetics."),
            "errata.yml:2: ERROR: one: arithmetics.output_size(4, 3) gives NameError",
        ),
        ("답은 {erratum}`one`입니다.", GOOD.replace("(4, 3)", "(5, 3)"), "gives 3, expected 2"),
    ],
)
def test_the_build_fails(tmp_path, page, ledger, message):
    done = mini_site.attempt(tmp_path, files(f"# 쪽\n\n{page}\n", ledger))
    assert done.returncode != 0
    assert message in done.stderr


def test_an_entry_of_a_question_that_no_page_answers_is_told_with_its_line(tmp_path):
    asked = "".join(f":::{{{part}}}{name}\n글.\n:::\n\n" for part, name in PARTS)
    page = f"# 쪽\n\n(q01)=\n## Q01. 무엇인가요?\n\n{asked}답은 {{erratum}}`one`입니다.\n"
    named = "['myst_parser', 'dlnotes_site.answers.questions', 'dlnotes_site.answers.errata']"
    questions = {"conf.py": f"extensions = {named}\nmyst_enable_extensions = ['colon_fence']\n"}
    done = mini_site.attempt(tmp_path, files(page, GOOD) | questions)
    assert done.returncode != 0
    assert "errata.yml:2: ERROR: erratum one is of a question that no page answers: q02" in done.stderr


def test_a_slip_of_spelling_needs_no_mark(tmp_path):
    mini_site.build(tmp_path, files("# 쪽\n", GOOD.replace("kind: value", "kind: spelling")))
