"""One question more, on a page of its own: everything that tells of the questions has it.

A small copy of the site is built: its own settings, one of its pages of answers and the pages that sum up,
with what the ledgers say of it, and the modules that it reaches. To it comes what CONTRIBUTING.md names: a
page, a function, a figure, claims, an erratum, a term and an item of news.
"""

import datetime
import json
import re
import runpy
import shutil

import mini_site
import pytest
import yaml
from asked import ASKED, QUESTIONS
from pages import ROOT, code_cells
from shared_rules import Head, faults_of_data, faults_of_feed

from dlnotes_site.answers.counts import in_words
from dlnotes_site.answers.errata import modules_named
from dlnotes_site.api_pages import modules_in, page_of
from dlnotes_site.execution.key import module_path, modules_reached

pytestmark = pytest.mark.full

DOCS = ROOT / "docs"
ANSWERS = ("same-padding",)  # quick to run, and it reaches few modules
SUMMARIES = ("index", "self-test", "at-a-glance", "claims", "errata", "glossary", "notation", "api/index")
OTHERS = ("references.bib",)
SITE = runpy.run_path(str(ROOT / "conf.py"))
BASE = SITE["html_baseurl"]

# What the copy cannot have as the site has it: it lacks most of what is referred to.
SETTINGS = """
nitpicky = False
api_pages = {{module: page for module, page in api_pages.items() if module in {modules}}}
api_constants = {{}}
"""

# --- what comes to it -----------------------------------------------------------------------------

FUNCTION = '''

def padded_size(n: int, padding: int) -> int:
    """양쪽에 덧댄 입력의 폭을 셉니다.

    Parameters
    ----------
    n : int
        입력의 폭 (칸).
    padding : int
        한쪽에 덧대는 칸 수.

    Returns
    -------
    int
        덧댄 폭 (칸).

    Examples
    --------
    >>> padded_size(6, 1)
    8
    """
    return integer("n", n, least=1) + 2 * integer("padding", padding, least=0)
'''
TEST = "def test_a_padded_input_is_wider_by_both_sides():\n    assert padded_size(6, 1) == 8\n"
FIGURE = '''"""덧댄 폭의 그림."""

from __future__ import annotations

from dlnotes.arithmetic import padded_size
from dlnotes.figures.canvas import Picture, canvas, cell


def padded_row(n: int, padding: int) -> Picture:
    """양쪽에 덧댄 한 줄."""
    wide = padded_size(n, padding)
    with canvas(24 * wide + 20, 44) as (ax, picture):
        for i in range(wide):
            cell(ax, 10 + 24 * i, 10, 24, "input" if padding <= i < wide - padding else "reference")
    return picture
'''
PAGE = """# 덧댄 폭

```{code-cell}
:tags: [remove-cell]
from dlnotes.arithmetic import padded_size
```

(q20)=
## Q20. 양쪽에 덧대면 얼마나 넓어지나요?

:::{short-answer} q20
:next: q02 q03

한쪽에 $p$칸씩 덧댄 곁폭은 입력의 폭보다 $2p$칸 넓습니다.
:::

:::{disputed} 강의의 식
덧댄 폭은 $n+2p$입니다.
:::

:::{question}
패딩을 넣으면 입력이 얼마나 넓어지나요?
:::

:::{teacher}
양쪽에 덧대므로 {erratum}`e-twentieth`만큼 넓어집니다.
:::

```{code-cell}
---
tags: [hide-input]
mystnb:
  figure:
    name: fig-padded-row
    caption: 점선으로 된 칸이 덧댄 것입니다.
  image:
    alt: 파란 칸이 한 줄로 놓여 있고 양 끝에 점선 칸이 하나씩 붙어 모두 {eval}`padded_size(6, 1)`칸이다.
---
from dlnotes.figures.padded_size import padded_row

padded_row(6, 1)
```

(both-sides)=
### 핵심: 양쪽에 덧댑니다

모두 {eval}`padded_size(6, 1)`칸입니다.

```{code-cell}
from dlnotes.arithmetic import padded_size

padded_size(6, padding=1)
```

:::{summary}
- 패딩은 입력의 양쪽에 덧댑니다.
- 한쪽에 $p$칸이면 모두 $2p$칸입니다.
- 그래서 곁폭은 $n+2p$칸입니다.
:::

## 검증 노트

:::{verdicts} q20
함수와 그림이 같은 수를 냅니다.
:::
"""
MORE = {
    "claims.yml": {
        "question": "q20",
        "claims": [
            {
                "claim": "양쪽에 덧대면 $2p$칸 넓어진다.",
                "verdict": "corrected",
                "shown": ["fig-padded-row", "both-sides", "e-twentieth"],
            }
        ],
    },
    "errata.yml": {
        "id": "e-twentieth",
        "question": "q20",
        "kind": "symbol",
        "where": "답의 식",
        "printed": "$p$칸",
        "corrected": "$2p$칸",
        "check": "arithmetic.padded_size(6, 1) == 6 + 2 * 1",
        "why": "덧대는 쪽이 둘입니다.",
    },
    "news.yml": {
        "date": datetime.date(2026, 12, 1),
        "page": "padded-size",
        "kind": "new",
        "said": "얼마나 넓어지는지 답했습니다.",
    },
    "asked.yml": {
        "question": "q20",
        "ways": ["패딩을 더하면 폭이 얼마", "곁폭 공식", "양쪽 패딩 합", "덧댄 칸 수", "n 더하기 2p"],
    },
    "guesses.yml": {
        "question": "q20",
        "prompt": "한쪽에 한 칸씩 덧대면 6칸은 몇 칸이 되나요?",
        "choices": [
            {"says": "{eval}`arithmetic.padded_size(6, 1)`칸", "right": True},
            {"says": "7칸", "why": "한쪽에만 덧대야 합니다."},
            {"says": "6칸", "why": "덧대지 않아야 합니다."},
        ],
    },
    "terms.yml": {
        "topic": "스무 번째",
        "terms": [{"ko": "곁폭", "en": "padded width", "definition": "덧댄 뒤의 폭입니다."}],
    },
}
MADE_WITH_THE_PAGE = ("docs/errata.yml", "docs/terms.yml")  # what the first build has already
QUESTION = "양쪽에 덧대면 얼마나 넓어지나요?"
HEADING = f"Q20. {QUESTION}"

