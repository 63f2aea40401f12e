"""사이트를 다른 형편에서 다시 지어 모든 파일을 바이트까지 견준다. 사용: make reproduce

셀이 내는 것이 실행할 때마다 같은지는 첫 빌드가 본다: 쪽마다 두 번 실행하고, 다르면 그 셀과 줄을 말한다.
둘째 빌드는 자리, 시간대, 로캘, 해시 씨앗, umask, 일꾼의 수, 홈을 바꾸고 바깥으로 나가는 연결을 막는다.
root이면 다른 사용자로, faketime이 있으면 다른 날에 짓는다.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534
COMMAND = "import sys; sys.path.insert(0, 'tools'); import build; sys.exit(build.sphinx('html', {}))"
# Loaded by every Python of the second build, its kernels included.
ALONE = """
import sys

def refuse(event, arguments):
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(("127.", "::1", "localhost")):
            raise OSError(f"the build connects to {address}")

sys.addaudithook(refuse)
"""


def main() -> int:
    """두 번 짓고 견준다."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as kept:
        os.chmod(kept, 0o755)
        here, there = Path(kept, "here"), Path(kept, "다른 자리", "멀리")
        for folder in (here, there):
            shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns("_build", ".*", "__pycache__"))
        sites = [built_here(here), built_there(there)]
        if None in sites:
            return 1
        told = differences(*(site for site in sites if site))
    for line in told:
        print(f"dlnotes: {line}", file=sys.stderr)
    if not told:
        print("dlnotes: 두 번 지은 사이트가 바이트까지 같습니다.")
    return 1 if told else 0


def built_here(folder: Path) -> Path | None:
    """여기의 형편대로, 쪽마다 두 번 실행하여 짓는다."""
    return built(folder, os.cpu_count() or 1, {"DLNOTES_TWICE": "1", "TZ": "UTC"}, [])


def built_there(folder: Path) -> Path | None:
    """다른 형편에서 짓는다."""
    home = folder.parent / "home"
    home.mkdir()
    (home / "sitecustomize.py").write_text(ALONE, encoding="utf-8")
    changed = {
        "HOME": str(home),
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": str(home),
        "TZ": "Asia/Seoul",
    }
    before = []
    if faketime := shutil.which("faketime"):
        before = [faketime, "-f", "+400d"]
        changed["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
    else:
        print("dlnotes: faketime이 없어 날은 바꾸지 않습니다.")
    user = None
    if os.name == "posix" and os.getuid() == 0:
        user = NOBODY if can_run(NOBODY) else None
        if user is None:
            print("dlnotes: 다른 사용자가 이 가상 환경을 읽을 수 없어 사용자는 바꾸지 않습니다.")
        else:
            for path in (folder.parent, *folder.parent.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
    return built(folder, 1, changed, before, user, 0o077)


def can_run(user: int) -> bool:
    """다른 사용자가 이 파이썬을 돌릴 수 있는가."""
    try:
        return subprocess.run([sys.executable, "-c", "import sphinx"], user=user, check=False).returncode == 0
    except OSError:
        return False


def built(
    folder: Path,
    jobs: int,
    changed: dict[str, str],
    before: list[str],
    user: int | None = None,
    umask: int = -1,
) -> Path | None:
    """한 번 짓고 지은 자리를 돌려준다. 못 지었으면 None."""
    path = os.pathsep.join(filter(None, [changed.get("PYTHONPATH", ""), str(folder / "src")]))
    environment = os.environ | changed | {"PYTHONPATH": path, "PYTHONUTF8": "1"}
    command = [*before, sys.executable, "-c", COMMAND.format(jobs)]
    done = subprocess.run(command, cwd=folder, env=environment, user=user, umask=umask, check=False)
    return folder / "_build" / "html" if done.returncode == 0 else None


def differences(first: Path, second: Path) -> list[str]:
    """두 폴더에서 다른 파일을 말한다."""
    names = [
        {str(path.relative_to(site)) for path in site.rglob("*") if path.is_file()}
        for site in (first, second)
    ]
    told = [f"한 번만 지어졌습니다: {name}" for name in sorted(names[0] ^ names[1])]
    for name in sorted(names[0] & names[1]):
        one, other = ((site / name).read_bytes() for site in (first, second))
        if one != other:
            at = next(
                (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
                min(len(one), len(other)),
            )
            around = slice(max(at - 40, 0), at + 40)
            told.append(f"다릅니다: {name}의 {at}번째 바이트, {one[around]!r}와 {other[around]!r}")
    return told


if __name__ == "__main__":
    sys.exit(main())
