"""맨 테마와 나란히 재어, 사이트를 짓는 값을 비로 알린다.

    make benchmark-build                                (쪽이 늘 때는 ARGS="--pages 13 100 400")

What is measured is processor seconds (user and system) of the command and everything that it started, so that
a busy machine matters little; the theme and the site take turns, and the medians are compared. The theme is
MyST-NB with its execution off under sphinx_book_theme, over a page of ours without what only our extensions
know. Everything happens in _build/benchmark: in a copy of the working tree, whose installation is kept.

With ``--pages`` the pages of answers are copied under new names until there are so many, for the site and for
the theme alike. The copies' cells are those of their originals, so that the results kept answer for them.

With ``--serve`` both are served, and the seconds on the clock are measured from a saved sentence to the page
on the disk and to the word that has a browser reload: a difference, for which the machine must be quiet.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "_build" / "benchmark"
NOT_COPIED = ("_build", ".git", ".venv*", "__pycache__", ".*_cache", "*.egg-info", ".hypothesis")
MARK = "DLNOTES_BENCHMARK"  # in the environment of what is measured, so that what it leaves running is found
CORES = 2  # the machine of the goals

CONF = """project = "theme"
language = "ko"
extensions = ["myst_nb"]
myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
nb_execution_mode = "off"
html_theme = "sphinx_book_theme"
"""

# --- pages, copied and bared ----------------------------------------------------------------------

# Where a name is given, and where it is only meant: what stands before it, the name, what stands after it.
GIVEN = [
    re.compile(r"^(\()([\w-]+)(\)=)$", re.M),
    re.compile(r"^(:label: *)([\w-]+)()$", re.M),
    re.compile(r"^( +name: *)([\w-]+)()$", re.M),
]
MEANT = [
    re.compile(r"(\]\((?:[\w/-]+\.md)?#)([\w-]+)(\))"),
    re.compile(r"(\]\()([\w-]+)(\.md[#)])"),
    re.compile(r"(\{(?:ref|numref|erratum)\}`)([\w-]+)(`)"),
    re.compile(r"(\{(?:ref|numref|erratum)\}`[^`<]*<)([\w-]+)(>`)"),
    re.compile(r"^([`:]{3,}\{(?:solution-start|solution|short-answer)\} *)([\w-]+)()$", re.M),
    re.compile(r"^(## )(Q\d+)(\.)", re.M),
]
MARKED = re.compile(r"\{erratum\}`(?:[^`<]*<)?([\w-]+)>?`")
QUESTION = re.compile(r"q(\d+)")

FENCE = re.compile(r"^ *(`{3,}|:{3,})")
KNOWN = "code-cell|math|note|admonition|figure|image|table|list-table|raw"
EMPTY = re.compile(
    r"^(`{3,}|:{3,})\{(?:solution-start|solution-end|footbibliography)\}[^\n]*\n(?:[^\n]*\n)*?\1[ \t]*$", re.M
)
OPENING = re.compile(rf"^(`{{3,}}|:{{3,}})\{{(?!(?:{KNOWN})\}})[\w-]+\}}[^\n]*\n(?::[\w-]+:[^\n]*\n)*", re.M)
ROLE = re.compile(r"(?<![\\\w}])\{[a-z][\w:.+-]*\}`([^`]+)`")


def names_in(text: str) -> list[str]:
    """Return the names that a page gives: anchors, labels, figures."""
    return [found[2] for pattern in GIVEN for found in pattern.finditer(text)]


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Return a page with its names changed, and nothing else: the code of its cells stays as it is."""
    for pattern in (*GIVEN, *MEANT):
        text = pattern.sub(lambda found: found[1] + names.get(found[2], found[2]) + found[3], text)
    return text


def new_names(names: Iterable[str], copy: int, step: int) -> dict[str, str]:
    """Map names to those of a copy: a question's number goes up by ``step`` a copy, others get a suffix."""
    changed: dict[str, str] = {}
    for name in names:
        if question := QUESTION.fullmatch(name):
            number = f"{int(question[1]) + copy * step:02}"
            changed |= {name: f"q{number}", name.upper(): f"Q{number}"}
        else:
            changed[name] = f"{name}-c{copy}"
    return changed


