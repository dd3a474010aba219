"""One matter as the ledger knows it: what people were told of a case, an audit, a certificate, a training or a post."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from qms.audits.models import Audit
from qms.certificates import queries as certificates
from qms.certificates.models import Certificate
from qms.core.db import db
from qms.core.outbox import Letter
from qms.domain.errors import N_
from qms.domain.findings import State
from qms.domain.standing import Concern
from qms.findings.models import Action, Finding
from qms.offices.models import Office
from qms.people.models import Appointment, Person
from qms.products.models import Product
from qms.reminders.models import Reminder
from qms.training.models import Training


class Place(NamedTuple):
    """The part of an address that names a matter."""

    kind: str
    key: str


_CERTIFICATE: Final = "certyfikat"
_INTERNAL_AUDITS: Final = "internal_audits"
_LONGEST_ID: Final = 9
_SURVEILLANCE: Final = "surveillance"
# By the word that begins the subject of a line; a certificate's cycle asks for several things.
_KINDS: Final = {
    "finding": "ustalenie",
    "evidence": "ustalenie",
    "action": "dzialanie",
    "audit": "audit",
    "certificate": _CERTIFICATE,
    _SURVEILLANCE: _CERTIFICATE,
    _INTERNAL_AUDITS: _CERTIFICATE,
    "recertification": _CERTIFICATE,
    "suspension": _CERTIFICATE,
    "restoration": _CERTIFICATE,
    "contract": _CERTIFICATE,
    "transition": _CERTIFICATE,
    "stage2": "audit",
    "product": "wyrob",
    "training": "szkolenie",
    "appointment": "powolanie",
    "proxy": "pelnomocnik",
}


@dataclass(frozen=True)
class Matter:
    """Something that reminders were, or may be, written about; `name` is its number or title, or a message."""

    office: Office
    place: Place
    name: str
    subjects: tuple[str, ...]

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office.id)


def place_of(subject: str) -> Place:
    """Where the history of a line's subject stands."""
    word, key, *_ = subject.split(":")
    return Place(_KINDS[word], key)


def matter(office: Office, *, kind: str, key: str) -> Matter | None:
    """A matter of the office by its address; drafts are nobody's business yet."""
    found = _FINDERS[kind](office.id, key) if kind in _FINDERS else None
    if found is None:
        return None
    name, *more = found
    own = tuple(f"{word}:{key}" for word, of_kind in _KINDS.items() if of_kind == kind)
    return Matter(office, Place(kind, key), name, (*own, *more))


def _finding(office_id: int, key: str) -> list[str] | None:
    """A case with its actions, which are reminded of one by one."""
    published = select(Finding.id, Finding.number).where(
        Finding.office_id == office_id, Finding.key == key, Finding.state != State.DRAFT, Finding.number.is_not(None)
    )
    found = db.session.execute(published).one_or_none()
    if found is None:
        return None
    actions = select(Action.key).where(Action.office_id == office_id, Action.finding_id == found.id)
    return [found.number, *(f"action:{each}" for each in db.session.scalars(actions.order_by(Action.id)))]


def _action(office_id: int, key: str) -> list[str] | None:
    number = select(Finding.number).join(Action, Action.finding_id == Finding.id)
    found = db.session.scalar(number.where(Action.office_id == office_id, Action.key == key))
    return None if found is None else [found]


def _named(column: Any, table: Any) -> Callable[[int, str], list[str] | None]:  # noqa: ANN401 - a table with a key
    def find(office_id: int, key: str) -> list[str] | None:
        found = db.session.scalar(select(column).where(table.office_id == office_id, table.key == key))
        return None if found is None else [found]

    return find


def _certificate(office_id: int, key: str) -> list[str] | None:
    """One that was removed still had its reminders."""
    found = _named(Certificate.number, Certificate)(office_id, key)
    gone = [] if found else [entry.before for entry in certificates.removed(office_id)]
    return found or next(([said["number"]] for said in gone if said["key"] == key), None)


def _appointment(office_id: int, key: str) -> list[str] | None:
    """Lines name an appointment by its id."""
    if not key.isdigit() or len(key) > _LONGEST_ID:
        return None
    holder = select(Person.name).join(Appointment, Appointment.person_id == Person.id)
    found = db.session.scalar(holder.where(Appointment.office_id == office_id, Appointment.id == int(key)))
    return None if found is None else [found]


def _proxy(office_id: int, key: str) -> list[str] | None:
    return [N_("The post of the proxy")] if key == str(office_id) else None


_FINDERS: Final[Mapping[str, Callable[[int, str], list[str] | None]]] = {
    "ustalenie": _finding,
    "dzialanie": _action,
    "audit": _named(Audit.number, Audit),
    _CERTIFICATE: _certificate,
    "wyrob": _named(Product.number, Product),
    "szkolenie": _named(Training.title, Training),
    "powolanie": _appointment,
    "pelnomocnik": _proxy,
}


def count(of: Matter) -> int:
    """How many lines the ledger holds about it."""
    return db.session.scalar(select(func.count(Reminder.id)).where(_is_about(of))) or 0


def lines(of: Matter, *, first: int, most: int) -> list[Any]:
    """A part of these lines, the newest first, each with its reader and its letter."""
    away = aliased(Person)
    found = (
        select(
            Reminder.planned_at,
            Reminder.kind,
            Reminder.due_on,
            Reminder.step,
            Reminder.level,
            Reminder.outcome,
            Person.name,
            away.name.label("instead_of"),
            Letter.state,
            Letter.doubts,
            Letter.sent_at,
            Letter.sent_to,
        )
        .join(Person, Person.id == Reminder.person_id)
        .join(Letter, Letter.id == Reminder.letter_id)
        .outerjoin(away, away.id == Reminder.instead_of_id)
        .where(_is_about(of))
        .order_by(Reminder.planned_at.desc(), Reminder.id.desc())
    )
    return list(db.session.execute(found.offset(first).limit(most)))


def _is_about(of: Matter) -> ColumnElement[bool]:
    """The subject itself, or, of audits in a certificate's cycle, one of those that stand after a colon."""
    with_parts = (_SURVEILLANCE, _INTERNAL_AUDITS)
    parts = [Reminder.subject.startswith(f"{each}:") for each in of.subjects if each.startswith(with_parts)]
    return and_(Reminder.office_id == of.office.id, or_(Reminder.subject.in_(of.subjects), *parts))
