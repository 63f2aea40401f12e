r"""강화 학습의 작은 환경. 표로 적은 마르코프 결정 과정과 공 받기(Catch)입니다.

환경은 두 모습으로 있습니다. 하나는 Gymnasium과 같은 이름의 ``reset`` 과 ``step`` 으로 한 판씩 두는
:class:`TabularEnvironment` 와 :class:`Catch` 이고, 다른 하나는 여러 판을 나란히 두는 배열의 함수
(:func:`mdp_step`, :func:`catch_start`, :func:`catch_step`, :func:`catch_images`)입니다. 규칙은 한 번만 적혀
있고 두 모습이 같은 규칙을 씁니다.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from dlnotes import _checks

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Info = dict[str, Any]
Seed: TypeAlias = "int | np.random.Generator | None"  # 글자로 적어 numpy.random을 미리 들이지 않습니다

UP, RIGHT, DOWN, LEFT = range(4)
"""격자 세계의 행동."""

MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))
"""격자 세계의 행동이 옮기는 (행, 열). 위, 오른쪽, 아래, 왼쪽의 차례입니다."""

CATCH_MOVES = (-1, 0, 1)
"""공 받기의 행동 0, 1, 2가 받침을 옮기는 칸. 왼쪽, 그대로, 오른쪽의 차례입니다."""


class Environment(Protocol):
    """한 판씩 두는 환경의 약속. 이름과 돌려주는 것의 차례가 Gymnasium과 같습니다."""

    def reset(self, *, seed: Seed = None, options: Mapping[str, Any] | None = None) -> tuple[Any, Info]:
        """새 판을 시작하고 처음 관측과 덧붙이는 말을 돌려줍니다."""
        ...

    def step(self, action: int) -> tuple[Any, float, bool, bool, Info]:
        """행동하고 관측, 보상, 끝남, 잘림, 덧붙이는 말을 돌려줍니다."""
        ...


@dataclass(frozen=True, eq=False)
class MDP:
    r"""표로 적은 마르코프 결정 과정. 다음 상태는 정해져 있고 보상만 정규 분포를 따릅니다.

    상태 :math:`s` 에서 행동 :math:`a` 를 하면 다음 상태는 ``next_state[s, a]`` 이고, 보상은 평균이
    ``reward_mean[s, a]``, 표준편차가 ``reward_std[s, a]`` 인 정규 분포에서 나옵니다. 표준편차가 0이면 보상도
    정해져 있습니다.

    Parameters
    ----------
    name : str
        이름.
    next_state : array_like
        다음 상태의 번호 ``(S, A)``.
    reward_mean, reward_std : array_like
        보상의 평균과 표준편차 ``(S, A)``. 표준편차는 0 이상입니다.
    terminal : array_like
        그 상태에서 판이 끝나는지 ``(S,)``.
    available : array_like
        그 상태에서 그 행동을 할 수 있는지 ``(S, A)``. 끝나는 상태에는 할 수 있는 행동이 없고, 다른 상태에는
        하나 이상 있습니다. 할 수 없는 행동의 다음 상태와 보상은 쓰지 않습니다.
    start : int
        처음 상태의 번호. 끝나는 상태가 아닙니다.

    Raises
    ------
    TypeError
        정수, 참·거짓, 실수가 있어야 할 자리에 다른 값이 왔을 때.
    ValueError
        모양이 서로 다르거나, 없는 상태를 가리키거나, 표준편차가 음수이거나, 끝나는 상태와 할 수 있는 행동이
        맞지 않을 때.

    Notes
    -----
    배열은 복사해 두며 고칠 수 없습니다.

    Examples
    --------
    >>> mdp = chain(3)
    >>> mdp.states, mdp.actions, mdp.next_state[:, 0].tolist(), mdp.terminal.tolist()
    (4, 1, [1, 2, 3, 3], [False, False, False, True])
    """

    name: str
    next_state: Integers
    reward_mean: Floats
    reward_std: Floats
    terminal: Booleans
    available: Booleans
    start: int

    def __post_init__(self) -> None:
        _checks.text("name", self.name)
        shape = _table_shape(self.next_state)
        for name in ("reward_mean", "reward_std"):
            self._keep(name, _checks.shaped(name, getattr(self, name), shape).astype(np.float64))
        self._keep("next_state", _checks.integers("next_state", self.next_state))
        self._keep("terminal", _checks.booleans("terminal", self.terminal, shape[:1]))
        self._keep("available", _checks.booleans("available", self.available, shape))
        object.__setattr__(self, "start", _checks.integer("start", self.start, least=0))
        self._check_values()

    def _keep(self, name: str, value: npt.NDArray[Any]) -> None:
        kept = value.copy()
        kept.flags.writeable = False
        object.__setattr__(self, name, kept)

    def _check_values(self) -> None:
        for name in ("reward_mean", "reward_std"):
            if not np.isfinite(getattr(self, name)).all():
                raise ValueError(f"{name} must be finite, got {getattr(self, name).tolist()}")
        if (self.reward_std < 0).any():
            raise ValueError(f"reward_std must be non-negative, got {self.reward_std.min()}")
        outside = self.next_state[(self.next_state < 0) | (self.next_state >= self.states)]
        if outside.size:
            raise ValueError(f"next_state must be a state below {self.states}, got {outside[0]}")
        if self.start >= self.states or self.terminal[self.start]:
            raise ValueError(f"start must be a state that is not terminal, got {self.start}")
        choices = self.available.any(axis=1)
        for s in np.flatnonzero(choices == self.terminal):
            wanted = "no action in a terminal state" if self.terminal[s] else "an action in every other state"
            raise ValueError(f"available must offer {wanted}, got {self.available[s].tolist()} in state {s}")

    @property
    def states(self) -> int:
        """상태의 수 :math:`S` (개)."""
        return len(self.next_state)

    @property
    def actions(self) -> int:
        """행동의 수 :math:`A` (개). 상태마다 할 수 있는 행동은 이보다 적을 수 있습니다."""
        return int(self.next_state.shape[1])


def _table_shape(next_state: npt.ArrayLike) -> tuple[int, int]:
    shape = _checks.as_array("next_state", next_state).shape
    if len(shape) != 2 or 0 in shape:
        raise ValueError(f"next_state must have shape (S, A) with at least one state and action, got {shape}")
    return shape[0], shape[1]


def maximization_bias(actions: int = 10, mean: float = -0.1, std: float = 1.0) -> MDP:
    r"""최대화 편향을 보이는 두 갈래의 과정. Sutton과 Barto의 책에 있는 예입니다.

    처음 상태 A(0번)에서 왼쪽(행동 0)으로 가면 B(1번), 오른쪽(행동 1)으로 가면 끝(2번)이고 보상은 둘 다
    0입니다. B에는 행동이 `actions` 개 있으며, 무엇을 하든 보상이 정규 분포에서 나오고 판이 끝납니다. `mean`
    이 음수이면 왼쪽은 평균적으로 손해입니다.

    Parameters
    ----------
    actions : int
        B에서 할 수 있는 행동의 수 (개).
    mean, std : float
        B에서 받는 보상의 평균과 표준편차.

    Returns
    -------
    MDP
        상태가 셋, 행동이 ``max(2, actions)`` 개인 과정.

    Raises
    ------
    TypeError
        `actions` 가 정수가 아니거나 `mean`, `std` 가 실수가 아닐 때.
    ValueError
        `actions` 가 1보다 작거나 `std` 가 음수일 때.

    References
    ----------
    Sutton, Barto (2018), Reinforcement learning: an introduction, 2nd edition, Example 6.7.

    Examples
    --------
    >>> mdp = maximization_bias()
    >>> mdp.next_state[0, :2].tolist(), mdp.available.sum(axis=1).tolist()
    ([1, 2], [2, 10, 0])
    >>> mdp.reward_mean[1, 0].item(), mdp.reward_std[1, 0].item()
    (-0.1, 1.0)
    """
    actions = _checks.count("actions", actions)
    mean, std = _checks.real("mean", mean), _checks.nonnegative("std", std)
    shape = 3, max(2, actions)
    next_state = np.full(shape, 2)
    next_state[0, 0] = 1
    available = np.zeros(shape, bool)
    available[0, :2] = available[1, :actions] = True
    in_b = np.zeros(shape)
    in_b[1, :actions] = 1.0
    terminal = np.array([False, False, True])
    return MDP("maximization bias", next_state, mean * in_b, std * in_b, terminal, available, 0)


def chain(length: int, reward: float = 1.0, *, actions: int = 1) -> MDP:
    """한 줄로 이은 상태. 끝에 닿는 마지막 걸음에만 보상이 있습니다.

    상태는 0번부터 ``length - 1`` 번까지이고, ``length`` 번이 끝입니다. 행동이 하나이면 앞으로 가고, 둘이면
    0이 왼쪽, 1이 오른쪽입니다. 0번에서 왼쪽으로 가면 제자리입니다.

    Parameters
    ----------
    length : int
        끝까지의 걸음 수. 끝을 뺀 상태의 수와 같습니다.
    reward : float
        마지막 걸음의 보상. 다른 걸음은 0입니다.
    actions : {1, 2}
        행동의 수 (개).

    Returns
    -------
    MDP
        상태가 ``length + 1`` 개인 과정.

    Raises
    ------
    TypeError
        `length` 나 `actions` 가 정수가 아니거나 `reward` 가 실수가 아닐 때.
    ValueError
        `length` 가 1보다 작거나 `actions` 가 1도 2도 아닐 때.

    Examples
    --------
    >>> chain(5).reward_mean[:, 0].tolist()
    [0.0, 0.0, 0.0, 0.0, 1.0, 0.0]
    >>> chain(3, actions=2).next_state[:3].tolist()
    [[0, 1], [0, 2], [1, 3]]
    """
    length, reward = _checks.count("length", length), _checks.real("reward", reward)
    if _checks.integer("actions", actions, least=1) > 2:
        raise ValueError(f"actions must be 1 (forward) or 2 (left, right), got {actions}")
    states = np.arange(length + 1)
    forward, back = np.minimum(states + 1, length), np.maximum(states - 1, 0)
    next_state = np.stack([back, forward][2 - actions :], axis=1)
    terminal = states == length
    reward_mean = np.zeros(next_state.shape)
    reward_mean[length - 1, actions - 1] = reward
    available = np.repeat(~terminal[:, None], actions, axis=1)
    return MDP("chain", next_state, reward_mean, np.zeros(next_state.shape), terminal, available, 0)


def gridworld(
    height: int,
    width: int,
    *,
    start: tuple[int, int] = (0, 0),
    goal: tuple[int, int] | None = None,
    walls: Iterable[tuple[int, int]] = (),
    step_reward: float = 0.0,
    goal_reward: float = 1.0,
) -> MDP:
    """격자 위를 위, 오른쪽, 아래, 왼쪽(행동 0, 1, 2, 3)으로 걸어 도착 칸을 찾습니다.

    칸 ``(행, 열)`` 의 상태 번호는 ``행 * width + 열`` 입니다. 격자 밖이나 벽으로 가면 제자리에 남습니다.

    Parameters
    ----------
    height, width : int
        격자의 세로와 가로 (칸).
    start, goal : (int, int)
        출발 칸과 도착 칸의 (행, 열). `goal` 을 비우면 오른쪽 아래 구석입니다.
    walls : iterable of (int, int)
        들어갈 수 없는 칸들의 (행, 열).
    step_reward, goal_reward : float
        한 걸음의 보상과, 도착 칸에 들어서는 걸음의 보상.

    Returns
    -------
    MDP
        상태가 ``height * width`` 개, 행동이 넷인 과정.

    Raises
    ------
    TypeError
        칸이 정수의 쌍이 아니거나 보상이 실수가 아닐 때.
    ValueError
        칸이 격자를 벗어나거나, 출발 칸과 도착 칸이 같거나, 그 칸이 벽일 때.

    Examples
    --------
    2×2 격자의 왼쪽 위에서 아래로 가면 2번, 오른쪽으로 가면 1번 칸입니다.

    >>> mdp = gridworld(2, 2)
    >>> mdp.next_state[0, [DOWN, RIGHT, UP, LEFT]].tolist(), mdp.reward_mean[1, DOWN].item()
    ([2, 1, 0, 0], 1.0)
    >>> gridworld(2, 2, walls=[(0, 1)]).next_state[0, RIGHT].item()
    0
    """
    height, width = _checks.count("height", height), _checks.count("width", width)
    _checks.count("height and width", height * width)
    first = _cell("start", start, height, width)
    last = _cell("goal", (height - 1, width - 1) if goal is None else goal, height, width)
    blocked = {_cell("walls", wall, height, width) for wall in _checks.several("walls", walls)}
    for name, cell in (("start", first), ("goal", last)):
        if cell in blocked:
            raise ValueError(f"{name} must not be a wall, got {divmod(cell, width)}")
    if first == last:
        raise ValueError(f"start and goal must differ, got {divmod(first, width)}")
    next_state = np.empty((height * width, len(MOVES)), np.int64)
    for s in range(height * width):
        for a, (down, right) in enumerate(MOVES):
            i, j = s // width + down, s % width + right
            inside = 0 <= i < height and 0 <= j < width and i * width + j not in blocked
            next_state[s, a] = i * width + j if inside else s
    terminal = np.arange(height * width) == last
    available = np.repeat(~terminal[:, None], len(MOVES), axis=1)
    step_reward = _checks.real("step_reward", step_reward)
    goal_reward = _checks.real("goal_reward", goal_reward)
    reward = np.where(available, np.where(next_state == last, goal_reward, step_reward), 0.0)
    return MDP("gridworld", next_state, reward, np.zeros(reward.shape), terminal, available, first)


def _cell(name: str, value: object, height: int, width: int) -> int:
    """격자의 칸을 상태의 번호로."""
    if not isinstance(value, (tuple, list)):
        raise _checks.refused(name, "a (row, column) pair", value)
    i, j = _checks.pair(name, value, least=0)
    if i >= height or j >= width:
        raise ValueError(f"{name} must lie in the {height}×{width} grid, got {(i, j)}")
    return i * width + j


def mdp_step(
    mdp: MDP, states: npt.ArrayLike, actions: npt.ArrayLike, rng: np.random.Generator
) -> tuple[Integers, Floats, Booleans]:
    """여러 판에서 한꺼번에 한 걸음씩 나아갑니다.

    Parameters
    ----------
    mdp : MDP
        마르코프 결정 과정.
    states, actions : array_like
        판마다 지금 상태와 행동의 번호. 모양이 같습니다.
    rng : numpy.random.Generator
        보상을 뽑을 난수 생성기.

    Returns
    -------
    next_states : ndarray
        다음 상태. 모양은 `states` 와 같습니다.
    rewards : ndarray
        보상. 모양은 `states` 와 같습니다.
    terminated : ndarray
        판이 끝났는지. 모양은 `states` 와 같습니다.

    Raises
    ------
    TypeError
        상태와 행동이 정수가 아니거나 `rng` 가 난수 생성기가 아닐 때.
    ValueError
        모양이 다르거나, 없는 상태이거나, 그 상태에서 할 수 없는 행동일 때.

    Examples
    --------
    >>> mdp = chain(2)
    >>> next_states, rewards, terminated = mdp_step(mdp, [0, 1], [0, 0], np.random.default_rng(0))
    >>> next_states.tolist(), rewards.tolist(), terminated.tolist()
    ([1, 2], [0.0, 1.0], [False, True])
    """
    _checks.instance("mdp", mdp, MDP), _checks.generator("rng", rng)
    s, a = _checks.integers("states", states), _checks.integers("actions", actions)
    if s.shape != a.shape:
        raise ValueError(f"actions must have the shape {s.shape} of states, got {a.shape}")
    if (wrong := s[(s < 0) | (s >= mdp.states)]).size:
        raise ValueError(f"states must be below {mdp.states}, got {wrong[0]}")
    allowed = (a >= 0) & (a < mdp.actions) & mdp.available[s, np.clip(a, 0, mdp.actions - 1)]
    if not allowed.all():
        action, state = a[~allowed][0], s[~allowed][0]
        raise ValueError(f"actions must be available in their states, got {action} in state {state}")
    noise = rng.standard_normal(s.shape)
    next_states = np.asarray(mdp.next_state[s, a])
    rewards = np.asarray(mdp.reward_mean[s, a] + mdp.reward_std[s, a] * noise)
    return next_states, rewards, np.asarray(mdp.terminal[next_states])


@dataclass(frozen=True, eq=False)
class CatchGames:
    """나란히 둔 공 받기의 판들. 판의 모양은 자유롭습니다.

    Parameters
    ----------
    size : int
        화면의 한 변 (픽셀). 2 이상입니다.
    row : ndarray
        판마다 공의 행. 맨 위가 0이고 맨 아래가 ``size - 1`` 입니다.
    ball, paddle : ndarray
        판마다 공과 받침의 열. 세 배열의 모양이 같습니다.

    Raises
    ------
    TypeError
        정수가 아닌 값이 있을 때.
    ValueError
        `size` 가 2보다 작거나, 모양이 다르거나, 화면을 벗어날 때.

    Examples
    --------
    >>> games = CatchGames(3, row=np.array([0, 2]), ball=np.array([0, 1]), paddle=np.array([1, 1]))
    >>> games.over.tolist()
    [False, True]
    """

    size: int
    row: Integers
    ball: Integers
    paddle: Integers

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", _checks.integer("size", self.size, least=2))
        for name in ("row", "ball", "paddle"):
            value = _checks.integers(name, getattr(self, name))
            if value.shape != np.shape(self.row):
                raise ValueError(f"{name} must have shape {np.shape(self.row)}, got {value.shape}")
            if value.size and not (value.min() >= 0 and value.max() < self.size):
                wrong = value.min() if value.min() < 0 else value.max()
                raise ValueError(f"{name} must lie in the {self.size}×{self.size} screen, got {wrong}")
            object.__setattr__(self, name, value)

    @property
    def over(self) -> Booleans:
        """판마다 공이 맨 아래에 닿아 판이 끝났는지."""
        return np.asarray(self.row == self.size - 1)


def catch_start(games: int | tuple[int, ...], size: int, rng: np.random.Generator) -> CatchGames:
    """공 받기를 여러 판 새로 시작합니다. 공은 맨 위의 아무 열에, 받침은 맨 아래의 아무 열에 놓입니다.

    Parameters
    ----------
    games : int 또는 tuple of int
        판의 수 또는 판의 배열의 모양.
    size : int
        화면의 한 변 (픽셀). 2 이상입니다.
    rng : numpy.random.Generator
        열을 고르게 뽑을 난수 생성기.

    Returns
    -------
    CatchGames
        시작한 판들.

    Raises
    ------
    TypeError
        `games` 나 `size` 가 정수가 아니거나 `rng` 가 난수 생성기가 아닐 때.
    ValueError
        `games` 가 음수이거나 `size` 가 2보다 작을 때.

    Examples
    --------
    >>> games = catch_start(1000, 5, np.random.default_rng(0))
    >>> int(games.row.max()), np.unique(games.ball).tolist()
    (0, [0, 1, 2, 3, 4])
    """
    _checks.generator("rng", rng)
    size = _checks.integer("size", size, least=2)
    many = games if isinstance(games, tuple) else (games,)
    shape = tuple(_checks.integer("games", n, least=0) for n in many)
    _checks.room(games=math.prod(shape))
    ball, paddle = rng.integers(size, size=(2, *shape))
    return CatchGames(size, np.zeros(shape, np.int64), ball, paddle)


def catch_step(games: CatchGames, actions: npt.ArrayLike) -> tuple[CatchGames, Floats, Booleans]:
    """모든 판에서 한 걸음 나아갑니다. 받침이 움직이고 공이 한 행 떨어집니다.

    행동 0, 1, 2는 받침을 왼쪽으로 한 칸, 그대로, 오른쪽으로 한 칸 옮깁니다. 벽에서는 더 나아가지 않습니다.
    공이 맨 아래에 닿으면 판이 끝나고, 받침과 같은 열이면 보상이 1, 아니면 −1입니다. 그 앞의 보상은 모두
    0입니다.

    Parameters
    ----------
    games : CatchGames
        끝나지 않은 판들.
    actions : array_like
        판마다 행동 0, 1, 2. 모양은 판과 같습니다.

    Returns
    -------
    games : CatchGames
        다음 판들.
    rewards : ndarray
        판마다 보상 0, 1, −1.
    terminated : ndarray
        판마다 끝났는지.

    Raises
    ------
    TypeError
        `actions` 가 정수가 아닐 때.
    ValueError
        `actions` 의 모양이 다르거나, 0, 1, 2가 아니거나, 이미 끝난 판이 있을 때.

    Notes
    -----
    다음 판은 행동만으로 정해지므로 난수가 없습니다. 모든 판이 ``size - 1`` 걸음 만에 끝납니다.

    Examples
    --------
    공은 0열, 받침은 1열에 있습니다. 왼쪽으로 한 칸 간 판만 공을 받습니다.

    >>> row, ball, paddle = np.full(3, 1), np.full(3, 0), np.full(3, 1)
    >>> games, rewards, terminated = catch_step(CatchGames(3, row, ball, paddle), [0, 1, 2])
    >>> games.paddle.tolist(), rewards.tolist(), terminated.tolist()
    ([0, 1, 2], [1.0, -1.0, -1.0], [True, True, True])
    """
    _checks.instance("games", games, CatchGames)
    a = _checks.integers("actions", actions)
    if a.shape != games.row.shape:
        raise ValueError(f"actions must have the shape {games.row.shape} of the games, got {a.shape}")
    if (wrong := a[(a < 0) | (a >= len(CATCH_MOVES))]).size:
        raise ValueError(f"actions must be 0 (left), 1 (stay) or 2 (right), got {wrong[0]}")
    if games.over.any():
        raise ValueError(f"games must not be over, got {int(games.over.sum())} finished games")
    paddle = np.clip(games.paddle + np.take(CATCH_MOVES, a), 0, games.size - 1)
    moved = CatchGames(games.size, games.row + 1, games.ball, paddle)
    rewards = np.where(moved.over, np.where(moved.ball == paddle, 1.0, -1.0), 0.0)
    return moved, rewards, moved.over


def catch_restart(games: CatchGames, rng: np.random.Generator) -> CatchGames:
    """끝난 판만 새로 시작하고 나머지는 그대로 둡니다.

    Parameters
    ----------
    games : CatchGames
        판들.
    rng : numpy.random.Generator
        새 판의 열을 뽑을 난수 생성기. 끝난 판이 없어도 모든 판의 몫을 뽑습니다.

    Returns
    -------
    CatchGames
        끝난 판이 하나도 없는 판들.

    Examples
    --------
    >>> games = CatchGames(3, row=np.array([1, 2]), ball=np.array([0, 0]), paddle=np.array([1, 1]))
    >>> catch_restart(games, np.random.default_rng(0)).row.tolist()
    [1, 0]
    """
    _checks.instance("games", games, CatchGames)
    fresh, over = catch_start(games.row.shape, games.size, rng), games.over
    names = "row", "ball", "paddle"
    return replace(games, **{n: np.where(over, getattr(fresh, n), getattr(games, n)) for n in names})


def catch_images(games: CatchGames, dtype: npt.DTypeLike = np.uint8) -> npt.NDArray[Any]:
    """판마다 화면을 그립니다. 공과 받침이 있는 픽셀만 1입니다.

    Parameters
    ----------
    games : CatchGames
        판들.
    dtype : data-type
        픽셀의 dtype.

    Returns
    -------
    ndarray
        화면 ``(..., size, size)``. 공과 받침이 겹치면 1인 픽셀이 하나입니다.

    Examples
    --------
    >>> games = CatchGames(3, row=np.array([0]), ball=np.array([2]), paddle=np.array([1]))
    >>> catch_images(games)[0].tolist()
    [[0, 0, 1], [0, 0, 0], [0, 1, 0]]
    """
    _checks.instance("games", games, CatchGames)
    _checks.room(games=games.row.size * games.size**2)
    try:
        dtype = np.dtype(dtype)
    except (TypeError, ValueError):
        raise _checks.refused("dtype", "a dtype of numbers", dtype) from None
    if dtype.kind not in "iufb":
        raise _checks.refused("dtype", "a dtype of numbers", dtype)
    cells = np.arange(games.size)
    ball = (games.row[..., None, None] == cells[:, None]) & (games.ball[..., None, None] == cells)
    paddle = (cells[:, None] == games.size - 1) & (games.paddle[..., None, None] == cells)
    image: npt.NDArray[Any] = (ball | paddle).astype(dtype)
    return image


class TabularEnvironment:
    """표로 적은 과정을 한 걸음씩 둡니다. 관측은 상태의 번호(정수)입니다.

    이름과 차례는 Gymnasium을 따르므로, 그 환경에 맞춘 고리를 그대로 쓸 수 있습니다. 덧붙이는 말의
    ``"action_mask"`` 는 지금 상태에서 할 수 있는 행동이 1인 배열 ``(A,)`` 입니다.

    Parameters
    ----------
    mdp : MDP
        마르코프 결정 과정.
    max_steps : int, optional
        이만큼 걸어도 끝나지 않으면 판을 자릅니다(truncated). 비우면 자르지 않습니다.

    Raises
    ------
    TypeError
        `mdp` 가 :class:`MDP` 가 아니거나 `max_steps` 가 정수가 아닐 때.
    ValueError
        `max_steps` 가 1보다 작을 때.

    Examples
    --------
    >>> environment = TabularEnvironment(chain(2))
    >>> state, info = environment.reset(seed=0)
    >>> state, info["action_mask"].tolist()
    (0, [1])
    >>> environment.step(0)[:4], environment.step(0)[:4]
    ((1, 0.0, False, False), (2, 1.0, True, False))
    """

    def __init__(self, mdp: MDP, *, max_steps: int | None = None) -> None:
        self.mdp = _checks.instance("mdp", mdp, MDP, wanted="an MDP")
        self.actions = mdp.actions
        self.max_steps = None if max_steps is None else _checks.integer("max_steps", max_steps, least=1)
        self._rng: np.random.Generator | None = None
        self._state: int | None = None
        self._steps = 0

    def reset(self, *, seed: Seed = None, options: Mapping[str, Any] | None = None) -> tuple[int, Info]:
        """처음 상태에서 새 판을 시작합니다.

        Parameters
        ----------
        seed : int 또는 numpy.random.Generator, optional
            난수의 시드 또는 생성기. 비우면 쓰던 생성기를 이어 씁니다.
        options : mapping, optional
            이 환경에는 고를 것이 없으므로 비워 둡니다.

        Returns
        -------
        state : int
            처음 상태의 번호.
        info : dict
            덧붙이는 말.
        """
        self._rng = _seeded(seed, self._rng, options)
        self._state, self._steps = self.mdp.start, 0
        return self._state, self._info(self._state)

    def step(self, action: int) -> tuple[int, float, bool, bool, Info]:
        """행동 하나를 합니다.

        Parameters
        ----------
        action : int
            지금 상태에서 할 수 있는 행동의 번호.

        Returns
        -------
        state : int
            다음 상태의 번호.
        reward : float
            방금 한 행동의 보상.
        terminated, truncated : bool
            판이 끝났는지, 걸음 수를 다 써서 잘렸는지.
        info : dict
            덧붙이는 말.

        Raises
        ------
        TypeError
            `action` 이 정수가 아닐 때.
        ValueError
            지금 상태에서 할 수 없는 행동일 때.
        RuntimeError
            판을 시작하지 않았거나 이미 끝났을 때.
        """
        rng, state = _playing(self._rng, self._state)
        action = _checks.integer("action", action, least=0)
        if action >= self.actions or not self.mdp.available[state, action]:
            allowed = np.flatnonzero(self.mdp.available[state]).tolist()
            raise ValueError(f"action must be one of {allowed} in state {state}, got {action}")
        next_states, rewards, ends = mdp_step(self.mdp, state, action, rng)
        self._steps += 1
        next_state, terminated = int(next_states), bool(ends)
        truncated = not terminated and self._steps == self.max_steps
        self._state = None if terminated or truncated else next_state
        return next_state, float(rewards), terminated, truncated, self._info(next_state)

    def _info(self, state: int) -> Info:
        return {"action_mask": self.mdp.available[state].astype(np.int8)}


class Catch:
    """공 받기를 한 걸음씩 둡니다. 관측은 0과 1의 화면 ``(size, size)`` (uint8)입니다.

    공은 맨 위의 아무 열에서 나타나 걸음마다 한 행씩 떨어지고, 맨 아래의 받침은 행동 0(왼쪽), 1(그대로),
    2(오른쪽)로 움직입니다. 공이 맨 아래에 닿으면 판이 끝나고, 받았으면 보상이 1, 놓쳤으면 −1입니다. 받침도
    아무 열에서 시작하지만, 공이 떨어지는 ``size - 1`` 걸음이면 어느 열에나 닿으므로 언제나 받을 수 있습니다.

    Parameters
    ----------
    size : int
        화면의 한 변 (픽셀). 2 이상입니다.

    Raises
    ------
    TypeError
        `size` 가 정수가 아닐 때.
    ValueError
        `size` 가 2보다 작을 때.

    Notes
    -----
    한 변이 :math:`k` 픽셀이면 화면은 모두 :math:`k^2(k-1) + k(k+1)/2` 가지입니다. 공이 위쪽
    :math:`k-1` 행에 있으면 공의 자리 :math:`k(k-1)` 개와 받침의 자리 :math:`k` 개가 모두 다른 화면이고, 맨
    아래에 있으면 둘을 구별할 수 없어 켜진 픽셀이 하나거나 둘인 :math:`k(k+1)/2` 가지만 남습니다.

    Examples
    --------
    >>> game = Catch(5)
    >>> image, info = game.reset(seed=0)
    >>> image.shape, str(image.dtype), int(image.sum())
    ((5, 5), 'uint8', 2)
    >>> [game.step(1)[1:3] for _ in range(4)]
    [(0.0, False), (0.0, False), (0.0, False), (-1.0, True)]
    """

    actions = len(CATCH_MOVES)

    def __init__(self, size: int = 5) -> None:
        self.size = _checks.integer("size", size, least=2)
        self._rng: np.random.Generator | None = None
        self._game: CatchGames | None = None

    def reset(
        self, *, seed: Seed = None, options: Mapping[str, Any] | None = None
    ) -> tuple[npt.NDArray[np.uint8], Info]:
        """새 판을 시작합니다.

        Parameters
        ----------
        seed : int 또는 numpy.random.Generator, optional
            난수의 시드 또는 생성기. 비우면 쓰던 생성기를 이어 씁니다.
        options : mapping, optional
            이 환경에는 고를 것이 없으므로 비워 둡니다.

        Returns
        -------
        image : ndarray
            처음 화면 ``(size, size)``.
        info : dict
            덧붙이는 말. 비어 있습니다.
        """
        self._rng = _seeded(seed, self._rng, options)
        self._game = catch_start((), self.size, self._rng)
        return catch_images(self._game), {}

    def step(self, action: int) -> tuple[npt.NDArray[np.uint8], float, bool, bool, Info]:
        """행동 하나를 합니다.

        Parameters
        ----------
        action : {0, 1, 2}
            왼쪽, 그대로, 오른쪽.

        Returns
        -------
        image : ndarray
            다음 화면 ``(size, size)``.
        reward : float
            방금 한 행동의 보상.
        terminated, truncated : bool
            판이 끝났는지, 잘렸는지. 잘리는 일은 없습니다.
        info : dict
            덧붙이는 말. 비어 있습니다.

        Raises
        ------
        TypeError
            `action` 이 정수가 아닐 때.
        ValueError
            `action` 이 0, 1, 2가 아닐 때.
        RuntimeError
            판을 시작하지 않았거나 이미 끝났을 때.
        """
        _, game = _playing(self._rng, self._game)
        action = _checks.integer("action", action, least=0)
        if action >= self.actions:
            raise ValueError(f"action must be 0 (left), 1 (stay) or 2 (right), got {action}")
        game, rewards, over = catch_step(game, action)
        self._game = None if over else game
        return catch_images(game), float(rewards), bool(over), False, {}


def _seeded(
    seed: Seed, rng: np.random.Generator | None, options: Mapping[str, Any] | None
) -> np.random.Generator:
    """새 판에 쓸 난수 생성기. 시드가 없으면 쓰던 것을 이어 쓰고, 처음이면 새로 만듭니다."""
    if options is not None and not (isinstance(options, Mapping) and not options):
        raise ValueError(f"options must be None or empty, got {_checks.shown(options)}")
    if isinstance(seed, np.random.Generator):
        return seed
    if seed is None:
        return rng or np.random.default_rng()
    return np.random.default_rng(_checks.integer("seed", seed, least=0))


Playing = TypeVar("Playing")


def _playing(
    rng: np.random.Generator | None, position: Playing | None
) -> tuple[np.random.Generator, Playing]:
    """두고 있는 판. 없으면 왜 없는지 밝힙니다."""
    if rng is None:
        raise RuntimeError("step() was called before reset(): call reset() to begin an episode")
    if position is None:
        raise RuntimeError("step() was called after the end of the episode: call reset() to begin another")
    return rng, position
