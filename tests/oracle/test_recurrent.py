import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.recurrent import (
    descend,
    path_contributions,
    readout_cost,
    rnn,
    rnn_jacobians,
    rnn_parameters,
    rnn_vjp,
    unrolled_vjp,
)

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle

quick = settings(max_examples=40, deadline=None)


@st.composite
def networks(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    steps, d, h, o = (draw(st.integers(1, most)) for most in (9, 5, 6, 3))
    batch = draw(st.sampled_from([(), (1,), (4,)]))
    shapes = [(steps, *batch, d), (h, d), (h, h), (h,), (*batch, h), (o, h), (steps, *batch, o)]
    return [rng.normal(size=shape) for shape in shapes]


def tensors(*arrays):
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def torch_cell(x, h, w_ih, w_hh, b):
    return torch.tanh(x @ w_ih.T + h @ w_hh.T + b)


@quick
@given(networks())
def test_states_and_gradients_are_those_of_nn_rnn(network):
    x, w_ih, w_hh, b, h0, w_ho, target = network
    module = torch.nn.RNN(x.shape[-1], len(b), dtype=torch.float64)
    with torch.no_grad():
        module.weight_ih_l0.copy_(torch.tensor(w_ih))
        module.weight_hh_l0.copy_(torch.tensor(w_hh))
        module.bias_ih_l0.copy_(torch.tensor(b))
        module.bias_hh_l0.zero_()
    inputs, first = tensors(x, h0)
    states, _ = module(inputs, first[None])
    cost = ((states @ torch.tensor(w_ho).T - torch.tensor(target)) ** 2).sum() / 2
    cost.backward()

    h, pullback = rnn_vjp(x, w_ih, w_hh, b, h0)
    costs, dh = readout_cost(h, w_ho, target)
    gradients = pullback(dh)
    assert costs.sum() == pytest.approx(cost.item(), rel=1e-12)
    expected = {
        "dx": inputs.grad,
        "dh0": first.grad,
        "dw_ih": module.weight_ih_l0.grad,
        "dw_hh": module.weight_hh_l0.grad,
        "db": module.bias_hh_l0.grad,
    }
    np.testing.assert_allclose(h, states.detach(), rtol=1e-12, atol=1e-12)
    for name, value in expected.items():
        scale = 1 + value.abs().max().item()
        np.testing.assert_allclose(getattr(gradients, name), value, atol=1e-11 * scale, err_msg=name)


@quick
@given(networks())
def test_each_share_of_a_step_is_autograds_gradient_of_an_unshared_copy(network):
    x, w_ih, w_hh, b, h0, w_ho, target = network
    copies = tensors(*[w_hh] * len(x))
    h, states = torch.tensor(h0), []
    for x_t, w_t in zip(torch.tensor(x), copies, strict=True):
        h = torch_cell(x_t, h, torch.tensor(w_ih), w_t, torch.tensor(b))
        states.append(h)
    states = torch.stack(states)
    ((states @ torch.tensor(w_ho).T - torch.tensor(target)) ** 2).sum().div(2).backward()
    expected = np.stack([copy.grad for copy in copies])

    h, pullback = rnn_vjp(x, w_ih, w_hh, b, h0)
    _, dh = readout_cost(h, w_ho, target)
    _, unrolled_pullback = unrolled_vjp(x, w_ih, np.stack([w_hh] * len(x)), b, h0)
    scale = 1 + np.abs(expected).max()
    np.testing.assert_allclose(pullback(dh).dw_hh_steps, expected, rtol=0, atol=1e-11 * scale)
    np.testing.assert_allclose(unrolled_pullback(dh), expected, rtol=0, atol=1e-9 * scale)
    terms = path_contributions(dh, h, w_hh, h0)
    np.testing.assert_allclose(terms.sum(axis=0), expected, rtol=0, atol=1e-11 * scale)


@quick
@given(networks(), st.integers(1, 10))
def test_a_window_is_autograd_with_the_state_cut_off_before_it(network, window):
    x, w_ih, w_hh, b, h0, w_ho, target = network
    states = rnn(x, w_ih, w_hh, b, h0)
    weights = tensors(w_ih, w_hh, b)
    first = torch.tensor(h0, requires_grad=True)
    cost = torch.zeros((), dtype=torch.float64)
    for tau in range(len(x)):
        start = max(0, tau - window + 1)
        h = first if start == 0 else torch.tensor(states[start - 1])
        for t in range(start, tau + 1):
            h = torch_cell(torch.tensor(x[t]), h, *weights)
        cost = cost + ((h @ torch.tensor(w_ho).T - torch.tensor(target[tau])) ** 2).sum() / 2
    cost.backward()

    h, pullback = rnn_vjp(x, w_ih, w_hh, b, h0)
    cut = pullback(readout_cost(h, w_ho, target)[1], window=window)
    pairs = [(cut.dw_ih, weights[0]), (cut.dw_hh, weights[1]), (cut.db, weights[2]), (cut.dh0, first)]
    for ours, tensor in pairs:
        scale = 1 + tensor.grad.abs().max().item()
        np.testing.assert_allclose(ours, tensor.grad, rtol=0, atol=1e-11 * scale)


@quick
@given(networks())
def test_the_jacobians_are_autograds(network):
    x, w_ih, w_hh, b, h0, *_ = network
    x, h0 = (x, h0) if x.ndim == 2 else (x[:, 0], h0[0])
    h = rnn(x, w_ih, w_hh, b, h0)
    jacobians = rnn_jacobians(h, w_hh)
    weights = [torch.tensor(array) for array in (w_ih, w_hh, b)]
    for t in range(len(x)):
        before = torch.tensor(h0 if t == 0 else h[t - 1])
        expected = torch.autograd.functional.jacobian(
            lambda s, t=t: torch_cell(torch.tensor(x[t]), s, *weights), before
        )
        np.testing.assert_allclose(jacobians[t], expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("update", ["w_hh", "h0"])
def test_descent_is_torch_sgd_on_one_tensor(update):
    rng = np.random.default_rng(5)
    shapes = {"x": (6, 2), "target": (6, 1), "w_ih": (3, 2), "w_hh": (3, 3), "w_ho": (1, 3)}
    shapes |= {"b": 3, "h0": 3, "b_o": 1}
    arrays = {name: rng.normal(size=shape) / 2 for name, shape in shapes.items()}
    learned, costs = descend(**arrays, steps=20, lr=0.05, update=update)

    a = dict(zip(arrays, tensors(*arrays.values()), strict=True))
    optimizer = torch.optim.SGD([a[update]], lr=0.05)
    for step in range(21):
        h, cost = a["h0"], 0
        for x_t, z_t in zip(a["x"], a["target"], strict=True):
            h = torch_cell(x_t, h, a["w_ih"], a["w_hh"], a["b"])
            cost = cost + ((a["w_ho"] @ h + a["b_o"] - z_t) ** 2).sum() / 2
        assert costs[step] == pytest.approx(cost.item(), rel=1e-10)
        if step < 20:
            optimizer.zero_grad()
            cost.backward()
            optimizer.step()
    np.testing.assert_allclose(learned, a[update].detach(), rtol=0, atol=1e-11)


@pytest.mark.parametrize(("d", "h"), [(3, 4), (1, 1), (5, 2)])
def test_nn_rnn_has_one_bias_more(d, h):
    counts = [sum(p.numel() for p in torch.nn.RNN(d, h, bias=bias).parameters()) for bias in (True, False)]
    assert counts == [rnn_parameters(d, h) + h, rnn_parameters(d, h, bias=False)]