@dataclass
class Answers:
    """The pages of answers by their names, in the order of the news, and the ledgers that speak of them."""

    pages: dict[str, str]
    claims: list[dict[str, Any]]
    errata: list[dict[str, Any]]
    news: list[dict[str, Any]]

    def copied(self, copy: int, among: Iterable[str]) -> Answers:
        """Return a copy of the pages ``among`` them, with all names their own."""
        pages = {name: self.pages[name] for name in among}
        marked = {name for text in pages.values() for name in MARKED.findall(text)}
        given = [name for text in pages.values() for name in names_in(text)]
        errata = [entry for entry in self.errata if entry["id"] in marked]
        step = sum(bool(QUESTION.fullmatch(name)) for text in self.pages.values() for name in names_in(text))
        names = new_names([*pages, *given, *(entry["id"] for entry in errata)], copy, step)

        def named(entry: dict[str, Any], *fields: str) -> dict[str, Any]:
            return {**entry, **{field: names.get(entry[field], entry[field]) for field in fields}}

        def shown(claim: dict[str, Any]) -> dict[str, Any]:
            return {**claim, "shown": [names.get(name, name) for name in claim["shown"]]}

        return Answers(
            {names[name]: renamed(text, names) for name, text in pages.items()},
            [
                {**named(entry, "question"), "claims": [shown(claim) for claim in entry["claims"]]}
                for entry in self.claims
                if entry["question"] in names
            ],
            [named(entry, "id", "question") for entry in errata],
            [named(entry, "page") for entry in self.news if entry["page"] in names],
        )

    def copies(self, count: int) -> list[Answers]:
        """Return the copies that make them ``count`` pages."""
        missing = count - len(self.pages)
        if missing < 0:
            raise ValueError(f"pages: {count} are fewer than the {len(self.pages)} that there are")
        rounds = [min(len(self.pages), missing - done) for done in range(0, missing, len(self.pages))]
        return [self.copied(copy, list(self.pages)[:some]) for copy, some in enumerate(rounds, 1)]


def read_answers(docs: Path) -> Answers:
    """Read the pages of answers, those that the news name, and their ledgers."""
    claims, errata, news = (
        yaml.safe_load((docs / f"{name}.yml").read_text(encoding="utf-8"))
        for name in ("claims", "errata", "news")
    )
    names = dict.fromkeys(entry["page"] for entry in news)
    return Answers(
        {name: (docs / f"{name}.md").read_text(encoding="utf-8") for name in names}, claims, errata, news
    )


def add(docs: Path, copies: list[Answers]) -> None:
    """Write copies beside the originals, into the ledgers and the landing page."""
    names = [name for copy in copies for name in copy.pages]
    for copy in copies:
        for name, text in copy.pages.items():
            (docs / f"{name}.md").write_text(text, encoding="utf-8")
        for ledger in ("claims", "errata", "news"):
            with (docs / f"{ledger}.yml").open("a", encoding="utf-8") as file:
                yaml.safe_dump(getattr(copy, ledger), file, allow_unicode=True, sort_keys=False, width=1000)
    listed = "\n".join(names)
    with (docs / "index.md").open("a", encoding="utf-8") as file:
        file.write(f"\n## 사본\n\n```{{question-index}}\n{listed}\n```\n")
        file.write(f"\n```{{toctree}}\n:hidden:\n:caption: 사본\n\n{listed}\n```\n")


def bare(text: str) -> str:
    """Return what MyST-NB alone reads of a page: its directives become plain boxes, its roles plain code."""
    return ROLE.sub(r"`\1`", OPENING.sub(r"\1{container}\n", EMPTY.sub("", text)))


