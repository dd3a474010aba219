"""Letters about audits: to the heads of the audited departments, to the team, and to the head of the office.

Payloads are plain data; a letter of an audit that is over is written to nobody.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from qms.audits.models import AuditConflict
from qms.core import outbox
from qms.core.db import scoped
from qms.domain.standing import Who
from qms.offices.models import Office
from qms.people import queries as people
from qms.people.models import Loan

_ANSWERS_FOR_LOANS: Final = (Who.PROXY, Who.DEPUTY, Who.SECRETARY, Who.HEAD_OF_OFFICE)


@dataclass(frozen=True, kw_only=True)
class About:
    """What letters tell of an audit; `change` tells two changes of one audit apart."""

    office_id: int
    key: str
    change: int
    number: str
    departments: tuple[str, ...]
    starts_on: date
    ends_on: date
    lead: str
    clauses: tuple[str, ...]
    path: str
    places: tuple[str, ...] = ()
    timetable: tuple[Mapping[str, str], ...] = ()

    def facts(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "department": ", ".join(self.departments),
            "path": self.path,
            "places": list(self.places),
            "timetable": [dict(row) for row in self.timetable],
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "uid_of": f"audit:{self.key}",  # as the agenda names it, so that a calendar knows it again
            "sequence": self.change,
        }


def announce(about: About, roles: Mapping[int, str], *, has_new_hours: bool = False) -> None:
    """Tell each person that an audit is coming, or its hours once more; `roles` says as what: unit_head or team."""
    for person_id in people.active_people(roles):
        told = {
            "lead": about.lead,
            "clauses": list(about.clauses),
            "role": roles[person_id],
            "has_new_hours": has_new_hours,
        }
        _put("audit_notice", about, person_id=person_id, told=told)


def tell_of_move(about: About, to: Collection[int], *, from_on: date, reason: str, is_cancelled: bool = False) -> None:
    """Tell each person that the audit has other days, or that it will not be held."""
    told = {
        "old_starts_on": from_on.isoformat(),
        "new_starts_on": None if is_cancelled else about.starts_on.isoformat(),
        "reason": reason,
    }
    for person_id in people.active_people(to):
        _put("audit_moved", about, person_id=person_id, told=told)


def ask_permit(about: About, needed: Collection[AuditConflict], *, reason: str, today: date) -> None:
    """Tell the head of the office that a team needs a permit, about whom, and why the proxy asks."""
    who = people.names({each.person_id for each in needed})
    told = {"people": sorted(who.values()), "reason": reason}
    for person_id in people.holders(about.office_id, today)[Who.HEAD_OF_OFFICE]:
        _put("permit_asked", about, person_id=person_id, told=told)


def ask_to_lend(loan: Loan, *, asks: Office, lender: Office, today: date) -> None:
    """Tell the lender's proxy, or who stands in, that another office asks for an auditor."""
    with scoped(frozenset({lender.id})):
        held = people.holders(lender.id, today)
    reader = next((held[post] for post in _ANSWERS_FOR_LOANS if held.get(post)), [])
    told = {
        "office": asks.name,
        "auditor": loan.email,
        "from_on": loan.from_on.isoformat(),
        "until_on": loan.until_on.isoformat(),
        "path": f"/u/{lender.slug}/auditorzy",
    }
    for person_id in reader:
        dedupe = f"loan_asked:{loan.key}:{person_id}"
        outbox.put("loan_asked", person_id=person_id, office_id=lender.id, dedupe=dedupe, payload=told)


def answer_loan(loan: Loan, *, asks: Office, lender: Office) -> None:
    """Tell who asked whether the auditor is lent."""
    told = {
        "office": lender.name,
        "auditor": loan.email,
        "from_on": loan.from_on.isoformat(),
        "is_lent": loan.consented_on is not None,
        "path": f"/u/{asks.slug}/auditorzy",
    }
    for person_id in people.active_people([loan.asked_by_id]):
        dedupe = f"loan_answered:{loan.key}"
        outbox.put("loan_answered", person_id=person_id, office_id=asks.id, dedupe=dedupe, payload=told)


def _put(kind: str, about: About, *, person_id: int, told: Mapping[str, Any]) -> None:
    outbox.put(
        kind,
        person_id=person_id,
        dedupe=f"{kind}:{about.key}:{about.change}:{person_id}",
        office_id=about.office_id,
        payload={**about.facts(), **told},
    )
