"""인자 검사. 잘못된 값은 인자의 이름과 값을 밝히며 곧바로 거절합니다.

검사는 인자 하나에 한 줄이고, 검사한 값을 그 자리에서 쓸 꼴로 돌려줍니다. 종류뿐 아니라 범위, 모양, 둘 사이의
관계도 같은 말투로 거절합니다. 형 주석을 읽어 검사하는 꾸러미(beartype, pydantic, jaxtyping)는 쓰지 않습니다.
``int`` 에 NumPy의 정수를 받지 않거나 ``"3"`` 을 3으로 고치고, 범위와 모양과 끝내지 못할 크기는 어차피 여기서
보아야 합니다.
"""

from __future__ import annotations

import math
import numbers
import operator
import reprlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, SupportsIndex, TypeVar

import numpy as np
import numpy.typing as npt

T = TypeVar("T")

LARGEST_INTEGER = 2**63 - 1
"""정수 인자의 가장 큰 값. NumPy의 int64가 담는 만큼입니다."""

LARGEST_REAL = 1e100
"""실수 인자의 가장 큰 크기. 제곱해도 float64를 넘지 않습니다."""

MOST_COUNTED = 2**24
"""하나씩 늘어놓거나 되풀이하는 것의 가장 큰 수."""

MOST_VALUES = 2**27
"""배열 하나에 담는 값의 가장 큰 수. float64로 1 GiB입니다."""

MOST_AXES = 32
"""배열의 차원의 가장 큰 수. NumPy는 64까지이고, 계산하며 몇을 덧붙입니다."""

type_error = "{name} must be {wanted}, got {value} ({kind})"

_short = reprlib.Repr()
_short.maxtuple = _short.maxlist = _short.maxdict = 20
_short.maxstring = _short.maxother = _short.maxlong = 200


def shown(value: object) -> str:
    """오류에 적을 값. 길면 가운데를 줄입니다."""
    try:
        return _short.repr(value)
    except ValueError:  # an integer of more digits than Python turns into text
        return (
            f"a number of {value.bit_length()} bits" if isinstance(value, int) else "a value too long to show"
        )


def refused(name: str, wanted: str, value: object) -> TypeError:
    """종류가 다른 값을 거절하는 오류."""
    return TypeError(
        type_error.format(name=name, wanted=wanted, value=shown(value), kind=type(value).__name__)
    )


def integer(name: str, value: object, *, least: int, most: int | None = LARGEST_INTEGER) -> int:
    """`value`를 정수로 돌려줍니다. 정수가 아니면 TypeError, `least`보다 작거나 `most`보다 크면 ValueError."""
    if type(value) is int and value >= least and (most is None or value <= most):
        return value  # nearly always: there is nothing to search or to tell
    wanted = {0: "a non-negative integer", 1: "a positive integer"}.get(least, f"an integer >= {least}")
    number = _index(name, value, wanted)
    if number < least:
        raise ValueError(f"{name} must be {wanted}, got {shown(number)}")
    if most is not None and number > most:
        raise ValueError(f"{name} must be at most {most}, got {shown(number)}")
    return number


def _index(name: str, value: object, wanted: str) -> int:
    try:
        if isinstance(value, SupportsIndex) and not isinstance(value, (bool, np.bool_)):
            return operator.index(value)
    except TypeError:
        pass
    raise refused(name, wanted, value)


def count(name: str, value: object, *, least: int = 1) -> int:
    """하나씩 늘어놓거나 되풀이할 수를 정수로 돌려줍니다. 끝내지 못할 만큼 크면 ValueError."""
    return integer(name, value, least=least, most=MOST_COUNTED)


def room(**sizes: int) -> None:
    """`sizes` 를 곱한 만큼의 값을 배열에 담을 수 있는지 확인합니다. 너무 많으면 ValueError."""
    if math.prod(map(operator.index, sizes.values())) > MOST_VALUES:
        found = ", ".join(f"{name}={shown(size)}" for name, size in sizes.items())
        raise ValueError(f"{' and '.join(sizes)} must make at most {MOST_VALUES} values, got {found}")


