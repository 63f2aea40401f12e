"""What is asked, and what is right: the ledgers ``guesses.yml`` and ``exercises.yml``, read and checked.

Texts are MyST in one line. A number in them that the library gives stands there as an ``{eval}`` over NumPy
and the modules of dlnotes by their names, as in ``errata.yml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from dlnotes_site.data import DataError, Entries, Entry, by_name, listed, record
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
    """Make the guesses of the file's entries, by their questions."""
    return by_name(map(read_guess, read), "question")


def read_guess(raw: Entry) -> Guess:
    """Make a guess, refusing a draft."""
    guess = record(Guess, raw, choices=read_choices(raw), place=raw.place)
    require_text(raw.place, "prompt", guess.prompt)
    return guess


def read_choices(entry: Entry) -> tuple[Choice, ...]:
    """Make the choices of an entry: one is right, each other one says why it is not."""
    choices = tuple(record(Choice, raw, place=raw.place) for raw in listed(entry.place, entry.get("choices")))
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


# --- exercises ------------------------------------------------------------------------------------

FEWEST_CASES = 3


@dataclass(frozen=True)
class Slip:
    """What comes out where one slips, and a hint."""

    gives: str
    hint: str
    place: str


@dataclass(frozen=True)
class Exercise:
    """What an exercise takes as its answer: a number, in several cases, or one of some choices.

    `asks`, `right` and each slip's `gives` hold the names of a case in braces; the latter two are expressions
    then, whose values are written in `form`.
    """

    exercise: str
    asks: str
    place: str
    choices: tuple[Choice, ...] = ()
    cases: tuple[dict[str, Any], ...] = ()
    right: str = ""
    slips: tuple[Slip, ...] = ()
    unit: str = ""
    form: str = ""

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield the texts, each with its place."""
        if self.choices:
            yield self.asks, self.place
        for choice in self.choices:
            yield from choice.texts()

    def expression(self, gives: str, case: dict[str, Any]) -> str:
        """Return what gives a number in a case, as an f-string's braces have it."""
        return gives.format(**case) + (f":{self.form}" if self.form else "")

    def expressions(self) -> Iterator[tuple[str, str]]:
        """Yield the expressions of all cases, each with its place."""
        for case in self.cases:
            yield self.expression(self.right, case), self.place
            for slip in self.slips:
                yield self.expression(slip.gives, case), slip.place


def read_exercises(read: Entries) -> dict[str, Exercise]:
    """Make the exercises of the file's entries, by their labels, refusing drafts."""
    made = (read_choice(raw) if "choices" in raw else read_number(raw) for raw in read)
    return by_name(made, "exercise")


def read_choice(raw: Entry) -> Exercise:
    """Make an exercise that is answered by a choice."""
    exercise = record(Exercise, raw, choices=read_choices(raw), place=raw.place)
    require_text(raw.place, "asks", exercise.asks)
    if exercise.cases or exercise.right or exercise.slips:
        raise DataError(raw.place, "choices have neither cases nor slips")
    return exercise


def read_number(raw: Entry) -> Exercise:
    """Make an exercise that is answered by a number."""
    slips = tuple(record(Slip, one, place=one.place) for one in listed(raw.place, raw.get("slips")))
    cases = tuple(listed(raw.place, raw.get("cases")))
    exercise = record(Exercise, raw, slips=slips, cases=cases, place=raw.place)
    for name in ("asks", "right"):
        require_text(raw.place, name, getattr(exercise, name))
    for slip in slips:
        require_text(slip.place, "hint", slip.hint)
    if len(cases) < FEWEST_CASES or not slips:
        raise DataError(raw.place, f"write {FEWEST_CASES} cases at least, and a slip")
    for case in cases:
        try:
            exercise.asks.format(**case)
            list(exercise.expressions())
        except (KeyError, IndexError, ValueError) as error:
            raise DataError(case.place, f"a text names what no case has: {error}") from error
    return exercise


def refuse_ambiguous(exercise: Exercise, value: Callable[[str], str]) -> None:
    """Refuse a slip that gives what is right or what another gives: its hint would mislead."""
    for case in exercise.cases:
        seen = {value(exercise.expression(exercise.right, case)): "what is right"}
        for slip in exercise.slips:
            given = value(exercise.expression(slip.gives, case))
            if given in seen:
                raise DataError(slip.place, f"{slip.gives} is {given} for {dict(case)}, as {seen[given]}")
            seen[given] = slip.gives


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
