"""지은 사이트를 책 한 권의 HTML로 엮는다. 사용: python tools/book.py 사이트 폴더

지은 사이트에서 읽어 폴더에 book.html(책)과 at-a-glance.html(한눈에 보는 답)을 쓴다. 책에서는 접힌 것이 모두
펼쳐지고, 연습문제의 풀이와 참고한 글은 뒤로 모이며, 링크는 책 안으로만 간다. 인쇄는 print_book.py가 한다.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "docs" / "_ext"))

from dlnotes_site.bundle import fonts

STYLE = Path(__file__).with_name("book.css")
SANS = ROOT / "src" / "dlnotes" / "data" / "dlnotes-sans.otf"
LEDGERS = ("glossary", "notation", "errata")
SHEETS = "at-a-glance"
LETTERS = "letters.ttf"
LIMITS = [  # of the instructions of a font of TrueType: this one has none
    *("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements"),
    *("maxSizeOfInstructions", "maxComponentElements"),
]

ONLY_ON_A_SCREEN = (
    ".headerlink, .dl-guess, .dl-check, .dl-onward, .dl-way-on, .dl-explore-panel, .dl-top, .dl-definitions, "
    ".dl-letters, .dl-hidden, .dl-code > summary, button, script"
)
ONLY_ON_A_PHONE = ".dl-narrow:has(+ .dl-wide)"
ONLY_A_FRAME = "dl-explore, .dl-code, .dl-code-link"
NAMING = ("aria-labelledby", "aria-describedby", "for", "headers")
PLACE = re.compile(r"url\(#([^)]+)\)")


class BookError(Exception):
    """책을 엮지 못하는 까닭."""


def parsed(html: str) -> BeautifulSoup:
    """HTML을 읽는다."""
    return BeautifulSoup(html, "html.parser")


def article_of(name: str, html: str) -> Tag:
    """쪽의 글만 읽는다. 안의 이름은 모두 쪽의 이름으로 시작하게 바꾼다: 책에는 같은 이름이 둘일 수 없다."""
    start, end = html.find("<article"), html.find("</article>")
    if start < 0:
        raise BookError(f"{name}.html: no article; build the site first (make html)")
    article = parsed(html[start:end]).article
    assert article is not None
    for part in article.select(ONLY_ON_A_SCREEN):
        part.decompose()
    for part in article.select(ONLY_A_FRAME):
        part.unwrap()
    unfold(article)
    rename(article, name)
    return article


def unfold(article: Tag) -> None:
    """접힌 절을 펼친다. 풀이는 뒤로 옮길 때까지 그대로 둔다."""
    for fold in article.select("details.dl-deeper"):
        if fold.summary is not None:
            fold.summary.unwrap()
        fold.unwrap()
    for line in article.select("span.dl-line"):
        line.name = "p"


def rename(article: Tag, name: str) -> None:
    """이름과, 그것을 부르는 곳을 바꾼다."""
    for element in article.find_all(True):
        for key, value in list(element.attrs.items()):
            if key == "id":
                element["id"] = f"{name}--{value}"
            elif key in NAMING:
                names = value if isinstance(value, list) else str(value).split()
                element[key] = " ".join(f"{name}--{one}" for one in names)
            elif key in {"href", "xlink:href"} and str(value).startswith("#"):
                element[key] = f"#{name}--{str(value)[1:]}"
            elif isinstance(value, str) and "url(#" in value:
                element[key] = PLACE.sub(rf"url(#{name}--\1)", value)


def topics_of(index: str) -> Iterator[tuple[str, list[str]]]:
    """첫 화면의 주제와, 그 주제의 쪽들."""
    for cards in parsed(index).select("section > .dl-cards"):
        heading = cards.find_previous_sibling("h2")
        links = cards.select(".dl-card > .rubric a[href]")
        assert isinstance(heading, Tag)
        for mark in heading.select(".headerlink"):
            mark.decompose()
        yield heading.get_text(), [str(link["href"]).removesuffix(".html") for link in links]


def read(site: Path, name: str) -> str:
    """지은 쪽의 HTML."""
    path = site / f"{name}.html"
    if not path.is_file():
        raise BookError(f"{path}: not built; make html comes first")
    return path.read_text("utf-8")


class Book:
    """엮는 중인 책."""

    def __init__(self, site: Path) -> None:
        """쪽을 모두 읽는다."""
        self.site = site
        self.index = read(site, "index")
        self.topics = list(topics_of(self.index))
        self.chapters = [name for _, names in self.topics for name in names]
        self.articles = {
            name: article_of(name, read(site, name)) for name in [*self.chapters, *self.ledgers()]
        }
        for article in self.articles.values():
            for part in article.select(ONLY_ON_A_PHONE):
                part.decompose()
        if "glossary" in self.articles:  # the index tells where a term is used
            for part in self.articles["glossary"].select(".dl-line, .dl-marks"):
                part.decompose()
        self.titles = {name: title_of(article) for name, article in self.articles.items()}
        self.made = parsed("")

    def ledgers(self) -> list[str]:
        """책 뒤에 실을 쪽들."""
        return [name for name in LEDGERS if (self.site / f"{name}.html").is_file()]

    # --- 옮기는 것 ----------------------------------------------------------------------------------

    def element(self, name: str, words: str = "", **attributes: str) -> Tag:
        """요소 하나."""
        made = self.made.new_tag(name, attrs={key.rstrip("_"): value for key, value in attributes.items()})
        if words:
            made.string = words
        return made

    def place(self, to: str, words: str = "") -> Tag:
        """쪽 번호가 적힐 자리. 번호는 인쇄할 때에야 안다."""
        line = self.element("span", class_="book-turn")
        if words:
            line.append(self.element("a", words, href=f"#{to}"))
            line.append(" ")
        line.append(self.element("a", "000", href=f"#{to}", class_="book-page"))
        return line

    def gathered(self, name: str, title: str) -> Tag:
        """뒤에 더하는 장."""
        chapter = self.element("section", id=name, class_="book-chapter")
        chapter.append(self.element("h1", title))
        return chapter

    def solutions(self) -> Tag:
        """풀이를 모은다. 문제와 풀이에는 서로의 쪽을 적는다."""
        chapter = self.gathered("solutions", "연습문제 풀이")
        for name in self.chapters:
            folds = self.articles[name].select("details.dl-solution")
            if folds:
                chapter.append(self.element("h2", self.titles[name]))
            for fold in folds:
                exercise = fold.find_previous_sibling(class_="exercise")
                if not isinstance(exercise, Tag) or fold.summary is None:
                    raise BookError(f"{name}.html: the solution {fold.get('id')} stands below no exercise")
                exercise.append(self.place(str(fold["id"]), "풀이"))
                fold.summary.name = "h3"
                fold.name = "section"
                part = fold.extract()
                part.append(self.place(str(exercise["id"]), "문제"))
                chapter.append(part)
        return chapter

    def references(self) -> Tag:
        """참고한 글을 모은다. 번호는 글마다 새로 센다."""
        chapter = self.gathered("references", "참고한 글")
        for name in self.chapters:
            article = self.articles[name]
            listed = article.select_one(".footnote-list")
            if listed is None:
                continue
            rule = listed.find_previous_sibling("hr")
            heading = next((h for h in article.select("h2") if h.get_text() == "참고한 글"), None)
            for left in (rule, heading.parent if heading else None):
                if left is not None:
                    left.decompose()
            chapter.append(self.element("h2", self.titles[name]))
            chapter.append(listed.extract())
        return chapter

    def terms(self, glossary: Tag | None, parts: list[Tag]) -> Tag:
        """용어가 장마다 처음 나오는 곳의 찾아보기."""
        chapter = self.gathered("index", "찾아보기")
        listed = self.element("ul", class_="book-index")
        uses: dict[str, list[str]] = {}
        for part in parts:
            for link in part.select('a[href^="#glossary--term-"]'):
                here = str(link.get("id") or f"use-{sum(map(len, uses.values())) + 1}")
                link["id"] = here
                uses.setdefault(str(link["href"])[1:], []).append(here)
        for term in glossary.select("dt[id]") if glossary else ():
            item = self.element("li")
            item.append(self.element("a", " ".join(term.get_text(" ").split()), href=f"#{term['id']}"))
            for use in uses.get(str(term["id"]), ()):
                item.append(" ")
                item.append(self.element("a", "000", href=f"#{use}", class_="book-page"))
            listed.append(item)
        chapter.append(listed)
        return chapter

    # --- 차례 ---------------------------------------------------------------------------------------

    def contents(self, bodies: dict[str, Tag], back: list[Tag]) -> Tag:
        """쪽 번호가 있는 차례."""
        nav = self.element("nav", class_="book-contents", id="contents")
        nav.append(self.element("h1", "차례"))
        for topic, names in self.topics:
            nav.append(self.element("p", topic, class_="book-topic"))
            for name in names:
                nav.append(self.entry(name, self.titles[name], "book-title-of"))
                for question in bodies[name].select("section[id]"):
                    if re.fullmatch(rf"{name}--q\d+", str(question["id"])) and question.h2:
                        nav.append(self.entry(str(question["id"]), question.h2.get_text(), "book-question"))
        nav.append(self.element("p", "뒤에", class_="book-topic"))
        for chapter in back:
            nav.append(self.entry(str(chapter["id"]), title_of(chapter), "book-title-of"))
        return nav

    def entry(self, to: str, words: str, kind: str) -> Tag:
        """차례의 한 줄."""
        line = self.element("p", class_=kind)
        line.append(self.element("a", words, href=f"#{to}"))
        line.append(self.element("a", "000", href=f"#{to}", class_="book-page"))
        return line

    def cover(self) -> Tag:
        """표지: 이름과, 글마다의 작은 그림."""
        index = parsed(self.index)
        name, _, claim = meta(index, "og:site_name").partition(": ")
        cover = self.element("section", class_="book-cover")
        cover.append(self.element("p", claim or name, class_="book-name"))
        cover.append(self.element("p", meta(index, "description"), class_="book-claim"))
        motifs = self.element("div", class_="book-motifs", aria_hidden="true")
        for motif in index.select(".dl-card > .dl-emblem"):
            motifs.append(motif.extract())
        cover.append(motifs)
        year, month, day = map(int, date_of(self.site).split("-"))
        cover.append(self.element("p", f"{name} · {year}년 {month}월 {day}일", class_="book-day"))
        return cover

    # --- 전체 ---------------------------------------------------------------------------------------

    def html(self, made: Path) -> str:
        """책 전체. 폴더의 글꼴로 찍는다."""
        solutions, references = self.solutions(), self.references()
        bodies = {name: chapter_of(self, name) for name in self.articles}
        ledgers = [bodies[name] for name in self.ledgers()]
        chapters = [bodies[name] for name in self.chapters]
        settle_links([*chapters, solutions, *ledgers, references], set(self.articles))
        back = [solutions, *ledgers, references, self.terms(bodies.get("glossary"), [*chapters, solutions])]
        contents, parts = self.contents(bodies, back), [*chapters, *back]
        heads = {str(part["id"]): title_of(part) for part in parts}
        return document(self.site, made, [self.cover(), contents, *parts], heads, title_of_site(self.index))


def chapter_of(book: Book, name: str) -> Tag:
    """쪽 하나를 장으로."""
    chapter = book.element("section", id=name, class_="book-chapter")
    for part in list(book.articles[name].children):
        chapter.append(part.extract())
    return chapter


def title_of(part: Tag) -> str:
    """제목의 글."""
    assert part.h1 is not None
    return part.h1.get_text()


def meta(page: BeautifulSoup, name: str) -> str:
    """쪽의 머리에 적힌 것."""
    found = page.select_one(f'meta[name="{name}"], meta[property="{name}"]')
    if found is None:
        raise BookError(f"index.html: no {name} in its head")
    return str(found["content"])


def title_of_site(index: str) -> str:
    """사이트의 이름."""
    return meta(parsed(index), "og:site_name")


def date_of(site: Path) -> str:
    """가장 새로운 소식의 날."""
    found = re.search(r"<updated>(\d{4}-\d\d-\d\d)", (site / "feed.xml").read_text("utf-8"))
    if found is None:
        raise BookError("feed.xml: no day of the newest news")
    return found[1]


def settle_links(parts: list[Tag], pages: set[str]) -> None:
    """책 안의 쪽으로 가는 링크를 책 안의 자리로 돌리고, 책에 없는 쪽으로 가는 것은 글만 남긴다."""
    known = {str(one["id"]) for part in parts for one in [part, *part.select("[id]")] if one.get("id")}
    for part in parts:
        for link in part.select("a[href]"):
            target = urlsplit(str(link["href"]))
            if target.scheme:
                continue
            page = target.path.removesuffix(".html")
            if page in pages:
                link["href"] = f"#{page}--{target.fragment}" if target.fragment else f"#{page}"
            elif page:
                link.unwrap()
                continue
            if str(link["href"])[1:] not in known:
                raise BookError(f"{part.get('id')}: a link leads to {link['href']}, which the book lacks")


def document(site: Path, made: Path, parts: list[Tag], heads: dict[str, str], title: str) -> str:
    """HTML 한 장: 사이트의 스타일에 책의 것을 더한다."""
    (style,) = sorted((site / "_static").glob("site-*.css"))
    heads_css = "".join(
        f'#{name} {{ page: {name}; }}\n@page {name} {{ @top-right {{ content: "{quoted(head)}"; }} }}\n'
        for name, head in heads.items()
    )
    sheets = "".join(
        f'<link rel="stylesheet" href="{path.as_uri()}">\n'
        for path in (style, site / "_static" / "print.css", STYLE)
    )
    body = "\n".join(map(str, parts))
    return (
        f'<!DOCTYPE html>\n<html lang="ko" data-theme="light" class="book">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="date" content="{date_of(site)}">\n<title>{escape(title)}</title>\n{sheets}'
        f"<style>\n{faces(made)}{heads_css}</style>\n</head>\n<body>\n"
        f'<article class="bd-article">\n{body}\n</article>\n</body>\n</html>\n'
    )


# --- 글꼴 --------------------------------------------------------------------------------------------


def faces(made: Path) -> str:
    """책의 글꼴: 그림의 글꼴과, 거기 없는 글자(ᵢ, Ł)와 코드를 찍을 Matplotlib의 것."""
    import matplotlib as mpl

    folder = Path(mpl.get_data_path(), "fonts", "ttf")
    named = {
        "book sans": made / LETTERS,
        "book gaps": folder / "DejaVuSans.ttf",
        "book mono": folder / "DejaVuSansMono.ttf",
    }
    face = '@font-face {{ font-family: "{}"; src: url("{}"); }}\n'
    return "".join(face.format(family, path.as_uri()) for family, path in named.items())


def outlined(letters: Iterable[str]) -> bytes:
    """그림의 글꼴에서 이 글자만 잘라, 크로뮴이 PDF에 글꼴로 담을 수 있는 이차 곡선으로 바꾼다."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont, newTable

    features = ("calt", "ccmp", "kern", "liga", "locl", "mark", "mkmk")
    font = TTFont(io.BytesIO(fonts.cut(SANS, set(map(ord, letters)), features)), recalcTimestamp=False)
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    outlines = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        outlines[name] = pen.glyph()
    del font["CFF "]
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, outlines
    widths = font["hmtx"]
    for name, glyph in outlines.items():
        glyph.recalcBounds(font["glyf"])
        widths[name] = (widths[name][0], glyph.xMin if glyph.numberOfContours else 0)
    limits = font["maxp"]
    limits.tableVersion = 0x00010000
    for limit in LIMITS:
        setattr(limits, limit, 0)
    limits.maxZones = 1
    font["post"].formatType, font["post"].extraNames, font["post"].mapping = 3.0, [], {}
    font.sfntVersion, font.flavor = "\0\1\0\0", None
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def quoted(words: str) -> str:
    """CSS의 글로."""
    return words.replace("\\", r"\\").replace('"', r"\"")


def sheets(site: Path, made: Path) -> str:
    """한눈에 보는 답: 쪽 하나."""
    part = parsed("").new_tag("section", attrs={"id": SHEETS})
    part.extend(list(article_of(SHEETS, read(site, SHEETS)).children))
    settle_links([part], set())
    return document(site, made, [part], {}, f"{title_of(part)} · {title_of_site(read(site, 'index'))}")


def main(arguments: Sequence[str]) -> int:
    """둘과, 그 글꼴을 쓴다."""
    if len(arguments) != 2:
        print(f"usage: {Path(__file__).name} site folder", file=sys.stderr)
        return 2
    site, folder = (Path(one).resolve() for one in arguments)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        made = {"book": Book(site).html(folder), SHEETS: sheets(site, folder)}
    except BookError as error:
        print(f"dlnotes: {error}", file=sys.stderr)
        return 1
    for name, html in made.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    (folder / LETTERS).write_bytes(outlined("0123456789쪽" + "".join(made.values())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
