"""A formula in Korean words, as it is said in a lecture: ``h_t`` is 에이치 아래첨자 티.

Why they stand in ``aria-label`` of ``<math>``: MathML's own ``alttext`` names nothing in Chromium's
accessibility tree (looked at in Chromium 156), ``aria-label`` does. There is no ``role``: with one it
is no longer MathML to a screen reader that walks through it by itself. Its tree stays below the name.

A sign that has no word here is an error, like a formula that does not convert: nobody would hear it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree

from dlnotes_site.math.mathml import SCRIPTED, FormulaError

Element = ElementTree.Element


class ReadingError(FormulaError):
    """A formula with something that has no word."""


LATIN = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        re.findall(
            r"\w+",
            "에이 비 씨 디 이 에프 지 에이치 아이 제이 케이 엘 엠 엔 오 피 큐 알 에스 티 유 브이 더블유 "
            "엑스 와이 제트",
        ),
        strict=True,
    )
)
GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρςστυφχψωϵϑϕϱϖ",
        re.findall(
            r"\w+",
            "알파 베타 감마 델타 엡실론 제타 에타 세타 이오타 카파 람다 뮤 뉴 크사이 오미크론 파이 로 "
            "시그마 시그마 타우 입실론 파이 카이 프사이 오메가 엡실론 세타 파이 로 파이",
        ),
        strict=True,
    )
)
LETTERS: dict[str, str] = LATIN | GREEK | {"ℓ": "엘", "∂": "라운드", "∇": "나블라"}

# Letters of other alphabets of mathematics: the first letter of each, and what is said before the letter.
STYLES = [
    (0x1D400, "굵은 "),
    (0x1D434, ""),
    (0x1D468, "굵은 "),
    (0x1D49C, "필기체 "),
    (0x1D538, "칠판체 "),
    (0x1D5A0, ""),
]
NAMES = {
    "𝔼": "기댓값",
    "ℝ": "실수 집합",
    "ℕ": "자연수 집합",
    "𝒩": "정규분포",
    "∞": "무한대",
    "⊤": "전치",
    "∅": "공집합",
    "%": "퍼센트",
    "…": "줄임표",
    "⋯": "줄임표",
    "⋮": "줄임표",
    "⋱": "줄임표",
}
WORDS = {
    "relu": "렐루",
    "tanh": "하이퍼볼릭 탄젠트",
    "sin": "사인",
    "cos": "코사인",
    "ln": "자연로그",
    "log": "로그",
    "exp": "지수함수",
    "max": "최댓값",
    "min": "최솟값",
    "argmax": "아그맥스",
    "argmin": "아그민",
    "lim": "극한",
    "softmax": "소프트맥스",
    "Var": "분산",
    "diag": "대각행렬",
    "conv": "합성곱",
    "onehot": "원핫",
    "IoU": "아이오유",
    "in": "인",
    "out": "아웃",
    "low": "하한",
    "high": "상한",
    "Double": "더블",
}
OPERATORS = {
    "+": "더하기",
    "−": "빼기",
    "-": "빼기",
    "±": "플러스마이너스",
    "×": "곱하기",
    "⋅": "곱하기",
    "·": "곱하기",
    "/": "나누기",
    "÷": "나누기",
    "⊙": "성분별 곱하기",
    "∘": "합성",
    "∗": "합성곱",
    "*": "합성곱",
    "⋆": "교차상관",
    "∩": "교집합",
    "∪": "합집합",
    "∖": "빼기",
    ":": "대",
    "!": "팩토리얼",
    "…": "줄임표",
    "⋯": "줄임표",
    "∞": "무한대",
    "∂": "라운드",
    "∇": "나블라",
    "%": "퍼센트",
}
SIGNS = {"+": "플러스", "−": "마이너스", "-": "마이너스", "⋅": "점", "·": "점"}
BIG = {"∑": "합", "∏": "곱", "∫": "적분", "⋃": "합집합", "⋂": "교집합"}
ACCENTS = {
    "ˆ": "햇",
    "^": "햇",
    "¯": "바",
    "‾": "바",
    "ˉ": "바",
    "˜": "틸다",
    "~": "틸다",
    "˙": "점",
    "→": "벡터",
}
PRIMES = {"′": "프라임", "″": "더블 프라임", "‴": "트리플 프라임"}
MARKS = PRIMES | {
    "∗": "별표",
    "*": "별표",
    "+": "위첨자 플러스",
    "−": "위첨자 마이너스",
    "⊤": "전치",
    "𝖳": "전치",
    "∘": "도",
}

FENCES = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉", "|": "|", "‖": "‖"}
BRACKETS = {"(": "괄호", "[": "대괄호", "{": "중괄호", "⟨": "꺾은괄호"}
MEASURES = {"⌊": "내림", "⌈": "올림", "|": "절댓값", "‖": "노름"}
SEPARATORS = {",": ", ", ";": ", ", "∣": ", 조건 ", "⟹": ", 따라서 ", "⇒": ", 따라서 "}

# How A and B are said together: a particle after A, one after B, and what follows.
ORDER = {"≤": "이하", "<": "미만", "≥": "이상", ">": "초과", "≪": "보다 훨씬 작음", "≫": "보다 훨씬 큼"}
MIRROR = {"≤": "이상", "<": "초과", "≥": "이하", ">": "미만"}
SAME = {"=": "", "≈": "약 ", "≃": "약 ", "≡": "항등적으로 ", "∝": "비례하여 "}
OTHER = {"≠": ("이/가", "아님"), "∼": ("을/를", "따름"), "∈": ("의", "원소"), "⊂": ("의", "부분집합")}
MOVES = {"←", "→", "↦"}
RELATIONS = set(ORDER) | set(SAME) | set(OTHER) | MOVES
SILENT = {"\u2061", "\u2062", "\u2063", "\u2064", ""}


def reading(root: Element) -> str:
    """Return the formula in words: Hangul, digits, commas and full stops, and English words of its texts."""
    words = Row(flat(root)).read()
    words = re.sub(r"\s+([,.])", r"\1", re.sub(r"\s+", " ", words)).strip(" ,")
    words = re.sub(r"(?:, ?)+,", ",", words)
    return re.sub(r",(?=\S)(?!\d)", ", ", words).replace(",.", ".")


def text_of(element: Element) -> str:
    """Return what stands in a token."""
    return (element.text or "").strip()


def flat(parent: Element) -> Iterator[Element]:
    """Yield the elements of a row, also those in rows inside it, without what makes no sound."""
    for child in parent:
        if child.tag in ("mrow", "mstyle", "mpadded", "semantics"):
            yield from flat(child)
        elif not (child.tag == "mo" and text_of(child) in SILENT) and child.tag != "annotation":
            yield child


def inside(element: Element) -> list[Element]:
    """Return what an argument holds: a row's elements, or the element itself."""
    return list(flat(element)) if element.tag in ("mrow", "mstyle", "mpadded") else [element]


