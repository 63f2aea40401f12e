"""What is kept between builds: never believed when broken, never half there, never read without need."""

import logging
import os

import mini_site
import pytest
from sphinx.util import logging as sphinx_logging

from dlnotes_site import kept
from dlnotes_site.bundle import assets, pages

PAGE = (
    '<html lang="ko"><head><meta charset="utf-8" /><link rel="stylesheet" href="_static/a.css" />'
    '<script src="_static/a.js"></script></head><body>{}</body></html>'
)


@pytest.fixture
def said(caplog):
    """What is told of broken files."""
    logger = logging.getLogger(sphinx_logging.NAMESPACE)
    before, logger.propagate = logger.propagate, True
    caplog.set_level("INFO", logger=sphinx_logging.NAMESPACE)
    yield lambda: [record.getMessage() for record in caplog.records]
    logger.propagate = before


@pytest.fixture
def site(tmp_path):
    """A site of two pages, joined."""
    mini_site.write(
        tmp_path / "html",
        {
            "_static/a.css": "p { top: 0 } .old { top: 1px } .new { top: 2px }",
            "_static/a.js": "let a = 1;",
            "one.html": PAGE.format('<p class="old" style="left: 0">1</p>'),
            "two.html": PAGE.format("<p>2</p>"),
        },
    )
    join(tmp_path)
    return tmp_path


def join(folder):
    written = pages.WrittenPages(folder / "html", {"letters": lambda html: str(len(html))})
    assert not written.unknown
    written.read()
    assets.join_links(written, [])


def files(folder):
    """Return what is published."""
    return {path: path.read_bytes() for path in sorted((folder / "html").rglob("*")) if path.is_file()}


def keep(folder, content=b"made", made_of=("a",)):
    made = []
    return kept.get_or_make(folder, "font-*.woff2", made_of, lambda: made.append(1) or content), bool(made)


# --- files --------------------------------------------------------------------------------------------


def test_what_is_kept_is_not_made_again(tmp_path):
    assert keep(tmp_path) == (b"made", True)
    assert keep(tmp_path, b"never") == (b"made", False)
    assert keep(tmp_path, b"other", ["b"]) == (b"other", True)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("broken", [b"", b"ma", b"made.", b"\0\0\0\0"])
def test_a_kept_file_that_is_broken_is_never_used(tmp_path, broken, said):
    keep(tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(broken)
    assert keep(tmp_path) == (b"made", True)
    assert said() == [f"dlnotes: 보관한 파일이 깨져 다시 만듭니다: {path}"]
    assert [other.read_bytes() for other in tmp_path.iterdir()] == [b"made"]


def test_a_build_killed_while_it_writes_leaves_no_half_file(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    kept.write_whole(path, "before")

    def kill(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", kill)
        with pytest.raises(KeyboardInterrupt):
            kept.write_whole(path, "after, and longer")
    assert path.read_text() == "before"
    kept.write_whole(path, "after")
    assert [other.read_text() for other in tmp_path.iterdir()] == ["after"]


# --- pages --------------------------------------------------------------------------------------------


def test_a_page_that_did_not_change_is_never_read_again(site, monkeypatch):
    def refuse(page):
        raise AssertionError(page.path)

    monkeypatch.setattr(pages.WrittenPage, "html", property(refuse))
    before = files(site)
    join(site)
    assert files(site) == before


def test_a_page_is_never_read_twice_in_a_build(site, monkeypatch):
    reads = []
    read = pages.Path.read_text

    def note(path, *options, **named):
        reads.append(path.name)
        return read(path, *options, **named)

    monkeypatch.setattr(pages.Path, "read_text", note)
    (site / "html" / "one.html").write_text(PAGE.format('<p class="new">1</p>'), encoding="utf-8")
    join(site)
    assert reads.count("one.html") == 1
    # It links the new stylesheet, too.
    assert reads.count("two.html") == 1


def test_a_style_of_an_unchanged_page_is_never_lost(site):
    (site / "html" / "two.html").write_text(PAGE.format("<p>3</p>"), encoding="utf-8")
    join(site)
    (sheet,) = (site / "html" / "_static").glob("site-*.css")
    assert "left:0" in sheet.read_text()
    assert ".old" in sheet.read_text()


@pytest.mark.parametrize("after", range(6))
def test_a_build_killed_while_it_joins_leaves_nothing_that_the_next_believes(site, after, monkeypatch):
    changed = {name: PAGE.format(f'<p class="new" style="left: 1px">{name}</p>') for name in ("one", "two")}
    for name, html in changed.items():
        (site / "html" / f"{name}.html").write_text(html, encoding="utf-8")
    replace, done = os.replace, []

    def kill(*paths):
        done.append(paths)
        if len(done) > after:
            raise KeyboardInterrupt
        replace(*paths)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", kill)
        with pytest.raises(KeyboardInterrupt):
            join(site)
    join(site)
    published = {path.name: text for path, text in files(site).items() if not path.name.startswith(".")}
    fresh = site / "fresh"
    mini_site.write(fresh / "html", {f"{name}.html": html for name, html in changed.items()})
    for name in ("a.css", "a.js"):
        mini_site.write(fresh / "html" / "_static", {name: published[name].decode()})
    join(fresh)
    assert published == {path.name: text for path, text in files(fresh).items()}


@pytest.mark.parametrize("spoil", [os.unlink, lambda path: os.truncate(path, 100)], ids=["gone", "cut off"])
def test_a_page_of_which_nothing_is_known_is_never_published(site, spoil):
    spoil(site / "assets" / "pages.json")
    assert [page.path.name for page in pages.WrittenPages(site / "html").unknown] == ["one.html", "two.html"]


CONF = """
extensions = ["korean_search", "dlnotes_site.bundle.assets"]
language = "ko"
html_css_files = ["own.css"]
html_static_path = ["own"]
"""
FILES = {
    "conf.py": CONF,
    "index.rst": "T\n=\n\n.. toctree::\n\n   page\n",
    "page.rst": 'P\n=\n\n.. raw:: html\n\n   <p class="own" style="left: 7px">말</p>\n',
    "own/own.css": ".own { top: 9px }",
}


@pytest.mark.parametrize("spoil", [os.unlink, lambda path: os.truncate(path, 100)], ids=["gone", "cut off"])
def test_a_site_whose_pages_are_unknown_is_written_anew_and_says_so(tmp_path, spoil):
    mini_site.build(tmp_path, FILES)
    before = files(tmp_path / "_build")
    assert "모르는" not in mini_site.build(tmp_path, {})
    spoil(tmp_path / "_build" / "assets" / "pages.json")
    assert "모르는 4쪽을 다시 씁니다" in mini_site.build(tmp_path, {})
    assert files(tmp_path / "_build") == before
