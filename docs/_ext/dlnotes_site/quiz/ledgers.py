"""What is asked, and what is right: the ledger ``guesses.yml``, read and checked.

Texts are MyST in one line. A number in them that the library gives stands there as an ``{eval}`` over NumPy
and the modules of dlnotes by their names, as in ``errata.yml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from dlnotes_site.data import DataError, Entries, Entry, listed, record
from dlnotes_site.execution.steps import EVAL, one_line

FEWEST, MOST = 3, 4  # choices


@dataclass(frozen=True)
class Choice:
    """One of several; a wrong one says what would have to be true for it."""

    says: str
    place: str
    right: bool = False
    why: str = ""

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield the texts, each with its place."""
        yield self.says, self.place
        yield self.why, self.place


@dataclass(frozen=True)
class Guess:
    """What is asked of a question before its answer is read."""

    question: str
    prompt: str
    choices: tuple[Choice, ...]
    place: str

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield the texts, each with its place."""
        yield self.prompt, self.place
        for choice in self.choices:
            yield from choice.texts()


def read_guesses(read: Entries) -> dict[str, Guess]:
    """Make the guesses of the file's entries, refusing a draft and a question that stands twice."""
    found: dict[str, Guess] = {}
    for raw in read:
        guess = record(Guess, raw, choices=read_choices(raw), place=raw.place)
        require_text(raw.place, "prompt", guess.prompt)
        if guess.question in found:
            raise DataError(
                raw.place, f"{guess.question} stands twice, first at {found[guess.question].place}"
            )
        found[guess.question] = guess
    return found


def read_choices(entry: Entry) -> tuple[Choice, ...]:
    """Make the choices of an entry: one is right, each other one says why it is not."""
    choices = tuple(
        record(Choice, raw, place=raw.place) for raw in listed(entry.place, entry.get("choices"))
    )
    if not FEWEST <= len(choices) <= MOST:
        raise DataError(entry.place, f"{len(choices)} choices: write {FEWEST} to {MOST}")
    if (count := sum(choice.right is True for choice in choices)) != 1:
        raise DataError(entry.place, f"{count} choices are right: true, of one that must be")
    for choice in choices:
        require_text(choice.place, "says", choice.says)
        if choice.right and choice.why:
            raise DataError(choice.place, "what is right needs no why: the short answer says it")
        if not choice.right:
            require_text(choice.place, "why", choice.why)
    return choices


def require_text(place: str, name: str, found: Any) -> None:
    """Refuse a text that is not written yet."""
    if not isinstance(found, str) or not found.strip():
        raise DataError(place, f"{name} must be a text, got {found!r}")


# --- expressions ----------------------------------------------------------------------------------


def expressions_in(text: str) -> list[str]:
    """Return the expressions of a text, as an f-string's braces have them."""
    return [one_line(found[1]) for found in EVAL.finditer(text)]


def with_values(text: str, value: Callable[[str], str]) -> str:
    """Return a text with the values in the places of its expressions."""
    return EVAL.sub(lambda found: value(one_line(found[1])), text)


def refuse_same(choices: tuple[Choice, ...], value: Callable[[str], str]) -> None:
    """Refuse a choice that says what another says, once its values are known."""
    seen: dict[str, str] = {}
    for choice in choices:
        said = with_values(choice.says, value)
        if said in seen:
            raise DataError(choice.place, f"the choice {said!r} stands twice, first at {seen[said]}")
        seen[said] = choice.place
