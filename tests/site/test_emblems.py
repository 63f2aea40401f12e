"""The small drawing beside a page's title."""

from asked import ASKED

from dlnotes_site.share.emblems import drawn, emblem


def test_every_page_of_answers_has_a_drawing():
    for page in ASKED:
        assert drawn(page).decode().startswith("<svg"), page


def test_a_drawing_is_kept_and_is_nothing_where_there_is_none(tmp_path):
    first = emblem("same-padding", tmp_path)
    assert len(list(tmp_path.glob("same-padding-*.svg"))) == 1
    assert emblem("same-padding", tmp_path) == first
    assert emblem("no-such-page", tmp_path) == ""
