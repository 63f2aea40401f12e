"""What a page tells those who share it, list it or read it by machine."""

import datetime
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import mini_site
import pytest
from PIL import Image
from shared_rules import Head, faults_of_data, faults_of_feed, types
from sphinx.errors import ConfigError, ExtensionError

from dlnotes_site.data import load
from dlnotes_site.export.words import read_out
from dlnotes_site.share import cards, drawing
from dlnotes_site.share.address import DEFAULT, address, path_of_missing_pages, report_address, repository
from dlnotes_site.share.cards import Card
from dlnotes_site.share.drawing import draw
from dlnotes_site.share.news import read_news
from dlnotes_site.share.structured_data import Site, article, breadcrumbs, script, webpage

BASE = "https://example.org/site/"
CONF = f"""
project, author, language = "dlnotes", "dlnotes contributors", "ko"
extensions = ["myst_parser", *("dlnotes_site.share." + part for part in ("head", "missing", "files"))]
myst_enable_extensions = ["colon_fence", "dollarmath"]
html_title = "dlnotes: 물음과 답"
html_baseurl = {BASE!r}
html_copy_source = False
suppress_warnings = ["myst.header"]
"""
ANSWER = """---
description: 설명 하나 "따옴표"와 <꺾쇠>.
---
# 패딩의 글

""" + mini_site.answer(
    "q01",
    "Q01. 패딩은 </script> 왜 <b>덧대나요</b>?",
    ":next: q02 q03\n\n크기를 $\\lceil n/s\\rceil$으로 맞추려고 덧댑니다. $a<b$ & c\\</script>입니다.",
)
OTHER = (
    """# 다른 글

"""
    + mini_site.answer(
        "q02", "Q02. 둘째는 무엇인가요?", ":next: q01 q03\n\n첫째 다음입니다. 더 할 말이 있습니다."
    )
    + """
"""
    + mini_site.answer("q03", "Q03. 셋째는요?", ":next: q01 q02\n\n둘째 다음입니다.")
)
INDEX = """---
description: 물음에 답합니다.
---
# 첫 화면

```{toctree}
:caption: 주제
page
other
plain
```
"""
OTHER_NEWS = "- {date: 2026-11-23, page: other, kind: new, said: 둘에 답했습니다.}\n"
NEWS = (
    """# 소식
- {date: 2026-11-22, page: page, kind: new, said: 답했습니다.}
"""
    + OTHER_NEWS
    + """- {date: 2026-12-01, page: page, kind: corrected, said: 고쳤습니다.}
"""
)
CARD = Card("page", "주제", "패딩은 왜 덧대나요?", (), "dlnotes · 물음과 답")


FILES = {
    "conf.py": CONF,
    "index.md": INDEX,
    "page.md": ANSWER,
    "other.md": OTHER,
    "plain.md": "# 기호표\n\n이 글은 기호를 모았습니다.\n\n뒤따르는 문단입니다.\n",
    "news.yml": NEWS,
}


def build(folder, files, *options):
    mini_site.build(folder, files, *options)
    return mini_site.site(folder)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return build(tmp_path_factory.mktemp("site"), FILES)


def head(site, page):
    return Head((site / page).read_text(encoding="utf-8"))


# --- the head of a page ---------------------------------------------------------------------------

PAGES = {"index", "page", "other", "plain", "genindex", "search"}


def test_every_page_says_what_it_is_and_where(built):
    titles, descriptions = set(), set()
    for page in PAGES:
        found = head(built, f"{page}.html")
        url = BASE if page == "index" else f"{BASE}{page}.html"
        assert found.linked("canonical") == found.meta["og:url"] == [url]
        assert found.meta["description"] == found.meta["og:description"]
        assert found.meta["og:image:width"] == ["1200"]
        assert found.meta["og:image:alt"][0]
        assert found.linked("alternate") == ["feed.xml"]
        assert (built / found.meta["og:image"][0].removeprefix(BASE)).is_file()
        titles.add(found.meta["og:title"][0])
        descriptions.add(found.meta["description"][0])
    assert len(titles) == len(descriptions) == len(PAGES)


