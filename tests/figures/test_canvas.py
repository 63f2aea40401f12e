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


def meet(draw, **kind):
    with c.canvas(120, 60, **kind) as (ax, _):
        draw(ax)


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (
            lambda ax: [c.write(ax, 60, 20, "하나"), c.write(ax, 70, 24, "둘")],
            r"text '둘' .* meets text '하나'",
        ),
        (
            lambda ax: [ax.plot([0, 120], [20, 20]), c.write(ax, 60, 20, "선")],
            r"text '선' .* meets a line at",
        ),
        (
            lambda ax: [ax.plot([0, 120], [20, 20]), ax.text(60, 45, "돌린 글", rotation=90)],
            r"text '돌린 글' .* meets a line at",
        ),
        (lambda ax: [ax.plot(60, 20, "o"), c.write(ax, 60, 20, "점")], r"text '점' .* meets a marker at"),
        (lambda ax: c.cell(ax, 10, 10, 20, "input", "긴 이름"), r"text '긴 이름' .* meets a line at"),
        (lambda ax: c.write(ax, 118, 20, "밖"), r"text '밖' .* leaves the picture of 120×60"),
        (
            lambda ax: [c.arrow(ax, (0, 20), (120, 20)), c.write(ax, 60, 20, "살")],
            r"text '살' .* meets a line",
        ),
    ],
    ids=[
        "text",
        "line",
        "line under turned text",
        "marker",
        "edge of its cell",
        "edge of the picture",
        "arrow",
    ],
)
def test_a_label_that_stands_on_something_is_refused(draw, said):
    with pytest.raises(ValueError, match=said):
        meet(draw)


def test_ticks_and_axes_are_seen_too():
    def draw(ax):
        ax.set(xticks=[0, 0.01], xticklabels=["하나", "둘"], xlim=(0, 1))

    with pytest.raises(ValueError, match=r"text '둘' .* meets text '하나'"):
        meet(draw, plot=True)
    with pytest.raises(ValueError, match=r"text '축' .* meets a line"):
        meet(lambda ax: ax.text(0, 0.5, "축", ha="center"), plot=True)


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: c.cell(ax, 10, 10, 40, "kernel", "속"),
        lambda ax: [ax.axvspan(20, 100, alpha=0.2, linewidth=0), c.write(ax, 60, 20, "띠")],
        lambda ax: [ax.plot([0, 120], [40, 40]), c.write(ax, 60, 20, "위")],
        lambda ax: [ax.plot([0, 120], [20, 20]), c.dot(ax, 60, 20, 14, "kernel"), c.write(ax, 60, 20, "×")],
    ],
    ids=["within its cell", "on a tint", "above a line", "on a disc that hides a line"],
)
def test_a_label_with_room_is_drawn(draw):
    meet(draw)


@c.in_two_widths
def line(width=None):
    with c.canvas(width or c.room(), 20) as (ax, picture):
        ax.plot([0, 100], [10, 10])
    return picture


def sizes(html):
    return [float(width) for width in re.findall(r'<svg[^>]* width="([\d.]+)"', html)]


def test_a_lone_picture_is_there_in_two_widths_and_one_is_hidden_where_no_style_is():
    picture = line()
    assert len(picture.panels) == len(picture.wide) == 1
    html = picture._repr_html_()
    narrow, wide = sizes(html)
    assert narrow == 320
    assert 0.95 * 680 <= wide <= 680
    assert re.findall(r'<div class="dl-panels (dl-\w+) [^"]*"( hidden)?>', html) == [
        ("dl-narrow", " hidden"),
        ("dl-wide", ""),
    ]


def test_panels_that_fill_a_row_are_there_once():
    html = (line() + line())._repr_html_()
    assert sizes(html) == pytest.approx([334] * 2)
    assert "dl-rows-of-2" in html
    assert " hidden>" not in html


@pytest.mark.parametrize(("count", "columns"), [(2, 2), (4, 2), (6, 2)])
def test_no_panel_stands_alone_in_its_row(count, columns):
    picture = sum([line()] * (count - 1), start=line())
    assert f"dl-rows-of-{columns}" in picture._repr_html_()


def test_three_panels_of_a_phone_s_width_are_drawn_wide_one_below_the_other():
    html = (line() + line() + line())._repr_html_()
    assert html.count("dl-rows-of-1") == 2
    assert sizes(html)[3:] == pytest.approx([680] * 3, rel=0.02)


@pytest.mark.parametrize(("width", "pairs"), [(148, True), (200, False)])
def test_small_panels_stand_two_up_on_a_phone(width, pairs):
    with c.canvas(width, 20) as (_, small):
        pass
    assert ("dl-pairs" in (small + small)._repr_html_()) == pairs
    assert "dl-pairs" not in small._repr_html_()


@pytest.mark.parametrize(
    ("count", "form"), [(3, "dl-triples"), (6, "dl-triples"), (2, "dl-pairs"), (4, "dl-pairs")]
)
def test_none_of_three_small_panels_stands_alone_on_a_phone(count, form):
    with c.canvas(c.third_room(), 20) as (_, small):
        pass
    html = sum([small] * (count - 1), start=small)._repr_html_()
    assert [name for name in ("dl-pairs", "dl-triples") if name in html] == [form]


def test_an_exponent_can_be_read_on_a_phone():
    with c.canvas(200, 120, plot=True) as (ax, picture):
        ax.semilogy([0, 1], [1e-9, 1e6])
    sizes = {float(size) for size in re.findall(r"font-size: ([\d.]+)px", picture.panels[0])}
    assert min(sizes) == c.SMALL >= 11


def test_a_panel_is_never_blown_up():
    with c.canvas(60, 20) as (_, small):
        pass
    assert max(sizes((small + small)._repr_html_())) <= 1.36 * 60
    assert c.SIZE * 1.36 <= 17


def test_a_width_s_room_is_left_as_it_was_found():
    @c.in_two_widths
    def broken():
        assert c.room() == c.WIDEST
        raise ZeroDivisionError

    with suppress(ZeroDivisionError):
        broken()
    assert c.room() == c.WIDEST
    line()
    assert c.room() == c.WIDEST
