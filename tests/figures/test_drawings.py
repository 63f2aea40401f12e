"""No picture changes unseen: what the figures' examples draw is what the ledger says."""

import json

import drawn
import pytest

LEDGER = json.loads(drawn.LEDGER.read_text(encoding="utf-8"))
TOLD = "if this is meant, write the ledger anew: python tests/support/drawn.py"


def differences(now, then):
    """Name the panels, and what in them, that are not drawn as before; the last digit may be another."""
    for panel in sorted(now.keys() | then.keys()):
        if panel not in now or panel not in then:
            yield f"{panel} is {'new' if panel in now else 'gone'}"
            continue
        for key in sorted(now[panel].keys() | then[panel].keys()):
            here, there = now[panel].get(key), then[panel].get(key)
            if here != (there if isinstance(here, str) else there and pytest.approx(there, abs=0.011)):
                yield f"{panel}: {key}: {there} became {here}"


@pytest.mark.full
@pytest.mark.parametrize("name", drawn.MODULES)
def test_every_example_draws_what_it_drew(name):
    then = {panel: lines for panel, lines in LEDGER.items() if panel.startswith(f"{name}.")}
    assert not [*differences(drawn.panels(name), then)], TOLD


@pytest.mark.parametrize("wrong", ["M 0 0 L 10 21", "M 0 0 L 20 10", "M 0 0 L 10 20 L 1 1"])
def test_a_line_that_is_another_is_seen(wrong):
    svg = '<svg><path d="{}" style="fill: red"/><text x="1" y="2">말</text></svg>'
    now, then = ({"one": drawn.lines(svg.format(line))} for line in (wrong, "M 0 0 L 10 20"))
    assert len([*differences(now, then)]) == 1
    assert [*differences(then, then)] == []


def test_another_colour_word_or_place_of_a_word_is_seen():
    svg = '<svg><path d="M 0 0" style="fill: red"/><text x="1" y="2">말</text></svg>'
    then = {"one": drawn.lines(svg)}
    for old, new in [("red", "blue"), ("말", "글"), ('x="1"', 'x="2"')]:
        assert [*differences({"one": drawn.lines(svg.replace(old, new))}, then)]
