"""A question that lacks something fails the build, with one line that says what to write, and where."""

import mini_site
import pytest

CONF = """
extensions = ["myst_parser", "dlnotes_site.landing.index"]
myst_enable_extensions = ["colon_fence"]
"""
ANSWER = (
    """# 글

"""
    + mini_site.answer("q01", "첫째", "첫째의 짧은 답입니다.")
    + """
### 보이는 절
"""
)
INDEX = "# 첫 화면\n\n```{question-index}\npage\n```\n\n```{toctree}\npage\n```\n"
FILES = {"conf.py": CONF, "index.md": INDEX, "page.md": ANSWER}


def test_a_whole_answer_is_built(tmp_path):
    mini_site.build(tmp_path, FILES)
    assert 'href="page.html#q01"' in mini_site.page(tmp_path)


def without(text, part):
    start = text.index(f":::{{{part}}}")
    return text[:start] + text[text.index(":::\n", start) + len(":::\n") :]


@pytest.mark.builds
@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        (
            "page.md",
            without(ANSWER, "question"),
            "page.md:6: ERROR: question q01 lacks the part {question}: write :::{question} below its",
        ),
        (
            "page.md",
            without(ANSWER, "teacher"),
            "page.md:6: ERROR: question q01 lacks the part {teacher}: write :::{teacher} below its",
        ),
        (
            "page.md",
            ANSWER.replace("(q01)=\n", ""),
            "page.md:5: ERROR: question q01: write (q01)= above its heading",
        ),
        (
            "page.md",
            ANSWER + "\n(q02)=\n## 둘째\n\n:::{question}\n둘째는요?\n:::\n",
            "page.md:31: ERROR: {question} belongs to no question: write :::{short-answer} qNN below",
        ),
        (
            "index.md",
            INDEX.replace("```{toctree}\npage\n```\n", ""),
            "index.md: ERROR: page page is in no table of contents: write `page` into the toctree of",
        ),
        (
            "index.md",
            INDEX.replace("```{question-index}\npage\n", "```{question-index}\nindex\n"),
            "index.md: ERROR: page page is in no index of questions: write `page` into the {question-index}",
        ),
        (
            "index.md",
            INDEX.replace("```{question-index}\npage\n", "```{question-index}\npage\npaeg\n"),
            "index.md:3: ERROR: no question on paeg",
        ),
    ],
    ids=["question", "teacher", "anchor", "short answer", "toctree", "index", "index of a page that is not"],
)
def test_what_is_forgotten_is_told_in_one_line(tmp_path, name, text, line):
    done = mini_site.attempt(tmp_path, {**FILES, name: text})
    assert done.returncode != 0
    assert done.stderr.count(line) == 1, done.stderr


def test_a_question_that_two_pages_answer_is_told_with_its_place(tmp_path):
    again = {"more.md": ANSWER, "index.md": INDEX.replace("page\n", "page\nmore\n")}
    done = mini_site.attempt(tmp_path, {**FILES, **again})
    assert "page.md:6: ERROR: question q01 also stands in more" in done.stderr


def test_an_index_without_names_holds_every_question(tmp_path):
    mini_site.build(
        tmp_path, {**FILES, "index.md": INDEX.replace("{question-index}\npage", "{question-index}")}
    )
    assert 'href="page.html#q01"' in mini_site.page(tmp_path)


def asked(name, near):
    """Return a page that answers one question, which leads on to others."""
    page = ANSWER.replace("q01", name).replace("## 첫째", f"## 질문 {name}")
    return page.replace(f":::{{short-answer}} {name}\n", f":::{{short-answer}} {name}\n{near}")


THREE = {
    **FILES,
    "index.md": INDEX.replace("page", "one\ntwo\nthree"),
    "one.md": asked("q01", ":next: q02 q03\n\n"),
    "two.md": asked("q02", ":next: q03 q01\n\n"),
    "three.md": asked("q03", ":next: q01 q02\n\n"),
}
del THREE["page.md"]


def test_a_short_answer_leads_on_to_what_one_asks_next(tmp_path):
    mini_site.build(tmp_path, THREE)
    onward = mini_site.page(tmp_path, "two").split('class="dl-onward')[1].split("</p>")[0]
    assert onward.index('href="three.html#q03">질문 q03') < onward.index('href="one.html#q01">질문 q01')
    mini_site.build(tmp_path, {"one.md": THREE["one.md"].replace("질문 q01", "고친 질문")})
    assert 'href="one.html#q01">고친 질문' in mini_site.page(tmp_path, "two").split('class="dl-onward')[1]


@pytest.mark.parametrize(
    ("near", "line"),
    [
        (
            "",
            "question q01 leads on to 0 questions: name two or three, `:next: qNN qNN`, in its {short-",
        ),
        (":next: q02\n\n", "question q01 leads on to 1 questions: name two or three"),
        (":next: q02 q04\n\n", "question q01 leads on to q04: name other questions, each once"),
        (":next: q02 q01\n\n", "question q01 leads on to q01: name other questions, each once"),
        (":next: q02 q02\n\n", "question q01 leads on to q02: name other questions, each once"),
    ],
)
def test_a_question_that_leads_on_to_nothing_fails_the_build(tmp_path, near, line):
    done = mini_site.attempt(tmp_path, {**THREE, "one.md": asked("q01", near)})
    assert done.returncode != 0
    assert f"one.md:6: ERROR: {line}" in done.stderr
