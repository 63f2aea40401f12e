"""The site's menu: topics, pages and questions, on every page as they are now."""

import mini_site
import pytest

CONF = """
import sys
extensions = ["myst_parser", "dlnotes_site.landing.index", "dlnotes_site.theme.menu"]
myst_enable_extensions = ["colon_fence"]
templates_path = ["templates"]
"""
ANSWER = """# 글

""" + mini_site.answer("q01", "처음 질문", "짧은 답입니다.")
FILES = {
    "conf.py": CONF,
    "index.md": "# 첫 화면\n\n```{toctree}\n:caption: 주제\n\npage\nother\n```\n",
    "page.md": ANSWER,
    "other.md": "# 다른 글\n\n```{toctree}\n\nbelow\n```\n",
    "below.md": "# 아래의 `글`\n",
    "templates/page.html": """{%- for topic, entries in menu %}[{{ topic }}
{%- for entry in entries %} {{ entry.docname }} {{ entry.title }} {{ entry.questions }}
{%- if entry.below and entry.holds(pagename) %} below: {{ entry.below[0].title }}{% endif %};
{%- endfor %}]{% endfor %}""",
}


@pytest.fixture
def site(tmp_path):
    mini_site.build(tmp_path, FILES)
    return tmp_path


def test_a_page_has_its_questions_and_those_below_it_where_they_are_read(site):
    first = "[주제 page 글 {'q01': '처음 질문'}; other 다른 글 {}"
    assert mini_site.page(site) == f"{first};]"
    below = mini_site.page(site, "below")
    assert below.startswith(f"{first} below: 아래의 <code")
    assert mini_site.page(site, "other") == below


def test_no_page_keeps_a_question_that_is_asked_in_other_words_now(site):
    mini_site.build(site, {"page.md": ANSWER.replace("처음 질문", "고친 질문")})
    for name in ("index", "page", "other", "below"):
        assert "고친 질문" in mini_site.page(site, name)
        assert "처음 질문" not in mini_site.page(site, name)
