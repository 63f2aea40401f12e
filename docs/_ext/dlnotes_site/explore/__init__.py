"""Explorables: a figure that the hand can change, with the library's call for what it shows.

``{explore}`` stands behind the cell that draws the figure and holds the tasks. On a screen with scripts its
controls stand below the picture, and a drawing takes the picture's place; everywhere else the figure is all
there is. What can be set is in ``explorables.yml``; ``scripts/NAME.js`` computes, draws and tells, on the
frame of ``frame.js``. What cannot be computed there, since it is learned or drawn by lot, comes as
``:frames:``, an ``{eval}`` whose value is JSON and is kept like any other.

With ``:page:`` the explorable of that page is shown on another too, in brief: no tasks, but the way to it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import rjsmin
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, new_document
from sphinx.util.osutil import relative_uri
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from dlnotes_site.data import load
from dlnotes_site.execution.steps import EVAL, one_line
from dlnotes_site.explore.settings import Explorable, read_explorables
from dlnotes_site.kept import digest, write_whole
from dlnotes_site.pages import OnScreen, Place, inner_html, known, makes_a_site, places, show_on_screen

logger = logging.getLogger(__name__)

SCRIPTS = Path(__file__).parent / "scripts"
FOLDER = "_static/explore"
FRAME = "frame"


class Tasks(Place, OnScreen):
    """The tasks of an explorable, until the figure that it makes live is found."""


class Elsewhere(Place, OnScreen):
    """Stands for the explorable of another page until that page has been read."""


class LiveFigure(OnScreen):
    """Holds a figure's picture, and shows the controls and the tasks below it."""


def ledger_path(app: Sphinx) -> Path:
    """Return the file of the settings."""
    return Path(app.srcdir, app.config.explorables_file)


def explorables_of(app: Sphinx) -> dict[str, Explorable]:
    """Return the explorables; a site without the file has none."""
    path = ledger_path(app)
    return load(path, read_explorables) if path.is_file() else {}


