"""What the stock theme lacks for a Korean reader on a phone.

- A frame of our own (theme/overrides), without the theme's scripts.
- A Korean interface: the catalogues under ``theme/locale/ko`` come before the packages' own.
- Pages that are quick to read again: no node holds on to the environment
  (see :func:`detach_from_eval_rst_documents`).
"""

from __future__ import annotations

import hashlib
import io
from gettext import GNUTranslations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from docutils import nodes
from sphinx import locale
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.theme.module_code import make_all_anew

FOLDERS = {"html_static_path", "templates_path"}
OVERRIDES = {str(Path(__file__).parent / "overrides")}
CATALOGUES = Path(__file__).parent / "locale" / "ko"

OPTIONS: dict[str, Any] = {
    "navbar_persistent": [],
    "primary_sidebar_end": [],
    "footer_content_items": ["copyright.html"],
}


def install_catalogues(app: Sphinx) -> str:
    """Put our catalogues before the packages' own; return a digest of them."""
    digest = hashlib.sha256()
    for path in sorted(CATALOGUES.glob("*.po")):
        source = path.read_bytes()
        digest.update(source)
        compiled = io.BytesIO()
        write_mo(compiled, read_po(io.BytesIO(source), locale="ko"))
        compiled.seek(0)
        ours = GNUTranslations(compiled)
        name = ("general", path.stem)
        if name in locale.translators:
            ours.add_fallback(locale.translators[name])
        locale.translators[name] = ours
    app.translator = locale.translators["general", "sphinx"]
    return digest.hexdigest()


def fill_in_config(app: Sphinx, config: Config) -> None:
    """Fill in what conf.py leaves open."""
    # As a setting, the frame's text has every page written anew (see make_code_pages_anew_for_settings).
    folders = [CATALOGUES, *(Path(app.confdir) / folder for folder in config.templates_path)]
    files = [path for folder in folders for path in sorted(folder.rglob("*.*"))]
    config.dlnotes_frame = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    for name, value in OPTIONS.items():
        config.html_theme_options.setdefault(name, value)
    # Otherwise a solution's title is a link to its exercise, and a tap there does not open the solution.
    config.exercise_style = config.exercise_style or "solution_follow_exercise"


def name_modules(app: Sphinx, _env: BuildEnvironment | None = None) -> None:
    """Say 모듈 in the index, where Sphinx's word is fixed; also of what an earlier build had read."""
    pages = app.env.domains.index_domain.entries
    for page, entries in pages.items():
        pages[page] = [
            (kind, text.replace("module; ", "모듈; "), target, main, key)
            for kind, text, target, main, key in entries
        ]


def make_code_pages_anew_for_settings(app: Sphinx) -> None:
    """Have the pages of the modules' code written anew, as all others, when a setting of the HTML changed.

    viewcode looks at the modules alone.
    """
    if app.builder.name != "html" or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    leave_out_folders(app.builder)
    built = Path(app.outdir) / ".buildinfo"
    now = f"config: {app.builder.build_info.config_hash}\n"
    if built.is_file() and now not in built.read_text("utf-8"):
        make_all_anew(app)


def leave_out_folders(builder: StandaloneHTMLBuilder) -> None:
    """Have the builder's note of the settings say the same in whatever folder the site is built.

    What the templates say is a setting itself (``dlnotes_frame``), and no page tells of the static folders.
    """
    settings: Any = SimpleNamespace(
        filter=lambda kinds: [one for one in builder.config.filter(kinds) if one.name not in FOLDERS]
    )
    builder.build_info = type(builder.build_info)(settings, builder.tags, {"html"})


def detach_from_eval_rst_documents(_app: Sphinx, doctree: nodes.document) -> None:
    """Have every node belong to its page alone.

    MyST parses ``{eval-rst}`` into a document of its own and leaves its nodes tied to it, and through it to
    the whole environment, which would be stored again with every such page: megabytes to load at each build.
    """
    for node in doctree.findall():
        node.document = doctree


def trim_examples(_app: Sphinx, doctree: nodes.document) -> None:
    """Take the empty line off an example's end: doctest needs it there, a reader sees a gap."""
    for block in doctree.findall(nodes.literal_block):
        if block.astext() == block.rawsource and block.rawsource.endswith("\n"):
            block.rawsource = block.rawsource.rstrip("\n")
            block[:] = [nodes.Text(block.rawsource)]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    # As a setting, the digest has every page written anew when a translation changes.
    app.add_config_value("dlnotes_catalogues", install_catalogues(app), "env", str)
    app.add_config_value("dlnotes_frame", "", "html", str)
    app.connect("config-inited", fill_in_config, priority=850)  # once all have named their templates
    app.connect("builder-inited", make_code_pages_anew_for_settings, priority=100)
    app.connect("doctree-read", trim_examples, priority=505)
    app.connect("doctree-read", detach_from_eval_rst_documents, priority=901)
    app.connect("builder-inited", name_modules, priority=505)
    app.connect("env-check-consistency", name_modules, priority=505)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