def test_a_description_is_the_page_s_own_or_its_answer_s_gist_or_how_it_begins(built):
    told = {page: head(built, f"{page}.html").meta["description"][0] for page in PAGES}
    assert told["page"] == '설명 하나 "따옴표"와 <꺾쇠>.'
    assert told["other"] == "첫째 다음입니다. 더 할 말이 있습니다."
    assert told["plain"] == "이 글은 기호를 모았습니다."


def test_a_page_with_one_question_is_shared_under_that_question(built):
    assert head(built, "page.html").meta["og:title"] == ["패딩은 </script> 왜 <b>덧대나요</b>?"]
    assert head(built, "other.html").meta["og:title"] == ["다른 글"]


def test_answers_are_articles_with_their_days(built):
    found = head(built, "page.html").meta
    assert found["og:type"] == ["article"]
    assert (found["article:published_time"], found["article:modified_time"]) == (
        ["2026-11-22"],
        ["2026-12-01"],
    )
    assert head(built, "plain.html").meta["og:type"] == ["website"]


def test_the_missing_page_has_no_address_of_its_own(built):
    found = head(built, "404.html")
    assert found.meta["description"]
    assert not found.linked("canonical")
    assert "og:url" not in found.meta
    assert found.linked("alternate") == ["/en/latest/feed.xml"]  # the library's default: links are absolute


# --- structured data ------------------------------------------------------------------------------


@pytest.mark.parametrize("page", sorted(PAGES))
def test_structured_data_follow_google_s_rules(built, page):
    found = head(built, f"{page}.html")
    assert len(found.data) == 1
    assert not faults_of_data(found)


def test_a_page_of_answers_is_an_article_with_its_way_and_its_days(built):
    things = {str(thing["@type"]): thing for thing in head(built, "page.html").things}
    told = things["['Article', 'LearningResource']"]
    assert told["mainEntityOfPage"] == {"@id": things["WebPage"]["@id"]} == {"@id": f"{BASE}page.html"}
    assert told["headline"] == "패딩은 </script> 왜 <b>덧대나요</b>?"
    assert told["articleSection"] == "주제"
    assert (told["datePublished"], told["dateModified"]) == ("2026-11-22", "2026-12-01")
    steps = [(step["name"], step["item"]) for step in things["BreadcrumbList"]["itemListElement"]]
    assert steps == [("dlnotes", BASE), ("패딩의 글", f"{BASE}page.html")]


@pytest.mark.parametrize(
    ("page", "kinds"),
    [
        ("index", {"WebSite", "WebPage"}),
        ("plain", {"WebSite", "WebPage", "BreadcrumbList"}),
        ("other", {"WebSite", "WebPage", "Article", "BreadcrumbList"}),
    ],
)
def test_a_page_is_told_as_what_it_is_and_as_nothing_more(built, page, kinds):
    (text,) = head(built, f"{page}.html").data
    told = [types(thing) for thing in json.loads(text)["@graph"]]
    assert set().union(*told) - {"LearningResource"} == kinds
    assert len(told) == len(kinds)


def test_nothing_in_the_data_ends_its_script():
    text = script([{"@type": "Question", "name": "</script><!--<script>&\u2028"}])
    inside = text[text.index(">") + 1 : text.rindex("<")]
    assert not set("<>&\u2028") & set(inside)
    assert json.loads(inside)["@graph"][0]["name"] == "</script><!--<script>&\u2028"


SITE = Site(BASE, "dlnotes", "dlnotes: 물음과 답", "답합니다.", "ko", "dlnotes contributors")


PICTURE = {"@type": "ImageObject", "url": f"{BASE}card.png"}
DAY = datetime.date(2026, 11, 22)


def faulty(**changes):
    page = webpage(SITE, BASE, "글", "설명")
    told = article(SITE, page, "주제", PICTURE, (DAY, DAY))
    way = breadcrumbs([("첫 화면", BASE), ("글", f"{BASE}page.html")])
    return faults_of_data(Head(script([page, {**told, **changes.pop("article", {})}, {**way, **changes}])))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"@type": "FAQPage"}, "FAQPage: search engines no longer show"),
        ({"article": {"@type": "QAPage"}}, "visitors can answer"),
        ({"article": {"url": "page.html"}}, "not absolute"),
        ({"article": {"author": {"@type": "Organization", "name": "왜?"}}}, "Organization lacks url"),
        ({"article": {"headline": r"$\beta$"}}, "not readable"),
        ({"article": {"description": "원래 표기: 값"}}, "not readable"),
        ({"article": {"datePublished": "어제"}}, "no day"),
        ({"itemListElement": []}, "BreadcrumbList: positions []"),
    ],
)
def test_the_rules_find_what_is_wrong(changes, fault):
    assert not faulty()
    assert any(fault in found for found in faulty(**changes))


