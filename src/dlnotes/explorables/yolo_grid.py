"""배운 작은 탐지기에게 칸마다 답을 물어보는 그림의 값."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dlnotes import _checks
from dlnotes.detection import Box
from dlnotes.explorables import as_json
from dlnotes.tiny_detector import CLASSES, GRID, IMAGE_SIZE, detector, draw, only_view, read_cell

AT = range(11, 22)
"""도형의 중심을 옮겨 놓는 가로 자리 (픽셀). 도형이 이미지 밖으로 나가지 않는 자리 모두입니다."""


def frames(theta: npt.ArrayLike, blind: npt.ArrayLike) -> str:
    """도형을 한 픽셀씩 옮길 때 칸마다 하는 답.

    도형의 너비는 22픽셀, 높이는 26픽셀이고 중심의 세로 자리는 17픽셀입니다.

    Parameters
    ----------
    theta : array_like
        이미지를 다 보고 배운 매개변수 ``(P,)``.
    blind : array_like
        중심이 든 칸 말고는 가린 이미지로 배운 매개변수 ``(P,)``. 그렇게 가린 이미지를 줍니다.

    Returns
    -------
    str
        JSON. 가로 자리 ``x`` 와, 부류마다 다 본 것과 칸만 본 것의 답 ``answers`` 입니다. 자리마다, 칸마다
        ``[cx, cy, w, h, 부류의 번호, 점수]`` 이고, 상자는 소수점 아래 한 자리, 점수는 두 자리까지입니다.

    Raises
    ------
    TypeError, ValueError
        :func:`dlnotes.tiny_detector.detector` 와 같습니다.

    Examples
    --------
    >>> import json
    >>> from dlnotes.tiny_detector import initialize
    >>> untaught = initialize(np.random.default_rng(0))
    >>> found = json.loads(frames(untaught, untaught))
    >>> found["x"][0], len(found["answers"]["타원"][1]), len(found["answers"]["타원"][1][0])
    (11, 11, 16)
    """
    found: dict[str, list[list[list[list[float]]]]] = {kind: [[], []] for kind in CLASSES}
    for cx in AT:
        scenes = draw([Box(cx, 17, 22, 26)] * len(CLASSES), CLASSES, np.random.default_rng(0))
        for alone, (parameters, images) in enumerate(
            ((theta, scenes.images), (blind, only_view(scenes, IMAGE_SIZE // GRID)))
        ):
            with _checks.about("theta and blind"):
                for kind, y in zip(CLASSES, detector(images, parameters), strict=True):
                    found[kind][alone].append([_told(y, cell) for cell in np.ndindex(GRID, GRID)])
    return as_json({"x": list(AT), "answers": found}, digits=2)


def _told(y: npt.NDArray[np.floating], cell: tuple[int, ...]) -> list[float]:
    row, column = cell
    answer = read_cell(y, (row, column))
    box = (round(value, 1) for value in (answer.box.cx, answer.box.cy, answer.box.w, answer.box.h))
    return [*box, CLASSES.index(answer.kind), answer.score]
