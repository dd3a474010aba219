"""What waits for a decision besides answers, and on whom it waits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, select

from qms.core.db import db
from qms.domain import pleas as rules
from qms.domain.pleas import Kind
from qms.findings import taking_part
from qms.findings.models import Finding
from qms.findings.plea_models import Plea
from qms.people import queries as people

SHOWN: Final = 100  # of all offices of one reader; what is decided makes room for the rest


@dataclass(frozen=True)
class Waiting:
    """One thing asked for, and the persons who are asked to decide on it."""

    kind: Kind
    office_id: int
    key: str
    number: str
    due_on: date | None
    deciders: tuple[int, ...]


# Written once, because building a statement takes longer than running it.
_WAITING: Final = (
    select(
        Finding.id,
        Finding.key,
        Finding.number,
        Finding.office_id,
        Finding.department_id,
        Finding.answerer_id,
        Finding.date_moves,
        Finding.due_on,
        Plea.kind,
    )
    .join(Plea, (Plea.finding_id == Finding.id) & (Plea.office_id == Finding.office_id))
    .where(Plea.office_id.in_(bindparam("office_ids", expanding=True)), Plea.fate == rules.Fate.WAITING)
    .order_by(Plea.id)
    .limit(SHOWN)
)


def waiting_in(office_ids: Collection[int], today: date) -> list[Waiting]:
    """What was asked for in these offices and nobody decided yet, the oldest first; as many statements for many."""
    cases = db.session.execute(_WAITING, {"office_ids": list(office_ids)}).all()
    asked = _asked(cases, today)
    return [
        Waiting(Kind(case.kind), case.office_id, case.key, case.number, case.due_on, persons)
        for case, persons in zip(cases, asked, strict=True)
    ]


def deciders_of(finding: Finding, kind: Kind, today: date) -> tuple[int, ...]:
    """Who is asked to decide on what this case asks for."""
    return _asked([_Case(finding, kind)], today)[0]


class _Case:
    """A loaded case as the rows above show it."""

    def __init__(self, finding: Finding, kind: Kind) -> None:
        self.kind = kind
        self.id, self.office_id, self.department_id = finding.id, finding.office_id, finding.department_id
        self.answerer_id, self.date_moves = finding.answerer_id, finding.date_moves


def _asked(cases: Collection[Any], today: date) -> list[tuple[int, ...]]:
    if not cases:
        return []
    involved = taking_part.of_cases(cases)
    staff = people.staff_ids({case.department_id for case in cases}, today)
    holders = people.holders_of({case.office_id for case in cases}, today)
    return [
        rules.deciders(
            Kind(case.kind),
            case.date_moves,
            holders=holders[case.office_id],
            barred={*involved[case.id], *staff.get(case.department_id, ())},
        )
        for case in cases
    ]
