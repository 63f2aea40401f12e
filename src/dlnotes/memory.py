r"""기억 과제: 맨 처음에 본 것을 끝까지 기억하는지로 순환 신경망과 LSTM을 비교합니다.

첫 시점에 :math:`+1` 이나 :math:`-1` 을 보여 주고, 나머지 시점에는 잡음만 넣습니다. 마지막 은닉 상태로 처음의
부호를 맞혀야 합니다. 중간에 답이 될 단서가 없으므로, 기울기가 끝에서 처음까지 닿지 못하면 배우기 어렵습니다.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes.lstm import lstm_vjp, uniform_parameters
from dlnotes.optimizers import AdamSums, adam_in_place
from dlnotes.recurrent import rnn_vjp

Array = npt.NDArray[np.floating]
Parameters = list[Array]  # w_ih, w_hh, b, v, e
Network = Callable[..., tuple[Array, Callable[..., Any]]]

GUESSING_COST = math.log(2)
"""찍을 때의 비용. 두 답에 절반씩의 확률을 두면 교차 엔트로피는 :math:`\\ln 2` 입니다."""


@dataclass(frozen=True)
class FirstBit:
    """첫 비트를 기억하는 과제와 그것을 배우는 방법.

    Attributes
    ----------
    steps : int
        시퀀스(sequence)의 길이 T(시점).
    noise : float
        첫 시점 뒤에 넣는 정규 잡음의 표준편차.
    hidden : int
        은닉 상태의 차원 H.
    updates : int
        Adam으로 갱신하는 횟수.
    batch : int
        한 번 갱신할 때 보는 시퀀스의 수 N.
    lr : float
        Adam의 학습률.
    test : int
        다 배운 뒤에 맞혀 볼 시퀀스의 수.

    Examples
    --------
    >>> FirstBit().steps, FirstBit(steps=10).updates
    (60, 400)
    """

    steps: int = 60
    noise: float = 0.1
    hidden: int = 16
    updates: int = 400
    batch: int = 4
    lr: float = 0.01
    test: int = 100

    def __post_init__(self) -> None:
        for name in ("steps", "hidden", "updates", "batch", "test"):
            object.__setattr__(self, name, _checks.count(name, getattr(self, name)))
        _checks.room(steps=self.steps, batch=max(self.batch, self.test), hidden=4 * self.hidden)
        _checks.positive("lr", self.lr), _checks.nonnegative("noise", self.noise)


@dataclass(frozen=True, eq=False)
class Remembered:
    """배운 결과.

    Attributes
    ----------
    costs : ndarray
        갱신마다의 교차 엔트로피 비용, ``(updates, …)``. 나머지 축은 신경망입니다.
    accuracy : ndarray
        새 시퀀스에서 처음의 부호를 맞힌 비율, ``(…)``. 찍으면 절반입니다.
    """

    costs: Array
    accuracy: Array


def first_bit(rng: np.random.Generator, task: FirstBit, count: int) -> tuple[Array, Array]:
    r"""과제의 시퀀스를 뽑습니다.

    Parameters
    ----------
    rng : numpy.random.Generator
        난수 생성기.
    task : FirstBit
        과제.
    count : int
        시퀀스의 수 N.

    Returns
    -------
    x : ndarray
        입력 ``(T, N, 1)``, float32. 첫 시점은 :math:`\pm1`, 나머지는 잡음입니다.
    bit : ndarray
        맞혀야 할 부호 :math:`\pm1`, ``(N,)``.

    Raises
    ------
    TypeError, ValueError
        `rng` 가 난수 생성기가 아니거나 `count` 가 양의 정수가 아닐 때.

    Examples
    --------
    >>> x, bit = first_bit(np.random.default_rng(0), FirstBit(steps=5, noise=0.0), 3)
    >>> x.shape, bool((x[0, :, 0] == bit).all()), float(abs(x[1:]).max())
    ((5, 3, 1), True, 0.0)
    """
    rng, count = _checks.generator("rng", rng), _checks.count("count", count)
    _checks.instance("task", task, FirstBit)
    _checks.room(task=task.steps, count=count)
    bit = rng.choice(np.array([-1, 1], np.float32), count)
    x = task.noise * rng.standard_normal((task.steps, count, 1), np.float32)
    x[0, :, 0] = bit
    return x.astype(np.float32, copy=False), bit


def remember_with_lstm(
    rng: np.random.Generator, forget_biases: npt.ArrayLike, task: FirstBit | None = None, *, runs: int = 3
) -> Remembered:
    """망각 게이트의 편향마다 LSTM 여럿을 배우게 합니다. 모두 나란히 계산합니다.

    처음 가중치는 :func:`~dlnotes.lstm.uniform_parameters` 이고, 같은 번째 신경망은 편향이 달라도 같은
    가중치에서 출발합니다. 모든 신경망이 같은 시퀀스를 봅니다.

    Parameters
    ----------
    rng : numpy.random.Generator
        난수 생성기.
    forget_biases : array_like
        망각 게이트의 처음 편향(bias term) ``(B,)``.
    task : FirstBit, optional
        과제. 없으면 기본값입니다.
    runs : int
        편향마다 신경망의 수.

    Returns
    -------
    Remembered
        `costs` 는 ``(updates, B, runs)``, `accuracy` 는 ``(B, runs)`` 입니다.

    Raises
    ------
    TypeError, ValueError
        인자의 종류나 크기가 맞지 않을 때.

    Examples
    --------
    >>> short = FirstBit(steps=5, updates=100)
    >>> remember_with_lstm(np.random.default_rng(0), [0, 3], short, runs=2).accuracy.tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    task = FirstBit() if task is None else _checks.instance("task", task, FirstBit)
    biases = _checks.array("forget_biases", forget_biases, rank=1)
    if not len(biases):
        raise ValueError(f"forget_biases must hold at least one number, got shape {biases.shape}")
    runs = _checks.count("runs", runs)
    _checks.room(task=4 * task.hidden * task.steps * task.batch, forget_biases=len(biases), runs=runs)
    w_ih, w_hh, b = uniform_parameters(_checks.generator("rng", rng), 1, task.hidden, runs=runs)
    readout = _readout_weights(rng, task.hidden, runs)
    many = [np.tile(a, (len(biases), *(1,) * (a.ndim - 1))) for a in (w_ih, w_hh, b, *readout)]
    many[2][:, task.hidden : 2 * task.hidden] = np.repeat(biases, runs)[:, None]
    costs, accuracy = _learn(_lstm_outputs, many, rng, task)
    return Remembered(costs.reshape(-1, len(biases), runs), accuracy.reshape(len(biases), runs))


