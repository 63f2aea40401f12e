"""Convolution and correlation by hand: what the page computes is what the library computes."""

import json
import random

import numpy as np
import pytest

import explorables
from dlnotes.convolution import convolve2d, correlate2d, flip

NAMES = {"convolve2d": convolve2d, "correlate2d": correlate2d}


@pytest.fixture(scope="module")
def script():
    return explorables.Script("convolution-correlation")


def digits(chance, most):
    """Return signs as a hand leaves them, and fewer than there are cells now and then."""
    return "".join(chance.choices("0123456789", k=chance.choice([most, most, chance.randrange(most)])))


def cells(signs, side):
    return np.array([int(sign) for sign in signs.ljust(side * side, "0")]).reshape(side, side)


def test_settings_drawn_by_lot_give_what_the_library_gives(script):
    chance = random.Random(0)
    settings = [
        {"x": digits(chance, 25), "k": digits(chance, 9), "flip": turn, "at": chance.randint(1, 59)}
        for turn in (False, True)
        for _ in range(1000)
    ]
    for one, told in zip(settings, script.told_of(settings), strict=True):
        x, k = cells(one["x"], 5), cells(one["k"], 3)
        result = told["result"]
        assert result["output"] == eval(told["call"], NAMES).tolist()
        assert result["correlate2d"] == correlate2d(x, k, "same").tolist()
        assert result["convolve2d"] == convolve2d(x, k, "same").tolist()
        assert result["flip"] == flip(k).tolist()


def test_the_sentence_says_what_is_stamped_and_the_chosen_cell(script):
    assert script.told({})["said"] == (
        "뒤집지 않는 교차상관입니다. 점마다 커널이 반 바퀴 돌아 찍힙니다. 출력 3행 2열은 1입니다."
    )
    assert (
        "점마다 커널이 그대로 찍힙니다. 커널 1행 3열은 1입니다."
        in script.told({"flip": True, "at": 28})["said"]
    )
    assert script.told({"k": "121242121", "at": 13})["said"].startswith("반 바퀴 돌려도 같은 커널")
    assert script.told({"x": ""})["said"].startswith("곱할 것이 모두 0")


def test_every_cell_is_reached_by_key_and_changed(script):
    keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]
    script.engine.eval("const pressed = (key, settings) => ({...settings, ...spec.key(key, settings)});")
    first = script.first
    seen, waiting = {first["at"]}, [first]
    while waiting:
        state = waiting.pop()
        for key in keys:
            after = script.eval(f"pressed({key!r}, {json.dumps(state)})")
            if after["at"] not in seen:
                seen.add(after["at"])
                waiting.append(after)
    assert seen == set(range(1, 60))

    def changed(key, **state):
        after = script.eval(f"pressed({key!r}, {json.dumps(first | state)})")
        return after["x"], after["k"]

    assert changed("7", at=1) == ("7" + first["x"][1:], first["k"])
    assert changed(" ", at=34) == (first["x"], "111001002")
    assert changed(" ", at=34, k="111001002") == (first["x"], "111001000")
    assert changed("5", at=35) == (first["x"], first["k"])


def test_the_tasks_are_open_at_first_and_can_be_done(script):
    assert script.told({})["tasks"] == [False, False, False]
    assert script.told({"flip": True})["tasks"] == [False, False, False]
    assert script.told({"flip": True, "x": "1000000000001"})["tasks"] == [True, False, False]
    assert script.told({"k": "111101111"})["tasks"] == [False, True, False]
    assert script.told({"k": "100100111"})["tasks"] == [False, False, True]
