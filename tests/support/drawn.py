"""What the figures draw, summed up: words, styles, and coordinates in the order in which they are drawn.

Whatever moves by a third of a pixel, turns, is lost, or has another colour or another word is seen. The
figures are those of the docstrings' examples and those of the pages. When a picture was changed on purpose,
``python tests/support/drawn.py`` writes the ledger.
"""

import contextlib
import doctest
import hashlib
import importlib
import io
import json
import pkgutil
import re
from collections import Counter
from xml.etree import ElementTree

import numpy as np
from pages import ROOT, code_cells

import dlnotes.figures
from dlnotes.figures import canvas

LEDGER = ROOT / "tests" / "figures" / "drawn.json"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
PLACES = {"d", "x", "y", "points", "transform", "width", "height", "cx", "cy", "r"}
NAMES = {"id", "clip-path", "href", "{http://www.w3.org/1999/xlink}href"}  # made of what is drawn, or counted
MODULES = sorted(module.name for module in pkgutil.iter_modules(dlnotes.figures.__path__))


@contextlib.contextmanager
def panels():
    """Keep the panels that are drawn meanwhile."""
    found, plain = [], canvas._svg

    def kept(*args):
        found.append(plain(*args))
        return found[-1]

    canvas._svg = kept
    try:
        yield found
    finally:
        canvas._svg = plain


def drawn_by(name):
    """Sum up what the examples of a module of figures draw, and what its page draws."""
    found = {}
    module = importlib.import_module(f"dlnotes.figures.{name}")
    for example in doctest.DocTestFinder(exclude_empty=True).find(module):
        with panels() as drawn:
            doctest.DocTestRunner(verbose=False).run(example, out=lambda _: None)
        short = example.name.removeprefix("dlnotes.figures.")
        found |= {f"{short} {number}": summed(svg) for number, svg in enumerate(drawn, 1)}
    page = ROOT / "docs" / f"{name.replace('_', '-')}.md"
    if page.is_file():
        with panels() as drawn, contextlib.redirect_stdout(io.StringIO()):
            names = {}
            for cell in code_cells(page.read_text(encoding="utf-8")):
                exec(cell, names)
        found |= {f"{name}, page {number}": summed(svg) for number, svg in enumerate(drawn, 1)}
    return found


def summed(svg):
    """Sum up a panel."""
    places, styles, words = [], Counter(), []
    for part in ElementTree.fromstring(svg).iter():
        words += [part.text.strip()] if part.text and part.text.strip() else []
        for place in sorted(PLACES & part.attrib.keys()):
            places += map(float, NUMBER.findall(part.attrib[place]))
        styles[part.tag, *sorted((k, v) for k, v in part.attrib.items() if k not in PLACES | NAMES)] += 1
    at = np.array(places)
    turned = at @ np.linspace(0, 1, len(at)) if len(at) else 0
    digest = hashlib.sha256(repr(sorted(styles.items())).encode()).hexdigest()[:8]
    sums = {"sum": round(float(at.sum()), 1), "turned": round(float(turned), 1)}
    return {"words": " | ".join(words), "styles": digest, "numbers": len(places), **sums}


def written(found):
    """Write the ledger, a panel a line."""
    said = [f"{json.dumps(name)}: {json.dumps(panel, ensure_ascii=False)}" for name, panel in found.items()]
    return "{\n" + ",\n".join(said) + "\n}\n"


if __name__ == "__main__":
    every = {panel: sums for name in MODULES for panel, sums in drawn_by(name).items()}
    LEDGER.write_text(written(every), encoding="utf-8")
