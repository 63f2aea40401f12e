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

    def make(self, **more):
        environment = {**os.environ, "PYTHONPATH": str(mini_site.EXTENSIONS), "PYTHONUTF8": "1", **more}
        done = subprocess.run(
            [sys.executable, "tools/build.py", "html"],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
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
