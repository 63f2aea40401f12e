"""dlnotes.lstm against torch.nn.LSTM in float64, and its Jacobians against autograd."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.lstm import (
    cell_jacobians,
    gated_parameters,
    lstm,
    lstm_jacobians,
    lstm_vjp,
    uniform_parameters,
)

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle


def torch_lstm(w_ih, w_hh, b_ih, b_hh):
    model = torch.nn.LSTM(w_ih.shape[1], w_hh.shape[1], dtype=torch.float64)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    with torch.no_grad():
        for name, value in zip(names, (w_ih, w_hh, b_ih, b_hh), strict=True):
            getattr(model, name).copy_(torch.from_numpy(value))
    return model


@given(
    steps=st.integers(1, 12),
    batch=st.one_of(st.none(), st.integers(1, 4)),
    d=st.integers(1, 6),
    h=st.integers(1, 7),
    scale=st.floats(0.1, 3),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=60, deadline=None)
def test_forward_and_backward_are_those_of_torch(steps, batch, d, h, scale, seed):
    rng = np.random.default_rng(seed)
    n = () if batch is None else (batch,)
    w_ih, w_hh = scale * rng.normal(size=(4 * h, d)), scale * rng.normal(size=(4 * h, h))
    b_ih, b_hh = scale * rng.normal(size=(2, 4 * h))
    x, (h0, c0) = rng.normal(size=(steps, *n, d)), rng.normal(size=(2, *n, h))
    states, pullback = lstm_vjp(x, w_ih, w_hh, b_ih + b_hh, h0, c0)

    model = torch_lstm(w_ih, w_hh, b_ih, b_hh)
    leaves = [torch.from_numpy(a).requires_grad_() for a in (x, h0, c0)]
    output, (h_n, c_n) = model(leaves[0], (leaves[1][None], leaves[2][None]))
    assert torch.equal(output[-1], h_n[0])
    np.testing.assert_allclose(states.h, output.detach().numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(states.c[-1], c_n[0].detach().numpy(), rtol=1e-9, atol=1e-12)

    dh, dc_n = rng.normal(size=output.shape), rng.normal(size=c_n[0].shape)
    (output * torch.from_numpy(dh)).sum().backward(retain_graph=True)
    (c_n[0] * torch.from_numpy(dc_n)).sum().backward()
    dc = np.zeros_like(states.c)
    dc[-1] = dc_n
    gradients = pullback(dh, dc)
    expected = {
        "dx": leaves[0].grad,
        "dh0": leaves[1].grad,
        "dc0": leaves[2].grad,
        "dw_ih": model.weight_ih_l0.grad,
        "dw_hh": model.weight_hh_l0.grad,
        "db": model.bias_ih_l0.grad,
    }
    for name, value in expected.items():
        np.testing.assert_allclose(
            getattr(gradients, name), value.numpy(), rtol=1e-8, atol=1e-10, err_msg=name
        )


def step(w_ih, w_hh, b, x_t, h, c):
    i, f, g, o = (w_ih @ x_t + w_hh @ h + b).chunk(4)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


@pytest.mark.parametrize("forget_bias", [-2.0, 0.0, 1.0, 5.0])
def test_jacobians_are_those_of_autograd(forget_bias):
    rng = np.random.default_rng(3)
    steps, d, h = 30, 4, 6
    w_ih, w_hh, b = uniform_parameters(rng, d, h, forget_bias=forget_bias)
    x, (h0, c0) = rng.normal(size=(steps, d)), rng.normal(size=(2, h))
    states = lstm(x, w_ih, w_hh, b, h0, c0)
    jacobians, cells = lstm_jacobians(states, w_hh), cell_jacobians(states, w_hh)
    weights = [torch.from_numpy(a) for a in (w_ih, w_hh, b)]

    def run(x, h_0, c_0):
        h_t, c_t = h_0, c_0
        for x_t in torch.from_numpy(x):
            h_t, c_t = step(*weights, x_t, h_t, c_t)
        return h_t, c_t

    t_h0, t_c0 = torch.from_numpy(h0), torch.from_numpy(c0)
    for t in (0, 1, steps - 1):
        before = (t_h0, t_c0) if t == 0 else run(x[:t], t_h0, t_c0)
        rows = torch.autograd.functional.jacobian(lambda *s, t=t: run(x[t : t + 1], *s), before)
        whole = torch.cat([torch.cat(row, dim=1) for row in rows]).numpy()
        np.testing.assert_allclose(jacobians[t], whole, rtol=1e-10, atol=1e-14)
        far = torch.autograd.functional.jacobian(lambda c, t=t: run(x[: t + 1], t_h0, c)[1], t_c0).numpy()
        np.testing.assert_allclose(cells[t], far, rtol=1e-9, atol=1e-12 * abs(far).max())


def test_parameter_counts_are_those_of_torch():
    models = {1: torch.nn.RNN, 3: torch.nn.GRU, 4: torch.nn.LSTM}
    for blocks, model in models.items():
        count = sum(p.numel() for p in model(8, 32).parameters())
        assert gated_parameters(8, 32, blocks=blocks, biases=2) == count
        plain = sum(p.numel() for p in model(5, 7, bias=False).parameters())
        assert gated_parameters(5, 7, blocks=blocks, biases=0) == plain


def test_lockstep_networks_are_separate_torch_models():
    rng = np.random.default_rng(4)
    w_ih, w_hh, b = uniform_parameters(rng, 3, 5, forget_bias=1.0, runs=4)
    x = rng.normal(size=(9, 4, 2, 3))
    states = lstm(x, w_ih, w_hh, b)
    for r in range(4):
        model = torch_lstm(w_ih[r], w_hh[r], b[r], np.zeros(20))
        output, _ = model(torch.from_numpy(x[:, r]))
        np.testing.assert_allclose(states.h[:, r], output.detach().numpy(), rtol=1e-10)
