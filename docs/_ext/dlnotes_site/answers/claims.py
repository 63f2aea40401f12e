"""What every answer claims, what came of it, and what shows it; and how much of the site is computed.

``{claims}`` lays out the file of claims, each with links to the figures, sections and errata that show it;
the build fails on a claim that names no proof, or one that does not exist. ``{counts}`` says in numbers what
the build just did: questions, claims, cells run, values in prose, figures, checks, examples and tests.
"""

from __future__ import annotations

import ast
import doctest
import importlib
import pkgutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from dlnotes_site.answers.errata import ledger_of
from dlnotes_site.answers.questions import questions_of
from dlnotes_site.summaries import sums_up

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
    """One claim of one question; `shown` names labels of figures, sections and entries of the ledger."""

    question: str
    claim: str
    verdict: str
    shown: tuple[str, ...]


def read_claims(path: Path) -> list[Claim]:
    """Read the claims, refusing one without a known verdict or without a proof."""
    claims = []
    for group in yaml.safe_load(path.read_text(encoding="utf-8")):
        for raw in group["claims"]:
            try:
                claim = Claim(group["question"], **{**raw, "shown": tuple(raw.get("shown", ()))})
            except TypeError as error:
                raise ExtensionError(f"{path}: {group['question']}: {error}") from error
            if claim.verdict not in VERDICTS:
                raise ExtensionError(f"{path}: {claim.claim!r}: verdict {claim.verdict!r} is unknown")
            if not claim.shown:
                raise ExtensionError(f"{path}: {claim.claim!r} is shown by nothing")
            claims.append(claim)
    return claims


def claims_path(env: BuildEnvironment) -> Path:
    """Return the file of claims."""
    return Path(env.srcdir) / env.config.claims_file


# --- the page of claims ---------------------------------------------------------------------------


class QuestionPlace(nodes.General, nodes.Element):
    """Stands for a question's heading until every page has been read."""


class FigurePlace(nodes.General, nodes.Element):
    """Stands for a figure's number until all are counted."""


class Claims(SphinxDirective):
    """Lay out the claims, question by question."""

    def run(self) -> list[nodes.Node]:
        """Make one list a question."""
        path = claims_path(self.env)
        self.env.note_dependency(str(path))
        sums_up(self.env)
        out: list[nodes.Node] = []
        for claim in read_claims(path):
            if not out or out[-2]["question"] != claim.question:
                out += [QuestionPlace(question=claim.question), nodes.bullet_list(classes=["dl-claims"])]
            out[-1] += self.item(claim)
        return out

    def item(self, claim: Claim) -> nodes.list_item:
        """Lay out one claim: what is said, the verdict, the proofs."""
        style = ["dl-verdict", f"dl-verdict-{claim.verdict}"]
        verdict = nodes.inline("", VERDICTS[claim.verdict], classes=style)
        said = nodes.paragraph("", "", *self.parse_inline(claim.claim)[0], nodes.Text(" "), verdict)
        proofs = nodes.paragraph("", "근거: ", classes=["dl-marks"])
        for number, label in enumerate(claim.shown):
            if number:
                proofs += nodes.Text(", ")
            proofs += self.proof(label)
        return nodes.list_item("", said, proofs)

    def proof(self, label: str) -> nodes.Node:
        """Refer to a figure by its number, to an erratum as such, to a section by its title."""
        if label.startswith("fig-"):
            return FigurePlace(figure=label)
        entry = ledger_of(self.env).get(label)
        link = addnodes.pending_xref(
            "",
            nodes.inline("", "정오표"),
            refdomain="std",
            reftype="ref",
            reftarget=entry.label if entry else label,
            refexplicit=bool(entry),
        )
        link["refdoc"], link["refwarn"] = self.env.docname, True
        return link


