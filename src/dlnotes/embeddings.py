r"""스킵그램(skip-gram): 단어의 쌍, 소프트맥스와 음성 표집의 비용과 기울기, 학습, 가까운 단어.

단어의 번호는 0부터 :math:`V - 1` 까지입니다. 중심 단어의 행렬 :math:`W_\text{in}` 은 ``(V, d)`` 이고
단어 하나가 행 하나입니다. 주변 단어의 행렬 :math:`W_\text{out}` 은 ``(d, V)`` 이고 단어 하나가 열 하나입니다.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from importlib import resources
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes.activations import sigmoid

Array = npt.NDArray[np.floating]
Integers = npt.NDArray[np.integer]
Side = Literal["both", "before", "after"]
Reduction = Literal["mean", "sum", "none"]
Pullback = Callable[[npt.ArrayLike], tuple[Array, Array]]
Trained = tuple[Array, Array, Array]


# --- words and pairs ------------------------------------------------------------------------------


def site_corpus() -> list[list[str]]:
    """이 사이트의 글을 토막 낸 말뭉치를 읽습니다. ``tools/corpus.py`` 가 만든 파일입니다.

    Returns
    -------
    list of list of str
        문장마다 단어의 목록. 조사는 떼었습니다.

    Examples
    --------
    >>> sentences = site_corpus()
    >>> sum("합성곱" in sentence for sentence in sentences) > 10
    True
    """
    text = resources.files("dlnotes").joinpath("data", "corpus.txt").read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines()]


def vocabulary(tokens: Iterable[str], *, min_count: int = 1) -> tuple[str, ...]:
    """단어의 목록을 처음 나온 차례로 만듭니다. 이 목록에서의 자리가 단어의 번호입니다.

    Parameters
    ----------
    tokens : iterable of str
        글에 나온 차례대로 늘어놓은 단어.
    min_count : int
        이보다 적게 나온 단어는 버립니다.

    Returns
    -------
    tuple of str
        서로 다른 단어 ``V`` 개.

    Raises
    ------
    TypeError
        `tokens` 가 글자열 하나이거나, 단어가 아닌 것이 들어 있을 때.
    ValueError
        `min_count` 가 1보다 작을 때.

    Examples
    --------
    >>> vocabulary("the quick brown fox jumps over the lazy dog".split())
    ('the', 'quick', 'brown', 'fox', 'jumps', 'over', 'lazy', 'dog')
    >>> vocabulary(["나", "너", "나"], min_count=2)
    ('나',)
    """
    min_count = _checks.integer("min_count", min_count, least=1)
    counts = Counter(_words("tokens", tokens))
    return tuple(word for word, count in counts.items() if count >= min_count)


def encode(
    tokens: Iterable[str], words: Sequence[str], *, unknown: Literal["error", "drop"] = "error"
) -> npt.NDArray[np.intp]:
    """단어를 번호로 바꿉니다.

    Parameters
    ----------
    tokens : iterable of str
        단어의 열.
    words : sequence of str
        단어의 목록 (:func:`vocabulary`). 겹치지 않아야 합니다.
    unknown : {"error", "drop"}
        목록에 없는 단어를 오류로 볼지, 창을 잡기 전에 빼 버릴지.

    Returns
    -------
    ndarray
        번호 ``(n,)``.

    Raises
    ------
    ValueError
        목록에 없는 단어가 있거나(``unknown="error"``), 목록의 단어가 겹치거나, `unknown` 을 모를 때.

    Examples
    --------
    >>> encode(["너", "나", "그"], ["나", "너"], unknown="drop").tolist()
    [1, 0]
    """
    if unknown not in ("error", "drop"):
        raise ValueError(f"unknown must be 'error' or 'drop', got {unknown!r}")
    numbers = {word: number for number, word in enumerate(_words("words", words))}
    if len(numbers) != len(words):
        raise ValueError(f"words must be distinct, got {len(words)} words of which {len(numbers)} differ")
    tokens = _words("tokens", tokens)
    if unknown == "error":
        for token in tokens:
            if token not in numbers:
                raise ValueError(f"tokens must be in words, got {token!r}")
    return np.array([numbers[token] for token in tokens if token in numbers], dtype=np.intp)


def skipgram_pairs(tokens: npt.ArrayLike, window: int, *, side: Side = "both") -> npt.NDArray[Any]:
    r"""(중심 단어, 주변 단어)의 쌍을 모두 만듭니다.

    자리 :math:`t` 의 중심 단어마다 :math:`0 < |j| \le c` 인 자리 :math:`t + j` 의 단어를 짝짓습니다.
    글의 끝을 넘는 자리는 없습니다.

    Parameters
    ----------
    tokens : array_like
        한 문장의 단어나 번호 ``(n,)``.
    window : int
        창 크기 :math:`c`. 한쪽으로 몇 단어까지 보는지.
    side : {"both", "before", "after"}
        앞뒤를 다 볼지, 앞(before)이나 뒤(after)만 볼지.

    Returns
    -------
    ndarray
        쌍 ``(P, 2)``. 중심 단어의 차례로, 한 중심 안에서는 주변 단어의 차례로 놓입니다.

    Raises
    ------
    TypeError
        `tokens` 가 단어나 번호의 열이 아니거나, `window` 가 정수가 아닐 때.
    ValueError
        `window` 가 1보다 작거나, `tokens` 가 1차원이 아니거나, `side` 가 셋 중 하나가 아닐 때.

    Examples
    --------
    >>> skipgram_pairs(["the", "quick", "brown"], window=1).tolist()
    [['the', 'quick'], ['quick', 'the'], ['quick', 'brown'], ['brown', 'quick']]
    >>> skipgram_pairs([3, 1, 2], window=2, side="after").tolist()
    [[3, 1], [3, 2], [1, 2]]
    """
    tokens = _tokens(tokens)
    offsets = _offsets(window, side)
    return _pair_up(tokens, offsets, np.full(len(tokens), abs(offsets).max()))


def dynamic_pairs(tokens: npt.ArrayLike, window: int, rng: np.random.Generator) -> npt.NDArray[Any]:
    r"""word2vec처럼 중심 단어마다 창 크기를 새로 뽑아 쌍을 만듭니다.

    창 크기를 :math:`1, \dots, c` 에서 고르게 뽑으므로, :math:`j` 칸 떨어진 단어가 쓰일 확률은
    :math:`(c - j + 1)/c` 입니다 (:func:`offset_probabilities`).

    Parameters
    ----------
    tokens : array_like
        한 문장의 단어나 번호 ``(n,)``.
    window : int
        가장 큰 창 크기 :math:`c`.
    rng : numpy.random.Generator
        난수 생성기.

    Returns
    -------
    ndarray
        쌍 ``(P, 2)``.

    Raises
    ------
    TypeError, ValueError
        :func:`skipgram_pairs` 와 같고, `rng` 가 난수 생성기가 아니면 TypeError.

    Examples
    --------
    >>> pairs = dynamic_pairs(np.arange(1000), 5, np.random.default_rng(0))
    >>> distance = abs(pairs[:, 0] - pairs[:, 1])
    >>> bool((distance == 1).sum() > (distance == 5).sum() * 4)
    True
    """
    tokens, offsets = _tokens(tokens), _offsets(window, "both")
    reach = _checks.generator("rng", rng).integers(1, abs(offsets).max(), size=len(tokens), endpoint=True)
    return _pair_up(tokens, offsets, reach)


def offset_probabilities(window: int) -> npt.NDArray[np.float64]:
    r"""word2vec의 창에서 :math:`j = 1, \dots, c` 칸 떨어진 단어가 쓰일 확률.

    .. math:: P(j) = \frac{c - j + 1}{c}

    Parameters
    ----------
    window : int
        가장 큰 창 크기 :math:`c`.

    Returns
    -------
    ndarray
        확률 ``(c,)``. 가까울수록 큽니다.

    Examples
    --------
    >>> offset_probabilities(5).tolist()
    [1.0, 0.8, 0.6, 0.4, 0.2]
    """
    c = _checks.integer("window", window, least=1)
    j = np.arange(1, c + 1)
    return np.asarray((c - j + 1) / c)


def cooccurrence(pairs: npt.ArrayLike, size: int) -> npt.NDArray[np.intp]:
    """쌍의 공기 횟수를 셉니다.

    Parameters
    ----------
    pairs : array_like
        번호의 쌍 ``(P, 2)`` (:func:`skipgram_pairs`).
    size : int
        단어의 수 ``V``.

    Returns
    -------
    ndarray
        횟수 ``(V, V)``. 행이 중심 단어, 열이 주변 단어입니다.

    Raises
    ------
    TypeError
        `pairs` 가 정수가 아닐 때.
    ValueError
        `pairs` 의 모양이 다르거나, 번호가 `size` 이상일 때.

    Examples
    --------
    >>> cooccurrence(skipgram_pairs([0, 1, 0], window=1), size=2).tolist()
    [[0, 2], [2, 0]]
    """
    size = _checks.integer("size", size, least=1)
    centers, contexts = _pairs(pairs, size, least=0)
    return np.bincount(centers * size + contexts, minlength=size * size).reshape(size, size)


def conditional_probabilities(counts: npt.ArrayLike) -> npt.NDArray[np.float64]:
    r"""횟수의 행마다 합이 1이 되도록 나눕니다.

    .. math:: p(o \mid i) = \frac{N_{io}}{\sum_{o'} N_{io'}}

    Parameters
    ----------
    counts : array_like
        음이 아닌 횟수 ``(…, V)``.

    Returns
    -------
    ndarray
        확률 ``(…, V)``. 한 번도 나오지 않은 중심 단어의 행은 0입니다.

    Raises
    ------
    ValueError
        횟수가 음수이거나 유한하지 않을 때.

    Examples
    --------
    >>> conditional_probabilities([[1, 3], [0, 0]]).tolist()
    [[0.25, 0.75], [0.0, 0.0]]
    """
    n = _counts("counts", counts).astype(np.float64)
    totals = n.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(n, totals, out=np.zeros_like(n), where=totals > 0))


def entropy_floor(counts: npt.ArrayLike) -> float:
    r"""소프트맥스 스킵그램이 내려갈 수 있는 가장 작은 평균 비용, 곧 조건부 엔트로피(conditional entropy).

    .. math:: H = -\frac{1}{N}\sum_{i}\sum_{o} N_{io}\ln p(o \mid i), \qquad N = \sum_{i}\sum_{o} N_{io}

    Parameters
    ----------
    counts : array_like
        횟수 ``(…, V, V)`` (:func:`cooccurrence`). 앞의 축은 방향처럼 예측을 따로 하는 갈래입니다.

    Returns
    -------
    float
        쌍 하나의 평균 비용(내트, nat).

    Raises
    ------
    ValueError
        횟수가 음수이거나 유한하지 않거나, 모두 0일 때.

    Examples
    --------
    >>> round(entropy_floor([[0, 1, 1], [1, 0, 0], [1, 0, 0]]), 6)  # two of four pairs cost ln 2
    0.346574
    """
    n, p = _some_counts("counts", counts), conditional_probabilities(counts)
    seen = n > 0
    return float(-(n[seen] * np.log(p[seen])).sum() / n.sum())


# --- softmax --------------------------------------------------------------------------------------


def context_probabilities(w_in: npt.ArrayLike, w_out: npt.ArrayLike) -> Array:
    r"""모형이 매긴 주변 단어의 확률.

    .. math:: p(o \mid i) = \frac{\exp(v_i \cdot u_o)}{\sum_{o'} \exp(v_i \cdot u_{o'})}

    :math:`v_i` 는 `w_in` 의 행, :math:`u_o` 는 `w_out` 의 열입니다.

    Parameters
    ----------
    w_in : array_like
        중심 단어의 행렬 ``(V, d)``.
    w_out : array_like
        주변 단어의 행렬 ``(d, V)``. 갈래마다 따로 두면 ``(…, d, V)``.

    Returns
    -------
    ndarray
        확률 ``(…, V, V)``. 행마다 합이 1입니다.

    Raises
    ------
    ValueError
        두 행렬의 모양이 맞지 않을 때.

    Examples
    --------
    >>> context_probabilities([[0.0], [0.0]], [[1.0, 2.0]]).tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    w_in, w_out = _matrices(w_in, w_out, stacked=True)
    return np.asarray(np.exp(_log_softmax(w_in @ w_out)))


