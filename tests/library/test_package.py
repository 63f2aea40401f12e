"""The package as a whole: what it costs to load, and what it tells of itself."""

import importlib.metadata
import pkgutil
import subprocess
import sys

import pytest

import dlnotes

MODULES = [
    found.name
    for found in pkgutil.walk_packages(dlnotes.__path__, "dlnotes.")
    if not found.name.startswith("dlnotes.figures")
]
LOADED = "import sys, numpy; before = set(sys.modules); import {}; print(*(set(sys.modules) - before))"


def test_nothing_but_the_figures_loads_matplotlib_or_what_is_seldom_used():
    code = LOADED.format(", ".join(MODULES))
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names = set(loaded.stdout.split())
    assert names > set(MODULES)
    slow = {"html", "importlib.resources", "json", "matplotlib", "numpy.polynomial", "numpy.random"}
    assert names & slow == set()


def test_the_version_is_that_of_what_is_installed():
    assert dlnotes.__version__ == importlib.metadata.version("dlnotes")


def test_what_the_package_has_not_is_refused():
    with pytest.raises(AttributeError, match="module 'dlnotes' has no attribute 'versions'"):
        dlnotes.versions  # noqa: B018
