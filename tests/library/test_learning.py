import re

import numpy as np
import pytest
from scipy import signal

from dlnotes.learning import fit_network, learn_kernel
from dlnotes.mlp import mlp, parameter_count

TARGET = np.arange(9).reshape(3, 3) / 10
IMAGES = np.random.default_rng(0).normal(size=(20, 10, 10))
TARGETS = np.array([signal.correlate2d(x, TARGET, "valid") for x in IMAGES])
operations = pytest.mark.parametrize("operation", ["correlate", "convolve"])


def scipy_layer(operation, images, k):
    layer = signal.correlate2d if operation == "correlate" else signal.convolve2d
    return np.array([layer(x, k, "valid") for x in images])


def test_a_correlation_layer_learns_the_kernel_and_a_convolution_layer_learns_it_flipped():
    k_correlate, losses = learn_kernel("correlate", IMAGES, TARGETS, 10, 0.5)
    k_convolve, same_losses = learn_kernel("convolve", IMAGES, TARGETS, 10, 0.5)
    np.testing.assert_allclose(k_correlate, TARGET, atol=1e-9)
    np.testing.assert_allclose(k_convolve, np.rot90(TARGET, 2), atol=1e-9)
    np.testing.assert_allclose(k_convolve, k_correlate[::-1, ::-1], atol=1e-15)
    np.testing.assert_allclose(losses, same_losses, rtol=1e-5)


def test_the_losses_fall_from_2_03071_to_less_than_a_quintillionth_in_ten_steps():
    _, losses = learn_kernel("correlate", IMAGES, TARGETS, 10, 0.5)
    assert losses.shape == (10,)
    assert round(losses[0], 5) == 2.03071
    assert losses[0] == pytest.approx(np.mean(TARGETS**2))
    assert losses[9] == pytest.approx(9.0e-19, rel=0.01)
    assert np.all(np.diff(losses) < 0)


@operations
def test_a_target_made_by_the_layer_itself_is_learned_as_it_is(operation):
    (k,) = np.random.default_rng(1).normal(size=(1, 2, 4))
    learned, losses = learn_kernel(operation, IMAGES, scipy_layer(operation, IMAGES, k), 40, 0.3)
    np.testing.assert_allclose(learned, k, atol=1e-9)
    assert losses[-1] < 1e-18


@operations
def test_one_step_follows_the_central_difference_of_the_loss(operation):
    rng = np.random.default_rng(2)
    images, targets = rng.normal(size=(3, 5, 6)), rng.normal(size=(3, 4, 4))
    before, _ = learn_kernel(operation, images, targets, 2, 0.1)
    after, losses = learn_kernel(operation, images, targets, 3, 0.1)

    def loss(k):
        return np.mean((scipy_layer(operation, images, k) - targets) ** 2)

    assert losses[2] == pytest.approx(loss(before))
    for place in np.ndindex(2, 3):
        step = np.zeros((2, 3))
        step[place] = 1e-5
        slope = (loss(before + step) - loss(before - step)) / 2e-5
        assert after[place] == pytest.approx(before[place] - 0.1 * slope, abs=1e-9)


def test_no_steps_leave_a_kernel_of_zeros():
    k, losses = learn_kernel("convolve", IMAGES, TARGETS, 0, 0.5)
    np.testing.assert_array_equal(k, np.zeros((3, 3)))
    assert losses.shape == (0,)


def test_learning_keeps_the_dtype():
    k, losses = learn_kernel("convolve", IMAGES.astype("f"), TARGETS.astype("f"), 2, np.float64(0.5))
    assert k.dtype == losses.dtype == np.float32


def test_an_unknown_operation_is_refused():
    with pytest.raises(ValueError, match=r"^operation must be 'correlate' or 'convolve', got 'xcorr'$"):
        learn_kernel("xcorr", IMAGES, TARGETS, 1, 0.5)


