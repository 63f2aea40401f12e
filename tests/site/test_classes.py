"""A class is of one package: two that give one name rules change each other's looks unseen."""

import re
from collections import defaultdict

from pages import ROOT

PACKAGES = ROOT / "docs" / "_ext" / "dlnotes_site"
# They speak of all packages' classes: on paper, for a reader's preferences, while a page settles.
OF_ALL = {"theme/print.css", "theme/preferences.css", "theme/later.css"}
# Made by one package, and placed or tuned by others that are named here.
SHARED = {
    "dl-js": {"answers", "explore", "quiz"},  # on the page itself, where scripts run
    "dl-hero": {"explore", "landing"},  # the page's head, and that its results lie above what follows
    "dl-short-answer": {"answers", "quiz"},  # the box, and what covers it for who guesses
    "dl-tool": {"answers", "quiz"},  # a quiet button
    "dl-emblem": {"answers", "landing"},  # beside a title, and on a card
    "dl-panels": {"explore", "markup"},  # a figure, and what takes its place
    "dl-picture": {"explore", "markup"},
    "dl-entry": {"answers", "markup"},  # an erratum, and the code in it
    "dl-term": {"answers", "theme"},  # a term, which looks unlike other links
}


def classes(css):
    """Name the classes that a stylesheet's selectors name."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    selectors = re.findall(r"([^{};]+)\{", bare)
    return {name for one in selectors if "@" not in one for name in re.findall(r"\.(dl-[\w-]+)", one)}


def owners(sheets):
    """Name the packages that have rules for each class, where they are several."""
    found = defaultdict(set)
    for place, css in sheets.items():
        for name in classes(css) if place not in OF_ALL else ():
            found[name].add(place.partition("/")[0])
    return {name: packages for name, packages in found.items() if len(packages) > 1}


def test_no_two_packages_have_rules_for_one_class_unless_it_is_said():
    paths = PACKAGES.glob("*/static/*.css")
    sheets = {f"{path.parents[1].name}/{path.name}": path.read_text(encoding="utf-8") for path in paths}
    assert sheets.keys() > OF_ALL
    assert owners(sheets) == SHARED


def test_a_name_that_is_taken_twice_is_found_in_any_selector():
    formulas = "mtd.dl-start {\n  text-align: left;\n}\n"
    landing = (
        "/* .dl-no */\n@media (min-width: 1px) {\n  .bd-article :is(.dl-start, ul) > li { margin: 0 }\n}\n"
    )
    assert owners({"math/math.css": formulas, "landing/landing.css": landing}) == {
        "dl-start": {"math", "landing"}
    }
