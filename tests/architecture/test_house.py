"""Promises about the code itself."""

import ast
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from qms import policy
from qms.core.db import OfficeOwned, db
from qms.core.trigger import NAMES, missing_triggers

ROOT = Path(__file__).parents[2]
MIGRATIONS = ROOT / "qms" / "migrations"


def test_every_permission_is_granted_to_somebody():
    assert set(policy.POLICY) == set(policy.Can), "add the permission to POLICY in qms/policy.py"
    assert all(policy.POLICY.values())


def test_what_cannot_be_seen_cannot_be_done():
    for act, seeing in policy.SEES.items():
        unseen = policy.POLICY[act] - policy.POLICY[seeing] - {policy.Who.ADMIN, policy.Who.ONESELF}
        assert not unseen, f"{act} is granted to {unseen}, who may not {seeing}"


def test_migrations_are_numbered_and_head_names_the_last():
    numbers = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))

    assert numbers == [f"{place:04}" for place in range(1, len(numbers) + 1)]
    assert (MIGRATIONS / "HEAD").read_text() == f"{numbers[-1]}\n", "write the newest number into qms/migrations/HEAD"


def test_the_migrations_make_the_tables_the_models_describe(app):
    difference = compare_metadata(MigrationContext.configure(db.session.connection()), db.metadata)

    assert not difference, "make a migration: `flask db revision`"


def test_the_triggers_of_the_trail_are_in_place(app):
    assert missing_triggers(db.session.connection()) == []
    assert len(NAMES) == 2


def test_every_key_to_an_offices_row_is_a_composite_one(app):
    """A key by id alone could point at another office's parent."""
    owned = {mapper.local_table.name for mapper in db.Model.registry.mappers if issubclass(mapper.class_, OfficeOwned)}
    loose = [
        f"{table.name}.{key.parent.name}"
        for table in db.metadata.tables.values()
        if table.name in owned
        for key in table.foreign_keys
        if key.column.table.name in owned and len(key.constraint.columns) == 1
    ]

    assert loose == [], "use within_office(column, parent)"


def _python_files():
    return [path for path in (ROOT / "qms").rglob("*.py") if "versions" not in path.parts]


@pytest.mark.parametrize("path", _python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_function_is_longer_than_forty_lines(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [
        f"{node.name} {node.end_lineno - node.lineno + 1}" for node in functions if node.end_lineno - node.lineno >= 40
    ]

    assert long == [], "find the second function in it"


def test_nothing_names_a_registry_or_the_workplace():
    needles = ("/work" + "/", "pypi" + ".org", "files.python" + "hosted", "shar" + "ed/data", "farm" + "-studio")
    tracked = [
        p
        for pattern in ("qms/**/*", "templates/**/*", "*.toml", "*.lock", "*.md", ".ci/*", "Makefile")
        for p in ROOT.glob(pattern)
        if p.is_file() and p.suffix in {".py", ".html", ".txt", ".toml", ".lock", ".md", ""}
    ]

    found = [
        f"{path.name}: {needle}"
        for path in tracked
        for needle in needles
        if needle in path.read_text(encoding="utf-8", errors="ignore")
    ]
    assert found == []