def skipgram_loss(
    w_in: npt.ArrayLike,
    w_out: npt.ArrayLike,
    centers: npt.ArrayLike,
    contexts: npt.ArrayLike,
    *,
    reduction: Reduction = "mean",
) -> Array:
    r"""소프트맥스 스킵그램의 비용. 쌍마다 교차 엔트로피(cross-entropy)입니다.

    .. math:: C = -\frac{1}{P} \sum_{n=1}^{P} \ln p(o_n \mid i_n)

    Parameters
    ----------
    w_in, w_out : array_like
        두 행렬 ``(V, d)`` 와 ``(d, V)``.
    centers, contexts : array_like
        쌍마다 중심 단어의 번호와 주변 단어의 번호 ``(P,)``.
    reduction : {"mean", "sum", "none"}
        쌍의 비용을 평균할지, 더할지, 그대로 둘지. PyTorch와 같습니다.

    Returns
    -------
    ndarray
        비용. ``"none"`` 이면 ``(P,)``, 아니면 수 하나.

    Raises
    ------
    TypeError
        번호가 정수가 아닐 때.
    ValueError
        모양이 맞지 않거나, 번호가 ``V`` 이상이거나, 쌍이 하나도 없을 때, `reduction` 을 모를 때.

    Examples
    --------
    >>> w_in, w_out = np.zeros((8, 3)), np.zeros((3, 8))
    >>> round(float(skipgram_loss(w_in, w_out, [1, 1], [0, 2])), 6)  # ln 8
    2.079442
    """
    return skipgram_loss_vjp(w_in, w_out, centers, contexts, reduction=reduction)[0]


