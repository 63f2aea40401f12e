"""All answers on a few sheets of paper: ``{at-a-glance}``.

Every question with its short answer, its three lines, and the picture or the formula that carries the answer,
all as its own page says them.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.answers.questions import link_to
from dlnotes_site.pages import Place, Question, in_order, note_that_it_sums_up, places, topic_of


class GlancePlace(Place, nodes.General, nodes.Element):
    """Stands for the answers until every page has been read."""


class AtAGlance(SphinxDirective):
    """List all answers in short."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for them."""
        note_that_it_sums_up(self.env)
        return [GlancePlace()]


def fill_glance(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the answers where the place was left, topic by topic."""
    for place in places(doctree, GlancePlace):
        listed: list[nodes.Node] = []
        topic = None
        for name, question in in_order(app.env).items():
            if (own := topic_of(app.env, question.docname)) != topic:
                topic = own
                listed.append(heading(2, nodes.Text(topic)))
            listed.append(in_short(app, docname, name, question))
        place.replace_self(nodes.container("", *listed, classes=["dl-glance"]))


def heading(level: int, words: nodes.Node) -> nodes.rubric:
    """Make a heading that begins no section: the page's contents name none."""
    made = nodes.rubric("", "", words)
    made["heading-level"] = level
    return made


def in_short(app: Sphinx, docname: str, name: str, question: Question) -> nodes.container:
    """Lay out one answer: its words, and beside them what carries it, whose caption stands with the words."""
    items = [nodes.list_item("", line.deepcopy()) for line in question.summary]
    carrier, caption = question.carried[:1], question.carried[1:]
    words = nodes.container(
        "",
        heading(3, link_to(app, docname, name, question)),
        *(part.deepcopy() for part in question.answer),
        nodes.bullet_list("", *items),
        *(part.deepcopy() for part in caption),
        classes=["dl-glance-words"],
    )
    shown = [nodes.container("", *(part.deepcopy() for part in carrier))] if carrier else []
    made = nodes.container("", words, *shown, classes=["dl-glance-one"])
    if not shown or fills_a_row(carrier[0]):
        made["classes"].append("dl-glance-row")
    for element in made.findall(nodes.Element):
        element["ids"] = []
    return made


def fills_a_row(carrier: nodes.Node) -> bool:
    """Tell whether it is a picture whose panels need a row of the page: it is drawn in one width alone."""
    return isinstance(carrier, nodes.raw) and "dl-narrow" not in carrier.astext()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.answers.questions")
    app.add_node(GlancePlace)
    app.add_directive("at-a-glance", AtAGlance)
    app.connect("doctree-resolved", fill_glance, priority=510)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