def pair(name: str, value: object, *, least: int) -> tuple[int, int]:
    """정수 하나 또는 둘을 (세로, 가로) 쌍으로 돌려줍니다."""
    if isinstance(value, (tuple, list)):
        if len(value) != 2:
            raise ValueError(f"{name} must be an integer or a pair, got {shown(value)} ({len(value)} values)")
        first, second = value
        if type(first) is type(second) is int and least <= min(value) and max(value) <= LARGEST_INTEGER:
            return first, second
        return integer(f"{name}[0]", first, least=least), integer(f"{name}[1]", second, least=least)
    both = integer(name, value, least=least)
    return both, both


def real(name: str, value: object, *, most: float = LARGEST_REAL, infinite: bool = False) -> float:
    """`value`를 유한한 실수로 돌려줍니다. 실수가 아니면 TypeError, 유한하지 않거나 너무 크면 ValueError."""
    number = value if type(value) is float else _float(name, value)  # a plain float needs no search
    if not (math.isfinite(number) or (infinite and math.isinf(number))):
        raise ValueError(f"{name} must be {'a number' if infinite else 'finite'}, got {number}")
    if not -most <= number <= most:
        raise ValueError(f"{name} must lie between {-most:g} and {most:g}, got {number}")
    return number


def _float(name: str, value: object) -> float:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise refused(name, "a real number", value)
    try:
        return float(value)
    except OverflowError:
        raise ValueError(f"{name} must be finite in float64, got {shown(value)}") from None


def as_array(name: str, value: npt.ArrayLike) -> npt.NDArray[Any]:
    """`value`를 배열로 돌려줍니다. 줄마다 길이가 다르거나 차원이 너무 많으면 ValueError."""
    if isinstance(value, np.ndarray) and value.ndim <= MOST_AXES:
        return np.asarray(value)
    try:
        result = np.asarray(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"{name} must be an array with rows of equal length: {error}") from None
    if result.ndim > MOST_AXES:
        raise ValueError(f"{name} must have at most {MOST_AXES} dimensions, got {result.ndim}")
    return result


def array(name: str, value: npt.ArrayLike, *, rank: int | None = None) -> npt.NDArray[np.floating]:
    """`value`를 차원이 `rank`인 실수 배열로 돌려줍니다. 실수형 dtype은 지키고 정수형은 float64로 바꿉니다."""
    result = as_array(name, value)
    if result.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be an array of real numbers, got dtype {result.dtype}")
    if rank is not None and result.ndim != rank:
        raise ValueError(f"{name} must have {rank} dimensions, got {result.ndim} (shape {result.shape})")
    return result if result.dtype.kind == "f" else result.astype(np.float64)


def floats(name: str, value: npt.ArrayLike) -> npt.NDArray[np.floating]:
    """`value`를 차원을 가리지 않고 실수 배열로 돌려줍니다. 실수가 아닌 배열이면 TypeError."""
    return array(name, value)


def shaped(name: str, value: npt.ArrayLike, shape: tuple[int, ...]) -> npt.NDArray[np.floating]:
    """`value`를 모양이 `shape`인 실수 배열로 돌려줍니다. 모양이 다르면 ValueError."""
    result = array(name, value)
    if result.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {result.shape}")
    return result


