import re

import numpy as np
import pytest

from dlnotes.figures.canvas import COLORS
from dlnotes.figures.double_q_learning import (
    believed_values,
    bias_process,
    estimate_histograms,
    left_shares,
    noisy_maximum,
    output_gradients,
    target_choice,
    value_curves,
)
from dlnotes.maximization import double_estimate, sample_estimates, single_estimate

HUMP = [*np.linspace(0.5, 0.943, 20), *np.linspace(0.9, 0.2, 80)]


def words(panel):
    return re.findall(r"<text[^>]*>([^<]*)</text>", panel)


def test_the_noisy_maximum_is_read_from_its_own_set_and_from_the_other():
    first, second = [0.1, 0.9, -0.3], [0.5, -0.25, 0.7]
    own, other = noisy_maximum(first, second).panels
    assert "읽은 값 +0.90" in words(own)
    assert "읽은 값 −0.25" in words(other)
    assert COLORS["input"] not in own


def test_the_histograms_quote_the_means_of_both_estimates_and_the_truth():
    first, second = sample_estimates([0.5, 0, 0], 5, 2000, np.random.default_rng(0))
    single, double = single_estimate(first), double_estimate(first, second)
    (panel,) = estimate_histograms(single, double, 0.5).panels
    assert f"+{single.mean():.3f}" in words(panel)
    assert f"+{double.mean():.3f}" in words(panel)
    assert "참값 0.5" in words(panel)


def test_the_process_has_one_arrow_for_each_action_of_b():
    counts = [bias_process(k, -0.1, 1.0).panels[0].count(f"stroke: {COLORS['kernel']}") for k in (3, 4, 10)]
    assert counts[1] - counts[0] > 0
    assert counts[2] - counts[0] == 7 * (counts[1] - counts[0])
    (many,) = bias_process(10, -0.1, 1.0).panels
    assert "B의 행동 10개" in words(many)
    assert "보상: 평균 −0.1, 표준편차 1" in words(many)


def test_the_shares_mark_the_peak_of_q_learning_and_the_floor():
    (panel,) = left_shares(HUMP, np.linspace(0.5, 0.1, 100), 0.05).panels
    assert "큐 학습, 최고 94.3%" in words(panel)
    assert "최선 5%" in words(panel)


def test_the_curves_quote_the_last_mean_of_each_learner_and_the_limit():
    rng = np.random.default_rng(0)
    single, double = rng.normal([[0.0], [0.1], [0.25]], 0.1, (3, 50)), rng.normal(-0.2, 0.1, (3, 50))
    (panel,) = value_curves([1, 10, 100], single, double, -0.1, "무작위", limit=0.253014).panels
    assert f"큐 학습 → +{single[-1].mean():.3f}" in words(panel)
    assert f"이중 큐 학습 → −{-double[-1].mean():.3f}" in words(panel)
    assert "극한 0.2530" in words(panel)
    assert "참값 −0.1" in words(panel)
    assert "극한" not in "".join(words(value_curves([1, 10], single[:2], double[:2], -0.1, "탐욕").panels[0]))


def test_dqn_selects_and_reads_in_one_network_and_double_dqn_in_two():
    single, double = target_choice([1.0, 2.5, 2.0], [1.2, 1.4, 2.2], 1.0, 0.9).panels
    assert "y = 1 + 0.9 × 2.2 = 2.98" in words(single)
    assert "y = 1 + 0.9 × 1.4 = 2.26" in words(double)
    assert COLORS["reference"] in single
    assert COLORS["reference"] not in double


def test_each_transition_has_a_gradient_in_one_output_only():
    dq = [[0.0, 0.0, -1.0, 0.0], [0.5, 0.0, 0.0, 0.0]]
    (panel,) = output_gradients(dq, [2, 0]).panels
    assert [word for word in words(panel) if re.fullmatch(r"[+−]?[\d.]+", word)] == [
        "0", "0", "−1", "0", "+0.5", "0", "0", "0"
    ]  # fmt: skip


def test_the_believed_values_quote_the_late_mean_of_each_learner_and_the_optimum():
    curves = {"DQN": [[1.5, 1.2, 1.2, 1.1], [1.7, 1.4, 1.3, 1.2]], "Double DQN": [[0.3, 0.8, 0.8, 0.8]] * 2}
    late = {"DQN": [1.1, 1.3], "Double DQN": [0.7, 0.9]}
    (panel,) = believed_values([100, 200, 300, 400], curves, 0.81, late).panels
    assert {"DQN 1.20", "Double DQN 0.80", "참값 0.81"} <= set(words(panel))


@pytest.mark.full
def test_the_same_data_gives_the_same_bytes():
    def draw():
        return left_shares(HUMP, np.linspace(0.5, 0.1, 100), 0.05) + target_choice([1, 2], [2, 1], 0, 1)

    assert draw() == draw()
