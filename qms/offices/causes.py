"""The office's own catalogue of causes: added, renamed, put in order and no longer used."""

from qms.core.db import db
from qms.domain.causes import Cause, Words, check, settled
from qms.offices import queries
from qms.offices.models import CauseKind, Office
from qms.offices.scale import arrange
from qms.offices.service import one_at_a_time


def add(office: Office, wanted: Cause, *, place: int, words: Words) -> CauseKind:
    """Add a cause at a place of the list, counted from 1. Raises `InvalidInput` for what the list cannot hold."""
    one_at_a_time(office)
    others = queries.cause_kinds(office.id)
    row = CauseKind(office_id=office.id, place=place, **_checked(wanted, others, words))
    db.session.add(row)
    arrange(row, others, place)
    return row


def change(row: CauseKind, wanted: Cause, *, place: int, words: Words) -> None:
    """Rename a cause or use it no more; answers that name it show the new name. Raises `InvalidInput`."""
    one_at_a_time(db.session.get_one(Office, row.office_id))
    others = [each for each in queries.cause_kinds(row.office_id) if each.id != row.id]
    for name, value in _checked(wanted, others, words).items():
        setattr(row, name, value)
    arrange(row, others, place)


def _checked(wanted: Cause, others: list[CauseKind], words: Words) -> dict[str, object]:
    cause = settled(wanted, words)
    check(cause, [each.cause for each in others], words)
    return vars(cause)
