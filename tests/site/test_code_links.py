"""Names in code lead to the page of the library that documents them."""

import re
from html import unescape
from pathlib import Path

import mini_site
import pytest
from docutils import nodes
from docutils.utils import new_document
from pages import ROOT

from dlnotes_site.markup.code_links import stops
from dlnotes_site.markup.code_names import Library, Names
from dlnotes_site.markup.folding import Fold

CONF = """
extensions = ["myst_parser", "sphinx.ext.autodoc", "dlnotes_site.markup.code_links"]
html_title = "{title}"
html_theme = "basic"
templates_path = ["templates"]
"""
SHAPES = '''"""Shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from kit.more import half

__all__ = ["SQUARE", "Box", "Shape", "half", "largest", "make", "maybe"]


class Shape:
    """A shape."""

    def grow(self) -> Self:
        """Grow it."""
        return self


@dataclass
class Box(Shape):
    """A box."""

    side: float = 1.0

    @property
    def area(self) -> float:
        """Its area."""
        return self.side**2


def make(side: float) -> Box:
    """Make a box.

    Examples
    --------
    >>> from kit.shapes import make
    >>> make(2.0).area
    4.0
    """
    return Box(side)


def maybe(side: float) -> "Box | None":
    """Make a box, or none."""
    return Box(side) if side else None


SQUARE = Box(1.0)
"""The unit square."""
'''
MORE = '''"""More."""


def half(number: float) -> float:
    """Halve it."""
    return number / 2
'''
MODULE = "# {0}\n\n```{{eval-rst}}\n.. automodule:: kit.{0}\n   :members:\n   :inherited-members:\n```\n"
FILES = {
    "conf.py": CONF.format(title="처음"),
    "templates/.keep": "",
    "src/kit/__init__.py": '"""A kit."""\n',
    "src/kit/shapes.py": SHAPES,
    "src/kit/more.py": MORE,
    "docs/index.md": """# T

```{toctree}
api/shapes
api/more
page
```
""",
    "docs/api/shapes.md": MODULE.format("shapes"),
    "docs/api/more.md": MODULE.format("more"),
    "docs/page.md": """# P

```python
from kit.shapes import (
    Box,  # Box and make are words of a comment
    half as halved,
    make,
)
import kit.more

box = make(halved(3))
print("make a Box", make)
```

In between, words.

```python
>>> import re
>>> 가, sides = "한글", [make(side) for side in (1, 2)]
>>> "한글"; box.grow(); make(1).area
1
>>> for make in sides:
...     print(make)
```

```text
make(1)
```
""",
}
LINK = re.compile(r'<a class="dl-code-link" href="([^"]*)"(?: tabindex="-1")?>(.*?)</a>')


def links(folder, page="page"):
    """Return the links of a page: what is linked, and where to."""
    found = LINK.findall(mini_site.page(folder, page))
    return [(unescape(re.sub("<[^>]*>", "", shown)), href) for href, shown in found]


