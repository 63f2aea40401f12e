"""The index of the questions: a card for each page of answers, with its drawing.

``{question-index}`` lists all questions, or those of the pages named in its body, each with the first
sentence of its answer. ``{start-here}`` names in its body some to begin with.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.answers.questions import gist, link_to
from dlnotes_site.pages import (
    Place,
    Question,
    being_read,
    in_order,
    is_answers,
    note_that_it_sums_up,
    places,
    questions_of,
    questions_on,
)
from dlnotes_site.share.emblems import Emblem

logger = logging.getLogger(__name__)


class IndexPlace(Place, nodes.General, nodes.Element):
    """Stands for the index until every page has been read."""


class QuestionIndex(SphinxDirective):
    """List the questions of the pages named in the body, or all, each with the gist of its answer."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Leave a place for the list."""
        note_that_it_sums_up(self.env)
        place = IndexPlace(pages=[line.strip() for line in self.content if line.strip()])
        being_read(self.env).indexes.append(place["pages"])
        self.set_source_info(place)
        return [place]


def fill_index(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the cards where the place was left."""
    for place in places(doctree, IndexPlace):
        docnames = place["pages"] or dict.fromkeys(one.docname for one in in_order(app.env).values())
        empty = [page for page in docnames if not is_answers(app.env, page)]
        if empty or not docnames:
            logger.error("no question on %s", ", ".join(empty) or "any page", location=place)
        cards = [card(app, docname, page) for page in docnames if page not in empty]
        place.replace_self(nodes.container("", *cards, classes=["dl-cards"]))


def card(app: Sphinx, docname: str, page: str) -> nodes.container:
    """Make a page's card: its drawing, its title, its questions and the gist of each answer."""
    title = nodes.Text(app.env.titles[page].astext())
    head = nodes.rubric("", "", make_refnode(app.builder, docname, page, "", title))
    head["heading-level"] = 3
    asked = [entry(app, docname, name, one) for name, one in questions_on(app.env, page).items()]
    listed = nodes.definition_list("", *asked, classes=["dl-index"])
    return nodes.container("", Emblem(page=page), head, listed, classes=["dl-card"])


def entry(app: Sphinx, docname: str, name: str, question: Question) -> nodes.definition_list_item:
    """Make an entry of the index."""
    answer = gist(question.answer)
    for element in answer.findall(nodes.Element):
        element["ids"] = []
    link = link_to(app, docname, name, question)
    return nodes.definition_list_item("", nodes.term("", "", link), nodes.definition("", answer))


# --- where to begin -------------------------------------------------------------------------------


class StartPlace(Place, nodes.General, nodes.Element):
    """Stands for the questions to begin with until every page has been read."""


class StartHere(SphinxDirective):
    """List the questions named in the body, to begin with."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Leave a place for the list."""
        self.assert_has_content()
        note_that_it_sums_up(self.env)
        place = StartPlace(questions=[line.strip() for line in self.content if line.strip()])
        being_read(self.env).starts += place["questions"]
        self.set_source_info(place)
        return [place]


def fill_start(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the list where the place was left."""
    for place in places(doctree, StartPlace):
        questions, items = questions_of(app.env), []
        for name in place["questions"]:
            if name not in questions:
                logger.error("no page answers %s", name, location=place)
                continue
            link = link_to(app, docname, name, questions[name], questions[name].words)
            items.append(nodes.list_item("", addnodes.compact_paragraph("", "", link)))
        place.replace_self(nodes.bullet_list("", *items, classes=["dl-first-questions"]))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.answers.questions")
    app.setup_extension("dlnotes_site.share.emblems")
    app.add_node(IndexPlace)
    app.add_node(StartPlace)
    app.add_directive("question-index", QuestionIndex)
    app.add_directive("start-here", StartHere)
    app.connect("doctree-resolved", fill_index, priority=500)
    app.connect("doctree-resolved", fill_start, priority=507)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
