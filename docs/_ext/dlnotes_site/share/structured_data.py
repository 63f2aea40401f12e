"""What search engines read: schema.org data as JSON-LD, by Google's rules for rich results.

A page of answers is an ``FAQPage``: the site itself answers, and nobody can send another answer in, which is
what ``QAPage`` is for. A question is told once on the whole site, on the page that answers it.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
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


@dataclass(frozen=True)
class Answered:
    """A question and the paragraphs that answer it, as plain text."""

    name: str
    url: str
    answer: tuple[str, ...]


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


def webpage(site: Site, url: str, title: str, description: str, kind: str = "WebPage") -> Thing:
    """Describe a page."""
    return {
        "@type": kind,
        "@id": url,
        "url": url,
        "name": title,
        "description": description,
        "inLanguage": site.language,
        "isPartOf": {"@id": f"{site.url}#website"},
    }


def question(asked: Answered) -> Thing:
    """Describe a question; Google takes the answer for HTML."""
    text = "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in asked.answer)
    return {
        "@type": "Question",
        "@id": asked.url,
        "name": asked.name,
        "acceptedAnswer": {"@type": "Answer", "text": text, "url": asked.url},
    }


def faq(page: Thing, asked: list[Answered]) -> Thing:
    """Add the questions to the page that answers them."""
    return {**page, "@type": "FAQPage", "mainEntity": [question(one) for one in asked]}


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
