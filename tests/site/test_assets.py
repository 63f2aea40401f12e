"""One stylesheet and one script: what is used stays, the rest goes, and order and bytes stay as they were."""

import base64
import hashlib
import re
from types import SimpleNamespace

import pytest
from fontTools.ttLib import TTFont
from pages import ROOT
from sphinx.errors import ExtensionError

from dlnotes_site.bundle import assets, fallback, fonts
from dlnotes_site.bundle import css as stylesheets
from dlnotes_site.bundle.pages import WrittenPages

NAMES = {"p", "a", "html", "body", "data-theme", ".note", ".box", "#top", "li"}


def bundled(css, names=NAMES, scripts="", **more):
    sheets = {"site.css": css, **more}
    return stylesheets.bundle(list(sheets)[:1], sheets.__getitem__, names, scripts)


@pytest.mark.parametrize(
    "selector",
    [
        "p",
        ".note",
        "#top",
        "p.note > a:hover",
        "html[data-theme=light] .box",
        "p::before",
        "a:not(.nowhere)",
        ":is(.nowhere, .box) p",
        "*",
        "li:nth-child(2n + 1)",
        "P",
    ],
)
def test_a_rule_that_can_match_stays(selector):
    assert bundled(f"{selector} {{ color: red }}").endswith("{color:red}")


@pytest.mark.parametrize(
    "selector",
    [
        "table",
        ".top",
        "#note",
        "p .nowhere",
        "a[href]",
        ":is(.nowhere, table) p",
        ".box:has(> table)",
        "p.note.nowhere",
    ],
)
def test_a_rule_that_matches_nothing_goes(selector):
    assert bundled(f"{selector} {{ color: red }}") == ""


def test_of_a_list_only_the_selectors_that_can_match_stay():
    assert bundled("p, table, .note { color: red }") == "p,.note{color:red}"


def test_a_printed_page_keeps_its_margins_and_what_stands_in_them():
    page = "@page{size:A4;margin:18mm 16mm;@bottom-right{content:counter(page)}}"
    joined = bundled(f"{page} .gone{{color:red}}")
    assert "margin:18mm 16mm" in joined
    assert "@bottom-right{content:counter(page)}" in joined
    assert ".gone" not in joined


def test_groups_keep_what_is_kept_of_their_rules():
    css = (
        "@media (min-width: 9px) { p { color: red } table { color: red } } @media print { table { top: 0 } }"
    )
    assert bundled(css) == "@media (min-width:9px){p{color:red}}"


def test_custom_properties_stay_only_if_something_reads_them():
    css = "p { --a: 1px; --b: var(--c); --c: 2px; --d: ';}'; --e: 3px; top: var(--a) }"
    assert bundled(css, scripts="style.getPropertyValue('--e')") == "p{--a:1px;--e:3px;top:var(--a)}"


def test_animations_stay_only_if_something_starts_them():
    css = "@keyframes go { to { top: 0 } } @keyframes stay { to { top: 0 } } p { animation: go 1s }"
    assert bundled(css) == "@keyframes go{to{top:0}}p{animation:1s go}"


def test_icon_fonts_go_and_letters_stay():
    css = "@font-face { font-family: 'Font Awesome 7 Free' } @font-face { font-family: x; src: url(b) }"
    assert bundled(css) == "@font-face{font-family:x;src:url(b)}"


def test_sheets_are_joined_in_their_order_with_their_imports_first():
    sheets = {
        "a/one.css": '@import "../two.css"; a { top: 1px }',
        "two.css": "p { top: 2px }",
        "three.css": "li { top: 3px }",
    }
    joined = stylesheets.bundle(["a/one.css", "three.css"], sheets.__getitem__, NAMES)
    assert joined == "p{top:2px}a{top:1px}li{top:3px}"
    joined = stylesheets.bundle(["three.css", "a/one.css"], sheets.__getitem__, NAMES)
    assert joined == "li{top:3px}p{top:2px}a{top:1px}"


