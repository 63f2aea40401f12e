import pytest
from docutils import nodes

from dlnotes_site.markup.language import MARK, mark_english, split


def english(text):
    return [piece.astext() for piece in split(text) if isinstance(piece, nodes.inline)]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("합성곱(convolution)은", ["convolution"]),
        ("시간 역전파(backpropagation through time, BPTT)라고", ["backpropagation through time, BPTT"]),
        ("학습률은 learning rate입니다", ["learning rate"]),
        ("Double DQN과 Atari", ["Double DQN"]),
        ("Dive into Deep\nLearning의 절", ["Dive into Deep\nLearning"]),
    ],
)
def test_english_beside_korean_is_marked(text, marked):
    assert english(text) == marked


@pytest.mark.parametrize(
    "text", ["LSTM은", "순환 신경망(RNN)", "torch.nn Conv2d.a", "CNN RNN", "함수 f (x)", "padding은"]
)
def test_a_lone_word_an_abbreviation_and_a_name_in_code_keep_the_korean_voice(text):
    assert not english(text)


def page(*paragraphs):
    document = nodes.document(None, None)
    document += paragraphs
    mark_english(None, document, "page")
    return document


def test_nothing_is_lost_or_added():
    text = "합성곱(convolution)과 receptive field, 그리고 (same padding)."
    assert page(nodes.paragraph("", text)).astext() == text


def test_a_paragraph_without_hangul_is_marked_as_a_whole():
    document = page(
        nodes.paragraph("", "Adam: a method for stochastic optimization."), nodes.paragraph("", "int")
    )
    assert [MARK in node["classes"] for node in document] == [True, False]
    assert not list(document.findall(nodes.inline))


def test_code_is_left_alone():
    document = page(
        nodes.paragraph("", "", nodes.literal("", "for each item")), nodes.literal_block("", "not an item")
    )
    assert MARK not in str(document)
