import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes import optimizers
from dlnotes.optimizers import (
    AdamState,
    AdamSums,
    MomentumState,
    RMSPropState,
    adam,
    adam_in_place,
    amsgrad,
    momentum,
    rmsprop,
    sgd,
)

quick = settings(max_examples=40, deadline=None)
seeds = st.integers(0, 2**32 - 1)
weights = st.floats(0, 0.9995)
stateful = pytest.mark.parametrize("rule", [momentum, rmsprop, adam, amsgrad])
every = pytest.mark.parametrize("rule", [sgd, momentum, rmsprop, adam, amsgrad])


def run(rule, x, gradients, **options):
    """The path of x under a rule, one row a step."""
    path, state = [], None
    for g in gradients:
        if rule is sgd:
            x = sgd(x, g, **options)
        else:
            x, state = rule(x, g, state, **options)
        path.append(x)
    return np.array(path), state


def by_hand(kind, x, gradients, *, lr, beta1=0.0, beta2=0.0, eps=0.0, corrected=True):
    """Every rule as its sums over the past, one number at a time."""
    path, seen = [], []
    for t, g in enumerate(gradients, start=1):
        seen.append(g)
        ages = range(t - 1, -1, -1)
        if kind == "sgd":
            step = g
        elif kind == "momentum":
            step = sum(beta1**k * h for k, h in zip(ages, seen, strict=True))
        else:
            m = sum((1 - beta1) * beta1**k * h for k, h in zip(ages, seen, strict=True))
            vs = [sum((1 - beta2) * beta2 ** (s - k) * seen[k] ** 2 for k in range(s + 1)) for s in range(t)]
            v = max(vs) if kind == "amsgrad" else vs[-1]
            if corrected:
                m, v = m / (1 - beta1**t), v / (1 - beta2**t)
            step = m / (np.sqrt(v) + eps)
        x = x - lr * step
        path.append(x)
    return path


@st.composite
def problems(draw):
    rng = np.random.default_rng(draw(seeds))
    steps = draw(st.integers(1, 12))
    scale = draw(st.sampled_from([1e-4, 1.0, 1e3]))
    return float(rng.normal()), scale * rng.normal(size=steps)


@quick
@given(problems(), weights)
def test_sgd_and_momentum_are_sums_over_the_past(problem, mu):
    x, gradients = problem
    path, _ = run(sgd, x, gradients, lr=0.1)
    np.testing.assert_allclose(path, by_hand("sgd", x, gradients, lr=0.1), rtol=1e-9, atol=1e-12)
    path, state = run(momentum, x, gradients, lr=0.1, momentum=mu)
    expected = by_hand("momentum", x, gradients, lr=0.1, beta1=mu)
    np.testing.assert_allclose(path, expected, rtol=1e-9, atol=1e-12)
    assert state.step == len(gradients)


@quick
@given(problems(), weights, weights, st.sampled_from([1e-8, 0.1]))
def test_rmsprop_adam_and_amsgrad_are_sums_over_the_past(problem, beta1, beta2, eps):
    x, gradients = problem
    path, state = run(rmsprop, x, gradients, lr=0.1, alpha=beta2, eps=eps)
    options = {"lr": 0.1, "beta2": beta2, "eps": eps}
    expected = by_hand("rmsprop", x, gradients, **options, corrected=False)
    np.testing.assert_allclose(path, expected, rtol=1e-9, atol=1e-12)
    assert state.step == len(gradients)
    for rule, kind in ((adam, "adam"), (amsgrad, "amsgrad")):
        for corrected in (True, False):
            path, state = run(
                rule, x, gradients, lr=0.1, betas=(beta1, beta2), eps=eps, bias_correction=corrected
            )
            expected = by_hand(kind, x, gradients, **options, beta1=beta1, corrected=corrected)
            np.testing.assert_allclose(path, expected, rtol=1e-8, atol=1e-11)
            assert state.step == len(gradients)


