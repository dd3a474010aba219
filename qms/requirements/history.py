"""How an exclusion came to be what it is, read from the trail, newest first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, select

from qms.core.db import db
from qms.core.trail import TrailEntry
from qms.people import queries as people
from qms.requirements.models import Exclusion

_DAYS: Final = frozenset({"valid_from", "valid_until"})
_WITH_PERSON: Final = "approved_by_id"
_TOLD: Final = (
    *("justification", "manual_issue", "manual_section", "approved_by_id", "approver_words"),
    *("valid_from", "valid_until"),
)
_ENTRIES: Final = (
    select(TrailEntry)
    .where(
        TrailEntry.chain == bindparam("office_id"),
        TrailEntry.about == Exclusion.__tablename__,
        TrailEntry.row_id == bindparam("row_id"),
    )
    .order_by(TrailEntry.seq.desc())
)


@dataclass(frozen=True)
class Changed:
    """One step: what each field was before, by its name; nothing when the exclusion was made."""

    at: datetime
    who: str
    before: dict[str, str | date]
    reason: str


def of_exclusion(exclusion: Exclusion) -> list[Changed]:
    """Every step, the newest first, in two statements."""
    asked = {"office_id": exclusion.office_id, "row_id": str(exclusion.id)}
    entries = list(db.session.scalars(_ENTRIES, asked))
    approvers = (entry.before.get(_WITH_PERSON) for entry in entries)
    ids = {entry.person_id for entry in entries if entry.person_id} | {each for each in approvers if each}
    names = people.names(ids) if ids else {}
    return [
        Changed(entry.at, names.get(entry.person_id or 0, ""), _before(entry, names), entry.reason) for entry in entries
    ]


def _before(entry: TrailEntry, names: dict[int, str]) -> dict[str, str | date]:
    if entry.action == "created":
        return {}
    former = {name: entry.before[name] for name in _TOLD if name in entry.after}
    return {name: _readable(name, value, names) for name, value in former.items()}


def _readable(name: str, value: str | int | None, names: dict[int, str]) -> str | date:
    if value is None or value == "":
        return ""
    if name == _WITH_PERSON:
        return names.get(int(value), "")
    return date.fromisoformat(str(value)) if name in _DAYS else str(value)
