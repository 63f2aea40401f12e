"""Any type of number is computed right: float16 and integers give what float64 gives, rounded last."""

import inspect

import numpy as np
import pytest
from library_calls import recorded

from dlnotes.detection import iou, non_maximum_suppression
from dlnotes.lstm import lstm_vjp
from dlnotes.optimizers import adam, adam_in_place, amsgrad, momentum, rmsprop, sgd
from dlnotes.recurrent import rnn
from dlnotes.state_space import root_mean_square

_, CALLS = recorded()


def array_likes(call):
    """The parameters that take arrays, of those that the example gives."""
    parameters = inspect.signature(call.function).parameters.values()
    return [
        one.name
        for one in parameters
        if str(one.annotation).startswith("npt.ArrayLike") and call.arguments.get(one.name) is not None
    ]


def takes_floats(call, name):
    """Whether the argument may be real numbers; word numbers, actions and the like may not."""
    try:
        call.made(**{name: np.asarray(call.arguments[name]).astype(np.float64)})
    except TypeError:
        return False
    return True


REAL = {
    name: names
    for name, call in CALLS.items()
    if not name.endswith("()") and (names := [one for one in array_likes(call) if takes_floats(call, one)])
}
# Networks learn in float32 whatever they are given, and the states of the update rules remember in it.
LEARNERS = ("dlnotes.learning.fit_network", "dlnotes.memory.", "dlnotes.optimizers.")
# Rounded to float16, points are no longer evenly spaced and shares no longer add up to 1.
REFUSED = {"dlnotes.piecewise.count_pieces", "dlnotes.rewards.draw_rewards"}


def numbers(result, dtype):
    """The arrays of a result, and of its pullback at ones."""
    if isinstance(result, tuple):
        found = [array for part in result for array in numbers(part, dtype)]
        pulls = [part for part in result if inspect.isfunction(part)]
        return found + [
            array for pull in pulls for array in numbers(pull(np.ones(found[0].shape, dtype)), dtype)
        ]
    if hasattr(result, "__dataclass_fields__"):
        return numbers(tuple(getattr(result, name) for name in result.__dataclass_fields__), dtype)
    if isinstance(result, (np.ndarray, np.floating)) and result.dtype.kind == "f":
        return [np.asarray(result)]
    return []


def answered(name, dtype):
    """The call with its arrays rounded to float16 and given in a dtype."""
    call = CALLS[name]
    with np.errstate(over="ignore" if dtype == np.float16 else "warn"):  # what it cannot hold is infinite
        given = {one: np.asarray(call.arguments[one]).clip(-6e4, 6e4) for one in REAL[name]}
        rounded = {one: array.astype(np.float16).astype(dtype) for one, array in given.items()}
        return numbers(call.made(**rounded), dtype)


def test_there_is_much_to_try():
    assert len(REAL) > 80


@pytest.mark.parametrize("name", sorted(REAL.keys() - REFUSED))
def test_float16_is_computed_wide_and_rounded_last(name):
    for narrow, single, wide in zip(
        answered(name, np.float16), answered(name, np.float32), answered(name, np.float64), strict=True
    ):
        assert narrow.dtype in (np.float16, np.float64) or name.startswith(LEARNERS)
        assert single.dtype in (np.float32, np.float64)
        held = np.abs(wide) < 65_520
        scale = np.abs(wide[np.isfinite(wide)]).max(initial=0)
        np.testing.assert_allclose(single, wide, rtol=1e-4, atol=1e-5 * scale)
        # Half a unit of float16 for the rounding; what is below its smallest number vanishes.
        close = {"rtol": 2**-11 * 1.01, "atol": 2**-25 + 1e-5 * scale}
        np.testing.assert_allclose(narrow[held], wide[held], **close)


