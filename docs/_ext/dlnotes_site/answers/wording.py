"""One word for one thing, and words of today: what the pages do not say, and what they say instead.

A page of answers says a glossary's term, not one of its variants in Hangul; those are for who searches.
Other words stand in ``words.yml``. A word is found whole, with or without a particle, where it is no part of
a longer term (기울기's variant 경사 is none in 경사 하강법); one that ends in ``~`` where words begin so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.answers.terms import Term, any_of, pattern, terms_of
from dlnotes_site.data import Entries, load, record
from dlnotes_site.pages import is_answers

logger = logging.getLogger(__name__)

PARTICLES = r"이|가|은|는|을|를|의|에|에서|과|와|도|으로|로|만|마다|처럼|보다|까지|부터|들[이은을]?"
COPULA = r"이다|입니다|이고|이?라고"
HANGUL = re.compile(r"[가-힣 ]{2,}")  # one syllable alone may be another word
REQUESTS, MANY = re.compile(r"십시오"), 3  # so many times may a page be so stiff
QUOTED = (
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.citation,
    nodes.footnote,
)


@dataclass(frozen=True)
class Wording:
    """What to write, and what not."""

    write: str
    avoid: tuple[str, ...]
    place: str


def read_wordings(read: Entries) -> tuple[Wording, ...]:
    """Make the wordings of the file's entries."""
    return tuple(record(Wording, raw, avoid=tuple(raw.get("avoid") or ()), place=raw.place) for raw in read)


def words_path(app: Sphinx) -> Path:
    """Return the file of the words."""
    return Path(app.srcdir, app.config.words_file)


def wordings_of(app: Sphinx) -> tuple[Wording, ...]:
    """Return the wordings; a site without the file has none."""
    path = words_path(app)
    return load(path, read_wordings) if path.is_file() else ()


def require_sound_words(app: Sphinx) -> None:
    """Refuse malformed words before a page is read."""
    wordings_of(app)


@dataclass(frozen=True)
class Avoided:
    """The words that are not written: one pattern that finds them, and what to write instead of each."""

    pattern: re.Pattern[str]
    instead: dict[str, str]

    def found_in(self, said: str) -> Iterator[tuple[int, int, str, str]]:
        """Give where each begins and its word ends, how it stands there, and what to write."""
        for found in self.pattern.finditer(said):
            name = str(found.lastgroup)
            word = " ".join(found[name].split()) + ("~" if name == "begun" else "")
            yield found.start(), found.end(name), found[0], self.instead[word]


@cache
def avoided(terms: tuple[Term, ...], wordings: tuple[Wording, ...]) -> Avoided:
    """Make what finds the words that are not written; 덧대기 때문 is said of the verb."""
    variants = {one: term.ko for term in terms for one in term.variants if HANGUL.fullmatch(one)}
    said = {word for term in terms for word in term.words}
    others = {one: wording.write for wording in wordings for one in wording.avoid}
    instead = {word: write for word, write in (variants | others).items() if word not in said}
    begun = any_of(word.removesuffix("~") for word in instead if word.endswith("~"))
    whole = any_of(word for word in instead if not word.endswith("~"))
    end = rf"(?:{PARTICLES}|{COPULA})?(?![가-힣]|\s때문)"
    return Avoided(re.compile(rf"(?<!\w)(?:(?P<begun>{begun})|(?P<whole>{whole}){end})"), instead)


def report_words(app: Sphinx, doctree: nodes.document) -> None:
    """Report the words that have another."""
    if not is_answers(app.env, app.env.docname):
        return
    terms = terms_of(app)
    app.env.note_dependency(str(words_path(app)))
    known = pattern(terms)
    instead = avoided(terms, wordings_of(app))
    stiff = 0
    for paragraph in doctree.findall(nodes.TextElement):
        if isinstance(paragraph, QUOTED) or isinstance(paragraph.parent, nodes.TextElement):
            continue
        said = prose(paragraph)
        stiff += len(REQUESTS.findall(said))
        inside = [found.span() for found in known.finditer(said)]
        for first, last, word, write in instead.found_in(said):
            if not any(start <= first and last <= end for start, end in inside):
                logger.error("write %s, not %s", write, word, location=paragraph)
    if stiff > MANY:
        told = "…십시오 stands %d times, of %d that it may: write …세요"
        logger.error(told, stiff, MANY, location=app.env.docname)


def prose(paragraph: nodes.Element) -> str:
    """Return a paragraph's words, without what it quotes."""
    said = ""
    for child in paragraph.children:
        if isinstance(child, QUOTED):
            said += " "
        else:
            said += prose(child) if isinstance(child, nodes.Element) else child.astext()
    return said


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.answers.terms")
    app.add_config_value("words_file", "words.yml", "env", str)
    app.connect("builder-inited", require_sound_words, priority=509)
    app.connect("doctree-read", report_words, priority=799)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
