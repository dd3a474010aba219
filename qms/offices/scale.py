"""The office's own scale of findings: kinds added, changed, put in order and no longer used."""

from collections.abc import Sequence

from qms.core.db import db
from qms.domain.scale import Kind, Words, check, settled
from qms.offices import queries
from qms.offices.models import CauseKind, FindingKind, Office
from qms.offices.service import one_at_a_time

_Row = FindingKind | CauseKind


def add(office: Office, wanted: Kind, *, place: int, words: Words) -> FindingKind:
    """Add a kind at a place of the list, counted from 1. Raises `InvalidInput` for what the scale cannot hold."""
    one_at_a_time(office)
    others = queries.finding_kinds(office.id)
    row = FindingKind(office_id=office.id, place=place, **_checked(wanted, others, words))
    db.session.add(row)
    arrange(row, others, place)
    return row


def change(row: FindingKind, wanted: Kind, *, place: int, words: Words) -> None:
    """Change a kind, all but its meaning; findings keep the name they were written under.

    Raises `InvalidInput` for what the scale cannot hold, also when no kind of nonconformity would be left in use.
    """
    one_at_a_time(db.session.get_one(Office, row.office_id))
    others = [each for each in queries.finding_kinds(row.office_id) if each.id != row.id]
    for name, value in _checked(wanted, others, words).items():
        setattr(row, name, value)
    arrange(row, others, place)


def _checked(wanted: Kind, others: list[FindingKind], words: Words) -> dict[str, object]:
    kind = settled(wanted, words)
    check(kind, [each.kind for each in others], words)
    return vars(kind)


def arrange(row: _Row, others: Sequence[_Row], place: int) -> None:
    """Put the row at a place of its list, counted from 1, and let the others make room."""
    ordered = [*others[: place - 1], row, *others[place - 1 :]]
    for number, each in enumerate(ordered, start=1):
        if each.place != number:
            each.place = number
