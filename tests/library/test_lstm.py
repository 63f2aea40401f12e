"""The LSTM against a plain complex-valued step, complex-step derivatives and the brief's numbers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.lstm import (
    bias_to_keep,
    cell_jacobians,
    direct_path,
    gated_parameters,
    half_life,
    lstm,
    lstm_contributions,
    lstm_jacobians,
    lstm_vjp,
    retention,
    running_products,
    uniform_parameters,
)

EPS = 1e-30


def reference(x, w_ih, w_hh, b, h, c):
    """One step after another, gate by gate; analytic, so that it may be fed complex numbers."""
    hs, cs, gates = [], [], []
    n = w_hh.shape[-1]
    for x_t in x:
        a = x_t @ w_ih.T + h @ w_hh.T + b
        i, f, o = (1 / (1 + np.exp(-a[..., k * n : (k + 1) * n])) for k in (0, 1, 3))
        g = np.tanh(a[..., 2 * n : 3 * n])
        c = f * c + i * g
        h = o * np.tanh(c)
        hs.append(h)
        cs.append(c)
        gates.append(np.stack([i, f, g, o], axis=-2))
    return np.array(hs), np.array(cs), np.array(gates)


def complex_step(function, arguments, which):
    """Derivative of a scalar function with respect to every entry of one argument, exact to rounding."""
    arguments = [np.array(a, complex) for a in arguments]
    gradient = np.zeros(arguments[which].shape)
    for index in np.ndindex(gradient.shape):
        arguments[which][index] += 1j * EPS
        gradient[index] = function(*arguments).imag / EPS
        arguments[which][index] -= 1j * EPS
    return gradient


def draw(rng, steps, batch, d, h, scale=1.0):
    """x, w_ih, w_hh, b, h0, c0 of a random network; batch=None leaves the axis out."""
    n = () if batch is None else (batch,)
    shapes = [(steps, *n, d), (4 * h, d), (4 * h, h), (4 * h,), (*n, h), (*n, h)]
    return [scale * rng.normal(size=shape) for shape in shapes]


SIZES = {
    "steps": st.integers(1, 5),
    "batch": st.one_of(st.none(), st.integers(1, 3)),
    "d": st.integers(1, 3),
    "h": st.integers(1, 3),
    "seed": st.integers(0, 2**32 - 1),
}


@given(**SIZES)
@settings(max_examples=60, deadline=None)
def test_states_and_gates_are_those_of_the_plain_recurrence(steps, batch, d, h, seed):
    arguments = draw(np.random.default_rng(seed), steps, batch, d, h, scale=2.0)
    states = lstm(*arguments)
    hs, cs, gates = reference(*arguments)
    np.testing.assert_allclose(states.h, hs, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(states.c, cs, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(states.gates, gates, rtol=1e-12, atol=1e-14)
    for name, k in (("i", 0), ("f", 1), ("g", 2), ("o", 3)):
        np.testing.assert_array_equal(getattr(states, name), states.gates[..., k, :])
    np.testing.assert_array_equal(states.h0, arguments[4])
    np.testing.assert_array_equal(states.c0, arguments[5])


@given(**SIZES)
@settings(max_examples=15, deadline=None)
def test_every_gradient_is_the_complex_step_derivative(steps, batch, d, h, seed):
    rng = np.random.default_rng(seed)
    arguments = draw(rng, steps, batch, d, h)
    states, pullback = lstm_vjp(*arguments)
    dh, dc = rng.normal(size=(2, *states.h.shape))
    gradients = pullback(dh, dc)

    def cost(*arguments):
        hs, cs, _ = reference(*arguments)
        return (dh * hs).sum() + (dc * cs).sum()

    for which, name in enumerate(("dx", "dw_ih", "dw_hh", "db", "dh0", "dc0")):
        expected = complex_step(cost, arguments, which)
        np.testing.assert_allclose(getattr(gradients, name), expected, rtol=1e-9, atol=1e-12, err_msg=name)


def test_without_dc_only_the_hidden_states_carry_the_cost():
    rng = np.random.default_rng(1)
    _, pullback = lstm_vjp(*draw(rng, 4, 2, 3, 2))
    dh = rng.normal(size=(4, 2, 2))
    np.testing.assert_array_equal(pullback(dh).dx, pullback(dh, np.zeros_like(dh)).dx)


def test_the_pullback_can_be_called_twice_and_leaves_its_arguments_alone():
    rng = np.random.default_rng(2)
    arguments = draw(rng, 4, 2, 3, 2)
    copies = [a.copy() for a in arguments]
    states, pullback = lstm_vjp(*arguments)
    h = states.h.copy()
    dh = rng.normal(size=(4, 2, 2))
    first, kept = pullback(dh), dh.copy()
    np.testing.assert_array_equal(first.dw_hh, pullback(dh).dw_hh)
    np.testing.assert_array_equal(dh, kept)
    np.testing.assert_array_equal(states.h, h)
    for argument, copy in zip(arguments, copies, strict=True):
        np.testing.assert_array_equal(argument, copy)


@pytest.mark.parametrize("own_input", [False, True])
@pytest.mark.parametrize("lead", [(3,), (2, 3)])
def test_networks_in_lockstep_are_the_networks_one_by_one(lead, own_input):
    rng = np.random.default_rng(3)
    steps, n, d, h = 4, 2, 3, 2
    x = rng.normal(size=(steps, *(lead if own_input else ()), n, d))
    w_ih, w_hh = rng.normal(size=(*lead, 4 * h, d)), rng.normal(size=(*lead, 4 * h, h))
    b, (h0, c0) = rng.normal(size=(*lead, 4 * h)), rng.normal(size=(2, *lead, n, h))
    states, pullback = lstm_vjp(x, w_ih, w_hh, b, h0, c0)
    dh, dc = rng.normal(size=(2, steps, *lead, n, h))
    together = pullback(dh, dc)
    dx = np.zeros_like(x)
    steps_of = lstm_contributions(together, states)
    jacobians = lstm_jacobians(states, w_hh)
    for r in np.ndindex(lead):
        at = (slice(None), *r)
        alone, back = lstm_vjp(x[at] if own_input else x, w_ih[r], w_hh[r], b[r], h0[r], c0[r])
        gradients = back(dh[at], dc[at])
        np.testing.assert_allclose(states.h[at], alone.h, rtol=1e-12)
        np.testing.assert_allclose(states.c[at], alone.c, rtol=1e-12)
        for name in ("dw_ih", "dw_hh", "db", "dh0", "dc0"):
            np.testing.assert_allclose(getattr(together, name)[r], getattr(gradients, name), rtol=1e-10)
        np.testing.assert_allclose(together.deltas[at], gradients.deltas, rtol=1e-10)
        np.testing.assert_allclose(steps_of[at], lstm_contributions(gradients, alone), rtol=1e-10)
        np.testing.assert_allclose(jacobians[at], lstm_jacobians(alone, w_hh[r]), rtol=1e-10)
        dx[at if own_input else ...] += gradients.dx
    np.testing.assert_allclose(together.dx, dx, rtol=1e-10)


def test_an_input_without_batch_is_shared_by_networks_in_lockstep():
    rng = np.random.default_rng(4)
    w_ih, w_hh, b = uniform_parameters(rng, 3, 2, runs=5)
    x = rng.normal(size=(6, 3))
    states, pullback = lstm_vjp(x, w_ih, w_hh, b)
    assert states.h.shape == (6, 5, 2)
    assert states.gates.shape == (6, 5, 4, 2)
    gradients = pullback(np.ones((6, 5, 2)))
    one, back = lstm_vjp(x, w_ih[1], w_hh[1], b[1])
    np.testing.assert_allclose(states.h[:, 1], one.h, rtol=1e-12)
    np.testing.assert_allclose(gradients.dw_hh[1], back(np.ones((6, 2))).dw_hh, rtol=1e-12)
    assert gradients.dx.shape == x.shape
    assert gradients.deltas.shape == (6, 5, 8)
    assert lstm_contributions(gradients, states).shape == (6, 5, 8, 2)


@pytest.mark.parametrize("batch", [None, 3])
def test_contributions_of_the_steps_add_up_to_the_gradient(batch):
    rng = np.random.default_rng(5)
    states, pullback = lstm_vjp(*draw(rng, 5, batch, 2, 3))
    gradients = pullback(rng.normal(size=states.h.shape))
    steps = lstm_contributions(gradients, states)
    assert steps.shape == (5, 12, 3)
    np.testing.assert_allclose(steps.sum(axis=0), gradients.dw_hh, rtol=1e-12)
    first = np.atleast_2d(gradients.deltas[0]).T @ np.atleast_2d(states.h0)
    np.testing.assert_allclose(steps[0], first, rtol=1e-12)


@given(**SIZES)
@settings(max_examples=15, deadline=None)
def test_jacobians_are_complex_step_derivatives_of_one_step(steps, batch, d, h, seed):
    x, w_ih, w_hh, b, h0, c0 = draw(np.random.default_rng(seed), steps, batch, d, h)
    states = lstm(x, w_ih, w_hh, b, h0, c0)
    jacobians = lstm_jacobians(states, w_hh)
    assert jacobians.shape == (*states.h.shape[:-1], 2 * h, 2 * h)
    for t in range(steps):
        before = [h0, c0] if t == 0 else [states.h[t - 1], states.c[t - 1]]
        for k in range(2 * h):
            moved = [np.array(s, complex) for s in before]
            moved[k // h][..., k % h] += 1j * EPS
            hs, cs, _ = reference(x[t : t + 1], w_ih, w_hh, b, *moved)
            column = np.concatenate([hs[0], cs[0]], axis=-1).imag / EPS
            np.testing.assert_allclose(jacobians[t, ..., k], column, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("start", [0, 1, 3])
def test_cell_jacobians_are_derivatives_with_the_hidden_state_held(start):
    rng = np.random.default_rng(6)
    x, w_ih, w_hh, b, h0, c0 = draw(rng, 5, 2, 3, 3)
    states = lstm(x, w_ih, w_hh, b, h0, c0)
    cells = cell_jacobians(states, w_hh, start=start)
    held, from_c = (h0, c0) if start == 0 else (states.h[start - 1], states.c[start - 1])
    assert cells.shape == (5 - start, 2, 3, 3)
    for k in range(3):
        moved = np.array(from_c, complex)
        moved[..., k] += 1j * EPS
        _, cs, _ = reference(x[start:], w_ih, w_hh, b, held, moved)
        np.testing.assert_allclose(cells[..., k], cs.imag / EPS, rtol=1e-9, atol=1e-13)


def test_cell_jacobians_are_the_corner_of_the_product_of_jacobians():
    rng = np.random.default_rng(7)
    arguments = draw(rng, 6, None, 2, 3)
    states = lstm(*arguments)
    products = running_products(lstm_jacobians(states, arguments[2]))
    np.testing.assert_allclose(cell_jacobians(states, arguments[2]), products[:, 3:, 3:], rtol=1e-10)


def test_without_recurrent_weights_the_cell_jacobian_is_the_direct_path():
    rng = np.random.default_rng(8)
    x, w_ih, _, b, h0, c0 = draw(rng, 6, None, 2, 3)
    w_hh = np.zeros((12, 3))
    states = lstm(x, w_ih, w_hh, b, h0, c0)
    diagonals = direct_path(states.f)[..., None] * np.eye(3)
    np.testing.assert_allclose(cell_jacobians(states, w_hh), diagonals, rtol=1e-12)


def test_the_derivative_of_the_cell_by_the_cell_is_the_gate_itself():
    rng = np.random.default_rng(9)
    arguments = draw(rng, 4, None, 2, 3)
    states = lstm(*arguments)
    corner = lstm_jacobians(states, arguments[2])[:, 3:, 3:]
    np.testing.assert_array_equal(corner, states.f[..., None] * np.eye(3))


def test_running_products_multiply_from_the_left():
    rng = np.random.default_rng(10)
    j = rng.normal(size=(3, 2, 4, 4))
    kept = j.copy()
    np.testing.assert_allclose(running_products(j)[2], j[2] @ j[1] @ j[0], rtol=1e-12)
    np.testing.assert_array_equal(j, kept)


def forced(i, f, g, o, steps, c0=0.0):
    """A cell of size one whose gates are fixed by huge biases; g is given by its tanh."""
    open_or_shut = {0: -1000.0, 1: 1000.0}
    b = [open_or_shut[i], open_or_shut[f], 1000.0 * g, open_or_shut[o]]
    return lstm(np.zeros((steps, 1)), np.zeros((4, 1)), np.zeros((4, 1)), b, c0=[c0])


def test_an_open_forget_gate_keeps_the_cell_for_a_hundred_steps():
    states = forced(i=0, f=1, g=0, o=1, steps=100, c0=0.7)
    assert (states.c == 0.7).all()
    assert round(float(states.h[-1, 0]), 6) == 0.604368


def test_the_cell_may_grow_while_the_hidden_state_stays_below_one():
    states = forced(i=1, f=1, g=1, o=1, steps=100)
    assert states.c[-1, 0] == 100
    assert states.h[-1, 0] == 1.0


def test_direct_path_multiplies_the_gates_along_time():
    f = np.random.default_rng(11).uniform(size=(7, 2))
    for t in range(7):
        np.testing.assert_allclose(direct_path(f)[t], math.prod(f[: t + 1]), rtol=1e-12)
    assert direct_path([1.0, 0.0, 1.0]).tolist() == [1, 0, 0]
    gates = {0.5: "7.9e-31", 0.9: "2.7e-05", 0.99: "0.37", 0.999: "0.9"}
    assert {f: f"{direct_path(np.full(100, f))[-1]:.2g}" for f in gates} == gates


def test_retention_of_a_constant_bias_over_a_hundred_steps():
    expected = {0: 7.89e-31, 1: 2.48e-14, 2: 3.07e-6, 3: 7.76e-3, 4: 0.163, 5: 0.511, 6: 0.781}
    np.testing.assert_allclose(retention(list(expected), 100), list(expected.values()), rtol=2e-3)
    b = np.linspace(-3, 6, 10)
    np.testing.assert_allclose(retention(b, 7), (1 / (1 + np.exp(-b))) ** 7, rtol=1e-12)
    assert retention(-800, 1) == 0
    assert retention(800, 10**6) == 1
    assert retention(0, 0) == 1


def test_half_life_is_where_half_is_left():
    expected = {0: 1, 1: 2.21, 2: 5.46, 3: 14.3, 5: 103}
    np.testing.assert_allclose(half_life(list(expected)), list(expected.values()), rtol=3e-3)
    b = np.linspace(-3, 6, 10)
    np.testing.assert_allclose(retention(b, half_life(b)), 0.5, rtol=1e-12)


def test_bias_to_keep_inverts_retention():
    np.testing.assert_allclose(bias_to_keep([10, 50, 100, 1000]), [2.63, 4.27, 4.97, 7.27], atol=5e-3)
    share = np.array([0.01, 0.5, 0.9])
    np.testing.assert_allclose(retention(bias_to_keep(40, share), 40), share, rtol=1e-10)


def test_parameter_counts_of_the_brief():
    assert [gated_parameters(8, 32, blocks=k) for k in (1, 4)] == [1312, 5248]
    assert [gated_parameters(8, 32, blocks=k, biases=2) for k in (1, 3, 4)] == [1344, 4032, 5376]
    assert gated_parameters(8, 32, blocks=4, biases=0) == 4 * 32 * 40


def test_uniform_parameters_have_the_bound_and_one_open_gate():
    w_ih, w_hh, b = uniform_parameters(np.random.default_rng(0), 50, 16, forget_bias=2.5, runs=3)
    assert w_ih.shape == (3, 64, 50)
    assert w_hh.shape == (3, 64, 16)
    for w in (w_ih, w_hh):
        assert 0.24 < abs(w).max() <= 0.25
        assert abs(w.mean()) < 0.01
    np.testing.assert_array_equal(b, np.tile(np.repeat([0, 2.5, 0, 0], 16), (3, 1)))
    alone = uniform_parameters(np.random.default_rng(0), 50, 16)
    assert [a.shape for a in alone] == [(64, 50), (64, 16), (64,)]
    assert not alone[2].any()


def test_a_bias_of_zero_loses_more_than_a_tanh_network_and_three_loses_nothing():
    norms = {}
    for bias in (0, 3):
        rng = np.random.default_rng(0)
        w_ih, w_hh, b = uniform_parameters(rng, 8, 32, forget_bias=bias)
        cells = cell_jacobians(lstm(rng.normal(size=(100, 8)), w_ih, w_hh, b), w_hh, start=1)
        norms[bias] = np.linalg.norm(cells[-1], 2)
    assert norms[0] < 1e-17
    assert norms[3] > 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_kept(dtype):
    arguments = [a.astype(dtype) for a in draw(np.random.default_rng(12), 3, 2, 2, 2)]
    states, pullback = lstm_vjp(*arguments)
    gradients = pullback(np.ones((3, 2, 2), dtype), np.ones((3, 2, 2), dtype))
    arrays = [states.h, states.c, states.gates, *(vars(gradients).values())]
    assert {a.dtype for a in arrays} == {np.dtype(dtype)}
    assert cell_jacobians(states, arguments[2]).dtype == dtype
    assert lstm(*arguments[:3]).h.dtype == dtype


GOOD = {
    "x": np.zeros((5, 2, 3)),
    "w_ih": np.zeros((16, 3)),
    "w_hh": np.zeros((16, 4)),
    "b": np.zeros(16),
    "h0": np.zeros((2, 4)),
    "c0": np.zeros((2, 4)),
}


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("x", np.zeros(3), ValueError, r"x must have shape \(T, D\) or \(T, N, D\).*got \(3,\)"),
        ("x", np.zeros((0, 2, 3)), ValueError, r"x must .* at least one step, got \(0, 2, 3\)"),
        ("x", np.zeros((5, 2, 2, 3)), ValueError, r"x must have shape .*got \(5, 2, 2, 3\)"),
        (
            "x",
            np.zeros((5, 2, 3), complex),
            TypeError,
            "x must be an array of real numbers, got dtype complex",
        ),
        ("w_ih", np.zeros((16, 2)), ValueError, r"w_ih must have shape \(16, 3\), got \(16, 2\)"),
        ("w_hh", np.zeros((15, 4)), ValueError, r"w_hh must have shape \(..., 4H, H\), got \(15, 4\)"),
        ("w_hh", np.zeros(16), ValueError, r"w_hh must have shape \(..., 4H, H\), got \(16,\)"),
        ("w_hh", np.zeros((0, 0)), ValueError, r"w_hh must have shape \(..., 4H, H\), got \(0, 0\)"),
        ("b", np.zeros(4), ValueError, r"b must have shape \(16,\), got \(4,\)"),
        ("h0", np.zeros(4), ValueError, r"h0 must have shape \(2, 4\), got \(4,\)"),
        ("c0", np.zeros((1, 4)), ValueError, r"c0 must have shape \(2, 4\), got \(1, 4\)"),
    ],
)
def test_bad_arguments_are_named(name, value, error, message):
    for function in (lstm, lstm_vjp):
        with pytest.raises(error, match=message):
            function(**{**GOOD, name: value})


def test_an_input_of_other_networks_is_refused():
    w_ih, w_hh, b = uniform_parameters(np.random.default_rng(0), 3, 2, runs=4)
    with pytest.raises(ValueError, match=r"x must have shape .*\(T, 4, N, D\).*got \(5, 3, 2, 3\)"):
        lstm(np.zeros((5, 3, 2, 3)), w_ih, w_hh, b)


def test_other_bad_arguments_are_named():
    states, pullback = lstm_vjp(**GOOD)
    gradients = pullback(np.zeros((5, 2, 4)))
    with pytest.raises(ValueError, match=r"dh must have shape \(5, 2, 4\), got \(5, 4\)"):
        pullback(np.zeros((5, 4)))
    with pytest.raises(ValueError, match=r"dc must have shape \(5, 2, 4\), got \(2, 4\)"):
        pullback(np.zeros((5, 2, 4)), np.zeros((2, 4)))
    with pytest.raises(ValueError, match=r"deltas must have shape \(3, 2, 16\), got \(5, 2, 16\)"):
        lstm_contributions(gradients, lstm(**{**GOOD, "x": np.zeros((3, 2, 3))}))
    for function in (lstm_jacobians, cell_jacobians):
        with pytest.raises(ValueError, match=r"w_hh must have shape \(..., 16, 4\).*got \(16, 3\)"):
            function(states, np.zeros((16, 3)))
    with pytest.raises(ValueError, match=r"w_hh must have shape .*got \(16,\)"):
        lstm_jacobians(states, np.zeros(16))
    with pytest.raises(ValueError, match="start must be less than the number of steps 5, got 5"):
        cell_jacobians(states, GOOD["w_hh"], start=5)
    with pytest.raises(ValueError, match="start must be a non-negative integer, got -1"):
        cell_jacobians(states, GOOD["w_hh"], start=-1)
    for bad in (np.zeros((3, 3)), np.zeros((2, 3, 4))):
        with pytest.raises(ValueError, match=r"jacobians must have shape \(T, ..., H, H\), got"):
            running_products(bad)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: direct_path([0.5, 1.5]), ValueError, "f must be between 0 and 1, got 1.5"),
        (lambda: direct_path([-0.1]), ValueError, "f must be between 0 and 1, got -0.1"),
        (lambda: direct_path([math.nan]), ValueError, "f must be between 0 and 1, got nan"),
        (lambda: direct_path(0.5), ValueError, r"f must have shape \(T, ...\), got \(\)"),
        (lambda: retention(1, -1), ValueError, "steps must be at least 0, got -1"),
        (lambda: bias_to_keep(0), ValueError, "steps must be positive and finite, got 0"),
        (lambda: bias_to_keep(math.inf), ValueError, "steps must be positive and finite, got inf"),
        (lambda: bias_to_keep(10, 1), ValueError, "share must be between 0 and 1, both excluded, got 1"),
        (lambda: bias_to_keep(10, 0), ValueError, "share must be between 0 and 1, both excluded, got 0"),
        (lambda: half_life("1"), TypeError, "bias must be an array of real numbers"),
        (
            lambda: gated_parameters(0, 4, blocks=4),
            ValueError,
            "input_size must be a positive integer, got 0",
        ),
        (
            lambda: gated_parameters(4, 0, blocks=4),
            ValueError,
            "hidden_size must be a positive integer, got 0",
        ),
        (lambda: gated_parameters(4, 4, blocks=0), ValueError, "blocks must be a positive integer, got 0"),
        (lambda: gated_parameters(4, 4, blocks=4, biases=-1), ValueError, "biases must be a non-negative"),
        (lambda: uniform_parameters(0, 4, 4), TypeError, "rng must be a numpy.random.Generator, got 0"),
    ],
)
def test_bad_numbers_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