def test_addresses_start_from_the_joined_sheet():
    sheets = {"a/one.css": "p { mask: url(../b/x.svg), url('y.svg'), url(data:image/png,0) }"}
    joined = stylesheets.bundle(["a/one.css"], sheets.__getitem__, NAMES)
    value = "url(b/x.svg),url(a/y.svg),url(data:image/png,0)"
    assert joined == f"p{{-webkit-mask:{value};mask:{value}}}"


def test_what_stands_for_older_browsers_stays():
    assert bundled("p { height: 100vh; height: 100dvh }") == "p{height:100vh;height:100dvh}"


def test_text_in_quotes_and_calculations_keep_their_spaces():
    css = "p { content: 'a  ,  b'; width: calc( 1px  +  2em ); font: 1px / 2 a , b !important }"
    assert "'a  ,  b'" in bundled(css).replace('"', "'")
    assert "calc(1px + 2em)" in bundled(css)
    assert bundled(css).endswith("font:1px/2 a,b!important}")


def test_without_scripts_the_dark_follows_the_system():
    css = 'html[data-theme="dark"] p { color: white }'
    assert bundled(css) == (
        "html[data-theme=dark] p{color:#fff}"
        "@media screen and (scripting:none) and (prefers-color-scheme:dark)"
        "{html[data-theme=light] p{color:#fff}}"
    )


# --- pages --------------------------------------------------------------------------------------------


def page(head="", body="", start="./"):
    start = "" if start == "./" else start
    return (
        '<html lang="ko">\n<head>\n<meta charset="utf-8" />\n<script>early( 1 )</script>\n'
        f'<link rel="stylesheet" href="{start}_static/a.css?v=1" />\n'
        f"{head}</head>\n<body>\n{body}\n</body></html>"
    )


def test_a_page_links_one_sheet_and_one_script():
    html = page(
        '<link href="_static/b.css" media="print" rel="stylesheet"/>\n'
        '<script src="_static/a.js?v=2"></script>\n'
        "<script>let hint = 1;</script>\n",
        '<p>글</p><script src="_static/unused.js"></script>',
    )
    read = assets.PageLinks(html, ["unused.js"])
    assert read.sheets == ["a.css", "b.css print"]
    assert read.scripts == ["a.js", "\nlet hint = 1;"]
    assert re.findall(r"<link[^>]*>", read.html) == ['<link rel="stylesheet" href="_static/site-0.css">']
    assert re.findall(r"<script[^>]*src[^>]*>", read.html) == [
        '<script defer src="_static/site-0.js">',
    ]


@pytest.mark.parametrize("start", ["", "../", "../../", "/", "/dlnotes/"])
def test_a_page_at_any_depth_finds_the_bundles(start):
    html = assets.PageLinks(page(start=start), []).html
    assert f'href="{start}_static/site-0.css"' in html
    assert f'src="{start}_static/site-0.js"' in html


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="stylesheet" href="https://cdn.example/a.css">',
        '<script src="https://cdn.example/a.js"></script>',
        '<script src="//cdn.example/_static/a.js"></script>',
    ],
)
def test_a_page_that_links_another_host_is_an_error(head):
    with pytest.raises(ExtensionError, match=r"from elsewhere: .*cdn\.example"):
        assets.PageLinks(page(head), [])


def test_the_policy_comes_first_and_names_the_scripts_that_stay_and_no_others():
    html = assets.PageLinks(page('<script type="application/ld+json">{"a": 1}</script>'), []).html
    policy = re.search(
        r'<meta charset="utf-8" />\n<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html
    )
    (source,) = re.findall(r"<script>(.*?)</script>", html)
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    assert re.findall(r"'sha256-([^']*)'", policy[1]) == [digest]
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert "http" not in policy[1].replace("http-equiv", "")
    assert '{"a": 1}' in html


