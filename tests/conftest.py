"""What of a test runs at every change, and what only with all (make test-full)."""

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Of a test whose every value costs a build, one value is tried at every change."""
    for item in items:
        if item.get_closest_marker("builds") and any(item.callspec.indices.values()):
            item.add_marker(pytest.mark.full)
