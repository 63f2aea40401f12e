"""Every notebook, where Jupyter, NumPy and Matplotlib are and dlnotes is not: it gives its page's numbers.

The site is built for an address on the loopback and stands there. To pip there is nothing else.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import threading

import pytest
from asked import ASKED
from bs4 import BeautifulSoup
from pages import ROOT
from server import serve

pytestmark = pytest.mark.full

NEEDED = ("ipykernel", "matplotlib", "nbclient", "numpy")
PINNED = re.compile(r"^[\w.-]+==[^\\\n]+", re.M)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e[-+−]?\d+)?")
RUN = """
import json, sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
print(json.dumps([cell.get("outputs", []) for cell in notebook.cells]))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of a site that is served at the address that it was built for."""
    folder = tmp_path_factory.mktemp("served")
    results = ROOT / "_build" / "execution"
    if results.is_dir():  # else all cells are run here
        shutil.copytree(results, folder / "execution")
    server = serve(folder / "html")
    sphinx = [sys.executable, "-m", "sphinx", "-q", "-W", "-j", "2", "-c", ROOT, "-d", folder / "doctrees"]
    subprocess.run(
        [*sphinx, ROOT / "docs", folder / "html"],
        cwd=ROOT,
        env={**os.environ, "DLNOTES_URL": f"http://127.0.0.1:{server.server_port}/"},
        check=True,
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder / "html"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """The Python of a new environment with what the lock has of Jupyter, NumPy and Matplotlib."""
    folder = tmp_path_factory.mktemp("elsewhere")
    pinned = "\n".join(PINNED.findall((ROOT / "requirements.txt").read_text(encoding="utf-8")))
    (folder / "pinned.txt").write_text(pinned, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--constraint", folder / "pinned.txt", *NEEDED], check=True)
    return python


@pytest.fixture
def run(python, site, tmp_path):
    """A function that executes a page's notebook without dlnotes, and returns what its cells gave."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    alone = {
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "MPLCONFIGDIR": str(tmp_path / "matplotlib"),
        # As when the site was built: with more threads a network that learns takes other steps.
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
        # Nothing but what the notebook names.
        **{"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    }
    subprocess.run(
        [python, "-m", "pip", "uninstall", "--quiet", "--yes", "dlnotes"], check=True, capture_output=True
    )

    def execute(name):
        done = subprocess.run(
            [python, "-c", RUN, site / "notebooks" / f"{name}.ipynb"],
            cwd=tmp_path,
            env=bare | alone,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    return execute


def numbers_on(page):
    """Return the numbers that each cell of a page gave: in its pictures, tables and texts."""
    cells = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select(".cell_output")
    shown = (" ".join(one.get_text(" ") for one in cell.select(".dl-picture, table, pre")) for cell in cells)
    return [numbers for numbers in map(NUMBER.findall, shown) if numbers]


def numbers_in(outputs):
    """Return the numbers that each cell of a notebook gave."""
    said = (" ".join(map(text_of, given)) for given in outputs)
    return [numbers for numbers in map(NUMBER.findall, said) if numbers]


def text_of(output):
    data = output.get("data", {})
    if "text/html" in data:
        return BeautifulSoup(data["text/html"], "html.parser").get_text(" ")
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    return data.get("text/plain") or output["text"]


@pytest.mark.parametrize("name", ASKED)
def test_a_notebook_gives_the_numbers_of_its_page(run, site, name):
    _title, installed, *outputs = run(name)
    assert [output.get("name") for output in installed] == ["stdout"], installed
    assert not any(output.get("name") == "stderr" for given in outputs for output in given)
    expected = numbers_on(site / f"{name}.html")
    assert len(expected) > 3
    assert numbers_in(outputs) == expected


def test_what_is_there_already_is_not_installed_again(run):
    run("same-padding")
    assert run("same-padding")[1] == []
