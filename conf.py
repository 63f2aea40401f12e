"""Sphinx가 읽는 설정. 쪽은 docs/에 있고, 사이트의 확장은 docs/_ext/에 있습니다."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "docs" / "_ext"))

from dlnotes_site.answers.asked import absent_from_here, ways_to_ask, where_to_start, words_for_one_thing
from dlnotes_site.share.address import REPOSITORY, VARIABLE, address, path_of_missing_pages, repository

project = "dlnotes"
author = "dlnotes contributors"
copyright = "2026, dlnotes contributors · 글_CC_BY_4.0 · 코드_MIT".replace("_", "\N{NO-BREAK SPACE}")
language = "ko"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_exercise",
    "sphinxcontrib.bibtex",
    "dlnotes_site",
    "korean_search",
]

exclude_patterns = ["_ext", "conftest.py"]
html_context = {"default_mode": "light"}  # where scripts are off, bundle.css has it follow the system
html_copy_source = False
html_domain_indices = False  # the library's page lists its modules
nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", r"(numpy|np|matplotlib|collections|fractions|typing|numpy\.typing)\..*"),
    ("py:class", r"(ndarray|array_like)"),  # numpydoc's words for what NumPy takes and gives
]
show_warning_types = True

# 쪽: 읽고 실행하는 일은 dlnotes_site.execution이 맡고, MyST-NB는 그 결과를 그린다.
myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 0
nb_custom_formats = {".md": ("dlnotes_site.execution.read_page", {}, False)}
nb_execution_mode = "off"
nb_ipywidgets_js = {}
nb_merge_streams = True
nb_output_stderr = "error"

html_math_renderer = "mathml"

numfig = True
numfig_format = {"figure": "그림 %s", "table": "표 %s", "code-block": "코드 %s", "section": "%s절"}

# 라이브러리 설명: 쪽은 모듈마다 지어지고(dlnotes_site.api_pages), docs/api/index.md가 차례를 정한다.
api_pages = {  # 모듈의 이름이 바뀌었어도 쪽의 주소는 그대로 둔다
    "dlnotes.figures.same_padding": "figures_padding",
    "dlnotes.figures.lenet_parameters": "figures_lenet",
    "dlnotes.figures.convolution_kinds": "figures_kinds",
    "dlnotes.figures.convolution_correlation": "figures_correlation",
    "dlnotes.figures.yolo_grid": "figures_yolo",
    "dlnotes.figures.skip_gram": "figures_skipgram",
    "dlnotes.figures.q_table": "figures_qtable",
    "dlnotes.figures.double_q_learning": "figures_doubleq",
    "dlnotes.figures.reward_notation": "figures_rewards",
}
api_constants = {"dlnotes.networks": "망"}  # 상수를 값 없이 따로 모을 모듈과 그 절의 제목
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_use_type_comments = False
autodoc_typehints = "none"  # the docstrings say the types, shapes and units
add_module_names = False
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_param = False
napoleon_use_ivar = True

bibtex_bibfiles = ["docs/references.bib"]

errata_file = "errata.yml"

# 검색: 어느 자리의 말을 더 치는가(0은 찾지 않음), 어느 쪽을 뒤에 두는가, 무엇이 같은 말인가
korean_search_weights = {
    "dl-short-answer": 4,
    "dl-question": 2.5,
    "dl-summary": 2.5,
    "dl-disputed": 2,
    "dl-teacher": 1.5,
    "dl-correction": 1.5,
    "cell_output": 0.5,
    "footnote-list": 0.3,
    **dict.fromkeys(["admonition-title", "cell_input", "dl-marks", "dl-tip", "doctest"], 0),
    **dict.fromkeys(["dl-check", "dl-downloads", "dl-glance", "dl-guess", "dl-self-test"], 0),
    **dict.fromkeys(["dl-about", "dl-bottom", "dl-emblem", "dl-onward", "dl-top", "dl-way-on"], 0),
    **dict.fromkeys(["field-list", "property", "rubric", "sig-param"], 0),
}
korean_search_ranks = {
    "api/*": 0.3,
    "at-a-glance": 0.35,
    "claims": 0.3,
    "errata": 0.3,
    "notation": 0.35,
    "glossary": 0.35,
    "index": 0.35,
    "self-test": 0.35,
    "downloads": 0.35,
}
korean_search_leads = ["dl-short-answer", "dl-terms"]  # 찾은 곳에 그대로 보일 말: 짧은 답과 용어의 풀이
korean_search_signs = ["notation"]  # 기호를 풀이하는 쪽
korean_search_asked = ways_to_ask  # asked.yml
korean_search_absent = absent_from_here  # absent.yml
korean_search_start = where_to_start  # 첫 화면의 {start-here}
korean_search_help = [("질문의 차례", "index"), ("용어집", "glossary")]
korean_search_synonyms = words_for_one_thing  # spelled.yml과 용어집

html_theme = "sphinx_book_theme"
html_title = "dlnotes: 딥러닝 질문, 계산으로 답하다"
html_short_title = "dlnotes"
# 사이트가 놓일 주소(공유하는 링크, 표준 주소, 소식, 사이트맵). 주지 않으면 404는 이 기계에서 볼 때를 따른다.
html_baseurl = address(os.environ.get(VARIABLE))
library_url = html_baseurl if os.environ.get(VARIABLE) else ""  # 노트북이 라이브러리를 받을 곳
# 틀린 곳을 알리고 코드를 볼 곳. 없으면 그리로 가는 링크도 없다.
repository_url = repository(os.environ.get(REPOSITORY), ROOT / "pyproject.toml")
notfound_urls_prefix = path_of_missing_pages(os.environ.get(VARIABLE))
notfound_template = "404.html"
notfound_context = {"title": "글을 찾을 수 없습니다"}
html_show_sphinx = False
html_last_updated_fmt = None
html_sidebars = {"**": ["sidebar-nav-bs.html"]}  # 이름과 검색은 쪽머리에
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
