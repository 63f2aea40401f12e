"""The parts that every answer has.

``{short-answer} q02`` opens a question's answer and puts it into the index. What carries the answer stands
for it at a glance: what is below the label ``:carried-by:``, or else the first picture of its section.
``{disputed}`` shows what it is about as the lecture had it, ``{question}`` and ``{teacher}`` say what
was asked and answered, ``{correction}`` what the site corrects of it, in its own voice, and ``{summary}``
closes the essential part with three lines and the way to the neighbouring questions.
The build fails where a question lacks its anchor, a part that every answer must have, or its place in the
table of contents and in the index, and where parts stand in another order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

if TYPE_CHECKING:  # its import loads PIL
    from sphinx.writers.html5 import HTML5Translator

from dlnotes_site.pages import (
    Place,
    Question,
    being_read,
    changed_in,
    detached,
    in_order,
    is_answers,
    joined,
    pages,
    places,
    questions_of,
    reading_order,
)

logger = logging.getLogger(__name__)


class Part(SphinxDirective):
    """A part of an answer: a box with a fixed title."""

    has_content = True
    title: ClassVar[str]
    style: ClassVar[str]

    def run(self) -> list[nodes.Node]:
        """Make the box."""
        self.assert_has_content()
        heading = self.heading()
        heading["ids"] = [f"part-{self.env.new_serialno('part') + 1}"]  # the box is called by it
        box = nodes.admonition("", heading, classes=["dl-part", f"dl-{self.style}"])
        box["part"], box["question"] = self.style, ""
        self.set_source_info(box)
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]

    def heading(self) -> nodes.title:
        """Make the box's title."""
        return nodes.title("", self.title)


class ShortAnswer(Part):
    """Open a question: its answer in a line or two; ``next`` names the questions that one asks then.

    ``carried-by`` names the figure that carries the answer, or what its formula stands below.
    """

    required_arguments = 1
    option_spec: ClassVar = {"next": str.split, "carried-by": directives.unchanged_required}
    title, style = "짧은 답", "short-answer"

    def run(self) -> list[nodes.Node]:
        """Make the box, note whose answer it is, and leave a place for the links."""
        (box,) = super().run()
        assert isinstance(box, nodes.Element)
        box["question"] = self.arguments[0]
        box["next"] = self.options.get("next", [])
        box["carried-by"] = self.options.get("carried-by", self.arguments[0])
        if not box["next"]:
            return [box]
        place = Onward(question=self.arguments[0])
        self.set_source_info(place)
        return [box, place]


class Disputed(Part):
    """What the question is about, as the lecture had it: the argument names it."""

    optional_arguments = 1
    final_argument_whitespace = True
    title, style = "강의에 나온 것", "disputed"

    def heading(self) -> nodes.title:
        """Name what is shown."""
        words = self.parse_inline(self.arguments[0])[0] if self.arguments else [nodes.Text(self.title)]
        return nodes.title("", "", *words)


class AsAsked(Part):
    """The question as the student meant it."""

    title, style = "질문", "question"


class Teacher(Part):
    """The teacher's answer as he meant it; a value or a symbol is corrected in place."""

    title, style = "선생님의 답", "teacher"


class Correction(Part):
    """What of it is not so, in the site's own voice."""

    title, style = "바로잡음", "correction"


class Summary(Part):
    """The essential part in three lines; below them the way on."""

    title, style = "세 줄 요약", "summary"

    def run(self) -> list[nodes.Node]:
        """Make the box, and leave a place for the way on."""
        (box,) = super().run()
        assert isinstance(box, nodes.Element)
        if len(lines_of(box)) != 3:
            logger.error("{summary} needs a list of three lines, and nothing else", location=box)
        place = WayOn()
        self.set_source_info(place)
        return [box, place]


def lines_of(summary: nodes.Element) -> list[nodes.Node]:
    """Return the lines of a summary: the paragraphs of its one list."""
    lists = summary.children[1:]
    if len(lists) != 1 or not isinstance(lists[0], nodes.bullet_list | nodes.enumerated_list):
        return []
    items = [item for item in lists[0].children if isinstance(item, nodes.list_item)]
    return [item[0] for item in items if len(item) == 1 and isinstance(item[0], nodes.paragraph)]


PARTS = (Disputed, AsAsked, Teacher, Summary)
OTHERS = (AsAsked.style, Teacher.style)  # who says it is not the site
ORDER = [part.style for part in (ShortAnswer, Disputed, AsAsked, Teacher, Correction, Summary)]


