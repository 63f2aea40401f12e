"""The double sum by hand: what the page computes is what the library computes."""

import numpy as np
import pytest

import explorables
from dlnotes.recurrent import kept_terms, path_contributions, rnn, rnn_vjp

NAMES = {
    "np": np,
    "kept_terms": kept_terms,
    "path_contributions": path_contributions,
    "rnn": rnn,
    "rnn_vjp": rnn_vjp,
}


@pytest.fixture(scope="module")
def script():
    return explorables.Script("bptt")


def test_every_setting_gives_what_the_library_gives(script):
    settings = script.reachable("tau", "t")
    assert len(settings) == 31 * 7 * 8 * 2
    for one, told in zip(settings, script.told_of(settings), strict=True):
        w, n, k, partial, result = one["w"], one["n"], one["k"], one["partial"], told["result"]
        ones, how = np.ones((n, 1)), {"activation": "identity"}
        h, pullback = rnn_vjp(ones, [[1.0]], [[w]], **how)
        terms = path_contributions(ones, h, [[w]], partial=partial, **how)[..., 0, 0]
        near = {"rel": 1e-12, "abs": 1e-12 * np.abs(terms).max()}
        assert result["h"][1:] == pytest.approx(h[:, 0], rel=1e-12, abs=1e-12 * max(1, np.abs(h).max()))
        np.testing.assert_allclose(result["path_contributions"], terms, rtol=1e-12, atol=near["abs"])
        assert result["dw_hh"] == pytest.approx(pullback(ones).dw_hh.item(), **near)
        assert result["kept"] == pytest.approx(eval(told["call"], NAMES), **near)
        assert result["kept"] == pytest.approx(terms[kept_terms(n, k)].sum(), **near)
        before = terms[kept_terms(n, k - 1)].sum() if k > 1 else 0
        assert result["before"] == pytest.approx(before, **near)


def test_the_tasks_are_open_at_first_and_can_be_done(script):
    assert script.told({})["tasks"] == [False, False, False]
    assert script.told({"tau": 4, "t": 2})["tasks"] == [True, False, False]
    assert script.told({"w": -0.9, "k": 2})["tasks"] == [False, True, False]
    assert script.told({"partial": "total"})["tasks"] == [False, False, True]


def test_the_sentence_says_the_result(script):
    assert script.told({"n": 3, "t": 2})["said"] == (
        "길을 모두 더한 dW는 3.00입니다. "
        "C3에서 시점 2의 W까지 간 길은 w를 1번 지나, 앞 상태 1.00에 곱해 0.50을 보탭니다."
    )
    assert "오히려 멉니다" in script.told({"w": -0.9, "k": 2})["said"]


def test_a_chosen_cell_stays_in_the_triangle(script):
    assert script.eval("spec.key('ArrowRight', { n: 4, tau: 3, t: 3 })") == {"tau": 3, "t": 3}
    assert script.eval("spec.key('ArrowDown', { n: 4, tau: 8, t: 8 })") == {"tau": 4, "t": 4}
    assert script.eval("spec.key('ArrowUp', { n: 4, tau: 3, t: 3 })") == {"tau": 3, "t": 3}
