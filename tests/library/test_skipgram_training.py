"""Training the skip-gram model, from the readable ways to the fast one."""

import inspect

import numpy as np
import pytest
from quick_fox import BROWN, COUNTS, IDS, PAIRS, QUICK, THE, ZERO, matrices

from dlnotes import skipgram_training
from dlnotes.embeddings import (
    context_probabilities,
    cooccurrence,
    cooccurrence_loss,
    entropy_floor,
    expected_negative_sampling_loss,
    initialize,
    negative_sampling_loss_vjp,
    noise_distribution,
    offset_probabilities,
    sample_noise,
    skipgram_loss_vjp,
    skipgram_pairs,
)
from dlnotes.skipgram_training import (
    train_joint,
    train_negative_sampling,
    train_pairs,
    train_sgd,
    train_word2vec,
)


def test_training_reaches_the_entropy_floor_with_the_numbers_of_the_brief():
    w_in, w_out = matrices(0, dim=8, std=0.1)
    joint_in, joint_out, losses = train_joint(w_in, w_out, COUNTS, steps=3000, lr=1)
    assert losses.shape == (3001,)
    np.testing.assert_allclose(
        losses[[0, 9, 99, 999, 3000]], [2.0774, 1.9912, 0.74618, 0.72656, 0.72604], atol=5.1e-5
    )
    p = context_probabilities(joint_in, joint_out)[QUICK]
    np.testing.assert_allclose(p[[THE, BROWN]], [0.49988, 0.49989], atol=5e-6)
    ratio = np.linalg.norm(joint_in - joint_out.T) / np.linalg.norm(joint_in)
    assert ratio == pytest.approx(1.66, abs=0.005)
    pairs_in, pairs_out, _ = train_pairs(w_in, w_out, PAIRS, steps=3000, lr=1)
    assert max(abs(pairs_in - joint_in).max(), abs(pairs_out - joint_out).max()) < 1e-13
    assert (w_in == matrices(0, dim=8, std=0.1)[0]).all()


# With two, the cost still falls after 3,000 steps, and how far it came depends on the processor's rounding.
@pytest.mark.parametrize(("dim", "cost", "off"), [(2, 0.869, 1e-3), (3, 0.7261, 5.1e-5), (4, 0.7261, 5.1e-5)])
def test_three_dimensions_are_enough_for_the_sentence(dim, cost, off):
    losses = train_joint(*matrices(0, dim=dim, std=0.1), COUNTS, steps=3000, lr=1)[2]
    assert losses[-1] == pytest.approx(cost, abs=off)


def test_one_dimension_is_not_enough():
    losses = train_joint(*matrices(0, dim=1, std=0.1), COUNTS, steps=3000, lr=1)[2]
    assert losses[2999] == pytest.approx(1.2478, abs=5.1e-5)  # the brief's, one step before the last


def test_pair_by_pair_stalls_at_a_constant_rate_and_falls_further_with_decay():
    for final_lr, cost, p in ((None, 0.7454, [0.471, 0.504]), (0, 0.7301, [0.497, 0.497])):
        rng = np.random.default_rng(0)
        w_in, w_out = initialize(8, 8, rng)
        w_in, w_out, losses = train_sgd(w_in, w_out, PAIRS, rng, epochs=3000, lr=1 / 16, final_lr=final_lr)
        assert float(cooccurrence_loss(w_in, w_out, COUNTS)) == pytest.approx(cost, abs=5.1e-5)
        np.testing.assert_allclose(context_probabilities(w_in, w_out)[QUICK, [THE, BROWN]], p, atol=6e-4)
        assert losses.shape == (3000,)


def test_a_step_of_pair_by_pair_is_the_gradient_of_that_pair():
    rng = np.random.default_rng(0)
    w_in, w_out = matrices(1)
    got = train_sgd(w_in, w_out, [[2, 5], [2, 1]], np.random.default_rng(4), epochs=1, lr=0.5, final_lr=0.1)
    rng, losses = np.random.default_rng(4), []
    for n, eta in zip(rng.permutation(2), (0.5, 0.3), strict=True):
        cost, pullback = skipgram_loss_vjp(w_in, w_out, [2], [(5, 1)[n]])
        losses.append(cost)
        w_in, w_out = (w - eta * dw for w, dw in zip((w_in, w_out), pullback(1.0), strict=True))
    np.testing.assert_allclose(got[0], w_in, atol=1e-14)
    np.testing.assert_allclose(got[1], w_out, atol=1e-14)
    np.testing.assert_allclose(got[2], [np.mean(losses)])


def test_a_matrix_for_each_direction_lets_both_neighbours_be_certain():
    both = np.stack([cooccurrence(skipgram_pairs(IDS, 1, side=side), 8) for side in ("before", "after")])
    rng = np.random.default_rng(0)
    w_in, w_out, losses = train_joint(
        rng.normal(0, 0.1, (8, 8)), rng.normal(0, 0.1, (2, 8, 8)), both, steps=3000, lr=1
    )
    assert losses[-1] - entropy_floor(both) < 2e-3
    p = context_probabilities(w_in, w_out)
    assert min(p[0, QUICK, THE], p[1, QUICK, BROWN]) > 0.99


