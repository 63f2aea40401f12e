"""What folds, as the browser's own ``<details>``: without a script, and open to a search.

What a page has below its heading 더 깊이 is closed at first, section by section: the title and the first
paragraph, which says what the section shows, stay. So it is with sections of the class ``dl-folds``. Every
cell's code can be folded; what a page's author hides (``hide-input``) is folded from the start. The summary
of a short open cell shows only once the reader has folded all code: till then it is in the way. A solution of
the class ``dropdown`` folds as well.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator
from sphinx_exercise.nodes import solution_node

logger = logging.getLogger(__name__)

DEEPER = "더 깊이"
FOLDS = "dl-folds"  # the class of other sections that fold
LONG = 12  # lines of code that a reader may want out of the way


class Fold(nodes.General, nodes.Element):
    """A part of the page under a summary; `open` says how it starts."""


def visit_fold(self: HTML5Translator, node: Fold) -> None:
    """Open the part."""
    state = {"open": "open"} if node["open"] else {}
    self.body.append(self.starttag(node, "details", "\n", False, **state))
    self.body.append(f"<summary>{self.encode(node['summary'])}</summary>\n")


def depart_fold(self: HTML5Translator, node: Fold) -> None:
    """Close the part."""
    self.body.append("</details>\n")


def show_as_it_is(_self: Any, _node: nodes.Element) -> None:
    """Show the part as it is, where nothing folds."""


class Deeper(nodes.section):
    """What a section of 더 깊이 holds: its title, a line on what it shows, and the rest."""


class Line(nodes.paragraph):
    """The line on what a folded section shows; with it the summary ends."""


def visit_deeper(self: HTML5Translator, _node: Deeper) -> None:
    """Open the part, its title in the summary."""
    self.body.append('<details class="dl-fold dl-deeper">\n<summary>')


def visit_line(self: HTML5Translator, _node: Line) -> None:
    """Write the line: in a summary there is no paragraph."""
    self.body.append('<span class="dl-line">')


def depart_line(self: HTML5Translator, _node: Line) -> None:
    """End the line and the summary."""
    self.body.append("</span></summary>\n")


def deeper_sections(document: nodes.document) -> list[nodes.section]:
    """Return the sections below the page's heading 더 깊이."""
    return [
        section
        for section in document.findall(nodes.section)
        if isinstance(section.parent, nodes.section)
        and isinstance(section.parent[0], nodes.title)
        and section.parent[0].astext() == DEEPER
    ]


def folded_sections(document: nodes.document) -> list[nodes.section]:
    """Return all sections that fold: those of 더 깊이, and those whose maker says so."""
    own = [section for section in document.findall(nodes.section) if FOLDS in section["classes"]]
    return [*deeper_sections(document), *own]


def line_and_rest(section: nodes.section) -> tuple[nodes.Node | None, list[nodes.Node]]:
    """Return the line on what a folded section shows, its first paragraph, and what stands below that."""
    place = section.first_child_matching_class(nodes.paragraph)
    return (None, []) if place is None else (section[place], section.children[place + 1 :])


class FoldDeeper(SphinxPostTransform):
    """Fold the sections that fold."""

    default_priority = 197
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Put what each section holds into its fold; the section itself keeps its anchors."""
        for section in folded_sections(self.document):
            line, rest = line_and_rest(section)
            above = [] if line is None else section[1 : section.index(line)]
            if line is None or any(not isinstance(child, nodes.Invisible) for child in above):
                logger.error("begin a section that folds with a line on what it shows", location=section)
                continue
            line = Line("", "", *line.children)
            section[:] = [Deeper("", section[0], line, *above, *rest, ids=section["ids"])]


class FoldCode(SphinxPostTransform):
    """Fold every cell's code, in place of MyST-NB, whose summaries have a label apart from their words."""

    default_priority = 198  # before myst_nb.sphinx_.HideInputCells
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Wrap each cell's code."""
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") != "cell_code" or not cell.children:
                continue
            code, mode = cell[0], cell.attributes.pop("hide_mode", None)
            if mode not in {None, "input"}:
                logger.error("a cell hides its %s: only hide-input folds", mode, location=cell)
            if not isinstance(code, nodes.Element) or code.get("nb_element") != "cell_code_source":
                continue
            lines = code.astext().strip().count("\n") + 1
            style = ["dl-fold", "dl-code"]
            style += ["dl-hidden"] if mode else ["dl-short"] if lines <= LONG else []
            fold = Fold(summary=f"코드 {lines}줄", open=mode is None, classes=style)
            cell.replace(code, fold)
            fold += code


def title_of_solution(solution: solution_node, numbers: dict[str, tuple[int, ...]]) -> str:
    """Return a solution's title with its exercise's number; where exercises have none, its own words."""
    number = ".".join(map(str, numbers.get(solution["target_label"], ())))
    return f"연습문제 {number} 풀이" if number else solution[0].astext()


class FoldSolutions(SphinxPostTransform):
    """Fold the solutions that ask for it."""

    default_priority = 30  # once sphinx-exercise has resolved their titles
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Put each solution under a summary that names its exercise."""
        numbers = self.env.toc_fignumbers.get(self.env.docname, {}).get("exercise", {})
        for solution in list(self.document.findall(solution_node)):
            if "dropdown" not in solution["classes"]:
                continue
            title = title_of_solution(solution, numbers)
            fold = Fold(summary=title, open=False, classes=["dl-fold", "dl-solution"], ids=solution["ids"])
            solution.replace_self(fold)
            fold += solution.children[1:]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    through = (show_as_it_is, show_as_it_is)
    app.add_node(
        Fold, html=(visit_fold, depart_fold), text=through, latex=through, man=through, texinfo=through
    )
    app.add_node(Deeper, html=(visit_deeper, depart_fold))
    app.add_node(Line, html=(visit_line, depart_line))
    app.add_post_transform(FoldDeeper)
    app.add_post_transform(FoldCode)
    app.add_post_transform(FoldSolutions)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