def read(element: Element) -> str:
    """Read an argument of a fraction, a root or a script."""
    return Row(inside(element)).read().strip(" ,")


def is_simple(element: Element) -> bool:
    """Tell whether it is clear without brackets where the words of this argument end."""
    held = inside(element)
    if len(held) != 1:
        return False
    if held[0].tag in ("mi", "mn", "mtext"):
        return True
    if held[0].tag in ("msub", "msup", "mover", "msubsup"):
        return all(is_simple(part) or text_of(part) in MARKS | ACCENTS for part in held[0])
    return False


def particle(words: str, pair: str) -> str:
    """Return the words with the particle that goes with their last sound, of a pair as 은/는 or 으로/로."""
    if "/" not in pair:
        return words + pair
    closed, opened = pair.split("/")
    last = words.rstrip()[-1:]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
    else:
        final = {"0": 21, "1": 8, "3": 16, "6": 1, "7": 8, "8": 8}.get(last, 0)
    return words + (closed if final and not (closed == "으로" and final == 8) else opened)


class Row:
    """One row of a formula, read from the left to the right."""

    def __init__(self, elements: Iterator[Element] | list[Element]) -> None:
        self.elements = list(elements)
        self.place = 0

    def read(self, until: str = "") -> str:
        """Read up to the closing bracket: clauses between commas, each with its relations."""
        said = ""
        clause = Clause()
        while self.place < len(self.elements):
            element = self.elements[self.place]
            sign = text_of(element) if element.tag == "mo" else ""
            if until and text_of(base_of(element)) == until and base_of(element).tag == "mo":
                break
            self.place += 1
            if element.tag == "mspace":
                if float((element.get("width") or "0").removesuffix("em") or 0) >= 1:
                    said, clause = f"{said}{clause.read()}, ", Clause()
            elif sign == "," and self.within_number(element):
                clause.join(",")
            elif sign in SEPARATORS:
                said, clause = said + clause.read() + SEPARATORS[sign], Clause()
            elif sign in RELATIONS:
                clause.relate(sign)
            elif element.tag == "mtable":
                said, clause = said + clause.read(", ") + self.table(element), Clause()
            else:
                clause.say(self.word(element, clause))
        return said + clause.read()

    def within_number(self, element: Element) -> bool:
        """Tell whether a comma stands between thousands, as in ``3{,}216``."""
        around = self.elements[max(self.place - 2, 0) : self.place + 1]
        return element.get("rspace") == "0" and [part.tag for part in around] == ["mn", "mo", "mn"]

    def word(self, element: Element, clause: Clause) -> str:
        """Read one element, or everything up to its closing bracket."""
        sign = text_of(element) if element.tag == "mo" else ""
        if sign in FENCES and self.closes(FENCES[sign]):
            return self.fenced(sign)
        if sign == "{":
            return "경우를 나누어"
        if sign in SIGNS and clause.expects_operand:
            return SIGNS[sign]
        if sign in ("⋅", "·") and self.between_vectors():
            return "내적"
        if text_of(element) == "arg" and self.more():
            following = self.elements[self.place]
            self.place += 1
            return spoken(following, base=WORDS["arg" + text_of(base_of(following))])
        return spoken(element)

    def more(self) -> bool:
        """Tell whether anything follows in this row."""
        return self.place < len(self.elements)

    def between_vectors(self) -> bool:
        """Tell whether the dot stands between two small letters with an index: vectors, here."""
        around = self.elements[max(self.place - 2, 0) : self.place + 1 : 2]
        return len(around) == 2 and all(
            part.tag == "msub" and text_of(part[0]) in LATIN and part[1].tag != "mn" for part in around
        )

    def closes(self, bracket: str) -> bool:
        """Tell whether a bracket is closed further on in this row."""
        return any(
            base_of(element).tag == "mo" and text_of(base_of(element)) == bracket
            for element in self.elements[self.place :]
        )

    def fenced(self, sign: str) -> str:
        """Read what stands between two brackets, and what stands at the closing one."""
        start = self.place
        words = self.read(until=FENCES[sign]).strip(" ,")
        held = self.elements[start : self.place]
        closing = self.elements[self.place]
        self.place += 1
        if sign in BRACKETS:
            table = len(held) == 1 and held[0].tag == "mtable"
            whole = words if table else f"{BRACKETS[sign]} 열고 {words} {BRACKETS[sign]} 닫고"
        else:
            measure = MEASURES[sign]
            if sign == "|" and all(text_of(part).isupper() or text_of(part) in "∩∪" for part in held):
                measure = "크기"  # of a set
            simple = len(held) == 1 and is_simple(held[0])
            whole = f"{words}의 {measure}" if simple else f"{measure} 열고 {words} {measure} 닫고"
        return whole if closing.tag == "mo" else scripted(whole, closing)

    def table(self, element: Element) -> str:
        """Read a table line by line; in aligned formulas a line is a formula, in a matrix a row."""
        aligned = any("dl-tight-left" in (cell.get("class") or "") for cell in element.iter("mtd"))
        lines = []
        for line in element:
            if aligned:
                parts: list[list[Element]] = []
                for place, cell in enumerate(line):
                    if place % 2 == 0:
                        parts.append([])
                    parts[-1] += flat(cell)
                read_parts = [Row(part).read().strip(" ,") for part in parts]
            else:
                read_parts = [Row(flat(cell)).read().strip(" ,") for cell in line]
            lines.append(", ".join(filter(None, read_parts)))
        if self.matrix():
            rows = ", ".join(f"{number}행 {line}" for number, line in enumerate(lines, 1))
            return f"행렬 {rows} 행렬 끝"
        return ". ".join(lines)

    def matrix(self) -> bool:
        """Tell whether the table just met stands alone between two brackets."""
        before, after = self.elements[: self.place - 1], self.elements[self.place :]
        return bool(before and after) and text_of(before[-1]) in "([" and text_of(base_of(after[0])) in ")]"


