r"""장단기 메모리(LSTM)의 순전파와 시간 역전파, 그리고 망각 게이트가 정하는 기억의 길이.

상태는 둘입니다. 셀 상태 :math:`c_t` 는 안에서 기억을 나르고, 은닉 상태 :math:`h_t` 는 밖으로 보이는
출력입니다.

.. math::

    a_t &= W_{ih}\,x_t + W_{hh}\,h_{t-1} + b \\
    i_t &= \sigma(a_t^{(i)}), \quad f_t = \sigma(a_t^{(f)}), \quad
    g_t = \tanh(a_t^{(g)}), \quad o_t = \sigma(a_t^{(o)}) \\
    c_t &= f_t \odot c_{t-1} + i_t \odot g_t \\
    h_t &= o_t \odot \tanh(c_t)

게이트의 차례 i, f, g, o와 가중치의 모양은 PyTorch와 같습니다. PyTorch는 편향(bias term)을 둘로 나누어 두므로
둘을 더한 것이 여기의 `b` 입니다.

가중치 앞에 축을 더 두면 그 수만큼의 신경망을 나란히 계산합니다. 시드나 설정이 다른 신경망을 한꺼번에
배우게 할 때 씁니다.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last
from dlnotes.recurrent import rnn_parameters

Array = npt.NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class LstmStates:
    r"""LSTM이 지나온 상태. :func:`lstm` 이 돌려줍니다.

    ``…`` 은 나란히 계산한 신경망의 축과 묶음의 축입니다.

    Attributes
    ----------
    h : ndarray
        은닉 상태 :math:`h_1,\dots,h_T`, ``(T, …, H)``.
    c : ndarray
        셀 상태 :math:`c_1,\dots,c_T`, ``(T, …, H)``.
    gates : ndarray
        게이트 :math:`i_t, f_t, g_t, o_t`, ``(T, …, 4, H)``.
    h0 : ndarray
        처음 은닉 상태 ``(…, H)``.
    c0 : ndarray
        처음 셀 상태 ``(…, H)``.
    """

    h: Array
    c: Array
    gates: Array
    h0: Array
    c0: Array

    @property
    def i(self) -> Array:
        r"""입력 게이트 :math:`i_t`, ``(T, …, H)``."""
        return self.gates[..., 0, :]

    @property
    def f(self) -> Array:
        r"""망각 게이트 :math:`f_t`, ``(T, …, H)``."""
        return self.gates[..., 1, :]

    @property
    def g(self) -> Array:
        r"""셀에 새로 쓸 값 :math:`g_t`, ``(T, …, H)``."""
        return self.gates[..., 2, :]

    @property
    def o(self) -> Array:
        r"""출력 게이트 :math:`o_t`, ``(T, …, H)``."""
        return self.gates[..., 3, :]


@dataclass(frozen=True, eq=False)
class LstmGradients:
    r"""시간 역전파가 돌려주는 기울기.

    Attributes
    ----------
    dx : ndarray
        입력의 기울기. 입력과 모양이 같습니다.
    dw_ih : ndarray
        입력 가중치의 기울기 ``(…, 4H, D)``.
    dw_hh : ndarray
        순환 가중치의 기울기 ``(…, 4H, H)``.
    db : ndarray
        편향(bias term)의 기울기 ``(…, 4H)``.
    dh0 : ndarray
        처음 은닉 상태의 기울기 ``(…, H)``.
    dc0 : ndarray
        처음 셀 상태의 기울기 ``(…, H)``.
    deltas : ndarray
        활성화 함수에 들어가기 전 값 :math:`a_t` 의 기울기 :math:`\delta_t`, ``(T, …, 4H)``.
    """

    dx: Array
    dw_ih: Array
    dw_hh: Array
    db: Array
    dh0: Array
    dc0: Array
    deltas: Array


class _Arguments(NamedTuple):
    x: Array  # (T, …, N, D)
    w_ih: Array
    w_hh: Array
    b: Array
    h0: Array  # (…, N, H)
    c0: Array
    batched: bool


@rounded_last
def lstm(
    x: npt.ArrayLike,
    w_ih: npt.ArrayLike,
    w_hh: npt.ArrayLike,
    b: npt.ArrayLike | None = None,
    h0: npt.ArrayLike | None = None,
    c0: npt.ArrayLike | None = None,
) -> LstmStates:
    r"""한 층짜리 LSTM의 순전파.

    .. math::

        c_t = f_t \odot c_{t-1} + i_t \odot g_t, \qquad h_t = o_t \odot \tanh(c_t)

    Parameters
    ----------
    x : array_like
        입력 ``(T, D)`` 또는 묶음 ``(T, N, D)``. 첫 축이 시점입니다.
    w_ih : array_like
        입력에서 게이트로 가는 가중치 ``(4H, D)``. i, f, g, o의 차례로 H줄씩입니다.
    w_hh : array_like
        은닉 상태에서 게이트로 가는 가중치 ``(4H, H)``.
    b : array_like, optional
        편향(bias term) ``(4H,)``. 없으면 0입니다. PyTorch의 두 편향을 더한 것과 같습니다.
    h0, c0 : array_like, optional
        처음 상태 ``(H,)`` 또는 ``(N, H)``. 없으면 0입니다.

    Returns
    -------
    LstmStates
        시점마다의 상태와 게이트.

    Raises
    ------
    TypeError
        실수 배열이 아닌 인자가 있을 때.
    ValueError
        배열의 모양이 서로 맞지 않거나 시점이 하나도 없을 때.

    Notes
    -----
    가중치 셋이 모두 앞에 같은 축 ``(R, …)`` 을 더 가지면 신경망 R개를 나란히 계산합니다. 입력은 모두
    함께 보는 ``(T, N, D)`` 이거나 따로 보는 ``(T, R, …, N, D)`` 이고, 상태는 ``(T, R, …, N, H)`` 가 됩니다.

    :math:`\sigma(a)=\frac12+\frac12\tanh(a/2)` 이므로 네 게이트를 tanh 한 번으로 구합니다.

    References
    ----------
    Hochreiter, S., Schmidhuber, J. (1997). Long short-term memory. Neural Computation, 9(8), 1735-1780.

    Gers, F. A., Schmidhuber, J., Cummins, F. (2000). Learning to forget: continual prediction with LSTM.
    Neural Computation, 12(10), 2451-2471.

    Examples
    --------
    망각 게이트와 출력 게이트를 열고 입력 게이트를 닫으면 셀 상태는 그대로 남습니다.

    >>> closed, opened = -100.0, 100.0
    >>> states = lstm(np.zeros((3, 1)), np.zeros((4, 1)), np.zeros((4, 1)),
    ...               [closed, opened, 0.0, opened], c0=[0.7])
    >>> states.c.ravel().tolist(), states.h.ravel().round(6).tolist()
    ([0.7, 0.7, 0.7], [0.604368, 0.604368, 0.604368])
    """
    arguments = _arguments(x, w_ih, w_hh, b, h0, c0)
    states = _forward(arguments)
    return states if arguments.batched else _unbatched(states)


def _forward(arguments: _Arguments) -> LstmStates:
    """모든 시점의 W_ih x + b를 먼저 구하고, 시점마다 W_hh h만 더합니다.

    시점 안에서는 게이트의 축을 맨 앞에 두어, 게이트 하나의 칸이 메모리에 이어지게 합니다.
    """
    x, w_ih, w_hh, b, h0, c0, _ = arguments
    scale = np.array([0.5, 0.5, 1, 0.5], x.dtype).reshape(4, *(1,) * h0.ndim)
    shift = np.array([0.5, 0.5, 0, 0.5], x.dtype).reshape(scale.shape)  # sigmoid(a) = 1/2 + tanh(a/2)/2
    w_in, w_hh = (
        np.multiply(scale, _transposed(_gates_first(w)), order="C")
        for w in (np.concatenate([w_ih, b[..., None]], axis=-1), w_hh)
    )
    gates = np.ascontiguousarray(_times(_with_one(x), w_in))
    h, c = np.empty((2, len(x), *h0.shape), x.dtype)
    sums = np.empty_like(gates[0])
    h_t, c_t = h0, c0
    for t, gates_t in enumerate(gates):
        gates_t += np.matmul(h_t, w_hh, out=sums)
        np.tanh(gates_t, out=gates_t)
        gates_t *= scale
        gates_t += shift
        i, f, g, o = gates_t
        c_t = np.add(f * c_t, i * g, out=c[t])
        h_t = np.multiply(o, np.tanh(c_t), out=h[t])
    return LstmStates(h, c, np.moveaxis(gates, 1, -2), h0, c0)


@rounded_last
def lstm_vjp(
    x: npt.ArrayLike,
    w_ih: npt.ArrayLike,
    w_hh: npt.ArrayLike,
    b: npt.ArrayLike | None = None,
    h0: npt.ArrayLike | None = None,
    c0: npt.ArrayLike | None = None,
) -> tuple[LstmStates, Callable[..., LstmGradients]]:
    r"""순전파를 하고, 시간 역전파(BPTT) 함수를 함께 돌려줍니다.

    은닉 상태와 셀 상태로 들어오는 기울기를 :math:`\bar h_t`, :math:`\bar c_t` 라 하고 끝에서부터
    거슬러 갑니다.

    .. math::

        \bar h_t &= \frac{\partial^+ C}{\partial h_t} + W_{hh}^\top \delta_{t+1} \\
        \bar c_t &= \frac{\partial^+ C}{\partial c_t} + f_{t+1} \odot \bar c_{t+1}
                    + \bar h_t \odot o_t \odot (1-\tanh^2 c_t) \\
        \delta_t^{(i)} &= \bar c_t \odot g_t \odot i_t(1-i_t), \qquad
        \delta_t^{(f)} = \bar c_t \odot c_{t-1} \odot f_t(1-f_t) \\
        \delta_t^{(g)} &= \bar c_t \odot i_t \odot (1-g_t^2), \qquad
        \delta_t^{(o)} = \bar h_t \odot \tanh(c_t) \odot o_t(1-o_t) \\
        \frac{\partial C}{\partial W_{hh}} &= \sum_{t=1}^{T} \delta_t\, h_{t-1}^\top

    :math:`\partial^+ C/\partial h_t` 는 나중 시점을 거치지 않고 :math:`h_t` 가 비용에 곧바로 주는 영향입니다.
    셀을 따라 거슬러 갈 때 곱하는 것은 :math:`f_{t+1}` 뿐이고 시그모이드의 도함수는 끼지 않습니다.

    Parameters
    ----------
    x, w_ih, w_hh, b, h0, c0
        :func:`lstm` 과 같습니다.

    Returns
    -------
    states : LstmStates
        시점마다의 상태와 게이트.
    pullback : callable
        ``pullback(dh, dc=None)``. `dh` 와 `dc` 는 :math:`\partial^+ C/\partial h_t` 와
        :math:`\partial^+ C/\partial c_t` 를 모은 ``(T, …, H)`` 이고, `dc` 가 없으면 0입니다. 돌려주는 것은
        :class:`LstmGradients` 입니다.

    Raises
    ------
    TypeError, ValueError
        :func:`lstm` 과 같습니다. `pullback` 은 `dh` 나 `dc` 의 모양이 은닉 상태와 다르면 거절합니다.

    Examples
    --------
    모든 가중치가 0이면 게이트는 절반만 열립니다. 그때 처음 셀 상태의 기울기는 시점마다 절반이 됩니다.

    >>> zeros = np.zeros((4, 1))
    >>> states, pullback = lstm_vjp(np.zeros((3, 1)), zeros, zeros, c0=[1.0])
    >>> pullback(np.zeros((3, 1)), dc=[[0.0], [0.0], [1.0]]).dc0.tolist()
    [0.125]
    """
    arguments = _arguments(x, w_ih, w_hh, b, h0, c0)
    states = _forward(arguments)
    visible = states if arguments.batched else _unbatched(states)

    def pullback(dh: npt.ArrayLike, dc: npt.ArrayLike | None = None) -> LstmGradients:
        direct_h = _checks.shaped("dh", dh, visible.h.shape).reshape(states.h.shape)
        direct_c = None if dc is None else _checks.shaped("dc", dc, visible.c.shape).reshape(states.c.shape)
        deltas, dh0, dc0 = _backward(states, arguments.w_hh, direct_h, direct_c)
        return _gradients(arguments, states, deltas, dh0, dc0, np.shape(x))

    return visible, pullback


def _backward(
    states: LstmStates, w_hh: Array, direct_h: Array, direct_c: Array | None
) -> tuple[Array, Array, Array]:
    """끝에서 처음까지 거슬러 가며 시점마다의 δ를 구합니다. 게이트의 축은 시점의 축 바로 뒤에 둡니다."""
    slopes, dh_dc = _slopes(states)
    slopes = np.moveaxis(slopes, -2, 1)
    deltas = np.empty_like(slopes)
    weights = np.ascontiguousarray(_gates_first(w_hh))
    back = np.empty_like(deltas[0])
    dh, dc = np.zeros_like(states.h0), np.zeros_like(states.c0)
    for t in reversed(range(len(deltas))):
        dh += direct_h[t]
        dc += dh * dh_dc[t]
        if direct_c is not None:
            dc += direct_c[t]
        np.multiply(slopes[t, :3], dc, out=deltas[t, :3])
        np.multiply(slopes[t, 3], dh, out=deltas[t, 3])
        np.add.reduce(np.matmul(deltas[t], weights, out=back), axis=0, out=dh)
        dc *= states.f[t]
    return deltas, dh, dc


def _slopes(states: LstmStates) -> tuple[Array, Array]:
    r"""c_t를 a의 i, f, g로, h_t를 a의 o로 미분한 ``(T, …, 4, H)`` 와, h_t를 c_t로 미분한 ``(T, …, H)``.

    :math:`h=o\tanh c` 와 :math:`1-g^2=(1+g)(1-g)` 덕분에 넷 모두 ``1 - gates`` 에 한 번 곱하면 됩니다.
    """
    i, g, h = states.i, states.g, states.h
    written = i * g
    slopes = 1 - states.gates
    slopes[..., 0, :] *= written
    slopes[..., 1, :] *= states.f * _previous(states.c, states.c0)
    slopes[..., 2, :] *= i + written
    slopes[..., 3, :] *= h
    return slopes, states.o - h * np.tanh(states.c)


def _gradients(
    arguments: _Arguments, states: LstmStates, deltas: Array, dh0: Array, dc0: Array, shape: tuple[int, ...]
) -> LstmGradients:
    """시점과 묶음을 한 축으로 모아 가중치의 기울기를 행렬 곱 한 번으로 구합니다."""
    x, w_ih = arguments.x, arguments.w_ih
    deltas = _flat(deltas)
    rows = _stacked(deltas)
    dx = _times(deltas, w_ih)
    dw_in = _transposed(rows) @ _stacked(_with_one(x))
    shared = tuple(axis for axis in range(1, dx.ndim - 2) if x.shape[axis] == 1)
    return LstmGradients(
        dx=(dx.sum(axis=shared) if shared else dx).reshape(shape),
        dw_ih=dw_in[..., :-1],
        dw_hh=_transposed(rows) @ _stacked(_previous(states.h, states.h0)),
        db=dw_in[..., -1],
        dh0=dh0 if arguments.batched else dh0[..., 0, :],
        dc0=dc0 if arguments.batched else dc0[..., 0, :],
        deltas=deltas if arguments.batched else deltas[..., 0, :],
    )


@rounded_last
def lstm_contributions(gradients: LstmGradients, states: LstmStates) -> Array:
    r"""시점마다 순환 가중치의 기울기에 보탠 행렬.

    .. math:: \frac{\partial C}{\partial W_{hh}} = \sum_{t=1}^{T} \delta_t\, h_{t-1}^\top

    Parameters
    ----------
    gradients : LstmGradients
        :func:`lstm_vjp` 의 `pullback` 이 돌려준 것.
    states : LstmStates
        같은 순전파의 상태.

    Returns
    -------
    ndarray
        :math:`\delta_t h_{t-1}^\top`, ``(T, …, 4H, H)``. 묶음은 더합니다. 시점으로 모두 더하면
        `dw_hh` 입니다.

    Raises
    ------
    ValueError
        둘이 같은 순전파에서 나온 모양이 아닐 때.

    Examples
    --------
    >>> states, pullback = lstm_vjp(np.ones((3, 1)), np.ones((4, 1)), np.ones((4, 1)))
    >>> gradients = pullback(np.ones((3, 1)))
    >>> steps = lstm_contributions(gradients, states)
    >>> steps.shape, bool(np.allclose(steps.sum(axis=0), gradients.dw_hh))
    ((3, 4, 1), True)
    """
    _checks.instance("gradients", gradients, LstmGradients), _checks.instance("states", states, LstmStates)
    _checks.shaped("deltas", gradients.deltas, (*states.h.shape[:-1], 4 * states.h.shape[-1]))
    batched = states.h.ndim - gradients.dw_hh.ndim == 1
    deltas, previous = gradients.deltas, _previous(states.h, states.h0)
    if not batched:
        deltas, previous = deltas[..., None, :], previous[..., None, :]
    return _transposed(deltas) @ previous


@rounded_last
def lstm_jacobians(states: LstmStates, w_hh: npt.ArrayLike) -> Array:
    r"""이웃한 두 상태 사이의 야코비 행렬. 상태는 :math:`(h_t, c_t)` 를 이어 붙인 2H칸입니다.

    .. math::

        \frac{\partial c_t}{\partial c_{t-1}} &= \operatorname{diag}(f_t) \\
        \frac{\partial c_t}{\partial h_{t-1}} &=
            \sum_{k \in \{i, f, g\}}
            \operatorname{diag}\!\left(\frac{\partial c_t}{\partial a_t^{(k)}}\right) W_{hh}^{(k)} \\
        \frac{\partial h_t}{\partial c_{t-1}} &= \operatorname{diag}(u_t \odot f_t), \qquad
            u_t = o_t \odot (1-\tanh^2 c_t) \\
        \frac{\partial h_t}{\partial h_{t-1}} &= \operatorname{diag}(u_t)\frac{\partial c_t}{\partial h_{t-1}}
            + \operatorname{diag}\!\left(\tanh(c_t) \odot o_t(1-o_t)\right) W_{hh}^{(o)}

    위의 첫 줄에는 시그모이드의 도함수가 없습니다. 게이트는 :math:`h_{t-1}` 과 :math:`x_t` 로 정해지고
    :math:`c_{t-1}` 을 보지 않기 때문입니다.

    Parameters
    ----------
    states : LstmStates
        :func:`lstm` 이 돌려준 상태.
    w_hh : array_like
        그때 쓴 순환 가중치 ``(…, 4H, H)``.

    Returns
    -------
    ndarray
        :math:`\partial(h_t,c_t)/\partial(h_{t-1},c_{t-1})`, ``(T, …, 2H, 2H)``.
        앞의 H줄과 H칸이 :math:`h` 입니다.

    Raises
    ------
    TypeError
        `w_hh` 가 실수 배열이 아닐 때.
    ValueError
        `w_hh` 의 모양이 상태와 맞지 않을 때.

    Examples
    --------
    순환 가중치가 0이면 남는 길은 셀뿐이고, 게이트가 절반 열렸으므로 0.5를 곱합니다.

    >>> states = lstm([[0.0]], np.zeros((4, 1)), np.zeros((4, 1)))
    >>> lstm_jacobians(states, np.zeros((4, 1)))[0].tolist()
    [[0.0, 0.25], [0.0, 0.5]]
    """
    blocks = _blocks(_checks.instance("states", states, LstmStates), w_hh)
    slopes, dh_dc = _slopes(states)
    i, f, g, o = (slopes[..., k, :, None] * blocks[..., k, :, :] for k in range(4))
    dc_dh = i + f + g
    hidden = states.h.shape[-1]
    jacobians = np.zeros((*states.h.shape[:-1], 2 * hidden, 2 * hidden), dc_dh.dtype)
    each = np.arange(hidden)
    jacobians[..., :hidden, :hidden] = dh_dc[..., None] * dc_dh + o
    jacobians[..., hidden:, :hidden] = dc_dh
    jacobians[..., each, hidden + each] = dh_dc * states.f
    jacobians[..., hidden + each, hidden + each] = states.f
    return jacobians


@rounded_last
def cell_jacobians(states: LstmStates, w_hh: npt.ArrayLike, *, start: int = 0) -> Array:
    r"""나중의 셀 상태를 시점 `start` 의 셀 상태로 미분한 야코비 행렬. 모든 길을 셉니다.

    곧은 길은 셀을 따라가며 망각 게이트만 곱합니다(:func:`direct_path`). 돌아가는 길은 :math:`h` 로 나갔다가
    게이트를 거쳐 셀로 돌아옵니다. 이웃한 두 시점의 야코비 행렬을 모두 곱한 것에서 :math:`c` 에서 :math:`c` 로
    가는 토막입니다.

    .. math::

        \frac{\partial c_t}{\partial c_s} = \begin{pmatrix} 0 & I \end{pmatrix}
        \left(\prod_{k=s+1}^{t} \frac{\partial(h_k,c_k)}{\partial(h_{k-1},c_{k-1})}\right)
        \begin{pmatrix} 0 \\ I \end{pmatrix}

    Parameters
    ----------
    states : LstmStates
        :func:`lstm` 이 돌려준 상태.
    w_hh : array_like
        그때 쓴 순환 가중치 ``(…, 4H, H)``.
    start : int
        미분하는 셀 상태의 시점 :math:`s`. 0이면 처음 상태 :math:`c_0` 입니다. :math:`h_s` 는 붙들어 둡니다.

    Returns
    -------
    ndarray
        :math:`t=s+1,\dots,T` 의 :math:`\partial c_t/\partial c_s`, ``(T - s, …, H, H)``.

    Raises
    ------
    TypeError
        `start` 가 정수가 아니거나 `w_hh` 가 실수 배열이 아닐 때.
    ValueError
        `start` 가 0보다 작거나 :math:`T` 이상일 때. `w_hh` 의 모양이 상태와 맞지 않을 때.

    Examples
    --------
    >>> states = lstm(np.zeros((3, 1)), np.zeros((4, 1)), np.zeros((4, 1)))
    >>> cell_jacobians(states, np.zeros((4, 1))).ravel().tolist()
    [0.5, 0.25, 0.125]
    """
    start = _checks.integer("start", start, least=0)
    _checks.instance("states", states, LstmStates)
    if start >= len(states.c):
        raise ValueError(f"start must be less than the number of steps {len(states.c)}, got {start}")
    blocks = _blocks(_checks.instance("states", states, LstmStates), w_hh)
    slopes, dh_dc = _slopes(states)
    hidden = states.c.shape[-1]
    dh = np.zeros((*states.c.shape[1:], hidden), np.result_type(slopes, blocks))  # h_s is held
    dc = np.broadcast_to(np.eye(hidden, dtype=dh.dtype), dh.shape)
    cells = np.empty((len(states.c) - start, *dh.shape), dh.dtype)
    for t, cell in enumerate(cells, start):
        da = slopes[t, ..., None] * (blocks @ dh[..., None, :, :])  # (…, 4, H, H)
        dc = np.add(states.f[t, ..., None] * dc, da[..., :3, :, :].sum(axis=-3), out=cell)
        dh = dh_dc[t, ..., None] * dc + da[..., 3, :, :]
    return cells


@rounded_last
def running_products(jacobians: npt.ArrayLike) -> Array:
    r"""야코비 행렬을 앞에서부터 곱해 나간 것 :math:`J_t J_{t-1} \cdots J_1`.

    Parameters
    ----------
    jacobians : array_like
        :math:`J_1,\dots,J_T`, ``(T, …, H, H)``.

    Returns
    -------
    ndarray
        `jacobians` 와 모양이 같습니다.

    Raises
    ------
    TypeError
        실수 배열이 아닐 때.
    ValueError
        정사각형 행렬의 열이 아닐 때.

    Examples
    --------
    >>> running_products([[[2.0]], [[3.0]], [[0.5]]]).ravel().tolist()
    [2.0, 6.0, 3.0]
    """
    products = _checks.floats("jacobians", jacobians).copy()
    if products.ndim < 3 or products.shape[-1] != products.shape[-2]:
        raise ValueError(f"jacobians must have shape (T, ..., H, H), got {products.shape}")
    for t in range(1, len(products)):
        products[t] = products[t] @ products[t - 1]
    return products


@rounded_last
def direct_path(f: npt.ArrayLike) -> Array:
    r"""셀을 따라가는 곧은 길에서 기울기에 곱해지는 값 :math:`f_1 \odot f_2 \odot \cdots \odot f_t`.

    Parameters
    ----------
    f : array_like
        망각 게이트 ``(T, …)``. 0에서 1까지입니다.

    Returns
    -------
    ndarray
        시점마다의 곱. `f` 와 모양이 같습니다.

    Raises
    ------
    TypeError
        실수 배열이 아닐 때.
    ValueError
        시점의 축이 없거나 0에서 1까지를 벗어난 값이 있을 때.

    Examples
    --------
    >>> direct_path([0.5, 0.5, 1.0, 0.5]).tolist()
    [0.5, 0.25, 0.25, 0.125]
    """
    f = _checks.floats("f", f)
    if f.ndim == 0:
        raise ValueError(f"f must have shape (T, ...), got {f.shape}")
    outside = f[~((f >= 0) & (f <= 1))]
    if outside.size:
        raise ValueError(f"f must be between 0 and 1, got {outside[0]}")
    return np.cumprod(f, axis=0)


@rounded_last
def retention(bias: npt.ArrayLike, steps: npt.ArrayLike) -> Array:
    r"""망각 게이트가 늘 :math:`\sigma(b)` 일 때 곧은 길에 남는 비율.

    .. math:: \sigma(b)^T = \exp\!\left(-T \ln(1+e^{-b})\right)

    Parameters
    ----------
    bias : array_like
        망각 게이트의 편향(bias term) :math:`b`.
    steps : array_like
        시점의 수 :math:`T`. 0 이상입니다.

    Returns
    -------
    ndarray
        남는 비율, 0에서 1까지. 두 인자를 브로드캐스트한 모양입니다.

    Raises
    ------
    TypeError
        실수 배열이 아닐 때.
    ValueError
        `steps` 에 0보다 작은 값이 있을 때.

    Examples
    --------
    >>> f"{retention(1, 100):.3g}", float(retention(0, 2))
    ('2.48e-14', 0.25)
    """
    bias, steps = _checks.floats("bias", bias), _checks.floats("steps", steps)
    _at_least("steps", steps, 0)
    with _checks.about("bias and steps"):
        np.broadcast_shapes(bias.shape, steps.shape)
    return np.asarray(np.exp(-steps * np.logaddexp(0, -bias)))


@rounded_last
def half_life(bias: npt.ArrayLike) -> Array:
    r"""망각 게이트가 늘 :math:`\sigma(b)` 일 때 기억이 절반이 되는 시점의 수.

    .. math:: \sigma(b)^T = \tfrac12 \quad\Longrightarrow\quad T_{1/2} = \frac{\ln 2}{\ln(1+e^{-b})}

    Parameters
    ----------
    bias : array_like
        망각 게이트의 편향(bias term) :math:`b`.

    Returns
    -------
    ndarray
        반감기(시점). `bias` 와 모양이 같습니다.

    Raises
    ------
    TypeError
        실수 배열이 아닐 때.

    Examples
    --------
    >>> half_life([0, 1, 2, 3, 5]).round(2).tolist()
    [1.0, 2.21, 5.46, 14.27, 103.22]
    """
    bias = _checks.floats("bias", bias)
    return np.asarray(math.log(2) / np.logaddexp(0, -bias))


@rounded_last
def bias_to_keep(steps: npt.ArrayLike, share: npt.ArrayLike = 0.5) -> Array:
    r"""시점이 :math:`T` 개 지난 뒤에 비율 :math:`r` 이 남게 하는 망각 게이트의 편향(bias term).

    .. math:: \sigma(b)^T = r \quad\Longrightarrow\quad b = -\ln\!\left(r^{-1/T}-1\right)

    Parameters
    ----------
    steps : array_like
        시점의 수 :math:`T`. 0보다 큽니다.
    share : array_like
        남길 비율 :math:`r`. 0과 1 사이입니다.

    Returns
    -------
    ndarray
        편향 :math:`b`. 두 인자를 브로드캐스트한 모양입니다.

    Raises
    ------
    TypeError
        실수 배열이 아닐 때.
    ValueError
        `steps` 가 양수가 아니거나 `share` 가 0과 1 사이가 아닐 때.

    Examples
    --------
    >>> bias_to_keep([10, 50, 100, 1000]).round(2).tolist()
    [2.63, 4.27, 4.97, 7.27]
    """
    steps, share = _checks.floats("steps", steps), _checks.floats("share", share)
    _between("steps", steps, math.inf)
    _between("share", share, 1)
    with _checks.about("steps and share"):
        x = -np.log(share) / steps
    return np.asarray(np.where(x > 36, -x, -np.log(np.expm1(np.minimum(x, 36)))))  # e^x - 1 is e^x beyond


def gated_parameters(input_size: int, hidden_size: int, *, blocks: int, biases: int = 1) -> int:
    r"""순환층 하나의 매개변수의 수. 같은 크기의 가중치 묶음이 몇 벌인지만 다릅니다.

    .. math:: k\,(H D + H^2 + n_b H)

    Parameters
    ----------
    input_size, hidden_size : int
        입력의 차원 :math:`D` 와 은닉 상태의 차원 :math:`H`.
    blocks : int
        묶음의 수 :math:`k`. 단순한 RNN은 1, GRU는 3, LSTM은 4입니다.
    biases : int
        묶음마다 편향(bias term) 벡터의 수 :math:`n_b`. 식대로면 1, PyTorch처럼 둘로 나누면 2, 없으면 0입니다.

    Returns
    -------
    int
        매개변수의 수.

    Raises
    ------
    TypeError
        정수가 아닐 때.
    ValueError
        크기나 `blocks` 가 1보다, `biases` 가 0보다 작을 때.

    Examples
    --------
    >>> [gated_parameters(8, 32, blocks=k) for k in (1, 3, 4)]
    [1312, 3936, 5248]
    >>> [gated_parameters(8, 32, blocks=k, biases=2) for k in (1, 3, 4)]
    [1344, 4032, 5376]
    """
    weights = rnn_parameters(input_size, hidden_size, bias=False)
    n = _checks.integer("biases", biases, least=0)
    return _checks.integer("blocks", blocks, least=1) * (weights + n * hidden_size)


def uniform_parameters(
    rng: np.random.Generator,
    input_size: int,
    hidden_size: int,
    *,
    forget_bias: float = 0.0,
    runs: int | None = None,
) -> tuple[Array, Array, Array]:
    r"""LSTM의 처음 가중치. 균등 분포 :math:`U(-1/\sqrt H, 1/\sqrt H)` 에서 뽑습니다.

    편향(bias term)은 망각 게이트만 `forget_bias` 이고 나머지는 0입니다.

    Parameters
    ----------
    rng : numpy.random.Generator
        난수 생성기.
    input_size, hidden_size : int
        입력의 차원 :math:`D` 와 은닉 상태의 차원 :math:`H`.
    forget_bias : float
        망각 게이트의 편향.
    runs : int, optional
        나란히 둘 신경망의 수. 주면 모든 배열의 앞에 그 축이 붙습니다.

    Returns
    -------
    w_ih, w_hh, b : ndarray
        ``(4H, D)``, ``(4H, H)``, ``(4H,)``.

    Raises
    ------
    TypeError, ValueError
        인자의 종류나 크기가 맞지 않을 때.

    Examples
    --------
    >>> w_ih, w_hh, b = uniform_parameters(np.random.default_rng(0), 8, 2, forget_bias=1.0)
    >>> w_ih.shape, w_hh.shape, b.tolist()
    ((8, 8), (8, 2), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
    """
    rng = _checks.generator("rng", rng)
    d = _checks.integer("input_size", input_size, least=1)
    h = _checks.integer("hidden_size", hidden_size, least=1)
    forget_bias = _checks.real("forget_bias", forget_bias)
    lead = () if runs is None else (_checks.integer("runs", runs, least=1),)
    _checks.room(input_size=d + h, hidden_size=4 * h, runs=lead[0] if lead else 1)
    bound = 1 / math.sqrt(h)
    w_ih = rng.uniform(-bound, bound, (*lead, 4 * h, d))
    w_hh = rng.uniform(-bound, bound, (*lead, 4 * h, h))
    b = np.zeros((*lead, 4 * h))
    b[..., h : 2 * h] = forget_bias
    return w_ih, w_hh, b


def _at_least(name: str, value: Array, least: float) -> None:
    outside = value[~(value >= least)]
    if outside.size:
        raise ValueError(f"{name} must be at least {least}, got {outside[0]}")


def _between(name: str, value: Array, top: float) -> None:
    """0과 `top` 사이가 아니면(끝도 빼고) ValueError."""
    outside = value[~((value > 0) & (value < top))]
    if outside.size:
        wanted = "positive and finite" if math.isinf(top) else f"between 0 and {top}, both excluded"
        raise ValueError(f"{name} must be {wanted}, got {outside[0]}")


def _arguments(
    x: npt.ArrayLike,
    w_ih: npt.ArrayLike,
    w_hh: npt.ArrayLike,
    b: npt.ArrayLike | None,
    h0: npt.ArrayLike | None,
    c0: npt.ArrayLike | None,
) -> _Arguments:
    """모양을 맞추어 보고, 없는 것은 0으로 채워, 묶음의 축이 있는 같은 실수형의 배열로 돌려줍니다."""
    x, w_hh = _checks.floats("x", x), _checks.floats("w_hh", w_hh)
    if w_hh.ndim < 2 or w_hh.shape[-1] == 0 or w_hh.shape[-2] != 4 * w_hh.shape[-1]:
        raise ValueError(f"w_hh must have shape (..., 4H, H), got {w_hh.shape}")
    lead, rows, hidden = w_hh.shape[:-2], w_hh.shape[-2], w_hh.shape[-1]
    if x.ndim < 2 or len(x) == 0 or (x.ndim > 3 and x.shape[1:-2] != lead):
        runs = "".join(f"{n}, " for n in lead)
        wanted = f"(T, D), (T, N, D) or (T, {runs}N, D)" if lead else "(T, D) or (T, N, D)"
        raise ValueError(f"x must have shape {wanted} with at least one step, got {x.shape}")
    w_ih = _checks.shaped("w_ih", w_ih, (*lead, rows, x.shape[-1]))
    b = np.zeros((*lead, rows), w_hh.dtype) if b is None else _checks.shaped("b", b, (*lead, rows))
    batched = x.ndim > 2
    outer = (*lead, x.shape[-2]) if batched else lead
    state = (*lead, x.shape[-2] if batched else 1, hidden)
    h0, c0 = (
        np.zeros(state, w_hh.dtype) if s is None else _checks.shaped(name, s, (*outer, hidden)).reshape(state)
        for name, s in (("h0", h0), ("c0", c0))
    )
    if x.ndim < 3 + len(lead):
        x = x.reshape(len(x), *(1,) * len(lead), state[-2], x.shape[-1])
    dtype = np.result_type(x, w_ih, w_hh, b, h0, c0)
    x, w_ih, w_hh, b, h0, c0 = (a.astype(dtype, copy=False) for a in (x, w_ih, w_hh, b, h0, c0))
    return _Arguments(x, w_ih, w_hh, b, h0, c0, batched)


def _unbatched(states: LstmStates) -> LstmStates:
    """묶음의 축을 뗍니다."""
    h, c, h0, c0 = (s[..., 0, :] for s in (states.h, states.c, states.h0, states.c0))
    return LstmStates(h, c, states.gates[..., 0, :, :], h0, c0)


def _blocks(states: LstmStates, w_hh: npt.ArrayLike) -> Array:
    """순환 가중치를 게이트마다 나누어 상태와 짝이 맞게 놓습니다, ``(…, 4, H, H)``."""
    hidden = states.h.shape[-1]
    w_hh = _checks.floats("w_hh", w_hh)
    axes = states.h.ndim - w_hh.ndim  # 0 without a batch, 1 with one
    lead = states.h.shape[1 : states.h.ndim - 1 - axes]
    if axes not in (0, 1) or w_hh.shape != (*lead, 4 * hidden, hidden):
        raise ValueError(
            f"w_hh must have shape (..., {4 * hidden}, {hidden}) of the states, got {w_hh.shape}"
        )
    return w_hh.reshape(*lead, *(1,) * axes, 4, hidden, hidden)


def _gates_first(w: Array) -> Array:
    """가중치를 게이트마다 나누어 게이트의 축을 맨 앞에 둡니다, ``(…, 4H, H)`` 에서 ``(4, …, H, H)`` 로."""
    return np.moveaxis(w.reshape(*w.shape[:-2], 4, -1, w.shape[-1]), -3, 0)


def _flat(deltas: Array) -> Array:
    """게이트를 다시 한 축에 잇습니다, ``(T, 4, …, N, H)`` 에서 ``(T, …, N, 4H)`` 로.

    메모리에는 시점을 묶음 옆에 두어, :func:`_stacked` 가 베끼지 않게 합니다.
    """
    rows = np.moveaxis(deltas, (0, 1), (-4, -2))  # (…, T, N, 4, H)
    return np.moveaxis(rows.reshape(*rows.shape[:-2], -1), -3, 0)


def _with_one(x: Array) -> Array:
    """입력의 끝에 1을 붙입니다. 편향(bias term)이 그 칸의 가중치가 됩니다."""
    return np.concatenate([x, np.ones_like(x, shape=(*x.shape[:-1], 1))], axis=-1)


def _times(a: Array, w: Array) -> Array:
    """모든 시점과 묶음에 같은 행렬을 곱합니다. 시점마다의 작은 곱 여럿보다 큰 곱 하나가 빠릅니다."""
    product = _stacked(a) @ w
    return np.moveaxis(product.reshape(*product.shape[:-2], len(a), a.shape[-2], w.shape[-1]), -3, 0)


def _stacked(a: Array) -> Array:
    """시점의 축을 묶음의 축에 합칩니다, ``(T, …, N, D)`` 에서 ``(…, T·N, D)`` 로."""
    return np.moveaxis(a, 0, -3).reshape(*a.shape[1:-2], -1, a.shape[-1])


def _transposed(a: Array) -> Array:
    return np.swapaxes(a, -1, -2)


def _previous(states: Array, initial: Array) -> Array:
    """시점마다 바로 앞의 상태. 첫째는 처음 상태입니다."""
    return np.concatenate([initial[None], states[:-1]])
