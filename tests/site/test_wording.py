"""What the pages do not say, and what they say instead."""

import mini_site
import pytest

from dlnotes_site.answers.wording import Wording, avoided

CONF = """
extensions = ["myst_parser", "dlnotes_site.answers.wording", "dlnotes_site.landing.index"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
"""
TERMS = """
- topic: 최적화
  terms:
    - {ko: 비용, en: cost, variants: [손실, MAC, loss], definition: 줄이려는 수입니다.}
    - {ko: 기울기, en: gradient, variants: [경사], definition: 변화율입니다.}
    - {ko: 경사 하강법, en: gradient descent, definition: 따라 내려갑니다.}
"""
WORDS = (
    "- {write: 이유, avoid: [까닭]}\n- {write: 비교하다, avoid: [견주~]}\n- {write: 신경망, avoid: [망]}\n"
)
PAGE = """# 글

(q01)=
## 첫째

:::{{short-answer}} q01
답입니다.
:::
:::{{disputed}}
표입니다.
:::
:::{{question}}
무엇인가요?
:::
:::{{teacher}}
그것입니다.
:::
:::{{summary}}
- 하나입니다.
- 둘입니다.
- 셋입니다.
:::

{}

```{{question-index}}
```

```{{toctree}}
terms
```
"""


def attempt(folder, words):
    pages = {"index.md": PAGE.format(words), "terms.md": "# 용어\n\n```{glossary-terms}\n```\n"}
    return mini_site.attempt(folder, {"conf.py": CONF, "terms.yml": TERMS, "words.yml": WORDS, **pages})


@pytest.mark.builds
@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("손실을 줄입니다.", "write 비용, not 손실을"),
        ("그 까닭입니다.", "write 이유, not 까닭입니다"),
        ("둘을 **견주면** 됩니다.", "write 비교하다, not 견주"),
        ("망의 깊이입니다.", "write 신경망, not 망의"),
        ("따라\n경사가 큽니다.", "write 기울기, not 경사가"),
        ("보십시오. " * 4, "…십시오 stands 4 times, of 3 that it may"),
    ],
)
def test_a_word_that_has_another_fails_the_build_and_names_it(tmp_path, words, told):
    done = attempt(tmp_path, words)
    assert done.returncode != 0
    assert told in done.stderr


@pytest.mark.parametrize("name", ["terms.yml", "words.yml"])
def test_an_empty_ledger_is_told_by_its_name_before_a_page_is_read(tmp_path, name):
    files = {"conf.py": CONF, "index.md": PAGE.format(""), "terms.yml": TERMS, "words.yml": WORDS}
    done = mini_site.attempt(tmp_path, files | {name: "# 빈 장부\n"})
    assert f"{name}:1: must be a list of entries, got None" in done.stderr
    assert "reading sources" not in done.stdout


def test_a_site_may_have_no_terms(tmp_path):
    pages = {"index.md": PAGE.format("").replace("terms\n", "more\n"), "more.md": "# 글\n"}
    mini_site.build(tmp_path, {"conf.py": CONF, "terms.yml": "[]\n", "words.yml": WORDS, **pages})


def test_longer_terms_other_words_code_and_latin_variants_stay(tmp_path):
    stays = "경사\n하강법, 희망, 망설임, MAC, `손실`, $까닭$입니다."
    done = attempt(tmp_path, stays + " 보십시오." * 3)
    assert done.returncode == 0, done.stderr


NETS = avoided((), (Wording("신경망", ("망",), "words.yml:1"),))


@pytest.mark.parametrize("words", ["망이 깊다", "깊은 망", "망들은", "망으로", "(망)"])
def test_a_word_is_found_with_its_particle(words):
    assert [(found[0], found[1] - found[0], found[3]) for found in NETS.found_in(words)] == [
        (words.index("망"), 1, "신경망")
    ]


@pytest.mark.parametrize("words", ["망각", "신경망", "희망이", "망설이다", "망원경", "망 때문에"])
def test_a_word_is_not_found_in_another(words):
    assert not list(NETS.found_in(words))


def test_the_longer_of_two_words_is_found():
    both = avoided((), (Wording("가", ("보는 것", "보는 것~", "보는"), ""),))
    assert [found[1:] for found in both.found_in("보는 것이, 보는  것들")] == [
        (4, "보는 것", "가"),
        (12, "보는  것", "가"),
    ]
