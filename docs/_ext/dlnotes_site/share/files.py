"""The files of the site as a whole: sitemap, robots, feed, pictures of links, texts for machines."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.export.llms import write_index
from dlnotes_site.share.about import about_pages
from dlnotes_site.share.address import address_of
from dlnotes_site.share.cards import FOLDER, write_cards
from dlnotes_site.share.news import FEED, dates_of, feed, newest, news_of

SITEMAP, NAMES = "sitemap.xml", "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(app: Sphinx) -> str:
    """List every page that has a source, with the day of its news: other days would not be true."""
    urls = ElementTree.Element("urlset", xmlns=NAMES)
    for docname in sorted(app.env.found_docs, key=lambda name: (name != app.config.root_doc, name)):
        entry = ElementTree.SubElement(urls, "url")
        ElementTree.SubElement(entry, "loc").text = address_of(app, docname)
        days = dates_of(app, docname)
        if docname == app.config.root_doc and (day := newest(news_of(app))):
            days = (day, day)
        if days:
            ElementTree.SubElement(entry, "lastmod").text = days[1].isoformat()
    ElementTree.indent(urls)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(urls, encoding="unicode") + "\n"


def robots(app: Sphinx) -> str:
    """Keep nothing from search engines, and name the sitemap."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {urljoin(app.config.html_baseurl, SITEMAP)}\n"


def write_site(app: Sphinx, exception: Exception | None) -> None:
    """Write the files once all pages are written."""
    if exception or app.builder.name != "html":
        return
    site, pages = Path(app.outdir), about_pages(app.env)
    for name, text in ((SITEMAP, sitemap(app)), ("robots.txt", robots(app)), (FEED, feed(app))):
        (site / name).write_text(text, encoding="utf-8")
    write_index(app, {name: about.description for name, about in pages.items()})
    cards = {about.card.page: about.card for about in pages.values()}
    write_cards(cards, store=site.parent / "cards", folder=site / FOLDER)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.share.about")
    app.setup_extension("dlnotes_site.export.llms")
    app.connect("build-finished", write_site, priority=502)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
