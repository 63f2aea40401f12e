"""The library's wheel: the same bytes whoever builds it, told by its version, and nothing but the library."""

import email
import io
import shutil
from types import SimpleNamespace
from zipfile import ZipFile

import mini_site
import pytest
from pages import ROOT

from dlnotes_site.export import wheel


@pytest.fixture
def project(tmp_path):
    """A function that makes a project in a folder."""

    def make(name="one"):
        folder = tmp_path / name
        mini_site.write(folder, {**mini_site.PROJECT, "src/dlnotes/data/words.txt": "말\n"})
        return folder

    return make


def made(folder):
    shutil.rmtree(folder / "store", ignore_errors=True)
    return wheel.wheel_of(folder, folder / "store")


def names(content):
    return ZipFile(io.BytesIO(content)).namelist()


def test_folder_modes_times_and_what_lies_about_leave_no_trace(project, monkeypatch):
    one, other = project(), project("another")
    mini_site.write(
        other,
        {f"src/dlnotes/{name}": "x" for name in ("__pycache__/a.pyc", ".a.py.swp", "a.py~", ".cache/b.py")},
    )
    for number, path in enumerate(sorted(other.rglob("*.*"))):
        path.chmod(0o777 if number % 2 else 0o600)
    first = made(one)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert made(other) == first
    assert wheel.wheel_of(one, one / "store") == first, "from the store"


def test_it_holds_the_library_and_its_licence_under_the_name_of_its_version(project):
    made_now = made(project())
    assert made_now.place == f"wheels/dlnotes-{made_now.version}-py3-none-any.whl"
    own = [name for name in names(made_now.content) if ".dist-info/" not in name]
    assert own == ["dlnotes/__init__.py", "dlnotes/data/words.txt"]
    assert f"dlnotes-{made_now.version}.dist-info/licenses/LICENSE" in names(made_now.content)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("src/dlnotes/__init__.py", "x = 1\n"),
        ("src/dlnotes/data/words.txt", "다른 말\n"),
        ("LICENSE", "another"),
        ("pyproject.toml", mini_site.PROJECT["pyproject.toml"].replace("A library", "Another")),
    ],
)
def test_the_version_changes_with_whatever_it_holds(project, file, text):
    folder = project()
    before = made(folder).version
    mini_site.write(folder, {file: text})
    assert made(folder).version != before


def test_the_version_does_not_change_with_the_tools_settings(project):
    folder = project()
    before = made(folder)
    mini_site.write(
        folder, {"pyproject.toml": mini_site.PROJECT["pyproject.toml"] + "\n[tool.other]\nx = 1\n"}
    )
    assert made(folder) == before


def test_a_version_of_digits_alone_is_written_as_installers_write_it(project, monkeypatch):
    monkeypatch.setattr(wheel, "hashlib", SimpleNamespace(sha256=lambda *_: Digits()))
    assert made(project()).version == "0.1.0+12345678901"


class Digits:
    def update(self, _more):
        pass

    def hexdigest(self):
        return "012345678901" + "0" * 52


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return wheel.wheel_of(ROOT, tmp_path_factory.mktemp("store"))


def test_ours_is_described_in_english_for_who_meets_it_alone(ours):
    archive = ZipFile(io.BytesIO(ours.content))
    told = email.message_from_bytes(archive.read(f"dlnotes-{ours.version}.dist-info/METADATA"))
    assert told["Version"] == ours.version
    for words in (told["Summary"], told.get_payload()):
        assert words.isascii()
        assert len(words) > 40
    assert "Typing :: Typed" in told.get_all("Classifier")
    assert "dlnotes/py.typed" in archive.namelist()
    needed = told.get_all("Requires-Dist")
    assert [one.split(">=")[0] for one in needed] == ["numpy", "matplotlib"]


def test_ours_has_every_module_and_what_they_read(ours):
    there = {name for name in names(ours.content) if ".dist-info/" not in name}
    source = ROOT / "src"
    modules = {path.relative_to(source).as_posix() for path in source.rglob("*.py")}
    assert there - modules == {"dlnotes/py.typed", *(f"dlnotes/data/{name}" for name in DATA)}
    assert modules <= there


DATA = ("corpus.txt", "dlnotes-sans.OFL.txt", "dlnotes-sans.otf")
