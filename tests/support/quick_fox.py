"""The sentence of the skip-gram page, its pairs and its matrices."""

import numpy as np

from dlnotes.embeddings import cooccurrence, encode, initialize, skipgram_pairs, vocabulary

SENTENCE = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog"]
WORDS = vocabulary(SENTENCE)
IDS = encode(SENTENCE, WORDS)
PAIRS = skipgram_pairs(IDS, window=1)
COUNTS = cooccurrence(PAIRS, len(WORDS))
THE, QUICK, BROWN = (WORDS.index(word) for word in ("the", "quick", "brown"))
ZERO = np.zeros((8, 3)), np.zeros((3, 8))


def matrices(seed, size=8, dim=3, std=0.5):
    return initialize(size, dim, np.random.default_rng(seed), std=std)
