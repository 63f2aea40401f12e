"""The ledger of errata: one file says what was printed, what is right and why; pages mark where it applies.

``{erratum}`id`` prints the ledger's corrected reading with a small mark, ``{erratum}`words <id>`` the words.
``{errata}`` lays out the whole ledger with links to every mark. The build fails on a check that comes out
false, an unknown id, a corrected value, symbol or statement that no page marks, and a corrected statement in
the student's or the teacher's mouth.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site import kept
from dlnotes_site.answers.questions import OTHERS, boxes
from dlnotes_site.data import DataError, Entry, load, record
from dlnotes_site.execution.key import key_of
from dlnotes_site.execution.steps import Step
from dlnotes_site.markup.folding import FOLDS
from dlnotes_site.pages import (
    Mark,
    Place,
    being_read,
    joined,
    note_that_it_sums_up,
    pages,
    places,
    questions_of,
)

logger = logging.getLogger(__name__)

MARKED_KINDS = {"value": "값", "symbol": "기호", "statement": "설명"}
UNMARKED_KINDS = {"spelling": "맞춤법", "transcription": "옮김"}
KINDS = MARKED_KINDS | UNMARKED_KINDS


@dataclass(frozen=True)
class Erratum:
    """One entry of the ledger. Texts are MyST, one paragraph each."""

    id: str
    question: str
    kind: str
    where: str
    printed: str
    corrected: str
    why: str
    source: str = ""
    computed: str = ""
    check: str = ""
    place: str = ""

    @property
    def label(self) -> str:
        """The anchor on the ledger's page."""
        return f"erratum-{self.id}"


def read_ledger(read: tuple[Entry, ...]) -> dict[str, Erratum]:
    """Make the ledger of the file's entries, refusing what is none."""
    ledger: dict[str, Erratum] = {}
    for raw in read:
        texts = {key: str(value).strip() for key, value in raw.items()}
        entry = record(Erratum, raw, **texts, place=raw.place)
        if entry.id in ledger:
            raise DataError(raw.place, f"id {entry.id!r} stands twice")
        if entry.kind not in KINDS:
            raise DataError(raw.place, f"{entry.id}: kind {entry.kind!r} is none of {', '.join(KINDS)}")
        ledger[entry.id] = entry
    return ledger


# --- the checks -----------------------------------------------------------------------------------


def expressions(entry: Erratum) -> list[tuple[str, str]]:
    """Return what of an entry is evaluated, and what it must give."""
    return [(text, must) for text, must in ((entry.computed, entry.corrected), (entry.check, "True")) if text]


def modules_named(expression: str) -> dict[str, str]:
    """Return the modules that an expression names: NumPy, and those of the library by their last name."""
    found = {}
    for node in ast.walk(ast.parse(expression, mode="eval")):
        if isinstance(node, ast.Name):
            module = "numpy" if node.id == "numpy" else f"dlnotes.{node.id}"
            if importlib.util.find_spec(module):
                found[node.id] = module
    return found


def value_of(expression: str) -> str:
    """Evaluate an expression over the modules that it names."""
    names = {name: importlib.import_module(module) for name, module in modules_named(expression).items()}
    return str(eval(expression, names))


def evaluate(expression: str) -> str:
    """Do the same; an error is told as it is."""
    try:
        return value_of(expression)
    except NameError as error:
        return f"NameError: {error} (an expression may use numpy and the modules of dlnotes by their names)"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def failed_checks(ledger: dict[str, Erratum], values: Mapping[str, str]) -> list[tuple[Erratum, str]]:
    """Hold every expression's value against what it must be; say which entry does not hold, and how."""
    return [
        (entry, f"{expression} gives {values[expression]}, expected {expected}")
        for entry in ledger.values()
        for expression, expected in expressions(entry)
        if values[expression] != expected
    ]


def values_of(ledger: dict[str, Erratum], root: Path, folder: Path) -> dict[str, str]:
    """Evaluate the ledger's expressions, or recall what they gave while nothing behind them changed."""
    asked = [expression for entry in ledger.values() for expression, _ in expressions(entry)]
    return made_or_recalled(asked, evaluate, root, folder / "errata.json")


