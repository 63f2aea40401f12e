"""쌍을 하나씩 배워 보는 그림이 부르는 것."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes.embeddings import (
    Side,
    context_probabilities,
    encode,
    skipgram_loss_vjp,
    skipgram_pairs,
    vocabulary,
)

TEXT = "the quick brown fox jumps over the lazy dog"
"""그림의 문장."""

SIDES: dict[str, Side] = {"b": "before", "a": "after", "t": "both"}
"""단추 하나가 배우는 쌍. 앞말의 쌍, 뒷말의 쌍, 둘을 함께."""


def learned_probabilities(
    word: str, steps: str, *, window: int = 1, lr: float = 0.3, reverse: bool = False
) -> npt.NDArray[np.floating]:
    r"""단추를 누른 차례대로 배운 뒤, 중심 단어의 주변에 단어마다 나올 확률.

    벡터의 성분은 하나이고, :math:`W_\text{in}` 은 모두 1, :math:`W_\text{out}` 은 모두 0에서 시작하므로
    처음에는 모든 단어의 확률이 같습니다. 단추 하나가 그 쪽의 쌍을 모두 더한 비용으로 한 번 갱신합니다.

    Parameters
    ----------
    word : str
        중심 단어.
    steps : str
        누른 차례. 글자마다 :data:`SIDES` 의 하나입니다.
    window : int
        창 크기.
    lr : float
        학습률 :math:`\eta`.
    reverse : bool
        문장을 거꾸로 읽을지.

    Returns
    -------
    ndarray
        :math:`p(o \mid i)`, ``(V,)``. 단어의 차례는 문장에 처음 나온 차례입니다.

    Raises
    ------
    TypeError
        `word`, `steps` 가 글자열이 아니거나 `lr` 이 실수가 아닐 때.
    ValueError
        단추가 아닌 글자가 있을 때.
        단어가 문장에 없거나, 그 쪽에 쌍이 하나도 없거나, `window` 가 1보다 작을 때.

    Examples
    --------
    >>> learned_probabilities("quick", "t" * 15).round(2)[:3].tolist()
    [0.49, 0.0, 0.49]
    """
    word, lr, reverse = (
        _checks.text("word", word),
        _checks.positive("lr", lr),
        _checks.flag("reverse", reverse),
    )
    tokens = TEXT.split()
    words = vocabulary(tokens)
    ids = encode(tokens[::-1] if reverse else tokens, words)
    with _checks.about("word"):
        (center,) = encode([word], words)
    w_in, w_out = np.ones((len(words), 1)), np.zeros((1, len(words)))
    for step in _checks.text("steps", steps):
        _checks.choice("steps", step, SIDES)
        pairs = skipgram_pairs(ids, window, side=SIDES[step])
        mine = pairs[pairs[:, 0] == center]
        _, pullback = skipgram_loss_vjp(w_in, w_out, mine[:, 0], mine[:, 1], reduction="sum")
        dw_in, dw_out = pullback(1.0)
        w_in, w_out = w_in - lr * dw_in, w_out - lr * dw_out
    _checks.converged("lr", lr, w_in, w_out)
    return np.asarray(context_probabilities(w_in, w_out)[center])