def test_a_style_becomes_a_class():
    read = assets.PageLinks(page(body='<td style="top: 0" class="a">1</td><path d="M0" style="top: 0"/>'), [])
    ((name, style),) = read.styles.items()
    assert style == "top: 0"
    assert f'<td class="a {name}">1</td><path class="{name}" d="M0"/>' in read.html


def test_code_keeps_its_lines_and_the_rest_loses_blank_ones():
    html = assets.PageLinks(page(body="<p>가\n\n   나</p><pre>a\n\n    b</pre>"), []).html
    assert "<p>가\n나</p><pre>a\n\n    b</pre>" in html


def test_names_are_told_apart():
    names = assets.names_in('<P class="a b" ID="c" hidden>text</P><script>x.className = "d-e"</script>')
    assert {"p", "class", "id", "hidden", ".a", ".b", "#c", ".d-e"} <= names
    assert not {".c", "#a", "a", ".text", "text", ".x"} & names


def test_words_of_scripts_are_those_of_strings_and_of_what_is_assigned():
    words = assets.names_in_script(
        "const gone = `<b class='k'>`; root.dataset.darkMode = 1; a.hidden = true; f == 2"
    )
    assert {".k", "b", "class", "data-dark-mode", "hidden"} <= words
    assert not {"gone", "f", "root"} & words


def join_links(folder):
    pages = WrittenPages(folder / "html")
    assert not pages.unknown
    assets.join_links(pages, [])


def build(folder, **pages):
    static = folder / "html" / "_static"
    static.mkdir(parents=True, exist_ok=True)
    (static / "a.css").write_text("p { top: 0 } .new { top: 1px } .old { top: 2px }")
    (static / "a.js").write_text("// says\nlet a = 1;\n")
    for name, html in pages.items():
        (folder / "html" / f"{name}.html").write_text(html, encoding="utf-8")
    join_links(folder)
    return {path.name: path.read_bytes() for path in sorted((folder / "html").rglob("*.*")) if path.is_file()}


SCRIPT = '<script src="_static/a.js"></script>'


def test_equal_pages_give_equal_bytes(tmp_path):
    pages = {name: page(SCRIPT, f"<p>{name}</p>") for name in "abc"}
    assert build(tmp_path / "1", **pages) == build(tmp_path / "2", **pages)


def test_an_edited_page_gives_what_a_build_from_nothing_gives(tmp_path):
    first = {"one": page(SCRIPT, '<p class="old">1</p>'), "two": page(SCRIPT, "<p>2</p>")}
    edited = {"one": page(SCRIPT, '<p class="new">1</p>')}
    build(tmp_path / "1", **first)
    assert build(tmp_path / "1", **edited) == build(tmp_path / "2", **first | edited)


def test_nothing_is_written_when_nothing_changed(tmp_path):
    build(tmp_path, one=page(SCRIPT, "<p>1</p>"))
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "html").rglob("*.html")}
    join_links(tmp_path)
    assert times == {path: path.stat().st_mtime_ns for path in times}


def test_the_bundle_is_named_by_its_content(tmp_path):
    made = build(tmp_path, one=page(SCRIPT, "<p>1</p>"))
    for name, content in made.items():
        if name.startswith("site-"):
            assert name.split(".")[0] == "site-" + hashlib.sha256(content).hexdigest()[:10]
            assert name.encode() in made["one.html"]


# --- the fallback font ---------------------------------------------------------------------------------


def test_blanks_are_as_wide_and_as_high_as_the_letters(tmp_path):
    original = TTFont(fallback.FONT)
    (tmp_path / "blank.woff2").write_bytes(fallback.blanks(fallback.FONT))
    blank = TTFont(tmp_path / "blank.woff2")
    theirs, ours = original.getBestCmap(), blank.getBestCmap()
    for letter in "aW1.( 한글힣가·’":
        width = original["hmtx"][theirs[ord(letter)]][0]
        assert blank["hmtx"][ours[ord(letter)]][0] == width
    assert set(fallback.SYLLABLES) <= set(ours)
    for name in ("ascent", "descent", "lineGap"):
        assert getattr(blank["hhea"], name) == getattr(original["hhea"], name)
    assert len((tmp_path / "blank.woff2").read_bytes()) < 1200