def test_the_defaults_are_those_of_pytorch():
    x, gradients = 1.0, [0.5, -2.0, 3.0]
    for corrected in (True, False):
        options = {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "corrected": corrected}
        for rule in (adam, amsgrad):
            path, _ = run(rule, x, gradients, bias_correction=corrected)
            np.testing.assert_allclose(path, by_hand(rule.__name__, x, gradients, **options), rtol=1e-14)
    for rule in (adam, amsgrad):
        np.testing.assert_array_equal(
            run(rule, x, gradients)[0], run(rule, x, gradients, bias_correction=True)[0]
        )
    path, _ = run(rmsprop, x, gradients)
    options = {"lr": 1e-2, "beta2": 0.99, "eps": 1e-8, "corrected": False}
    np.testing.assert_allclose(path, by_hand("rmsprop", x, gradients, **options), rtol=1e-14)
    path, _ = run(momentum, x, gradients, lr=0.1)
    np.testing.assert_allclose(path, by_hand("momentum", x, gradients, lr=0.1, beta1=0.9), rtol=1e-14)
    for rule in (adam, amsgrad, rmsprop):  # eps shows only where the gradients are as small
        small = [1e-8, 1e-8]
        np.testing.assert_allclose(run(rule, x, small)[0], run(rule, x, small, eps=1e-8)[0], rtol=0)


def test_the_first_step_of_adam_is_the_learning_rate_whatever_the_gradient():
    x, _ = adam(np.zeros(4), [1e-3, -1.0, 40.0, -1e6], None, lr=0.01)
    np.testing.assert_allclose(x, [-0.01, 0.01, -0.01, 0.01], rtol=1e-4)


def test_without_bias_correction_the_first_step_is_3_162_times_longer():
    x, _ = adam(np.zeros(1), [5.0], None, lr=0.01, bias_correction=False)
    assert x[0] == pytest.approx(-0.01 * 0.1 / np.sqrt(0.001))


def test_a_quadratic_from_one_ends_where_the_pairs_of_betas_take_it():
    pairs = [(0.9, 0.999), (0.99, 0.999), (0.9, 0.9), (0.9, 0.5), (0.99, 0.9), (0.999, 0.9)]
    betas = tuple(np.array(pairs).T)
    x, state, path = np.ones(6), None, []
    for _ in range(5000):
        x, state = adam(x, x, state, lr=0.01, betas=betas)
        path.append(np.abs(x))
    assert [f"{value:.1e}" for value in path[-1]] == [
        "1.5e-112",
        "1.8e-11",
        "1.1e-04",
        "1.8e-03",
        "1.1e-02",
        "2.4e-01",
    ]
    late = np.max(path[1000:], axis=0)
    assert late[4] == pytest.approx(0.090, abs=5e-4)
    assert late[5] == pytest.approx(0.474, abs=5e-4)


@stateful
@quick
@given(seeds)
def test_entries_do_not_know_of_each_other_and_runs_stacked_in_lockstep_are_single_runs(rule, seed):
    rng = np.random.default_rng(seed)
    x, gradients = rng.normal(size=(3, 2)), rng.normal(size=(6, 3, 2))
    lr = rng.uniform(0.01, 0.1, size=(3, 1))
    names = {momentum: "momentum", rmsprop: "alpha"}
    weights = rng.uniform(0, 0.99, size=(2, 3, 1))
    if rule in names:
        together, _ = run(rule, x, gradients, lr=lr, **{names[rule]: weights[0]})
    else:
        together, _ = run(rule, x, gradients, lr=lr, betas=tuple(weights))
    for i in range(3):
        beta1, beta2 = weights[:, i, 0]
        options = {names[rule]: beta1} if rule in names else {"betas": (beta1, beta2)}
        alone, _ = run(rule, x[i], gradients[:, i], lr=lr[i, 0], **options)
        np.testing.assert_allclose(together[:, i], alone, rtol=1e-12)


@every
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3, 4)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shape_and_dtype_are_kept_even_when_the_learning_rate_is_a_float64_array(rule, shape, dtype):
    x = np.ones(shape, dtype)
    for lr in (0.1, np.full((1,) * len(shape), 0.1)):
        path, state = run(rule, x, [x, x], lr=lr)
        assert path.dtype == dtype
        assert path.shape == (2, *shape)
        for name in ("first", "second", "largest"):
            if hasattr(state, name):
                assert getattr(state, name).dtype == dtype
                assert getattr(state, name).shape == shape


def test_a_learning_rate_may_be_zero_or_huge():
    assert sgd(1.0, 2.0, lr=0) == 1
    assert sgd(1.0, 2.0, lr=1e12) == 1 - 2e12


@every
def test_whole_numbers_become_float64(rule):
    path, _ = run(rule, [1, 2], [[3, 4]], lr=0.5)
    assert path.dtype == np.float64


@stateful
def test_the_rules_change_nothing_they_are_given(rule):
    x, g = np.ones(3), np.full(3, 2.0)
    first, state = rule(x, g, None, lr=0.1)
    kept = {name: np.copy(value) for name, value in vars(state).items()}
    once, _ = rule(first, g, state, lr=0.1)
    again, _ = rule(first, g, state, lr=0.1)
    np.testing.assert_array_equal(once, again)
    np.testing.assert_array_equal(x, np.ones(3))
    np.testing.assert_array_equal(g, np.full(3, 2.0))
    for name, value in vars(state).items():
        np.testing.assert_array_equal(value, kept[name])


