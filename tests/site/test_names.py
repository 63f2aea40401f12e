"""Pages whose names an address cannot hold as they are, and builders other than the site's."""

import json
import re
from html import unescape
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.etree import ElementTree
from zipfile import ZipFile

import mini_site
import pytest
from shared_rules import Head, faults_of_feed

BASE = "https://example.org/site/"
NAMES = ("C#", "세임 패딩", "a&b", "100%")
CONF = f"""
project, author, copyright, version, language = "dlnotes", "dlnotes contributors", "2026", "1", "ko"
extensions = ["myst_nb", "sphinx_exercise", "sphinxcontrib.bibtex", "dlnotes_site", "korean_search"]
exclude_patterns = ["_build"]
bibtex_bibfiles = []
myst_enable_extensions = ["colon_fence", "dollarmath"]
nb_execution_mode = "off"
nb_custom_formats = {{".md": ("dlnotes_site.execution.read_page", {{}}, False)}}
html_math_renderer = "mathml"
html_theme = "sphinx_book_theme"
html_title = "dlnotes: 물음과 답"
html_baseurl = {BASE!r}
html_copy_source = False
html_sidebars = {{"**": ["sidebar-nav-bs.html"]}}
"""
INDEX = """---
description: 물음에 답합니다.
---
# 첫 화면

```{search-field}
```

```{question-index}
```

```{toctree}
:caption: 주제

"""
REST = """
## 더 깊이

### 더

더 봅니다.

```python
1 + 1
```

$$x_1 = 2$$

## 검증 노트

:::{{verdicts}} {0}
맞습니다.
:::
"""


def page_of(number):
    """Write the page of a question, which leads on to two others."""
    names = [f"q{each + 1:02}" for each in range(len(NAMES))]
    own = names[number]
    onward = " ".join(name for name in names if name != own)
    short = f":next: {onward}\n\n그렇습니다. 더 $x_1$을 말합니다."
    return f"# 글 {number}\n\n{mini_site.answer(own, f'{own.upper()}. 왜인가요?', short)}{REST.format(own)}"


