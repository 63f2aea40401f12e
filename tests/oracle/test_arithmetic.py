from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle

from dlnotes.arithmetic import (  # noqa: E402
    output_size,
    padding_only,
    padding_only_share,
    same_padding,
    transposed_output_size,
)

functional = torch.nn.functional
sizes, kernels, strides = st.integers(1, 20), st.integers(1, 6), st.integers(1, 4)
paddings, dilations = st.integers(0, 6), st.integers(1, 3)
quick = settings(max_examples=200, deadline=None)


def ones(*shape):
    return torch.ones(1, 1, *shape, dtype=torch.float64)


def both(ours, theirs):
    """The two results, each None where it refuses."""
    results = []
    for function, error in ((ours, ValueError), (theirs, RuntimeError)):
        try:
            results.append(function())
        except error:
            results.append(None)
    return results


@quick
@given(sizes, kernels, strides, paddings, dilations)
def test_output_size_is_torchs_and_so_is_what_it_refuses(n, f, s, p, d):
    ours, theirs = both(
        lambda: output_size(n, f, s, p, d),
        lambda: functional.conv1d(ones(n), ones(f), stride=s, padding=p, dilation=d).shape[-1],
    )
    assert ours == theirs


@quick
@given(*[st.tuples(each, each) for each in (sizes, kernels, strides, st.integers(0, 3), dilations)])
def test_pairs_are_height_and_width_as_in_torch(n, f, s, p, d):
    ours, theirs = both(
        lambda: output_size(n, f, s, p, d),
        lambda: tuple(functional.conv2d(ones(*n), ones(*f), None, s, p, d).shape[-2:]),
    )
    assert ours == theirs


@quick
@given(sizes, kernels, strides, dilations)
def test_pooling_follows_the_same_formula(n, f, s, d):
    p = f // 2
    ours, theirs = both(
        lambda: output_size(n, f, s, p, d),
        lambda: functional.max_pool1d(ones(n), f, s, p, d).shape[-1],
    )
    assert ours == theirs


@quick
@given(st.integers(1, 8), kernels, strides, st.integers(0, 3), st.integers(0, 4), dilations)
def test_transposed_output_size_is_torchs_and_so_is_what_it_refuses(n, f, s, p, a, d):
    ours, theirs = both(
        lambda: transposed_output_size(n, f, s, p, a, d),
        lambda: functional.conv_transpose1d(ones(n), ones(f), None, s, p, a, 1, d).shape[-1],
    )
    assert ours == theirs


# An even span makes torch warn that it has to copy the input; that is the point of the test.
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@quick
@given(sizes, kernels, dilations, st.integers(0, 1000))
def test_same_padding_at_stride_1_is_torchs(n, f, d, seed):
    rng = np.random.default_rng(seed)
    x, w = (torch.from_numpy(rng.normal(size=(1, 1, size))) for size in (n, f))
    padded = functional.pad(x, same_padding(n, f, dilation=d))
    theirs = functional.conv1d(x, w, padding="same", dilation=d)
    torch.testing.assert_close(functional.conv1d(padded, w, dilation=d), theirs)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
def test_torch_pads_1_left_and_2_right_for_an_even_kernel_of_4():
    x = torch.arange(10, dtype=torch.float64).reshape(1, 1, 10)
    theirs = functional.conv1d(x, ones(4), padding="same").flatten().tolist()
    assert theirs == [3, 6, 10, 14, 18, 22, 26, 30, 24, 17]
    assert functional.conv1d(functional.pad(x, same_padding(10, 4)), ones(4)).flatten().tolist() == theirs


def test_torch_has_no_same_padding_with_stride():
    with pytest.raises(RuntimeError, match=r"padding='same' is not supported for strided convolutions"):
        functional.conv1d(ones(8), ones(3), stride=2, padding="same")


@quick
@given(sizes, kernels, strides, paddings, dilations)
def test_padding_only_is_where_torchs_convolution_of_ones_is_zero(n, f, s, p, d):
    if d * (f - 1) + 1 <= n + 2 * p:
        theirs = functional.conv1d(ones(n), ones(f), stride=s, padding=p, dilation=d) == 0
        assert padding_only(n, f, s, p, d).tolist() == theirs.flatten().tolist()


@pytest.mark.parametrize(("n", "zeros"), [(7, 24), (8, 39), (28, 784 - 15**2), (224, 224**2 - 113**2)])
def test_outputs_that_see_padding_alone_are_zero_in_torch(n, zeros):
    p = n // 2 + 1
    out = functional.conv2d(ones(n, n), ones(3, 3), stride=2, padding=p)
    assert out.shape[-2:] == (n, n)
    assert int((out == 0).sum()) == zeros
    assert padding_only_share(n, 3, 2, p) == Fraction(zeros, n * n)
