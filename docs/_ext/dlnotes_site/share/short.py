"""A question's short address, to be cited and pasted: ``q04/`` leads to its place, whatever page that is on.

Each is a file of a few lines that needs no script and no server. Only what others paste leads there (see
:mod:`.citing`): the sitemap lists the pages themselves.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote, urljoin

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.kept import write_whole
from dlnotes_site.pages import questions_of
from dlnotes_site.share.address import address_of

logger = logging.getLogger(__name__)

PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0; url={place}">
<link rel="canonical" href="{canonical}">
<title>{title}</title>
</head>
<body>
<main><h1><a href="{place}">{title}</a></h1></main>
</body>
</html>
"""


def short_address(app: Sphinx, question: str) -> str:
    """Return the short address of a question."""
    site: str = app.config.html_baseurl
    return urljoin(site, f"{quote(question)}/")


def report_clashes(_app: Sphinx, env: BuildEnvironment) -> None:
    """Report a page that stands where a question's short address is."""
    for name, question in questions_of(env).items():
        for page in sorted(page for page in env.found_docs if f"{page}/".startswith(f"{name}/")):
            told = "question %s and page %s would have one address: give one of them another name"
            logger.error(told, name, page, location=(question.docname, question.line))


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write them, once whatever is done to all pages is done: they are none."""
    if exception or app.builder.name != "html":
        return
    for name, question in questions_of(app.env).items():
        text = PAGE.format(
            language=app.config.language,
            place=f"../{app.builder.get_target_uri(question.docname)}#{name}",
            canonical=escape(address_of(app, question.docname)),
            title=escape(question.words),
        )
        write_whole(Path(app.outdir, name, "index.html"), text)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.pages")
    app.connect("env-check-consistency", report_clashes, priority=511)
    app.connect("build-finished", write, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
