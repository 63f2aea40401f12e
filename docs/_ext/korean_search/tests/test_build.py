import importlib.util
import json

import pytest
from project import PAGES, build, write

pytest.importorskip("sphinx")
THEMES = ["alabaster", *(name for name in ["pydata_sphinx_theme"] if importlib.util.find_spec(name))]


def index(html):
    text = (html / "_search" / "index.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix("koreanSearch.index(").removesuffix(")\n"))


def everything(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def site(tmp_path):
    return write(tmp_path)


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_of_the_stock_search_is_left(tmp_path, theme):
    html = build(write(tmp_path, theme))
    files = {path.name for path in html.rglob("*")}
    assert not files & {"searchindex.js", "searchtools.js", "language_data.js", "sphinx_highlight.js"}
    for page in html.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not any(name in text for name in ("searchindex", "searchtools", "language_data", "pst-search"))
        assert "_static/korean_search.js" in text
    assert "data-korean-search" in (html / "search.html").read_text(encoding="utf-8")


def test_a_script_that_another_extension_gives_one_page_stays(site):
    html = build(site)
    having = {p.name for p in html.glob("*.html") if "of-one-page.js" in p.read_text(encoding="utf-8")}
    assert having == {"index.html"}


def test_the_index_holds_the_pages_with_their_ranks_and_sections(site):
    pages = {name: rest for name, *rest in index(build(site))["pages"]}
    assert set(pages) == {"index", "padding", "gradient", "terms"}
    title, rank, _digest, sections = pages["padding"]
    assert (title, rank) == ("세임 패딩과 보폭", 1.0)
    assert "\n2odd\t홀수 필터" in sections
    assert pages["terms"][1] == 0.4


@pytest.mark.full
def test_two_builds_are_equal_to_the_byte_also_in_parallel(tmp_path):
    first = build(write(tmp_path / "1")) / "_search"
    second = build(write(tmp_path / "2"), "-j", "2") / "_search"
    assert everything(first) == everything(second)


def test_an_edit_reaches_the_index_and_rewrites_only_its_own_page(site):
    html = build(site)
    before = {path: path.stat().st_mtime_ns for path in (html / "_search" / "pages").glob("*.js")}
    source = site / "source" / "padding.rst"
    source.write_text(PAGES["padding"].replace("보폭이 하나일", "두루미가 하나일"), encoding="utf-8")
    html = build(site)
    assert "두루미" in (html / "_search" / "index.js").read_text(encoding="utf-8")
    changed = {path.stem for path, time in before.items() if path.stat().st_mtime_ns != time}
    assert changed == {"padding"}
    fresh = build(write(site / "fresh")) / "_search"
    source.write_text(PAGES["padding"], encoding="utf-8")
    assert everything(build(site) / "_search") == everything(fresh)


@pytest.mark.full
def test_a_page_that_is_gone_is_forgotten(site):
    build(site)
    (site / "source" / "gradient.rst").unlink()
    home = site / "source" / "index.rst"
    home.write_text(PAGES["index"].replace("   gradient\n", ""), encoding="utf-8")
    html = build(site)
    assert "gradient" not in [page[0] for page in index(html)["pages"]]
    assert not (html / "_search" / "pages" / "gradient.js").exists()


def test_a_page_that_is_left_out_is_nowhere(site):
    html = build(site)
    assert not (html / "_search" / "pages" / "hidden.js").exists()
    assert "비밀번호" not in (html / "_search" / "index.js").read_text(encoding="utf-8")
    assert "두더지" not in "".join(
        path.read_text(encoding="utf-8") for path in (html / "_search").rglob("*.js")
    )


@pytest.mark.full
def test_records_that_are_lost_are_made_again(site):
    html = build(site)
    whole = everything(html / "_search")
    for path in (site / "doctrees" / "korean_search").rglob("padding.json"):
        path.unlink()
    assert everything(build(site) / "_search") == whole


def test_a_weight_that_changes_is_felt_without_an_edit(site):
    build(site)
    conf = site / "source" / "conf.py"
    conf.write_text(conf.read_text(encoding="utf-8").replace('"quiet": 0', '"quiet": 1'), encoding="utf-8")
    assert "두더지" in (build(site) / "_search" / "index.js").read_text(encoding="utf-8")
