"""Nothing of an earlier build stays among the pages of this one."""

import subprocess
import sys
from pathlib import Path

import dl_leftovers

CONF = f"""
import sys

sys.path[:0] = [{str(Path(dl_leftovers.__file__).parent)!r}, "{{folder}}"]
project = "x"
extensions = ["sphinx.ext.autodoc", "sphinx.ext.viewcode", "dl_leftovers"]
html_domain_indices = {{modules}}
"""
INDEX = """
T
=

.. automodule:: leftover_code
   :members:

.. toctree::
   :glob:

   page*
"""
CODE = '"""A module."""\n\n\ndef function():\n    """Do nothing."""\n'


def build(folder, modules=True):
    (folder / "conf.py").write_text(CONF.format(folder=folder, modules=modules), encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--no-color", "-b", "html"]
    subprocess.run([*command, str(folder), str(folder / "out")], check=True)
    return {path.relative_to(folder / "out").as_posix() for path in (folder / "out").rglob("*.html")}


def test_a_build_leaves_the_pages_it_has_and_no_others(tmp_path):
    for name, text in {"index.rst": INDEX, "page1.rst": "P\n=\n", "leftover_code.py": CODE}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    first = build(tmp_path)
    made = {"genindex.html", "py-modindex.html", "search.html"}
    code = {"_modules/index.html", "_modules/leftover_code.html"}
    assert first == {"index.html", "page1.html"} | made | code

    (tmp_path / "page1.rst").rename(tmp_path / "page2.rst")
    assert build(tmp_path) == first - {"page1.html"} | {"page2.html"}
    assert build(tmp_path) == first - {"page1.html"} | {"page2.html"}
    assert build(tmp_path, modules=False) == first - {"page1.html", "py-modindex.html"} | {"page2.html"}

    (tmp_path / "index.rst").write_text("T\n=\n\n.. toctree::\n\n   page2\n", encoding="utf-8")
    assert build(tmp_path, modules=False) == {"index.html", "page2.html"} | made - {"py-modindex.html"}
