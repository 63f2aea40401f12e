"""What is known of the pages: noted as each is read, kept in one place, forgotten with it.

The store is a Sphinx domain, so that Sphinx itself forgets a page before it is read again and takes over what
parallel readers noted. What one part notes, another may ask: a page of answers is one that holds a question,
and pages that sum others up (an index, a ledger, a glossary) are written anew when what they show changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

Found = TypeVar("Found", bound="Place")


@dataclass
class Question:
    """Where a question stands, its heading, its short answer, where it leads on, its answer's parts."""

    docname: str
    title: str
    answer: list[nodes.Node]
    line: int
    leads_to: list[str] = field(default_factory=list)  # questions that one asks next
    parts: list[str] = field(default_factory=list)
    summary: list[nodes.Node] = field(default_factory=list)  # three lines
    carried: list[nodes.Node] = field(default_factory=list)  # by a picture and its caption, or a formula

    @property
    def words(self) -> str:
        """The heading without the question's number."""
        return re.sub(r"^Q\d+\.\s*", "", self.title)

    @property
    def number(self) -> str:
        """The question's number, as the heading begins with it."""
        return self.title.removesuffix(self.words).rstrip(". ")


@dataclass(frozen=True)
class Mark:
    """Where an erratum is marked."""

    anchor: str
    erratum: str


@dataclass(frozen=True)
class Times:
    """How long a page of answers takes to read."""

    short: int = 0  # seconds: the short answers
    core: int = 0  # minutes: what stands above 더 깊이
    shown: float = 0  # minutes: all that is not folded
    whole: int = 0  # minutes


@dataclass
class Page:
    """What was noted of one page as it was read."""

    questions: dict[str, Question] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)  # labels, in the order of their first uses
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)  # of figures, tables, …: by anchor
    counts: dict[str, int] = field(default_factory=dict)  # of cells, values, figures and examples
    verdicts: list[str] = field(default_factory=list)  # the questions whose claims are laid out
    opening: str = ""  # the first words
    times: Times = Times()  # that reading takes
    seconds: float = 0.0  # that the cells take
    failed: bool = False  # a cell raised, and was told of: what it did not give is no fault of its own
    values: dict[str, str] = field(default_factory=dict)  # that it shows of what ledgers compute
    checks: list[str] = field(default_factory=list)  # the exercises that take an answer
    sums_up: bool = False
    indexes: list[list[str]] = field(default_factory=list)  # of questions: the pages named in each, or none
    starts: list[str] = field(default_factory=list)  # the questions to begin with
    files: dict[str, str] = field(default_factory=dict)  # that it was made of, with digests

    def outline(self) -> list[object]:
        """Return what other pages show of this one."""
        asked = {
            name: (
                question.title,
                [node.pformat() for node in [*question.answer, *question.summary]],
                [node.astext() for node in question.carried],
            )
            for name, question in self.questions.items()
        }
        return [asked, self.marks, self.terms, self.numbers, self.counts]


class Pages(Domain):
    """The store."""

    name = "dlnotes"
    label = "dlnotes"
    initial_data = {  # noqa: RUF012
        **{"pages": {}, "summed_up": "", "counts": []},
        **{"neighbours": {}, "ways": {}, "menu": {}, "shared": {}},  # what was written into pages
        "values": {},  # of the expressions of ledgers
    }
    data_version = 8

    def clear_doc(self, docname: str) -> None:
        """Forget a page that is read again or gone."""
        self.data["pages"].pop(docname, None)

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict[str, Any]) -> None:
        """Take over what a parallel reader noted."""
        self.data["pages"].update(
            {name: page for name, page in otherdata["pages"].items() if name in set(docnames)}
        )

    def resolve_any_xref(self, *_: object) -> list[tuple[str, nodes.reference]]:
        """Offer nothing to refer to: questions, terms and errata are labels."""
        return []


def store(env: BuildEnvironment) -> dict[str, Any]:
    """Return what is kept of all pages."""
    return env.get_domain(Pages.name).data


def pages(env: BuildEnvironment) -> dict[str, Page]:
    """Return what is known of each page."""
    found: dict[str, Page] = store(env)["pages"]
    return found


def known(env: BuildEnvironment, docname: str) -> Page:
    """Return what is known of a page, to be read; nothing, if it was not read."""
    return pages(env).get(docname) or Page()


def being_read(env: BuildEnvironment) -> Page:
    """Return where to note what is learned of the page being read."""
    return pages(env).setdefault(env.docname, Page())


def some_failed(env: BuildEnvironment) -> bool:
    """Tell whether the cells of any page failed."""
    return any(page.failed for page in pages(env).values())


def detached(node: nodes.Node) -> nodes.Node:
    """Copy a node without its tie to the page, which would be stored whole wherever the copy is."""
    copy = node.deepcopy()
    for part in copy.findall():
        part.document = None  # type: ignore[assignment]  # as a node has it that was just made
    return copy


class Place(nodes.Element):
    """Stands for something on a page until every page has been read."""


