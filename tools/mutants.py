"""코드에 잘못을 하나씩 넣고, 테스트가 알아채는지 본다. 사용: make mutants ARGS="--seed 7 --count 50"

라이브러리, 그림, 확장의 순수한 부분(Sphinx와 docutils를 부르지 않는 모듈)에서 씨앗으로 뽑은 자리를 바꾼다.
먼저 그 모듈을 부르는 테스트를, 그것이 알아채지 못하면 그 방의 테스트를 모두 돌린다. 살아남은 것은 설명이
있어도 살아남은 것으로 센다. 설명은 tests/mutants.yml에 있고, 설명이 없거나 몫이 모자라면 실패한다.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import yaml

ROOT = Path(__file__).resolve().parent.parent
EXPLAINED = ROOT / "tests" / "mutants.yml"
SITE = re.compile(r"^\s*(from|import) (sphinx|docutils|myst_nb)", re.MULTILINE)
PYTEST = ["-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=no", "--no-header"]
DRAWINGS = "tests/figures/test_drawings.py"
STORM = "tests/library/test_storm.py"
NEAR, ALL = 120, 900  # seconds; a mutant that runs longer is noticed
ENDED_AT = {1: "noticed", 2: "noticed", 0: "survived", 5: "survived"}  # 5: no test of that name

COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COUNTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


@dataclass(frozen=True)
class Room:
    """한 방: 바꿀 파일, 방 전체의 테스트, 알아채야 하는 몫."""

    name: str
    modules: tuple[Path, ...]
    tests: tuple[str, ...]
    goal: float
    count: int


@dataclass(frozen=True)
class Mutant:
    """파일의 한 토막(바이트)을 다른 글로 바꾼 것. ``change``는 줄이 밀려도 같다."""

    path: Path
    line: int
    start: int
    end: int
    written: str
    place: str
    change: str

    def source(self) -> bytes:
        """바뀐 파일."""
        read = (ROOT / self.path).read_bytes()
        return read[: self.start] + self.written.encode() + read[self.end :]


def rooms(count: int) -> list[Room]:
    """라이브러리, 그림, 확장."""
    package = Path("src/dlnotes")
    figures = package / "figures"
    library = [*package.glob("*.py"), *(package / "explorables").glob("*.py")]
    extensions = [
        path
        for path in Path("docs/_ext").rglob("*.py")
        if "tests" not in path.parts and not SITE.search(path.read_text(encoding="utf-8"))
    ]
    used = ("tests/library", "tests/figures", "tests/explorables", "src")
    return [
        Room("library", tuple(sorted(library)), used, 0.97, count),
        Room("figures", tuple(sorted(figures.glob("*.py"))), ("tests/figures", "src"), 0.90, count // 2),
        Room(
            "extensions",
            tuple(sorted(extensions)),
            ("tests/site", "tests/tools", "docs/_ext/korean_search/tests"),
            0.0,
            count // 4,
        ),
    ]


def mutants(path: Path) -> list[Mutant]:
    """한 파일에 넣을 수 있는 모든 잘못."""
    text = (ROOT / path).read_text(encoding="utf-8")
    starts = [0]
    for line in text.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found: list[Mutant] = []
    seen: Counter[tuple[str, str]] = Counter()
    module = ".".join(path.with_suffix("").parts[-2:])
    for within, node, changed in changes(ast.parse(text), ()):
        place = ".".join((module, *within))
        change = f"{short(node)} → {short(changed) if changed else 'pass'}"
        seen[place, change] += 1
        if seen[place, change] > 1:
            change += f" (#{seen[place, change]})"
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        written = f"({ast.unparse(changed)})" if changed else "pass"
        found.append(Mutant(path, node.lineno, start, end, written, place, change))
    return found


def short(node: ast.AST) -> str:
    """한 줄로 쓴 식."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 70 else f"{text[:34]} … {text[-34:]}"


Change = tuple[tuple[str, ...], "ast.expr | ast.Expr", "ast.expr | None"]


def changes(node: ast.AST, within: tuple[str, ...]) -> Iterator[Change]:
    """바꿀 마디와 바뀐 마디(``None``: 문장을 지운다).

    타입, 독스트링, 오류의 말, 문자열은 그대로 둔다. 어림수인 메모리의 한도(``room``)와, 있어서는 안 되는 일만
    막는 ``strict`` 도 그대로 둔다.
    """
    if isinstance(node, ast.Raise | ast.JoinedStr | ast.Import | ast.ImportFrom):
        return
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        within = (*within, node.name)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield within, node, None
    if isinstance(node, ast.expr):
        for changed in changed_expressions(node):
            yield within, node, changed
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(
        node.test, ast.Compare | ast.UnaryOp
    ):
        yield within, node.test, ast.UnaryOp(ast.Not(), node.test)
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "room":
        return
    for name, value in ast.iter_fields(node):
        if name not in {"annotation", "returns", "decorator_list", "type_params", "bases"}:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from changes(child, within)


def changed_expressions(node: ast.expr) -> Iterator[ast.expr]:
    """한 식을 조금 틀리게 고친 것들."""
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            changed = copy.deepcopy(node)
            changed.ops[at] = COMPARED[type(operator)]()
            yield changed
    elif isinstance(node, ast.BinOp) and type(node.op) in COUNTED:
        yield ast.BinOp(node.left, COUNTED[type(node.op)](), node.right)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node.value, int | float):
            yield ast.Constant(node.value + 1 if abs(node.value) < 100 else node.value * 2)
    elif isinstance(node, ast.Call) and len(node.args) > 1:
        first, second, *rest = node.args
        if not isinstance(first, ast.Starred) and not isinstance(second, ast.Starred):
            yield ast.Call(node.func, [second, first, *rest], node.keywords)


