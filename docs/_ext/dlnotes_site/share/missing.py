"""The page of addresses that lead nowhere: shown at any depth, with the search and every question."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.pages import is_answers, questions_on, topics

MISSING = "404"


def fill_missing_page(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Give the page its links, which begin where the site stands, and the questions by topic."""
    if pagename != MISSING:
        return
    context["content_root"] = app.config.notfound_urls_prefix
    context["questions"] = [
        (
            topic,
            [
                (question.words, f"{context['pathto'](page)}#{name}")
                for page in pages
                for name, question in questions_on(app.env, page).items()
            ],
        )
        for topic, pages in topics(app.env).items()
        if any(is_answers(app.env, page) for page in pages)
    ]
    app.add_css_file("notfound.css")
    app.add_js_file("notfound.js", defer="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.markup.unbroken")  # its filter is in the template
    app.setup_extension("dlnotes_site.pages")
    app.setup_extension("notfound.extension")
    app.connect("html-page-context", fill_missing_page, priority=901)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