def places(doctree: nodes.document, kind: type[Found]) -> list[Found]:
    """Return the places of a kind that a resolved page still has; it is gone through once for all kinds."""
    found: list[Place] | None = getattr(doctree, "dlnotes_places", None)
    if found is None:
        found = doctree.dlnotes_places = list(doctree.findall(Place))  # type: ignore[attr-defined]
    return [place for place in found if isinstance(place, kind) and place in (place.parent or ())]


class OnScreen(nodes.General, nodes.Element):
    """What only a page on a screen has: it says nothing that a text or a notebook lacks."""


def leave_out(_translator: object, _node: OnScreen) -> None:
    """Write nothing of it."""
    raise nodes.SkipNode


def show_on_screen(app: Sphinx, kind: type[OnScreen], visit: Callable[[Any, Any], None]) -> None:
    """Have pages on a screen show such a thing, and nothing else; a book is HTML as well, and no screen."""
    out = (leave_out, None)

    def write(translator: Any, node: Any) -> None:
        (visit if makes_a_site(translator.builder.app) else leave_out)(translator, node)

    app.add_node(kind, html=(write, None), text=out, latex=out, man=out, texinfo=out)


def inner_html(translator: Any, element: nodes.Node) -> str:
    """Return what an element holds as the page's translator writes it, for a template to place."""
    start = len(translator.body)
    for child in element.children:
        child.walkabout(translator)
    written = "".join(translator.body[start:])
    del translator.body[start:]
    return written


def joined(parts: Iterable[nodes.Node], between: str) -> Iterator[nodes.Node]:
    """Yield nodes with words between them."""
    for number, part in enumerate(parts):
        if number:
            yield nodes.Text(between)
        yield part


def makes_a_site(app: Sphinx) -> bool:
    """Tell whether what is built is a site: HTML, but no book."""
    return app.builder.format == "html" and app.builder.name != "epub"


# --- questions ------------------------------------------------------------------------------------


def questions_of(env: BuildEnvironment) -> dict[str, Question]:
    """Return all questions by id; of one that two pages answer, either, for that is reported."""
    found = {name: one for page in pages(env).values() for name, one in page.questions.items()}
    return dict(sorted(found.items()))


def questions_on(env: BuildEnvironment, docname: str) -> dict[str, Question]:
    """Return a page's questions by id, in the order they stand."""
    return known(env, docname).questions


def is_answers(env: BuildEnvironment, docname: str) -> bool:
    """Tell whether a page is one of answers: it holds a question."""
    return bool(questions_on(env, docname))


# --- topics and their order ------------------------------------------------------------------------


def topics(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return the pages of each topic, in the order of the landing page's tables of contents."""
    found: dict[str, list[str]] = {}
    for tree in env.tocs[env.config.root_doc].findall(addnodes.toctree):
        found.setdefault(tree.get("caption") or "", []).extend(tree["includefiles"])
    return found


def topic_of(env: BuildEnvironment, docname: str) -> str:
    """Return a page's topic; nothing for the landing page."""
    top = docname.partition("/")[0]
    return next((t for t, names in topics(env).items() if docname in names or f"{top}/index" in names), "")


def reading_order(env: BuildEnvironment) -> list[str]:
    """Return the pages that the landing page lists: the answers and what they lean on, not the library's."""
    return [page for names in topics(env).values() for page in names if "/" not in page]


def in_order(env: BuildEnvironment) -> dict[str, Question]:
    """Return all questions by id, in the order in which the site is read."""
    docnames = dict.fromkeys([*reading_order(env), *sorted(pages(env))])
    return {name: one for docname in docnames for name, one in questions_on(env, docname).items()}


def place_of(env: BuildEnvironment, label: str) -> tuple[str, str]:
    """Return the page and the anchor that a label names; empty ones where it names none."""
    page, anchor = env.domains.standard_domain.anonlabels.get(label, ("", ""))[:2]
    return page, anchor


# --- what pages show of others ----------------------------------------------------------------------


def changed_in(env: BuildEnvironment, part: str, now: dict[str, Any]) -> list[str]:
    """Keep what is shown now, by name; return the names of which something else was kept."""
    before = store(env)[part]
    store(env)[part] = now
    return [name for name, shown in now.items() if before.get(name, shown) != shown]


def note_that_it_sums_up(env: BuildEnvironment) -> None:
    """Note that the page being read sums others up."""
    being_read(env).sums_up = True


def summaries_to_write(_app: Sphinx, env: BuildEnvironment) -> Iterator[str]:
    """Name the pages that sum others up, if any of what they show of them changed."""
    shown = [
        (name, page.outline(), env.titles[name].astext())
        for name, page in sorted(pages(env).items())
        if name in env.titles
    ]
    digest = hashlib.sha256(repr(shown).encode()).hexdigest()
    if store(env)["summed_up"] != digest:
        store(env)["summed_up"] = digest
        yield from sorted(name for name, page in pages(env).items() if page.sums_up)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.add_domain(Pages)
    app.connect("env-updated", summaries_to_write, priority=500)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
