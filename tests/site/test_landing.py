"""The landing page: it leads to the questions that there are, and to what shows that a claim is not so."""

import mini_site
import pytest

CONF = """
extensions = ["myst_parser", "dlnotes_site.landing.index", "dlnotes_site.landing.mistaken"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
html_math_renderer = "mathml"
extensions.append("dlnotes_site.math.render")
"""


def page(title, name):
    """Return a page that answers a question, and a section that shows it."""
    answer = mini_site.answer(name, f"질문 {name}", f"{name}의 짧은 답입니다.")
    why = f"({name}-why)=\n### 보이는 절\n\n:::{{verdicts}} {name}\n살핀 것입니다.\n:::\n"
    return f"# {title}\n\n{answer}\n{why}"


INDEX = """# 첫 화면

```{start-here}
q02
```

```{question-index}
second
first
```

```{often-mistaken}
```

```{toctree}
:caption: 주제

second
first
```
"""
CLAIMS = """
- question: q01
  claims:
    - {claim: 맞는 말이다., verdict: holds, shown: [q01-why]}
    - {claim: 그것은 $r_i$다., verdict: corrected, shown: [q01-why]}
- question: q02
  claims:
    - {claim: 그렇지 않다., mistaken: 덧대면 늘 커진다., verdict: corrected, shown: [q02-why]}
"""
FILES = {
    "conf.py": CONF,
    "index.md": INDEX,
    "first.md": page("처음 글", "q01"),
    "second.md": page("다음 글", "q02"),
    "claims.yml": CLAIMS,
    "errata.yml": "[]\n",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("landing")
    mini_site.build(folder, FILES)
    return mini_site.page(folder)


def test_a_card_stands_for_each_page_in_the_order_named(index):
    heads = [index.index(f">{title}</a></h3>") for title in ("다음 글", "처음 글")]
    assert heads == sorted(heads)
    assert index.index("q02의 짧은 답입니다.") < index.index("q01의 짧은 답입니다.")


def test_one_begins_with_the_questions_named(index):
    start = index[index.index('class="dl-first-questions') :].split("</ul>")[0]
    assert start.count("<li>") == 1
    assert 'href="second.html#q02"' in start


def test_what_is_often_mistaken_is_what_was_corrected_and_leads_to_its_place(index):
    listed = index[index.index('class="dl-mistaken') :].split("</ul>")[0]
    assert listed.count("<li>") == 2
    assert "맞는 말이다" not in listed
    assert "<math" in listed[listed.index('href="first.html#q01-why"') :].split("</a>")[0]
    assert "덧대면 늘 커진다." in listed[listed.index('href="second.html#q02-why"') :].split("</a>")[0]
    assert "그렇지 않다." not in listed


@pytest.mark.builds
@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [
        ("index.md", "q02", "q03", "index.md:3: ERROR: no page answers q03"),
        ("index.md", "```{start-here}\nq02", "```{start-here}", "index.md:3: ERROR: Content block expected"),
        (
            "claims.yml",
            "shown: [q02-why]",
            "shown: [q03-why]",
            "claims.yml:8: ERROR: nothing is named q03-why",
        ),
        (
            "claims.yml",
            "{claim: 맞는 말이다.,",
            "{claim: 맞는 말이다., mistaken: 아니다.,",
            "claims.yml:4: what is holds is not mistaken: '아니다.'",
        ),
    ],
)
def test_what_leads_nowhere_fails_the_build(tmp_path, name, old, new, line):
    assert old in FILES[name]
    done = mini_site.attempt(tmp_path, {**FILES, name: FILES[name].replace(old, new, 1)})
    assert done.returncode != 0
    assert line in done.stderr
