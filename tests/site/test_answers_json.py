"""answers.json holds what its schema says, and the words that the pages have."""

import json

import jsonschema
import mini_site
import pytest

BASE = "https://example.org/site/"
CONF = f"""
project, author, language = "dlnotes", "dlnotes contributors", "ko"
extensions = ["myst_parser", "dlnotes_site.share.answers", "dlnotes_site.share.head"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
html_title = "dlnotes: 물음과 답"
html_baseurl = {BASE!r}
"""
VERDICTS = "\n:::{verdicts} q01\n보았습니다.\n:::\n\n(here)=\n### 여기\n\n보입니다.\n"
FILES = {
    "conf.py": CONF,
    "index.md": "# 첫 화면\n\n```{toctree}\n:caption: 주제\n\npage\n```\n",
    "page.md": "# 글\n\n"
    + mini_site.answer("q01", "Q01. C#은 &lt;무엇&gt;인가요?", "$n/s$칸입니다.")
    + VERDICTS,
    "news.yml": "- {date: 2026-03-01, page: page, kind: new, said: 새 글입니다.}\n"
    "- {date: 2026-04-09, page: page, kind: corrected, said: 고쳤습니다.}\n",
    "claims.yml": "- {question: q01, claims: [{claim: $r_i$이다., verdict: corrected, shown: [here]}]}\n",
    "errata.yml": "[]\n",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("answers")
    mini_site.build(folder, FILES)
    return mini_site.site(folder)


def read(site, name):
    return json.loads((site / name).read_text(encoding="utf-8"))


def test_an_answer_is_told_with_its_claims_address_and_days(site):
    (told,) = read(site, "answers.json")["answers"]
    assert told == {
        "id": "q01",
        "question": "C#은 <무엇>인가요?",
        "topic": "주제",
        "short_answer": "n/s칸입니다.",
        "summary": ["하나입니다.", "둘입니다.", "셋입니다."],
        "claims": [{"claim": "r_i이다.", "verdict": "corrected", "verdict_words": "고쳤습니다"}],
        "address": f"{BASE}q01/",
        "page": f"{BASE}page.html#q01",
        "published": "2026-03-01",
        "modified": "2026-04-09",
    }


def test_the_file_says_whose_words_these_are_and_keeps_to_its_schema(site):
    told = read(site, "answers.json")
    assert (told["author"], told["title"]) == ("dlnotes contributors", "dlnotes: 물음과 답")
    schema = read(site, told["$schema"])
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(told, schema)
    for broken in ({"licence": 1}, {"more": ""}, {"answers": [{**told["answers"][0], "summary": []}]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**told, **broken}, schema)


def test_the_landing_page_leads_there(site):
    assert '<link rel="alternate" type="application/json" title="질문과 답" href="answers.json">' in (
        site / "index.html"
    ).read_text(encoding="utf-8")
    assert "application/json" not in (site / "page.html").read_text(encoding="utf-8")
