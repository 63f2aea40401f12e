r"""큐 학습과 이중 큐 학습. 목표값의 식, 책대로 한 번 배우기, 독립인 실행 여럿을 한꺼번에 배우기.

배우는 함수의 글자는 Sutton과 Barto의 책을 따릅니다. :math:`S`, :math:`A`, :math:`R` 은 상태, 행동, 보상이고
:math:`S'` 은 다음 상태 ``S_next``, :math:`Q` 는 표입니다.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last
from dlnotes.environments import MDP
from dlnotes.maximization import double_estimate, single_estimate

Array = npt.NDArray[np.floating]
Mask = npt.NDArray[np.bool_]
Index = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class TabularRuns:
    """표로 배운 독립 실행들의 기록.

    Parameters
    ----------
    q : ndarray
        배운 행동 가치. 큐 학습이면 ``(runs, S, A)``, 이중 큐 학습이면 두 표 ``(2, runs, S, A)`` 입니다.
        고를 수 없는 행동은 음의 무한대, 끝 상태의 줄은 0입니다.
    first_actions : ndarray
        에피소드마다 처음 고른 행동의 번호, ``(episodes, runs)``.
    values : ndarray, optional
        정한 에피소드가 끝날 때 적은 상태 `watch` 의 추정값, ``(적은 횟수, runs)``. 지켜볼 상태를 정하지
        않았으면 None입니다.
    """

    q: Array
    first_actions: Index
    values: Array | None


@rounded_last
def td_target(
    reward: npt.ArrayLike, next_q: npt.ArrayLike, terminated: npt.ArrayLike, *, gamma: float
) -> Array:
    r"""큐 학습과 DQN의 목표값. 같은 추정치로 다음 행동을 고르고 그 값을 읽습니다.

    .. math:: y = r + \gamma \max_{a'} Q(s', a')

    전이가 끝난 상태로 들어갔으면 :math:`y = r` 입니다. DQN에서는 `next_q` 에 목표 신경망의 값
    :math:`Q(s', \cdot; \theta^-)` 을 넣습니다.

    Parameters
    ----------
    reward : array_like
        보상 :math:`r`, ``(...)``.
    next_q : array_like
        다음 상태의 행동 가치 :math:`Q(s', \cdot)`, ``(..., A)``. 마지막 축이 행동입니다. 고를 수 없는 행동은
        음의 무한대로 둡니다.
    terminated : array_like
        다음 상태에서 끝났는지 (bool), ``(...)``. 끝난 전이의 `next_q` 는 무엇이 들어 있든 쓰지 않습니다.
    gamma : float
        할인율 :math:`\gamma`, 0 이상 1 이하.

    Returns
    -------
    ndarray
        목표값 :math:`y`, ``(...)``.

    Raises
    ------
    TypeError
        `reward`, `next_q` 가 실수가 아니거나 `terminated` 가 bool이 아닐 때.
    ValueError
        모양이 서로 맞지 않거나, 행동이 하나도 없거나, `gamma` 가 0과 1 사이가 아닐 때.

    References
    ----------
    Mnih et al., Human-level control through deep reinforcement learning (2015).

    Examples
    --------
    >>> round(float(td_target(1.0, [1.2, 1.4, 2.2], False, gamma=0.9)), 6)
    2.98
    >>> td_target([1.0, 1.0], [[1.0, 2.0], [1.0, 2.0]], [False, True], gamma=0.5).tolist()
    [2.0, 1.0]
    """
    r, (q,), ended, gamma = _transitions(reward, {"next_q": next_q}, terminated, gamma)
    return _bootstrap(r, q.max(axis=-1), ended, gamma)


@rounded_last
def double_td_target(
    reward: npt.ArrayLike,
    online_next_q: npt.ArrayLike,
    target_next_q: npt.ArrayLike,
    terminated: npt.ArrayLike,
    *,
    gamma: float,
) -> Array:
    r"""이중 큐 학습과 Double DQN의 목표값. 한쪽 추정치로 다음 행동을 고르고, 다른 쪽에서 그 값을 읽습니다.

    .. math:: y = r + \gamma\, Q(s', a^*; \theta^-), \qquad a^* = \arg\max_{a'} Q(s', a'; \theta)

    전이가 끝난 상태로 들어갔으면 :math:`y = r` 입니다. 두 값이 같으면 번호가 작은 행동을 고릅니다.

    Parameters
    ----------
    reward : array_like
        보상 :math:`r`, ``(...)``.
    online_next_q : array_like
        행동을 고르는(선택) 추정치 :math:`Q(s', \cdot; \theta)`, ``(..., A)``. 고를 수 없는 행동은 음의
        무한대로 둡니다.
    target_next_q : array_like
        고른 행동의 값을 읽는(평가) 추정치 :math:`Q(s', \cdot; \theta^-)`, ``(..., A)``.
    terminated : array_like
        다음 상태에서 끝났는지 (bool), ``(...)``. 끝난 전이의 행동 가치는 무엇이 들어 있든 쓰지 않습니다.
    gamma : float
        할인율 :math:`\gamma`, 0 이상 1 이하.

    Returns
    -------
    ndarray
        목표값 :math:`y`, ``(...)``.

    Raises
    ------
    TypeError
        `reward` 나 행동 가치가 실수가 아니거나 `terminated` 가 bool이 아닐 때.
    ValueError
        모양이 서로 맞지 않거나, 행동이 하나도 없거나, `gamma` 가 0과 1 사이가 아닐 때.

    References
    ----------
    van Hasselt, Guez, Silver, Deep Reinforcement Learning with Double Q-learning (2016).

    Examples
    --------
    온라인 신경망은 둘째 행동을 고르고, 그 값 1.4는 목표 신경망에서 읽습니다.

    >>> online, target = [1.0, 2.5, 2.0], [1.2, 1.4, 2.2]
    >>> round(float(double_td_target(1.0, online, target, False, gamma=0.9)), 6)
    2.26

    고르는 쪽과 읽는 쪽이 같으면 큐 학습의 목표값입니다.

    >>> same = double_td_target(1.0, target, target, False, gamma=0.9)
    >>> bool(same == td_target(1.0, target, False, gamma=0.9))
    True
    """
    named = {"online_next_q": online_next_q, "target_next_q": target_next_q}
    r, (online, target), ended, gamma = _transitions(reward, named, terminated, gamma)
    chosen = online.argmax(axis=-1)[..., None]
    return _bootstrap(r, np.take_along_axis(target, chosen, axis=-1)[..., 0], ended, gamma)


def _bootstrap(reward: Array, value: Array, terminated: Mask, gamma: float) -> Array:
    """보상에 다음 값을 할인하여 더합니다. 끝난 전이에는 다음 값이 없습니다."""
    continuing = np.where(terminated, np.zeros((), value.dtype), value)
    return np.asarray(reward + gamma * continuing)


def _transitions(
    reward: npt.ArrayLike, values: dict[str, npt.ArrayLike], terminated: npt.ArrayLike, gamma: float
) -> tuple[Array, list[Array], Mask, float]:
    r = _checks.floats("reward", reward)
    ended = _checks.booleans("terminated", terminated, r.shape)
    tables = []
    for name, value in values.items():
        q = _checks.floats(name, value)
        if q.ndim == 0 or q.shape[:-1] != r.shape or q.shape[-1] == 0:
            wanted = f"({', '.join(map(str, (*r.shape, 'A')))})"
            raise ValueError(f"{name} must have shape {wanted} with at least one action, got {q.shape}")
        tables.append(q)
    first = next(iter(values))
    for name, q in zip(values, tables, strict=True):
        if q.shape != tables[0].shape:
            raise ValueError(f"{name} must have shape {tables[0].shape} as {first}, got {q.shape}")
    return r, tables, ended, _checks.fraction("gamma", gamma)


def q_learning_once(
    mdp: MDP,
    episodes: int,
    rng: np.random.Generator,
    *,
    alpha: float = 0.1,
    gamma: float = 1.0,
    epsilon: float = 0.1,
) -> Array:
    r"""큐 학습을 책에 적힌 대로 한 번 돌립니다. 느리지만 본문이 곧 알고리즘입니다.

    .. math:: Q(S, A) \leftarrow Q(S, A) + \alpha\,[\,R + \gamma \max_a Q(S', a) - Q(S, A)\,]

    같은 난수에서 :func:`q_learning` 의 한 실행과 같은 표를 배웁니다.

    Parameters
    ----------
    mdp : MDP
        환경의 표.
    episodes : int
        거치는 에피소드의 수.
    rng : numpy.random.Generator
        난수 생성기.
    alpha, gamma, epsilon : float
        학습률 :math:`\alpha`, 할인율 :math:`\gamma`, 아무 행동이나 고를 확률 :math:`\varepsilon`.

    Returns
    -------
    ndarray
        배운 표 ``(S, A)``. 고를 수 없는 행동은 음의 무한대, 끝 상태의 줄은 0입니다.

    Raises
    ------
    TypeError, ValueError
        :func:`q_learning` 와 같습니다.

    References
    ----------
    Sutton, Barto, Reinforcement Learning: An Introduction, 2nd ed. (2018), 6.5절.

    Examples
    --------
    >>> from dlnotes.environments import chain
    >>> q_learning_once(chain(2), 2, np.random.default_rng(0), alpha=0.5).tolist()
    [[0.25], [0.75], [0.0]]
    """
    _check_learning(mdp, episodes, rng, 1, alpha, gamma, epsilon, None, None)
    Q = _untaught(mdp)
    for _ in range(episodes):
        S = mdp.start
        while not mdp.terminal[S]:
            explore, pick = rng.random(2)
            A = _choose(Q[S], explore < epsilon, pick)
            R, S_next = _act(mdp, S, A, rng)
            Q[S, A] += alpha * (R + gamma * Q[S_next].max() - Q[S, A])
            S = S_next
    return Q


def double_q_learning_once(
    mdp: MDP,
    episodes: int,
    rng: np.random.Generator,
    *,
    alpha: float = 0.1,
    gamma: float = 1.0,
    epsilon: float = 0.1,
) -> tuple[Array, Array]:
    r"""이중 큐 학습을 책에 적힌 대로 한 번 돌립니다. 느리지만 본문이 곧 알고리즘입니다.

    동전의 앞면이 나오면

    .. math:: Q_1(S, A) \leftarrow Q_1(S, A)
              + \alpha\,[\,R + \gamma\, Q_2(S', \arg\max_a Q_1(S', a)) - Q_1(S, A)\,]

    뒷면이 나오면 두 표의 자리를 바꾸어 :math:`Q_2` 를 고칩니다. 같은 난수에서 :func:`double_q_learning` 의 한
    실행과 같은 표를 배웁니다.

    Parameters
    ----------
    mdp : MDP
        환경의 표.
    episodes : int
        거치는 에피소드의 수.
    rng : numpy.random.Generator
        난수 생성기.
    alpha, gamma, epsilon : float
        학습률 :math:`\alpha`, 할인율 :math:`\gamma`, 아무 행동이나 고를 확률 :math:`\varepsilon`.

    Returns
    -------
    Q1, Q2 : ndarray
        배운 두 표 ``(S, A)``.

    Raises
    ------
    TypeError, ValueError
        :func:`double_q_learning` 와 같습니다.

    References
    ----------
    Sutton, Barto, Reinforcement Learning: An Introduction, 2nd ed. (2018), 6.7절.

    Examples
    --------
    >>> from dlnotes.environments import chain
    >>> Q1, Q2 = double_q_learning_once(chain(1), 1000, np.random.default_rng(0))
    >>> Q1.round(6).tolist(), Q2.round(6).tolist()
    ([[1.0], [0.0]], [[1.0], [0.0]])
    """
    _check_learning(mdp, episodes, rng, 1, alpha, gamma, epsilon, None, None)
    Q1, Q2 = _untaught(mdp), _untaught(mdp)
    for _ in range(episodes):
        S = mdp.start
        while not mdp.terminal[S]:
            explore, pick, coin, tie = rng.random(4)
            A = _choose(Q1[S] + Q2[S], explore < epsilon, pick)
            R, S_next = _act(mdp, S, A, rng)
            if coin < 0.5:
                best = _choose(Q1[S_next], False, tie)
                Q1[S, A] += alpha * (R + gamma * Q2[S_next, best] - Q1[S, A])
            else:
                best = _choose(Q2[S_next], False, tie)
                Q2[S, A] += alpha * (R + gamma * Q1[S_next, best] - Q2[S, A])
            S = S_next
    return Q1, Q2


def _untaught(mdp: MDP) -> Array:
    """배우기 전의 표 ``(S, A)``. 고를 수 없는 행동은 음의 무한대, 끝 상태의 줄은 0입니다."""
    return np.where(mdp.available | mdp.terminal[:, None], 0.0, -np.inf)


def _choose(q: Array, explore: bool, uniform: float) -> int:
    """고를 수 있는 행동 전부나, 값이 가장 큰 행동들 가운데 하나를 고르게 뽑습니다."""
    options = np.flatnonzero(q > -np.inf if explore else q == q.max())
    return int(options[int(uniform * len(options))])


def _act(mdp: MDP, S: int, A: int, rng: np.random.Generator) -> tuple[float, int]:
    """상태 S에서 A를 하고 보상과 다음 상태를 받습니다. 보상이 모두 정해져 있으면 난수를 쓰지 않습니다."""
    noise = rng.standard_normal() if mdp.reward_std.any() else 0.0
    return float(mdp.reward_mean[S, A] + mdp.reward_std[S, A] * noise), int(mdp.next_state[S, A])


def q_learning(
    mdp: MDP,
    episodes: int,
    rng: np.random.Generator,
    *,
    runs: int = 1,
    alpha: float = 0.1,
    gamma: float = 1.0,
    epsilon: float = 0.1,
    watch: int | None = None,
    watch_at: Sequence[int] | None = None,
    max_steps: int | None = None,
) -> TabularRuns:
    r"""큐 학습. 독립인 실행 여럿을 한꺼번에 돌립니다.

    상태 :math:`s` 에서 행동 :math:`a` 를 하고 보상 :math:`r` 과 다음 상태 :math:`s'` 을 받을 때마다

    .. math:: Q(s, a) \leftarrow Q(s, a) + \alpha\,[\,r + \gamma \max_{a'} Q(s', a') - Q(s, a)\,]

    로 고칩니다. 끝 상태의 값은 0이고, 표는 0에서 시작합니다. 행동은 엡실론 탐욕으로 고릅니다. 값이 같은
    행동이 여럿이면 그 가운데 하나를 고르게 뽑습니다.

    Parameters
    ----------
    mdp : MDP
        환경의 표.
    episodes : int
        실행마다 거치는 에피소드의 수.
    rng : numpy.random.Generator
        난수 생성기.
    runs : int
        독립인 실행의 수. 표와 난수를 따로 씁니다.
    alpha : float
        학습률 :math:`\alpha`, 0 초과 1 이하.
    gamma : float
        할인율 :math:`\gamma`, 0 이상 1 이하.
    epsilon : float
        고를 수 있는 행동 가운데 아무것이나 고르게 뽑을 확률 :math:`\varepsilon`. 0이면 늘 탐욕이고,
        1이면 추정치를 보지 않는 균등한 무작위입니다.
    watch : int, optional
        지켜볼 상태. 주면 에피소드가 끝날 때 이 상태의 추정값 :math:`\max_a Q(s, a)` 를 적습니다.
    watch_at : sequence of int, optional
        추정값을 적을 에피소드의 번호. 1부터 세고 커지는 차례로 적습니다. 비우면 모든 에피소드에 적습니다.
    max_steps : int, optional
        이만큼 걸어도 끝나지 않은 에피소드는 자르고 처음 상태에서 새로 시작합니다. 잘린 전이는 끝난 것이
        아니므로 목표값에 다음 상태의 값이 들어갑니다. 비우면 자르지 않습니다.

    Returns
    -------
    TabularRuns
        표 ``(runs, S, A)`` 와 에피소드마다의 기록.

    Raises
    ------
    TypeError
        `mdp` 가 MDP가 아니거나, 수나 난수 생성기가 아닌 인자가 있을 때.
    ValueError
        `episodes`, `runs`, `max_steps` 가 1보다 작거나, `alpha`, `gamma`, `epsilon` 이 범위를
        벗어나거나, 상태 `watch` 나 에피소드 `watch_at` 이 없을 때.

    Notes
    -----
    `max_steps` 가 없으면 에피소드는 끝 상태에 닿아야 끝납니다. 끝에 닿지 않는 정책에 빠지면 함수도 끝나지
    않습니다.

    References
    ----------
    Sutton, Barto, Reinforcement Learning: An Introduction, 2nd ed. (2018).

    Examples
    --------
    왼쪽은 언제나 손해인데, 스무 번째 에피소드에서는 거의 모두가 왼쪽으로 갑니다.

    >>> from dlnotes.environments import maximization_bias
    >>> mdp = maximization_bias()
    >>> runs = q_learning(mdp, 20, np.random.default_rng(0), runs=1000)
    >>> runs.q.shape, runs.first_actions.shape
    ((1000, 3, 10), (20, 1000))
    >>> bool((runs.first_actions[-1] == 0).mean() > 0.9)
    True
    """
    return _learn(mdp, episodes, rng, runs, alpha, gamma, epsilon, watch, watch_at, max_steps, tables=1)


def double_q_learning(
    mdp: MDP,
    episodes: int,
    rng: np.random.Generator,
    *,
    runs: int = 1,
    alpha: float = 0.1,
    gamma: float = 1.0,
    epsilon: float = 0.1,
    watch: int | None = None,
    watch_at: Sequence[int] | None = None,
    max_steps: int | None = None,
) -> TabularRuns:
    r"""이중 큐 학습. 독립인 실행 여럿을 한꺼번에 돌립니다.

    표 둘을 두고, 걸음마다 동전을 던져 고칠 표를 정합니다. 고칠 표가 :math:`Q_1` 이면

    .. math:: Q_1(s, a) \leftarrow Q_1(s, a) + \alpha\,[\,r + \gamma\, Q_2(s', a^*) - Q_1(s, a)\,],
              \qquad a^* = \arg\max_{a'} Q_1(s', a')

    로 고치고, :math:`Q_2` 이면 두 표의 자리를 바꿉니다. 다음 행동을 고르는 표(선택)와 그 값을 읽는 표(평가)가
    다릅니다. 환경에서 할 행동은 두 표의 합 :math:`Q_1 + Q_2` 를 보고 엡실론 탐욕으로 고릅니다. 값이 같은
    행동이 여럿이면 어느 자리에서나 그 가운데 하나를 고르게 뽑습니다.

    Parameters
    ----------
    mdp : MDP
        환경의 표.
    episodes : int
        실행마다 거치는 에피소드의 수.
    rng : numpy.random.Generator
        난수 생성기.
    runs : int
        독립인 실행의 수. 표와 난수를 따로 씁니다.
    alpha : float
        학습률 :math:`\alpha`, 0 초과 1 이하.
    gamma : float
        할인율 :math:`\gamma`, 0 이상 1 이하.
    epsilon : float
        고를 수 있는 행동 가운데 아무것이나 고르게 뽑을 확률 :math:`\varepsilon`. 1이면 균등한 무작위입니다.
    watch : int, optional
        지켜볼 상태. 주면 에피소드가 끝날 때 이 상태의 추정값을 적습니다. 한 표로 고르고 다른 표에서 읽은
        값을, 두 표의 자리를 바꾸어 평균한 것입니다.
    watch_at : sequence of int, optional
        추정값을 적을 에피소드의 번호. 1부터 세고 커지는 차례로 적습니다. 비우면 모든 에피소드에 적습니다.
    max_steps : int, optional
        이만큼 걸어도 끝나지 않은 에피소드는 자르고 처음 상태에서 새로 시작합니다. 잘린 전이는 끝난 것이
        아니므로 목표값에 다음 상태의 값이 들어갑니다. 비우면 자르지 않습니다.

    Returns
    -------
    TabularRuns
        두 표 ``(2, runs, S, A)`` 와 에피소드마다의 기록.

    Raises
    ------
    TypeError
        `mdp` 가 MDP가 아니거나, 수나 난수 생성기가 아닌 인자가 있을 때.
    ValueError
        `episodes`, `runs`, `max_steps` 가 1보다 작거나, `alpha`, `gamma`, `epsilon` 이 범위를
        벗어나거나, 상태 `watch` 나 에피소드 `watch_at` 이 없을 때.

    Notes
    -----
    `max_steps` 가 없으면 에피소드는 끝 상태에 닿아야 끝납니다. 끝에 닿지 않는 정책에 빠지면 함수도 끝나지
    않습니다.

    References
    ----------
    van Hasselt, Double Q-learning (2010).

    Examples
    --------
    >>> from dlnotes.environments import maximization_bias
    >>> runs = double_q_learning(maximization_bias(), 20, np.random.default_rng(0), runs=1000)
    >>> runs.q.shape
    (2, 1000, 3, 10)
    >>> bool((runs.first_actions[-1] == 0).mean() < 0.4)
    True
    """
    return _learn(mdp, episodes, rng, runs, alpha, gamma, epsilon, watch, watch_at, max_steps, tables=2)


class _Tables(NamedTuple):
    """실행마다 하나씩 고른 표 Q. 상태와 행동을 실행마다 하나씩 받아 읽고 씁니다.

    행동을 첫 축에 둡니다. 실행들이 이어져 놓여야 짧은 행동 축을 빨리 줄입니다. 둘째 축에는 모든 표의 상태가
    한 줄로 이어지고, `start` 가 실행마다 제 표의 첫 자리입니다.
    """

    cells: Array  # (A, tables · runs · states)
    start: Index  # (n,)

    def among(self, chosen: Index) -> _Tables:
        """실행 몇의 표."""
        return _Tables(self.cells, self.start.take(chosen))

    def of(self, S: Index | int) -> Array:
        """Q(S, ·), ``(A, n)``."""
        return self.cells.take(self.start + S, axis=1)

    def cell(self, S: Index, A: Index) -> Index:
        """Q(S, A)가 놓인 자리의 번호, ``(n,)``."""
        cell: Index = A * self.cells.shape[1] + (self.start + S)
        return cell

    def read(self, cell: Index) -> Array:
        """자리마다의 값, ``(n,)``."""
        return self.cells.take(cell)

    def write(self, cell: Index, value: Array) -> None:
        """자리마다 값을 적습니다."""
        self.cells.reshape(-1)[cell] = value


class _Moves(NamedTuple):
    """실행마다 한 걸음씩 걷게 한 환경. 표를 한 줄로 펴 두었습니다."""

    next_state: Index
    reward_mean: Array
    reward_std: Array | None  # None when every reward is fixed
    choices: Index  # (S · A,), those that can be chosen stand first
    numbers: Index  # (S,), how many these are
    actions: int

    @classmethod
    def of(cls, mdp: MDP) -> _Moves:
        """환경의 표를 폅니다."""
        std = mdp.reward_std.ravel() if mdp.reward_std.any() else None
        choices = np.argsort(~mdp.available, axis=1, kind="stable").ravel()
        tables = mdp.next_state.ravel(), mdp.reward_mean.ravel(), std, choices
        return cls(*tables, mdp.available.sum(axis=1), mdp.actions)

    def anything(self, S: Index, uniform: Array) -> Index:
        """고를 수 있는 행동 가운데 하나를 고르게 뽑습니다."""
        nth = (uniform * self.numbers.take(S)).astype(np.intp)
        return self.choices.take(S * self.actions + nth)

    def epsilon_greedy(self, Q: _Tables, S: Index, epsilon: float, explore: Array, pick: Array) -> Index:
        """확률 ε으로 아무 행동이나, 아니면 Q(S, ·)가 가장 큰 행동을 고릅니다."""
        if epsilon == 1:  # the values are not looked at, so they need not be gathered
            return self.anything(S, pick)
        A = _best(Q.of(S), pick)
        (exploring,) = (explore < epsilon).nonzero()
        A[exploring] = self.anything(S.take(exploring), pick.take(exploring))
        return A

    def take(self, S: Index, A: Index, rng: np.random.Generator) -> tuple[Array, Index]:
        """행동하고 보상 R과 다음 상태 S'을 받습니다."""
        step = S * self.actions + A
        R = self.reward_mean.take(step)
        if self.reward_std is not None:
            R += self.reward_std.take(step) * rng.standard_normal(len(step))
        return R, self.next_state.take(step)


def _q_learning_step(
    Q: _Tables, S: Index, A: Index, R: Array, S_next: Index, on: Index, alpha: float, gamma: float
) -> None:
    """Q(S, A) ← Q(S, A) + α [R + γ max_a Q(S', a) − Q(S, A)]. `on` 은 끝나지 않은 전이의 번호입니다."""
    next_value = np.zeros(len(R))  # stays 0 where S' is terminal
    next_value[on] = Q.among(on).of(S_next.take(on)).max(axis=0)
    SA = Q.cell(S, A)
    old = Q.read(SA)
    Q.write(SA, old + alpha * (R + gamma * next_value - old))


def _double_q_learning_step(
    Q1: _Tables,
    Q2: _Tables,
    S: Index,
    A: Index,
    R: Array,
    S_next: Index,
    on: Index,
    alpha: float,
    gamma: float,
    tie: Array,
) -> Array:
    """Q1(S, A) ← Q1(S, A) + α [R + γ Q2(S', argmax_a Q1(S', a)) − Q1(S, A)].

    고친 뒤의 합 Q1(S, A) + Q2(S, A)를 돌려줍니다.
    """
    next_value, after = np.zeros(len(R)), S_next.take(on)
    best = _best(Q1.among(on).of(after), tie.take(on))
    next_value[on] = Q2.read(Q2.among(on).cell(after, best))
    SA = Q1.cell(S, A)
    old = Q1.read(SA)
    new = old + alpha * (R + gamma * next_value - old)
    Q1.write(SA, new)
    return new + Q2.read(Q2.cell(S, A))


def _learn(
    mdp: MDP,
    episodes: int,
    rng: np.random.Generator,
    runs: int,
    alpha: float,
    gamma: float,
    epsilon: float,
    watch: int | None,
    watch_at: Sequence[int] | None,
    max_steps: int | None,
    *,
    tables: Literal[1, 2],
) -> TabularRuns:
    """표 하나 또는 둘로 배웁니다. 실행마다 걸음을 맞추어 나아가고, 에피소드를 다 마친 실행은 빠집니다."""
    _check_learning(mdp, episodes, rng, runs, alpha, gamma, epsilon, watch, max_steps)
    episodes, runs = operator.index(episodes), operator.index(runs)
    slots, moves, states = _slots(watch, watch_at, episodes), _Moves.of(mdp), mdp.states
    table = runs * states
    q = np.tile(np.ascontiguousarray(_untaught(mdp).T), tables * runs)
    total = q if tables == 1 else 2 * q[:, :table]  # Q1 + Q2
    first_actions = np.empty((episodes, runs), np.min_scalar_type(mdp.actions))
    values = None if watch is None else np.empty((int(slots.max()) + 1, runs))

    run = np.arange(runs)
    place = run.copy()  # episode · runs + run
    S, steps, begins = np.full(runs, mdp.start), np.zeros(runs, np.intp), run
    while run.size:
        u = rng.random((2 * tables, run.size))
        home = run * states
        Q = _Tables(total, home)
        A = moves.epsilon_greedy(Q, S, epsilon, u[0], u[1])
        first_actions.reshape(-1)[place.take(begins)] = A.take(begins)
        R, S_next = moves.take(S, A, rng)
        ended = mdp.terminal.take(S_next)
        (on,) = (~ended).nonzero()
        if tables == 1:
            _q_learning_step(Q, S, A, R, S_next, on, alpha, gamma)
        else:
            tails = table * (u[2] >= 0.5)  # a coin says which table is changed: the other one is read
            Q1, Q2 = _Tables(q, home + tails), _Tables(q, home + (table - tails))
            changed = _double_q_learning_step(Q1, Q2, S, A, R, S_next, on, alpha, gamma, u[3])
            Q.write(Q.cell(S, A), changed)

        over = ended
        if max_steps is not None:
            steps += 1
            over = ended | (steps == max_steps)
        S, (begins,) = S_next, over.nonzero()
        if begins.size:
            if values is not None and watch is not None:
                slot = slots.take(place.take(begins) // runs)
                noted, slot = begins[slot >= 0], slot[slot >= 0]
                if noted.size:
                    start = home.take(noted)
                    both = [_Tables(q, start + i * table).of(watch).T for i in range(tables)]
                    values[slot, run.take(noted)] = _value(both)
            S, place, steps = np.where(over, mdp.start, S), place + runs * over, steps * ~over
            going = place < first_actions.size
            if not going.all():
                run, place, S, steps = run[going], place[going], S[going], steps[going]
                (begins,) = over[going].nonzero()
    learned = np.moveaxis(q.reshape(mdp.actions, tables, runs, states), 0, -1)
    return TabularRuns(learned[0] if tables == 1 else learned, first_actions, values)


def _best(q: Array, uniform: Array) -> Index:
    """행동 가치 (행동, 실행)에서 실행마다 값이 가장 큰 행동을 고릅니다. 여럿이면 고르게 뽑습니다."""
    small = np.min_scalar_type(len(q))  # a narrow integer is several times faster to add
    best = (q == q.max(axis=0)).astype(small)
    count = best.sum(axis=0, dtype=small)
    action: Index = (best * np.arange(len(q), dtype=small)[:, None]).max(axis=0).astype(np.intp)
    (tied,) = (count > 1).nonzero()
    if tied.size:
        nth = (uniform.take(tied) * count.take(tied)).astype(small)
        action[tied] = (best.take(tied, axis=1).cumsum(axis=0, dtype=small) <= nth).sum(axis=0)
    return action


def _value(q: Sequence[Array]) -> Array:
    """한 상태의 추정값. 표마다의 행동 가치 (실행, 행동)에서 실행마다 하나를 냅니다."""
    if len(q) == 1:
        return single_estimate(q[0])
    return (double_estimate(q[0], q[1]) + double_estimate(q[1], q[0])) / 2


def _slots(watch: int | None, watch_at: Sequence[int] | None, episodes: int) -> Index:
    """에피소드마다 추정값을 적을 줄의 번호. 적지 않는 에피소드는 -1입니다."""
    if watch_at is None:
        return np.arange(episodes)
    if watch is None:
        found = _checks.shown(watch_at)
        raise ValueError(f"watch_at needs watch, the state to watch, got watch_at={found} alone")
    at = [_checks.integer("watch_at", episode, least=1) for episode in _checks.several("watch_at", watch_at)]
    if not at or at != sorted(set(at)) or at[-1] > episodes:
        raise ValueError(f"watch_at must rise within 1 to {episodes}, got {at}")
    slots = np.full(episodes, -1)
    slots[np.array(at) - 1] = np.arange(len(at))
    return slots


def _check_learning(
    mdp: MDP,
    episodes: int,
    rng: np.random.Generator,
    runs: int,
    alpha: float,
    gamma: float,
    epsilon: float,
    watch: int | None,
    max_steps: int | None,
) -> None:
    _checks.instance("mdp", mdp, MDP, wanted="an MDP")
    _checks.count("episodes", episodes), _checks.count("runs", runs)
    _checks.room(episodes=episodes, runs=runs)
    _checks.room(runs=runs, mdp=2 * mdp.states * mdp.actions)
    _checks.generator("rng", rng)
    _checks.fraction("alpha", _checks.positive("alpha", alpha))
    _checks.fraction("gamma", gamma)
    _checks.fraction("epsilon", epsilon)
    if watch is not None and _checks.integer("watch", watch, least=0) >= mdp.states:
        raise ValueError(f"watch must be a state below {mdp.states}, got {watch}")
    if max_steps is not None:
        _checks.integer("max_steps", max_steps, least=1)
