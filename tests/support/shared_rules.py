"""What others demand of a shared page: Google's rules for structured data, Atom's for a feed (RFC 4287).

The rules are those of Google's pages on Article, BreadcrumbList and site names, read in November
2026. Each function returns what is wrong, in words; nothing means that all is right.
"""

import datetime
import json
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree

REQUIRED = {
    "Article": {"headline", "image", "datePublished", "dateModified", "author"},
    "BreadcrumbList": {"itemListElement"},
    "ImageObject": {"url"},
    "ListItem": {"position", "name", "item"},
    "Organization": {"name", "url"},
    "WebPage": {"name", "url"},
    "WebSite": {"name", "url"},
}
ADDRESSES = {"url", "item", "@id", "license"}
SAID = {"name", "headline", "description"}
DAYS = {"datePublished", "dateModified"}


class Head(HTMLParser):
    """A page's head as a parser of HTML sees it."""

    def __init__(self, text):
        super().__init__()
        self.meta, self.links, self.data, self.title = {}, [], [], ""
        self.inside = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "meta":
            name = found.get("name") or found.get("property")
            if name:
                self.meta.setdefault(name, []).append(found.get("content"))
        elif tag == "link":
            self.links.append(found)
        elif tag == "script" and found.get("type") == "application/ld+json":
            self.inside = "data"
            self.data.append("")
        elif tag == "title":
            self.inside = "title"

    def handle_data(self, text):
        if self.inside == "data":
            self.data[-1] += text
        elif self.inside == "title":
            self.title += text

    def handle_endtag(self, tag):
        self.inside = None

    def linked(self, relation):
        return [link["href"] for link in self.links if link.get("rel") == relation]

    @property
    def things(self):
        """Everything described, the contained things too."""
        return [thing for text in self.data for thing in nested(json.loads(text))]


def nested(value):
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        for inner in value.values():
            yield from nested(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nested(inner)


def types(thing):
    kind = thing["@type"]
    return set(kind) if isinstance(kind, list) else {kind}


def absolute(url):
    parts = urlsplit(str(url))
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def faults_of_data(head):
    """Say what Google's rules find wrong with a page's structured data."""
    faults = []
    for text in head.data:
        graph = json.loads(text)
        if graph.get("@context") != "https://schema.org":
            faults.append("the context is not schema.org")
    for thing in head.things:
        for kind in types(thing):
            faults += [f"{kind} lacks {name}" for name in REQUIRED.get(kind, set()) - set(thing)]
            if kind == "QAPage":
                faults.append("QAPage is for pages where visitors can answer")
            if kind == "FAQPage":
                faults.append("FAQPage: search engines no longer show it")
            if kind == "BreadcrumbList":
                places = [step.get("position") for step in thing.get("itemListElement", [])]
                if places != list(range(1, len(places) + 1)) or len(places) < 2:
                    faults.append(f"BreadcrumbList: positions {places}")
        faults += [
            f"{key} {url!r} is not absolute"
            for key, url in thing.items()
            if key in ADDRESSES and not absolute(url)
        ]
        faults += [
            f"{key} is not readable: {thing[key]}"
            for key in SAID & set(thing)
            if not str(thing[key]).strip() or re.search(r"\\[a-z]|\$|원래 표기", str(thing[key]))
        ]
        for key in DAYS & set(thing):
            try:
                datetime.date.fromisoformat(thing[key])
            except (TypeError, ValueError):
                faults.append(f"{key} {thing[key]!r} is no day")
    return faults


def faults_of_feed(text):
    """Say what Atom's rules find wrong with a feed."""
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(text)
    entries = feed.findall(f"{atom}entry")
    faults = [] if feed.tag == f"{atom}feed" else [f"the root is {feed.tag}"]
    for part in [feed, *entries]:
        for name in ("id", "title", "updated"):
            if len(part.findall(f"{atom}{name}")) != 1:
                faults.append(f"{part.tag}: one {name} is wanted")
        moment = datetime.datetime.fromisoformat(part.findtext(f"{atom}updated") or "0001-01-01")
        if moment.tzinfo is None:
            faults.append("updated has no time zone")
    ids = [part.findtext(f"{atom}id") for part in [feed, *entries]]
    if len(set(ids)) != len(ids):
        faults.append("an id stands twice")
    if any(not urlsplit(str(id_)).scheme for id_ in ids):
        faults.append("an id is no IRI")
    relations = {link.get("rel"): link.get("href") for link in feed.findall(f"{atom}link")}
    faults += [
        f"no absolute {name} link" for name in ("self", "alternate") if not absolute(relations.get(name))
    ]
    for entry in entries:
        if not (feed.findtext(f"{atom}author/{atom}name") or entry.findtext(f"{atom}author/{atom}name")):
            faults.append("an entry has no author")
        if not (entry.findtext(f"{atom}content") or "").strip():
            faults.append("an entry says nothing")
        if any(not absolute(link.get("href")) for link in entry.findall(f"{atom}link")):
            faults.append("an entry's link is not absolute")
    return faults
