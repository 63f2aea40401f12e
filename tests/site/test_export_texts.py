"""A page as a text for machines: all that it says is there, and what cannot be said fails the build."""

import json
import re

import mini_site
import pytest

CONF = """
extensions = [
    "myst_nb",
    "sphinx_exercise",
    "dlnotes_site.execution",
    "dlnotes_site.answers.questions",
    "dlnotes_site.markup.folding",
    "dlnotes_site.export.llms",
    "dlnotes_site.export.notebooks",
]
myst_enable_extensions = ["colon_fence", "dollarmath", "deflist"]
nb_custom_formats = {".md": ("dlnotes_site.execution.read_page", {}, False)}
nb_execution_mode = "off"
numfig = True
numfig_format = {"figure": "그림 %s"}
html_theme = "sphinx_book_theme"
html_baseurl = "https://dlnotes.example/"
language = "ko"
"""

LIBRARY = '''"""What gives something to see."""


class Shown:
    """Anything in HTML."""

    def __init__(self, html):
        """Take the HTML."""
        self._html = html

    def _repr_html_(self):
        """Show it."""
        return self._html


TABLE = Shown("<table><caption>표의 이름</caption><tr><th>|n|</th></tr><tr><td>7</td></tr></table>")
PICTURE = Shown('<div class="dl-picture"><svg><text>글자</text></svg></div>')
'''

FIGURE = """---
{tags}
mystnb:
  figure:
    name: {name}
    caption: 무엇을 *볼지* $x$로 말합니다.
  image:
    alt: 파란 칸 여섯 개와 그 아래의 화살표 하나가 그려져 있다.
---
{code}
PICTURE
"""

PAGE = f"""# 제목

(q01)=
## Q01. 무엇인가요?

:::{{short-answer}} q01
짧게 **힘주어** 말해 $x^2$입니다[^one].

- 첫째
:::
:::{{disputed}}
강의의 표입니다.
:::

:::{{question}}
무엇입니까?
:::
:::{{teacher}}
[그것](#q01)입니다. 2 * 3 * 4와 a_b도 `code`도 그대로입니다.
:::

:::{{summary}}
- 하나입니다.
- 둘입니다.
- 셋입니다.
:::

```{{code-cell}}
{FIGURE.format(tags="tags: [hide-input]", name="fig-hidden", code="from dlnotes import PICTURE, TABLE")}```

```{{code-cell}}
{FIGURE.format(tags="tags: []", name="fig-shown", code="both = 2")}```

```{{code-cell}}
:tags: [hide-input]
folded = 1
```

```{{code-cell}}
:tags: [remove-cell]
removed = 1
```

```{{code-cell}}
print("  둘째 줄과 맞춤\\n둘째 줄")
TABLE
```

1. 하나
   1. 안쪽

      안쪽의 둘째 문단

   ```python
   >>> 1 + 1
   2
   ```
2. 둘

말
: 뜻입니다.

  둘째 문단입니다.

:::{{note}}
알림입니다.
:::

> 옮긴 글

| 이름 | 값 |
|---|---|
| `a` | $1$ |

```{{exercise}}
:label: ex-one

얼마입니까?
```

```{{solution-start}} ex-one
:class: dropdown
```

셉니다.

```{{code-cell}}
folded + 10
```

```{{solution-end}}
```

```{{exercise}} 이름이 있는 것
:label: ex-two

또 얼마입니까?
```

```{{solution}} ex-two
접히지 않은 풀이입니다.
```

[^one]: 누군가의 글.
"""

