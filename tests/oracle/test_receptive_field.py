import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.layers import AvgPool2d, Conv2d, MaxPool2d
from dlnotes.networks import TINY_YOLO_V1, TINY_YOLO_V2_VOC, YOLO_V1, Network, gradient_footprint
from dlnotes.receptive_field import empirical_interval, footprint, interval

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle


def both(least, most):
    return st.tuples(st.integers(least, most), st.integers(least, most))


layers = st.lists(
    st.builds(lambda k, s, p, d: Conv2d(1, 1, k, s, p, d), both(1, 3), both(1, 3), both(0, 2), both(1, 2))
    | st.builds(AvgPool2d, both(2, 3), both(1, 3), both(0, 1)),
    max_size=4,
)


def averaged(x, layer):
    """The layer in PyTorch with every weight one over the number of its taps; zeros are averaged in."""
    (_, _, (top, bottom), _), (_, _, (left, right), _) = layer.windows
    kernel = torch.ones(1, 1, *layer.kernel_size, dtype=torch.float64) / np.prod(layer.kernel_size)
    dilation = layer.dilation if isinstance(layer, Conv2d) else 1
    padded = torch.nn.functional.pad(x, (left, right, top, bottom))
    return torch.nn.functional.conv2d(padded, kernel, stride=layer.stride, dilation=dilation)


def gradient(chain, size, cell):
    """The gradient of one output of the averaging stack, and the output's shape; None if it does not fit."""
    x = torch.zeros(1, 1, *size, dtype=torch.float64, requires_grad=True)
    y = x
    for layer in chain:
        try:
            y = averaged(y, layer)
        except RuntimeError:
            return None
    i, j = (share * (n - 1) // 8 for share, n in zip(cell, y.shape[2:], strict=True))
    (dx,) = torch.autograd.grad(y[0, 0, i, j], x)
    return (i, j), dx[0, 0].numpy()


@given(layers, st.tuples(st.integers(6, 24), st.integers(6, 24)), both(0, 8))
@settings(max_examples=100, deadline=None)
def test_the_footprint_is_the_gradient_of_pytorch(chain, size, cell):
    result = gradient(chain, size, cell)
    if result is None:
        return
    (i, j), dx = result
    rows, columns = footprint(chain, size[0], i, axis=0), footprint(chain, size[1], j, axis=1)
    np.testing.assert_allclose(np.outer(rows, columns), dx, atol=1e-14)


@pytest.mark.parametrize(
    ("network", "name"), [(TINY_YOLO_V1, "conv8"), (TINY_YOLO_V2_VOC, "conv9"), (YOLO_V1, "conv24")]
)
@pytest.mark.parametrize("share", [0, 4, 8])
def test_the_interval_is_the_support_of_the_gradient_of_pytorch(network, name, share):
    chain, n = network.until(name), network.input_shape[1]
    (i, _), dx = gradient(chain, (n, n), (share, 4))
    (seen,) = np.nonzero(dx.sum(axis=1))
    assert interval(chain, i, n) == empirical_interval(chain, n, i) == (seen[0], seen[-1])


def test_the_random_gradient_is_that_of_pytorch():
    chain = (
        Conv2d(3, 8, 3, padding=1, name="a"),
        MaxPool2d(2, name="b"),
        Conv2d(8, 16, (3, 2), (1, 2), (0, 1), name="c"),
        AvgPool2d(2, stride=1, padding="same", name="d"),
        Conv2d(16, 4, 3, padding=2, dilation=2, name="e"),
    )
    network = Network("n", (3, 20, 18), chain, "")
    g = gradient_footprint(network, (2, 3), np.random.default_rng(4), divisor=4)

    rng = np.random.default_rng(4)
    x = torch.tensor(rng.standard_normal((1, 3, 20, 18)), requires_grad=True)
    y = x
    for layer in chain:
        if isinstance(layer, Conv2d):
            size = (max(1, layer.out_channels // 4), y.shape[1], *layer.kernel_size)
            w = torch.tensor(rng.standard_normal(size) * np.sqrt(2 / np.prod(size[1:])))
            y = torch.nn.functional.conv2d(y, w, None, layer.stride, layer.padding, layer.dilation)
            y = torch.nn.functional.leaky_relu(y, 0.1)
        elif layer.padding == "same":
            y = torch.nn.functional.avg_pool2d(torch.nn.functional.pad(y, (0, 1, 0, 1)), 2, 1)
        else:
            y = torch.nn.functional.avg_pool2d(y, layer.kernel_size)
    (dx,) = torch.autograd.grad(y[0, :, 2, 3].sum(), x)
    np.testing.assert_allclose(g, dx[0].abs().sum(dim=0).numpy(), atol=1e-14)


def test_all_weights_of_a_random_max_pooling_network_stay_inside_the_interval():
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 3, padding=1),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(4, 4, 3, padding=1),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(4, 4, 3, padding=1),
    ).double()
    chain = [Conv2d(3, 4, 3, padding=1), MaxPool2d(2), Conv2d(4, 4, 3, padding=1), MaxPool2d(2)]
    chain.append(chain[2])
    for i in range(8):
        x = torch.randn(1, 3, 32, 32, dtype=torch.float64, requires_grad=True)
        (dx,) = torch.autograd.grad(network(x)[0, :, i].sum(), x)
        (seen,) = np.nonzero(dx[0].abs().sum(dim=(0, 2)).numpy())
        first, last = interval(chain, i, n=32)
        assert first <= seen[0] <= seen[-1] <= last
