"""How much of the site is computed, in numbers.

``{counts}`` says what the build just did: questions, claims, cells run, values in prose, figures, checks,
examples and tests. ``{count}`답한 질문` 가지`` writes one of these numbers into a sentence, in words.
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.answers.claims import claims_of
from dlnotes_site.answers.errata import expressions, ledger_of
from dlnotes_site.markup.folding import show_as_it_is
from dlnotes_site.pages import Place, being_read, note_that_it_sums_up, pages, places, questions_of, store

logger = logging.getLogger(__name__)

PROMPT = re.compile(r"^\s*>>> (?!#)", re.M)
TEST = re.compile(r"^\s*def test_\w+\(", re.M)
# Native numbers as they stand before what is counted: 열아홉 개, 스무 개, 스물한 개.
ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")


class CountsPlace(Place, nodes.General, nodes.Element):
    """Stands for the counts until every page has been read."""


class Counts(SphinxDirective):
    """Say in numbers how the site is verified."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for the numbers."""
        note_that_it_sums_up(self.env)
        return [CountsPlace()]


class CountPlace(Place, nodes.Inline, nodes.TextElement):
    """Stands for one of the counts until every page has been read."""


class Count(SphinxRole):
    """Say one of the counts in a sentence."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Leave a place for the number."""
        note_that_it_sums_up(self.env)
        place = CountPlace(count=self.text)
        self.set_source_info(place)
        return [place], []


def in_words(number: int) -> str:
    """Write a number as it is read out before what it counts; one of three digits or more in digits."""
    if not 0 < number < 100:
        return f"{number:,}"
    return "스무" if number == 20 else TENS[number // 10] + ONES[number % 10]


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
        ("글 속에서 계산한 값", total("evals")),
        ("다시 그린 그림", total("figures")),
        ("정오표의 항목", len(ledger)),
        ("정오표에서 다시 계산한 식", sum(len(expressions(entry)) for entry in ledger)),
        ("테스트되는 보기", total("examples") + matches(PROMPT, root / "src", "*.py")),
        ("테스트 함수", matches(TEST, root / "tests", "test_*.py")),
    ]


def pages_to_count_anew(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Say the counts in titles; name the pages that show counts, if these changed, as with a test more."""
    now = counts(app)
    for title in [*env.titles.values(), *env.longtitles.values(), *env.tocs.values()]:
        for place in title.findall(CountPlace):
            place[:] = [nodes.Text(in_words(dict(now).get(place["count"], 0)))]
    if store(env)["counts"] == now:
        return []
    store(env)["counts"] = now
    return sorted(name for name, page in pages(env).items() if page.sums_up)


def fill_counts(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Put the numbers where the place was left."""
    for place in places(doctree, CountsPlace):
        items = [
            nodes.list_item(
                "", nodes.paragraph("", "", nodes.strong("", f"{number:,}"), nodes.Text(f" {name}"))
            )
            for name, number in store(app.env)["counts"]
        ]
        place.replace_self(nodes.bullet_list("", *items, classes=["dl-counts"]))
    numbers = dict(store(app.env)["counts"])
    for number in places(doctree, CountPlace):
        name = number["count"]
        if name not in numbers:
            logger.error("there is no count %r: say one of %s", name, ", ".join(numbers), location=number)
        number.replace_self(nodes.Text(in_words(numbers.get(name, 0))))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.pages")
    app.setup_extension("dlnotes_site.answers.errata")
    app.setup_extension("dlnotes_site.answers.claims")
    app.add_directive("counts", Counts)
    app.add_role("count", Count())
    app.add_node(CountsPlace)
    through = (show_as_it_is, show_as_it_is)  # in a title, which then holds the number
    app.add_node(CountPlace, html=through)
    app.connect("doctree-read", note_counts, priority=500)
    app.connect("env-updated", pages_to_count_anew, priority=499)
    app.connect("doctree-resolved", fill_counts, priority=504)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
