"""Reminders that a person sends by hand, beside those of the ladders: to whoever a case waits for now."""

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

__all__ = ["REMINDER", "check_remindable", "readers", "remind", "still_asked"]

_NOBODY: Final = N_("This case waits for nobody who could be reminded. Open it to see how it stands.")
_TODAY: Final = N_("A reminder went out today already. Send the next one tomorrow, or ring.")


def readers(finding: Finding, *, by: Actor, today: date) -> list[Person]:
    """Whoever is asked for the next step and can be written to; nobody reminds themselves."""
    asked = deadlines.waited_for(finding, today)
    there = {person_id for _, person_id in people.serving([finding.office_id], asked, today)}
    return list(people.active_people(there - {by.person_id}).values())


def check_remindable(finding: Finding, *, by: Actor, today: date) -> None:
    """Refuse where nobody could be reminded. Raises `NotAllowedNow`."""
    if not readers(finding, by=by, today=today):
        raise NotAllowedNow(_NOBODY)


def remind(finding: Finding, note: str, *, by: Actor, today: date) -> list[str]:
    """Write to each of them, at most once a day about one case; their names. Raises `NotAllowedNow`."""
    check_remindable(finding, by=by, today=today)
    found = readers(finding, by=by, today=today)
    told = [each.name for each in found if notices.reminded(finding, each, note, by_name=by.name, today=today)]
    if not told:
        raise NotAllowedNow(_TODAY)
    return told


def still_asked(
    payload: dict[str, Any], *, office_id: int | None, person_id: int, today: date
) -> dict[str, Any] | None:
    """What of a reminder still holds at the moment of sending; none when nothing of it is waited for any more."""
    key, waits_for = payload["key"], payload["waits_for"]
    finding = db.session.scalar(select(Finding).where(Finding.office_id == office_id, Finding.key == key))
    if finding is None or finding.waits_for != waits_for or person_id not in deadlines.waited_for(finding, today):
        return None
    return notices.reminder(finding, person_id, payload["note"], by_name=payload["by_name"])
