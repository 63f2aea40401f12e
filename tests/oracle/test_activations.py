import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from dlnotes.activations import activation_vjp, he_normal, leaky_relu_vjp, lecun_normal, xavier_normal
from dlnotes.depth import gradient_norms, random_layers

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle

thorough = settings(max_examples=200, deadline=None)
reals = arrays(np.float64, array_shapes(max_dims=3, max_side=5), elements=st.floats(-100, 100))
REFERENCE = {
    "relu": torch.relu,
    "leaky_relu": torch.nn.functional.leaky_relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "identity": torch.nn.Identity(),
}


def check(mine, theirs, x, dy):
    y, pullback = mine(x)
    given = torch.tensor(x, requires_grad=True)
    reference = theirs(given)
    reference.backward(torch.tensor(dy))
    np.testing.assert_allclose(y, reference.detach().numpy(), rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(pullback(dy), given.grad.numpy(), rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("name", REFERENCE)
@thorough
@given(data=st.data())
def test_activations_and_their_gradients_agree_with_pytorch_even_at_zero(name, data):
    x = data.draw(reals)
    check(
        activation_vjp(name),
        REFERENCE[name],
        x,
        data.draw(arrays(np.float64, x.shape, elements=st.floats(-9, 9))),
    )


@thorough
@given(reals, st.floats(-1, 2))
def test_leaky_relu_takes_any_slope_as_pytorch_does(x, slope):
    theirs = lambda x: torch.nn.functional.leaky_relu(x, slope)  # noqa: E731
    check(lambda x: leaky_relu_vjp(x, slope), theirs, x, np.ones_like(x))


@pytest.mark.parametrize("name", REFERENCE)
def test_special_values_agree_with_pytorch(name):
    x = np.array([0.0, -0.0, np.inf, -np.inf, np.nan])
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(activation_vjp(name)(x)[0], REFERENCE[name](torch.tensor(x)).numpy())


@pytest.mark.parametrize("shape", [(300, 40), (64, 16, 3, 3), (40, 300)])
def test_the_spread_of_initial_weights_agrees_with_pytorch(shape):
    w = torch.empty(shape, dtype=torch.float64)
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    pairs = [
        (he_normal(shape, rng), torch.nn.init.kaiming_normal_(w.clone(), nonlinearity="relu")),
        (he_normal(shape, rng, negative_slope=0.7), torch.nn.init.kaiming_normal_(w.clone(), a=0.7)),
        (lecun_normal(shape, rng), torch.nn.init.kaiming_normal_(w.clone(), nonlinearity="linear")),
        (xavier_normal(shape, rng), torch.nn.init.xavier_normal_(w.clone())),
    ]
    for mine, theirs in pairs:
        np.testing.assert_allclose(mine.std(), theirs.std().item(), rtol=0.04)


@pytest.mark.parametrize("name", REFERENCE)
@pytest.mark.parametrize("depth", [1, 7])
def test_the_gradient_that_reaches_the_input_agrees_with_autograd(name, depth):
    weights, x, dy = random_layers(depth, 16, np.random.default_rng(3))
    given = torch.tensor(x, requires_grad=True)
    h = given
    for w in torch.tensor(weights):
        h = REFERENCE[name](1.3 * w @ h)
    h.backward(torch.tensor(dy))
    np.testing.assert_allclose(
        gradient_norms(weights, x, dy, name, scale=1.3)[-1], given.grad.norm().item(), rtol=1e-10
    )
