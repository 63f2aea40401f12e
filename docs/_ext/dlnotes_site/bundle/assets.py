"""One stylesheet, one script and a content security policy for every page.

When the pages are written, the stylesheets that they link are joined into ``_static/site-<digest>.css`` (see
:mod:`.css`), their scripts into ``_static/site-<digest>.js``, and each page gets links to these two and a
policy that lets nothing in from elsewhere. What a page links is its own affair and that of its extensions:
whatever ``html_css_files``, ``html_js_files`` or ``app.add_js_file`` name arrives here.

- Scripts before the first stylesheet stay in the page; the policy names their digests.
- The scripts of the theme and of Sphinx which nothing here uses are left out (``assets_unused_scripts``).
- ``style="…"``, which the policy forbids, becomes a class.

What was found in a page is kept in ``_build/assets``, so that an edited page alone is read again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import rjsmin  # type: ignore[import-untyped]
import tinycss2  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from dlnotes_site.bundle import css
from dlnotes_site.bundle.cache import kept

POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
UNUSED = [
    "doctools.js",
    "scripts/sphinx-book-theme.js",
    "sphinx_highlight.js",
    "translations.js",
]
# What the theme brings along and no page asks for.
LEFT = ["images", "locales", "sbt-webpack-macros.html", "scripts", "vendor", "webpack-macros.html"]

BUNDLED = re.compile(r"(?<=_static/site-)[0-9a-z]+(?=\.(?:css|js))")
BLANK = "0"
SHEET = re.compile(r"[ \t]*<link\b(?=[^>]*\srel=\"stylesheet\")[^>]*>\n?")
SCRIPT = re.compile(r"[ \t]*<script\b([^>]*)>(.*?)</script>\n?", re.S)
VIEWPORT = re.compile(r"<meta\b(?=[^>]*\sname=\"viewport\")[^>]*>\s*")
TAG = re.compile(
    r"<([a-zA-Z][\w-]*)((?:\s+[^\s=>\"'/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))?)*)\s*/?>"
)
ATTRIBUTE = re.compile(r"([^\s=>\"'/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
STRING = re.compile(r"`(?:[^`\\]|\\.)*`|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", re.S)
VERBATIM = re.compile(r"(<(?:pre|script|textarea)\b.*?</(?:pre|script|textarea)>)", re.S)


def digest(content: str, length: int = 10) -> str:
    """Name a content."""
    return hashlib.sha256(content.encode()).hexdigest()[:length]


def attribute(tag: str, name: str) -> str | None:
    """Return the value of a tag's attribute."""
    found = re.search(rf"\s{name}=\"([^\"]*)\"", tag)
    return found[1] if found else None


def local(address: str | None) -> tuple[str, str] | None:
    """Return what leads to ``_static`` and the path below it, if the address is on the site."""
    found = re.fullmatch(r"((?:\.\./)*|/(?:[^/?]+/)*)_static/([^?]+)(?:\?.*)?", address or "")
    return (found[1], found[2]) if found else None


class Page:
    """A page as Sphinx wrote it, with its links taken out and put together."""

    def __init__(self, html: str, unused: Iterable[str]) -> None:
        self.unused = set(unused)
        self.sheets: list[str] = []
        self.scripts: list[str] = []  # paths below _static, and the text of inline ones after a line break
        self.styles: dict[str, str] = {}
        head, end, body = html.partition("</head>")
        if not end:
            raise ExtensionError("a page without </head>")
        for spare in list(VIEWPORT.finditer(head))[1:]:
            head = head.replace(spare[0], "", 1)
        head = self.take_head(head)
        body = re.sub(r"<[a-zA-Z][^<>]*\sstyle=\"[^\"]*\"[^<>]*>", self.take_style, body)
        body = self.take_scripts(body)
        html = "".join(
            part if i % 2 else re.sub(r"\s*\n\s*", "\n", part)
            for i, part in enumerate(VERBATIM.split(head + end + body))
        ).lstrip()
        self.html = self.forbid(html)

    def take_head(self, head: str) -> str:
        """Take the stylesheets and scripts from the head; leave one link to each bundle."""
        first = SHEET.search(head)
        if first is None:
            raise ExtensionError("a page without a stylesheet")
        for link in SHEET.finditer(head):
            place = local(attribute(link[0], "href"))
            if place is None:
                raise ExtensionError(f"a stylesheet from elsewhere: {link[0].strip()}")
            root, path = place
            media = attribute(link[0], "media")
            self.sheets.append(path + (f" {media}" if media else ""))
        early, rest = head[: first.start()], head[first.end() :]
        links = f'<link rel="stylesheet" href="{root}_static/site-{BLANK}.css">\n'
        links += f'<script defer src="{root}_static/site-{BLANK}.js"></script>\n'
        return SCRIPT.sub(keep_early, early) + links + self.take_scripts(SHEET.sub("", rest))

    def take_scripts(self, html: str) -> str:
        """Take the scripts that can be joined."""
        return SCRIPT.sub(self.take_script, html)

    def take_script(self, found: re.Match[str]) -> str:
        """Take one script; leave what is data."""
        attributes, source = " " + found[1], found[2]
        if (kind := attribute(attributes, "type")) and "javascript" not in kind and kind != "module":
            return found[0]
        place = local(address := attribute(attributes, "src"))
        path = place[1] if place else None
        if address and path is None:
            raise ExtensionError(f"a script from elsewhere: {address}")
        if path and path not in self.unused:
            self.scripts.append(path)
        elif not path and source.strip() and not source.startswith("DOCUMENTATION_OPTIONS."):
            self.scripts.append("\n" + source.strip())
        return ""

    def take_style(self, found: re.Match[str]) -> str:
        """Make a tag's style a class."""
        tag = found[0]
        style = attribute(tag, "style") or ""
        name = "s-" + digest(style, 6)
        self.styles[name] = style
        tag = tag.replace(f' style="{style}"', "", 1)
        if (classes := attribute(tag, "class")) is not None:
            return tag.replace(f'class="{classes}"', f'class="{classes} {name}"', 1)
        return re.sub(r"^<([\w-]+)", rf'<\1 class="{name}"', tag)

    def forbid(self, html: str) -> str:
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


