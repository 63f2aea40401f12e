"""Search for Korean sites made with Sphinx, in place of Sphinx's own. The README says how it is set up.

As a page is written, what its reader sees is read back into a record (in parallel, and only for pages that
are written anew); when all is written, the records become the index.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from types import FunctionType
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from .index import Record, index_script, record, said_script
from .reading import read

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
FOLDER = "_search"
# Sphinx's own, which nothing asks for any more.
STOCK = (
    "searchindex.js",
    "_static/searchtools.js",
    "_static/language_data.js",
    "_static/sphinx_highlight.js",
)


def prepare(_app: Sphinx, config: Config) -> None:
    """Put our templates before the theme's, and our script and style beside the site's."""
    config.templates_path.append(str(HERE / "templates"))
    if config.html_theme == "pydata_sphinx_theme":
        config.templates_path.append(str(HERE / "templates" / "pydata"))
    config.html_static_path.append(str(HERE / "static"))


def replace_stock_search(app: Sphinx) -> None:
    """Have Sphinx make neither its index nor its page."""
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.search = False
        app.add_css_file("korean_search.css")
        app.add_js_file("korean_search.js", loading_method="defer")


def search_page(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Name the page that searches."""
    return [("search", {}, "search.html")]


def records(app: Sphinx) -> Path:
    """Return the folder of the records."""
    return Path(app.doctreedir) / "korean_search" / app.builder.name


def write_if_other(path: Path, text: str) -> None:
    """Write a file, unless it holds that already."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def write_record(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Keep a page's record and write its lines; leave Sphinx's marking of found words out of the page."""
    context["korean_search_help"] = app.config.korean_search_help
    # In place, since app.add_js_file adds a page's own scripts to this very list.
    context["script_files"][:] = [
        script
        for script in context["script_files"]
        if not str(getattr(script, "filename", script)).endswith("sphinx_highlight.js")
    ]
    if doctree is None or not searched(app, pagename):
        return
    config = app.config
    sections = read(context["body"], config.korean_search_weights, config.korean_search_leads)
    entered, script = record(pagename, sections, explains_signs=pagename in config.korean_search_signs)
    write_if_other(records(app) / f"{pagename}.json", entered.dump())
    write_if_other(Path(app.outdir) / FOLDER / "pages" / f"{pagename}.js", script)


def searched(app: Sphinx, docname: str) -> bool:
    """Tell whether a page is to be found."""
    metadata = app.env.metadata.get(docname, {})
    return rank(app.config, docname) > 0 and not {"nosearch", "no-search"} & set(metadata)


def rank(config: Config, docname: str) -> float:
    """Return what a page counts for: the first pattern that fits says."""
    ranks: dict[str, float] = config.korean_search_ranks
    return next((rank for pattern, rank in ranks.items() if fnmatchcase(docname, pattern)), 1.0)


def pages_without_record(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name pages to write although nothing in them changed: those without a record."""
    if app.builder.format != "html":
        return []
    return [
        docname
        for docname in sorted(env.all_docs)
        if searched(app, docname) and record_of(app, docname) is None
    ]


def record_of(app: Sphinx, docname: str) -> Record | None:
    """Return a page's record, if there is one that can be used."""
    script = Path(app.outdir) / FOLDER / "pages" / f"{docname}.js"
    try:
        kept = Record.load((records(app) / f"{docname}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return kept if script.is_file() else None


def write_index(app: Sphinx, exception: Exception | None) -> None:
    """Make the index, and clear away what is left of pages that are gone."""
    if exception or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    out = Path(app.outdir)
    docnames = [docname for docname in sorted(app.env.all_docs) if searched(app, docname)]
    pages = {docname: page for docname in docnames if (page := record_of(app, docname)) is not None}
    for folder, suffix in ((records(app), ".json"), (out / FOLDER / "pages", ".js")):
        for path in folder.rglob(f"*{suffix}"):
            if path.relative_to(folder).as_posix().removesuffix(suffix) not in pages:
                path.unlink()
    asked = setting(app, "asked")
    report_unknown(pages, asked)
    ranks = {docname: rank(app.config, docname) for docname in pages}
    settings = {
        "suffix": "/" if app.builder.name == "dirhtml" else app.builder.link_suffix,
        "help": [
            [label, app.builder.get_target_uri(target)] for label, target in app.config.korean_search_help
        ],
        "start": setting(app, "start"),
        "absent": setting(app, "absent"),
        "signs": app.config.korean_search_signs,
    }
    index = index_script(pages, ranks, setting(app, "synonyms"), settings, asked)
    write_if_other(out / FOLDER / "index.js", index)
    write_if_other(out / FOLDER / "said.js", said_script(pages))
    write_if_other(out / FOLDER / "engine.js", (HERE / "engine.js").read_text(encoding="utf-8"))
    for name in (*STOCK, *(f"_static/{path.name}" for path in (out / "_static").glob("*-stemmer.js"))):
        (out / name).unlink(missing_ok=True)


def setting(app: Sphinx, name: str) -> Any:
    """Return a setting that may be a function of the application."""
    value = app.config[f"korean_search_{name}"]
    return value(app) if callable(value) else value


def report_unknown(pages: Mapping[str, Record], asked: Mapping[str, Mapping[str, object]]) -> None:
    """Report what is asked of a section that is not there."""
    for docname, sections in asked.items():
        known = {anchor for anchor, _, _ in pages[docname].sections} if docname in pages else set()
        for anchor in sections.keys() - known:
            logger.warning("korean_search_asked: %s has no section #%s", docname, anchor)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.add_config_value("korean_search_weights", {}, "html", (dict,))
    app.add_config_value("korean_search_ranks", {}, "html", (dict,))
    app.add_config_value("korean_search_leads", [], "html", (list, tuple))
    app.add_config_value("korean_search_signs", [], "html", (list, tuple))
    for name in ("synonyms", "absent", "start"):
        app.add_config_value(f"korean_search_{name}", [], "", (list, tuple, FunctionType))
    app.add_config_value("korean_search_asked", {}, "", (dict, FunctionType))
    app.add_config_value("korean_search_help", [], "html", (list, tuple))
    app.connect("config-inited", prepare)
    app.connect("builder-inited", replace_stock_search)
    app.connect("env-updated", pages_without_record)
    app.connect("html-collect-pages", search_page)
    app.connect("html-page-context", write_record)
    app.connect("build-finished", write_index)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
