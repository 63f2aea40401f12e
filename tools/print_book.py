"""엮은 HTML을 크로뮴으로 PDF에 인쇄한다. 사용: .venv-browser/bin/python tools/print_book.py 폴더

차례의 쪽 번호는 인쇄해 보아야 안다. 그래서 PDF에서 자리를 읽어 번호를 적고, 자리가 그대로일 때까지 다시
인쇄한다. 날짜는 가장 새로운 소식의 날이라 같은 크로뮴이면 같은 바이트가 나온다.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "browser"))

from chromium import MISSING, find

MOST_PRINTS = 4
PATIENCE = 600_000  # milliseconds: the book is long, and a machine may be slow
NAMES = {"book": "dlnotes", "at-a-glance": "at-a-glance"}  # HTML: PDF
OWN_FONTS = {"dlnotesSans-Regular", "dlnotesMath-Regular", "DejaVuSans", "DejaVuSansMono"}

DRAW = """async () => {
  for (const face of document.fonts) await face.load();
  for (let n = 0; n < 2; n++) await new Promise((next) => requestAnimationFrame(next));
}"""
FILL = """(numbers) => {
  for (const mark of document.querySelectorAll(".book-page")) {
    mark.textContent = numbers[mark.getAttribute("href").slice(1)];
  }
  for (const item of document.querySelectorAll(".book-index li")) {
    const seen = new Set();
    for (const mark of item.querySelectorAll(".book-page")) {
      mark.hidden = seen.has(mark.textContent);
      seen.add(mark.textContent);
    }
  }
}"""


class PrintError(Exception):
    """인쇄하지 못하는 까닭."""


def printed(page: Page) -> bytes:
    """PDF의 바이트."""
    return bytes(page.pdf(prefer_css_page_size=True, print_background=True, outline=True, tagged=True))


def positions(pdf: bytes) -> dict[str, int]:
    """이름마다 쪽 번호."""
    reader = PdfReader(io.BytesIO(pdf))
    numbers = {page.indirect_reference: number for number, page in enumerate(reader.pages, 1)}
    return {
        name.lstrip("/"): numbers[place.raw_get("/Page")] for name, place in reader.named_destinations.items()
    }


def opened(browser: Browser, address: str) -> Page:
    """쪽을 열고, 글꼴을 모두 읽어 그려질 때까지 기다린다: 그리기 전에 인쇄하면 글자의 자리가 때로 다르다."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.evaluate(DRAW)
    return page


def numbered(browser: Browser, address: str) -> bytes:
    """쪽 번호를 적어, 적은 것이 모두 맞을 때까지 인쇄한다.

    매번 새로 연다: 같은 쪽을 거듭 인쇄하면 크로뮴은 바뀐 것이 없어도 쪽을 달리 나눈다.
    """
    told: dict[str, int] = {}
    moved: list[str] = []
    for _ in range(MOST_PRINTS):
        page = opened(browser, address)
        if told:
            page.evaluate(FILL, told)
        pdf = printed(page)
        wanted: list[str] = page.eval_on_selector_all(
            ".book-page", "all => all.map((one) => one.getAttribute('href').slice(1))"
        )
        day = page.locator('meta[name="date"]').get_attribute("content")
        page.close()
        numbers = positions(pdf)
        if missing := sorted(set(wanted) - set(numbers)):
            raise PrintError(f"no page is known for {', '.join(missing[:5])}")
        moved = sorted(name for name in set(wanted) if told.get(name) != numbers[name])
        if not moved:
            return dated(pdf, str(day))
        told = {name: numbers[name] for name in wanted}
    raise PrintError(f"the numbers keep moving what they tell of: {', '.join(moved[:5])}")


def dated(pdf: bytes, day: str) -> bytes:
    """만든 때를 소식의 날로 바꾼다. 길이가 같아야 PDF의 자리표가 맞는다."""
    stamp = f"D:{day.replace('-', '')}000000".encode()

    def same_length(found: re.Match[bytes]) -> bytes:
        return found[1] + b"(" + (stamp + b"+00'00'").ljust(len(found[2]))[: len(found[2])] + b")"

    return re.sub(rb"(/(?:CreationDate|ModDate) )\(([^)]*)\)", same_length, pdf)


def foreign_letters(pdf: bytes) -> dict[str, str]:
    """우리 것이 아닌 글꼴과, 그것으로 찍힌 글자."""
    found: dict[str, str] = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            name = name_of(font.get_object())
            if name not in OWN_FONTS:
                found[name] = "".join(sorted({*found.get(name, ""), *letters_in(font.get_object())}))
    return found


def name_of(font: Any) -> str:
    """글꼴의 이름. 굵게 흉내 낸 글꼴은 제 이름이 없고, 딸린 설명에만 있다."""
    described = font.get("/FontDescriptor")
    name = font.get("/BaseFont") or (described and described.get_object().get("/FontName")) or "?"
    return str(name).lstrip("/").partition("+")[2] or str(name)


def letters_in(font: Any) -> str:
    """글꼴의 ToUnicode가 말하는 글자."""
    table = font.get("/ToUnicode")
    if table is None:
        return "?"
    codes = re.findall(rb"<[0-9A-F]+> <([0-9A-F]{4,})>", table.get_object().get_data())
    return "".join(sorted({bytes.fromhex(code.decode()).decode("utf-16-be", "replace") for code in codes}))


def print_all(folder: Path, chromium: str) -> None:
    """둘을 인쇄한다."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"] * root, chromium_sandbox=not root
        )
        for html, name in NAMES.items():
            pdf = numbered(browser, (folder / f"{html}.html").as_uri())
            if foreign := foreign_letters(pdf):
                told = "; ".join(f"{font}: {letters}" for font, letters in foreign.items())
                raise PrintError(f"{name}.pdf: letters that the project's fonts lack ({told})")
            (folder / f"{name}.pdf").write_bytes(pdf)
            print(f"dlnotes: {folder / name}.pdf ({len(pdf):,}바이트)")
        browser.close()


def main(arguments: Sequence[str]) -> int:
    """크로뮴을 찾아 인쇄한다."""
    if len(arguments) != 1:
        print(f"usage: {Path(__file__).name} folder", file=sys.stderr)
        return 2
    chromium = find()
    if chromium is None:
        print(MISSING, file=sys.stderr)
        return 4
    try:
        print_all(Path(arguments[0]).resolve(), chromium)
    except PrintError as error:
        print(f"dlnotes: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
