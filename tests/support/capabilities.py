"""What the tests need of this machine, and what is said at the end when it has not got it.

With `QMS_REQUIRE_ALL=1` a test that lacks its browser or its database server fails instead of being skipped.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.postgres import CannotStartError, PostgresServer, running_server

REQUIRE_ALL = "QMS_REQUIRE_ALL"
NOT_RUN = "NOT RUN: "
CHROMIUM_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_OPTIONS = (
    "--no-sandbox",  # a container gives the browser no namespaces of its own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def missing(tests: str, reason: str) -> NoReturn:
    """Skip the test that asked, or fail it where everything has to run."""
    if os.environ.get(REQUIRE_ALL) == "1":
        pytest.fail(f"{REQUIRE_ALL}=1, and {reason}", pytrace=False)
    pytest.skip(f"{NOT_RUN}{tests} ({reason})")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = next(filter(None, map(shutil.which, CHROMIUM_COMMANDS)), None)
    if executable is None:
        missing("browser tests", "chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    try:
        with running_server() as server:
            yield server
    except CannotStartError as why:
        missing("tests on PostgreSQL", str(why))


@pytest.fixture(scope="session")
def postgres_url(postgres: PostgresServer) -> str:
    """The address of an empty database, as the application's role, which is no superuser."""
    return postgres.create_database("qms")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what, tests in _not_run(terminalreporter).items():
        terminalreporter.write_line(f"NOT RUN: {tests} {what}", yellow=True, bold=True)


def _not_run(reporter: pytest.TerminalReporter) -> Counter[str]:
    reasons = [report.longrepr[2] for report in reporter.getreports("skipped") if isinstance(report.longrepr, tuple)]
    return Counter(reason.partition(NOT_RUN)[2] for reason in reasons if NOT_RUN in reason)
