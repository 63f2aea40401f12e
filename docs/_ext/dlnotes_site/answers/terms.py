"""The glossary: one file says what each term means; the first use of a term on a page leads there.

``{glossary-terms}`` lays out the file, with links back to the pages that use each term. Terms are found in
running text, at the start of a word and whatever particle follows; the longest term wins, so that 기울기 소실
is not taken for 기울기. Headings, links, code and formulas are left alone.

What a page's terms mean stands at its end, hidden: tips.js shows it beside the word. That is 0.8 to 2 KB a
page (gzip); one file for the site would be 8.6 KB and a request. Without a script the link is a link.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode, traverse_parent
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from dlnotes_site.data import DataError, Entries, Entry, listed, load, record
from dlnotes_site.markup.folding import FOLDS, deeper_sections, line_and_rest
from dlnotes_site.pages import (
    OnScreen,
    Place,
    being_read,
    is_answers,
    joined,
    known,
    note_that_it_sums_up,
    pages,
    places,
)


@dataclass(frozen=True)
class Term:
    """One term; `words` are the forms looked for in the pages."""

    ko: str
    en: str
    topic: str
    definition: str
    words: tuple[str, ...]
    variants: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The anchor on the glossary's page: from the English, which stays put."""
        return "term-" + re.sub(r"[^a-z0-9]+", "-", self.en.lower().replace("ε", "epsilon")).strip("-")


@dataclass(frozen=True)
class Topic:
    """The terms of one topic, as the file holds them."""

    topic: str
    terms: list[Entry]


def read_terms(read: Entries) -> tuple[Term, ...]:
    """Make the glossary of the file's entries, refusing what is none."""
    terms: list[Term] = []
    for group in read:
        topic = record(Topic, group)
        for raw in listed(group.place, topic.terms):
            lists = {key: tuple(value) for key, value in raw.items() if isinstance(value, list)}
            words = lists.get("words", (raw.get("ko"),))
            term = record(Term, raw, **{**lists, "words": words, "topic": topic.topic})
            for name, found, others in (
                ("anchor", {term.label}, {other.label for other in terms}),
                ("word", set(term.words), {word for other in terms for word in other.words}),
            ):
                if twice := found & others:
                    raise DataError(raw.place, f"{name} stands twice: {', '.join(sorted(twice))}")
            terms.append(term)
    return tuple(terms)


def terms_path(app: Sphinx) -> Path:
    """Return the glossary's file."""
    return Path(app.srcdir, app.config.terms_file)


def terms_of(app: Sphinx) -> tuple[Term, ...]:
    """Return the glossary."""
    return load(terms_path(app), read_terms)


def require_sound_terms(app: Sphinx) -> None:
    """Refuse a malformed glossary before anything is built on it."""
    if terms_path(app).is_file():
        terms_of(app)


def any_of(words: Iterable[str]) -> str:
    """Match one of the words, the longest first; of none, nothing."""
    longest = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest) or "(?!)"


@cache
def pattern(terms: tuple[Term, ...]) -> re.Pattern[str]:
    """Match any term at the start of a word; white space may be a line's end."""
    return re.compile(rf"(?<![\w가-힣])(?:{any_of(word for term in terms for word in term.words)})")


# --- first uses -----------------------------------------------------------------------------------

LEFT_ALONE = (
    OnScreen,
    nodes.title,
    nodes.term,
    nodes.reference,
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.footnote,
    nodes.citation,
    nodes.comment,
    addnodes.pending_xref,
    addnodes.desc,
)


def link_first_uses(app: Sphinx, doctree: nodes.document) -> None:
    """Link the first use of every term on a page of answers to the glossary."""
    env = app.env
    if not is_answers(env, env.docname):
        return
    env.note_dependency(str(terms_path(app)))
    terms = terms_of(app)
    by_word = {word: term for term in terms for word in term.words}
    matcher = pattern(terms)
    seen: list[str] = []
    # Nothing can be pressed within what is pressed to unfold a section.
    pressed = [line_and_rest(section)[0] for section in deeper_sections(doctree)]
    for text in list(doctree.findall(nodes.Text)):
        if not stands_in_prose(text) or any(line in pressed for line in traverse_parent(text.parent)):
            continue
        pieces: list[nodes.Node] = []
        start = 0
        for found in matcher.finditer(text):
            term = by_word[re.sub(r"\s+", " ", found[0])]
            if term.label in seen:
                continue
            seen.append(term.label)
            pieces += [nodes.Text(text[start : found.start()]), link(env.docname, term, found[0])]
            start = found.end()
        if pieces:
            text.parent.replace(text, [*pieces, nodes.Text(text[start:])])
    being_read(env).terms = seen


def stands_in_prose(text: nodes.Text) -> bool:
    """Tell whether no ancestor is to be left alone."""
    return not any(
        isinstance(above, LEFT_ALONE) or {"dl-erratum", "cell_output"} & set(above["classes"])
        for above in traverse_parent(text.parent)
    )


def link(docname: str, term: Term, words: str) -> addnodes.pending_xref:
    """Link to the term's entry."""
    inner = nodes.inline("", words, classes=["dl-term"])
    found = addnodes.pending_xref("", inner, refdomain="std", reftype="term", reftarget=term.ko)
    found["refdoc"], found["refwarn"], found["refexplicit"] = docname, True, True
    return found


# --- tips ------------------------------------------------------------------------------------------


