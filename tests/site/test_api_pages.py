"""The pages of the library are made of its modules; which subject each belongs to is told by hand."""

import mini_site
import pytest
from pages import ROOT

from dlnotes_site import api_pages

CONF = """
extensions = ["myst_parser", "sphinx.ext.autodoc", "dlnotes_site.api_pages"]
api_constants = {"kit.units": "단위"}
"""
MODULE = '"""{0}."""\n\n\ndef {0}():\n    """Do {0}."""\n'
UNITS = '''"""Units."""

FRAME = 1

TICK = 4000
"""Frames of a tick."""


def second():
    """Return a second."""


STEP: int = 2
"""Frames of a step."""
'''
INDEX = "# L\n\n```{{toctree}}\n:caption: 하나\n\nunits\n{}\n```\n\n```{{toctree}}\n:caption: 둘\n\n{}\n```\n"
FILES = {
    "conf.py": CONF,
    "src/kit/__init__.py": '"""A kit."""\n',
    "src/kit/_hidden.py": MODULE.format("hidden"),
    "src/kit/units.py": UNITS,
    "src/kit/plain.py": MODULE.format("plain"),
    "src/kit/parts/__init__.py": '"""Parts."""\n',
    "src/kit/parts/small.py": MODULE.format("small"),
    "docs/index.md": "# T\n\n```{toctree}\napi/index\n```\n",
    "docs/api/index.md": INDEX.format("plain", "parts_small"),
}


def pages(folder):
    return {path.stem: path for path in (folder / "docs" / "api").glob("*.md") if path.stem != "index"}


def test_every_public_module_has_a_page_that_is_written_only_when_it_changes(tmp_path):
    mini_site.build(tmp_path, FILES)
    first = {name: path.stat().st_mtime_ns for name, path in pages(tmp_path).items()}
    assert set(first) == {"units", "plain", "parts_small"}
    assert 'id="kit.parts.small.small"' in mini_site.page(tmp_path, "api/parts_small")

    units = UNITS + '\nDAY = 3\n"""Frames of a day."""\n'
    said = mini_site.build(tmp_path, {"src/kit/units.py": units})
    then = {name: path.stat().st_mtime_ns for name, path in pages(tmp_path).items()}
    assert {name for name in first if then[name] != first[name]} == {"units"}
    assert "0 added, 1 changed, 0 removed" in said
    assert 'id="kit.units.DAY"' in mini_site.page(tmp_path, "api/units")


def test_constants_stand_below_the_rest_without_their_values(tmp_path):
    mini_site.build(tmp_path, FILES)
    text = mini_site.page(tmp_path, "api/units")
    places = [text.index(part) for part in ("kit.units.second", ">단위<", "kit.units.TICK", "kit.units.STEP")]
    assert places == sorted(places)
    assert "4000" not in text
    assert "FRAME" not in text


def test_a_page_keeps_its_address_when_its_module_gets_a_better_name(tmp_path):
    conf = CONF + 'api_pages = {"kit.parts.tiny": "parts_small"}\n'
    files = {name: text for name, text in FILES.items() if name != "src/kit/parts/small.py"}
    mini_site.build(tmp_path, {**files, "conf.py": conf, "src/kit/parts/tiny.py": MODULE.format("tiny")})
    assert 'id="kit.parts.tiny.tiny"' in mini_site.page(tmp_path, "api/parts_small")


def test_the_page_of_a_module_that_went_goes_and_what_was_written_by_hand_stays(tmp_path):
    by_hand = {"docs/api/guide.md": "# G\n", "docs/api/index.md": INDEX.format("plain", "parts_small\nguide")}
    mini_site.build(tmp_path, {**FILES, **by_hand})
    (tmp_path / "src/kit/plain.py").unlink()
    mini_site.build(tmp_path, {"docs/api/index.md": INDEX.format("", "parts_small\nguide")})
    assert set(pages(tmp_path)) == {"units", "parts_small", "guide"}


@pytest.mark.parametrize(
    ("index", "message"),
    [
        (INDEX.format("plain", ""), "kit.parts.small stands in no group: write `parts_small` into"),
        (INDEX.format("plain\nparts_small", "plain"), "kit.plain stands in 2 groups: write `plain` into"),
    ],
)
def test_a_module_belongs_to_one_subject(tmp_path, index, message):
    done = mini_site.attempt(tmp_path, {**FILES, "docs/api/index.md": index})
    assert done.returncode != 0
    assert message in done.stderr
    assert "docs/api/index.md" in done.stderr


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('api_pages = {"kit.gone": "gone"}', "api_pages in conf.py: there is no module kit.gone"),
        ('api_pages = {"kit.plain": "units"}', "api_pages in conf.py: two modules have one page"),
        ('api_constants = {"kit.gone": "단위"}', "api_constants in conf.py: there is no module kit.gone"),
    ],
)
def test_a_setting_that_fits_nothing_is_refused(tmp_path, setting, message):
    done = mini_site.attempt(tmp_path, {**FILES, "conf.py": f"{CONF}{setting}\n"})
    assert done.returncode != 0
    assert message in done.stderr


def test_the_library_has_a_page_for_each_module_of_its_own_name():
    modules = api_pages.modules_in(ROOT / "src")
    assert {"dlnotes.lstm", "dlnotes.figures.lstm", "dlnotes.figures.canvas"} <= set(modules)
    assert not [name for name in modules if "_checks" in name or "__init__" in name]
    assert api_pages.page_of("dlnotes.figures.lstm") == "figures_lstm"
