"""Pictures and HTML that a page brings itself: said in words, of a known size, from this site, at rest.

A picture without a size moves the text when it arrives, one from elsewhere tells another host who reads, and
an event's attribute is refused by the pages' policy only in the reader's browser.
"""

from __future__ import annotations

from html.parser import HTMLParser

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.nodes import traverse_parent
from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

LOADED = ("src", "srcset", "poster", "data")  # attributes whose addresses a browser fetches by itself


def report_images(_app: Sphinx, doctree: nodes.document) -> None:
    """Report the pictures that lack something, and HTML that acts or that fetches from elsewhere."""
    for image in doctree.findall(nodes.image):
        report(image, lacking(image["uri"], image.attributes))
    for raw in doctree.findall(nodes.raw):
        if "html" in raw.get("format", "").split():
            tags = Tags()
            tags.feed(raw.rawsource or raw.astext())
            report(raw, tags.faults)


def lacking(address: str, given: dict[str, str | None]) -> list[str]:
    """Tell what a picture lacks."""
    faults = [] if (given.get("alt") or "").strip() else ["needs an alternative text"]
    if not (given.get("width") and given.get("height")):
        faults.append("needs a width and a height")
    if is_remote(address):
        faults.append("must stand in this site, not elsewhere")
    return [f"the picture {address} {fault}" for fault in faults]


def is_remote(address: str) -> bool:
    """Tell whether an address leads to another host."""
    return address.lower().startswith(("http:", "https:", "//"))


class Tags(HTMLParser):
    """What is wrong with the tags of some HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        given = dict(attrs)
        acting = [name for name in given if name.startswith("on")]
        self.faults += [f"<{tag}> must not have the event attribute {name}" for name in acting]
        if tag == "img":
            self.faults += lacking(given.get("src") or "", given)
        else:
            addresses = [given.get(name) or "" for name in LOADED]
            self.faults += [
                f"<{tag}> must not fetch {address} from elsewhere"
                for address in addresses
                if is_remote(address)
            ]


def report(node: nodes.Element, faults: list[str]) -> None:
    """Report faults at the line that the node or what holds it knows."""
    for fault in faults:
        place = next((one for one in traverse_parent(node) if getattr(one, "line", None)), node)
        logger.error("%s", fault, location=place)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.connect("doctree-read", report_images, priority=507)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
