"""A letter at the moment of sending: is it still true, may it leave now, and what are its words.

Nobody is told of a thing that is done already: each line of a digest is compared with the agenda of this very
moment, and a digest with no line left is not sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Final

from flask import current_app
from flask_babel import force_locale, gettext

from qms.agenda import queries as agenda
from qms.auth.service import CODE_LIFE
from qms.core import clock, mail
from qms.core.db import db
from qms.core.mail import Envelope
from qms.core.outbox import Letter, Written, out_of_quiet
from qms.domain.deadlines import Deadline, Kind
from qms.domain.reminders import Level
from qms.domain.standing import Who
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.people import queries as people
from qms.people import reading
from qms.people.models import Person
from qms.reminders import appointments, notices, queries
from qms.reminders.models import Reminder
from qms.reminders.notices import Matter
from qms.reminders.rendering import Around, Rendered, render
from qms.reminders.rungs import rungs_of

_CODE: Final = "sign_in_code"
# The word after "why" in a header that people's mail programs can sort by.
_REASONS: Final = {
    Level.PERSON: "odpowiedzialny",
    Level.PROXY: "pelnomocnik",
    Level.SECRETARY: "sekretarz",
    Level.HEAD: "kierownik-urzedu",
}
_ASKED_FOR: Final = "na-prosbe"


@dataclass(frozen=True)
class Ready:
    """A letter that can leave."""

    written: Written
    message: bytes
    outcomes: dict[int, str]  # of the lines of the ledger that are left out


@dataclass(frozen=True)
class Later:
    """A letter that has to wait for a working hour."""

    not_before: datetime


@dataclass(frozen=True)
class Nothing:
    """A letter that need not be sent, and why."""

    reason: str
    outcomes: dict[int, str] = field(default_factory=dict)


def write(letter_id: int) -> Ready | Later | Nothing:
    """Decide about a letter and word it; only reads."""
    letter = db.session.get_one(Letter, letter_id)
    reader = db.session.get_one(Person, letter.person_id)
    if reader.deactivated_at is not None:
        return Nothing("the account is closed")
    if letter.kind == _CODE and clock.now() > letter.created_at + CODE_LIFE:
        return Nothing("the code is no longer valid")
    about = offices.by_ids(queries.offices_of_letter(letter))
    not_before = _working_hour(letter, about)
    if not_before is not None:
        return Later(not_before)
    substitute = _substitute(letter)
    if substitute is not None:
        return _word(letter, substitute, about, instead_of=reader.name)
    return _word(letter, reader, about)


def _substitute(letter: Letter) -> Person | None:
    """Who reads a letter of somebody who is away; digests are planned for the substitute from the start."""
    if letter.is_awaited or letter.office_id is None or letter.text:  # words once sent go to the same reader again
        return None
    away = reading.away(letter.office_id, clock.today())
    substitute = away.get(letter.person_id)
    return None if substitute is None or substitute in away else db.session.get_one(Person, substitute)


def _working_hour(letter: Letter, about: list[Office]) -> datetime | None:
    """When to come back, if the letter may not leave now; of several offices the first that works decides."""
    now = clock.now()
    if letter.is_awaited:
        return None
    times = [out_of_quiet(now, offices.days_off(office.id)) for office in about] or [out_of_quiet(now)]
    return None if min(times) <= now else min(times)


def _word(letter: Letter, reader: Person, about: list[Office], *, instead_of: str | None = None) -> Ready | Nothing:
    payload, reason = letter.payload, _ASKED_FOR if letter.is_awaited else _REASONS[Level.PERSON]
    outcomes: dict[int, str] = {}
    if letter.kind == queries.DIGEST:
        matters, outcomes = _still_standing(queries.lines_of(letter.id), about)
        if not matters and not letter.text:
            return Nothing("nothing was left to say", outcomes)
        payload = notices.digest(matters, clock.today())
        reason = _REASONS[min((matter.level for matter in matters), key=list(Level).index, default=Level.PERSON)]
    proxy = _proxy(about, reader)
    office_name = about[0].name if len(about) == 1 else None
    around = Around(reader.language, office_name, proxy.name if proxy else None, instead_of)
    # Words of an earlier try are not changed: the reader may have them already.
    words = Rendered(letter.subject, letter.text, letter.html) if letter.text else render(letter.kind, payload, around)
    envelope = _envelope(letter, reader, about, proxy=proxy, reason=reason)
    written = Written(words.subject, words.text, words.html, envelope.message_id, envelope.recipient)
    calendar = appointments.attached(letter, about[0], reader.language) if len(about) == 1 else None
    message = mail.build(envelope, subject=words.subject, text=words.text, html=words.html, calendar=calendar)
    return Ready(written, message, outcomes)


def _proxy(about: list[Office], reader: Person) -> Person | None:
    """Who reads the answers to a letter: the proxy of the one office it is about, never the reader."""
    if len(about) != 1:
        return None
    held = people.holders(about[0].id, clock.today())
    found = people.active_people([*held.get(Who.PROXY, ()), *held.get(Who.DEPUTY, ())])
    return next((person for person in found.values() if person.id != reader.id), None)


def _envelope(letter: Letter, reader: Person, about: list[Office], *, proxy: Person | None, reason: str) -> Envelope:
    sender, key = current_app.config["MAIL_FROM"], current_app.config["SECRET_KEY"]
    domain = mail.domain_of(sender)
    office = about[0] if len(about) == 1 else None
    with force_locale(reader.language):
        product = gettext("Audit register")
    path = letter.payload.get("path")
    return Envelope(
        sender=sender,
        sender_name=f"{product} – {office.name}" if office else product,
        recipient=letter.payload.get("to", reader.email),  # an address the reader had until a moment ago
        recipient_name=reader.name,
        reply_to=(proxy.name, proxy.email) if proxy else None,
        list_id=f"{office.slug if office else 'rejestr'}.{domain}",
        reason=reason,
        language=reader.language,
        message_id=letter.message_id or mail.stable_id(key, f"letter:{letter.dedupe}", domain),
        thread_id=mail.stable_id(key, f"thread:{path}", domain) if path else None,
        tried_at=letter.first_tried_at or clock.now(),
    )


def _still_standing(lines: Iterable[Reminder], about: list[Office]) -> tuple[list[Matter], dict[int, str]]:
    """What of a digest still holds, and what became of its other lines."""
    by_office = {office.id: office for office in about}
    matters: dict[tuple[str, str, date], Matter] = {}
    outcomes: dict[int, str] = {}
    for office_id, group in groupby(sorted(lines, key=lambda line: line.office_id), key=lambda line: line.office_id):
        standing = _Standing(by_office[office_id], list(group))
        matters |= standing.matters()
        outcomes |= standing.outcomes()
    return list(matters.values()), outcomes


class _Standing:
    """Lines of one office's ledger beside its agenda of this moment."""

    def __init__(self, office: Office, lines: list[Reminder]) -> None:
        today = clock.today()
        due_days = [line.due_on for line in lines]
        kinds = {Kind(line.kind) for line in lines}
        duties = agenda.gather([office.id], min(due_days), max(due_days), today=today, kinds=kinds)
        self._office = office
        self._lines = lines
        self._duties = {(duty.kind, duty.subject, duty.due_on): duty for duty in duties}
        self._rungs = rungs_of([office.id], duties, today)[office.id]
        away = {line.instead_of_id for line in lines if line.instead_of_id is not None}
        self._names = people.names({person_id for duty in duties for person_id in duty.answers} | away)

    def matters(self) -> dict[tuple[str, str, date], Matter]:
        """What is to be said, each duty once, on the reader's lowest rung."""
        told = [(line, duty) for line in self._lines if (duty := self._duty(line)) and self._is_readers(line, duty)]
        told.sort(key=lambda pair: list(Level).index(Level(pair[0].level)), reverse=True)
        return {(duty.kind, duty.subject, duty.due_on): self._matter(line, duty) for line, duty in told}

    def outcomes(self) -> dict[int, str]:
        """What became of the lines that are left out."""
        return {line.id: outcome for line in self._lines if (outcome := self._outcome(line))}

    def _outcome(self, line: Reminder) -> str:
        duty = self._duty(line)
        if duty is None:
            return "done"
        return "" if self._is_readers(line, duty) else "passed on"

    def _duty(self, line: Reminder) -> Deadline | None:
        return self._duties.get((Kind(line.kind), line.subject, line.due_on))

    def _is_readers(self, line: Reminder, duty: Deadline) -> bool:
        return line.person_id in self._rungs.on(Level(line.level), duty)

    def _matter(self, line: Reminder, duty: Deadline) -> Matter:
        names = tuple(self._names[person_id] for person_id in duty.answers)
        away = self._names.get(line.instead_of_id) if line.instead_of_id is not None else None
        return Matter(duty, Level(line.level), self._office, names, instead_of=away)
