"""The figure helper."""

import re
from contextlib import suppress

import pytest

from dlnotes.figures import canvas as c


def drawing(text="입력"):
    with c.canvas(120, 60) as (ax, picture):
        c.cell(ax, 10, 10, 32, "input", text)
        c.cell(ax, 62, 10, 32, "output")
        c.arrow(ax, (42, 26), (62, 26))
    return picture.panels[0]


def luminance(color):
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", ["#ffffff", "#121212"])
@pytest.mark.parametrize("role", c.COLORS)
def test_role_colours_stand_out_on_light_and_dark(role, ground):
    assert contrast(c.COLORS[role], ground) >= 3


def test_roles_are_told_apart_without_colour():
    assert len(set(c.MARKERS.values())) == len(c.MARKERS) == len(c.COLORS)
    shapes = set()
    for role in ("input", "kernel", "output", "gradient", "reference"):
        with c.canvas(40, 40) as (ax, picture):
            c.cell(ax, 5, 5, 30, role)
        shapes.add(re.sub(r"#[0-9a-f]{6}|d[0-9a-f]{8}", "", picture.panels[0]))
    assert len(shapes) == 5


def test_the_same_drawing_gives_the_same_bytes():
    assert drawing() == drawing()
    assert drawing() != drawing("출력")


def test_ink_follows_the_page():
    svg = drawing()
    assert "currentColor" in svg
    assert c.INK not in svg
    assert "#000000" not in svg


def test_words_stay_words_in_the_page_s_own_font():
    svg = drawing()
    assert re.search(r"<text[^>]*>입력</text>", svg)
    assert "font-family" not in svg
    assert "dlnotes" not in svg
    assert "font-size: 12.5px" in svg


def test_ids_of_different_pictures_do_not_meet():
    with c.canvas(100, 80, plot=True) as (ax, one):
        ax.plot([0, 1], [0, 1])
    with c.canvas(100, 80, plot=True) as (ax, two):
        ax.plot([0, 1], [1, 0])
    ids = [set(re.findall(r' id="([^"]+)"', picture.panels[0])) for picture in (one, two)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for picture, own in zip((one, two), ids, strict=True):
        assert set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", picture.panels[0])) <= own


def test_a_glyph_that_the_font_lacks_is_refused_in_ticks_too():
    with pytest.raises(ValueError, match=r"no glyph for 'ก' \(U\+0E01\)"):
        drawing("ก")
    with pytest.raises(ValueError, match=r"U\+0E01"), c.canvas(100, 80, plot=True) as (ax, _):
        ax.set_xticks([0, 1], ["가", "ก"])


def test_a_picture_is_filled_when_its_canvas_is_left():
    with c.canvas(40, 20) as (ax, picture):
        c.write(ax, 20, 10, "입력")
        assert picture.panels == ()
    assert len(picture.panels) == 1
    assert "입력" in picture.panels[0]


def test_a_drawing_that_raises_fills_no_picture():
    with suppress(ZeroDivisionError), c.canvas(40, 20) as (_, picture):
        _ = 1 / 0
    assert picture == c.Picture(())


def test_a_panel_wider_than_a_phone_is_refused():
    with (
        pytest.raises(ValueError, match="width must be between 1 and 320 pixels, got 321"),
        c.canvas(321, 10),
    ):
        pass


def test_pictures_join_their_panels():
    with c.canvas(20, 20) as (_, one):
        pass
    both = one + one
    assert len(both.panels) == 2
    assert both._repr_html_().count("<svg") == 2
    assert both._repr_html_().startswith('<div class="dl-picture">')
