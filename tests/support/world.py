"""Two small offices with people in every post: what most tests of features begin with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from sqlalchemy import select

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain.standing import Who
from qms.offices import service as offices
from qms.offices.models import Department, Office
from qms.people import service as people
from qms.people.models import Person
from qms.training.models import Training

TODAY = date(2026, 11, 20)  # a working Friday
SINCE = date(2024, 1, 2)


@dataclass
class OfficeWorld:
    """One office, its departments by symbol and its people by what they are called in tests."""

    office: Office
    departments: dict[str, Department] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass
class World:
    """The two offices, and people who belong to none."""

    bochnia: OfficeWorld
    leczyca: OfficeWorld
    coordinator: Person
    admin: Person


_POSTS = {
    "proxy": Who.PROXY,
    "deputy": Who.DEPUTY,
    "head": Who.HEAD_OF_OFFICE,
    "secretary": Who.SECRETARY,
    "auditor": Who.AUDITOR,
    "second_auditor": Who.AUDITOR,
    "office_admin": Who.OFFICE_ADMIN,
    "external": Who.EXTERNAL_AUDITOR,
}
# who works where; the first of each department heads it
_STAFF = {
    "OR": ("secretary", "proxy", "deputy", "office_admin"),
    "FN": ("fn_head", "fn_clerk"),
    "KM": ("km_head", "auditor"),
    "GD": ("gd_head", "second_auditor"),
}
_DEPARTMENTS = {
    "OR": "Wydział Organizacyjny",
    "FN": "Wydział Finansowy",
    "KM": "Wydział Komunikacji",
    "GD": "Wydział Geodezji",
}


def build() -> World:
    """Make both offices and commit them."""
    with scoped(EVERY_OFFICE):
        world = World(
            bochnia=_office("sp-bochnia", "Starostwo Powiatowe w Bochni", "Bochnia", "w Bochni"),
            leczyca=_office("sp-leczyca", "Starostwo Powiatowe w Łęczycy", "Łęczyca", "w Łęczycy"),
            coordinator=_person("coordinator", "program"),
            admin=_person("admin", "program"),
        )
        world.coordinator.is_coordinator = True
        world.admin.is_admin = True
        db.session.commit()
    return world


def load() -> World:
    """The same, made earlier."""
    with scoped(EVERY_OFFICE):
        known = {person.email: person for person in db.session.scalars(select(Person))}
        return World(
            bochnia=_loaded("sp-bochnia", known),
            leczyca=_loaded("sp-leczyca", known),
            coordinator=known["coordinator@program.example.com"],
            admin=known["admin@program.example.com"],
        )


def _loaded(slug: str, known: Mapping[str, Person]) -> OfficeWorld:
    office = db.session.scalars(select(Office).where(Office.slug == slug)).one()
    departments = db.session.scalars(select(Department).where(Department.office_id == office.id))
    named = ((name, _address(name, slug)) for name in dict.fromkeys((*chain(*_STAFF.values()), *_POSTS)))
    return OfficeWorld(
        office,
        {department.symbol: department for department in departments},
        {name: known[address] for name, address in named},
    )


def _office(slug: str, name: str, seat: str, locative: str) -> OfficeWorld:
    office = offices.register(
        offices.OfficeFacts(
            slug=slug,
            name=name,
            unit="powiat",
            type="powiat",
            voivodeship="małopolskie",
            seat=seat,
            locative=locative,
            head_title="starosta",
            teryt="1201",
        )
    )
    offices.propose_limits(office)
    office.set_up_on = SINCE
    found = OfficeWorld(office)
    for symbol, title in _DEPARTMENTS.items():
        found.departments[symbol] = offices.open_department(office, name=title, symbol=symbol)
    db.session.flush()
    _staff(found, slug)
    return found


def _staff(found: OfficeWorld, slug: str) -> None:
    for symbol, names in _STAFF.items():
        for place, name in enumerate(names):
            found.people[name] = _person(name, slug)
            people.join(found.people[name], found.departments[symbol], from_on=SINCE, is_head=place == 0)
    for name, post in _POSTS.items():
        if name not in found.people:
            found.people[name] = _person(name, slug)
        people.appoint(found.people[name], found.office, post, from_on=SINCE, order_number="1/2024")
    for name in ("auditor", "second_auditor"):
        db.session.add(_training(found.office, found.people[name]))


def _person(name: str, place: str) -> Person:
    shown = f"{name.replace('_', ' ').title()} {place.title()}"
    return people.register(name=shown, email=_address(name, place))


def _address(name: str, place: str) -> str:
    return f"{name}@{place}.example.com"


def _training(office: Office, person: Person) -> Training:
    return Training(
        office_id=office.id,
        person_id=person.id,
        trained_as="auditor",
        edition_code="9001:2015",
        title="Auditor wewnętrzny ISO 9001:2015",
        provider="Ośrodek Szkoleń",
        held_on=SINCE,
        certificate_number="AW/1/2024",
        validity="until",
        valid_until=date(2027, 1, 1),
    )
