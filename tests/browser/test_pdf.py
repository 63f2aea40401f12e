"""The book and the answers at a glance as PDF, printed of the built site as make pdf does it."""

import importlib.util
import math
import re
import subprocess
import sys
import unicodedata

import pytest
from pypdf import PdfReader
from visiting import FOLDER, ROOT

spec = importlib.util.spec_from_file_location("print_book_tool", ROOT / "tools" / "print_book.py")
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("pdf")]

MARGIN, WIDTH = 17 / 25.4 * 72, 595  # points
SMALLEST, SHEETS = 9, 6
FORMULAS = (  # as they are read one part after the other: numerators, then what is below them
    *("⌊n+2p−fs⌋+1", "(f⋅f⋅Cin+1)⋅Cout", "n≤n+2p−32+1<n+1n+1≤2p<n+3", "f(ax+by)=af(x)+bf(y)"),
    *("r←r+(k−1)j,j←js", "y2=ax2+bx3+cx4", "dx3=cdy1+bdy2+ady3", "D2Mf2+D2MND2MNf2=1N+1f2"),
    *("gl−1=Wl⊤(f′(zl)⊙gl)", "W2(W1x+b1)+b2=(W2W1)x+(W2b1+b2)"),
)


def flat(text):
    """Letters as they are written on a keyboard, without what only separates them."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def run(*arguments):
    subprocess.run([str(one) for one in arguments], check=True, cwd=ROOT)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("pdf")
    run(ROOT / ".venv" / "bin" / "python", "tools/book.py", FOLDER, made)
    run(sys.executable, "tools/print_book.py", made)
    return made


@pytest.fixture(scope="module")
def book(folder):
    return PdfReader(folder / "dlnotes.pdf")


@pytest.fixture(scope="module")
def pages(book):
    """What each page of the book says."""
    return [flat(page.extract_text()) for page in book.pages]


@pytest.fixture(scope="module")
def sheets(folder):
    return PdfReader(folder / "at-a-glance.pdf")


def questions():
    """The headings of all questions, as the landing page lists them."""
    index = (FOLDER / "index.html").read_text("utf-8")
    found = re.findall(r'<dt><a [^>]*href="[\w-]+\.html#q\d+">(.*?)</a></dt>', index)
    return [re.sub("<[^>]*>", "", one) for one in found]


def leaves(outline):
    """The entries of an outline with those below them."""
    for entry in outline:
        if isinstance(entry, list):
            yield from leaves(entry)
        else:
            yield entry


def test_it_tells_its_language_and_its_parts_and_is_of_the_day_of_the_newest_news(book):
    root = book.trailer["/Root"]
    assert root["/Lang"] == "ko"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    newest = re.search(r"<updated>([\d-]+)T", (FOLDER / "feed.xml").read_text("utf-8"))[1]
    assert book.metadata.creation_date.date().isoformat() == newest


@pytest.mark.parametrize("name", ["book", "sheets"])
def test_every_letter_is_of_the_project_s_own_fonts(request, name):
    reader = request.getfixturevalue(name)
    fonts = [font for page in reader.pages for font in (page["/Resources"].get("/Font") or {}).values()]
    assert {tool.name_of(font.get_object()) for font in fonts} <= tool.OWN_FONTS


def test_its_outline_and_its_contents_lead_to_every_question(book, pages):
    places = {flat(entry.title): book.get_destination_page_number(entry) for entry in leaves(book.outline)}
    contents = "".join(pages[1:3])
    for question in map(flat, questions()):
        assert question in pages[places[question]]
        assert f"{question}{places[question] + 1}" in contents


def test_its_formulas_are_text(pages):
    whole = "".join(pages)
    assert [formula for formula in FORMULAS if flat(formula) not in whole] == []


def test_its_hangul_is_text(pages):
    whole = "".join(pages)
    for page in ("same-padding", "lstm", "double-q-learning"):
        html = (FOLDER / f"{page}.html").read_text("utf-8")
        summary = re.search(r"dl-summary.*?<ul.*?</ul>", html, re.S)[0]
        lines = [one for one in re.findall(r"<p>(.*?)</p>", summary, re.S) if "<math" not in one]
        for line in lines:
            assert flat(re.sub("<[^>]*>", "", line)) in whole


def test_every_link_in_the_book_has_its_place_and_no_line_is_wider_than_the_page(book):
    known = {name.lstrip("/") for name in book.named_destinations}
    for page in book.pages:
        for link in (one.get_object() for one in page.get("/Annots") or ()):
            left, _, right, _ = map(float, link["/Rect"])
            assert left > MARGIN - 2, link
            assert right < WIDTH - MARGIN + 2, link
            if "/Dest" in link:
                assert str(link["/Dest"]).lstrip("/") in known


def test_the_answers_at_a_glance_stand_on_six_sheets_in_letters_that_can_be_read(sheets):
    assert len(sheets.pages) <= SHEETS
    whole = flat("".join(page.extract_text() for page in sheets.pages))
    assert [one for one in questions() if flat(one) not in whole] == []
    sizes = []

    def measure(text, matrix, place, _font, size):
        if re.search("[가-힣]", text):
            sizes.append(size * math.hypot(*matrix[2:4]) * math.hypot(*place[2:4]))  # whichever way they run

    for page in sheets.pages:
        page.extract_text(visitor_text=measure)
    assert min(sizes) > SMALLEST - 0.05


def test_the_same_chromium_prints_the_same_bytes(folder):
    before = {path.name: path.read_bytes() for path in folder.glob("*.pdf")}
    run(sys.executable, "tools/print_book.py", folder)
    assert {path.name: path.read_bytes() for path in folder.glob("*.pdf")} == before
