"""What every answer claims, what came of it, and what shows it.

``{claims}`` lays out the file of claims, each with links to the figures, sections and errata that show it;
``{verdicts} q02 q03`` those of some questions as a table, below at most three sentences of prose. The build
fails on a claim that names no proof, or one that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.answers.errata import ledger_of
from dlnotes_site.answers.questions import SENTENCE_END, link_to
from dlnotes_site.data import DataError, Entry, listed, load, record
from dlnotes_site.markup.folding import Fold
from dlnotes_site.pages import (
    Place,
    being_read,
    joined,
    known,
    note_that_it_sums_up,
    place_of,
    places,
    questions_of,
    some_failed,
)

logger = logging.getLogger(__name__)

VERDICTS = {
    "holds": "맞습니다",
    "refined": "조건이 붙습니다",
    "corrected": "고쳤습니다",
    "added": "답을 보탰습니다",
    "unknown": "알 수 없습니다",
}


@dataclass(frozen=True)
class Claim:
    """One claim of one question; `shown` names labels of figures, sections and entries of the ledger.

    `mistaken` says one that is not so to somebody who does not know the question.
    """

    question: str
    claim: str
    verdict: str
    shown: tuple[str, ...]
    place: str
    mistaken: str = ""


def read_claims(read: tuple[Entry, ...]) -> tuple[Claim, ...]:
    """Make the claims of the file's entries, refusing one without a known verdict or without a proof."""
    claims = []
    for group in read:
        asked = record(Group, group)
        for raw in listed(group.place, asked.claims):
            shown = tuple(raw.get("shown") or ())
            claim = record(Claim, raw, question=asked.question, place=raw.place, shown=shown)
            if claim.verdict not in VERDICTS:
                raise DataError(raw.place, f"verdict {claim.verdict!r} is none of {', '.join(VERDICTS)}")
            if claim.mistaken and claim.verdict != "corrected":
                raise DataError(raw.place, f"what is {claim.verdict} is not mistaken: {claim.mistaken!r}")
            if not claim.shown:
                raise DataError(raw.place, f"the claim {claim.claim!r} is shown by nothing")
            claims.append(claim)
    return tuple(claims)


@dataclass(frozen=True)
class Group:
    """The claims of one question, as the file holds them."""

    question: str
    claims: list[Entry]


def claims_path(app: Sphinx) -> Path:
    """Return the file of claims."""
    return Path(app.srcdir, app.config.claims_file)


def claims_of(app: Sphinx) -> tuple[Claim, ...]:
    """Return the claims; a site without the file has none."""
    path = claims_path(app)
    return load(path, read_claims) if path.is_file() else ()


# --- the page of claims ---------------------------------------------------------------------------


class QuestionPlace(Place, nodes.General, nodes.Element):
    """Holds a question's claims and stands for its heading until every page has been read."""


class FigurePlace(Place, nodes.General, nodes.Element):
    """Stands for a figure's number until all are counted."""


class ClaimsDirective(SphinxDirective):
    """What shows a claim, and what came of it."""

    def verdict(self, claim: Claim) -> nodes.inline:
        """Say what came of a claim."""
        style = ["dl-verdict", f"dl-verdict-{claim.verdict}"]
        return nodes.inline("", VERDICTS[claim.verdict], classes=style)

    def proofs(self, claim: Claim) -> Iterator[nodes.Node]:
        """List what shows a claim."""
        return joined((self.proof(label, claim.place) for label in claim.shown), ", ")

    def proof(self, label: str, place: str) -> nodes.Node:
        """Refer to a figure by its number, to an erratum as such, to a section by its title."""
        if label.startswith("fig-"):
            return FigurePlace(figure=label, place=place)
        entry = ledger_of(self.env.app).get(label)
        link = addnodes.pending_xref(
            "",
            nodes.inline("", "정오표"),
            refdomain="std",
            reftype="ref",
            reftarget=entry.label if entry else label,
            refexplicit=bool(entry),
        )
        link["refdoc"], link["refwarn"] = self.env.docname, True
        link.source, _, line = place.rpartition(":")
        link.line = int(line)
        return link


class Claims(ClaimsDirective):
    """Lay out the claims, question by question, each question's folded."""

    def run(self) -> list[nodes.Node]:
        """Make one list a question."""
        self.env.note_dependency(str(claims_path(self.env.app)))
        note_that_it_sums_up(self.env)
        out: list[nodes.Node] = []
        for question, claims in groupby(claims_of(self.env.app), key=attrgetter("question")):
            first, *_ = listed = list(claims)
            claimed = nodes.bullet_list("", *map(self.item, listed), classes=["dl-claims"])
            out.append(QuestionPlace("", claimed, question=question, place=first.place))
        return out

    def item(self, claim: Claim) -> nodes.list_item:
        """Lay out one claim: what is said, the verdict, the proofs."""
        words = self.parse_inline(claim.claim)[0]
        said = nodes.paragraph("", "", *words, nodes.Text(" "), self.verdict(claim))
        proofs = nodes.paragraph("", "근거: ", *self.proofs(claim), classes=["dl-marks"])
        return nodes.list_item("", said, proofs)


