"""A page as a notebook: what a reader without the site gets. (tests/browser runs every one of them.)"""

import json
import re
from urllib.parse import unquote

import mini_site
import nbformat
import pytest
from pages import ROOT

CONF = f"""
extensions = [
    "myst_nb",
    "sphinx_exercise",
    "dlnotes_site.execution",
    "dlnotes_site.answers.questions",
    "dlnotes_site.answers.errata",
    "dlnotes_site.markup.folding",
    "dlnotes_site.answers.terms",
    "dlnotes_site.export.notebooks",
]
myst_enable_extensions = ["colon_fence", "dollarmath", "deflist"]
nb_custom_formats = {{".md": ("dlnotes_site.execution.read_page", {{}}, False)}}
nb_execution_mode = "off"
numfig = True
numfig_format = {{"figure": "그림 %s"}}
html_theme = "sphinx_book_theme"
html_baseurl = "https://dlnotes.example/"
exercise_style = "solution_follow_exercise"
errata_file = "errata.yml"
terms_file = "terms.yml"
templates_path = [{str(ROOT / "docs/_ext/dlnotes_site/answers/templates")!r}]
"""

ERRATA = """
- {id: e01, question: q01, kind: value, where: 식, printed: '7', corrected: '8', why: 더했습니다.}
"""

TERMS = """
- topic: 하나
  terms: [{ko: 패딩, en: padding, definition: 덧대는 값입니다.}]
"""

PAGE = """---
description: 설명
---

# 제목 $x^2$

```{code-cell}
:tags: [remove-cell]
helper = 3
```

패딩은 {eval}`helper + 1`칸입니다. **(굵게)**, 그리고 {ref}`여기 <there>`를 보십시오. a_b와 2 * 3 * 4입니다.

{eval}`helper / 2`%가 남습니다.

{eval}`helper`. 셋째입니다.

(q01)=
## Q01. 무엇인가요?

:::{short-answer} q01
답은 {erratum}`e01`입니다.

둘째 문단입니다.
:::

:::{disputed}
강의의 표입니다.
:::

:::{question}
무엇인가요?
:::

:::{teacher}
그것입니다.
:::

:::{summary}
- 하나입니다.
- 둘입니다.
- 셋입니다.
:::

(there)=
### 절

$$
a = b \\\\
c = d
$$

```{code-cell}
:tags: [hide-input]
helper * 2
```

```{code-cell}
:tags: [raises-exception]
1 / 0
```

```python
>>> 1 + 1
2
```

| 이름 | 수 |
|---|---|
| 하나 | $1$ |

- 첫째
- 둘째

```{exercise}
:label: ex-one

얼마입니까?
```

```{solution-start} ex-one
:class: dropdown
```

셉니다.

```{code-cell}
helper + 10
```

```{solution-end}
```

```{code-cell}
:tags: [remove-cell]
last = 1
```
"""


