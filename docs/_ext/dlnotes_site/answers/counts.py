"""How much of the site is computed, in numbers.

``{counts}`` says what the build just did: questions, claims, cells run, values in prose, figures, checks,
examples and tests.
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.answers.claims import claims_of
from dlnotes_site.answers.errata import expressions, ledger_of
from dlnotes_site.pages import being_read, note_that_it_sums_up, pages, questions_of, store

PROMPT = re.compile(r"^\s*>>> (?!#)", re.M)
TEST = re.compile(r"^\s*def test_\w+\(", re.M)


class CountsPlace(nodes.General, nodes.Element):
    """Stands for the counts until every page has been read."""


class Counts(SphinxDirective):
    """Say in numbers how the site is verified."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for the numbers."""
        note_that_it_sums_up(self.env)
        return [CountsPlace()]


def note_counts(app: Sphinx, doctree: nodes.document) -> None:
    """Count a page's figures and its doctest examples, if it has cells."""
    counts = being_read(app.env).counts
    if "cells" in counts:
        counts["figures"] = sum(1 for _ in doctree.findall(nodes.figure))
        counts["examples"] = sum(
            len(PROMPT.findall(block.astext()))
            for block in doctree.findall(nodes.literal_block)
            if not isinstance(block.parent, nodes.container) or "cell_output" not in block.parent["classes"]
        )


def matches(pattern: re.Pattern[str], folder: Path, names: str) -> int:
    """Count what a pattern finds in the files of these names below a folder."""
    return sum(len(pattern.findall(path.read_text(encoding="utf-8"))) for path in folder.rglob(names))


def counts(app: Sphinx) -> list[tuple[str, int]]:
    """Count what the build read, ran and compared; a test function may run over many cases."""

    def total(key: str) -> int:
        return sum(page.counts.get(key, 0) for page in pages(app.env).values())

    root, ledger = Path(app.confdir), ledger_of(app).values()
    return [
        ("답한 질문", len(questions_of(app.env))),
        ("근거를 단 주장", len(claims_of(app))),
        ("실행한 코드 셀", total("cells")),
        ("글 속에서 셈한 값", total("evals")),
        ("다시 그린 그림", total("figures")),
        ("정오표의 항목", len(ledger)),
        ("정오표에서 다시 셈한 식", sum(len(expressions(entry)) for entry in ledger)),
        ("테스트되는 보기", total("examples") + matches(PROMPT, root / "src", "*.py")),
        ("테스트 함수", matches(TEST, root / "tests", "test_*.py")),
    ]


def pages_to_count_anew(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages that show counts, if these changed, as with a test more."""
    now = counts(app)
    if store(env)["counts"] == now:
        return []
    store(env)["counts"] = now
    return sorted(name for name, page in pages(env).items() if page.sums_up)


def fill_counts(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Put the numbers where the place was left."""
    for place in list(doctree.findall(CountsPlace)):
        items = [
            nodes.list_item(
                "", nodes.paragraph("", "", nodes.strong("", f"{number:,}"), nodes.Text(f" {name}"))
            )
            for name, number in store(app.env)["counts"]
        ]
        place.replace_self(nodes.bullet_list("", *items, classes=["dl-counts"]))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.pages")
    app.setup_extension("dlnotes_site.answers.errata")
    app.setup_extension("dlnotes_site.answers.claims")
    app.add_directive("counts", Counts)
    app.add_node(CountsPlace)
    app.connect("doctree-read", note_counts)
    app.connect("env-updated", pages_to_count_anew)
    app.connect("doctree-resolved", fill_counts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
