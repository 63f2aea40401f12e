"""Many stylesheets made one: joined in their order, without the rules that nothing on the site can match.

The names that occur on the site are a set of strings: ``.class``, ``#id``, and tags and attributes as they
are. A selector that needs another name matches nothing and goes; so do the custom properties that nobody
reads, the animations that nobody starts and the icon fonts.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import tinycss2  # type: ignore[import-untyped]

Node = Any

# What holds rules, and so is kept for the rules that it holds.
GROUPS = {"media", "supports", "container", "layer"}
# Functions of selectors in which one of the branches has to match; in the others (:not) none has to.
ANY = {"is", "where", "has", "matches", "-webkit-any"}
ICON_FONTS = ("Font Awesome", "Font\\ Awesome")
KEYFRAMES = re.compile(r"@(?:-webkit-)?keyframes ([\w-]+)")

DARK = re.compile(r"\[data-theme=[\"']?dark[\"']?\]")
# Without scripts nobody sets the theme: pages are born light, and what is for the dark follows the system.
NO_SCRIPT_DARK = "@media screen and (scripting:none) and (prefers-color-scheme:dark)"


def split(nodes: Iterable[Node], separator: str = ",") -> list[list[Node]]:
    """Cut a list of component values at a literal."""
    parts: list[list[Node]] = [[]]
    for node in nodes:
        if node.type == "literal" and node.value == separator:
            parts.append([])
        else:
            parts[-1].append(node)
    return parts


def can_match(selector: list[Node], names: Collection[str]) -> bool:
    """Return whether every name that the selector needs occurs."""
    before = ""
    for node in selector:
        named = f".{node.value}" if before == "." else getattr(node, "lower_value", "")
        if node.type == "ident" and before != ":" and named not in names:
            return False
        if node.type == "hash" and f"#{node.value}" not in names:
            return False
        if node.type == "[] block":
            first = next((part for part in node.content if part.type == "ident"), None)
            if first is not None and first.value.lower() not in names:
                return False
        if node.type == "function" and node.lower_name in ANY:
            branches = split(node.arguments)
            if not any(can_match(branch, names) for branch in branches):
                return False
        before = node.value if node.type == "literal" else ""
    return True


def text(nodes: Iterable[Node]) -> str:
    """Write component values without comments and without the spaces that mean nothing."""
    kept: list[Node] = []
    for node in nodes:
        if node.type == "comment":
            continue
        if node.type == "whitespace":
            if kept and kept[-1].type != "whitespace" and not is_comma(kept[-1]):
                kept.append(tinycss2.ast.WhitespaceToken(0, 0, " "))
            continue
        if is_comma(node) and kept and kept[-1].type == "whitespace":
            kept.pop()
        for inside in ("arguments", "content"):
            if isinstance(content := getattr(node, inside, None), list):
                setattr(node, inside, tinycss2.parse_component_value_list(text(content)))
        kept.append(node)
    return str(tinycss2.serialize(kept)).strip()


def is_comma(node: Node) -> bool:
    """Return whether the node is a comma."""
    return bool(node.type == "literal" and node.value == ",")


def rebase(nodes: Iterable[Node], folder: str) -> None:
    """Have the addresses in the values start from the folder of the joined sheet."""
    for node in nodes:
        if node.type == "url" and not re.match(r"[a-z]+:|/|#", node.value):
            node.value = posixpath.normpath(posixpath.join(folder, node.value))
            node.representation = f'url("{node.value}")'
        elif node.type == "function":
            if node.lower_name == "url":
                for part in node.arguments:
                    if part.type == "string" and not re.match(r"[a-z]+:|/|#", part.value):
                        part.value = posixpath.normpath(posixpath.join(folder, part.value))
                        part.representation = f'"{part.value}"'
            else:
                rebase(node.arguments, folder)


@dataclass(frozen=True)
class Block:
    """Something with braces: its head, and the declarations and blocks inside."""

    head: str
    parts: list[str | Block]

    def write(self, read: Collection[str] | None) -> str:
        """Write it, without the custom properties that are not read; nothing if nothing is left."""
        kept = []
        for part in self.parts:
            if isinstance(part, Block):
                kept.append(part.write(read))
            elif read is None or not part.startswith("--") or part.partition(":")[0] in read:
                kept.append(part + ";")
        inner = "".join(kept).removesuffix(";")
        return f"{self.head}{{{inner}}}" if inner else ""


def declarations(content: list[Node], folder: str) -> list[str | Block]:
    """Write what stands between a rule's braces."""
    parts: list[str | Block] = []
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if node.type == "declaration":
            rebase(node.value, folder)
            important = "!important" if node.important else ""
            parts.append(f"{node.name}:{text(node.value)}{important}")
        elif node.type == "qualified-rule":
            parts.append(Block(text(node.prelude), declarations(node.content, folder)))
        elif node.type == "at-rule" and node.content is not None:
            head = f"@{node.at_keyword} {text(node.prelude)}"
            parts.append(Block(head, declarations(node.content, folder)))
    return parts


