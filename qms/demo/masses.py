"""Rows by the hundred thousand, written past the verbs and the trail: for measuring only."""

from collections import defaultdict
from typing import Any, Final

from sqlalchemy import Table, func, insert, select, text

from qms.audits.models import Audit, AuditClause, AuditDepartment, AuditMember
from qms.certificates.models import Certificate
from qms.core.db import db
from qms.core.trail import TrailHead
from qms.findings.models import Action, Finding, Round
from qms.offices.models import CauseKind, Department, FindingKind, NumberCounter, Office, OfficeLimit
from qms.people.models import Appointment, Membership, Person
from qms.reports.models import ReportIssue
from qms.training.models import Training

# Each after those it points at.
MODELS: Final = (
    Office,
    TrailHead,
    OfficeLimit,
    NumberCounter,
    Department,
    FindingKind,
    CauseKind,
    Person,
    Membership,
    Appointment,
    Training,
    Certificate,
    Audit,
    AuditDepartment,
    AuditClause,
    AuditMember,
    ReportIssue,
    Finding,
    Round,
    Action,
)
_AT_ONCE: Final = 20_000


class Bulk:
    """Collects rows of many tables and writes them in batches, parents first."""

    def __init__(self) -> None:
        self._rows: dict[type, list[dict[str, Any]]] = defaultdict(list)
        self._waiting = 0
        self.written: dict[type, int] = defaultdict(int)

    def add(self, model: type, **row: Any) -> int:
        """Take a row in and give it the next number of its table; the numbers start with one, so tables are empty.

        Raises `KeyError` for a table that is not written here: its rows would be forgotten.
        """
        if model not in MODELS:
            raise KeyError(model)
        self.written[model] += 1
        self._rows[model].append(row)
        self._waiting += 1
        return self.written[model]

    def add_numbered(self, model: type, **row: Any) -> int:
        """The same for a table whose key is one number of its own."""
        return self.add(model, id=self.written[model] + 1, **row)

    def write_when_full(self) -> None:
        """Write what has gathered, once it is much; only between two things that belong together."""
        if self._waiting >= _AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write what has gathered."""
        connection = db.session.connection()
        for model in MODELS:
            if rows := self._rows.pop(model, None):
                connection.execute(insert(_table(model)), rows)
        self._waiting = 0


def go_on_counting() -> None:
    """Let PostgreSQL count on from the numbers given here."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    for table in map(_table, MODELS):
        if "id" in table.c:
            last = db.session.execute(select(func.max(table.c.id))).scalar() or 1
            sequence = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)")
            db.session.execute(sequence, {"table": table.name, "last": last})


def _table(model: type) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined] # every model has one
    return table
