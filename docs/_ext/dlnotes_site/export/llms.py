"""The pages as text for machines: ``llms.txt`` (llmstxt.org), each page's text, and all in one file.

A page's text is written when the page is, from its resolved tree, so that numbers of figures and computed
values stand in it; the rest is put together at the end from what lies there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urljoin

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.export.markdown import Cell, Writer
from dlnotes_site.export.words import TextWords
from dlnotes_site.pages import reading_order, topic_of
from dlnotes_site.share.address import address_of

INDEX, FULL = "llms.txt", "llms-full.txt"


def text_file(docname: str) -> str:
    """Return where a page's text stands, from the site's root."""
    return f"{docname}.txt"


def text_of(writer: Writer, doctree: nodes.document) -> Iterator[str]:
    """Yield a page's blocks; of a cell that only draws, what its picture shows stands for it."""
    for block in writer.blocks(doctree.children):
        if isinstance(block, Cell):
            yield from ([] if block.only_draws else [block.code]) + writer.outputs(block)
        else:
            yield block


def write_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write a page's text, its address below its title."""
    if app.builder.name != "html" or docname not in reading_order(app.env):
        return
    title, *rest = text_of(Writer(app.env, docname, TextWords()), doctree)
    path = Path(app.outdir) / text_file(docname)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join([title, f"<{address_of(app, docname)}>", *rest]) + "\n", encoding="utf-8")


def write_index(app: Sphinx, descriptions: dict[str, str]) -> None:
    """Write the list of the pages by topic, and all their texts in one file."""
    site, base = Path(app.outdir), app.config.html_baseurl
    pages = reading_order(app.env)
    lines = [f"# {app.config.html_title}", "", f"> {descriptions[app.config.root_doc]}", ""]
    lines += [f"모든 글을 한 파일에: [{FULL}]({urljoin(base, FULL)}). 글은 CC BY 4.0, 코드는 MIT입니다.", ""]
    topic = None
    for page in pages:
        if topic_of(app.env, page) != topic:
            topic = topic_of(app.env, page)
            lines += ["", f"## {topic}", ""]
        title = app.env.titles[page].astext()
        lines.append(f"- [{title}]({urljoin(base, quote(text_file(page)))}): {descriptions[page]}")
    (site / INDEX).write_text("\n".join(lines).replace("\n\n\n", "\n\n") + "\n", encoding="utf-8")
    texts = [(site / text_file(page)).read_text(encoding="utf-8") for page in pages]
    (site / FULL).write_text("\n\n---\n\n".join(text.strip() for text in texts) + "\n", encoding="utf-8")
    for left_over in site.glob("*.txt"):
        if left_over.name not in {INDEX, FULL, "robots.txt", *map(text_file, pages)}:
            left_over.unlink()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.connect("doctree-resolved", write_page, priority=903)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
