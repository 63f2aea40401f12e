"""Pages that sum others up (an index, a ledger, a glossary) are written anew whenever any page was read."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def sums_up(env: BuildEnvironment) -> None:
    """Note that the page being read sums others up."""
    summaries_of(env).add(env.docname)


def summaries_of(env: BuildEnvironment) -> set[str]:
    """Return the pages that sum others up."""
    if not hasattr(env, "dlnotes_summaries"):
        env.dlnotes_summaries = set()
    return env.dlnotes_summaries


def purge(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read again or gone: the summaries are out of date."""
    summaries_of(env).discard(docname)
    env.dlnotes_summaries_stale = True


def rewrite(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages to write anew."""
    stale, env.dlnotes_summaries_stale = getattr(env, "dlnotes_summaries_stale", False), False
    return sorted(summaries_of(env) & env.found_docs) if stale else []


def merge(_app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take over what a parallel reader noted."""
    summaries_of(env).update(summaries_of(other) & set(docnames))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", rewrite)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