FILES = {
    "conf.py": CONF,
    "requirements.txt": "",
    **mini_site.PROJECT,
    "src/dlnotes/__init__.py": LIBRARY,
    "docs/index.md": "# 들머리\n\n```{toctree}\n:caption: 주제\npage\n```\n",
    "docs/page.md": PAGE,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("texts")
    mini_site.build(folder, FILES)
    return mini_site.site(folder)


@pytest.fixture(scope="module")
def text(site):
    return (site / "page.txt").read_text(encoding="utf-8")


def test_a_text_begins_with_its_title_and_its_address(text):
    assert text.startswith("# 제목\n\n<https://dlnotes.example/page.html>\n\n## Q01. 무엇인가요?\n\n")


def test_words_stand_bare_with_formulas_code_and_the_numbers_of_notes(text):
    assert "> **짧은 답**\n>\n> 짧게 힘주어 말해 $x^2$입니다[1].\n>\n> - 첫째" in text
    assert "그것입니다. 2 * 3 * 4와 a_b도 `code`도 그대로입니다." in text
    assert text.endswith("\n\n[1] 누군가의 글.\n")


def test_of_a_cell_that_only_draws_its_picture_s_words_and_caption_stand(text):
    words = "[그림] 파란 칸 여섯 개와 그 아래의 화살표 하나가 그려져 있다."
    assert f"{words}\n\n**그림 1.** 무엇을 볼지 $x$로 말합니다." in text
    assert "import PICTURE" not in text
    assert "글자" not in text


def test_code_that_is_read_stands_with_what_it_gave(text):
    assert "```python\nboth = 2\nPICTURE\n```\n\n[그림] " in text
    assert "```python\nfolded = 1\n```" in text, "a folded cell that draws nothing"
    assert "removed = 1" not in text
    assert "```text\n  둘째 줄과 맞춤\n둘째 줄\n```\n\n[표] 표의 이름\n\n| \\|n\\| |\n| --- |\n| 7 |" in text


def test_lists_in_lists_boxes_quotations_and_tables_keep_their_form(text):
    assert (
        "1. 하나\n\n   1. 안쪽\n\n      안쪽의 둘째 문단\n\n   ```pycon\n   >>> 1 + 1\n   2\n   ```\n2. 둘"
        in text
    )
    assert "- **말**: 뜻입니다.\n\n  둘째 문단입니다." in text
    assert re.search(r"> \*\*\w+\*\*\n>\n> 알림입니다\.", text)
    assert "\n\n> 옮긴 글\n\n" in text
    assert "| 이름 | 값 |\n| --- | --- |\n| `a` | $1$ |" in text


def heads_of_exercises(markdown):
    return re.findall(r"^#+ (연습문제 .*)$", markdown, re.M)


def test_every_exercise_has_a_head_and_its_solution_one_below(text):
    heads = ["연습문제 1", "연습문제 1 풀이", "연습문제 2 (이름이 있는 것)", "연습문제 2 풀이"]
    assert heads_of_exercises(text) == heads
    assert (
        "### 연습문제 1\n\n얼마입니까?\n\n### 연습문제 1 풀이\n\n셉니다.\n\n```python\nfolded + 10\n```\n"
        in text
    )
    assert "### 연습문제 2 풀이\n\n접히지 않은 풀이입니다." in text


def test_notebook_and_text_have_the_same_exercises(site, text):
    import nbformat

    cells = nbformat.read(site / "notebooks" / "page.ipynb", as_version=4).cells
    words = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert heads_of_exercises("\n\n".join(words)) == heads_of_exercises(text)
    assert all(len(heads_of_exercises(source)) < 2 for source in words)


def test_a_notebook_folds_what_a_picture_shows_below_its_caption(site):
    cells = json.loads((site / "notebooks" / "page.ipynb").read_text(encoding="utf-8"))["cells"]
    told = "파란 칸 여섯 개와 그 아래의 화살표 하나가 그려져 있다."
    folded = f"<details><summary>그림을 말로</summary>\n\n{told}\n\n</details>"
    assert f"**그림 1.** 무엇을 *볼지* $x$로 말합니다.\n\n{folded}" in [cell["source"] for cell in cells]


def test_what_has_no_words_is_an_error_at_its_place(tmp_path):
    page = """# 제목

말 {abbr}`RNN (recurrent)` 말

```{eval-rst}
| 한 줄
| 두 줄
```

```{code-cell}
from dlnotes import Shown

Shown("<b>굵게</b>")
```
"""
    done = mini_site.attempt(tmp_path, FILES | {"docs/page.md": page})
    assert done.returncode != 0
    for kind, line in (("abbreviation", "[34]"), ("line_block", "[567]"), ("raw", "1[0-3]")):
        assert re.search(rf"page\.md:{line}: ERROR: .* no words for a {kind}", done.stderr), done.stderr