def visit_box(self: HTML5Translator, node: nodes.admonition, name: str = "") -> None:
    """Write a box; a part of an answer says who speaks there, also to who listens."""
    type(self).visit_admonition(self, node, name)
    if "part" in node:
        title = node.next_node(nodes.title)
        assert title
        note = f'<div role="note" aria-labelledby="{title["ids"][0]}"'
        self.body[-1] = self.body[-1].replace("<div", note, 1)


def depart_box(self: HTML5Translator, node: nodes.admonition) -> None:
    """Close the box."""
    type(self).depart_admonition(self, node)


def boxes(doctree: nodes.document) -> Iterator[nodes.admonition]:
    """Yield the parts of a page's answers; a page of answers has some."""
    return (box for box in doctree.findall(nodes.admonition) if "part" in box)


def note_questions(app: Sphinx, doctree: nodes.document) -> None:
    """Enter the page's questions into the index, each with the parts that follow its short answer."""
    env = app.env
    question: Question | None = None
    name, section = "", None  # of the question
    for box in boxes(doctree):
        if box["question"]:
            name, section = box["question"], box.parent
            question = note_question(env, name, box)
        elif section is None or section not in above(box):
            told = "{%s} belongs to no question: write :::{short-answer} qNN below the question's heading"
            logger.error(told, box["part"], location=box)
        elif question is not None:
            question.parts.append(box["part"])
            if box["part"] == Summary.style:
                question.summary = [detached(line) for line in lines_of(box)]
                for place in box.findall(WayOn, descend=False, siblings=True):
                    place["question"] = name