def keep_early(found: re.Match[str]) -> str:
    """Keep a script in the page as small as it can be; what is data stays as it is."""
    if "json" in found[1]:
        return found[0]
    return f"<script>{rjsmin.jsmin(found[2]).strip()}</script>\n"


def names_in(html: str) -> set[str]:
    """Return what of a page selectors can name, the words of the scripts in it included."""
    names: set[str] = set()
    for tag, attributes in set(TAG.findall(html)):
        names.add(tag.lower())
        for name, *values in ATTRIBUTE.findall(attributes):
            names.add(name.lower())
            if mark := {"class": ".", "id": "#"}.get(name.lower()):
                names.update(mark + word for word in "".join(values).split())
    scripts = [source for attributes, source in SCRIPT.findall(html) if "json" not in attributes]
    return names.union(*map(spoken, scripts))


def spoken(script: str) -> set[str]:
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


class Site:
    """The written site and what is known of its pages."""

    def __init__(self, folder: Path, unused: list[str]) -> None:
        self.folder = folder
        self.static = folder / "_static"
        self.kept = folder.parent / "assets"
        self.unused = unused
        code = "".join(Path(module).read_text("utf-8") for module in (__file__, css.__file__))
        self.version = digest(code + tinycss2.VERSION + rjsmin.__version__)

    def join(self) -> None:
        """Join the sheets and scripts, and link them from every page."""
        self.kept.mkdir(exist_ok=True)
        memory = self.kept / "pages.json"
        known = json.loads(memory.read_text("utf-8")) if memory.is_file() else {}
        pages: dict[Path, tuple[str, str]] = {}
        found: dict[str, Any] = {}
        for path in sorted(self.folder.rglob("*.html")):
            if path.is_relative_to(self.static):
                continue
            old = path.read_text("utf-8")
            html = BUNDLED.sub(BLANK, old)
            if "Content-Security-Policy" not in html:
                try:
                    page = Page(html, self.unused)
                except ExtensionError as error:
                    raise ExtensionError(f"{path}: {error}") from error
                html = page.html
                found[digest(html, 64)] = {
                    "sheets": page.sheets,
                    "scripts": page.scripts,
                    "styles": page.styles,
                    "names": sorted(names_in(html)),
                }
            elif (key := digest(html, 64)) in known:
                found[key] = known[key]
            else:
                found[key] = {"sheets": [], "scripts": [], "styles": {}, "names": sorted(names_in(html))}
            pages[path] = (old, html)
        memory.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        script = self.write("js", self.script(found.values()))
        sheet = self.write("css", self.sheet(found.values(), script))
        for path, (old, html) in pages.items():
            new = html.replace(f"site-{BLANK}.css", sheet.name).replace(f"site-{BLANK}.js", script.name)
            if new != old:
                path.write_text(new, encoding="utf-8")

    def script(self, pages: Iterable[dict[str, Any]]) -> str:
        """Join the scripts."""
        parts = [
            part.strip() if part.startswith("\n") else (self.static / part).read_text("utf-8")
            for part in in_order(page["scripts"] for page in pages)
        ]
        return "".join(f"{rjsmin.jsmin(part).strip().removesuffix(';')};\n" for part in parts)

    def sheet(self, pages: Iterable[dict[str, Any]], script: Path) -> str:
        """Join the sheets, or find them joined from the same parts before."""
        words = script.read_text("utf-8")
        names = spoken(words)
        styles: dict[str, str] = {}
        sheets = in_order(page["sheets"] for page in pages)
        for page in pages:
            names.update(page["names"])
            styles.update(page["styles"])
        own = "".join(f".{name}{{{style}}}" for name, style in sorted(styles.items()))
        sources = {
            name: source for sheet in sheets for name, source in css.flatten(sheet.split()[0], self.read)
        }
        matter = names & {*re.findall(r"[.#]?[A-Za-z_][\w-]*", "".join(sources.values()))}
        asked = sorted(re.findall(r"--[\w-]+", words))
        made_of = [self.version, *sheets, *sources.values(), own, *asked, *sorted(matter)]

        def make() -> bytes:
            return (css.bundle(sheets, self.read, names, words) + own).encode()

        return kept(self.kept, "*.css", made_of, make).decode()

    def read(self, name: str) -> str:
        """Read a sheet; one for a medium comes wrapped in it."""
        path, _, media = name.partition(" ")
        source = (self.static / path).read_text("utf-8")
        return f"@media {media}{{{source}}}" if media else source

    def write(self, kind: str, content: str) -> Path:
        """Write a bundle under the name of its content, instead of the one before."""
        path = self.static / f"site-{digest(content)}.{kind}"
        for old in self.static.glob(f"site-*.{kind}"):
            if old != path:
                old.unlink()
        if not path.is_file():
            path.write_text(content, encoding="utf-8")
        return path


def join(app: Sphinx, exception: Exception | None) -> None:
    """Join what the pages link, once all are written."""
    if exception is None and app.builder.name == "html":
        site = Site(Path(app.outdir), app.config.assets_unused_scripts)
        site.join()
        for name in LEFT:
            left = site.static / name
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_config_value("assets_unused_scripts", UNUSED, "html", list)
    app.connect("build-finished", join, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
