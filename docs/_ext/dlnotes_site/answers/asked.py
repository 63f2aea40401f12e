"""How students ask and spell, and what they ask that is not here: three ledgers for the search.

``asked.yml`` has for each question the ways in which students write it; the search weighs them like a title.
``absent.yml`` has what the site does not treat, and the questions that are nearest to it.
``spelled.yml`` has what is no term and yet written in several ways. The build fails on a question that is
unknown or has too few ways, and on anything that stands twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.answers.terms import Term, terms_of, terms_path
from dlnotes_site.data import DataError, Entries, load, record
from dlnotes_site.pages import pages, questions_of

logger = logging.getLogger(__name__)

FEWEST, MOST = 5, 10  # ways to ask a question


@dataclass(frozen=True)
class Asked:
    """The ways in which one question is asked."""

    question: str
    ways: tuple[str, ...]
    place: str


@dataclass(frozen=True)
class Absent:
    """What the site does not treat, by all its names; the questions nearest to it."""

    names: tuple[str, ...]
    near: tuple[str, ...]
    place: str


@dataclass(frozen=True)
class Spelled:
    """One thing that is no term, by all its names."""

    names: tuple[str, ...]
    place: str


def plain(words: str) -> str:
    """Return words as they are compared: neither case nor spaces nor points make another."""
    return re.sub(r"[\s.,?!]+", "", words.casefold())


def refuse_doubles(place: str, words: tuple[str, ...], seen: dict[str, str]) -> None:
    """Refuse what stands twice in a ledger; enter the rest."""
    for word in words:
        if first := seen.get(plain(word)):
            raise DataError(place, f"{word!r} stands twice, first at {first}")
        seen[plain(word)] = place


def texts(place: str, name: str, found: object) -> tuple[str, ...]:
    """Require a list of texts."""
    if not isinstance(found, list) or not found or not all(isinstance(one, str) and one for one in found):
        raise DataError(place, f"{name} must be a list of texts, got {found!r}")
    return tuple(found)


def read_asked(read: Entries) -> tuple[Asked, ...]:
    """Make the ways of the file's entries, refusing too few, too many and doubles."""
    asked: list[Asked] = []
    questions: dict[str, str] = {}
    seen: dict[str, str] = {}
    for raw in read:
        ways = texts(raw.place, "ways", raw.get("ways"))
        one = record(Asked, raw, ways=ways, place=raw.place)
        if not FEWEST <= len(ways) <= MOST:
            told = f"question {one.question} is asked in {len(ways)} ways: write {FEWEST} to {MOST}"
            raise DataError(raw.place, told)
        refuse_doubles(raw.place, (one.question,), questions)
        refuse_doubles(raw.place, ways, seen)
        asked.append(one)
    return tuple(asked)


def read_absent(read: Entries) -> tuple[Absent, ...]:
    """Make what is absent of the file's entries, refusing doubles."""
    found: list[Absent] = []
    seen: dict[str, str] = {}
    for raw in read:
        lists = {name: texts(raw.place, name, raw.get(name)) for name in ("names", "near")}
        one = record(Absent, raw, **lists, place=raw.place)
        refuse_doubles(raw.place, one.names, seen)
        found.append(one)
    return tuple(found)


def read_spelled(read: Entries) -> tuple[Spelled, ...]:
    """Make the spellings of the file's entries, refusing doubles and a word that is written in one way."""
    found: list[Spelled] = []
    seen: dict[str, str] = {}
    for raw in read:
        one = record(Spelled, raw, names=texts(raw.place, "names", raw.get("names")), place=raw.place)
        if len(one.names) < 2:
            raise DataError(raw.place, f"{one.names[0]} is written in one way: write another or leave it out")
        refuse_doubles(raw.place, one.names, seen)
        found.append(one)
    return tuple(found)


def asked_of(app: Sphinx) -> tuple[Asked, ...]:
    """Return the ways to ask; a site without the file has none."""
    path = Path(app.srcdir, app.config.asked_file)
    return load(path, read_asked) if path.is_file() else ()


