"""An office on the eve of a month, with something to tell its management."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from sqlalchemy import select

from qms.core.db import db
from qms.core.outbox import Letter
from qms.core.transactions import writing
from tests.support.ledger import nonconformity, plan, without_trainings
from tests.support.offices import certify
from tests.support.world import TODAY, OfficeWorld

EVE: Final = date(2026, 11, 30)
OPENING: Final = date(2026, 12, 1)


@contextmanager
def eve_of_a_month(of: OfficeWorld) -> Iterator[OfficeWorld]:
    """With a certificate and one overdue nonconformity, planned until the last day of a month."""
    with without_trainings():
        with writing():
            certify(of.office, starts=-700, ends=50)
        nonconformity(of, due_on=TODAY)
        plan(of, EVE)
        yield of


def letters(kind: str) -> list[Letter]:
    """Those of a kind, by reader."""
    return list(db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.person_id)))
