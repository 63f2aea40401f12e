"""글에서 말뭉치를 만든다. 표준 라이브러리만 쓴다.

사용: python tools/corpus.py [글.md …] [--output 파일] [--min-count 2] [--max-bytes 60000]

글을 주지 않으면 docs/*.md를 이름 차례로 모두 읽는다. 코드, 수식, 지시어, 링크 주소를 걷어 낸 본문을
문장으로 나누고, 한글 낱말만 남겨 조사를 떼고 문장을 맺는 말은 버린다. 문장 하나가 한 줄이고 낱말
사이는 빈칸 하나다. `--min-count` 보다 적게 나온 낱말은 버리며, 파일이 `--max-bytes` 보다 크면 들어갈
때까지 그 수를 하나씩 올린다. 기본 파일은 src/dlnotes/data/corpus.txt이고, 이 파일이 바뀌면 사이트의
수도 바뀐다.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "src" / "dlnotes" / "data" / "corpus.txt"

# fmt: off
PARTICLES = (
    "에서는", "에서도", "으로는", "으로도", "이라는", "이라고", "이지만", "까지는", "보다는",
    "에서", "에게", "에는", "에도", "으로", "로는", "로도", "라는", "라고", "까지",
    "부터", "처럼", "보다", "마다", "만큼", "이나", "하고", "은", "는", "이", "가",
    "을", "를", "의", "에", "도", "만", "로", "와", "과",
)
# fmt: on
"""떼는 조사. 긴 것부터 견준다."""

SHORT = frozenset("칸층창폭값식수합축점줄글말쌍행열")
"""한 글자 낱말. 한 글자가 남을 때는 이 가운데 있어야 조사를 뗀다. 그래야 높이, 결과 같은 낱말이 산다."""

ENDINGS = ("다", "까", "시오")
"""문장을 맺는 말의 끝. 합니다, 입니까, 보십시오처럼 어느 글에나 나오므로 버린다."""

MARKUP = [
    (r"\A---\n[\s\S]*?\n---\n", " "),  # front matter
    (r"^(`{3,})\{exercise\}.*\n([\s\S]*?)^\1[ \t]*$", r"\2"),  # exercises are prose
    (r"^(`{3,}|~{3,})[\s\S]*?^\1[ \t]*$", "\n\n"),  # code, tables, figures, marks of solutions
    (r"^\$\$[\s\S]*?\$\$.*$", " "),
    (r"\{erratum\}`([^`<]*?)\s*<[^`>]*>`", r"\1"),  # words put right stand in the text
    (r"\{[\w:+-]+\}`[^`]*`", "X"),
    (r"(`+)[^`][\s\S]*?\1", "X"),
    (r"\$[^$]*\$", "X"),
    (r"\[([^\]]*)\]\([^)]*\)", r"\1"),
    (r"^\([\w-]+\)=[ \t]*$", " "),
    (r"^:{3,}.*$", "\n"),
    (r"^:[\w-]+:.*$", " "),
    (r"^#+ .*$", "\n"),
    (r"\([^()]*\)", ""),  # the English in brackets stands between a noun and its particle
]


def prose(text: str) -> str:
    """마크다운에서 본문만 남긴다. 문장 속의 수식과 코드는 X가 된다."""
    for pattern, replacement in MARKUP:
        text = re.sub(pattern, replacement, text, flags=re.M)
    return text


def sentences(text: str) -> list[str]:
    """본문을 문장으로 나눈다. 빈 줄과 문장 부호가 문장을 끝낸다."""
    parts = re.split(r"\n\s*\n|(?<=[.?!])\s+", text)
    return [" ".join(part.split()) for part in parts if part.strip()]


def stem(word: str) -> str:
    """낱말 끝의 조사를 하나 뗀다."""
    for particle in PARTICLES:
        rest = word.removesuffix(particle)
        if rest != word and (len(rest) >= 2 or rest in SHORT):
            return rest
    return word


def tokens(sentence: str) -> list[str]:
    """한글 낱말에서 조사를 뗀 것. 수식이나 영문에 붙은 조사와 문장을 맺는 말은 뺀다."""
    found = re.findall(r"(?<![A-Za-z0-9가-힣])[가-힣]+", sentence)
    return [stem(word) for word in found if not word.endswith(ENDINGS)]


def corpus(texts: Iterable[str], *, min_count: int, max_bytes: int) -> tuple[str, int]:
    """말뭉치 파일의 글과, 실제로 쓴 최소 횟수."""
    lines = [tokens(sentence) for text in texts for sentence in sentences(prose(text))]
    counts = Counter(word for line in lines for word in line)
    while True:
        kept = [[word for word in line if counts[word] >= min_count] for line in lines]
        text = "".join(" ".join(line) + "\n" for line in kept if len(line) > 1)
        if len(text.encode()) <= max_bytes:
            return text, min_count
        min_count += 1


def main(arguments: Sequence[str] | None = None) -> int:
    """명령줄을 읽고 파일을 쓴다."""
    parser = argparse.ArgumentParser(description="글에서 말뭉치를 만든다.")
    parser.add_argument("pages", nargs="*", type=Path, help="읽을 글(없으면 docs/*.md)")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="쓸 파일")
    parser.add_argument("--min-count", type=int, default=2, help="이보다 적게 나온 낱말은 버린다")
    parser.add_argument("--max-bytes", type=int, default=60_000, help="파일의 가장 큰 크기(바이트)")
    options = parser.parse_args(arguments)
    if options.min_count < 1 or options.max_bytes < 1:
        parser.error(f"--min-count와 --max-bytes는 1 이상: {options.min_count}, {options.max_bytes}")
    pages = options.pages or sorted((ROOT / "docs").glob("*.md"))
    texts = [page.read_text(encoding="utf-8") for page in pages]
    text, used = corpus(texts, min_count=options.min_count, max_bytes=options.max_bytes)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(text, encoding="utf-8")
    words = text.split()
    print(
        f"dlnotes: 글 {len(texts)}편에서 문장 {len(text.splitlines()):,}개, 낱말 {len(words):,}개"
        f"(서로 다른 것 {len(set(words)):,}개, 최소 {used}번), {len(text.encode()):,}바이트: {options.output}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
