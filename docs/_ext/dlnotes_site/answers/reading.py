"""What leads a reader through the answers: how long a page takes, what it answers, what comes next.

The reading time is counted when a page is read, off what it shows unfolded:

- 500 characters of prose a minute, white space not counted; a letter or digit outside Hangul counts half;
- 20 seconds a figure, 15 a table, 10 a displayed formula, 2 a line of code that is not folded;
- nothing for solutions, footnotes, the list of references, and what shows only when asked for.

Told are the seconds of the short answers and the minutes, rounded up, of the essential part and of the whole.
What is not folded at first may take so many minutes and no more. Measure your own: the constants are below.
"""

from __future__ import annotations

import math
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata
from sphinx_exercise.nodes import solution_node

from dlnotes_site.answers.questions import boxes
from dlnotes_site.markup.folding import DEEPER, deeper_sections, line_and_rest
from dlnotes_site.pages import (
    Times,
    being_read,
    changed_in,
    is_answers,
    known,
    makes_a_site,
    pages,
    questions_on,
)

logger = logging.getLogger(__name__)

CHARACTERS = 500  # of Hangul, a minute
OTHER = 0.5  # what a letter or digit outside Hangul weighs beside one of Hangul
FIGURE, TABLE, FORMULA, LINE = 20, 15, 10, 2  # seconds
ONE, SEVERAL = 6, 9  # minutes that a page of one question may show unfolded, and one of several
HANGUL = re.compile(r"[가-힣]")
WORDLESS = re.compile(r"\s")

NOT_READ = (nodes.footnote, nodes.citation, nodes.comment, nodes.raw, solution_node)


def seconds(node: nodes.Node) -> float:
    """Count the seconds that a part of a page takes."""
    if isinstance(node, nodes.Text):
        words = WORDLESS.sub("", node)
        hangul = len(HANGUL.findall(words))
        return (hangul + OTHER * (len(words) - hangul)) * 60 / CHARACTERS
    if isinstance(node, NOT_READ) or not isinstance(node, nodes.Element):
        return 0
    if isinstance(node, nodes.literal_block):
        return LINE * len(node.astext().strip().splitlines())
    if isinstance(node, nodes.math_block):
        return FORMULA
    if {"dl-tip", "dl-index", "dl-guess", "dl-check"} & set(node.get("classes", [])):
        return 0
    if node.get("nb_element") == "mime_bundle":
        return output(node)
    shown = node.children
    if node.get("hide_mode") == "input":
        shown = [child for child in shown if not is_source(child)]
    total = sum(map(seconds, shown))
    if isinstance(node, nodes.figure):
        return total + FIGURE
    return total + TABLE if isinstance(node, nodes.table) else total


def is_source(node: nodes.Node) -> bool:
    """Tell whether a part of a cell is its code."""
    return isinstance(node, nodes.Element) and node.get("nb_element") == "cell_code_source"


def output(bundle: nodes.Element) -> float:
    """Count what a cell gave: a picture counts with its figure, a table as one, the rest by its lines."""
    html = "".join(raw.astext() for raw in bundle.findall(nodes.raw) if "html" in raw.get("format", ""))
    if html:
        return TABLE if "<table" in html else 0
    return max((seconds(block) for block in bundle.findall(nodes.literal_block)), default=0)


def note_times(app: Sphinx, doctree: nodes.document) -> None:
    """Note how long a page of answers takes."""
    if not is_answers(app.env, app.env.docname):
        return
    whole = seconds(doctree)
    short = sum(seconds(box) for box in boxes(doctree) if box["question"])
    folded = sum(seconds(node) for section in deeper_sections(doctree) for node in line_and_rest(section)[1])
    after = sum(map(seconds, behind_questions(doctree)))
    being_read(app.env).times = Times(
        short=math.ceil(short / 5) * 5,
        core=math.ceil((whole - after) / 60),
        shown=(whole - folded) / 60,
        whole=math.ceil(whole / 60),
    )


def behind_questions(doctree: nodes.document) -> list[nodes.Node]:
    """Return what stands beside the questions and behind the last of them: 더 깊이 and what follows."""
    asked = (box.parent for box in boxes(doctree) if box["question"])
    *_, last = (section for section in asked if isinstance(section, nodes.section))
    return last.parent.children[last.parent.index(last) + 1 :]


def report_long(_app: Sphinx, env: BuildEnvironment) -> None:
    """Report a page that shows more than a student reads."""
    for docname, page in pages(env).items():
        limit = SEVERAL if len(page.questions) > 1 else ONE
        if page.times.shown > limit:
            told = "what is not folded takes %.2f minutes: cut, or move below %s, till it takes %d"
            logger.error(told, page.times.shown, DEEPER, limit, location=docname)


# --- at the page's top and end ----------------------------------------------------------------------


def write_top(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put times and questions below the title, tools at the end; give the neighbours their questions."""
    for side in ("prev", "next"):
        page = context.get(side)
        if page:
            page["questions"] = titles_on(app.env, neighbour(app, pagename, side))
    times = known(app.env, pagename).times
    if doctree is None or not times.whole:
        return
    title, end, rest = context["body"].partition("</h1>")
    if not end:
        raise ExtensionError(f"{pagename}: a page of answers needs a title")
    told = {**context, "times": times, "questions": questions_on(app.env, pagename)}
    head = app.builder.templates.render("dl-article-top.html", told)
    context["body"] = f"{title}{end}{head}{rest}"
    if makes_a_site(app):  # a book has neither notebooks nor scripts
        tools = app.builder.templates.render("dl-article-tools.html", told)
        context["body"] += f'<div class="dl-bottom">{tools}</div>'


def titles_on(env: BuildEnvironment, docname: str) -> list[str]:
    """Return the headings of a page's questions."""
    return [question.title for question in questions_on(env, docname).values()]


def neighbour(app: Sphinx, pagename: str, side: str) -> str:
    """Name the page before or after."""
    assert isinstance(app.builder, StandaloneHTMLBuilder)
    _, before, after = app.builder.relations.get(pagename, (None, None, None))
    return (before if side == "prev" else after) or ""


def pages_with_new_neighbours(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages whose neighbours' questions are not those that were written into them."""
    now = {
        docname: [title for page in (before, after) if page for title in titles_on(env, page)]
        for docname, (_, before, after) in env.collect_relations().items()
    }
    return changed_in(env, "neighbours", now)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.markup.unbroken")  # its filter is in the template
    app.setup_extension("dlnotes_site.answers.questions")
    app.connect("doctree-read", note_times, priority=501)
    app.connect("env-check-consistency", report_long, priority=506)
    app.connect("env-updated", pages_with_new_neighbours, priority=502)
    app.connect("html-page-context", write_top, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
