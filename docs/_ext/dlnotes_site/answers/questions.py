"""The parts that every answer has, and the index of the questions.

``{short-answer} q02`` opens a question's answer and puts it into the index; ``{question}``, ``{teacher}`` and
``{verification}`` are the other parts, so that every page names them alike. ``{question-index}`` lists all,
or those of the pages named in its body, each with the first sentence of its answer.
The build fails where a question lacks its anchor, or a part that every answer must have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from dlnotes_site.summaries import sums_up

logger = logging.getLogger(__name__)


@dataclass
class Question:
    """Where a question stands, its heading and its short answer."""

    docname: str
    title: str
    answer: list[nodes.Node]
    line: int
    parts: set[str] = field(default_factory=set)


def questions_of(env: BuildEnvironment) -> dict[str, Question]:
    """Return the questions read so far, by id."""
    if not hasattr(env, "dlnotes_questions"):
        env.dlnotes_questions = {}
    return env.dlnotes_questions


def questions_on(env: BuildEnvironment, docname: str) -> dict[str, Question]:
    """Return a page's questions by id, in the order they stand."""
    found = {name: one for name, one in questions_of(env).items() if one.docname == docname}
    return dict(sorted(found.items(), key=lambda item: item[1].line))


def plain_title(title: str) -> str:
    """Return a question's heading without its number."""
    return re.sub(r"^Q\d+\.\s*", "", title)


class Part(SphinxDirective):
    """A part of an answer: a box with a fixed title."""

    has_content = True
    title: ClassVar[str]
    style: ClassVar[str]

    def run(self) -> list[nodes.Node]:
        """Make the box."""
        self.assert_has_content()
        box = nodes.admonition("", nodes.title("", self.title), classes=["dl-part", f"dl-{self.style}"])
        box["part"] = self.style
        box["question"] = self.arguments[0] if self.arguments else ""
        self.set_source_info(box)
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


class ShortAnswer(Part):
    """Open a question: its answer in a line or two."""

    required_arguments = 1
    title, style = "짧은 답", "short-answer"


class AsAsked(Part):
    """The question as the student meant it."""

    title, style = "질문", "question"


class Teacher(Part):
    """The teacher's answer, errata applied."""

    title, style = "선생님의 답", "teacher"


class Verification(Part):
    """What is different, and why."""

    title, style = "검증 노트", "verification"


def boxes(doctree: nodes.document) -> Iterator[nodes.admonition]:
    """Yield the parts of a page's answers; a page of answers has some."""
    return (box for box in doctree.findall(nodes.admonition) if "part" in box)


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Enter the page's questions into the index, each with the parts that follow its short answer."""
    env = app.env
    question: Question | None = None
    for box in boxes(doctree):
        if box["question"]:
            question = enter(env, box["question"], box)
        elif question is not None:
            question.parts.add(box["part"])


def enter(env: BuildEnvironment, name: str, box: nodes.Element) -> Question | None:
    """Enter one question."""
    known = questions_of(env).get(name)
    section = box.parent
    if not isinstance(section, nodes.section) or name not in section["ids"]:
        logger.error("question %s: write (%s)= above its heading", name, name, location=box)
        return None
    if known is not None:
        logger.error("question %s also stands in %s", name, known.docname, location=box)
    answer = [child.deepcopy() for child in box.children[1:]]
    questions_of(env)[name] = Question(env.docname, section[0].astext(), answer, box.line or 1)
    return questions_of(env)[name]


def unsection_exercises(_app: Sphinx, doctree: nodes.document) -> None:
    """Make sphinx-exercise's bodies plain containers.

    As sections without a title they repeat one id on a page and make sphinx-codeautolink lose count.
    """
    for section in list(doctree.findall(nodes.section)):
        if section["ids"] in BODIES:
            # Not replace_self: it would hand the id on.
            section.parent.replace(section, nodes.container("", *section.children))


BODIES = (["exercise-content"], ["solution-content"])


class IndexPlace(nodes.General, nodes.Element):
    """Stands for the index until every page has been read."""


class QuestionIndex(SphinxDirective):
    """List the questions of the pages named in the body, or all, each with the gist of its answer."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Leave a place for the list."""
        sums_up(self.env)
        place = IndexPlace(pages=[line.strip() for line in self.content if line.strip()])
        self.set_source_info(place)
        return [place]


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


def fill_index(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the list where the place was left."""
    for place in list(doctree.findall(IndexPlace)):
        items = []
        for name, question in sorted(questions_of(app.env).items()):
            if place["pages"] and question.docname not in place["pages"]:
                continue
            link = make_refnode(app.builder, docname, question.docname, name, nodes.Text(question.title))
            answer = gist(question.answer)
            for element in answer.findall(nodes.Element):
                element["ids"] = []
            items.append(
                nodes.definition_list_item("", nodes.term("", "", link), nodes.definition("", answer))
            )
        if not items:
            logger.error("no question on %s", ", ".join(place["pages"]) or "any page", location=place)
        place.replace_self(nodes.definition_list("", *items, classes=["dl-index"]))


def check(_app: Sphinx, env: BuildEnvironment) -> None:
    """Report what an answer lacks."""
    for name, question in questions_of(env).items():
        for part in (AsAsked.style, Teacher.style):
            if part not in question.parts:
                where = (question.docname, question.line)
                logger.error("question %s lacks the part {%s}", name, part, location=where)


def purge(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page's questions before it is read again."""
    for name in [name for name, question in questions_of(env).items() if question.docname == docname]:
        del questions_of(env)[name]


def merge(_app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take over what a parallel reader noted."""
    questions_of(env).update(
        {name: question for name, question in questions_of(other).items() if question.docname in docnames}
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.summaries")
    app.add_node(IndexPlace)
    for name, directive in (
        ("short-answer", ShortAnswer),
        ("question", AsAsked),
        ("teacher", Teacher),
        ("verification", Verification),
        ("question-index", QuestionIndex),
    ):
        app.add_directive(name, directive)
    app.connect("doctree-read", unsection_exercises, priority=400)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-check-consistency", check)
    app.connect("doctree-resolved", fill_index)
    return {"version": "1", "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
