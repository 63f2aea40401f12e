"""What is mended in sphinx-exercise: bodies, a registry that holds no page, and builders it does not know.

It names handlers for one page of everything (``singlehtml``). Sphinx then takes none of those for HTML there,
which are the same and all others. For text, man and texinfo it names none, and they would crash.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node, solution_node

from dlnotes_site.markup.folding import show_as_it_is
from dlnotes_site.pages import detached

BODIES = (["exercise-content"], ["solution-content"])


def unsection_bodies(_app: Sphinx, doctree: nodes.document) -> None:
    """Make the bodies plain containers: as sections without a title they repeat one id on a page."""
    for section in list(doctree.findall(nodes.section)):
        if section["ids"] in BODIES:
            # Not replace_self: it would hand the id on.
            section.parent.replace(section, nodes.container("", *section.children))


def shorten_registry(app: Sphinx, _doctree: nodes.document) -> None:
    """Leave of each exercise its title: its node would have the whole page stored with the environment."""
    for entry in getattr(app.env, "sphinx_exercise_registry", {}).values():
        if entry["docname"] == app.env.docname and (node := entry.get("node")) is not None:
            short = node.copy()
            short.document = None
            short += detached(node[0])
            entry["node"] = short


def write_one_page_as_many(app: Sphinx, _config: object) -> None:
    """Have one page of everything written as the pages are."""
    app.registry.translation_handlers.pop("singlehtml", None)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    through = (show_as_it_is, show_as_it_is)
    for kind in (exercise_node, exercise_enumerable_node, solution_node):
        app.add_node(kind, override=True, text=through, man=through, texinfo=through)
    app.connect("config-inited", write_one_page_as_many, priority=900)
    app.connect("doctree-read", unsection_bodies, priority=400)
    app.connect("doctree-read", shorten_registry, priority=910)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
