"""Formulas: LaTeX to MathML, numbers, lines, and what happens to one that does not convert."""

import re
from xml.etree import ElementTree

import mini_site
import pytest

from dlnotes_site.math import mathml

CONF = """
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_exercise",
    "dlnotes_site.markup.folding",
    "dlnotes_site.math.render",
]
myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath"]
html_math_renderer = "mathml"
numfig = True
"""


def build(folder, pages):
    mini_site.build(folder, {"conf.py": CONF, **pages})


def errors_of(folder, pages):
    return mini_site.attempt(folder, {"conf.py": CONF, **pages}).stderr


def body(folder, page="index"):
    html = mini_site.page(folder, page)
    return html[html.index('role="main"') :]


# --- MathML -----------------------------------------------------------------------------------------------


def written(latex, display=False):
    return mathml.write(mathml.convert(latex, display), "말")


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{cases} x & x > 0 \\ 0 & \text{아니면} \end{cases}",
        r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
        r"\begin{align} a &= b \\ c &= d \end{align}",
        r"\begin{equation} \begin{split} a &= b \\ c &= d \end{split} \end{equation}",
        r"\begin{gather*} a \\ b \end{gather*}",
        r"a &= b \\ c &= d",
        r"\mathcal{N}\!\left(0,\; \frac12\right)",
    ],
)
def test_a_formula_carries_no_inline_style_and_no_number_of_its_own(latex):
    made = written(latex, display=True)
    assert "style=" not in made.replace("displaystyle=", "")
    assert "(1)" not in made
    ElementTree.fromstring(made)


def test_a_style_that_no_class_stands_for_is_refused():
    with pytest.raises(mathml.FormulaError, match="border-right"):
        mathml.convert(r"\begin{array}{l|r} a & b \end{array}", True)


def test_the_whole_of_a_sized_bracket_has_the_script():
    [power] = mathml.convert(r"\bigl(a + b\bigr)^2", False)
    assert [part.tag for part in power] == ["mrow", "mn"]
    assert "".join(power[0].itertext()) == "(a+b)"


def test_an_ellipsis_is_one_sign():
    assert "<mo>…</mo>" in written(r"1, \dots, n")


@pytest.mark.parametrize(
    ("latex", "parts"),
    [
        (r"h_t=o_t\odot\tanh(c_t)", ["ht=", "ot⊙tanh\u2061(ct)"]),
        (r"f(ax+by)=af(x)+bf(y)", ["f(ax+by)=", "af(x)+bf(y)"]),
        (r"|x| = \max(x,0)+\max(-x,0)", ["|x|=", "max\u2061(x,0)+max\u2061(−x,0)"]),
        (r"Q(s_t,a_t;\theta)\leftarrow Q+\alpha(r-Q)", ["Q(st,at;θ)←", "Q+α(r−Q)"]),
        (r"n+1\le2p<n+3+4+5+6", ["n+1≤2p<n+3+4+5+6"]),
        (r"n = 3", ["n=3"]),
    ],
)
def test_a_long_formula_breaks_after_relations_outside_brackets(latex, parts):
    made = mathml.pieces(mathml.convert(latex, False))
    assert ["".join(said.itertext()) for said, _ in made] == parts
    for said, drawn in made:
        assert "".join(text for part in drawn for text in part.itertext()) == "".join(said.itertext())


def test_what_is_still_too_long_breaks_within_and_is_said_as_one():
    latex = r"(n-1)s-n+f\le 2p\le ns-n+f-1"
    [(said, drawn)] = mathml.pieces(mathml.convert(latex, False))
    assert "".join(said.itertext()) == "(n−1)s−n+f≤2p≤ns−n+f−1"
    assert ["".join(part.itertext()) for part in drawn] == ["(n−1)s−n+", "f≤2p≤ns−n+", "f−1"]


def test_a_relation_at_the_end_of_a_piece_keeps_its_space():
    first = mathml.pieces(mathml.convert(r"h_t=o_t\odot\tanh(c_t)", False))[0][0]
    assert first[-1].get("form") == "infix"


def test_a_bracket_at_the_end_of_a_piece_stands_close():
    [*_, (_, [last])] = mathml.pieces(
        mathml.convert(r"C(\theta)=\frac12(0.1\,\theta_1^2+4\,\theta_2^2)", False)
    )
    assert last[-1].text == ")"
    assert last[-1].get("form") is None


# --- numbers ----------------------------------------------------------------------------------------------

NUMBERED = r"""# 수식

$$ a = b $$ (first)

$$ c = d $$

\begin{align}
e &= f \label{second} \\
g &= h
\end{align}

\begin{equation}
i = j
\end{equation}

\begin{equation*}
k = l
\end{equation*}

\begin{equation}
m = n \tag{가}
\end{equation}

{eq}`first`과 {eq}`second`를 봅니다.

```{toctree}
other
```
"""

OTHER = "# 다른 글\n\n$$ o = p $$ (third)\n\n{eq}`second` {eq}`third`\n"


@pytest.fixture(scope="module")
def numbered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("numbered")
    build(folder, {"index.md": NUMBERED, "other.md": OTHER})
    return folder


def test_equations_are_numbered_in_order_and_only_where_asked(numbered):
    blocks = re.findall(r'<div class="[^"]*dl-math.*?</div>', body(numbered), re.DOTALL)
    numbers = [re.findall(r'class="eqno">\((.*?)\)<', block) for block in blocks]
    assert numbers == [["1"], [], ["2"], ["3"], [], ["가"]]


