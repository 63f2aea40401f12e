"""A particle agrees with what stands before it: a computed value, a formula, a figure's number.

What is computed may change with any edit, and its particle then with it: 0.70이, 0.71이, 0.72가. A value is
read digit by digit, a formula as :mod:`dlnotes_site.math.speech` says it; where people read a formula in more
than one way, as a fraction or a comparison, either particle will do. After a word in Latin letters nobody can
tell, and any will.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.math import mathml, speech
from dlnotes_site.math.mathml import FormulaError

logger = logging.getLogger(__name__)

PAIRS = ("은/는", "이/가", "을/를", "과/와", "으로/로")
PAIR_OF = {particle: pair for pair in PAIRS for particle in pair.split("/")}
# Not the copula (2이고 stands beside 2고), nor a word that only begins so (2가지).
PARTICLE = re.compile(
    r"([은는이가을를](?![가-힣])|[과와](?=(?:의|는|도)?(?![가-힣]))|으?로(?=(?:부터|서|써|는|의|도)?(?![가-힣])))"
)
CLOSED = re.compile(
    r"(?:\s*(?:괄호|대괄호|중괄호|꺾은괄호|루트|올림|내림|절댓값|노름) 닫고|\s*첨자 끝|[\s,.)\]])+$"
)
UNITS = {"%": "퍼센트", "px": "픽셀"}
FENCE = re.compile(r"(올림|내림|절댓값|노름) 닫고$")
COMPARED = re.compile(r"\s(?:이하|미만|이상|초과)$|의 (?:절댓값|노름)$")
DIVIDED = re.compile(r"(?:^|\s)(\S+) 나누기 \S+$")


def sounds(spoken: str) -> Iterator[str]:
    """Yield the words that a particle may follow, in each way in which what is written is read."""
    words = CLOSED.sub("", spoken)
    yield words
    if fence := FENCE.search(spoken):
        yield fence[1]
    if COMPARED.search(words):
        yield CLOSED.sub("", COMPARED.sub("", words))
    if divided := DIVIDED.search(words):
        yield divided[1]


def wrong_particle(words: str, text: str, start: int = 0) -> str:
    """Return the particle that follows words, if it must not; of words that nobody can tell, nothing."""
    found = PARTICLE.match(text, start)
    return found[0] if found and words and not agrees(words, found[0]) else ""


def agrees(words: str, particle: str) -> bool:
    """Tell whether a particle may stand after words."""
    return any(speech.particle(sound, PAIR_OF[particle]) == sound + particle for sound in sounds(words))


@cache
def said(latex: str) -> str:
    """Return a formula in words; of one that does not convert, which is told elsewhere, nothing."""
    try:
        return speech.reading(mathml.convert(latex, False))
    except FormulaError:
        return ""


def read_out(value: str) -> str:
    """Return how the end of a value is said; of a word in Latin letters, nothing."""
    last = re.search(r"[A-Za-z]+$|%?$", value)
    unit = last[0] if last else ""
    return value if not unit else UNITS.get(unit, speech.LATIN.get(unit.lower(), ""))


def words_before(node: nodes.Node) -> str:
    """Return in words what a particle follows; nothing, if it is none of ours."""
    match node:
        case nodes.math():
            return said(node.astext().strip())
        case nodes.inline() if "dl-computed" in node["classes"]:
            return read_out(node.astext())
        case nodes.reference() if node.next_node(is_number) is not None:
            return node.astext()
    return ""


def is_number(node: nodes.Node) -> bool:
    """Tell whether this is the number of a figure, a table or an exercise."""
    return isinstance(node, nodes.inline) and "std-numref" in node["classes"]


def report_particles(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Report the particles that do not agree."""
    for text in doctree.findall(nodes.Text):
        if not PARTICLE.match(text):
            continue
        beside = text.parent.children
        place = next(i for i, node in enumerate(beside) if node is text)
        before = beside[place - 1] if place else text
        if particle := wrong_particle(words_before(before), text):
            right = next(one for one in PAIR_OF[particle].split("/") if one != particle)
            written = before.astext()
            logger.error("write %s%s, not %s%s", written, right, written, particle, location=text.parent)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.connect("doctree-resolved", report_particles, priority=506)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
