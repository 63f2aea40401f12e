"""make serve shows what is saved, lives through a broken page, and leaves nothing running."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from http.client import HTTPException
from pathlib import Path

import mini_site
import pytest
from pages import ROOT
from websockets.sync.client import connect

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is sphinx-autobuild alone")

MARK = "DLNOTES_TEST_OF_SERVE"
PATIENCE = 120  # seconds; it is not speed that is tested
FILES = {
    "conf.py": 'extensions = ["myst_parser", "dlnotes_site.trust"]\nhtml_theme = "basic"\n',
    "requirements.txt": "",
    "pyproject.toml": "",
    "src/dlnotes/__init__.py": "",
    "docs/index.md": "# 쪽\n\n처음 글.\n",
}


def eventually(what):
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


class Serving:
    """A small project that is being served."""

    def __init__(self, folder):
        self.folder = folder
        mini_site.write(folder, FILES)
        (folder / "tools").mkdir()
        for name in ("build.py", "serve.py"):
            shutil.copy(ROOT / "tools" / name, folder / "tools")
        self.port = free_port()
        self.log = folder / "log.txt"
        more = {"PYTHONPATH": str(mini_site.EXTENSIONS), "PYTHONUTF8": "1", "BROWSER": "true"}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-u", "tools/build.py", "serve"],
                cwd=folder,
                env={**os.environ, **more, "PORT": str(self.port), MARK: str(folder)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        eventually(lambda: self.said("에서 보여 줍니다"))

    def said(self, words):
        text = self.log.read_text(encoding="utf-8")
        assert self.process.poll() is None, text
        return words in text

    def write(self, text):
        mini_site.write(self.folder, {"docs/index.md": f"# 쪽\n\n{text}\n"})

    def page(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/index.html") as answer:
                return answer.read().decode()
        except (HTTPException, OSError):  # it is being written
            return ""

    def shows(self, words):
        eventually(lambda: words in self.page())

    def processes(self):
        """Name what runs that was started here."""
        wanted, found = f"{MARK}={self.folder}".encode(), []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if wanted in path.read_bytes().split(b"\0"):
                    found.append(path.parent.name)
            except OSError:  # another's, or gone
                continue
        return found

    def end(self):
        for process in self.processes():
            os.kill(int(process), signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def serving(tmp_path):
    serving = Serving(tmp_path / "site")
    yield serving
    serving.end()


def test_what_is_saved_is_shown_whatever_was_broken_meanwhile(serving):
    serving.shows("처음 글.")
    with connect(f"ws://127.0.0.1:{serving.port}/websocket-reload", proxy=None) as browser:
        serving.write("고친 글.")
        while "고친 글." not in serving.page():
            assert browser.recv(PATIENCE) == "refresh"
    serving.write("깨진 글 {ref}`nowhere`.")
    eventually(lambda: serving.said("사이트를 짓지 못했습니다"))
    assert serving.said("nowhere")
    serving.write("나은 글.")
    serving.shows("나은 글.")
    mini_site.write(serving.folder, {"conf.py": FILES["conf.py"] + 'project = "새 이름"\n'})
    serving.shows("새 이름")


@pytest.mark.builds
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_leaves_nothing_running_even_amid_a_build(serving, how):
    slow = "def setup(app):\n    app.connect('builder-inited', lambda app: __import__('time').sleep(60))\n"
    mini_site.write(serving.folder, {"conf.py": FILES["conf.py"] + slow})
    eventually(lambda: len(serving.processes()) == 3)
    serving.process.send_signal(how)
    serving.process.wait(PATIENCE)
    eventually(lambda: not serving.processes())


def test_a_port_in_use_gets_one_line(tmp_path):
    mini_site.write(tmp_path, FILES)
    (tmp_path / "tools").mkdir()
    for name in ("build.py", "serve.py"):
        shutil.copy(ROOT / "tools" / name, tmp_path / "tools")
    with socket.create_server(("127.0.0.1", 0)) as door:
        done = subprocess.run(
            [sys.executable, "tools/build.py", "serve"],
            cwd=tmp_path,
            env={**os.environ, "PORT": str(door.getsockname()[1]), "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "make serve PORT=" in done.stderr
