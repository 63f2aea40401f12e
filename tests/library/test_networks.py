from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from scipy import signal

from dlnotes.counting import connections, parameters
from dlnotes.layers import (
    AvgPool2d,
    Conv2d,
    Linear,
    LocallyConnected2d,
    MaxPool2d,
    Subsampling2d,
    output_shape,
)
from dlnotes.networks import (
    C3_TABLE,
    LENET5,
    LENET5_1998,
    LENET5_PRINTED,
    MOBILENET_V1,
    TINY_YOLO_V1,
    TINY_YOLO_V2_VOC,
    VGG16,
    YOLO_V1,
    Network,
    gradient_footprint,
    printed_parameters,
)
from dlnotes.receptive_field import empirical_interval, footprint, interval, receptive_field


def kinds(network, kind):
    return [layer for layer in network.layers if isinstance(layer, kind)]


def size_of_darknet_weights(network):
    """Bytes of a float32 file: four header words, and a running mean and variance per normalised channel."""
    running = sum(2 * layer.out_channels for layer in kinds(network, Conv2d) if layer.batch_norm)
    return 4 * (4 + network.summary().parameters + running)


@pytest.mark.parametrize(
    ("network", "input_shape", "names"),
    [
        (LENET5, (3, 32, 32), "CONV1 POOL1 CONV2 POOL2 FC3 FC4 Softmax"),
        (LENET5_1998, (1, 32, 32), "C1 S2 C3 S4 C5 F6 OUTPUT"),
        (
            YOLO_V1,
            (3, 448, 448),
            "conv1 pool1 conv2 pool2 conv3 conv4 conv5 conv6 pool3 conv7 conv8 conv9 conv10 conv11 conv12 "
            "conv13 conv14 conv15 conv16 pool4 conv17 conv18 conv19 conv20 conv21 conv22 conv23 conv24 local "
            "connected",
        ),
        (
            TINY_YOLO_V1,
            (3, 448, 448),
            "conv1 pool1 conv2 pool2 conv3 pool3 conv4 pool4 conv5 pool5 conv6 pool6 conv7 conv8 connected",
        ),
        (
            TINY_YOLO_V2_VOC,
            (3, 416, 416),
            "conv1 pool1 conv2 pool2 conv3 pool3 conv4 pool4 conv5 pool5 conv6 pool6 conv7 conv8 conv9",
        ),
        (
            VGG16,
            (3, 224, 224),
            "conv1 conv2 pool1 conv3 conv4 pool2 conv5 conv6 conv7 pool3 conv8 conv9 conv10 pool4 conv11 "
            "conv12 conv13 pool5 fc1 fc2 fc3",
        ),
        (
            MOBILENET_V1,
            (3, 224, 224),
            " ".join(
                ["conv1", *(f"block{i} {step}" for i in range(1, 14) for step in ("dw", "pw")), "pool fc"]
            ),
        ),
    ],
    ids=["lenet", "lenet_1998", "yolo_v1", "tiny_v1", "tiny_v2", "vgg", "mobilenet"],
)
def test_the_layers_have_the_names_of_their_source(network, input_shape, names):
    assert network.input_shape == input_shape
    assert " ".join(layer.name for layer in network.layers) == names
    assert isinstance(network.layers, tuple)
    assert hash(network) == hash(replace(network))
    with pytest.raises(FrozenInstanceError):
        network.name = "other"


def test_the_course_network_has_the_corrected_counts():
    rows = LENET5.summary().rows
    assert [row.size for row in rows] == [3072, 6272, 1568, 1600, 400, 120, 84, 10]
    assert [row.parameters for row in rows] == [0, 608, 0, 3216, 0, 48120, 10164, 850]
    assert LENET5.summary().parameters == 62_958
    assert [row.macs for row in rows if row.name in ("CONV1", "FC3")] == [470_400, 48_000]


def test_two_slips_give_every_printed_number():
    by_slip = {layer.name: printed_parameters(layer) for layer in LENET5.layers if parameters(layer)}
    assert by_slip == LENET5_PRINTED
    assert by_slip == {"CONV1": 208, "CONV2": 416, "FC3": 48001, "FC4": 10081, "Softmax": 841}
    assert sum(by_slip.values()) == 59_547
    differences = [parameters(layer) - printed_parameters(layer) for layer in LENET5.layers]
    assert differences == [400, 0, 2800, 0, 119, 83, 9]


