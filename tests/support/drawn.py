"""What the examples of the figures draw, in numbers: one line for each style of each panel.

A line has the style, how many parts are drawn in it, the mean of their coordinates, and that mean weighted by
the order in which they are drawn, so that whatever moves, turns, is lost or changes colour is seen. Words
stand as they are. When a picture was changed on purpose, ``python tests/support/drawn.py`` writes the ledger.
"""

import doctest
import hashlib
import importlib
import json
import pkgutil
import re
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

import dlnotes.figures
from dlnotes.figures import canvas

LEDGER = Path(__file__).resolve().parents[1] / "figures" / "drawn.json"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
PLACES = {"d", "x", "y", "points", "transform", "width", "height", "cx", "cy", "r"}
NAMES = {
    "id",
    "clip-path",
    "href",
    "{http://www.w3.org/1999/xlink}href",
}  # they count, or sum up what is drawn
MODULES = sorted(module.name for module in pkgutil.iter_modules(dlnotes.figures.__path__))


def panels(name):
    """Run the examples of a module of figures, and return the panels drawn, by the example that drew them."""
    module = importlib.import_module(f"dlnotes.figures.{name}")
    found, plain = {}, canvas._svg

    for example in doctest.DocTestFinder(exclude_empty=True).find(module):
        drawn = []

        def kept(*args, drawn=drawn):
            drawn.append(plain(*args))
            return drawn[-1]

        canvas._svg = kept
        try:
            doctest.DocTestRunner(verbose=False).run(example, out=lambda _: None)
        finally:
            canvas._svg = plain
        for number, svg in enumerate(drawn, 1):
            found[f"{example.name.removeprefix('dlnotes.figures.')} {number}"] = lines(svg)
    return found


def lines(svg):
    """Sum up a panel: the words, then each style with its count, its mean and its weighted mean."""
    places, counts, words = defaultdict(list), defaultdict(int), []
    for part in ElementTree.fromstring(svg).iter():
        words += [part.text.strip()] if part.text and part.text.strip() else []
        if not PLACES & part.attrib.keys():
            continue
        style = " ".join(f"{k}={v}" for k, v in sorted(part.attrib.items()) if k not in PLACES | NAMES)
        key = f"{part.tag.rpartition('}')[2]} {hashlib.sha256(style.encode()).hexdigest()[:8]}"
        counts[key] += 1
        for place in sorted(PLACES & part.attrib.keys()):
            places[key] += map(float, NUMBER.findall(part.attrib[place]))
    found = {"words": " | ".join(words)}
    for key, count in sorted(counts.items()):
        at = np.array(places[key] or [0.0])
        weighted = at @ np.linspace(0, 1, len(at))
        found[key] = [count, round(at.mean(), 2), round(weighted / len(at), 2)]
    return found


def written(found):
    """Write the ledger, a panel a line."""
    said = [f"{json.dumps(name)}: {json.dumps(panel, ensure_ascii=False)}" for name, panel in found.items()]
    return "{\n" + ",\n".join(said) + "\n}\n"


if __name__ == "__main__":
    every = {panel: summed for name in MODULES for panel, summed in panels(name).items()}
    LEDGER.write_text(written(every), encoding="utf-8")
