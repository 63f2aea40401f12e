"""What a page tells those who link to it, list it or read it by machine.

Every page gets its own description, one address (``html_baseurl``), Open Graph tags and structured data; the
site gets the pictures of its links, a sitemap, ``robots.txt``, a feed, ``llms.txt`` and a 404 page. The parts
stand in this package and in ``export``. All is made of the environment, so that a build
of one changed page leaves the same site as a build of all.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from dlnotes_site.answers.questions import boxes, gist
from dlnotes_site.export.llms import write_index, write_page
from dlnotes_site.export.plain import paragraphs, read_out, words
from dlnotes_site.pages import being_read, is_answers, known, questions_on, store, topic_of, topics
from dlnotes_site.share.cards import PIXELS, Card, lay
from dlnotes_site.share.news import FEED, check_news, dates_of, feed, news_of, require_sound_news
from dlnotes_site.share.structured_data import (
    Answered,
    Site,
    Thing,
    article,
    breadcrumbs,
    faq,
    script,
    webpage,
    website,
)

CARDS = "_static/cards"
MISSING = "404"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
LISTS = {  # pages that Sphinx makes of no source: what they are called, and what is there
    "genindex": ("색인", "dlnotes의 함수와 클래스와 모듈의 이름을 가나다순과 알파벳순으로 모은 색인입니다."),
    "search": ("검색", "딥러닝 질문과 답, 용어, 라이브러리의 설명에서 낱말과 수를 찾습니다."),
    "_modules/index": ("모듈 코드", "코드를 볼 수 있는 dlnotes 모듈의 목록입니다."),
    MISSING: ("", "찾는 글이 이 주소에 없을 때 검색하거나 주제별 질문에서 고를 수 있습니다."),
}


@dataclass(frozen=True)
class Shared:
    """What is told of a page; a change has the page written anew."""

    url: str
    title: str
    description: str
    card: Card
    days: tuple[datetime.date, datetime.date] | None


def site_of(app: Sphinx) -> Site:
    """Describe the site."""
    config = app.config
    root = shared_of(app.env)[config.root_doc]
    base = config.html_baseurl
    return Site(base, config.project, config.html_title, root.description, config.language, config.author)


def shared_of(env: BuildEnvironment) -> dict[str, Shared]:
    """Return what is told of each page."""
    found: dict[str, Shared] = store(env)["shared"]
    return found


def note_opening(app: Sphinx, doctree: nodes.document) -> None:
    """Note how a page begins: of a page about a module, that is the first line of its docstring."""
    first = next(iter(doctree.findall(nodes.paragraph)), None)
    being_read(app.env).opening = words(first, read_out) if first is not None else ""


# --- what is told of a page -----------------------------------------------------------------------


def share(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Gather what is told of every page; name those of which something else was told before."""
    check_news(app, env)
    before = shared_of(env)
    root = card_of(app, env, env.config.root_doc)
    store(env)["shared"] = {
        docname: Shared(
            url=address_of(app, docname),
            title=heading(env, docname),
            description=description(env, docname),
            card=card_of(app, env, docname) if is_answers(env, docname) else root,
            days=dates_of(app, docname),
        )
        for docname in sorted(env.found_docs)
    }
    return [name for name, shared in shared_of(env).items() if before.get(name, shared) != shared]


def heading(env: BuildEnvironment, docname: str) -> str:
    """Return the page's question, if it answers one alone, or else its title."""
    asked = list(questions_on(env, docname).values())
    return asked[0].words if len(asked) == 1 else env.titles[docname].astext()


def description(env: BuildEnvironment, docname: str) -> str:
    """Return the page's description, the gist of its first answer, or how it begins."""
    own = env.metadata[docname].get("description")
    asked = list(questions_on(env, docname).values())
    if own:
        return " ".join(str(own).split())
    if asked:
        return words(gist(asked[0].answer), read_out)
    return known(env, docname).opening or env.titles[docname].astext()


def card_of(app: Sphinx, env: BuildEnvironment, docname: str) -> Card:
    """Describe the picture of a page."""
    asked = [question.words for question in questions_on(env, docname).values()]
    name, _, claim = app.config.html_title.partition(": ")
    if docname == env.config.root_doc:
        return Card(docname, "질문과 답", claim or name, (), name, named_alike=True)
    more = tuple(asked) if len(asked) > 1 else ()
    return Card(
        docname, topic_of(env, docname), heading(env, docname), more, f"{name} · {claim}" if claim else name
    )


def address_of(app: Sphinx, pagename: str) -> str:
    """Return a page's one address; the landing page's is the site's."""
    if pagename == app.config.root_doc:
        return app.config.html_baseurl
    return urljoin(app.config.html_baseurl, app.builder.get_target_uri(pagename))


# --- the page's head ------------------------------------------------------------------------------


