"""쪽의 그림. 주제마다 모듈이 하나이고, 모두 :class:`~dlnotes.figures.canvas.Picture` 를 돌려줍니다.

수학은 여기에 없습니다. 그림은 라이브러리가 셈한 것을 그리기만 합니다.
"""

from pathlib import Path

# Plain OpenType: Matplotlib does not read WOFF2. tools/fonts.py makes it.
FONT = Path(__file__).parents[1] / "data" / "dlnotes-sans.otf"
