"""Synthetic offices: their departments, people, posts and papers, as rows."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from qms.certificates.models import Certificate
from qms.core import text
from qms.core.db import new_key
from qms.core.trail import TrailHead
from qms.demo.cast import HEADS, POSTS, ROLES, WORK
from qms.demo.masses import Bulk
from qms.domain.calendar import add_months
from qms.domain.causes import STARTER as CAUSES
from qms.domain.certification import CYCLE_MONTHS
from qms.domain.limits import STARTER_LIMITS
from qms.domain.scale import STARTER
from qms.offices.models import CauseKind, Department, FindingKind, Office, OfficeLimit
from qms.people.models import Appointment, Membership, Person
from qms.training.models import Training

_TOWNS: Final = ("Brzozowo", "Dąbrówka", "Jesionka", "Lipnik", "Łąkowo", "Olszyny", "Świerkowiec", "Wierzbina", "Żytno")
_VOIVODESHIPS: Final = (
    "dolnośląskie",
    "lubelskie",
    "łódzkie",
    "małopolskie",
    "mazowieckie",
    "śląskie",
    "świętokrzyskie",
)
_TYPES: Final = ("rural gmina", "rural gmina", "urban-rural gmina", "urban gmina", "powiat")
_DEPARTMENTS: Final = {"or": "Organizacyjny", "first": "Komunikacji", "second": "Geodezji", "fn": "Finansowy"}
_SERVED: Final = timedelta(days=1800)  # since everybody works in their office
_ENDS: Final = (-60, 1000)  # days after the last one that certificates end in


@dataclass(frozen=True)
class Settled:
    """The numbers of an office, its departments by place, the keys of its kinds of finding and causes, its people."""

    office_id: int
    departments: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    causes: dict[str, str] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def lead_of(self, unit: str) -> int:
        """An auditor of another department."""
        return self.people["first_auditor" if unit in {"second", "or"} else "second_auditor"]

    def head_of(self, unit: str) -> int:
        return self.people[HEADS[unit]]

    def doer_of(self, unit: str) -> int:
        return self.people.get(f"{unit}_auditor", self.head_of(unit))


def settle(bulk: Bulk, number: int, *, on: date, rng: Random) -> Settled:
    """An office ready to be audited; its slug is `proba-` and four digits."""
    settled = Settled(_open(bulk, number, on=on, rng=rng))
    for place, name in _DEPARTMENTS.items():
        settled.departments[place] = bulk.add_numbered(
            Department,
            office_id=settled.office_id,
            key=new_key(),
            name=f"Wydział {name}",
            symbol=place.upper(),
            sort_key=text.sort_key(f"Wydział {name}"),
        )
    for row, kind in enumerate(STARTER, start=1):
        settled.kinds[kind.meaning] = key = new_key()
        bulk.add_numbered(FindingKind, office_id=settled.office_id, key=key, place=row, **vars(kind))
    for row, cause in enumerate(CAUSES, start=1):
        settled.causes[cause.starter] = key = new_key()
        bulk.add_numbered(CauseKind, office_id=settled.office_id, key=key, place=row, **vars(cause))
    for role in ROLES:
        settled.people[role] = _employ(bulk, settled, role, since=on - _SERVED)
    _certify(bulk, settled.office_id, on + timedelta(days=rng.randint(*_ENDS)))
    return settled


def _open(bulk: Bulk, number: int, *, on: date, rng: Random) -> int:
    town = f"{rng.choice(_TOWNS)} {number}"
    name = f"Urząd {town}"
    office_id = bulk.add_numbered(
        Office,
        slug=f"proba-{number:04}",
        name=name,
        unit=town,
        type=rng.choice(_TYPES),
        voivodeship=rng.choice(_VOIVODESHIPS),
        seat=town,
        locative=f"w miejscowości {town}",
        head_title="burmistrz",
        teryt=f"{number:07}",
        sort_key=text.sort_key(name),
        search_text=text.search_text(name),
        is_demo=True,
        planned_through=on,  # measured as a register that has been running, not as one on its first day
    )
    bulk.add(TrailHead, chain=office_id)
    for limit_name, limit in STARTER_LIMITS.items():
        bulk.add(OfficeLimit, office_id=office_id, name=limit_name, **vars(limit))
    return office_id


def _employ(bulk: Bulk, settled: Settled, role: str, *, since: date) -> int:
    name = f"{role.replace('_', ' ').title()} {settled.office_id}"
    person_id = bulk.add_numbered(
        Person,
        key=new_key(),
        name=name,
        email=f"{role.replace('_', '.')}.{settled.office_id}@example.com",
        sort_key=text.sort_key(name),
        search_text=text.search_text(name),
    )
    serving = {"office_id": settled.office_id, "person_id": person_id, "from_on": since}
    if role in WORK:
        unit, is_head = WORK[role]
        bulk.add_numbered(Membership, **serving, department_id=settled.departments[unit], is_head=is_head)
    if role in POSTS:
        bulk.add_numbered(Appointment, **serving, key=new_key(), post=POSTS[role], order_number="1")
    if role.endswith("auditor"):
        _train(bulk, settled.office_id, person_id, held_on=since)
    return person_id


def _train(bulk: Bulk, office_id: int, person_id: int, *, held_on: date) -> None:
    bulk.add_numbered(
        Training,
        office_id=office_id,
        key=new_key(),
        person_id=person_id,
        trained_as="auditor",
        edition_code="9001:2015",
        title="Auditor wewnętrzny ISO 9001:2015",
        provider="Ośrodek Kształcenia Auditorów Przykład",
        held_on=held_on,
        validity="without_end",
    )


def _certify(bulk: Bulk, office_id: int, last_day: date) -> None:
    decided_on = add_months(last_day, -CYCLE_MONTHS)
    bulk.add_numbered(
        Certificate,
        office_id=office_id,
        key=new_key(),
        number=f"Q/{office_id}",
        body="Biuro Certyfikacji Przykład",
        edition_code="9001:2015",
        decided_on=decided_on,
        valid_from=decided_on,
        valid_until=last_day,
    )
