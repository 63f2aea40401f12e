"""What leads a reader on: the time, the questions, the next page; what folds; names kept whole."""

import math
import re

import mini_site
import pytest
from docutils import nodes
from pages import ROOT

from dlnotes_site.answers import reading
from dlnotes_site.markup.unbroken import NAME, hold_notes


def paragraph(words):
    return nodes.paragraph("", words)


def test_five_hundred_syllables_take_a_minute_and_white_space_none():
    assert reading.seconds(paragraph("가" * 500)) == pytest.approx(60)
    assert reading.seconds(paragraph("가 \n" * 500)) == pytest.approx(60)


def test_a_latin_letter_takes_half_as_long():
    assert reading.seconds(paragraph("a" * 500)) == pytest.approx(30)


def cell(mode=None, output=()):
    source = nodes.container(
        "", nodes.literal_block("", "a = 1\nb = 2\nc = 3"), nb_element="cell_code_source"
    )
    out = nodes.container("", *output, nb_element="cell_code_output")
    whole = nodes.container("", source, out, nb_element="cell_code")
    if mode:
        whole["hide_mode"] = mode
    return whole


def bundle(html="", plain="x"):
    made = nodes.container("", nodes.literal_block("", plain), nb_element="mime_bundle")
    if html:
        made += nodes.raw("", html, format="html")
    return made


def test_code_counts_by_its_lines_unless_it_is_folded():
    assert reading.seconds(cell()) == 3 * reading.LINE
    assert reading.seconds(cell("input")) == 0


def test_an_output_counts_once_as_a_table_a_picture_or_its_lines():
    assert reading.seconds(bundle("<table></table>")) == reading.TABLE
    assert reading.seconds(bundle('<div class="dl-picture"></div>')) == 0
    assert reading.seconds(bundle(plain="1\n2")) == 2 * reading.LINE
    assert reading.seconds(nodes.figure("", bundle('<div class="dl-picture"></div>'))) == reading.FIGURE


def test_what_shows_only_when_asked_for_takes_no_time():
    tip = nodes.inline("", "원래 표기", classes=["dl-tip"])
    footnote = nodes.footnote("", paragraph("근거"))
    assert reading.seconds(nodes.container("", tip, footnote)) == 0


@pytest.mark.parametrize("name", ["LeNet-5", "VGG-16", "MobileNet-v1", "Q-7"])
def test_a_name_with_its_number_is_one_word(name):
    assert re.search(NAME, f"이것은 {name}의 이름")[0] == name


@pytest.mark.parametrize("words", ["cross-correlation", "2-3", "a-b", "5-fold", "x-1-2", "MNIST-like"])
def test_other_words_with_a_hyphen_may_break(words):
    assert re.search(NAME, words) is None


PAGE = """# {title}

(q{number})=
## Q{number}. {question}

:::{{short-answer}} q{number}
{answer} LeNet-5입니다.
:::
:::{{disputed}}
강의의 표입니다.
:::

:::{{question}}
무엇인가요?
:::
:::{{teacher}}
그것입니다.
:::

:::{{summary}}
- 하나입니다.
- 둘입니다.
- 셋입니다.
:::

```{{exercise}}
:label: ex-{number}

무엇입니까?
```

```{{solution-start}} ex-{number}
:class: dropdown
```

풀이의 말입니다.

```{{solution-end}}
```
"""


def page(number, title, question, answer="답입니다."):
    return PAGE.format(number=number, title=title, question=question, answer=answer)


CONF = f"""
extensions = [
    "myst_nb",
    "sphinx_exercise",
    "dlnotes_site.markup.folding",
    "dlnotes_site.markup.unbroken",
    "dlnotes_site.answers.reading",
]
myst_enable_extensions = ["colon_fence"]
html_theme = "sphinx_book_theme"
exercise_style = "solution_follow_exercise"
numfig = True
nb_execution_mode = "off"
templates_path = [
    {str(ROOT / "docs/_ext/dlnotes_site/answers/templates")!r},
    {str(ROOT / "docs/_ext/dlnotes_site/theme/overrides")!r},
    {str(ROOT / "docs/_ext/dlnotes_site/theme/templates")!r},
]
"""
FILES = {
    "conf.py": CONF,
    "index.md": "# 들머리\n\n```{toctree}\na\nb\n```\n",
    "a.md": page("01", "하나", "첫째인가요?", "답" * 600),
    "b.md": page("02", "둘", "둘째인가요?"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reading")
    mini_site.build(folder, FILES)
    return folder


def test_a_page_tells_its_time_its_questions_and_what_follows(folder):
    head = re.search(r'<div class="dl-top">.*?</div>', mini_site.page(folder, "a"), re.S)[0]
    assert f"전부 {math.ceil(640 / 500)}분" in head
    assert "#q01" not in head  # the one question stands straight below
    assert "dl-top" not in mini_site.page(folder)
    way = re.search(r'<nav[^>]*"앞뒤 글".*?</nav>', mini_site.page(folder, "a"), re.S)[0]
    assert 'href="b.html"' in way
    assert "Q02. 둘째인가요?" in way


def test_a_changed_question_is_told_by_its_neighbours_too(tmp_path):
    mini_site.build(tmp_path, FILES)
    mini_site.build(tmp_path, {"b.md": page("02", "둘", "달라졌나요?")})
    way = re.search(r'<nav[^>]*"앞뒤 글".*?</nav>', mini_site.page(tmp_path, "a"), re.S)[0]
    assert "Q02. 달라졌나요?" in way


def test_a_solution_folds_under_the_name_of_its_exercise_without_a_script(folder):
    fold = re.search(r"<details.*?</details>", mini_site.page(folder, "b"), re.S)[0]
    assert "<summary>연습문제 2 풀이</summary>" in fold
    assert "풀이의 말입니다." in fold
    assert " open" not in fold.split(">")[0]


def test_no_line_ends_inside_a_name(folder):
    assert '<span class="dl-whole">LeNet-5</span>입니다.' in mini_site.page(folder, "a")


def test_the_number_of_a_note_stays_with_the_word_before_it():
    words = [
        nodes.Text("앞의 말 "),
        nodes.footnote_reference("", "1"),
        nodes.Text(" 뒤의 말 "),
        nodes.strong("", "끝"),
    ]
    read = nodes.paragraph("", "", *words)
    hold_notes(None, read, "a")
    assert read.astext() == "앞의 말\N{NO-BREAK SPACE}1 뒤의 말 끝"
