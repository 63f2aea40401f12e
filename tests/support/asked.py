"""Which questions are asked, read off the pages' sources."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
# The lecture's own questions, which the site began with. Others may come; these stay.
LECTURE = {f"q{number:02d}" for number in range(1, 20)}
# The questions of every page of answers, in the order they stand.
ASKED = {
    page.stem: names
    for page in sorted(DOCS.glob("*.md"))
    if (names := re.findall(r"^:::\{short-answer\} (\w+)$", page.read_text(encoding="utf-8"), re.M))
}
QUESTIONS = [name for names in ASKED.values() for name in names]
