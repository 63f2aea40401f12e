"""인자 검사. 잘못된 값은 인자의 이름과 값을 밝히며 곧바로 거절합니다."""

from __future__ import annotations

import math
import numbers
import operator
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

type_error = "{name} must be {wanted}, got {value!r} ({kind})"


def integer(name: str, value: object, *, least: int) -> int:
    """`value`를 정수로 돌려줍니다. 정수가 아니면 TypeError, `least`보다 작으면 ValueError."""
    if type(value) is int and value >= least:  # nearly always: there is nothing to search or to tell
        return value
    wanted = {0: "a non-negative integer", 1: "a positive integer"}.get(least, f"an integer >= {least}")
    number = _index(name, value, wanted)
    if number < least:
        raise ValueError(f"{name} must be {wanted}, got {number}")
    return number


def _index(name: str, value: object, wanted: str) -> int:
    try:
        if isinstance(value, SupportsIndex) and not isinstance(value, (bool, np.bool_)):
            return operator.index(value)
    except TypeError:
        pass
    raise TypeError(type_error.format(name=name, wanted=wanted, value=value, kind=type(value).__name__))


def pair(name: str, value: object, *, least: int) -> tuple[int, int]:
    """정수 하나 또는 둘을 (세로, 가로) 쌍으로 돌려줍니다."""
    if isinstance(value, (tuple, list)):
        if len(value) != 2:
            raise ValueError(f"{name} must be an integer or a pair, got {value!r} ({len(value)} values)")
        first, second = value
        if type(first) is type(second) is int and first >= least and second >= least:
            return first, second
        return integer(f"{name}[0]", first, least=least), integer(f"{name}[1]", second, least=least)
    both = integer(name, value, least=least)
    return both, both


def real(name: str, value: object) -> float:
    """`value`를 유한한 실수로 돌려줍니다. 실수가 아니면 TypeError, 유한하지 않으면 ValueError."""
    number = value if type(value) is float else _float(name, value)  # a plain float needs no search
    if not math.isfinite(number):
        raise ValueError(f"{name} must be finite, got {number}")
    return number


def _float(name: str, value: object) -> float:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        kind = type(value).__name__
        raise TypeError(type_error.format(name=name, wanted="a real number", value=value, kind=kind))
    return float(value)


def array(name: str, value: npt.ArrayLike, *, rank: int) -> npt.NDArray[np.floating]:
    """`value`를 차원이 `rank`인 실수 배열로 돌려줍니다. 실수형 dtype은 지키고 정수형은 float64로 바꿉니다."""
    result = np.asarray(value)
    if result.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be an array of real numbers, got dtype {result.dtype}")
    if result.ndim != rank:
        raise ValueError(f"{name} must have {rank} dimensions, got {result.ndim} (shape {result.shape})")
    return result if result.dtype.kind == "f" else result.astype(np.float64)


def shaped(name: str, value: npt.ArrayLike, shape: tuple[int, ...]) -> npt.NDArray[np.floating]:
    """`value`를 모양이 `shape`인 실수 배열로 돌려줍니다. 모양이 다르면 ValueError."""
    result = array(name, value, rank=np.ndim(value))
    if result.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {result.shape}")
    return result


def groups(in_channels: int, out_channels: int, groups: int) -> None:
    """`groups`가 입력 채널과 출력 채널을 모두 나누는지 확인합니다. 나누지 못하면 ValueError."""
    if in_channels % groups:
        raise ValueError(f"in_channels must be divisible by groups={groups}, got in_channels={in_channels}")
    if out_channels % groups:
        if groups == in_channels:
            raise ValueError(
                f"out_channels must be a multiple of in_channels={in_channels} in a depthwise convolution "
                f"(groups={groups}): each input channel owns the same number of kernels, "
                f"got out_channels={out_channels}"
            )
        raise ValueError(
            f"out_channels must be divisible by groups={groups}, got out_channels={out_channels}"
        )


def positive(name: str, value: object) -> float:
    """`value`를 0보다 큰 유한한 실수로 돌려줍니다. 0 이하이면 ValueError."""
    number = real(name, value)
    if number <= 0:
        raise ValueError(f"{name} must be positive, got {number}")
    return number


def nonnegative(name: str, value: object) -> float:
    """`value`를 0 이상인 유한한 실수로 돌려줍니다. 음수이면 ValueError."""
    number = real(name, value)
    if number < 0:
        raise ValueError(f"{name} must be non-negative, got {number}")
    return number


def weight(name: str, value: object) -> float:
    """`value`를 이동 평균의 가중치, 곧 0 이상 1 미만의 실수로 돌려줍니다. 벗어나면 ValueError."""
    number = real(name, value)
    if not 0 <= number < 1:
        raise ValueError(f"{name} must be at least 0 and less than 1, got {number}")
    return number


def fraction(name: str, value: object) -> float:
    """`value`를 0 이상 1 이하의 실수로 돌려줍니다. 벗어나면 ValueError."""
    number = real(name, value)
    if not 0 <= number <= 1:
        raise ValueError(f"{name} must be between 0 and 1, got {number}")
    return number


def floats(name: str, value: npt.ArrayLike) -> npt.NDArray[np.floating]:
    """`value`를 차원을 가리지 않고 실수 배열로 돌려줍니다. 실수가 아닌 배열이면 TypeError."""
    return array(name, value, rank=np.ndim(value))


def generator(name: str, value: object) -> np.random.Generator:
    """`value`가 난수 생성기인지 확인합니다. 시드나 None이면 TypeError."""
    if not isinstance(value, np.random.Generator):
        kind = type(value).__name__
        wanted = "a numpy.random.Generator"
        raise TypeError(type_error.format(name=name, wanted=wanted, value=value, kind=kind))
    return value


def flag(name: str, value: object) -> bool:
    """`value`를 참이나 거짓으로 돌려줍니다. 0과 1도 TypeError."""
    if not isinstance(value, bool):
        raise TypeError(
            type_error.format(name=name, wanted="True or False", value=value, kind=type(value).__name__)
        )
    return value


def input_shape(shape: object) -> tuple[int, ...]:
    """이미지의 ``(C, H, W)`` 나 벡터의 ``(F,)`` 로 돌려줍니다. 다른 모양이거나 1보다 작으면 ValueError."""
    if not isinstance(shape, (tuple, list)):
        raise TypeError(f"input_shape must be a tuple of integers, got {shape!r} ({type(shape).__name__})")
    if len(shape) not in (1, 3):
        raise ValueError(f"input_shape must be (channels, height, width) or (features,), got {shape!r}")
    return tuple(integer(f"input_shape[{i}]", size, least=1) for i, size in enumerate(shape))
