"""지은 사이트로 내려받을 것을 만들고 한데 모은다. 사용: python tools/downloads.py zip|note 파일…|offer

zip    인터넷 없이 읽는 사이트를 _build/zip/dlnotes.zip에 묶는다. 같은 사이트는 같은 바이트가 된다.
note   파일 곁에 그것이 어느 내용의 사이트로 만들어졌는지 적는다.
offer  사이트를 _build/everything에 옮기고, 바로 이 사이트로 만든 파일만 내려받기에 올린다.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from dlnotes_site.data import load
from dlnotes_site.export.downloads import FOLDER, MADE, fill
from dlnotes_site.kept import write_whole
from dlnotes_site.share.installed import ICON, MANIFEST
from dlnotes_site.share.news import newest, read_news

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
SITE, OFFERED = BUILD / "html", BUILD / "everything"
ZIP = BUILD / "zip" / "dlnotes.zip"
LIST = "downloads.html"
# What only a server, a search engine or somebody else's page asks for.
ONLINE = re.compile(
    rf"\.buildinfo|404\.html|objects\.inv|robots\.txt|sitemap\.xml|_static/cards/.*|{ICON}|{MANIFEST}"
)
# A browser refuses a folder's pages a manifest, and a font ahead of the stylesheet that asks for it.
REFUSED = re.compile(r'<link rel="(?:manifest|preload)"[^>]*>\n?')


def files(site: Path) -> Iterator[str]:
    """사이트의 파일을 이름의 차례로."""
    return iter(sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()))


def content(site: Path) -> str:
    """사이트의 내용의 해시."""
    digest = hashlib.sha256()
    for name in files(site):
        digest.update(f"{name}\0".encode() + hashlib.sha256((site / name).read_bytes()).digest())
    return digest.hexdigest()


def beside(file: Path) -> Path:
    """파일이 무엇으로 만들어졌는지 적는 자리."""
    return file.with_name(f"{file.name}.made-of")


def seal(file: Path, site: Path) -> str:
    """파일과 그것을 만든 사이트의 해시."""
    return f"{hashlib.sha256(file.read_bytes()).hexdigest()} {content(site)}\n"


def note(made: list[Path], site: Path = SITE) -> None:
    """파일마다 이 사이트로 만들었다고 적는다."""
    for file in made:
        write_whole(beside(file), seal(file, site))


def offline(site: Path = SITE) -> Iterator[tuple[str, bytes]]:
    """인터넷 없이 읽는 사이트의 파일."""
    for name in files(site):
        if ONLINE.fullmatch(name):
            continue
        said = (site / name).read_bytes()
        if name.endswith(".html"):
            page = REFUSED.sub("", said.decode())
            said = (fill(page, site) if name == LIST else page).encode()
        yield name, said


def pack(target: Path = ZIP, site: Path = SITE) -> None:
    """사이트를 zip으로 묶는다."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".draft")
    day = newest(load(ROOT / "docs" / "news.yml", read_news))
    assert day is not None
    with zipfile.ZipFile(draft, "w") as packed:
        for name, said in offline(site):
            entry = zipfile.ZipInfo(f"{target.stem}/{name}", (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = (
                zipfile.ZIP_DEFLATED,
                3,
                0o644 << 16,
            )
            packed.writestr(entry, said)
    draft.replace(target)
    note([target], site)


def offer(site: Path = SITE, target: Path = OFFERED, build: Path = BUILD) -> list[str]:
    """사이트와 내려받을 것을 한데 모으고, 올린 파일의 이름을 돌려준다."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(site, target)
    (target / FOLDER).mkdir()
    offered = []
    for name in MADE:
        for file in build.glob(f"*/{name}"):
            if not beside(file).is_file() or beside(file).read_text("utf-8") != seal(file, site):
                print(f"dlnotes: 지금의 사이트로 만들지 않아 올리지 않습니다: {file}", file=sys.stderr)
                continue
            shutil.copyfile(file, target / FOLDER / name)
            offered.append(name)
    page = target / LIST
    page.write_text(fill(page.read_text("utf-8"), target), encoding="utf-8")
    return offered


def main() -> int:
    """명령 하나를 고른다."""
    match sys.argv[1:]:
        case ["zip"]:
            pack()
            print(f"dlnotes: {ZIP.relative_to(ROOT)} ({ZIP.stat().st_size / 1e6:.1f}MB)")
        case ["note", *made] if made:
            note([Path(file).resolve() for file in made])
        case ["offer"]:
            print(f"dlnotes: {OFFERED.relative_to(ROOT)}에 모았습니다. 내려받을 것: {', '.join(offer())}")
        case _:
            sys.exit(f"usage: {Path(sys.argv[0]).name} zip|note FILE…|offer")
    return 0


if __name__ == "__main__":
    sys.exit(main())
