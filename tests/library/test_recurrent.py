import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from dlnotes.recurrent import (
    descend,
    kept_terms,
    path_contributions,
    readout_cost,
    rnn,
    rnn_jacobians,
    rnn_parameters,
    rnn_vjp,
    unrolled_vjp,
)

quick = settings(max_examples=25, deadline=None)

# h_t = w h_{t-1} + 1 from h_0 = 0 at w = 1/2, cost h_3
SCALAR = (np.ones((3, 1)), [[1.0]], [[0.5]])
LAST = [[0.0], [0.0], [1.0]]


@st.composite
def networks(draw, batches=(None, 1, 3)):
    """x, w_ih, w_hh, b, h0 and a cotangent dh, with or without a batch axis; w_hh keeps states near one."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    steps, d, h = draw(st.integers(1, 6)), draw(st.integers(1, 4)), draw(st.integers(1, 4))
    n = draw(st.sampled_from(batches))
    batch = () if n is None else (n,)
    x, dh = rng.normal(size=(steps, *batch, d)), rng.normal(size=(steps, *batch, h))
    w_ih, w_hh, b = rng.normal(size=(h, d)), rng.normal(size=(h, h)) / h**0.5, rng.normal(size=h)
    return [x, w_ih, w_hh, b, rng.normal(size=(*batch, h))], dh


def slow_rnn(x, w_ih, w_hh, b, h0, activation):
    """One sum at a time, and a separate w_hh for each step when w_hh has three axes."""
    phi = np.tanh if activation == "tanh" else float
    batches = [()] if x.ndim == 2 else list(np.ndindex(x.shape[1:-1]))
    h = np.empty((*x.shape[:-1], len(b)))
    for place in batches:
        for t in range(len(x)):
            before = h0[place] if t == 0 else h[(t - 1, *place)]
            w = w_hh[t] if w_hh.ndim == 3 else w_hh
            for i in range(len(b)):
                a = b[i] + sum(w_ih[i, j] * x[(t, *place, j)] for j in range(x.shape[-1]))
                a += sum(w[i, j] * before[j] for j in range(len(b)))
                h[(t, *place, i)] = phi(a)
    return h


def slopes(function, at, eps=1e-6):
    """Central differences of a scalar function of an array."""
    gradient = np.empty_like(at)
    for place in np.ndindex(at.shape):
        step = np.zeros_like(at)
        step[place] = eps
        gradient[place] = (function(at + step) - function(at - step)) / (2 * eps)
    return gradient


@quick
@given(networks(), st.sampled_from(["tanh", "identity"]))
def test_the_states_are_those_of_the_written_out_sum(network, activation):
    arguments, _ = network
    h = rnn(*arguments, activation=activation)
    np.testing.assert_allclose(h, slow_rnn(*arguments, activation), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(h, rnn_vjp(*arguments, activation=activation)[0])


def test_a_missing_bias_and_a_missing_first_state_are_zeros():
    rng = np.random.default_rng(0)
    x, w_ih, w_hh = rng.normal(size=(4, 2, 3)), rng.normal(size=(2, 3)), rng.normal(size=(2, 2))
    np.testing.assert_array_equal(rnn(x, w_ih, w_hh), rnn(x, w_ih, w_hh, np.zeros(2), np.zeros((2, 2))))


@quick
@given(networks(), st.sampled_from(["tanh", "identity"]))
def test_every_gradient_is_the_central_difference(network, activation):
    arguments, dh = network
    gradients = rnn_vjp(*arguments, activation=activation)[1](dh)
    names = ["dx", "dw_ih", "dw_hh", "db", "dh0"]
    for i, name in enumerate(names):

        def cost(value, i=i):
            changed = [*arguments[:i], value, *arguments[i + 1 :]]
            return np.sum(dh * rnn(*changed, activation=activation))

        expected = slopes(cost, arguments[i])
        scale = 1 + np.abs(expected).max()
        np.testing.assert_allclose(getattr(gradients, name), expected, rtol=0, atol=1e-7 * scale)


def test_scipy_finds_the_same_gradient_of_the_recurrent_weights():
    rng = np.random.default_rng(3)
    x, w_ih, w_hh, dh = (rng.normal(size=s) for s in ((5, 2), (3, 2), (3, 3), (5, 3)))
    found = approx_fprime(w_hh.ravel(), lambda w: np.sum(dh * rnn(x, w_ih, w.reshape(3, 3))), 1e-7)
    np.testing.assert_allclose(rnn_vjp(x, w_ih, w_hh)[1](dh).dw_hh.ravel(), found, rtol=1e-4, atol=1e-5)


@quick
@given(networks(), st.sampled_from(["tanh", "identity"]))
def test_the_share_of_a_step_is_the_gradient_of_its_own_unshared_copy(network, activation):
    (x, w_ih, w_hh, b, h0), dh = network
    gradients = rnn_vjp(x, w_ih, w_hh, b, h0, activation=activation)[1](dh)
    copies = np.stack([w_hh] * len(x))
    expected = slopes(lambda w: np.sum(dh * slow_rnn(x, w_ih, w, b, h0, activation)), copies)
    tolerance = 1e-7 * (1 + np.abs(expected).max())
    np.testing.assert_allclose(gradients.dw_hh_steps, expected, rtol=0, atol=tolerance)
    np.testing.assert_allclose(gradients.dw_hh, expected.sum(axis=0), rtol=0, atol=tolerance)


@quick
@given(networks(), st.sampled_from(["tanh", "identity"]))
def test_a_delta_is_the_gradient_of_what_enters_the_activation(network, activation):
    (x, w_ih, w_hh, b, h0), dh = network
    gradients = rnn_vjp(x, w_ih, w_hh, b, h0, activation=activation)[1](dh)
    shift = np.concatenate([x, np.ones_like(dh)], axis=-1)  # inputs that add straight to a_t
    wide = np.concatenate([w_ih, np.eye(len(b))], axis=1)

    def cost(nudge):
        shift[..., x.shape[-1] :] = nudge
        return np.sum(dh * rnn(shift, wide, w_hh, b, h0, activation=activation))

    expected = slopes(cost, np.zeros_like(dh))
    np.testing.assert_allclose(gradients.deltas, expected, rtol=0, atol=1e-7 * (1 + np.abs(expected).max()))


@quick
@given(networks(), st.sampled_from(["tanh", "identity"]), st.randoms())
def test_the_unrolled_net_with_different_copies_is_differentiated_layer_by_layer(network, activation, random):
    (x, w_ih, w_hh, b, h0), dh = network
    copies = np.random.default_rng(random.randrange(2**32)).normal(size=(len(x), *w_hh.shape))
    h, pullback = unrolled_vjp(x, w_ih, copies, b, h0, activation=activation)
    np.testing.assert_allclose(h, slow_rnn(x, w_ih, copies, b, h0, activation), rtol=1e-12, atol=1e-12)
    expected = slopes(lambda w: np.sum(dh * slow_rnn(x, w_ih, w, b, h0, activation)), copies)
    np.testing.assert_allclose(pullback(dh), expected, rtol=0, atol=1e-7 * (1 + np.abs(expected).max()))


@quick
@given(networks(), st.sampled_from(["tanh", "identity"]))
def test_equal_copies_added_are_the_shared_gradient(network, activation):
    (x, w_ih, w_hh, b, h0), dh = network
    shared = rnn_vjp(x, w_ih, w_hh, b, h0, activation=activation)[1](dh)
    copies = np.broadcast_to(w_hh, (len(x), *w_hh.shape))
    own = unrolled_vjp(x, w_ih, copies, b, h0, activation=activation)[1](dh)
    scale = 1 + np.abs(own).max()
    np.testing.assert_allclose(own.sum(axis=0), shared.dw_hh, rtol=0, atol=1e-10 * scale)


def only(dh, tau):
    """The cotangent of the cost of one step."""
    alone = np.zeros_like(dh)
    alone[tau] = dh[tau]
    return alone


@quick
@given(networks(), st.sampled_from(["tanh", "identity"]))
def test_the_terms_of_one_cost_are_the_shares_of_the_steps_before_it(network, activation):
    (x, w_ih, w_hh, b, h0), dh = network
    h, pullback = rnn_vjp(x, w_ih, w_hh, b, h0, activation=activation)
    terms = path_contributions(dh, h, w_hh, h0, activation=activation)
    for tau in range(len(x)):
        expected = pullback(only(dh, tau)).dw_hh_steps
        np.testing.assert_allclose(terms[tau], expected, rtol=1e-9, atol=1e-9)
        assert not terms[tau, tau + 1 :].any()


@quick
@given(networks(), st.sampled_from(["tanh", "identity"]))
def test_total_derivatives_count_a_path_once_for_each_step_on_it(network, activation):
    (x, w_ih, w_hh, b, h0), dh = network
    h = rnn(x, w_ih, w_hh, b, h0, activation=activation)
    terms = path_contributions(dh, h, w_hh, h0, activation=activation)
    printed = path_contributions(dh, h, w_hh, h0, activation=activation, partial="total")
    for tau in range(len(x)):  # the term of step s is repeated in every t from s to tau
        np.testing.assert_allclose(printed[tau, : tau + 1], np.cumsum(terms[tau, : tau + 1], 0), atol=1e-8)
        assert not printed[tau, tau + 1 :].any()


@quick
@given(networks(), st.integers(1, 7), st.sampled_from(["tanh", "identity"]))
def test_a_window_keeps_the_terms_fewer_than_its_length_behind_their_cost(network, window, activation):
    (x, w_ih, w_hh, b, h0), dh = network
    h, pullback = rnn_vjp(x, w_ih, w_hh, b, h0, activation=activation)
    cut = pullback(dh, window=window)
    deltas, dh0 = np.zeros_like(dh), np.zeros_like(h0)
    for tau in range(len(x)):
        alone = pullback(only(dh, tau))
        first = max(0, tau - window + 1)
        deltas[first : tau + 1] += alone.deltas[first : tau + 1]
        dh0 += alone.dh0 if tau < window else 0
    before = np.concatenate([h0[None], h[:-1]])
    np.testing.assert_array_equal(cut.dw_hh, cut.dw_hh_steps.sum(axis=0))
    expected = {
        "deltas": deltas,
        "dh0": dh0,
        "dx": deltas @ w_ih,
        "db": deltas.reshape(-1, len(b)).sum(axis=0),
        "dw_ih": sum(np.outer(deltas[i], x[i]) for i in np.ndindex(x.shape[:-1])),
        "dw_hh": sum(np.outer(deltas[i], before[i]) for i in np.ndindex(x.shape[:-1])),
    }
    for name, value in expected.items():
        np.testing.assert_allclose(getattr(cut, name), value, rtol=1e-9, atol=1e-9, err_msg=name)


@quick
@given(networks(batches=(None, 2)), st.sampled_from(["tanh", "identity"]))
def test_the_product_of_the_jacobians_is_the_derivative_of_the_last_state_by_the_first(network, activation):
    (x, w_ih, w_hh, b, h0), _ = network
    h = rnn(x, w_ih, w_hh, b, h0, activation=activation)
    jacobians = rnn_jacobians(h, w_hh, activation=activation)
    assert jacobians.shape == (*h.shape, len(b))
    product = np.eye(len(b))
    for jacobian in jacobians:
        product = jacobian @ product
    for i in range(len(b)):
        expected = slopes(
            lambda s, i=i: rnn(x, w_ih, w_hh, b, s, activation=activation)[-1, ..., i].sum(), h0
        )
        tolerance = 1e-7 * (1 + np.abs(expected).max())
        np.testing.assert_allclose(product[..., i, :], expected, rtol=0, atol=tolerance)


# The scalar example of the page


def test_the_scalar_example_adds_0_and_a_half_and_one_and_a_half_to_two():
    h, pullback = rnn_vjp(*SCALAR, activation="identity")
    assert h.ravel().tolist() == [1, 1.5, 1.75]
    gradients = pullback(LAST)
    assert gradients.dw_hh_steps.ravel().tolist() == [0, 0.5, 1.5]
    assert gradients.dw_hh.item() == 2 == 2 * 0.5 + 1
    assert [pullback(LAST, window=k).dw_hh.item() for k in (1, 2, 3)] == [1.5, 2, 2]


def test_the_printed_formula_gives_two_and_a_half_in_the_scalar_example():
    h = rnn(*SCALAR, activation="identity")
    terms = {
        partial: path_contributions(LAST, h, SCALAR[2], activation="identity", partial=partial).sum()
        for partial in ("immediate", "total")
    }
    assert terms == {"immediate": 2, "total": 2.5}


# The vector example of the page


@pytest.fixture(name="example", scope="module")
def vector_example():
    normal = np.random.default_rng(0).normal
    w_ih, w_hh, b = 0.5 * normal(size=(4, 3)), 0.6 * normal(size=(4, 4)), 0.1 * normal(size=4)
    w_ho, b_o = 0.5 * normal(size=(2, 4)), 0.1 * normal(size=2)
    x, target = normal(size=(8, 3)), normal(size=(8, 2))
    return {"x": x, "target": target, "w_ih": w_ih, "w_hh": w_hh, "w_ho": w_ho, "b": b, "b_o": b_o}


@pytest.fixture(name="passes", scope="module")
def both_passes(example):
    h, pullback = rnn_vjp(example["x"], example["w_ih"], example["w_hh"], example["b"])
    costs, dh = readout_cost(h, example["w_ho"], example["target"], example["b_o"])
    return h, pullback, costs, dh


def relative_error(found, expected):
    return np.linalg.norm(found - expected) / np.linalg.norm(expected)


def test_the_vector_example_has_the_cost_and_the_gradients_that_the_page_quotes(passes):
    _, pullback, costs, dh = passes
    gradients = pullback(dh)
    assert round(costs.sum(), 6) == 15.291218
    assert round(np.linalg.norm(gradients.dw_hh), 6) == 4.479777
    assert round(np.linalg.norm(gradients.dh0), 4) == 6.1926
    norms = np.linalg.norm(gradients.dw_hh_steps, axis=(1, 2)).round(4)
    assert norms.tolist() == [0, 2.3686, 0.5870, 0.5648, 0.6162, 1.2875, 2.1468, 1.0867]


def test_the_errors_of_truncation_are_not_monotone_in_the_vector_example(passes):
    _, pullback, _, dh = passes
    full = pullback(dh).dw_hh
    errors = [relative_error(pullback(dh, window=k).dw_hh, full) for k in range(1, 9)]
    expected = [0.5235, 0.4082, 0.1869, 0.2406, 0.1890, 0.0083, 0, 0]
    np.testing.assert_allclose(errors, expected, atol=5e-5)
    assert max(errors[6:]) < 1e-14


def test_the_printed_formula_last_copy_and_average_miss_the_gradient_of_the_vector_example(example, passes):
    h, pullback, _, dh = passes
    gradients = pullback(dh)
    exact, printed = (
        path_contributions(dh, h, example["w_hh"], partial=partial).sum(axis=(0, 1))
        for partial in ("immediate", "total")
    )
    assert relative_error(exact, gradients.dw_hh) < 1e-14
    assert round(relative_error(printed, gradients.dw_hh), 3) == 1.397
    assert round(np.linalg.norm(printed) / np.linalg.norm(gradients.dw_hh), 2) == 2.21
    assert round(relative_error(gradients.dw_hh_steps[-1], gradients.dw_hh), 4) == 0.8866
    assert relative_error(gradients.dw_hh_steps.mean(axis=0), gradients.dw_hh) == pytest.approx(1 - 1 / 8)


@pytest.mark.parametrize(("update", "last"), [("w_hh", 8.217), ("h0", 11.483)])
def test_two_hundred_steps_lower_the_cost_of_the_vector_example(example, update, last):
    learned, costs = descend(**example, steps=200, lr=0.05, update=update)
    assert learned.shape == {"w_hh": (4, 4), "h0": (4,)}[update]
    assert costs.shape == (201,)
    assert round(costs[0], 2) == 15.29
    assert round(costs[-1], 3) == last


# Cost, descent, parameters


@quick
@given(networks(), st.integers(1, 3))
def test_the_cost_is_half_the_squared_error_and_its_gradient_the_central_difference(network, o):
    _, h = network
    rng = np.random.default_rng(o)
    w, b, target = rng.normal(size=(o, h.shape[-1])), rng.normal(size=o), rng.normal(size=(*h.shape[:-1], o))
    costs, dh = readout_cost(h, w, target, b)
    outputs = np.einsum("oh,t...h->t...o", w, h) + b
    for tau in range(len(h)):
        assert costs[tau] == pytest.approx(np.sum((outputs[tau] - target[tau]) ** 2) / 2)
    expected = slopes(lambda states: readout_cost(states, w, target, b)[0].sum(), h)
    np.testing.assert_allclose(dh, expected, rtol=0, atol=1e-6 * (1 + np.abs(expected).max()))


@pytest.mark.parametrize("update", ["w_hh", "h0"])
def test_a_step_of_descent_moves_one_array_against_its_slope_and_leaves_the_other(update):
    rng = np.random.default_rng(4)
    shapes = {"x": (3, 2), "target": (3, 2), "w_ih": (4, 2), "w_hh": (4, 4), "w_ho": (2, 4)}
    shapes |= {"b": 4, "h0": 4, "b_o": 2}
    arrays = {name: rng.normal(size=shape) / 2 for name, shape in shapes.items()}
    kept = {name: array.copy() for name, array in arrays.items()}

    def cost(value):
        a = {**arrays, update: value}
        h = rnn(a["x"], a["w_ih"], a["w_hh"], a["b"], a["h0"])
        return readout_cost(h, a["w_ho"], a["target"], a["b_o"])[0].sum()

    learned, costs = descend(**arrays, steps=2, lr=0.1, update=update)
    first = arrays[update] - 0.1 * slopes(cost, arrays[update])
    second = first - 0.1 * slopes(cost, first)
    np.testing.assert_allclose(learned, second, atol=1e-8)
    np.testing.assert_allclose(costs, [cost(w) for w in (arrays[update], first, second)], rtol=1e-8)
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, kept[name])


def test_no_steps_of_descent_leave_the_weights_and_measure_the_cost_once():
    learned, costs = descend(*SCALAR[:1], LAST, *SCALAR[1:], [[1.0]], steps=0, lr=1, activation="identity")
    assert learned.tolist() == SCALAR[2]
    np.testing.assert_allclose(costs, [(1 + 1.5**2 + 0.75**2) / 2])


def test_the_number_of_parameters_is_that_of_the_arrays():
    x, *weights = np.ones((9, 3)), np.ones((4, 3)), np.ones((4, 4)), np.ones(4)
    assert rnn(x, *weights).shape == (9, 4)
    assert rnn_parameters(3, 4) == sum(w.size for w in weights) == 32
    assert rnn_parameters(3, 4, bias=False) == 28


# Types, shapes and bad input


def test_the_dtype_is_kept_and_integers_become_float64():
    ones = [np.ones(s, "f") for s in ((3, 2), (4, 2), (4, 4), (4,), (4,))]
    h, pullback = rnn_vjp(*ones)
    gradients = pullback(np.ones((3, 4), "f"))
    cut = pullback(np.ones((3, 4), "f"), window=2)
    assert h.dtype == np.float32
    assert {array.dtype for g in (gradients, cut) for array in vars(g).values()} == {np.dtype("f")}
    assert rnn(np.ones((3, 2), int), np.ones((4, 2), int), np.ones((4, 4), int)).dtype == np.float64
    assert rnn_jacobians(h, ones[2]).dtype == np.float32
    terms = [path_contributions(h, h, ones[2], partial=p) for p in ("immediate", "total")]
    assert {term.dtype for term in terms} == {np.dtype("f")}
    assert unrolled_vjp(*ones[:2], np.ones((3, 4, 4), "f"))[1](h).dtype == np.float32


def test_the_forward_pass_leaves_its_arguments_alone():
    x, h0 = np.ones((3, 2)), np.zeros(2)
    rnn(x, np.eye(2), np.eye(2), h0=h0)
    rnn(x, np.eye(2), np.eye(2), np.zeros(2), h0)
    assert (x == 1).all()
    assert (h0 == 0).all()


def good():
    return {
        "x": np.ones((3, 2)),
        "w_ih": np.ones((4, 2)),
        "w_hh": np.ones((4, 4)),
        "b": np.ones(4),
        "h0": np.ones(4),
    }


@pytest.mark.parametrize("function", [rnn, rnn_vjp])
@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("x", np.ones(3), "x must have shape (T, ..., D) with at least one step, got (3,)"),
        ("x", np.ones((0, 2)), "x must have shape (T, ..., D) with at least one step, got (0, 2)"),
        ("w_ih", np.ones((4, 3)), "w_ih must have shape (4, 2), got (4, 3)"),
        ("w_hh", np.ones((4, 5)), "w_hh must have shape (4, 4), got (4, 5)"),
        ("w_hh", np.ones(4), "w_hh must have 2 dimensions, got 1 (shape (4,))"),
        ("b", np.ones((1, 4)), "b must have shape (4,), got (1, 4)"),
        ("h0", np.ones((1, 4)), "h0 must have shape (4,), got (1, 4)"),
        ("activation", "relu", "activation must be 'tanh' or 'identity', got 'relu'"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(function, name, value, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        function(**{**good(), name: value})


@pytest.mark.parametrize("name", ["x", "w_ih", "w_hh", "b", "h0"])
def test_arrays_that_are_not_real_are_refused(name):
    with pytest.raises(TypeError, match=rf"^{name} must be an array of real numbers, got dtype complex128$"):
        rnn(**{**good(), name: good()[name] * 1j})


def test_the_pullbacks_refuse_a_wrong_cotangent_and_a_wrong_window():
    h, pullback = rnn_vjp(**good())
    with pytest.raises(ValueError, match=r"^dh must have shape \(3, 4\), got \(2, 4\)$"):
        pullback(h[1:])
    with pytest.raises(ValueError, match=r"^window must be a positive integer, got 0$"):
        pullback(h, window=0)
    with pytest.raises(TypeError, match=r"^window must be a positive integer, got 1\.5 \(float\)$"):
        pullback(h, window=1.5)
    _, pullback = unrolled_vjp(np.ones((3, 2)), np.ones((4, 2)), np.ones((3, 4, 4)))
    with pytest.raises(ValueError, match=r"^dh must have shape \(3, 4\), got \(3, 1\)$"):
        pullback(h[:, :1])


def test_the_unrolled_net_refuses_another_number_of_copies_than_steps():
    with pytest.raises(ValueError, match=r"^copies must have shape \(3, 4, 4\), got \(2, 4, 4\)$"):
        unrolled_vjp(np.ones((3, 2)), np.ones((4, 2)), np.ones((2, 4, 4)))
    with pytest.raises(ValueError, match=r"^copies must have 3 dimensions, got 2 \(shape \(4, 4\)\)$"):
        unrolled_vjp(np.ones((3, 2)), np.ones((4, 2)), np.ones((4, 4)))
    with pytest.raises(
        ValueError, match=r"^copies must have one matrix for each step, got shape \(0, 4, 4\)$"
    ):
        unrolled_vjp(np.ones((0, 2)), np.ones((4, 2)), np.ones((0, 4, 4)))
    with pytest.raises(ValueError, match=r"^activation must be 'tanh' or 'identity', got 'relu'$"):
        unrolled_vjp(np.ones((3, 2)), np.ones((4, 2)), np.ones((3, 4, 4)), activation="relu")


@pytest.mark.parametrize(
    ("h", "w_hh", "message"),
    [
        (np.ones(4), np.ones((4, 4)), "h must have shape (T, ..., H) with at least one step, got (4,)"),
        (
            np.ones((0, 4)),
            np.ones((4, 4)),
            "h must have shape (T, ..., H) with at least one step, got (0, 4)",
        ),
        (np.ones((3, 4)), np.ones((4, 3)), "w_hh must have shape (4, 4), got (4, 3)"),
    ],
)
def test_states_and_weights_that_do_not_fit_are_refused(h, w_hh, message):
    for function in (rnn_jacobians, lambda h, w_hh: path_contributions(h, h, w_hh)):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            function(h, w_hh)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"partial": "exact"}, "partial must be 'immediate' or 'total', got 'exact'"),
        ({"activation": "relu"}, "activation must be 'tanh' or 'identity', got 'relu'"),
        ({"h0": np.ones(3)}, "h0 must have shape (4,), got (3,)"),
        ({"dh": np.ones((4, 3))}, "dh must have shape (3, 4), got (4, 3)"),
    ],
)
def test_the_double_sum_refuses_what_does_not_fit(change, message):
    arguments = {"dh": np.ones((3, 4)), "h": np.ones((3, 4)), "w_hh": np.ones((4, 4)), **change}
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        path_contributions(**arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.ones(4), np.ones((2, 4)), np.ones(2)), "h must have shape (T, ..., H), got (4,)"),
        ((np.ones((3, 4)), np.ones((2, 3)), np.ones((3, 2))), "w_ho must have shape (O, 4), got (2, 3)"),
        ((np.ones((3, 4)), np.ones((2, 4)), np.ones((3, 4))), "target must have shape (3, 2), got (3, 4)"),
        ((np.ones((3, 4)), np.ones((2, 4)), np.ones((3, 2)), [1]), "b_o must have shape (2,), got (1,)"),
    ],
)
def test_the_cost_refuses_what_does_not_fit(arguments, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        readout_cost(*arguments)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"update": "b"}, ValueError, "update must be 'w_hh' or 'h0', got 'b'"),
        ({"lr": 0}, ValueError, "lr must be positive, got 0.0"),
        ({"lr": "fast"}, TypeError, "lr must be a real number, got 'fast' (str)"),
        ({"steps": -1}, ValueError, "steps must be a non-negative integer, got -1"),
        ({"steps": 2.0}, TypeError, "steps must be a non-negative integer, got 2.0 (float)"),
    ],
)
def test_descent_refuses_what_it_does_not_know(change, error, message):
    arguments = {
        **good(),
        "target": np.ones((3, 1)),
        "w_ho": np.ones((1, 4)),
        "steps": 1,
        "lr": 0.1,
        **change,
    }
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        descend(**arguments)


@pytest.mark.parametrize("name", ["input_size", "hidden_size"])
def test_sizes_that_are_no_positive_integers_are_refused(name):
    sizes = {"input_size": 1, "hidden_size": 1}
    with pytest.raises(ValueError, match=f"^{name} must be a positive integer, got 0$"):
        rnn_parameters(**{**sizes, name: 0})
    with pytest.raises(TypeError, match=rf"^{name} must be a positive integer, got True \(bool\)$"):
        rnn_parameters(**{**sizes, name: True})


@quick
@given(networks(batches=(None,)), st.integers(1, 7))
def test_a_window_keeps_the_terms_that_the_truncated_pullback_adds(network, k):
    arguments, dh = network
    h, pullback = rnn_vjp(*arguments)
    terms = path_contributions(dh, h, arguments[2], arguments[4])
    kept = terms[kept_terms(len(h), k)].sum(axis=0)
    np.testing.assert_allclose(kept, pullback(dh, window=k).dw_hh, atol=1e-10)


@quick
@given(networks(batches=(None,)), st.integers(1, 7))
def test_chunks_keep_the_terms_of_networks_that_hand_on_their_state_and_no_gradient(network, k):
    (x, w_ih, w_hh, b, h0), dh = network
    h = rnn(x, w_ih, w_hh, b, h0)
    terms = path_contributions(dh, h, w_hh, h0)
    dw, start = np.zeros_like(w_hh), h0
    for first in range(0, len(x), k):
        part, pullback = rnn_vjp(x[first : first + k], w_ih, w_hh, b, start)
        dw += pullback(dh[first : first + k]).dw_hh
        start = part[-1]
    np.testing.assert_allclose(terms[kept_terms(len(h), k, chunked=True)].sum(axis=0), dw, atol=1e-10)


@pytest.mark.parametrize(("name", "arguments"), [("steps", (0, 1)), ("length", (3, 0))])
def test_kept_terms_refuses_what_is_no_count(name, arguments):
    with pytest.raises(ValueError, match=name):
        kept_terms(*arguments)
