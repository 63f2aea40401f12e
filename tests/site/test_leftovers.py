"""Nothing of an earlier build stays among the pages of this one."""

import mini_site

CONF = 'extensions = ["sphinx.ext.autodoc", "sphinx.ext.viewcode", "dlnotes_site.bundle.leftovers"]\n'
INDEX = """
T
=

.. automodule:: leftover_code
   :members:

.. toctree::
   :glob:

   page*
"""
CODE = '"""A module."""\n\n\ndef function():\n    """Do nothing."""\n'


def build(folder, files, *options):
    mini_site.build(folder, files, *options)
    site = mini_site.site(folder)
    return {path.relative_to(site).as_posix() for path in site.rglob("*.html")}


def test_a_build_leaves_the_pages_it_has_and_no_others(tmp_path):
    files = {"conf.py": CONF, "index.rst": INDEX, "page1.rst": "P\n=\n", "leftover_code.py": CODE}
    first = build(tmp_path, files)
    made = {"genindex.html", "py-modindex.html", "search.html"}
    code = {"_modules/index.html", "_modules/leftover_code.html"}
    assert first == {"index.html", "page1.html"} | made | code

    (tmp_path / "page1.rst").rename(tmp_path / "page2.rst")
    assert build(tmp_path, {}) == first - {"page1.html"} | {"page2.html"}
    assert build(tmp_path, {}) == first - {"page1.html"} | {"page2.html"}
    no_modules = "-D", "html_domain_indices=0"
    assert build(tmp_path, {}, *no_modules) == first - {"page1.html", "py-modindex.html"} | {"page2.html"}

    index = {"index.rst": "T\n=\n\n.. toctree::\n\n   page2\n"}
    assert build(tmp_path, index, *no_modules) == {"index.html", "page2.html"} | made - {"py-modindex.html"}