def skipgram_loss_vjp(
    w_in: npt.ArrayLike,
    w_out: npt.ArrayLike,
    centers: npt.ArrayLike,
    contexts: npt.ArrayLike,
    *,
    reduction: Reduction = "mean",
) -> tuple[Array, Pullback]:
    r""":func:`skipgram_loss` 와 그 기울기를 되돌리는 함수.

    쌍 하나의 오차를 :math:`e = p(\cdot \mid i) - \text{onehot}(o)` 라고 하면

    .. math:: \frac{\partial C}{\partial v_i} = W_\text{out}\, e, \qquad
        \frac{\partial C}{\partial W_\text{out}} = v_i\, e^\top

    이므로, 쌍 하나는 `w_in` 의 행 하나와 `w_out` 의 모든 열을 건드립니다.

    Parameters
    ----------
    w_in, w_out, centers, contexts, reduction
        :func:`skipgram_loss` 와 같습니다.

    Returns
    -------
    cost : ndarray
        비용.
    pullback : callable
        ``dw_in, dw_out = pullback(dcost)``. `dcost` 는 비용과 같은 모양입니다.

    Examples
    --------
    >>> w_in, w_out = np.ones((3, 1)), np.zeros((1, 3))
    >>> cost, pullback = skipgram_loss_vjp(w_in, w_out, [1, 1], [0, 2], reduction="sum")
    >>> dw_in, dw_out = pullback(1.0)
    >>> dw_out.round(6).tolist()
    [[-0.333333, 0.666667, -0.333333]]
    """
    w_in, w_out = _matrices(w_in, w_out)
    return _pair_loss_vjp(w_in, w_out, *_aligned(centers, contexts, len(w_in)), reduction)


def _pair_loss_vjp(
    w_in: Array, w_out: Array, centers: Integers, contexts: Integers, reduction: Reduction
) -> tuple[Array, Pullback]:
    v, pair = w_in[centers], np.arange(len(centers))
    log_p = _log_softmax(v @ w_out)

    def pullback(dcost: npt.ArrayLike) -> tuple[Array, Array]:
        e = np.exp(log_p)
        e[pair, contexts] -= 1
        e *= _spread(dcost, len(pair), reduction, w_in.dtype)[:, None]
        return _scatter(centers, e @ w_out.T, len(w_in)), v.T @ e

    return _reduce(-log_p[pair, contexts], reduction), pullback


def cooccurrence_loss(w_in: npt.ArrayLike, w_out: npt.ArrayLike, counts: npt.ArrayLike) -> Array:
    r"""공기 횟수로 적은 소프트맥스 스킵그램의 평균 비용. 쌍을 모두 모아 한꺼번에 잽니다.

    .. math:: C = -\frac{1}{N}\sum_{i}\sum_{o} N_{io}\ln p(o \mid i)

    같은 쌍을 한 번씩 넣은 :func:`skipgram_loss` 와 같습니다.

    Parameters
    ----------
    w_in : array_like
        중심 단어의 행렬 ``(V, d)``.
    w_out : array_like
        주변 단어의 행렬 ``(d, V)``. 앞말과 뒷말처럼 갈래마다 행렬을 따로 두면 ``(…, d, V)``.
    counts : array_like
        횟수 ``(V, V)``. 갈래마다 따로 세면 ``(…, V, V)``.

    Returns
    -------
    ndarray
        비용 하나.

    Raises
    ------
    ValueError
        모양이 맞지 않거나, 횟수가 음수이거나 모두 0일 때.

    Examples
    --------
    >>> round(float(cooccurrence_loss(np.zeros((2, 1)), np.zeros((1, 2)), [[0, 2], [2, 0]])), 6)
    0.693147
    """
    return cooccurrence_loss_vjp(w_in, w_out, counts)[0]


def cooccurrence_loss_vjp(
    w_in: npt.ArrayLike, w_out: npt.ArrayLike, counts: npt.ArrayLike
) -> tuple[Array, Pullback]:
    r""":func:`cooccurrence_loss` 와 그 기울기를 되돌리는 함수.

    중심 단어 :math:`i` 가 나온 횟수를 :math:`N_i` 라고 하면 오차의 합은
    :math:`E_{io} = (N_i\, p(o \mid i) - N_{io})/N` 이고

    .. math:: \frac{\partial C}{\partial W_\text{in}} = E\, W_\text{out}^\top, \qquad
        \frac{\partial C}{\partial W_\text{out}} = W_\text{in}^\top E

    Parameters
    ----------
    w_in, w_out, counts
        :func:`cooccurrence_loss` 와 같습니다.

    Returns
    -------
    cost : ndarray
        비용.
    pullback : callable
        ``dw_in, dw_out = pullback(dcost)``.

    Examples
    --------
    >>> cost, pullback = cooccurrence_loss_vjp(np.ones((2, 1)), np.zeros((1, 2)), [[0, 2], [2, 0]])
    >>> pullback(1.0)[1].tolist()
    [[0.0, 0.0]]
    """
    w_in, w_out = _matrices(w_in, w_out, stacked=True)
    return _counted_loss_vjp(w_in, w_out, *_shares(counts, w_in, w_out))


def _shares(counts: npt.ArrayLike, w_in: Array, w_out: Array) -> tuple[Array, Array]:
    """횟수를 모두의 합으로 나눈 몫과, 그 행의 합."""
    n = _checks.shaped("counts", _some_counts("counts", counts), (*w_out.shape[:-2], len(w_in), len(w_in)))
    share = (n / n.sum()).astype(w_in.dtype)
    return share, share.sum(axis=-1, keepdims=True)


def _counted_loss_vjp(w_in: Array, w_out: Array, share: Array, rows: Array) -> tuple[Array, Pullback]:
    log_p = _log_softmax(w_in @ w_out)

    def pullback(dcost: npt.ArrayLike) -> tuple[Array, Array]:
        e = _checks.shaped("dcost", dcost, ()).astype(w_in.dtype) * (rows * np.exp(log_p) - share)
        dw_in = e @ np.swapaxes(w_out, -1, -2)
        return dw_in.sum(axis=tuple(range(dw_in.ndim - 2))), w_in.T @ e

    return np.asarray(-np.vdot(share, log_p)), pullback


# --- negative sampling ----------------------------------------------------------------------------