def add_tips(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put what the page's terms mean at its end, where tips.js finds it and no index reads it."""
    used = known(app.env, pagename).terms
    if doctree is None or not used:
        return
    terms = {term.label: term for term in terms_of(app)}
    tips = [tip(app, pagename, terms[label]) for label in sorted(used)]
    context["body"] += f'<div class="dl-definitions" hidden="hidden">{"".join(tips)}</div>'


def tip(app: Sphinx, pagename: str, term: Term) -> str:
    """Lay out one tip, of phrases alone: it will stand inside a paragraph."""
    page, definition = definitions(app)[term.label]
    there = app.builder.get_relative_uri(pagename, page) + f"#{term.label}"
    return (
        f'<span class="dl-tip" id="tip-{term.label}"><strong>{html.escape(term.ko)}</strong>'
        f'<span class="dl-english" lang="en">{html.escape(term.en)}</span>'
        f'<span class="dl-said" id="tip-{term.label}-said">{definition}</span>'
        f'<a href="{there}">용어집에서 보기</a></span>'
    )


_definitions: WeakKeyDictionary[Sphinx, dict[str, tuple[str, str]]] = WeakKeyDictionary()


def definitions(app: Sphinx) -> dict[str, tuple[str, str]]:
    """Return each term's page and its definition as HTML, formulas and all."""
    found = _definitions.get(app)
    if found is None:
        found = _definitions[app] = {}
        for _, _, kind, docname, label, _ in app.env.domains.standard_domain.get_objects():
            if kind == "term":
                found[label] = (docname, "")
        for docname in sorted({docname for docname, _ in found.values()}):
            for head in app.env.get_doctree(docname).findall(nodes.term):
                for label in head["ids"]:
                    said = head.parent.next_node(nodes.paragraph) if label in found else None
                    if said is not None:
                        found[label] = (docname, phrase(app, said))
    return found


def phrase(app: Sphinx, paragraph: nodes.Element) -> str:
    """Write a paragraph's words as HTML."""
    assert isinstance(app.builder, StandaloneHTMLBuilder)
    document = new_document("", app.builder.docsettings)
    document += nodes.inline("", "", *(child.deepcopy() for child in paragraph))
    writer = app.builder.create_translator(document, app.builder)
    assert isinstance(writer, HTML5Translator)
    document[0].walkabout(writer)
    return "".join(writer.body).removeprefix("<span>").removesuffix("</span>")


# --- the glossary's page --------------------------------------------------------------------------


class UsePlace(Place, nodes.paragraph):
    """Stands for the links to a term's pages until every page has been read."""


FIRST, LAST, PER_INITIAL = ord("가"), ord("힣"), 588
INITIALS = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"  # a doubled one is filed as single
LATIN = "A–Z"


def letter_of(word: str) -> str:
    """Return the letter below which a word is filed."""
    code = ord(word[0])
    return INITIALS[(code - FIRST) // PER_INITIAL] if FIRST <= code <= LAST else LATIN


class GlossaryTerms(SphinxDirective):
    """Lay out the glossary by letter, each letter's terms folded, and the letters to jump by."""

    def run(self) -> list[nodes.Node]:
        """Make a list of the letters and one section a letter."""
        app = self.env.app
        self.env.note_dependency(str(terms_path(app)))
        note_that_it_sums_up(self.env)
        filed = sorted(terms_of(app), key=lambda term: (letter_of(term.ko) == LATIN, term.ko.casefold()))
        jumps = nodes.bullet_list("", classes=["dl-letters"])
        sections: list[nodes.Node] = []
        for number, (letter, group) in enumerate(groupby(filed, lambda term: letter_of(term.ko)), 1):
            terms = list(group)
            id_ = f"letter-{number}"
            link = nodes.reference("", "", nodes.inline("", letter), refid=id_, internal=True)
            jumps += nodes.list_item("", addnodes.compact_paragraph("", "", link))
            names = nodes.paragraph("", ", ".join(term.ko for term in terms))
            entries = nodes.definition_list("", *map(self.entry, terms), classes=["dl-terms"])
            title = nodes.title("", letter)
            sections.append(nodes.section("", title, names, entries, ids=[id_], classes=[FOLDS]))
        return [jumps, *sections]

    def entry(self, term: Term) -> nodes.definition_list_item:
        """Lay out one term."""
        standard = self.env.domains.standard_domain
        standard.note_object("term", term.ko, term.label, location=self.get_location())
        english = nodes.inline("", term.en, classes=["dl-english", "language-en"])
        head = nodes.term("", "", nodes.Text(term.ko + " "), english, ids=[term.label])
        body = nodes.definition("", nodes.paragraph("", "", *self.parse_inline(term.definition)[0]))
        if term.variants:
            body += nodes.paragraph("", "찾는 말: " + ", ".join(term.variants), classes=["dl-variants"])
        body += UsePlace(term=term.label)
        return nodes.definition_list_item("", head, body)


def fill_uses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fill the links to the pages in."""
    for place in places(doctree, UsePlace):
        users = [name for name, page in sorted(pages(app.env).items()) if place["term"] in page.terms]
        if not users:
            place.parent.remove(place)
            continue
        titles = ((page, nodes.Text(app.env.titles[page].astext())) for page in users)
        links = (make_refnode(app.builder, docname, page, "", title) for page, title in titles)
        place.replace_self(nodes.paragraph("", "나오는 글: ", *joined(links, ", "), classes=["dl-marks"]))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.pages")
    app.add_config_value("terms_file", "terms.yml", "env", str)
    app.connect("builder-inited", require_sound_terms, priority=503)
    app.add_directive("glossary-terms", GlossaryTerms)
    app.add_node(UsePlace)
    app.connect("doctree-read", link_first_uses, priority=800)
    app.connect("doctree-resolved", fill_uses, priority=505)
    app.connect("html-page-context", add_tips, priority=490)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
