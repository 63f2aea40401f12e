import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quick_fox import BROWN, COUNTS, IDS, PAIRS, QUICK, SENTENCE, THE, WORDS, ZERO, matrices
from scipy.optimize import approx_fprime
from scipy.special import expit, log_softmax
from scipy.stats import entropy

from dlnotes.embeddings import (
    conditional_probabilities,
    context_probabilities,
    cooccurrence,
    cooccurrence_loss,
    cooccurrence_loss_vjp,
    dynamic_pairs,
    encode,
    entropy_floor,
    expected_negative_sampling_loss,
    initialize,
    nearest,
    negative_sampling_loss,
    negative_sampling_loss_vjp,
    noise_distribution,
    offset_probabilities,
    principal_components,
    sample_noise,
    site_corpus,
    skipgram_loss,
    skipgram_loss_vjp,
    skipgram_pairs,
    subsample,
    vocabulary,
)


def numeric(f, *arrays):
    """Central differences of a scalar function of several arrays."""
    out = []
    for i, array in enumerate(arrays):
        gradient = np.empty_like(array)
        for at in np.ndindex(array.shape):
            sides = []
            for h in (1e-6, -1e-6):
                moved = [a.copy() for a in arrays]
                moved[i][at] += h
                sides.append(float(f(*moved)))
            gradient[at] = (sides[0] - sides[1]) / 2e-6
        out.append(gradient)
    return out


# --- words and pairs


def test_the_sentence_has_nine_tokens_eight_words_and_sixteen_pairs():
    assert (len(SENTENCE), len(WORDS), len(PAIRS)) == (9, 8, 16)
    assert skipgram_pairs(SENTENCE, 1)[1:3].tolist() == [["quick", "the"], ["quick", "brown"]]


def test_the_count_matrix_is_symmetric_and_its_forward_half_is_not():
    forward = cooccurrence(skipgram_pairs(IDS, 1, side="after"), 8)
    backward = cooccurrence(skipgram_pairs(IDS, 1, side="before"), 8)
    assert (COUNTS == COUNTS.T).all()
    assert (forward != forward.T).any()
    assert (backward == forward.T).all()
    assert (forward + backward == COUNTS).all()


def test_neighbours_share_the_probability():
    p = conditional_probabilities(COUNTS)
    assert p[QUICK, [THE, BROWN]].tolist() == [0.5, 0.5]
    assert {WORDS[o]: float(p[THE, o]) for o in np.flatnonzero(p[THE])} == dict.fromkeys(
        ("quick", "over", "lazy"), 1 / 3
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 5), max_size=12), st.integers(1, 4), st.sampled_from(["both", "before", "after"])
)
def test_pairs_are_those_of_a_double_loop(tokens, window, side):
    expected = [
        [tokens[t], tokens[j]]
        for t in range(len(tokens))
        for j in range(max(0, t - window), min(len(tokens), t + window + 1))
        if (side == "both" and j != t) or (side == "before" and j < t) or (side == "after" and j > t)
    ]
    pairs = skipgram_pairs(tokens, window, side=side)
    assert pairs.shape == (len(expected), 2)
    assert pairs.tolist() == expected
    brute = np.zeros((6, 6), int)
    for c, o in expected:
        brute[c, o] += 1
    assert (cooccurrence(pairs, 6) == brute).all()


def test_the_dynamic_window_uses_offset_j_with_probability_c_minus_j_plus_1_over_c():
    n, c = 40_000, 5
    pairs = dynamic_pairs(np.arange(n), c, np.random.default_rng(0))
    offsets = pairs[:, 1] - pairs[:, 0]
    for j in range(1, c + 1):
        for side in (1, -1):
            assert abs((offsets == side * j).sum() / (n - j) - offset_probabilities(c)[j - 1]) < 0.01
    assert (np.sort(pairs[:, 0]) == pairs[:, 0]).all()
    assert offset_probabilities(4).tolist() == [1, 0.75, 0.5, 0.25]


def test_a_dynamic_window_reaches_equally_far_on_both_sides_of_one_centre():
    pairs = dynamic_pairs(np.arange(200), 6, np.random.default_rng(3))
    for center in range(6, 194):
        around = pairs[pairs[:, 0] == center, 1] - center
        assert around.tolist() == [j for j in range(-around[-1], around[-1] + 1) if j]


