"""The memory task: its data, its gradients, and what tells the two networks apart."""

import numpy as np
import pytest

from dlnotes.lstm import lstm_vjp, uniform_parameters
from dlnotes.memory import (
    GUESSING_COST,
    FirstBit,
    _gradients,
    _lstm_outputs,
    first_bit,
    remember_with_lstm,
    remember_with_rnn,
)
from dlnotes.recurrent import rnn_vjp

SHORT = FirstBit(steps=5, updates=60)


def test_only_the_first_step_tells_the_bit():
    x, bit = first_bit(np.random.default_rng(0), FirstBit(steps=200, noise=0.3), 50)
    assert x.shape == (200, 50, 1)
    assert x.dtype == bit.dtype == np.float32
    assert set(bit.tolist()) == {-1.0, 1.0}
    np.testing.assert_array_equal(x[0, :, 0], bit)
    assert abs(x[1:].std() - 0.3) < 0.01
    assert abs((x[1:, :, 0] * bit).mean()) < 0.01


@pytest.mark.parametrize("network", [rnn_vjp, _lstm_outputs])
def test_gradients_are_central_differences_of_the_cost(network):
    rng = np.random.default_rng(1)
    hidden, rows = 3, 3 if network is rnn_vjp else 12
    shapes = [(rows, 1), (rows, hidden), (rows,), (hidden,), (1,)]
    parameters = [rng.normal(size=shape) for shape in shapes]
    x, bit = first_bit(rng, FirstBit(steps=4), 5)
    x, bit = x.astype(float), bit.astype(float)
    cost, gradients = _gradients(network, parameters, x, bit)
    score = network(x, *parameters[:3])[0][-1] @ parameters[3] + parameters[4]
    np.testing.assert_allclose(cost, np.log(1 + np.exp(-bit * score)).mean())
    for k, gradient in enumerate(gradients):
        assert gradient.shape == shapes[k]
        for index in np.ndindex(shapes[k]):
            sides = []
            for move in (1e-6, -1e-6):
                moved = [p.copy() for p in parameters]
                moved[k][index] += move
                sides.append(_gradients(network, moved, x, bit)[0])
            np.testing.assert_allclose(gradient[index], (sides[0] - sides[1]) / 2e-6, atol=1e-8)


def test_networks_of_one_row_start_alike_but_for_the_forget_bias():
    task = FirstBit(steps=4, updates=1)
    both = remember_with_lstm(np.random.default_rng(2), [0.0, 2.0], task, runs=3)
    assert both.costs.shape == (1, 2, 3)
    assert both.accuracy.shape == (2, 3)
    rng = np.random.default_rng(2)
    w_ih, w_hh, b = uniform_parameters(rng, 1, 16, runs=3)
    v = rng.uniform(-0.25, 0.25, (3, 16))
    x, bit = first_bit(rng, task, task.batch)
    for row, bias in enumerate((0.0, 2.0)):
        b[:, 16:32] = bias
        h = lstm_vjp(x, w_ih, w_hh, b)[0].h[-1]
        score = np.einsum("rnh,rh->rn", h, v)
        np.testing.assert_allclose(
            both.costs[0, row], np.log(1 + np.exp(-bit * score)).mean(axis=1), rtol=1e-4
        )


def test_five_steps_are_easy_for_both():
    easy = FirstBit(steps=5, updates=100)
    lstm, rnn = (
        remember_with_lstm(np.random.default_rng(3), [1], easy),
        remember_with_rnn(np.random.default_rng(3), easy),
    )
    for result in (lstm, rnn):
        assert (result.accuracy == 1).all()
        assert (result.costs[-1] < result.costs[0] / 2).all()
    assert rnn.costs.shape == (100, 3)
    assert rnn.accuracy.shape == (3,)


def test_over_sixty_steps_an_open_gate_remembers_and_a_half_open_one_guesses():
    accuracy = remember_with_lstm(np.random.default_rng(0), [0, 3], FirstBit(updates=250), runs=2).accuracy
    assert (accuracy[0] < 0.7).all()
    assert (accuracy[1] == 1).all()


def test_the_same_seed_gives_the_same_networks():
    first, second = (remember_with_rnn(np.random.default_rng(4), SHORT, runs=1) for _ in range(2))
    np.testing.assert_array_equal(first.costs, second.costs)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"steps": 0}, ValueError, "steps must be a positive integer, got 0"),
        ({"hidden": 0}, ValueError, "hidden must be a positive integer, got 0"),
        ({"updates": 1.5}, TypeError, "updates must be a positive integer, got 1.5"),
        ({"batch": 0}, ValueError, "batch must be a positive integer, got 0"),
        ({"test": 0}, ValueError, "test must be a positive integer, got 0"),
        ({"lr": 0}, ValueError, "lr must be positive, got 0.0"),
        ({"noise": -0.1}, ValueError, "noise must be non-negative, got -0.1"),
    ],
)
def test_a_bad_task_is_refused(change, error, message):
    with pytest.raises(error, match=message):
        FirstBit(**change)


def test_bad_arguments_are_named():
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator, got 0"):
        first_bit(0, SHORT, 1)
    with pytest.raises(ValueError, match="count must be a positive integer, got 0"):
        first_bit(np.random.default_rng(0), SHORT, 0)
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator, got 0"):
        remember_with_rnn(0, SHORT)
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator, got 0"):
        remember_with_lstm(0, [1], SHORT)
    with pytest.raises(ValueError, match="forget_biases must have 1 dimensions, got 0"):
        remember_with_lstm(np.random.default_rng(0), 1, SHORT)
    for remember in (
        lambda r: remember_with_lstm(r, [1], SHORT, runs=0),
        lambda r: remember_with_rnn(r, SHORT, runs=0),
    ):
        with pytest.raises(ValueError, match="runs must be a positive integer, got 0"):
            remember(np.random.default_rng(0))


def test_guessing_costs_the_cross_entropy_of_a_fair_coin():
    assert np.exp(-GUESSING_COST) == pytest.approx(1 / 2)
