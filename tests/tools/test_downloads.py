"""What can be downloaded is of this very site; the offline one lists what is in it."""

import importlib.util
import zipfile

import mini_site
import pytest
from pages import ROOT

PAGE = """<html><head><link rel="manifest" href="manifest.webmanifest">
</head><ul>
<li data-file="downloads/dlnotes.epub" hidden><a>전자책</a> <span class="dl-size"></span>날짜</li>
<li data-file="downloads/dlnotes.zip" hidden><a>사이트</a> <span class="dl-size"></span>날짜</li>
<li data-file="a.json"><a href="a.json" download="">답</a> <span class="dl-size"></span>날짜</li>
<li data-file="gone.txt"><a href="gone.txt" download="">글</a></li>
</ul></html>"""


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("downloads_tool", ROOT / "tools" / "downloads.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def build(tmp_path):
    files = {
        "html/index.html": '<link rel="manifest" href="manifest.webmanifest">\n'
        '<link rel="preload" href="_static/fonts/math.woff2" as="font" crossorigin>글',
        "html/api/index.html": '<link rel="manifest" href="../manifest.webmanifest">코드',
        "html/downloads.html": PAGE,
        "html/a.json": "{}",
        "html/sitemap.xml": "",
        "html/manifest.webmanifest": "{}",
        "html/_static/icon.png": "",
        "html/_static/cards/a.png": "",
        "epub/dlnotes.epub": "책" * 500_000,
    }
    mini_site.write(tmp_path, files)
    return tmp_path


def listed(page):
    return [part.split('"')[0] for part in page.split('data-file="')[1:]]


def test_the_offline_site_has_no_manifest_and_lists_what_is_in_it(tool, build):
    tool.pack(build / "zip" / "dlnotes.zip", build / "html")
    with zipfile.ZipFile(build / "zip" / "dlnotes.zip") as packed:
        held = {name: packed.read(name).decode() for name in packed.namelist()}
    assert sorted(held) == [
        f"dlnotes/{name}" for name in ("a.json", "api/index.html", "downloads.html", "index.html")
    ]
    assert not [name for name, said in held.items() if "manifest" in said or "preload" in said]
    assert listed(held["dlnotes/downloads.html"]) == ["a.json"]


def test_equal_sites_give_equal_bytes_wherever_and_whenever(tool, build, tmp_path_factory):
    other = tmp_path_factory.mktemp("다른 곳")
    for path in sorted((build / "html").rglob("*.*"), reverse=True):
        if path.is_file():
            mini_site.write(
                other, {f"html/{path.relative_to(build / 'html')}": path.read_text(encoding="utf-8")}
            )
    packed = []
    for folder in (build, other):
        tool.pack(folder / "zip" / "dlnotes.zip", folder / "html")
        packed.append((folder / "zip" / "dlnotes.zip").read_bytes())
    assert packed[0] == packed[1]


def offer(tool, build):
    offered = tool.offer(build / "html", build / "everything", build)
    return offered, (build / "everything" / "downloads.html").read_text(encoding="utf-8")


def test_what_was_made_of_this_site_is_offered_with_its_size(tool, build):
    tool.note([build / "epub" / "dlnotes.epub"], build / "html")
    offered, page = offer(tool, build)
    assert offered == ["dlnotes.epub"]
    assert listed(page) == ["downloads/dlnotes.epub", "a.json"]
    assert '<a href="downloads/dlnotes.epub" download="">전자책</a>' in page
    assert '<span class="dl-size">1.5MB, </span>날짜' in page
    assert (build / "everything/downloads/dlnotes.epub").read_bytes() == (
        build / "epub/dlnotes.epub"
    ).read_bytes()


@pytest.mark.parametrize("changed", ["html/index.html", "epub/dlnotes.epub"])
def test_what_was_made_of_another_site_or_changed_since_is_not_offered(tool, build, changed, capsys):
    tool.note([build / "epub" / "dlnotes.epub"], build / "html")
    (build / changed).write_text("다른 것", encoding="utf-8")
    assert offer(tool, build)[0] == []
    assert "dlnotes.epub" in capsys.readouterr().err


def test_what_nobody_noted_is_not_offered(tool, build):
    assert offer(tool, build)[0] == []
