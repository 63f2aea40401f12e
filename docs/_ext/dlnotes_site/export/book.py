"""The site as an e-book (EPUB 3): Sphinx's builder, and what a device for reading asks for besides.

- A page is written as XML. Folds are open, buttons and scripts are gone, a picture is there once; what a page
  links and the book lacks (a notebook, the search) is linked on the site.
- A reader chooses letters and paper; the book brings the letters of its figures and of its formulas.
- Dates are the news', the order is the names': equal pages have equal bytes.
"""

from __future__ import annotations

import datetime
import posixpath
import re
import zipfile
from functools import cached_property, partial
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES
from sphinx.application import Sphinx
from sphinx.builders._epub_base import MEDIA_TYPES
from sphinx.builders.epub3 import Epub3Builder
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.util.typing import ExtensionMetadata

from dlnotes.figures import FONT
from dlnotes_site.bundle import fonts
from dlnotes_site.kept import get_or_make, write_whole
from dlnotes_site.math import font as math_font
from dlnotes_site.pages import is_answers, reading_order
from dlnotes_site.share.about import about_pages
from dlnotes_site.share.cards import looks
from dlnotes_site.share.news import TAG, newest, news_of
from dlnotes_site.theme.frame import OVERRIDES

Element = ElementTree.Element

ROOM = Path(__file__).with_name("book")
LEFT_OUT = ("downloads.xhtml",)  # pages that say nothing in a book
COVER = "_static/cover.png"
LONG_AGO = datetime.date(1980, 1, 1)  # a zip knows no earlier day
OPF = "{http://www.idpf.org/2007/opf}"
ACCESSIBILITY = {
    "schema:accessMode": ("textual", "visual"),
    "schema:accessModeSufficient": ("textual",),
    "schema:accessibilityFeature": ("alternativeText", "MathML", "structuralNavigation", "tableOfContents"),
    "schema:accessibilityHazard": ("none",),
}

VOID = re.compile(r"<((?:br|col|hr|img|input|link|meta|wbr)\b[^<>]*?)\s*/?>")
BARE = re.compile(r"(?<=\s)(hidden|open)(?=[\s>])")
NAMESPACE = re.compile(r'\sxmlns="[^"]*"')
OWN = {"html": "http://www.w3.org/1999/xhtml", "math": "http://www.w3.org/1998/Math/MathML"}
OWN["svg"] = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


# --- a page ---------------------------------------------------------------------------------------


def parsed(html: str, name: str) -> Element:
    """Read a page as XML; its elements bear no namespace until it is written."""
    text = NAMESPACE.sub("", html[html.index("<html") :])
    text = math_font.ENTITY.sub(lambda entity: unescape(entity[0]), text)
    text = BARE.sub(r'\1="\1"', VOID.sub(r"<\1/>", text))
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        line = text.splitlines()[error.position[0] - 1]
        near = line[max(error.position[1] - 60, 0) : error.position[1] + 60]
        raise ExtensionError(f"{name} is no XML, and so no page of a book: {error}, near {near!r}") from error


def written(page: Element) -> str:
    """Write a page, each element in its namespace."""
    for element in page.iter():
        if element.tag in OWN:
            element.set("xmlns", OWN[element.tag])
    text = ElementTree.tostring(page, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n{text}\n'


def classes(element: Element) -> set[str]:
    """Return an element's classes."""
    return set(element.get("class", "").split())


def is_for_a_screen(element: Element) -> bool:
    """Tell whether a book has no use for an element: what is pressed, and a picture's other width."""
    return element.tag in {"button", "script"} or "dl-wide" in classes(element)


def take_out(parent: Element) -> None:
    """Take out what is for a screen; words behind it stay."""
    for child in list(parent):
        if not is_for_a_screen(child):
            take_out(child)
            continue
        place = list(parent).index(child)
        tail = child.tail or ""
        parent.remove(child)
        if place:
            parent[place - 1].tail = (parent[place - 1].tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail


def lay_open(page: Element) -> None:
    """Open what is closed on a screen."""
    for element in page.iter():
        element.attrib.pop("hidden", None)
        if element.tag == "details":
            element.set("open", "open")
        if "dl-tip" in classes(element):
            element.text = " [" + (element.text or "")
            last = element[-1]
            last.tail = (last.tail or "") + "]"


def keep_to_rules(page: Element) -> None:
    """Write what HTML allows and a book does not as it does: formulas keep to MathML 3."""
    for formula in page.iter("math"):
        for name in ("translate", "aria-hidden"):
            formula.attrib.pop(name, None)
        if label := formula.attrib.pop("aria-label", ""):
            formula.set("alttext", label)  # what a device reads out
        for part in formula.iter():
            part.attrib.pop("scriptlevel", None)
            if part.tag == "mrow" and "displaystyle" in part.attrib:
                part.tag = "mstyle"
            elif part.tag not in {"math", "mstyle", "mtable"}:
                part.attrib.pop("displaystyle", None)
    for paragraph in page.iter("p"):
        if paragraph.find("ul") is not None:  # autodoc's, of what several values are returned
            paragraph.tag = "div"


def lead(page: Element, name: str, pages: set[str], site: str) -> None:
    """Have links lead to pages of the book, or else to the site."""
    for link in page.iter("a"):
        address = urlsplit(link.get("href", ""))
        if address.scheme or not address.path:
            continue
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(address.path)))
        if target not in pages:
            there = posixpath.join(posixpath.dirname(name), address.path).replace(".xhtml", ".html")
            link.set("href", urljoin(site, address._replace(path=there).geturl()))


