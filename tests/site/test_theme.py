"""The frame around every page."""

import mini_site

CONF = """
extensions = ["sphinx.ext.autodoc", "sphinx.ext.viewcode", "sphinx_exercise"]
extensions += ["dlnotes_site.theme.frame"]
html_theme = "sphinx_book_theme"
templates_path = ["templates"]
html_title = "{title}"


def setup(app):
    app.connect("config-inited", lambda _, config: config.templates_path.append("late"))
"""
SCRIPTS = '{% include "early.js" %}{% include "late.js" %}'
FRAME = '{% extends "!layout.html" %}{% block extrahead %}' + SCRIPTS + "{% endblock %}"
FILES = {
    "conf.py": CONF.format(title="처음"),
    "templates/layout.html": FRAME,
    "templates/early.js": "// 처음",
    "late/late.js": "",
    "index.rst": "T\n=\n\n.. toctree::\n\n   page\n",
    "page.rst": "P\n=\n\n.. automodule:: framed\n   :members:\n",
    "src/framed.py": '"""A module."""\n\n\ndef function():\n    """Do nothing."""\n',
}
PAGES = ("index", "page", "_modules/framed")


def test_every_page_is_written_again_when_a_setting_or_a_script_of_the_frame_changes(tmp_path):
    mini_site.build(tmp_path, FILES)
    mini_site.build(tmp_path, {"conf.py": CONF.format(title="나중")})
    for name in PAGES:
        assert "나중</title>" in mini_site.page(tmp_path, name)
    mini_site.build(tmp_path, {"templates/early.js": "// 다음"})
    for name in PAGES:
        assert "// 다음" in mini_site.page(tmp_path, name)
    mini_site.build(tmp_path, {"late/late.js": "// 늦게"})
    for name in PAGES:
        assert "// 늦게" in mini_site.page(tmp_path, name)


def test_the_note_of_the_settings_is_the_same_in_whatever_folder_the_site_is_built(tmp_path):
    conf = CONF.format(title="처음").replace('"templates"', 'str(Path(__file__).parent / "templates")')
    notes = []
    for folder in (tmp_path / "here", tmp_path / "다른 자리" / "멀리"):
        mini_site.build(folder, {**FILES, "conf.py": f"from pathlib import Path\n{conf}"})
        notes.append((mini_site.site(folder) / ".buildinfo").read_bytes())
    assert notes[0] == notes[1]