class Clause:
    """What stands between two commas: operands and the relations between them."""

    def __init__(self) -> None:
        self.operands = [""]
        self.relations: list[str] = []
        self.expects_operand = True
        self.joined = False

    def say(self, words: str) -> None:
        """Add words to the operand."""
        space = "" if self.joined else " "
        self.operands[-1] = f"{self.operands[-1]}{space}{words}".strip()
        self.joined = False
        self.expects_operand = words in OPERATORS.values() or words in SIGNS.values() or words in BIG.values()

    def join(self, sign: str) -> None:
        """Add a sign with no space around: the next word follows it at once."""
        self.operands[-1] += sign
        self.joined = True

    def relate(self, relation: str) -> None:
        """Begin the next operand."""
        self.relations.append(relation)
        self.operands.append("")
        self.expects_operand = True

    def read(self, after: str = "") -> str:
        """Say all of it."""
        if not any(self.operands) and not self.relations:
            return ""
        return relate(self.operands, self.relations) + after


def relate(operands: list[str], relations: list[str]) -> str:
    """Say operands with the relations between them, the loosest relation first."""
    for place, relation in enumerate(relations):
        if relation in MOVES:
            left = relate(operands[: place + 1], relations[:place])
            right = relate(operands[place + 1 :], relations[place + 1 :])
            if relation == "←":
                return f"{left}에 대입, {right}"
            return f"{left}에서 {particle(right, '으로/로')}" if left else f"{particle(right, '으로/로')}"
    if operands[0].endswith("더하기") and relations[:1] == ["="]:  # += of programs
        return f"{operands[0].removesuffix('더하기').strip()}에 더함, {relate(operands[1:], relations[1:])}"
    places = [place for place, relation in enumerate(relations) if relation not in SAME]
    if not places:
        return same(operands, relations)
    edges = [-1, *places, len(relations)]
    sides = [
        same(operands[start + 1 : end + 1], relations[start + 1 : end], within=True)
        for start, end in pairwise(edges)
    ]
    signs = [relations[place] for place in places]
    if (
        len(signs) == 2
        and all(sides)
        and ("".join(signs) in ("≤≤", "≤<", "<≤", "<<", "≥≥", "≥>", ">≥", ">>"))
    ):
        low, middle, high = sides
        return f"{particle(middle, '은/는')} {low} {MIRROR[signs[0]]} {high} {ORDER[signs[1]]}"
    said = particle(sides[0], "은/는") if sides[0] else ""
    for sign, side in zip(signs, sides[1:], strict=True):
        if sign in ORDER:
            said += f" {side} {ORDER[sign]},"
        else:
            pair, predicate = OTHER[sign]
            said += f" {particle(side, pair)} {predicate},"
    return said.strip(" ,")


