"""좁은 실수형으로 계산하기. float16은 float32로 넓혀 계산하고, 돌려줄 때 한 번만 반올림합니다.

float16은 자릿수가 셋뿐이고 65,504를 넘지 못해, 도중의 제곱이나 합이 먼저 넘치거나 사라집니다. 그래서 넓혀
계산한 다음 결과만 float16으로 적습니다. float32와 float64는 그대로 계산하고, 정수는 :mod:`dlnotes._checks` 가
float64로 바꿉니다.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])


def working(dtype: np.dtype[np.floating]) -> np.dtype[np.floating]:
    """계산할 실수형. float16만 float32로 넓힙니다."""
    return np.promote_types(dtype, np.float32)


def rounded_last(function: Function) -> Function:
    """배열을 받아 배열을 내는 함수를, float16을 받아도 도중에 반올림하지 않게 합니다.

    배열과 상태가 모두 float16이면 결과도 float16이고, 더 넓은 것이 섞였으면 NumPy처럼 넓은 쪽을 따릅니다.
    돌려주는 함수(``pullback``)도 같습니다.
    """
    return cast(Function, _rounding(function, frozenset()))


def _rounding(function: Callable[..., Any], before: frozenset[type]) -> Callable[..., Any]:
    @functools.wraps(function)
    def widening(*args: Any, **kwargs: Any) -> Any:
        given = before.union(*map(_kinds, args), *map(_kinds, kwargs.values()))
        if np.float16 not in given:
            return function(*args, **kwargs)
        args = tuple(_each(value, np.float16, np.float32) for value in args)
        kwargs = {name: _each(value, np.float16, np.float32) for name, value in kwargs.items()}
        result = function(*args, **kwargs)
        return _each(result, np.float32, np.float32 if np.float32 in given else np.float16, given)

    return widening


def _kinds(value: Any) -> frozenset[type]:
    """배열이나 배열을 담은 상태의 실수형."""
    dtype = getattr(value, "dtype", None)
    if isinstance(dtype, np.dtype):
        return frozenset((dtype.type,))
    if is_dataclass(value):
        return frozenset().union(*(_kinds(getattr(value, field.name)) for field in fields(value)))
    return frozenset()


def _each(value: Any, old: type, new: type, given: frozenset[type] | None = None) -> Any:
    """배열, 튜플, 상태에 든 실수형 `old` 를 `new` 로 바꿉니다. `given` 을 주면 함수도 마저 감쌉니다."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.astype(new) if value.dtype == old else value
    if isinstance(value, tuple):
        parts = [_each(part, old, new, given) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if is_dataclass(value) and not isinstance(value, type):
        if not _kinds(value) & {old}:
            return value
        return replace(value, **{f.name: _each(getattr(value, f.name), old, new) for f in fields(value)})
    return _rounding(value, given) if given is not None and inspect.isfunction(value) else value
