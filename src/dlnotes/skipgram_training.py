r"""스킵그램의 학습: 경사 하강법, 쌍마다 고치는 확률적 경사 하강법, 음성 표집, 큰 말뭉치에서 빠른 word2vec.

행렬의 모양과 단어의 번호는 :mod:`dlnotes.embeddings` 와 같습니다.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from dlnotes import _checks, _skipgram
from dlnotes._precision import rounded_last
from dlnotes._skipgram import Array, Integers, Pullback
from dlnotes.activations import sigmoid

Trained = tuple[Array, Array, Array]


@rounded_last
def train_joint(
    w_in: npt.ArrayLike, w_out: npt.ArrayLike, counts: npt.ArrayLike, *, steps: int, lr: float
) -> Trained:
    r"""공기 횟수 전체의 평균 비용을 경사 하강법으로 줄입니다. 갱신마다 모든 쌍을 함께 봅니다.

    Parameters
    ----------
    w_in, w_out, counts : array_like
        :func:`~dlnotes.embeddings.cooccurrence_loss` 와 같습니다. 고치지 않고 베껴 씁니다.
    steps : int
        갱신 횟수.
    lr : float
        학습률 :math:`\eta`.

    Returns
    -------
    w_in, w_out : ndarray
        배운 행렬.
    losses : ndarray
        갱신마다 고치기 전에 잰 비용과, 마지막에 잰 비용 ``(steps + 1,)``.

    Raises
    ------
    ValueError
        모양이 맞지 않거나, `steps` 가 음수이거나, `lr` 이 양수가 아닐 때.

    Examples
    --------
    >>> from dlnotes.embeddings import entropy_floor, initialize
    >>> counts = [[0, 1, 1], [1, 0, 0], [1, 0, 0]]
    >>> w_in, w_out = initialize(3, 2, np.random.default_rng(0))
    >>> _, _, losses = train_joint(w_in, w_out, counts, steps=2000, lr=1.0)
    >>> bool(losses[-1] - entropy_floor(counts) < 1e-3)
    True
    """
    w_in, w_out = _skipgram.word_matrices(w_in, w_out, stacked=True)
    share, rows = _skipgram.count_shares(counts, w_in, w_out)
    return _descend(lambda w, u: _skipgram.counted_loss_vjp(w, u, share, rows), w_in, w_out, steps, lr)


@rounded_last
def train_pairs(
    w_in: npt.ArrayLike, w_out: npt.ArrayLike, pairs: npt.ArrayLike, *, steps: int, lr: float
) -> Trained:
    r"""쌍을 하나하나 센 기울기를 평균하여 경사 하강법으로 줄입니다. 갱신마다 쌍을 모두 씁니다.

    Parameters
    ----------
    w_in, w_out : array_like
        두 행렬 ``(V, d)`` 와 ``(d, V)``. 고치지 않고 베껴 씁니다.
    pairs : array_like
        번호의 쌍 ``(P, 2)``.
    steps : int
        갱신 횟수.
    lr : float
        학습률 :math:`\eta`.

    Returns
    -------
    w_in, w_out : ndarray
        배운 행렬.
    losses : ndarray
        갱신마다 고치기 전에 잰 비용과, 마지막에 잰 비용 ``(steps + 1,)``.

    Raises
    ------
    ValueError
        모양이 맞지 않거나, `steps` 가 음수이거나, `lr` 이 양수가 아닐 때.

    Examples
    --------
    >>> from dlnotes.embeddings import cooccurrence, initialize, skipgram_pairs
    >>> pairs = skipgram_pairs([0, 1, 0, 2], window=1)
    >>> w_in, w_out = initialize(3, 2, np.random.default_rng(0))
    >>> one_by_one = train_pairs(w_in, w_out, pairs, steps=50, lr=1.0)[0]
    >>> at_once = train_joint(w_in, w_out, cooccurrence(pairs, 3), steps=50, lr=1.0)[0]
    >>> bool(np.allclose(one_by_one, at_once, atol=1e-12))
    True
    """
    w_in, w_out = _skipgram.word_matrices(w_in, w_out)
    centers, contexts = _skipgram.word_pairs(pairs, len(w_in))
    return _descend(
        lambda w, u: _skipgram.pair_loss_vjp(w, u, centers, contexts, "mean"), w_in, w_out, steps, lr
    )


@rounded_last
def train_sgd(
    w_in: npt.ArrayLike,
    w_out: npt.ArrayLike,
    pairs: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    epochs: int,
    lr: float,
    final_lr: float | None = None,
) -> Trained:
    r"""쌍 하나를 볼 때마다 곧바로 고치는 확률적 경사 하강법. 에폭마다 쌍을 새로 섞습니다.

    Parameters
    ----------
    w_in, w_out : array_like
        두 행렬 ``(V, d)`` 와 ``(d, V)``. 고치지 않고 베껴 씁니다.
    pairs : array_like
        번호의 쌍 ``(P, 2)``.
    rng : numpy.random.Generator
        쌍을 섞는 난수 생성기.
    epochs : int
        모든 쌍을 몇 번 보는지.
    lr : float
        학습률 :math:`\eta`. 쌍 하나의 비용(평균하지 않은 것)의 기울기에 곱합니다.
    final_lr : float, optional
        주면 학습률이 `lr` 에서 이 값까지 갱신마다 곧게 줄어듭니다. 0이어도 됩니다.

    Returns
    -------
    w_in, w_out : ndarray
        배운 행렬.
    losses : ndarray
        에폭마다, 쌍을 본 그때의 비용의 평균 ``(epochs,)``.

    Raises
    ------
    ValueError
        모양이 맞지 않거나, `epochs` 가 음수이거나, 학습률이 음수일 때.

    Examples
    --------
    >>> from dlnotes.embeddings import cooccurrence, entropy_floor, initialize, skipgram_pairs
    >>> pairs = skipgram_pairs([0, 1, 0, 2], window=1)
    >>> w_in, w_out = initialize(3, 2, np.random.default_rng(0))
    >>> *_, losses = train_sgd(w_in, w_out, pairs, np.random.default_rng(1), epochs=300, lr=0.3, final_lr=0)
    >>> bool(losses[-1] - entropy_floor(cooccurrence(pairs, 3)) < 0.01)
    True
    """
    w_in, w_out = _skipgram.word_matrices(w_in, w_out)
    centers, contexts = _skipgram.word_pairs(pairs, len(w_in))
    rates = _rates(lr, final_lr, _checks.count("epochs", epochs, least=0), len(centers), w_in.dtype)
    rng = _checks.generator("rng", rng)
    w_in, w_out = w_in.copy(), w_out.copy()
    losses = np.zeros(len(rates), w_in.dtype)
    known = list(zip(centers.tolist(), contexts.tolist(), strict=True))
    for epoch, etas in enumerate(rates.tolist()):
        for eta, n in zip(etas, rng.permutation(len(known)).tolist(), strict=True):
            i, o = known[n]
            v = w_in[i].copy()
            z = v.dot(w_out)
            p = np.exp(z - z.max())
            p /= p.sum()
            losses[epoch] -= np.log(p[o])
            p[o] -= 1
            w_in[i] -= eta * w_out.dot(p)
            w_out -= (eta * v)[:, None] * p
    _checks.converged("lr", lr, w_in, w_out, losses)
    return w_in, w_out, losses / len(centers)


@rounded_last
def train_negative_sampling(
    w_in: npt.ArrayLike,
    w_out: npt.ArrayLike,
    pairs: npt.ArrayLike,
    noise: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    epochs: int,
    lr: float,
    final_lr: float | None = None,
    negatives: int = 5,
    batch_size: int = 256,
) -> Trained:
    r"""음성 표집으로 배웁니다. 쌍을 섞어 묶음으로 나누고, 묶음의 기울기를 더해 한 번에 고칩니다.

    묶음 안의 쌍은 같은 행렬에서 기울기를 재므로, 하나씩 고치는 것과는 :math:`\eta^2` 크기만큼 다릅니다.

    Parameters
    ----------
    w_in, w_out : array_like
        두 행렬 ``(V, d)`` 와 ``(d, V)``. 고치지 않고 베껴 씁니다.
    pairs : array_like
        번호의 쌍 ``(P, 2)``.
    noise : array_like
        가짜를 뽑는 확률 ``(V,)`` (:func:`~dlnotes.embeddings.noise_distribution`).
    rng : numpy.random.Generator
        쌍을 섞고 가짜를 뽑는 난수 생성기.
    epochs : int
        모든 쌍을 몇 번 보는지.
    lr : float
        학습률 :math:`\eta`. 쌍 하나의 비용의 기울기에 곱합니다.
    final_lr : float, optional
        주면 학습률이 `lr` 에서 이 값까지 묶음마다 곧게 줄어듭니다.
    negatives : int
        쌍마다 뽑는 가짜의 수 :math:`k`.
    batch_size : int
        한 묶음의 쌍의 수. 1이면 쌍 하나마다 고칩니다.

    Returns
    -------
    w_in, w_out : ndarray
        배운 행렬.
    losses : ndarray
        에폭마다, 쌍을 본 그때의 비용의 평균 ``(epochs,)``.

    Raises
    ------
    ValueError
        모양이 맞지 않거나, 수가 범위를 벗어나거나, 비용이 발산했을 때.

    Examples
    --------
    >>> from dlnotes.embeddings import initialize, skipgram_pairs
    >>> pairs = skipgram_pairs([0, 1, 2, 3] * 50, window=1)
    >>> w_in, w_out = initialize(4, 8, np.random.default_rng(0))
    >>> w_in, w_out, losses = train_negative_sampling(
    ...     w_in, w_out, pairs, [0.25] * 4, np.random.default_rng(1), epochs=20, lr=0.1, batch_size=16
    ... )
    >>> bool(losses[-1] < losses[0] - 0.3)
    True
    """
    w, u = _skipgram.word_matrices(w_in, w_out)
    centers, contexts = _skipgram.word_pairs(pairs, len(w))
    edges = _skipgram.cumulative_edges(_checks.shaped("noise", noise, (len(w),)))
    k = _checks.count("negatives", negatives)
    batch_size = _checks.count("batch_size", batch_size)
    epochs, rng = _checks.count("epochs", epochs, least=0), _checks.generator("rng", rng)
    starts = range(0, len(centers), batch_size)
    rates = _rates(lr, final_lr, epochs, len(starts), w.dtype)
    losses = np.zeros(epochs, w.dtype)
    for epoch, etas in enumerate(rates):
        order = rng.permutation(len(centers))
        for eta, start in zip(etas, starts, strict=True):
            batch = order[start : start + batch_size]
            drawn = _skipgram.draw_words(edges, rng.random((len(batch), k)))
            columns = np.concatenate([contexts[batch, None], drawn], axis=1)
            cost, pullback = _skipgram.logistic_loss_vjp(w, u, centers[batch], columns, "sum")
            dw, du = pullback(1.0)
            w, u = w - eta * dw, u - eta * du
            losses[epoch] += cost
        losses[epoch] /= len(centers)
        _refuse_divergence(losses[epoch], k, epoch, f"lr={lr}, batch_size={batch_size}")
    return w, u, losses


@rounded_last
def train_word2vec(
    w_in: npt.ArrayLike,
    w_out: npt.ArrayLike,
    sentences: Sequence[npt.ArrayLike],
    noise: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    window: int = 5,
    negatives: int = 5,
    epochs: int = 5,
    lr: float = 0.025,
    final_lr: float | None = 0.0001,
    chunk: int = 16,
    shared: int = 16,
    batch: int = 16,
) -> Trained:
    r"""음성 표집을 큰 말뭉치에서 빠르게 배웁니다.

    창은 word2vec처럼 움직입니다 (:func:`~dlnotes.embeddings.dynamic_pairs`).

    쌍을 따로 만들지 않습니다. 이어진 중심 단어 `chunk` 개와 그 둘레의 단어를 행렬곱 한 번으로 비교하고, 창
    안의 칸만 씁니다. 가짜도 토막마다 :math:`K` 개(`shared`)를 뽑아 함께 씁니다. 중심 단어 하나에 쌍이
    :math:`m` 개이면 가짜마다 :math:`km/K` 를 곱하므로, 기울기의 평균은
    :func:`train_negative_sampling` 과 같습니다.

    Parameters
    ----------
    w_in, w_out : array_like
        두 행렬 ``(V, d)`` 와 ``(d, V)``. 고치지 않고 베껴 씁니다. float32이면 더 빠릅니다.
    sentences : sequence of array_like
        문장마다 단어의 번호 ``(n,)``. 쌍은 문장을 넘지 않습니다.
    noise : array_like
        가짜를 뽑는 확률 ``(V,)`` (:func:`~dlnotes.embeddings.noise_distribution`).
    rng : numpy.random.Generator
        창 크기와 가짜를 뽑고 토막을 섞는 난수 생성기.
    window : int
        가장 큰 창 크기 :math:`c`.
    negatives : int
        쌍마다의 가짜의 수 :math:`k`.
    epochs : int
        말뭉치를 몇 번 보는지.
    lr, final_lr : float
        학습률 :math:`\eta` 와, 갱신마다 곧게 줄어 닿는 값. `final_lr` 이 None이면 줄이지 않습니다.
    chunk : int
        한 토막의 중심 단어의 수.
    shared : int
        토막마다 뽑는 가짜의 수 :math:`K`.
    batch : int
        한 번 갱신할 때 쓰는 토막의 수. 그 기울기는 더하므로, 크게 잡으면 빠르지만 발산할 수 있습니다.

    Returns
    -------
    w_in, w_out : ndarray
        배운 행렬.
    losses : ndarray
        에폭마다, 쌍을 본 그때의 비용의 평균 ``(epochs,)``.

    Raises
    ------
    TypeError
        `sentences` 가 번호의 열이 아닐 때.
    ValueError
        모양이 맞지 않거나, 수가 범위를 벗어나거나, 쌍이 하나도 없거나, 발산했을 때.

    Examples
    --------
    >>> from dlnotes.embeddings import initialize
    >>> w_in, w_out = initialize(4, 8, np.random.default_rng(0))
    >>> w_in, w_out, losses = train_word2vec(
    ...     w_in, w_out, [[0, 1, 2, 3] * 50], [0.25] * 4, np.random.default_rng(1),
    ...     window=1, epochs=20, lr=0.1, batch=1, chunk=8,
    ... )
    >>> bool(losses[-1] < losses[0] - 0.3)
    True
    """
    w, u = (matrix.copy() for matrix in _skipgram.word_matrices(w_in, w_out))
    u = np.ascontiguousarray(u.T)
    edges = _skipgram.cumulative_edges(_checks.shaped("noise", noise, (len(w),)))
    c, k = _checks.count("window", window), _checks.count("negatives", negatives)
    chunk, shared = _checks.count("chunk", chunk), _checks.count("shared", shared)
    epochs, batch = _checks.count("epochs", epochs, least=0), _checks.count("batch", batch)
    rng = _checks.generator("rng", rng)
    ids, owner = _chunked(sentences, len(w), chunk, c)
    steps = range(0, len(ids), batch)
    rates = _rates(lr, final_lr, epochs, len(steps), w.dtype)
    losses = np.zeros(epochs, w.dtype)
    for epoch, etas in enumerate(rates):
        order, total, seen = rng.permutation(len(ids)), 0.0, 0
        for eta, start in zip(etas, steps, strict=True):
            some = order[start : start + batch]
            fakes = _skipgram.draw_words(edges, rng.random((len(some), shared)))
            reach = rng.integers(1, c, size=(len(some), chunk, 1), endpoint=True)
            used = _in_reach(owner[some], reach, c)
            cost, gradients = _banded_gradients(w, u, ids[some], used, fakes, k)
            for matrix, rows, gradient in gradients:
                _skipgram.add_rows(matrix, rows, gradient * -eta)
            total, seen = total + cost, seen + int(used.sum())
        if not seen:
            raise ValueError(f"sentences must hold at least one pair, got {len(sentences)} sentences")
        losses[epoch] = total / seen
        _refuse_divergence(losses[epoch], k, epoch, f"lr={lr}, batch={batch}, chunk={chunk}")
    return w, np.ascontiguousarray(u.T), losses


def _refuse_divergence(loss: float, k: int, epoch: int, setting: str) -> None:
    """아무것도 배우지 않은 비용 (k + 1) ln 2의 백 배를 넘거나 유한하지 않으면 발산한 것입니다."""
    if not loss < 100 * (k + 1) * np.log(2):
        raise ValueError(f"training diverged in epoch {epoch} (mean cost {loss:.3g}): {setting}")


def _chunked(
    sentences: Sequence[npt.ArrayLike], size: int, chunk: int, c: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """토막마다 둘레 `c` 칸까지의 번호와, 자리마다 몇째 문장인지. 문장 밖은 -1입니다."""
    many = _checks.several("sentences", sentences, wanted="a sequence of sentences")
    lists = [_skipgram.word_ids(f"sentences[{i}]", sentence, size) for i, sentence in enumerate(many)]
    for i, ids in enumerate(lists):
        if ids.ndim != 1:
            raise ValueError(f"sentences[{i}] must have 1 dimension, got {ids.ndim} (shape {ids.shape})")
    if not any(len(ids) for ids in lists):
        raise ValueError(f"sentences must hold at least one pair, got {len(lists)} sentences")
    flat = np.concatenate(lists)
    owner = np.repeat(np.arange(len(lists)), [len(ids) for ids in lists])
    after = c + -len(flat) % chunk
    windows = [
        np.lib.stride_tricks.sliding_window_view(np.pad(a, (c, after), constant_values=fill), chunk + 2 * c)
        for a, fill in ((flat, 0), (owner, -1))
    ]
    return windows[0][::chunk], windows[1][::chunk]


def _in_reach(owner: Integers, reach: Integers, c: int) -> npt.NDArray[np.bool_]:
    """토막 ``(M, B)`` 의 중심마다 둘레 ``(B + 2c)`` 가운데 짝이 되는 자리."""
    centers = owner[:, c:-c, None]
    offset = np.arange(owner.shape[1]) - c - np.arange(centers.shape[1])[:, None]
    near = (abs(offset) <= reach) & (offset != 0)
    return np.asarray(near & (owner[:, None, :] == centers) & (centers >= 0))


def _banded_gradients(
    w: Array, u: Array, ids: Integers, used: npt.NDArray[np.bool_], fakes: Integers, k: int
) -> tuple[float, list[tuple[Array, Integers, Array]]]:
    """토막들의 비용의 합과, 행렬마다 고칠 행의 번호와 그 기울기. `u` 는 ``(V, d)`` 로 놓은 `w_out` 입니다."""
    c = (ids.shape[1] - used.shape[1]) // 2
    centers = ids[:, c:-c]
    v, near, far = w[centers], u[ids], u[fakes]
    weight = used.sum(axis=2, keepdims=True, dtype=w.dtype) * w.dtype.type(k / fakes.shape[1])
    true, false = v @ near.swapaxes(1, 2), v @ far.swapaxes(1, 2)
    p_true, p_false = sigmoid(true), sigmoid(false)
    cost = (
        _skipgram.softplus(-true[used], 1 - p_true[used]).sum()
        + (_skipgram.softplus(false, p_false) * weight).sum()
    )
    e_true, e_false = (p_true - 1) * used, p_false * weight
    dv = e_true @ near + e_false @ far
    du = np.concatenate([e_true.swapaxes(1, 2) @ v, e_false.swapaxes(1, 2) @ v], axis=1)
    return float(cost), [(w, centers, dv), (u, np.concatenate([ids, fakes], axis=1), du)]


def _descend(
    loss_vjp: Callable[[Array, Array], tuple[Array, Pullback]],
    w_in: npt.ArrayLike,
    w_out: npt.ArrayLike,
    steps: int,
    lr: float,
) -> Trained:
    w_in, w_out = _skipgram.word_matrices(w_in, w_out, stacked=True)
    steps, lr = _checks.count("steps", steps, least=0), _checks.positive("lr", lr)
    losses = np.empty(steps + 1, w_in.dtype)
    for step in range(steps):
        losses[step], pullback = loss_vjp(w_in, w_out)
        dw_in, dw_out = pullback(1.0)
        w_in, w_out = w_in - lr * dw_in, w_out - lr * dw_out
    losses[steps], _ = loss_vjp(w_in, w_out)
    _checks.converged("lr", lr, w_in, w_out, losses)
    return w_in, w_out, losses


def _rates(
    lr: float, final_lr: float | None, epochs: int, batches: int, dtype: np.dtype[np.floating]
) -> Array:
    """에폭과 묶음마다의 학습률. 첫 묶음이 `lr` 이고, 마지막 묶음의 다음이 `final_lr` 입니다."""
    lr = _checks.positive("lr", lr)
    end = lr if final_lr is None else _checks.nonnegative("final_lr", final_lr)
    rates = np.linspace(lr, end, epochs * batches, endpoint=False, dtype=dtype)
    return rates.reshape(epochs, batches)