def above(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield what a node stands in, from the inside out."""
    while node.parent is not None:
        node = node.parent
        yield node


def note_question(env: BuildEnvironment, name: str, box: nodes.Element) -> Question | None:
    """Enter one question."""
    section = box.parent
    if not isinstance(section, nodes.section) or name not in section["ids"]:
        logger.error("question %s: write (%s)= above its heading", name, name, location=box)
        return None
    if name in being_read(env).questions:
        logger.error("question %s also stands above", name, location=box)
    answer = [detached(child) for child in box.children[1:]]
    question = Question(env.docname, section[0].astext(), answer, box.line or 1, box["next"])
    carrier = next((one for one in section.findall(nodes.Element) if box["carried-by"] in one["ids"]), None)
    if carrier is None:
        logger.error(
            "question %s: nothing below its heading is named %s", name, box["carried-by"], location=box
        )
    else:
        question.carried = what_carries(carrier)
    being_read(env).questions[name] = question
    return question


def what_carries(place: nodes.Element) -> list[nodes.Node]:
    """Return the first picture in a place with its caption, or else its first formula; some have neither."""
    for figure in place.findall(nodes.figure):
        pictures = [one for one in figure.findall(nodes.raw) if "html" in one["format"]]
        caption = figure.next_node(nodes.caption)
        if pictures and caption is not None:
            return [
                detached(pictures[0]),
                without_links(nodes.paragraph("", "", *caption.deepcopy().children)),
            ]
    return [detached(formula) for formula in list(place.findall(nodes.math_block))[:1]]


def without_links(words: nodes.Element) -> nodes.Node:
    """Return words that lead nowhere, since where they will stand their links are not resolved."""
    for link in list(words.findall(addnodes.pending_xref)):
        link.replace_self(link.children)
    return detached(words)


class Onward(Place, nodes.General, nodes.Element):
    """Stands for the links to what one asks next until every page has been read."""


class WayOn(Place, nodes.General, nodes.Element):
    """Stands for the way on from a question until every page has been read."""


def fill_ways_on(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Lead to what one asks next; say that this is enough, and lead to the neighbouring questions."""
    if not places(doctree, Onward) and not places(doctree, WayOn):
        return
    questions, ways = questions_of(app.env), ways_on(app.env)

    def links(names: list[str]) -> list[nodes.Node]:
        known = (name for name in names if name in questions)
        return list(joined((link_to(app, docname, name, questions[name]) for name in known), " · "))

    for place in places(doctree, WayOn):
        line = nodes.paragraph("", "이 질문의 답은 여기까지면 충분합니다.", classes=["dl-way-on"])
        if near := links(ways[place["question"]]):
            line += [nodes.Text(" 이웃한 질문: "), *near]
        place.replace_self(line)
    for mark in places(doctree, Onward):
        onward = links(questions[mark["question"]].leads_to)
        words = nodes.inline("", "이어서 궁금하다면")
        mark.replace_self(nodes.paragraph("", "", words, nodes.Text(" "), *onward, classes=["dl-onward"]))


def ways_on(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return the questions after and before each, in the order in which the site is read."""
    names = list(in_order(env))
    return {name: names[at + 1 : at + 2] + names[max(at - 1, 0) : at] for at, name in enumerate(names)}


def pages_with_new_ways(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages whose ways on lead to other headings than those that were written into them."""
    questions = questions_of(env)
    near = {name: [*questions[name].leads_to, *near_by] for name, near_by in ways_on(env).items()}
    now = {
        name: [(one.docname, one.title) for other in others if (one := questions.get(other))]
        for name, others in near.items()
    }
    return sorted({questions[name].docname for name in changed_in(env, "ways", now)})


def link_to(app: Sphinx, docname: str, name: str, question: Question, words: str = "") -> nodes.reference:
    """Link to a question by its heading, or in other words."""
    text = nodes.Text(words or question.title)
    return make_refnode(app.builder, docname, question.docname, name, text)


# A sentence ends after a verb's last syllable and a full stop; a gist shorter than this says too little.
SENTENCE_END = re.compile(r"(?<=[다요까])[.?](?=\s|$)")
SHORTEST_GIST = 20


def gist(answer: list[nodes.Node]) -> nodes.paragraph:
    """Return the answer's first sentence, or the first two where the first is only a yes or a no."""
    line = nodes.paragraph()
    for child in answer[0].children:
        if isinstance(child, nodes.Text):
            for end in SENTENCE_END.finditer(child):
                said = line.astext() + child[: end.end()]
                if len(said) >= SHORTEST_GIST:
                    return nodes.paragraph("", "", *line.children, nodes.Text(child[: end.end()]))
        line += child.deepcopy()
    return line


def report_incomplete(_app: Sphinx, env: BuildEnvironment) -> None:
    """Report a question that two pages answer, and what an answer lacks."""
    first: dict[str, str] = {}
    for docname, page in sorted(pages(env).items()):
        for name, question in page.questions.items():
            if first.setdefault(name, docname) != docname:
                where = (docname, question.line)
                logger.error("question %s also stands in %s", name, first[name], location=where)
    questions = questions_of(env)
    for name, question in questions.items():
        where = (question.docname, question.line)
        for part in PARTS:
            if part.style not in question.parts:
                told = "question %s lacks the part {%s}: write :::{%s} below its {short-answer}"
                logger.error(told, name, part.style, part.style, location=where)
        report_wrong_ways(name, question, questions)
        known = [part for part in question.parts if part in ORDER]
        if known != sorted(known, key=ORDER.index):
            logger.error(
                "question %s: its parts stand in this order: %s", name, ", ".join(ORDER), location=where
            )


FEWEST_NEXT, MOST_NEXT = 2, 3


def report_wrong_ways(name: str, question: Question, questions: dict[str, Question]) -> None:
    """Report a question that leads nowhere, to itself, or to too many; of two there is nothing to choose."""
    where = (question.docname, question.line)
    near = question.leads_to
    for other in near:
        if other not in questions or other == name or near.count(other) > 1:
            logger.error(
                "question %s leads on to %s: name other questions, each once", name, other, location=where
            )
    if len(questions) > FEWEST_NEXT and not FEWEST_NEXT <= len(near) <= MOST_NEXT:
        told = (
            "question %s leads on to %d questions: name two or three, `:next: qNN qNN`, in its {short-answer}"
        )
        logger.error(told, name, len(near), location=where)


def report_unlisted(_app: Sphinx, env: BuildEnvironment) -> None:
    """Report a page of answers to which the landing page does not lead, or that no index holds."""
    root = env.config.root_doc
    listed = reading_order(env)
    indexes = {name: page.indexes for name, page in sorted(pages(env).items()) if page.indexes}
    indexed = {page for lists in indexes.values() for names in lists for page in names or env.found_docs}
    for docname in sorted(env.found_docs):
        if not is_answers(env, docname) or docname == root:
            continue
        if docname not in listed:
            told = "page %s is in no table of contents: write `%s` into the toctree of its topic"
            logger.error(told, docname, docname, location=root)
        if indexes and docname not in indexed:
            told = "page %s is in no index of questions: write `%s` into the {question-index} of its topic"
            logger.error(told, docname, docname, location=next(iter(indexes)))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.pages")
    app.add_node(nodes.admonition, override=True, html=(visit_box, depart_box))
    app.add_node(WayOn)
    app.add_node(Onward)
    for name, directive in (
        ("short-answer", ShortAnswer),
        ("question", AsAsked),
        ("disputed", Disputed),
        ("teacher", Teacher),
        ("correction", Correction),
        ("summary", Summary),
    ):
        app.add_directive(name, directive)
    app.connect("doctree-read", note_questions, priority=450)
    app.connect("env-updated", pages_with_new_ways, priority=503)
    app.connect("env-check-consistency", report_incomplete, priority=501)
    app.connect("env-check-consistency", report_unlisted, priority=502)
    app.connect("doctree-resolved", fill_ways_on, priority=499)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
