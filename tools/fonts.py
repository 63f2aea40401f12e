"""사이트와 그림의 글꼴 둘을 원본에서 다시 잘라 낸다. 사이트를 지을 때는 부르지 않는다.

사용: python tools/fonts.py [--sans NotoSansKR-Regular.otf] [--math STIXTwoMath-Regular.ttf]

원본을 주지 않으면 그것이 든 PyPI 꾸러미를 잠시 받아 꺼낸다. 원본은 해시로 확인하므로, 같은 잠금 파일에서는
언제나 같은 바이트가 나온다.

- dlnotes Sans (src/dlnotes/data/dlnotes-sans.otf): Noto Sans KR에서 자른다. Matplotlib은 WOFF2를 읽지
  못하므로 누르지 않는다. 그림은 힌팅 없이 글자의 폭을 재므로 힌팅은 버린다.
- dlnotes Math (docs/_ext/dlnotes_site/math/dlnotes-math.woff2): STIX Two Math에서 자른다. 사이트의 확장만
  읽으므로 WOFF2로 둔다. 늘어나는 글자의 조각과 변형(MATH)과 첨자의 꼴(ssty)을 함께 남긴다.

고친 글꼴은 원본의 이름을 쓰지 않는다. 까닭은 글꼴 곁의 OFL.txt에 있다.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent

PUNCTUATION_TO_OPERATORS = [
    range(0x2000, 0x20D0),  # punctuation, superscripts and subscripts, currency
    range(0x2100, 0x2400),  # letterlike, number forms, arrows, operators, technical
]
KS_X_1001 = {
    ord(bytes([row, cell]).decode("euc_kr")) for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF)
}
"""KS X 1001의 한글 2,350자."""

SANS = {
    *KS_X_1001,
    ord("힣"),  # the last of all syllables, as in [가-힣]
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),  # Latin
    *range(0x2B0, 0x400),  # modifiers, accents, Greek
    *range(0x1100, 0x1113),  # the consonants that head the index
    *(letter for block in PUNCTUATION_TO_OPERATORS for letter in block),
    *range(0x2460, 0x2474),  # ① to ⑳
    *range(0x2500, 0x2600),  # boxes, blocks, geometric shapes
    *map(ord, "★☆☎☞♠♡♣♤♥♧♩♪♬♭✓✔✕✗"),
    *range(0x3000, 0x3040),  # 「」 and their like
    *range(0x3130, 0x3190),  # ㄱ to ㅣ
}
"""dlnotes Sans의 글자. 이 가운데 원본에 있는 것이 남는다."""

MATH = {
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *range(0x131, 0x132),  # the i and j that bear accents
    *range(0x237, 0x238),
    *range(0x2B0, 0x400),  # accents, Greek
    *(letter for block in PUNCTUATION_TO_OPERATORS for letter in block),
    *range(0x20D0, 0x2100),  # accents over symbols
    *range(0x25A0, 0x2600),  # geometric shapes
    *map(ord, "★☆♠♡♢♣♤♥♦♧♭♮♯✓✗"),
    *range(0x27C0, 0x2800),  # brackets, long arrows
    *range(0x2A00, 0x2B00),  # large and further operators
    *range(0x1D400, 0x1D800),  # the mathematical alphabets
}
"""dlnotes Math의 글자. 이 가운데 원본에 있는 것이 남는다."""

KEPT_NAMES = (0, 5, 7, 13, 14)  # copyright, version, trademark, licence
OF_COLUMNS = ["BASE", "VORG", "vhea", "vmtx"]  # nothing here is written from top to bottom
ENGLISH = (3, 1, 0x409)


class Cut(NamedTuple):
    """원본 하나와, 거기서 잘라 내는 글꼴 하나."""

    option: str
    package: str
    inside: str
    sha256: str
    family: str
    made: Path
    letters: frozenset[int]
    features: tuple[str, ...]


CUTS = (
    Cut(
        option="sans",
        package="pylopdf-fonts-ko==0.1.1",
        inside="pylopdf_fonts_ko/NotoSansKR-Regular.otf",
        sha256="69975a0ac8472717870aefeab0a4d52739308d90856b9955313b2ad5e0148d68",
        family="dlnotes Sans",
        made=ROOT / "src" / "dlnotes" / "data" / "dlnotes-sans.otf",
        letters=frozenset(SANS),
        features=("calt", "ccmp", "kern", "liga", "locl", "mark", "mkmk"),
    ),
    Cut(
        option="math",
        package="ziamath==0.13",
        inside="ziamath/fonts/STIXTwoMath-Regular.ttf",
        sha256="8f42cb183a85043a4dc3f8e41ac3821eb27bf178d68ace929ba439523622323c",
        family="dlnotes Math",
        made=ROOT / "docs" / "_ext" / "dlnotes_site" / "math" / "dlnotes-math.woff2",
        letters=frozenset(MATH),
        features=("ssty",),
    ),
)


def cut(original: Path, what: Cut, made: Path) -> None:
    """원본에서 글자와 그것이 쓰는 꼴만 남기고, 이름을 바꾸어 쓴다."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    options = subset.Options(
        layout_features=[*what.features],
        hinting=False,
        name_IDs=[*KEPT_NAMES],
        drop_tables=[*subset.Options().drop_tables, *OF_COLUMNS],
        flavor="woff2" if made.suffix == ".woff2" else None,
    )
    with subset.load_font(str(original), options) as font:
        if "MATH" in font:
            offer_small_forms(font)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=what.letters)
        subsetter.subset(font)
        rename(font, what.family)
        made.parent.mkdir(parents=True, exist_ok=True)
        subset.save_font(font, str(made), options)


