"""The files that the packages bring along: what stands in a package's ``static`` and ``templates``.

A package needs only to put a file there; a stylesheet or a script is also named here, for its place among the
others. All of them reach every page joined into one (see :mod:`.bundle.assets`).
"""

from __future__ import annotations

import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent
# In the order of the cascade: of two rules as specific as each other the later one holds.
STYLESHEETS = (
    "markup/code-links.css",
    "theme/tokens.css",
    "theme/type.css",
    "theme/icons.css",
    "theme/library.css",
    "theme/genindex.css",
    "theme/prev-next.css",
    "theme/later.css",
    "math/math.css",
    "markup/tables.css",
    "markup/pictures.css",
    "explore/explore.css",
    "markup/copy.css",
    "markup/folding.css",
    "answers/boxes.css",
    "answers/reading.css",
    "answers/at-a-glance.css",
    "answers/errata.css",
    "answers/terms.css",
    "answers/claims.css",
    "answers/tips.css",
    "quiz/quiz.css",
    "markup/code.css",
    "share/notfound.css",
    "share/citing.css",
    "export/downloads.css",
    "landing/landing.css",
    "theme/frame.css",
    "theme/menu.css",
    "theme/preferences.css",
    "markup/scrollers.css",
    "theme/print.css",
)
SCRIPTS = (
    "share/notfound.js",
    "markup/scrollers.js",
    "answers/tips.js",
    "quiz/quiz.js",
    "markup/copy.js",
    "math/copy-tex.js",
    "markup/folding.js",
    "theme/later.js",
    "theme/frame.js",
)
FAVICON = "theme/favicon.svg"
AFTER_SITES_OWN = 800  # the priority of html_css_files; those of other extensions have less


def path_of(name: str) -> Path:
    """Return the place of a stylesheet, script or picture, which is named by its package and its own name."""
    package, _, file = name.partition("/")
    return HERE / package / "static" / file


def name_folders(app: Sphinx, config: Config) -> None:
    """Have Sphinx look for templates and static files in the packages; of overrides tells :mod:`.theme`."""
    config.templates_path += sorted(map(str, [*HERE.glob("*/templates"), *HERE.glob("*/overrides")]))
    config.html_static_path += sorted(map(str, HERE.glob("*/static")))
    config.html_favicon = config.html_favicon or os.path.relpath(path_of(FAVICON), app.confdir)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.connect("config-inited", name_folders, priority=50)  # before theme.frame looks at the templates
    for name in STYLESHEETS:
        media = {"media": "print"} if name.endswith("/print.css") else {}
        app.add_css_file(path_of(name).name, priority=AFTER_SITES_OWN, **media)
    for name in SCRIPTS:
        app.add_js_file(path_of(name).name, priority=AFTER_SITES_OWN, loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
