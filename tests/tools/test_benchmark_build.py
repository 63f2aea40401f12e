"""What the benchmark of building makes of the pages."""

import importlib.util
import re
import sys

import pytest
import yaml
from pages import PAGES, ROOT, code_cells

SPEC = importlib.util.spec_from_file_location("benchmark_build", ROOT / "tools" / "benchmark_build.py")
tool = sys.modules["benchmark_build"] = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(tool)

PAGE = """---
description: 보기
---

# 보기

첫 문단입니다. 용어 q07은 이름이 아닙니다.

(q07)=
## Q07. 무엇인가요?

:::{short-answer} q07
답은 {eval}`1 + 1`입니다. {ref}`Q08 <q08>`도 보십시오.
:::

:::{teacher}
{erratum}`고친 것 <e05>`과 {erratum}`e10-conv1`입니다.
:::

(a-section)=
### 절

가운데 문단은 [](#fig-one)과 [여기](#a-section), [다른 글](other.md#b), [또](other.md)를 가리킵니다.

$$
x.
$$

```{code-cell}
---
mystnb:
  figure:
    name: fig-one
    caption: 그림.
---
name = "fig-one"  # a-section (q07)=
```

마지막 문단입니다 {footcite:p}`someone`.

```{exercise}
:label: ex-one

푸십시오.
```

```{solution-start} ex-one
:class: dropdown
```

풀이입니다.

```{solution-end}
```

```{footbibliography}
```
"""
OTHER = "# 다른\n\n(q08)=\n## Q08. 둘째\n\n(b)=\n### 절\n"


def answers():
    return tool.Answers(
        {"one": PAGE, "other": OTHER},
        [
            {
                "question": "q07",
                "claims": [{"claim": "참", "verdict": "holds", "shown": ["fig-one", "e05", "b"]}],
            }
        ],
        [
            {"id": "e05", "question": "q07"},
            {"id": "e10-conv1", "question": "q08"},
            {"id": "e11", "question": "q08"},
        ],
        [{"page": "one", "kind": "new"}, {"page": "other", "kind": "new"}],
    )


def test_a_page_gives_its_anchors_labels_and_figures():
    assert tool.names_in(PAGE) == ["q07", "a-section", "ex-one", "fig-one"]


def test_a_copy_of_some_pages_renames_what_they_give_and_what_is_meant_by_it():
    text = answers().copied(1, ["one"]).pages["one-c1"]
    for line in (
        "(q09)=",
        "## Q09. 무엇인가요?",
        ":::{short-answer} q09",
        "(a-section-c1)=",
        "    name: fig-one-c1",
        ":label: ex-one-c1",
        "```{solution-start} ex-one-c1",
    ):
        assert line in text.splitlines()
    for part in ("[](#fig-one-c1)", "[여기](#a-section-c1)", "<e05-c1>`", "{erratum}`e10-conv1-c1`"):
        assert part in text


def test_a_copy_keeps_what_pages_beside_it_give_and_every_word_that_is_no_name():
    text = answers().copied(1, ["one"]).pages["one-c1"]
    for part in ("{ref}`Q08 <q08>`", "[다른 글](other.md#b)", "[또](other.md)", "용어 q07은"):
        assert part in text


def test_copies_of_all_pages_lead_to_one_another():
    text = answers().copied(2, ["one", "other"]).pages["one-c2"]
    for part in ("<q12>`", "[다른 글](other-c2.md#b-c2)", "[또](other-c2.md)"):
        assert part in text


def test_a_copys_ledgers_speak_of_the_copy():
    copy = answers().copied(1, ["one"])
    assert copy.claims[0]["question"] == "q09"
    assert copy.claims[0]["claims"][0]["shown"] == ["fig-one-c1", "e05-c1", "b"]
    assert copy.errata == [{"id": "e05-c1", "question": "q09"}, {"id": "e10-conv1-c1", "question": "q08"}]
    assert copy.news == [{"page": "one-c1", "kind": "new"}]


def test_copies_make_as_many_pages_as_are_asked_for():
    assert [list(copy.pages) for copy in answers().copies(5)] == [["one-c1", "other-c1"], ["one-c2"]]
    assert answers().copies(2) == []
    with pytest.raises(ValueError, match="pages: 1"):
        answers().copies(1)


