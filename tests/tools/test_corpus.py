import importlib.util
import os
import subprocess
import sys

import pytest
from pages import ROOT

SCRIPT = ROOT / "tools" / "corpus.py"
spec = importlib.util.spec_from_file_location("corpus_tool", SCRIPT)
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)

PAGE = """---
description: 머리말은 글이 아닙니다.
---

# 제목은 글이 아닙니다

필터(filter)는 {func}`~dlnotes.f`로 셉니다. 폭 $n$이 `p=1`이면 [여기](#q01)에서 봅니다.

```{code-cell}
# 코드는 글이 아닙니다
```

$$
x \\text{수식}
$$

:::{teacher}
{erratum}`출력은 여덟 칸입니다 <e01>`. {eval}`f(8)`칸과 {erratum}`e02`입니다.
:::

```{exercise}
:label: ex

채널을 세십시오.
```

```{solution-start} ex
:class: dropdown
```

답은 둘입니다.
"""


def words(text):
    return [tool.tokens(sentence) for sentence in tool.sentences(tool.prose(text))]


def test_only_prose_is_left_of_a_page():
    assert words(PAGE) == [
        ["필터"],
        ["폭", "여기"],
        ["출력", "여덟"],
        [],
        ["채널"],
        ["답은"],
    ]


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("필터는", "필터"),
        ("필터에서는", "필터"),
        ("출력으로", "출력"),
        ("합성곱의", "합성곱"),
        ("칸은", "칸"),
        ("층에서", "층"),
        ("결과", "결과"),
        ("높이", "높이"),
        ("높이가", "높이"),
        ("이", "이"),
        ("는", "는"),
        ("채널", "채널"),
    ],
)
def test_one_particle_is_taken_off_and_the_noun_lives(word, stem):
    assert tool.stem(word) == stem


def test_words_that_only_end_a_sentence_are_dropped():
    assert tool.tokens("필터는 큽니다. 다른 필터는 작습니까? 보십시오.") == ["필터", "다른", "필터"]


def test_longer_particles_come_first():
    for number, particle in enumerate(tool.PARTICLES):
        assert not any(
            particle != later and later.endswith(particle) for later in tool.PARTICLES[number + 1 :]
        )


def test_rare_words_go_and_short_lines_with_them():
    texts = ["필터와 채널과 출력. 채널과 출력. 입력."]
    assert tool.corpus(texts, min_count=1, max_bytes=1000) == ("필터 채널 출력\n채널 출력\n", 1)
    assert tool.corpus(texts, min_count=2, max_bytes=1000) == ("채널 출력\n채널 출력\n", 2)


def test_the_least_count_rises_until_the_file_fits():
    texts = ["필터와 채널과 출력. 채널과 출력."]
    text, used = tool.corpus(texts, min_count=1, max_bytes=30)
    assert (text, used) == ("채널 출력\n채널 출력\n", 2)
    assert len(text.encode()) <= 30


def test_the_command_writes_the_same_file_wherever_it_runs(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    files = []
    for seed in ("0", "1"):
        output = tmp_path / seed / "corpus.txt"
        command = [sys.executable, str(SCRIPT), str(page), "--output", str(output), "--min-count", "1"]
        result = subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=True,
            encoding="utf-8",
        )
        assert "문장 2개" in result.stdout
        files.append(output.read_bytes())
    assert files[0] == files[1]
    assert files[0].decode() == "폭 여기\n출력 여덟\n"


@pytest.mark.parametrize(("option", "value"), [("--min-count", "0"), ("--max-bytes", "0")])
def test_a_size_below_one_is_refused(option, value, capsys):
    with pytest.raises(SystemExit):
        tool.main([option, value])
    assert option in capsys.readouterr().err


def test_the_file_in_the_library_is_small():
    assert tool.OUTPUT.stat().st_size <= 60_000
