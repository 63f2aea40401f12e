"""The pictures of shared links: 1200 by 630 pixels, a page's question in large letters and a drawing.

Kept under a name made of all that can change them, and drawn again only when that changes.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import astuple, dataclass
from functools import cache, partial
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from dlnotes.figures import FONT
from dlnotes_site.kept import get_or_make, write_whole

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
        return f"{self.page}.png" if self.named_alike else f"{self.short}-{self.digest[:10]}.png"

    @property
    def short(self) -> str:
        """The page's name as that of a file."""
        return self.page.replace("/", "-")

    @property
    def digest(self) -> str:
        """What changes with all that can change the picture."""
        return hashlib.sha256(repr(astuple(self)).encode() + looks()).hexdigest()

    @property
    def words(self) -> str:
        """The picture in words."""
        return f"{self.topic}: {' / '.join((self.title, *self.more))} ({self.site})"


def write_cards(cards: dict[str, Card], store: Path, folder: Path) -> None:
    """Put every card into the site's folder, drawing those that the store lacks, and clear old ones away.

    In the store each page has a folder of its own.
    """
    clear(store, {card.short for card in cards.values()})
    clear(folder, {card.name for card in cards.values()})
    for card in cards.values():
        picture = get_or_make(store / card.short, "*.png", [card.digest], partial(drawn, card))
        write_whole(folder / card.name, picture)


def clear(folder: Path, names: set[str]) -> None:
    """Take away what stands in a folder under other names."""
    for old in folder.glob("*"):
        if old.name not in names:
            shutil.rmtree(old) if old.is_dir() else old.unlink()


def drawn(card: Card) -> bytes:
    """Draw a card."""
    from dlnotes_site.share.drawing import draw  # Matplotlib takes long to load

    return draw(card)
