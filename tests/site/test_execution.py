"""Running the pages: what is executed again, what is not, and what stops the build."""

import html
import json
import re

import mini_site
import nbformat
import pytest

from dlnotes_site.execution import kernel
from dlnotes_site.execution.pictures import label_pictures
from dlnotes_site.execution.steps import EVAL, PLAIN_FENCE, PageError, Step

PAGE = """# 쪽

```{code-cell}
from dlnotes.sizes import size

n = size(6)
n
```

수는 {eval}`n` 이고 두 배는 {eval}`2 * n:,`입니다.
"""
FIGURE = """# 쪽

```{{code-cell}}
---
{options}
---
class Picture:
    def _repr_html_(self):
        return '<div class="dl-picture"><svg></svg></div>'

Picture()
```
"""
OPTIONS = """mystnb:
  figure:
    name: fig-x
    caption: 설명 {eval}`1 + 1`
  image:
    alt: 파란 칸 여섯 개가 나란히 놓이고 초록 칸이 {eval}`1 + 2`개 따라온다"""


CONF = """
extensions = ["myst_nb", "dlnotes_site.execution"]
nb_custom_formats = {".md": ("dlnotes_site.execution.read_page", {}, False)}
nb_execution_mode = "off"
html_theme = "basic"
numfig = True
"""
FILES = {
    "conf.py": CONF,
    "requirements.txt": "numpy==1\n",
    "src/dlnotes/__init__.py": "",
    "src/dlnotes/sizes.py": "from dlnotes.inner import step\n\ndef size(n):\n    return n - step\n",
    "src/dlnotes/inner.py": "step = 2\n",
    "src/dlnotes/other.py": "unused = 1\n",
    "src/dlnotes/data.txt": "1",
    "docs/index.md": PAGE,
}


class Site:
    """A project of one page and a library of two modules."""

    def __init__(self, folder):
        self.folder = folder
        mini_site.write(folder, FILES)

    def write(self, name, text):
        mini_site.write(self.folder, {name: text})

    def executed(self):
        """Build, and say whether the page was executed."""
        return "index 실행 중" in mini_site.build(self.folder, {})

    def page(self):
        return mini_site.page(self.folder)

    def results(self):
        return self.folder / "_build" / "execution"


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path / "한글 자리")


def test_a_changed_library_function_changes_the_built_page(site):
    assert site.executed()
    assert '<span class="dl-computed">4</span>' in site.page()
    assert '<span class="dl-computed">8</span>' in site.page()

    site.write("src/dlnotes/inner.py", "step = 3\n")  # reached through sizes
    assert site.executed()
    assert '<span class="dl-computed">3</span>' in site.page()
    assert '<span class="dl-computed">6</span>' in site.page()


@pytest.mark.full
def test_only_what_can_change_a_result_executes_again(site):
    assert site.executed()
    assert not site.executed()

    site.write("docs/index.md", PAGE.replace("수는", "이 수는"))
    assert not site.executed(), "prose"
    assert "이 수는" in site.page()
    site.write("src/dlnotes/other.py", "unused = 2\n")
    assert not site.executed(), "a module that the page does not reach"

    site.write("requirements.txt", "numpy==2\n")
    assert site.executed(), "the lock"
    site.write("src/dlnotes/data.txt", "2")
    assert site.executed(), "data of the library"
    site.write("docs/index.md", PAGE.replace("2 * n", "3 * n"))
    assert site.executed(), "an expression"


def test_results_are_kept_whole(site):
    site.executed()
    (stored,) = [path for path in site.results().glob("*.json") if path.name != "times.json"]
    record = json.loads(stored.read_text(encoding="utf-8"))
    assert record["values"] == {"n": "4", "2 * n:,": "8"}
    times = json.loads((site.results() / "times.json").read_text(encoding="utf-8"))
    assert times.keys() == {"index"}


FAILURES = {
    "raises": (PAGE.replace("size(6)", "size('여섯')"), "4: ERROR: the cell: TypeError"),
    "unknown": (PAGE.replace("2 * n:,", "2 * m:,"), "10: ERROR: {eval}`2 * m:,`: NameError: name 'm' is not"),
    "warns": (
        PAGE.replace("n = s", "import warnings; warnings.warn('조심'); n = s"),
        "4: ERROR: the cell warned",
    ),
    "image": (
        PAGE.replace("\nn\n", "\nfrom IPython.display import Image\nImage(b'x', format='png')\n"),
        "4: ERROR: an image outside the figure helper",
    ),
    "twice": (
        PAGE + "\n```{code-cell}\nn = 7\n```\n\n이제 {eval}`n`입니다.\n",
        "16: ERROR: {eval}`n` has two values on this page",
    ),
}


@pytest.mark.full
def test_the_build_fails_and_says_where(tmp_path):
    pages = {f"docs/{name}.md": f"---\norphan: true\n---\n{text}" for name, (text, _) in FAILURES.items()}
    done = mini_site.attempt(tmp_path, FILES | pages)
    assert done.returncode != 0
    for name, (_, message) in FAILURES.items():
        line, _, rest = message.partition(":")
        assert f"{name}.md:{int(line) + 3}:{rest}" in done.stderr
    assert "was not computed" not in done.stderr


