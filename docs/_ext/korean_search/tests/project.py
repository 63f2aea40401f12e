"""A small Korean site to build and search, made by hand so that every test can see all of it."""

import multiprocessing
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
# Playwright may live in an environment of its own: the Python that has Sphinx is then named here.
PYTHON = os.environ.get("KOREAN_SEARCH_PYTHON", sys.executable)

CONF = """
import sys
sys.path.insert(0, {folder!r})
project = "작은 사이트"
language = "ko"
extensions = ["korean_search"]
html_theme = {theme!r}
korean_search_weights = {{"lead": 4, "quiet": 0}}
korean_search_ranks = {{"terms": 0.4, "hidden": 0}}
korean_search_synonyms = [["합성곱", "컨볼루션", "convolution"], ["기울기 소실", "vanishing gradient"]]
korean_search_help = [("첫 쪽", "index")]

def add_script(app, pagename, *_):
    if pagename == "index":
        app.add_js_file("of-one-page.js")

def setup(app):
    app.connect("html-page-context", add_script, priority=900)
"""

PAGES = {
    "index": """
첫 쪽
=====

.. toctree::

   padding
   gradient
   terms
   hidden
""",
    "padding": """
세임 패딩과 보폭
================

입력 둘레에 0을 덧대는 것이 패딩입니다. 패딩을 넣으면 출력이 커집니다.

.. container:: lead

   보폭이 하나일 때 출력은 입력과 같고, 매개변수는 3,216개입니다.

.. container:: quiet

   두더지는 땅을 팝니다.

.. _odd:

홀수 필터
---------

필터의 너비가 홀수이면 앞뒤에 똑같이 덧댑니다. 합성곱은 깊이별 분리 합성곱으로 나눌 수 있습니다.
""",
    "gradient": """
기울기는 왜 사라지나요
======================

층이 깊으면 기울기 소실이 일어납니다. 기울기가 층마다 작아지고, 기울기를 다시 곱합니다.

망각 게이트
-----------

LSTM의 게이트가 1에 가까우면 기울기가 남습니다. 답은 0.01입니다. 차이가 크고, 차이를 보면 차이는 분명합니다.
""",
    "terms": """
용어집
======

.. glossary::

   합성곱
      패딩을 덧대고 창을 옮기며 곱해 더하는 연산입니다.

   패딩
      둘레에 덧대는 값입니다.
""",
    "hidden": """
숨은 쪽
=======

비밀번호는 찾을 수 없습니다.
""",
}


def write(folder, theme="alabaster"):
    """Write the sources of the site."""
    (folder / "source").mkdir(parents=True)
    (folder / "source" / "conf.py").write_text(
        CONF.format(folder=str(PACKAGE.parent), theme=theme), encoding="utf-8"
    )
    for name, text in PAGES.items():
        (folder / "source" / f"{name}.rst").write_text(text, encoding="utf-8")
    return folder


def build(folder, *options):
    """Build the site; return the folder of its HTML."""
    arguments = ["-q", "-W", "-b", "html", *options]
    arguments += ["-d", str(folder / "doctrees"), str(folder / "source"), str(folder / "html")]
    log = folder / "sphinx.log"
    if sys.executable != PYTHON or "forkserver" not in multiprocessing.get_all_start_methods():
        with log.open("w") as file:
            code = subprocess.call([PYTHON, "-m", "sphinx", *arguments], stdout=file, stderr=file)
    else:
        child = warm().Process(target=run_sphinx, args=(arguments, str(log)))
        child.start()
        child.join()
        code = child.exitcode
    assert code == 0, log.read_text(encoding="utf-8")
    return folder / "html"


@cache
def warm():
    """Give processes that have imported Sphinx: the import takes longer than the site."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sphinx.cmd.build", "sphinx.builders.html", "sphinx.ext.autodoc"])
    return context


def run_sphinx(arguments, log):
    """Build in this process, which ends with it."""
    from sphinx.cmd.build import main

    for number in (1, 2):
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    sys.exit(main(arguments))