def made_or_recalled(
    asked: Iterable[str], evaluate: Callable[[str], str], root: Path, path: Path
) -> dict[str, str]:
    """Evaluate expressions, or recall from a file what they gave while nothing behind them changed."""
    steps = [Step("expression", expression, 0) for expression in asked]
    library = sorted(path for path in (root / "src").rglob("*") if path.is_file() and path.suffix != ".pyc")
    key = key_of(steps, [*library, root / "requirements.txt", Path(__file__)], root)
    known = kept.read(path)
    if known is None or known["key"] != key:
        known = {"key": key, "values": {step.source: evaluate(step.source) for step in steps}}
        kept.write(path, known)
    return dict(known["values"])


# --- state of the build ---------------------------------------------------------------------------


def ledger_of(app: Sphinx) -> dict[str, Erratum]:
    """Return the ledger."""
    return load(ledger_path(app), read_ledger)


def ledger_path(app: Sphinx) -> Path:
    """Return the ledger's file."""
    return Path(app.srcdir, app.config.errata_file)


def require_sound_ledger(app: Sphinx) -> None:
    """Refuse a malformed ledger before anything is built on it."""
    ledger_of(app)


def report_failed_checks(app: Sphinx, _env: BuildEnvironment, _docnames: list[str]) -> None:
    """Report the entries whose expressions do not give what they must."""
    ledger = ledger_of(app)
    for entry, failure in failed_checks(ledger, values_of(ledger, Path(app.confdir), Path(app.doctreedir))):
        logger.error("%s: %s", entry.id, failure, location=entry.place)


def report_unmarked(app: Sphinx, env: BuildEnvironment) -> None:
    """Report entries that no page marks."""
    marked = {mark.erratum for page in pages(env).values() for mark in page.marks}
    for entry in ledger_of(app).values():
        if entry.kind in MARKED_KINDS and entry.id not in marked:
            logger.error(
                "erratum %s is marked on no page: write {erratum}`%s` where it applies",
                entry.id,
                entry.id,
                location=entry.place,
            )


def report_unasked(app: Sphinx, env: BuildEnvironment) -> None:
    """Report entries of a question that no page answers, on a site that answers any."""
    asked = questions_of(env)
    for entry in ledger_of(app).values():
        if asked and entry.question not in asked:
            logger.error(
                "erratum %s is of a question that no page answers: %s",
                entry.id,
                entry.question,
                location=entry.place,
            )


def require_own_voice(app: Sphinx, doctree: nodes.document) -> None:
    """Report a corrected statement in the student's or the teacher's mouth."""
    for box in boxes(doctree):
        for mark in box.findall(nodes.inline):
            entry = ledger_of(app).get(mark.get("erratum", ""))
            if box["part"] in OTHERS and entry and entry.kind == "statement":
                told = (
                    "erratum %s is a statement: let {%s} say it as it was said, and mark it in {correction}"
                )
                logger.error(told, entry.id, box["part"], location=box)


# --- the mark -------------------------------------------------------------------------------------


class ErratumRole(SphinxRole):
    """A corrected reading with its mark."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Print the corrected words, the mark and its tip."""
        words, bracket, rest = self.text.rpartition("<")
        id_ = rest.removesuffix(">") if bracket else self.text
        self.env.note_dependency(str(ledger_path(self.env.app)))
        entry = ledger_of(self.env.app).get(id_)
        if entry is None:
            logger.error("unknown erratum %r", id_, location=self.get_location())
            return [], []
        marks = being_read(self.env).marks
        anchor = f"mark-{id_}-{1 + sum(mark.erratum == id_ for mark in marks)}"
        marks.append(Mark(anchor, id_))
        words_node = nodes.inline(
            "", "", *self.parse(words.strip() or entry.corrected), classes=["dl-corrected"]
        )
        tip = nodes.inline("", "원래 표기: ", classes=["dl-tip"], ids=[f"{anchor}-tip"])
        tip += [*self.parse(entry.printed), nodes.Text(" "), ledger_link(self.env.docname, entry)]
        button = (
            f'<button type="button" class="dl-mark" aria-expanded="false" aria-controls="{anchor}-tip" '
            f'aria-label="고침: 원래 표기 보기">정</button>'
        )
        mark = nodes.inline("", "", words_node, nodes.raw("", button, format="html"), tip, erratum=id_)
        mark["classes"].append("dl-erratum")
        mark["ids"].append(anchor)
        return [mark], []

    def parse(self, text: str) -> list[nodes.Node]:
        """Parse one line of MyST."""
        parsed, _ = self.inliner.parse(
            text, self.lineno, SimpleNamespace(**vars(self.inliner)), self.inliner.parent
        )
        return list(parsed)


