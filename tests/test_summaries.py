"""Pages that sum others up are written anew when there is a reason, and only then."""

import subprocess
import sys
from pathlib import Path

import pytest

import dl_terms

CONF = f"""import sys
sys.path.insert(0, {str(Path(dl_terms.__file__).parent)!r})
extensions = ["myst_parser", "dl_questions", "dl_terms"]
myst_enable_extensions = ["colon_fence"]
"""
PAGE = """# 패딩의 글

(q01)=
## 패딩

:::{short-answer} q01
둘레에 덧대는 값이 패딩입니다.
:::
:::{question}
무엇인가요?
:::
:::{teacher}
값입니다.
:::
"""


@pytest.fixture
def site(tmp_path):
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    (tmp_path / "index.md").write_text("# 첫 화면\n\n```{toctree}\npage\nterms\n```\n", encoding="utf-8")
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "terms.md").write_text("# 용어집\n\n```{glossary-terms}\n```\n", encoding="utf-8")
    (tmp_path / "terms.yml").write_text(
        "- topic: 하나\n  terms: [{ko: 패딩, en: padding, definition: 덧대는 값입니다.}]\n", encoding="utf-8"
    )

    def build(*more: str) -> str:
        command = [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "-b",
            "html",
            *more,
            str(tmp_path),
            str(tmp_path / "o"),
        ]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    return tmp_path, build


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_glossary_follows_an_edit_of_another_page_and_rests_otherwise(site, jobs):
    folder, build = site
    build("-j", jobs)
    glossary = folder / "o" / "terms.html"
    assert "패딩의 글" in glossary.read_text(encoding="utf-8")
    written = glossary.stat().st_mtime_ns

    build("-j", jobs)
    assert glossary.stat().st_mtime_ns == written, "nothing was read"

    (folder / "page.md").write_text(PAGE.replace("패딩의 글", "덧대기의 글"), encoding="utf-8")
    build("-j", jobs)
    assert "덧대기의 글" in glossary.read_text(encoding="utf-8")