# --- the copy -------------------------------------------------------------------------------------


def ledger(name):
    return yaml.safe_load((DOCS / name).read_text(encoding="utf-8"))


def cut(text, names):
    """Take lines out of a page's lists, and the lists of which nothing is left, with their headings."""
    kept = "".join(line for line in text.splitlines(keepends=True) if line.strip() not in names)
    kept = re.sub(r"^(## .*\n\n)?```\{question-index\}\n```\n\n", "", kept, flags=re.M)
    return re.sub(r"^```\{toctree\}\n(:.*\n)*\n*```\n", "", kept, flags=re.M)


def small_site():
    """Return the texts and ledgers that the copy keeps, the modules that they reach, and what is left out."""
    questions = {name for page in ANSWERS for name in ASKED[page]}
    names = [f"{page}.md" for page in (*ANSWERS, *SUMMARIES)]
    texts = {f"docs/{name}": (DOCS / name).read_text(encoding="utf-8") for name in (*names, *OTHERS)}
    for page in ANSWERS:  # the questions that theirs lead on to are left out
        texts[f"docs/{page}.md"] = re.sub(
            r"(?<=short-answer\} )(\w+)\n:next: .*",
            lambda found: f"{found[1]}\n:next: {' '.join(sorted(questions - {found[1]}))} q20",
            texts[f"docs/{page}.md"],
        )
    ledgers = {
        "claims.yml": [entry for entry in ledger("claims.yml") if entry["question"] in questions],
        "errata.yml": [entry for entry in ledger("errata.yml") if entry["question"] in questions],
        "news.yml": [entry for entry in ledger("news.yml") if entry["page"] in ANSWERS],
        "asked.yml": [entry for entry in ledger("asked.yml") if entry["question"] in questions],
        "guesses.yml": [entry for entry in ledger("guesses.yml") if entry["question"] in questions],
        "terms.yml": ledger("terms.yml"),
    }
    checks = [entry[key] for entry in ledgers["errata.yml"] for key in ("computed", "check") if key in entry]
    code = [
        *(cell for page in ANSWERS for cell in code_cells(texts[f"docs/{page}.md"])),
        *(f"import {module}" for check in checks for module in modules_named(check).values()),
        *(path.read_text(encoding="utf-8") for path in (DOCS / "_ext" / "dlnotes_site").rglob("*.py")),
    ]
    modules = modules_reached(code, ROOT)
    left_out = {page_of(module) for module in modules_in(ROOT / "src") if module not in modules}
    left_out |= {page for module, page in SITE["api_pages"].items() if module not in modules}
    left_out |= set(ASKED) - set(ANSWERS) | (set(QUESTIONS) - questions)
    for index in ("docs/index.md", "docs/api/index.md"):
        texts[index] = cut(texts[index], left_out)
    for name, key, directive in (
        ("exercises.yml", "exercise", "check-answer"),
        ("explorables.yml", "name", "explore"),
    ):
        shown = {one for text in texts.values() for one in re.findall(rf"\{{{directive}\}} ([\w-]+)", text)}
        kept = [entry for entry in ledger(name) if entry[key] in shown]
        texts[f"docs/{name}"] = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False)
    return texts, ledgers, modules


