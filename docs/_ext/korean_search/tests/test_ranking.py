"""What stands first, by small indexes made by hand and asked in Chromium; no site is built."""

import json
import os
import subprocess

import pytest
from project import PACKAGE, PYTHON
from test_in_browser import CHROMIUM, sync_playwright

# Runs where Sphinx is, which the package imports.
MAKE = """
import json, sys
sys.path.insert(0, sys.argv[1])
from korean_search.index import index_script, record, said_script
from korean_search.reading import read
site = json.load(sys.stdin)
signs, leads = site["signs"], ["lead"]
pages = {
    name: record(name, read(body, {"lead": 4}, leads), explains_signs=name in signs)[0]
    for name, body in site["pages"].items()
}
settings = {"suffix": ".html", "help": [], **{name: site[name] for name in ("absent", "start", "signs")}}
ranks = {name: site["ranks"].get(name, 1.0) for name in pages}
print(index_script(pages, ranks, site["synonyms"], settings, site["asked"]) + said_script(pages))
"""


def page_of(title, *sections):
    """Return a page: its title, and for each section its anchor, its heading and its text."""
    inner = "".join(
        f'<section id="{anchor}"><h2>{heading}</h2>{text}</section>' for anchor, heading, text in sections
    )
    return f'<section id="top"><h1>{title}</h1>{inner}</section>'


ALL = "<p>매개변수를 세고 매개변수를 더합니다.</p>"
PAGES = {
    "memory": page_of(
        "장단기 기억", ("m", "게이트의 구실", f"<div class=lead><p>LSTM은 오래 기억합니다.</p></div>{ALL}")
    ),
    "counting": page_of("매개변수 세기", ("c", "층의 매개변수", f"{ALL}<p>LSTM 말고도 많습니다.</p>")),
    "padding": page_of("세임 패딩", ("p", "짝수와 홀수", f"<p>둘레에 덧댑니다. 훈련을 거듭합니다.</p>{ALL}")),
    "betas": page_of("두 평균", ("b", "β₁과 β₂", "<p><math><mi>σ</mi></math>는 폭입니다.</p>")),
    "api": page_of("lstm: 계산", ("lstm.cell", "cell", "<p>LSTM LSTM LSTM 오류</p>")),
    "signs": page_of(
        "기호표",
        (
            "s",
            "어디에서나",
            "<table><tr><td><math><mi>σ</mi></math></td><td>시그모이드</td></tr>"
            "<tr><td><math><msub><mi>f</mi><mi>t</mi></msub></math></td><td>망각 게이트</td></tr>"
            "<tr><td><math><msub><mi>β</mi><mn>1</mn></msub></math></td><td>비율</td></tr></table>",
        ),
    ),
    "words": '<section id="top"><h1>용어집</h1><dl class="lead">'
    '<dt id="t">패딩 padding</dt><dd><p>덧댄 값입니다.</p></dd>'
    '<dt id="u">보폭 stride</dt><dd><p>옮기는 칸 수입니다.</p></dd></dl></section>',
}
SITE = {
    "pages": PAGES,
    "ranks": {"api": 0.3, "signs": 0.35, "words": 0.35},
    "signs": ["signs"],
    "synonyms": [
        ["패딩", "padding"],
        ["보폭", "stride", "스트라이드"],
        ["매개변수", "파라미터"],
        ["better", "낫다"],
    ],
    "asked": {"padding": {"p": ["왜 홀수 필터를 쓰나요", "커널 너비 고르기"]}},
    "absent": [[["트랜스포머", "transformer"], [["memory", "m"]]]],
    "start": [["padding", "p"], ["memory", "m"]],
}


@pytest.fixture(scope="module")
def ask():
    """A function that gives what a query finds: pages, sections, what is said, what is absent."""
    done = subprocess.run(
        [PYTHON, "-c", MAKE, str(PACKAGE.parent)],
        input=json.dumps(SITE),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] * root, chromium_sandbox=not root
        )
        page = browser.new_page()
        page.add_script_tag(content=(PACKAGE / "engine.js").read_text(encoding="utf-8"))
        page.add_script_tag(content=done.stdout)
        yield lambda query: page.evaluate(
            """query => {
              const { hits, absent } = koreanSearch.search(query);
              const start = koreanSearch.start().map(hit => hit.section.anchor);
              return { pages: hits.map(hit => hit.page.name), sections: hits.map(hit => hit.section.anchor),
                       said: hits.map(hit => hit.said ?? ""), absent, start };
            }""",
            query,
        )
        browser.close()


def test_a_rare_name_outweighs_a_common_word(ask):
    assert ask("LSTM 파라미터")["pages"][0] == "memory"


def test_a_page_that_answers_stands_before_one_that_holds_the_word_more_often(ask):
    assert ask("lstm")["pages"][0] == "memory"


@pytest.mark.parametrize("query", ["lstm_2", "LSTM2", "LSTMv2", "lstm_"])
def test_a_name_joined_to_a_digit_or_a_line_is_still_that_name(ask, query):
    assert ask(query)["pages"][0] == "memory"


@pytest.mark.parametrize("query", ["커널 너비", "홀수 필터", "왜 홀수 필터를 쓰나요?"])
def test_a_section_is_found_by_the_ways_in_which_it_is_asked_for(ask, query):
    assert ask(query)["sections"][0] == "p"


@pytest.mark.parametrize("query", ["σ", "시그마", "sigma", "f_t", "fₜ"])
def test_a_sign_leads_to_where_it_is_explained(ask, query):
    assert ask(query)["pages"][0] == "signs"


@pytest.mark.parametrize("query", ["β₁", "β1", "beta1", "beta_1", r"\beta_1", "베타1", "베타 1"])
def test_a_sign_of_a_heading_leads_there_first_and_then_to_where_it_is_explained(ask, query):
    assert ask(query)["pages"][:2] == ["betas", "signs"]


@pytest.mark.parametrize("query", ["bettar3", "batter9", "과적합", "훈련소장실", "렐", "gpt"])
def test_a_slip_is_not_corrected_into_another_word(ask, query):
    found = ask(query)
    assert not found["pages"]
    assert found["absent"]


@pytest.mark.parametrize("query", ["lsmt", "패팅", "매개변스"])
def test_a_slip_of_the_finger_in_a_name_is_still_corrected(ask, query):
    assert ask(query)["pages"]


@pytest.mark.parametrize("query", ["트랜스포머", "트랜스포머가 뭐예요?", "transformer", "트렌스포머"])
def test_what_the_site_does_not_treat_is_said_to_be_absent_with_what_is_near(ask, query):
    found = ask(query)
    assert found["pages"] == ["memory"]
    assert found["absent"][0] in {"트랜스포머", "transformer"}


def test_beside_what_is_absent_the_rest_of_a_query_is_answered_first(ask):
    found = ask("트랜스포머 홀수 필터")
    assert found["pages"][0] == "padding"
    assert found["absent"] == ["트랜스포머"]


def test_a_word_that_the_site_lacks_is_no_absence_where_the_rest_is_answered(ask):
    assert ask("쀍쀍 홀수 필터")["absent"] == []


def test_the_first_result_says_its_answer_and_the_term_its_meaning(ask):
    assert ask("LSTM")["said"][0] == "LSTM은 오래 기억합니다."
    found = ask("패딩")
    assert found["pages"][:2] == ["padding", "words"]
    assert found["said"][1] == "덧댄 값입니다."
    assert ask("보폭")["pages"] == ["words"]


def test_a_field_that_is_empty_has_somewhere_to_begin(ask):
    assert ask("")["start"] == ["p", "m"]