@settings(max_examples=25, deadline=None)
@given(seeds, weights, weights, st.sampled_from([(), (0,), (7,), (3, 5)]), st.sampled_from([1, 4, 64]))
def test_adam_in_place_takes_the_steps_of_adam_whatever_the_blocks(seed, beta1, beta2, shape, block):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=shape)
    mine, state = np.array(x), None
    gradients = rng.normal(size=(5, *shape))
    options = {"lr": rng.uniform(0, 0.3), "betas": (beta1, beta2), "eps": rng.choice([1e-8, 0.3])}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(optimizers, "BLOCK", block)
        for g in gradients:
            state = adam_in_place(mine, g, state, **options)
    path, reference = run(adam, x, gradients, **options)
    np.testing.assert_allclose(mine, path[-1], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(state.first * (1 - beta1), reference.first, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(state.second * (1 - beta2), reference.second, rtol=1e-9, atol=1e-12)
    assert state.step == reference.step == 5


def test_adam_in_place_has_the_defaults_of_adam_and_keeps_float32():
    x, state, y, other = np.ones(3, np.float32), None, np.ones(3, np.float32), None
    for g in ([1e-8, -2.0, 3.0], [-1e-8, 1.0, 3.0]):
        state = adam_in_place(x, g, state)
        y, other = adam(y, np.float32(g), other)
    np.testing.assert_allclose(x, y, rtol=1e-6)
    assert x.dtype == state.first.dtype == state.second.dtype == np.float32


def test_adam_in_place_takes_a_gradient_that_is_not_contiguous():
    x, y, g = np.zeros((2, 3)), np.zeros((2, 3)), np.arange(1.0, 7).reshape(3, 2).T
    adam_in_place(x, g, None)
    adam_in_place(y, g.copy(), None)
    np.testing.assert_array_equal(x, y)


refuse = pytest.mark.parametrize


@every
@refuse("lr", [-0.1, np.nan, np.inf, [0.1, -0.2], [0.1, np.nan]])
def test_a_learning_rate_that_is_negative_or_not_finite_is_refused(rule, lr):
    named = repr(lr) if isinstance(lr, list) else str(lr)
    with pytest.raises(ValueError, match=rf"lr must be finite.*{re.escape(named)}"):
        run(rule, np.zeros(2), [np.ones(2)], lr=lr)


@every
@refuse("lr", [None, "0.1", True, 1j])
def test_a_learning_rate_that_is_not_a_number_is_refused(rule, lr):
    with pytest.raises(TypeError, match=rf"lr must be a real number, got {re.escape(repr(lr))}"):
        run(rule, np.zeros(2), [np.ones(2)], lr=lr)


@every
def test_a_learning_rate_that_does_not_broadcast_is_refused(rule):
    for lr in (np.ones(3), np.ones((1, 2))):
        with pytest.raises(
            ValueError, match=rf"lr must broadcast to shape \(2,\).*{re.escape(str(lr.shape))}"
        ):
            run(rule, np.zeros(2), [np.ones(2)], lr=lr)


@every
def test_a_gradient_of_another_shape_is_refused(rule):
    with pytest.raises(ValueError, match=r"grad must have shape \(2,\), got \(3,\)"):
        run(rule, np.zeros(2), [np.ones(3)], lr=0.1)


@every
def test_values_that_are_not_real_numbers_are_refused(rule):
    with pytest.raises(TypeError, match="x must be an array of real numbers, got dtype bool"):
        run(rule, np.zeros(2, bool), [np.ones(2)], lr=0.1)
    with pytest.raises(TypeError, match="grad must be an array of real numbers, got dtype complex128"):
        run(rule, np.zeros(2), [np.ones(2) * 1j], lr=0.1)


@refuse("rule", [adam, amsgrad])
@refuse("betas", [(1.0, 0.999), (-0.1, 0.999), (0.9, 1.0), (0.9, 1.5), (0.9, [0.5, 1.0])])
def test_a_beta_outside_zero_to_one_is_refused(rule, betas):
    place = 0 if betas[1] == 0.999 else 1
    with pytest.raises(ValueError, match=rf"betas\[{place}\] must be .*{re.escape(repr(betas[place]))}"):
        run(rule, np.zeros(2), [np.ones(2)], lr=0.1, betas=betas)


@refuse("rule", [adam, amsgrad])
@refuse("betas", [0.9, (0.9,), (0.9, 0.99, 0.999)])
def test_betas_that_are_not_a_pair_are_refused(rule, betas):
    with pytest.raises(ValueError, match=rf"betas must be a pair .*{re.escape(repr(betas))}"):
        run(rule, np.zeros(2), [np.ones(2)], lr=0.1, betas=betas)


@refuse("rule, name", [(momentum, "momentum"), (rmsprop, "alpha")])
@refuse("value", [1.0, -0.5, 2.0])
def test_a_weight_outside_zero_to_one_is_refused(rule, name, value):
    with pytest.raises(ValueError, match=rf"{name} must be at least 0 and less than 1, got {value}"):
        run(rule, np.zeros(2), [np.ones(2)], lr=0.1, **{name: value})


@refuse("rule", [rmsprop, adam, amsgrad])
def test_a_negative_eps_is_refused(rule):
    with pytest.raises(ValueError, match="eps must be finite and non-negative, got -1e-08"):
        run(rule, np.zeros(2), [np.ones(2)], lr=0.1, eps=-1e-8)


@stateful
def test_the_state_of_another_rule_is_refused(rule):
    other = MomentumState(1, np.zeros(2)) if rule is not momentum else RMSPropState(1, np.zeros(2))
    with pytest.raises(TypeError, match=rf"state must be \w+ or None, got .*{type(other).__name__}"):
        rule(np.zeros(2), np.ones(2), other, lr=0.1)


@stateful
def test_a_state_of_another_shape_is_refused(rule):
    _, state = rule(np.zeros(3), np.ones(3), None, lr=0.1)
    with pytest.raises(ValueError, match=r"state\.\w+ must have shape \(2,\), got \(3,\)"):
        rule(np.zeros(2), np.ones(2), state, lr=0.1)


def test_every_array_of_a_state_must_have_the_shape():
    with pytest.raises(ValueError, match=r"state\.second must have shape \(2,\), got \(3,\)"):
        adam(np.zeros(2), np.ones(2), AdamState(1, np.zeros(2), np.zeros(3)))


@refuse("x", [[0.0], np.zeros(2, int), 0.5])
def test_adam_in_place_refuses_what_it_cannot_change(x):
    with pytest.raises(TypeError, match=r"x must be an ndarray of floating dtype.*(list|int64|float)"):
        adam_in_place(x, np.ones(np.shape(x)), None)


def test_adam_in_place_refuses_arrays_that_are_read_only_or_not_contiguous():
    frozen = np.zeros(2)
    frozen.flags.writeable = False
    with pytest.raises(ValueError, match=r"x must be writable .*writeable=False"):
        adam_in_place(frozen, np.ones(2), None)
    with pytest.raises(ValueError, match=r"x must be writable .*c_contiguous=False"):
        adam_in_place(np.zeros((3, 2)).T, np.ones((2, 3)), None)
    good, bad = np.zeros((2, 3)), np.zeros((3, 2)).T
    for name, state in (("first", AdamSums(1, bad, good)), ("second", AdamSums(1, good, bad))):
        with pytest.raises(ValueError, match=rf"state\.{name} must be writable .*c_contiguous=False"):
            adam_in_place(np.zeros((2, 3)), np.ones((2, 3)), state)


def test_adam_in_place_refuses_the_bad_input_that_adam_refuses():
    x, g = np.zeros(2), np.ones(2)
    with pytest.raises(ValueError, match=r"lr must be finite and non-negative, got -1\.0"):
        adam_in_place(x, g, None, lr=-1.0)
    with pytest.raises(ValueError, match=r"eps must be finite and non-negative, got -1\.0"):
        adam_in_place(x, g, None, eps=-1.0)
    with pytest.raises(ValueError, match=r"betas\[1\] must be at least 0 and less than 1, got 1.0"):
        adam_in_place(x, g, None, betas=(0.9, 1.0))
    with pytest.raises(TypeError, match=r"lr must be a real number, got array\(\[0\.1, 0\.1\]\)"):
        adam_in_place(x, g, None, lr=np.full(2, 0.1))
    with pytest.raises(ValueError, match=r"grad must have shape \(2,\), got \(3,\)"):
        adam_in_place(x, np.ones(3), None)
    with pytest.raises(TypeError, match="state must be AdamSums or None, got AdamState"):
        adam_in_place(x, g, AdamState(1, np.zeros(2), np.zeros(2)))
    np.testing.assert_array_equal(x, 0)
