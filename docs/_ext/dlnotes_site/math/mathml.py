"""LaTeX to MathML that a page can carry: math-core's output without inline styles, as a tree.

math-core does the conversion. What is mended here: its ``style`` attributes become classes (a page allows no
inline style), its own equation numbers give way to Sphinx's, and what only widens the page is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree import ElementTree

from math_core import LatexError, LatexToMathML

Element = ElementTree.Element

CONVERTER = LatexToMathML(fancy_error=False)

# The environments that are a line of their own count equations in math-core; here Sphinx counts them.
INNER = {
    "equation": "",
    "split": "aligned",
    "align": "aligned",
    "flalign": "aligned",
    "gather": "gathered",
    "multline": "gathered",
}
ENVIRONMENT = re.compile(rf"\\(begin|end)\{{({'|'.join(INNER)})\*?\}}")
LABEL = re.compile(r"\\label\{([^{}]*)\}")
DOTS = re.compile(  # \ldots
    r'<mo lspace="0">\.</mo><mo lspace="0" rspace="0.1667em">\.</mo><mo lspace="0">\.</mo>'
)
TAG = re.compile(r"\\tag\{([^{}]*)\}")
UNNUMBERED = re.compile(r"\\(?:nonumber|notag)\b")

# math-core's inline styles; static/math.css has the classes.
CLASSES = {
    "text-align:left": "dl-start",
    "text-align:right": "dl-end",
    "text-align:center": "",  # as it is anyway
    "justify-items:start": "",
    "justify-items:end": "",
    "justify-items:center": "",
    "padding-left:0": "dl-tight-left",
    "padding-right:0": "dl-tight-right",
    "padding-left:1em": "dl-apart",
    "padding-left:2em": "dl-far-apart",
    "margin-left:-0.16666667em": "dl-back",
    "margin-left:-0.22222222em": "dl-back",
    "margin-left:-0.2777778em": "dl-back",
}

SCRIPTED = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}
OPENING, CLOSING = set("([{⌊⌈⟨"), set(")]}⌋⌉⟩")
LARGE = set("⊙⊗⊕")  # Firefox takes these for large operators
INEQUALITIES = set("<>≤≥≠∼∈")
BREAKS = set("=≈←→⟹,;")  # a piece that ends with one of these can be read by itself
WHOLE = 14  # symbols: a longer inline formula may break
PIECE = 10  # and no piece is shorter than this without need
ANYWHERE = BREAKS | INEQUALITIES | set("+−")
TOO_LONG = 18


class FormulaError(ValueError):
    """A formula that cannot be shown."""


def plain(latex: str) -> str:
    """Return the formula without what says its number, and with its lines aligned."""
    latex = UNNUMBERED.sub("", TAG.sub("", LABEL.sub("", latex)))
    return aligned(ENVIRONMENT.sub(inner, latex).strip())


def aligned(latex: str) -> str:
    r"""Align a formula's lines at their ``&``, as Sphinx does, where no environment lays them out."""
    if "\\\\" not in latex or "\\begin" in latex:
        return latex
    return f"\\begin{{aligned}}\n{latex}\n\\end{{aligned}}"


def inner(match: re.Match[str]) -> str:
    """Return the environment that stands inside a formula for one that makes a line of its own."""
    name = INNER[match[2]]
    return rf"\{match[1]}{{{name}}}" if name else ""


def label_of(latex: str) -> str | None:
    r"""Return the one ``\label`` of an environment."""
    return only(LABEL, latex)


def tag_of(latex: str) -> str | None:
    r"""Return the one ``\tag`` of a formula, which stands in place of its number."""
    return only(TAG, latex)


def only(pattern: re.Pattern[str], latex: str) -> str | None:
    """Return what the pattern finds; a block has one number, so twice is an error."""
    found = pattern.findall(latex)
    if len(found) > 1:
        name = "label" if pattern is LABEL else "tag"
        raise FormulaError(f"a block has one number, and here are {len(found)} \\{name}s: {', '.join(found)}")
    return found[0] if found else None


@lru_cache(maxsize=4096)
def convert(latex: str, display: bool) -> Element:
    """Convert one formula. The tree is shared: do not change it."""
    try:
        made = CONVERTER.convert_with_local_state(plain(latex), displaystyle=display)
    except LatexError as error:
        raise FormulaError(str(error)) from None
    root = ElementTree.fromstring(DOTS.sub("<mo>…</mo>", made.replace("&ApplyFunction;", "\u2061")))
    for element in list(root.iter()):
        simplify(element)
        restyle(element)
    for element in list(root.iter()):
        embrace(element)
    return root


def simplify(parent: Element) -> None:
    """Drop boxes that change nothing: ``<mrow><mspace/><mi>max</mi></mrow>`` is ``<mi>max</mi>``."""
    if parent.text:
        parent.text = parent.text.replace("\ufe00", "")  # asks for a variant of 𝒩 that the font does not have
    if parent.tag == "mo" and parent.text in LARGE:
        parent.set("largeop", "false")
    for place, child in enumerate(list(parent)):
        if child.tag == "mrow" and len(child) == 2 and child[0].tag == "mspace" and not child[0].attrib:
            parent[place] = child[1]


def embrace(parent: Element) -> None:
    r"""Square the whole of ``\bigl( … \bigr)^2``: a bracket that has scripts does not grow in Chromium."""
    for child in list(parent):
        if child.tag not in SCRIPTED or closing(child) not in CLOSING or not child[0].get("minsize"):
            continue
        held, depth = [child[0]], 1
        for before in reversed(parent[: list(parent).index(child)]):
            held.insert(0, before)
            depth -= balance(before)
            if depth == 0:
                break
        else:
            continue
        row = ElementTree.Element("mrow")
        row.extend(held)
        child[0] = row
        for element in held[:-1]:
            parent.remove(element)


