r"""보상의 번호와 표본. 두 표기로 번호를 붙이고, 번호를 읽어 행동 가치를 셉니다.

:math:`s_t` 에서 :math:`a_t` 를 하고 받은 보상을 DQN 논문은 :math:`r_t` 로, Sutton과 Barto의 책은
:math:`R_{t+1}` 로 적습니다. 그러니 :math:`R_{t+1} = r_t` 입니다. 여기서는 :math:`t` 에 더하는 수를
`offset` 이라고 하며, 앞의 표기는 0(:data:`DQN`), 뒤의 표기는 1(:data:`SUTTON_BARTO`)입니다.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from dlnotes import _checks

Array = npt.NDArray[np.floating]

DQN = 0
"""행동 :math:`a_t` 의 보상에 번호 :math:`t` 를 붙입니다. :math:`r_t`."""

SUTTON_BARTO = 1
"""행동 :math:`a_t` 의 보상에 번호 :math:`t+1` 을 붙입니다. :math:`R_{t+1}`."""


def number_rewards(received: npt.ArrayLike, offset: int) -> dict[int, float]:
    """차례로 받은 보상에 번호를 붙입니다.

    Parameters
    ----------
    received : array_like
        행동한 차례대로 받은 보상 ``(T,)``. ``received[t]`` 는 t번째 행동의 보상입니다.
    offset : int
        행동의 번호에 더해 보상의 번호를 만드는 수. :data:`DQN` 이나 :data:`SUTTON_BARTO` 입니다.

    Returns
    -------
    dict
        번호에서 보상으로 가는 사전.

    Raises
    ------
    TypeError
        보상이 실수가 아니거나 `offset` 이 정수가 아닐 때.
    ValueError
        `received` 가 1차원이 아니거나 `offset` 이 0보다 작을 때.

    Examples
    --------
    >>> number_rewards([0, 0, 1], DQN)
    {0: 0.0, 1: 0.0, 2: 1.0}
    >>> number_rewards([0, 0, 1], SUTTON_BARTO)
    {1: 0.0, 2: 0.0, 3: 1.0}
    """
    offset = _checks.integer("offset", offset, least=0)
    rewards = _checks.array("received", received, rank=1)
    return {t + offset: float(reward) for t, reward in enumerate(rewards)}


def action_values(numbered: Mapping[int, float], steps: int, *, gamma: float, offset: int) -> Array:
    r"""한 줄로 이은 상태에서, 번호가 :math:`t + o` 인 보상을 :math:`a_t` 의 것으로 읽어 가치를 셉니다.

    .. math:: Q(s_t, a_t) = r_{t+o} + \gamma\, Q(s_{t+1}, a_{t+1}), \qquad Q(s_T, \cdot) = 0

    번호를 붙일 때와 읽을 때의 :math:`o` 가 같으면 옳은 값이 나오고, 다르면 보상이 남의 행동에 붙습니다. 없는
    번호의 보상은 0으로 읽습니다.

    Parameters
    ----------
    numbered : mapping
        번호에서 보상으로 가는 사전. :func:`number_rewards` 가 만듭니다.
    steps : int
        행동의 수 :math:`T`.
    gamma : float
        할인율 :math:`\gamma`, 0 이상 1 이하.
    offset : int
        읽을 때 행동의 번호에 더하는 수 :math:`o`. 잘못 읽은 결과를 보려고 음수도 받습니다.

    Returns
    -------
    ndarray
        :math:`Q(s_t, a_t)`, ``(T,)``.

    Raises
    ------
    TypeError
        `steps` 나 `offset` 이 정수가 아니거나 보상이나 `gamma` 가 실수가 아닐 때.
    ValueError
        `steps` 가 1보다 작거나 `gamma` 가 0과 1 사이가 아닐 때.

    Examples
    --------
    >>> r, R = number_rewards([0, 0, 1], DQN), number_rewards([0, 0, 1], SUTTON_BARTO)
    >>> action_values(r, 3, gamma=0.5, offset=DQN).tolist()
    [0.25, 0.5, 1.0]
    >>> action_values(R, 3, gamma=0.5, offset=SUTTON_BARTO).tolist()
    [0.25, 0.5, 1.0]

    DQN의 번호를 Sutton과 Barto의 것으로 잘못 읽으면 값이 하나씩 밀립니다.

    >>> action_values(r, 3, gamma=0.5, offset=SUTTON_BARTO).tolist()
    [0.5, 1.0, 0.0]
    """
    steps, gamma = _checks.count("steps", steps), _checks.fraction("gamma", gamma)
    numbered = _checks.instance("numbered", numbered, Mapping, wanted="a mapping")
    offset = _checks.integer("offset", offset, least=-steps)
    q = np.zeros(steps + 1)
    for t in reversed(range(steps)):
        reward = _checks.real(f"numbered[{t + offset}]", numbered.get(t + offset, 0.0))
        q[t] = reward + gamma * q[t + 1]
    return q[:steps]


def discounted_return(received: npt.ArrayLike, gamma: float) -> float:
    r"""차례로 받은 보상을 할인하여 더합니다.

    .. math:: G_0 = \sum_{k=0}^{T-1} \gamma^k r_k = \sum_{k=0}^{T-1} \gamma^k R_{k+1}

    Parameters
    ----------
    received : array_like
        행동한 차례대로 받은 보상 ``(T,)``.
    gamma : float
        할인율 :math:`\gamma`, 0 이상 1 이하.

    Returns
    -------
    float
        할인된 이득 :math:`G_0`.

    Raises
    ------
    TypeError
        보상이나 `gamma` 가 실수가 아닐 때.
    ValueError
        `received` 가 1차원이 아니거나 `gamma` 가 0과 1 사이가 아닐 때.

    Examples
    --------
    >>> discounted_return([1, 1, 1], 0.5)
    1.75
    """
    rewards, gamma = _checks.array("received", received, rank=1), _checks.fraction("gamma", gamma)
    return float(np.sum(gamma ** np.arange(len(rewards)) * rewards))


def expected_reward(probabilities: npt.ArrayLike, rewards: npt.ArrayLike) -> float:
    r"""보상의 기댓값을 셉니다.

    .. math:: R = \sum_k p_k\, r_k

    :math:`p_k` 가 보상 :math:`r_k` 를 받을 확률이면 :math:`R(s, a)` 이고, 다음 상태 :math:`s'` 로 갈 확률이며
    보상이 :math:`R(s, a, s')` 이면 그것을 :math:`s'` 에 걸쳐 평균한 :math:`R(s, a)` 입니다.

    Parameters
    ----------
    probabilities : array_like
        확률 ``(K,)``. 음수가 없고 합이 1입니다.
    rewards : array_like
        보상 ``(K,)``.

    Returns
    -------
    float
        기댓값.

    Raises
    ------
    TypeError
        실수가 아닌 값이 있을 때.
    ValueError
        모양이 다르거나, 확률이 음수이거나, 확률의 합이 1이 아닐 때.

    Examples
    --------
    >>> expected_reward([0.5, 0.25, 0.25], [0, 4, 8])
    3.0
    """
    p, r = _distribution(probabilities, rewards)
    return float(p @ r)


def draw_rewards(
    probabilities: npt.ArrayLike, rewards: npt.ArrayLike, count: int, rng: np.random.Generator
) -> Array:
    """확률에 따라 보상을 뽑습니다.

    Parameters
    ----------
    probabilities : array_like
        확률 ``(K,)``. 음수가 없고 합이 1입니다.
    rewards : array_like
        보상 ``(K,)``.
    count : int
        뽑을 표본의 수.
    rng : numpy.random.Generator
        난수 생성기.

    Returns
    -------
    ndarray
        표본 ``(count,)``.

    Raises
    ------
    TypeError
        실수가 아닌 값이 있거나, `count` 가 정수가 아니거나, `rng` 가 난수 생성기가 아닐 때.
    ValueError
        모양이 다르거나, 확률이 음수이거나, 확률의 합이 1이 아니거나, `count` 가 음수일 때.

    Examples
    --------
    >>> draw_rewards([0.7, 0.3], [0, 10], 10, np.random.default_rng(0)).mean().item()
    4.0
    """
    p, r = _distribution(probabilities, rewards)
    count = _checks.count("count", count, least=0)
    return np.asarray(_checks.generator("rng", rng).choice(r, size=count, p=p / p.sum()))


def running_means(samples: npt.ArrayLike) -> Array:
    r"""앞에서부터 :math:`n` 개를 평균한 값을 모든 :math:`n` 에서 셉니다.

    .. math:: \bar r_n = \frac{1}{n} \sum_{i=1}^{n} r_i

    Parameters
    ----------
    samples : array_like
        표본 ``(N,)``.

    Returns
    -------
    ndarray
        평균 ``(N,)``.

    Raises
    ------
    TypeError
        실수가 아닌 값이 있을 때.
    ValueError
        `samples` 가 1차원이 아닐 때.

    Examples
    --------
    >>> running_means([0, 10, 2]).tolist()
    [0.0, 5.0, 4.0]
    """
    values = _checks.array("samples", samples, rank=1)
    return np.asarray(values.cumsum(dtype=np.float64) / np.arange(1, len(values) + 1))


def _distribution(probabilities: npt.ArrayLike, rewards: npt.ArrayLike) -> tuple[Array, Array]:
    p, r = _checks.array("probabilities", probabilities, rank=1), _checks.array("rewards", rewards, rank=1)
    if p.shape != r.shape:
        raise ValueError(f"rewards must have shape {p.shape} as probabilities, got {r.shape}")
    if (p < 0).any():
        raise ValueError(f"probabilities must be non-negative, got {p.min()}")
    total, rounding = p.sum(dtype=np.float64), len(p) * np.finfo(p.dtype).eps
    if not abs(total - 1) <= max(1e-5, rounding):  # float16 keeps three digits of each
        raise ValueError(f"probabilities must add up to 1, got {total}")
    return p.astype(np.float64), r.astype(np.float64)
