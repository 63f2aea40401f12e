"""Many stylesheets made one: joined in their order, without the rules that nothing on the site can match.

lightningcss makes them small and drops the custom properties and animations that it is told nobody uses. It
could drop classes and ids, too, but no tags, and none out of a list: 7 % would stay that nothing matches. So
which rules stay is decided here, in the text that lightningcss writes, without a comment or a spare space.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator

from lightningcss import process_stylesheet

# What readers may have: without this, what stands for older browsers would be dropped.
BROWSERS = ["chrome >= 90", "firefox >= 90", "safari >= 15"]
# A rule without rules inside: what stands before its braces, and between them.
RULE = re.compile(r'([^{}]+)(\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\})')
FUNCTION = re.compile(r":(-?[\w-]+)\(([^()]*)\)")
# Functions of selectors in which one of the branches has to match; in the others (:not) none has to.
ANY = {"is", "where", "has", "matches", "-webkit-any"}
NO_MATCH = "\0"
NAME = re.compile(r"([.#]?)(-?[^\W\d][\w-]*)")
STEPS = {"from", "to"}  # of an animation

IMPORT = re.compile(r"@import\s+(?:url\()?[\"']?([^\"')\s;]+)[\"']?\)?\s*;")
ADDRESS = re.compile(r"url\(\s*([\"']?)(?!data:|[a-z]+:|/|#)([^\"')]+)\1\s*\)")
ICON_FONTS = re.compile(r"@font-face\{[^{}]*Font\\? Awesome[^{}]*\}")
DARK = "[data-theme=dark]"
# Without scripts nobody sets the theme: pages are born light, and what is for the dark follows the system.
NO_SCRIPT_DARK = "@media screen and (scripting:none) and (prefers-color-scheme:dark)"


def branches(selectors: str) -> list[str]:
    """Cut a list of selectors at its commas."""
    parts, depth = [""], 0
    for piece in re.split(r'("(?:[^"\\]|\\.)*"|[(),])', selectors):
        depth += (piece == "(") - (piece == ")")
        if piece == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def can_match(selector: str, names: Collection[str]) -> bool:
    """Return whether every name that the selector needs occurs; an escaped one is taken to."""
    bare = re.sub(r'[*^$|~]?=(?:"(?:[^"\\]|\\.)*"|[^\]"]*)', "", selector)
    while function := FUNCTION.search(bare):
        lacks = function[1] in ANY and not any(can_match(part, names) for part in function[2].split(","))
        bare = bare.replace(function[0], NO_MATCH if lacks else "", 1)
    bare = re.sub(r"::?-?[\w-]+", "", bare)
    needed = {mark + (name if mark else name.lower()) for mark, name in NAME.findall(bare)}
    return NO_MATCH not in bare and ("\\" in bare or needed.issubset(names))


def keep_rules(css: str, names: Collection[str]) -> str:
    """Keep the rules that can match, and have those for the dark hold without scripts, too."""

    def keep(rule: re.Match[str]) -> str:
        if rule[1].rpartition(";")[2].startswith("@"):  # in @page its own declarations stand before it
            return rule[0]
        kept = ",".join(part for part in branches(rule[1]) if can_match(part, names))
        if DARK not in kept:
            return kept and kept + rule[2]
        return f"{kept}{rule[2]}{NO_SCRIPT_DARK}{{{kept.replace(DARK, '[data-theme=light]')}{rule[2]}}}"

    return RULE.sub(keep, css)


def flatten(name: str, read: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Return a sheet's text after those of the sheets that it imports, each with its name."""
    source = read(name)
    for imported in IMPORT.findall(source):
        yield from flatten(posixpath.normpath(posixpath.join(posixpath.dirname(name), imported)), read)
    yield name, IMPORT.sub("", source)


def rebase(name: str, source: str) -> str:
    """Have a sheet's addresses start from the folder of the joined sheet."""
    folder = posixpath.dirname(name.partition(" ")[0])

    def move(address: re.Match[str]) -> str:
        return f'url("{posixpath.normpath(posixpath.join(folder, address[2].strip()))}")'

    return ADDRESS.sub(move, source)


def unused(css: str, scripts: str) -> set[str]:
    """Return the custom properties that nobody reads and the animations that nobody starts."""
    read = {*re.findall(r"var\(\s*(--[\w-]+)", css), *re.findall(r"--[\w-]+", scripts)}
    started = " ".join(re.findall(r"animation(?:-name)?:([^;}]*)", css))
    declared = set(re.findall(r"(?<=[{;])(--[\w-]+):", css))
    animations = set(re.findall(r"@(?:-webkit-)?keyframes ([\w-]+)", css))
    return (declared - read) | (animations - set(re.findall(r"[\w-]+", started)))


def bundle(
    sheets: Iterable[str], read: Callable[[str], str], names: Collection[str], scripts: str = ""
) -> str:
    """Join the sheets into one.

    Parameters
    ----------
    sheets : iterable of str
        Their paths, as seen from the folder of the joined sheet, in the order in which pages link them;
        after a space, the medium they are for.
    read : callable
        Gives a sheet's text.
    names : collection of str
        What occurs: ``.class``, ``#id``, and tags and attributes in lower case.
    scripts : str
        The scripts, which may read custom properties.
    """
    sources = (rebase(*part) for sheet in sheets for part in flatten(sheet, read))
    joined = process_stylesheet("\n".join(sources), browsers_list=BROWSERS)
    kept = css = keep_rules(ICON_FONTS.sub("", joined), {*names, *STEPS})
    gone: set[str] = set()
    while more := set(unused(css, scripts)) - gone:  # what only the unused read goes in the next turn
        gone |= more
        css = process_stylesheet(css, unused_symbols=more)
    return process_stylesheet(kept, unused_symbols=gone, browsers_list=BROWSERS)