def as_files(texts, ledgers):
    """Return the texts of the copy's files, the ledgers written out."""
    dumped = {
        f"docs/{name}": yaml.safe_dump(entries, allow_unicode=True, sort_keys=False)
        for name, entries in ledgers.items()
    }
    return texts | dumped


def with_one_more(texts, ledgers):
    """Return the files once they hold what CONTRIBUTING.md names."""
    more = {"docs/padded-size.md": PAGE}
    for index, beside, name in (
        ("docs/index.md", "same-padding", "padded-size"),
        ("docs/api/index.md", "figures_padding", "figures_padded_size"),
    ):
        more[index] = texts[index].replace(f"\n{beside}\n", f"\n{beside}\n{name}\n")
    return as_files(texts | more, {name: [*entries, MORE[name]] for name, entries in ledgers.items()})


def copy_modules(folder, modules):
    """Copy the modules, with one function and one figure more."""
    shutil.copytree(ROOT / "src" / "dlnotes" / "data", folder / "src" / "dlnotes" / "data")
    for path in (module_path(module, ROOT) for module in modules):
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    arithmetic = (ROOT / "src" / "dlnotes" / "arithmetic.py").read_text(encoding="utf-8")
    files = {
        **{name: (ROOT / name).read_text(encoding="utf-8") for name in ("pyproject.toml", "LICENSE")},
        "conf.py": (ROOT / "conf.py").read_text(encoding="utf-8") + SETTINGS.format(modules=sorted(modules)),
        "src/dlnotes/arithmetic.py": arithmetic + FUNCTION,
        "src/dlnotes/figures/padded_size.py": FIGURE,
        "tests/library/test_arithmetic.py": TEST,
    }
    mini_site.write(folder, files)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """What Sphinx says where the steps beside the page are forgotten, and the site once they are done."""
    folder = tmp_path_factory.mktemp("twentieth")
    texts, ledgers, modules = small_site()
    copy_modules(folder, modules)
    (folder / "docs").mkdir()
    (folder / "docs" / "_ext").symlink_to(DOCS / "_ext")
    whole = with_one_more(texts, ledgers)
    steps = {name: text for name, text in as_files(texts, ledgers).items() if name not in MADE_WITH_THE_PAGE}
    teacher = PAGE[PAGE.index(":::{teacher}") : PAGE.index("```{code-cell}\n---")]
    forgotten = mini_site.attempt(
        folder, whole | steps | {"docs/padded-size.md": PAGE.replace(teacher, "")}, "-j", "2"
    )
    assert forgotten.returncode != 0
    mini_site.build(folder, whole, "-j", "2")
    return forgotten.stderr, mini_site.site(folder)


@pytest.fixture(scope="module")
def site(built):
    return built[1]


@pytest.fixture(scope="module")
def text(site):
    """A function that gives what a file of the site holds."""
    return lambda name: (site / name).read_text(encoding="utf-8")


