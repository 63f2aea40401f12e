"""No call of the library ends in nonsense: a right answer, or a refusal that names the argument."""

import functools
import inspect
import math
import multiprocessing
import re
import resource
import signal
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from library_calls import recorded

KNOWN, CALLS = recorded()
SECONDS, BYTES, SHARE = 1.0, 2**31, 4000

NESTED = []
for _ in range(70):
    NESTED = [NESTED]

BAD = {
    "None": None,
    "empty text": "",
    "text": "abc",
    "bytes": b"abc",
    "object": object(),
    "type": int,
    "function": lambda: None,
    "generator": np.random.default_rng(0),
    "empty list": [],
    "empty tuple": (),
    "dict": {},
    "set": {1},
    "True": True,
    "NaN": math.nan,
    "inf": math.inf,
    "-inf": -math.inf,
    "-1": -1,
    "0": 0,
    "1": 1,
    "2": 2,
    "1.5": 1.5,
    "-1.5": -1.5,
    "0.0": 0.0,
    "2**31": 2**31,
    "2**40": 2**40,
    "2**63": 2**63,
    "-2**63": -(2**63),
    "10**30": 10**30,
    "10**400": 10**400,
    "10**5000": 10**5000,
    "1e308": 1e308,
    "-1e308": -1e308,
    "1e200": 1e200,
    "5e-324": 5e-324,
    "complex": 1j,
    "Fraction": Fraction(1, 3),
    "float16": np.float16(1),
    "int8": np.int8(1),
    "(1, 2)": (1, 2),
    "(1, 2, 3)": (1, 2, 3),
    "(2**40, 2**40)": (2**40, 2**40),
    "(10**30,)": (10**30,),
    "(None,)": (None,),
    "(1.5, 1.5)": (1.5, 1.5),
    "(-1, -1)": (-1, -1),
    "ragged": [[1, 2], [3]],
    "texts": ["a", "b"],
    "a list of None": [None],
    "a list of objects": [object(), object()],
    "a list of big integers": [10**30, 1],
    "a list of NaN": [math.nan] * 3,
    "a list of lists of 1e308": [[1e308, 1e308], [1e308, 1e308]],
    "nested": NESTED,
    "number array": np.array(1.0),
    "empty array": np.zeros(0),
    "empty matrix": np.zeros((2, 0)),
    "vector": np.ones(3),
    "matrix": np.ones((2, 3)),
    "rank 3": np.ones((2, 2, 2)),
    "rank 4": np.ones((1, 1, 2, 2)),
    "rank 5": np.ones((1,) * 5),
    "rank 40": np.ones((1,) * 40),
    "rank 64": np.ones((1,) * 64),
    "integers": np.array([-1, 0, 1]),
    "int8 array": np.full((2, 2), 127, np.int8),
    "text array": np.array(["a", "b"]),
    "object array": np.array([None, 1], object),
    "complex array": np.ones(3, complex),
    "bool array": np.array([True, False]),
    "dates": np.array(["2026-01-01"], "datetime64[D]"),
    "NaN array": np.full(3, math.nan),
    "1e308 array": np.full(3, 1e308),
    "record array": np.zeros(2, [("a", float)]),
}

LIKE = {  # the valid argument, changed
    "like, NaN": lambda x: x * math.nan,
    "like, inf": lambda x: x + math.inf,
    "like, 1e308": lambda x: np.sign(x) * 1e308,
    "like, 1e-308": lambda x: x * 1e-308,
    "like, 0": lambda x: x * 0,
    "like, -1": lambda x: -1 - abs(x),
    "like, 2**40": lambda x: x + 2**40,
    "like, float16": lambda x: x.astype(np.float16),
    "like, complex": lambda x: x.astype(complex),
    "like, object": lambda x: x.astype(object),
    "like, text": lambda x: x.astype(str),
    "like, bool": lambda x: x.astype(bool),
    "like, one axis more": lambda x: x[None],
    "like, one axis less": lambda x: x[0] if len(x) else x[..., None],
    "like, none": lambda x: x[:0],
    "like, twice": lambda x: np.concatenate([x, x]),
}


OVERFLOW = "the answer itself, or a product on the way to it, is beyond float64"
WORK = "it is the work that was asked for, which takes longer"
ALLOWED = {  # what may happen to which argument of which function, and why
    ("dlnotes.convolution.convolve1d", "k"): ("not finite", OVERFLOW),
    ("dlnotes.convolution.convolve2d", "x"): ("not finite", OVERFLOW),
    ("dlnotes.convolution.correlate1d", "k"): ("not finite", OVERFLOW),
    ("dlnotes.convolution.correlate2d", "x"): ("not finite", OVERFLOW),
    ("dlnotes.lstm.bias_to_keep", "steps"): ("not finite", OVERFLOW),
    ("dlnotes.lstm.half_life", "bias"): ("not finite", OVERFLOW),
    ("dlnotes.moving_averages.spike_response", "beta2"): ("not finite", OVERFLOW),
    ("dlnotes.moving_averages.step_bound", "beta2"): ("not finite", OVERFLOW),
    ("dlnotes.piecewise.ReluNetwork.terms", "x"): ("not finite", OVERFLOW),
    ("dlnotes.recurrent.path_contributions", "dh"): ("not finite", OVERFLOW),
    ("dlnotes.recurrent.path_contributions", "w_hh"): ("not finite", OVERFLOW),
    ("dlnotes.memory.remember_with_lstm", "task"): ("slow", WORK),
    ("dlnotes.memory.remember_with_rnn", "task"): ("slow", WORK),
    ("dlnotes.skipgram_training.train_negative_sampling", "batch_size"): ("slow", WORK),
    ("dlnotes.skipgram_training.train_word2vec", "chunk"): ("slow", WORK),
}


