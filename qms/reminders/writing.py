"""A letter at the moment of sending: is it still true, may it leave now, and what are its words.

Nobody is told of a thing that is done already: each line of a digest is compared with the agenda of this very
moment, and a digest with no line left is not sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from flask import current_app
from flask_babel import force_locale, gettext

from qms.agenda.words import VERBS, WHETHER_ACTING
from qms.auth import giving_up
from qms.auth.service import CODE_LIFE
from qms.core import clock, mail, outbox
from qms.core.db import db
from qms.core.mail import Envelope
from qms.core.outbox import Letter, Written, out_of_quiet
from qms.discussion import queries as discussion
from qms.discussion.notices import ASKED
from qms.domain.deadlines import Kind
from qms.domain.reminders import Level
from qms.domain.standing import Who
from qms.findings import reminding
from qms.grants import service as grants
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.people import links, reading
from qms.people import queries as people
from qms.people.models import Person
from qms.reminders import appointments, notices, queries, status
from qms.reminders.days import days_of
from qms.reminders.models import Reminder
from qms.reminders.rendering import Around, Rendered, render
from qms.reminders.standing import still_standing

_CODE: Final = "sign_in_code"
# The word after "why" in a header that people's mail programs can sort by.
_REASONS: Final = {
    Level.PERSON: "odpowiedzialny",
    Level.PROXY: "pelnomocnik",
    Level.SECRETARY: "sekretarz",
    Level.HEAD: "kierownik-urzedu",
}
_ASKED_FOR: Final = "na-prosbe"
_COORDINATING: Final = "koordynator"
_GIVEN_UP_AS: Final = {queries.DIGEST: giving_up.REMINDERS} | dict.fromkeys(outbox.STATUS_KINDS, giving_up.STATUS)


@dataclass(frozen=True)
class Ready:
    """A letter that can leave."""

    written: Written
    message: bytes
    outcomes: dict[int, str]  # of the lines of the ledger that are left out
    grants: tuple[dict[str, Any], ...] = ()  # what its links let the reader do once it leaves


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
    if (reason := _why_not(letter, reader)) is not None:
        return Nothing(reason)
    about = offices.by_ids(queries.offices_of_letter(letter))
    not_before = _working_hour(letter, about)
    if not_before is not None:
        return Later(not_before)
    substitute = _substitute(letter)
    if substitute is not None:
        return _word(letter, substitute, about, instead_of=reader.name)
    return _word(letter, reader, about)


def _why_not(letter: Letter, reader: Person) -> str | None:
    """Why a letter need not leave at all."""
    if reader.deactivated_at is not None:
        return "the account is closed"
    if letter.kind == _CODE and clock.now() > letter.created_at + CODE_LIFE:
        return "the code is no longer valid"
    if letter.kind in links.PATH_OF and not links.waits(letter.kind, letter.payload["asked"], clock.today()):
        return "its answer is not waited for any more"
    if letter.kind == ASKED and not letter.text and not discussion.is_still_asked(letter.payload["message"]):
        return "nothing was left to say"
    if letter.kind in outbox.STATUS_KINDS and not letter.text and not _is_still_told(letter, reader):
        return "no longer told how things stand"
    return None


def _is_still_told(letter: Letter, reader: Person) -> bool:
    """Whether the reader still holds what the figures are for: a post of the office, or that of a coordinator."""
    if letter.office_id is None:
        return reader.is_coordinator and reader.wants_status is not False
    today = clock.today()
    told = status.readers_of(days_of([letter.office_id], today)[letter.office_id])
    return any(reader.id in {each.person_id, each.holder_id} for each in told)


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


def _verb(asked: Mapping[str, Any]) -> str:
    """What a reminder asks for; a message to translate."""
    kind = Kind(asked["waits_for"])
    return WHETHER_ACTING if asked.get("is_light") and kind is Kind.ANSWER else VERBS[kind]


def _word(letter: Letter, reader: Person, about: list[Office], *, instead_of: str | None = None) -> Ready | Nothing:
    """Words of an earlier try are not changed, nor what became of its lines: the reader may have them already."""
    payload, outcomes, lines = letter.payload, dict[int, str](), queries.lines_of(letter.id)
    if letter.kind == queries.DIGEST and not letter.text:
        matters, outcomes = still_standing(lines, about)
        if not matters:
            return Nothing("nothing was left to say", outcomes)
        payload = notices.digest(matters, clock.today())
    if letter.kind == reminding.REMINDER and not letter.text:
        asked = reminding.still_asked(
            payload, office_id=letter.office_id, person_id=letter.person_id, today=clock.today()
        )
        if asked is None:
            return Nothing("nothing was left to say")
        payload = asked | {"verb": _verb(asked)}
    if letter.kind in links.PATH_OF:
        payload = payload | {"path": _answer_path(letter)}
    told = [line for line in lines if line.id not in outcomes]
    links_of = _linked(letter, reader, payload)
    payload = links_of.payload
    language = payload.get("language", reader.language)
    proxy = _proxy(about, None if letter.kind in outbox.TO_ANYBODY else reader)
    office_name = about[0].name if len(about) == 1 else None
    instead_of = instead_of or payload.get("instead_of")  # chosen when it was planned
    around = Around(language, office_name, proxy.name if proxy else None, instead_of)
    words = Rendered(letter.subject, letter.text, letter.html) if letter.text else render(letter.kind, payload, around)
    envelope = _envelope(letter, reader, about, proxy=proxy, reason=_reason(letter, told))
    written = Written(words.subject, words.text, words.html, envelope.message_id, envelope.recipient)
    calendar = appointments.attached(letter, about, language, told=told)
    message = mail.build(envelope, subject=words.subject, text=words.text, html=words.html, calendar=calendar)
    return Ready(written, message, outcomes, links_of.rows)


def _linked(letter: Letter, reader: Person, payload: dict[str, Any]) -> grants.Linked:
    """The links by which the reader answers; those of an earlier try were good from then on."""
    if letter.text:
        return grants.Linked(payload, ())
    secret = current_app.config["SECRET_KEY"]
    return grants.linked(payload, letter_id=letter.id, reader=reader, secret=secret, today=clock.today())


def _answer_path(letter: Letter) -> str:
    """The link by which the reader answers without signing in; made now, so that nothing secret is stored."""
    return links.path_of(links.PATH_OF[letter.kind], letter.payload["asked"], current_app.config["SECRET_KEY"])


def _reason(letter: Letter, told: list[Reminder]) -> str:
    """The word for who the reader is in this letter, the nearest to the work of several."""
    if letter.is_awaited:
        return _ASKED_FOR
    if letter.kind in outbox.STATUS_KINDS:
        return _REASONS[Level(letter.payload["level"])] if "level" in letter.payload else _COORDINATING
    return _REASONS[min((Level(line.level) for line in told), key=list(Level).index, default=Level.PERSON)]


def _proxy(about: list[Office], reader: Person | None) -> Person | None:
    """Who reads the answers to a letter: the proxy of the one office it is about, never the reader nor who is away."""
    if len(about) != 1:
        return None
    held = people.holders(about[0].id, clock.today())
    found = people.active_people([*held.get(Who.PROXY, ()), *held.get(Who.DEPUTY, ())])
    away = reading.away(about[0].id, clock.today())
    itself = reader.id if reader else None
    return next((person for person in found.values() if person.id != itself and person.id not in away), None)


def _envelope(letter: Letter, reader: Person, about: list[Office], *, proxy: Person | None, reason: str) -> Envelope:
    sender, key = current_app.config["MAIL_FROM"], current_app.config["SECRET_KEY"]
    domain = mail.domain_of(sender)
    office = about[0] if len(about) == 1 else None
    language = letter.payload.get("language", reader.language)
    with force_locale(language):
        product = gettext("Audit register")
    path = letter.payload.get("path")
    return Envelope(
        sender=sender,
        sender_name=f"{product} – {office.name}" if office else product,
        recipient=letter.payload.get("to", reader.email),  # a mailbox that is not, or not yet, the reader's
        recipient_name=letter.payload.get("to_name", reader.name) if "to" in letter.payload else reader.name,
        reply_to=(proxy.name, proxy.email) if proxy else None,
        list_id=f"{office.slug if office else 'rejestr'}.{domain}",
        reason=reason,
        language=language,
        message_id=letter.message_id or mail.stable_id(key, f"letter:{letter.dedupe}", domain),
        thread_id=mail.stable_id(key, f"thread:{path}", domain) if path else None,
        tried_at=letter.first_tried_at or clock.now(),
        give_up_url=_give_up_url(letter.kind, reader),
    )


def _give_up_url(kind: str, reader: Person) -> str | None:
    """Duties cannot be given up, so their letters have none; a digest's leads to fewer of them."""
    if kind not in _GIVEN_UP_AS:
        return None
    path = giving_up.path_of(_GIVEN_UP_AS[kind], reader, current_app.config["SECRET_KEY"])
    return f"{current_app.config['BASE_URL']}{path}"