@pytest.mark.parametrize(
    ("latex", "read"),
    [
        (r"\beta_1<\sqrt{\beta_2}", "β_1<√(β_2)"),
        (r"\delta_t h_{t-1}^\top", "δ_t h_{t-1}^⊤"),
        (r"p=\frac{f-1}{2}", "p=(f-1)/2"),
        (r"\tfrac12", "1/2"),
        (r"\arg\max", "arg max"),
        (r"W_\text{in}", "W_in"),
        (r"224\times224", "224×224"),
    ],
)
def test_a_formula_is_read_out_as_text(latex, read):
    assert read_out(latex) == read


# --- addresses ------------------------------------------------------------------------------------


def test_the_address_has_one_default_and_one_closing_slash():
    assert address(None) == address("") == DEFAULT
    assert address("https://example.org/a") == address("https://example.org/a/") == "https://example.org/a/"


@pytest.mark.parametrize(
    "wrong",
    ["example.org", "ftp://example.org/", "https:///a", "https://a b.org", "https://a.org/?x", "https://[a"],
)
def test_what_is_no_address_is_refused_by_name(wrong):
    with pytest.raises(ConfigError, match="DLNOTES_URL must be the site's address"):
        address(wrong)


def test_the_missing_page_s_links_begin_where_the_site_stands():
    assert path_of_missing_pages("https://example.org/a/b") == "/a/b/"
    assert path_of_missing_pages("https://example.org") == path_of_missing_pages(None) == "/"


def test_the_repository_is_the_one_given_or_the_project_s_own_or_none(tmp_path):
    project = tmp_path / "pyproject.toml"
    project.write_text('[project]\nname = "x"\n', encoding="utf-8")
    assert repository(None, project) == repository("", project) == ""
    assert repository("https://github.com/a/b/", project) == "https://github.com/a/b"
    project.write_text('[project.urls]\nRepository = "https://example.org/c"\n', encoding="utf-8")
    assert repository("", project) == "https://example.org/c"
    with pytest.raises(ConfigError, match="DLNOTES_REPOSITORY must be the address of the repository"):
        repository("github.com/a/b", project)


def test_a_fault_is_reported_with_the_place_whatever_letters_it_has():
    address = report_address("https://example.org/a", "C# & β₁ = 0?", "https://example.org/a/b.html#q01")
    place, _, asked = address.partition("?")
    assert place == "https://example.org/a/issues/new"
    said = dict(parse_qsl(asked, strict_parsing=True))
    assert said["title"] == "틀린 곳: C# & β₁ = 0?"
    assert said["body"].startswith("https://example.org/a/b.html#q01\n")


# --- the site's files -----------------------------------------------------------------------------


def addresses(site):
    urls = ElementTree.parse(site / "sitemap.xml").getroot()
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    return {u.findtext("s:loc", namespaces=names): u.findtext("s:lastmod", namespaces=names) for u in urls}


def test_the_sitemap_lists_what_has_a_source_with_days_that_are_known(built):
    assert addresses(built) == {
        BASE: "2026-12-01",
        f"{BASE}other.html": "2026-11-23",
        f"{BASE}page.html": "2026-12-01",
        f"{BASE}plain.html": None,
    }
    assert f"Sitemap: {BASE}sitemap.xml" in (built / "robots.txt").read_text()


