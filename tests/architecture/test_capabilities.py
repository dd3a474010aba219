"""What the tests say about a machine that has no browser or no database server."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from tests.support import postgres as throw_away
from tests.support.postgres import CannotStartError, PostgresServer

ROOT = Path(__file__).parents[2]
PLUGINS = 'pytest_plugins = ["tests.support.capabilities"]\n'
JOURNEYS = "def test_one(chromium): pass\ndef test_two(chromium): pass\n"


def run_journeys_without_a_browser(folder: Path, *, require_all: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(PLUGINS, encoding="utf-8")
    (folder / "test_journeys.py").write_text(JOURNEYS, encoding="utf-8")
    environment = os.environ | {"PATH": str(folder), "PYTHONPATH": str(ROOT), "QMS_REQUIRE_ALL": require_all}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--rootdir={folder}", str(folder)]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


def test_a_machine_without_a_browser_is_told_how_many_tests_did_not_run(tmp_path: Path) -> None:
    run = run_journeys_without_a_browser(tmp_path, require_all="0")

    assert run.returncode == 0
    assert "NOT RUN: 2 browser tests (chromium is not installed)" in run.stdout


def test_where_everything_has_to_run_a_missing_browser_fails_the_tests(tmp_path: Path) -> None:
    run = run_journeys_without_a_browser(tmp_path, require_all="1")

    assert run.returncode == 1
    assert "2 errors" in run.stdout
    assert "QMS_REQUIRE_ALL=1, and chromium is not installed" in run.stdout


def test_a_machine_without_postgresql_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(throw_away, "INSTALLED_UNDER", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CannotStartError, match="postgresql is not installed"):
        throw_away.find_binaries()


def test_root_without_the_servers_account_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(throw_away, "SERVER_ACCOUNT", "nobody-of-this-name")

    with pytest.raises(CannotStartError, match="refuses to run as root"):
        throw_away.find_binaries()


def test_tests_connect_to_postgresql_as_a_role_that_cannot_pass_the_walls(postgres: PostgresServer) -> None:
    query = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"

    with psycopg.connect(postgres.create_database("walls").replace("+psycopg", "")) as connection:
        assert connection.execute(query).fetchone() == (False,)
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("CREATE ROLE somebody")


def test_postgresql_keeps_what_was_committed_before_it_crashed(postgres: PostgresServer) -> None:
    address = postgres.create_database("crash").replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE letter AS SELECT 1 AS id")

    postgres.stop(at_once=True)
    postgres.start()

    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT id FROM letter").fetchall() == [(1,)]
