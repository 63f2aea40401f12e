"""What is often taken wrongly: the claims that the site corrects, each leading to its place.

``{often-mistaken}`` lists them in the order of their file. A claim that only its question's reader
understands has there another wording, ``mistaken``.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.answers.claims import Claim, claims_of, claims_path
from dlnotes_site.answers.errata import ledger_of
from dlnotes_site.pages import Place, note_that_it_sums_up, place_of, places

logger = logging.getLogger(__name__)


class MistakenPlace(Place, nodes.General, nodes.Element):
    """Stands for a link to what shows a claim until every page has been read; holds the words."""


class OftenMistaken(SphinxDirective):
    """List the claims that were corrected."""

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        app = self.env.app
        self.env.note_dependency(str(claims_path(app)))
        note_that_it_sums_up(self.env)
        wrong = [claim for claim in claims_of(app) if claim.verdict == "corrected"]
        return [nodes.bullet_list("", *map(self.item, wrong), classes=["dl-mistaken"])]

    def item(self, claim: Claim) -> nodes.list_item:
        """Lay out one claim; it leads to the first figure or section that shows it, or to its question."""
        places = [label for label in claim.shown if label not in ledger_of(self.env.app)]
        words = self.parse_inline(claim.mistaken or claim.claim)[0]
        label = (*places, claim.question)[0]
        return nodes.list_item("", MistakenPlace("", *words, label=label, place=claim.place))


def fill_mistaken(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link each claim."""
    for place in places(doctree, MistakenPlace):
        page, anchor = place_of(app.env, place["label"])
        if not page:
            logger.error("nothing is named %s", place["label"], location=place["place"])
        words = nodes.inline("", "", *place.children)  # one thing, laid out beside its sign
        link = make_refnode(app.builder, docname, page, anchor, words)
        place.replace_self(addnodes.compact_paragraph("", "", link))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.answers.claims")
    app.add_node(MistakenPlace)
    app.add_directive("often-mistaken", OftenMistaken)
    app.connect("doctree-resolved", fill_mistaken, priority=508)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
