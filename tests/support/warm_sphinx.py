"""Sphinx with all that it imports, forked for each small site: the imports take longer than the site.

Reads a line of JSON for each order (arguments, folder, path, environment) and answers with one (code, out,
err).
"""

import json
import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import jupyter_cache  # noqa: F401
import matplotlib.figure
import matplotlib.font_manager
import myst_nb.sphinx_ext  # noqa: F401
import nbclient  # noqa: F401
import sphinx_book_theme  # noqa: F401
import sphinx_exercise  # noqa: F401
import sphinxcontrib.bibtex  # noqa: F401
from sphinx.cmd.build import main


def build(arguments: list[str], folder: str, path: list[str], environment: dict[str, str]) -> int:
    """Build in this process, which is a fork and ends with it."""
    os.chdir(folder)
    os.environ.update(environment)
    os.environ["PYTHONPATH"] = os.pathsep.join(path)
    sys.path[:1] = [folder, *path]  # in place of this file's folder
    # What kernels look for before they look for fonts themselves.
    shutil.copytree(matplotlib.get_cachedir(), Path("_build", "matplotlib"), dirs_exist_ok=True)
    try:
        return main(arguments)
    except SystemExit as end:
        return int(end.code or 0)


def answer(order: dict) -> dict:
    """Fork, build, and tell how it went."""
    with TemporaryDirectory() as place:
        out, err = Path(place, "out"), Path(place, "err")
        child = os.fork()
        if not child:
            for number, file in ((1, out), (2, err)):
                os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
            code = 70
            try:
                code = build(**order)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        told = (file.read_text(encoding="utf-8") for file in (out, err))
        return dict(zip(("code", "out", "err"), (os.waitstatus_to_exitcode(status), *told), strict=True))


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