def with_sentence(text: str, sentence: str) -> str:
    """Return a page with a sentence more at the end of its middle paragraph of plain prose."""
    lines = text.split("\n")
    ends, mark = [], "---" if lines[0] == "---" else ""
    for number, line in enumerate(lines[1:], 1):
        fence = FENCE.match(line)
        if mark:
            mark = "" if line.strip() == mark else mark
        elif line.strip() == "$$":
            mark = "$$"
        elif fence:
            mark = fence[1]
        elif line.endswith(".") and line[0].isalpha() and lines[number + 1 : number + 2] == [""]:
            ends.append(number)
    if not ends:
        raise ValueError("text: no paragraph of plain prose ends in a full stop")
    lines[ends[(len(ends) - 1) // 2]] += f" {sentence}"
    return "\n".join(lines)


# --- measuring ------------------------------------------------------------------------------------


@dataclass
class Cost:
    """What a command cost: processor seconds, seconds on the clock, bytes of memory at its peak."""

    processor: float
    clock: float
    memory: int


def marked(token: str) -> list[int]:
    """Return the processes that were started under a mark (on Linux; elsewhere none are found)."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"{MARK}={token}".encode() in environ.read_bytes().split(b"\0"):
                found.append(int(environ.parent.name))
        except OSError:  # another's, or gone
            continue
    return found


def memory(processes: list[int]) -> int:
    """Return the bytes that processes hold, what they share counted once."""
    total = 0
    for process in processes:
        try:
            text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        total += sum(int(kilobytes) for kilobytes in re.findall(r"^Pss: +(\d+) kB", text, re.M)) * 1024
    return total


def environment() -> dict[str, str]:
    """Return the environment without what this make gave it."""
    unwanted = {"DLNOTES_URL", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def measure(command: list[str | Path], folder: Path, watch: bool = False) -> Cost:
    """Run a command that must succeed and leave nothing running; memory is looked at only on demand."""
    token = f"{os.getpid()}-{time.monotonic_ns()}"
    env = environment() | {MARK: token}
    over, peaks = threading.Event(), [0]

    def look() -> None:
        while not over.wait(0.5):
            peaks.append(memory(marked(token)))

    watcher = threading.Thread(target=look)
    log = PLACE / "log.txt"
    with log.open("wb") as out:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=out, stderr=subprocess.STDOUT)
        if watch:
            watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        clock = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    over.set()
    if watch:
        watcher.join()
    if process.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-30:])
        raise SystemExit(f"{' '.join(map(str, command))} in {folder} failed ({process.returncode}):\n{tail}")
    for _ in range(20):
        if not (left := marked(token)):
            break
        time.sleep(0.1)
    else:
        raise SystemExit(f"{' '.join(map(str, command))} left processes running: {left}")
    return Cost(usage.ru_utime + usage.ru_stime, clock, max(peaks))


class Theme:
    """The bare theme's project."""

    def __init__(self, folder: Path, pages: Mapping[str, str]) -> None:
        """Write the pages, bared, and the little that they need."""
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "conf.py").write_text(CONF, encoding="utf-8")
        listed = "\n".join(pages)
        (folder / "index.md").write_text(f"# theme\n\n```{{toctree}}\n{listed}\n```\n", encoding="utf-8")
        for name, text in pages.items():
            (folder / f"{name}.md").write_text(bare(text), encoding="utf-8")
        self.page = folder / f"{next(iter(pages))}.md"
        self.text = self.page.read_text(encoding="utf-8")

    def build(self, watch: bool = False) -> Cost:
        """Build as ``make html`` does, without its make."""
        options = ["-q", "-b", "html", "-j", "auto", "-d", "_build/doctrees"]
        return measure([sys.executable, "-m", "sphinx", *options, ".", "_build/html"], self.folder, watch)

    def forget(self) -> None:
        """Make the next build a full one."""
        shutil.rmtree(self.folder / "_build", ignore_errors=True)

    def edit(self, number: int) -> str:
        """Add a sentence to the page, each number another, and return it."""
        sentence = f"이 문장은 고친 것입니다({number})."
        self.page.write_text(with_sentence(self.text, sentence), encoding="utf-8")
        return sentence

    def serve(self, port: int) -> list[str | Path]:
        """Return the command that serves."""
        options = ["-q", "-d", "_build/doctrees", "--port", str(port)]
        return [sys.executable, "-m", "sphinx_autobuild", *options, ".", "_build/html"]


class Ours(Theme):
    """The copy of the working tree."""

    def __init__(self, folder: Path, copies: list[Answers], page: str) -> None:
        """Write the tree anew, with copies of its pages; its installation and its results stay."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            if path.name not in {".venv", "_build"}:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED), dirs_exist_ok=True)
        if copies:
            add(folder / "docs", copies)
        self.page = folder / "docs" / f"{page}.md"
        self.text = self.page.read_text(encoding="utf-8")
        kept = ROOT / "_build" / "execution"
        if kept.is_dir() and not self.results():
            shutil.copytree(kept, folder / "_build" / "execution", dirs_exist_ok=True)
        measure(["make", "setup"], folder)

    def build(self, watch: bool = False) -> Cost:
        """Build."""
        return measure(["make", "html"], self.folder, watch)

    def serve(self, port: int) -> list[str | Path]:
        """Return the command that serves."""
        return ["make", "serve", f"PORT={port}"]

    def forget(self) -> None:
        """Make the next build a full one, with the cells' results kept."""
        for part in ("doctrees", "html"):
            shutil.rmtree(self.folder / "_build" / part, ignore_errors=True)

    def forget_results(self) -> None:
        """Make the next build that of a fresh clone."""
        shutil.rmtree(self.folder / "_build", ignore_errors=True)

    def results(self) -> set[str]:
        """Name the results that are kept."""
        return {path.name for path in (self.folder / "_build" / "execution").glob("*.json")}

    def cells(self) -> float:
        """Return the seconds that all pages' cells took when they ran last."""
        times = json.loads((self.folder / "_build" / "execution" / "times.json").read_text(encoding="utf-8"))
        return float(sum(times.values()))


# --- what is told ---------------------------------------------------------------------------------


class Report:
    """Lines of what was measured, each with its goal; it remembers whether all were met."""

    def __init__(self) -> None:
        """Begin with nothing missed."""
        self.missed: list[str] = []

    def compare(self, what: str, value: float, goal: float, detail: str) -> None:
        """Hold a value against its goal, on one line."""
        met = value <= goal
        if not met:
            self.missed.append(what)
        print(f"{'✓' if met else '✗'} {what}: {value:.2f} (목표 ≤ {goal:g})  {detail}", flush=True)


def seconds(costs: list[Cost]) -> float:
    """Return the median of the processor seconds."""
    return statistics.median(cost.processor for cost in costs)


def take_turns(theme: Theme, ours: Ours, rounds: int, prepare: str | None) -> tuple[float, float]:
    """Measure both in turns, after what ``prepare`` names; return their medians."""
    both: tuple[list[Cost], list[Cost]] = ([], [])
    for number in range(rounds):
        for one, costs in zip((theme, ours), both, strict=True):
            if prepare == "edit":
                one.edit(number)
            elif prepare == "forget":
                one.forget()
            costs.append(one.build())
    return seconds(both[0]), seconds(both[1])


def loop(answers: Answers, rounds: int, cold: bool, report: Report) -> None:
    """Measure what those who build wait for."""
    page = next(iter(answers.pages))
    theme = Theme(PLACE / "theme", {page: answers.pages[page]})
    ours = Ours(PLACE / "site", [], page)
    if cold:
        ours.forget_results()
        took, own = ours.build(), ours.cells() / CORES
        report.compare(
            "결과 없이 처음부터, (초 − 12) ÷ 셀의 초",
            (took.clock - 12) / own,
            1.3,
            f"{took.clock:.1f}초, 셀은 코어 {CORES}개에서 {own:.1f}초 (조용한 기계에서만 뜻이 있음)",
        )
    ours.build()
    theme.build()
    for what, prepare, goal in (
        ("고친 것이 없을 때", None, 1.4),
        ("문장 하나를 고쳤을 때", "edit", 1.8),
        ("결과를 두고 모두, 테마는 한 쪽 모두", "forget", 13),
    ):
        floor, cost = take_turns(theme, ours, rounds, prepare)
        report.compare(f"{what}, ours ÷ theme", cost / floor, goal, f"{cost:.2f} ÷ {floor:.2f} 프로세서 초")


@contextlib.contextmanager
def served(one: Theme) -> Iterator[ClientConnection]:
    """Serve, give what a browser listens to, and end it all with Ctrl-C."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    token = f"{os.getpid()}-{time.monotonic_ns()}"
    env = environment() | {MARK: token, "BROWSER": "true"}
    with (PLACE / f"{one.folder.name}.txt").open("wb") as log:
        process = subprocess.Popen(
            one.serve(port), cwd=one.folder, env=env, stdout=log, stderr=log, start_new_session=True
        )
    try:
        with listening(process, port) as browser:
            yield browser
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        process.wait()
    if left := marked(token):
        raise SystemExit(f"what served left processes running: {left}")


def listening(process: subprocess.Popen[bytes], port: int) -> ClientConnection:
    """Connect as a browser does, once there is something to connect to."""
    while process.poll() is None:
        with contextlib.suppress(OSError, WebSocketException):
            return connect(f"ws://127.0.0.1:{port}/websocket-reload", open_timeout=None, proxy=None)
        time.sleep(0.1)
    raise SystemExit(f"{process.args!r} ended before it served")


def wait_shown(one: Theme, browser: ClientConnection, number: int) -> tuple[float, float]:
    """Save a sentence; return the seconds until it is on the disk and until the browser is to reload."""
    with contextlib.suppress(TimeoutError):
        while browser.recv(timeout=2):
            pass
    page = one.folder / "_build" / "html" / f"{one.page.stem}.html"
    sentence, started, written = one.edit(number), time.perf_counter(), 0.0
    while True:
        told = False
        with contextlib.suppress(TimeoutError):
            told = bool(browser.recv(timeout=0.02))
        if not written and sentence in page.read_text(encoding="utf-8"):
            written = time.perf_counter() - started
        if told and written:
            return written, time.perf_counter() - started


def serving(answers: Answers, rounds: int, report: Report) -> None:
    """Measure what those who write wait for."""
    page = next(iter(answers.pages))
    theme, ours = Theme(PLACE / "theme", {page: answers.pages[page]}), Ours(PLACE / "site", [], page)
    waits: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    with served(theme) as theirs, served(ours) as own:
        for number in range(rounds + 1):
            for one, browser, found in zip((theme, ours), (theirs, own), waits, strict=True):
                found.append(wait_shown(one, browser, number))
    for place, what in enumerate(("저장한 문장이 디스크에", "저장한 문장을 브라우저가 다시 읽기까지")):
        floor, cost = (statistics.median(wait[place] for wait in found[1:]) for found in waits)
        report.compare(f"{what}, ours − theme, 초", cost - floor, 1, f"{cost:.2f} − {floor:.2f}")


def growth(answers: Answers, counts: list[int], rounds: int, report: Report) -> None:
    """Measure how the cost grows with the pages."""
    page = next(iter(answers.pages))
    full: dict[int, tuple[float, float]] = {}
    for count in sorted(counts):
        copies = answers.copies(count)
        pages = answers.pages | {name: text for copy in copies for name, text in copy.pages.items()}
        theme, ours = Theme(PLACE / "theme", pages), Ours(PLACE / "site", copies, page)
        ours.forget()
        before = ours.results()
        cost = ours.build(watch=True)
        if ours.results() - before:  # it has run cells: only now are all results kept
            ours.forget()
            cost = ours.build(watch=True)
        floor = theme.build()
        full[count] = (floor.processor, cost.processor)
        print(
            f"  {count}쪽 모두: {cost.processor:.1f}초 (쪽마다 {cost.processor / count:.3f}),"
            f" theme {floor.processor:.1f}초 (쪽마다 {floor.processor / count:.3f})"
        )
        report.compare(f"{count}쪽의 기억, GB", cost.memory / 1e9, 1, "모든 프로세스의 PSS")
        floor_edit, edit = take_turns(theme, ours, rounds, "edit")
        report.compare(
            f"{count}쪽에서 문장 하나, ours ÷ theme", edit / floor_edit, 1.8, f"{edit:.2f} ÷ {floor_edit:.2f}"
        )
    for less, more in zip(sorted(full), sorted(full)[1:], strict=False):
        theirs, own = (added(full, less, more, who) / (full[less][who] / less) for who in (0, 1))
        report.compare(
            f"{less}쪽에서 {more}쪽까지, 더한 한 쪽의 값이 앞의 한 쪽의 몇 배인가, ours ÷ theme",
            own / theirs,
            1.2,
            f"{own:.2f} ÷ {theirs:.2f}",
        )


def added(full: Mapping[int, tuple[float, float]], less: int, more: int, who: int) -> float:
    """Return the seconds that a page more costs."""
    return (full[more][who] - full[less][who]) / (more - less)


def main() -> int:
    """Measure what is asked for."""
    options = argparse.ArgumentParser(description="짓는 값을 맨 테마와 나란히 잰 비")
    options.add_argument(
        "--pages", type=int, nargs="+", default=[], help="쪽이 이만큼일 때도 (예: 13 100 400)"
    )
    options.add_argument("--rounds", type=int, default=3, help="번갈아 재는 횟수")
    options.add_argument("--no-loop", action="store_true", help="쪽이 늘 때만 재기")
    options.add_argument(
        "--cold", action="store_true", help="결과 없이 처음부터 짓는 것도 재기 (조용한 기계에서)"
    )
    options.add_argument(
        "--serve", action="store_true", help="저장한 문장이 보이기까지도 재기 (조용한 기계에서)"
    )
    options.add_argument("--check", action="store_true", help="목표에 못 미친 것이 있으면 실패하기")
    chosen = options.parse_args()
    PLACE.mkdir(parents=True, exist_ok=True)
    answers, report = read_answers(ROOT / "docs"), Report()
    if not chosen.no_loop:
        loop(answers, chosen.rounds, chosen.cold, report)
    if chosen.serve:
        serving(answers, chosen.rounds, report)
    if chosen.pages:
        growth(answers, chosen.pages, chosen.rounds, report)
    return 1 if chosen.check and report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
