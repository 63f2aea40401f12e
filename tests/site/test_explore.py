"""Explorables: their ledger, their directive, their place in the page and in what is not the page."""

import gzip
import json
import re

import mini_site
import pytest
import rjsmin

import explorables
from dlnotes.figures.canvas import COLORS
from dlnotes_site.data import DataError, entries
from dlnotes_site.explore.settings import read_explorables

LEDGER = (
    "- name: relu\n  height: 300\n  settings:\n    - {name: k, label: 유닛, least: 0, most: 12, value: 1}\n"
)


def read(path, text):
    return read_explorables(entries(path, text))


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (LEDGER.replace("most: 12", "most: 0.5"), "whole number of steps"),
        (LEDGER.replace("value: 1", "value: 13"), "13 cannot be reached"),
        (LEDGER.replace("name: k", 'name: "1k"'), "name must be a word"),
        (LEDGER.replace(", most: 12", ""), "needs least, most"),
        (LEDGER.replace("value: 1", 'value: "a"'), "needs its letters"),
        (LEDGER + LEDGER, "stands twice"),
        (LEDGER.replace("  height: 300\n", ""), "lacks height"),
    ],
)
def test_a_ledger_that_cannot_be_is_refused_with_its_line(tmp_path, broken, told):
    path = tmp_path / "explorables.yml"
    with pytest.raises(DataError, match=told) as raised:
        read(path, broken)
    assert str(raised.value).startswith(f"{path}:")


def test_a_setting_knows_all_that_it_can_be(tmp_path):
    steps = LEDGER.replace("least: 0, most: 12", "least: 0, most: 0.3, step: 0.1").replace(
        "value: 1", "value: 0.3"
    )
    (setting,) = read(tmp_path / "x.yml", steps)["relu"].settings
    assert setting.all() == [0, 0.1, 0.2, 0.3]
    assert setting.range() == {"min": 0, "max": 0.3, "step": 0.1, "value": 0.3}


def test_every_explorable_has_its_script_and_every_script_its_entry():
    scripts = {path.stem for path in explorables.SCRIPTS.glob("*.js")} - {"frame"}
    assert scripts == set(explorables.ledger())


@pytest.mark.parametrize("path", sorted(explorables.SCRIPTS.glob("*.js")), ids=lambda path: path.stem)
def test_scripts_are_small(path):
    assert len(gzip.compress(rjsmin.jsmin(path.read_text(encoding="utf-8")).encode(), 9)) <= 4096


def test_drawings_have_the_colours_of_the_figures():
    tokens = (explorables.ROOT / "docs/_ext/dlnotes_site/theme/static/tokens.css").read_text(encoding="utf-8")
    for role, color in COLORS.items():
        assert f"--dl-{role}: {color};" in tokens


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("k = 3{이/가}", "k = 3이"),
        ("k = 2{이/가}", "k = 2가"),
        ("10{은/는}", "10은"),
        ("1{으로/로}", "1로"),
        ("3{으로/로}", "3으로"),
        ("8칸{을/를}", "8칸을"),
        ("(k = 9){과/와}", "(k = 9)와"),
        ("채널{으로/로}", "채널로"),
    ],
)
def test_a_particle_agrees_with_what_stands_before_it(words, said):
    script = explorables.Script("same-padding")
    assert script.eval(f"dlExplore.particles({json.dumps(words)})") == said


CONF = """
extensions = ["myst_parser", "dlnotes_site.explore"]
myst_enable_extensions = ["colon_fence"]
templates_path = [__import__("os").path.join(r"EXTENSIONS", "dlnotes_site", "explore", "templates")]
""".replace("EXTENSIONS", str(mini_site.EXTENSIONS))
PAGE = """# 쪽

:::{{figure}} picture.svg
:name: fig-a

설명입니다.
:::

:::{{explore}} {name}
:figure: {figure}

{tasks}
:::
"""
TASKS = "- 둘로 두어 보세요."


FAILED = """
def setup(app):
    from dlnotes_site.pages import being_read
    app.connect("doctree-read", lambda app, doctree: setattr(being_read(app.env), "failed", True))
"""


