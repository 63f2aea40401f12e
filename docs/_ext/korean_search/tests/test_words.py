from korean_search.words import ENDINGS, cuts, normalize, stems, tokens


def test_a_text_is_cut_where_the_script_changes():
    assert tokens("LSTM게이트와 Conv2d층") == ["lstm", "게이트와", "conv2d", "층"]


def test_numbers_lose_their_separators_and_keep_their_point():
    assert tokens("3,216개와 0.01, 1,2") == ["3216", "개와", "0.01", "1", "2"]


def test_a_product_is_a_word_and_so_are_its_factors():
    assert tokens("5×5·3 3 x 3") == ["5x5x3", "5", "5", "3", "3x3", "3", "3"]
    assert tokens("3,216 · 608") == ["3216", "608"]  # two cells of a table


def test_a_number_is_kept_with_its_sign_however_that_is_written():
    assert tokens("180° 180^∘ 180도") == ["180°", "180", "180°", "180", "180"]
    assert tokens("10% 10 퍼센트 0.27%") == ["10%", "10", "10%", "10", "0.27"]
    assert tokens("1/2이 ½ (n+1)/2") == ["1/2", "1", "2", "1/2", "1", "2", "n", "1", "2"]


def test_powers_and_names_with_a_number_are_the_same_in_every_notation():
    assert set(tokens("2ⁿ 2^n 2^{n} 2의 n제곱")) == {"2^n", "2"}
    assert set(tokens("rₜ₊₁ r_t r_{t}")) == {"rt", "1"}
    assert set(tokens("β₁ β_1 β1")) == {"β1"}


def test_a_name_is_found_whole_and_in_parts():
    assert tokens("same_padding()") == ["same_padding", "same", "padding"]


def test_a_particle_on_a_number_or_a_name_is_no_word():
    assert tokens("608은 LSTM의 (convolution)은") == ["608", "lstm", "convolution"]
    assert tokens("은 식당") == ["은", "식당"]


def test_full_width_and_decomposed_forms_are_the_plain_ones():
    assert normalize("ＬＳＴＭ") == "lstm"
    assert tokens("패딩") == ["패딩"]
    assert tokens("β₂") == ["β2"]


def test_stems_are_believed_when_they_stand_alone_or_take_two_endings():
    assert stems(["패딩을", "패딩"])["패딩을"] == "패딩"
    assert {stems(["보폭이", "보폭을"])[word] for word in ("보폭이", "보폭을")} == {"보폭"}
    assert stems(["나무가"])["나무가"] == "나무가"


def test_a_word_that_takes_endings_is_not_cut_itself():
    kept = stems(["차이", "차이가", "차이를", "차"])
    assert kept["차이"] == "차이"
    assert kept["차이가"] == "차이"


def test_known_words_are_cut_to_and_never_cut():
    assert stems(["기울기가"], frozenset(["기울기"]))["기울기가"] == "기울기"
    assert stems(["정도", "정", "정은"], frozenset(["정도"]))["정도"] == "정도"


def test_polite_verbs_are_left_out():
    assert stems(["나눕니다"])["나눕니다"] == ""


def test_verbs_that_join_sentences_are_left_out_but_not_short_words():
    assert stems(["꺾였으므로"])["꺾였으므로"] == ""
    assert stems(["다면"])["다면"] == "다면"


def test_the_longest_ending_is_tried_first():
    assert [ending for _stem, ending in cuts("합성곱에서는")] == ["에서는", "는"]
    assert {"에서는", "으로도", "입니다"} <= ENDINGS
