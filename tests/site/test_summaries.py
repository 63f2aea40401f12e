"""Pages that sum others up are written anew when there is a reason, and only then."""

import mini_site
import pytest

CONF = """
extensions = ["myst_parser", "dlnotes_site.answers.questions", "dlnotes_site.answers.terms"]
myst_enable_extensions = ["colon_fence"]
"""
PAGE = """# 패딩의 글

""" + mini_site.answer("q01", "패딩", "둘레에 덧대는 값이 패딩입니다.")
TERMS = """
- topic: 하나
  terms: [{ko: 패딩, en: padding, definition: 덧대는 값입니다.}]
"""
FILES = {
    "conf.py": CONF,
    "index.md": "# 첫 화면\n\n```{toctree}\npage\nterms\n```\n",
    "page.md": PAGE,
    "terms.md": "# 용어집\n\n```{glossary-terms}\n```\n",
    "terms.yml": TERMS,
}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_glossary_follows_an_edit_of_another_page_and_rests_otherwise(tmp_path, jobs):
    mini_site.build(tmp_path, FILES, "-j", jobs)
    glossary = mini_site.site(tmp_path) / "terms.html"
    assert "패딩의 글" in mini_site.page(tmp_path, "terms")
    written = glossary.stat().st_mtime_ns

    mini_site.build(tmp_path, {}, "-j", jobs)
    assert glossary.stat().st_mtime_ns == written, "nothing was read"

    mini_site.build(tmp_path, {"page.md": PAGE.replace("패딩의 글", "덧대기의 글")}, "-j", jobs)
    assert "덧대기의 글" in mini_site.page(tmp_path, "terms")