def test_the_printed_number_of_a_layer_without_weights_is_zero():
    assert printed_parameters(MaxPool2d(2)) == 0
    assert printed_parameters(Conv2d(3, 2, (1, 5))) == 12


def test_lenet_1998_has_the_published_parameters():
    assert [row.parameters for row in LENET5_1998.summary().rows] == [0, 156, 12, 1516, 32, 48120, 10164, 0]
    assert LENET5_1998.summary().parameters == 60_000


def test_lenet_1998_has_the_published_connections():
    shape, counts = LENET5_1998.input_shape, []
    for layer in LENET5_1998.layers:
        counts.append(connections(layer, shape))
        shape = output_shape(layer, shape)
    assert counts == [122_304, 5_880, 151_600, 2_000, 48_120, 10_164, 840]
    assert sum(counts) == 340_908


def test_the_c3_table_has_the_published_pattern():
    around = [
        tuple(sorted((start + step) % 6 for step in range(width))) for width in (3, 4) for start in range(6)
    ]
    assert list(C3_TABLE[:12]) == around
    assert list(C3_TABLE[12:15]) == [(0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)]  # two opposite pairs each
    assert C3_TABLE[15] == tuple(range(6))
    assert [sum(c in inputs for inputs in C3_TABLE) for c in range(6)] == [10] * 6


def test_yolo_v1_is_the_darknet_configuration():
    assert len(kinds(YOLO_V1, Conv2d)) == 24
    assert [(c.out_channels, c.kernel_size[0], c.stride[0]) for c in kinds(YOLO_V1, Conv2d)] == [
        (64, 7, 2),
        (192, 3, 1),
        *[(128, 1, 1), (256, 3, 1), (256, 1, 1), (512, 3, 1)],
        *[(256, 1, 1), (512, 3, 1)] * 4,
        *[(512, 1, 1), (1024, 3, 1)] * 3,
        *[(1024, 3, 1), (1024, 3, 2), (1024, 3, 1), (1024, 3, 1)],
    ]
    names = [layer.name for layer in YOLO_V1.layers]
    assert [names[names.index(f"pool{i}") - 1] for i in range(1, 5)] == ["conv1", "conv2", "conv6", "conv16"]
    assert [row.shape for row in YOLO_V1.summary().rows[-3:]] == [(1024, 7, 7), (256, 7, 7), (1715,)]
    assert size_of_darknet_weights(YOLO_V1) == 789_312_988
    assert kinds(YOLO_V1, LocallyConnected2d) == [LocallyConnected2d(1024, 256, 7, 3, 1, 1, name="local")]


def test_yolo_v1_sees_more_than_the_image():
    field = receptive_field(YOLO_V1.until("conv24"))
    assert (field.size, field.stride, field.center) == (749, 64, 15.0)
    assert receptive_field(YOLO_V1.until("local")).size == 877
    assert YOLO_V1.grid_layers[-1].name == "local"


def test_tiny_yolo_v1_is_the_darknet_configuration():
    assert [c.out_channels for c in kinds(TINY_YOLO_V1, Conv2d)] == [16, 32, 64, 128, 256, 512, 1024, 256]
    assert {c.kernel_size for c in kinds(TINY_YOLO_V1, Conv2d)} == {(3, 3)}
    assert len(kinds(TINY_YOLO_V1, MaxPool2d)) == 6
    assert [row.shape for row in TINY_YOLO_V1.summary().rows[-2:]] == [(256, 7, 7), (1470,)]
    assert size_of_darknet_weights(TINY_YOLO_V1) == 108_399_816


def test_the_fields_of_tiny_yolo_v1_are_centred_on_its_cells_and_overlap():
    field = receptive_field(TINY_YOLO_V1.grid_layers)
    assert (field.size, field.stride, field.center, field.overlap) == (446, 64, 31.5, 382)


@pytest.mark.parametrize(("cell", "first", "last", "share"), [(3, 1, 446, 0.083457), (0, 0, 254, 0.111179)])
def test_a_cell_of_tiny_yolo_v1_sees_far_beyond_itself(cell, first, last, share):
    layers = TINY_YOLO_V1.grid_layers
    assert interval(layers, cell, n=448) == empirical_interval(layers, 448, cell) == (first, last)
    weights = footprint(layers, 448, cell)
    inside = weights[64 * cell : 64 * (cell + 1)].sum() / weights.sum()
    assert inside**2 == pytest.approx(share, abs=1e-6)


