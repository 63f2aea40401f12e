from korean_search.reading import FORMULA, read

PAGE = """
<section id="a"><h1>첫째<a class="headerlink" href="#a">#</a></h1>
<p>한 줄 <b>굵게</b>
이어서.</p>
<div class="lead"><p>먼저 읽을 말</p></div><div class="off"><p>버릴 말</p></div>
<section id="b"><h2>둘째</h2><ul><li>하나</li><li>둘</li></ul>
<table><tr><td>1</td><td>2</td></tr></table></section>
<p>돌아온 말</p>
<p>폭 <math><mi>n</mi><mo>=</mo><mn>8</mn></math>이면</p>
<script>버릴 글</script><svg><text>그림</text><text>글</text></svg>
<dl><dt id="f">f(x)</dt><dd><p>설명</p><dl><dt id="f.g">g</dt><dd>속</dd></dl></dd>
<dt id="h">h</dt><dd>끝</dd></dl>
<p>뒤</p></section>
"""


def sections():
    return {section.anchor: section for section in read(PAGE, {"lead": 3.0, "off": 0.0})}


def texts(anchor):
    return [line.text for line in sections()[anchor].lines]


def test_sections_hold_their_own_lines_in_order():
    assert list(sections()) == ["a", "b", "f", "f.g", "h"]
    assert texts("a")[:3] == ["한 줄 굵게 이어서.", "먼저 읽을 말", "돌아온 말"]
    assert texts("b") == ["하나", "둘", "1 · 2"]


def test_titles_are_the_headings_without_their_links():
    assert [section.title for section in sections().values()] == ["첫째", "둘째", "f(x)", "g", "h"]


def test_described_names_are_sections_and_end_with_their_list():
    assert [section.depth for section in sections().values()] == [1, 2, 2, 3, 2]
    assert texts("f") == ["설명"]
    assert texts("h") == ["끝"]
    assert texts("a")[-1] == "뒤"


def test_classes_weigh_their_text_or_leave_it_out():
    weights = {line.text: line.weight for line in sections()["a"].lines}
    assert weights["먼저 읽을 말"] == 3
    assert weights["돌아온 말"] == 1
    assert weights["그림 글"] < 1
    assert "버릴 말" not in weights
    assert not any("버릴 글" in text for text in weights)


def test_coloured_code_reads_as_it_is_shown_unless_its_colour_is_weighed():
    code = '<span class="k">def</span> <span class="nf">f</span>(x): <span class="s2">&lt;b&gt;</span>'
    assert [line.text for line in read(code, {})[0].lines] == ["def f(x): <b>"]
    assert [line.text for line in read(code, {"nf": 0.0})[0].lines] == ["def (x): <b>"]


def test_formulas_are_marked_off():
    assert f"폭 {FORMULA}n=8{FORMULA}이면" in texts("a")


def test_fractions_and_powers_are_written_in_a_line_as_they_are_read():
    half = "<mfrac><mn>1</mn><mn>2</mn></mfrac>"
    long = "<mfrac><mrow><mi>f</mi><mo>-</mo><mn>1</mn></mrow><mn>2</mn></mfrac>"
    power = "<msup><mn>2</mn><mi>n</mi></msup>"
    angle = "<msup><mn>180</mn><mo>∘</mo></msup>"
    other = "<msup><mi>e</mi><mrow><mo>-</mo><mi>x</mi></mrow></msup>"
    root = "<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt>"
    found = read(f"<p><math>{half},{long},{power},{angle},{other},{root}</math></p>", {})
    assert found[0].lines[0].text == f"{FORMULA}1/2,(f-1)/2,2ⁿ,180°,e^(-x),√(a+b){FORMULA}"


def test_unclosed_elements_do_not_swallow_the_page():
    found = read("<section id=a><h1>하나</h1><p>둘<p>셋</section><p>넷", {})
    assert {section.anchor: [line.text for line in section.lines] for section in found} == {
        "a": ["둘", "셋"],
        "": ["넷"],
    }


def test_indices_are_written_below_where_there_are_such_letters():
    def index(base, below):
        return f"<msub><mi>{base}</mi>{below}</msub>"

    after = "<mrow><mi>t</mi><mo>+</mo><mn>1</mn></mrow>"
    math = [
        index("β", "<mn>1</mn>"),
        index("r", after),
        index("W", "<mtext>in</mtext>"),
        index("f", "<mi>t</mi>"),
    ]
    assert (
        read(f"<p><math>{','.join(math)}</math></p>", {})[0].lines[0].text
        == f"{FORMULA}β₁,rₜ₊₁,W_in,fₜ{FORMULA}"
    )


def test_a_row_is_one_line_whatever_stands_in_its_cells():
    row = "<table><tr><td><p>하나</p></td><td><p>둘</p><p>셋</p></td></tr></table><p>넷</p>"
    assert [line.text for line in read(row, {})[0].lines] == ["하나 · 둘 셋", "넷"]


def test_what_answers_in_short_is_known():
    lines = read("<div class=short><p>하나</p></div><p>둘</p>", {}, ["short"])[0].lines
    assert [line.lead for line in lines] == [True, False]
