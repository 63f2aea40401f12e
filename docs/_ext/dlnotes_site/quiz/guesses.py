"""A guess before the answer: a quiet button at each short answer covers it, asks, and uncovers it.

What is asked stands in ``guesses.yml`` under the question's name; a page writes nothing. Who does not press
sees the short answer as ever, and so does who has no scripts.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from dlnotes_site.answers.questions import ShortAnswer, boxes
from dlnotes_site.pages import Place, makes_a_site, places, questions_of, show_on_screen
from dlnotes_site.quiz.choices import Asked, asked, written
from dlnotes_site.quiz.values import guesses_of, guesses_path

logger = logging.getLogger(__name__)


class AskedBefore(Place, Asked):
    """The guess of a short answer; it stands behind the box until texts and notebooks are written."""


class ShortAnswerWithGuess(ShortAnswer):
    """Open a question as ever, with its guess."""

    def run(self) -> list[nodes.Node]:
        """Make the box, and behind it what is asked before."""
        box, *rest = super().run()
        if guesses_path(self.env.app).is_file():
            self.env.note_dependency(str(guesses_path(self.env.app)))
        guess = guesses_of(self.env.app).get(self.arguments[0])
        if guess is None:
            return [box, *rest]
        found = asked(self, guess.prompt, guess.choices, question=guess.question)
        before = AskedBefore("", *found.children, **found.attributes)
        before["classes"] = ["dl-guess"]
        self.set_source_info(before)
        return [box, before, *rest]


def place_guesses(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Put each guess into its short answer, on a site; nothing else has any."""
    guesses = {guess["question"]: guess for guess in places(doctree, AskedBefore)}
    for guess in guesses.values():
        guess.parent.remove(guess)
    if guesses and makes_a_site(app):
        for box in boxes(doctree):
            if box["question"] in guesses:
                box.insert(1, guesses[box["question"]])


def visit_guess(translator: HTML5Translator, node: AskedBefore) -> None:
    """Write the button, and what it shows."""
    told = {"asked": written(translator, node, f"guess-{node['question']}")}
    translator.body.append(translator.builder.templates.render("dl-guess.html", told))
    raise nodes.SkipNode


def report_unguessed(app: Sphinx, env: BuildEnvironment) -> None:
    """Report a question without a guess, and a guess at none."""
    guesses, questions = guesses_of(app), questions_of(env)
    for name, guess in guesses.items():
        if name not in questions:
            logger.error("no page answers %s", name, location=guess.place)
    for name, question in questions.items():
        if guesses and name not in guesses:
            told = "question %s has no guess in %s: add an entry with what is asked before and its choices"
            where = (question.docname, question.line)
            logger.error(told, name, guesses_path(app).name, location=where)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.answers.questions")
    app.setup_extension("dlnotes_site.quiz.values")
    app.add_directive("short-answer", ShortAnswerWithGuess, override=True)
    show_on_screen(app, AskedBefore, visit_guess)
    app.connect("env-check-consistency", report_unguessed, priority=509)
    app.connect("doctree-resolved", place_guesses, priority=941)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
