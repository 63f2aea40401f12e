"""Sphinx를 부르고, 걸린 시간과 열어 볼 곳을 알린다. 사용: python tools/build.py html|epub|serve|linkcheck

마지막으로 잘 끝난 빌드 뒤에 바뀐 것이 하나도 없으면 Sphinx를 부르지 않는다. 바뀌었는지는 내용으로 안다.
무엇을 다시 읽고 무엇을 믿을지는 docs/_ext/dlnotes_site/trust.py가 정한다.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import hashlib
import json
import locale
import multiprocessing
import os
import shutil
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
DOCTREES = BUILD / "doctrees"
STAMP = BUILD / "html.json"
ENTRANCE = BUILD / "html" / "index.html"
CORES = multiprocessing.cpu_count()
FEW = 4  # 이만큼까지는 나누어 하는 수고가 더 크다

Files = dict[str, str]


def sphinx(builder: str, jobs: int, doctrees: Path = DOCTREES) -> int:
    """경고를 오류로 여기며 짓고 종료 코드를 돌려준다. 남은 일꾼은 거둔다."""
    from sphinx.application import Sphinx
    from sphinx.locale import init_console
    from sphinx.util.console import color_terminal, nocolor
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    gc.set_threshold(2_000_000, 20, 20)  # 글은 노드가 수십만 개다. 700개마다 살피면 빌드의 십분의 일이 든다
    with contextlib.suppress(locale.Error):  # LANG이 말하는 로캘이 없는 기계도 있다
        locale.setlocale(locale.LC_ALL, "")
    init_console()
    if not color_terminal():
        nocolor()
    os.umask(os.umask(0) & ~0o055)  # 지은 것은 웹 서버가, 곧 남이 읽는다
    os.chdir(ROOT)
    try:
        with patch_docutils(ROOT), docutils_namespace():
            app = Sphinx(
                ROOT / "docs", ROOT, BUILD / builder, doctrees, builder, warningiserror=True, parallel=jobs
            )
            app.build()
            return app.statuscode
    except (Exception, KeyboardInterrupt) as error:
        print(explained(error), file=sys.stderr)
        return 2
    finally:
        # Sphinx waits at its exit for workers that wait for it, once one of them has failed.
        for worker in multiprocessing.active_children():
            worker.terminate()
        gc.freeze()  # 곧 끝난다. 지은 것을 하나하나 허무는 데 고친 문장 하나를 짓는 값의 육분의 일이 든다


def explained(error: BaseException) -> str:
    """무엇이 잘못되었는지 한 줄로 말한다. 이 프로젝트의 코드가 틀렸으면 그 자리까지 말한다."""
    from sphinx.errors import SphinxError, SphinxParallelError

    if isinstance(error, KeyboardInterrupt):
        return "dlnotes: 그만두었습니다."
    if isinstance(error, SphinxParallelError):  # 다른 프로세스의 오류는 글로만 온다: "모듈.이름: 까닭"
        name = error.message.partition(":")[0]
        kind = getattr(builtins, name, None)
        foreseen = name.startswith(("sphinx.", "dlnotes_site."))
        foreseen |= isinstance(kind, type) and issubclass(kind, OSError)
        return f"dlnotes: {error.message}" if foreseen else str(error.traceback)
    cause = getattr(error, "orig_exc", None) or error
    if isinstance(cause, SphinxError | OSError):
        return f"dlnotes: {cause}"
    return "".join(traceback.format_exception(cause))


# --- 바뀐 것이 있는가 ------------------------------------------------------------------------------


def sources() -> Files:
    """사이트를 정하는 것 전부와 그 내용의 해시."""
    folders = (ROOT / name for name in ("docs", "src", "tests", "tools"))
    paths = [path for folder in folders for path in folder.rglob("*") if "__pycache__" not in path.parts]
    more = ("conf.py", "requirements.txt", "pyproject.toml", "LICENSE")
    paths += [*(ROOT / name for name in more), *other_files()]
    found = {str(path): content(path) for path in sorted(set(paths)) if path.is_file()}
    settings = {
        name: os.environ.get(name) for name in ("DLNOTES_URL", "DLNOTES_REPOSITORY", "SOURCE_DATE_EPOCH")
    }
    return {**found, "설정": repr((sys.version, sys.prefix, settings))}


def other_files() -> list[Path]:
    """쪽의 셀이 연, 다른 자리의 파일."""
    listed = read_json(DOCTREES / "files.json")
    return [Path(path) for path in listed] if isinstance(listed, list) else []


def pages() -> Files:
    """지은 파일 전부와, 손대지 않았음을 알 만한 것."""
    return {
        entry.path: f"{(state := entry.stat()).st_size} {state.st_mtime_ns}" for entry in walk(BUILD / "html")
    }


def walk(folder: Path) -> list[os.DirEntry[str]]:
    """폴더 아래의 파일을 모두 센다."""
    found: list[os.DirEntry[str]] = []
    if folder.is_dir():
        for entry in os.scandir(folder):
            found += walk(Path(entry.path)) if entry.is_dir() else [entry]
    return found


def content(path: Path) -> str:
    """파일의 내용의 해시."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_json(path: Path) -> object:
    """적어 둔 것을 읽는다. 없거나 깨졌으면 아무것도 모르는 것이다."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def jobs_for(before: object, now: Files) -> int:
    """쪽 몇 개의 글만 바뀌었으면 하나로, 아니면 둘 이상으로 짓는다."""
    known = before.get("sources") if isinstance(before, dict) else None
    if not isinstance(known, dict) or not (DOCTREES / "environment.pickle").is_file():
        return CORES
    changed = [path for path in {*known, *now} if known.get(path) != now.get(path)]
    pages_alone = all(path.endswith((".md", ".yml")) for path in changed)
    return 1 if pages_alone and len(changed) <= FEW else CORES


# --- 명령 ------------------------------------------------------------------------------------------


def html() -> int:
    """사이트를 짓는다."""
    started = time.perf_counter()
    before, now = read_json(STAMP), sources()
    unfinished = (DOCTREES / "unfinished.json").is_file()
    if not unfinished and before == {"sources": now, "pages": pages()}:
        print(f"dlnotes: 바뀐 것이 없습니다. 여십시오: {ENTRANCE.relative_to(ROOT)}")
        return 0
    jobs = jobs_for(before, now)
    STAMP.unlink(missing_ok=True)
    status = sphinx("html", jobs)
    took = time.perf_counter() - started
    if status:
        print(f"\ndlnotes: 사이트를 짓지 못했습니다 ({took:.1f}초). 위의 오류를 보십시오.", file=sys.stderr)
        return status
    draft = STAMP.with_suffix(f".{os.getpid()}")
    draft.write_text(
        json.dumps({"sources": now | written_meanwhile(now), "pages": pages()}), encoding="utf-8"
    )
    draft.replace(STAMP)
    print(f"\ndlnotes: {took:.1f}초 걸렸습니다. 여십시오: {ENTRANCE.relative_to(ROOT)}")
    return 0


def written_meanwhile(now: Files) -> Files:
    """지으면서 비로소 생기거나 알게 된 파일: 라이브러리의 쪽과, 셀이 연 파일."""
    known = {*map(str, other_files()), *map(str, (ROOT / "docs" / "api").glob("*.md"))}
    return {path: content(Path(path)) for path in known - set(now) if Path(path).is_file()}


def epub() -> int:
    """전자책을 짓는다. 사이트를 지으며 읽어 둔 것으로 모든 쪽을 처음부터 쓴다."""
    shutil.rmtree(BUILD / "epub", ignore_errors=True)
    return sphinx("epub", CORES)


def serve() -> int:
    """저장할 때마다 다시 짓고 브라우저를 새로 고친다."""
    port = os.environ.get("PORT", "8000")
    if sys.platform == "linux":
        from serve import serve as serve_warm

        return serve_warm(int(port))
    from sphinx_autobuild.__main__ import main as autobuild

    os.chdir(ROOT)
    watch = [part for folder in ("src", "conf.py") for part in ("--watch", folder)]
    options = ["-b", "html", "-W", "-j", "1", "-d", "_build/doctrees", "-c", ".", "--port", port]
    autobuild([*options, *watch, "--ignore", "*/__pycache__/*", "--open-browser", "docs", "_build/html"])
    return 0


def linkcheck() -> int:
    """바깥 링크가 살아 있는지 본다."""
    return sphinx("linkcheck", CORES, BUILD / "doctrees-linkcheck")


ACTIONS: dict[str, Callable[[], int]] = {"html": html, "epub": epub, "serve": serve, "linkcheck": linkcheck}


def main() -> int:
    """명령 하나를 고른다."""
    if len(sys.argv) != 2 or sys.argv[1] not in ACTIONS:
        sys.exit(f"usage: {Path(sys.argv[0]).name} {'|'.join(ACTIONS)}")
    try:
        return ACTIONS[sys.argv[1]]()
    except OSError as error:  # 읽거나 쓸 수 없는 자리, 가득 찬 디스크
        print(explained(error), file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
