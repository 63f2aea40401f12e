"""No picture changes unseen: what the examples and the pages draw is what the ledger says."""

import json
import re

import drawn
import pytest

LEDGER = json.loads(drawn.LEDGER.read_text(encoding="utf-8"))
TOLD = "if this is meant, write the ledger anew: python tests/support/drawn.py"
ROUNDING = 0.31  # of sums of thousands of pixels, which have six decimals and come from other machines


def differences(now, then):
    """Name the panels that are not drawn as before, and in what."""
    for panel in sorted(now.keys() | then.keys()):
        if panel not in now or panel not in then:
            yield f"{panel} is {'new' if panel in now else 'gone'}"
            continue
        for key, before in then[panel].items():
            same = pytest.approx(before, abs=ROUNDING) if isinstance(before, float) else before
            if now[panel][key] != same:
                yield f"{panel}: {key}: {before} became {now[panel][key]}"


@pytest.mark.full
@pytest.mark.parametrize("name", drawn.MODULES)
def test_every_figure_is_drawn_as_it_was(name):
    then = {panel: sums for panel, sums in LEDGER.items() if re.match(rf"{name}\b", panel)}
    assert not [*differences(drawn.drawn_by(name), then)], TOLD


@pytest.mark.parametrize("wrong", ["M 0 0 L 10 21", "M 0 0 L 20 10", "M 0 0 L 10 20 L 1 1"])
def test_a_line_that_is_another_is_seen(wrong):
    svg = '<svg><path d="{}" style="fill: red"/><text x="1" y="2">말</text></svg>'
    now, then = ({"one": drawn.summed(svg.format(line))} for line in (wrong, "M 0 0 L 10 20"))
    assert [*differences(now, then)]
    assert [*differences(then, then)] == []


def test_another_colour_word_or_place_of_a_word_is_seen():
    svg = '<svg><path d="M 0 0" style="fill: red"/><text x="1" y="2">말</text></svg>'
    then = {"one": drawn.summed(svg)}
    for old, new in [("red", "blue"), ("말", "글"), ('x="1"', 'x="2"')]:
        assert len([*differences({"one": drawn.summed(svg.replace(old, new))}, then)]) >= 1
    assert [*differences({}, then)] == ["one is gone"]
