"""When answers came and when they were corrected: ``docs/news.yml``, and the Atom feed made of it.

The dates are data, not the clock's or Git's, so that two builds of one state give the same feed. Every page
of answers has one entry of the kind ``new``; ``corrected`` stands as often as an answer was put right.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote, urljoin

from feedgenerator import Atom1Feed
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from dlnotes_site.data import DataError, Entries, load, record
from dlnotes_site.export.words import paragraphs
from dlnotes_site.pages import is_answers, questions_on
from dlnotes_site.share.address import address_of

logger = logging.getLogger(__name__)

KINDS = {"new": "새 글", "corrected": "고친 글"}
FEED = "feed.xml"
# The feed's own name and its entries' stay as they are wherever the site moves (RFC 4151).
TAG = "tag:dlnotes.github.io,2026:"


@dataclass(frozen=True)
class News:
    """One thing that happened to a page of answers; `said` is one sentence about it."""

    date: datetime.date
    page: str
    kind: str
    said: str
    place: str

    @property
    def moment(self) -> datetime.datetime:
        """The day as Atom wants it."""
        return datetime.datetime.combine(self.date, datetime.time(), datetime.UTC)


def read_news(read: Entries) -> tuple[News, ...]:
    """Make the news of the file's entries, refusing what is none."""
    news = []
    for raw in read:
        entry = record(News, raw, place=raw.place)
        if type(entry.date) is not datetime.date:
            raise DataError(raw.place, f"date must be a day such as 2026-11-22, got {entry.date!r}")
        if entry.kind not in KINDS:
            raise DataError(raw.place, f"kind {entry.kind!r} is none of {', '.join(KINDS)}")
        if not str(entry.said).strip().endswith("."):
            raise DataError(raw.place, f"said must be a sentence, got {entry.said!r}")
        news.append(entry)
    return tuple(news)


def news_path(app: Sphinx) -> Path:
    """Return the news' file."""
    return Path(app.srcdir, app.config.news_file)


def news_of(app: Sphinx) -> tuple[News, ...]:
    """Return the news."""
    return load(news_path(app), read_news)


def newest(news: Iterable[News]) -> datetime.date | None:
    """Return the day of the newest of some news."""
    return max((one.date for one in news), default=None)


def require_sound_news(app: Sphinx) -> None:
    """Refuse malformed news before anything is built on them."""
    news_of(app)


def dates_of(app: Sphinx, docname: str) -> tuple[datetime.date, datetime.date] | None:
    """Return the days a page came and was last put right; none for a page without news."""
    days = sorted(entry.date for entry in news_of(app) if entry.page == docname)
    return (days[0], days[-1]) if days else None


def check_news(app: Sphinx, env: BuildEnvironment) -> None:
    """Report news of no page, and pages of answers that did not come once."""
    for entry in news_of(app):
        if not is_answers(env, entry.page):
            logger.error("%r is no page of answers", entry.page, location=entry.place)
    came = [entry.page for entry in news_of(app) if entry.kind == "new"]
    for docname in sorted(env.found_docs):
        if is_answers(env, docname) and came.count(docname) != 1:
            logger.error(
                "%s holds answers: give it one entry of the kind new in %s (it has %d)",
                docname,
                news_path(app).name,
                came.count(docname),
                location=docname,
            )


def feed(app: Sphinx) -> str:
    """Write the feed, the newest first."""
    base, title = app.config.html_baseurl, app.config.html_title
    atom = Atom1Feed(
        title=title,
        link=base,
        feed_url=urljoin(base, FEED),
        feed_guid=TAG + "feed",
        description="딥러닝 질문의 새 답과 고친 답.",
        language=app.config.language,
        author_name=app.config.author,
        author_link=base,
        feed_copyright="CC BY 4.0",
    )
    for entry in sorted(news_of(app), key=lambda entry: entry.date, reverse=True):
        if entry.page not in app.env.titles:  # told by check_news
            continue
        link = address_of(app, entry.page)
        atom.add_item(
            title=f"{KINDS[entry.kind]}: {app.env.titles[entry.page].astext()}",
            link=link,
            description=None,
            content=content(app.env, entry, link),
            unique_id=f"{TAG}{quote(entry.page)}/{entry.kind}/{entry.date}",
            pubdate=entry.moment,
            updateddate=entry.moment,
        )
    return str(atom.writeString("utf-8")) + "\n"


def content(env: BuildEnvironment, entry: News, link: str) -> str:
    """Write what happened, then the page's questions with their short answers, as HTML."""
    parts = [f"<p>{escape(entry.said)}</p>"]
    for name, question in questions_on(env, entry.page).items():
        parts.append(f'<h2><a href="{escape(link)}#{name}">{escape(question.words)}</a></h2>')
        parts += [f"<p>{escape(text)}</p>" for text in paragraphs(question.answer)]
    return "".join(parts)