def noise_distribution(counts: npt.ArrayLike, *, power: float = 0.75) -> npt.NDArray[np.float64]:
    r"""음성 표집이 가짜 주변 단어를 뽑는 분포.

    .. math:: q_w = \frac{N_w^{\,r}}{\sum_{w'} N_{w'}^{\,r}}

    지수 :math:`r = 3/4` 는 Mikolov 외(2013)의 값입니다.

    Parameters
    ----------
    counts : array_like
        단어마다 나온 횟수 ``(V,)``.
    power : float
        지수 :math:`r`. 0보다 크거나 같습니다. 0이면 한 번이라도 나온 단어를 고르게 뽑습니다.

    Returns
    -------
    ndarray
        확률 ``(V,)``.

    Raises
    ------
    ValueError
        횟수가 음수이거나 모두 0이거나, `power` 가 음수일 때.

    Examples
    --------
    >>> noise_distribution([16, 1], power=0.75).round(4).tolist()
    [0.8889, 0.1111]
    """
    n = _checks.array("counts", _some_counts("counts", counts), rank=1).astype(np.float64)
    r = _checks.nonnegative("power", power)
    raised = np.where(n > 0, n**r, 0.0)
    return np.asarray(raised / raised.sum())


def sample_noise(
    noise: npt.ArrayLike, shape: int | tuple[int, ...], rng: np.random.Generator
) -> npt.NDArray[np.intp]:
    """분포에서 단어의 번호를 뽑습니다.

    Parameters
    ----------
    noise : array_like
        확률 ``(V,)`` (:func:`noise_distribution`). 합으로 나누어 씁니다.
    shape : int or tuple of int
        뽑은 번호를 담을 모양.
    rng : numpy.random.Generator
        난수 생성기.

    Returns
    -------
    ndarray
        번호. 확률이 0인 단어는 나오지 않습니다.

    Examples
    --------
    >>> draws = sample_noise([0.2, 0.0, 0.8], 1000, np.random.default_rng(0))
    >>> np.bincount(draws, minlength=3).tolist()
    [193, 0, 807]
    """
    return _draw(_edges(noise), _checks.generator("rng", rng).random(shape))


def subsample(
    tokens: npt.ArrayLike, counts: npt.ArrayLike, threshold: float, rng: np.random.Generator
) -> npt.NDArray[np.intp]:
    r"""잦은 단어를 솎아 냅니다. 남은 단어끼리 이어 붙이므로 창이 그만큼 멀리 봅니다.

    전체에서 차지하는 몫이 :math:`f_w` 인 단어는 다음 확률로 남습니다(word2vec.c의 식).

    .. math:: \min\Bigl(1, \sqrt{t / f_w} + t / f_w\Bigr)

    Parameters
    ----------
    tokens : array_like
        번호 ``(n,)``.
    counts : array_like
        단어마다 나온 횟수 ``(V,)``.
    threshold : float
        기준 :math:`t`. word2vec.c는 0.001을 씁니다.
    rng : numpy.random.Generator
        난수 생성기.

    Returns
    -------
    ndarray
        남은 번호. 차례는 그대로입니다.

    Raises
    ------
    ValueError
        `threshold` 가 양수가 아니거나, 번호가 ``V`` 이상일 때.

    Examples
    --------
    >>> tokens = [0] * 9000 + [1] * 1000
    >>> kept = subsample(tokens, [9000, 1000], 0.1, np.random.default_rng(0))
    >>> np.bincount(kept).tolist()  # 0 stays with probability 4/9
    [4037, 1000]
    """
    n = _checks.array("counts", _some_counts("counts", counts), rank=1)
    t, ids = _checks.positive("threshold", threshold), _ids("tokens", tokens, len(n))
    with np.errstate(divide="ignore"):
        ratio = t / (n / n.sum())[ids]
    return np.asarray(ids[_checks.generator("rng", rng).random(ids.shape) < np.sqrt(ratio) + ratio])


def negative_sampling_loss(
    w_in: npt.ArrayLike,
    w_out: npt.ArrayLike,
    centers: npt.ArrayLike,
    contexts: npt.ArrayLike,
    negatives: npt.ArrayLike,
    *,
    reduction: Reduction = "mean",
) -> Array:
    r"""음성 표집(negative sampling)의 비용. 진짜 쌍 하나와 가짜 쌍 :math:`k` 개를 가려냅니다.

    .. math:: C = -\frac{1}{P}\sum_{n=1}^{P}\Bigl[\ln\sigma(v_{i_n}\cdot u_{o_n})
        + \sum_{m=1}^{k}\ln\sigma(-v_{i_n}\cdot u_{w_{n,m}})\Bigr]

    Parameters
    ----------
    w_in, w_out : array_like
        두 행렬 ``(V, d)`` 와 ``(d, V)``.
    centers, contexts : array_like
        쌍마다 중심 단어의 번호와 주변 단어의 번호 ``(P,)``.
    negatives : array_like
        쌍마다 뽑은 가짜 주변 단어의 번호 ``(P, k)``. 진짜와 같은 단어가 뽑혀도 그대로 셉니다.
    reduction : {"mean", "sum", "none"}
        쌍의 비용을 평균할지, 더할지, 그대로 둘지.

    Returns
    -------
    ndarray
        비용. ``"none"`` 이면 ``(P,)``, 아니면 수 하나.

    Raises
    ------
    TypeError
        번호가 정수가 아닐 때.
    ValueError
        모양이 맞지 않거나, 번호가 ``V`` 이상이거나, 쌍이 하나도 없을 때, `reduction` 을 모를 때.

    Examples
    --------
    두 행렬이 0이면 로지스틱 항 하나가 ln 2입니다.

    >>> w_in, w_out = np.zeros((8, 3)), np.zeros((3, 8))
    >>> cost = negative_sampling_loss(w_in, w_out, [1], [0], [[3, 4, 5]])
    >>> bool(np.isclose(cost, 4 * np.log(2)))
    True
    """
    return negative_sampling_loss_vjp(w_in, w_out, centers, contexts, negatives, reduction=reduction)[0]


def negative_sampling_loss_vjp(
    w_in: npt.ArrayLike,
    w_out: npt.ArrayLike,
    centers: npt.ArrayLike,
    contexts: npt.ArrayLike,
    negatives: npt.ArrayLike,
    *,
    reduction: Reduction = "mean",
) -> tuple[Array, Pullback]:
    r""":func:`negative_sampling_loss` 와 그 기울기를 되돌리는 함수.

    열마다의 오차는 :math:`e_w = \sigma(v_i \cdot u_w) - y_w` 입니다.
    :math:`y_w` 는 진짜이면 1, 가짜이면 0입니다.

    .. math:: \frac{\partial C}{\partial v_i} = \sum_w e_w u_w, \qquad
        \frac{\partial C}{\partial u_w} = e_w v_i

    그래서 쌍 하나는 `w_in` 의 행 하나와 `w_out` 의 열 :math:`k + 1` 개만 건드립니다.

    Parameters
    ----------
    w_in, w_out, centers, contexts, negatives, reduction
        :func:`negative_sampling_loss` 와 같습니다.

    Returns
    -------
    cost : ndarray
        비용.
    pullback : callable
        ``dw_in, dw_out = pullback(dcost)``. `dcost` 는 비용과 같은 모양입니다.

    Examples
    --------
    >>> w_in, w_out = np.ones((4, 1)), np.zeros((1, 4))
    >>> cost, pullback = negative_sampling_loss_vjp(w_in, w_out, [1], [0], [[2]])
    >>> pullback(1.0)[1].tolist()
    [[-0.5, 0.0, 0.5, 0.0]]
    """
    w_in, w_out = _matrices(w_in, w_out)
    centers, contexts = _aligned(centers, contexts, len(w_in))
    drawn = _ids("negatives", negatives, len(w_in))
    if drawn.ndim != 2 or len(drawn) != len(centers):
        raise ValueError(f"negatives must have shape (P, k) with P={len(centers)}, got {drawn.shape}")
    columns = np.concatenate([contexts[:, None], drawn], axis=1)
    return _logistic_loss_vjp(w_in, w_out, centers, columns, reduction)


