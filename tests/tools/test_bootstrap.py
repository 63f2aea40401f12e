"""The first command on a fresh machine: what it says, and when it does nothing."""

import fcntl
import re
import shutil
import subprocess
import sys

import pytest
from pages import ROOT

NO_ENSUREPIP = (
    "import importlib.util as u; f = u.find_spec; u.find_spec = lambda n: None if n == 'ensurepip' else f(n)"
)
OLD = "import sys; sys.version_info = (3, 9, 2)"


@pytest.fixture
def checkout(tmp_path):
    """A checkout under a path with a space and Hangul, without an environment."""
    root = tmp_path / "새 자리"
    (root / "tools").mkdir(parents=True)
    for name in ("tools/bootstrap.py", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, root / name)
    return root


def bootstrap(root, first="pass"):
    """Run the script after a line that changes the world for it."""
    script = root / "tools" / "bootstrap.py"
    code = f"{first}\nimport runpy\nrunpy.run_path({str(script)!r}, run_name='__main__')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root)


def installed(root):
    """Leave the stamp that a finished installation leaves."""
    sys.path.insert(0, str(root / "tools"))
    try:
        import bootstrap as script
    finally:
        sys.path.pop(0)
    script.ROOT = root
    files = [root / "requirements.txt", root / "pyproject.toml", root / "tools" / "bootstrap.py"]
    packages = root / ".venv" / "lib" / "python3" / "site-packages"
    (packages / "numpy").mkdir(parents=True)
    (packages / "numpy" / "matrix.py").touch()
    (root / ".venv" / "bin").mkdir()
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    names = sorted(script.contents(root / ".venv"))
    (root / ".venv" / "dlnotes-installed").write_text("\n".join([script.fingerprint(files), *names]))
    return packages


def test_an_old_python_gets_one_line(checkout):
    done = bootstrap(checkout, OLD)
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1
    assert "3.9" in done.stderr
    assert "3.11 이상" in done.stderr


def test_a_missing_venv_gets_one_line(checkout):
    done = bootstrap(checkout, NO_ENSUREPIP)
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1
    assert "ensurepip" in done.stderr


def test_a_second_run_does_nothing(checkout):
    installed(checkout)
    done = bootstrap(checkout, NO_ENSUREPIP)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_one_waits_while_another_installs_and_then_finds_it_done(checkout):
    script = checkout / "tools" / "bootstrap.py"
    (checkout / "_build").mkdir()
    with (checkout / "_build" / ".venv.lock").open("a") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        with subprocess.Popen(
            [sys.executable, script], stdout=subprocess.PIPE, encoding="utf-8", cwd=checkout
        ) as other:
            assert "끝나기를 기다립니다" in other.stdout.readline()
            installed(checkout)
            fcntl.lockf(file, fcntl.LOCK_UN)
            assert other.communicate()[0] == ""
    assert other.returncode == 0


def test_who_was_killed_while_it_installed_keeps_nobody_waiting(checkout):
    (checkout / "_build").mkdir()
    hold = "import fcntl; file = open('_build/.venv.lock', 'a'); fcntl.lockf(file, fcntl.LOCK_EX); print()"
    with subprocess.Popen(
        [sys.executable, "-uc", f"{hold}; import time; time.sleep(600)"], stdout=subprocess.PIPE, cwd=checkout
    ) as other:
        other.stdout.readline()
        other.kill()
    done = bootstrap(checkout, NO_ENSUREPIP)
    assert "기다립니다" not in done.stdout
    assert "ensurepip" in done.stderr


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_changed_lock_installs_again(checkout, name):
    installed(checkout)
    path = checkout / name
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert "ensurepip" in bootstrap(checkout, NO_ENSUREPIP).stderr


@pytest.mark.parametrize("gone", ["numpy", "numpy/matrix.py", "../../../bin/python"])
def test_what_is_gone_from_the_environment_is_installed_again(checkout, gone):
    lost = installed(checkout) / gone
    shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
    assert "ensurepip" in bootstrap(checkout, NO_ENSUREPIP).stderr


def test_what_came_to_the_environment_since_is_left_alone(checkout):
    (installed(checkout) / "uv").mkdir()
    assert bootstrap(checkout, NO_ENSUREPIP).stderr == ""


def test_the_lock_pins_every_package_by_hash_and_names_no_host():
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "index" not in lock
    packages = re.split(r"\n(?=\S)", lock.strip())
    assert len(packages) > 100
    for package in packages:
        assert re.match(r"[\w.-]+==\S+", package), package
        assert "--hash=sha256:" in package, package


def test_every_target_has_its_line_of_help():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.M)[1].split()
    for target in targets:
        assert re.search(rf"^{target}:.*## \S", makefile, re.M), target
    shown = subprocess.run(
        ["make", "--no-print-directory"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert {line.split()[1] for line in shown.splitlines()} == set(targets)
