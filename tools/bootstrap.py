# -*- coding: utf-8 -*-
"""가상 환경을 만들고 잠금 파일대로 설치한다. 바뀐 것이 없으면 아무것도 하지 않는다.

표준 라이브러리만 쓴다. 너무 낡은 파이썬에서도 읽혀야 까닭을 말할 수 있으므로 옛 문법으로 쓴다.

사용: python3 tools/bootstrap.py [--venv .venv] [--lock requirements.txt] [--plain requirements.in]
"""

import sys

LEAST = (3, 11)
if sys.version_info < LEAST:
    sys.exit(
        "dlnotes: 파이썬 %d.%d을(를) 찾았지만 %d.%d 이상이 필요합니다. 예: make html PYTHON=python3.13"
        % (sys.version_info[0], sys.version_info[1], LEAST[0], LEAST[1])
    )

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import time
from pathlib import Path

if os.name == "nt":
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parent.parent


def fingerprint(files):
    """설치 결과를 정하는 것 전부의 해시: 파이썬, 잠금 파일, 패키지 설정, 체크아웃의 자리."""
    digest = hashlib.sha256(repr((sys.version, sys.base_prefix, str(ROOT))).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def python_of(venv):
    """가상 환경의 파이썬."""
    return venv / ("Scripts" if os.name == "nt" else "bin") / "python"


def site_packages(venv):
    """가상 환경에서 꾸러미가 놓이는 폴더."""
    return [*venv.glob("lib/python*/site-packages"), *venv.glob("Lib/site-packages")]


def contents(venv):
    """설치된 것의 이름들, 꾸러미마다 한 층 아래까지."""
    paths = [path for folder in site_packages(venv) for path in [*folder.glob("*"), *folder.glob("*/*")]]
    return {str(path.relative_to(venv)) for path in paths if path.name != "__pycache__"}


def is_whole(venv, stamp, wanted):
    """바라는 대로 설치되었고, 그 뒤로 없어진 것이 없는가."""
    if not stamp.is_file() or not python_of(venv).exists():
        return False
    installed, _, names = stamp.read_text(encoding="utf-8").partition("\n")
    return installed == wanted and contents(venv).issuperset(names.splitlines())


def say(text):
    """한 줄을 곧바로 알린다."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def run(command):
    """명령을 프로젝트 뿌리에서 돌린다. 실패하면 CalledProcessError."""
    subprocess.run([str(part) for part in command], check=True, cwd=str(ROOT))


def locked(file):
    """파일을 잠근다. 남이 잠갔으면 거짓. 잠근 프로세스가 끝나면 어떻게 끝나든 풀린다."""
    try:
        if os.name == "nt":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def wait_for_turn(venv):
    """다른 make가 같은 환경을 만들고 있으면 끝나기를 기다린다. 돌려준 파일이 닫힐 때까지 차례를 지킨다."""
    path = ROOT / "_build" / (venv.name + ".lock")
    path.parent.mkdir(exist_ok=True)
    file = path.open("a")
    if not locked(file):
        say("dlnotes: 다른 make가 %s를 만들고 있어 끝나기를 기다립니다" % venv.name)
        while not locked(file):
            time.sleep(0.2)
    return file


def make_venv(venv):
    """빈 가상 환경을 새로 만든다."""
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            sys.exit(
                "dlnotes: 이 파이썬(%s)에는 %s 모듈이 없습니다. "
                "데비안·우분투라면 python3-venv 꾸러미를 설치한 뒤 다시 실행하십시오."
                % (sys.executable, module)
            )
    if venv in Path(sys.executable).parents:
        sys.exit(
            "dlnotes: %s의 파이썬으로는 그것을 새로 만들 수 없습니다. make setup을 부르십시오." % venv.name
        )
    shutil.rmtree(str(venv), ignore_errors=True)
    say("dlnotes: 가상 환경을 만듭니다 (%s, 파이썬 %s)" % (venv.name, sys.version.split()[0]))
    run([sys.executable, "-m", "venv", venv])


def install(python, requirements, hashes):
    """요구 목록과 dlnotes를 설치한다. uv가 있으면 uv로, 없거나 실패하면 pip으로."""
    checked = ["--require-hashes"] if hashes else []
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    uv = shutil.which("uv") if hashes else None
    say("dlnotes: %s의 꾸러미를 설치합니다 (%s)" % (requirements.name, "uv" if uv else "pip"))
    if uv:
        try:
            run(
                [uv, "pip", "install", "--compile-bytecode", "--python", python]
                + checked
                + ["-r", requirements]
            )
        except subprocess.CalledProcessError:
            say("dlnotes: uv가 실패하여 pip으로 다시 합니다")
            uv = None
    if not uv:
        # PyTorch's byte code takes long to write, and little of it is read.
        run(pip + (checked or ["--no-compile"]) + ["-r", requirements])
    run(pip + ["--no-deps", "--no-build-isolation", "--no-index", "--editable", "."])
    lead_home(python.parent.parent)


def lead_home(venv):
    """저장소로 가는 길을 상대 경로로 적는다. 로캘이 C이면 파이썬은 한글이 든 .pth를 읽다 죽는다."""
    for folder in site_packages(venv):
        way = os.path.relpath(str(ROOT / "src"), str(folder))
        (folder / "dlnotes.pth").write_text(way + "\n", encoding="ascii")


def main():
    """필요할 때만 설치한다."""
    options = argparse.ArgumentParser()
    options.add_argument("--venv", default=".venv")
    options.add_argument("--lock", default="requirements.txt")
    options.add_argument("--plain", action="store_true", help="해시 없는 목록 (테스트용 PyTorch)")
    chosen = options.parse_args()
    venv, requirements = ROOT / chosen.venv, ROOT / chosen.lock
    stamp = venv / "dlnotes-installed"
    wanted = fingerprint([requirements, ROOT / "pyproject.toml", Path(__file__).resolve()])
    if is_whole(venv, stamp, wanted):
        return
    turn = wait_for_turn(venv)  # noqa: F841
    if is_whole(venv, stamp, wanted):  # 기다리는 사이에 다 되었다
        return
    os.environ["PYTHONUTF8"] = "1"
    make_venv(venv)
    try:
        install(python_of(venv), requirements, hashes=not chosen.plain)
    except subprocess.CalledProcessError as failure:
        sys.exit("dlnotes: 설치하지 못했습니다 (%s)" % failure)
    stamp.write_text("\n".join([wanted, *sorted(contents(venv))]), encoding="utf-8")


if __name__ == "__main__":
    main()