def _logistic_loss_vjp(
    w_in: Array, w_out: Array, centers: Integers, columns: Integers, reduction: Reduction
) -> tuple[Array, Pullback]:
    """`columns` 의 첫 열이 진짜, 나머지가 가짜인 로지스틱 비용."""
    v, u = w_in[centers], w_out.T[columns]
    z = (u @ v[:, :, None])[:, :, 0]
    sign = np.where(np.arange(z.shape[1]) == 0, 1, -1).astype(z.dtype)

    def pullback(dcost: npt.ArrayLike) -> tuple[Array, Array]:
        e = -sign * sigmoid(-sign * z)
        e *= _spread(dcost, len(v), reduction, w_in.dtype)[:, None]
        dv = (e[:, None, :] @ u)[:, 0]
        du = (e[:, :, None] * v[:, None, :]).reshape(-1, v.shape[1])
        return _scatter(centers, dv, len(w_in)), _scatter(columns.ravel(), du, len(w_in)).T

    return _reduce(np.logaddexp(0, -sign * z).sum(axis=1), reduction), pullback


def expected_negative_sampling_loss(
    w_in: npt.ArrayLike, w_out: npt.ArrayLike, counts: npt.ArrayLike, noise: npt.ArrayLike, *, negatives: int
) -> float:
    r"""음성 표집의 평균 비용을 뽑기 없이 셈합니다. 가짜를 뽑는 대신 분포 :math:`q` 로 평균합니다.

    .. math:: C = -\frac{1}{N}\sum_{i,o}\bigl[N_{io}\ln\sigma(z_{io})
        + k\,N_i\,q_o\ln\sigma(-z_{io})\bigr], \qquad z_{io} = v_i \cdot u_o

    칸마다 따로 최소로 하면 :math:`z_{io} = \ln\bigl(N_{io} / (k N_i q_o)\bigr)` 입니다.

    Parameters
    ----------
    w_in, w_out : array_like
        두 행렬 ``(V, d)`` 와 ``(d, V)``.
    counts : array_like
        공기 횟수 ``(V, V)``.
    noise : array_like
        가짜를 뽑는 확률 ``(V,)``.
    negatives : int
        쌍마다 뽑는 가짜의 수 :math:`k`.

    Returns
    -------
    float
        쌍 하나의 평균 비용.

    Raises
    ------
    ValueError
        모양이 맞지 않거나, 횟수나 확률이 음수이거나 모두 0일 때, `negatives` 가 1보다 작을 때.

    Examples
    --------
    >>> cost = expected_negative_sampling_loss(
    ...     np.zeros((2, 1)), np.zeros((1, 2)), [[0, 2], [2, 0]], [0.5, 0.5], negatives=3
    ... )
    >>> bool(np.isclose(cost, 4 * np.log(2)))
    True
    """
    w_in, w_out = _matrices(w_in, w_out)
    n = _checks.shaped("counts", _some_counts("counts", counts), (len(w_in), len(w_in)))
    q = _checks.shaped("noise", _noise(noise), (len(w_in),))
    k = _checks.integer("negatives", negatives, least=1)
    z = w_in @ w_out
    fake = k * n.sum(axis=1, keepdims=True) * q
    return float((n * np.logaddexp(0, -z) + fake * np.logaddexp(0, z)).sum() / n.sum())


# --- training -------------------------------------------------------------------------------------


