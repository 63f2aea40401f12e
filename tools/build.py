"""Sphinx를 부르고, 걸린 시간과 열어 볼 곳을 알린다. 사용: python tools/build.py html|serve|linkcheck"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
ENTRANCE = BUILD / "html" / "index.html"
ENVIRONMENT = BUILD / "doctrees" / "environment.pickle"


def sphinx(builder: str, module: str = "sphinx", *more: str) -> int:
    """경고를 오류로 여기며 짓고 종료 코드를 돌려준다."""
    command = [sys.executable, "-m", module, "-b", builder, "-W", "-j", "auto", "-d", "_build/doctrees"]
    command += ["-c", ".", *more, "docs", f"_build/{builder}"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def html() -> int:
    """사이트를 짓는다."""
    started = time.perf_counter()
    status = sphinx("html")
    took = time.perf_counter() - started
    if status:
        # Sphinx warns once, as it reads a page: forget what was read, so that the next build warns again.
        ENVIRONMENT.unlink(missing_ok=True)
        print(f"\ndlnotes: 사이트를 짓지 못했습니다 ({took:.1f}초). 위의 오류를 보십시오.", file=sys.stderr)
    else:
        print(f"\ndlnotes: {took:.1f}초 걸렸습니다. 여십시오: {ENTRANCE.relative_to(ROOT)}")
    return status


def serve() -> int:
    """저장할 때마다 다시 짓고 브라우저를 새로 고친다."""
    watch = [part for folder in ("src", "conf.py") for part in ("--watch", folder)]
    return sphinx("html", "sphinx_autobuild", *watch, "--ignore", "*/__pycache__/*", "--open-browser")


def main() -> int:
    """명령 하나를 고른다."""
    actions = {"html": html, "serve": serve, "linkcheck": lambda: sphinx("linkcheck")}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        sys.exit(f"usage: {Path(sys.argv[0]).name} {'|'.join(actions)}")
    return actions[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(main())