def test_the_feed_is_atom_with_the_newest_first(built):
    text = (built / "feed.xml").read_text(encoding="utf-8")
    assert not faults_of_feed(text)
    titles = [
        element.text for element in ElementTree.fromstring(text).iter("{http://www.w3.org/2005/Atom}title")
    ]
    assert titles == ["dlnotes: 물음과 답", "고친 글: 패딩의 글", "새 글: 다른 글", "새 글: 패딩의 글"]
    assert "크기를 ⌈n/s⌉으로 맞추려고" in text
    contents = [e.text for e in ElementTree.fromstring(text).iter("{http://www.w3.org/2005/Atom}content")]
    assert contents[0] == (
        "<p>고쳤습니다.</p>"
        f'<h2><a href="{BASE}page.html#q01">패딩은 &lt;/script&gt; 왜 &lt;b&gt;덧대나요&lt;/b&gt;?</a></h2>'
        "<p>크기를 ⌈n/s⌉으로 맞추려고 덧댑니다. a&lt;b &amp; c&lt;/script&gt;입니다.</p>"
    )
    assert faults_of_feed(
        text.replace("tag:dlnotes.github.io,2026:page/new/2026-11-22", "tag:dlnotes.github.io,2026:feed")
    )


def test_machines_get_the_words_of_the_answers(built):
    index = (built / "llms.txt").read_text(encoding="utf-8")
    assert index.startswith("# dlnotes: 물음과 답\n\n> 물음에 답합니다.\n")
    assert f"## 주제\n\n- [패딩의 글]({BASE}page.txt): 설명 하나" in index
    page = (built / "page.txt").read_text(encoding="utf-8")
    assert page.startswith(f"# 패딩의 글\n\n<{BASE}page.html>\n\n## Q01. ")
    for part in ("**짧은 답**", "**질문**", "**선생님의 답**", "**세 줄 요약**", r"$\lceil n/s\rceil$"):
        assert part in page
    assert page.strip() in (built / "llms-full.txt").read_text(encoding="utf-8")


# --- builds ---------------------------------------------------------------------------------------


def contents(site):
    """Return all files but Sphinx's own search index, which numbers the titles as it meets them."""
    files = (f for f in site.rglob("*") if f.is_file() and ".doctrees" not in f.parts)
    files = (file for file in files if file.name != "searchindex.js")
    return {str(file.relative_to(site)): file.read_bytes() for file in files}


def test_a_changed_page_leaves_the_same_site_as_a_build_of_all(tmp_path):
    changed = {"page.md": ANSWER.replace("왜 <b>덧대나요</b>", "왜 두나요")}
    step = build(tmp_path / "step", FILES, "-j", "2")
    before = head(step, "page.html").meta["og:image"]
    untouched = step / "plain.html"
    (step / "gone.txt").write_text("the text of a page that an earlier build had")
    written = untouched.stat().st_mtime_ns
    build(tmp_path / "step", changed, "-j", "2")
    assert head(step, "page.html").meta["og:image"] != before
    assert untouched.stat().st_mtime_ns == written, "what did not change is not written again"

    assert contents(step) == contents(build(tmp_path / "once", FILES | changed))


def test_a_page_is_written_again_when_only_its_news_changed(tmp_path):
    build(tmp_path, FILES)
    site = build(tmp_path, {"news.yml": NEWS.replace("2026-12-01", "2026-12-24")})
    assert head(site, "page.html").meta["article:modified_time"] == ["2026-12-24"]


def test_a_page_is_written_again_when_the_site_moves(tmp_path):
    build(tmp_path, FILES)
    site = build(tmp_path, {}, "-D", "html_baseurl=https://example.com/")
    assert head(site, "page.html").linked("canonical") == ["https://example.com/page.html"]


@pytest.mark.builds
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("page: other", "page: plain", "'plain' is no page of answers"),
        ("page: other", "page: nowhere", "'nowhere' is no page of answers"),
        (
            "- {date: 2026-11-23, page: other, kind: new, said: 둘에 답했습니다.}\n",
            "",
            "give it one entry of the kind new",
        ),
        ("kind: corrected", "kind: new", "it has 2"),
    ],
)
def test_news_that_do_not_fit_the_pages_fail_the_build(tmp_path, old, new, message):
    done = mini_site.attempt(tmp_path, FILES | {"news.yml": NEWS.replace(old, new)})
    assert done.returncode != 0
    assert message in done.stderr
    assert "Extension error" not in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2026-12-01", "어제", "news.yml:4: date must be a day"),
        ("kind: corrected", "kind: changed", "news.yml:4: kind 'changed' is none of new, corrected"),
        ("said: 고쳤습니다.", "said: 고침", "news.yml:4: said must be a sentence"),
        (", said: 고쳤습니다.", "", "news.yml:4: lacks said"),
    ],
)
def test_news_are_refused_with_file_and_line(tmp_path, old, new, message):
    path = tmp_path / "news.yml"
    path.write_text(NEWS.replace(old, new), encoding="utf-8")
    with pytest.raises(ExtensionError, match=message):
        load(path, read_news)


