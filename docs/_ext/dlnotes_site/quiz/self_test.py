"""The page that asks all: ``{self-test}``.

On a screen it asks one after the other and tells in the end where to read on (quiz.js); without scripts it is
a list with folded answers, on paper a sheet with the answers behind. In texts, books and whatever else is
made of the page it is a plain list and its answers.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from dlnotes_site.answers.questions import gist, link_to
from dlnotes_site.pages import (
    OnScreen,
    Place,
    Question,
    in_order,
    makes_a_site,
    note_that_it_sums_up,
    places,
    show_on_screen,
    topic_of,
)
from dlnotes_site.quiz.choices import Asked, asked, written
from dlnotes_site.quiz.values import guesses_of, guesses_path


class AskedInTurn(Asked):
    """One of what is asked; it also holds the gist of its short answer, as its last paragraph."""


class SelfTest(Place, OnScreen):
    """All that is asked, in the order of the ledger; once every page has been read, in that of the site."""


class SelfTestDirective(SphinxDirective):
    """Ask all."""

    def run(self) -> list[nodes.Node]:
        """Parse what is asked."""
        if guesses_path(self.env.app).is_file():
            self.env.note_dependency(str(guesses_path(self.env.app)))
        note_that_it_sums_up(self.env)
        place = SelfTest()
        self.set_source_info(place)
        for guess in guesses_of(self.env.app).values():
            place += asked(self, guess.prompt, guess.choices, question=guess.question)
        return [place]


def fill_self_test(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put what is asked in order, once for a screen and once plainly."""
    for place in places(doctree, SelfTest):
        held = {one["question"]: one for one in place.children if isinstance(one, Asked)}
        known = [(held[name], one) for name, one in in_order(app.env).items() if name in held]
        place.parent.insert(place.parent.index(place) + 1, plainly(app, docname, known))
        place[:] = [in_turn(app, docname, one, question) for one, question in known]


def in_turn(app: Sphinx, docname: str, one: Asked, question: Question) -> AskedInTurn:
    """Give something asked what its place among the others needs."""
    target = app.builder.get_relative_uri(docname, question.docname)
    found = AskedInTurn("", *(child.deepcopy() for child in one.children), **one.attributes)
    found["title"], found["topic"] = question.title, topic_of(app.env, question.docname)
    found["address"] = f"{target}#{one['question']}"
    said = gist(question.answer)
    for element in said.findall(nodes.Element):
        element["ids"] = []
    found.children[2 * found["right"] + 2] = said  # in the place of why it is wrong
    said.parent = found
    return found


def plainly(app: Sphinx, docname: str, known: list[tuple[Asked, Question]]) -> nodes.container:
    """List what is asked with its choices, then the answers."""
    questions, answers = nodes.enumerated_list(), nodes.enumerated_list()
    for one, question in known:
        says = [says for says, _ in one.choices]
        choices = nodes.bullet_list("", *(nodes.list_item("", each.deepcopy()) for each in says))
        questions += nodes.list_item("", one.prompt.deepcopy(), choices)
        link = link_to(app, docname, one["question"], question)
        right = says[one["right"]].deepcopy().children
        answers += nodes.list_item("", nodes.paragraph("", "", *right, nodes.Text(" · "), link))
    return nodes.container("", questions, nodes.rubric("", "답"), answers)


def choose_form(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Leave the one of the two forms that is wanted, once the page's text is written."""
    for place in places(doctree, SelfTest):
        plain = place.parent[place.parent.index(place) + 1]
        place.parent.remove(plain if makes_a_site(app) else place)


def visit_self_test(translator: HTML5Translator, node: SelfTest) -> None:
    """Write what is asked, for screens with and without scripts and for paper."""
    told = [
        {
            "asked": written(translator, one, f"test-{one['question']}"),
            **{name: one[name] for name in ("question", "title", "topic", "address")},
        }
        for one in node.children
        if isinstance(one, AskedInTurn)
    ]
    translator.body.append(translator.builder.templates.render("dl-self-test.html", {"all": told}))
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.answers.questions")
    app.setup_extension("dlnotes_site.quiz.values")
    app.add_directive("self-test", SelfTestDirective)
    show_on_screen(app, SelfTest, visit_self_test)
    app.connect("doctree-resolved", fill_self_test, priority=509)
    app.connect("doctree-resolved", choose_form, priority=942)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
