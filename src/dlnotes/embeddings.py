r"""스킵그램(skip-gram): 단어의 쌍, 소프트맥스와 음성 표집의 비용과 기울기, 가까운 단어.

단어의 번호는 0부터 :math:`V - 1` 까지입니다. 중심 단어의 행렬 :math:`W_\text{in}` 은 ``(V, d)`` 이고
단어 하나가 행 하나입니다. 주변 단어의 행렬 :math:`W_\text{out}` 은 ``(d, V)`` 이고 단어 하나가 열 하나입니다.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from dlnotes import _checks, _skipgram
from dlnotes._precision import rounded_last
from dlnotes._skipgram import Array, Integers, Pullback, Reduction

Side = Literal["both", "before", "after"]


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
    from importlib import resources  # 여기서만 쓰고, 들이는 데 오래 걸립니다

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
    _checks.choice("unknown", unknown, ("error", "drop"))
    words = _words("words", words)
    numbers = {word: number for number, word in enumerate(words)}
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
    c = _checks.count("window", window)
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
    size = _checks.count("size", size)
    _checks.room(size=size * size)
    centers, contexts = _skipgram.word_pairs(pairs, size, least=0)
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
    n = _skipgram.nonnegative_counts("counts", counts).astype(np.float64)
    n = n / max(n.max(initial=0), 1)
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
    n, p = _skipgram.positive_counts("counts", counts), conditional_probabilities(counts)
    n, seen = n / n.max(), n > 0  # the largest counts have no sum
    return float(-(n[seen] * np.log(p[seen])).sum() / n.sum())


# --- softmax --------------------------------------------------------------------------------------


@rounded_last
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
    w_in, w_out = _skipgram.word_matrices(w_in, w_out, stacked=True)
    return np.asarray(np.exp(_skipgram.log_softmax(w_in @ w_out)))


@rounded_last
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


@rounded_last
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
    w_in, w_out = _skipgram.word_matrices(w_in, w_out)
    return _skipgram.pair_loss_vjp(
        w_in, w_out, *_skipgram.aligned_pairs(centers, contexts, len(w_in)), reduction
    )


@rounded_last
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


@rounded_last
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
    w_in, w_out = _skipgram.word_matrices(w_in, w_out, stacked=True)
    return _skipgram.counted_loss_vjp(w_in, w_out, *_skipgram.count_shares(counts, w_in, w_out))


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
    n = _checks.array("counts", _skipgram.positive_counts("counts", counts), rank=1).astype(np.float64)
    r = _checks.nonnegative("power", power)
    raised = np.where(n > 0, (n / n.max()) ** r, 0.0)
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
    sides = shape if isinstance(shape, (tuple, list)) else (shape,)
    sides = tuple(_checks.integer(f"shape[{i}]", side, least=0) for i, side in enumerate(sides))
    if len(sides) > _checks.MOST_AXES:
        raise ValueError(f"shape must have at most {_checks.MOST_AXES} dimensions, got {len(sides)}")
    _checks.room(shape=math.prod(sides))
    rng, edges = _checks.generator("rng", rng), _skipgram.cumulative_edges(noise)
    return _skipgram.draw_words(edges, rng.random(sides))


def subsample(
    tokens: npt.ArrayLike, counts: npt.ArrayLike, threshold: float, rng: np.random.Generator
) -> npt.NDArray[np.intp]:
    r"""잦은 단어를 솎아 냅니다. 남은 단어끼리 이어 붙이므로 창이 그만큼 멀리 봅니다.

    전체에서 차지하는 비율이 :math:`f_w` 인 단어는 다음 확률로 남습니다(word2vec.c의 식).

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
    n = _checks.array("counts", _skipgram.positive_counts("counts", counts), rank=1)
    t, ids = _checks.positive("threshold", threshold), _skipgram.word_ids("tokens", tokens, len(n))
    with np.errstate(divide="ignore"):
        ratio = t / (n / n.sum())[ids]
    return np.asarray(ids[_checks.generator("rng", rng).random(ids.shape) < np.sqrt(ratio) + ratio])


