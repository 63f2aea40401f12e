"""Every public callable of the library, and a valid call of each: one that a docstring makes."""

import contextlib
import copy
import dataclasses
import doctest
import functools
import importlib
import inspect
import io
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import dlnotes

LEFT_OUT = {"dlnotes.figures"}  # they draw: what they are given is a page's, and the pages are tests of it


@dataclasses.dataclass(frozen=True)
class Call:
    """A function with valid arguments by the names of its parameters."""

    name: str
    function: Callable[..., Any]
    arguments: Mapping[str, Any]

    def made(self, **changed: Any) -> Any:
        """Make the call on copies of the arguments, some of them changed."""
        arguments = {**copy.deepcopy(dict(self.arguments)), **changed}
        positional = []
        for parameter in inspect.signature(self.function).parameters.values():
            if parameter.kind is parameter.POSITIONAL_ONLY:
                positional.append(arguments.pop(parameter.name))
        return self.function(*positional, **arguments)


def modules() -> list[Any]:
    """The public modules of the library."""
    found = []
    for info in pkgutil.walk_packages(dlnotes.__path__, "dlnotes."):
        if not any(info.name.startswith(left) for left in LEFT_OUT) and "._" not in info.name:
            found.append(importlib.import_module(info.name))
    return found


def members(module: Any) -> dict[str, Any]:
    """The public functions and classes that a module defines, and their methods that take something."""
    found = {}
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", "") != module.__name__:
            continue
        if inspect.isfunction(value):
            found[f"{module.__name__}.{name}"] = value
        elif inspect.isclass(value) and not getattr(value, "_is_protocol", False):
            if "__init__" in vars(value) or dataclasses.is_dataclass(value):
                found[f"{module.__name__}.{name}"] = value
            for method, function in vars(value).items():
                if inspect.isfunction(function) and (method == "__call__" or not method.startswith("_")):
                    found[f"{module.__name__}.{name}.{method}"] = function
    return {name: value for name, value in found.items() if _parameters(value)}


def _parameters(function: Any) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name != "self"]


class _Recorder:
    """Stands for a function or a class while examples run, and keeps the calls made."""

    def __init__(self, name: str, function: Any, calls: dict[str, Call]) -> None:
        self.name, self.function, self.calls = name, function, calls

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        bound = inspect.signature(self.function).bind(*args, **kwargs)
        given = copy.deepcopy(dict(bound.arguments))
        result = self.function(*args, **kwargs)
        kept = self.calls.get(self.name)
        if _parameters(self.function) and (kept is None or len(given) > len(kept.arguments)):
            self.calls[self.name] = Call(self.name, self.function, given)
        return self._watched(result)

    def _watched(self, result: Any) -> Any:
        """The functions in a result are recorded too."""
        if isinstance(result, tuple) and type(result) is tuple:
            return tuple(self._watched(one) for one in result)
        self._keep_record(result)
        if inspect.isfunction(result):
            return _Recorder(f"{self.name}()", result, self.calls)
        return result

    def _keep_record(self, result: Any) -> None:
        """A record that only the library makes is made again of what it holds."""
        kind = type(result)
        name = f"{kind.__module__}.{kind.__name__}"
        if dataclasses.is_dataclass(result) and name.startswith("dlnotes.") and name not in self.calls:
            held = {field.name: getattr(result, field.name) for field in dataclasses.fields(result)}
            self.calls[name] = Call(name, kind, copy.deepcopy(held))
            for value in held.values():
                self._watched(value)

    def __instancecheck__(self, value: object) -> bool:
        return isinstance(value, self.function)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.function, name)


@contextlib.contextmanager
def _recorded_methods(methods: Mapping[str, tuple[type, str, Any]], calls: dict[str, Call]) -> Iterator[None]:
    def recording(name: str, function: Any) -> Any:
        recorder = _Recorder(name, function, calls)
        return lambda *args, **kwargs: recorder(*args, **kwargs)

    for name, (owner, attribute, function) in methods.items():
        setattr(owner, attribute, recording(name, function))
    try:
        yield
    finally:
        for owner, attribute, function in methods.values():
            setattr(owner, attribute, function)


@functools.cache
def recorded() -> tuple[dict[str, Any], dict[str, Call]]:
    """All public callables, and the calls that the docstrings make of them and of what they return."""
    known: dict[str, Any] = {}
    calls: dict[str, Call] = {}
    for module in modules():
        mine = members(module)
        known |= mine
        start = len(module.__name__) + 1
        names = {
            name[start:]: _Recorder(name, value, calls)
            for name, value in mine.items()
            if "." not in name[start:]
        }
        methods = {
            name: (getattr(module, owner), attribute, value)
            for name, value in mine.items()
            for owner, dot, attribute in [name[start:].partition(".")]
            if dot
        }
        for test in doctest.DocTestFinder(exclude_empty=True).find(module, extraglobs=names):
            scope = {**vars(module), **names}
            with _recorded_methods(methods, calls), contextlib.redirect_stdout(io.StringIO()):
                for example in test.examples:
                    with contextlib.suppress(*([Exception] if example.exc_msg else [])):
                        exec(compile(example.source, test.name, "single"), scope)
    return known, calls