def restyle(element: Element) -> None:
    """Say with classes what math-core says with ``style``."""
    style = element.attrib.pop("style", "").replace(" ", "")
    declarations = [declaration for declaration in style.split(";") if declaration]
    for declaration in declarations:
        if declaration not in CLASSES:
            raise FormulaError(f"no class in mathml.py stands for the style {declaration}")
    names = dict.fromkeys(filter(None, (CLASSES[declaration] for declaration in declarations)))
    if names:
        element.set("class", " ".join(names))


def symbols(element: Element) -> int:
    """Count the letters, digits and signs: about how wide a formula is."""
    return sum(len((part.text or "").strip()) for part in element.iter())


def pieces(root: Element) -> list[tuple[Element, list[Element]]]:
    """Cut a long formula where a line may break: what is said together, and the formulas that it is drawn as.

    It is cut after equals signs, arrows and commas. What then is still too long for a phone is also cut after
    inequalities and within sums; such parts cannot be said one by one.
    """
    if symbols(root) <= WHOLE:
        return [(root, [root])]
    # Words for an inequality come after both its sides.
    unequal = any((child.text or "") in INEQUALITIES for child in root)
    parts = cut(list(root), set(",;") if unequal else BREAKS)
    return [
        (
            piece(part) if len(parts) > 1 else root,
            [
                piece(short)
                for short in (cut(part, ANYWHERE) if sum(map(symbols, part)) > TOO_LONG else [part])
            ],
        )
        for part in parts
    ]


def cut(row: list[Element], breaks: set[str]) -> list[list[Element]]:
    """Cut a row after these signs, where no bracket is open; parts too short stay together."""
    parts: list[list[Element]] = [[]]
    depth = 0
    for child in row:
        sign = (child.text or "").strip() if child.tag == "mo" else ""
        first = not parts[-1]  # a sign of a number
        parts[-1].append(child)
        depth += balance(child)
        if depth == 0 and sign in breaks and not first and child is not row[-1]:
            parts.append([])
    merged = [parts[0]]
    for part in parts[1:]:
        if sum(map(symbols, merged[-1])) + sum(map(symbols, part)) <= PIECE:
            merged[-1] += part
        else:
            merged.append(part)
    return merged


def balance(element: Element) -> int:
    """Count the brackets that an element of a row opens and does not close."""
    if element.tag == "mrow":
        return sum(map(balance, element))
    opened = element.tag == "mo" and (element.text or "").strip() in OPENING
    return opened - (closing(element) in CLOSING)


def closing(element: Element) -> str:
    """Return the closing bracket that an element is, perhaps with scripts."""
    base = element[0] if element.tag in SCRIPTED else element
    return (base.text or "").strip() if base.tag == "mo" else ""


def piece(part: list[Element]) -> Element:
    """Make a formula of a part of one; a relation at its end keeps its space."""
    made = ElementTree.Element("math")
    made.extend(part)
    last = part[-1]
    if last.tag == "mo" and (last.text or "").strip() not in {",", ";", *CLOSING}:
        made[-1] = ElementTree.Element("mo", {"form": "infix", **last.attrib})
        made[-1].text = last.text
    return made


def write(root: Element, label: str = "", tex: str = "") -> str:
    """Write a formula as it stands in a page, named for who listens; without a name it is not heard.

    Its TeX is for who copies it (copy-tex.js); the later pieces of a formula have none.
    """
    named = ElementTree.Element(
        "math",
        ({"aria-label": label} if label else {"aria-hidden": "true"})
        | ({"data-tex": tex} if tex else {})
        | {"translate": "no"}
        | root.attrib,
    )
    named.extend(root)
    return ElementTree.tostring(named, encoding="unicode").replace(" />", "/>")


def letters(root: Element, *, compact: bool) -> Iterator[tuple[str, bool]]:
    """Yield each character as browsers draw it, and whether it stands in a script (then it is drawn smaller).

    A lone letter in an ``<mi>`` is drawn as the letter of the mathematical italic alphabet.
    """
    yield from drawn(root, script=False, compact=compact)


def drawn(element: Element, *, script: bool, compact: bool) -> Iterator[tuple[str, bool]]:
    """Walk through a tree: see :func:`letters`."""
    if element.tag in ("msqrt", "mroot"):
        yield "√", script
    text = (element.text or "").strip()
    if element.tag == "mi" and len(text) == 1 and element.get("mathvariant") != "normal":
        yield italic(text), script
    else:
        yield from ((character, script) for character in text)
    compact = {"true": False, "false": True}.get(element.get("displaystyle", ""), compact)
    for place, child in enumerate(element):
        smaller = script or (element.tag in SCRIPTED and place > 0) or (element.tag == "mfrac" and compact)
        inner = compact or element.tag == "mfrac" or (element.tag in SCRIPTED and place > 0)
        yield from drawn(child, script=smaller, compact=inner)


ITALIC = {
    **{chr(ord("A") + i): chr(0x1D434 + i) for i in range(26)},
    **{chr(ord("a") + i): chr(0x1D44E + i) for i in range(26)},
    **{chr(ord("Α") + i): chr(0x1D6E2 + i) for i in range(25)},
    **{chr(ord("α") + i): chr(0x1D6FC + i) for i in range(25)},
    **dict(zip("h∂ϵϑϰϕϱϖ∇ıȷ", "ℎ𝜕𝜖𝜗𝜘𝜙𝜚𝜛𝛻𝚤𝚥", strict=True)),
}


def italic(letter: str) -> str:
    """Return the mathematical italic letter, where there is one."""
    return ITALIC.get(letter, letter)
