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
from dlnotes_site.quiz.ledgers import Guess, expressions_in, read_guesses, refuse_same


def guesses_path(app: Sphinx) -> Path:
    """Return the file of guesses."""
    return Path(app.srcdir, app.config.guesses_file)


def guesses_of(app: Sphinx) -> dict[str, Guess]:
    """Return the guesses by their questions; a site without the file has none."""
    path = guesses_path(app)
    return load(path, read_guesses) if path.is_file() else {}


def require_sound_quiz(app: Sphinx) -> None:
    """Refuse a malformed ledger before anything is built on it."""
    guesses_of(app)


def pages_with_new_values(
    app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Compute what the ledgers ask; name the pages that show something else."""
    guesses = guesses_of(app).values()
    places = {
        expression: place
        for guess in guesses
        for text, place in guess.texts()
        for expression in expressions_in(text)
    }

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
    store(env)["values"] = values
    return [
        name
        for name in env.found_docs
        if any(values.get(each) != value for each, value in known(env, name).values.items())
    ]


@contextmanager
def values_at_hand(env: BuildEnvironment, texts: Iterable[str]) -> Iterator[None]:
    """Have ``{eval}`` find the values of some texts, and note that the page shows them."""
    values = store(env)["values"]
    shown = {expression: values[expression] for text in texts for expression in expressions_in(text)}
    being_read(env).values |= shown
    own = env.temp_data.get("dlnotes_values")
    env.temp_data["dlnotes_values"] = (own or {}) | shown
    yield
    env.temp_data["dlnotes_values"] = own


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("dlnotes_site.execution")
    app.setup_extension("dlnotes_site.answers.errata")
    app.add_config_value("guesses_file", "guesses.yml", "env", str)
    app.connect("builder-inited", require_sound_quiz, priority=510)
    app.connect("env-get-outdated", pages_with_new_values, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