def test_a_batch_of_negative_sampling_is_one_step_along_its_gradient():
    noise = noise_distribution(np.bincount(IDS))
    w_in, w_out = matrices(1)
    got = train_negative_sampling(
        w_in,
        w_out,
        PAIRS,
        noise,
        np.random.default_rng(4),
        epochs=1,
        lr=0.5,
        final_lr=0.1,
        negatives=3,
        batch_size=10,
    )
    rng = np.random.default_rng(4)
    order, total = rng.permutation(16), 0.0
    for batch, eta in ((order[:10], 0.5), (order[10:], 0.3)):
        drawn = sample_noise(noise, (len(batch), 3), rng)
        cost, pullback = negative_sampling_loss_vjp(w_in, w_out, *PAIRS[batch].T, drawn, reduction="sum")
        total += float(cost)
        w_in, w_out = (w - eta * dw for w, dw in zip((w_in, w_out), pullback(1.0), strict=True))
    np.testing.assert_allclose(got[0], w_in)
    np.testing.assert_allclose(got[1], w_out)
    assert got[2].tolist() == [pytest.approx(total / 16)]


def test_negative_sampling_comes_near_its_least_cost():
    noise = noise_distribution(np.bincount(IDS))
    rng = np.random.default_rng(0)
    w_in, w_out, _ = train_negative_sampling(
        *initialize(8, 8, rng), PAIRS, noise, rng, epochs=600, lr=0.3, final_lr=0, batch_size=16
    )
    cost = expected_negative_sampling_loss(w_in, w_out, COUNTS, noise, negatives=5)
    with np.errstate(divide="ignore"):
        z = np.log(COUNTS / (5 * COUNTS.sum(axis=1, keepdims=True) * noise))
    seen = COUNTS > 0
    least = (COUNTS[seen] * np.logaddexp(0, -z[seen])).sum()
    least += (5 * COUNTS.sum(axis=1, keepdims=True) * noise)[seen] @ np.logaddexp(0, z[seen])
    least /= 16
    assert least < cost < least + 0.1
    assert expected_negative_sampling_loss(np.zeros((8, 1)), np.zeros((1, 8)), COUNTS, noise, negatives=5) > 4


def test_a_diverging_training_is_an_error():
    with (
        np.errstate(all="ignore"),
        pytest.raises(ValueError, match=r"training diverged in epoch \d+ .*: lr=1e\+99, batch_size=4"),
    ):
        train_negative_sampling(
            *matrices(0), PAIRS, np.ones(8), np.random.default_rng(0), epochs=9, lr=1e99, batch_size=4
        )


def test_a_cost_that_grows_a_hundredfold_is_an_error():
    with pytest.raises(ValueError, match=r"training diverged in epoch 0 .*: lr=0.3, batch=1, chunk=16"):
        train_word2vec(
            *initialize(4, 8, np.random.default_rng(0)),
            [[0, 1, 2, 3] * 50],
            np.ones(4),
            np.random.default_rng(0),
            lr=0.3,
            batch=1,
        )


