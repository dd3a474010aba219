"""Fixtures for all tests; each lives in `tests/support`."""

pytest_plugins = [
    "tests.support.capabilities",
    "tests.support.figures",
    "tests.support.application",
    "tests.support.browser",
]