@pytest.mark.parametrize("shape", [(19, 8, 8), (20, 0, 8), (20, 8, 0), (20, 11, 8), (20, 8, 11)])
def test_targets_must_match_the_images(shape):
    message = (
        "targets must have shape (N, H - f + 1, W - g + 1) for images of shape (20, 10, 10), "
        f"got shape {shape}"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        learn_kernel("correlate", IMAGES, np.zeros(shape), 1, 0.5)


def test_height_is_held_against_height_and_width_against_width():
    tall, wide = np.ones((1, 6, 4)), np.ones((1, 4, 6))
    assert learn_kernel("correlate", tall, tall, 1, 0.1)[0].shape == (1, 1)
    assert learn_kernel("correlate", wide, wide, 1, 0.1)[0].shape == (1, 1)
    with pytest.raises(ValueError, match=r"^targets must have shape .*, got shape \(1, 6, 4\)$"):
        learn_kernel("correlate", wide, tall, 1, 0.1)
    with pytest.raises(ValueError, match=r"^targets must have shape .*, got shape \(1, 4, 6\)$"):
        learn_kernel("correlate", tall, wide, 1, 0.1)


def test_targets_as_large_as_the_images_or_one_pixel_small_are_accepted():
    assert learn_kernel("correlate", IMAGES, IMAGES, 1, 0.5)[0].shape == (1, 1)
    assert learn_kernel("correlate", IMAGES, IMAGES[:, :1, :1], 1, 0.5)[0].shape == (10, 10)


def test_learning_from_no_images_is_refused():
    with pytest.raises(ValueError, match=r"^targets must have shape .*, got shape \(0, 8, 8\)$"):
        learn_kernel("correlate", IMAGES[:0], TARGETS[:0], 1, 0.5)


def test_bad_numbers_and_ranks_are_refused_by_name():
    with pytest.raises(ValueError, match=r"^images must have 3 dimensions, got 2 "):
        learn_kernel("correlate", IMAGES[0], TARGETS, 1, 0.5)
    with pytest.raises(ValueError, match=r"^targets must have 3 dimensions, got 2 "):
        learn_kernel("correlate", IMAGES, TARGETS[0], 1, 0.5)
    with pytest.raises(TypeError, match=r"^steps must be a non-negative integer, got 1.5 \(float\)$"):
        learn_kernel("correlate", IMAGES, TARGETS, 1.5, 0.5)
    with pytest.raises(ValueError, match=r"^steps must be a non-negative integer, got -1$"):
        learn_kernel("correlate", IMAGES, TARGETS, -1, 0.5)
    with pytest.raises(ValueError, match=r"^lr must be positive, got 0.0$"):
        learn_kernel("correlate", IMAGES, TARGETS, 1, 0)
    with pytest.raises(ValueError, match=r"^lr must be finite, got nan$"):
        learn_kernel("correlate", IMAGES, TARGETS, 1, float("nan"))


def parity(bits):
    return 1.0 - 2 * (bits.sum(axis=1) % 2)


def test_a_network_fits_the_parity_it_saw_and_guesses_the_rest():
    rng = np.random.default_rng(0)
    seen, new = rng.integers(0, 2, (500, 16)), rng.integers(0, 2, (2000, 16))
    theta = fit_network(seen, parity(seen), (16, 64, 64, 1), rng, steps=400, runs=2)
    assert theta.shape == (2, parameter_count((16, 64, 64, 1)))
    learned, guessed = (mlp(1.0 * bits, theta, (16, 64, 64, 1))[..., 0] for bits in (seen, new))
    assert (np.abs(learned - parity(seen)) ** 2).mean() < 0.1**2
    assert ((guessed - parity(new)) ** 2).mean() > 1
    assert abs((np.sign(guessed) == parity(new)).mean() - 0.5) < 0.06


def test_one_update_is_adam_along_the_gradient_of_half_the_mean_square():
    x, y, sizes = np.array([[0.5, -1.0], [2.0, 1.0], [0.0, 3.0]]), np.array([1.0, 0.0, -1.0]), (2, 5, 1)
    theta = fit_network(x, y, sizes, np.random.default_rng(1), steps=0)
    moved = fit_network(x, y, sizes, np.random.default_rng(1), steps=1, lr=0.01)

    def cost(one):
        return float(((mlp(x, one, sizes)[:, 0] - y) ** 2).mean() / 2)

    nudges = 1e-5 * np.eye(theta.shape[1])
    slope = np.array([(cost(theta[0] + d) - cost(theta[0] - d)) / 2e-5 for d in nudges])
    steps = moved[0] - theta[0]
    np.testing.assert_allclose(
        steps[np.abs(slope) > 1e-4], -0.01 * np.sign(slope[np.abs(slope) > 1e-4]), rtol=1e-3
    )


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"y": [1.0]}, ValueError, "y must have shape (2,), got (1,)"),
        ({"sizes": (1, 3, 2)}, ValueError, "sizes must end in 1, got 2"),
        ({"steps": -1}, ValueError, "steps must be a non-negative integer, got -1"),
        ({"lr": 0}, ValueError, "lr must be positive, got 0.0"),
        ({"rng": 0}, TypeError, "rng must be a numpy.random.Generator, got 0 (int)"),
    ],
)
def test_a_bad_lesson_is_refused_by_name(changed, error, message):
    given = {
        "x": [[0.0], [1.0]],
        "y": [0.0, 1.0],
        "sizes": (1, 3, 1),
        "rng": np.random.default_rng(0),
        "steps": 1,
    }
    with pytest.raises(error, match=re.escape(message)):
        fit_network(**(given | changed))
