"""The site's topics and the order of its pages, as the landing page's tables of contents give them."""

from __future__ import annotations

from sphinx import addnodes
from sphinx.environment import BuildEnvironment


def topics(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return the pages of each topic, in order."""
    found: dict[str, list[str]] = {}
    for tree in env.tocs[env.config.root_doc].findall(addnodes.toctree):
        found.setdefault(tree.get("caption") or "", []).extend(tree["includefiles"])
    return found


def topic_of(env: BuildEnvironment, docname: str) -> str:
    """Return a page's topic; nothing for the landing page."""
    top = docname.partition("/")[0]
    return next((t for t, pages in topics(env).items() if docname in pages or f"{top}/index" in pages), "")


def reading_order(env: BuildEnvironment) -> list[str]:
    """Return the pages that the landing page lists: the answers and what they lean on, not the library's."""
    return [page for pages in topics(env).values() for page in pages if "/" not in page]
