"""What must never happen: old numbers, missing outputs or broken files published with exit code 0."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time

import mini_site
import pytest

CONF = """
import os, signal
from pathlib import Path

extensions = ["myst_nb", "dlnotes_site.trust", "dlnotes_site.execution"]
nb_custom_formats = {".md": ("dlnotes_site.execution.read_page", {}, False)}
nb_execution_mode = "off"
html_theme = "basic"

def die(*_):
    if Path(__file__).with_name("die").exists():
        os.kill(os.getpid(), signal.SIGKILL)

def setup(app):
    app.connect("write-started", die)
"""
PAGE = """# 쪽

```{code-cell}
from dlnotes.units import UNITS
from pathlib import Path
```

수는 {eval}`UNITS`이고 파일에는 {eval}`Path('given.txt').read_text()`이 있습니다.
"""
OTHER = "---\norphan: true\n---\n# 다른 쪽\n\n셈은 {eval}`1 + 1`입니다.\n"
FILES = {
    "conf.py": CONF,
    "requirements.txt": "numpy==1\n",
    "src/dlnotes/__init__.py": "",
    "src/dlnotes/units.py": "UNITS = 1\n",
    "docs/given.txt": "가",
    "docs/index.md": PAGE,
    "docs/other.md": OTHER,
}


class Site:
    """A project of two pages, built by whatever command."""

    def __init__(self, folder):
        self.folder = folder
        mini_site.write(folder, FILES)

    def write(self, name, text):
        mini_site.write(self.folder, {name: text})

    def build(self, *options):
        return mini_site.build(self.folder, {}, *options)

    def attempt(self, *options):
        return mini_site.attempt(self.folder, {}, *options)

    def killed_before_writing(self):
        (self.folder / "die").touch()
        assert self.attempt().returncode < 0
        (self.folder / "die").unlink()

    def values(self):
        page = mini_site.page(self.folder)
        return [part.split("<")[0] for part in page.split('<span class="dl-computed">')[1:]]

    def results(self):
        folder = self.folder / "_build" / "execution"
        return [path for path in folder.glob("*.json") if path.name != "times.json"]


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Build once for all tests, and keep what was built."""
    folder = tmp_path_factory.mktemp("first")
    site = Site(folder / "site")
    site.build()
    assert site.values() == ["1", "가"]
    shutil.copytree(site.folder, folder / "kept")
    return site


@pytest.fixture
def site(first):
    """The site as it was built, in the same folder: its name is part of what was read."""
    shutil.rmtree(first.folder)
    shutil.copytree(first.folder.with_name("kept"), first.folder)
    return first


def test_a_build_killed_between_reading_and_writing_leaves_no_old_number(site):
    site.write("src/dlnotes/units.py", "UNITS = 2\n")
    site.killed_before_writing()
    assert site.values() == ["1", "가"]
    site.build()
    assert site.values() == ["2", "가"]


def test_a_build_killed_while_it_writes_is_written_whole_by_the_next(site):
    (site.folder / "_build/html/other.html").unlink()
    site.write("docs/index.md", PAGE + "\n끝.\n")
    site.killed_before_writing()
    mini_site.write(site.folder, {"_build/html/other.html": "halb"})
    site.build()
    assert "다른 쪽" in mini_site.page(site.folder, "other")


@pytest.mark.full
def test_a_cell_that_raised_for_another_command_is_not_published_without_its_outputs(site):
    site.write("docs/index.md", PAGE.replace("UNITS\n", "UNITS; 1 / 0\n"))
    without_w = [sys.executable, "-m", "sphinx", "-b", "html", "-c", ".", "docs", "_build/html"]
    paths = os.pathsep.join([str(mini_site.EXTENSIONS), str(site.folder / "src")])
    environment = {**os.environ, "PYTHONPATH": paths}
    subprocess.run(without_w, cwd=site.folder, env=environment, capture_output=True, check=True)
    done = site.attempt()
    assert done.returncode != 0
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.full
def test_what_another_builder_read_is_not_taken_for_written(site):
    site.write("src/dlnotes/units.py", "UNITS = 3\n")
    doctrees = site.folder / "_build/html/.doctrees"
    site.build("-b", "dummy", "-d", str(doctrees))
    site.build()
    assert site.values() == ["3", "가"]