LONGEST = 3  # sentences


class Verdicts(ClaimsDirective):
    """Lay out the claims of some questions as a table, below a few words on them."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make the words and the table."""
        self.env.note_dependency(str(claims_path(self.env.app)))
        asked = self.arguments[0].split()
        being_read(self.env).verdicts += asked
        words = self.parse_content_to_nodes()
        if (count := sum(len(SENTENCE_END.findall(word.astext())) for word in words)) > LONGEST:
            told = "{verdicts} says %d sentences, of %d that it may: the table tells the rest"
            logger.error(told, count, LONGEST, location=self.get_location())
        claims = [claim for name in asked for claim in claims_of(self.env.app) if claim.question == name]
        several = len(asked) > 1
        head = [*(["질문"] if several else []), "주장", "결과", "보이는 곳"]
        rows = [[nodes.paragraph("", word) for word in head]]
        for claim in claims:
            row = [
                nodes.paragraph("", "", *self.parse_inline(claim.claim)[0]),
                nodes.paragraph("", "", self.verdict(claim)),
                nodes.paragraph("", "", *self.proofs(claim)),
            ]
            rows.append([nodes.paragraph("", claim.question.upper()), *row] if several else row)
        return [*words, table_of(rows)]


def table_of(rows: list[list[nodes.paragraph]]) -> nodes.table:
    """Make a table, the first row its head."""
    first, *rest = [nodes.row("", *(nodes.entry("", paragraph) for paragraph in row)) for row in rows]
    columns = [nodes.colspec(colwidth=1) for _ in rows[0]]
    group = nodes.tgroup("", *columns, nodes.thead("", first), nodes.tbody("", *rest), cols=len(columns))
    return nodes.table("", group, classes=["dl-verdicts"])


def fill_figures(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put each figure's number, as a link, where the place was left.

    ``{numref}`` would do, but it loads the whole page of every figure to look for its caption.
    """
    for place in places(doctree, FigurePlace):
        page, anchor = place_of(app.env, place["figure"])
        number = known(app.env, page).numbers.get("figure", {}).get(anchor)
        if number is None:
            if not some_failed(app.env):
                logger.error("no figure is named %s", place["figure"], location=place["place"])
            place.parent.remove(place)
            continue
        words = nodes.Text(f"그림 {number}")
        place.replace_self(make_refnode(app.builder, docname, page, anchor, words))


def fill_questions(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put each question's heading over its claims: where they fold, what unfolds them; else, a link."""
    questions = questions_of(app.env)
    for place in places(doctree, QuestionPlace):
        name = place["question"]
        if name not in questions:
            logger.error("claims of a question that no page answers: %s", name, location=place["place"])
            place.parent.remove(place)
            continue
        found = questions[name]
        if app.builder.format == "html":
            way = nodes.paragraph("", "", link_to(app, docname, name, found, "답으로 가기"))
            fold = Fold("", way, *place.children, summary=found.title, open=False)
            fold["classes"] = ["dl-fold", "dl-claimed"]
            place.replace_self(fold)
        else:
            link = link_to(app, docname, name, found)
            place.replace_self([nodes.rubric("", "", link, classes=["dl-claimed"]), *place.children])


def report_unclaimed(app: Sphinx, env: BuildEnvironment) -> None:
    """Report a question without a claim."""
    claimed = {claim.question for claim in claims_of(app)}
    for name, question in questions_of(env).items():
        where = (question.docname, question.line)
        if claims_path(app).is_file() and name not in claimed:
            told = "question %s has no claim in %s: add an entry with its claims and what shows them"
            logger.error(told, name, claims_path(app).name, location=where)
        elif name in claimed and name not in known(env, question.docname).verdicts:
            told = "question %s has no verdicts: name it in the page's {verdicts}"
            logger.error(told, name, location=where)


def require_sound_claims(app: Sphinx) -> None:
    """Refuse malformed claims before anything is built on them."""
    claims_of(app)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.answers.errata")
    app.setup_extension("dlnotes_site.markup.folding")
    app.add_config_value("claims_file", "claims.yml", "env", str)
    app.add_directive("claims", Claims)
    app.add_directive("verdicts", Verdicts)
    app.add_node(QuestionPlace)
    app.add_node(FigurePlace)
    app.connect("builder-inited", require_sound_claims, priority=502)
    app.connect("env-check-consistency", report_unclaimed, priority=504)
    app.connect("doctree-resolved", fill_questions, priority=502)
    app.connect("doctree-resolved", fill_figures, priority=503)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