# --- what is forgotten ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "docs/index.md: ERROR: page padded-size is in no table of contents: write `padded-size` into",
        "docs/index.md: ERROR: page padded-size is in no index of questions: write `padded-size` into the",
        "docs/api/index.md: ERROR: dlnotes.figures.padded_size stands in no group: write `figures_padded_",
        "docs/padded-size.md:11: ERROR: question q20 lacks the part {teacher}: write :::{teacher} below",
        "docs/padded-size.md:11: ERROR: question q20 has no claim in claims.yml: add an entry",
        "docs/padded-size.md:11: ERROR: question q20 is asked in no way in asked.yml: add an entry with",
        "docs/padded-size.md:11: ERROR: question q20 has no guess in guesses.yml: add an entry with what is",
        "docs/padded-size.md: ERROR: padded-size holds answers: give it one entry of the kind new in news",
        "ERROR: erratum e-twentieth is marked on no page: write {erratum}`e-twentieth` where it applies",
    ],
)
def test_a_forgotten_step_is_told_in_one_line_with_its_place(built, line):
    assert built[0].count(line) == 1, built[0]


# --- what has it ------------------------------------------------------------------------------------


def part(html, start, end):
    return html[(at := html.index(start)) : html.index(end, at)]


def article(html):
    return part(html, "<article", "</article>")


def test_the_landing_page_lists_the_question_with_its_answer_and_counts_it(text):
    index = article(text("index.html"))
    entry = part(index, 'href="padded-size.html#q20"', "</dd>")
    assert HEADING in entry
    assert "한쪽에" in entry
    asked = sum(len(ASKED[page]) for page in ANSWERS) + 1
    assert f"질문 {in_words(asked)} 가지" in index
    assert f"<strong>{asked}</strong> 답한 질문" in index
    assert "<strong>1</strong> 테스트 함수" in index


@pytest.mark.parametrize("page", ["index", "same-padding", "api/index"])
def test_the_sidebar_leads_to_the_page_and_to_the_question(text, page):
    sidebar = part(text(f"{page}.html"), 'class="bd-links', "</nav>")
    assert 'padded-size.html">' in sidebar
    assert f'padded-size.html#q20">{HEADING}</a>' in sidebar


def test_another_question_leads_on_to_it_and_it_to_others(text):
    for page, near in (("same-padding", "padded-size.html#q20"), ("padded-size", "same-padding.html#q03")):
        onward = part(text(f"{page}.html"), 'class="dl-onward', "</p>")
        assert f'href="{near}"' in onward


def test_the_page_before_leads_to_it_as_the_next(text):
    assert 'href="padded-size.html" rel="next"' in text("same-padding.html")


def test_the_page_says_what_was_computed(text):
    page = text("padded-size.html")
    assert '<span class="dl-computed">8</span>칸입니다.' in page
    assert "하나씩 붙어 모두 8칸이다." in page


def test_the_page_links_its_code_to_the_library_and_the_library_to_its_source(text):
    assert 'href="api/arithmetic.html#dlnotes.arithmetic.padded_size"' in text("padded-size.html")
    assert 'id="dlnotes.arithmetic.padded_size"' in text("api/arithmetic.html")
    assert 'id="dlnotes.figures.padded_size.padded_row"' in text("api/figures_padded_size.html")
    assert "padded_size" in text("_modules/dlnotes/arithmetic.html")
    assert 'href="figures_padded_size.html"' in text("api/index.html")


def test_its_guess_stands_in_its_short_answer_and_in_the_self_test(text):
    for page, place in (("padded-size", "guess"), ("self-test", "test")):
        label = part(text(f"{page}.html"), f'name="{place}-q20" value="0">', "</label>")
        assert re.sub(r"^[^>]*>|<[^>]*>", "", label) == "8칸"
    assert 'href="padded-size.html#q20"' in part(text("self-test.html"), 'data-question="q20"', "</details>")


def test_it_stands_with_its_picture_among_all_answers_at_a_glance(text):
    glance = text("at-a-glance.html")
    asked = sum(len(ASKED[page]) for page in ANSWERS) + 1
    title = f"{in_words(asked)} 답 한눈에"
    assert f">{title}</span>" in part(glance, "<h1", "</h1>")
    assert f'at-a-glance.html">{title}</a>' in part(text("index.html"), 'class="bd-links', "</nav>")
    assert 'href="at-a-glance.html"' in article(text("index.html"))
    short = article(glance).partition('href="padded-size.html#q20"')[2]
    for said in ("한쪽에", "패딩은 입력의 양쪽에 덧댑니다.", "하나씩 붙어 모두 8칸이다."):
        assert said in short