def properties(page: Element) -> str:
    """Name what of a page a reader's device has to know beforehand."""
    return " ".join(
        sorted({"mathml" if e.tag == "math" else "svg" for e in page.iter() if e.tag in ("math", "svg")})
    )


# --- the book -------------------------------------------------------------------------------------


class Book(Epub3Builder):
    """Build the book."""

    media_types = {**MEDIA_TYPES, ".woff2": "font/woff2"}  # noqa: RUF012  # as Sphinx has it
    guide_titles = {"toc": "차례", "cover": "표지"}  # noqa: RUF012

    def init(self) -> None:
        """Frame pages as a book's."""
        config = self.config
        config.templates_path = [
            str(ROOM),
            *(path for path in config.templates_path if path not in OVERRIDES),
        ]
        super().init()
        self.properties: dict[str, str] = {}

    @cached_property
    def day(self) -> datetime.date:
        """The day of the newest news."""
        return newest(news_of(self.app)) or LONG_AGO

    @property
    def store(self) -> Path:
        """Where what takes long to make is kept between builds."""
        return Path(self.outdir).parent / "book"

    def copy_static_files(self) -> None:
        """Copy none: the book's own are written with its pages."""

    def gen_pages_from_extensions(self) -> None:
        """Make none: the code of the library is read on the site."""

    def handle_finish(self) -> None:
        """Write the pages as a book has them, then the book."""
        folder = Path(self.outdir)
        names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.xhtml"))]
        inside = {*names} - {*LEFT_OUT}
        letters: set[str] = set()
        formulas = []
        for name in names:
            html = (folder / name).read_text("utf-8")
            page = parsed(html, name)
            take_out(page)
            lay_open(page)
            keep_to_rules(page)
            lead(page, name, inside, self.config.html_baseurl)
            letters.update(
                *("".join(text.itertext()) for svg in page.iter("svg") for text in svg.iter("text"))
            )
            text = written(page)
            formulas.append(math_font.drawn_in(text))
            self.properties[name] = properties(page)
            (folder / name).write_text(text, encoding="utf-8")
        drawn, small = ("".join(sorted(set("".join(column)))) for column in zip(*formulas, strict=True))
        self.write_static(sorted(letters), drawn, small)
        super().handle_finish()

    def write_static(self, letters: list[str], drawn: str, small: str) -> None:
        """Write the stylesheet, the fonts with the letters in use, and the cover's picture."""
        static = Path(self.outdir) / "_static"
        wanted = [ord(letter) for letter in letters]
        made_of: list[str | bytes] = [*fonts.RECIPE, FONT.read_bytes(), repr(wanted)]
        figures = get_or_make(self.store, "figures-*.woff2", made_of, partial(fonts.cut, FONT, wanted))
        write_whole(static / "figures.woff2", figures)
        made_of = [*fonts.RECIPE, Path(math_font.__file__).read_text("utf-8"), drawn, small]
        made_of.append(math_font.SOURCE.read_bytes())
        formulas = get_or_make(self.store, "math-*.woff2", made_of, partial(math_font.cut, drawn, small))
        write_whole(static / "math.woff2", formulas)
        write_whole(static / "book.css", self.stylesheet())
        name, _, claim = self.config.html_title.partition(": ")
        pages = [page for page in reading_order(self.env) if is_answers(self.env, page)]
        told = (name, claim, self.config.author, pages)
        made_of = [looks(), Path(__file__).with_name("cover.py").read_bytes(), repr(told)]
        write_whole(
            Path(self.outdir, COVER), get_or_make(self.store, "cover-*.png", made_of, partial(cover, *told))
        )

    def stylesheet(self) -> str:
        """Write the stylesheet, with the licences of the fonts, which every copy has to have."""
        licences = "\n\n".join(fonts.licence(font) for font in (FONT, math_font.SOURCE))
        options = self.config.html_theme_options
        light, dark = (
            pygments_css(options.get(f"pygments_{theme}_style", "default")) for theme in ("light", "dark")
        )
        own = (ROOM / "book.css").read_text("utf-8")
        return f"/*\n{licences}\n*/\n\n{own}\n{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"

    def content_metadata(self) -> dict[str, Any]:
        """Tell what the book is; its date is that of its newest news."""
        about = about_pages(self.env)[self.config.root_doc]
        return {
            **super().content_metadata(),
            "description": escape(about.description),
            "contributor": escape(self.config.author),
            "date": f"{self.day}T00:00:00Z",
        }

    def toc_metadata(self, level: int, navpoints: list[Any]) -> dict[str, Any]:
        """Name the book in the contents as its identifier does."""
        return {**super().toc_metadata(level, navpoints), "uid": escape(self.config.epub_identifier)}

    def build_content(self) -> None:
        """Write the list of files, and with each what a device has to know of it beforehand."""
        super().build_content()
        path = Path(self.outdir) / "content.opf"
        for prefix, name in (("", OPF[1:-1]), ("dc", "http://purl.org/dc/elements/1.1/")):
            ElementTree.register_namespace(prefix, name)
        package = ElementTree.parse(path).getroot()
        for item in package.iter(f"{OPF}item"):
            known = (
                "cover-image"
                if item.get("href") == COVER
                else self.properties.get(unquote(item.get("href", "")))
            )
            if known:
                item.set("properties", known)
        metadata = next(package.iter(f"{OPF}metadata"))
        for name, values in ACCESSIBILITY.items():
            for value in values:
                ElementTree.SubElement(metadata, f"{OPF}meta", property=name).text = value
        ElementTree.indent(package)
        text = ElementTree.tostring(package, encoding="unicode")
        path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', encoding="utf-8")

    def build_epub(self) -> None:
        """Pack the book, its kind first."""
        folder = Path(self.outdir)
        first = ["mimetype", "META-INF/container.xml", "content.opf", "toc.ncx"]
        with zipfile.ZipFile(folder / f"{self.config.epub_basename}.epub", "w") as packed:
            for name in [*first, *self.files]:
                entry = zipfile.ZipInfo(name, (self.day.year, self.day.month, self.day.day, 0, 0, 0))
                entry.create_system, entry.external_attr = 3, 0o644 << 16
                kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
                packed.writestr(entry, (folder / name).read_bytes(), kind, 9)


