"""One stylesheet, one script and a content security policy for every page.

When the pages are written, the stylesheets that they link are joined into ``_static/site-<digest>.css`` (see
:mod:`.css`), their scripts into ``_static/site-<digest>.js``, and each page gets links to these two and a
policy that lets nothing in from elsewhere. What a page links is its own affair and that of its extensions:
whatever ``html_css_files``, ``html_js_files`` or ``app.add_js_file`` name arrives here.

- Scripts before the first stylesheet stay in the page; the policy names their digests.
- The scripts of the theme and of Sphinx which nothing here uses are left out (``assets_unused_scripts``).
- ``style="…"``, which the policy forbids, becomes a class.

What was found in a page is kept (see :mod:`.pages`), so that an edited page alone is read again.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Iterable
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import rjsmin
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.bundle import css
from dlnotes_site.bundle.pages import BLANK, EVENT, WrittenPages, unlinked
from dlnotes_site.kept import digest, get_or_make, write_whole

POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'"
)
UNUSED = [
    "doctools.js",
    "scripts/sphinx-book-theme.js",
    "sphinx_highlight.js",
    "translations.js",
]
# What the theme brings along and no page asks for.
UNASKED = ["images", "locales", "sbt-webpack-macros.html", "scripts", "vendor", "webpack-macros.html"]

OWN = "explore/"  # below _static: scripts that one page needs alone, left where they stand
STYLES = "styles.css"  # what stood in the pages themselves; no file
RECIPE = [metadata.version("lightningcss"), rjsmin.__version__]
SHEET = re.compile(r"[ \t]*<link\b(?=[^>]*\srel=\"stylesheet\")[^>]*>\n?")
SCRIPT = re.compile(r"[ \t]*<script\b([^>]*)>(.*?)</script>\n?", re.S)
VIEWPORT = re.compile(r"<meta\b(?=[^>]*\sname=\"viewport\")[^>]*>\s*")
TAG = re.compile(
    r"<([a-zA-Z][\w-]*)((?:\s+[^\s=>\"'/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))?)*)\s*/?>"
)
ATTRIBUTE = re.compile(r"([^\s=>\"'/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
STRING = re.compile(r"`(?:[^`\\]|\\.)*`|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", re.S)
VERBATIM = re.compile(r"(<(?:pre|script|textarea)\b.*?</(?:pre|script|textarea)>)", re.S)


def attribute(tag: str, name: str) -> str | None:
    """Return the value of a tag's attribute."""
    found = re.search(rf"\s{name}=\"([^\"]*)\"", tag)
    return found[1] if found else None


def path_below_static(address: str | None) -> tuple[str, str] | None:
    """Return what leads to ``_static`` and the path below it, if the address is on the site."""
    found = re.fullmatch(r"((?:\.\./)*|/(?:[^/?]+/)*)_static/([^?]+)(?:\?.*)?", address or "")
    return (found[1], found[2]) if found else None


