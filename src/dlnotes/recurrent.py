r"""순환 신경망과 시간 역전파: 기울기를 시점과 경로로 나누어 봅니다."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import rounded_last

Array = npt.NDArray[np.floating]
Activation = Literal["tanh", "identity"]
Partial = Literal["immediate", "total"]


@dataclass(frozen=True)
class RnnGradients:
    r"""시간 역전파가 돌려주는 기울기.

    Attributes
    ----------
    dx
        입력의 기울기 ``(T, …, D)``.
    dw_ih
        입력에서 은닉 상태로 가는 가중치의 기울기 ``(H, D)``.
    dw_hh
        은닉 상태에서 은닉 상태로 가는 가중치의 기울기 ``(H, H)``.
    db
        편향(bias term)의 기울기 ``(H,)``.
    dh0
        처음 상태의 기울기 ``(…, H)``.
    deltas
        활성화 함수에 들어가기 전 값의 기울기 :math:`\delta_t`, ``(T, …, H)``.
    dw_hh_steps
        시점마다 보탠 행렬 :math:`\delta_t h_{t-1}^\top`, ``(T, H, H)``. 모두 더하면 `dw_hh` 입니다.
    """

    dx: Array
    dw_ih: Array
    dw_hh: Array
    db: Array
    dh0: Array
    deltas: Array
    dw_hh_steps: Array


class _Arguments(NamedTuple):
    x: Array
    w_ih: Array
    w_hh: Array
    b: Array
    h0: Array


@rounded_last
def rnn(
    x: npt.ArrayLike,
    w_ih: npt.ArrayLike,
    w_hh: npt.ArrayLike,
    b: npt.ArrayLike | None = None,
    h0: npt.ArrayLike | None = None,
    *,
    activation: Activation = "tanh",
) -> Array:
    r"""한 층짜리 순환 신경망의 순전파.

    시점 :math:`t=1,\dots,T` 마다 같은 가중치로 은닉 상태를 고칩니다.

    .. math:: h_t = \varphi(W_{ih}\,x_t + W_{hh}\,h_{t-1} + b)

    Parameters
    ----------
    x : array_like
        입력 ``(T, D)`` 또는 묶음 ``(T, N, D)``. 첫 축이 시점입니다.
    w_ih : array_like
        입력에서 은닉 상태로 가는 가중치 ``(H, D)``.
    w_hh : array_like
        은닉 상태에서 은닉 상태로 가는 가중치 ``(H, H)``.
    b : array_like, optional
        편향(bias term) ``(H,)``. 없으면 0입니다. PyTorch의 두 편향을 더한 것과 같습니다.
    h0 : array_like, optional
        처음 상태 ``(H,)`` 또는 ``(N, H)``. 없으면 0입니다.
    activation : {"tanh", "identity"}
        활성화 함수 :math:`\varphi`.

    Returns
    -------
    ndarray
        은닉 상태 :math:`h_1,\dots,h_T`, ``(T, H)`` 또는 ``(T, N, H)``.

    Raises
    ------
    TypeError
        실수 배열이 아닌 인자가 있을 때.
    ValueError
        배열의 모양이 서로 맞지 않거나, 시점이 하나도 없거나, `activation` 이 둘 중 하나가 아닐 때.

    Examples
    --------
    입력이 늘 1이고 :math:`h_t=\frac12 h_{t-1}+1` 인 가장 작은 순환 신경망입니다.

    >>> rnn(np.ones((3, 1)), [[1.0]], [[0.5]], activation="identity").ravel().tolist()
    [1.0, 1.5, 1.75]
    """
    x, w_ih, w_hh, b, h0 = _arguments(x, w_ih, w_hh, b, h0)
    phi = np.tanh if _known(activation) == "tanh" else np.positive
    h, previous, recurrent = x @ w_ih.T + b, h0, np.ascontiguousarray(w_hh.T)
    for h_t in h:
        h_t += previous @ recurrent
        previous = phi(h_t, out=h_t)
    return h


@rounded_last
def rnn_vjp(
    x: npt.ArrayLike,
    w_ih: npt.ArrayLike,
    w_hh: npt.ArrayLike,
    b: npt.ArrayLike | None = None,
    h0: npt.ArrayLike | None = None,
    *,
    activation: Activation = "tanh",
) -> tuple[Array, Callable[..., RnnGradients]]:
    r"""순전파를 하고, 시간 역전파(BPTT) 함수를 함께 돌려줍니다.

    은닉 상태로 들어오는 기울기 :math:`g_t` 는 그 시점의 출력에서 온 것과 다음 시점에서 온 것의 합입니다.
    끝에서부터 거슬러 올라가며 계산합니다.

    .. math::

        g_t &= \frac{\partial^+ C}{\partial h_t} + W_{hh}^\top\,\delta_{t+1} \\
        \delta_t &= g_t \odot \varphi'(a_t) \\
        \frac{\partial C}{\partial W_{hh}} &= \sum_{t=1}^{T} \delta_t\, h_{t-1}^\top

    :math:`\partial^+ C/\partial h_t` 는 나중 시점을 거치지 않고 :math:`h_t` 가 비용에 곧바로 주는 영향이고,
    :math:`a_t=W_{ih}x_t+W_{hh}h_{t-1}+b` 입니다. :math:`\delta_{T+1}=0` 입니다.

    Parameters
    ----------
    x, w_ih, w_hh, b, h0, activation
        :func:`rnn` 과 같습니다.

    Returns
    -------
    h : ndarray
        은닉 상태 ``(T, …, H)``.
    pullback : callable
        ``pullback(dh, window=None)``. `dh` 는 :math:`\partial^+ C/\partial h_t` 를 모은 ``(T, …, H)`` 이고,
        돌려주는 것은 :class:`RnnGradients` 입니다. `window` 에 양의 정수 :math:`k` 를 주면 절단 시간
        역전파입니다. 시점 :math:`\tau` 의 비용에서 출발한 기울기는 :math:`t>\tau-k` 까지만 거슬러 갑니다.

    Raises
    ------
    TypeError, ValueError
        :func:`rnn` 과 같습니다. `pullback` 은 `dh` 의 모양이 은닉 상태와 다르거나 `window` 가 양의 정수가
        아닐 때 거절합니다.

    Notes
    -----
    절단은 비용마다 꼭 :math:`k` 시점을 거슬러 갑니다. 긴 시퀀스를 :math:`k` 시점씩 토막 내는 구현에서는
    토막의 앞쪽에 있는 비용이 더 짧게 거슬러 갑니다.

    References
    ----------
    Werbos, P. J. (1990). Backpropagation through time: what it does and how to do it.
    Proceedings of the IEEE, 78(10), 1550-1560.

    Examples
    --------
    비용이 마지막 상태 :math:`h_3` 이면 :math:`w=\frac12` 의 기울기는 :math:`2w+1=2` 입니다.

    >>> h, pullback = rnn_vjp(np.ones((3, 1)), [[1.0]], [[0.5]], activation="identity")
    >>> gradients = pullback([[0.0], [0.0], [1.0]])
    >>> gradients.dw_hh_steps.ravel().tolist(), gradients.dw_hh.item()
    ([0.0, 0.5, 1.5], 2.0)
    >>> [pullback([[0.0], [0.0], [1.0]], window=k).dw_hh.item() for k in (1, 2, 3)]
    [1.5, 2.0, 2.0]
    """
    arguments = _arguments(x, w_ih, w_hh, b, h0)
    h = rnn(*arguments, activation=activation)

    def pullback(dh: npt.ArrayLike, window: int | None = None) -> RnnGradients:
        direct, slopes = _checks.shaped("dh", dh, h.shape), _slopes(h, activation)
        if window is None:
            deltas, dh0 = _full(direct, slopes, arguments.w_hh)
        else:
            k = min(_checks.integer("window", window, least=1), len(h))
            deltas, dh0 = _truncated(direct, slopes, arguments.w_hh, k)
        return _gradients(arguments, h, deltas, dh0)

    return h, pullback


def _full(direct: Array, slopes: Array, w_hh: Array) -> tuple[Array, Array]:
    """끝에서 처음까지 한 번에 거슬러 갑니다."""
    deltas = np.empty_like(slopes)
    from_later = np.zeros_like(slopes[0])
    for t in reversed(range(len(slopes))):
        delta = np.multiply(direct[t] + from_later, slopes[t], out=deltas[t])
        from_later = delta @ w_hh
    return deltas, from_later


def _truncated(direct: Array, slopes: Array, w_hh: Array, window: int) -> tuple[Array, Array]:
    """모든 시점의 비용에서 나란히 출발해 `window` 시점까지만 거슬러 갑니다."""
    deltas = np.zeros_like(slopes)
    dh0 = np.zeros_like(slopes[0])
    arriving = direct  # arriving[t] comes from the cost of step t + lag
    for lag in range(window):
        delta = arriving * slopes[: len(slopes) - lag]
        deltas[: len(delta)] += delta
        passed = delta @ w_hh
        dh0 = dh0 + passed[0]
        arriving = passed[1:]
    return deltas, dh0


def _gradients(arguments: _Arguments, h: Array, deltas: Array, dh0: Array) -> RnnGradients:
    x, w_ih, _, _, h0 = arguments
    steps = _outer(deltas, _previous(h, h0))
    return RnnGradients(
        dx=deltas @ w_ih,
        dw_ih=_outer(deltas, x).sum(axis=0),
        dw_hh=steps.sum(axis=0),
        db=deltas.reshape(-1, deltas.shape[-1]).sum(axis=0),
        dh0=dh0,
        deltas=deltas,
        dw_hh_steps=steps,
    )


@rounded_last
def rnn_jacobians(h: npt.ArrayLike, w_hh: npt.ArrayLike, *, activation: Activation = "tanh") -> Array:
    r"""이웃한 은닉 상태 사이의 야코비 행렬.

    .. math:: \frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(\varphi'(a_t))\, W_{hh}

    Parameters
    ----------
    h : array_like
        은닉 상태 ``(T, …, H)``. :func:`rnn` 이 돌려준 것입니다.
    w_hh : array_like
        가중치 ``(H, H)``.
    activation : {"tanh", "identity"}
        활성화 함수. tanh이면 :math:`\varphi'(a_t)=1-h_t^2` 입니다.

    Returns
    -------
    ndarray
        야코비 행렬 ``(T, …, H, H)``. 첫 번째는 :math:`\partial h_1/\partial h_0` 입니다.

    Raises
    ------
    TypeError
        실수 배열이 아닌 인자가 있을 때.
    ValueError
        모양이 맞지 않거나 `activation` 이 둘 중 하나가 아닐 때.

    Examples
    --------
    은닉 상태가 0이면 tanh의 기울기가 1이므로 야코비 행렬은 가중치 그대로입니다.

    >>> rnn_jacobians([[0.0, 0.5]], [[1.0, 2.0], [3.0, 4.0]])[0].tolist()
    [[1.0, 2.0], [2.25, 3.0]]
    """
    h, w_hh = _states(h, w_hh)
    return _slopes(h, activation)[..., None] * w_hh


@rounded_last
def path_contributions(
    dh: npt.ArrayLike,
    h: npt.ArrayLike,
    w_hh: npt.ArrayLike,
    h0: npt.ArrayLike | None = None,
    *,
    activation: Activation = "tanh",
    partial: Partial = "immediate",
) -> Array:
    r"""기울기를 비용의 시점 :math:`\tau` 와 가중치를 쓴 시점 :math:`t` 로 나눈 이중합의 항들.

    시점 :math:`\tau` 의 비용 :math:`C_\tau` 에서 시점 :math:`t` 의 :math:`W` 까지 가는 경로는 하나입니다.

    .. math::

        \frac{\partial C}{\partial W} = \sum_{\tau=1}^{T}\sum_{t=1}^{\tau}
        \frac{\partial C_\tau}{\partial h_\tau}
        \left(\prod_{j=t+1}^{\tau}\frac{\partial h_j}{\partial h_{j-1}}\right)
        \frac{\partial^+ h_t}{\partial W}

    :math:`\partial^+ h_t/\partial W` 는 :math:`h_{t-1}` 을 상수로 둔 **즉시 편미분**\ 입니다. 그 자리에
    :math:`W` 를 거친 모든 길을 담은 전미분 :math:`\mathrm{d}h_t/\mathrm{d}W` 를 넣으면 같은 길을 여러 번
    셉니다. `partial` 로 둘을 바꾸어 볼 수 있습니다.

    Parameters
    ----------
    dh : array_like
        각 시점의 비용을 그 시점의 상태로 미분한 것 :math:`\partial C_\tau/\partial h_\tau`, ``(T, …, H)``.
    h : array_like
        은닉 상태 ``(T, …, H)``.
    w_hh : array_like
        가중치 ``(H, H)``.
    h0 : array_like, optional
        처음 상태 ``(…, H)``. 없으면 0입니다.
    activation : {"tanh", "identity"}
        활성화 함수.
    partial : {"immediate", "total"}
        마지막 인수를 즉시 편미분으로 할지 전미분으로 할지.

    Returns
    -------
    ndarray
        항 ``(T, T, H, H)``. ``[tau, t]`` 가 한 항이고 :math:`t>\tau` 이면 0입니다. 즉시 편미분이면 모두 더한
        것이 :math:`\partial C/\partial W_{hh}` 입니다.

    Raises
    ------
    TypeError
        실수 배열이 아닌 인자가 있을 때.
    ValueError
        모양이 맞지 않거나, `activation` 이나 `partial` 이 둘 중 하나가 아닐 때.

    Notes
    -----
    항이 :math:`T^2` 개이므로 작은 예에만 씁니다. 학습에는 같은 합을 한 번에 구하는 :func:`rnn_vjp` 를 씁니다.

    References
    ----------
    Pascanu, R., Mikolov, T., Bengio, Y. (2013). On the difficulty of training recurrent neural networks.
    ICML.

    Examples
    --------
    :math:`h_t=\frac12 h_{t-1}+1` 이고 비용이 :math:`h_3` 일 때의 마지막 줄입니다. 즉시 편미분이면 합이 2,
    전미분이면 2.5입니다.

    >>> h = rnn(np.ones((3, 1)), [[1.0]], [[0.5]], activation="identity")
    >>> dh = [[0.0], [0.0], [1.0]]
    >>> path_contributions(dh, h, [[0.5]], activation="identity")[2].ravel().tolist()
    [0.0, 0.5, 1.5]
    >>> path_contributions(dh, h, [[0.5]], activation="identity", partial="total")[2].ravel().tolist()
    [0.0, 0.5, 2.0]
    """
    h, w_hh = _states(h, w_hh)
    h0 = np.zeros_like(h[0]) if h0 is None else _checks.shaped("h0", h0, h.shape[1:])
    _checks.choice("partial", partial, ("immediate", "total"))
    from_cost = _checks.shaped("dh", dh, h.shape)
    jacobians = rnn_jacobians(h, w_hh, activation=activation)
    derivatives = _immediate(h, h0, activation)
    if partial == "total":
        derivatives = _total(derivatives, jacobians)
    terms = np.zeros((len(h), len(h), *w_hh.shape), np.result_type(from_cost, derivatives))
    for tau in range(len(h)):
        arriving = from_cost[tau]
        for t in reversed(range(tau + 1)):
            each = np.einsum("...i,...ijk->...jk", arriving, derivatives[t])
            terms[tau, t] = each.reshape(-1, *w_hh.shape).sum(axis=0)
            arriving = np.einsum("...i,...ij->...j", arriving, jacobians[t])
    return terms


def kept_terms(steps: int, length: int, *, chunked: bool = False) -> npt.NDArray[np.bool_]:
    r"""절단 시간 역전파가 이중합에서 남기는 항.

    비용의 시점 :math:`\tau` 에서 :math:`t>\tau-k` 까지 거슬러 가거나(창을 미는 절단), 시퀀스를
    :math:`k` 시점씩 토막 내어 그 토막의 처음까지만 거슬러 갑니다(토막 절단). 뒤의 것은 토막의 끝에서 상태의
    값만 넘기고 기울기는 넘기지 않는 것(detach)과 같습니다.

    Parameters
    ----------
    steps : int
        시점의 수 T.
    length : int
        창 또는 토막의 길이 k(시점).
    chunked : bool
        참이면 토막 절단입니다.

    Returns
    -------
    ndarray of bool
        ``(T, T)``. ``[tau, t]`` 가 참이면 :func:`path_contributions` 의 그 항이 남습니다.

    Raises
    ------
    TypeError, ValueError
        `steps` 나 `length` 가 양의 정수가 아닐 때.

    Examples
    --------
    >>> kept_terms(4, 2).astype(int).tolist()
    [[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]]
    >>> kept_terms(4, 2, chunked=True).astype(int).tolist()
    [[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 1]]
    """
    steps, chunked = _checks.count("steps", steps), _checks.flag("chunked", chunked)
    _checks.room(steps=steps * steps)
    tau = np.arange(steps)[:, np.newaxis]
    k, t = _checks.integer("length", length, least=1), tau.T
    reached = tau // k == t // k if chunked else t > tau - k
    return np.asarray(reached & (t <= tau))


def _immediate(h: Array, h0: Array, activation: Activation) -> Array:
    r"""즉시 편미분 :math:`\partial^+ h_t/\partial W`, ``(T, …, H, H, H)``. h_{t-1}은 상수입니다."""
    slopes, previous = _slopes(h, activation), _previous(h, h0)
    identity = np.eye(h.shape[-1], dtype=h.dtype)
    partial: Array = np.einsum("...i,ij,...k->...ijk", slopes, identity, previous)
    return partial


def _total(immediate: Array, jacobians: Array) -> Array:
    r"""전미분 dh_t/dW = ∂⁺h_t/∂W + (∂h_t/∂h_{t-1}) dh_{t-1}/dW."""
    total = immediate.copy()
    for t in range(1, len(total)):
        total[t] += np.einsum("...ij,...jkl->...ikl", jacobians[t], total[t - 1])
    return total


@rounded_last
def unrolled_vjp(
    x: npt.ArrayLike,
    w_ih: npt.ArrayLike,
    copies: npt.ArrayLike,
    b: npt.ArrayLike | None = None,
    h0: npt.ArrayLike | None = None,
    *,
    activation: Activation = "tanh",
) -> tuple[Array, Callable[[npt.ArrayLike], Array]]:
    r"""펼친 신경망: 시점마다 제 가중치 :math:`W^{(t)}` 가 따로 있는 보통의 순방향 신경망.

    .. math:: h_t = \varphi(W_{ih}\,x_t + W^{(t)}\,h_{t-1} + b)

    층을 하나씩 쌓고 보통의 역전파로 층마다의 기울기를 구합니다. 모든 사본이 같은 값이면, 사본의 기울기를 더한
    것이 공유한 가중치의 기울기입니다.

    .. math::

        \frac{\partial C}{\partial W} =
        \sum_{t=1}^{T} \left.\frac{\partial C}{\partial W^{(t)}}\right|_{W^{(1)}=\dots=W^{(T)}=W}

    Parameters
    ----------
    x, w_ih, b, h0, activation
        :func:`rnn` 과 같습니다.
    copies : array_like
        가중치의 사본 ``(T, H, H)``. 서로 달라도 됩니다.

    Returns
    -------
    h : ndarray
        은닉 상태 ``(T, …, H)``.
    pullback : callable
        ``pullback(dh)``. 사본마다의 기울기 ``(T, H, H)`` 를 돌려줍니다.

    Raises
    ------
    TypeError
        실수 배열이 아닌 인자가 있을 때.
    ValueError
        배열의 모양이 서로 맞지 않거나 `activation` 이 둘 중 하나가 아닐 때.

    Examples
    --------
    사본 셋이 모두 :math:`\frac12` 이면 기울기는 차례로 0, 0.5, 1.5이고 합은 2입니다.

    >>> h, pullback = unrolled_vjp(np.ones((3, 1)), [[1.0]], np.full((3, 1, 1), 0.5), activation="identity")
    >>> pullback([[0.0], [0.0], [1.0]]).ravel().tolist()
    [0.0, 0.5, 1.5]
    """
    copies = _checks.array("copies", copies, rank=3)
    if len(copies) == 0:
        raise ValueError(f"copies must have one matrix for each step, got shape {copies.shape}")
    x, w_ih, _, b, h0 = _arguments(x, w_ih, copies[0], b, h0)
    copies = _checks.shaped("copies", copies, (len(x), len(b), len(b)))
    layers = []
    h = [h0]
    for x_t, w_t in zip(x, copies, strict=True):
        output, layer_pullback = _layer_vjp(h[-1], w_t, x_t @ w_ih.T + b, _known(activation))
        h.append(output)
        layers.append(layer_pullback)

    def pullback(dh: npt.ArrayLike) -> Array:
        direct = _checks.shaped("dh", dh, (len(x), *h0.shape))
        gradients = np.empty_like(copies)
        from_above = np.zeros_like(h0)
        for t in reversed(range(len(x))):
            from_above, gradients[t] = layers[t](direct[t] + from_above)
        return gradients

    return np.stack(h[1:]), pullback


def _layer_vjp(
    below: Array, w: Array, shift: Array, activation: Activation
) -> tuple[Array, Callable[[Array], tuple[Array, Array]]]:
    """완전 연결층 하나: φ(w below + shift)와 그 역전파."""
    a = below @ w.T + shift
    y = np.tanh(a) if activation == "tanh" else a

    def pullback(dy: Array) -> tuple[Array, Array]:
        da = dy / np.cosh(a) ** 2 if activation == "tanh" else dy
        return da @ w, da.reshape(-1, len(w)).T @ below.reshape(-1, len(w))

    return y, pullback


@rounded_last
def readout_cost(
    h: npt.ArrayLike, w_ho: npt.ArrayLike, target: npt.ArrayLike, b_o: npt.ArrayLike | None = None
) -> tuple[Array, Array]:
    r"""시점마다의 제곱 오차 비용과, 그것을 그 시점의 상태로 미분한 것.

    .. math::

        y_\tau = W_{ho} h_\tau + b_o, \qquad
        C_\tau = \tfrac12 \lVert y_\tau - z_\tau \rVert^2, \qquad
        \frac{\partial C_\tau}{\partial h_\tau} = W_{ho}^\top(y_\tau - z_\tau)

    Parameters
    ----------
    h : array_like
        은닉 상태 ``(T, …, H)``.
    w_ho : array_like
        은닉 상태에서 출력으로 가는 가중치 ``(O, H)``.
    target : array_like
        목표 :math:`z_\tau`, ``(T, …, O)``.
    b_o : array_like, optional
        출력의 편향(bias term) ``(O,)``. 없으면 0입니다.

    Returns
    -------
    costs : ndarray
        시점마다의 비용 ``(T,)``. 묶음이면 예를 모두 더한 것입니다.
    dh : ndarray
        :math:`\partial C_\tau/\partial h_\tau`, ``(T, …, H)``. 그대로 `pullback` 에 넣습니다.

    Raises
    ------
    TypeError
        실수 배열이 아닌 인자가 있을 때.
    ValueError
        배열의 모양이 서로 맞지 않을 때.

    Examples
    --------
    >>> costs, dh = readout_cost([[1.0], [2.0]], [[3.0]], [[1.0], [6.0]])
    >>> costs.tolist(), dh.tolist()
    ([2.0, 0.0], [[6.0], [0.0]])
    """
    h, w_ho = _checks.floats("h", h), _checks.array("w_ho", w_ho, rank=2)
    if h.ndim < 2:
        raise ValueError(f"h must have shape (T, ..., H), got {h.shape}")
    if w_ho.shape[1] != h.shape[-1]:
        raise ValueError(f"w_ho must have shape (O, {h.shape[-1]}), got {w_ho.shape}")
    b_o = np.zeros(len(w_ho), w_ho.dtype) if b_o is None else _checks.shaped("b_o", b_o, (len(w_ho),))
    error = h @ w_ho.T + b_o - _checks.shaped("target", target, (*h.shape[:-1], len(w_ho)))
    return (error**2).reshape(len(h), -1).sum(axis=1) / 2, error @ w_ho


@rounded_last
def descend(
    x: npt.ArrayLike,
    target: npt.ArrayLike,
    w_ih: npt.ArrayLike,
    w_hh: npt.ArrayLike,
    w_ho: npt.ArrayLike,
    b: npt.ArrayLike | None = None,
    h0: npt.ArrayLike | None = None,
    b_o: npt.ArrayLike | None = None,
    *,
    steps: int,
    lr: float,
    update: Literal["w_hh", "h0"] = "w_hh",
    activation: Activation = "tanh",
) -> tuple[Array, Array]:
    r"""순환 신경망의 배열 하나만 경사 하강법으로 고칩니다.

    .. math::

        W_{hh} \leftarrow W_{hh} - \eta\,\frac{\partial C}{\partial W_{hh}}
        \qquad\text{또는}\qquad
        h_0 \leftarrow h_0 - \eta\,\frac{\partial C}{\partial h_0}

    비용 :math:`C=\sum_\tau C_\tau` 는 :func:`readout_cost` 의 합입니다.

    Parameters
    ----------
    x, w_ih, w_hh, b, h0, activation
        :func:`rnn` 과 같습니다.
    target, w_ho, b_o
        :func:`readout_cost` 와 같습니다.
    steps : int
        갱신 횟수.
    lr : float
        학습률 :math:`\eta`. 0보다 큽니다.
    update : {"w_hh", "h0"}
        고칠 배열. 나머지는 그대로 둡니다.

    Returns
    -------
    learned : ndarray
        고친 배열.
    costs : ndarray
        갱신마다 고치기 전의 비용과 마지막 비용, ``(steps + 1,)``.

    Raises
    ------
    TypeError
        `steps` 가 정수가 아니거나, `lr` 이나 배열이 실수가 아닐 때.
    ValueError
        배열의 모양이 서로 맞지 않거나, `lr` 이 유한한 양수가 아니거나, `update` 가 둘 중 하나가 아닐 때.

    Examples
    --------
    >>> x, target = np.ones((3, 1)), [[0.0], [0.0], [2.0]]
    >>> w, costs = descend(x, target, [[1.0]], [[0.5]], [[1.0]], steps=1, lr=0.1, activation="identity")
    >>> costs.round(3).tolist(), round(w.item(), 3)
    ([1.656, 1.577], 0.4)
    """
    steps, lr = _checks.count("steps", steps, least=0), _checks.positive("lr", lr)
    _checks.choice("update", update, ("w_hh", "h0"))
    x, w_ih, w_hh, b, h0 = _arguments(x, w_ih, w_hh, b, h0)
    costs = np.empty(steps + 1)
    for step in range(steps + 1):
        h, pullback = rnn_vjp(x, w_ih, w_hh, b, h0, activation=activation)
        parts, dh = readout_cost(h, w_ho, target, b_o)
        costs[step] = parts.sum()
        if step < steps and update == "w_hh":
            w_hh = w_hh - lr * pullback(dh).dw_hh
        elif step < steps:
            h0 = h0 - lr * pullback(dh).dh0
    return (w_hh if update == "w_hh" else h0), costs


def rnn_parameters(input_size: int, hidden_size: int, *, bias: bool = True) -> int:
    r"""순환층의 매개변수의 수 :math:`HD+H^2+H`. 시점의 수 :math:`T` 는 들어 있지 않습니다.

    Parameters
    ----------
    input_size : int
        입력의 차원 :math:`D`.
    hidden_size : int
        은닉 상태의 차원 :math:`H`.
    bias : bool
        편향(bias term)을 셀지. PyTorch의 ``nn.RNN`` 은 편향이 둘이라 이보다 :math:`H` 개 많습니다.

    Returns
    -------
    int
        매개변수의 수.

    Raises
    ------
    TypeError
        정수가 아닐 때.
    ValueError
        1보다 작을 때.

    Examples
    --------
    >>> rnn_parameters(3, 4)
    32
    """
    d = _checks.integer("input_size", input_size, least=1)
    h = _checks.integer("hidden_size", hidden_size, least=1)
    return h * d + h * h + h * _checks.flag("bias", bias)


def _arguments(
    x: npt.ArrayLike,
    w_ih: npt.ArrayLike,
    w_hh: npt.ArrayLike,
    b: npt.ArrayLike | None,
    h0: npt.ArrayLike | None,
) -> _Arguments:
    """모양을 맞추어 보고, 없는 것은 0으로 채워, 모두 같은 실수형으로 돌려줍니다."""
    x, w_hh = _checks.floats("x", x), _checks.array("w_hh", w_hh, rank=2)
    if x.ndim < 2 or len(x) == 0:
        raise ValueError(f"x must have shape (T, ..., D) with at least one step, got {x.shape}")
    width = len(w_hh)
    w_hh = _checks.shaped("w_hh", w_hh, (width, width))
    w_ih = _checks.shaped("w_ih", w_ih, (width, x.shape[-1]))
    b = np.zeros(width, w_hh.dtype) if b is None else _checks.shaped("b", b, (width,))
    state = (*x.shape[1:-1], width)
    h0 = np.zeros(state, w_hh.dtype) if h0 is None else _checks.shaped("h0", h0, state)
    dtype = np.result_type(x, w_ih, w_hh, b, h0)
    return _Arguments(*(array.astype(dtype, copy=False) for array in (x, w_ih, w_hh, b, h0)))


def _states(h: npt.ArrayLike, w_hh: npt.ArrayLike) -> tuple[Array, Array]:
    h = _checks.floats("h", h)
    if h.ndim < 2 or len(h) == 0:
        raise ValueError(f"h must have shape (T, ..., H) with at least one step, got {h.shape}")
    return h, _checks.shaped("w_hh", w_hh, (h.shape[-1], h.shape[-1]))


def _known(activation: Activation) -> Activation:
    _checks.choice("activation", activation, ("tanh", "identity"))
    return activation


def _slopes(h: Array, activation: Activation) -> Array:
    r"""활성화 함수의 기울기 :math:`\varphi'(a_t)` 를 출력 :math:`h_t` 로 나타낸 것."""
    return 1 - h**2 if _known(activation) == "tanh" else np.ones_like(h)


def _previous(h: Array, h0: Array) -> Array:
    """한 시점 앞의 상태 h_0, …, h_{T-1}."""
    return np.concatenate([h0[None], h[:-1]])


def _outer(deltas: Array, values: Array) -> Array:
    """시점마다의 바깥곱 δ_t v_tᵀ. 묶음의 예는 더합니다."""
    rows = deltas.reshape(len(deltas), -1, deltas.shape[-1])
    columns = values.reshape(len(values), -1, values.shape[-1])
    return rows.swapaxes(1, 2) @ columns