# --- pictures -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def picture():
    return draw(CARD)


def test_a_picture_has_the_size_that_is_told_and_few_bytes(picture):
    image = Image.open(io.BytesIO(picture))
    assert image.size == cards.PIXELS == (1200, 630)
    assert image.mode == "P"
    assert len(picture) < 60_000
    assert picture == draw(CARD), "equal cards give equal bytes"


def test_a_picture_s_name_changes_with_what_it_says():
    assert replace(CARD, title="다른 물음인가요?").name != CARD.name == replace(CARD).name


def test_a_kept_card_that_is_broken_is_never_published(tmp_path, monkeypatch):
    monkeypatch.setattr(cards, "drawn", lambda card: card.title.encode())
    store, site = tmp_path / "store", tmp_path / "site"
    old = replace(CARD, title="앞의 물음인가요?")
    for card in (old, CARD):
        cards.write_cards({card.page: card}, store, site)
    (kept,) = store.rglob("*.png")
    kept.write_bytes(CARD.title.encode()[:5])
    cards.write_cards({CARD.page: CARD}, store, site)
    assert {path.name: path.read_bytes() for path in site.iterdir()} == {CARD.name: CARD.title.encode()}
    assert [path.read_bytes() for path in store.rglob("*.png")] == [CARD.title.encode()]
    cards.write_cards({}, store, site)
    assert not [*store.iterdir(), *site.iterdir()]


def test_matplotlib_is_loaded_only_where_a_card_is_to_be_drawn(tmp_path):
    code = f"""
import sys
from pathlib import Path
import dlnotes_site.share.head
from dlnotes_site.kept import get_or_make
from dlnotes_site.share.cards import Card, write_cards
card = {CARD!r}
store, site = Path("store"), Path("site")
get_or_make(store / card.short, "*.png", [card.digest], lambda: b"kept")
write_cards({{card.page: card}}, store, site)
assert (site / card.name).read_bytes() == b"kept"
assert not {{"matplotlib", "PIL"}} & set(sys.modules)
"""
    path = {**os.environ, "PYTHONPATH": str(mini_site.EXTENSIONS)}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=path, check=True)


def test_the_picture_that_pages_share_keeps_its_name(built):
    assert replace(CARD, named_alike=True).name == replace(CARD, title="다른", named_alike=True).name
    assert head(built, "plain.html").meta["og:image"] == [f"{BASE}_static/cards/index.png"]


def test_lines_break_between_words_and_are_about_as_long():
    class Renderer:
        def get_text_width_height_descent(self, text, *_args, **_more):
            return 10 * drawing.UNIT * len(text), 20, 0

    text = "하나 둘 셋 넷 다섯 여섯 일곱 여덟 아홉 열"
    lines = drawing.fitted_lines(text, 20, 150, Renderer())
    assert lines == ["하나 둘 셋 넷 다섯", "여섯 일곱 여덟 아홉 열"], "not 14 letters and a rest of 8"
    assert drawing.fitted_lines("띄어쓰기없는낱말하나", 20, 60, Renderer()) == []


def test_letters_without_a_glyph_and_titles_without_room_are_refused():
    with pytest.raises(ValueError, match="no glyph for '𒀀'"):
        draw(replace(CARD, title="𒀀"))
    with pytest.raises(ValueError, match="has no room"):
        draw(replace(CARD, title="아주 긴 물음 " * 60))


def test_every_motif_is_a_page_s(built):
    from dlnotes_site.share.motifs import MOTIFS

    docs = Path(cards.__file__).parents[3]
    assert all((docs / f"{page}.md").is_file() for page in MOTIFS)