def test_a_failing_cell_runs_once(site):
    site.write("docs/index.md", PAGE.replace("n = s", "print('x', file=open('../ran', 'a')); n = 1 / 0; s"))
    done = mini_site.attempt(site.folder, {})
    assert "4: ERROR: the cell: ZeroDivisionError" in done.stderr
    assert (site.folder / "ran").read_text(encoding="utf-8") == "x\n"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("while True:\n    pass", "the cell did not end within 1 seconds"),
        pytest.param("import os; os._exit(1)", "the cell ended its kernel", marks=pytest.mark.full),
    ],
)
def test_an_endless_cell_and_a_dead_kernel_get_a_line(tmp_path, monkeypatch, code, told):
    monkeypatch.setattr(kernel, "TIMEOUT", 1)
    with pytest.raises(PageError, match=told) as caught:
        kernel.execute([Step("cell", code, 4)], tmp_path, tmp_path, tmp_path)
    assert caught.value.line == 4


@pytest.mark.parametrize(
    "changing",
    [
        "import random; random.random()",
        pytest.param("import time; time.time_ns()", marks=pytest.mark.full),
        pytest.param("list({'가', '나', '다', '라', '마'})", marks=pytest.mark.full),
    ],
)
def test_what_differs_from_run_to_run_is_refused_where_pages_run_twice(site, monkeypatch, changing):
    monkeypatch.setenv("DLNOTES_TWICE", "1")
    site.write("docs/index.md", PAGE + f"\n```{{code-cell}}\n{changing}\n```\n")
    done = mini_site.attempt(site.folder, {})
    assert done.returncode != 0
    assert "13: ERROR: the cell gave something else when it was run again" in done.stderr
    site.write("docs/index.md", PAGE)
    assert site.executed()


def test_a_cell_that_is_meant_to_raise_shows_its_error(site):
    site.write("docs/index.md", PAGE + "\n```{code-cell}\n:tags: [raises-exception]\nsize('여섯')\n```\n")
    assert site.executed()
    words = re.sub(r"<[^>]+>", "", site.page())
    assert "TypeError: unsupported operand" in html.unescape(words)
    assert "Traceback" not in words


def test_a_picture_gets_its_alternative_text_with_the_values_in_it(site):
    site.write("docs/index.md", FIGURE.format(options=OPTIONS))
    assert site.executed()
    assert 'role="img" aria-label="파란 칸 여섯 개가 나란히 놓이고 초록 칸이 3개 따라온다"' in site.page()
    assert '설명 <span class="dl-computed">2</span>' in site.page()


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ({"figure": {"caption": "설명"}}, "the figure needs a name"),
        ({"figure": {"name": "fig-x"}}, "the figure needs a caption"),
        ({"image": {}}, "the figure needs an alternative text"),
        ({"image": {"alt": "그림"}}, "alternative text says too little: '그림'"),
        ({"image": {"alt": "아주 길지만 파일의 이름일 뿐인 _build/figure.png"}}, "says too little"),
    ],
)
def test_a_picture_without_its_texts_is_refused(missing, message):
    whole = {
        "figure": {"name": "fig-x", "caption": "설명"},
        "image": {"alt": "파란 칸 여섯 개가 나란히 놓인 그림이다"},
    }
    picture = {"text/html": '<div class="dl-picture"></div>'}
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", picture)])
    cell.metadata["mystnb"] = whole
    label_pictures(4, cell, {})
    cell.metadata["mystnb"] = whole | missing
    with pytest.raises(PageError, match=message) as caught:
        label_pictures(4, cell, {})
    assert caught.value.line == 4


@pytest.mark.parametrize(("value", "agreeing"), [("0.06", False), ("0.71", True), ("1", True)])
def test_the_particle_after_a_value_in_an_alternative_text_agrees_with_it(value, agreeing):
    picture = {"text/html": '<div class="dl-picture"></div>'}
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", picture)])
    alt = "초록 선이 오른쪽 아래로 내려가 {eval}`n`로 끝나는 그림이다"
    cell.metadata["mystnb"] = {"figure": {"name": "fig-x", "caption": "설명"}, "image": {"alt": alt}}
    if agreeing:
        label_pictures(4, cell, {"n": value})
        assert f"내려가 {value}로 끝나는" in cell.outputs[0].data["text/html"]
    else:
        with pytest.raises(PageError, match=f"wrong particle: {value}로"):
            label_pictures(4, cell, {"n": value})


def test_an_example_of_the_syntax_is_not_evaluated():
    text = "``{eval}`x` ``\n\n```\n{eval}`y`\n```\n\n````{note}\n{eval}`z`\n````\n"
    kept = PLAIN_FENCE.sub("", text)
    assert EVAL.findall(kept) == ["z"]
