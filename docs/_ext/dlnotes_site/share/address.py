"""Where the site will stand, its pages, and its sources: from the environment or what the project says."""

from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import quote, urlencode, urljoin, urlsplit

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from dlnotes_site.pages import makes_a_site

VARIABLE = "DLNOTES_URL"
REPOSITORY = "DLNOTES_REPOSITORY"
DEFAULT = "https://dlnotes.github.io/dlnotes/"


def address(given: str | None) -> str:
    """Return the address with its closing slash; nothing given, or nothing in it, means the default."""
    return sound(given or DEFAULT, f"{VARIABLE} must be the site's address, such as {DEFAULT}") + "/"


def sound(given: str, told: str) -> str:
    """Return an address without a closing slash, or refuse it."""
    url = given.rstrip("/")
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment or parts.username or any(c.isspace() for c in url):
        raise ConfigError(f"{told}: http or https, a host, no user, query, fragment or blank; got {given!r}")
    return url


def repository(given: str | None, project: Path) -> str:
    """Return the repository's address, given or named in pyproject.toml; nothing, where none is known."""
    named = given or tomllib.loads(project.read_text("utf-8"))["project"].get("urls", {}).get("Repository")
    told = f"{REPOSITORY} must be the address of the repository, such as https://github.com/someone/dlnotes"
    return sound(named, told) if named else ""


def report_address(repository: str, title: str, address: str) -> str:
    """Return where a fault of a page is reported: a new issue that names the page."""
    body = f"{address}\n\n무엇이 틀렸나요?\n\n\n어떻게 되어야 하나요?\n\n"
    return f"{repository}/issues/new?" + urlencode({"title": f"틀린 곳: {title}", "body": body})


def address_of(app: Sphinx, pagename: str) -> str:
    """Return a page's one address; the landing page's is the site's. It is told of in books, too."""
    site: str = app.config.html_baseurl
    if pagename == app.config.root_doc:
        return site
    there = app.builder.get_target_uri(pagename) if makes_a_site(app) else f"{quote(pagename)}.html"
    return urljoin(site, there)


def path_of_missing_pages(given: str | None) -> str:
    """Return what every link of the 404 page begins with.

    That page is shown at any depth, so its links cannot be relative. Where no address is given, the site was
    built to be looked at here, and a local server has it at its root.
    """
    return urlsplit(address(given)).path if given else "/"
