"""ReLU 유닛의 수를 바꾸어 보는 그림의 값."""

from __future__ import annotations

import numpy as np

from dlnotes import _checks
from dlnotes.explorables import as_json
from dlnotes.piecewise import equispaced_knots, least_squares, rms_error


def frames(most: int = 12) -> str:
    """유닛이 0개부터 `most` 개까지일 때, 고르게 놓은 점에서 포물선에 가장 가까운 꺾은선과 그 오차.

    Parameters
    ----------
    most : int
        유닛의 가장 큰 수.

    Returns
    -------
    str
        JSON. 유닛 수마다 오차 ``rms``, 두 끝과 꺾이는 점의 자리 ``x``, 그 점에서 꺾은선의 값 ``y`` 입니다.

    Raises
    ------
    TypeError, ValueError
        `most` 가 0 이상인 정수가 아닐 때.

    Examples
    --------
    >>> frames(1)
    '[{"rms":0.298142,"x":[-1,1],"y":[0.333333,0.333333]},{"rms":0.074536,"x":[-1,0,1],"y":[0.833333,-0.166667,0.833333]}]'
    """
    found = []
    for k in range(_checks.integer("most", most, least=0, most=100) + 1):
        fit = least_squares(np.square, equispaced_knots(k))
        x = np.concatenate([[-1], fit.knots, [1]])
        found.append({"rms": float(rms_error(np.square, fit)), "x": x, "y": fit(x)})
    return as_json(found)