@pytest.mark.parametrize("name", sorted(REAL))
def test_integers_are_computed_in_float64(name):
    call = CALLS[name]
    whole = {one: np.asarray(call.arguments[one]) for one in REAL[name]}
    whole = {one: array.astype(int) for one, array in whole.items() if np.array_equal(array, array // 1)}
    if whole:
        floats = {one: array.astype(np.float64) for one, array in whole.items()}
        for ours, theirs in zip(
            numbers(call.made(**whole), int), numbers(call.made(**floats), np.float64), strict=True
        ):
            assert ours.dtype == theirs.dtype
            np.testing.assert_array_equal(ours, theirs)


RULES = {"sgd": sgd, "momentum": momentum, "rmsprop": rmsprop, "adam": adam, "amsgrad": amsgrad}


def taken(rule, dtype, gradients, **settings):
    """The places that an update rule visits from 0."""
    x, state, places = np.zeros(1, dtype), None, []
    for gradient in gradients:
        g = np.array([gradient], dtype)
        x, state = (sgd(x, g, **settings), None) if rule is sgd else rule(x, g, state, **settings)
        places.append(x)
    return np.concatenate(places)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("gradients", [[0.0] * 3, [1e-3] * 5, [6e-8] * 3, [1e3, 1e-3, 1e3], [6e4]])
def test_optimizers_step_in_float16_as_in_float64(rule, gradients):
    narrow, wide = (
        taken(RULES[rule], dtype, np.array(gradients, np.float16), lr=1e-3)
        for dtype in (np.float16, np.float64)
    )
    assert narrow.dtype == np.float16
    np.testing.assert_allclose(narrow, wide, rtol=4e-3, atol=2**-24)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_adam_in_place_walks_as_adam(dtype):
    x, state = np.zeros(3, dtype), None
    y, other = np.zeros(3), None
    for gradient in ([0.0, 1e-3, 10.0], [0.0, -1e-3, 1e-4], [0.0, 2.0, 3.0]):
        state = adam_in_place(x, np.array(gradient, dtype), state)
        y, other = adam(y, np.array(gradient, dtype).astype(float), other)
    assert x.dtype == dtype
    np.testing.assert_allclose(x, y, rtol=3 * np.finfo(dtype).eps, atol=1e-6)


@pytest.mark.parametrize("rule", [rmsprop, adam, amsgrad])
def test_without_eps_no_gradient_is_no_step(rule):
    x, _ = rule(np.ones(2), np.array([0.0, 1.0]), None, eps=0, lr=0.5)
    assert x[0] == 1
    assert np.isfinite(x[1])


def test_without_eps_no_gradient_is_no_step_in_place():
    x = np.ones(2)
    adam_in_place(x, np.array([0.0, 1.0]), None, eps=0, lr=0.5)
    np.testing.assert_allclose(x, [1.0, 0.5])


@pytest.mark.parametrize("rule", [rmsprop, adam, amsgrad])
@pytest.mark.parametrize(("dtype", "gradient"), [(np.float64, 1e200), (np.float32, 1e30)])
def test_a_gradient_whose_square_overflows_is_refused(rule, dtype, gradient):
    with pytest.raises(ValueError, match="grad"):
        rule(np.zeros(1, dtype), np.array([gradient], dtype), None)


@pytest.mark.parametrize(
    "box",
    [
        np.array([[2**53, 2**53, 2**53 + 1, 2**53 + 1]]),
        np.array([[2**63 - 3, 0, 2**63 - 1, 2]]),
        np.array([[-(2**63), -(2**63), 2**63 - 1, 2**63 - 1]]),
        np.array([[2**64 - 2, 0, 2**64 - 1, 2]], np.uint64),
        np.array([[0, 0, 1e200, 1e200]]),
        np.array([[0, 0, 1e-200, 1e-200]]),
        np.array([[-1.7e308, -1.7e308, 1.7e308, 1.7e308]]),
        np.array([[0, 0, 5e-324, 5e-324]]),
        np.array([[0, 0, 6e4, 6e4]], np.float16),
        np.array([[-6e4, 0, 6e4, 6e-8]], np.float16),
        np.array([[0, 0, 127, 127]], np.int8),
        np.array([[-128, -128, 127, 127]], np.int8),
    ],
)
def test_a_box_covers_itself_in_any_type(box):
    assert iou(box, box).tolist() == [[1.0]]
    assert non_maximum_suppression(np.concatenate([box, box]), [0.5, 0.9]).tolist() == [1]


def test_suppression_compares_before_it_rounds():
    # The share is just above one half, which float16 rounds to one half.
    boxes = np.array([[0, 0, 2048, 2048], [0, 0, 2047, 1025]], np.float16)
    assert iou(boxes[:1], boxes[1:])[0, 0] == 0.5
    assert non_maximum_suppression(boxes, [0.9, 0.8], threshold=0.5).tolist() == [0]


def test_scores_too_close_for_float64_keep_their_order():
    boxes = [[0, 0, 1, 1], [0, 0, 1, 1]]
    assert non_maximum_suppression(boxes, np.array([2**53, 2**53 + 1])).tolist() == [1]
    assert non_maximum_suppression(boxes, np.array([7, 7], np.uint8)).tolist() == [0]


def test_a_pullback_rounds_last_too():
    rng = np.random.default_rng(0)
    x, w_ih, w_hh = rng.normal(size=(30, 2)), rng.normal(size=(12, 2)), rng.normal(size=(12, 3))
    narrow = [array.astype(np.float16) for array in (x, w_ih, w_hh)]
    states, pullback = lstm_vjp(*narrow)
    wide, pull = lstm_vjp(*(array.astype(np.float64) for array in narrow))
    assert states.h.dtype == pullback(states.h).dw_hh.dtype == np.float16
    np.testing.assert_allclose(states.c, wide.c, rtol=2**-10)
    dh = np.ones(states.h.shape, np.float16)
    np.testing.assert_allclose(pullback(dh).dw_hh, pull(dh.astype(float)).dw_hh, rtol=2**-10, atol=1e-4)


def test_float16_beside_float32_follows_the_wider():
    x, w = np.ones((2, 1), np.float16), np.ones((1, 1), np.float32)
    assert rnn(x, w, w).dtype == np.float32


@pytest.mark.parametrize("size", [5e-324, 1e-200, 1.0, 1e200, 1e308])
def test_a_root_mean_square_is_as_large_as_its_numbers(size):
    assert root_mean_square(np.full(4, size)) == pytest.approx(size, rel=1e-12, abs=0)
