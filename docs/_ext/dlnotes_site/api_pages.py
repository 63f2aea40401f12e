"""The pages of the library: one a module, made of what the library holds.

They are written into ``api/`` beside its index before Sphinx looks for pages, and only where their text
changed, so that what did not change is not read again. Git ignores them. The index alone is kept by hand: it
says which module belongs to which subject, and a module that it forgets, or names twice, fails the build.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

FOLDER, INDEX = "api", "api/index"
MADE = re.compile(r"\A---\nmade_of: (\S+)\n---\n")
PAGE = """---
made_of: {module}
---
# {module}

```{{eval-rst}}
.. automodule:: {module}
   :members:
{options}```
"""
APART = """
## {title}

```{{eval-rst}}
.. currentmodule:: {module}
{constants}```
"""


def modules_in(source: Path) -> dict[str, Path]:
    """Name the public modules of the packages in a folder, and their files."""
    files = {
        ".".join(path.relative_to(source).with_suffix("").parts): path
        for path in sorted(source.glob("*/**/*.py"))
    }
    return {name: path for name, path in files.items() if not re.search(r"(^|\.)_", name)}


def page_of(module: str) -> str:
    """Return the name of a module's page: that of the module below its package."""
    return module.partition(".")[2].replace(".", "_")


def constants_in(source: str) -> list[str]:
    """Name the constants of a module that are described: a string stands below each."""
    body = ast.parse(source).body
    found = []
    for node, below in pairwise(body):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        text = below.value if isinstance(below, ast.Expr) else None
        if isinstance(target, ast.Name) and isinstance(text, ast.Constant) and isinstance(text.value, str):
            found.append(target.id)
    return found


def text_of(module: str, source: str, apart: str | None = None) -> str:
    """Write a module's page; its constants stand apart, without values, if there is a title for them."""
    if apart is None:
        return PAGE.format(module=module, options="")
    names = constants_in(source)
    options = f"   :exclude-members: {', '.join(names)}\n"
    constants = "".join(f"\n.. autodata:: {name}\n   :no-value:\n" for name in names)
    return PAGE.format(module=module, options=options) + APART.format(
        title=apart, module=module, constants=constants
    )


def write_pages(app: Sphinx, config: Config) -> None:
    """Write the pages that are not as they should be, and take away those of modules that went."""
    modules = modules_in(Path(app.confdir) / "src")
    for setting in ("api_pages", "api_constants"):
        gone = sorted(set(config[setting]) - set(modules))
        if gone:
            raise ConfigError(f"{setting} in conf.py: there is no module {', '.join(gone)}")
    folder = Path(app.srcdir) / FOLDER
    texts = {
        folder / f"{config.api_pages.get(module, page_of(module))}.md": text_of(
            module, path.read_text(encoding="utf-8"), config.api_constants.get(module)
        )
        for module, path in modules.items()
    }
    if len(texts) < len(modules):
        raise ConfigError("api_pages in conf.py: two modules have one page")
    for path in folder.glob("*.md"):
        if path not in texts and MADE.match(path.read_text(encoding="utf-8")):
            path.unlink()
    for path, text in texts.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def check_index(app: Sphinx, env: BuildEnvironment) -> None:
    """Have every page of a module stand in one group of the index."""
    listed = Counter(env.toctree_includes.get(INDEX, []))
    for page in sorted(name for name in env.found_docs if name.startswith(f"{FOLDER}/") and name != INDEX):
        if listed[page] != 1:
            name, module = page.removeprefix(f"{FOLDER}/"), env.titles[page].astext()
            what = "no group" if not listed[page] else f"{listed[page]} groups"
            logger.error(
                "%s stands in %s: write `%s` into the one toctree of its subject",
                module,
                what,
                name,
                location=INDEX,
            )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.add_config_value("api_pages", {}, "", dict)  # the pages that are not called as their modules
    app.add_config_value("api_constants", {}, "", dict)  # a title where constants stand apart
    app.connect("config-inited", write_pages, priority=500)
    app.connect("env-check-consistency", check_index, priority=500)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