def attempt(folder, name="relu", figure="fig-a", tasks=TASKS, builder="html", conf=CONF):
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    page = PAGE.format(name=name, figure=figure, tasks=tasks)
    files = {"conf.py": conf, "explorables.yml": LEDGER, "index.md": page, "picture.svg": picture}
    return mini_site.attempt(folder, files, "-b", builder)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": "lu"}, "index.md:9: .*lu is unknown: it stands in explorables.yml first"),
        ({"figure": "fig-b"}, "index.md:9: .*no figure of this page is named fig-b"),
        ({"tasks": "없습니다."}, "index.md:9: .*holds its tasks: one list"),
    ],
)
def test_what_an_explorable_lacks_fails_the_build_with_its_line(tmp_path, given, told):
    done = attempt(tmp_path, **given)
    assert done.returncode != 0
    assert re.search(told, done.stderr), done.stderr


def test_what_a_page_lacks_whose_cells_failed_is_not_told_besides(tmp_path):
    done = attempt(tmp_path, figure="fig-b", conf=CONF + FAILED)
    assert done.returncode == 0, done.stderr


def test_a_page_holds_the_picture_the_controls_and_the_tasks(tmp_path):
    done = attempt(tmp_path)
    assert done.returncode == 0, done.stderr
    html = (mini_site.site(tmp_path) / "index.html").read_text(encoding="utf-8")
    explore = html.partition("<dl-explore")[2].partition("</dl-explore>")[0]
    assert explore.index("<img") < explore.index('type="range"') < explore.index("둘로 두어 보세요.")
    assert "설명입니다." in html.partition("</dl-explore>")[2]
    for name in ("frame", "relu"):
        assert (mini_site.site(tmp_path) / "_static" / "explore" / f"{name}.js").is_file()


def test_two_on_a_page_share_the_frame_and_a_key_has_its_button(tmp_path):
    second = LEDGER.replace("name: relu", "name: adam").replace(
        "300\n", '300\n  keys: {ArrowLeft: 왼쪽, " ": 바꾸기}\n'
    )
    page = PAGE.format(name="relu", figure="fig-a", tasks=TASKS)
    page += page.replace("# 쪽", "").replace("fig-a", "fig-b").replace("relu", "adam")
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    files = {"conf.py": CONF, "explorables.yml": LEDGER + second, "index.md": page, "picture.svg": picture}
    done = mini_site.attempt(tmp_path, files)
    assert done.returncode == 0, done.stderr
    html = (mini_site.site(tmp_path) / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r'src="_static/explore/(\w+)\.js', html)
    assert scripts == ["frame", "relu", "adam"]
    buttons = re.findall(r'<button type="button" data-key="(.+?)"(?: aria-label="(.+?)")?>(.+?)<', html)
    assert buttons == [("ArrowLeft", "왼쪽", "←"), (" ", "", "바꾸기")]


def test_in_a_text_the_figure_stands_alone(tmp_path):
    done = attempt(tmp_path, builder="text")
    assert done.returncode == 0, done.stderr
    written = "".join(path.read_text(encoding="utf-8") for path in mini_site.site(tmp_path).glob("index.*"))
    assert "설명입니다." in written
    assert "둘로 두어 보세요." not in written


@pytest.mark.parametrize(
    ("page", "tasks", "told"),
    [
        ("other", "", "index.md:3: .*page other shows no explorable relu"),
        ("none", "", "index.md:3: .*page none shows no explorable relu"),
        ("other", TASKS, "index.md:3: .*with :page: an explorable has no tasks"),
    ],
)
def test_an_explorable_of_another_page_must_be_there(tmp_path, page, tasks, told):
    files = {"conf.py": CONF, "explorables.yml": LEDGER, "other.md": "---\norphan: true\n---\n# 다른 쪽\n"}
    files["index.md"] = f"# 쪽\n\n:::{{explore}} relu\n:page: {page}\n\n{tasks}\n:::\n"
    done = mini_site.attempt(tmp_path, files)
    assert done.returncode != 0
    assert re.search(told, done.stderr), done.stderr
