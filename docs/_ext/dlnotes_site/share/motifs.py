"""One small drawing a page for its picture in shared links, in the figures' own colours and shapes.

Each draws on a sheet of 170 by 200 units (two pixels each). A page without one gets a wider line of text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle

from dlnotes.figures.canvas import COLORS, Role, arrow, cell, dot, ink

WIDTH, HEIGHT = 170, 200
Motif = Callable[[Axes], None]


def line(ax: Axes, xs: Sequence[float], ys: Sequence[float], role: Role | None, width: float = 2.4) -> None:
    """Draw a line."""
    ax.plot(xs, ys, color=ink(role), linewidth=width, solid_capstyle="round", solid_joinstyle="round")


def bend(ax: Axes, start: tuple[float, float], end: tuple[float, float], role: Role, curve: float) -> None:
    """Draw a bent arrow."""
    style = "-|>,head_length=5,head_width=3"
    colour = ink(role)
    rounded = f"arc3,rad={curve}"
    ax.add_patch(
        FancyArrowPatch(start, end, arrowstyle=style, connectionstyle=rounded, color=colour, linewidth=1.8)
    )


def padding(ax: Axes) -> None:
    """Draw an image with its padding and the window at its corner."""
    for row in range(7):
        for column in range(7):
            inside = 0 < row < 6 and 0 < column < 6
            cell(ax, 1 + 24 * column, 16 + 24 * row, 20, "input" if inside else "reference", strength=0.2)
    cell(ax, -1, 14, 72, "kernel", strength=0.28)


def shrinking_maps(ax: Axes) -> None:
    """Draw feature maps that shrink and grow in number, and layers of units below."""
    maps: tuple[tuple[int, int, int, Role], ...]
    maps = (8, 56, 3, "input"), (66, 44, 6, "output"), (116, 28, 9, "output")
    for top, size, count, role in maps:
        for number in range(count):
            cell(ax, 4 + 11 * number, top + 3 * (count - number) / 3, size, role, strength=0.4)
    for top, wide in ((160, 150), (174, 100), (188, 34)):
        cell(ax, 4, top, wide, "kernel", height=9)


def groups(ax: Axes) -> None:
    """Draw three channels, each read by a kernel of its own, and one kernel that reads all three."""
    for number in range(3):
        top = 14 + 62 * number
        cell(ax, 4, top, 46, "input", strength=0.35)
        cell(ax, 68, top + 12, 22, "kernel", strength=0.4)
        line(ax, [50, 68], [top + 23, top + 23], "kernel", 1.6)
        line(ax, [90, 124], [top + 23, 101], "kernel", 1.6)
    cell(ax, 124, 79, 44, "output", strength=0.35)


def flipped(ax: Axes) -> None:
    """Draw a kernel and the same kernel turned over."""
    strengths = [0.1, 0.2, 0.35, 0.2, 0.45, 0.6, 0.35, 0.6, 0.9]
    for top, order in ((6, strengths), (110, strengths[::-1])):
        for place, strength in enumerate(order):
            x, y = 42 + 29 * (place % 3), top + 29 * (place // 3)
            cell(ax, x, y, 26, "kernel", strength=strength)
    bend(ax, (134, 50), (134, 154), "reference", -0.45)
    bend(ax, (34, 154), (34, 50), "reference", -0.45)


def boxes(ax: Axes) -> None:
    """Draw a grid, the cell of an object's centre, and a box much larger than that cell."""
    for row in range(7):
        for column in range(7):
            here = (row, column) == (3, 3)
            cell(
                ax, 2 + 24 * column, 16 + 24 * row, 22, "output" if here else "input", strength=0.1 + here / 2
            )
    ax.add_patch(Rectangle((22, 40), 124, 128, facecolor="none", edgecolor=COLORS["target"], linewidth=4))
    dot(ax, 85, 99, 5, "target")


def hinge(ax: Axes) -> None:
    """Draw ReLU's bend on its axes, with the identity it left."""
    arrow(ax, (2, 138), (168, 138))
    arrow(ax, (85, 194), (85, 8))
    ax.plot([34, 85], [189, 138], color=ink("reference"), linewidth=2, linestyle=(0, (3, 2)))
    line(ax, [6, 85, 164], [138, 138, 59], "output", 4.5)
    dot(ax, 85, 138, 5, "output")


def averages(ax: Axes) -> None:
    """Draw a jumping gradient and its two moving averages, a quick and a slow one."""
    noise = [math.sin(1.7 * t) * 26 + math.sin(4.1 * t + 1) * 20 - (34 if t > 11 else -34) for t in range(24)]
    xs = [5 + 7 * t for t in range(24)]
    for x, value in zip(xs, noise, strict=True):
        dot(ax, x, 100 + value, 2.6, "gradient")
    averaged: tuple[tuple[float, Role], ...] = (0.6, "output"), (0.9, "kernel")
    for beta, role in averaged:
        mean, ys = noise[0], []
        for value in noise:
            mean = beta * mean + (1 - beta) * value
            ys.append(100 + mean)
        line(ax, xs, ys, role, 3.2)


