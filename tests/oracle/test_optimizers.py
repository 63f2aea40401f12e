import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.optimizers import adam, adam_in_place, amsgrad, momentum, rmsprop, sgd

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle

thorough = settings(max_examples=100, deadline=None)
seeds = st.integers(0, 2**32 - 1)
rates = st.floats(1e-5, 0.5)
weights = st.floats(0, 0.9995)
epsilons = st.sampled_from([1e-12, 1e-8, 1e-3, 1.0])


@st.composite
def problems(draw):
    """A start and gradients given in advance: fed back, they would magnify every rounding."""
    rng = np.random.default_rng(draw(seeds))
    shape = tuple(draw(st.lists(st.integers(1, 4), max_size=3)))
    steps = draw(st.integers(1, 40))
    scale = draw(st.sampled_from([1e-6, 1.0, 1e4]))
    return rng.normal(size=shape), scale * rng.normal(size=(steps, *shape))


def pytorch_path(problem, make):
    start, gradients = problem
    x = torch.tensor(start, requires_grad=True)
    optimizer, path = make([x]), []
    for g in gradients:
        x.grad = torch.tensor(g)
        optimizer.step()
        path.append(x.detach().numpy().copy())
    return np.array(path)


def our_path(problem, step):
    x, gradients = problem
    path, state = [], None
    for g in gradients:
        x, state = step(x, g, state)
        path.append(x)
    return np.array(path)


def agree(problem, step, make):
    theirs = pytorch_path(problem, make)
    np.testing.assert_allclose(our_path(problem, step), theirs, rtol=1e-9, atol=1e-10)


@thorough
@given(problems(), rates)
def test_sgd_agrees_with_pytorch(problem, lr):
    agree(problem, lambda x, g, _: (sgd(x, g, lr=lr), None), lambda p: torch.optim.SGD(p, lr=lr))


@thorough
@given(problems(), rates, weights)
def test_momentum_agrees_with_pytorch(problem, lr, mu):
    agree(
        problem,
        lambda x, g, state: momentum(x, g, state, lr=lr, momentum=mu),
        lambda p: torch.optim.SGD(p, lr=lr, momentum=mu),
    )


@thorough
@given(problems(), rates, weights, epsilons)
def test_rmsprop_agrees_with_pytorch(problem, lr, alpha, eps):
    agree(
        problem,
        lambda x, g, state: rmsprop(x, g, state, lr=lr, alpha=alpha, eps=eps),
        lambda p: torch.optim.RMSprop(p, lr=lr, alpha=alpha, eps=eps),
    )


@thorough
@given(problems(), rates, weights, weights, epsilons)
def test_adam_agrees_with_pytorch(problem, lr, beta1, beta2, eps):
    options = {"lr": lr, "betas": (beta1, beta2), "eps": eps}
    agree(
        problem,
        lambda x, g, state: adam(x, g, state, **options),
        lambda p: torch.optim.Adam(p, **options),
    )


@thorough
@given(problems(), rates, weights, weights, epsilons)
def test_adam_in_place_agrees_with_pytorch(problem, lr, beta1, beta2, eps):
    options = {"lr": lr, "betas": (beta1, beta2), "eps": eps}

    def step(x, g, state):
        x = x.copy()
        return x, adam_in_place(x, g, state, **options)

    agree(problem, step, lambda p: torch.optim.Adam(p, **options))


@thorough
@given(problems(), rates, weights, weights, epsilons)
def test_amsgrad_agrees_with_pytorch(problem, lr, beta1, beta2, eps):
    options = {"lr": lr, "betas": (beta1, beta2), "eps": eps}
    agree(
        problem,
        lambda x, g, state: amsgrad(x, g, state, **options),
        lambda p: torch.optim.Adam(p, **options, amsgrad=True),
    )


def test_the_defaults_agree_with_pytorch():
    rng = np.random.default_rng(0)
    problem = rng.normal(size=5), rng.normal(size=(50, 5)) * 1e-6
    agree(problem, adam, torch.optim.Adam)
    agree(problem, amsgrad, lambda p: torch.optim.Adam(p, amsgrad=True))
    agree(problem, rmsprop, torch.optim.RMSprop)


def test_a_quadratic_agrees_with_pytorch_to_the_last_of_five_thousand_steps():
    x, state, theirs = np.ones(1), None, torch.ones(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([theirs], lr=0.01)
    for _ in range(5000):
        x, state = adam(x, x, state, lr=0.01)
        theirs.grad = theirs.detach().clone()
        optimizer.step()
    np.testing.assert_allclose(x, theirs.detach().numpy(), rtol=1e-10)
    assert abs(x[0]) < 1e-100


def test_float32_agrees_with_pytorch():
    rng = np.random.default_rng(1)
    x, gradients = rng.normal(size=100).astype(np.float32), rng.normal(size=(40, 100)).astype(np.float32)
    theirs = torch.tensor(x, requires_grad=True)
    optimizer, state = torch.optim.Adam([theirs], lr=0.01), None
    for g in gradients:
        x, state = adam(x, g, state, lr=0.01)
        theirs.grad = torch.tensor(g)
        optimizer.step()
    np.testing.assert_allclose(x, theirs.detach().numpy(), rtol=1e-4, atol=1e-5)
