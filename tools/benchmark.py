"""Hold the library's speed against PyTorch's: ratios of medians, measured side by side in one run.

    make benchmark            (PyTorch comes from .venv-oracle)

One thread each (make sets it for NumPy). A ratio below one means that NumPy is faster. The machine should be
quiet.
"""

from __future__ import annotations

import pkgutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

import dlnotes
from dlnotes.convolution import conv2d, conv2d_vjp
from dlnotes.environments import gridworld, maximization_bias
from dlnotes.lstm import lstm_vjp
from dlnotes.optimizers import adam, adam_in_place
from dlnotes.q_learning import double_q_learning, q_learning

Array = NDArray[np.float32]
Work = Callable[[], object]
ROUNDS = 9


def medians(*works: Work) -> list[float]:
    """Time the works in turn, so that a slow moment hits all of them."""
    for work in works:
        work()
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, kept in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            kept.append(time.perf_counter() - start)
    return [statistics.median(kept) for kept in times]


def normal(*shape: int) -> Array:
    """Draw a float32 array."""
    return np.random.default_rng(0).standard_normal(shape, dtype=np.float32)


def convolutions() -> Iterator[tuple[str, Work, Work]]:
    """Yield the layers of a small network, forward and with their gradients."""
    for n, c, side, k, o, padding in ((64, 3, 32, 5, 8, 0), (64, 8, 14, 5, 16, 0), (8, 64, 56, 3, 64, 1)):
        x, w, b = normal(n, c, side, side), normal(o, c, k, k), normal(o)
        tx, tw, tb = (torch.tensor(array, requires_grad=True) for array in (x, w, b))

        def ours(x: Array = x, w: Array = w, b: Array = b, p: int = padding) -> object:
            return conv2d(x, w, b, padding=p)

        def theirs(x: Tensor = tx, w: Tensor = tw, b: Tensor = tb, p: int = padding) -> object:
            with torch.no_grad():
                return torch.nn.functional.conv2d(x, w, b, padding=p)

        def ours_both(x: Array = x, w: Array = w, b: Array = b, p: int = padding) -> object:
            y, pullback = conv2d_vjp(x, w, b, padding=p)
            return pullback(y)

        def theirs_both(x: Tensor = tx, w: Tensor = tw, b: Tensor = tb, p: int = padding) -> object:
            y = torch.nn.functional.conv2d(x, w, b, padding=p)
            return torch.autograd.grad(y, (x, w, b), y.detach())

        name = f"conv {n}x{c}x{side}x{side}, {k}x{k}x{o}"
        yield f"{name}, forward", ours, theirs
        yield f"{name}, forward + backward", ours_both, theirs_both
    x, w = normal(8, 64, 56, 56), normal(64, 1, 3, 3)
    tx, tw = torch.tensor(x), torch.tensor(w)
    yield (
        "depthwise 3x3, 8x64x56x56",
        lambda: conv2d(x, w, padding=1, groups=64),
        lambda: torch.nn.functional.conv2d(tx, tw, padding=1, groups=64),
    )


def recurrent() -> tuple[str, Work, Work]:
    """Return an LSTM's forward pass and backpropagation through time."""
    steps, batch, hidden = 100, 32, 128
    x, w_ih, w_hh = (
        normal(steps, batch, hidden),
        normal(4 * hidden, hidden) / 12,
        normal(4 * hidden, hidden) / 12,
    )
    layer = torch.nn.LSTM(hidden, hidden)
    tx = torch.tensor(x, requires_grad=True)

    def ours() -> object:
        states, pullback = lstm_vjp(x, w_ih, w_hh)
        return pullback(states.h)

    def theirs() -> object:
        y, _ = layer(tx)
        return torch.autograd.grad(y, (tx, *layer.parameters()), y.detach())

    return f"LSTM T={steps}, H=D={hidden}, B={batch}, forward + BPTT", ours, theirs


def steps_of_adam() -> Iterator[tuple[str, Work, Work]]:
    """Yield one step of Adam on a million parameters: the readable rule and the one in place."""
    size = 1_000_000
    theta, grad = normal(size), normal(size)
    parameter = torch.nn.Parameter(torch.tensor(theta))
    parameter.grad = torch.tensor(grad)
    fused = torch.optim.Adam([parameter], fused=True)
    _, readable_state = adam(theta, grad, None)
    moving = theta.copy()
    kept = adam_in_place(moving, grad, None)
    yield "Adam, 10^6 parameters, readable", lambda: adam(theta, grad, readable_state), fused.step
    yield "Adam, 10^6 parameters, in place", lambda: adam_in_place(moving, grad, kept), fused.step


def report_learning() -> None:
    """Say how many steps a second the tabular learners take, and how long Figure 6.5 needs."""
    start = time.perf_counter()
    for learner in (q_learning, double_q_learning):
        learner(maximization_bias(), 300, np.random.default_rng(0), runs=10_000)
    took = time.perf_counter() - start
    print(f"Sutton-Barto Figure 6.5, both curves, 10,000 runs x 300 episodes: {took:.2f} s")
    start = time.perf_counter()
    runs, steps = 2_000, 400
    q_learning(gridworld(10, 10), 1, np.random.default_rng(0), runs=runs, max_steps=steps)
    took = time.perf_counter() - start
    print(f"10x10 grid, Q-learning: at most {runs * steps / took / 1e6:.1f} million steps/s")


def loading() -> tuple[str, Work, Work]:
    """Return what it takes to start Python with every module but the figures, beside NumPy alone."""
    found = (module.name for module in pkgutil.walk_packages(dlnotes.__path__, "dlnotes."))
    names = ", ".join(name for name in found if not name.startswith("dlnotes.figures"))

    def start(code: str) -> object:
        return subprocess.run([sys.executable, "-c", code], check=True)

    return (
        "all modules but the figures, against `import numpy`",
        lambda: start(f"import {names}"),
        lambda: start("import numpy"),
    )


def main() -> None:
    """Print one line a row."""
    torch.set_num_threads(1)
    print(f"NumPy {np.__version__}, PyTorch {torch.__version__}, one thread, medians of {ROUNDS}")
    for name, ours, theirs in [*convolutions(), recurrent(), *steps_of_adam(), loading()]:
        mine, other = medians(ours, theirs)
        print(
            f"{name:55} {mine * 1e3:8.2f} ms against {other * 1e3:8.2f} ms: {mine / other:5.2f}", flush=True
        )
    report_learning()


if __name__ == "__main__":
    main()
