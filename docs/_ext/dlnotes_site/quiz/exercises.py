"""Exercises that reply: ``{check-answer} ex-valid`` beside an exercise takes its answer.

What is asked and what is right stands in ``exercises.yml``. A number is asked in several cases, whose right
values, and what comes out of likely slips, are computed when the site is built; or there are choices. On a
screen with scripts the exercise gets a fold with a field or the choices; elsewhere it is as ever.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node

from dlnotes_site.pages import (
    Place,
    being_read,
    inner_html,
    makes_a_site,
    pages,
    places,
    show_on_screen,
)
from dlnotes_site.quiz.choices import Asked, asked, written
from dlnotes_site.quiz.ledgers import Exercise
from dlnotes_site.quiz.values import exercises_of, exercises_path, values_for

logger = logging.getLogger(__name__)


class Check(Place, Asked):
    """Takes an exercise's answer; it stands behind the exercise until texts and notebooks are written.

    Of a number it holds the cases, each a paragraph with the values, then the hints.
    """


class CheckAnswer(SphinxDirective):
    """Have the exercise that is named take an answer."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Parse what is asked."""
        name = self.arguments[0]
        self.env.note_dependency(str(exercises_path(self.env.app)))
        exercise = exercises_of(self.env.app).get(name)
        if exercise is None:
            raise self.error(f"{name} is unknown: it stands in {exercises_path(self.env.app).name} first")
        being_read(self.env).checks.append(name)
        if exercise.choices:
            found = asked(self, exercise.asks, exercise.choices)
            check = Check("", *found.children, **found.attributes)
        else:
            check = Check("", *self.cases(exercise), *self.hints(exercise), unit=exercise.unit)
        check["exercise"], check["classes"] = name, ["dl-check"]
        self.set_source_info(check)
        return [check]

    def cases(self, exercise: Exercise) -> list[nodes.paragraph]:
        """Ask for the number in each case."""
        cases = []
        for case in exercise.cases:
            right = exercise.expression(exercise.right, case)
            slips = [exercise.expression(slip.gives, case) for slip in exercise.slips]
            values = values_for(self.env, [right, *slips])
            words = self.parse_inline(exercise.asks.format(**case))[0]
            slipped = [values[one] for one in slips]
            cases.append(nodes.paragraph("", "", *words, right=values[right], slips=slipped))
        return cases

    def hints(self, exercise: Exercise) -> list[nodes.paragraph]:
        """Write the hints of the slips."""
        return [nodes.paragraph("", "", *self.parse_inline(slip.hint)[0]) for slip in exercise.slips]


def place_checks(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Put each into its exercise, on a site; nothing else has any."""
    checks = places(doctree, Check)
    if not checks:
        return
    kinds = (exercise_node, exercise_enumerable_node)
    exercises: dict[str, nodes.Element] = {
        one["label"]: one for kind in kinds for one in doctree.findall(kind)
    }
    for check in checks:
        exercise = exercises.get(check["exercise"])
        check.parent.remove(check)
        if exercise is None:
            logger.error("no exercise of this page is named %s", check["exercise"], location=check)
        elif makes_a_site(app):
            exercise.append(check)


def visit_check(translator: HTML5Translator, node: Check) -> None:
    """Write the fold."""
    told: dict[str, object] = {}
    if "unit" in node:
        parts = [one for one in node.children if isinstance(one, nodes.paragraph)]
        cases = [one for one in parts if "right" in one]
        told["cases"] = [(inner_html(translator, one), one["right"], one["slips"]) for one in cases]
        told["hints"] = [inner_html(translator, one) for one in parts[len(cases) :]]
        told["unit"] = node["unit"]
    else:
        told["asked"] = written(translator, node, f"check-{node['exercise']}")
    translator.body.append(translator.builder.templates.render("dl-check.html", told))
    raise nodes.SkipNode


def report_unchecked(app: Sphinx, env: BuildEnvironment) -> None:
    """Report what no page asks, and what is asked twice."""
    checked = [name for page in pages(env).values() for name in page.checks]
    for name, exercise in exercises_of(app).items():
        if checked.count(name) != 1:
            told = "%s is checked %d times: write {check-answer} beside the exercise, once"
            logger.error(told, name, checked.count(name), location=exercise.place)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.quiz.values")
    app.add_directive("check-answer", CheckAnswer)
    show_on_screen(app, Check, visit_check)
    app.connect("env-check-consistency", report_unchecked, priority=510)
    app.connect("doctree-resolved", place_checks, priority=943)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