def test_korean_letters_that_the_font_lacks_are_told_and_others_are_the_readers_own():
    has = {ord(letter) for letter in "가나a"}
    assert fallback.lacking(map(ord, "가나a쀍語∂ᵢ\n"), has) == ["語", "쀍"]


def test_ranges_name_each_letter_once():
    assert fallback.ranges([3, 1, 2, 7]) == "U+1-3, U+7"


def test_every_letter_has_a_face_and_the_landing_pages_letters_need_one_file():
    css = fallback.faces({ord("가"), ord("a")}, {ord("나"), ord("∂")})
    faces = re.findall(
        r'family: "([^"]*)";\s*src: url\("fonts/(\w+)\.woff2"\).*?unicode-range: ([^;]*)', css, re.S
    )
    # the later face wins
    assert faces[:2] == [
        ("dlnotes fallback", "rest", "U+2202, U+AC00-D7A3"),
        ("dlnotes fallback", "first", "U+61, U+AC00"),
    ]
    assert faces[2:] == [
        ("dlnotes fallback hangul", "rest", "U+AC00-D7A3"),
        ("dlnotes fallback hangul", "first", "U+AC00"),
    ]


def write_fonts(folder, words):
    app = SimpleNamespace(outdir=folder / "html", config=SimpleNamespace(root_doc="index"))
    (folder / "html").mkdir(exist_ok=True)
    (folder / "html" / "index.html").write_text(words, encoding="utf-8")
    pages = WrittenPages(folder / "html", {"letters": fallback.letters_in})
    pages.read()
    fallback.write_fonts(app, pages)


def test_a_korean_letter_that_the_font_lacks_fails_the_build(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(fallback.logger, "warning", lambda message, *parts: told.append(message % parts))
    monkeypatch.setattr(fonts, "cut", lambda *_: b"")
    for words, missing in (("글 ∂ᵢ", []), ("글 쀍", ["쀍"])):
        write_fonts(tmp_path, words)
        assert [letter for line in told for letter in re.findall(r"has no (.) \(U\+", line)] == missing


def test_the_letters_are_there_after_an_edit_and_after_it_is_undone(tmp_path, monkeypatch):
    cut, cuts = fonts.cut, []
    monkeypatch.setattr(fonts, "cut", lambda *all: cuts.append(all) or cut(*all))
    static = tmp_path / "html" / "_static"
    for words, made in (("글", 2), ("말", 1), ("말", 0), ("글", 1)):
        cuts.clear()
        write_fonts(tmp_path, words)
        assert len(cuts) == made, "a font is made anew only when its letters changed"
        assert len(list((tmp_path / "letters").glob("*.woff2"))) == 2, "and the older one goes"
        named = set(re.findall(r'url\("([^"]*)"\)', (static / "fallback.css").read_text()))
        assert len(named) == 2
        assert named == {f"fonts/{path.name}" for path in (static / "fonts").glob("*.woff2")}


def on_screen(rules):
    """Leave out what is for paper alone: a browser does not look at it till it prints."""
    return re.sub(r"@media print \{.*?\n\}", "", rules, flags=re.DOTALL)


@pytest.mark.parametrize("sheet", sorted((ROOT / "docs" / "_ext").rglob("*.css")), ids=lambda path: path.stem)
def test_what_holds_the_page_is_not_asked_what_it_has(sheet):
    rules = on_screen(sheet.read_text(encoding="utf-8"))
    asked = re.findall(r"(?<![\w-])(?:html|body|\.bd-[\w-]+)[^\s{},]*:has\([^{]*", rules)
    assert not asked, f"{asked}: a browser looks the whole page through at every change of it"
