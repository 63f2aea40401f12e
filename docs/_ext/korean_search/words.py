"""Words as the index keeps them: what a run of text is cut into, and which particles a Korean word sheds.

The script that answers queries cuts them in the same way (``tokens`` in ``engine.js``); it is given `ENDINGS`
with the index, so that the list stands in one place.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path


def listed(name: str) -> list[str]:
    """Read the lines of one of our lists, without remarks."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def kinds() -> dict[str, list[str]]:
    """Read what may follow a noun, by kind."""
    found: dict[str, list[str]] = {}
    for line in listed("endings.txt"):
        if line.startswith("["):
            found[line.strip("[]")] = []
        else:
            found[list(found)[-1]] += line.split()
    return found


KINDS = kinds()
AFTER, LATER = KINDS["after"], KINDS["later"]
SINGLE = [ending for kind, found in KINDS.items() if kind != "later" for ending in found]
ENDINGS = frozenset(SINGLE) | {first + then for first in AFTER for then in LATER}
LONGEST = max(map(len, ENDINGS))
ASKING = frozenset(word for line in listed("asking.txt") for word in line.split())

LONGEST_NUMBER = 8  # characters; the digits after them find nothing more
HANGUL = "가-힣"
SIGNS = "∂∇⊙⊗⋆∑∏⌊⌈"  # of formulas, that are no letters
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁱⁿᵏᵈᵀ", "0123456789+-inkdt")
# Other ways to write the same, each with what is kept: 2ⁿ, r_t, 5×5, 10 퍼센트, 2의 n제곱.
WRITTEN = (
    (re.compile(r"(?<=\w)([⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁱⁿᵏᵈᵀ]+)"), lambda found: "^" + found[1].translate(RAISED)),
    (re.compile(r".+", re.DOTALL), lambda found: unicodedata.normalize("NFKC", found[0]).lower()),
    (re.compile(r"(?<![^\W\d])([^\W\d_])_\{?([^\W_]{1,2})(?![^\W_])\}?"), r"\1\2"),
    (re.compile(r"([0-9a-z]+)의\s*([0-9a-z]+)\s*제곱"), r"\1^\2"),
    (re.compile(r"([a-z])제곱"), r"\1^2"),
    (re.compile(r"(?<=[0-9a-z])\^\s*[({]?(\w+)[)}]?"), r"^\1"),
    (re.compile(r"(?<=\d)(?:\s*[x×*]\s*|[·∙⋅])(?=\d)"), "x"),
    (re.compile(r"(?<=\d)\s*퍼센트"), "%"),
    (re.compile(r"(?<=\d)\s*\^?[∘°]"), "°"),
    (re.compile("\N{FRACTION SLASH}"), "/"),
)
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
WHOLE = "|".join(  # 5x5, 1/2, 2^n, 10%
    (
        rf"(?<![a-z]){NUMBER}(?:x{NUMBER})+",
        r"(?<![a-z\d./])\d+/\d+(?![a-z\d/])",
        r"(?<![a-z\d])(?:[a-z]|\d+)\^[a-z\d]{1,2}(?![a-z\d])",
        r"(?<![\d.])\d{1,3}[%°]",
    )
)
TOKEN = re.compile(
    rf"(?P<whole>{WHOLE})"
    rf"|(?P<number>{NUMBER})"
    rf"|(?P<hangul>[{HANGUL}]+)"
    rf"|(?P<word>(?:(?![{HANGUL}\d_])\w)(?:(?![{HANGUL}])\w)*)"
    rf"|(?P<sign>[{SIGNS}])"
)


def normalize(text: str) -> str:
    """Return the text in lower case, composed, and what can be written in several ways in one."""
    for pattern, kept in WRITTEN:
        text = pattern.sub(kept, text)
    return text


def tokens(text: str) -> list[str]:
    """Cut a text into words: numbers without separators, names whole and in parts, Hangul as it stands.

    Products, fractions, powers and numbers with a sign (5x5, 1/2, 2^n, 10%) are words, as are their numbers.
    A particle that follows a number, a name or a bracket (608은, LSTM의) is no word.
    """
    found: list[str] = []
    text = normalize(text)
    for match in TOKEN.finditer(text):
        word = match[0]
        if match.lastgroup == "whole":
            found.append(word.replace(",", ""))
            found += numbers(word)
        elif match.lastgroup == "number":
            found += numbers(word)
        elif match.lastgroup == "word":
            parts = [part for part in word.split("_") if part]
            found += parts if len(parts) < 2 else ["_".join(parts), *parts]
        elif match.lastgroup == "sign" or word not in ENDINGS or text[: match.start()][-1:].strip() == "":
            found.append(word)
    return found


def numbers(text: str) -> list[str]:
    """Return the numbers in a text, without separators."""
    return [number.replace(",", "")[:LONGEST_NUMBER] for number in re.findall(NUMBER, text)]


def cuts(word: str) -> Iterable[tuple[str, str]]:
    """Yield what is left of a Hangul word without each ending that it may have, the longest ending first."""
    for size in range(min(LONGEST, len(word) - 1), 0, -1):
        if word[-size:] in ENDINGS:
            yield word[:-size], word[-size:]


# Forms of verbs end so, and nobody searches for them: 나눕니다, 보십시오, 꺾였으므로, 굽었다는.
VERBAL = ("니다", "니까", "시오")
JOINING = ("므로", "느라", "수록", "거나", "다는", "다고", "다면", "지만", "는데", "는지", "면서", "려고")


def asks(word: str) -> bool:
    """Tell whether a word asks rather than names."""
    return word in ASKING or any(stem in ASKING for stem, _ending in cuts(word))


def is_verbal(word: str) -> bool:
    """Tell whether a word is a verb in a form that nobody searches for."""
    return word.endswith(VERBAL) or (len(word) > 3 and word.endswith(JOINING))


def stems(words: Iterable[str], known: frozenset[str] = frozenset()) -> dict[str, str]:
    """Say what each Hangul word is kept as; as nothing, where nobody would search for it.

    Without a dictionary, the words themselves tell: a stem is believed when it also stands alone or with
    another ending, and a word that takes endings itself (차이가, 차이를) is not cut into 차 and 이.
    The site's `known` words need no telling.
    """
    hangul = {word for word in words if "가" <= word[0] <= "힣"}
    followed: dict[str, set[str]] = defaultdict(set)
    for word in hangul:
        for stem, ending in cuts(word):
            followed[stem].add(ending)
    kept = {}
    for word in hangul:
        kept[word] = word
        if word in known or len(followed.get(word, ())) >= 2:
            continue
        left = [stem for stem, _ending in cuts(word)]
        believed = [stem for stem in left if stem in known] or [
            stem for stem in left if stem in hangul or len(followed[stem]) >= 2
        ]
        kept[word] = believed[0] if believed else "" if is_verbal(word) else word
    return kept
