"""The claims, their proofs and the counts."""

import mini_site
import pytest
from asked import LECTURE, QUESTIONS
from pages import ROOT
from sphinx.errors import ExtensionError

from dlnotes_site.answers import claims
from dlnotes_site.answers.counts import in_words
from dlnotes_site.data import load

CLAIMS = load(ROOT / "docs" / "claims.yml", claims.read_claims)


def test_the_questions_of_the_lecture_are_all_answered():
    assert set(QUESTIONS) >= LECTURE


def test_every_question_has_claims():
    assert {claim.question for claim in CLAIMS} == set(QUESTIONS)


def test_no_claim_stands_twice():
    said = [(claim.question, claim.claim) for claim in CLAIMS]
    assert len(said) == len(set(said))


ENTRY = "- question: q01\n  claims:\n    - claim: 보폭이 하나다.\n      verdict: {verdict}\n      {more}\n"


@pytest.mark.parametrize(
    ("verdict", "more", "message"),
    [
        ("true", "shown: [q01]", "c.yml:3: verdict True is none of"),
        ("holds", "shown: []", "is shown by nothing"),
        ("holds", "proof: [q01]", "proof"),
    ],
)
def test_a_malformed_claim_is_refused(tmp_path, verdict, more, message):
    path = tmp_path / "c.yml"
    path.write_text(ENTRY.format(verdict=verdict, more=more), encoding="utf-8")
    with pytest.raises(ExtensionError, match=message):
        load(path, claims.read_claims)


PAGE = """# 글

물은 것은 {count}`답한 질문` 가지입니다.

(q01)=
## 보폭은 하나인가요

:::{short-answer} q01
기본은 하나입니다. 더 클 수도 있습니다.
:::
:::{disputed}
강의의 표입니다.
:::

:::{question}
하나인가요?
:::
:::{teacher}
둘입니다.
:::
:::{correction}
{erratum}`one`입니다.
:::

:::{summary}
- 하나입니다.
- 둘입니다.
- 셋입니다.
:::

(why)=
### 까닭이 있는 절

:::{figure} picture.svg
:name: fig-one
:alt: 칸 하나

칸
:::

```python
>>> 1 + 1
2
```

```{question-index}
```

```{counts}
```

:::{verdicts} q01
맞습니다.
:::

```{claims}
```

```{errata}
```
"""

LEDGER = """
- {id: one, question: q01, kind: statement, where: 답, printed: 둘, corrected: 하나, why: 까닭}
"""


CONF = """
extensions = [
    "myst_parser",
    "dlnotes_site.answers.claims",
    "dlnotes_site.answers.counts",
    "dlnotes_site.markup.numbers",
    "dlnotes_site.answers.errata",
    "dlnotes_site.landing.index",
]
myst_enable_extensions = ["colon_fence"]
numfig = True
numfig_format = {"figure": "그림 %s"}
"""
FILES = {
    "conf.py": CONF,
    "index.md": PAGE,
    "picture.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "errata.yml": LEDGER,
    "tests/test_a.py": "def test_a():\n    pass\n\n\ndef helper():\n    pass\n",
}


def built(folder, claims):
    mini_site.build(folder, {**FILES, "claims.yml": claims})
    return mini_site.page(folder)


def test_a_claim_leads_to_its_figure_its_section_and_its_erratum(tmp_path):
    page = built(tmp_path, ENTRY.format(verdict="refined", more="shown: [fig-one, why, one]"))
    proofs = page[page.index("근거: ") :].split("</p>")[0]
    assert 'href="#fig-one"' in proofs
    assert "그림 1" in proofs
    assert 'href="#why"' in proofs
    assert "까닭이 있는 절" in proofs
    assert 'href="#erratum-one"' in proofs
    assert "조건이 붙습니다" in page


def test_the_claims_of_a_question_fold_under_its_heading(tmp_path):
    page = built(tmp_path, ENTRY.format(verdict="holds", more="shown: [why]"))
    fold = page[page.index('<details class="dl-fold dl-claimed">') :].split("</details>")[0]
    title, held = fold.split("</summary>")
    assert title.endswith("<summary>보폭은 하나인가요")
    assert "<a " not in title
    assert 'href="#q01">답으로 가기' in held
    assert "보폭이 하나다." in held


def test_the_counts_are_of_what_the_build_read(tmp_path):
    page = built(tmp_path, ENTRY.format(verdict="holds", more="shown: [why]"))
    for number, name in ((1, "답한 질문"), (1, "근거를 단 주장"), (1, "정오표의 항목"), (1, "테스트 함수")):
        assert f"<strong>{number}</strong> {name}" in page


def test_a_count_stands_in_a_sentence_as_it_is_read_out(tmp_path):
    page = built(tmp_path, ENTRY.format(verdict="holds", more="shown: [why]"))
    assert "물은 것은 한 가지입니다." in page


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (1, "한"),
        (10, "열"),
        (19, "열아홉"),
        (20, "스무"),
        (21, "스물한"),
        (99, "아흔아홉"),
        (4700, "4,700"),
    ],
)
def test_a_number_is_written_as_it_stands_before_what_it_counts(number, words):
    assert in_words(number) == words


def test_a_count_that_there_is_not_fails_the_build(tmp_path):
    page = PAGE.replace("{count}`답한 질문`", "{count}`질문`")
    claims = ENTRY.format(verdict="holds", more="shown: [why]")
    done = mini_site.attempt(tmp_path, {**FILES, "index.md": page, "claims.yml": claims})
    assert done.returncode != 0
    assert "index.md:3: ERROR: there is no count '질문': say one of 답한 질문, " in done.stderr


def test_the_index_holds_the_gist_of_an_answer(tmp_path):
    page = built(tmp_path, ENTRY.format(verdict="holds", more="shown: [why]"))
    index = page[page.index("dl-index") :].split("</dl>")[0]
    assert "기본은 하나입니다." in index


@pytest.mark.builds
@pytest.mark.parametrize(
    ("claims", "message"),
    [
        (
            ENTRY.format(verdict="holds", more="shown: [nowhere]"),
            "claims.yml:3: WARNING: undefined label: 'nowhere'",
        ),
        (
            ENTRY.format(verdict="holds", more="shown: [fig-no]"),
            "claims.yml:3: ERROR: no figure is named fig-no",
        ),
        (ENTRY.format(verdict="holds", more="shown: [why]").replace("q01", "q02"), "q01 has no claim"),
        (
            ENTRY.format(verdict="holds", more="shown: [why]").replace("q01", "q02"),
            "claims.yml:3: ERROR: claims of a question that no page answers: q02",
        ),
    ],
)
def test_the_build_fails(tmp_path, claims, message):
    done = mini_site.attempt(tmp_path, {**FILES, "claims.yml": claims})
    assert done.returncode != 0
    assert message in done.stderr