def finite(name: str, value: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """유한한 수만 든 배열인지 확인합니다. 아니면 ValueError."""
    if not np.isfinite(value).all():
        raise ValueError(f"{name} must be finite, got {value[~np.isfinite(value)][0]}")
    return value


def integers(name: str, value: npt.ArrayLike, *, below: int | None = None) -> npt.NDArray[np.int64]:
    """`value`를 정수 배열로 돌려줍니다. `below` 를 주면 0 이상이고 그보다 작은 번호만 받습니다."""
    result = as_array(name, value)
    if result.dtype.kind not in "iu":
        raise TypeError(f"{name} must be an array of integers, got dtype {result.dtype}")
    if below is not None:
        for wrong in result[(result < 0) | (result >= below)][:1]:
            raise ValueError(f"{name} must be from 0 to {below - 1}, got {wrong}")
    return result.astype(np.int64)


def booleans(name: str, value: npt.ArrayLike, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """`value`를 모양이 `shape`인 참·거짓의 배열로 돌려줍니다."""
    result = as_array(name, value)
    if result.dtype.kind != "b":
        raise TypeError(f"{name} must be an array of True and False, got dtype {result.dtype}")
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


def generator(name: str, value: object) -> np.random.Generator:
    """`value`가 난수 생성기인지 확인합니다. 시드나 None이면 TypeError."""
    return instance(name, value, np.random.Generator, wanted="a numpy.random.Generator")


def instance(name: str, value: object, kind: type[T] | tuple[type[T], ...], *, wanted: str = "") -> T:
    """`value`가 `kind`의 하나인지 확인합니다. 아니면 TypeError."""
    if not isinstance(value, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        raise refused(name, wanted or " or ".join(one.__name__ for one in kinds), value)
    return value


def several(name: str, value: Iterable[T], *, wanted: str = "a sequence") -> tuple[T, ...]:
    """늘어놓은 것을 튜플로 돌려줍니다. 글자열이나 사전처럼 차례로 늘어놓은 것이 아니면 TypeError."""
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping, set, frozenset)):
        try:
            return tuple(value)
        except TypeError:  # an array without axes says that it can be iterated
            pass
    raise refused(name, wanted, value)


def function(name: str, value: Callable[..., T]) -> Callable[..., T]:
    """`value`를 부를 수 있는지 확인합니다. 아니면 TypeError."""
    if not callable(value):
        raise refused(name, "a function", value)
    return value


def choice(name: str, value: object, options: Iterable[str]) -> str:
    """`value`가 `options`의 하나인지 확인합니다. 아니면 ValueError."""
    names = tuple(options)
    if not isinstance(value, str) or value not in names:
        *rest, last = map(repr, names)
        raise ValueError(f"{name} must be {', '.join(rest)} or {last}, got {shown(value)}")
    return value


def text(name: str, value: object) -> str:
    """`value`가 글자열인지 확인합니다. 아니면 TypeError."""
    return instance(name, value, str, wanted="a string")


def flag(name: str, value: object) -> bool:
    """`value`를 참이나 거짓으로 돌려줍니다. 0과 1도 TypeError."""
    return instance(name, value, bool, wanted="True or False")


def input_shape(shape: object) -> tuple[int, ...]:
    """이미지의 ``(C, H, W)`` 나 벡터의 ``(F,)`` 로 돌려줍니다. 다른 모양이거나 1보다 작으면 ValueError."""
    if not isinstance(shape, (tuple, list)):
        raise refused("input_shape", "a tuple of integers", shape)
    if len(shape) not in (1, 3):
        raise ValueError(f"input_shape must be (channels, height, width) or (features,), got {shown(shape)}")
    return tuple(integer(f"input_shape[{i}]", size, least=1) for i, size in enumerate(shape))


@contextmanager
def about(name: str) -> Iterator[None]:
    """안에서 부른 함수가 다른 이름으로 거절하면, 앞에 이 함수의 인자 이름을 붙입니다."""
    try:
        yield
    except TypeError as error:
        raise TypeError(f"{name}: {error}") from None
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def converged(name: str, setting: float, *values: npt.NDArray[np.floating]) -> None:
    """거듭한 계산이 흩어지지 않았는지 확인합니다. 유한하지 않은 값이 나왔으면 ValueError."""
    if not all(np.isfinite(value).all() for value in values):
        raise ValueError(f"{name} must be small enough for the values not to diverge, got {setting}")
