"""Offices with nothing in them but what a test of the coordinator's list is about."""

from typing import Any

from qms.certificates.models import Certificate
from qms.core.db import db
from qms.domain.standing import Who
from qms.offices import service as offices
from qms.offices.models import Office
from qms.people import service as people
from qms.people.models import Person
from tests.support.cases import later


def an_office(town: str, number: int = 1, **changed: Any) -> Office:
    """The town hall of a town."""
    facts = {
        "slug": f"urzad-{number}",
        "name": f"Urząd Miasta {town}",
        "unit": f"miasto {town}",
        "type": "urban gmina",
        "voivodeship": "łódzkie",
        "seat": town,
        "locative": f"w mieście {town}",
        "head_title": "burmistrz",
        "teryt": f"{number:07}",
    }
    return offices.register(offices.OfficeFacts(**(facts | changed)))


def certify(office: Office, *, starts: int, ends: int, **changed: Any) -> None:
    """A certificate by days from today, past ones negative; decided on its first day unless said otherwise."""
    printed = {"number": f"C{starts}", "edition_code": "9001:2015", "body": "Biuro Certyfikacji"}
    days = {"decided_on": later(starts), "valid_from": later(starts), "valid_until": later(ends)}
    db.session.add(Certificate(office_id=office.id, **(printed | days | changed)))
    db.session.flush()


def appoint(office: Office, *, since: int = -500, until: int | None = None) -> Person:
    """A proxy by days from today."""
    person = people.register(name=f"Ewa Nowak {office.id} {since}", email=f"proxy{office.id}.{since}@example.com")
    last_day = None if until is None else later(until)
    people.appoint(person, office, Who.PROXY, from_on=later(since), until_on=last_day)
    return person