FILES = {
    "conf.py": CONF,
    "requirements.txt": "",
    **mini_site.PROJECT,
    "docs/index.md": "# 들머리\n\n```{toctree}\npage\nterms\nerrata\n```\n",
    "docs/page.md": PAGE,
    "docs/terms.md": "# 용어집\n\n```{glossary-terms}\n```\n",
    "docs/errata.md": "# 정오표\n\n```{errata}\n```\n",
    "docs/errata.yml": ERRATA,
    "docs/terms.yml": TERMS,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def build(folder):
    def run(*options):
        mini_site.build(folder, FILES, *options)
        return (mini_site.site(folder) / "notebooks" / "page.ipynb").read_bytes()

    return run


@pytest.fixture(scope="module")
def file(build):
    return build("-E", "-D", f"library_url={SITE}")


@pytest.fixture(scope="module")
def notebook(file):
    return nbformat.reads(file.decode(), as_version=4)


@pytest.fixture(scope="module")
def words(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_it_is_a_valid_notebook_for_python_without_outputs(notebook):
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_every_cell_of_the_page_is_there_in_its_order_also_those_it_hides(notebook):
    _install, *code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert code == ["helper = 3", "helper * 2", "1 / 0", "helper + 10", "last = 1"]


def test_what_the_page_folds_is_folded_and_what_may_raise_does_not_stop_it(notebook):
    code = {cell.source: cell.metadata for cell in notebook.cells if cell.cell_type == "code"}
    folded = [source for source, data in code.items() if data.get("jupyter", {}).get("source_hidden")]
    assert folded == ["helper = 3", "helper * 2", "last = 1"]
    assert code["1 / 0"]["tags"] == ["raises-exception"]


def test_values_corrections_and_references_read_as_on_the_page(words):
    assert "패딩](https://dlnotes.example/terms.html#term-padding)은 4칸입니다." in words
    assert "[여기](https://dlnotes.example/page.html#there)" in words
    assert "답은 8(원래 표기: 7)입니다." in words  # without the link to the ledger
    assert not re.search(r"\{[a-z-]+\}`|:::|\)=", words)


def test_parts_are_quotations_with_a_bold_title(words):
    assert "> **짧은 답**\n>\n> 답은 8(원래 표기: 7)입니다.\n>\n> 둘째 문단입니다." in words
    assert "> **질문**" in words
    assert "> **선생님의 답**" in words


def test_headings_formulas_lists_tables_and_examples_are_markdown(words):
    assert words.startswith("# 제목 $x^2$\n\n> [제목 x^2](https://dlnotes.example/page.html)")
    assert "\n## Q01. 무엇인가요?" in words
    assert "\n### 절" in words
    assert "$$\n\\begin{aligned}\na = b \\\\\nc = d\n\\end{aligned}\n$$" in words
    assert "```pycon\n>>> 1 + 1\n2\n```" in words
    assert "| 이름 | 수 |\n| --- | --- |\n| 하나 | $1$ |" in words
    assert "- 첫째\n- 둘째" in words


def test_signs_of_markdown_in_the_prose_stay_signs(words):
    assert r"a\_b와 2 \* 3 \* 4입니다." in words
    assert "\n1.5%가 남습니다." in words
    assert "\n3\\. 셋째입니다." in words
    assert "<strong>(굵게)</strong>, 그리고" in words


def test_every_heading_begins_a_cell_so_that_a_solution_stands_apart(notebook):
    heads = [cell.source.partition("\n")[0] for cell in notebook.cells if cell.cell_type == "markdown"]
    for head in ("## Q01. 무엇인가요?", "### 절", "#### 연습문제 1", "#### 연습문제 1 풀이"):
        assert head in heads
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"\n#+ ", cell.source)


def test_exercises_and_their_solutions_are_headings(notebook, words):
    assert "### 연습문제 1\n\n얼마입니까?" in words
    assert "### 연습문제 1 풀이\n\n셉니다." in words
    cells = [cell.source for cell in notebook.cells]
    at = cells.index("#### 연습문제 1\n\n얼마입니까?")
    assert cells[at + 1 : at + 3] == ["#### 연습문제 1 풀이\n\n셉니다.", "helper + 10"]


SITE = "https://dlnotes.example/"
INSTALL = re.compile(r"""# 이 버전의 dlnotes가 없으면 설치합니다\.
from importlib\.metadata import distributions

if \[one\.version for one in distributions\(name="dlnotes"\)\]\[:1\] != \["(?P<version>0\.1\.0\+[0-9a-f]{12})"\]:
    %pip install -q "dlnotes\[figures\] @ https://dlnotes\.example/(?P<place>wheels/[\w.%-]+\.whl)\"""")


def install_cell(text):
    return json.loads(text)["cells"][1]["source"]


def test_the_cell_below_the_title_installs_this_very_library_from_the_site(file, folder):
    told = INSTALL.fullmatch(install_cell(file))
    assert told, install_cell(file)
    [wheel] = (mini_site.site(folder) / "wheels").iterdir()
    assert (
        unquote(told["place"])
        == f"wheels/dlnotes-{told['version']}-py3-none-any.whl"
        == f"wheels/{wheel.name}"
    )


def test_a_change_of_the_library_is_told_by_notebooks_whose_pages_are_not_written_again(file, folder):
    page = mini_site.site(folder) / "page.html"
    before, written = INSTALL.fullmatch(install_cell(file)), page.stat().st_mtime_ns
    mini_site.build(folder, {"src/dlnotes/other.py": "changed = 1\n"}, "-D", f"library_url={SITE}")
    (folder / "src/dlnotes/other.py").unlink()
    after = INSTALL.fullmatch(install_cell((page.parent / "notebooks" / "page.ipynb").read_bytes()))
    assert after["version"] != before["version"]
    assert page.stat().st_mtime_ns == written
    assert [one.name for one in (page.parent / "wheels").iterdir()] == [
        unquote(after["place"]).rpartition("/")[2]
    ]


def test_without_an_address_it_says_what_to_do(build, file, folder):
    told = install_cell(build())
    [wheel] = (mini_site.site(folder) / "wheels").iterdir()
    assert f'%pip install -q "../wheels/{wheel.name}[figures]"' in told
    assert all(line.startswith("#") for line in told.splitlines())


def test_a_notebook_whose_page_is_gone_is_not_published(build, file, folder):
    gone = mini_site.site(folder) / "notebooks" / "gone.ipynb"
    gone.write_bytes(file)
    build()
    assert not gone.exists()


def test_two_builds_give_the_same_bytes(build, file):
    assert build("-E", "-D", f"library_url={SITE}") == file
    ids = [cell["id"] for cell in json.loads(file)["cells"]]
    assert len(set(ids)) == len(ids)
