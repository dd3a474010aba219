"""Reminders that a person sends by hand, beside those of the ladders: to whoever a case waits for now."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from qms.core.db import db
from qms.domain.errors import N_, NotAllowedNow
from qms.findings import deadlines, notices
from qms.findings.models import Finding
from qms.findings.notices import REMINDER
from qms.people import queries as people
from qms.people.models import Person
from qms.policy import Actor

__all__ = ["REMINDER", "check_read", "check_remindable", "readers", "readers_in", "remind", "remind_all", "still_asked"]

_NOBODY: Final = N_("This case waits for nobody who could be reminded. Open it to see how it stands.")
_TODAY: Final = N_("A reminder went out today already. Send the next one tomorrow, or ring.")


def readers(finding: Finding, *, by: Actor, today: date) -> list[Person]:
    """Whoever is asked for the next step and can be written to; nobody reminds themselves."""
    return readers_in([finding], by=by, today=today)[finding.id]


def readers_in(cases: Collection[Finding], *, by: Actor, today: date) -> dict[int, list[Person]]:
    """The same by case; as many statements for many as for one."""
    asked = deadlines.waited_for_in(cases, today)
    everybody = {person_id for persons in asked.values() for person_id in persons}
    there = people.serving({case.office_id for case in cases}, everybody, today) if everybody else set()
    active = people.active_people({person_id for _, person_id in there} - {by.person_id}) if there else {}
    return {
        case.id: [
            active[each] for each in dict.fromkeys(asked[case.id]) if each in active and (case.office_id, each) in there
        ]
        for case in cases
    }


def check_remindable(finding: Finding, *, by: Actor, today: date) -> None:
    """Refuse where nobody could be reminded. Raises `NotAllowedNow`."""
    check_read(readers(finding, by=by, today=today))


def check_read(found: Collection[Person]) -> None:
    """Refuse a reminder without a reader. Raises `NotAllowedNow`."""
    if not found:
        raise NotAllowedNow(_NOBODY)


def remind(finding: Finding, note: str, *, by: Actor, today: date) -> list[str]:
    """Write to each of them, at most once a day about one case; their names. Raises `NotAllowedNow`."""
    check_remindable(finding, by=by, today=today)
    told = _write(finding, readers(finding, by=by, today=today), note, by=by, today=today)
    if not told:
        raise NotAllowedNow(_TODAY)
    return told


def remind_all(cases: Collection[Finding], note: str, *, by: Actor, today: date) -> list[Finding]:
    """Write about each of these to whoever it waits for; those about which somebody was written to now."""
    found = readers_in(cases, by=by, today=today)
    return [case for case in cases if _write(case, found[case.id], note, by=by, today=today)]


def _write(finding: Finding, to: Collection[Person], note: str, *, by: Actor, today: date) -> list[str]:
    return [each.name for each in to if notices.reminded(finding, each, note, by_name=by.name, today=today)]


def still_asked(
    payload: dict[str, Any], *, office_id: int | None, person_id: int, today: date
) -> dict[str, Any] | None:
    """What of a reminder still holds at the moment of sending; none when nothing of it is waited for any more."""
    key, waits_for = payload["key"], payload["waits_for"]
    finding = db.session.scalar(select(Finding).where(Finding.office_id == office_id, Finding.key == key))
    if finding is None or finding.waits_for != waits_for or person_id not in deadlines.waited_for(finding, today):
        return None
    return notices.reminder(finding, person_id, payload["note"], by_name=payload["by_name"])