def test_the_vocabulary_keeps_the_order_of_appearance_and_drops_rare_words():
    assert vocabulary(["b", "a", "b", "c", "a", "b"], min_count=2) == ("b", "a")
    assert encode(["c", "a", "b"], ("b", "a"), unknown="drop").tolist() == [1, 0]
    assert encode([], ("a",)).shape == (0,)


# --- the floor


def test_the_entropy_floor_of_the_sentence():
    assert entropy_floor(COUNTS) == pytest.approx(0.725850, abs=5e-7)
    assert entropy_floor(COUNTS) == pytest.approx(
        (14 / 16 - 4 / 16) * np.log(2) + 3 / 16 * np.log(3) + 0.0866434, abs=1
    )


def test_the_entropy_floor_is_the_mean_row_entropy():
    n = np.random.default_rng(0).integers(0, 5, (6, 6)).astype(float)
    rows = n.sum(axis=1)
    expected = sum(weight * entropy(row) for weight, row in zip(rows, n, strict=True) if weight) / rows.sum()
    assert entropy_floor(n) == pytest.approx(expected, rel=1e-12)


def test_with_one_matrix_for_each_direction_only_the_word_after_the_is_uncertain():
    both = np.stack([cooccurrence(skipgram_pairs(IDS, 1, side=side), 8) for side in ("before", "after")])
    assert entropy_floor(both) == pytest.approx(2 * np.log(2) / 16, rel=1e-12)


# --- softmax


def test_the_best_cost_of_the_two_pairs_of_quick_is_two_ln_two():
    w_in, w_out = np.zeros((8, 1)), np.full((1, 8), -60.0)
    w_in[QUICK], w_out[0, [THE, BROWN]] = 1, 0
    cost = skipgram_loss(w_in, w_out, [QUICK, QUICK], [THE, BROWN], reduction="sum")
    assert float(cost) == pytest.approx(1.386294, abs=5e-7)
    for tilt in (0.1, -0.1, 1.0):
        w_out[0, THE] = tilt
        assert skipgram_loss(w_in, w_out, [QUICK, QUICK], [THE, BROWN], reduction="sum") > cost


def test_pairs_one_by_one_and_together_give_one_gradient():
    w_in, w_out = matrices(0)
    alone = [skipgram_loss_vjp(w_in, w_out, [QUICK], [o])[1](1.0) for o in (THE, BROWN)]
    joint = np.zeros((8, 8))
    joint[QUICK, [THE, BROWN]] = 1
    together = cooccurrence_loss_vjp(w_in, w_out, joint)[1](2.0)  # the mean of two, doubled
    for first, second, both in zip(*alone, together, strict=True):
        assert abs(first + second - both).max() <= 1e-15
    assert np.flatnonzero(together[0].any(axis=1)).tolist() == [QUICK]
    assert together[1].any(axis=0).all()
    p = context_probabilities(w_in, w_out)[QUICK]
    half = np.where(np.isin(np.arange(8), [THE, BROWN]), 0.5, 0)
    np.testing.assert_allclose(together[1], np.outer(w_in[QUICK], 2 * (p - half)), atol=1e-15)


def test_one_after_the_other_differs_from_at_once_by_the_square_of_the_rate():
    def gap(eta):
        w_in, w_out = matrices(0)
        dw_in, dw_out = skipgram_loss_vjp(w_in, w_out, [QUICK] * 2, [THE, BROWN], reduction="sum")[1](1.0)
        at_once = w_in - eta * dw_in, w_out - eta * dw_out
        for o in (THE, BROWN):
            dw_in, dw_out = skipgram_loss_vjp(w_in, w_out, [QUICK], [o])[1](1.0)
            w_in, w_out = w_in - eta * dw_in, w_out - eta * dw_out
        return np.sqrt(sum(((a - b) ** 2).sum() for a, b in zip(at_once, (w_in, w_out), strict=True)))

    gaps = [gap(eta) for eta in (1, 0.1, 0.01, 0.001)]
    np.testing.assert_allclose(gaps, [1.306, 1.179e-2, 1.169e-4, 1.168e-6], rtol=5e-4)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(1, 4), st.integers(1, 9))
