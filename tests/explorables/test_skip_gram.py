"""Pairs of words by hand: what the page counts and learns is what the library counts and learns."""

import random

import numpy as np
import pytest

import explorables
from dlnotes.embeddings import conditional_probabilities, cooccurrence, encode, skipgram_pairs, vocabulary
from dlnotes.explorables.skip_gram import TEXT, learned_probabilities

TOKENS = TEXT.split()
WORDS = vocabulary(TOKENS)


@pytest.fixture(scope="module")
def script():
    return explorables.Script("skip-gram")


@pytest.fixture(scope="module")
def drawn(script):
    """Every setting untaught, and many that were taught."""
    chance = random.Random(0)
    texts = ["".join(chance.choices("bat", k=chance.randint(1, 30))) for _ in range(3)]
    settings = script.reachable(texts={"steps": ["", *texts, "t" * 30, "ba" * 15]})
    return list(zip(settings, script.told_of(settings), strict=True))


def test_every_setting_counts_what_the_library_counts(drawn):
    known = {}
    for c in range(1, 5):
        for turned in (False, True):
            pairs = skipgram_pairs(encode(TOKENS[::-1] if turned else TOKENS, WORDS), c)
            counts = cooccurrence(pairs, len(WORDS))
            known[c, turned] = pairs.tolist(), counts.tolist(), conditional_probabilities(counts)
    for one, told in drawn:
        if "refusal" in told["result"]:
            continue
        pairs, counts, shares = known[one["c"], one["reverse"]]
        assert told["result"]["skipgram_pairs"] == pairs
        assert told["result"]["cooccurrence"] == counts
        gaps = shares[one["at"]] - told["result"]["conditional_probabilities"]
        assert np.abs(gaps).max() <= 1e-12


def test_what_is_learned_is_what_the_call_gives(drawn):
    refused = 0
    for _, told in random.Random(0).sample(drawn, 400):
        names = {"learned_probabilities": learned_probabilities}
        if said := explorables.refusal(told["call"], **names):
            assert told["result"] == {"refusal": said}
            refused += 1
            continue
        gaps = eval(told["call"], names) - told["result"]["context_probabilities"]
        assert np.abs(gaps).max() <= 1e-12
    assert refused


def test_reversing_the_sentence_changes_nothing_that_is_learned_together(script):
    one, other = script.told_of([{"steps": "t" * 15, "reverse": turned} for turned in (False, True)])
    probabilities = [told["result"]["context_probabilities"] for told in (one, other)]
    assert probabilities[0] == pytest.approx(probabilities[1], abs=1e-12)
    one, other = script.told_of([{"steps": "b" * 18, "reverse": turned} for turned in (False, True)])
    assert one["result"]["context_probabilities"][0] > 0.9 > other["result"]["context_probabilities"][0]


def test_the_tasks_are_open_at_first_and_can_be_done(script):
    assert script.told({})["tasks"] == [False, False, False]
    assert script.told({"steps": "b" * 18})["tasks"] == [True, False, False]
    assert script.told({"steps": "t" * 12})["tasks"] == [False, True, False]
    assert script.told({"steps": "t", "reverse": True})["tasks"] == [False, False, True]


def test_the_sentence_says_the_result(script):
    assert script.told({"steps": "t" * 15, "eta": 0.3})["said"] == (
        "quick의 쌍은 2개입니다. 15번 배워 확률은 the 0.49, brown 0.49입니다."
    )
