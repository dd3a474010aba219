"""Lines of the ledger and failed letters, turned into plain data for the templates under templates/emails."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from qms.agenda import words as agenda
from qms.core import outbox
from qms.core.outbox import Letter
from qms.domain.deadlines import Deadline, days_left
from qms.domain.errors import N_
from qms.domain.reminders import Level
from qms.offices.models import Office
from qms.people.models import Person
from qms.reminders import words

SHOWN: Final = 10
SOON: Final = 7  # days

# Why a digest came, in the order in which it is said.
WHY: Final[Mapping[Level, str]] = {
    Level.PERSON: N_("you answer for these matters."),
    Level.PROXY: N_("you are the quality proxy of the office."),
    Level.SECRETARY: N_("you are the secretary of the office, and these matters are late or near their end."),
    Level.HEAD: N_("you head the office, and these matters are late or near their end."),
}


@dataclass(frozen=True)
class Matter:
    """One line of a digest, before it is worded."""

    duty: Deadline
    level: Level
    office: Office
    answering: tuple[str, ...]  # names, told to those who do not answer themselves
    instead_of: str | None = None  # the name of who is away


def digest(matters: Iterable[Matter], today: date) -> dict[str, Any]:
    """What a digest says: late matters, then those of the next seven days, then the rest, ten lines in all."""
    ordered = sorted(matters, key=lambda matter: (matter.duty.due_on, matter.duty.kind, matter.duty.subject))
    is_many = len({matter.office.id for matter in ordered}) > 1
    lines = [_line(matter, today, is_many=is_many) for matter in ordered]
    levels = {matter.level for matter in ordered}
    return {
        "late": [line for line in lines[:SHOWN] if line["is_late"]],
        "soon": [line for line in lines[:SHOWN] if not line["is_late"] and line["days_left"] <= SOON],
        "later": [line for line in lines[:SHOWN] if line["days_left"] > SOON],
        "count": len(lines),
        "hidden": max(0, len(lines) - SHOWN),
        "late_count": sum(line["is_late"] for line in lines),
        "nearest_on": next((line["due_on"] for line in lines if not line["is_late"]), None),
        "whys": [why for level, why in WHY.items() if level in levels],
        "path": "/zadania",
    }


def _line(matter: Matter, today: date, *, is_many: bool) -> dict[str, Any]:
    duty = matter.duty
    return {
        "verb": agenda.verb_of(duty),
        "title": duty.title,
        "number": duty.number,
        "due_on": duty.due_on.isoformat(),
        "days_left": days_left(duty.due_on, today),
        "tolerance": duty.tolerance,
        "is_late": duty.is_overdue(today),
        "path": agenda.path_of(duty, matter.office.slug),
        "office": matter.office.name if is_many else None,
        "answering": ", ".join(matter.answering) if matter.level is not Level.PERSON else None,
        "instead_of": matter.instead_of,
    }


def letter_failed(
    letter: Letter, *, reader: Person, proxy_ids: Iterable[int], office_id: int, is_in_doubt: bool
) -> None:
    """Tell the proxies of an office that a letter did not, or perhaps did not, reach its reader."""
    for proxy_id in proxy_ids:
        outbox.put(
            "letter_failed",
            person_id=proxy_id,
            dedupe=f"letter_failed:{letter.id}:{office_id}:{proxy_id}",
            office_id=office_id,
            payload={
                "what": words.KINDS[letter.kind],
                "name": reader.name,
                "address": letter.sent_to or reader.email,
                "is_in_doubt": is_in_doubt,
            },
        )


def test(person_id: int, office_id: int, *, name: str, dedupe: str) -> None:
    """A letter that somebody asks for to see whether letters arrive."""
    payload = {"asked_by": name}
    outbox.put(
        "test", person_id=person_id, dedupe=f"test:{dedupe}", office_id=office_id, payload=payload, is_awaited=True
    )
