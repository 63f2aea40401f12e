"""make mutants changes code, and not what stands beside it, and sees whether a test noticed."""

import ast
import importlib.util
import sys
from pathlib import Path
from queue import SimpleQueue

import pytest
from pages import ROOT

SPEC = importlib.util.spec_from_file_location("mutants", ROOT / "tools" / "mutants.py")
tool = sys.modules["mutants"] = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(tool)


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "src" / "dlnotes").mkdir(parents=True)
    (tmp_path / "tests" / "library").mkdir(parents=True)
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr(tool, "EXPLAINED", tmp_path / "tests" / "mutants.yml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def changes(project, text):
    path = Path("src/dlnotes/m.py")
    (project / path).write_text(text, encoding="utf-8")
    return tool.mutants(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b", "a < b → a <= b"),
        ("a in b", "a in b → a not in b"),
        ("a + b", "a + b → a - b"),
        ("a ** n", "a ** n → a * n"),
        ("a and b", "a and b → a or b"),
        ("not a", "not a → a"),
        ("-a", "-a → a"),
        ("x = 84", "84 → 85"),
        ("x = .5", "0.5 → 1.5"),
        ("x = True", "True → False"),
        ("x = f(a, b)", "f(a, b) → f(b, a)"),
        ("check(a)", "check(a) → pass"),
        ("x = a if b else c", "b → not b"),
    ],
)
def test_each_kind_of_fault(project, text, expected):
    assert [mutant.change for mutant in changes(project, text)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        '"""1 + 1"""',
        "x = 'a'",
        "from a import b",
        "def f(a: x[1]) -> y[2]: pass",
        "raise ValueError(f'{a + 1}' + 'b')",
        "x = f'{a + 1}'",
    ],
)
def test_words_types_and_errors_stay(project, text):
    assert changes(project, text) == []


def test_the_changed_file_is_the_old_one_but_for_the_place(project):
    text = "한 = 1\n\n\ndef 두(a):\n    return (a +\n            1) * 2  # 끝\n"
    found = {mutant.change: mutant for mutant in changes(project, text)}
    changed = found["2 → 3"].source().decode()
    assert changed == text.replace("* 2", "* (3)")
    assert found["2 → 3"].place == "dlnotes.m.두"
    for mutant in found.values():
        assert ast.dump(ast.parse(mutant.source())) != ast.dump(ast.parse(text))


def test_one_change_twice_in_a_function_has_two_names(project):
    names = [mutant.change for mutant in changes(project, "def f():\n    return 0, 0\n")]
    assert names == ["0 → 1", "0 → 1 (#2)"]


@pytest.mark.builds
@pytest.mark.parametrize(
    ("body", "state"),
    [
        ("assert m.double(3) == 6", "noticed"),
        ("assert m.double(1) > 0", "survived"),
        ("while m.double(3) != 6: pass", "noticed"),
    ],
)
def test_a_fault_is_noticed_or_survives_and_the_place_is_as_before(project, monkeypatch, body, state):
    monkeypatch.setattr(tool, "NEAR", 5)
    (mutant,) = changes(project, "def double(x):\n    return x + x * 1.0\n".replace(" * 1.0", ""))
    (project / "src" / "dlnotes" / "__init__.py").touch()
    (project / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\nmarkers = full\n")
    test = f"from dlnotes import m\n\ndef test_m():\n    {body}\n"
    (project / "tests" / "library" / "test_m.py").write_text(test)
    places = SimpleQueue()
    places.put(project)
    monkeypatch.setattr(mutant.__class__, "source", lambda self: b"def double(x):\n    return x * 1\n")
    kept = (project / mutant.path).read_bytes()
    monkeypatch.setattr(tool.shutil, "copy2", lambda _, there: there.write_bytes(kept))
    room = tool.Room("library", (mutant.path,), ("tests/library",), 1, 1)
    assert tool.tried(mutant, room, places) == state
    assert (project / mutant.path).read_bytes() == kept


def test_an_explanation_of_what_is_no_more_is_refused(project):
    changes(project, "x = 1\n")
    room = tool.Room("library", (Path("src/dlnotes/m.py"),), (), 1, 1)
    known = "- {place: dlnotes.m, change: 1 → 2, why: 그래도 됩니다}\n"
    tool.EXPLAINED.write_text(known, encoding="utf-8")
    assert tool.explained([room]) == {("dlnotes.m", "1 → 2"): "그래도 됩니다"}
    tool.EXPLAINED.write_text(known.replace("→ 2", "→ 3"), encoding="utf-8")
    with pytest.raises(SystemExit, match="no such mutant any more"):
        tool.explained([room])


def test_the_explained_survivors_of_this_project_are_possible(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert all(tool.explained(tool.rooms(1)).values())