def tell(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the tags into the page's head."""
    shared = shared_of(app.env).get(pagename)
    title, about = (shared.title, shared.description) if shared else listed(pagename)
    tags = [
        f'<meta name="description" content="{escape(about)}">',
        '<link rel="alternate" type="application/atom+xml" title="새 답과 고친 답" '
        f'href="{context["pathto"](FEED, resource=True)}">',
    ]
    if pagename == MISSING:
        miss(app, context)
    else:
        url = context["pageurl"] = address_of(app, pagename)
        site, root = site_of(app), shared_of(app.env)[app.config.root_doc]
        card = (shared or root).card
        pictured = {
            "@type": "ImageObject",
            "url": urljoin(site.url, f"{CARDS}/{card.name}"),
            "width": PIXELS[0],
            "height": PIXELS[1],
        }
        tags += open_graph(site, url, title, about, shared.days if shared else None, pictured, card.words)
        tags.append(script(structured(app, site, pagename, url, title, about, pictured, doctree)))
    context["metatags"] = context.get("metatags", "") + "".join(f"\n    {tag}" for tag in tags) + "\n"


def listed(pagename: str) -> tuple[str, str]:
    """Return what a page without a source is called, and what is there."""
    module = pagename.removeprefix("_modules/").replace("/", ".")
    return LISTS.get(pagename, (f"{module}의 소스", f"{module} 모듈의 소스 코드입니다."))


def open_graph(
    site: Site,
    url: str,
    title: str,
    about: str,
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
        "og:description": about,
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
    about: str,
    picture: Thing,
    doctree: nodes.document | None,
) -> list[Thing]:
    """Gather the page's structured data."""
    if pagename == app.config.root_doc:
        return [website(site), webpage(site, url, site.title, about)]
    page = webpage(site, url, title, about)
    way = breadcrumbs(way_to(app, site, pagename, url, title))
    asked = answered(app.env, pagename, url, doctree) if doctree is not None else []
    days = dates_of(app, pagename)
    if not asked or not days:
        return [website(site), page, way]
    return [
        website(site),
        faq(page, asked),
        article(site, page, topic_of(app.env, pagename), picture, days),
        way,
    ]


def way_to(app: Sphinx, site: Site, pagename: str, url: str, title: str) -> list[tuple[str, str]]:
    """Return the steps from the landing page to a page: names and addresses."""
    steps = [(site.name, site.url)]
    above = f"{pagename.partition('/')[0]}/index"
    if "/" in pagename and above != pagename:
        named = app.env.titles[above].astext() if above in app.env.titles else listed(above)[0]
        steps.append((named, address_of(app, above)))
    return [*steps, (app.env.titles[pagename].astext() if pagename in app.env.titles else title, url)]


def answered(env: BuildEnvironment, pagename: str, url: str, doctree: nodes.document) -> list[Answered]:
    """Return the page's questions, each with its short answer and what was found in checking it."""
    titles = questions_on(env, pagename)
    answers: dict[str, list[str]] = {}
    name = ""
    for box in boxes(doctree):
        name = box["question"] or name
        if box["part"] in {"short-answer", "verification"} and name in titles:
            answers.setdefault(name, []).extend(paragraphs(box))
    return [Answered(titles[name].words, f"{url}#{name}", tuple(said)) for name, said in answers.items()]


# --- the site's files -----------------------------------------------------------------------------


def miss(app: Sphinx, context: dict[str, Any]) -> None:
    """Give the 404 page, which is shown at any depth, its links and the questions by topic."""
    context["pageurl"] = None
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
        if any(questions_on(app.env, page) for page in pages)
    ]


def sitemap(app: Sphinx) -> str:
    """List every page that has a source, with the day of its news: other days would not be true."""
    urls = ElementTree.Element("urlset", xmlns=SITEMAP)
    for docname in sorted(app.env.found_docs, key=lambda name: (name != app.config.root_doc, name)):
        entry = ElementTree.SubElement(urls, "url")
        ElementTree.SubElement(entry, "loc").text = address_of(app, docname)
        days = dates_of(app, docname)
        if docname == app.config.root_doc and news_of(app):
            days = 2 * (max(news.date for news in news_of(app)),)
        if days:
            ElementTree.SubElement(entry, "lastmod").text = days[1].isoformat()
    ElementTree.indent(urls)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(urls, encoding="unicode") + "\n"


def write_site(app: Sphinx, exception: Exception | None) -> None:
    """Write what belongs to the site and not to one page."""
    if exception or app.builder.name != "html":
        return
    site, shared = Path(app.outdir), shared_of(app.env)
    map_address = urljoin(app.config.html_baseurl, "sitemap.xml")
    files = {
        "sitemap.xml": sitemap(app),
        "robots.txt": f"User-agent: *\nAllow: /\n\nSitemap: {map_address}\n",
        FEED: feed(app),
    }
    for name, text in files.items():
        (site / name).write_text(text, encoding="utf-8")
    write_index(app, {name: told.description for name, told in shared.items()})
    lay({told.card.page: told.card for told in shared.values()}, site.parent / "cards", site / CARDS)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.answers.questions")
    app.setup_extension("notfound.extension")
    app.add_config_value("news_file", "news.yml", "env", str)
    app.connect("builder-inited", require_sound_news)
    app.connect("doctree-read", note_opening, priority=900)
    app.connect("env-updated", share, priority=900)
    app.connect("doctree-resolved", write_page, priority=900)
    app.connect("html-page-context", tell, priority=900)
    app.connect("build-finished", write_site)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
