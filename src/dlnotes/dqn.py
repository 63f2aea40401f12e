r"""DQN과 Double DQN. 신경망이 공 받기(Catch)의 화면을 보고 행동 가치를 배웁니다.

DQN은 큐 학습에 세 가지를 더합니다. 표 대신 신경망 :math:`Q(s, a; \theta)` 를 쓰고, 겪은 일을 재현
메모리에 모아 두었다가 무작위로 꺼내 배우고, 목표값은 한동안 굳혀 둔 목표 신경망 :math:`\theta^-` 로 셉니다.
Double DQN은 목표값의 행동만 온라인 신경망 :math:`\theta` 가 고릅니다. 둘의 차이는 그 한 줄뿐입니다.

시드가 다른 실행 여럿을 나란히 돌립니다. 배열의 첫 축이 실행입니다.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last
from dlnotes.environments import CATCH_MOVES, CatchGames, catch_images, catch_restart, catch_start, catch_step
from dlnotes.mlp import initialize, mlp, mlp_vjp, parameter_count
from dlnotes.optimizers import AdamSums, adam_in_place
from dlnotes.q_learning import double_td_target, td_target

Array = npt.NDArray[np.floating]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Transitions:
    r"""전이 :math:`(s_i, a_i, r_i, s_{i+1})` 의 묶음.

    :math:`r_i` 는 :math:`s_i` 에서 :math:`a_i` 를 하고 받은 보상입니다.

    Parameters
    ----------
    observations : ndarray
        행동하기 전에 본 것 :math:`s_i`, ``(…, F)``.
    actions : ndarray
        행동 :math:`a_i`, ``(…)``.
    rewards : ndarray
        보상 :math:`r_i`, ``(…)``.
    next_observations : ndarray
        행동한 다음에 본 것 :math:`s_{i+1}`, ``(…, F)``.
    terminated : ndarray
        판이 끝났는지, ``(…)``.
    """

    observations: Array
    actions: Integers
    rewards: Array
    next_observations: Array
    terminated: Booleans


def replay_memory(runs: int, capacity: int, features: int) -> Transitions:
    """비어 있는 재현 메모리(replay memory)를 만듭니다.

    Parameters
    ----------
    runs : int
        실행의 수. 실행마다 메모리가 따로 있습니다.
    capacity : int
        실행 하나가 담는 전이의 수.
    features : int
        관측의 길이 ``F``.

    Returns
    -------
    Transitions
        모양이 ``(runs, capacity)`` 인 묶음. 아직 뜻이 없는 0으로 차 있습니다.

    Raises
    ------
    TypeError
        정수가 아닐 때.
    ValueError
        1보다 작을 때.

    Examples
    --------
    >>> replay_memory(5, 100, 25).observations.shape
    (5, 100, 25)
    """
    lead = _checks.integer("runs", runs, least=1), _checks.integer("capacity", capacity, least=1)
    screens = (*lead, _checks.integer("features", features, least=1))
    _checks.room(runs=screens[0], capacity=screens[1], features=screens[2])
    return Transitions(
        np.zeros(screens, np.float32),
        np.zeros(lead, np.int64),
        np.zeros(lead, np.float32),
        np.zeros(screens, np.float32),
        np.zeros(lead, np.bool_),
    )


def remember(memory: Transitions, count: int, transitions: Transitions) -> int:
    """전이를 메모리에 적습니다. 메모리가 차면 가장 오래된 것을 덮어씁니다.

    Parameters
    ----------
    memory : Transitions
        :func:`replay_memory` 가 만든 메모리. 제자리에서 바뀝니다.
    count : int
        지금까지 적은 전이의 수.
    transitions : Transitions
        실행마다 전이 하나, ``(runs,)``.

    Returns
    -------
    int
        적은 다음의 수 ``count + 1``.

    Raises
    ------
    TypeError
        `count` 가 정수가 아닐 때.
    ValueError
        `count` 가 음수이거나 모양이 메모리와 맞지 않을 때.

    Examples
    --------
    자리가 둘인 메모리에 셋을 적으면 처음 것이 사라집니다.

    >>> memory, count, screen = replay_memory(1, 2, 1), 0, np.zeros((1, 1))
    >>> for reward in (1.0, 2.0, 3.0):
    ...     one = Transitions(screen, np.array([0]), np.array([reward]), screen, np.array([False]))
    ...     count = remember(memory, count, one)
    >>> memory.rewards.tolist(), count
    ([[3.0, 2.0]], 3)
    """
    count = _checks.integer("count", count, least=0)
    _checks.instance("memory", memory, Transitions), _checks.instance("transitions", transitions, Transitions)
    slot = count % memory.actions.shape[1]
    for field in fields(Transitions):
        place, value = getattr(memory, field.name)[:, slot], getattr(transitions, field.name)
        if np.shape(value) != place.shape:
            raise ValueError(f"{field.name} must have shape {place.shape}, got {np.shape(value)}")
        place[...] = value
    return count + 1


def sample(memory: Transitions, count: int, batch_size: int, rng: np.random.Generator) -> Transitions:
    """적어 둔 전이 가운데서 미니배치를 고르게, 되풀이를 허락하며 뽑습니다.

    뽑힌 전이의 번호 :math:`i` 는 표본의 번호이지 시간이 아닙니다.

    Parameters
    ----------
    memory : Transitions
        메모리.
    count : int
        지금까지 적은 전이의 수.
    batch_size : int
        실행마다 뽑을 전이의 수.
    rng : numpy.random.Generator
        난수 생성기.

    Returns
    -------
    Transitions
        모양이 ``(runs, batch_size)`` 인 묶음.

    Raises
    ------
    TypeError
        `count` 나 `batch_size` 가 정수가 아니거나 `rng` 가 난수 생성기가 아닐 때.
    ValueError
        적은 전이가 없거나 `batch_size` 가 1보다 작을 때.

    Examples
    --------
    >>> memory = replay_memory(2, 100, 25)
    >>> sample(memory, 10, 32, np.random.default_rng(0)).rewards.shape
    (2, 32)
    """
    rng, size = _checks.generator("rng", rng), _checks.integer("batch_size", batch_size, least=1)
    runs, capacity = _checks.instance("memory", memory, Transitions).actions.shape
    _checks.room(memory=runs, batch_size=size)
    filled = min(_checks.integer("count", count, least=1), capacity)
    chosen = capacity * np.arange(runs)[:, None] + rng.integers(filled, size=(runs, size))
    shelves = (getattr(memory, field.name) for field in fields(Transitions))
    return Transitions(*(shelf.reshape(-1, *shelf.shape[2:]).take(chosen, axis=0) for shelf in shelves))


@rounded_last
def squared_td_error(q: npt.ArrayLike, actions: npt.ArrayLike, targets: npt.ArrayLike) -> tuple[Array, Array]:
    r"""해 본 행동의 값이 목표값에서 얼마나 벗어났는지와, 그 기울기를 계산합니다.

    .. math:: C = \frac{1}{2N} \sum_{i=1}^{N} \bigl(Q(s_i, a_i; \theta) - y_i\bigr)^2

    목표값 :math:`y_i` 는 상수로 둡니다. 해 보지 않은 행동은 비용에 나오지 않으므로 기울기가 0입니다.

    Parameters
    ----------
    q : array_like
        행동 가치 :math:`Q(s_i, \cdot; \theta)`, ``(…, N, A)``.
    actions : array_like
        해 본 행동 :math:`a_i`, ``(…, N)``.
    targets : array_like
        목표값 :math:`y_i`, ``(…, N)``.

    Returns
    -------
    cost : ndarray
        비용 :math:`C`, ``(…)``.
    dq : ndarray
        비용의 기울기 ``(…, N, A)``. 행동마다 하나이고, 해 본 행동에만 값이 있습니다.

    Raises
    ------
    TypeError
        `actions` 가 정수가 아니거나 나머지가 실수가 아닐 때.
    ValueError
        모양이 맞지 않거나 없는 행동이 있을 때.

    Examples
    --------
    행동 넷 가운데 2번을 해 보았고 목표값이 1이면, 2번에만 기울기가 있습니다.

    >>> cost, dq = squared_td_error([[0.0, 0, 0, 0]], [2], [1.0])
    >>> float(cost), dq.tolist()
    (0.5, [[0.0, 0.0, -1.0, 0.0]])
    """
    q, a = _checks.floats("q", q), _checks.integers("actions", actions)
    if q.ndim < 2 or a.shape != q.shape[:-1] or q.shape[-2] == 0:
        raise ValueError(
            f"actions must have shape (…, N) for q of shape (…, N, A), got {a.shape} and {q.shape}"
        )
    if (wrong := a[(a < 0) | (a >= q.shape[-1])]).size:
        raise ValueError(f"actions must be below {q.shape[-1]}, got {wrong[0]}")
    y = _checks.shaped("targets", targets, a.shape)
    error = np.take_along_axis(q, a[..., None], axis=-1) - y[..., None].astype(q.dtype)
    dq = np.zeros_like(q)
    np.put_along_axis(dq, a[..., None], error / q.shape[-2], axis=-1)
    return np.asarray((error[..., 0] ** 2).mean(axis=-1) / 2), dq


@dataclass(frozen=True, eq=False)
class CatchRuns:
    r"""공 받기를 배운 실행들의 기록.

    Parameters
    ----------
    caught : ndarray
        배우면서 둔 판마다 공을 받았는지, ``(runs, episodes)``. 탐험하느라 놓친 판도 셉니다.
    steps : ndarray
        잰 때, 곧 그때까지의 걸음 수 ``(checks,)``.
    estimates : ndarray
        처음 상태의 추정 가치 :math:`\max_a Q(s_0, a; \theta)`, ``(runs, checks)``. 모든 처음 상태에 걸쳐
        평균합니다.
    values : ndarray
        그때의 탐욕 정책이 같은 처음 상태들에서 실제로 얻는 할인된 이득 ``(runs, checks)``.
    greedy_caught : ndarray
        그때의 탐욕 정책이 공을 받는 비율 ``(runs, checks)``.
    theta : ndarray
        다 배운 매개변수 ``(runs, P)``.
    """

    caught: Booleans
    steps: Integers
    estimates: Array
    values: Array
    greedy_caught: Array
    theta: Array

    @property
    def overestimates(self) -> Array:
        """추정 가치에서 실제 가치를 뺀 것 ``(runs, checks)``."""
        return np.asarray(self.estimates - self.values)


@rounded_last
def evaluate_catch(
    theta: npt.ArrayLike, sizes: Sequence[int], *, size: int, gamma: float
) -> tuple[Array, Array, Array]:
    r"""공 받기의 모든 처음 상태에서 탐욕 정책이 얻는 것을, 신경망이 믿는 값과 나란히 셉니다.

    공과 받침이 설 수 있는 ``size²`` 가지 자리에서 탐욕 정책으로 끝까지 두고 평균합니다. 시작한 뒤에는 난수가
    없으므로 이 값은 표본이 아니라 참값입니다. 보상의 잡음은 평균이 0이라 참값을 바꾸지 않습니다.
    출력이 셋보다 많으면 ``a`` 번째 출력은 행동 ``a % 3`` 을 하는 단추입니다.

    Parameters
    ----------
    theta : array_like
        매개변수 ``(runs, P)``.
    sizes : sequence of int
        신경망의 층 크기. 입력은 ``size²``, 출력은 단추의 수입니다.
    size : int
        화면의 한 변 (픽셀).
    gamma : float
        할인율 :math:`\gamma`.

    Returns
    -------
    estimates : ndarray
        추정 가치 :math:`\max_a Q(s_0, a; \theta)` 의 평균, ``(runs,)``.
    values : ndarray
        탐욕 정책의 할인된 이득 :math:`\sum_k \gamma^k r_k` 의 평균, ``(runs,)``.
    caught : ndarray
        공을 받는 비율, ``(runs,)``.

    Raises
    ------
    TypeError
        인자가 실수 배열이나 정수가 아닐 때.
    ValueError
        모양이 맞지 않거나 `gamma` 가 0과 1 사이가 아닐 때.

    Examples
    --------
    모든 값이 0인 신경망은 늘 왼쪽으로 갑니다. 공이 왼쪽 끝으로 떨어지는 판만 받습니다.

    >>> estimates, values, caught = evaluate_catch(np.zeros((1, 78)), [25, 3], size=5, gamma=0.9)
    >>> estimates.tolist(), values.round(4).tolist(), caught.tolist()
    ([0.0], [-0.4374], [0.2])
    """
    theta, gamma = _checks.array("theta", theta, rank=2), _checks.fraction("gamma", gamma)
    if not len(theta):
        raise ValueError(f"theta must hold at least one network, got shape {theta.shape}")
    size = _checks.count("size", size, least=2)
    _checks.room(theta=len(theta), size=size**4)
    parameter_count(sizes)  # refuses what is no sizes
    if sizes[0] != size * size:
        raise ValueError(f"sizes must begin with size²={size * size}, got {_checks.shown(sizes)}")
    ball, paddle = np.divmod(np.arange(_checks.integer("size", size, least=2) ** 2), size)
    start = (len(theta), size * size)
    games = CatchGames(
        size, np.zeros(start, int), np.broadcast_to(ball, start), np.broadcast_to(paddle, start)
    )
    q = mlp(_screens(games), theta, sizes)
    estimates, value = q.max(axis=-1).mean(axis=-1), np.zeros(start)
    for k in range(size - 1):
        games, rewards, _ = catch_step(games, q.argmax(axis=-1) % len(CATCH_MOVES))
        value += gamma**k * rewards
        q = mlp(_screens(games), theta, sizes)
    return estimates, value.mean(axis=-1), (games.ball == games.paddle).mean(axis=-1)


def optimal_catch(size: int, *, gamma: float) -> float:
    r"""공 받기의 처음 상태에서 얻을 수 있는 가장 큰 값 :math:`\max_a Q^*(s_0, a)` 의 평균.

    마지막 줄에서 시작해 거꾸로 셉니다. 공이 맨 아래에 닿으면 받았는지에 따라 :math:`\pm1` 이고, 그 앞의 값은
    세 행동 가운데 가장 나은 것에 :math:`\gamma` 를 곱한 것입니다. 마지막 보상에는 곱하지 않습니다.

    Parameters
    ----------
    size : int
        화면의 한 변 (픽셀).
    gamma : float
        할인율 :math:`\gamma`.

    Returns
    -------
    float
        공과 받침이 설 수 있는 ``size²`` 가지 처음 상태에 걸친 평균.

    Raises
    ------
    TypeError
        `size` 가 정수가 아니거나 `gamma` 가 실수가 아닐 때.
    ValueError
        `size` 가 2보다 작거나 `gamma` 가 0과 1 사이가 아닐 때.

    Examples
    --------
    받침은 어디에서 시작해도 공을 따라잡습니다. 한 변이 4이면 셋째 걸음에 받으므로 :math:`\gamma^2` 입니다.

    >>> round(optimal_catch(4, gamma=0.9), 6)
    0.81
    """
    size, gamma = _checks.count("size", size, least=2), _checks.fraction("gamma", gamma)
    _checks.room(size=3 * size * size)
    at = np.arange(size)
    reached = np.clip(at[:, None] + np.array(CATCH_MOVES), 0, size - 1)
    value = np.where(at[:, None] == at, 1.0, -1.0)  # ball, paddle: the ball has landed
    for step in range(size - 1):
        value = (gamma if step else 1.0) * value[:, reached].max(axis=-1)
    return float(value.mean())


def dqn(
    steps: int,
    rng: np.random.Generator,
    *,
    double: bool | npt.ArrayLike = False,
    runs: int = 1,
    size: int = 5,
    keys: int = len(CATCH_MOVES),
    hidden: Sequence[int] = (64,),
    gamma: float = 0.9,
    lr: float = 5e-3,
    batch_size: int = 32,
    capacity: int = 10_000,
    warmup: int = 100,
    sync: int = 300,
    epsilon: float = 0.1,
    exploration: int = 1000,
    reward_std: float = 0.0,
    check_every: int = 100,
) -> CatchRuns:
    r"""공 받기를 DQN이나 Double DQN으로 배웁니다.

    걸음마다 ε-탐욕으로 행동하고, 전이를 메모리에 적고, 미니배치를 뽑아 Adam으로 한 걸음 고칩니다. 목표값은

    .. math::

        \text{DQN} \quad y_i &= r_i + \gamma \max_{a'} Q(s_{i+1}, a'; \theta^-), \\
        \text{Double DQN} \quad y_i &= r_i + \gamma\, Q\bigl(s_{i+1}, \arg\max_{a'} Q(s_{i+1}, a'; \theta);
        \theta^-\bigr)

    이고, 판이 끝난 전이에서는 :math:`y_i = r_i` 입니다. `sync` 걸음마다 :math:`\theta` 를 :math:`\theta^-` 에
    베낍니다.

    Parameters
    ----------
    steps : int
        걸음의 수. 한 판은 ``size - 1`` 걸음입니다.
    rng : numpy.random.Generator
        난수 생성기.
    double : bool or array_like
        참이면 Double DQN, 거짓이면 DQN. 실행마다 다르면 ``(runs,)`` 로 줍니다.
    runs : int
        나란히 배우는 실행의 수. 실행마다 신경망과 메모리와 판이 따로 있습니다.
    size : int
        화면의 한 변 (픽셀).
    keys : int
        조종기의 단추 수, 곧 신경망의 출력 수. ``a`` 번 단추는 행동 ``a % 3`` 을 합니다. 셋보다 많으면 같은
        일을 하는 단추가 여럿이므로 참값은 그대로인데 최댓값을 고를 추정치가 늘어납니다.
    hidden : sequence of int
        은닉층의 크기 (ReLU 유닛 수).
    gamma : float
        할인율 :math:`\gamma`.
    lr : float
        Adam의 학습률 :math:`\alpha`.
    batch_size : int
        미니배치의 크기 (전이 수).
    capacity : int
        재현 메모리의 크기 (전이 수).
    warmup : int
        배우기 전에 모아 둘 전이의 수. 1 이상입니다.
    sync : int
        목표 신경망을 새로 베끼는 간격 (걸음).
    epsilon : float
        마지막 탐험 확률 ε. 처음에는 1이고 `exploration` 걸음 동안 곧게 줄어듭니다.
    exploration : int
        ε이 줄어드는 걸음 수.
    reward_std : float
        학습자가 받는 보상마다 더하는 정규 잡음의 표준편차. 평균은 0입니다.
    check_every : int
        추정 가치와 실제 가치를 재는 간격 (걸음).

    Returns
    -------
    CatchRuns
        판마다의 결과와, 추정 가치와 실제 가치.

    Raises
    ------
    TypeError
        수여야 할 인자가 수가 아니거나 `rng` 가 난수 생성기가 아닐 때.
    ValueError
        범위를 벗어난 인자가 있을 때.

    References
    ----------
    Mnih et al. (2015), Human-level control through deep reinforcement learning. Nature.

    van Hasselt, Guez and Silver (2016), Deep reinforcement learning with double Q-learning. AAAI.

    Examples
    --------
    >>> learned = dqn(200, np.random.default_rng(0), runs=4, double=[False, False, True, True])
    >>> learned.caught.shape, learned.steps.tolist(), learned.overestimates.shape
    ((4, 50), [100, 200], (4, 2))
    """
    steps, runs = _checks.count("steps", steps), _checks.count("runs", runs)
    sync, every = _checks.integer("sync", sync, least=1), _checks.integer("check_every", check_every, least=1)
    warmup, decay = (
        _checks.integer("warmup", warmup, least=1),
        _checks.integer("exploration", exploration, least=1),
    )
    batch_size, hidden = _checks.count("batch_size", batch_size), _hidden(hidden)
    gamma, epsilon = _checks.fraction("gamma", gamma), _checks.fraction("epsilon", epsilon)
    lr, noise = _checks.positive("lr", lr), _checks.nonnegative("reward_std", reward_std)
    doubled, keys = _flags(double, runs), _checks.integer("keys", keys, least=len(CATCH_MOVES))
    games = catch_start(runs, size, _checks.generator("rng", rng))
    sizes = size * size, *hidden, keys
    theta = initialize(sizes, rng, runs=runs).astype(np.float32)
    target, state, screens = theta, None, _screens(games)
    memory, count = replay_memory(runs, capacity, size * size), 0
    caught, checks = [], []
    for step in range(1, steps + 1):
        exploring = max(epsilon, 1 - (1 - epsilon) * step / decay)
        actions = _explore(mlp(screens[:, None], theta, sizes)[:, 0], exploring, rng)
        games, rewards, ended = catch_step(games, actions % len(CATCH_MOVES))
        received = rewards + noise * rng.standard_normal(runs)
        before, screens = screens, _screens(games)
        count = remember(memory, count, Transitions(before, actions, received, screens, ended))
        if ended.all():  # every game lasts size - 1 steps, so all end at once
            caught.append(rewards > 0)
            games = catch_restart(games, rng)
            screens = _screens(games)
        if count >= warmup:
            batch = sample(memory, count, batch_size, rng)
            theta, state = _learn(theta, target, state, batch, sizes, double=doubled, gamma=gamma, lr=lr)
        _checks.converged("lr", lr, theta)
        if step % sync == 0:
            target = theta
        if step % every == 0:
            checks.append(evaluate_catch(theta, sizes, size=size, gamma=gamma))
    return _record(caught, checks, every, theta)


def _learn(
    theta: Array,
    target: Array,
    state: AdamSums | None,
    batch: Transitions,
    sizes: Sequence[int],
    *,
    double: Booleans,
    gamma: float,
    lr: float,
) -> tuple[Array, AdamSums]:
    """미니배치 하나로 매개변수를 한 걸음 고칩니다."""
    r, s_next, ended = batch.rewards, batch.next_observations, batch.terminated
    next_q = mlp(s_next, target, sizes)
    y = td_target(r, next_q, ended, gamma=gamma)
    if double.any():
        online_q = mlp(s_next[double], theta[double], sizes)
        y[double] = double_td_target(r[double], online_q, next_q[double], ended[double], gamma=gamma)
    q, pullback = mlp_vjp(batch.observations, theta, sizes)
    _, dq = squared_td_error(q, batch.actions, y)
    _, dtheta = pullback(dq)
    learned = theta.copy()  # the target network may be the old one
    return learned, adam_in_place(learned, dtheta, state, lr=lr)


def _explore(q: Array, epsilon: float, rng: np.random.Generator) -> Integers:
    """실행마다 확률 ε으로 아무 행동을, 아니면 값이 가장 큰 행동을 고릅니다."""
    random = rng.random(len(q)) < epsilon
    return np.where(random, rng.integers(q.shape[-1], size=len(q)), q.argmax(axis=-1))


def _screens(games: CatchGames) -> npt.NDArray[np.float32]:
    """화면을 한 줄로 편 관측 ``(…, size²)``."""
    images = catch_images(games, np.float32)
    return images.reshape(*images.shape[:-2], -1)


def _record(caught: list[Booleans], checks: list[Any], every: int, theta: Array) -> CatchRuns:
    """모은 기록을 실행이 첫 축인 배열로 바꿉니다."""
    runs = len(theta)
    table = np.array(checks, np.float64).reshape(len(checks), 3, runs)
    estimates, values, greedy = np.moveaxis(table, 0, -1)
    episodes = np.array(caught, bool).reshape(len(caught), runs).T
    return CatchRuns(episodes, every * np.arange(1, len(checks) + 1), estimates, values, greedy, theta)


def _hidden(hidden: Sequence[int]) -> tuple[int, ...]:
    units = _checks.several("hidden", hidden)
    return tuple(_checks.count(f"hidden[{i}]", n) for i, n in enumerate(units))


def _flags(double: bool | npt.ArrayLike, runs: int) -> Booleans:
    """실행마다 Double DQN인지 ``(runs,)``."""
    flags = _checks.as_array("double", double)
    if flags.dtype != np.bool_:
        raise TypeError(f"double must be True, False or an array of them, got dtype {flags.dtype}")
    if flags.shape not in ((), (runs,)):
        raise ValueError(f"double must have shape () or ({runs},), got {flags.shape}")
    return np.broadcast_to(flags, runs)