def shorten(rules: Iterable[Node], names: Collection[str], folder: str) -> Iterator[Block]:
    """Return the rules that can match."""
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [text(part) for part in split(rule.prelude) if can_match(part, names)]
            if not selectors:
                continue
            body = declarations(rule.content, folder)
            yield Block(",".join(selectors), body)
            if dark := [selector for selector in selectors if DARK.search(selector)]:
                light = ",".join(DARK.sub("[data-theme=light]", selector) for selector in dark)
                yield Block(NO_SCRIPT_DARK, [Block(light, body)])
        elif rule.type == "at-rule" and rule.content is not None and (kept := at_rule(rule, names, folder)):
            yield kept


def at_rule(rule: Node, names: Collection[str], folder: str) -> Block | None:
    """Return a group with what is kept of it, a font that is not of icons, anything else as it is."""
    keyword = rule.lower_at_keyword
    head = f"@{keyword} {text(rule.prelude)}".strip()
    if keyword in GROUPS:
        return Block(head, list(shorten(parse(rule.content), names, folder)))
    if keyword.endswith("keyframes"):
        frames = [frame for frame in parse(rule.content) if frame.type == "qualified-rule"]
        return Block(
            head, [Block(text(frame.prelude), declarations(frame.content, folder)) for frame in frames]
        )
    parts = declarations(rule.content, folder)
    if keyword == "font-face" and any(font in str(part) for font in ICON_FONTS for part in parts):
        return None
    return Block(head, parts)


def parse(source: str | list[Node]) -> list[Node]:
    """Read rules."""
    reader = tinycss2.parse_stylesheet if isinstance(source, str) else tinycss2.parse_rule_list
    return list(reader(source, skip_comments=True, skip_whitespace=True))


def imports(source: str) -> list[str]:
    """Return the sheets that a sheet imports."""
    found = []
    for rule in parse(source) if "@import" in source else []:
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            found += [node.value for node in rule.prelude if node.type in ("string", "url")]
    return found


def flatten(name: str, read: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Return a sheet's text after those of the sheets that it imports, each with its name."""
    source = read(name)
    for imported in imports(source):
        yield from flatten(posixpath.normpath(posixpath.join(posixpath.dirname(name), imported)), read)
    yield name, source


def write(blocks: list[Block], spoken: str) -> str:
    """Write the blocks without the custom properties and animations that nobody asks for."""
    css, shorter = "", "".join(block.write(None) for block in blocks)
    while css != shorter:
        css = shorter
        read = {*re.findall(r"var\(\s*(--[\w-]+)", css), *re.findall(r"--[\w-]+", spoken)}
        shorter = "".join(block.write(read) for block in blocks)
    started = set(re.findall(r"[\w-]+", " ".join(re.findall(r"animation(?:-name)?:([^;}]*)", css))))
    kept = [block for block in blocks if not (moves := KEYFRAMES.match(block.head)) or moves[1] in started]
    return "".join(block.write(read) for block in kept)


def bundle(
    sheets: Iterable[str], read: Callable[[str], str], names: Collection[str], spoken: str = ""
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
    spoken : str
        The scripts, which may read custom properties.
    """
    blocks: list[Block] = []
    for sheet in sheets:
        for name, source in flatten(sheet, read):
            blocks += shorten(parse(source), names, posixpath.dirname(name.partition(" ")[0]))
    return write(blocks, spoken)