def remember_with_rnn(rng: np.random.Generator, task: FirstBit | None = None, *, runs: int = 3) -> Remembered:
    """순환 신경망(활성화 함수는 tanh) 여럿을 하나씩 배우게 합니다.

    처음 가중치는 LSTM과 같은 균등 분포이고 편향(bias term)은 0입니다.

    Parameters
    ----------
    rng : numpy.random.Generator
        난수 생성기.
    task : FirstBit, optional
        과제. 없으면 기본값입니다.
    runs : int
        신경망의 수.

    Returns
    -------
    Remembered
        `costs` 는 ``(updates, runs)``, `accuracy` 는 ``(runs,)`` 입니다.

    Raises
    ------
    TypeError, ValueError
        인자의 종류나 크기가 맞지 않을 때.

    Examples
    --------
    >>> short = FirstBit(steps=5, updates=100)
    >>> remember_with_rnn(np.random.default_rng(0), short, runs=2).accuracy.tolist()
    [1.0, 1.0]
    """
    task = FirstBit() if task is None else _checks.instance("task", task, FirstBit)
    rng, hidden = _checks.generator("rng", rng), task.hidden
    results = []
    for _ in range(_checks.count("runs", runs)):
        bound = 1 / math.sqrt(hidden)
        w_ih = rng.uniform(-bound, bound, (hidden, 1))
        w_hh = rng.uniform(-bound, bound, (hidden, hidden))
        v, e = _readout_weights(rng, hidden, 1)
        results.append(_learn(rnn_vjp, [w_ih, w_hh, np.zeros(hidden), v[0], e[0]], rng, task))
    costs, accuracy = zip(*results, strict=True)
    return Remembered(np.stack(costs, axis=-1), np.stack(accuracy, axis=-1))


def _learn(
    network: Network, parameters: Parameters, rng: np.random.Generator, task: FirstBit
) -> tuple[Array, Array]:
    """Adam으로 배우고, 갱신마다의 비용과 새 시퀀스에서의 정확도를 돌려줍니다."""
    flat = np.concatenate([p.ravel() for p in parameters], dtype=np.float32)
    ends = np.cumsum([p.size for p in parameters])[:-1]
    parts = zip(np.split(flat, ends), parameters, strict=True)
    parameters = [part.reshape(p.shape) for part, p in parts]  # views, so one step on `flat` moves them all
    state: AdamSums | None = None
    costs = []
    for _ in range(task.updates):
        cost, gradients = _gradients(network, parameters, *first_bit(rng, task, task.batch))
        costs.append(cost)
        state = adam_in_place(flat, np.concatenate([g.ravel() for g in gradients]), state, lr=task.lr)
    _checks.converged("task.lr", task.lr, flat)
    x, bit = first_bit(rng, task, task.test)
    h, _ = network(x, *parameters[:3])
    return np.array(costs), (_score(h, *parameters[3:]) * bit > 0).mean(axis=-1)


def _gradients(network: Network, parameters: Parameters, x: Array, bit: Array) -> tuple[Array, Parameters]:
    r"""비용 :math:`\ln(1+e^{-yz})` 의 평균과, 매개변수마다의 기울기. z는 점수, y는 맞혀야 할 부호입니다."""
    *weights, v, e = parameters
    h, pullback = network(x, *weights)
    margin = bit * _score(h, v, e)
    dz = -bit / (1 + np.exp(margin)) / len(bit)
    dh = np.zeros_like(h)
    dh[-1] = dz[..., None] * v[..., None, :]
    back = pullback(dh)
    dv, de = (dz[..., None] * h[-1]).sum(axis=-2), dz.sum(axis=-1, keepdims=True)
    return np.logaddexp(0, -margin).mean(axis=-1), [back.dw_ih, back.dw_hh, back.db, dv, de]


def _score(h: Array, v: Array, e: Array) -> Array:
    r"""마지막 은닉 상태에서 읽은 점수 :math:`z = v \cdot h_T + e`, ``(…, N)``."""
    return np.asarray((h[-1] @ v[..., None])[..., 0] + e)


def _lstm_outputs(x: Array, w_ih: Array, w_hh: Array, b: Array) -> tuple[Array, Callable[..., Any]]:
    states, pullback = lstm_vjp(x, w_ih, w_hh, b)
    return states.h, pullback


def _readout_weights(rng: np.random.Generator, hidden: int, runs: int) -> tuple[Array, Array]:
    bound = 1 / math.sqrt(hidden)
    return rng.uniform(-bound, bound, (runs, hidden)), np.zeros((runs, 1))
