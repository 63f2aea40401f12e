import re

import numpy as np
import pytest

from dlnotes.embeddings import cooccurrence, encode, initialize, skipgram_loss_vjp, skipgram_pairs, vocabulary
from dlnotes.figures.canvas import COLORS
from dlnotes.figures.skip_gram import (
    count_grid,
    learning_curves,
    one_matrix_or_two,
    place_labels,
    sharing_cost,
    sliding_windows,
    touched,
    word_map,
)
from dlnotes.skipgram_training import train_joint

SENTENCE = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog"]
WORDS = vocabulary(SENTENCE)
IDS = encode(SENTENCE, WORDS)


def texts(picture):
    return re.findall(r"<text[^>]*>([^<]*)</text>", "".join(picture.panels))


def shapes(panel, role):
    return len(re.findall(rf"fill: {COLORS[role]}[^>]*stroke: {COLORS[role]}", panel))


@pytest.mark.parametrize("window", [1, 2])
def test_the_window_stops_at_every_word_and_marks_its_pairs(window):
    picture = sliding_windows(SENTENCE, window)
    pairs = skipgram_pairs(SENTENCE, window)
    (panel,) = picture.panels
    assert shapes(panel, "input") == len(SENTENCE)
    assert shapes(panel, "target") == len(pairs)
    counts = [int(text[:-1]) for text in texts(picture) if re.fullmatch(r"\d개", text)]
    assert sum(counts) == len(pairs)
    assert texts(picture).count("quick") == len(SENTENCE)


def test_only_what_has_a_gradient_is_marked():
    w_in, w_out = initialize(8, 3, np.random.default_rng(0))
    picture = touched(WORDS, *skipgram_loss_vjp(w_in, w_out, [1], [0])[1](1.0), {1: "중심"})
    assert [shapes(panel, "gradient") for panel in picture.panels] == [3, 24]
    assert {"quick (중심)", "행 1개", "열 8개"} <= set(texts(picture))


def test_the_grid_holds_the_counts():
    counts = cooccurrence(skipgram_pairs(IDS, 1), 8)
    picture = count_grid(WORDS, counts, "N")
    assert shapes(picture.panels[0], "output") == (counts > 0).sum()
    assert texts(picture).count("1") == (counts == 1).sum()


def test_one_matrix_leads_to_both_words_and_two_to_one_each():
    one, two = one_matrix_or_two("quick", ("the", "brown"), (0.4, 0.6), (0.9, 0.8)).panels
    assert (one.count("W_out<"), two.count("W_앞<"), two.count("W_뒤<")) == (1, 1, 1)
    assert all(label in one for label in ("앞 0.400", "뒤 0.600"))
    assert all(label in two for label in ("앞 0.900", "뒤 0.800"))


def test_the_lowest_point_is_told():
    p = np.linspace(0.1, 0.9, 81)
    assert "½씩일 때 1.3863" in texts(sharing_cost(p, -np.log(p) - np.log(1 - p)))


def test_every_curve_and_the_floor_are_named():
    counts = cooccurrence(skipgram_pairs(IDS, 1), 8)
    losses = train_joint(*initialize(8, 2, np.random.default_rng(0)), counts, steps=9, lr=1)[2]
    found = texts(learning_curves({"d = 2": losses, "d = 5": [loss + 0.5 for loss in losses]}, 0.7258))
    assert {"d = 2", "d = 5", "바닥 0.7258"} <= set(found)


def test_names_overlap_neither_each_other_nor_a_point():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(30, 2)) * [50, 60] + [160, 200]
    boxes = place_labels(points, [36.0] * 30, 320, 400)
    for i, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert top >= 0
        assert right <= 320
        assert bottom <= 400
        for other in boxes[:i]:
            assert left >= other[2] or other[0] >= right or top >= other[3] or other[1] >= bottom
        for x, y in points:
            assert not (left < x < right and top < y < bottom)


def test_no_room_is_an_error():
    with pytest.raises(ValueError, match=r"no room for a label 90\.0 wide at \(50, 50\)"):
        place_labels(np.array([[50.0, 50.0], [50.0, 50.0]]), [90.0, 90.0], 95, 70)


def test_the_map_names_every_word_and_keeps_the_shape_of_the_distances():
    words = ["입력", "출력", "채널", "필터"]
    picture = word_map(words, [[0, 0], [1, 0], [0, 1], [3, 1]])
    assert [text for text in texts(picture) if text in words] == words
    assert word_map(words, [[0, 0], [10, 0], [0, 10], [30, 10]]) == picture
    assert word_map(words, [[0, 0], [1, 0], [0, 2], [3, 1]]) != picture
