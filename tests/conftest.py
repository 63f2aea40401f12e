"""Which tests come first, and which are for make test-full alone."""

import pytest

BUILDERS = ("mini_site", "build")  # what the files that build small sites import


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Begin with the files that build, so that no worker of pytest-xdist is left alone with one.

    Of a test whose every value costs a build, one value is tried at every change.
    """
    items.sort(key=lambda item: not any(hasattr(getattr(item, "module", None), name) for name in BUILDERS))
    for item in items:
        if item.get_closest_marker("builds") and any(item.callspec.indices.values()):
            item.add_marker(pytest.mark.full)
