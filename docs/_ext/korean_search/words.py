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


def kinds() -> dict[str, list[str]]:
    """Read what may follow a noun, by kind."""
    found: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "endings.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            found[line.strip("[]")] = []
        elif line and not line.startswith("#"):
            found[list(found)[-1]] += line.split()
    return found


KINDS = kinds()
AFTER, LATER = KINDS["after"], KINDS["later"]
SINGLE = [ending for kind, found in KINDS.items() if kind != "later" for ending in found]
ENDINGS = frozenset(SINGLE) | {first + then for first in AFTER for then in LATER}
LONGEST = max(map(len, ENDINGS))

LONGEST_NUMBER = 8  # characters; the digits after them find nothing more
HANGUL = "가-힣"
BETWEEN_NUMBERS = re.compile(r"(?<=\d)\s*[x×*·∙⋅]\s*(?=\d)", re.IGNORECASE)
TOKEN = re.compile(
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"|(?P<hangul>[{HANGUL}]+)"
    rf"|(?P<word>(?:(?![{HANGUL}\d_])\w)(?:(?![{HANGUL}])\w)*)"
)


def normalize(text: str) -> str:
    """Return the text in lower case, composed, full-width forms as plain ones, ``5×5`` as two numbers."""
    return BETWEEN_NUMBERS.sub(" ", unicodedata.normalize("NFKC", text).lower())


def tokens(text: str) -> list[str]:
    """Cut a text into words: numbers without separators, names whole and in parts, Hangul as it stands.

    A particle that follows a number, a name or a bracket (608은, LSTM의) is no word.
    """
    found: list[str] = []
    text = normalize(text)
    for match in TOKEN.finditer(text):
        word = match[0]
        if match.lastgroup == "number":
            found.append(word.replace(",", "")[:LONGEST_NUMBER])
        elif match.lastgroup == "word":
            parts = [part for part in word.split("_") if part]
            found += parts if len(parts) < 2 else ["_".join(parts), *parts]
        elif word not in ENDINGS or text[: match.start()][-1:].strip() == "":
            found.append(word)
    return found


def cuts(word: str) -> Iterable[tuple[str, str]]:
    """Yield what is left of a Hangul word without each ending that it may have, the longest ending first."""
    for size in range(min(LONGEST, len(word) - 1), 0, -1):
        if word[-size:] in ENDINGS:
            yield word[:-size], word[-size:]


# Polite forms of verbs end so, and nobody searches for them: 나눕니다, 보십시오.
POLITE = ("니다", "니까", "시오")


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
        kept[word] = believed[0] if believed else "" if word.endswith(POLITE) else word
    return kept
