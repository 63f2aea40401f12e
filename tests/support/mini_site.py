"""Small projects for the tests of the site's extensions, made into HTML by Sphinx as the site is."""

import atexit
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from pages import ROOT

EXTENSIONS = ROOT / "docs" / "_ext"
# What a site needs whose pages have notebooks: the library that they install, which stands before ours.
PROJECT = {
    "pyproject.toml": """[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"

[project]
name = "dlnotes"
version = "0.1.0"
description = "A library"
license = "MIT"
license-files = ["LICENSE"]
""",
    "LICENSE": "MIT",
    "src/dlnotes/__init__.py": "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
}
PARTS = """:::{disputed}
강의의 표입니다.
:::

:::{question}
무엇인가요?
:::
:::{teacher}
값입니다.
:::

:::{summary}
- 하나입니다.
- 둘입니다.
- 셋입니다.
:::
"""


def answer(name, heading, short):
    """Return a question's heading, its short answer, and the parts that every answer has below that."""
    return f"({name})=\n## {heading}\n\n:::{{short-answer}} {name}\n{short}\n:::\n{PARTS}"


def write(folder, files):
    """Write files by their names."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def attempt(folder, files, *options, out=None):
    """Write the files beside those of an earlier build, run Sphinx, and return how it went.

    The pages stand in ``docs``, if there is such a folder; a library in ``src`` can be imported.
    """
    write(folder, files)
    pages = folder / "docs"
    places = [folder, pages if pages.is_dir() else folder, out or site(folder)]
    arguments = ["-b", "html", "-W", "--no-color", *options, "-c", *places]
    order = {
        "arguments": [str(one) for one in arguments],
        "folder": str(folder),
        "path": [str(EXTENSIONS), str(folder / "src")],
        "environment": {name: value for name, value in os.environ.items() if name.startswith("DLNOTES_")},
    }
    sphinx = warm_sphinx()
    print(json.dumps(order), file=sphinx.stdin, flush=True)
    told = json.loads(sphinx.stdout.readline())
    return subprocess.CompletedProcess(arguments, told["code"], told["out"], told["err"])


@cache
def warm_sphinx():
    """Start the process that builds; it ends with the tests."""
    started = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("warm_sphinx.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    atexit.register(started.communicate)
    return started


def build(folder, files, *options):
    """Do the same; any warning fails the test. Return what Sphinx said of its work."""
    done = attempt(folder, files, *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def site(folder):
    """Return where the site is built."""
    return folder / "_build" / "html"


def page(folder, name="index"):
    """Return a built page's HTML."""
    return (site(folder) / f"{name}.html").read_text(encoding="utf-8")
