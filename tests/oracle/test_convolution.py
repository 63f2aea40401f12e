import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.convolution import conv2d, conv2d_vjp, depthwise_conv2d, transposed_conv2d

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle

thorough = settings(max_examples=100, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def tensors(*arrays):
    return [torch.tensor(array, requires_grad=True) for array in arrays]


@st.composite
def layers(draw):
    axis = st.tuples(*(st.integers(*ends) for ends in ((1, 4), (1, 4), (0, 4), (1, 4), (0, 6))))
    (kh, sh, ph, dh, eh), (kw, sw, pw, dw, ew) = draw(axis), draw(axis)
    height = max(1, dh * (kh - 1) + 1 - 2 * ph) + eh
    width = max(1, dw * (kw - 1) + 1 - 2 * pw) + ew
    n, g, c, o = (draw(st.integers(1, most)) for most in (3, 4, 3, 3))
    rng = np.random.default_rng(draw(seeds))
    x, w = rng.normal(size=(n, g * c, height, width)), rng.normal(size=(g * o, c, kh, kw))
    b = rng.normal(size=g * o) if draw(st.booleans()) else None
    return x, w, b, {"stride": (sh, sw), "padding": (ph, pw), "dilation": (dh, dw), "groups": g}


@thorough
@given(layers(), seeds)
def test_conv2d_and_its_gradients_agree_with_pytorch(layer, seed):
    x, w, b, window = layer
    y, pullback = conv2d_vjp(x, w, b, **window)
    dy = np.random.default_rng(seed).normal(size=y.shape)
    arguments = tensors(x, w) if b is None else tensors(x, w, b)
    reference = torch.nn.functional.conv2d(*arguments, **window)
    reference.backward(torch.from_numpy(dy))
    np.testing.assert_allclose(y, reference.detach().numpy(), atol=1e-10)
    for mine, theirs in zip(pullback(dy), arguments, strict=False):
        np.testing.assert_allclose(mine, theirs.grad.numpy(), atol=1e-10)


@thorough
@given(layers(), st.data())
def test_transposed_conv2d_agrees_with_pytorch(layer, data):
    x, w, _, window = layer
    rng = np.random.default_rng(data.draw(seeds))
    x = rng.normal(size=(x.shape[0], w.shape[0], *x.shape[2:]))
    b = rng.normal(size=window["groups"] * w.shape[1])
    moves = list(zip(x.shape[2:], w.shape[2:], *list(window.values())[:3], strict=True))
    extra = tuple(data.draw(st.integers(0, max(s, d) - 1)) for _, _, s, _, d in moves)
    size = [
        (n - 1) * s - 2 * p + d * (f - 1) + a + 1 for (n, f, s, p, d), a in zip(moves, extra, strict=True)
    ]

    def theirs():
        return torch.nn.functional.conv_transpose2d(*tensors(x, w, b), output_padding=extra, **window)

    def mine():
        return transposed_conv2d(x, w, b, output_padding=extra, **window)

    if min(size) < 1:
        with pytest.raises(RuntimeError, match=r"Output size is too small"):
            theirs()
        with pytest.raises(ValueError, match=r"^padding must leave an output, got padding"):
            mine()
    else:
        np.testing.assert_allclose(mine(), theirs().detach().numpy(), atol=1e-10)


def test_pytorch_too_refuses_a_depthwise_convolution_from_three_channels_to_eight():
    x, w = np.ones((1, 3, 7, 7)), np.ones((8, 1, 5, 5))
    with pytest.raises(RuntimeError, match=r"groups"):
        torch.nn.functional.conv2d(*tensors(x, w), groups=3)
    with pytest.raises(ValueError, match=r"^w: out_channels must be a multiple of in_channels=3 "):
        depthwise_conv2d(x, w)


def test_back_propagation_to_the_input_is_exactly_the_full_convolution_of_pytorch():
    x, w = np.arange(16.0).reshape(1, 1, 4, 4), np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    y, pullback = conv2d_vjp(x, w)
    tx, tw = tensors(x, w)
    torch.nn.functional.conv2d(tx, tw).backward(torch.from_numpy(y))
    np.testing.assert_array_equal(pullback(y)[0], tx.grad.numpy())


def test_float32_agrees_with_pytorch():
    rng = np.random.default_rng(0)
    x, w = (rng.normal(size=shape).astype("f") for shape in ((4, 16, 20, 20), (32, 16, 3, 3)))
    theirs = torch.nn.functional.conv2d(*tensors(x, w), padding=1).detach().numpy()
    np.testing.assert_allclose(conv2d(x, w, padding=1), theirs, atol=1e-4)
