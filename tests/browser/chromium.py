"""브라우저 테스트와 PDF 인쇄가 모는 크로뮴을 찾는다. 내려받지는 않는다.

사용: python3 tests/browser/chromium.py (찾은 것을 적고 0, 없으면 까닭을 적고 1)
"""

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "크로뮴이 없어 브라우저 테스트도 PDF도 하지 못했습니다. 데비안·우분투라면 apt-get install chromium, "
    "다른 곳이라면 설치한 뒤 DLNOTES_CHROMIUM에 그 자리를 적어 주십시오."
)


def find():
    """크로뮴의 자리, 없으면 None."""
    chosen = os.environ.get("DLNOTES_CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    return next(filter(None, map(shutil.which, NAMES)), None)


if __name__ == "__main__":
    sys.exit(print(find()) if find() else MISSING)
