"""A page as its reader sees it: sections with their anchors, and the lines of text in each.

The HTML that Sphinx wrote is read, not the doctree: numbers, figures and tables computed by other
extensions are then there, whatever nodes they were made of.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser


def names(text: str) -> frozenset[str]:
    """Return the names that a text lists."""
    return frozenset(text.split())


BLOCKS = names(
    "address article aside blockquote br caption dd details div dl dt figcaption figure footer h1 h2 "
    "h3 h4 h5 h6 hr li ol p pre section summary svg table tr ul"
)
CELLS = names("td th")
HEADINGS = names("h1 h2 h3 h4 h5 h6")
VOID = names("area base br col embed hr img input link meta source track wbr")
SKIPPED_TAGS = names("annotation annotation-xml button noscript script style template")
SKIPPED_CLASSES = names("headerlink linenos viewcode-link")
CELL = " · "  # between the cells of a row
FORMULA = "\u2063"  # encloses a formula in a line: an invisible separator


LONGEST_TITLE = 120
RAISED = dict(zip("0123456789+-−inkdT⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁱⁿᵏᵈᵀᵀ", strict=True))
UNRAISED = "°∘′″*†"  # signs that are written above of themselves
LOWERED = dict(zip("0123456789+-−aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
DRAWN = 0.4  # what words in a drawing count for


@dataclass
class Line:
    """One line of a section: a paragraph, an item, a row, a caption."""

    text: str
    weight: float
    lead: bool = False  # part of what answers in short


@dataclass
class Section:
    """What stands under one heading or described name, without the sections inside it."""

    anchor: str
    depth: int
    title: str = ""
    lines: list[Line] = field(default_factory=list)


@dataclass
class Open:
    """An element not yet closed."""

    tag: str
    weight: float
    skipped: bool
    section: Section | None
    lead: bool = False
    begun: int = 0  # where its text begins
    children: int = 0


def bracketed(text: str) -> str:
    """Put brackets around what is more than a number or a name."""
    return text if re.fullmatch(r"[\w.,]*|\(.*\)", text) else f"({text})"


def raised(text: str) -> str:
    """Write an exponent in a line."""
    if text in UNRAISED:
        return text.replace("∘", "°")
    if set(text) <= RAISED.keys():
        return "".join(RAISED[letter] for letter in text)
    return f"^{bracketed(text)}"


def lowered(text: str) -> str:
    """Write an index in a line: β₁, rₜ₊₁, but W_in."""
    if set(text) <= LOWERED.keys() and sum(letter.isalpha() for letter in text) < 2:
        return "".join(LOWERED[letter] for letter in text)
    return f"_{text}" if text.isalnum() else text


class Reader(HTMLParser):
    """Collects the sections of a page's body."""

    def __init__(self, weights: Mapping[str, float], leads: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.weights = weights
        self.leads = leads
        self.sections = [Section("", 0)]
        self.stack = [Open("", 1.0, False, self.sections[0])]
        self.text: list[str] = []
        self.heading: Section | None = None
        self.formulas = 0
        self.cells = 0  # open ones: a row is one line, whatever stands in its cells

    @property
    def section(self) -> Section:
        """The innermost open section."""
        return next(element.section for element in reversed(self.stack) if element.section is not None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if tag in BLOCKS:
            if self.cells:
                self.text.append(" ")
            else:
                self.end_line()
        if tag in VOID:
            return
        self.cells += tag in CELLS
        attributes = dict(attrs)
        classes = (attributes.get("class") or "").split()
        top = self.stack[-1]
        weights = [self.weights[name] for name in classes if name in self.weights]
        weight = weights[0] if weights else top.weight * (DRAWN if tag == "svg" else 1.0)
        skipped = top.skipped or tag in SKIPPED_TAGS or not weight or not SKIPPED_CLASSES.isdisjoint(classes)
        lead = top.lead or any(name in self.leads for name in classes)
        opened = Open(tag, weight, skipped, None, lead, len(self.text))
        top.children += 1
        anchor = attributes.get("id")
        if tag == "section" and anchor:
            opened.section = self.begin(anchor)
        elif tag == "dt" and anchor:
            self.heading = self.begin(anchor)
            self.stack[-1].section = self.heading  # its dd follows it: the section is the list's from here on
        elif tag in HEADINGS and not self.section.title:
            self.heading = self.section
        elif tag == "math":
            self.formulas += 1
            self.text.append(FORMULA)
        elif tag in CELLS and self.text:
            self.text.append(CELL)
        elif tag == "text":
            self.text.append(" ")
        self.stack.append(opened)

    def begin(self, anchor: str) -> Section:
        """Begin a section inside the innermost one."""
        self.end_line()
        outer = [element.section for element in self.stack if element.section is not None]
        section = Section(
            anchor, len(outer) - (self.stack[-1].tag == "dl" and self.stack[-1].section is not None)
        )
        self.sections.append(section)
        return section

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and what was left open in it."""
        if all(element.tag != tag for element in self.stack[1:]):
            return
        if tag in BLOCKS and not self.cells:
            self.end_line()
        if tag == "math":
            self.formulas -= 1
            self.text.append(FORMULA)
        while self.stack[-1].tag != tag:
            self.cells -= self.stack.pop().tag in CELLS
        closed = self.stack.pop()
        self.cells -= closed.tag in CELLS
        if self.formulas:
            self.write_out(closed)

    def write_out(self, part: Open) -> None:
        """Write roots, fractions, powers and indices as in a line: 1/2, 2ⁿ and β₁, not 12, 2n and β1."""
        whole = self.stack[-1]
        text = "".join(self.text[part.begun :])
        if part.tag == "msqrt":
            text = "√" + bracketed(text)
        if whole.tag == "mfrac":
            text = "/" * (whole.children > 1) + bracketed(text)
        elif (whole.tag, whole.children) in (("msup", 2), ("msubsup", 3)):
            text = raised(text)
        elif (whole.tag, whole.children) in (("msub", 2), ("msubsup", 2)):
            text = lowered(text)
        elif part.tag != "msqrt":
            return
        self.text[part.begun :] = [text]

    def handle_data(self, data: str) -> None:
        """Add text to the line."""
        if not self.stack[-1].skipped:
            self.text.append(data)

    def end_line(self) -> None:
        """Finish the line."""
        line = " ".join("".join(self.text).replace(FORMULA * 2, "").split()).strip(" ·")
        self.text = []
        if not line:
            return
        if self.heading is not None:
            self.heading.title = line.replace(FORMULA, "")[:LONGEST_TITLE]
            self.heading = None
        else:
            self.section.lines.append(Line(line, self.stack[-1].weight, self.stack[-1].lead))


# Elements of drawings that hold no words of their own: thousands of them, where a page has many pictures.
DRAWING = re.compile(
    r"</?(?:circle|clipPath|defs|ellipse|g|line|linearGradient|marker|path|polygon|polyline|rect|stop|use)\b[^>]*>"
)

# What Pygments colours, and docutils' words of literals: most of the elements of a page with code.
COLOURED = re.compile(r'<span class="([a-z][a-z0-9]?|pre)">([^<]*)</span>')


def read(body: str, weights: Mapping[str, float], leads: Collection[str] = ()) -> list[Section]:
    """Return a page's sections in their order, without empty ones."""
    reader = Reader(weights, leads)
    body = COLOURED.sub(lambda part: part[0] if part[1] in weights else part[2], body)
    reader.feed(DRAWING.sub("", body))
    reader.close()
    reader.end_line()
    return [section for section in reader.sections if section.title or section.lines]