def same(operands: list[str], relations: list[str], *, within: bool = False) -> str:
    """Say what is equal: A는 B, 즉 C; as one side of an inequality: A, 즉 B."""
    said = operands[0]
    for place, (relation, operand) in enumerate(zip(relations, operands[1:], strict=True)):
        about = SAME[relation]
        if not said:
            said = f"{about or '즉 '}{operand}"
        elif place == 0 and not within:
            said = f"{particle(said, '은/는')} {about}{operand}".strip()
        else:
            said = f"{said}, {about or '즉 '}{operand}"
    return said


def base_of(element: Element) -> Element:
    """Return what scripts stand at, or the element itself."""
    return element[0] if element.tag in SCRIPTED else element


def letter(character: str) -> str | None:
    """Return a letter's name; a capital is said to be one, for ``t`` and ``T`` differ."""
    if character in NAMES:
        return NAMES[character]
    style = ""
    for first, name in STYLES:
        if first <= ord(character) < first + 52:
            offset = ord(character) - first
            character, style = chr((65 if offset < 26 else 71) + offset), name
            break
    else:
        if "𝟎" <= character <= "𝟗":
            return f"굵은 {ord(character) - ord('𝟎')}"
    if character in LETTERS:
        return style + LETTERS[character]
    if character.lower() in LETTERS and character != character.lower():
        return f"{style}대문자 {LETTERS[character.lower()]}"
    return None


