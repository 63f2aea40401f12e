"""Read the pages as their tests need them: the prose apart from code, formulas, links and computed values."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "docs" / "api" / "index.md"])  # those kept by hand

FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)
FENCE = re.compile(r"^(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)\n(?P<body>.*?)^(?P=mark)`*[ \t]*$", re.M | re.S)
NOT_PROSE = [
    re.compile(r"^\$\$.*?\$\$", re.M | re.S),
    re.compile(r"\$[^$]+\$"),
    re.compile(r"\{[\w:+-]+\}`[^`]*`"),
    re.compile(r"(`+)[^`].*?\1", re.S),
    re.compile(r"\]\([^)]*\)"),
    re.compile(r"<[^>\n]+>"),
    re.compile(r"^\([\w-]+\)=$", re.M),
    re.compile(r"^:{3,}\{.*$", re.M),
    re.compile(r"^:[\w-]+:.*$", re.M),
]


def blank(text):
    """Keep the lines, drop the words: so that line numbers stay right."""
    return "\n" * text.count("\n")


def prose(text):
    """Blank everything that is not prose; captions and alternative texts of cells are prose."""
    text = FRONT_MATTER.sub(lambda found: blank(found[0]), text)
    text = FENCE.sub(fence_prose, text)
    for pattern in NOT_PROSE:
        text = pattern.sub(lambda found: blank(found[0]), text)
    return text


def fence_prose(fence):
    info, body = fence["info"].strip(), fence["body"]
    if info.startswith("{code-cell}"):
        kept = "\n".join(cell_texts(body))
    elif info.startswith("{") and info.split("}")[0][1:] in {"exercise", "admonition", "note"}:
        kept = body
    else:
        kept = ""
    missing = fence[0].count("\n") - kept.count("\n")
    return kept + "\n" * max(missing, 0)


def cell_texts(body):
    """Return a code cell's caption and alternative text."""
    if not body.startswith("---\n"):
        return []
    options = yaml.safe_load(body[4:].split("\n---\n")[0]).get("mystnb", {})
    figure, image = options.get("figure", {}), options.get("image", {})
    return [str(text) for text in (figure.get("caption"), image.get("alt")) if text]


def code_cells(text):
    """Return the code of every cell, without its options."""
    cells = []
    for fence in FENCE.finditer(text):
        if fence["info"].strip().startswith("{code-cell}"):
            body = re.sub(r"\A---\n.*?\n---\n", "", fence["body"], flags=re.S)
            cells.append(re.sub(r"\A(?::[\w-]+:.*\n)+", "", body).strip())
    return cells


def code_blocks(text):
    """Return the code of every block that is shown as it stands: examples, commands, output."""
    shown = (fence for fence in FENCE.finditer(text) if not fence["info"].lstrip().startswith("{"))
    return [fence["body"].strip("\n") for fence in shown]
