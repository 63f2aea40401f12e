"""A picture on any page is said in words, has a size and stands in this site; a page's HTML is at rest."""

import mini_site
import pytest

CONF = (
    'extensions = ["myst_parser", "dlnotes_site.markup.images"]\nmyst_enable_extensions = ["colon_fence"]\n'
)
SIZES = ":width: 10px\n:height: 10px\n"
PNG = "data:image/png;base64,iVBORw0KGgo="
SOUND = {
    "a directive": f":::{{image}} dot.svg\n:alt: 점 하나\n{SIZES}:::",
    "raw": '```{raw} html\n<img src="_static/dot.svg" alt="점 하나" width="9" height="9">\n```',
    "inline": f'글 <img src="{PNG}" alt="점" width="9" height="9"> 글',
    "another tag": '<section data-on="1" class="on">글</section>',
}
FAULTS = {
    "markdown without words": ("![](dot.svg)", "needs an alternative text"),
    "markdown without a size": ("![점 하나](dot.svg)", "needs a width and a height"),
    "a directive without words": (f":::{{image}} dot.svg\n{SIZES}:::", "needs an alternative text"),
    "blank words": (f":::{{figure}} dot.svg\n:alt: ' '\n{SIZES}:::", "needs an alternative text"),
    "one size": (":::{image} dot.svg\n:alt: 점\n:width: 9px\n:::", "needs a width and a height"),
    "elsewhere": (
        f":::{{image}} https://example.org/a.svg\n:alt: 점\n{SIZES}:::",
        "must stand in this site, not elsewhere",
    ),
    "raw without words": ('<img src="dot.svg" width="9" height="9">', "needs an alternative text"),
    "raw without a size": ('글 <img src="dot.svg" alt="점"> 글', "needs a width and a height"),
    "raw elsewhere": (
        '<img src="//example.org/a.svg" alt="점" width="9" height="9">',
        "must stand in this site, not elsewhere",
    ),
    "a frame elsewhere": (
        '<iframe src="HTTPS://example.org/"></iframe>',
        "<iframe> must not fetch HTTPS://example.org/ from elsewhere",
    ),
    "an event": ('<p onclick="go()">글</p>', "<p> must not have the event attribute onclick"),
    "an event in a line": (
        '글 <b OnMouseOver="go()">글</b>',
        "<b> must not have the event attribute onmouseover",
    ),
}


def files(body):
    dot = '<svg xmlns="http://www.w3.org/2000/svg"/>'
    return {"conf.py": CONF, "index.md": f"# 쪽\n\n글.\n\n{body}\n", "dot.svg": dot}


@pytest.mark.parametrize("body", SOUND.values(), ids=SOUND.keys())
def test_what_has_all_is_built(tmp_path, body):
    mini_site.build(tmp_path, files(body))


@pytest.mark.builds
@pytest.mark.parametrize(("body", "told"), FAULTS.values(), ids=FAULTS.keys())
def test_what_lacks_something_fails_with_page_and_line(tmp_path, body, told):
    done = mini_site.attempt(tmp_path, files(body))
    assert done.returncode == 1
    (line,) = (line for line in done.stderr.splitlines() if told in line)
    assert "index.md:5: ERROR: " in line
