"""최대화 편향을 뽑아 보는 그림의 값."""

from __future__ import annotations

import numpy as np

from dlnotes import _checks
from dlnotes.explorables import as_json
from dlnotes.maximization import double_estimate, expected_maximum, sample_estimates, single_estimate

DRAWS = (*range(1, 21), 30, 50, 100, 200, 500, 1000)
"""그림에서 고를 수 있는, 뽑은 횟수."""

MOST_DRAWS, MOST_ACTIONS = 10_000, 100


def mean_estimates(k: int, draws: int, std: float = 1.0) -> tuple[float, float]:
    """참값이 모두 0인 행동 `k` 개를 `draws` 번 뽑아, 한 벌로 읽은 값과 다른 벌에서 읽은 값의 평균.

    뽑는 차례가 난수의 시드이므로, 한 번 더 뽑아도 앞에서 뽑은 것은 그대로입니다.

    Parameters
    ----------
    k : int
        행동의 수.
    draws : int
        뽑는 횟수.
    std : float
        추정치의 표준편차.

    Returns
    -------
    single, double : float
        한 벌로 고르고 그대로 읽은 값의 평균과, 다른 벌에서 읽은 값의 평균.

    Raises
    ------
    TypeError, ValueError
        `k` 와 `draws` 가 1 이상인 정수가 아니거나, `std` 가 양수가 아닐 때.

    Examples
    --------
    >>> [round(mean, 2) for mean in mean_estimates(10, draws=1000)]
    [1.52, 0.01]
    """
    single, double = _estimates(k, _checks.integer("draws", draws, least=1, most=MOST_DRAWS), std)
    return float(single.mean()), float(double.mean())


def frames(most: int = 18) -> str:
    """뽑은 것과 그 평균. 표준편차는 1이고, 다른 표준편차에서는 모두 그만큼 곱하면 됩니다.

    Parameters
    ----------
    most : int
        행동의 가장 큰 수.

    Returns
    -------
    str
        JSON. :data:`DRAWS` 의 차례마다 뽑은 수 ``drawn`` (행동이 k개이면 앞의 k개가 첫 벌, 다음 k개가 다른
        벌입니다), 행동의 수마다 두 평균 ``means``, 최댓값의 기댓값 ``expected_maximum`` 입니다.

    Raises
    ------
    TypeError, ValueError
        `most` 가 1 이상인 정수가 아닐 때.

    Examples
    --------
    >>> import json
    >>> found = json.loads(frames(2))
    >>> len(found["drawn"][0]), found["expected_maximum"]
    (4, [0, 0.564189583548])
    """
    most, at = _checks.integer("most", most, least=1, most=MOST_ACTIONS), np.array(DRAWS)
    means = []
    for k in range(1, most + 1):
        running = np.cumsum(_estimates(k, int(at.max()), 1.0), axis=1)[:, at - 1] / at
        means.append(running.round(5))
    drawn = [np.concatenate(_draw(most, draw - 1, 1.0), axis=None).round(4) for draw in DRAWS]
    highest = [expected_maximum(k) for k in range(1, most + 1)]
    return as_json({"drawn": drawn, "means": means, "expected_maximum": highest}, digits=12)


def _draw(k: int, seed: int, std: float) -> tuple[np.ndarray, np.ndarray]:
    return sample_estimates(np.zeros(k), 1, 1, np.random.default_rng(seed), std=std)


def _estimates(k: int, draws: int, std: float) -> np.ndarray:
    k = _checks.integer("k", k, least=1, most=MOST_ACTIONS)
    pairs = [_draw(k, seed, std) for seed in range(draws)]
    first, second = (np.concatenate(sets) for sets in zip(*pairs, strict=True))
    return np.stack([single_estimate(first), double_estimate(first, second)])
