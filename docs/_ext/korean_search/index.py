"""The index: which words stand in which sections, how much each says there, written as one small script.

A reader's browser loads ``index.js`` when the search is first opened, and ``pages/<name>.js`` with the lines
of a page that is among the results. Scripts, not JSON: they load from ``file://`` too, and under a content
security policy of ``script-src 'self'``.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from .reading import CELL, FORMULA, Section
from .words import AFTER, ASKING, LATER, SINGLE, asks, stems, tokens

HEADING = 8.0  # what a word in a heading counts for, where one in plain text counts for 1
SATURATED = 7.5  # however often a word stands under a heading, it says no more than that
STEPS = (1.0, 1.9, 3.8, 7.6, 12.0, 24.0)  # where a weight climbs to the next step
WRITTEN = 0.5  # what is a drawing's counts for less
MUCH = 3  # the step of a word that stands in a heading or an answer in short
COMMON, FEW_PAGES = 0.1, 3  # a word on more than this share of the pages tells them apart only a little
DETAILED = 0.35  # pages that rank lower are found by their headings alone
FORMAT = 3  # of the records that a build keeps


@dataclass
class Record:
    """What the index needs of one page; kept between builds."""

    title: str
    sections: list[tuple[str, int, str]]  # anchor, depth, title
    words: list[dict[str, float]]  # for each section
    digest: str  # of the page's lines as the reader gets them
    leads: dict[str, str] = field(default_factory=dict)  # what answers in short, by the section's number
    format: int = FORMAT

    def dump(self) -> str:
        """Write the record."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def load(cls, text: str) -> Record:
        """Read a record; one of another format raises ValueError."""
        try:
            record = cls(**json.loads(text))
        except TypeError as error:
            raise ValueError(str(error)) from error
        if record.format != FORMAT:
            raise ValueError(f"format {record.format}")
        return record


def record(docname: str, sections: Sequence[Section], *, explains_signs: bool = False) -> tuple[Record, str]:
    """Return a page's record, and the script with its lines."""
    words = [weigh(section, explains_signs=explains_signs) for section in sections]
    lines = [[line.text for line in section.lines] for section in sections]
    script = call("page", docname, lines)
    digest = hashlib.sha256(script.encode()).hexdigest()[:6]
    title = next((section.title for section in sections if section.title), docname)
    leads = {
        str(number): said
        for number, section in enumerate(sections)
        if (said := " ".join(line.text for line in section.lines if line.lead).replace(FORMULA, ""))
    }
    return Record(title, [(s.anchor, s.depth, s.title) for s in sections], words, digest, leads), script


def weigh(section: Section, *, explains_signs: bool = False) -> dict[str, float]:
    """Return what each word of a section counts for there; signs that are explained are as headings."""
    weights: dict[str, float] = defaultdict(float)
    signs: set[str] = set()
    for line in section.lines:
        if explains_signs:
            signs.update(
                word for part in line.text.partition(CELL)[0].split(FORMULA)[1::2] for word in tokens(part)
            )
        for place, part in enumerate(line.text.split(FORMULA)):
            if place % 2:
                found = [word for word in tokens(part) if named(word, line.weight)]
            else:
                found = tokens(FORMULA + part if place else part)
            for word in found:
                if tells(word, line.weight):
                    weights[word] += line.weight
    for word, weight in weights.items():
        weights[word] = min(weight, SATURATED)
    for word in (*tokens(section.title), *signs):
        weights[word] += HEADING
    return {word: round(weight, 2) for word, weight in weights.items()}


def named(word: str, weight: float) -> bool:
    """Leave out the letters of formulas, but Greek ones, and names of two (c_t) where weight is laid."""
    return is_greek(word) or (len(word) > 1 and (not word.isalpha() or (len(word) == 2 and weight > 1)))


def is_greek(word: str) -> bool:
    """Tell whether a word is one Greek letter, which a reader can ask for as few know to type it."""
    return len(word) == 1 and "α" <= word <= "ω"


def tells(word: str, weight: float) -> bool:
    """Leave out single figures and letters, but where weight is laid; and any figures in drawings."""
    if len(word) == 1 and not "가" <= word <= "힣":
        return weight > 1 or is_greek(word)
    return weight >= WRITTEN or not word[0].isdigit()


def level(weight: float) -> int:
    """Put a weight on the steps that the index has room for."""
    return bisect_right(STEPS, weight + 1e-6)


# --- the script -----------------------------------------------------------------------------------

DIGITS = "".join(chr(code) for code in range(35, 127) if chr(code) not in "\\0123456789<")
HALF = len(DIGITS) // 2


def number(value: int) -> str:
    """Write a number: its last digit from the first half of the digits, those before from the second."""
    text = DIGITS[value % HALF]
    while value := value // HALF:
        text = DIGITS[HALF + value % HALF] + text
    return text


def postings(found: Mapping[int, int]) -> str:
    """Write where a word stands: for each level its figure, then the steps from section to section."""
    by_level: dict[int, list[int]] = defaultdict(list)
    for section, step in sorted(found.items()):
        by_level[step].append(section)
    text = ""
    for step, sections in sorted(by_level.items()):
        text += str(step)
        last = 0
        for section in sections:
            text += number(section - last)
            last = section
    return text