def token(element: Element) -> str:
    """Read a letter, a number, a word or a sign."""
    text = text_of(element)
    if element.tag == "mn":
        return letter(text) or text if len(text) == 1 else text
    if element.tag == "mo" and text in BIG:
        return BIG[text] + ","
    if element.tag == "mo" and text in OPERATORS:
        return OPERATORS[text]
    if text in WORDS:
        return WORDS[text]
    if element.tag == "mtext":
        return phrase(text)
    if len(text) == 1 and (name := letter(text)):
        return name
    if element.tag == "mo" and text in PRIMES:
        return PRIMES[text]
    if len(text) > 1 and all(character in LATIN for character in text):
        return " ".join(LATIN[character] for character in text)
    raise ReadingError(f"no word in speech.py says {text!r} ({element.tag})")


def phrase(text: str) -> str:
    """Read the words of a text: Hangul as it stands, abbreviations by their letters, English words."""
    said = []
    for word in text.split():
        if word in WORDS:
            said.append(WORDS[word])
        elif word.isascii() and word.isalpha() and word.isupper():
            said.append("".join(LATIN[character] for character in word.lower()))
        elif re.fullmatch(r"[가-힣A-Za-z0-9.,]+", word):
            said.append(word)
        else:
            raise ReadingError(f"no word in speech.py says the text {word!r}")
    return " ".join(said)


def spoken(element: Element, base: str = "") -> str:
    """Read one element; ``base`` stands for what its scripts stand at."""
    tag = element.tag
    if tag in ("mi", "mn", "mo", "mtext", "ms"):
        return base or token(element)
    if tag == "mspace" or (not len(element) and not text_of(element)):
        return ""
    if tag == "mfrac":
        return fraction(element)
    if tag == "msqrt":
        return rooted(element)
    if tag == "mroot":
        return f"{read(element[1])}제곱근 열고 {read(element[0])} 제곱근 닫고"
    if tag in SCRIPTED:
        return with_scripts(element, base)
    raise ReadingError(f"no words in speech.py say <{tag}>")


def rooted(element: Element) -> str:
    """Read a square root."""
    held = list(flat(element))
    words = Row(held).read().strip(" ,")
    return f"루트 {words}" if len(held) == 1 and is_simple(held[0]) else f"루트 열고 {words} 루트 닫고"