def test_the_softmax_cost_is_scipys_and_its_gradient_the_numeric_one(seed, size, dim, count):
    rng = np.random.default_rng(seed)
    w_in, w_out = initialize(size, dim, rng, std=1)
    c, o = rng.integers(0, size, (2, count))
    costs = -log_softmax(w_in[c] @ w_out, axis=1)[np.arange(count), o]
    np.testing.assert_allclose(skipgram_loss(w_in, w_out, c, o, reduction="none"), costs, atol=1e-12)
    weights = rng.normal(size=count)
    for reduction, dcost, total in (("mean", 3.0, 3 * costs.mean()), ("sum", 2.0, 2 * costs.sum())):
        cost, pullback = skipgram_loss_vjp(w_in, w_out, c, o, reduction=reduction)
        assert float(cost) * dcost == pytest.approx(total)
        expected = numeric(
            lambda a, b, r=reduction, d=dcost: d * skipgram_loss(a, b, c, o, reduction=r), w_in, w_out
        )
        for got, wanted in zip(pullback(dcost), expected, strict=True):
            np.testing.assert_allclose(got, wanted, atol=1e-7)
    _, pullback = skipgram_loss_vjp(w_in, w_out, c, o, reduction="none")
    expected = numeric(
        lambda a, b: (weights * skipgram_loss(a, b, c, o, reduction="none")).sum(), w_in, w_out
    )
    for got, wanted in zip(pullback(weights), expected, strict=True):
        np.testing.assert_allclose(got, wanted, atol=1e-7)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(1, 4), st.integers(1, 12))
def test_counts_and_pairs_give_the_same_cost_and_gradient(seed, size, dim, count):
    rng = np.random.default_rng(seed)
    w_in, w_out = initialize(size, dim, rng, std=1)
    pairs = rng.integers(0, size, (count, 2))
    by_pairs, pull_pairs = skipgram_loss_vjp(w_in, w_out, *pairs.T)
    by_counts, pull_counts = cooccurrence_loss_vjp(w_in, w_out, cooccurrence(pairs, size))
    np.testing.assert_allclose(by_counts, by_pairs, rtol=1e-12)
    for got, wanted in zip(pull_counts(1.7), pull_pairs(1.7), strict=True):
        np.testing.assert_allclose(got, wanted, atol=1e-13)


def test_a_matrix_for_each_direction_has_the_numeric_gradient():
    rng = np.random.default_rng(0)
    w_in, w_out, counts = rng.normal(size=(4, 2)), rng.normal(size=(2, 2, 4)), rng.integers(0, 4, (2, 4, 4))
    expected = numeric(lambda a, b: cooccurrence_loss(a, b, counts), w_in, w_out)
    for got, wanted in zip(cooccurrence_loss_vjp(w_in, w_out, counts)[1](1.0), expected, strict=True):
        np.testing.assert_allclose(got, wanted, atol=1e-8)


def test_the_softmax_cost_does_not_mind_large_scores():
    w_in, w_out = np.array([[1000.0], [-1000.0]]), np.array([[1.0, -1.0]])
    cost, pullback = skipgram_loss_vjp(w_in, w_out, [0, 1], [1, 1], reduction="none")
    assert cost.tolist() == [2000, 0]
    assert all(np.isfinite(d).all() for d in pullback([1.0, 1.0]))


# --- negative sampling


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(1, 4), st.integers(1, 6), st.integers(1, 4))
def test_the_negative_sampling_cost_is_a_sum_of_logistic_terms_with_its_numeric_gradient(
    seed, size, dim, count, k
):
    rng = np.random.default_rng(seed)
    w_in, w_out = initialize(size, dim, rng, std=1)
    c, o = rng.integers(0, size, (2, count))
    drawn = rng.integers(0, size, (count, k))
    costs = [
        -np.log(expit(w_in[c[n]] @ w_out[:, o[n]]))
        - sum(np.log(expit(-w_in[c[n]] @ w_out[:, w])) for w in drawn[n])
        for n in range(count)
    ]
    np.testing.assert_allclose(
        negative_sampling_loss(w_in, w_out, c, o, drawn, reduction="none"), costs, atol=1e-12
    )
    for reduction in ("mean", "sum"):
        cost, pullback = negative_sampling_loss_vjp(w_in, w_out, c, o, drawn, reduction=reduction)
        assert float(cost) == pytest.approx(np.mean(costs) if reduction == "mean" else np.sum(costs))
        expected = numeric(
            lambda a, b, r=reduction: negative_sampling_loss(a, b, c, o, drawn, reduction=r), w_in, w_out
        )
        for got, wanted in zip(pullback(1.0), expected, strict=True):
            np.testing.assert_allclose(got, wanted, atol=1e-7)
        for got, once in zip(pullback(-2.0), pullback(1.0), strict=True):
            np.testing.assert_allclose(got, -2 * once)


