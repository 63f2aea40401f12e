"""A question's answer in layers: who says what, the essential part, what is folded, what fails the build."""

import re

import mini_site
import pytest
from pages import ROOT

CONF = f"""
extensions = [
    "myst_nb",
    "sphinx_exercise",
    "dlnotes_site.markup.folding",
    "dlnotes_site.answers.reading",
    "dlnotes_site.answers.errata",
    "dlnotes_site.answers.claims",
    "dlnotes_site.answers.terms",
    "dlnotes_site.export.llms",
]
myst_enable_extensions = ["colon_fence"]
html_theme = "sphinx_book_theme"
nb_execution_mode = "off"
templates_path = [
    {str(ROOT / "docs/_ext/dlnotes_site/answers/templates")!r},
    {str(ROOT / "docs/_ext/dlnotes_site/theme/overrides")!r},
    {str(ROOT / "docs/_ext/dlnotes_site/theme/templates")!r},
]
"""
QUESTION = """
(q{number})=
## Q{number}. {number}번인가요?

:::{{short-answer}} q{number}
답입니다.
:::

:::{{disputed}} 강의노트의 표
| 층 | 수 |
|---|---|
| 첫째 | 208 |
:::

:::{{question}}
무엇인가요?
:::

:::{{teacher}}
{erratum}입니다. 깊이별 합성곱입니다.
:::

:::{{correction}}
깊이별 합성곱은 {{erratum}}`아닙니다 <said>`.
:::

### 핵심: 세어 봅니다

:::{{summary}}
- 하나입니다.
- 둘입니다.
- 셋입니다.
:::
"""
REST = """
## 더 깊이

(table-by-table)=
### 표마다

표를 하나씩 봅니다.

펼쳐야 보이는 표입니다.

(more)=
### 더

더 봅니다.

## 검증 노트

:::{verdicts} q01
맞습니다.
:::
"""
FIRST = QUESTION.format(number="01", erratum="{erratum}`count`")
LEDGER = """
- {id: count, question: q01, kind: value, where: 표, printed: "208", corrected: "608", why: 곱합니다.}
- {id: said, question: q01, kind: statement, where: 답, printed: 깊이별이다., corrected: 아니다., why: 다름.}
"""
CLAIMS = """
- question: q01
  claims:
    - {claim: 208은 608이다., verdict: holds, shown: [table-by-table, count]}
- question: q02
  claims:
    - {claim: 그렇다., verdict: holds, shown: [more]}
"""
FILES = {
    "conf.py": CONF,
    "index.md": "---\ndescription: 들머리.\n---\n# 들머리\n\n```{toctree}\na\nb\nerrata\nglossary\n```\n",
    "a.md": f"---\ndescription: 글.\n---\n# 글\n{FIRST}{REST}",
    "b.md": "# 나중 글\n"
    + QUESTION.format(number="02", erratum="{erratum}`count`")
    + "\n## 검증 노트\n\n:::{verdicts} q02\n맞습니다.\n:::\n",
    "errata.md": "# 정오표\n\n```{errata}\n```\n",
    "errata.yml": LEDGER,
    "claims.yml": CLAIMS,
    "terms.yml": "- {topic: 합성곱, terms: [{ko: 표, en: table, definition: 줄과 칸입니다.}]}\n",
    "glossary.md": "# 용어집\n\n```{glossary-terms}\n```\n",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("layers")
    mini_site.build(folder, FILES)
    return folder


def test_the_head_tells_the_times_of_the_three_layers(site):
    assert "짧은 답 5초 · 핵심 1분 · 전부 1분" in mini_site.page(site, "a")


def test_every_box_says_whose_words_it_holds(site):
    titles = re.findall(r'<p class="admonition-title" id="part-\d+">(.*?)</p>', mini_site.page(site, "a"))
    assert titles == ["짧은 답", "강의노트의 표", "질문", "선생님의 답", "바로잡음", "세 줄 요약"]


def test_every_box_is_a_note_that_is_called_by_its_title(site):
    page = mini_site.page(site, "a")
    named = re.findall(r'<div role="note" aria-labelledby="([^"]*)" class="[^"]*\bdl-part\b', page)
    assert named == re.findall(r'<p class="admonition-title" id="([^"]*)"', page)
    assert len(set(named)) == 6


def test_below_the_summary_the_neighbouring_questions_follow(site):
    ways = [re.search(r'<p class="dl-way-on">.*?</p>', mini_site.page(site, name))[0] for name in "ab"]
    assert [re.findall(r'href="([^"]*)"', way) for way in ways] == [["b.html#q02"], ["a.html#q01"]]


def test_deeper_sections_fold_under_their_title_and_line_and_keep_their_anchors(site):
    page = mini_site.page(site, "a")
    fold = re.search(
        r'<section id="table-by-table">\s*<span[^>]*></span>(<details.*?</details>)', page, re.S
    )[1]
    summary, rest = fold.split("</summary>")
    assert " open" not in summary.split(">")[0]
    assert re.search(r"<h3>표마다.*표를 하나씩 봅니다\.</span>", summary, re.S)
    assert "펼쳐야 보이는 <a " in rest


def test_nothing_can_be_pressed_within_what_unfolds_a_section(site):
    lines = re.findall(r'<span class="dl-line">(.*?)</span></summary>', mini_site.page(site, "a"), re.S)
    assert lines == ["표를 하나씩 봅니다.", "더 봅니다."]
    assert 'href="glossary.html#term-table"' in mini_site.page(site, "a")


def test_verdicts_lead_to_what_shows_them(site):
    table = re.search(r"<table[^>]*dl-verdicts.*?</table>", mini_site.page(site, "a"), re.S)[0]
    assert re.findall(r'href="([^"]*)"', table) == ["#table-by-table", "errata.html#erratum-count"]
    assert "Q01" not in table
    assert "dl-verdict-holds" in table


def test_a_text_says_who_says_what_and_what_was_printed(site):
    text = (mini_site.site(site) / "a.txt").read_text(encoding="utf-8")
    assert "> **선생님의 답**\n>\n> 608(원래 표기: 208)입니다. 깊이별 합성곱입니다." in text
    assert "> **바로잡음**\n>\n> 깊이별 합성곱은 아닙니다(원래 표기: 깊이별이다.)." in text
    assert "### 표마다\n\n표를 하나씩 봅니다.\n\n펼쳐야 보이는 표입니다." in text


def without(part):
    start = FIRST.index(f":::{{{part}}}")
    return FIRST[:start] + FIRST[FIRST.index(":::\n", start) + len(":::\n") :]


@pytest.mark.builds
@pytest.mark.parametrize(
    ("question", "rest", "told"),
    [
        (without("summary"), REST, r"a\.md:\d+: ERROR: question q01 lacks the part \{summary\}"),
        (without("question"), REST, r"a\.md:\d+: ERROR: question q01 lacks the part \{question\}"),
        (
            without("question") + "\n:::{question}\n무엇인가요?\n:::\n",
            REST,
            r"a\.md:\d+: ERROR: question q01: its parts stand in this order: short-answer, disp",
        ),
        (
            FIRST.replace("- 셋입니다.\n", ""),
            REST,
            r"a\.md:\d+: ERROR: \{summary\} needs a list of three lines",
        ),
        (
            FIRST.replace("깊이별 합성곱입니다.", "{erratum}`아닙니다 <said>`."),
            REST,
            r"a\.md:\d+: ERROR: erratum said is a statement: let \{teacher\} say it as it was said",
        ),
        (FIRST, REST.replace("q01", "q02"), r"a\.md:\d+: ERROR: question q01 has no verdicts"),
        (
            FIRST,
            REST.replace("맞습니다.", "맞습니다. 그렇습니다. 또 그렇습니다. 다 그렇습니다."),
            r"a\.md:\d+: ERROR: \{verdicts\} says 4 sentences, of 3 that it may",
        ),
        (
            FIRST,
            REST.replace("표를 하나씩 봅니다.\n\n펼쳐야 보이는 표입니다.", "- 표를 하나씩 봅니다."),
            r"a\.md:\d+: ERROR: begin a section that folds with a line on what it shows",
        ),
        (
            FIRST + "글" * 4000 + "\n",
            REST,
            r"a\.md: ERROR: what is not folded takes 8\.\d\d minutes: cut, or move below 더 깊이",
        ),
    ],
    ids=["summary", "question", "order", "three", "voice", "verdicts", "sentences", "line", "time"],
)  # fmt: skip
def test_the_build_fails_and_says_what_to_write(tmp_path, question, rest, told):
    done = mini_site.attempt(
        tmp_path, {**FILES, "a.md": f"---\ndescription: 글.\n---\n# 글\n{question}{rest}"}
    )
    assert done.returncode != 0
    assert re.search(told, done.stderr), done.stderr


def test_what_is_folded_takes_none_of_the_time(tmp_path):
    long = REST.replace("펼쳐야 보이는 표입니다.", "글" * 4000)
    mini_site.build(tmp_path, {**FILES, "a.md": f"---\ndescription: 글.\n---\n# 글\n{FIRST}{long}"})
    assert "핵심 1분 · 전부 9분" in mini_site.page(tmp_path, "a")


CELLS = """
extensions = [
    "myst_nb",
    "dlnotes_site.execution",
    "dlnotes_site.markup.folding",
    "dlnotes_site.markup.outputs",
    "dlnotes_site.answers.questions",
]
myst_enable_extensions = ["colon_fence"]
nb_custom_formats = {".md": ("dlnotes_site.execution.read_page", {}, False)}
nb_execution_mode = "off"
"""
FRONT = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n# 글\n" + FIRST.replace(
    "{erratum}", "{literal}"
)
TABLE = "from IPython.display import HTML\nHTML('<table><tr><td>.1234567</td></tr></table>')"
SHOWN = """
```{code-cell}
%s
```
"""


@pytest.mark.builds
@pytest.mark.parametrize(
    ("code", "told"),
    [
        (TABLE, "fold the code of a cell"),
        (f":tags: [hide-input]\n{TABLE}", ""),
        ("2 / 3", "a cell shows the raw float 0.6666666666666666"),
        pytest.param("print(1e-9 / 3)", "a cell shows the raw float 3.33333333333", marks=pytest.mark.full),
        pytest.param("round(2 / 3, 4), 12345678, '1.2.3'", "", marks=pytest.mark.full),
        (":tags: [digits]\n2 / 3", ""),
    ],
)  # fmt: skip
def test_tables_stand_without_their_code_and_floats_without_digits_that_nobody_reads(tmp_path, code, told):
    done = mini_site.attempt(tmp_path, {"conf.py": CELLS, "index.md": FRONT + SHOWN % code})
    assert (done.returncode != 0) == bool(told), done.stderr
    assert told in done.stderr