class PageLinks:
    """A page as Sphinx wrote it, with its links taken out and put together."""

    def __init__(self, html: str, unused: Iterable[str]) -> None:
        self.unused = set(unused)
        self.sheets: list[str] = []
        self.scripts: list[str] = []  # paths below _static, and the text of inline ones after a line break
        self.own: list[str] = []
        self.styles: dict[str, str] = {}
        head, end, body = html.partition("</head>")
        if not end:
            raise ExtensionError("a page without </head>")
        for spare in list(VIEWPORT.finditer(head))[1:]:
            head = head.replace(spare[0], "", 1)
        head = self.join_head(head)
        body = re.sub(r"<[a-zA-Z][^<>]*\sstyle=\"[^\"]*\"[^<>]*>", self.name_style, body)
        body = self.join_scripts(body)
        html = "".join(
            part if i % 2 else re.sub(r"\s*\n\s*", "\n", part)
            for i, part in enumerate(VERBATIM.split(head + end + body))
        ).lstrip()
        self.html = self.add_policy(html)

    def join_head(self, head: str) -> str:
        """Take the stylesheets and scripts from the head; leave one link to each bundle."""
        first = SHEET.search(head)
        if first is None:
            raise ExtensionError("a page without a stylesheet")
        for link in SHEET.finditer(head):
            place = path_below_static(attribute(link[0], "href"))
            if place is None:
                raise ExtensionError(f"a stylesheet from elsewhere: {link[0].strip()}")
            root, path = place
            media = attribute(link[0], "media")
            self.sheets.append(path + (f" {media}" if media else ""))
        early, rest = head[: first.start()], head[first.end() :]
        links = f'<link rel="stylesheet" href="{root}_static/site-{BLANK}.css">\n'
        links += f'<script defer src="{root}_static/site-{BLANK}.js"></script>\n'
        return SCRIPT.sub(shorten_early, early) + links + self.join_scripts(SHEET.sub("", rest))

    def join_scripts(self, html: str) -> str:
        """Take the scripts that can be joined."""
        return SCRIPT.sub(self.join_script, html)

    def join_script(self, found: re.Match[str]) -> str:
        """Take one script; leave what is data."""
        attributes, source = " " + found[1], found[2]
        if (kind := attribute(attributes, "type")) and "javascript" not in kind and kind != "module":
            return found[0]
        place = path_below_static(address := attribute(attributes, "src"))
        path = place[1] if place else None
        if address and path is None:
            raise ExtensionError(f"a script from elsewhere: {address}")
        if path and path.startswith(OWN):
            self.own.append(path)
            return found[0]
        if path and path not in self.unused:
            self.scripts.append(path)
        elif not path and source.strip() and not source.startswith("DOCUMENTATION_OPTIONS."):
            self.scripts.append("\n" + source.strip())
        return ""

    def name_style(self, found: re.Match[str]) -> str:
        """Make a tag's style a class."""
        tag = found[0]
        style = attribute(tag, "style") or ""
        name = "s-" + digest(style, 6)
        self.styles[name] = style
        tag = tag.replace(f' style="{style}"', "", 1)
        if (classes := attribute(tag, "class")) is not None:
            return tag.replace(f'class="{classes}"', f'class="{classes} {name}"', 1)
        return re.sub(r"^<([\w-]+)", rf'<\1 class="{name}"', tag)

    def add_policy(self, html: str) -> str:
        """Write the policy first of all."""
        hashes = "".join(
            f" 'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"
            for attributes, source in SCRIPT.findall(html)
            if source and "json" not in attributes
        )
        policy = POLICY.format(hashes=hashes)
        return re.sub(
            r"(<meta charset=[^>]*>)",
            lambda found: f'{found[1]}\n<meta http-equiv="Content-Security-Policy" content="{policy}">',
            html,
            count=1,
        )


def shorten_early(found: re.Match[str]) -> str:
    """Keep a script in the page as small as it can be; what is data stays as it is."""
    if "json" in found[1]:
        return found[0]
    return f"<script>{rjsmin.jsmin(found[2]).strip()}</script>\n"


def names_in(html: str) -> set[str]:
    """Return what of a page selectors can name, the words of the scripts in it included."""
    names: set[str] = set()
    for tag, attributes in set(TAG.findall(html)):
        names |= names_in_tag(tag, attributes)
    scripts = [source for attributes, source in SCRIPT.findall(html) if "json" not in attributes]
    return names.union(*map(names_in_script, scripts))


@lru_cache(10_000)  # the menus are on every page
def names_in_tag(tag: str, attributes: str) -> frozenset[str]:
    """Return what of a tag selectors can name."""
    names = {tag.lower()}
    for name, *values in ATTRIBUTE.findall(attributes):
        names.add(name.lower())
        if mark := {"class": ".", "id": "#"}.get(name.lower()):
            names.update(mark + word for word in "".join(values).split())
    return frozenset(names)


def names_in_script(script: str) -> set[str]:
    """Return whatever a script might put into a page: the words of its strings, and what it assigns to."""
    words = set(re.findall(r"[A-Za-z_][\w-]*", " ".join(found[0] for found in STRING.finditer(script))))
    words.update(re.findall(r"\.([A-Za-z]\w*)\s*=[^=]", script))
    for word in re.findall(r"\bdataset\.(\w+)", script):
        words.add("data-" + re.sub("[A-Z]", lambda found: "-" + found[0].lower(), word))
    return {form for word in words for form in (word.lower(), f".{word}", f"#{word}")}


def in_order(lists: Iterable[list[str]]) -> list[str]:
    """Join lists of mostly the same things, the longest first."""
    joined: dict[str, None] = {}
    for one in sorted(lists, key=lambda one: (-len(one), one)):
        joined.update(dict.fromkeys(one))
    return list(joined)


