import re

import pytest

from dlnotes.counting import parameters
from dlnotes.figures import lenet_parameters
from dlnotes.layers import Conv2d, Linear
from dlnotes.networks import LENET5, LENET5_1998, Network, printed_parameters

CONV1, FC3, C3 = LENET5.layers[0], LENET5.layers[4], LENET5_1998.layers[2]


def texts(picture):
    return re.findall(r"<text[^>]*>([^<]*)</text>", "".join(picture.panels))


@pytest.fixture
def cells(monkeypatch):
    """What is drawn with `cell`, in order: (x, y, width, role)."""
    drawn = []

    def note(ax, x, y, size, role, *labels, **options):
        drawn.append((x, y, size, role))

    monkeypatch.setattr(lenet_parameters, "cell", note)
    return drawn


@pytest.mark.parametrize("network", [LENET5, LENET5_1998], ids=lambda network: network.name)
def test_every_layer_stands_with_its_parameters_in_order(network):
    summary, written = network.summary(), texts(lenet_parameters.activations(network))
    wanted = [f"{row.parameters:,}" for row in summary.rows[1:]] + ["합계", f"{summary.parameters:,}"]
    found = iter(written)
    assert all(text in found for text in wanted)
    assert [text for text in written if text.split(" · ")[0] in {row.name for row in summary.rows}] == [
        f"{row.name} · {row.kind}" if row.kind else row.name for row in summary.rows
    ]


def test_one_more_channel_is_one_more_sheet():
    def strokes(channels):
        network = Network("", (3, 8, 8), (Conv2d(3, channels, 5, name="C"),), "")
        return len(re.findall(r"M [\d.]+ [\d.]+ L", lenet_parameters.activations(network).panels[0]))

    assert strokes(6) - strokes(5) == 1


def test_a_filter_counted_as_on_the_slide_leaves_out_all_channels_but_one():
    whole, slide = (
        texts(lenet_parameters.filter_depth(CONV1)),
        texts(lenet_parameters.filter_depth(CONV1, counted=1)),
    )
    assert sum(text.endswith(": 25") for text in whole) == 3
    assert sum(text.endswith("빠짐") for text in slide) == 2
    filters = CONV1.out_channels
    assert f"표준 합성곱의 필터 하나: {parameters(CONV1) // filters}개" in whole
    assert f"강의노트의 표가 센 필터 하나: {printed_parameters(CONV1) // filters}개" in slide


@pytest.mark.parametrize("counted", [1, 2, 3])
def test_as_many_layers_of_the_block_are_solid_as_are_counted(cells, counted):
    lenet_parameters.filter_depth(CONV1, counted=counted)
    *sheets, bias = [role for _, _, _, role in cells][1:]  # the first is the block's front
    assert sheets == ["kernel"] * counted + ["reference"] * (3 - counted)
    assert bias == "kernel"


def test_every_filter_makes_one_map(cells):
    picture = lenet_parameters.filter_bank.__wrapped__(CONV1, 32)  # drawn once
    roles = [role for _, _, _, role in cells]
    assert roles.count("output") == 8
    assert roles.count("kernel") == 2 * 8  # a block and its bias
    assert "필터 8개 × (가중치 75 + 편향 1) = 608개" in texts(picture)
    assert "특징 맵 8장, 한 장은 28×28" in texts(picture)


def test_the_missing_biases_are_the_difference_to_the_printed_number(cells):
    missing = parameters(FC3) - printed_parameters(FC3)
    assert f"빠진 편향 {missing}개" in texts(lenet_parameters.unit_biases.__wrapped__(FC3))  # drawn once
    assert [role for x, _, _, role in cells if x == max(x for x, *_ in cells)] == ["kernel"] + [
        "reference"
    ] * 4


def test_a_unit_layer_of_another_size_has_its_own_numbers():
    written = texts(lenet_parameters.unit_biases(Linear(84, 10)))
    assert "가중치 84×10 = 840개, 편향 10개" in written
    assert "빠진 편향 9개" in written


def test_bars_are_as_long_as_what_they_count(cells):
    lenet_parameters.where_it_sits(LENET5)
    rows = [row for row in LENET5.summary().rows if row.parameters]
    for role, values in (
        ("kernel", [row.parameters for row in rows]),
        ("output", [row.macs for row in rows]),
    ):
        lengths = [width for _, _, width, drawn in cells if drawn == role]
        exact = [value / max(values) * max(lengths) for value in values]
        assert lengths == pytest.approx([max(1.5, length) for length in exact])


def test_the_two_panels_give_the_shares_the_page_speaks_of():
    written = texts(lenet_parameters.where_it_sits(LENET5))
    dense = sum(parameters(layer) for layer in LENET5.layers[4:]) / LENET5.summary().parameters
    assert f"완전 연결 {dense:.1%}" in written
    assert [text for text in written if "%" in text] == [
        "합성곱 6.1%",
        "완전 연결 93.9%",
        "합성곱 93.1%",
        "완전 연결 6.9%",
    ]


def test_a_cell_is_filled_for_every_connection_of_c3(cells):
    lenet_parameters.connection_table.__wrapped__(C3)  # drawn once
    side = cells[0][2] + 4
    left, top = min(x for x, *_ in cells), min(y for _, y, *_ in cells)
    drawn = {(round((x - left) / side), round((y - top) / side)) for x, y, *_ in cells}
    assert drawn == {(o, c) for o, inputs in enumerate(C3.table) for c in inputs}


def test_the_counts_under_the_table_add_up_to_c3():
    below = [
        text for text in texts(lenet_parameters.connection_table(C3)) if re.fullmatch(r"(\d·)?\d{2,3}", text)
    ]
    below = [text for text in below if "·" in text or int(text) > 16]
    assert below == ["6·76", "6·101", "3·101", "151"]
    products = [[int(number) for number in text.split("·")] for text in below]
    assert sum(a[0] * a[-1] if len(a) == 2 else a[0] for a in products) == parameters(C3)


@pytest.mark.full
@pytest.mark.parametrize(
    "draw",
    [
        lambda: lenet_parameters.activations(LENET5),
        lambda: lenet_parameters.filter_depth(CONV1, counted=1),
        lambda: lenet_parameters.filter_bank(CONV1, 32),
        lambda: lenet_parameters.unit_biases(FC3),
        lambda: lenet_parameters.where_it_sits(LENET5),
        lambda: lenet_parameters.connection_table(C3),
    ],
)
def test_drawing_twice_gives_the_same_bytes(draw):
    assert draw().panels == draw().panels