@rounded_last
def negative_sampling_loss(
    w_in: npt.ArrayLike,
    w_out: npt.ArrayLike,
    centers: npt.ArrayLike,
    contexts: npt.ArrayLike,
    negatives: npt.ArrayLike,
    *,
    reduction: Reduction = "mean",
) -> Array:
    r"""음성 표집(negative sampling)의 비용. 진짜 쌍 하나와 가짜 쌍 :math:`k` 개를 판별합니다.

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


@rounded_last
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
    w_in, w_out = _skipgram.word_matrices(w_in, w_out)
    centers, contexts = _skipgram.aligned_pairs(centers, contexts, len(w_in))
    drawn = _skipgram.word_ids("negatives", negatives, len(w_in))
    if drawn.ndim != 2 or len(drawn) != len(centers):
        raise ValueError(f"negatives must have shape (P, k) with P={len(centers)}, got {drawn.shape}")
    columns = np.concatenate([contexts[:, None], drawn], axis=1)
    return _skipgram.logistic_loss_vjp(w_in, w_out, centers, columns, reduction)


@rounded_last
def expected_negative_sampling_loss(
    w_in: npt.ArrayLike, w_out: npt.ArrayLike, counts: npt.ArrayLike, noise: npt.ArrayLike, *, negatives: int
) -> float:
    r"""음성 표집의 평균 비용을 뽑기 없이 계산합니다. 가짜를 뽑는 대신 분포 :math:`q` 로 평균합니다.

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
    w_in, w_out = _skipgram.word_matrices(w_in, w_out)
    n = _checks.shaped("counts", _skipgram.positive_counts("counts", counts), (len(w_in), len(w_in)))
    q = _checks.shaped("noise", _skipgram.noise_shares(noise), (len(w_in),))
    k = _checks.integer("negatives", negatives, least=1)
    z = w_in @ w_out
    fake = k * n.sum(axis=1, keepdims=True) * q
    return float((n * np.logaddexp(0, -z) + fake * np.logaddexp(0, z)).sum() / n.sum())


# --- matrices -------------------------------------------------------------------------------------


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
    _checks.room(size=size, dim=dim)
    rng, std = _checks.generator("rng", rng), _checks.positive("std", std)
    return rng.normal(0, std, (size, dim)), rng.normal(0, std, (dim, size))


# --- looking at what was learned ------------------------------------------------------------------


@rounded_last
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
    largest = np.abs(_checks.finite("w", w)).max(initial=0)
    w = np.asarray(w / max(largest, np.finfo(w.dtype).tiny))  # so that no square overflows
    norms = np.linalg.norm(w, axis=1)
    if not (norms > 0).all():
        raise ValueError(f"w must have no zero rows, got row {int(np.flatnonzero(norms == 0)[0])}")
    cosines = (w @ w[word]) / (norms * norms[word])
    order = np.argsort(-cosines, kind="stable")
    order = order[order != word][:count]
    return order, cosines[order]


@rounded_last
def principal_components(x: npt.ArrayLike, count: int = 2) -> tuple[Array, Array]:
    r"""점들을 가장 넓게 퍼진 방향으로 비춥니다. 특잇값 분해(SVD)로 계산하는 주성분 분석(PCA)입니다.

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
        축마다 전체 분산에서 차지하는 비율 ``(count,)``.

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
    x = _checks.finite("x", _checks.array("x", x, rank=2))
    count = _checks.integer("count", count, least=1)
    if count > min(x.shape):
        raise ValueError(f"count must be at most {min(x.shape)} for x of shape {x.shape}, got {count}")
    u, s, _ = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
    if not s[0] > 0:
        raise ValueError(f"x must hold at least two different points, got {len(x)} equal ones")
    coordinates = (u * s)[:, :count]
    peaks = coordinates[np.abs(coordinates).argmax(axis=0), np.arange(count)]
    shares = (s / s[0]) ** 2
    return coordinates * np.where(peaks < 0, -1, 1).astype(x.dtype), (shares / shares.sum())[:count]


# --- checks and small sums ------------------------------------------------------------------------


def _words(name: str, tokens: Iterable[str]) -> list[str]:
    words = _checks.several(name, tokens, wanted="a sequence of words")
    for word in words:
        if not isinstance(word, str):
            raise _checks.refused(name, "words", word)
    return list(words)


def _tokens(tokens: npt.ArrayLike) -> npt.NDArray[Any]:
    result = _checks.as_array("tokens", tokens)
    if result.ndim != 1:
        raise ValueError(f"tokens must have 1 dimension, got {result.ndim} (shape {result.shape})")
    if result.size == 0:
        return result.astype(np.intp) if result.dtype.kind not in "iuU" else result
    if result.dtype.kind not in "iuU":
        raise TypeError(f"tokens must be words or integers, got dtype {result.dtype}")
    return result


def _offsets(window: int, side: Side) -> npt.NDArray[np.intp]:
    c = _checks.count("window", window)
    _checks.choice("side", side, ("both", "before", "after"))
    offsets = np.arange(-c, c + 1)
    kept = {"both": offsets != 0, "before": offsets < 0, "after": offsets > 0}[side]
    return np.asarray(offsets[kept])


def _pair_up(tokens: npt.NDArray[Any], offsets: Integers, reach: Integers) -> npt.NDArray[Any]:
    """자리마다 `reach` 칸 안의 이웃을 짝짓습니다."""
    _checks.room(tokens=len(tokens), window=len(offsets))
    near = abs(offsets) <= reach[:, None]
    neighbours = np.arange(len(tokens))[:, None] + offsets
    center, which = np.nonzero(near & (neighbours >= 0) & (neighbours < len(tokens)))
    return np.stack([tokens[center], tokens[neighbours[center, which]]], axis=1)