def settle(_app: Sphinx, config: Config) -> None:
    """Settle what the builder asks of the settings.

    For whatever is built: were it for the book alone, Sphinx would read every page again for the site.
    """
    config.version = config.version or "1"
    config.epub_title = config.html_title
    config.epub_identifier = f"{TAG}book"
    config.epub_uid = "book"
    config.epub_cover = (COVER, "epub-cover.html")
    config.epub_tocscope, config.epub_tocdepth, config.epub_tocdup = "includehidden", 2, False
    config.epub_show_urls = "no"
    config.epub_exclude_files = [*LEFT_OUT]


def pygments_css(style: str) -> str:
    """Write the colours of code in a style, without a ground: the paper is the reader's."""
    colours = get_style_by_name(style)
    rules = (
        f"pre .{STANDARD_TYPES[kind]} {{ color: #{look['color']} }}"
        for kind, look in sorted(colours, key=lambda found: str(found[0]))
        if look["color"] and STANDARD_TYPES.get(kind)
    )
    return "\n".join(rules)


def cover(*told: Any) -> bytes:
    """Draw the cover."""
    from dlnotes_site.export.cover import draw  # Matplotlib takes long to load

    return draw(*told)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.share.about")
    app.add_builder(Book, override=True)
    app.connect("config-inited", settle, priority=860)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