def fraction(element: Element) -> str:
    """Read a fraction; a quotient of differentials is a derivative."""
    above, below = inside(element[0]), inside(element[1])
    if above and below and differential(above[0]) and differential(below[0]):
        what = Row(above[1:]).read().strip(" ,")
        by = Row(below[1:]).read().strip(" ,")
        kind = "위첨자 플러스 편미분" if above[0].tag == "msup" else "편미분"
        if what:
            return f"{by}에 대한 {what}의 {kind}"
    if is_simple(element[0]) and is_simple(element[1]):
        return f"{read(element[1])}분의 {read(element[0])}"
    return f"분모가 {read(element[1])}이고 분자가 {read(element[0])}인 분수"


def differential(element: Element) -> bool:
    """Tell whether this is ∂, perhaps with a mark."""
    return text_of(base_of(element)) == "∂"


def with_scripts(element: Element, base: str) -> str:
    """Read what has scripts, limits or an accent."""
    first, *rest = element
    sign = text_of(first)
    tag = element.tag
    if tag == "mover" and text_of(rest[0]) in ACCENTS:
        return f"{read(first)} {ACCENTS[text_of(rest[0])]}"
    if first.tag == "mo" and sign in BIG:
        lower = rest[0] if "sub" in tag or "under" in tag else None
        upper = rest[-1] if tag not in ("msub", "munder") else None
        return f"{BIG[sign]}, {limits(lower, upper)},"
    if tag in ("munder", "msub") and (sign in ("max", "min", "lim", "sup", "inf") or base):
        return f"{read(rest[0])}에 대한 {base or token(first)}"
    held = inside(first)
    if tag == "msub" and held and text_of(held[-1]) == "|":  # the value at
        return f"{Row(held[:-1]).read().strip(' ,')}의 값, {read(rest[0])}에서"
    if not held:
        return scripted("", element)
    return scripted(base or read(first), element)


def limits(lower: Element | None, upper: Element | None) -> str:
    """Read the limits of a sum: 아이는 1부터 엔까지."""
    below = inside(lower) if lower is not None else []
    end = f" {read(upper)}까지" if upper is not None else ""
    for place, part in enumerate(below):
        if text_of(part) == "=" and upper is not None:
            variable = Row(below[:place]).read()
            return f"{particle(variable, '은/는')} {Row(below[place + 1 :]).read()}부터{end}"
    words = Row(below).read().strip(" ,")
    if not below:
        return end.strip()
    if end:
        return f"{words}부터{end}"
    return words if any(text_of(part) in RELATIONS for part in below) else f"{words}에 대해"


def scripted(base: str, element: Element) -> str:
    """Read the scripts of an element after its base."""
    scripts = list(element)[1:]
    said = base
    if element.tag in ("msub", "msubsup", "munder", "munderover"):
        lower = scripts.pop(0)
        end = "" if is_simple(lower) and inside(lower)[0].tag != "msub" else " 첨자 끝"
        said = f"{said} 아래첨자 {read(lower)}{end}".strip()
    for upper in scripts:
        said = power(said, upper)
    return said


def power(base: str, element: Element) -> str:
    """Read a superscript: a mark, a power, or something in brackets, which is an index."""
    held = inside(element)
    marks = [MARKS.get(text_of(part)) for part in held]
    if held and all(marks):
        return " ".join([base, *filter(None, marks)]).replace(" 도", "도").strip()
    if held and text_of(held[0]) == "(" and text_of(base_of(held[-1])) == ")":
        return f"{base} 위첨자 {Row(held[1:-1]).read().strip(' ,')} 첨자 끝"
    words = read(element)
    if words in ("2", "3"):
        words = {"2": "", "3": "세"}[words]
    of = "" if base.endswith(("닫고", "끝")) else "의"
    return f"{base}{of} {words}제곱"