def test_a_reference_shows_the_number_and_leads_to_the_formula(numbered):
    for page, links in {
        "index": [("#equation-first", "1"), ("#equation-second", "2")],
        "other": [("index.html#equation-second", "2"), ("#equation-third", "5")],
    }.items():
        found = re.findall(r'href="([^"]*#?equation-[^"]*)"[^>]*>\((\d+)\)', body(numbered, page))
        assert found == links
    for name in ("first", "second"):
        assert body(numbered).count(f'id="equation-{name}"') == 1


def test_two_builds_name_the_numbered_environments_alike(numbered, tmp_path):
    build(tmp_path, {"index.md": NUMBERED, "other.md": OTHER})
    assert body(tmp_path) == body(numbered)


def test_a_number_asked_for_twice_is_an_error(tmp_path):
    page = "# 수식\n\n\\begin{align}\na \\label{x} \\\\ b \\label{y}\n\\end{align}\n\n$$ a \\tag{1} $$ (z)\n"
    errors = errors_of(tmp_path, {"index.md": page})
    assert "index.md:3: ERROR: a block has one number, and here are 2 \\labels: x, y" in errors
    assert "give the formula a label or a \\tag, not both" in errors


# --- formulas that do not convert -------------------------------------------------------------------------

BROKEN = r"""# 수식

첫 줄은 $n$이고
둘째 줄은
셋째 줄의 $\inline$입니다.

$$
a = b +
\block
$$

\begin{align}
a &= \amsmath
\end{align}

| 머리 | 머리 |
|---|---|
| 칸 | $x$ |
| 칸 | $\table$ |

:::{note}
알립니다.

$\admonition$
:::

$\sqrt{♥}$는 읽지 못합니다.

```{eval-rst}
.. automodule:: broken
   :members:
```
"""
MODULE = '''"""A module."""


def function():
    r"""Say something.

    Then :math:`\\docstring` of it.
    """
'''


@pytest.fixture(scope="module")
def errors(tmp_path_factory):
    folder = tmp_path_factory.mktemp("broken")
    said = errors_of(folder, {"index.md": BROKEN, "broken.py": MODULE})
    return [line.replace(str(folder) + "/", "") for line in said.splitlines()]


@pytest.mark.parametrize(
    ("place", "formula"),
    [
        ("index.md:5", r"\inline"),
        ("index.md:8", r"a = b + \block"),
        ("index.md:12", r"\begin{align} a &= \amsmath \end{align}"),
        ("index.md:19", r"\table"),
        ("index.md:24", r"\admonition"),
        ("index.md:27", r"\sqrt{♥}"),
    ],
)
def test_a_formula_that_does_not_convert_is_an_error_at_its_page_and_line(errors, place, formula):
    assert any(
        line.startswith(f"{place}: ERROR: the formula {formula} does not convert: ") for line in errors
    )


def test_a_formula_of_a_docstring_that_does_not_convert_names_the_function_and_the_line(errors):
    assert any(
        "broken.py:docstring of broken.function:3: ERROR" in line and r"\docstring" in line for line in errors
    )


# --- lines ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lines")
    page = r"""# 줄

1: $n$이 2: ($k$)와 3: `code`를 4: $n$ 이 5: ‘$a$·$b$’는 6: $h_t=o_t\odot\tanh(c_t)$입니다.

7: [$x$](https://example.org)가 8: $y$**는**
"""
    build(folder, {"index.md": page})
    return re.sub(r"<math.*?</math>", "M", body(folder))


@pytest.mark.parametrize(
    "kept",
    [
        '1: <span class="dl-keep">M이</span> 2',
        '2: <span class="dl-keep">(M)와</span> 3',
        "를</span> 4: M 이 5",
        '5: <span class="dl-keep">‘M·M’는</span> 6',
        '6: <span class="dl-keep">M</span><wbr><span class="dl-keep">M입니다.</span>',
    ],
)
def test_what_stands_at_a_formula_without_a_space_stays_on_its_line(lines, kept):
    assert kept in lines


def test_code_keeps_its_particle(lines):
    assert re.search(r'3: <span class="dl-keep"><code.*?</code>를</span>', lines)


# --- the font ---------------------------------------------------------------------------------------------


EXERCISE = """
:::{{exercise}}
:label: {name}

얼마입니까?
:::

:::{{solution}} {name}
{style}

$$ x $$ (eq-{name})
:::
"""


def test_only_a_page_that_shows_a_formula_fetches_the_font_ahead(tmp_path):
    pages = {
        "index": "# 하나\n\n$x$\n\n```{toctree}\nnone\nhidden\nfolded\nsolved\n```\n",
        "none": "# 둘\n\n없음\n",
        "hidden": "# 셋\n\n:::{note}\n:class: dropdown\n\n$x$\n:::\n",
        "folded": "# 넷\n" + EXERCISE.format(name="one", style=":class: dropdown"),
        "solved": "# 다섯\n" + EXERCISE.format(name="two", style=""),
    }
    build(tmp_path, {f"{name}.md": text for name, text in pages.items()})
    ahead = {name for name in pages if 'rel="preload"' in mini_site.page(tmp_path, name)}
    assert ahead == {"index", "solved"}
    assert (mini_site.site(tmp_path) / "_static" / "fonts" / "math.woff2").is_file()