def ledger_link(docname: str, entry: Erratum) -> addnodes.pending_xref:
    """Link to the entry on the ledger's page."""
    link = addnodes.pending_xref(
        "",
        nodes.inline("", "정오표"),
        refdomain="std",
        reftype="ref",
        reftarget=entry.label,
        refexplicit=True,
    )
    link["refdoc"], link["refwarn"] = docname, True
    return link


# --- the ledger's page ----------------------------------------------------------------------------


class MarkLinks(Place, nodes.paragraph):
    """Stands for the links to an entry's marks until every page has been read."""


class QuestionWords(Place, nodes.Inline, nodes.Element):
    """Stands for a question's words until every page has been read."""


class ErrataDirective(SphinxDirective):
    """Lay out the whole ledger, by question, each question's part folded."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Make one section a question."""
        self.env.note_dependency(str(ledger_path(self.env.app)))
        note_that_it_sums_up(self.env)
        by_question = attrgetter("question")
        entries = sorted(ledger_of(self.env.app).values(), key=by_question)
        return [self.section(name, list(group)) for name, group in groupby(entries, by_question)]

    def section(self, question: str, entries: list[Erratum]) -> nodes.section:
        """Lay out what was corrected of one question, folded."""
        words = QuestionWords(question=question)
        line = nodes.paragraph("", "", words, nodes.Text(f" ({len(entries)}개)"))
        id_, title = f"errata-{question}", nodes.title("", question.upper())
        return nodes.section("", title, line, *map(self.block, entries), ids=[id_], classes=[FOLDS])

    def block(self, entry: Erratum) -> nodes.Node:
        """Lay out one entry."""
        block = nodes.container(ids=[entry.label], classes=["dl-entry"])
        std = self.env.get_domain("std")
        std.data["labels"][entry.label] = (self.env.docname, entry.label, entry.where)
        std.data["anonlabels"][entry.label] = (self.env.docname, entry.label)
        title = f"{entry.question.upper()} · {entry.where} ({KINDS[entry.kind]})"
        block += nodes.paragraph("", "", nodes.strong("", title))
        rows: list[tuple[str, str]] = [
            ("원래", entry.printed),
            ("고침", entry.corrected),
            ("이유", entry.why),
        ]
        if entry.source:
            rows.append(("근거", entry.source))
        block += nodes.definition_list(
            "", *(self.row(name, text) for name, text in rows), classes=["dl-fields"]
        )
        for expression, expected in expressions(entry):
            block += nodes.literal_block("", f">>> {expression}\n{expected}", language="pycon")
        if entry.kind in MARKED_KINDS:
            block += MarkLinks(entry=entry.id)
        return block

    def row(self, name: str, text: str) -> nodes.definition_list_item:
        """Make one field."""
        body = nodes.paragraph("", "", *self.parse_inline(text)[0])
        return nodes.definition_list_item("", nodes.term("", name), nodes.definition("", body))


def resolve_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fill the links to the marks in, and the questions' words."""
    for asked in places(doctree, QuestionWords):
        found = questions_of(app.env).get(asked["question"])
        asked.replace_self(nodes.Text(found.words if found else asked["question"].upper()))
    for place in places(doctree, MarkLinks):
        marks = [
            (name, mark.anchor)
            for name, page in sorted(pages(app.env).items())
            for mark in page.marks
            if mark.erratum == place["entry"]
        ]
        links = []
        for page, anchor in marks:
            number = f" ({anchor.rpartition('-')[2]})" if len(marks) > 1 else ""
            words = nodes.Text(app.env.titles[page].astext() + number)
            links.append(make_refnode(app.builder, docname, page, anchor, words))
        place.replace_self(nodes.paragraph("", "나오는 곳: ", *joined(links, ", "), classes=["dl-marks"]))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.pages")
    app.add_config_value("errata_file", "errata.yml", "env", str)
    app.add_role("erratum", ErratumRole())
    app.add_directive("errata", ErrataDirective)
    app.add_node(MarkLinks)
    app.add_node(QuestionWords)
    app.connect("builder-inited", require_sound_ledger, priority=501)
    app.connect("env-before-read-docs", report_failed_checks, priority=501)
    app.connect("doctree-read", require_own_voice, priority=455)
    app.connect("env-check-consistency", report_unmarked, priority=503)
    app.connect("env-check-consistency", report_unasked, priority=507)
    app.connect("doctree-resolved", resolve_links, priority=501)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
