"""The head of a page: its description, its one address, Open Graph tags, structured data, the feed."""

from __future__ import annotations

import datetime
from html import escape
from typing import Any
from urllib.parse import quote, urljoin

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.pages import makes_a_site, topic_of
from dlnotes_site.share.about import about_pages
from dlnotes_site.share.address import address_of
from dlnotes_site.share.cards import FOLDER, PIXELS
from dlnotes_site.share.missing import MISSING
from dlnotes_site.share.news import FEED
from dlnotes_site.share.structured_data import Site, Thing, article, breadcrumbs, script, webpage, website

LISTS = {  # pages that Sphinx makes of no source: what they are called, and what is there
    "genindex": ("색인", "dlnotes의 함수와 클래스와 모듈의 이름을 가나다순과 알파벳순으로 모은 색인입니다."),
    "search": ("검색", "딥러닝 질문과 답, 용어, 라이브러리의 설명에서 낱말과 수를 찾습니다."),
    "_modules/index": ("모듈 코드", "코드를 볼 수 있는 dlnotes 모듈의 목록입니다."),
    MISSING: ("", "찾는 글이 이 주소에 없을 때 검색하거나 주제별 질문에서 고를 수 있습니다."),
}


def write_head(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Put the tags into the page's head; a book's pages are not shared."""
    if not makes_a_site(app):
        return
    about = about_pages(app.env).get(pagename)
    title, description = (about.title, about.description) if about else listed(pagename)
    tags = [
        f'<meta name="description" content="{escape(description)}">',
        '<link rel="alternate" type="application/atom+xml" title="새 답과 고친 답" '
        f'href="{context["pathto"](FEED, resource=True)}">',
    ]
    if pagename == MISSING:
        context["pageurl"] = None  # it is shown at any address
    else:
        url = context["pageurl"] = address_of(app, pagename)
        site, root = site_of(app), about_pages(app.env)[app.config.root_doc]
        card, days = (about.card, about.days) if about else (root.card, None)
        pictured = {
            "@type": "ImageObject",
            "url": urljoin(site.url, quote(f"{FOLDER}/{card.name}")),
            "width": PIXELS[0],
            "height": PIXELS[1],
        }
        tags += open_graph(site, url, title, description, days, pictured, card.words)
        tags.append(script(structured(app, site, pagename, url, title, description, pictured, days)))
    context["metatags"] = context.get("metatags", "") + "".join(f"\n    {tag}" for tag in tags) + "\n"


def site_of(app: Sphinx) -> Site:
    """Describe the site."""
    config = app.config
    root = about_pages(app.env)[config.root_doc]
    base = config.html_baseurl
    return Site(base, config.project, config.html_title, root.description, config.language, config.author)


def listed(pagename: str) -> tuple[str, str]:
    """Return what a page without a source is called, and what is there."""
    module = pagename.removeprefix("_modules/").replace("/", ".")
    return LISTS.get(pagename, (f"{module}의 소스", f"{module} 모듈의 소스 코드입니다."))


def open_graph(
    site: Site,
    url: str,
    title: str,
    description: str,
    days: tuple[datetime.date, datetime.date] | None,
    picture: Thing,
    picture_words: str,
) -> list[str]:
    """Write the Open Graph tags, and the one that Twitter's card needs besides."""
    properties = {
        "og:type": "article" if days else "website",
        "og:site_name": site.title,
        "og:locale": "ko_KR",
        "og:title": title,
        "og:description": description,
        "og:url": url,
        "og:image": picture["url"],
        "og:image:type": "image/png",
        "og:image:width": picture["width"],
        "og:image:height": picture["height"],
        "og:image:alt": picture_words,
    }
    if days:
        properties["article:published_time"], properties["article:modified_time"] = days
    tags = [f'<meta property="{name}" content="{escape(str(said))}">' for name, said in properties.items()]
    return [*tags, '<meta name="twitter:card" content="summary_large_image">']


def structured(
    app: Sphinx,
    site: Site,
    pagename: str,
    url: str,
    title: str,
    description: str,
    picture: Thing,
    days: tuple[datetime.date, datetime.date] | None,
) -> list[Thing]:
    """Gather the page's structured data."""
    if pagename == app.config.root_doc:
        return [website(site), webpage(site, url, site.title, description)]
    page = webpage(site, url, title, description)
    told = [article(site, page, topic_of(app.env, pagename), picture, days)] if days else []
    return [website(site), page, *told, breadcrumbs(way_to(app, site, pagename, url, title))]


def way_to(app: Sphinx, site: Site, pagename: str, url: str, title: str) -> list[tuple[str, str]]:
    """Return the steps from the landing page to a page: names and addresses."""
    steps = [(site.name, site.url)]
    above = f"{pagename.partition('/')[0]}/index"
    if "/" in pagename and above != pagename:
        named = app.env.titles[above].astext() if above in app.env.titles else listed(above)[0]
        steps.append((named, address_of(app, above)))
    return [*steps, (app.env.titles[pagename].astext() if pagename in app.env.titles else title, url)]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.share.about")
    app.connect("html-page-context", write_head, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
