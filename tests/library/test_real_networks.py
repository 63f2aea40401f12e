"""Networks with branches, written as data, have the counts that others published.

The published counts: ``num_params`` and ``_ops`` (thousands of millions of multiply-adds) of torchvision's
weights; the size of the file yolov3.weights and the operations on the page of YOLOv3; the summary of the
U-Net of Keras that many copied; the receptive fields of Araujo, Norris, Sim (2019), Computing Receptive
Fields of Convolutional Neural Networks.
"""

import pytest

from dlnotes.counting import macs, parameters, shapes, summary
from dlnotes.layers import (
    AvgPool2d,
    Branches,
    Conv2d,
    GlobalAvgPool2d,
    Linear,
    MaxPool2d,
    Upsample2d,
    depthwise,
    output_shape,
)
from dlnotes.networks import MOBILENET_V1
from dlnotes.receptive_field import PaddingRule, Window, footprint, receptive_field


def conv(c, o, k=1, s=1, **options):
    return Conv2d(c, o, k, s, k // 2, bias=False, batch_norm=True, **options)


def bottleneck(c, width, stride, first):
    """A block of ResNet; `first` says whether its 1×1 or its 3×3 convolution takes the stride."""
    one, three = (stride, 1) if first else (1, stride)
    path = conv(c, width, 1, one), conv(width, width, 3, three), conv(width, 4 * width)
    shortcut = () if c == 4 * width and stride == 1 else (conv(c, 4 * width, 1, stride),)
    return Branches((path, shortcut), "sum")


def resnet(blocks=(3, 4, 6, 3), stride_at="start"):
    layers, c = [conv(3, 64, 7, 2), MaxPool2d(3, 2, 1)], 64
    for stage, many in enumerate(blocks):
        width = 64 * 2**stage
        for i in range(many):
            strided = i == 0 and stage > 0 if stride_at == "start" else i == many - 1 and stage < 3
            layers.append(bottleneck(c, width, 2 if strided else 1, first=False))
            c = 4 * width
    return [*layers, GlobalAvgPool2d(), Linear(2048, 1000)]


def inception(c, one, three_in, three, five_in, five, pooled):
    return Branches(
        (
            (conv(c, one),),
            (conv(c, three_in), conv(three_in, three, 3)),
            (conv(c, five_in), conv(five_in, five, 3)),  # torchvision's 5×5 is 3×3
            (MaxPool2d(3, 1, 1, ceil_mode=True), conv(c, pooled)),
        ),
        "concat",
    )


GOOGLENET = [
    *(conv(3, 64, 7, 2), MaxPool2d(3, 2, ceil_mode=True)),
    *(conv(64, 64), conv(64, 192, 3), MaxPool2d(3, 2, ceil_mode=True)),
    *(inception(192, 64, 96, 128, 16, 32, 32), inception(256, 128, 128, 192, 32, 96, 64)),
    *(MaxPool2d(3, 2, ceil_mode=True), inception(480, 192, 96, 208, 16, 48, 64)),
    *(inception(512, 160, 112, 224, 24, 64, 64), inception(512, 128, 128, 256, 24, 64, 64)),
    *(inception(512, 112, 144, 288, 32, 64, 64), inception(528, 256, 160, 320, 32, 128, 128)),
    *(MaxPool2d(2, 2, ceil_mode=True), inception(832, 256, 160, 320, 32, 128, 128)),
    *(inception(832, 384, 192, 384, 48, 128, 128), GlobalAvgPool2d(), Linear(1024, 1000)),
]


def inverted(c, o, k, stride, expansion, squeezed=0):
    """A block of MobileNetV2; with squeeze-and-excitation it is one of EfficientNet's."""
    wide = c * expansion
    path = [conv(c, wide)] if expansion > 1 else []
    path.append(depthwise(wide, k, stride=stride, padding=k // 2, bias=False, batch_norm=True))
    if squeezed:
        gate = GlobalAvgPool2d(), Conv2d(wide, squeezed, 1), Conv2d(squeezed, wide, 1)
        path.append(Branches(((), gate), "product"))
    path.append(conv(wide, o))
    return [Branches((tuple(path), ()), "sum")] if c == o and stride == 1 else path


def inverted_stages(c, plan, *, excited):
    layers = []
    for expansion, k, stride, o, many in plan:
        for i in range(many):
            layers += inverted(c, o, k, stride if i == 0 else 1, expansion, c // 4 if excited else 0)
            c = o
    return layers


MOBILENET_V2 = [
    conv(3, 32, 3, 2),
    *inverted_stages(
        32,
        [
            *((1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 3, 2, 32, 3), (6, 3, 2, 64, 4)),
            *((6, 3, 1, 96, 3), (6, 3, 2, 160, 3), (6, 3, 1, 320, 1)),
        ],
        excited=False,
    ),
    *(conv(320, 1280), GlobalAvgPool2d(), Linear(1280, 1000)),
]

EFFICIENTNET_B0 = [
    conv(3, 32, 3, 2),
    *inverted_stages(
        32,
        [
            *((1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3)),
            *((6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1)),
        ],
        excited=True,
    ),
    *(conv(320, 1280), GlobalAvgPool2d(), Linear(1280, 1000)),
]


def residual(c, many):
    return [Branches(((conv(c, c // 2), conv(c // 2, c, 3)), ()), "sum")] * many


def yolo_v3():
    def five(c, o):
        return [conv(c, o), conv(o, 2 * o, 3), conv(2 * o, o), conv(o, 2 * o, 3), conv(2 * o, o)]

    def read(c):
        return [conv(c, 2 * c, 3), Conv2d(2 * c, 255, 1)]

    def head(c, o, further):
        return [*five(c, o), Branches(((), tuple(read(o))), "side"), conv(o, further), Upsample2d(2)]

    deep = (conv(512, 1024, 3, 2), *residual(1024, 4), *head(1024, 512, 256))
    middle = (
        *(conv(256, 512, 3, 2), *residual(512, 8), Branches((deep, ()), "concat")),
        *head(256 + 512, 256, 128),
    )
    return [
        *(conv(3, 32, 3), conv(32, 64, 3, 2), *residual(64, 1), conv(64, 128, 3, 2), *residual(128, 2)),
        *(conv(128, 256, 3, 2), *residual(256, 8), Branches((middle, ()), "concat")),
        *(*five(128 + 256, 128), *read(128)),
    ]


def u_net():
    def same(c, o, k=3):
        return Conv2d(c, o, k, padding="same")

    below = [same(512, 1024), same(1024, 1024)]
    for c in (512, 256, 128, 64):
        down = MaxPool2d(2), *below, Upsample2d(2), same(2 * c, c, 2)
        into = c // 2 if c > 64 else 1
        below = [
            *(same(into, c), same(c, c), Branches(((), down), "concat")),
            *(same(2 * c, c), same(c, c)),
        ]
    return [*below, same(64, 2), Conv2d(2, 1, 1)]


@pytest.mark.parametrize(
    ("layers", "count", "thousand_millions"),
    [
        (resnet(), 25_557_032, 4.089),
        (resnet((3, 4, 23, 3)), 44_549_160, 7.801),
        (GOOGLENET, 6_624_904, 1.498),
        (MOBILENET_V2, 3_504_872, 0.301),
        (EFFICIENTNET_B0, 5_288_548, 0.386),
    ],
    ids=["resnet50", "resnet101", "googlenet", "mobilenet_v2", "efficientnet_b0"],
)
def test_the_networks_of_torchvision_have_its_counts(layers, count, thousand_millions):
    found = summary(layers, (3, 224, 224))
    assert found.parameters == count
    assert round(found.macs / 1e9, 3) == thousand_millions
    assert found.rows[-1].shape == (1000,)


def test_googlenet_rounds_the_sizes_of_its_pools_up():
    sides = [row.shape[1] for row in summary(GOOGLENET, (3, 224, 224)).rows if row.name == "MaxPool2d"]
    assert sides == [56, 28, 14, 7]


def stored(layers):
    """The numbers in a file of darknet's weights: also a running mean and variance of each channel."""
    total = 0
    for layer in layers:
        if isinstance(layer, Branches):
            total += sum(stored(branch) for branch in layer.branches)
        else:
            running = 2 * layer.out_channels if isinstance(layer, Conv2d) and layer.batch_norm else 0
            total += parameters(layer) + running
    return total


def test_yolo_v3_fills_its_file_and_its_operations():
    layers = yolo_v3()
    assert 20 + 4 * stored(layers) == 248_007_048
    assert round(2 * summary(layers, (3, 416, 416)).macs / 1e9, 2) == 65.86
    assert shapes(layers, (3, 416, 416))[-1] == (255, 52, 52)


def test_the_u_net_of_keras_has_its_parameters():
    layers = u_net()
    assert sum(map(parameters, layers)) == 31_031_685
    assert shapes(layers, (1, 256, 256))[-1] == (1, 256, 256)


def grid(layers):
    return layers[: next(i for i, layer in enumerate(layers) if layer.windows is None)]


@pytest.mark.parametrize(
    ("blocks", "size"), [((3, 4, 6, 3), 483), ((3, 4, 23, 3), 1027), ((3, 8, 36, 3), 1507)]
)
def test_resnets_that_stride_at_the_end_of_a_stage_see_what_was_published(blocks, size):
    assert receptive_field(grid(resnet(blocks, stride_at="end"))).size == size


def test_the_receptive_field_of_resnet_50_depends_on_where_it_strides():
    assert receptive_field(grid(resnet())).size == 427
    assert receptive_field(MOBILENET_V1.grid_layers[:-1]).size == 315


def test_a_gate_sees_the_whole_image():
    assert summary(EFFICIENTNET_B0, (3, 224, 224)).rows[3].receptive_field is None


def test_keras_pads_behind_where_pytorch_pads_around():
    behind = Conv2d(3, 32, 3, 2, ((0, 1), (0, 1)))
    same = Conv2d(3, 32, 3, 2, "same")
    for n in (223, 224, 225):
        assert output_shape(same, (3, n, n)) == (32, -(-n // 2), -(-n // 2))
    assert output_shape(behind, (3, 224, 224)) == (32, 112, 112)
    assert macs(same, (3, 224, 224)) == macs(behind, (3, 224, 224))
    assert receptive_field([same], n=224).start == receptive_field([behind]).start == 0
    assert receptive_field([same], n=223).start == -1
    with pytest.raises(ValueError, match="n must be given"):
        receptive_field([same])


@pytest.mark.parametrize(
    ("n", "k", "s", "p", "size"),
    [
        (112, 3, 2, 0, 56),
        (13, 2, 2, 0, 7),
        (13, 3, 2, 1, 7),
        (14, 3, 2, 1, 8),
        (5, 2, 4, 0, 2),
        (6, 1, 3, 0, 2),
    ],
)
def test_ceil_mode_counts_the_last_window_if_it_begins_in_the_input(n, k, s, p, size):
    for kind in (MaxPool2d, AvgPool2d):
        assert output_shape(kind(k, s, p, ceil_mode=True), (1, n, n)) == (1, size, size)
    assert Window(k, s, PaddingRule("ceil", p)).output_size(n) == size


@pytest.mark.parametrize(
    ("join", "branches", "message"),
    [
        ("sum", ((), (Conv2d(8, 4, 1),)), "branches must fit together by 'sum'"),
        ("concat", ((), (MaxPool2d(2),)), "branches must fit together by 'concat'"),
        ("product", ((), (Conv2d(8, 4, 1), GlobalAvgPool2d())), "branches must fit together by 'product'"),
    ],
)
def test_branches_that_do_not_fit_are_refused(join, branches, message):
    with pytest.raises(ValueError, match=message):
        output_shape(Branches(branches, join), (8, 6, 6))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (((), "sum"), ValueError, "branches must hold at least one branch"),
        ((((),), "mean"), ValueError, "join must be 'sum', 'concat', 'product' or 'side'"),
        ((((3,),), "sum"), TypeError, r"branches\[0\]\[0\] must be a layer"),
        ((3, "sum"), TypeError, "branches must be a sequence"),
    ],
)
def test_what_are_no_branches_is_refused_by_name(arguments, error, message):
    with pytest.raises(error, match=message):
        Branches(*arguments)


def test_branches_are_no_single_window_to_leave_a_footprint():
    block = Branches(((), (conv(1, 1, 3),)), "sum")
    assert block.windows == ((3, 1, (1, 1), 1), (3, 1, (1, 1), 1))
    with pytest.raises(ValueError, match=r"layers\[0\] with branches"):
        footprint([block], 8, 0)


@pytest.mark.parametrize("padding", [((0, 1),), ((0, 1), 2), ((0, -1), (0, 1)), ((0, 1, 2), (0, 1))])
def test_padding_of_other_forms_is_refused_by_name(padding):
    with pytest.raises((TypeError, ValueError), match="padding"):
        Conv2d(3, 8, 3, 2, padding)