def test_the_search_index_has_the_page_and_its_words(text):
    index = text("_search/index.js")
    pages = json.loads(index[index.index("(") + 1 : index.rindex(")")])["pages"]
    found = {name: headings for name, _, _, _, headings in pages}
    assert HEADING in found["padded-size"]
    assert "곁폭" in text("_search/pages/padded-size.js")


def test_it_has_a_short_address_a_notebook_to_take_and_an_answer_for_programs(text):
    assert 'url=../padded-size.html#q20"' in text("q20/index.html")
    assert f"{BASE}q20/" in text("padded-size.html")
    assert 'href="notebooks/padded-size.ipynb"' in text("downloads.html")
    told = {answer["id"]: answer for answer in json.loads(text("answers.json"))["answers"]}["q20"]
    assert (told["question"], told["modified"]) == (QUESTION, "2026-12-01")


def test_the_feed_has_its_news(text):
    feed = text("feed.xml")
    assert faults_of_feed(feed) == []
    entry = part(feed, "새 글: 덧댄 폭", "</entry>")
    assert f"{BASE}padded-size.html" in entry
    assert "2026-12-01" in entry
    assert QUESTION in entry


def test_the_sitemap_has_its_address_and_day(text):
    assert "<lastmod>2026-12-01" in part(text("sitemap.xml"), f"<loc>{BASE}padded-size.html", "</url>")


def test_the_page_has_its_own_card_and_sound_structured_data(site, text):
    head = Head(text("padded-size.html"))
    assert faults_of_data(head) == []
    [card] = head.meta["og:image"]
    assert re.fullmatch(rf"{re.escape(BASE)}_static/cards/padded-size-\w+\.png", card)
    assert (site / card.removeprefix(BASE)).is_file()
    assert head.meta["og:title"] == [QUESTION]


def test_the_notebook_runs_the_page_s_cells(text):
    cells = json.loads(text("notebooks/padded-size.ipynb"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert any("padded_size(6, padding=1)" in cell for cell in code)
    assert any("padded_row(6, 1)" in cell for cell in code)


def test_the_claims_lead_to_the_question_and_its_proofs(text):
    claims = part(article(text("claims.html")), 'href="padded-size.html#q20"', "</ul>")
    for anchor in (
        "padded-size.html#fig-padded-row",
        "padded-size.html#both-sides",
        "errata.html#erratum-e-twentieth",
    ):
        assert f'href="{anchor}"' in claims


def test_the_erratum_and_its_mark_lead_to_each_other(text):
    entry = part(text("errata.html"), 'id="erratum-e-twentieth"', "나오는 곳")
    assert "arithmetic" in entry
    assert 'href="padded-size.html#mark-e-twentieth-1"' in text("errata.html")
    assert 'href="errata.html#erratum-e-twentieth"' in text("padded-size.html")


def test_the_new_term_and_the_page_lead_to_each_other(text):
    glossary = text("glossary.html")
    anchor = re.search(r'<dt id="(term-[^"]+)">곁폭', glossary)[1]
    assert 'href="padded-size.html"' in part(glossary, f'id="{anchor}"', "</dd>")
    assert f'href="glossary.html#{anchor}"' in text("padded-size.html")


def test_the_page_for_missing_addresses_lists_the_question(text):
    assert "padded-size.html#q20" in text("404.html")


def test_the_texts_for_machines_have_the_page(text):
    assert f"[덧댄 폭]({BASE}padded-size.txt)" in text("llms.txt")
    assert "모두 8칸입니다." in text("padded-size.txt")
    assert text("padded-size.txt").strip() in text("llms-full.txt")


def test_the_copy_is_built_without_any_result_kept(site):
    times = json.loads((site.parent / "execution" / "times.json").read_text(encoding="utf-8"))
    assert set(times) == {*ANSWERS, "padded-size"}