def offer_small_forms(font: TTFont) -> None:
    """첨자의 꼴(ssty)을 모든 문자에 낸다.

    원본은 문자 math에만 낸다. 파이어폭스는 math로 찾지만, 크로뮴은 글자가 속한 문자로 찾는다.
    """
    gsub = font["GSUB"].table
    features = [n for n, record in enumerate(gsub.FeatureList.FeatureRecord) if record.FeatureTag == "ssty"]
    for script in (record.Script for record in gsub.ScriptList.ScriptRecord):
        for system in [script.DefaultLangSys, *(record.LangSys for record in script.LangSysRecord)]:
            system.FeatureIndex = sorted({*system.FeatureIndex, *features})
            system.FeatureCount = len(system.FeatureIndex)


def rename(font: TTFont, family: str) -> None:
    """글꼴의 이름을 바꾼다. 저작권과 사용 허락은 그대로 둔다."""
    postscript = family.replace(" ", "") + "-Regular"
    names = {1: family, 2: "Regular", 3: postscript, 4: family, 6: postscript}
    names[10] = "Cut down from another font and renamed, as its licence asks: see its OFL.txt."
    for number, name in names.items():
        font["name"].setName(name, number, *ENGLISH)
    if "CFF " in font:
        cff = font["CFF "].cff
        old = cff.fontNames[0]
        cff.fontNames = [postscript]
        top = cff.topDictIndex[0]
        top.FullName = top.FamilyName = family
        for part in top.FDArray:
            part.FontName = part.FontName.replace(old, postscript)


def install(packages: Iterable[str], folder: Path) -> None:
    """꾸러미를 이 폴더에만 설치한다. 그것이 바라는 다른 꾸러미는 받지 않는다."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "--target", str(folder), *packages], check=True)


def check(original: Path, what: Cut) -> None:
    """우리가 아는 원본인지 본다."""
    found = hashlib.sha256(original.read_bytes()).hexdigest()
    if found != what.sha256:
        raise ValueError(f"{original} has SHA-256 {found}, but {what.family} is cut from {what.sha256}")


def main(arguments: Sequence[str] | None = None) -> int:
    """명령줄을 읽고 글꼴을 쓴다."""
    parser = argparse.ArgumentParser(description="글꼴 둘을 원본에서 다시 잘라 낸다.")
    for what in CUTS:
        parser.add_argument(f"--{what.option}", type=Path, help=f"{Path(what.inside).name} (없으면 받는다)")
    given: dict[str, Path | None] = vars(parser.parse_args(arguments))
    with tempfile.TemporaryDirectory() as folder:
        if missing := [what.package for what in CUTS if not given[what.option]]:
            install(missing, Path(folder))
        for what in CUTS:
            original = given[what.option] or Path(folder) / what.inside
            check(original, what)
            cut(original, what, what.made)
            print(f"dlnotes: {what.made.relative_to(ROOT)}: {what.made.stat().st_size:,}바이트")
    return 0


if __name__ == "__main__":
    sys.exit(main())
