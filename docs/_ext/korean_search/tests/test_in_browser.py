"""What a reader finds on the small site, in Chromium, opened from files."""

import os
import re
import shutil
import warnings

import pytest
from project import build, write

MISSING = "korean_search: the browser tests did not run: {} is missing"
try:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # as long as Playwright waits for all else: a machine may be slow
except ImportError:
    sync_playwright = None
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
LACKING = "Playwright" if sync_playwright is None else "Chromium" if CHROMIUM is None else ""

if LACKING:
    pytest.skip(MISSING.format(LACKING), allow_module_level=True)

FOUND = {
    "합성곱": "padding",
    "합성곱에서는": "padding",
    "컨볼루션": "padding",
    "convolution": "padding",
    "깊이별분리합성곱": "padding",
    "보폭": "padding",
    "보폭이랑": "padding",
    "3216": "padding",
    "3,216": "padding",
    "0.01": "gradient",
    "기울기소실": "gradient",
    "vanishing gradient": "gradient",
    "망각게이트": "gradient",
    "LSTM 게이트": "gradient",
    "lstm게이트": "gradient",
    "왜 기울기가 사라져요?": "gradient",
    "패디": "padding",
    "기울ㄱ": "gradient",
    "망ㄱ": "gradient",
    "페딩": "padding",
    "보퐄": "padding",
    "vodeld": "padding",
    "ㅣㄴ스": "gradient",
    "lsmt": "gradient",
    "패딩": "padding",
    "용어집": "terms",
    "ㅍ패딩": "padding",
    "패ㄷ딩": "padding",
    "패딩ㅏ": "padding",
    "기울ㄱ기 소실": "gradient",
    "기울기 소실ㅇ이 왜 일어나요?": "gradient",
    "쀍쀍 보폭": "padding",
}


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    return build(write(tmp_path_factory.mktemp("site")))


@pytest.fixture(scope="module")
def page(html):
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] * root, chromium_sandbox=not root
        )
        page = browser.new_page()
        page.on("pageerror", lambda error: warnings.warn(str(error), stacklevel=2))
        page.goto((html / "search.html").as_uri())
        # Not wait_for_function, which a strict content security policy may stop.
        expect(page.locator(".ks-input")).to_be_focused()
        while not page.evaluate("!!globalThis.koreanSearch?.site"):
            page.wait_for_timeout(25)
        yield page
        browser.close()


@pytest.mark.parametrize("query", FOUND)
def test_the_page_is_found_first(page, query):
    names = page.evaluate("query => koreanSearch.search(query).hits.map(hit => hit.page.name)", query)
    assert names[:1] == [FOUND[query]]


@pytest.mark.parametrize("query", ["비밀번호", "두더지", "쀍", "", " ", "?!", "ㅋㅋㅋㅋ"])
def test_what_is_not_there_is_not_found(page, query):
    assert page.evaluate("query => koreanSearch.search(query).hits.length", query) == 0


def test_words_typed_with_the_wrong_keyboard_are_put_together_again(page):
    for word in ("패딩", "합성곱", "값", "읽고", "과외", "의사", "닭을"):
        assert page.evaluate("word => koreanSearch.hangul(koreanSearch.keys(word))", word) == word


def test_the_line_is_shown_with_the_words_marked_and_leads_to_its_section(page):
    page.fill(".ks-input", "3216")
    mark = page.locator("[role=option] .ks-line mark").first
    mark.wait_for()
    assert mark.inner_text() == "3,216"
    page.fill(".ks-input", "홀수")
    expect(page.locator("[role=option]").first).to_have_attribute("href", re.compile(r"padding\.html#odd"))


def test_the_number_of_results_is_said(page):
    page.fill(".ks-input", "보폭")
    page.locator("[role=option]").first.wait_for()
    count = page.locator("[role=option]").count()
    expect(page.locator("[role=status]")).to_have_text(f"{count}곳을 찾았습니다.")