def fill_figures(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put each figure's number, as a link, where the place was left.

    ``{numref}`` would do, but it loads the whole page of every figure to look for its caption.
    """
    labels = app.env.domains.standard_domain.anonlabels
    for place in list(doctree.findall(FigurePlace)):
        page, anchor = labels.get(place["figure"], ("", ""))[:2]
        number = app.env.toc_fignumbers.get(page, {}).get("figure", {}).get(anchor)
        if number is None:
            logger.error("no figure is named %s", place["figure"], location=docname)
            place.parent.remove(place)
            continue
        words = nodes.Text("그림 " + ".".join(map(str, number)))
        place.replace_self(make_refnode(app.builder, docname, page, anchor, words))


def fill_questions(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put each question's heading, as a link, where the place was left."""
    questions = questions_of(app.env)
    for place in list(doctree.findall(QuestionPlace)):
        name = place["question"]
        if name not in questions:
            logger.error("claims of a question that no page answers: %s", name, location=docname)
            place.parent.remove(place)
            continue
        found = questions[name]
        link = make_refnode(app.builder, docname, found.docname, name, nodes.Text(found.title))
        place.replace_self(nodes.rubric("", "", link, classes=["dl-claimed"]))


def check(_app: Sphinx, env: BuildEnvironment) -> None:
    """Report a question without a claim."""
    path = claims_path(env)
    if path.is_file():
        claimed = {claim.question for claim in read_claims(path)}
        for name, question in questions_of(env).items():
            if name not in claimed:
                where = (question.docname, question.line)
                logger.error("question %s has no claim in %s", name, path.name, location=where)


# --- the counts -----------------------------------------------------------------------------------


class CountsPlace(nodes.General, nodes.Element):
    """Stands for the counts until every page has been read."""


class Counts(SphinxDirective):
    """Say in numbers how the site is verified."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for the numbers."""
        sums_up(self.env)
        return [CountsPlace()]


def note_page(app: Sphinx, doctree: nodes.document) -> None:
    """Count a page's figures and its doctest examples."""
    data = app.env.metadata[app.env.docname]
    if "cells" in data:
        prompts = [
            line
            for block in doctree.findall(nodes.literal_block)
            if not isinstance(block.parent, nodes.container) or "cell_output" not in block.parent["classes"]
            for line in block.astext().splitlines()
            if line.startswith(">>> ")
        ]
        data["figures"] = str(sum(1 for _ in doctree.findall(nodes.figure)))
        data["examples"] = str(len(prompts))


def library_examples() -> int:
    """Count the examples in the library's docstrings."""
    package = importlib.import_module("dlnotes")
    finder = doctest.DocTestFinder(exclude_empty=True)
    names = [module.name for module in pkgutil.walk_packages(package.__path__, "dlnotes.")]
    return sum(len(test.examples) for name in names for test in finder.find(importlib.import_module(name)))


def test_functions(root: Path) -> int:
    """Count the test functions; each may run over many cases."""
    return sum(
        isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for path in root.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )


def counts(app: Sphinx) -> list[tuple[str, int]]:
    """Count what the build read, ran and compared."""
    env = app.env

    def total(key: str) -> int:
        return sum(int(data.get(key, 0)) for data in env.metadata.values())

    ledger = ledger_of(env).values()
    path = claims_path(env)
    return [
        ("답한 질문", len(questions_of(env))),
        ("근거를 단 주장", len(read_claims(path)) if path.is_file() else 0),
        ("실행한 코드 셀", total("cells")),
        ("글 속에서 셈한 값", total("evals")),
        ("다시 그린 그림", total("figures")),
        ("정오표의 항목", len(ledger)),
        (
            "정오표에서 다시 셈한 식",
            sum(bool(text) for entry in ledger for text in (entry.computed, entry.check)),
        ),
        ("테스트되는 보기", total("examples") + library_examples()),
        ("테스트 함수", test_functions(Path(app.confdir) / "tests")),
    ]


def fill_counts(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Put the numbers where the place was left."""
    for place in list(doctree.findall(CountsPlace)):
        items = [
            nodes.list_item(
                "", nodes.paragraph("", "", nodes.strong("", f"{number:,}"), nodes.Text(f" {name}"))
            )
            for name, number in counts(app)
        ]
        place.replace_self(nodes.bullet_list("", *items, classes=["dl-counts"]))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.summaries")
    app.add_config_value("claims_file", "claims.yml", "env", str)
    app.add_directive("claims", Claims)
    app.add_directive("counts", Counts)
    for node in (QuestionPlace, FigurePlace, CountsPlace):
        app.add_node(node)
    app.connect("doctree-read", note_page)
    app.connect("env-check-consistency", check)
    app.connect("doctree-resolved", fill_questions)
    app.connect("doctree-resolved", fill_figures)
    app.connect("doctree-resolved", fill_counts)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
