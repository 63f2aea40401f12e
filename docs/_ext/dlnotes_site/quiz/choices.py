"""Something asked with its choices, as nodes of a page and as what a template is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from dlnotes_site.pages import OnScreen, inner_html
from dlnotes_site.quiz.ledgers import Choice
from dlnotes_site.quiz.values import values_at_hand


class Asked(OnScreen):
    """Holds what is asked, then for each choice what it says and why it is wrong; `right` is its number."""

    @property
    def prompt(self) -> nodes.paragraph:
        """What is asked."""
        found = self[0]
        assert isinstance(found, nodes.paragraph)
        return found

    @property
    def choices(self) -> list[tuple[nodes.paragraph, nodes.paragraph]]:
        """What each choice says, and why it is wrong."""
        parts = [part for part in self.children[1:] if isinstance(part, nodes.paragraph)]
        return list(zip(parts[::2], parts[1::2], strict=True))


def asked(directive: SphinxDirective, prompt: str, choices: tuple[Choice, ...], **attributes: Any) -> Asked:
    """Parse something asked with its choices."""
    texts = [prompt, *(text for choice in choices for text in (choice.says, choice.why))]
    right = [choice.right for choice in choices].index(True)
    node = Asked(right=right, **attributes)
    directive.set_source_info(node)
    with values_at_hand(directive.env, texts):
        for text in texts:
            paragraph = nodes.paragraph("", "", *directive.parse_inline(text)[0])
            directive.set_source_info(paragraph)
            node += paragraph
    return node


@dataclass(frozen=True)
class Written:
    """Something asked, as HTML."""

    name: str
    prompt: str
    choices: list[str]
    whys: list[str]
    right: int


def written(translator: Any, node: Asked, name: str) -> Written:
    """Write what a template lays out."""
    return Written(
        name,
        inner_html(translator, node.prompt),
        [inner_html(translator, says) for says, _ in node.choices],
        [inner_html(translator, why) for _, why in node.choices],
        node["right"],
    )