def test_negative_sampling_touches_one_row_and_k_plus_one_columns():
    w_in, w_out = matrices(0)
    dw_in, dw_out = negative_sampling_loss_vjp(w_in, w_out, [QUICK], [THE], [[4, 6]])[1](1.0)
    assert np.flatnonzero(dw_in.any(axis=1)).tolist() == [QUICK]
    assert np.flatnonzero(dw_out.any(axis=0)).tolist() == [THE, 4, 6]


def test_negative_sampling_does_not_mind_large_scores():
    w_in, w_out = np.array([[1000.0], [-1000.0]]), np.array([[1.0, -1.0]])
    cost, pullback = negative_sampling_loss_vjp(w_in, w_out, [0], [1], [[0]])
    assert float(cost) == 2000
    assert all(np.isfinite(d).all() for d in pullback(1.0))


def test_the_expected_cost_is_the_mean_over_draws():
    rng = np.random.default_rng(0)
    w_in, w_out = matrices(1)
    noise = noise_distribution(COUNTS.sum(axis=1))
    drawn = sample_noise(noise, (4000, len(PAIRS), 3), rng)
    costs = [float(negative_sampling_loss(w_in, w_out, *PAIRS.T, few)) for few in drawn]
    exact = expected_negative_sampling_loss(w_in, w_out, COUNTS, noise, negatives=3)
    assert abs(np.mean(costs) - exact) < 4 * np.std(costs) / np.sqrt(len(costs))


def test_the_expected_cost_is_least_at_the_shifted_log_ratio():
    rng = np.random.default_rng(0)
    counts = rng.integers(1, 9, (4, 4))
    noise, k = noise_distribution([3, 1, 2, 5]), 2
    z = np.log(counts / (k * counts.sum(axis=1, keepdims=True) * noise))

    def cost(flat):
        return expected_negative_sampling_loss(np.eye(4), flat.reshape(4, 4), counts, noise, negatives=k)

    assert abs(approx_fprime(z.ravel(), cost, 1e-6)).max() < 1e-5
    for _ in range(10):
        assert cost(z.ravel() + rng.normal(0, 0.1, 16)) > cost(z.ravel())


def test_noise_is_drawn_as_its_probabilities_say():
    noise = noise_distribution([81, 16, 0, 1])
    np.testing.assert_allclose(noise, np.array([27, 8, 0, 1]) / 36)
    assert noise_distribution([5, 0, 2], power=0).tolist() == [0.5, 0, 0.5]
    draws = sample_noise(noise, (100, 500), np.random.default_rng(0))
    assert draws.shape == (100, 500)
    shares = np.bincount(draws.ravel(), minlength=4) / draws.size
    assert abs(shares - noise).max() < 0.01
    assert shares[2] == 0


class Highest(np.random.Generator):
    """The largest uniform number there is."""

    def random(self, size):
        return np.full(size, np.nextafter(1, 0))


def test_the_largest_uniform_number_still_draws_a_word_that_has_probability():
    rng = Highest(np.random.PCG64(0))
    assert sample_noise([0.3, 0.7, 0.0], 1, rng).tolist() == [1]
    assert sample_noise([0.1] * 10, 1, rng).tolist() == [9]
    for size in range(2, 80):
        assert sample_noise([1 / size] * size + [0.0], 1, rng).tolist() == [size - 1]


def test_frequent_words_are_thinned_and_rare_ones_kept():
    counts = np.array([9000, 900, 100])
    tokens = np.random.default_rng(1).permutation(np.repeat([0, 1, 2], counts))
    kept = subsample(tokens, counts, 0.01, np.random.default_rng(0))
    expected = np.minimum(1, np.sqrt(0.01 / (counts / 10_000)) + 0.01 / (counts / 10_000))
    np.testing.assert_allclose(np.bincount(kept) / counts, expected, atol=0.03)
    assert subsample(np.arange(5), np.ones(5), 1.0, np.random.default_rng(0)).tolist() == [0, 1, 2, 3, 4]


def test_the_given_precision_is_kept():
    w_in, w_out = (w.astype(np.float32) for w in matrices(0))
    cost, pullback = skipgram_loss_vjp(w_in, w_out, *PAIRS.T)
    results = [cost, *pullback(1.0), context_probabilities(w_in, w_out)]
    cost, pullback = cooccurrence_loss_vjp(w_in, w_out, COUNTS)
    results += [cost, *pullback(1.0)]
    cost, pullback = negative_sampling_loss_vjp(w_in, w_out, *PAIRS.T, PAIRS)
    results += [cost, *pullback(1.0)]
    assert {result.dtype for result in results} == {np.dtype(np.float32)}