def absent_of(app: Sphinx) -> tuple[Absent, ...]:
    """Return what is absent; a site without the file says nothing of it."""
    path = Path(app.srcdir, app.config.absent_file)
    return load(path, read_absent) if path.is_file() else ()


def spelled_of(app: Sphinx) -> tuple[Spelled, ...]:
    """Return what is written in several ways; a site without the file knows of none."""
    path = Path(app.srcdir, app.config.spelled_file)
    return load(path, read_spelled) if path.is_file() else ()


def require_sound_ways(app: Sphinx) -> None:
    """Refuse malformed ledgers before anything is built on them, and a term that is said to be absent."""
    asked_of(app)
    spelled_of(app)
    absent = absent_of(app)
    terms = terms_of(app) if absent and terms_path(app).is_file() else ()
    here = {
        plain(name): term.ko for term in terms for name in (term.ko, term.en, *term.words, *term.variants)
    }
    for one in absent:
        for name in one.names:
            if plain(name) in here:
                raise DataError(one.place, f"{name} is not absent: the glossary has {here[plain(name)]}")


def report_unasked_ways(app: Sphinx, env: BuildEnvironment) -> None:
    """Report a question that nobody asks, and one that no page answers."""
    questions, asked = questions_of(env), asked_of(app)
    for one in asked:
        if one.question not in questions:
            logger.error("no page answers %s", one.question, location=one.place)
    for other in absent_of(app):
        for name in other.near:
            if name not in questions:
                logger.error(
                    "no page answers %s, which is near to %s", name, other.names[0], location=other.place
                )
    known = {one.question for one in asked}
    for name, question in questions.items():
        if asked and name not in known:
            told = "question %s is asked in no way in %s: add an entry with five to ten ways to ask it"
            logger.error(told, name, app.config.asked_file, location=(question.docname, question.line))


# --- what the search is given ----------------------------------------------------------------------


def words_for_one_thing(app: Sphinx) -> list[list[str]]:
    """Return what is written in several ways, and for each term of the glossary all its names."""
    terms = [[term.ko, *term.variants, *english(term)] for term in terms_of(app)]
    return [*(list(one.names) for one in spelled_of(app)), *terms]


def english(term: Term) -> list[str]:
    """Return a term's English names: of ``dying (dead) ReLU`` also ``dying ReLU`` and ``dead ReLU``."""
    found = []
    for name in term.en.split(", "):
        found += [name, re.sub(r" \(\w+\)", "", name), re.sub(r"\S+ \((\w+)\) ", r"\1 ", name)]
    return list(dict.fromkeys(found))


def ways_to_ask(app: Sphinx) -> dict[str, dict[str, list[str]]]:
    """Return for each page and question the ways to ask it."""
    questions = questions_of(app.env)
    found: dict[str, dict[str, list[str]]] = {}
    for one in asked_of(app):
        if one.question in questions:
            found.setdefault(questions[one.question].docname, {})[one.question] = list(one.ways)
    return found


def absent_from_here(app: Sphinx) -> list[tuple[list[str], list[tuple[str, str]]]]:
    """Return what is absent, with the places of the questions nearest to it."""
    return [(list(one.names), places(app, list(one.near))) for one in absent_of(app)]


def where_to_start(app: Sphinx) -> list[tuple[str, str]]:
    """Return the places of the questions that the site begins with."""
    return places(app, [name for page in pages(app.env).values() for name in page.starts])


def places(app: Sphinx, names: list[str]) -> list[tuple[str, str]]:
    """Return the pages and anchors of questions; an unknown one was reported."""
    questions = questions_of(app.env)
    return [(questions[name].docname, name) for name in names if name in questions]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.answers.terms")
    app.add_config_value("asked_file", "asked.yml", "", str)
    app.add_config_value("absent_file", "absent.yml", "", str)
    app.add_config_value("spelled_file", "spelled.yml", "", str)
    app.connect("builder-inited", require_sound_ways, priority=507)
    app.connect("env-check-consistency", report_unasked_ways, priority=508)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
