"""Who acts when in a build: the table in the machinery's docstring is what the code says."""

import ast
import re
from collections import Counter
from pathlib import Path

import dlnotes_site

ROOM = Path(dlnotes_site.__file__).parent
ROW = re.compile(r"^([a-z-]+) +(\d+)  ([\w.]+)$", re.M)


def told():
    return [(event, int(priority), who) for event, priority, who in ROW.findall(dlnotes_site.__doc__)]


def connected():
    """Yield every handler that a part connects: the event, the priority, the part and its function."""
    for path in ROOM.rglob("*.py"):
        part = ".".join(path.relative_to(ROOM).with_suffix("").parts).removesuffix(".__init__")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(".connect"):
                event, handler = call.args
                event = event.value if isinstance(event, ast.Constant) else "pages-written"
                handler = handler.args[0] if isinstance(handler, ast.Call) else handler
                priorities = [word.value.value for word in call.keywords if word.arg == "priority"]
                name = ast.unparse(handler).rpartition(".")[2]
                yield event, *(priorities or [500]), f"{part}.{name}"


def test_the_table_of_events_is_what_the_code_says():
    assert sorted(told()) == sorted(connected())


def test_no_two_handlers_leave_their_order_to_chance():
    assert [spot for spot, count in Counter(row[:2] for row in told()).items() if count > 1] == []


def test_the_table_is_in_the_order_of_a_build():
    events = list(dict.fromkeys(event for event, _, _ in told()))
    for event in events:
        priorities = [priority for name, priority, _ in told() if name == event]
        assert priorities == sorted(priorities)
    assert [event for event, _, _ in told()] == [
        event for event in events for name, *_ in told() if name == event
    ]


def test_every_part_is_loaded_by_the_package():
    parts = {
        ".".join(path.relative_to(ROOM).with_suffix("").parts).removesuffix(".__init__")
        for path in ROOM.rglob("*.py")
        if re.search(r"^def setup\(", path.read_text(encoding="utf-8"), re.M) and path.parent != ROOM
    }
    loaded = {name for name in dlnotes_site.PARTS if "." in name or name in {"execution", "explore"}}
    assert parts - loaded <= {"bundle.pages"}, "loaded by those whose pages it reads"
