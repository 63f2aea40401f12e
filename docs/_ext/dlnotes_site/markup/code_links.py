"""Names in code lead to the page of the library that documents them.

As a page is read, each block of Python is told which of the library's names it holds and where: that stands
on the block itself, and so is kept with the page. As the page is written, the names that the Python domain
knows become links within the block's highlighted HTML, and the keyboard stops once for each place that they
lead to. Nothing is looked for in HTML that is already written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import partial
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.ext.doctest import blankline_re
from sphinx.util.nodes import traverse_parent
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from dlnotes_site.markup.code_names import Library, Names
from dlnotes_site.markup.folding import Deeper, Fold
from dlnotes_site.markup.untranslated import marking

LANGUAGES = {"python", "python3", "py", "py3", "default", "ipython", "ipython3", "pycon"}
PROMPT = re.compile(r"(>>>|\.\.\.)(?: |$)")
PIECE = re.compile(r"<[^>]*>|&[^;]+;|[^<&]+")
Place = tuple[int, int, int]  # the line, and the columns where a link starts and ends


def code_of(block: nodes.Element) -> tuple[str, int]:
    """Return a block's Python, the answers of a session blanked, and how many columns its prompts take."""
    # As the highlighter has it: without empty lines at the start.
    source = blankline_re.sub("", block.astext()).lstrip("\n")
    if not source.startswith(">>>"):
        return source, 0
    lines = ((PROMPT.match(line), line) for line in source.split("\n"))
    return "\n".join(line[4:] if prompt else "" for prompt, line in lines), 4


def note_names(library: Library, app: Sphinx, doctree: nodes.document) -> None:
    """Note on each block of Python which names of the library stand in it, and where."""
    names = Names()
    for block in doctree.findall(nodes.FixedTextElement):
        if not isinstance(block, nodes.literal_block | nodes.doctest_block):
            continue
        if isinstance(block, nodes.literal_block) and block.get("language", "default") not in LANGUAGES:
            continue
        source, indent = code_of(block)
        links: dict[Place, str] = {}
        for use in names.used_in(source):
            thing = library.resolve(use.chain)
            if thing:
                links[use.line, use.start + indent, use.end + indent] = thing.name
                app.env.note_dependency(str(library.file(thing.module)))
        if links:
            block["code_links"] = links


def addresses(translator: HTML5Translator, links: dict[Place, str]) -> Iterator[tuple[Place, str]]:
    """Yield the places whose names are documented, each with its address seen from the page."""
    builder = translator.builder
    documented = builder.env.domains.python_domain.objects
    for place, name in links.items():
        if name in documented:
            uri = builder.get_relative_uri(builder.current_docname, documented[name].docname)
            yield place, f"{uri}#{documented[name].node_id}"


def stops(document: nodes.document) -> dict[str, tuple[nodes.Element, Place]]:
    """Return where each name first stands in code that is open at first, or in any: there the keyboard stops.

    To every later link to the same place a pointer and a screen reader come as before.
    """
    blocks = [block for block in document.findall(nodes.Element) if "code_links" in block]
    found: dict[str, tuple[nodes.Element, Place]] = {}
    for block in sorted(blocks, key=is_folded):
        for place, name in sorted(block["code_links"].items()):
            found.setdefault(name, (block, place))
    return found


def is_folded(block: nodes.Element) -> bool:
    """Tell whether a block is not to be seen when the page opens."""
    return any(
        isinstance(above, Deeper) or (isinstance(above, Fold) and not above["open"])
        for above in traverse_parent(block)
    )


def linked(html: str, targets: dict[Place, str], stop_at: Collection[Place]) -> str:
    """Put links into highlighted code, around the tags of their first and their last letter."""
    starts = {
        (line, start): f'href="{escape(target)}"'
        + ("" if (line, start, end) in stop_at else ' tabindex="-1"')
        for (line, start, end), target in targets.items()
    }
    ends = {(line, end) for line, _, end in targets}
    head, pre, body = html.partition("<pre>")
    done, line, column, opened = [head, pre], 0, 0, False
    for piece in PIECE.findall(body):
        if opened and (line, column) in ends and piece != "</span>":
            done.append("</a>")
            opened = False
        if piece.startswith("<span class=") and (line, column) in starts:
            done.append(f'<a class="dl-code-link" {starts.pop((line, column))}>')
            opened = True
        done.append(piece)
        if piece[0] == "&":
            column += 1
        elif piece[0] != "<":
            line += piece.count("\n")
            column = len(piece) - piece.rfind("\n") - 1 if "\n" in piece else column + len(piece)
    return "".join(done)


def visit_code(self: HTML5Translator, node: nodes.literal_block) -> None:
    """Write a block as it would be, and put its links in."""
    before = len(self.body)
    try:
        type(self).visit_literal_block(self, node)
    finally:
        links: dict[Place, str] = node.get("code_links", {})
        targets = dict(addresses(self, links))
        if targets:
            if "code_stops" not in self.document:
                self.document["code_stops"] = stops(self.document)
            stop_of = self.document["code_stops"]
            here = {place for place, name in links.items() if stop_of[name] == (node, place)}
            self.body[before:] = [linked("".join(self.body[before:]), targets, here)]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.add_node(nodes.literal_block, override=True, html=(marking(visit_code), None))
    app.connect("doctree-read", partial(note_names, Library(Path(app.confdir) / "src")), priority=502)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
