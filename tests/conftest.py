"""Begin with the files that build small sites, so that no worker of pytest-xdist is left alone with one."""

BUILDERS = ("mini_site", "build")  # what these files import


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: not any(hasattr(getattr(item, "module", None), name) for name in BUILDERS))