def test_the_copies_of_our_own_pages_run_the_same_code_and_give_no_name_twice():
    ours = tool.read_answers(ROOT / "docs")
    copies = ours.copies(3 * len(ours.pages) - 1)
    texts = [*ours.pages.values(), *(text for copy in copies for text in copy.pages.values())]
    for copy in copies:
        for original, text in zip(ours.pages.values(), copy.pages.values(), strict=False):
            assert code_cells(text) == code_cells(original)
    names = [name for text in texts for name in tool.names_in(text)]
    assert len(set(names)) == len(names)
    errata = [entry["id"] for part in (ours, *copies) for entry in part.errata]
    assert len(set(errata)) == len(errata)


def test_copies_are_added_to_the_ledgers_and_the_landing_page(tmp_path):
    for name, entries in (
        ("claims", answers().claims),
        ("errata", answers().errata),
        ("news", answers().news),
    ):
        (tmp_path / f"{name}.yml").write_text(yaml.safe_dump(entries), encoding="utf-8")
    (tmp_path / "index.md").write_text("# 첫 화면\n", encoding="utf-8")
    for name, text in answers().pages.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    tool.add(tmp_path, answers().copies(4))
    read = tool.read_answers(tmp_path)
    assert list(read.pages) == ["one", "other", "one-c1", "other-c1"]
    assert [entry["question"] for entry in read.claims] == ["q07", "q09"]
    assert (tmp_path / "index.md").read_text(encoding="utf-8").count("one-c1\nother-c1\n```") == 2


def test_a_bared_page_holds_no_directive_and_no_role_of_ours():
    text = tool.bare(PAGE)
    assert set(re.findall(r"\{([\w-]+)\}", text)) == {"container", "code-cell"}
    assert not re.search(r"\}`|:label:|solution|footbib", text)
    for kept in ("`1 + 1`", "`고친 것 <e05>`", "푸십시오.", "풀이입니다.", "(a-section)="):
        assert kept in text


@pytest.mark.parametrize(
    "page", [path for path in PAGES if "(q" in path.read_text(encoding="utf-8")], ids=str
)
def test_a_bared_page_of_ours_keeps_its_headings_and_its_cells(page):
    text = page.read_text(encoding="utf-8")
    bared = tool.bare(text)
    assert code_cells(bared) == code_cells(text)
    assert re.findall(r"^#+ .*", bared, re.M) == re.findall(r"^#+ .*", text, re.M)


def test_a_sentence_is_added_to_the_middle_paragraph_of_prose():
    changed = tool.with_sentence(PAGE, "더한 것입니다.")
    (line,) = set(changed.splitlines()) - set(PAGE.splitlines())
    assert line.startswith("가운데 문단은")
    assert line.endswith("가리킵니다. 더한 것입니다.")
    assert changed.replace(" 더한 것입니다.", "") == PAGE


def test_a_page_without_prose_has_no_place_for_a_sentence():
    with pytest.raises(ValueError, match="text"):
        tool.with_sentence("# 제목\n\n```\n글.\n\n```\n", "더한 것.")


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_what_is_left_running_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "PLACE", tmp_path)
    with pytest.raises(SystemExit, match="left processes running"):
        tool.measure(["sh", "-c", "sleep 4 >/dev/null 2>&1 &"], tmp_path)


def test_a_command_that_fails_is_told_with_its_last_words(tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "PLACE", tmp_path)
    with pytest.raises(SystemExit, match=r"failed \(3\):\nbroken"):
        tool.measure(["sh", "-c", "echo broken; exit 3"], tmp_path)


def test_the_processor_seconds_of_what_a_command_starts_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "PLACE", tmp_path)
    busy = "import time\nwhile time.process_time() < .5: pass"
    cost = tool.measure(["sh", "-c", f"'{sys.executable}' -c '{busy}'; true"], tmp_path)
    assert cost.processor >= 0.5


@pytest.mark.parametrize(("rise", "missed"), [(0.0, False), (1.0, True)])
def test_a_page_may_cost_more_than_the_themes_but_not_more_with_every_further_page(
    rise, missed, tmp_path, monkeypatch
):
    def measure(command, folder, watch=False):
        site = command[0] == "make"
        pages = len(list((folder / "docs" if site else folder).glob("*.md")))
        return tool.Cost(pages * (3.0 + rise * pages if site else 1.0), 1.0, 10**8)

    monkeypatch.setattr(tool, "PLACE", tmp_path)
    monkeypatch.setattr(tool, "measure", measure)
    ours, report = tool.read_answers(ROOT / "docs"), tool.Report()
    tool.growth(ours, [2 * len(ours.pages), len(ours.pages)], 1, report)
    assert any("더한 한 쪽" in what for what in report.missed) == missed
    assert not [what for what in report.missed if "기억" in what]