class JoinedFiles:
    """The stylesheet and the script that all pages link."""

    def __init__(self, pages: WrittenPages) -> None:
        self.pages = pages
        self.static = pages.folder / "_static"
        self.script = self.write("js", self.join_scripts())
        self.sheet = self.write("css", self.join_sheets())

    def of_all(self, name: str) -> list[str]:
        """Return the sheets or scripts that the pages linked, in their order."""
        return in_order(page.known[name] for page in self.pages.values())

    def join_scripts(self) -> str:
        """Join the scripts."""
        parts = [
            part.strip() if part.startswith("\n") else (self.static / part).read_text("utf-8")
            for part in self.of_all("scripts")
        ]
        return "".join(f"{rjsmin.jsmin(part).strip().removesuffix(';')};\n" for part in parts)

    def join_sheets(self) -> str:
        """Join the sheets, or find them joined from the same parts before."""
        scripts = self.script.read_text("utf-8")
        names = names_in_script(scripts).union(*(page.known["names"] for page in self.pages.values()))
        styles = {name: style for page in self.pages.values() for name, style in page.known["styles"].items()}
        sheets = [*self.of_all("sheets"), STYLES]
        own = "".join(f".{name}{{{style}}}" for name, style in sorted(styles.items()))

        def read(name: str) -> str:
            return own if name == STYLES else self.read(name)

        sources = {name: source for sheet in sheets for name, source in css.flatten(sheet, read)}
        matter = names & {*re.findall(r"[.#]?[A-Za-z_][\w-]*", "".join(sources.values()))}
        asked = sorted(re.findall(r"--[\w-]+", scripts))
        made_of = [self.pages.version, *RECIPE, *sheets, *sources.values(), *asked, *sorted(matter)]

        def make() -> bytes:
            return css.bundle(sheets, read, names, scripts).encode()

        return get_or_make(self.pages.store, "*.css", made_of, make).decode()

    def read(self, name: str) -> str:
        """Read a sheet; one for a medium comes wrapped in it."""
        path, _, media = name.partition(" ")
        source = (self.static / path).read_text("utf-8")
        return f"@media {media}{{{source}}}" if media else source

    def write(self, kind: str, content: str) -> Path:
        """Write a joined file under the name of its content."""
        path = self.static / f"site-{digest(content, 10)}.{kind}"
        write_whole(path, content)
        return path

    def link(self, html: str) -> str:
        """Have a page link these two."""
        return html.replace(f"site-{BLANK}.css", self.sheet.name).replace(
            f"site-{BLANK}.js", self.script.name
        )

    def delete_others(self) -> None:
        """Delete those of earlier builds, which no page links any more."""
        for path in self.static.glob("site-*"):
            if path not in (self.sheet, self.script):
                path.unlink()


def join_links(pages: WrittenPages, unused: Iterable[str]) -> None:
    """Join what the pages link, and link it from every page."""
    new = {}  # pages that Sphinx wrote in this build
    for name, page in pages.items():
        if "sheets" not in page.known:
            try:
                links = PageLinks(page.html, unused)
            except ExtensionError as error:
                raise ExtensionError(f"{page.path}: {error}") from error
            new[name] = links.html
            own = [(pages.folder / "_static" / path).read_text("utf-8") for path in links.own]
            page.known |= {
                "content": digest(links.html),
                "sheets": links.sheets,
                "scripts": links.scripts,
                "styles": links.styles,
                "names": sorted(names_in(links.html).union(*map(names_in_script, own))),
            }
    joined = JoinedFiles(pages)
    linked = [joined.sheet.name, joined.script.name]
    for name, page in pages.items():
        if page.known.get("links") != linked:
            page.known["links"] = linked
            new.setdefault(name, unlinked(page.html))
    if new:
        pages.save(about_to_change=new)
        for name, html in new.items():
            write_whole(pages[name].path, joined.link(html))
        pages.save()
    joined.delete_others()


def finish(app: Sphinx, pages: WrittenPages) -> None:
    """Join what the pages link, once all are written, and leave out what no page asks for."""
    join_links(pages, app.config.assets_unused_scripts)
    for name in UNASKED:
        path = pages.folder / "_static" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.bundle.pages")
    app.add_config_value("assets_unused_scripts", UNUSED, "html", list)
    app.connect(EVENT, finish, priority=900)  # once the fonts' stylesheet is written
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
