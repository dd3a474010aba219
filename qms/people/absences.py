"""Who is away from an office and who reads their letters: noted by the person or by whoever looks after people."""

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from qms.core.db import db
from qms.domain.absences import Away, Naming, check_absence, check_naming
from qms.domain.errors import N_, InvalidInput
from qms.domain.standing import Concern, Who
from qms.offices.models import Office
from qms.people import queries
from qms.people.models import Absence, Person
from qms.policy import Actor, Can, can


def coming(office: Office, today: date, person_id: int | None = None) -> list[Absence]:
    """Absences from an office that are not over, of one person or of everybody, the earliest first."""
    found = select(Absence).where(Absence.office_id == office.id, Absence.until_on >= today)
    if person_id is not None:
        found = found.where(Absence.person_id == person_id)
    people = (joinedload(Absence.person), joinedload(Absence.substitute))
    return list(db.session.scalars(found.options(*people).order_by(Absence.from_on, Absence.id)))


def own(person_id: int, today: date) -> dict[int, list[Absence]]:
    """By office, the absences of one person that are not over, the earliest first."""
    found = select(Absence).where(Absence.person_id == person_id, Absence.until_on >= today)
    rows = db.session.scalars(found.options(joinedload(Absence.substitute)).order_by(Absence.from_on, Absence.id))
    by_office: dict[int, list[Absence]] = defaultdict(list)
    for absence in rows:
        by_office[absence.office_id].append(absence)
    return by_office


def by_key(office: Office, key: str) -> Absence | None:
    """One absence from the office."""
    return db.session.scalar(select(Absence).where(Absence.office_id == office.id, Absence.key == key))


def note(
    office: Office, person: Person, *, from_on: date, until_on: date, by: Actor, today: date, substitute_key: str = ""
) -> Absence:
    """Note that somebody is away.

    Raises `InvalidInput` for days or a substitute that cannot be, `NotPermitted` for one whom `by` may not name.
    """
    substitute = _substitute(office, substitute_key, today)
    if substitute is not None:
        _check_naming(office, person, substitute, by=by, today=today)
    wanted = Away(person.id, from_on, until_on, substitute.id if substitute else None)
    check_absence(wanted, [_as_rule(each) for each in coming(office, today)], today)
    absence = Absence(
        office_id=office.id,
        person_id=person.id,
        substitute_id=wanted.substitute_id,
        from_on=wanted.from_on,
        until_on=wanted.until_on,
    )
    db.session.add(absence)
    return absence


def _substitute(office: Office, key: str, today: date) -> Person | None:
    if not key:
        return None
    found = next((each for each in queries.people_of(office.id, today) if each.key == key), None)
    if found is None:
        raise InvalidInput(N_("Choose somebody who works in this office."), field="substitute")
    return found


def _check_naming(office: Office, person: Person, substitute: Person, *, by: Actor, today: date) -> None:
    concern, away = Concern(office_id=office.id), queries.actor_of(person, today)
    posts = away.posts.get(office.id, frozenset()) - {Who.OFFICE_ADMIN}
    check_naming(
        Naming(
            by_oneself=by.person_id == person.id,
            namer_sees=can(by, Can.SEE_ALL_FINDINGS, concern),
            names_themselves=by.person_id == substitute.id,
            absent_has_rights=bool(posts or away.headed.get(office.id)),
            substitute_sees=can(queries.actor_of(substitute, today), Can.SEE_ALL_FINDINGS, concern),
        )
    )


def _as_rule(absence: Absence) -> Away:
    return Away(absence.person_id, absence.from_on, absence.until_on, absence.substitute_id)


def take_off(absence: Absence) -> None:
    """The person is there after all, or came back: letters go to them again from now on."""
    db.session.delete(absence)
