"""The offices of the demonstration and their invented people."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from random import Random
from typing import Final

from qms.core import text
from qms.core.db import db
from qms.demo import texts
from qms.domain.standing import Who
from qms.offices import service as offices
from qms.offices.known import known_offices
from qms.offices.models import Department, Office
from qms.offices.service import OfficeFacts
from qms.people import service as people
from qms.setup.service import put_away

COORDINATOR: Final = "koordynator@example.com"
ADMIN: Final = "admin@example.com"
# Where each of the eight works: the department's place in the office, and whether they head it.
WORK: Final[dict[str, tuple[str, bool]]] = {
    "secretary": ("or", True),
    "proxy": ("or", False),
    "deputy": ("fn", True),
    "first_head": ("first", True),
    "first_auditor": ("first", False),
    "second_head": ("second", True),
    "second_auditor": ("second", False),
}
ROLES: Final = ("head", *WORK)
POSTS: Final[dict[str, Who]] = {
    "head": Who.HEAD_OF_OFFICE,
    "secretary": Who.SECRETARY,
    "proxy": Who.PROXY,
    "deputy": Who.DEPUTY,
    "first_auditor": Who.AUDITOR,
    "second_auditor": Who.AUDITOR,
}
HEADS: Final = {unit: role for role, (unit, is_head) in WORK.items() if is_head}
_NAMES: Final = {
    "or": "Organizacyjny",
    "fn": "Finansowy",
    "km": "Komunikacji",
    "gd": "Geodezji i Katastru",
    "ab": "Architektury i Budownictwa",
    "so": "Spraw Obywatelskich",
    "gk": "Gospodarki Komunalnej",
    "in": "Inwestycji i Zamówień",
}
_KINDS: Final = {
    "sp-leczyca": ("km", "ab"),
    "um-lodz": ("so", "ab"),
    "ug-lowicz": ("gk", "so"),
    "um-lowicz": ("so", "gk"),
    "ug-mszana-dolna": ("in", "gk"),
}
_MAIL: Final = {"ug-lowicz": "gmina-lowicz", "ug-mszana-dolna": "mszana"}  # two offices bear the name of Łowicz


@dataclass(frozen=True)
class Cast:
    """An office with the people who act in it, by role, and its departments, by place."""

    slug: str
    office_id: int
    people: dict[str, int] = field(default_factory=dict)
    departments: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


@cache
def all_offices() -> tuple[OfficeFacts, ...]:
    """The offices of the programme as they are registered, all marked as sample data."""
    return tuple(replace(facts, is_demo=True) for facts in known_offices())


def email(slug: str, role: str) -> str:
    """The address of the person in a role."""
    facts = next(each for each in all_offices() if each.slug == slug)
    place = _MAIL.get(slug, slug.partition("-")[2])
    titles = {
        "head": text.fold(facts.head_title).split()[0],
        "secretary": "sekretarz",
        "proxy": "pelnomocnik",
        "deputy": "zastepca",
    }
    if role in titles:
        return f"{titles[role]}.{place}@example.com"
    unit, is_head = WORK[role]
    return f"{'kierownik' if is_head else 'auditor'}.{kinds(slug)[unit]}.{place}@example.com"


def kinds(slug: str) -> dict[str, str]:
    """What kind of department stands at each place of the office."""
    usual = ("km", "gd") if slug.startswith("sp-") else ("gk", "so")
    first, second = _KINDS.get(slug, usual)
    return {"or": "or", "first": first, "second": second, "fn": "fn"}


def found(facts: OfficeFacts, since: date) -> Cast:
    """Register an office with its departments and its eight people, each in their post since a day."""
    office = offices.register(facts)
    offices.propose_limits(office)
    put_away(office, since)
    cast = Cast(facts.slug, office.id, kinds=kinds(facts.slug))
    departments = _open_departments(office, cast.kinds)
    cast.departments.update({place: department.id for place, department in departments.items()})
    for role, name in _names(facts.slug).items():
        person = people.register(name=name, email=email(facts.slug, role))
        cast.people[role] = person.id
        if role in WORK:
            place, is_head = WORK[role]
            people.join(person, departments[place], from_on=since, is_head=is_head)
        if role in POSTS:
            number = f"Zarządzenie nr {ROLES.index(role) + 11}/{since.year}"
            people.appoint(person, office, POSTS[role], from_on=since, order_number=number)
    db.session.flush()
    return cast


def _open_departments(office: Office, chosen: dict[str, str]) -> dict[str, Department]:
    title = "Referat" if "gmina" in office.type else "Wydział"
    opened = {
        place: offices.open_department(office, name=f"{title} {_NAMES[kind]}", symbol=kind.upper())
        for place, kind in chosen.items()
    }
    db.session.flush()
    return opened


def _names(slug: str) -> dict[str, str]:
    """The eight of an office by role: chosen ones where its history is lived, drawn ones elsewhere."""
    told = texts.read("people")
    if slug in told:
        return dict(told[slug])
    rng = Random(slug)  # noqa: S311 - the same names each time, no secret
    surnames = rng.sample(range(len(told["last_women"])), len(ROLES))
    drawn = {}
    for role, surname in zip(ROLES, surnames, strict=True):
        sex = rng.choice(("women", "men"))
        drawn[role] = f"{rng.choice(told[f'first_{sex}'])} {told[f'last_{sex}'][surname]}"
    return drawn
