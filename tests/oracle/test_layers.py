import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlnotes.counting import macs, parameters, summary
from dlnotes.layers import (
    AvgPool2d,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    SparseConv2d,
    depthwise,
    output_shape,
)
from dlnotes.networks import C3_TABLE, LENET5, MOBILENET_V1, TINY_YOLO_V1, TINY_YOLO_V2_VOC, VGG16

torch = pytest.importorskip("torch")
flop_counter = pytest.importorskip("torch.utils.flop_counter")
pytestmark = pytest.mark.oracle

quick = settings(max_examples=60, deadline=None)


def modules(layer):
    """The same layer in PyTorch, on the meta device: shapes and counts without memory."""
    if isinstance(layer, Conv2d):
        conv = torch.nn.Conv2d(
            layer.in_channels,
            layer.out_channels,
            layer.kernel_size,
            layer.stride,
            layer.padding,
            layer.dilation,
            layer.groups,
            layer.bias,
            device="meta",
        )
        norm = torch.nn.BatchNorm2d(layer.out_channels, device="meta")
        return [conv, norm] if layer.batch_norm else [conv]
    if isinstance(layer, MaxPool2d) and layer.padding == "same":
        behind = [p for window in reversed(layer.windows) for p in window.padding]
        return [
            torch.nn.ConstantPad2d(behind, -torch.inf),
            torch.nn.MaxPool2d(layer.kernel_size, layer.stride),
        ]
    if isinstance(layer, (MaxPool2d, AvgPool2d)):
        kind = torch.nn.MaxPool2d if isinstance(layer, MaxPool2d) else torch.nn.AvgPool2d
        return [kind(layer.kernel_size, layer.stride, layer.padding)]
    if isinstance(layer, Linear):
        linear = torch.nn.Linear(layer.in_features, layer.out_features, layer.bias, device="meta")
        return [torch.nn.Flatten(), linear]
    return [torch.nn.Flatten()]


def sizes(least=1, most=3):
    one = st.integers(least, most)
    return one | st.tuples(one, one)


@st.composite
def chains(draw):
    channels, layers = draw(st.integers(1, 4)), []
    shape = (channels, draw(st.integers(8, 20)), draw(st.integers(8, 20)))
    for _ in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            g = draw(st.sampled_from([g for g in range(1, channels + 1) if channels % g == 0]))
            out = g * draw(st.integers(1, 3))
            same = draw(st.booleans())
            stride, padding = (1, "same") if same else (draw(sizes()), draw(sizes(0, 2)))
            options = {"bias": draw(st.booleans()), "batch_norm": draw(st.booleans())}
            layers.append(
                Conv2d(channels, out, draw(sizes(1, 4)), stride, padding, draw(sizes()), g, **options)
            )
            channels = out
        else:
            kind = draw(st.sampled_from([MaxPool2d, AvgPool2d]))
            layers.append(kind(draw(sizes(2, 3)), draw(st.none() | sizes()), draw(sizes(0, 1))))
    return shape, layers


@given(chains())
@quick
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
def test_shapes_and_parameters_of_a_chain_are_those_of_pytorch(case):
    shape, layers = case
    x, counts, shapes = torch.empty((1, *shape), device="meta"), [], []
    for layer in layers:
        parts = torch.nn.Sequential(*modules(layer))
        try:
            x = parts.eval()(x)
        except RuntimeError:
            with pytest.raises(ValueError, match="kernel_size must fit"):
                summary(layers, shape)
            return
        counts.append(sum(p.numel() for p in parts.parameters()))
        shapes.append(tuple(x.shape[1:]))
    rows = summary(layers, shape).rows[1:]
    assert [row.parameters for row in rows] == counts
    assert [row.shape for row in rows] == shapes


@given(chains(), st.integers(1, 9), st.booleans())
@quick
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
def test_multiply_accumulates_are_half_the_flops_that_pytorch_counts(case, features, bias):
    shape, layers = case
    try:
        *_, last = summary(layers, shape).rows
    except ValueError:
        assume(False)
    layers = [*layers, Flatten(), Linear(last.size, features, bias=bias)]
    network = torch.nn.Sequential(*(part for layer in layers for part in modules(layer))).eval()
    with flop_counter.FlopCounterMode(display=False) as counter:
        network(torch.empty((1, *shape), device="meta"))
    assert counter.get_total_flops() == 2 * summary(layers, shape).macs


@pytest.mark.parametrize(
    "network",
    [LENET5, TINY_YOLO_V1, TINY_YOLO_V2_VOC, VGG16, MOBILENET_V1],
    ids=["lenet", "tiny_v1", "tiny_v2", "vgg", "mobilenet"],
)
def test_the_networks_are_those_of_pytorch(network):
    parts = torch.nn.Sequential(*(part for layer in network.layers for part in modules(layer))).eval()
    with flop_counter.FlopCounterMode(display=False) as counter:
        y = parts(torch.empty((1, *network.input_shape), device="meta"))
    result = network.summary()
    assert tuple(y.shape[1:]) == result.rows[-1].shape
    assert sum(p.numel() for p in parts.parameters()) == result.parameters
    assert counter.get_total_flops() == 2 * result.macs


def test_pytorch_refuses_the_same_depthwise_convolution():
    with pytest.raises(ValueError, match="out_channels must be divisible by groups"):
        torch.nn.Conv2d(3, 8, 5, groups=3)
    with pytest.raises(ValueError, match="out_channels must be a multiple of in_channels=3"):
        Conv2d(3, 8, 5, groups=3)
    for multiplier in (1, 2, 3):
        weight = torch.nn.Conv2d(3, 3 * multiplier, 5, groups=3).weight
        layer = depthwise(3, 5, multiplier, bias=False)
        assert parameters(layer) == weight.numel()


def test_c3_is_a_masked_convolution_whose_gradient_reaches_1516_parameters():
    layer = SparseConv2d(6, C3_TABLE, 5)
    mask = torch.zeros(16, 6, 1, 1, dtype=torch.float64)
    for o, inputs in enumerate(C3_TABLE):
        mask[o, list(inputs)] = 1
    rng = np.random.default_rng(0)
    x, w, b = (
        torch.tensor(rng.standard_normal(size), requires_grad=True)
        for size in ((1, 6, 14, 14), (16, 6, 5, 5), (16,))
    )
    y = torch.nn.functional.conv2d(x, w * mask, b)
    dw, db = torch.autograd.grad(y.square().sum(), (w, b))
    assert tuple(y.shape[1:]) == output_shape(layer, (6, 14, 14))
    assert int(torch.count_nonzero(dw) + torch.count_nonzero(db)) == parameters(layer) == 1516
    assert macs(layer, (6, 14, 14)) == int(torch.count_nonzero(dw)) * 100
