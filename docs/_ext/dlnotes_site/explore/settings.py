"""What a hand can set in an explorable: the ledger ``explorables.yml``, read and checked."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from dlnotes_site.data import DataError, Entries, Entry, by_name, listed, record

NAME = re.compile(r"[a-zA-Z]\w*")


@dataclass(frozen=True)
class Setting:
    """One setting: a range, a list of values, a switch, or a text that the picture and buttons write.

    Attributes
    ----------
    name : str
        Its name, in the address and for ``compute``.
    label : str
        What its control is called.
    value : int, float, bool or str
        What it is at first.
    unit : str
        What is counted.
    least, most, step : float
        Of a range: from, to, by.
    values : list of float
        Instead of a range: these alone, in this order.
    choices : dict of str to str
        Instead of a range: these texts, and what each is called.
    letters : str
        Of a text: the signs that it is made of.
    longest : int
        Of a text: how many there may be.
    buttons : dict of str to str
        Of a text: signs that a button of this name adds.
    hidden : bool
        Whether the picture alone is its control, by hand and by key.
    """

    name: str
    label: str
    value: int | float | bool | str
    place: str
    unit: str = ""
    least: float | None = None
    most: float | None = None
    step: float = 1
    values: tuple[float, ...] = ()
    choices: dict[str, str] | None = None
    letters: str = ""
    longest: int = 0
    buttons: dict[str, str] | None = None
    hidden: bool = False

    @property
    def kind(self) -> str:
        """The kind of control."""
        if isinstance(self.value, bool):
            return "switch"
        if self.values:
            return "values"
        if self.choices:
            return "choice"
        return "text" if isinstance(self.value, str) else "range"

    def all(self) -> list[Any]:
        """Return every value that can be reached; of a text, which has too many, its first."""
        match self.kind:
            case "switch":
                return [False, True]
            case "values":
                return list(self.values)
            case "choice":
                return list(self.choices or {})
            case "range":
                assert self.least is not None
                assert self.most is not None
                count = round((self.most - self.least) / self.step)
                found = [self.least + number * self.step for number in range(count + 1)]
                return [one if isinstance(self.step, int) else round(one, 10) for one in found]
        return [self.value]

    def range(self) -> dict[str, Any]:
        """Return what ``element.settings`` tells of it."""
        match self.kind:
            case "range":
                return {"min": self.least, "max": self.most, "step": self.step, "value": self.value}
            case "text":
                return {"letters": self.letters, "longest": self.longest, "value": self.value}
        return {"values": self.all(), "value": self.value}


@dataclass(frozen=True)
class Explorable:
    """An explorable by the name of its script, with its settings in the order of their controls.

    ``keys`` are what the picture takes from the keyboard, and what a button of each is called: on a touch
    screen, where there is no keyboard and what is drawn may be smaller than a finger.
    """

    name: str
    settings: tuple[Setting, ...]
    height: int  # px that its drawing needs, where the figure is lower
    place: str
    keys: dict[str, str] | None = None


def read_explorables(read: Entries) -> dict[str, Explorable]:
    """Make the explorables of the file's entries, by their names."""
    return by_name(map(read_explorable, read), "name")


def read_explorable(raw: Entry) -> Explorable:
    """Make an explorable."""
    settings = by_name(map(read_setting, listed(raw.place, raw.get("settings"))), "name")
    return record(Explorable, raw, settings=tuple(settings.values()), place=raw.place)


def read_setting(raw: Entry) -> Setting:
    """Make a setting, refusing one that cannot be set."""
    setting = record(Setting, raw, values=tuple(raw.get("values") or ()), place=raw.place)
    name, value = setting.name, setting.value
    if not NAME.fullmatch(name):
        raise DataError(raw.place, f"name must be a word, got {name!r}")
    if setting.kind == "range":
        if setting.least is None or setting.most is None or setting.step <= 0:
            raise DataError(raw.place, f"{name} needs least, most and a step above 0")
        steps = (setting.most - setting.least) / setting.step
        if steps < 1 or not math.isclose(steps, round(steps)):
            raise DataError(raw.place, f"{name}: most must be least and a whole number of steps")
    if setting.kind == "text":
        if not setting.letters or setting.longest < 1:
            raise DataError(raw.place, f"{name} needs its letters and the longest length")
        if len(str(value)) > setting.longest or set(str(value)) - set(setting.letters):
            raise DataError(raw.place, f"{name}: the value {value!r} is no such text")
    elif value not in setting.all():
        raise DataError(raw.place, f"{name}: the value {value!r} cannot be reached")
    return setting