FILES = {
    "conf.py": CONF,
    "requirements.txt": "",
    **mini_site.PROJECT,
    "index.md": INDEX + "\n".join(NAMES) + "\n```\n",
    "errata.yml": "[]\n",
    "terms.yml": "- {topic: 말, terms: [{ko: 없는말, en: nothing, definition: 없습니다.}]}\n",
    "claims.yml": "".join(
        f"- {{question: q{n:02}, claims: [{{claim: 그렇다., verdict: holds, shown: [q{n:02}]}}]}}\n"
        for n in range(1, len(NAMES) + 1)
    ),
    "news.yml": "".join(
        f'- {{date: 2026-11-22, page: "{name}", kind: new, said: 답했습니다.}}\n' for name in NAMES
    ),
    **{f"{name}.md": page_of(number) for number, name in enumerate(NAMES)},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("names")
    mini_site.build(folder, FILES, "-d", folder / "_build" / "doctrees")
    return folder


@pytest.fixture(scope="module")
def site(folder):
    return mini_site.site(folder)


def found(site, address, page):
    """Find the file that an address leads to, as a server does."""
    parts = urlsplit(urljoin(urljoin(BASE, quote(page)), address))
    path = unquote(parts.path.removeprefix("/site/")) or "index.html"
    assert not parts.query
    return (site / path).is_file()


@pytest.mark.parametrize("name", ["index", *NAMES])
def test_every_link_of_a_page_leads_to_a_file_and_a_place(site, name):
    html = (site / f"{name}.html").read_text(encoding="utf-8")
    addresses = {unescape(one) for one in re.findall(r'<[^>]*\s(?:href|src)="([^"]*)"', html)}
    assert len(addresses) > 10
    here = {one for one in addresses if one.startswith("#")}
    ids = {unescape(one) for one in re.findall(r'\sid="([^"]*)"', html)}
    assert {one for one in here if one != "#" and unquote(one[1:]) not in ids} == set()
    assert {one for one in addresses - here if not found(site, one, f"{name}.html")} == set()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_told_of_a_page_has_its_one_address(site, name):
    head = Head((site / f"{name}.html").read_text(encoding="utf-8"))
    url = f"{BASE}{quote(name)}.html"
    assert head.linked("canonical") == head.meta["og:url"] == [url]
    told = [thing["url"] for thing in head.things if thing["@type"] == "WebPage"]
    assert told == [url]
    pictures = [thing["image"]["url"] for thing in head.things if "image" in thing]
    assert head.meta["og:image"] == pictures
    assert found(site, pictures[0], "index.html")


def test_the_lists_of_the_pages_hold_addresses_that_lead_to_them(site):
    pages = {f"{BASE}{quote(name)}.html" for name in NAMES}
    places = ElementTree.fromstring((site / "sitemap.xml").read_bytes()).findall(".//{*}loc")
    assert {place.text for place in places} == pages | {BASE}
    feed = (site / "feed.xml").read_bytes()
    assert faults_of_feed(feed) == []
    entries = ElementTree.fromstring(feed).findall("{*}entry")
    assert {entry.find("{*}link").get("href") for entry in entries} == pages
    assert all(not re.search(r"[#%](?![0-9A-F]{2})|\s", entry.findtext("{*}id")) for entry in entries)
    texts = re.findall(r"\]\((\S+)\):", (site / "llms.txt").read_text(encoding="utf-8"))
    assert len(texts) == len(NAMES)
    assert all(found(site, text, "index.html") for text in texts)


def test_a_notebook_has_cells_with_sound_ids(site):
    for name in NAMES:
        cells = json.loads((site / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", cell["id"]) for cell in cells)


# --- other builders -----------------------------------------------------------------------------------


MORE = """# 모은 것

```{counts}
```

```{start-here}
q01
```

```{often-mistaken}
```

```{claims}
```

```{errata}
```

```{glossary-terms}
```

```{code-cell}
:tags: [hide-input]
1 + 1
```

:::{figure} picture.svg
:name: fig-one
:alt: 칸 하나
:width: 9px
:height: 9px

칸입니다. {eval}`1 + 1`
:::

| 말 | 수 |
|---|--:|
| $x$ | 1 |

```{exercise} 더하기
:label: more
더하세요.
```

```{solution} more
:class: dropdown
둘입니다.
```

더 봅니다.[^note]

[^note]: 각주입니다.
"""
BOOK = {
    "more.md": MORE,
    "picture.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "index.md": FILES["index.md"].replace("a&b\n", "a&b\nmore\n"),
    "terms.yml": "- {topic: 말, terms: [{ko: 말, en: word, definition: 뜻이 있습니다.}]}\n",
    "errata.yml": "- {id: e01, question: q01, kind: spelling, where: 표,"
    " printed: 나, corrected: 너, why: 오타.}\n",
}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A site with all that pages hold, which is made into other things than a site."""
    folder = tmp_path_factory.mktemp("book")
    mini_site.write(folder, FILES | BOOK)
    return folder


@pytest.mark.builds
@pytest.mark.parametrize(
    "builder", ["epub", "dirhtml", "singlehtml", "text", "latex", "man", "texinfo", "gettext"]
)
def test_other_builders_make_the_same_pages(book, builder):
    # Each reads anew what another builder's pictures and links would need: the doctrees are its own.
    out = book / "_build" / builder
    done = mini_site.attempt(book, {}, "-b", builder, "-d", book / "_build" / f"{builder}-trees", out=out)
    # Sphinx itself says so of Korean, and has no name by which it could be told not to.
    faults = [line for line in done.stderr.splitlines() if "no Babel option known" not in line]
    assert faults == []
    if builder == "epub":
        with ZipFile(out / "dlnotes.epub") as whole:
            pages = [name for name in whole.namelist() if name.endswith(".xhtml")]
            for name in pages:
                ElementTree.fromstring(whole.read(name))
            text = whole.read("C#.xhtml").decode()
            linked = whole.read("index.xhtml").decode()
        assert {f"{name}.xhtml" for name in NAMES} <= set(pages)
        assert "선생님의 답" in text
        assert "dl-site-menu" not in text
        assert "dl-cite" not in text
        assert "<details open=" in text.replace('<details class="', '<details open="')
        assert 'href="C%23.xhtml' in linked
