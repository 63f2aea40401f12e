"""What is mended in sphinx-exercise: bodies that are no sections, and a registry that holds no page."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

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


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.connect("doctree-read", unsection_bodies, priority=400)
    app.connect("doctree-read", shorten_registry, priority=910)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
