"""make html calls Sphinx only where something changed, and knows it by contents."""

import os
import shutil
import subprocess
import sys

import mini_site
import pytest
from pages import ROOT

NOTHING = "바뀐 것이 없습니다"


class Project:
    """A small project with the real tools/build.py."""

    def __init__(self, folder):
        self.folder = folder
        files = {
            "conf.py": 'extensions = ["myst_parser", "dlnotes_site.trust"]\nhtml_theme = "basic"\n',
            "requirements.txt": "",
            "pyproject.toml": "",
            "src/dlnotes/__init__.py": "",
            "docs/index.md": "# 쪽\n\n글.\n",
        }
        mini_site.write(folder, files)
        (folder / "tools").mkdir()
        shutil.copy(ROOT / "tools" / "build.py", folder / "tools")

    def attempt(self, umask=-1, **more):
        environment = {**os.environ, "PYTHONPATH": str(mini_site.EXTENSIONS), "PYTHONUTF8": "1", **more}
        return subprocess.run(
            [sys.executable, "tools/build.py", "html"],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            umask=umask,
            check=False,
        )

    def make(self, **more):
        done = self.attempt(**more)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = Project(tmp_path_factory.mktemp("project"))
    assert NOTHING not in project.make()
    return project


def test_sphinx_is_not_called_where_nothing_changed(project):
    project.make()
    assert NOTHING in project.make()


def touch_a_built_page(project):
    page = project.folder / "_build/html/index.html"
    page.write_text("halb", encoding="utf-8")


def remove_a_built_page(project):
    (project.folder / "_build/html/index.html").unlink()


def leave_a_build_unfinished(project):
    (project.folder / "_build/doctrees/unfinished.json").write_text("{", encoding="utf-8")


def edit_without_a_trace_in_size_and_time(project):
    page = project.folder / "docs/index.md"
    before = page.stat()
    page.write_text(page.read_text(encoding="utf-8").replace("글.", "말."), encoding="utf-8")
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))


def break_the_stamp(project):
    (project.folder / "_build/html.json").write_text("{", encoding="utf-8")


@pytest.mark.builds
@pytest.mark.parametrize(
    "change",
    [
        touch_a_built_page,
        remove_a_built_page,
        leave_a_build_unfinished,
        edit_without_a_trace_in_size_and_time,
        break_the_stamp,
    ],
)
def test_sphinx_is_called_after(project, change):
    project.make()
    change(project)
    assert NOTHING not in project.make()
    assert (
        "<p>" in (project.folder / "_build/html/index.html").read_text(encoding="utf-8")
        or change is touch_a_built_page
    )


def test_another_address_builds_anew(project):
    project.make()
    assert NOTHING not in project.make(DLNOTES_URL="https://example.org/")


def test_a_locale_that_is_not_installed_stops_nothing(project):
    (project.folder / "_build/html.json").unlink()
    assert NOTHING not in project.make(LANG="xx_XX.UTF-8", LC_ALL="xx_XX.UTF-8")


def test_the_site_can_be_served_whatever_the_umask(tmp_path):
    project = Project(tmp_path / "project")
    assert project.attempt(umask=0o077).returncode == 0
    site = project.folder / "_build" / "html"
    for path in (site, *site.rglob("*")):
        assert path.stat().st_mode & 0o044 == 0o044, path
        assert not path.is_dir() or path.stat().st_mode & 0o011 == 0o011, path


RAISING = """
from sphinx.errors import ExtensionError
from dlnotes_site.data import DataError

def fail(app):
    raise {}

def setup(app):
    app.connect("builder-inited", fail)
"""


@pytest.mark.builds
@pytest.mark.parametrize(
    ("raised", "told"),
    [
        ("DataError('docs/claims.yml:3', 'lacks verdict')", "docs/claims.yml:3: lacks verdict"),
        ("OSError(28, 'No space left on device', 'a.html')", "[Errno 28] No space left on device: 'a.html'"),
        ("PermissionError(13, 'Permission denied', 'a.html')", "[Errno 13] Permission denied: 'a.html'"),
        ("KeyboardInterrupt", "그만두었습니다."),
    ],
)
def test_what_stops_a_build_is_told_in_one_line(tmp_path, raised, told):
    project = Project(tmp_path / "project")
    with (project.folder / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(RAISING.format(raised))
    done = project.attempt()
    assert done.returncode == 2
    first, blank, last = done.stderr.splitlines()
    assert (first, blank) == (f"dlnotes: {told}", "")
    assert "짓지 못했습니다" in last


def test_a_fault_of_our_code_is_told_with_its_place(tmp_path):
    project = Project(tmp_path / "project")
    with (project.folder / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(RAISING.format("1 / 0"))
    told = project.attempt().stderr
    assert "ZeroDivisionError" in told
    assert "conf.py" in told
    assert "issues" not in told, "Sphinx's developers need not hear of it"


def test_a_place_that_cannot_be_written_is_told_in_one_line(tmp_path):
    project = Project(tmp_path / "project")
    (project.folder / "_build").write_text("", encoding="utf-8")
    done = project.attempt()
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "_build" in done.stderr