@pytest.mark.full
def test_a_failed_build_forgets_the_page_that_failed_and_no_other(site):
    site.write("docs/index.md", PAGE.replace("UNITS\n", "UNITS; 1 / 0\n"))
    assert site.attempt().returncode != 0
    done = site.attempt()
    assert done.returncode != 0
    assert "0 added, 1 changed, 0 removed" in done.stdout
    site.write("docs/index.md", PAGE)
    assert "0 added, 1 changed, 0 removed" in site.build()
    assert "0 added, 0 changed, 0 removed" in site.build()


def test_an_edit_of_the_library_that_keeps_size_and_time_is_seen(site):
    path = site.folder / "src/dlnotes/units.py"
    before = path.stat()
    site.write("src/dlnotes/units.py", "UNITS = 7\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    site.build()
    assert site.values() == ["7", "가"]


def test_a_file_that_a_cell_opens_is_part_of_what_its_results_stand_on(site):
    path = site.folder / "docs/given.txt"
    before = path.stat()
    site.write("docs/given.txt", "나")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    site.build()
    assert site.values() == ["1", "나"]


@pytest.mark.parametrize(
    "damage", ["", *(pytest.param(one, marks=pytest.mark.full) for one in ('{"digest": 1', "[]", "null"))]
)
def test_a_broken_result_is_made_anew_and_told(site, damage):
    for path in site.results():
        path.write_text(damage, encoding="utf-8")
    (site.folder / "_build/execution/times.json").write_text(damage, encoding="utf-8")
    assert "보관한 파일이 깨져 다시 만듭니다" in site.build("-E")
    assert site.values() == ["1", "가"]


@pytest.mark.full
def test_a_result_in_which_one_value_was_changed_is_not_published(site):
    for path in site.results():
        record = json.loads(path.read_text(encoding="utf-8"))
        record["values"] = dict.fromkeys(record["values"], "99")
        path.write_text(json.dumps(record), encoding="utf-8")
    site.build("-E")
    assert site.values() == ["1", "가"]


def test_a_broken_journal_has_everything_written_anew(site):
    (site.folder / "_build/html/.doctrees/unfinished.json").write_text("{", encoding="utf-8")
    mini_site.write(site.folder, {"_build/html/other.html": "halb"})
    site.build()
    assert "다른 쪽" in mini_site.page(site.folder, "other")


@pytest.mark.full
def test_another_lock_or_python_has_every_page_read_again(site):
    site.write("requirements.txt", "numpy==2\n")
    assert "2 added" in site.build()


def test_two_builds_in_one_folder_do_not_run_at_once(site):
    site.write("docs/index.md", PAGE + "\n끝.\n")
    with (site.folder / "_build/build.lock").open("r+") as held:
        fcntl.lockf(held, fcntl.LOCK_EX)
        command = [sys.executable, "-u", "-m", "sphinx", "-b", "html", "-c", ".", "docs", "_build/html"]
        paths = os.pathsep.join([str(mini_site.EXTENSIONS), str(site.folder / "src")])
        environment = {**os.environ, "PYTHONPATH": paths, "PYTHONUTF8": "1"}
        with subprocess.Popen(command, cwd=site.folder, env=environment, stdout=subprocess.PIPE) as other:
            for line in other.stdout:
                if "끝나기를 기다립니다" in line.decode():
                    break
            time.sleep(0.2)
            assert other.poll() is None
            assert "끝." not in mini_site.page(site.folder)
            fcntl.lockf(held, fcntl.LOCK_UN)
            other.communicate()
            assert other.returncode == 0
    assert "끝." in mini_site.page(site.folder)
