"""The words of a line: bare for a description, with formulas and code marked for a text, or as Markdown.

Computed values stand as they came out; behind corrected ones a text has what was printed, in brackets. What
only a reader with a screen uses (where a thing is found) is left out. What has no words here is an error,
never left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from docutils import nodes
from pylatexenc.latex2text import LatexNodes2Text
from sphinx import addnodes
from sphinx.util import logging

logger = logging.getLogger(__name__)

UNSAID = {"dl-marks"}  # where a thing is found

FRACTION = re.compile(r"\\[dt]?frac\s*(\{[^{}]*\}|\w)\s*(\{[^{}]*\}|\w)")
reader = LatexNodes2Text(math_mode="text", keep_braced_groups=True, keep_braced_groups_minlen=3)


def read_out(source: str) -> str:
    """Write a formula with the letters that a line of text has: β_1 < √(β_2), h_{t-1}, n/2."""
    flat = FRACTION.sub(lambda found: over(found[1]) + "/" + over(found[2]), source)
    return " ".join(reader.latex_to_text(flat.replace(r"\arg", "arg ")).split())


def over(part: str) -> str:
    """Give a fraction's part brackets if it is more than one letter or number."""
    inner = part.strip("{}")
    return inner if inner.isalnum() else f"({inner})"


def unsaid(node: nodes.Node) -> bool:
    """Tell whether only a reader with a screen uses it."""
    return isinstance(node, nodes.Element) and bool(UNSAID & set(node.get("classes", [])))


def report_unknown(node: nodes.Node) -> None:
    """Fail the build where a page says something that would be left out."""
    kind = type(node).__name__
    logger.error(
        "texts and notebooks have no words for a %s: add it to dlnotes_site/export", kind, location=node
    )


class Words:
    """Write a line bare: formulas read out, no marks, no notes."""

    def __call__(self, node: nodes.Node) -> str:
        """Write what a line says."""
        return " ".join(self.inside(node).split())

    def inside(self, node: nodes.Node) -> str:
        """Write the words in a line, or in a part of it."""
        return "".join(map(self.word, node.children))

    def word(self, node: nodes.Node) -> str:
        """Write one word or mark."""
        match node:
            case _ if unsaid(node):
                return ""
            case nodes.inline() if "dl-tip" in node["classes"]:  # an erratum's first reading, and a link
                return self.printed("".join(map(self.word, node.children[:-2])))
            case nodes.Text():
                return self.text(node.astext())
            case nodes.math():
                return self.formula(node.astext().strip())
            case nodes.literal():
                return self.code(node.astext())
            case nodes.strong():
                return self.marked("**", "strong", node)
            case nodes.emphasis() | nodes.title_reference():
                return self.marked("*", "em", node)
            case nodes.superscript() | nodes.subscript():
                return self.moved(node.tagname[:3], node)
            case nodes.footnote_reference():
                return self.note(node.astext())
            case nodes.reference():
                return self.link(node)
            case nodes.inline() | addnodes.number_reference() | addnodes.pending_xref():
                return self.inside(node)
            case nodes.image() if node.get("alt"):
                return self.text(node["alt"])
            case nodes.raw() | nodes.target():  # an erratum's button; an anchor
                return ""
        report_unknown(node)
        return ""

    def text(self, text: str) -> str:
        """Write plain words."""
        return text

    def printed(self, _words: str) -> str:
        """Write what stood in a corrected word's place."""
        return ""

    def formula(self, latex: str) -> str:
        """Write a formula."""
        return read_out(latex)

    def code(self, code: str) -> str:
        """Write a piece of code."""
        return code

    def note(self, _number: str) -> str:
        """Write a footnote's mark."""
        return ""

    def marked(self, _mark: str, _tag: str, node: nodes.Element) -> str:
        """Write words that stand out."""
        return self.inside(node)

    def moved(self, _tag: str, node: nodes.Element) -> str:
        """Write words above or below the line."""
        return self.inside(node)

    def link(self, node: nodes.reference) -> str:
        """Write a reference."""
        return self.inside(node)


class TextWords(Words):
    """Write a line for those who read the text as it stands: formulas as LaTeX, notes by their numbers."""

    def printed(self, words: str) -> str:
        """Write what stood in a corrected word's place, in brackets."""
        return f"({words})"

    def formula(self, latex: str) -> str:
        """Write a formula as LaTeX."""
        return f"${latex}$"

    def code(self, code: str) -> str:
        """Write code between back quotes."""
        return f"`{code}`"

    def note(self, number: str) -> str:
        """Write the number of a footnote."""
        return f"[{number}]"


class MarkdownWords(TextWords):
    """Write a line to be rendered: words marked, references with addresses, Markdown's signs escaped."""

    SIGNS = re.compile(r"([\\`*_<\[\]$])")
    LIST_OR_HEADING = re.compile(r"^(?:(?=[#+>-])|(\d+)(?=[.)](?:\s|$)))")
    LETTER = re.compile(r"[\w가-힣]")

    def __init__(self, address: Callable[[str], str]) -> None:
        """Take what makes a reference's target an address."""
        self.address = address

    def __call__(self, node: nodes.Node) -> str:
        """Write a line that begins no list and no heading."""
        return self.LIST_OR_HEADING.sub(r"\1\\", super().__call__(node))

    def text(self, text: str) -> str:
        """Escape the signs in plain words."""
        return self.SIGNS.sub(r"\\\1", text)

    def note(self, number: str) -> str:
        """Raise the number of a footnote."""
        return f"<sup>[{number}]</sup>"

    def marked(self, mark: str, tag: str, node: nodes.Element) -> str:
        """Mark words: with HTML where they end in no letter, since Markdown's signs then do not close."""
        words = self.inside(node).strip()
        if self.LETTER.match(words[:1]) and self.LETTER.match(words[-1:]):
            return f"{mark}{words}{mark}"
        return f"<{tag}>{words}</{tag}>"

    def moved(self, tag: str, node: nodes.Element) -> str:
        """Write words above or below the line, as HTML does."""
        return f"<{tag}>{self.inside(node).strip()}</{tag}>"

    def link(self, node: nodes.reference) -> str:
        """Write a reference with its address."""
        target = node.get("refuri") or f"#{node['refid']}"
        return f"[{self.inside(node).strip()}]({self.address(target)})"


bare = Words()


def paragraphs(blocks: Iterable[nodes.Node]) -> list[str]:
    """Return the bare words of an answer, a string a paragraph."""
    found: list[str] = []
    for block in blocks:
        match block:
            case nodes.paragraph():
                found.append(bare(block))
            case nodes.math_block():
                found.append(bare.formula(block.astext().strip()))
            case nodes.bullet_list() | nodes.enumerated_list():
                found += ["- " + " ".join(paragraphs(item.children)) for item in block.children]
            case _:
                report_unknown(block)
    return found