# --- looking


def test_nearest_words_are_those_of_the_largest_cosine():
    w = np.random.default_rng(0).normal(size=(7, 3))
    unit = w / np.linalg.norm(w, axis=1, keepdims=True)
    cosines = unit @ unit[4]
    cosines[4] = -2
    numbers, got = nearest(w, 4, 6)
    assert numbers.tolist() == np.argsort(-cosines)[:6].tolist()
    np.testing.assert_allclose(got, np.sort(cosines)[::-1][:6])
    assert nearest(w * [[1], [9], [2], [1], [5], [1], [3]], 4, 6)[0].tolist() == numbers.tolist()


def test_principal_components_keep_the_variance_and_the_sign():
    x = np.random.default_rng(0).normal(size=(20, 5)) * [5, 1, 3, 1, 1]
    coordinates, shares = principal_components(x, 2)
    values, vectors = np.linalg.eigh(np.cov(x.T))
    np.testing.assert_allclose(shares, values[::-1][:2] / values.sum())
    projected = (x - x.mean(axis=0)) @ vectors[:, ::-1][:, :2]
    np.testing.assert_allclose(abs(coordinates), abs(projected), atol=1e-12)
    for axis in coordinates.T:
        assert axis[abs(axis).argmax()] > 0
    np.testing.assert_allclose(principal_components(x + 7, 2)[0], coordinates, atol=1e-12)
    np.testing.assert_allclose(abs(principal_components(-x, 2)[0]), abs(coordinates), atol=1e-12)


def test_the_sites_corpus_speaks_of_convolution():
    sentences = site_corpus()
    words = [word for sentence in sentences for word in sentence]
    assert all(sentences)
    assert {"합성곱", "필터", "채널", "출력", "입력", "편향"} <= set(words)
    assert len(words) > 2000


