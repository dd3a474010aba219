"""What of a letter goes into the reader's own calendar, under the name that it has in the feed as well."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from flask import current_app
from flask_babel import force_locale, gettext

from qms.agenda.feed import description, summary
from qms.agenda.words import VERBS
from qms.core import calendars, i18n
from qms.core.calendars import Entry
from qms.core.i18n import said
from qms.core.outbox import Letter
from qms.cycle.deadlines import KINDS
from qms.domain.deadlines import RULE_WORDS, Kind, Rule
from qms.offices.models import Office
from qms.reminders.models import Reminder


def attached(letter: Letter, about: Iterable[Office], language: str, *, told: Iterable[Reminder] = ()) -> bytes | None:
    """The calendar that goes with a letter, the same at every try; none when there is nothing to put into it.

    `told` are the lines of the ledger that a digest tells.
    """
    by_id = {office.id: office for office in about}
    with force_locale(language):
        entries = [entry for office in by_id.values() for entry in _of_letter(letter, office)]
        entries += _of_cycle({(line.office_id, line.kind, line.subject): line for line in told}.values(), by_id)
    return calendars.attachment(entries, made_at=letter.created_at) if entries else None


def _of_letter(letter: Letter, office: Office) -> Iterator[Entry]:
    return _CARRYING[letter.kind](letter.payload, office) if letter.kind in _CARRYING else iter(())


def _of_cycle(lines: Iterable[Reminder], about: Mapping[int, Office]) -> Iterator[Entry]:
    """The days of certificates; from the ledger alone, since the agenda may say another thing at a later try."""
    for line in lines:
        if Kind(line.kind) in KINDS:
            office = about[line.office_id]
            reason = gettext("A day in the cycle of the certificate.")
            yield Entry(
                uid=_uid(Kind(line.kind), line.subject, office),
                summary=said(VERBS[Kind(line.kind)]),
                description=description(reason, office.name, _link(f"/u/{office.slug}/certyfikat")),
                first_on=line.due_on,
                last_on=line.due_on,
                sequence=line.letter_id,  # a later letter knows better
            )


def _actions(payload: Mapping[str, Any], office: Office) -> Iterator[Entry]:
    for action in payload["actions"]:
        told = payload | action  # one letter may tell of several cases
        if "uid_of" in action:
            due_on = date.fromisoformat(action["due_on"])
            yield Entry(
                uid=_uid(Kind.ACTION, action["uid_of"], office),
                summary=summary(said(VERBS[Kind.ACTION]), told["number"]),
                description=description(said(RULE_WORDS[Rule.ACTION]), office.name, _link(action["path"])),
                first_on=due_on,
                last_on=due_on,
                sequence=told["sequence"],
                is_cancelled="to_name" in payload,
            )


def _audit(payload: Mapping[str, Any], office: Office) -> Iterator[Entry]:
    if "uid_of" in payload:
        yield Entry(
            uid=_uid(Kind.AUDIT, payload["uid_of"], office),
            summary=summary(gettext("Audit"), payload["number"], payload["department"]),
            description=description(_reason(payload), office.name, _link(payload["path"])),
            place="; ".join(payload.get("places", ())),
            first_on=date.fromisoformat(payload["starts_on"]),
            last_on=date.fromisoformat(payload["ends_on"]),
            takes_time=True,
            sequence=payload["sequence"],
            is_cancelled="new_starts_on" in payload and payload["new_starts_on"] is None,
        )


def _reason(payload: Mapping[str, Any]) -> str:
    """Why the audit is in the calendar, and its hours; letters of before know of none."""
    rows = payload.get("timetable", ())
    lines = (f"{_day(row['held_on'])}, {row['hours']}: {row['subject']} {row['who']}".strip() for row in rows)
    return "\n".join([said(RULE_WORDS[Rule.AUDIT_HELD]), *lines])


def _day(iso: str) -> str:
    return i18n.day(date.fromisoformat(iso))


_CARRYING: Final[Mapping[str, Callable[[Mapping[str, Any], Office], Iterator[Entry]]]] = {
    "plan_accepted": _actions,
    "action_given": _actions,
    "action_taken_off": _actions,
    "audit_notice": _audit,
    "audit_moved": _audit,
}


def _uid(kind: Kind, subject: str, office: Office) -> str:
    return calendars.uid_of(kind, subject, slug=office.slug, base_url=current_app.config["BASE_URL"])


def _link(path: str) -> str:
    return f"{current_app.config['BASE_URL']}{path}"
