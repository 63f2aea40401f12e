"""Sphinx가 읽는 설정. 쪽은 docs/에 있고, 사이트의 확장은 docs/_ext/에 있습니다."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "docs" / "_ext"))

from dlnotes_site.answers.asked import absent_from_here, names_of_terms, ways_to_ask, where_to_start
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
    **dict.fromkeys(["dl-about", "dl-bottom", "dl-emblem", "dl-onward", "dl-top", "dl-way-on"], 0),
    **dict.fromkeys(["field-list", "property", "rubric", "sig-param"], 0),
}
korean_search_ranks = {
    "api/*": 0.3,
    "claims": 0.3,
    "errata": 0.3,
    "notation": 0.35,
    "glossary": 0.35,
    "index": 0.35,
}
korean_search_leads = ["dl-short-answer", "dl-terms"]  # 찾은 곳에 그대로 보일 말: 짧은 답과 용어의 풀이
korean_search_signs = ["notation"]  # 기호를 풀이하는 쪽
korean_search_asked = ways_to_ask  # asked.yml
korean_search_absent = absent_from_here  # absent.yml
korean_search_start = where_to_start  # 첫 화면의 {start-here}
korean_search_help = [("질문의 차례", "index"), ("용어집", "glossary")]
SPELLED = (  # 용어는 아니지만 달리 적히는 말
    "표 테이블 table",
    "크기 사이즈 size",
    "층 레이어 layer",
    "모형 모델 model",
    "걸음 스텝 step",
    "행동 액션 action",
    "상태 스테이트 state",
    "행렬 매트릭스 matrix",
    "벡터 vector",
    "잡음 노이즈 noise",
    "정답 레이블 라벨 label",
    "이미지 영상 사진",
    "갱신 업데이트 고치다 update",
    "이웃 주변",
    "오타 오자 틀린",
    "까닭 이유",
    "예제 예시 보기",
    "큐 Q",
    "깊이별 depthwise 채널별",
    "점별 pointwise",
    "YOLO 욜로",
    "MobileNet 모바일넷",
    "이진 흑백 바이너리 binary",
    "유닛 뉴런 unit neuron",
    "LeNet 르넷",
    "Adam 아담",
    "TensorFlow 텐서플로 텐서플로우",
    "PyTorch 파이토치",
    "이중 더블 double",
    "신경망 네트워크 network",
    "입력 인풋 input",
    "출력 아웃풋 output",
    "격자 그리드 grid",
    "상자 박스 box",
    "물체 객체 오브젝트 object",
    "보정 코렉션 correction",
    "번호 첨자 인덱스 index",
    "픽셀 화소 pixel",
    "확률 probability",
    "오차 에러 error",
    "내림 floor 플로어",
    "올림 ceil 실링",
    "온라인 online",
    "선택 selection 셀렉션",
    "평가 evaluation 이밸류에이션",
    "최댓값 최대 max 맥스",
    "분산 variance 베리언스",
    "홀수 odd",
    "짝수 even",
    "근사 approximation 어프록시메이션",
    "초기화 initialization 이니셜라이즈",
    "시점 타임스텝 timestep",
    "정방향 순방향 forward",
    "역방향 backward",
    "예측 prediction 프레딕션",
    "뒤집기 뒤집 반전 flip",
    "표기 notation 노테이션",
    "셀 cell",
    "게이트 gate",
    "함수 function 펑션",
    "평균 mean average",
    "식 공식 수식 formula",
    "개수 갯수",
    "특징 피처 feature",
    "강의노트 강의자료 슬라이드 교안",
    "교과서 교재 책 textbook",
    "논문 페이퍼 paper",
    "차이 차이점 다름 difference",
    "Sutton 서튼 서턴",
    "메모리 memory 용량",
    "겹치 겹침 오버랩 오버래핑 overlap overlapping",
    "볼록 컨벡스 convex",
    "오목 콘케이브 concave",
    "미분 도함수 derivative",
    "차원 디멘션 dimension",
    "깊이 뎁스 depth",
    "너비 폭 width",
    "높이 height",
    "중심 센터 center",
    "좌표 coordinate",
    "부류 클래스 class",
    "단어 워드 word",
    "어휘 단어장 vocabulary",
    "횟수 빈도 카운트 count",
    "쌍 페어 pair",
    "환경 environment",
    "탐욕 그리디 greedy",
    "표본 샘플 sample",
    "제곱 스퀘어 square",
    "최적화 optimization",
    "수렴 convergence converge",
    "발산 divergence diverge",
    "처음 초기 initial",
    "무작위 랜덤 random",
    "학습 훈련 트레이닝 training learning",
    "추론 인퍼런스 inference",
    "분류 classification",
    "지수 exponential",
    "텐서 tensor",
    "프레임워크 framework 라이브러리",
    "연결 커넥션 connection",
    "의존 디펜던시 dependency",
)


def korean_search_synonyms(app):
    """무엇이 같은 말인가: 달리 적히는 말과 용어집의 말."""
    return [*(words.split() for words in SPELLED), *names_of_terms(app)]


html_theme = "sphinx_book_theme"
html_title = "dlnotes: 딥러닝 질문, 계산으로 답하다"
html_short_title = "dlnotes"
# 사이트가 놓일 주소(공유하는 링크, 표준 주소, 소식, 사이트맵). 주지 않으면 404는 이 기계에서 볼 때를 따른다.
html_baseurl = address(os.environ.get(VARIABLE))
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