class TooSlow(BaseException):
    pass


def numeric(value):
    """Whether it is an array of numbers, or may be one."""
    try:
        return isinstance(value, (list, tuple, np.ndarray)) and np.asarray(value).dtype.kind in "iuf"
    except ValueError:
        return False


def cases(names=None):
    """Every argument of every call in turn with every value."""
    for name in sorted(CALLS) if names is None else names:
        call = CALLS[name]
        for parameter in inspect.signature(call.function).parameters:
            if parameter == "self":
                continue
            for kind in BAD:
                yield name, parameter, kind
            valid = call.arguments.get(parameter)
            if numeric(valid):
                for kind in LIKE:
                    yield name, parameter, kind


def value_of(case):
    name, parameter, kind = case
    if kind in BAD:
        return BAD[kind]
    valid = np.asarray(CALLS[name].arguments[parameter])
    with np.errstate(all="ignore"):
        return LIKE[kind](valid.astype(np.int64) if valid.dtype.kind in "iu" else valid)


def finite(value):
    """Whether all numbers in it are finite; lists in lists without end hold none."""
    try:
        return all_finite(value)
    except RecursionError:
        return True


def all_finite(value):
    if isinstance(value, (float, np.floating)):
        return bool(np.isfinite(value))
    if isinstance(value, np.ndarray):
        return value.dtype.kind not in "fc" or bool(np.isfinite(value).all())
    if isinstance(value, (list, tuple, set)):
        return all(map(all_finite, value))
    if isinstance(value, dict):
        return all(map(all_finite, value.values()))
    if hasattr(value, "__dataclass_fields__"):
        return all(all_finite(getattr(value, name)) for name in value.__dataclass_fields__)
    return True


def too_slow(signum, frame):
    raise TooSlow


def verdict(case):
    """What is wrong with a call; nothing, if it is answered or refused as it should be."""
    name, parameter, kind = case
    value = value_of(case)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            result = CALLS[name].made(**{parameter: value})
    except (TypeError, ValueError) as error:
        # Two arguments that do not go together are told by either name.
        names = "|".join(inspect.signature(CALLS[name].function).parameters)
        named = re.search(rf"(?<!\w)({names})(?!\w)", str(error))
        return "" if named else f"unnamed: {type(error).__name__}: {error}"
    except TooSlow:
        return "slow"
    except Exception as error:
        return f"wrong error: {type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    # Numbers near the end of their range may overflow, as everywhere, but NumPy says so.
    overflow = (kind in BAD and told and isinstance(value, (list, np.ndarray))) or (kind in LIKE and told)
    if finite(value) and not finite(result) and finite(valid_result(name)) and not overflow:
        return "not finite"
    return ""


@functools.cache
def valid_result(name):
    return CALLS[name].made()


def _judge(todo, start, pipe):
    statm = Path("/proc/self/statm")  # what is mapped already: another test's V8 maps a terabyte
    mapped = int(statm.read_text().split()[0]) * resource.getpagesize() if statm.is_file() else 0
    limit = mapped + BYTES + 2**30
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
    signal.signal(signal.SIGPROF, too_slow)
    for at in range(start, len(todo)):
        try:
            found = verdict(todo[at])
        except TooSlow:
            found = "slow"
        pipe.send((at, found))
    pipe.close()


def storm(todo):
    """The verdicts that are not empty. A process that no longer answers is ended, and another goes on."""
    wrong, start, context = {}, 0, multiprocessing.get_context("fork")
    while start < len(todo):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_judge, args=(todo, start, theirs))
        process.start()
        theirs.close()
        try:
            while ours.poll(30 * SECONDS):
                at, found = ours.recv()
                if found:
                    wrong[todo[at]] = found[:300]
                start = at + 1
            wrong[todo[start]] = "hung"
            start += 1
        except EOFError:
            if start < len(todo):
                wrong[todo[start]] = "ended the process"
                start += 1
        finally:
            process.kill()
            process.join()
    return wrong


def told(wrong):
    return "\n".join(f"{name}({parameter}={kind}): {what}" for (name, parameter, kind), what in wrong.items())


def judged(todo):
    """What is wrong and not allowed."""
    return {case: what for case, what in storm(todo).items() if what != ALLOWED.get(case[:2], ("",))[0]}


def test_an_example_calls_every_public_callable():
    assert sorted(KNOWN.keys() - CALLS.keys()) == []
    assert len(KNOWN) > 190


def test_some_bad_arguments_are_answered_or_refused_by_name():
    every = list(cases())
    drawn = np.random.default_rng(0).choice(len(every), SHARE, replace=False)
    wrong = judged([every[i] for i in sorted(drawn)])
    assert not wrong, told(wrong)


@pytest.mark.full
@pytest.mark.parametrize("module", sorted({name.split(".")[1] for name in CALLS}))
def test_every_bad_argument_is_answered_or_refused_by_name(module):
    wrong = judged(list(cases(name for name in sorted(CALLS) if name.split(".")[1] == module)))
    assert not wrong, told(wrong)


@pytest.mark.full
@pytest.mark.parametrize("place", sorted(ALLOWED))
def test_what_is_allowed_still_happens(place):
    what, _ = ALLOWED[place]
    assert what in storm([case for case in cases([place[0]]) if case[1] == place[1]]).values()
