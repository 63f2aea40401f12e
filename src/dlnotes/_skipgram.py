"""스킵그램의 인자를 검사하고, 검사한 행렬로 비용과 기울기를 셉니다. 비용과 학습이 함께 씁니다."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes._precision import working
from dlnotes.activations import sigmoid

Array = npt.NDArray[np.floating]
Integers = npt.NDArray[np.integer]
Reduction = Literal["mean", "sum", "none"]
Pullback = Callable[[npt.ArrayLike], tuple[Array, Array]]


def pair_loss_vjp(
    w_in: Array, w_out: Array, centers: Integers, contexts: Integers, reduction: Reduction
) -> tuple[Array, Pullback]:
    v, pair = w_in[centers], np.arange(len(centers))
    log_p = log_softmax(v @ w_out)

    def pullback(dcost: npt.ArrayLike) -> tuple[Array, Array]:
        e = np.exp(log_p)
        e[pair, contexts] -= 1
        e *= spread_cost(dcost, len(pair), reduction, w_in.dtype)[:, None]
        return scatter_rows(centers, e @ w_out.T, len(w_in)), v.T @ e

    return reduce_costs(-log_p[pair, contexts], reduction), pullback


def count_shares(counts: npt.ArrayLike, w_in: Array, w_out: Array) -> tuple[Array, Array]:
    """횟수를 모두의 합으로 나눈 몫과, 그 행의 합."""
    n = _checks.shaped("counts", positive_counts("counts", counts), (*w_out.shape[:-2], len(w_in), len(w_in)))
    share = (n / n.sum()).astype(w_in.dtype)
    return share, share.sum(axis=-1, keepdims=True)


def counted_loss_vjp(w_in: Array, w_out: Array, share: Array, rows: Array) -> tuple[Array, Pullback]:
    log_p = log_softmax(w_in @ w_out)

    def pullback(dcost: npt.ArrayLike) -> tuple[Array, Array]:
        e = _checks.shaped("dcost", dcost, ()).astype(w_in.dtype) * (rows * np.exp(log_p) - share)
        dw_in = e @ np.swapaxes(w_out, -1, -2)
        return dw_in.sum(axis=tuple(range(dw_in.ndim - 2))), w_in.T @ e

    return np.asarray(-np.vdot(share, log_p)), pullback


def logistic_loss_vjp(
    w_in: Array, w_out: Array, centers: Integers, columns: Integers, reduction: Reduction
) -> tuple[Array, Pullback]:
    """`columns` 의 첫 열이 진짜, 나머지가 가짜인 로지스틱 비용."""
    v, u = w_in[centers], w_out.T[columns]
    z = (u @ v[:, :, None])[:, :, 0]
    sign = np.where(np.arange(z.shape[1]) == 0, 1, -1).astype(z.dtype)

    def pullback(dcost: npt.ArrayLike) -> tuple[Array, Array]:
        e = -sign * sigmoid(-sign * z)
        e *= spread_cost(dcost, len(v), reduction, w_in.dtype)[:, None]
        dv = (e[:, None, :] @ u)[:, 0]
        du = (e[:, :, None] * v[:, None, :]).reshape(-1, v.shape[1])
        return scatter_rows(centers, dv, len(w_in)), scatter_rows(columns.ravel(), du, len(w_in)).T

    return reduce_costs(np.logaddexp(0, -sign * z).sum(axis=1), reduction), pullback


def word_ids(name: str, value: npt.ArrayLike, size: int) -> npt.NDArray[np.intp]:
    ids = _checks.as_array(name, value)
    if ids.size and ids.dtype.kind not in "iu":
        raise TypeError(f"{name} must be integer word ids, got dtype {ids.dtype}")
    for wrong in ids[(ids < 0) | (ids >= size)][:1]:
        raise ValueError(f"{name} must be word ids from 0 to V - 1 = {size - 1}, got {wrong}")
    return ids.astype(np.intp)


def word_pairs(
    pairs: npt.ArrayLike, size: int, *, least: int = 1
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    ids = word_ids("pairs", pairs, size)
    if ids.ndim != 2 or ids.shape[1] != 2 or len(ids) < least:
        raise ValueError(f"pairs must have shape (P, 2) with P >= {least}, got {ids.shape}")
    return ids[:, 0], ids[:, 1]


def aligned_pairs(
    centers: npt.ArrayLike, contexts: npt.ArrayLike, size: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    c, o = word_ids("centers", centers, size), word_ids("contexts", contexts, size)
    if c.ndim != 1 or not len(c):
        raise ValueError(f"centers must have shape (P,) with P >= 1, got {c.shape}")
    if o.shape != c.shape:
        raise ValueError(f"contexts must have shape {c.shape} as centers, got {o.shape}")
    return c, o


def word_matrices(w_in: npt.ArrayLike, w_out: npt.ArrayLike, *, stacked: bool = False) -> tuple[Array, Array]:
    w_in = _checks.array("w_in", w_in, rank=2)
    w_out = _checks.floats("w_out", w_out) if stacked else _checks.array("w_out", w_out, rank=2)
    if w_out.shape[-2:] != w_in.shape[::-1]:
        raise ValueError(f"w_out must have shape {w_in.shape[::-1]}, got {w_out.shape}")
    dtype = np.result_type(w_in, w_out)
    return w_in.astype(dtype, copy=False), w_out.astype(dtype, copy=False)


def nonnegative_counts(name: str, counts: npt.ArrayLike) -> Array:
    n = _checks.floats(name, counts)
    n = n.astype(working(n.dtype), copy=False)
    for wrong in n[~((n >= 0) & np.isfinite(n))][:1]:
        raise ValueError(f"{name} must be finite and non-negative, got {wrong}")
    return n


def positive_counts(name: str, counts: npt.ArrayLike) -> Array:
    n = nonnegative_counts(name, counts)
    if not n.sum() > 0:
        raise ValueError(f"{name} must not be all zero, got shape {n.shape}")
    return n


def noise_shares(noise: npt.ArrayLike) -> Array:
    q = _checks.array("noise", positive_counts("noise", noise), rank=1).astype(np.float64)
    q = q / max(q.max(), 1)  # the largest counts have no sum
    return np.asarray(q / q.sum())


def cumulative_edges(noise: npt.ArrayLike) -> Array:
    """단어마다 누적 확률의 오른쪽 끝. 확률이 있는 마지막 단어부터는 무한대입니다."""
    q = noise_shares(noise)
    edges = np.cumsum(q)
    edges[np.flatnonzero(q)[-1] :] = np.inf  # a sum that rounds below 1 must not lead outside
    return edges


def draw_words(edges: Array, uniform: Array) -> npt.NDArray[np.intp]:
    return np.asarray(np.searchsorted(edges, uniform, side="right"))


def log_softmax(z: Array) -> Array:
    z = z - z.max(axis=-1, keepdims=True)
    return np.asarray(z - np.log(np.exp(z).sum(axis=-1, keepdims=True)))


def softplus(z: Array, p: Array) -> Array:
    """ln(1 + exp z). `p` 는 이미 셈해 둔 σ(z)입니다. 작은 쪽이 아니라 큰 쪽의 로그를 써서 넘치지 않습니다."""
    return np.asarray(np.maximum(z, 0) - np.log(np.maximum(p, 1 - p)))


def reduce_costs(costs: Array, reduction: Reduction) -> Array:
    _checks.choice("reduction", reduction, ("mean", "sum", "none"))
    if reduction == "none":
        return costs
    return np.asarray(costs.mean() if reduction == "mean" else costs.sum())


def spread_cost(dcost: npt.ArrayLike, size: int, reduction: Reduction, dtype: np.dtype[np.floating]) -> Array:
    """비용의 기울기를 쌍마다 나눕니다."""
    d = _checks.shaped("dcost", dcost, (size,) if reduction == "none" else ()).astype(dtype)
    return np.broadcast_to(d / size if reduction == "mean" else d, (size,))


def scatter_rows(ids: Integers, rows: Array, size: int) -> Array:
    """`rows` 를 번호 `ids` 의 행에 더합니다."""
    total = np.zeros((size, rows.shape[1]), rows.dtype)
    add_rows(total, ids, rows)
    return total


def add_rows(w: Array, ids: Integers, rows: Array) -> None:
    """`w` 의 행에 `rows` 를 그 자리에서 더합니다. 번호를 늘어놓아 같은 행끼리 한 번에 더합니다."""
    flat, rows = ids.ravel(), rows.reshape(-1, w.shape[1])
    order = np.argsort(flat, kind="stable")
    flat = flat[order]
    starts = np.flatnonzero(np.diff(flat, prepend=-1))
    rows = rows[order]
    if rows.shape[1] % 2 == 0:  # NumPy reduces column by column: two reals in a complex halve the columns
        rows = rows.view(np.result_type(rows.dtype, np.complex64))
    w[flat[starts]] += np.add.reduceat(rows, starts, axis=0).view(w.dtype)
