"""Results between builds: one JSON file a key, written whole or not at all, and checked when read."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from sphinx.util import logging

logger = logging.getLogger(__name__)

SEAL = "digest"


def write(path: Path, content: dict[str, Any]) -> None:
    """Write a file with a digest of what it holds; another process sees the old one or the new one."""
    write_whole(path, json.dumps({SEAL: digest_of(content), **content}, ensure_ascii=False))


def write_whole(path: Path, text: str) -> None:
    """Put a file in the place of another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(path)


def read(path: Path) -> dict[str, Any] | None:
    """Return what a file holds, or None where it is not there or broken, which is told."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.pop(SEAL) == digest_of(content):
            return dict(content)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    logger.info("dlnotes: 보관한 파일이 깨져 다시 만듭니다: %s", path)
    return None


def digest_of(content: dict[str, Any]) -> str:
    """Return what tells a whole file from a broken one."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
