"""How the days of an audit came about: when it was first to be held, how often it was moved, by whom and why."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, select

from qms.audits.models import Audit
from qms.core.db import db
from qms.core.trail import TrailEntry
from qms.people import queries as people


@dataclass(frozen=True)
class Move:
    """One change of the days; those from before it, and why."""

    starts_on: date
    ends_on: date
    at: datetime
    who: str
    reason: str


_ENTRIES: Final = (
    select(TrailEntry)
    .where(
        TrailEntry.chain == bindparam("office_id"),
        TrailEntry.about == Audit.__tablename__,
        TrailEntry.row_id == bindparam("row_id"),
        TrailEntry.action == "changed",
    )
    .order_by(TrailEntry.seq.desc())
)


def moves_of(audit: Audit) -> list[Move]:
    """Each move of the audit, the latest first; the last one tells the days that were first planned."""
    entries = list(db.session.scalars(_ENTRIES, {"office_id": audit.office_id, "row_id": str(audit.id)}))
    moved = [entry for entry in entries if entry.after.keys() & {"starts_on", "ends_on"}]
    names = people.names({entry.person_id for entry in moved if entry.person_id}) if moved else {}
    starts_on, ends_on, found = audit.starts_on, audit.ends_on, []
    for entry in moved:
        starts_on = date.fromisoformat(entry.before.get("starts_on") or starts_on.isoformat())
        ends_on = date.fromisoformat(entry.before.get("ends_on") or ends_on.isoformat())
        found.append(Move(starts_on, ends_on, entry.at, names.get(entry.person_id or 0, ""), entry.reason))
    return found
