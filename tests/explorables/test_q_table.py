"""The Q table by hand: what the page counts is what the library counts, to the last digit."""

import itertools
import random

import pytest

import explorables
from dlnotes.state_space import bytes_text, image_index, images, table_bytes

NAMES = {"image_index": image_index, "images": images, "table_bytes": table_bytes}
SAFE = 2**53 - 1  # the greatest whole number that a script holds exactly


@pytest.fixture(scope="module")
def script():
    return explorables.Script("q-table")


def test_every_size_with_images_drawn_by_lot_gives_what_the_library_gives(script):
    chance = random.Random(0)
    ranges = {one.name: one.all() for one in script.explorable.settings if one.name not in ("x", "at")}
    settings = [
        dict(zip(ranges, row, strict=True)) | {"x": "".join(chance.choices("01", k=chance.randint(0, 60)))}
        for row in itertools.product(*ranges.values())
    ]
    assert len(settings) == 60 * 18 * 4
    for one, told in zip(settings, script.told_of(settings), strict=True):
        n, actions = one["n"], one["actions"]
        pixels = [int(sign) for sign in one["x"][:n].ljust(n, "0")]
        count = table_bytes(images(n), actions, one["entry_bytes"])
        assert eval(told["call"], NAMES) == (image_index(pixels), count)
        whole = {
            "image_index": int(image_index(pixels)),
            "images": images(n),
            "entries": images(n) * actions,
            "table_bytes": count,
        }
        exact = {name: value if value <= SAFE else str(value) for name, value in whole.items()}
        assert told["result"] == exact | {"bytes_text": bytes_text(count), "fits": count <= 16 * 10**9}


def test_the_sentence_says_the_result(script):
    assert script.told({"x": "1010"})["said"] == (
        "이 이미지는 0부터 세어 10번 줄입니다. 픽셀 4개, 행동 4개인 큐 표는 16줄, 64칸, 256 B입니다."
    )
    assert script.told({"n": 30})["said"].endswith(
        "16 GiB여서, 메모리가 16 GB인 컴퓨터에 다 들어가지 않습니다."
    )


def test_the_tasks_are_open_at_first_and_can_be_done(script):
    assert script.told({})["tasks"] == [False, False, False]
    assert script.told({"x": "1000"})["tasks"] == [True, False, False]
    assert script.told({"n": 30})["tasks"] == [False, True, False]
    assert not script.told({"n": 33, "actions": 1, "entry_bytes": 1})["tasks"][2]
    assert script.told({"n": 34, "actions": 1, "entry_bytes": 1})["tasks"] == [False, True, True]
