import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.pooling import avg_pool2d_vjp, max_pool2d_vjp

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle

thorough = settings(max_examples=200, deadline=None)
seeds = st.integers(0, 2**32 - 1)


@st.composite
def pools(draw):
    kernel = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    stride = draw(st.none() | st.tuples(st.integers(1, 4), st.integers(1, 4)))
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    height, width = (draw(st.integers(max(1, k - 2 * p), 10)) for k, p in zip(kernel, padding, strict=True))
    rng = np.random.default_rng(draw(seeds))
    shape = (2, 3, height, width)
    ties = draw(st.booleans())
    x = rng.choice([-np.inf, -1.0, 0.0, 1.0], shape) if ties else rng.normal(size=shape)
    return x, kernel, stride, padding


def check(mine, theirs, pool, seed):
    y, pullback = mine(*pool)
    dy = np.random.default_rng(seed).normal(size=y.shape)
    x = torch.tensor(pool[0], requires_grad=True)
    reference = theirs(x, *pool[1:])
    reference.backward(torch.from_numpy(dy))
    np.testing.assert_allclose(y, reference.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(pullback(dy), x.grad.numpy(), atol=1e-12)


@thorough
@given(pools(), seeds)
def test_max_pool2d_and_its_gradient_agree_with_pytorch_even_for_ties(pool, seed):
    check(max_pool2d_vjp, torch.nn.functional.max_pool2d, pool, seed)


@thorough
@given(pools(), seeds)
def test_avg_pool2d_and_its_gradient_agree_with_pytorch(pool, seed):
    pool = (np.maximum(pool[0], -9), *pool[1:])
    check(avg_pool2d_vjp, torch.nn.functional.avg_pool2d, pool, seed)


def test_one_not_a_number_takes_the_same_gradient_as_in_pytorch():
    x = np.array([[[[1, 9, np.nan], [2, 4, 3]]]])
    check(max_pool2d_vjp, torch.nn.functional.max_pool2d, (x, 2, 1, 0), 0)


@pytest.mark.parametrize("pool_vjp", [max_pool2d_vjp, avg_pool2d_vjp])
def test_pytorch_too_refuses_padding_beyond_half_the_kernel(pool_vjp):
    theirs = getattr(torch.nn.functional, pool_vjp.__name__.removesuffix("_vjp"))
    with pytest.raises(RuntimeError, match=r"pad should be at most half of"):
        theirs(torch.ones(1, 1, 4, 4), 3, padding=2)
    with pytest.raises(ValueError, match=r"^padding must be at most half of kernel_size \(3, 3\), got "):
        pool_vjp(np.ones((1, 1, 4, 4)), 3, padding=2)
