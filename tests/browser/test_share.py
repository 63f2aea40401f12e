"""공유하는 링크, 검색 엔진과 기계가 읽는 것, 없는 주소."""

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from asked import QUESTIONS
from shared_rules import Head, faults_of_data, faults_of_feed
from visiting import path_of

ROOT = Path(__file__).resolve().parents[2]
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
MISSING = "404.html"


@pytest.fixture(scope="session")
def heads(site):
    return {path: Head(site.text(path)) for path in site.pages if not path.startswith("_static")}


@pytest.fixture(scope="session")
def base(heads):
    """사이트가 놓일 주소."""
    return heads["index.html"].linked("canonical")[0]


def test_every_page_has_a_title_a_description_a_viewport_an_icon_and_the_feed(heads):
    for path, head in heads.items():
        assert head.title.strip(), path
        assert len(head.meta["description"]) == 1, path
        assert len(head.meta["description"][0]) > 5, path
        assert "viewport" in head.meta, path
        assert head.linked("icon"), path
        kinds = [link["type"] for link in head.links if link.get("rel") == "alternate"]
        assert kinds == ["application/atom+xml", "application/json"][: 1 + (path == "index.html")], path


def test_every_page_but_the_missing_one_has_its_own_address_and_picture(heads, base, site):
    for path, head in heads.items():
        if path == MISSING:
            assert not head.linked("canonical")
            continue
        url = base if path == "index.html" else base + path
        assert head.linked("canonical") == [url] == head.meta["og:url"], path
        assert head.meta["og:locale"] == ["ko_KR"], path
        picture = site.folder / head.meta["og:image"][0].removeprefix(base)
        assert 0 < picture.stat().st_size < 60_000, path


def test_no_two_pages_with_a_source_describe_themselves_alike(heads):
    told = [head.meta["description"][0] for path, head in heads.items() if not path.startswith("_modules")]
    assert len(set(told)) == len(told)


def test_structured_data_follow_google_s_rules(heads):
    for path, head in heads.items():
        assert not faults_of_data(head), path
        assert len(head.data) == (path != MISSING), path


def test_every_page_of_answers_is_told_once_as_an_article(heads, base, site):
    told = [
        thing["mainEntityOfPage"]["@id"]
        for head in heads.values()
        for thing in head.things
        if "Article" in thing["@type"]
    ]
    assert sorted(told) == sorted(base + page for page in site.answers)


def test_no_page_is_kept_from_search_engines(heads, site):
    assert not [path for path, head in heads.items() if "noindex" in str(head.meta.get("robots"))]
    assert "Disallow" not in site.text("robots.txt")


def test_the_sitemap_lists_the_pages_that_have_a_source(heads, base, site):
    listed = [
        e.text for e in ElementTree.fromstring(site.text("sitemap.xml").encode()).findall(".//s:loc", MAP)
    ]
    made = {"genindex.html", "search.html", MISSING}
    wanted = {base + path for path in heads if path not in made and not path.startswith("_modules")}
    assert sorted(listed) == sorted(wanted - {base + "index.html"} | {base})


def test_the_feed_is_atom_and_tells_of_every_answer(base, site):
    text = site.text("feed.xml")
    assert not faults_of_feed(text.encode())
    for page in site.answers:
        assert f'href="{base}{page}"' in text


def test_llms_txt_leads_to_words_with_computed_values_and_no_markup(base, site):
    index = site.text("llms.txt")
    linked = re.findall(r"\]\((\S+?)\)", index)
    assert {f"{base}{page.removesuffix('.html')}.txt" for page in site.answers} <= set(linked)
    for url in linked:
        text = site.text(url.removeprefix(base))
        prose = re.sub(r"```.*?```|`[^`]*`|\$[^$]*\$|<https?:[^>]*>", "", text, flags=re.S)
        assert not re.search(r"\{eval\}|\{erratum\}|</?(div|span|button|svg|table|p)\b|코드 펼치기", prose), (
            url
        )
    for page in site.answers:
        text = site.text(page.removesuffix(".html") + ".txt")
        for part in ("**짧은 답**", "**질문**", "**선생님의 답**", "\n### 연습문제 ", "[그림] "):
            assert part in text, (page, part)


def test_every_exercise_of_a_text_is_followed_by_its_solution(site):
    for page in site.answers:
        heads = re.findall(
            r"^### (연습문제 \d+)( 풀이)?$", site.text(page.removesuffix(".html") + ".txt"), re.M
        )
        assert heads, page
        assert heads[::2] == [(number, "") for number, _ in heads[1::2]], page
        assert {solved for _, solved in heads[1::2]} == {" 풀이"}, page


def test_no_cell_that_only_draws_stands_in_the_texts(site):
    drawing = re.compile(r"```\{code-cell\}[^\n]*\n---\n((?:(?!---).)*?hide-input.*?)\n---\n(.*?)\n```", re.S)
    text, cells = site.text("llms-full.txt"), 0
    for source in (ROOT / "docs").glob("*.md"):
        for options, code in drawing.findall(source.read_text(encoding="utf-8")):
            if "figure:" in options:
                cells += 1
                assert f"```python\n{code.strip()}\n```" not in text, (source.name, code)
    assert cells > 90


DEPTHS = ("no-such-page.html", "api/no/such/page", "세임-패딩/보폭.html")


@pytest.mark.parametrize("path", DEPTHS)
def test_a_missing_address_shows_the_site_s_page_at_any_depth(visit, path):
    page = visit(path, width=360, forgive="404")
    page.wait_for_load_state("networkidle")
    assert visit.log[0].status == 404
    assert {request.status for request in visit.log[1:]} == {200}
    assert page.locator("h1").inner_text() == "글을 찾을 수 없습니다"
    assert page.locator("#missing li a").count() == len(QUESTIONS)
    page.locator("#missing li a", has_text="Z는 오타인가요").click()
    assert page.url.endswith("/reward-notation.html#q17")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("same-paddding.html", "same paddding"),
        ("api/no_such/index.html", "api no such"),
        ("%EC%84%B8%EC%9E%84-%ED%8C%A8%EB%94%A9", "세임 패딩"),
        ("404.html", ""),
    ],
)
def test_the_missing_page_looks_first_for_the_words_of_the_address(visit, path, words):
    page = visit(path, forgive="404")
    assert page.locator("#dl-missing-words").input_value() == words


@pytest.mark.parametrize("scripts", [True, False])
def test_the_missing_page_searches(visit, scripts):
    page = visit("a/b/missing", scripts=scripts, forgive=["404", "csp$"])
    page.context.route("**/search.html?*", lambda route: route.fulfill(body="<title>검색</title>"))
    page.locator("#dl-missing-words").fill("패딩")
    page.locator("#missing form button").click()
    page.wait_for_url("**/search.html?*")
    assert path_of(page.url) == "search.html"
    assert "q=%ED%8C%A8%EB%94%A9" in page.url


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("asked", ["q04", "q17"])
def test_a_short_address_leads_to_its_question(visit, asked, scripts):
    page = visit(f"{asked}/", scripts=scripts, whole=False)  # it goes on by itself
    page.wait_for_url(f"**/*.html#{asked}")
    assert page.locator(f"#{asked}").count() == 1


def test_every_question_has_a_short_address_that_is_cited(base, site):
    cited = "".join(map(site.text, site.answers))
    for asked in QUESTIONS:
        assert f"#{asked}" in site.text(f"{asked}/index.html")
        assert f"{base}{asked}/" in cited


def test_descriptions_are_escaped_once(heads):
    for path, head in heads.items():
        said = head.meta["description"][0]
        assert unescape(said) == said, path
