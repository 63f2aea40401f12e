"""make reproduce builds twice under other circumstances, and tells what came out differently."""

import shutil
import subprocess
import sys

import mini_site
import pytest
from pages import ROOT

CONF = """
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).parent / "docs" / "_ext"))
extensions = ["myst_parser", "dlnotes_site.trust"]
exclude_patterns = ["_ext"]
html_theme = "basic"
"""


def reproduce(folder, conf):
    files = {
        "conf.py": CONF + conf + "\n",
        "requirements.txt": "",
        "pyproject.toml": "",
        "src/dlnotes/__init__.py": "",
        "docs/index.md": "# 쪽\n\n글.\n",
    }
    mini_site.write(folder, files)
    (folder / "tools").mkdir()
    shutil.copytree(mini_site.EXTENSIONS, folder / "docs" / "_ext")
    for name in ("build.py", "reproduce.py"):
        shutil.copy(ROOT / "tools" / name, folder / "tools")
    command = [sys.executable, folder / "tools" / "reproduce.py"]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.full
def test_the_same_bytes_are_told(tmp_path):
    done = reproduce(tmp_path, "")
    assert done.returncode == 0, done.stderr
    assert "바이트까지 같습니다" in done.stdout


@pytest.mark.parametrize(
    "conf",
    [
        'html_title = __import__("time").strftime("%z")',
        pytest.param('html_title = str(hash("글"))', marks=pytest.mark.full),
        pytest.param("html_title = __file__", marks=pytest.mark.full),
        pytest.param('html_title = __import__("getpass").getuser()', marks=pytest.mark.full),
        pytest.param("html_title = str(__import__('os').umask(18))", marks=pytest.mark.full),
    ],
)
def test_what_depends_on_the_circumstances_is_told(tmp_path, conf):
    done = reproduce(tmp_path, conf)
    assert done.returncode == 1
    assert "다릅니다: index.html" in done.stderr


FETCHING = """
try:
    __import__("socket").create_connection(("192.0.2.1", 80), timeout=1)
except TimeoutError:
    pass
"""


@pytest.mark.full
def test_a_build_that_fetches_fails(tmp_path):
    done = reproduce(tmp_path, FETCHING)
    assert done.returncode == 1
    assert "the build connects to ('192.0.2.1', 80)" in done.stderr