def users(name: str) -> list[str]:
    """밑줄로 시작하는 모듈을 부르는 모듈들: 그 테스트가 그것들에 있다."""
    if not name.startswith("_"):
        return []
    called = re.compile(rf"^(from|import) .*\b{name}\b", re.MULTILINE)
    return [path.stem for path in Path("src/dlnotes").glob("*.py") if called.search(path.read_text("utf-8"))]


def near_tests(mutant: Mutant, room: Room) -> list[str]:
    """그 모듈의 이름을 부르는 테스트와, 라이브러리이면 그 모듈의 독스트링."""
    name = mutant.path.stem if mutant.path.stem != "__init__" else mutant.path.parent.name
    called = re.compile(rf"\b({'|'.join([name, *users(name)])})\b")
    found = [
        str(path)
        for folder in room.tests
        if folder != "src"
        for path in sorted(Path(folder).rglob("test_*.py"))
        if called.search("\n".join(line for line in path.read_text("utf-8").splitlines() if "import" in line))
        or path.stem == f"test_{name}"
    ]
    found.sort(key=lambda path: Path(path).stem != f"test_{name}")  # its own first
    if room.name == "figures" and name != "canvas":
        found = [*found[:1], f"{DRAWINGS}::test_every_figure_is_drawn_as_it_was[{name}]", *found[1:]]
    elif room.name == "figures":
        found.append(DRAWINGS)
    return [str(mutant.path), *found] if "src" in room.tests else found


def ended(place: Path, tests: list[str], seconds: int, *, slow: bool = False) -> str:
    """테스트를 돌리고 무엇이 되었는지 말한다: noticed, survived."""
    source = os.pathsep.join([str(place / "src"), str(place / "docs" / "_ext")])
    environment = os.environ | {"PYTHONPATH": source, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        command = [sys.executable, *PYTEST, *tests, *(() if slow else ("-m", "not full"))]
        done = subprocess.run(command, cwd=place, env=environment, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return "noticed"
    if done.returncode not in ENDED_AT:
        raise RuntimeError(f"pytest ended with {done.returncode}: {done.stdout.decode()[-2000:]}")
    return ENDED_AT[done.returncode]


def tried(mutant: Mutant, room: Room, places: SimpleQueue[Path]) -> str:
    """한 잘못을 한 자리에 넣어 보고 되돌린다."""
    place = places.get()
    try:
        (place / mutant.path).write_bytes(mutant.source())
        near = near_tests(mutant, room)
        state = ended(place, near, NEAR, slow=room.name == "figures") if near else "survived"
        if state == "survived" and room.name == "library" and (place / STORM).is_file():
            storm = [STORM, "-k", f"every_bad_argument and {mutant.path.stem}"]
            state = ended(place, storm, NEAR, slow=True)
        if state == "survived":
            state = ended(place, [*room.tests], ALL)
    finally:
        shutil.copy2(ROOT / mutant.path, place / mutant.path)
        places.put(place)
    return state


def explained(rooms: list[Room]) -> dict[tuple[str, str], str]:
    """설명 파일: 자리와 바뀐 것마다 까닭. 코드에 더는 없는 것은 오류이다."""
    entries = yaml.safe_load(EXPLAINED.read_text(encoding="utf-8"))
    found = {(entry["place"], entry["change"]): entry["why"] for entry in entries}
    possible = {
        (mutant.place, mutant.change) for room in rooms for path in room.modules for mutant in mutants(path)
    }
    if gone := sorted(found.keys() - possible):
        raise SystemExit(f"{EXPLAINED}: no such mutant any more: {gone}")
    return found


def main() -> int:
    """뽑아서 넣어 보고, 방마다 알아챈 몫을 말한다."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100, help="라이브러리에서 뽑을 수. 그림은 반")
    parser.add_argument("--only", help="이 글자가 든 파일에서만")
    given = parser.parse_args()
    os.chdir(ROOT)
    every = rooms(given.count)
    why = explained(every)
    print(f"dlnotes: 씨앗 {given.seed}. 같은 것을 다시 보려면 make mutants ARGS='--seed {given.seed}'")
    failed = False
    workers = os.cpu_count() or 1
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as kept:
        places: SimpleQueue[Path] = SimpleQueue()
        for worker in range(workers):
            place = Path(kept, str(worker), "main")
            shutil.copytree(ROOT, place, ignore=shutil.ignore_patterns("_build", ".*", "__pycache__"))
            places.put(place)
        for room in every:
            modules = [path for path in room.modules if not given.only or given.only in str(path)]
            possible = [mutant for path in modules for mutant in mutants(path)]
            drawn = random.Random(given.seed).sample(possible, min(room.count, len(possible)))
            if not drawn:
                continue
            survivors = 0
            with ThreadPoolExecutor(workers) as pool:
                states = pool.map(lambda mutant: tried(mutant, room, places), drawn)  # noqa: B023
                for mutant, state in zip(drawn, states, strict=True):
                    if state == "survived":
                        survivors += 1
                        reason = why.get((mutant.place, mutant.change))
                        failed |= reason is None
                        print(f"{mutant.path}:{mutant.line}: {mutant.place}: {mutant.change}")
                        print(f"    {reason or '설명 없음'}", flush=True)
            share = 1 - survivors / len(drawn)
            print(
                f"dlnotes: {room.name}: {len(possible)}개 가운데 {len(drawn)}개를 넣어 "
                f"{share:.1%}를 알아챘습니다 (목표 {room.goal:.0%}).",
                flush=True,
            )
            failed |= share < room.goal
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