# --- bad input


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: vocabulary("the quick"), TypeError, "tokens must be a sequence of words, got 'the quick'"),
        (lambda: vocabulary(["a", 3]), TypeError, r"tokens must be words, got 3 \(int\)"),
        (lambda: vocabulary(["a"], min_count=0), ValueError, "min_count must be a positive integer, got 0"),
        (lambda: encode(["a", "x"], ["a"]), ValueError, "tokens must be in words, got 'x'"),
        (lambda: encode(["a"], ["a", "a"]), ValueError, "words must be distinct, got 2 words of which 1"),
        (lambda: encode(["a"], ["a"], unknown="keep"), ValueError, "unknown must be .* got 'keep'"),
        (lambda: skipgram_pairs([1, 2], 0), ValueError, "window must be a positive integer, got 0"),
        (lambda: skipgram_pairs([1, 2], 1.5), TypeError, r"window must be .* got 1\.5"),
        (lambda: skipgram_pairs([1, 2], True), TypeError, "window must be .* got True"),
        (lambda: skipgram_pairs([1, 2], 1, side="left"), ValueError, "side must be .* got 'left'"),
        (lambda: skipgram_pairs([[1, 2]], 1), ValueError, r"tokens must have 1 dimension, got 2"),
        (lambda: skipgram_pairs([1.0, 2.0], 1), TypeError, "tokens must be words or .* float64"),
        (lambda: dynamic_pairs([1, 2], 1, 0), TypeError, "rng must be a numpy.random.Generator, got 0"),
        (lambda: offset_probabilities(0), ValueError, "window must be a positive integer, got 0"),
        (lambda: cooccurrence([[0, 8]], 8), ValueError, "pairs must be word ids from 0 to V - 1 = 7, got 8"),
        (lambda: cooccurrence([[0, -1]], 8), ValueError, "pairs must be word ids .* got -1"),
        (lambda: cooccurrence([[0.0, 1.0]], 8), TypeError, "pairs must be integer word ids, got dtype float"),
        (lambda: cooccurrence([[0, 1, 2]], 8), ValueError, r"pairs must have shape \(P, 2\).*\(1, 3\)"),
        (lambda: cooccurrence([[0, 1]], 0), ValueError, "size must be a positive integer, got 0"),
        (lambda: entropy_floor([[0, -1]]), ValueError, "counts must be finite and non-negative, got -1"),
        (lambda: entropy_floor([[0, np.nan]]), ValueError, "counts must be finite .* got nan"),
        (lambda: entropy_floor([[0, 0]]), ValueError, "counts must not be all zero"),
        (lambda: context_probabilities(ZERO[0], ZERO[0]), ValueError, r"w_out .*\(3, 8\), got \(8, 3\)"),
        (lambda: skipgram_loss(*ZERO, [0], [8]), ValueError, "contexts must be word ids .* got 8"),
        (lambda: skipgram_loss(*ZERO, [-1], [0]), ValueError, "centers must be word ids .* got -1"),
        (lambda: skipgram_loss(*ZERO, [True], [0]), TypeError, "centers must be integer .* got dtype bool"),
        (lambda: skipgram_loss(*ZERO, [0, 1], [0]), ValueError, r"contexts must have shape \(2,\).*\(1,\)"),
        (lambda: skipgram_loss(*ZERO, [], []), ValueError, r"centers must have shape \(P,\).*\(0,\)"),
        (lambda: skipgram_loss(*ZERO, [0], [0], reduction="max"), ValueError, "reduction must .* 'max'"),
        (lambda: skipgram_loss_vjp(*ZERO, [0], [0])[1]([1.0]), ValueError, r"dcost must have shape \(\)"),
        (lambda: cooccurrence_loss(*ZERO, np.ones((8, 7))), ValueError, r"counts .*\(8, 8\), got \(8, 7\)"),
        (lambda: cooccurrence_loss_vjp(*ZERO, COUNTS)[1]([1.0]), ValueError, r"dcost must .* got \(1,\)"),
        (
            lambda: negative_sampling_loss(*ZERO, [0], [1], [2]),
            ValueError,
            r"negatives must have shape \(P, k\) with P=1, got \(1,\)",
        ),
        (
            lambda: negative_sampling_loss(*ZERO, [0], [1], [[2], [3]]),
            ValueError,
            r"negatives must .* got \(2, 1\)",
        ),
        (lambda: negative_sampling_loss(*ZERO, [0], [1], [[9]]), ValueError, "negatives must .* got 9"),
        (lambda: noise_distribution([1, 2], power=-1), ValueError, "power must be non-negative, got -1"),
        (lambda: noise_distribution([[1, 2]]), ValueError, "counts must have 1 dimensions, got 2"),
        (lambda: sample_noise([-1.0, 2.0], 3, np.random.default_rng(0)), ValueError, "noise .* got -1"),
        (lambda: sample_noise([1.0], 3, 7), TypeError, "rng must be a numpy.random.Generator, got 7"),
        (
            lambda: expected_negative_sampling_loss(*ZERO, COUNTS, np.ones(7), negatives=1),
            ValueError,
            r"noise must have shape \(8,\), got \(7,\)",
        ),
        (
            lambda: expected_negative_sampling_loss(*ZERO, COUNTS, np.ones(8), negatives=0),
            ValueError,
            "negatives must be a positive integer, got 0",
        ),
        (lambda: initialize(0, 3, np.random.default_rng(0)), ValueError, "size must .* got 0"),
        (lambda: initialize(8, 0, np.random.default_rng(0)), ValueError, "dim must .* got 0"),
        (lambda: initialize(8, 3, np.random.default_rng(0), std=0), ValueError, r"std must .* got 0\.0"),
        (lambda: initialize(8, 3, 0), TypeError, "rng must be a numpy.random.Generator, got 0"),
        (lambda: subsample([0], [1], 0, np.random.default_rng(0)), ValueError, r"threshold .* got 0\.0"),
        (lambda: subsample([3], [1], 1, np.random.default_rng(0)), ValueError, "tokens must .* got 3"),
        (lambda: nearest(ZERO[0], 0), ValueError, "w must have no zero rows, got row 0"),
        (lambda: nearest(np.eye(3), 3, 1), ValueError, "word must be below V=3, got 3"),
        (lambda: nearest(np.eye(3), 0, 3), ValueError, "count must be at most V - 1 = 2, got 3"),
        (lambda: principal_components(np.eye(3), 4), ValueError, "count must be at most 3 .* got 4"),
        (lambda: principal_components(np.ones((3, 3)), 1), ValueError, "x must hold at least two different"),
    ],
)
def test_bad_input_is_refused_by_name_and_value(call, error, message):
    with pytest.raises(error, match=message):
        call()