def thinned(places: Mapping[int, int], page_of: Sequence[int]) -> dict[int, int]:
    """Leave of a word that many pages use only its best place on each, and those where it says much."""
    best: dict[int, int] = {}
    for place, step in places.items():
        page = page_of[place]
        if page not in best or step > places[best[page]]:
            best[page] = place
    floor = 1 if len(best) <= max(FEW_PAGES, page_of[-1] * COMMON) else MUCH
    return {place: step for place, step in places.items() if step >= floor or best[page_of[place]] == place}


def front_coded(words: Iterable[str]) -> list[str]:
    """Write sorted words, each without what it shares with the one before."""
    last = ""
    coded = []
    for word in words:
        shared = 0
        while shared < min(len(word), len(last), 35) and word[shared] == last[shared]:
            shared += 1
        coded.append("0123456789abcdefghijklmnopqrstuvwxyz"[shared] + word[shared:])
        last = word
    return coded


def line(docname: str, anchor: str, depth: int, title: str) -> str:
    """Write a section; the title of a described name only where its anchor does not say it."""
    name = anchor.rpartition(".")[2]
    return f"{depth}{anchor}" + (f"\t{title}" if title.partition("(")[0] != name else "")


def words_of(ways: Iterable[str]) -> set[str]:
    """Return the words of the ways in which something is asked, without those that ask."""
    return {word for way in ways for word in tokens(way) if not asks(word)}


def entries(synonyms: Sequence[Sequence[str]], titles: Sequence[str]) -> list[tuple[int, int]]:
    """Find for each group of names its entry in a glossary: the section whose title lists two of them."""
    by_first: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, title in enumerate(titles):
        if words := tokens(title):
            by_first[words[0]].append((place, " ".join(words)))
    found = []
    for number, group in enumerate(synonyms):
        names = [" ".join(words) for name in group if (words := tokens(name))]
        near = {one for name in names for one in by_first.get(name.partition(" ")[0], ())}
        if listed := [place for place, title in near if lists(title, names) > 1]:
            found.append((number, min(listed)))
    return found


def lists(title: str, names: Sequence[str]) -> int:
    """Count the names of which a title is made; none, if it is made of anything else."""
    for name in names:
        if title == name:
            return 1
        if title.startswith(f"{name} ") and (rest := lists(title[len(name) + 1 :], names)):
            return 1 + rest
    return 0


def said_script(records: Mapping[str, Record]) -> str:
    """Return the script with what answers in short: of each page, by the number of the section."""
    return call("say", {docname: page.leads for docname, page in sorted(records.items()) if page.leads})


def call(name: str, *arguments: object) -> str:
    """Write a call of the script that answers queries."""
    written = (json.dumps(a, ensure_ascii=False, separators=(",", ":")) for a in arguments)
    return f"koreanSearch.{name}({','.join(written)})\n"


def index_script(
    records: Mapping[str, Record],
    ranks: Mapping[str, float],
    synonyms: Sequence[Sequence[str]],
    settings: Mapping[str, object],
    asked: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
) -> str:
    """Return the script with the index; the ways in which a section is `asked` for are as its heading."""
    known = frozenset(word for group in synonyms for form in group for word in tokens(form))
    asked_words = {
        docname: {anchor: words_of(ways) for anchor, ways in sections.items()}
        for docname, sections in (asked or {}).items()
    }
    written = (word for page in records.values() for words in page.words for word in words)
    kept = stems(
        (*written, *(w for ways in asked_words.values() for words in ways.values() for w in words)), known
    )
    found: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    pages: list[object] = []
    page_of: list[int] = []
    titles: list[str] = []  # of the sections that may be entries of a glossary
    for docname, page in sorted(records.items()):
        first = len(page_of)
        titles += [title if depth > 1 else "" for _, depth, title in page.sections]
        for words in page.words:
            for word, weight in words.items():
                if (keep := kept.get(word, word)) and (ranks[docname] >= DETAILED or weight >= HEADING):
                    found[keep][len(page_of)] += weight
            page_of.append(len(pages))
        for number, (anchor, _depth, _title) in enumerate(page.sections):
            for keep in {kept.get(word, word) for word in asked_words.get(docname, {}).get(anchor, ())}:
                if keep:
                    found[keep][first + number] += HEADING
        sections = "\n".join(line(docname, *section) for section in page.sections)
        pages.append([docname, page.title, ranks[docname], page.digest, sections])
    levels = {
        word: thinned({place: level(weight) for place, weight in places.items()}, page_of)
        for word, places in sorted(found.items())
    }
    return call(
        "index",
        {
            **settings,
            "endings": [" ".join(kind) for kind in (SINGLE, AFTER, LATER)],
            "asking": " ".join(sorted(ASKING)),
            "digits": DIGITS,
            "pages": pages,
            "words": "\n".join(front_coded(levels)),
            "postings": "\n".join(map(postings, levels.values())),
            "synonyms": [list(group) for group in synonyms],
            "entries": entries(synonyms, titles),
        },
    )