class Explore(SphinxDirective):
    """``{explore} NAME`` makes the figure live that ``:figure:`` names; it holds the tasks as a list."""

    required_arguments = 1
    has_content = True
    option_spec = dict.fromkeys(("figure", "frames", "page"), directives.unchanged_required)

    def run(self) -> list[nodes.Node]:
        """Parse the tasks, and look the frames up."""
        name = self.arguments[0]
        self.env.note_dependency(str(ledger_path(self.env.app)))
        if name not in explorables_of(self.env.app):
            raise self.error(f"{name} is unknown: it stands in {ledger_path(self.env.app).name} first")
        if "page" in self.options:
            return [self.elsewhere(name, self.options["page"])]
        if "figure" not in self.options:
            raise self.error("name the figure that is made live: :figure: fig-…")
        tasks = Tasks(explorable=name, figure=self.options["figure"], frames=self.frames())
        self.set_source_info(tasks)
        tasks += self.parse_content_to_nodes()
        if len(tasks) != 1 or not isinstance(tasks[0], nodes.bullet_list):
            raise self.error("an explorable holds its tasks: one list")
        return [tasks]

    def elsewhere(self, name: str, page: str) -> Elsewhere:
        """Leave a place for the explorable of another page."""
        if self.content or len(self.options) > 1:
            raise self.error("with :page: an explorable has no tasks, figure or frames: they are that page's")
        self.env.note_dependency(self.env.doc2path(page))
        place = Elsewhere(explorable=name, page=page)
        self.set_source_info(place)
        return place

    def frames(self) -> str:
        """Return the frames as JSON that can stand in a page."""
        if "frames" not in self.options:
            return "null"
        found = EVAL.fullmatch(self.options["frames"].strip())
        values: dict[str, str] = self.env.temp_data.get("dlnotes_values") or {}
        if found is None:
            raise self.error(":frames: is an {eval} whose value is JSON")
        value = values.get(one_line(found[1]))
        if value is None:  # the page failed, and said so
            return "null"
        try:
            return json.dumps(json.loads(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        except ValueError as error:
            raise self.error(f"the frames are no JSON: {error}") from error


def make_live(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the tasks into their figures, once the page's text and notebook are written."""
    for tasks in places(doctree, Tasks):
        figure = doctree.ids.get(tasks["figure"])
        if not isinstance(figure, nodes.figure):
            if not known(app.env, docname).failed:
                logger.error("no figure of this page is named %s", tasks["figure"], location=tasks)
        elif makes_a_site(app):
            live = LiveFigure("", *tasks.children, **tasks.attributes)
            live["target"] = app.builder.get_target_uri(docname)
            picture = figure[0]
            figure.replace(picture, live)
            live.insert(0, picture)
        tasks.parent.remove(tasks)


def show_elsewhere(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the explorables of other pages where places were left for them."""
    for place in places(doctree, Elsewhere):
        name, page = place["explorable"], place["page"]
        other = app.env.get_doctree(page) if page in app.env.all_docs else new_document(page)
        tasks = next((one for one in other.findall(Tasks) if one["explorable"] == name), None)
        figure = other.ids.get(tasks["figure"]) if tasks else None
        picture = (
            next((one for one in figure.findall(nodes.raw) if "html" in one["format"]), None)
            if figure
            else None
        )
        if tasks is None or picture is None:
            logger.error("page %s shows no explorable %s", page, name, location=place)
        elif makes_a_site(app):
            live = LiveFigure("", picture.deepcopy(), **tasks.attributes)
            live["target"] = app.builder.get_target_uri(docname)
            live["whole"] = app.builder.get_relative_uri(docname, page) + "#" + tasks["figure"]
            live["title"] = app.env.titles[page].astext()
            place.replace_self(live)
            continue
        place.parent.remove(place)


def visit_live(translator: HTML5Translator, node: LiveFigure) -> None:
    """Write the picture, and below it what the script needs to find."""
    picture, *listed = node.children
    explorable = explorables_of(translator.builder.app)[node["explorable"]]
    height = f"--height: {explorable.height}px"
    frame = [FRAME] if next(translator.document.findall(LiveFigure)) is node else []  # once a page
    opened = f'<dl-explore name="{explorable.name}" figure="{node["figure"]}" style="{height}">\n'
    translator.body.append(opened)
    picture.walkabout(translator)
    told = {
        "explorable": explorable,
        "ranges": json.dumps({one.name: one.range() for one in explorable.settings}, ensure_ascii=False),
        "frames": node["frames"].replace("<", r"\u003c"),
        "tasks": [inner_html(translator, task) for task in (listed[0].children if listed else ())],
        "whole": node.get("whole"),
        "title": node.get("title"),
        "scripts": [script_address(node["target"], name) for name in (*frame, explorable.name)],
    }
    translator.body.append(translator.builder.templates.render("dl-explorable.html", told))
    translator.body.append("</dl-explore>\n")
    raise nodes.SkipNode


def script_address(target: str, name: str) -> str:
    """Return where a page finds a script, by its content."""
    return relative_uri(target, f"{FOLDER}/{name}.js") + f"?v={digest(source_of(name), 8)}"


@cache
def source_of(name: str) -> str:
    """Return a script as short as it can be."""
    path = SCRIPTS / f"{name}.js"
    try:
        return str(rjsmin.jsmin(path.read_text("utf-8"))) + "\n"
    except OSError as error:
        raise ExtensionError(f"{path}: an explorable's script cannot be read: {error}") from error


def write_scripts(app: Sphinx, exception: Exception | None) -> None:
    """Write the scripts that pages load where an explorable stands."""
    if exception or not makes_a_site(app):
        return
    for name in [FRAME, *explorables_of(app)]:
        write_whole(Path(app.outdir, FOLDER, f"{name}.js"), source_of(name))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.pages")
    app.add_config_value("explorables_file", "explorables.yml", "env", str)
    app.add_directive("explore", Explore)
    show_on_screen(app, Tasks, lambda *_: None)
    show_on_screen(app, Elsewhere, lambda *_: None)
    show_on_screen(app, LiveFigure, visit_live)
    app.connect("doctree-resolved", make_live, priority=940)
    app.connect("doctree-resolved", show_elsewhere, priority=945)
    app.connect("build-finished", write_scripts, priority=503)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
