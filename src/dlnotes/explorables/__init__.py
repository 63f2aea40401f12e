"""만져 보는 그림에 담을 값. 배우거나 뽑거나 최적화한 것은 사이트를 지을 때 여기서 계산합니다.

함수마다 :func:`as_json` 이 쓴 글을 돌려줍니다. 쪽의 ``{explore}`` 가 그 글을 그림에 싣습니다.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlnotes import _checks


def as_json(value: Any, digits: int = 6) -> str:
    """배열과 수를 JSON으로 씁니다. 실수는 소수점 아래 `digits` 자리로 반올림합니다.

    Parameters
    ----------
    value : dict, list, ndarray, int, float, bool or str
        쓸 값. 안에 든 것도 모두 이 가운데 하나입니다.
    digits : int
        소수점 아래 자리의 수.

    Returns
    -------
    str
        JSON.

    Raises
    ------
    TypeError
        쓸 수 없는 것이 있을 때.
    ValueError
        유한하지 않은 수가 있을 때.

    Examples
    --------
    >>> as_json({"rms": np.float64(1 / 3), "k": np.arange(2)}, digits=3)
    '{"rms":0.333,"k":[0,1]}'
    """
    import json  # 사이트를 지을 때만 씁니다

    digits = _checks.integer("digits", digits, least=0, most=300)
    with _checks.about("value"):
        return json.dumps(_plain(value, digits), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(value: Any, digits: int) -> Any:
    match value:
        case dict():
            return {str(name): _plain(one, digits) for name, one in value.items()}
        case list() | tuple():
            return [_plain(one, digits) for one in value]
        case np.ndarray() | np.generic():
            return _plain(value.tolist(), digits)
        case float():
            rounded = round(value, digits) + 0.0  # no -0.0
            return int(rounded) if rounded.is_integer() else rounded
        case str() | int() | None:
            return value
    raise TypeError(f"value must hold numbers, texts, lists and dicts, got {value!r}")