@pytest.mark.parametrize(("k", "chunk", "batch"), [(4, 32, 1), (3, 4, 9), (1, 1, 99)])
def test_the_fast_step_is_the_gradient_of_its_pairs_with_shared_negatives(k, chunk, batch):
    sentences, shared, size = [[0, 1, 2, 3, 4, 1], [5], [3, 0, 5], [2, 2]], 4, 6
    w_in, w_out = matrices(1, size=size)
    noise = noise_distribution([1, 2, 3, 4, 5, 6])
    got = train_word2vec(
        w_in,
        w_out,
        sentences,
        noise,
        np.random.default_rng(7),
        window=1,
        negatives=k,
        epochs=1,
        lr=0.01,
        final_lr=None,
        chunk=chunk,
        shared=shared,
        batch=batch,
    )
    flat = np.concatenate(sentences)
    blocks = -(-len(flat) // chunk)
    rng = np.random.default_rng(7)
    order = rng.permutation(blocks)
    fakes = np.empty((blocks, shared), int)
    fakes[order] = sample_noise(noise, (blocks, shared), rng)
    dw_in, dw_out, total, pairs, position = 0, 0, 0.0, 0, 0
    for sentence in sentences:
        for t in range(len(sentence)):
            drawn = fakes[(position + t) // chunk]
            for j in (t - 1, t + 1):
                if 0 <= j < len(sentence):
                    pair = [sentence[t]], [sentence[j]]
                    for negatives, share in ((drawn, k / shared), ([], 1 - k / shared)):
                        few = np.array([negatives], dtype=int)
                        cost, pullback = negative_sampling_loss_vjp(w_in, w_out, *pair, few)
                        a, b = pullback(share)
                        dw_in, dw_out, total = dw_in + a, dw_out + b, total + share * float(cost)
                    pairs += 1
        position += len(sentence)
    np.testing.assert_allclose(got[0], w_in - 0.01 * dw_in, atol=1e-14)
    np.testing.assert_allclose(got[1], w_out - 0.01 * dw_out, atol=1e-14)
    assert got[2].tolist() == [pytest.approx(total / pairs)]


def test_the_fast_training_learns_as_well_as_the_readable_one():
    noise = noise_distribution(np.bincount(IDS))
    costs = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        w_in, w_out, losses = train_word2vec(
            *initialize(8, 8, rng), [IDS] * 40, noise, rng, window=1, epochs=15, lr=0.2, chunk=9, batch=1
        )
        costs.append(expected_negative_sampling_loss(w_in, w_out, COUNTS, noise, negatives=5))
        assert losses.shape == (15,)
    assert 1.2 < np.mean(costs) < 1.75


def test_the_fast_training_shrinks_the_window_as_word2vec_does(monkeypatch):
    used = []
    real = skipgram_training._in_reach
    monkeypatch.setattr(skipgram_training, "_in_reach", lambda *a: used.append(real(*a)) or used[-1])
    rng = np.random.default_rng(0)
    tokens = rng.integers(0, 8, 4000)
    train_word2vec(*initialize(8, 2, rng), [tokens], np.ones(8), rng, window=4, epochs=1, lr=0.001)
    share = np.zeros(4)
    for band in np.concatenate(used):
        for j in range(1, 5):
            share[j - 1] += np.diagonal(band, 4 + j).sum() + np.diagonal(band, 4 - j).sum()
    np.testing.assert_allclose(share / 8000, offset_probabilities(4), atol=0.02)


def test_the_given_precision_is_kept():
    w_in, w_out = (w.astype(np.float32) for w in matrices(0))
    noise, rng = np.ones(8), np.random.default_rng(0)
    results = [*train_joint(w_in, w_out, COUNTS, steps=2, lr=0.1)]
    results += train_sgd(w_in, w_out, PAIRS, rng, epochs=2, lr=0.1, final_lr=0)
    results += train_negative_sampling(w_in, w_out, PAIRS, noise, rng, epochs=2, lr=0.1)
    results += train_word2vec(w_in, w_out, [IDS], noise, rng, epochs=2)
    assert {result.dtype for result in results} == {np.dtype(np.float32)}


# --- bad input


def word2vec(sentences, **options):
    return train_word2vec(*ZERO, sentences, np.ones(8), np.random.default_rng(0), **options)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: train_joint(*ZERO, COUNTS, steps=-1, lr=1), ValueError, "steps must .* got -1"),
        (lambda: train_joint(*ZERO, COUNTS, steps=1, lr=0), ValueError, r"lr must be positive, got 0\.0"),
        (lambda: train_pairs(*ZERO, [], steps=1, lr=1), ValueError, r"pairs must .* P >= 1, got \(0,\)"),
        (
            lambda: train_sgd(*ZERO, PAIRS, np.random.default_rng(0), epochs=1, lr=1, final_lr=-1),
            ValueError,
            r"final_lr must be non-negative, got -1\.0",
        ),
        (lambda: train_sgd(*ZERO, PAIRS, 0, epochs=1, lr=1), TypeError, "rng must be .* got 0"),
        (lambda: word2vec([[0, 1], [8]]), ValueError, r"sentences\[1\] must be word ids .* got 8"),
        (lambda: word2vec([[[0, 1]]]), ValueError, r"sentences\[0\] must have 1 dimension, got 2"),
        (lambda: word2vec([[0], [1]]), ValueError, "sentences must hold at least one pair, got 2"),
        (lambda: word2vec([]), ValueError, "sentences must hold at least one pair, got 0"),
        (lambda: word2vec([[0, 1]], window=0), ValueError, "window must .* got 0"),
        (lambda: word2vec([[0, 1]], chunk=0), ValueError, "chunk must .* got 0"),
        (lambda: word2vec([[0, 1]], shared=0), ValueError, "shared must .* got 0"),
        (lambda: word2vec([[0, 1]], batch=0), ValueError, "batch must .* got 0"),
        (lambda: word2vec([[0, 1]], negatives=0), ValueError, "negatives must .* got 0"),
        (lambda: word2vec([[0, 1]], lr=-1), ValueError, r"lr must be positive, got -1\.0"),
    ],
)
def test_bad_input_is_refused_by_name_and_value(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_what_is_not_said_is_as_word2vec_has_it():
    told = inspect.signature(skipgram_training.train_word2vec).parameters
    defaults = {name: one.default for name, one in told.items() if one.default is not one.empty}
    expected = {"window": 5, "negatives": 5, "epochs": 5, "lr": 0.025}
    assert {name: defaults[name] for name in expected} == expected
