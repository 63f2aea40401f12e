"""The ledger of errata: one file says what was printed, what is right and why; pages mark where it applies.

``{erratum}`id`` prints the ledger's corrected reading with a small mark, ``{erratum}`words <id>`` the words.
``{errata}`` lays out the whole ledger with links to every mark. The build fails on a check that comes out
false, an unknown id, and a corrected value, symbol or statement that no page marks.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
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
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import make_refnode

from dlnotes_site.summaries import sums_up

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

    @property
    def label(self) -> str:
        """The anchor on the ledger's page."""
        return f"erratum-{self.id}"


def read_ledger(path: Path) -> dict[str, Erratum]:
    """Read the ledger, refusing what is not an entry."""
    ledger: dict[str, Erratum] = {}
    for raw in yaml.safe_load(path.read_text(encoding="utf-8")):
        try:
            entry = Erratum(**{key: str(value).strip() for key, value in raw.items()})
        except TypeError as error:
            raise ExtensionError(f"{path}: {raw.get('id', raw)!r}: {error}") from error
        if entry.id in ledger:
            raise ExtensionError(f"{path}: id {entry.id!r} stands twice")
        if entry.kind not in KINDS:
            raise ExtensionError(f"{path}: {entry.id}: kind {entry.kind!r} is none of {', '.join(KINDS)}")
        ledger[entry.id] = entry
    return ledger


def failed_checks(ledger: dict[str, Erratum], modules: list[str]) -> list[tuple[str, str]]:
    """Evaluate every `computed` and `check` over the modules; say which entry does not hold, and how."""
    names = {module.rpartition(".")[2]: importlib.import_module(module) for module in modules}
    failures = []
    for entry in ledger.values():
        for expression, expected in ((entry.computed, entry.corrected), (entry.check, "True")):
            if not expression:
                continue
            try:
                found = str(eval(expression, dict(names)))
            except Exception as error:
                found = f"{type(error).__name__}: {error}"
            if found != expected:
                failures.append((entry.id, f"{expression} gives {found}, expected {expected}"))
    return failures


# --- state of the build ---------------------------------------------------------------------------


def ledger_of(env: BuildEnvironment) -> dict[str, Erratum]:
    """Return the ledger read at the start of the build."""
    return env.dlnotes_ledger


def marks_of(env: BuildEnvironment) -> dict[str, list[tuple[str, str, str]]]:
    """Return where each erratum is marked: (page, anchor, id)."""
    if not hasattr(env, "dlnotes_marks"):
        env.dlnotes_marks = {}
    return env.dlnotes_marks


def ledger_path(app: Sphinx) -> Path:
    """Return the ledger's file."""
    return Path(app.srcdir) / app.config.errata_file


def place(app: Sphinx, id_: str) -> str:
    """Say where an entry stands: file and line."""
    lines = ledger_path(app).read_text(encoding="utf-8").splitlines()
    line = next((number for number, text in enumerate(lines, 1) if text == f"- id: {id_}"), 1)
    return f"{ledger_path(app)}:{line}"


def load(app: Sphinx, env: BuildEnvironment, *_: Any) -> None:
    """Read the ledger and evaluate its checks."""
    env.dlnotes_ledger = read_ledger(ledger_path(app))
    for id_, failure in failed_checks(ledger_of(env), app.config.errata_modules):
        logger.error("%s: %s", id_, failure, location=place(app, id_))