def initialize(
    size: int, dim: int, rng: np.random.Generator, *, std: float = 0.1
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """두 행렬을 평균이 0인 정규분포에서 뽑습니다. `w_in` 을 먼저, `w_out` 을 나중에 뽑습니다.

    Parameters
    ----------
    size : int
        단어의 수 ``V``.
    dim : int
        임베딩의 차원 ``d``.
    rng : numpy.random.Generator
        난수 생성기.
    std : float
        표준편차.

    Returns
    -------
    w_in, w_out : ndarray
        ``(V, d)`` 와 ``(d, V)``.

    Raises
    ------
    ValueError
        `size` 나 `dim` 이 1보다 작거나, `std` 가 양수가 아닐 때.

    Examples
    --------
    >>> w_in, w_out = initialize(8, 3, np.random.default_rng(0))
    >>> w_in.shape, w_out.shape
    ((8, 3), (3, 8))
    """
    size, dim = _checks.integer("size", size, least=1), _checks.integer("dim", dim, least=1)
    rng, std = _checks.generator("rng", rng), _checks.positive("std", std)
    return rng.normal(0, std, (size, dim)), rng.normal(0, std, (dim, size))


def train_joint(
    w_in: npt.ArrayLike, w_out: npt.ArrayLike, counts: npt.ArrayLike, *, steps: int, lr: float
) -> Trained:
    r"""공기 횟수 전체의 평균 비용을 경사 하강법으로 줄입니다. 한 걸음에 모든 쌍을 함께 봅니다.

    Parameters
    ----------
    w_in, w_out, counts : array_like
        :func:`cooccurrence_loss` 와 같습니다. 고치지 않고 베껴 씁니다.
    steps : int
        걸음의 수.
    lr : float
        학습률 :math:`\eta`.

    Returns
    -------
    w_in, w_out : ndarray
        배운 행렬.
    losses : ndarray
        걸음마다 고치기 전에 잰 비용과, 마지막에 잰 비용 ``(steps + 1,)``.

    Raises
    ------
    ValueError
        모양이 맞지 않거나, `steps` 가 음수이거나, `lr` 이 양수가 아닐 때.

    Examples
    --------
    >>> counts = [[0, 1, 1], [1, 0, 0], [1, 0, 0]]
    >>> w_in, w_out = initialize(3, 2, np.random.default_rng(0))
    >>> _, _, losses = train_joint(w_in, w_out, counts, steps=2000, lr=1.0)
    >>> bool(losses[-1] - entropy_floor(counts) < 1e-3)
    True
    """
    w_in, w_out = _matrices(w_in, w_out, stacked=True)
    share, rows = _shares(counts, w_in, w_out)
    return _descend(lambda w, u: _counted_loss_vjp(w, u, share, rows), w_in, w_out, steps, lr)


def train_pairs(
    w_in: npt.ArrayLike, w_out: npt.ArrayLike, pairs: npt.ArrayLike, *, steps: int, lr: float
) -> Trained:
    r"""쌍을 하나하나 센 기울기를 평균하여 경사 하강법으로 줄입니다. 한 걸음에 쌍을 모두 씁니다.

    Parameters
    ----------
    w_in, w_out : array_like
        두 행렬 ``(V, d)`` 와 ``(d, V)``. 고치지 않고 베껴 씁니다.
    pairs : array_like
        번호의 쌍 ``(P, 2)``.
    steps : int
        걸음의 수.
    lr : float
        학습률 :math:`\eta`.

    Returns
    -------
    w_in, w_out : ndarray
        배운 행렬.
    losses : ndarray
        걸음마다 고치기 전에 잰 비용과, 마지막에 잰 비용 ``(steps + 1,)``.

    Raises
    ------
    ValueError
        모양이 맞지 않거나, `steps` 가 음수이거나, `lr` 이 양수가 아닐 때.

    Examples
    --------
    >>> pairs = skipgram_pairs([0, 1, 0, 2], window=1)
    >>> w_in, w_out = initialize(3, 2, np.random.default_rng(0))
    >>> one_by_one = train_pairs(w_in, w_out, pairs, steps=50, lr=1.0)[0]
    >>> at_once = train_joint(w_in, w_out, cooccurrence(pairs, 3), steps=50, lr=1.0)[0]
    >>> bool(np.allclose(one_by_one, at_once, atol=1e-12))
    True
    """
    w_in, w_out = _matrices(w_in, w_out)
    centers, contexts = _pairs(pairs, len(w_in))
    return _descend(lambda w, u: _pair_loss_vjp(w, u, centers, contexts, "mean"), w_in, w_out, steps, lr)


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
        주면 학습률이 `lr` 에서 이 값까지 걸음마다 곧게 줄어듭니다. 0이어도 됩니다.

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
    >>> pairs = skipgram_pairs([0, 1, 0, 2], window=1)
    >>> w_in, w_out = initialize(3, 2, np.random.default_rng(0))
    >>> *_, losses = train_sgd(w_in, w_out, pairs, np.random.default_rng(1), epochs=300, lr=0.3, final_lr=0)
    >>> bool(losses[-1] - entropy_floor(cooccurrence(pairs, 3)) < 0.01)
    True
    """
    w_in, w_out = _matrices(w_in, w_out)
    centers, contexts = _pairs(pairs, len(w_in))
    rates = _rates(lr, final_lr, _checks.integer("epochs", epochs, least=0), len(centers), w_in.dtype)
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
    return w_in, w_out, losses / len(centers)


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
        가짜를 뽑는 확률 ``(V,)`` (:func:`noise_distribution`).
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
    >>> pairs = skipgram_pairs([0, 1, 2, 3] * 50, window=1)
    >>> w_in, w_out = initialize(4, 8, np.random.default_rng(0))
    >>> w_in, w_out, losses = train_negative_sampling(
    ...     w_in, w_out, pairs, [0.25] * 4, np.random.default_rng(1), epochs=20, lr=0.1, batch_size=16
    ... )
    >>> bool(losses[-1] < losses[0] - 0.3)
    True
    """
    w, u = _matrices(w_in, w_out)
    centers, contexts = _pairs(pairs, len(w))
    edges = _edges(_checks.shaped("noise", noise, (len(w),)))
    k = _checks.integer("negatives", negatives, least=1)
    batch_size = _checks.integer("batch_size", batch_size, least=1)
    epochs, rng = _checks.integer("epochs", epochs, least=0), _checks.generator("rng", rng)
    starts = range(0, len(centers), batch_size)
    rates = _rates(lr, final_lr, epochs, len(starts), w.dtype)
    losses = np.zeros(epochs, w.dtype)
    for epoch, etas in enumerate(rates):
        order = rng.permutation(len(centers))
        for eta, start in zip(etas, starts, strict=True):
            batch = order[start : start + batch_size]
            drawn = _draw(edges, rng.random((len(batch), k)))
            columns = np.concatenate([contexts[batch, None], drawn], axis=1)
            cost, pullback = _logistic_loss_vjp(w, u, centers[batch], columns, "sum")
            dw, du = pullback(1.0)
            w, u = w - eta * dw, u - eta * du
            losses[epoch] += cost
        losses[epoch] /= len(centers)
        _refuse_divergence(losses[epoch], k, epoch, f"lr={lr}, batch_size={batch_size}")
    return w, u, losses


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
    r"""음성 표집을 큰 말뭉치에서 빠르게 배웁니다. 창은 word2vec처럼 움직입니다 (:func:`dynamic_pairs`).

    쌍을 따로 만들지 않습니다. 이어진 중심 단어 `chunk` 개와 그 둘레의 단어를 행렬곱 한 번으로 견주고, 창 안의
    칸만 씁니다. 가짜도 토막마다 :math:`K` 개(`shared`)를 뽑아 함께 씁니다. 중심 단어 하나에 쌍이
    :math:`m` 개이면 가짜마다 :math:`km/K` 를 곱하므로, 기울기의 평균은
    :func:`train_negative_sampling` 과 같습니다.

    Parameters
    ----------
    w_in, w_out : array_like
        두 행렬 ``(V, d)`` 와 ``(d, V)``. 고치지 않고 베껴 씁니다. float32이면 더 빠릅니다.
    sentences : sequence of array_like
        문장마다 단어의 번호 ``(n,)``. 쌍은 문장을 넘지 않습니다.
    noise : array_like
        가짜를 뽑는 확률 ``(V,)`` (:func:`noise_distribution`).
    rng : numpy.random.Generator
        창 크기와 가짜를 뽑고 토막을 섞는 난수 생성기.
    window : int
        가장 큰 창 크기 :math:`c`.
    negatives : int
        쌍마다의 가짜의 수 :math:`k`.
    epochs : int
        말뭉치를 몇 번 보는지.
    lr, final_lr : float
        학습률 :math:`\eta` 와, 걸음마다 곧게 줄어 닿는 값. `final_lr` 이 None이면 줄이지 않습니다.
    chunk : int
        한 토막의 중심 단어의 수.
    shared : int
        토막마다 뽑는 가짜의 수 :math:`K`.
    batch : int
        한 걸음에 쓰는 토막의 수. 한 걸음의 기울기는 더하므로, 크게 잡으면 빠르지만 발산할 수 있습니다.

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
    >>> w_in, w_out = initialize(4, 8, np.random.default_rng(0))
    >>> w_in, w_out, losses = train_word2vec(
    ...     w_in, w_out, [[0, 1, 2, 3] * 50], [0.25] * 4, np.random.default_rng(1),
    ...     window=1, epochs=20, lr=0.1, batch=1, chunk=8,
    ... )
    >>> bool(losses[-1] < losses[0] - 0.3)
    True
    """
    w, u = (matrix.copy() for matrix in _matrices(w_in, w_out))
    u = np.ascontiguousarray(u.T)
    edges = _edges(_checks.shaped("noise", noise, (len(w),)))
    c, k = _checks.integer("window", window, least=1), _checks.integer("negatives", negatives, least=1)
    chunk, shared = _checks.integer("chunk", chunk, least=1), _checks.integer("shared", shared, least=1)
    epochs, batch = _checks.integer("epochs", epochs, least=0), _checks.integer("batch", batch, least=1)
    rng = _checks.generator("rng", rng)
    ids, owner = _chunked(sentences, len(w), chunk, c)
    steps = range(0, len(ids), batch)
    rates = _rates(lr, final_lr, epochs, len(steps), w.dtype)
    losses = np.zeros(epochs, w.dtype)
    for epoch, etas in enumerate(rates):
        order, total, seen = rng.permutation(len(ids)), 0.0, 0
        for eta, start in zip(etas, steps, strict=True):
            some = order[start : start + batch]
            fakes = _draw(edges, rng.random((len(some), shared)))
            reach = rng.integers(1, c, size=(len(some), chunk, 1), endpoint=True)
            used = _in_reach(owner[some], reach, c)
            cost, gradients = _banded_gradients(w, u, ids[some], used, fakes, k)
            for matrix, rows, gradient in gradients:
                _add_rows(matrix, rows, gradient * -eta)
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
    lists = [_ids(f"sentences[{i}]", sentence, size) for i, sentence in enumerate(sentences)]
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
    cost = _softplus(-true[used], 1 - p_true[used]).sum() + (_softplus(false, p_false) * weight).sum()
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
    w_in, w_out = _matrices(w_in, w_out, stacked=True)
    steps, lr = _checks.integer("steps", steps, least=0), _checks.positive("lr", lr)
    losses = np.empty(steps + 1, w_in.dtype)
    for step in range(steps):
        losses[step], pullback = loss_vjp(w_in, w_out)
        dw_in, dw_out = pullback(1.0)
        w_in, w_out = w_in - lr * dw_in, w_out - lr * dw_out
    losses[steps], _ = loss_vjp(w_in, w_out)
    return w_in, w_out, losses


def _rates(
    lr: float, final_lr: float | None, epochs: int, batches: int, dtype: np.dtype[np.floating]
) -> Array:
    """에폭과 묶음마다의 학습률. 첫 묶음이 `lr` 이고, 마지막 묶음의 다음이 `final_lr` 입니다."""
    lr = _checks.positive("lr", lr)
    end = lr if final_lr is None else _checks.nonnegative("final_lr", final_lr)
    rates = np.linspace(lr, end, epochs * batches, endpoint=False, dtype=dtype)
    return rates.reshape(epochs, batches)


# --- looking at what was learned ------------------------------------------------------------------


def nearest(w: npt.ArrayLike, word: int, count: int = 5) -> tuple[npt.NDArray[np.intp], Array]:
    r"""코사인 유사도가 가장 큰 단어를 찾습니다.

    .. math:: \cos(a, b) = \frac{a \cdot b}{\lVert a\rVert\,\lVert b\rVert}

    Parameters
    ----------
    w : array_like
        임베딩 ``(V, d)``. 행이 단어입니다.
    word : int
        찾는 단어의 번호.
    count : int
        몇 개를 찾을지. 자기 자신은 빼고 셉니다.

    Returns
    -------
    neighbours : ndarray
        번호 ``(count,)``. 가까운 차례이고, 같으면 번호가 작은 것이 먼저입니다.
    cosines : ndarray
        코사인 유사도 ``(count,)``.

    Raises
    ------
    ValueError
        `word` 가 ``V`` 이상이거나, `count` 가 ``V - 1`` 보다 크거나, 길이가 0인 행이 있을 때.

    Examples
    --------
    >>> numbers, cosines = nearest([[1, 0], [2, 2], [-1, 0], [3, 0]], word=0, count=2)
    >>> numbers.tolist(), cosines.round(4).tolist()
    ([3, 1], [1.0, 0.7071])
    """
    w = _checks.array("w", w, rank=2)
    word = _checks.integer("word", word, least=0)
    if word >= len(w):
        raise ValueError(f"word must be below V={len(w)}, got {word}")
    count = _checks.integer("count", count, least=1)
    if count > len(w) - 1:
        raise ValueError(f"count must be at most V - 1 = {len(w) - 1}, got {count}")
    norms = np.linalg.norm(w, axis=1)
    if not (norms > 0).all():
        raise ValueError(f"w must have no zero rows, got row {int(np.flatnonzero(norms == 0)[0])}")
    cosines = (w @ w[word]) / (norms * norms[word])
    order = np.argsort(-cosines, kind="stable")
    order = order[order != word][:count]
    return order, cosines[order]


def principal_components(x: npt.ArrayLike, count: int = 2) -> tuple[Array, Array]:
    r"""점들을 가장 넓게 퍼진 방향으로 비춥니다. 특잇값 분해(SVD)로 셈하는 주성분 분석(PCA)입니다.

    평균을 뺀 :math:`X = U S V^\top` 에서 앞의 축 몇 개의 좌표 :math:`U S` 를 돌려줍니다.
    축마다 절댓값이 가장 큰 좌표가 양수가 되도록 부호를 정합니다.

    Parameters
    ----------
    x : array_like
        점 ``(N, d)``.
    count : int
        축의 수.

    Returns
    -------
    coordinates : ndarray
        좌표 ``(N, count)``.
    shares : ndarray
        축마다 전체 분산에서 차지하는 몫 ``(count,)``.

    Raises
    ------
    ValueError
        `count` 가 ``N`` 이나 ``d`` 보다 크거나, 모든 점이 같을 때.

    Examples
    --------
    >>> coordinates, shares = principal_components([[0, 0], [3, 4], [9, 12]], count=1)
    >>> coordinates.round(6).ravel().tolist(), shares.round(6).tolist()
    ([-6.666667, -1.666667, 8.333333], [1.0])
    """
    x = _checks.array("x", x, rank=2)
    count = _checks.integer("count", count, least=1)
    if count > min(x.shape):
        raise ValueError(f"count must be at most {min(x.shape)} for x of shape {x.shape}, got {count}")
    u, s, _ = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
    if not s[0] > 0:
        raise ValueError(f"x must hold at least two different points, got {len(x)} equal ones")
    coordinates = (u * s)[:, :count]
    peaks = coordinates[np.abs(coordinates).argmax(axis=0), np.arange(count)]
    return coordinates * np.where(peaks < 0, -1, 1).astype(x.dtype), (s**2 / (s**2).sum())[:count]


# --- checks and small sums ------------------------------------------------------------------------


def _words(name: str, tokens: Iterable[str]) -> list[str]:
    if isinstance(tokens, str):
        raise TypeError(f"{name} must be a sequence of words, got {tokens!r} (str)")
    words = list(tokens)
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"{name} must be words, got {word!r} ({type(word).__name__})")
    return words


