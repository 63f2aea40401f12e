"""What is made of the library's code: kept as long as the code stays the same, and no longer."""

import shutil

import mini_site
import pytest

FILES = {
    "conf.py": """
extensions = ["sphinx.ext.autodoc", "sphinx.ext.viewcode", "dlnotes_site.theme.module_code"]
html_theme = "basic"
""",
    "index.rst": "T\n=\n\n.. toctree::\n\n   api/a\n",
    "api/a.rst": "P\n=\n\n.. automodule:: sums\n   :members:\n\n.. automodule:: parts.halves\n   :members:\n",
    "src/sums.py": '"""Sums."""\n\n\ndef add(a, b):\n    """Add."""\n    return a + b\n',
    "src/parts/__init__.py": "",
    "src/parts/halves.py": '"""Halves."""\n\n\ndef half(a):\n    """Halve."""\n    return a / 2\n',
}
PAGES = ("api/a", "_modules/sums", "_modules/parts/halves")


@pytest.fixture
def site(tmp_path):
    mini_site.build(tmp_path, FILES)
    return tmp_path


def pages(folder):
    return [mini_site.page(folder, name) for name in PAGES]


def store(folder):
    return mini_site.site(folder).parent / "module-code"


def anew(folder):
    shutil.rmtree(mini_site.site(folder))
    return mini_site.build(folder, {}, "-E")


def test_pages_are_the_same_with_what_is_kept_and_without(site):
    before, kept = pages(site), sorted(path.name for path in store(site).iterdir())
    assert {"sums", "parts.halves"} <= {name.split("-")[0] for name in kept}
    anew(site)
    assert pages(site) == before
    assert sorted(path.name for path in store(site).iterdir()) == kept


def test_the_code_is_not_translated(site):
    assert mini_site.page(site, "_modules/sums").count(' translate="no"') == 1
    assert '<div translate="no" class="highlight"><pre>' in mini_site.page(site, "_modules/sums")


@pytest.mark.parametrize("kind", ["pickle", "html"])
def test_what_is_kept_broken_is_never_used(site, kind):
    before = pages(site)
    for path in store(site).glob(f"*.{kind}"):
        path.write_bytes(path.read_bytes()[:-9])
    assert "깨져 다시 만듭니다" in anew(site)
    assert pages(site) == before


def test_changed_code_never_keeps_its_old_places_or_colours(site):
    code = FILES["src/sums.py"].replace("def add", "LIMIT = 12\n\n\ndef add")
    mini_site.build(site, {"src/sums.py": code}, "-E")
    page = mini_site.page(site, "_modules/sums")
    start = page.index('id="add"')
    assert page.index("LIMIT") < start < page.index(">add<")
    assert len(list(store(site).glob("sums-*"))) == 2