def test_tiny_yolo_v2_is_the_darknet_configuration():
    assert len(kinds(TINY_YOLO_V2_VOC, Conv2d)) == 9
    assert [c.out_channels for c in kinds(TINY_YOLO_V2_VOC, Conv2d)[-3:]] == [1024, 1024, 125]
    shapes = {row.name: row.shape for row in TINY_YOLO_V2_VOC.summary().rows}
    assert shapes["conv6"] == shapes["pool6"] == (512, 13, 13)
    assert shapes["conv9"] == (125, 13, 13)
    field = receptive_field(TINY_YOLO_V2_VOC.grid_layers)
    assert (field.size, field.stride) == (318, 32)
    assert len(TINY_YOLO_V2_VOC.grid_layers) == len(TINY_YOLO_V2_VOC.layers)


def test_the_parameters_of_tiny_yolo_v2_fill_the_published_weight_file():
    assert size_of_darknet_weights(TINY_YOLO_V2_VOC) == 63_471_556  # pjreddie/darknet issue 103


def test_a_larger_image_makes_more_cells_of_the_same_stride():
    larger = replace(TINY_YOLO_V2_VOC, input_shape=(3, 608, 608))
    assert larger.summary().rows[-1].shape == (125, 19, 19)


def test_vgg16_has_the_published_count_and_receptive_fields():
    assert VGG16.summary().parameters == 138_357_544
    assert [receptive_field(VGG16.until(f"pool{i}")).size for i in range(1, 6)] == [6, 16, 44, 100, 212]
    assert [len(kinds(VGG16, kind)) for kind in (Conv2d, Linear)] == [13, 3]


def test_mobilenet_has_the_published_counts():
    result = MOBILENET_V1.summary()
    assert result.parameters == 4_231_976
    assert result.macs == 568_740_352
    assert {row.name: row.shape for row in result.rows}["block13 pw"] == (1024, 7, 7)
    assert kinds(MOBILENET_V1, AvgPool2d) == [AvgPool2d(7, name="pool")]


def test_the_layers_until_a_name_end_with_it():
    assert [layer.name for layer in LENET5.until("POOL1")] == ["CONV1", "POOL1"]
    assert LENET5.until("POOL2") == LENET5.grid_layers == LENET5.layers[:4]
    with pytest.raises(ValueError, match=r"name must be a layer of VGG-16 with a grid.*got 'fc1'"):
        VGG16.until("fc1")


def test_a_network_that_does_not_fit_together_is_refused():
    with pytest.raises(ValueError, match=r"layers\[0\] \(CONV1\): in_channels must equal .*8, got 3"):
        replace(LENET5, input_shape=(8, 32, 32))
    with pytest.raises(ValueError, match="layers must have distinct names, got 'a' 2 times"):
        Network("n", (1, 8, 8), (MaxPool2d(2, name="a"), MaxPool2d(2, name="a")), "")


@pytest.mark.parametrize(("cell", "extent"), [((3, 3), (1, 446)), ((0, 0), (0, 254))])
def test_the_random_gradient_reaches_exactly_the_receptive_field(cell, extent):
    g = gradient_footprint(TINY_YOLO_V1, cell, np.random.default_rng(0))
    assert g.shape == (448, 448)
    seen = np.zeros((448, 448), dtype=bool)
    seen[extent[0] : extent[1] + 1, extent[0] : extent[1] + 1] = True
    np.testing.assert_array_equal(g > 0, seen)
    rows, columns = (slice(64 * i, 64 * i + 64) for i in cell)
    assert 0.02 < g[rows, columns].sum() / g.sum() < 0.2


def test_the_random_gradient_follows_each_axis():
    layers = (
        Conv2d(2, 4, (3, 1), stride=(2, 1), padding=(1, 0), dilation=(1, 2), name="a"),
        MaxPool2d((1, 2), name="b"),
        AvgPool2d(2, stride=1, padding="same", name="c"),
        Conv2d(4, 4, 2, padding="same", dilation=(1, 3), name="d"),
    )
    network = Network("n", (2, 11, 14), layers, "")
    g = gradient_footprint(network, (2, 4), np.random.default_rng(1), divisor=2)
    rows, columns = (footprint(layers, n, i, axis) for n, i, axis in ((11, 2, 0), (14, 4, 1)))
    np.testing.assert_array_equal(g > 0, np.outer(rows, columns) > 0)


