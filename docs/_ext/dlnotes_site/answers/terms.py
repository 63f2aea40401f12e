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
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from dlnotes_site.answers.questions import boxes
from dlnotes_site.summaries import sums_up


@dataclass(frozen=True)
class Term:
    """One term; `words` are the forms looked for in the pages."""

    ko: str
    en: str
    topic: str
    definition: str
    variants: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def label(self) -> str:
        """The anchor on the glossary's page: from the English, which stays put."""
        return "term-" + re.sub(r"[^a-z0-9]+", "-", self.en.lower().replace("ε", "epsilon")).strip("-")


@lru_cache
def read_terms(path: Path, _changed: int) -> tuple[Term, ...]:
    """Read the glossary, refusing what is not an entry; read it again only when it changed."""
    terms = []
    for group in yaml.safe_load(path.read_text(encoding="utf-8")):
        for raw in group["terms"]:
            fields = {"variants": (), "words": (raw.get("ko"),), **raw, "topic": group["topic"]}
            try:
                term = Term(**{key: tuple(v) if isinstance(v, list) else v for key, v in fields.items()})
            except TypeError as error:
                raise ExtensionError(f"{path}: {raw.get('ko', raw)!r}: {error}") from error
            terms.append(term)
    for name, found in (
        ("anchor", [term.label for term in terms]),
        ("word", [word for term in terms for word in term.words]),
    ):
        twice = sorted({value for value in found if found.count(value) > 1})
        if twice:
            raise ExtensionError(f"{path}: {name} stands twice: {', '.join(twice)}")
    return tuple(terms)


def terms_of(app: Sphinx) -> tuple[Term, ...]:
    """Return the glossary."""
    path = Path(app.srcdir) / app.config.terms_file
    return read_terms(path, path.stat().st_mtime_ns)


def pattern(terms: tuple[Term, ...]) -> re.Pattern[str]:
    """Match any term at the start of a word, the longest first; white space may be a line's end."""
    words = sorted((word for term in terms for word in term.words), key=len, reverse=True)
    return re.compile(
        r"(?<![\w가-힣])(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in words) + ")"
    )


# --- first uses -----------------------------------------------------------------------------------

LEFT_ALONE = (
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


def uses_of(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return the labels of the terms that each page uses."""
    if not hasattr(env, "dlnotes_terms"):
        env.dlnotes_terms = {}
    return env.dlnotes_terms


def link_first_uses(app: Sphinx, doctree: nodes.document) -> None:
    """Link the first use of every term on a page of answers to the glossary."""
    env = app.env
    if not any(boxes(doctree)):
        return
    env.note_dependency(str(Path(app.srcdir) / app.config.terms_file))
    terms = terms_of(app)
    by_word = {word: term for term in terms for word in term.words}
    matcher = pattern(terms)
    seen: list[str] = []
    for text in list(doctree.findall(nodes.Text)):
        if not stands_in_prose(text):
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
    uses_of(env)[env.docname] = seen


def stands_in_prose(text: nodes.Text) -> bool:
    """Tell whether no ancestor is to be left alone."""
    node = text.parent
    while node is not None:
        if isinstance(node, LEFT_ALONE) or {"dl-erratum", "cell_output"} & set(node.get("classes", [])):
            return False
        node = node.parent
    return True


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
    used = uses_of(app.env).get(pagename, [])
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


def definitions(app: Sphinx) -> dict[str, tuple[str, str]]:
    """Return each term's page and its definition as HTML, formulas and all."""
    found = getattr(app, "dlnotes_definitions", None)
    if found is None:
        found = app.dlnotes_definitions = {}  # type: ignore[attr-defined]
        for _, _, kind, docname, label, _ in app.env.domains.standard_domain.get_objects():
            if kind == "term":
                found[label] = (docname, "")
        for docname in sorted({docname for docname, _ in found.values()}):
            for entry in app.env.get_doctree(docname).findall(nodes.definition_list_item):
                for label in entry[0]["ids"]:
                    if label in found:
                        found[label] = (docname, phrase(app, entry[1][0]))
    return found


def phrase(app: Sphinx, paragraph: nodes.Element) -> str:
    """Write a paragraph's words as HTML."""
    document = new_document("", app.builder.docsettings)
    document += nodes.inline("", "", *(child.deepcopy() for child in paragraph))
    writer = app.builder.create_translator(document, app.builder)
    document[0].walkabout(writer)
    return "".join(writer.body).removeprefix("<span>").removesuffix("</span>")


# --- the glossary's page --------------------------------------------------------------------------


class UsePlace(nodes.paragraph):
    """Stands for the links to a term's pages until every page has been read."""


class GlossaryTerms(SphinxDirective):
    """Lay out the glossary by topic."""

    def run(self) -> list[nodes.Node]:
        """Make one section a topic."""
        app = self.env.app
        self.env.note_dependency(str(Path(app.srcdir) / app.config.terms_file))
        sums_up(self.env)
        sections: dict[str, nodes.section] = {}
        for term in terms_of(app):
            if term.topic not in sections:
                section = nodes.section("", nodes.title("", term.topic), ids=[f"topic-{len(sections) + 1}"])
                section += nodes.definition_list("", classes=["dl-terms"])
                sections[term.topic] = section
            sections[term.topic][1] += self.entry(term)
        return list(sections.values())

    def entry(self, term: Term) -> nodes.definition_list_item:
        """Lay out one term."""
        self.env.get_domain("std").note_object("term", term.ko, term.label, location=self.get_location())
        english = nodes.inline("", term.en, classes=["dl-english", "language-en"])
        head = nodes.term("", "", nodes.Text(term.ko + " "), english, ids=[term.label])
        body = nodes.definition("", nodes.paragraph("", "", *self.parse_inline(term.definition)[0]))
        if term.variants:
            body += nodes.paragraph("", "다른 말: " + ", ".join(term.variants), classes=["dl-variants"])
        body += UsePlace(term=term.label)
        return nodes.definition_list_item("", head, body)


def fill_uses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fill the links to the pages in."""
    for place in list(doctree.findall(UsePlace)):
        pages = [page for page, labels in sorted(uses_of(app.env).items()) if place["term"] in labels]
        if not pages:
            place.parent.remove(place)
            continue
        paragraph = nodes.paragraph("", "나오는 글: ", classes=["dl-marks"])
        for number, page in enumerate(pages):
            if number:
                paragraph += nodes.Text(", ")
            title = nodes.Text(app.env.titles[page].astext())
            paragraph += make_refnode(app.builder, docname, page, "", title)
        place.replace_self(paragraph)


def purge(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page's terms before it is read again."""
    uses_of(env).pop(docname, None)


def merge(_app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take over what a parallel reader noted."""
    uses_of(env).update({page: labels for page, labels in uses_of(other).items() if page in docnames})


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.summaries")
    app.add_config_value("terms_file", "terms.yml", "env", str)
    app.add_directive("glossary-terms", GlossaryTerms)
    app.add_node(UsePlace)
    app.connect("doctree-read", link_first_uses, priority=800)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("doctree-resolved", fill_uses)
    app.connect("html-page-context", add_tips)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
