"""The explorables' scripts in a JavaScript engine, and the settings that a hand can reach."""

import itertools
import json
import math
import random
from functools import cache
from pathlib import Path

from py_mini_racer import MiniRacer

from dlnotes_site.data import load
from dlnotes_site.explore import source_of
from dlnotes_site.explore.settings import read_explorables

ROOT = Path(__file__).parent.parent.parent
SCRIPTS = ROOT / "docs" / "_ext" / "dlnotes_site" / "explore" / "scripts"
MOST = 20_000  # settings; where there are more, so many are drawn by lot
AT_ONCE = 2_000


@cache
def ledger():
    return load(ROOT / "docs" / "explorables.yml", read_explorables)


class Script:
    """One explorable as its page runs it, without the page."""

    def __init__(self, name, frames=None):
        self.explorable = ledger()[name]
        self.frames = frames
        self.engine = MiniRacer()
        for script in ("frame", name):
            self.engine.eval(source_of(script))
        self.engine.eval(
            f"const spec = dlExplore.specs[{json.dumps(name)}], frames = {frames or 'null'};"
            "const told = (settings) => { const result = spec.compute(settings, frames); return {"
            "result, call: spec.call(settings, result), "
            "said: dlExplore.particles(spec.say(settings, result, frames)), "
            "tasks: spec.tasks.map((task) => Boolean(task(settings, result))) }; };"
        )

    @property
    def first(self):
        return {one.name: one.value for one in self.explorable.settings}

    def eval(self, code):
        return json.loads(self.engine.eval(f"JSON.stringify({code})"))

    def told(self, settings):
        """What is shown at some settings: the result, the call, the sentence, the tasks met."""
        return self.told_of([settings])[0]

    def told_of(self, many):
        found = []
        for start in range(0, len(many), AT_ONCE):
            part = [self.first | settings for settings in many[start : start + AT_ONCE]]
            found += self.eval(f"{json.dumps(part)}.map(told)")
        return found

    def reachable(self, *left_out, most=MOST, texts=()):
        """Every setting that a hand can reach, or so many drawn by lot; ``texts`` for what is written."""
        chance = random.Random(0)
        ranges = {
            one.name: [one.value] if one.name in left_out else list(dict(texts).get(one.name, one.all()))
            for one in self.explorable.settings
        }
        if math.prod(map(len, ranges.values())) <= most:
            rows = itertools.product(*ranges.values())
        else:
            rows = (tuple(map(chance.choice, ranges.values())) for _ in range(most))
        return [dict(zip(ranges, row, strict=True)) for row in rows]


def refusal(call, **names):
    """What the library says when it refuses."""
    try:
        eval(call, names)
    except (TypeError, ValueError) as error:
        return str(error)
    return None
