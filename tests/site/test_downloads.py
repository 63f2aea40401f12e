"""The page of downloads: it names what may be there, and shows what is."""

import re

import mini_site
import pytest

from dlnotes_site.export.downloads import fill

CONF = """
project, author, language = "dlnotes", "dlnotes contributors", "ko"
exclude_patterns = ["_build"]
extensions = ["myst_nb", "sphinx_exercise", "dlnotes_site.execution", "dlnotes_site.export.downloads"]
myst_enable_extensions = ["colon_fence"]
nb_execution_mode = "off"
nb_custom_formats = {".md": ("dlnotes_site.execution.read_page", {}, False)}
from pathlib import Path
import dlnotes_site
room = Path(dlnotes_site.__file__).parent
templates_path = [str(room / part / "templates") for part in ("export", "share")]
"""
FILES = {
    "conf.py": CONF,
    "index.md": "# 첫 화면\n\n```{toctree}\n둘 글\ndownloads\n```\n",
    "둘 글.md": "# 글 <둘>\n\n" + mini_site.answer("q01", "Q01. 무엇인가요?", "답입니다."),
    "downloads.md": "# 내려받기\n\n```{downloads}\n```\n",
    "errata.yml": "[]\n",
    **mini_site.PROJECT,
    "news.yml": "- {date: 2026-03-01, page: 둘 글, kind: new, said: 새 글입니다.}\n",
}
NOTEBOOK = "notebooks/%EB%91%98%20%EA%B8%80.ipynb"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("downloads")
    mini_site.build(folder, FILES)
    return folder


def test_what_is_made_of_the_site_shows_only_once_it_is_there(folder):
    page = mini_site.page(folder, "downloads")
    hidden = re.findall(r'<li data-file="([^"]*)" hidden><a>', page)
    assert hidden == [
        f"downloads/{name}" for name in ("dlnotes.pdf", "at-a-glance.pdf", "dlnotes.epub", "dlnotes.zip")
    ]
    shown = re.findall(r'<li data-file="([^"]*)"><a href="([^"]*)" download="">', page)
    assert [name for name, _ in shown] == ["llms-full.txt", "answers.json", "answers.schema.json", NOTEBOOK]
    assert all(name == address for name, address in shown)


def test_the_list_of_a_folder_has_sizes_and_the_day_of_the_newest_news(folder):
    page = fill(mini_site.page(folder, "downloads"), mini_site.site(folder))
    assert "downloads/" not in page.replace("downloads.html", "")
    assert f'<li data-file="{NOTEBOOK}">' in page
    assert re.search(
        r'>글 &lt;둘&gt;</a> <small><span class="dl-size">\d+KB, </span>2026년 3월 1일</small>', page
    )


def test_the_page_follows_the_news(tmp_path):
    mini_site.build(tmp_path, FILES)
    news = FILES["news.yml"] + "- {date: 2026-04-09, page: 둘 글, kind: corrected, said: 고쳤습니다.}\n"
    mini_site.build(tmp_path, {"news.yml": news})
    assert "2026년 4월 9일" in mini_site.page(tmp_path, "downloads")
