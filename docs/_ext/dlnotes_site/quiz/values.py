"""The values of the ledgers' expressions: computed before a page is read, and kept.

They go the way of the errata's checks (:mod:`dlnotes_site.answers.errata`). A page that shows one that is
another now is read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from dlnotes_site.answers.errata import made_or_recalled, value_of
from dlnotes_site.data import DataError, load
from dlnotes_site.pages import being_read, known, store
from dlnotes_site.quiz.ledgers import (
    Exercise,
    Guess,
    expressions_in,
    read_exercises,
    read_guesses,
    refuse_ambiguous,
    refuse_same,
)


def guesses_path(app: Sphinx) -> Path:
    """Return the file of guesses."""
    return Path(app.srcdir, app.config.guesses_file)


def guesses_of(app: Sphinx) -> dict[str, Guess]:
    """Return the guesses by their questions; a site without the file has none."""
    path = guesses_path(app)
    return load(path, read_guesses) if path.is_file() else {}


def exercises_path(app: Sphinx) -> Path:
    """Return the file of what exercises take as their answers."""
    return Path(app.srcdir, app.config.exercises_file)


def exercises_of(app: Sphinx) -> dict[str, Exercise]:
    """Return the exercises by their labels; a site without the file has none."""
    path = exercises_path(app)
    return load(path, read_exercises) if path.is_file() else {}


def require_sound_quiz(app: Sphinx) -> None:
    """Refuse a malformed ledger before anything is built on it."""
    guesses_of(app)
    exercises_of(app)


def pages_with_new_values(
    app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Compute what the ledgers ask; name the pages that show something else."""
    guesses, exercises = guesses_of(app).values(), exercises_of(app).values()
    texts = [
        *(text for guess in guesses for text in guess.texts()),
        *(text for exercise in exercises for text in exercise.texts()),
    ]
    places = {expression: place for text, place in texts for expression in expressions_in(text)}
    for exercise in exercises:
        places |= dict(exercise.expressions())

    def evaluate(expression: str) -> str:
        try:
            return value_of(f'f"""{{{expression}}}"""')
        except Exception as error:
            told = f"{expression}: {type(error).__name__}: {error}"
            raise DataError(places[expression], told) from error

    root, path = Path(app.confdir), Path(app.doctreedir) / "quiz.json"
    values = made_or_recalled(places, evaluate, root, path) if places else {}
    for guess in guesses:
        refuse_same(guess.choices, values.__getitem__)
    for exercise in exercises:
        refuse_same(exercise.choices, values.__getitem__)
        refuse_ambiguous(exercise, values.__getitem__)
    store(env)["values"] = values
    return [
        name
        for name in env.found_docs
        if any(values.get(each) != value for each, value in known(env, name).values.items())
    ]


def values_for(env: BuildEnvironment, expressions: Iterable[str]) -> dict[str, str]:
    """Return the values of expressions, and note that the page being read shows them."""
    values = store(env)["values"]
    shown: dict[str, str] = {expression: values[expression] for expression in expressions}
    being_read(env).values |= shown
    return shown


@contextmanager
def values_at_hand(env: BuildEnvironment, texts: Iterable[str]) -> Iterator[None]:
    """Have ``{eval}`` find the values of some texts, and note that the page shows them."""
    shown = values_for(env, (expression for text in texts for expression in expressions_in(text)))
    own = env.temp_data.get("dlnotes_values")
    env.temp_data["dlnotes_values"] = (own or {}) | shown
    yield
    env.temp_data["dlnotes_values"] = own


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.execution")
    app.setup_extension("dlnotes_site.answers.errata")
    app.add_config_value("guesses_file", "guesses.yml", "env", str)
    app.add_config_value("exercises_file", "exercises.yml", "env", str)
    app.connect("builder-inited", require_sound_quiz, priority=510)
    app.connect("env-get-outdated", pages_with_new_values, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