EXPECTED = [
    ("kit.shapes", "api/shapes.html#module-kit.shapes"),
    ("Box", "api/shapes.html#kit.shapes.Box"),
    ("half", "api/more.html#kit.more.half"),
    ("make", "api/shapes.html#kit.shapes.make"),
    ("kit.more", "api/more.html#module-kit.more"),
    ("box", "api/shapes.html#kit.shapes.Box"),
    ("make", "api/shapes.html#kit.shapes.make"),
    ("halved", "api/more.html#kit.more.half"),
    ("make", "api/shapes.html#kit.shapes.make"),
    # the next block, a session, knows what the first one imported
    ("make", "api/shapes.html#kit.shapes.make"),
    ("box.grow", "api/shapes.html#kit.shapes.Shape.grow"),
    ("make", "api/shapes.html#kit.shapes.make"),
    ("area", "api/shapes.html#kit.shapes.Box.area"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("links")
    mini_site.build(folder, FILES)
    return folder


def test_names_in_code_lead_to_what_documents_them_and_words_of_strings_and_comments_do_not(site):
    assert links(site) == EXPECTED


def test_the_keyboard_stops_once_for_each_place(site):
    stops_at = re.findall(r'<a class="dl-code-link" href="([^"]*)">', mini_site.page(site, "page"))
    assert sorted(stops_at) == sorted({href for _, href in EXPECTED})


def test_the_keyboard_stops_in_code_that_is_open_before_code_that_is_folded():
    document = new_document("")
    hidden, seen, later = (nodes.literal_block(code_links={(0, 0, 4): "kit.make"}) for _ in range(3))
    hidden["code_links"][1, 0, 4] = "kit.half"
    document += [Fold("", hidden, open=False), Fold("", seen, open=True), later]
    assert stops(document) == {"kit.make": (seen, (0, 0, 4)), "kit.half": (hidden, (1, 0, 4))}


def test_an_example_of_the_library_leads_to_its_own_page(site):
    assert ("area", "#kit.shapes.Box.area") in links(site, "api/shapes")


def test_a_link_changes_nothing_of_the_code_around_it(site):
    blocks = re.findall(r"<pre>(.*?)</pre>", mini_site.page(site, "page"), re.S)
    shown = [unescape(re.sub("<[^>]*>", "", block)) for block in blocks]
    written = re.findall(r"^```\w+\n(.*?)^```", FILES["docs/page.md"], re.S | re.M)
    assert shown == written


def test_pages_that_are_only_written_again_keep_their_links(site):
    mini_site.build(site, {"conf.py": CONF.format(title="나중")})
    assert "나중" in mini_site.page(site, "page")
    assert links(site) == EXPECTED
    mini_site.build(site, {"templates/layout.html": '{% extends "!layout.html" %}'})
    assert links(site) == EXPECTED


def test_a_changed_library_is_heeded(tmp_path):
    mini_site.build(tmp_path, FILES)
    shapes = SHAPES.replace("def make(side: float) -> Box:", "def make(side: float) -> float:")
    mini_site.build(tmp_path, {"src/kit/shapes.py": shapes})
    assert [link for link in links(tmp_path) if link[0] in {"box", "box.grow", "area"}] == []


@pytest.fixture
def library(tmp_path):
    mini_site.write(tmp_path, FILES)
    return Library(tmp_path / "src")


@pytest.mark.parametrize(
    ("chain", "name"),
    [
        ("kit", "kit"),
        ("kit.shapes", "kit.shapes"),
        ("kit.shapes.half", "kit.more.half"),
        ("kit.shapes.make.()", "kit.shapes.Box"),
        ("kit.shapes.make.().grow.()", "kit.shapes.Shape"),
        ("kit.shapes.maybe.().area", "kit.shapes.Box.area"),
        ("kit.shapes.SQUARE", "kit.shapes.SQUARE"),
        ("kit.shapes.SQUARE.area", "kit.shapes.Box.area"),
        ("kit.shapes.nothing", None),
        ("kit.shapes.half.()", None),
        ("kit.shapes.make.area", None),
        ("numpy.zeros", None),
    ],
)
def test_a_chain_ends_where_the_sources_say(library, chain, name):
    thing = library.resolve(tuple(chain.split(".")))
    assert (thing and thing.name) == name


@pytest.mark.parametrize(
    ("code", "used"),
    [
        ("from a import f\nf(1)", ["a", "a.f", "a.f"]),
        ("import a.b as c\nc.d.e", ["a.b", "a.b.d.e"]),
        ("import a.b\na.b.c()", ["a.b", "a.b.c"]),
        ("from a import f\nf = 1\nf", ["a", "a.f"]),
        ("from a import f\ndef g(f):\n    f\nf", ["a", "a.f", "a.f"]),
        ("from a import f\n[f for f in f]\nf", ["a", "a.f", "a.f", "a.f"]),
        ("from a import f\nlambda f: f", ["a", "a.f"]),
        ("from a import f\nfor f in f():\n    f", ["a", "a.f", "a.f"]),
        ("from a import f\nwith f() as g:\n    g", ["a", "a.f", "a.f"]),
        ("from a import f\nx, y = f()\nx", ["a", "a.f", "a.f"]),
        ("from a import f\ndel f\nf", ["a", "a.f", "a.f"]),
        ("from a import f\nx = f().b\nx.c", ["a", "a.f", "a.f.().b", "a.f", "a.f.().b", "a.f.().b.c"]),
        ("from a import f\nx: f = 1\nx", ["a", "a.f", "a.f.()", "a.f", "a.f.()"]),
        ("from a import f\n(x := f()).b", ["a", "a.f", "a.f.()", "a.f", "a.f.().b"]),
        ("from a import f\nf(f, key=f)", ["a", "a.f", "a.f", "a.f", "a.f"]),
        ("from .a import f\nf", []),
        ("this is no Python", []),
    ],
)
def test_names_are_followed_from_their_imports(code, used):
    assert [".".join(use.chain) for use in Names().used_in(code)] == used


def test_places_are_told_in_letters():
    code = 'from a import 함수\n"한글", 함수(1).나, 함수\n'
    lines = code.split("\n")
    uses = Names().used_in(code)
    assert [lines[use.line][use.start : use.end] for use in uses] == ["a", "함수", "함수", "나", "함수"]


def test_every_link_of_the_pages_names_what_the_library_has():
    """What the site's pages import of the library is found by reading its sources."""
    library = Library(ROOT / "src")
    for path in sorted((ROOT / "docs").glob("*.md")):
        for name in re.findall(r"^from (dlnotes[\w.]*) import (\w+)", path.read_text(encoding="utf-8"), re.M):
            thing = library.resolve((*name[0].split("."), name[1]))
            assert thing is not None, (Path(path).name, *name)