def _tokens(tokens: npt.ArrayLike) -> npt.NDArray[Any]:
    result = np.asarray(tokens)
    if result.ndim != 1:
        raise ValueError(f"tokens must have 1 dimension, got {result.ndim} (shape {result.shape})")
    if result.size == 0:
        return result.astype(np.intp) if result.dtype.kind not in "iuU" else result
    if result.dtype.kind not in "iuU":
        raise TypeError(f"tokens must be words or integers, got dtype {result.dtype}")
    return result


def _offsets(window: int, side: Side) -> npt.NDArray[np.intp]:
    c = _checks.integer("window", window, least=1)
    if side not in ("both", "before", "after"):
        raise ValueError(f"side must be 'both', 'before' or 'after', got {side!r}")
    offsets = np.arange(-c, c + 1)
    kept = {"both": offsets != 0, "before": offsets < 0, "after": offsets > 0}[side]
    return np.asarray(offsets[kept])


def _pair_up(tokens: npt.NDArray[Any], offsets: Integers, reach: Integers) -> npt.NDArray[Any]:
    """자리마다 `reach` 칸 안의 이웃을 짝짓습니다."""
    near = abs(offsets) <= reach[:, None]
    neighbours = np.arange(len(tokens))[:, None] + offsets
    center, which = np.nonzero(near & (neighbours >= 0) & (neighbours < len(tokens)))
    return np.stack([tokens[center], tokens[neighbours[center, which]]], axis=1)


