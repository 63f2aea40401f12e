"""What search engines read: schema.org data as JSON-LD, by Google's rules for rich results.

A page of answers is an article. It is no ``FAQPage``, which search engines no longer show, and no ``QAPage``,
which is for pages where visitors can answer.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
Thing = dict[str, Any]


@dataclass(frozen=True)
class Site:
    """The site, as every page names it."""

    url: str
    name: str
    title: str
    description: str
    language: str
    author: str


def script(things: Iterable[Thing]) -> str:
    """Write the data so that nothing in it can end the script element that it stands in."""
    text = json.dumps({"@context": "https://schema.org", "@graph": list(things)}, ensure_ascii=False)
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return f'<script type="application/ld+json">{text}</script>'


def organization(site: Site) -> Thing:
    """Describe who writes."""
    return {"@type": "Organization", "name": site.author, "url": site.url}


def website(site: Site) -> Thing:
    """Describe the site."""
    return {
        "@type": "WebSite",
        "@id": f"{site.url}#website",
        "url": site.url,
        "name": site.name,
        "alternateName": site.title,
        "description": site.description,
        "inLanguage": site.language,
        "license": LICENCE,
        "publisher": organization(site),
    }


def breadcrumbs(steps: list[tuple[str, str]]) -> Thing:
    """Describe the way from the landing page: names and addresses."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": url}
            for number, (name, url) in enumerate(steps, 1)
        ],
    }


def webpage(site: Site, url: str, title: str, description: str) -> Thing:
    """Describe a page."""
    return {
        "@type": "WebPage",
        "@id": url,
        "url": url,
        "name": title,
        "description": description,
        "inLanguage": site.language,
        "isPartOf": {"@id": f"{site.url}#website"},
    }


def article(
    site: Site,
    page: Thing,
    topic: str,
    image: Thing,
    days: tuple[datetime.date, datetime.date],
) -> Thing:
    """Describe what one reads there."""
    return {
        "@type": ["Article", "LearningResource"],
        "@id": f"{page['url']}#article",
        "mainEntityOfPage": {"@id": page["url"]},
        "headline": page["name"],
        "description": page["description"],
        "articleSection": topic,
        "inLanguage": site.language,
        "datePublished": days[0].isoformat(),
        "dateModified": days[1].isoformat(),
        "image": image,
        "author": organization(site),
        "publisher": organization(site),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "learningResourceType": "질문과 답",
    }
