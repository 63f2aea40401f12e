"""The perceptron against torch.nn.Sequential."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.mlp import mlp_vjp, parameter_count, unpack

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle

LAYERS = {
    "relu": torch.nn.ReLU,
    "leaky_relu": torch.nn.LeakyReLU,
    "tanh": torch.nn.Tanh,
    "sigmoid": torch.nn.Sigmoid,
    "identity": torch.nn.Identity,
}


def sequential(theta, sizes, activation):
    modules = []
    for w, b in unpack(theta, sizes):
        linear = torch.nn.Linear(*w.shape, dtype=torch.float64)
        linear.weight.data, linear.bias.data = torch.from_numpy(w.T.copy()), torch.from_numpy(b[0].copy())
        modules += [linear, LAYERS[activation]()]
    return torch.nn.Sequential(*modules[:-1])


@given(
    st.lists(st.integers(1, 8), min_size=2, max_size=5),
    st.integers(1, 7),
    st.sampled_from(sorted(LAYERS)),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=60, deadline=None)
def test_output_and_gradients_are_those_of_sequential(sizes, samples, activation, seed):
    rng = np.random.default_rng(seed)
    theta, x = rng.normal(size=parameter_count(sizes)), rng.normal(size=(samples, sizes[0]))
    dy = rng.normal(size=(samples, sizes[-1]))
    y, pullback = mlp_vjp(x, theta, sizes, activation=activation)
    dx, dtheta = pullback(dy)
    network, x_torch = sequential(theta, sizes, activation), torch.from_numpy(x).requires_grad_()
    output = network(x_torch)
    output.backward(torch.from_numpy(dy))
    np.testing.assert_allclose(y, output.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(dx, x_torch.grad.numpy(), atol=1e-12)
    linears = [module for module in network if isinstance(module, torch.nn.Linear)]
    for (dw, db), linear in zip(unpack(dtheta, sizes), linears, strict=True):
        np.testing.assert_allclose(dw, linear.weight.grad.numpy().T, atol=1e-12)
        np.testing.assert_allclose(db[0], linear.bias.grad.numpy(), atol=1e-12)