def neighbours(ax: Axes) -> None:
    """Draw a word in the middle and the words around it that it is to tell."""
    for number in range(5):
        middle = number == 2
        cell(ax, 30, 8 + 39 * number, 76, "input" if middle else "target", height=26, strength=0.3)
    for number in (0, 1, 3, 4):
        bend(ax, (106, 99), (107, 21 + 39 * number), "kernel", 0.5 if number < 2 else -0.5)


def unrolled(ax: Axes) -> None:
    """Draw a network unrolled in time, with the gradient on its way back."""
    for step in range(3):
        x = 10 + 57 * step
        cell(ax, x, 150, 34, "input", strength=0.35)
        cell(ax, x, 86, 34, "output", strength=0.35)
        arrow(ax, (x + 17, 149), (x + 17, 122))
        if step < 2:
            arrow(ax, (x + 35, 103), (x + 56, 103))
            bend(ax, (x + 72, 82), (x + 20, 82), "gradient", 0.55)
    bend(ax, (168, 52), (144, 82), "gradient", 0.3)


def gates(ax: Axes) -> None:
    """Draw the cell's state running through, and the gates that open and close on it."""
    arrow(ax, (2, 56), (168, 56), role="output", width=4)
    arrow(ax, (2, 158), (168, 158), role="input", width=2.4)
    for x, sign in ((34, "×"), (86, "+")):
        ax.plot([x, x], [158, 70], color=ink("kernel"), linewidth=2)
        cell(ax, x - 15, 102, 30, "kernel", strength=0.3)
        dot(ax, x, 56, 13, "kernel")
        ax.text(x, 56.5, sign, ha="center", va="center", fontsize=17, color="white")
    ax.plot([138, 138], [56, 158], color=ink("kernel"), linewidth=2)
    cell(ax, 123, 102, 30, "kernel", strength=0.3)
    dot(ax, 138, 158, 13, "kernel")
    ax.text(138, 158.5, "×", ha="center", va="center", fontsize=17, color="white")


def doubling(ax: Axes) -> None:
    """Draw rows of binary pixels: each further pixel doubles the table."""
    for row in range(8):
        for column in range(3):
            lit = row >> (2 - column) & 1
            cell(ax, 4 + 21 * column, 6 + 24 * row, 19, "input", strength=0.75 if lit else 0.08)
        for action in range(3):
            cell(ax, 96 + 24 * action, 6 + 24 * row, 22, "kernel", strength=0.22, height=19)
        arrow(ax, (70, 15.5 + 24 * row), (92, 15.5 + 24 * row))


def crossed(ax: Axes) -> None:
    """Draw two tables, one choosing where the other is read."""
    for left, chosen in ((6, 1), (110, 3)):
        for row in range(5):
            role: Role = "output" if left == 6 else "kernel"
            cell(ax, left, 14 + 35 * row, 54, role, height=30, strength=0.75 if row == chosen else 0.15)
    bend(ax, (62, 64), (108, 134), "target", -0.15)
    bend(ax, (108, 64), (62, 134), "target", 0.15)


def chain(ax: Axes) -> None:
    """Draw a state, an action, and the reward that comes with the next state."""
    places: tuple[tuple[int, Role, str], ...]
    places = (6, "input", "s"), (84, "kernel", "a"), (150, "input", "s′")
    for top, role, label in places:
        cell(ax, 34, top, 46, role, label, strength=0.3)
    arrow(ax, (57, 53), (57, 82), width=1.8)
    arrow(ax, (57, 131), (57, 148), width=1.8)
    dot(ax, 136, 140, 20, "target")
    ax.text(136, 140, "r", ha="center", va="center", fontsize=18, color="white")
    bend(ax, (82, 107), (126, 120), "target", -0.3)


def four(ax: Axes) -> None:
    """Draw one motif of each topic, for the landing page."""
    for number, motif in enumerate((padding, hinge, unrolled, chain)):
        left, top = 92 * (number % 2), 108 * (number // 2)
        sheet = ax.inset_axes((left / WIDTH, 1 - (top + 92) / HEIGHT, 78 / WIDTH, 92 / HEIGHT))
        sheet.set_axis_off()
        sheet.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        motif(sheet)


MOTIFS: dict[str, Motif] = {
    "adam": averages,
    "bptt": unrolled,
    "convolution-correlation": flipped,
    "convolution-kinds": groups,
    "double-q-learning": crossed,
    "index": four,
    "lenet-parameters": shrinking_maps,
    "lstm": gates,
    "q-table": doubling,
    "relu": hinge,
    "reward-notation": chain,
    "same-padding": padding,
    "skip-gram": neighbours,
    "yolo-grid": boxes,
}