@pytest.mark.parametrize("seed", range(4))
def test_the_random_gradient_is_the_slope_of_the_network(seed):
    """Two 1-channel layers and a pooling, rebuilt from the same random numbers, differenced numerically."""
    layers = (Conv2d(1, 1, 2, name="a"), AvgPool2d(2, 1, name="b"), Conv2d(1, 1, 3, name="c"))
    g = gradient_footprint(Network("n", (1, 6, 7), layers, ""), (1, 2), np.random.default_rng(seed))
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((6, 7))
    w = [rng.standard_normal((k, k)) * np.sqrt(2 / k**2) for k in (2, 3)]

    def leaky(y):
        return np.where(y > 0, y, 0.1 * y)

    def output(image):
        y = leaky(signal.correlate2d(image, w[0], "valid"))
        y = signal.correlate2d(y, np.full((2, 2), 1 / 4), "valid")
        return leaky(signal.correlate2d(y, w[1], "valid"))[1, 2]

    slopes = np.zeros((6, 7))
    for place in np.ndindex(6, 7):
        step = np.zeros((6, 7))
        step[place] = 1e-6
        slopes[place] = (output(x + step) - output(x - step)) / 2e-6
    np.testing.assert_allclose(g, np.abs(slopes), atol=1e-8)


def test_the_random_gradient_keeps_a_sixteenth_of_the_channels_unless_told():
    network = Network("n", (1, 6, 6), (Conv2d(1, 64, 3, name="a"),), "")
    default, sixteenth, half = (
        gradient_footprint(network, (0, 0), np.random.default_rng(0), **options)
        for options in ({}, {"divisor": 16}, {"divisor": 32})
    )
    np.testing.assert_array_equal(default, sixteenth)
    assert not np.array_equal(default, half)


def test_the_random_gradient_depends_on_nothing_but_the_generator():
    one, two, other = (gradient_footprint(LENET5, (0, 0), np.random.default_rng(s)) for s in (5, 5, 6))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other)


def test_channels_and_colours_of_the_random_gradient_are_summed():
    layers = (Conv2d(3, 8, 1, name="a"),)
    g = gradient_footprint(Network("n", (3, 1, 1), layers, ""), (0, 0), np.random.default_rng(2), divisor=4)
    rng = np.random.default_rng(2)
    x, w = rng.standard_normal(3), rng.standard_normal((2, 3)) * np.sqrt(2 / 3)
    slopes = np.where(w @ x > 0, 1.0, 0.1) @ w
    np.testing.assert_allclose(g, [[np.abs(slopes).sum()]])


@pytest.mark.parametrize(
    ("network", "arguments", "error", "match"),
    [
        (LENET5, {"cell": (5, 0)}, ValueError, r"cell must lie in the 5×5 grid, got \(5, 0\)"),
        (LENET5, {"cell": (0, 5)}, ValueError, r"cell must lie in the 5×5 grid, got \(0, 5\)"),
        (LENET5, {"cell": (0, -1)}, ValueError, r"cell\[1\] must be a non-negative integer, got -1"),
        (LENET5, {"cell": (0, 0), "divisor": 0}, ValueError, "divisor must be a positive integer, got 0"),
        (LENET5, {"cell": (0, 0.5)}, TypeError, r"cell\[1\] must be a non-negative integer, got 0\.5"),
        (
            Network("n", (2, 8, 8), (Conv2d(2, 2, 3, groups=2, name="dw"),), ""),
            {"cell": (0, 0)},
            ValueError,
            "network must begin with ungrouped Conv2d and pooling layers, got Conv2d.*name='dw'",
        ),
        (
            Network("n", (2, 8, 8), (Subsampling2d(2, name="s"),), ""),
            {"cell": (0, 0)},
            ValueError,
            "network must begin with .*got Subsampling2d",
        ),
    ],
)
def test_a_network_or_cell_that_cannot_be_followed_is_refused(network, arguments, error, match):
    with pytest.raises(error, match=match):
        gradient_footprint(network, rng=np.random.default_rng(0), **arguments)