def _ids(name: str, value: npt.ArrayLike, size: int) -> npt.NDArray[np.intp]:
    ids: npt.NDArray[Any] = np.asarray(value)
    if ids.size and ids.dtype.kind not in "iu":
        raise TypeError(f"{name} must be integer word ids, got dtype {ids.dtype}")
    for wrong in ids[(ids < 0) | (ids >= size)][:1]:
        raise ValueError(f"{name} must be word ids from 0 to V - 1 = {size - 1}, got {wrong}")
    return ids.astype(np.intp)


def _pairs(
    pairs: npt.ArrayLike, size: int, *, least: int = 1
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    ids = _ids("pairs", pairs, size)
    if ids.ndim != 2 or ids.shape[1] != 2 or len(ids) < least:
        raise ValueError(f"pairs must have shape (P, 2) with P >= {least}, got {ids.shape}")
    return ids[:, 0], ids[:, 1]


def _aligned(
    centers: npt.ArrayLike, contexts: npt.ArrayLike, size: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    c, o = _ids("centers", centers, size), _ids("contexts", contexts, size)
    if c.ndim != 1 or not len(c):
        raise ValueError(f"centers must have shape (P,) with P >= 1, got {c.shape}")
    if o.shape != c.shape:
        raise ValueError(f"contexts must have shape {c.shape} as centers, got {o.shape}")
    return c, o


def _matrices(w_in: npt.ArrayLike, w_out: npt.ArrayLike, *, stacked: bool = False) -> tuple[Array, Array]:
    w_in = _checks.array("w_in", w_in, rank=2)
    w_out = _checks.floats("w_out", w_out) if stacked else _checks.array("w_out", w_out, rank=2)
    if w_out.shape[-2:] != w_in.shape[::-1]:
        raise ValueError(f"w_out must have shape {w_in.shape[::-1]}, got {w_out.shape}")
    dtype = np.result_type(w_in, w_out)
    return w_in.astype(dtype, copy=False), w_out.astype(dtype, copy=False)


def _counts(name: str, counts: npt.ArrayLike) -> Array:
    n = _checks.floats(name, counts)
    for wrong in n[~((n >= 0) & np.isfinite(n))][:1]:
        raise ValueError(f"{name} must be finite and non-negative, got {wrong}")
    return n


def _some_counts(name: str, counts: npt.ArrayLike) -> Array:
    n = _counts(name, counts)
    if not n.sum() > 0:
        raise ValueError(f"{name} must not be all zero, got shape {n.shape}")
    return n


def _noise(noise: npt.ArrayLike) -> Array:
    q = _checks.array("noise", _some_counts("noise", noise), rank=1).astype(np.float64)
    return np.asarray(q / q.sum())


def _edges(noise: npt.ArrayLike) -> Array:
    """단어마다 누적 확률의 오른쪽 끝. 확률이 있는 마지막 단어부터는 무한대입니다."""
    q = _noise(noise)
    edges = np.cumsum(q)
    edges[np.flatnonzero(q)[-1] :] = np.inf  # a sum that rounds below 1 must not lead outside
    return edges


def _draw(edges: Array, uniform: Array) -> npt.NDArray[np.intp]:
    return np.asarray(np.searchsorted(edges, uniform, side="right"))


def _log_softmax(z: Array) -> Array:
    z = z - z.max(axis=-1, keepdims=True)
    return np.asarray(z - np.log(np.exp(z).sum(axis=-1, keepdims=True)))


def _softplus(z: Array, p: Array) -> Array:
    """ln(1 + exp z). `p` 는 이미 셈해 둔 σ(z)입니다. 작은 쪽이 아니라 큰 쪽의 로그를 써서 넘치지 않습니다."""
    return np.asarray(np.maximum(z, 0) - np.log(np.maximum(p, 1 - p)))


def _reduce(costs: Array, reduction: Reduction) -> Array:
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"reduction must be 'mean', 'sum' or 'none', got {reduction!r}")
    if reduction == "none":
        return costs
    return np.asarray(costs.mean() if reduction == "mean" else costs.sum())


def _spread(dcost: npt.ArrayLike, size: int, reduction: Reduction, dtype: np.dtype[np.floating]) -> Array:
    """비용의 기울기를 쌍마다 나눕니다."""
    d = _checks.shaped("dcost", dcost, (size,) if reduction == "none" else ()).astype(dtype)
    return np.broadcast_to(d / size if reduction == "mean" else d, (size,))


def _scatter(ids: Integers, rows: Array, size: int) -> Array:
    """`rows` 를 번호 `ids` 의 행에 더합니다."""
    total = np.zeros((size, rows.shape[1]), rows.dtype)
    _add_rows(total, ids, rows)
    return total


def _add_rows(w: Array, ids: Integers, rows: Array) -> None:
    """`w` 의 행에 `rows` 를 그 자리에서 더합니다. 번호를 늘어놓아 같은 행끼리 한 번에 더합니다."""
    flat, rows = ids.ravel(), rows.reshape(-1, w.shape[1])
    order = np.argsort(flat, kind="stable")
    flat = flat[order]
    starts = np.flatnonzero(np.diff(flat, prepend=-1))
    rows = rows[order]
    if rows.shape[1] % 2 == 0:  # NumPy reduces column by column: two reals in a complex halve the columns
        rows = rows.view(np.result_type(rows.dtype, np.complex64))
    w[flat[starts]] += np.add.reduceat(rows, starts, axis=0).view(w.dtype)
