"""The answers for programs: ``answers.json``, and the schema that says what stands in it.

Words are bare, as in a description: formulas read out, no marks. Dates are those of the news.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.answers.claims import VERDICTS, claims_of
from dlnotes_site.export.words import bare, paragraphs, read_out
from dlnotes_site.kept import write_whole
from dlnotes_site.pages import Question, in_order, makes_a_site, topic_of
from dlnotes_site.share.address import address_of
from dlnotes_site.share.news import dates_of
from dlnotes_site.share.short import short_address
from dlnotes_site.share.structured_data import LICENCE

NAME, SCHEMA = "answers.json", "answers.schema.json"
FORMULA = re.compile(r"\$([^$]+)\$")


def answers(app: Sphinx) -> str:
    """Write all answers, in the order in which the site is read."""
    config = app.config
    told = {
        "$schema": SCHEMA,
        "title": config.html_title,
        "author": config.author,
        "language": config.language,
        "licence": LICENCE,
        "answers": [answer(app, name, question) for name, question in in_order(app.env).items()],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def answer(app: Sphinx, name: str, question: Question) -> dict[str, Any]:
    """Tell one answer."""
    days = dates_of(app, question.docname)
    return {
        "id": name,
        "question": question.words,
        "topic": topic_of(app.env, question.docname),
        "short_answer": " ".join(paragraphs(question.answer)),
        "summary": [bare(line) for line in question.summary],
        "claims": [
            {
                "claim": FORMULA.sub(lambda found: read_out(found[1]), claim.claim),
                "verdict": claim.verdict,
                "verdict_words": VERDICTS[claim.verdict],
            }
            for claim in claims_of(app)
            if claim.question == name
        ],
        "address": short_address(app, name),
        "page": urljoin(address_of(app, question.docname), f"#{name}"),
        **({"published": str(days[0]), "modified": str(days[1])} if days else {}),
    }


def lead_there(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Name the file in the head of the landing page."""
    if pagename == app.config.root_doc and makes_a_site(app):
        address = context["pathto"](NAME, resource=True)
        link = f'<link rel="alternate" type="application/json" title="질문과 답" href="{address}">'
        context["metatags"] = context.get("metatags", "") + f"{link}\n"


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the answers and their schema beside the pages."""
    if exception or app.builder.name != "html":
        return
    write_whole(Path(app.outdir, NAME), answers(app))
    write_whole(Path(app.outdir, SCHEMA), Path(__file__).with_name(SCHEMA).read_bytes())


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.answers.claims")
    app.setup_extension("dlnotes_site.share.about")
    app.setup_extension("dlnotes_site.share.short")
    app.connect("html-page-context", lead_there, priority=902)
    app.connect("build-finished", write, priority=504)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