def purge(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page's marks before it is read again."""
    marks_of(env).pop(docname, None)


def merge(_app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take over what a parallel reader noted."""
    for docname in docnames:
        if docname in marks_of(other):
            marks_of(env)[docname] = marks_of(other)[docname]


def check_marks(app: Sphinx, env: BuildEnvironment) -> None:
    """Report entries that no page marks."""
    marked = {id_ for marks in marks_of(env).values() for _, _, id_ in marks}
    for entry in ledger_of(env).values():
        if entry.kind in MARKED_KINDS and entry.id not in marked:
            logger.error("erratum %s is marked on no page", entry.id, location=place(app, entry.id))


# --- the mark -------------------------------------------------------------------------------------


class ErratumRole(SphinxRole):
    """A corrected reading with its mark."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Print the corrected words, the mark and its tip."""
        words, bracket, rest = self.text.rpartition("<")
        id_ = rest.removesuffix(">") if bracket else self.text
        self.env.note_dependency(str(ledger_path(self.env.app)))
        entry = ledger_of(self.env).get(id_)
        if entry is None:
            logger.error("unknown erratum %r", id_, location=self.get_location())
            return [], []
        page = marks_of(self.env).setdefault(self.env.docname, [])
        anchor = f"mark-{id_}-{1 + sum(mark[2] == id_ for mark in page)}"
        page.append((self.env.docname, anchor, id_))
        words_node = nodes.inline(
            "", "", *self.parse(words.strip() or entry.corrected), classes=["dl-corrected"]
        )
        tip = nodes.inline("", "원래 표기: ", classes=["dl-tip"], ids=[f"{anchor}-tip"])
        tip += [*self.parse(entry.printed), nodes.Text(" "), ledger_link(self.env.docname, entry)]
        button = (
            f'<button type="button" class="dl-mark" aria-expanded="false" aria-controls="{anchor}-tip" '
            f'aria-label="고침: 원래 표기 보기">정</button>'
        )
        mark = nodes.inline("", "", words_node, nodes.raw("", button, format="html"), tip)
        mark["classes"].append("dl-erratum")
        mark["ids"].append(anchor)
        return [mark], []

    def parse(self, text: str) -> list[nodes.Node]:
        """Parse one line of MyST."""
        parsed, _ = self.inliner.parse(text, self.lineno, self.inliner, self.inliner.parent)
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


class MarkLinks(nodes.paragraph):
    """Stands for the links to an entry's marks until every page has been read."""


class ErrataDirective(SphinxDirective):
    """Lay out the whole ledger, by question."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Make one block an entry."""
        self.env.note_dependency(str(ledger_path(self.env.app)))
        sums_up(self.env)
        return [self.block(entry) for entry in ledger_of(self.env).values()]

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
            ("까닭", entry.why),
        ]
        if entry.source:
            rows.append(("근거", entry.source))
        block += nodes.definition_list(
            "", *(self.row(name, text) for name, text in rows), classes=["dl-fields"]
        )
        for expression, expected in ((entry.computed, entry.corrected), (entry.check, "True")):
            if expression:
                code = nodes.literal_block("", f">>> {expression}\n{expected}", language="pycon")
                block += code
        if entry.kind in MARKED_KINDS:
            block += MarkLinks(entry=entry.id)
        return block

    def row(self, name: str, text: str) -> nodes.definition_list_item:
        """Make one field."""
        body = nodes.paragraph("", "", *self.parse_inline(text)[0])
        return nodes.definition_list_item("", nodes.term("", name), nodes.definition("", body))


def resolve_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fill the links to the marks in."""
    for place in list(doctree.findall(MarkLinks)):
        paragraph = nodes.paragraph("", "나오는 곳: ", classes=["dl-marks"])
        marks = [mark for page in marks_of(app.env).values() for mark in page if mark[2] == place["entry"]]
        for number, (page, anchor, _) in enumerate(marks):
            if number:
                paragraph += nodes.Text(", ")
            words = app.env.titles[page].astext() + (
                f" ({anchor.rpartition('-')[2]})" if len(marks) > 1 else ""
            )
            paragraph += make_refnode(app.builder, docname, page, anchor, nodes.Text(words))
        place.replace_self(paragraph)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.summaries")
    app.add_config_value("errata_file", "errata.yml", "env", str)
    app.add_config_value("errata_modules", [], "env", list)
    app.add_role("erratum", ErratumRole())
    app.add_directive("errata", ErrataDirective)
    app.add_node(MarkLinks)
    handlers: list[tuple[str, Callable[..., Any]]] = [
        ("env-before-read-docs", load),
        ("env-purge-doc", purge),
        ("env-merge-info", merge),
        ("env-check-consistency", check_marks),
        ("doctree-resolved", resolve_links),
    ]
    for event, handler in handlers:
        app.connect(event, handler)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
