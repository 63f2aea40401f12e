"""The pictures of shared links: 1200 by 630 pixels, a page's question in large letters and a drawing.

Kept under a name made of all that can change them, and drawn again only when that changes.
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from dlnotes.figures import FONT

FOLDER = "_static/cards"
PIXELS = (1200, 630)


@cache
def looks() -> bytes:
    """Return a digest of what every card is drawn with; no part of it is loaded."""
    digest = hashlib.sha256()
    for module in ("dlnotes_site.share.drawing", "dlnotes_site.share.motifs", "dlnotes.figures.canvas"):
        found = find_spec(module)
        assert found is not None
        digest.update(Path(str(found.origin)).read_bytes())
    digest.update(FONT.read_bytes())
    for package in ("matplotlib", "pillow"):
        digest.update(metadata.version(package).encode())
    return digest.digest()


@dataclass(frozen=True)
class Card:
    """What a picture says."""

    page: str
    topic: str
    title: str
    more: tuple[str, ...]
    site: str
    named_alike: bool = False

    @property
    def name(self) -> str:
        """The picture's file: its name changes with its looks, since others keep what they fetched.

        Not so the picture that pages without their own share: Sphinx does not write all of those again.
        """
        return f"{self.page}.png" if self.named_alike else self.stored_as

    @property
    def stored_as(self) -> str:
        """The file it is kept in once drawn, named after all that can change it."""
        digest = hashlib.sha256(repr(astuple(self)).encode() + looks()).hexdigest()
        return f"{self.page.replace('/', '-')}-{digest[:10]}.png"

    @property
    def words(self) -> str:
        """The picture in words."""
        return f"{self.topic}: {' / '.join((self.title, *self.more))} ({self.site})"


def write_cards(cards: dict[str, Card], store: Path, folder: Path) -> None:
    """Put every card into the site's folder, drawing those that the store lacks, and clear old ones away."""
    for place, names in (
        (store, {c.stored_as for c in cards.values()}),
        (folder, {c.name for c in cards.values()}),
    ):
        place.mkdir(parents=True, exist_ok=True)
        for old in place.glob("*.png"):
            if old.name not in names:
                old.unlink()
    for card in cards.values():
        if not (store / card.stored_as).is_file():
            from dlnotes_site.share.drawing import draw  # Matplotlib takes long to load

            (store / card.stored_as).write_bytes(draw(card))
        (folder / card.name).write_bytes((store / card.stored_as).read_bytes())
