"""Where the site will stand and its pages: one address, from the environment or the default."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

VARIABLE = "DLNOTES_URL"
DEFAULT = "https://dlnotes.github.io/dlnotes/"


def address(given: str | None) -> str:
    """Return the address with its closing slash; nothing given, or nothing in it, means the default."""
    url = (given or DEFAULT).rstrip("/") + "/"
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.query or parts.fragment or parts.username or any(c.isspace() for c in url):
        raise ConfigError(
            f"{VARIABLE} must be the site's address, such as {DEFAULT}: http or https, a host, "
            f"no user, query, fragment or blank; got {given!r}"
        )
    return url


def address_of(app: Sphinx, pagename: str) -> str:
    """Return a page's one address; the landing page's is the site's."""
    site: str = app.config.html_baseurl
    return site if pagename == app.config.root_doc else urljoin(site, app.builder.get_target_uri(pagename))


def path_of_missing_pages(given: str | None) -> str:
    """Return what every link of the 404 page begins with.

    That page is shown at any depth, so its links cannot be relative. Where no address is given, the site was
    built to be looked at here, and a local server has it at its root.
    """
    return urlsplit(address(given)).path if given else "/"
