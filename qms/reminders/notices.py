"""Lines of the ledger and failed letters, turned into plain data for the templates under templates/emails."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from qms.agenda import words as agenda
from qms.core import outbox
from qms.core.outbox import Letter
from qms.domain.deadlines import Deadline, Kind, days_left
from qms.domain.errors import N_
from qms.domain.grants import Purpose, named
from qms.domain.reminders import Level
from qms.offices.models import Office
from qms.people.models import Person
from qms.reminders import words
from qms.reminders.calls import Told

SHOWN: Final = 10
SOON: Final = 7  # days
_OF_DEPARTMENT: Final = frozenset({Kind.ANSWER, Kind.ACTION})  # the rest of a case waits for others

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
    told_before: tuple[Told, ...] | None = None
    """Who was reminded, when a superior hears of a late matter for the first time."""
    department: str | None = None

    @property
    def is_call(self) -> bool:
        """Whether it calls for a superior."""
        return self.told_before is not None


def digest(matters: Iterable[Matter], today: date) -> dict[str, Any]:
    """What a digest says: calls for a superior, then late matters, those of the next seven days and the rest.

    Ten lines in all, besides the calls, of which there are ten at most.
    """
    ordered = sorted(matters, key=lambda matter: (matter.duty.due_on, matter.duty.kind, matter.duty.subject))
    is_many = len({matter.office.id for matter in ordered}) > 1
    lines = [(matter, _line(matter, today, is_many=is_many)) for matter in ordered]
    calls = [(matter, line) for matter, line in lines if matter.is_call]
    shown = [(matter, line) for matter, line in lines if not matter.is_call][:SHOWN]
    groups = {
        "late": [pair for pair in shown if pair[1]["is_late"]],
        "soon": [pair for pair in shown if not pair[1]["is_late"] and pair[1]["days_left"] <= SOON],
        "later": [pair for pair in shown if pair[1]["days_left"] > SOON],
    }
    whys = {name: _whys(matter for matter, _ in pairs) for name, pairs in groups.items() if pairs}
    return {
        **{name: [line for _, line in pairs] for name, pairs in groups.items()},
        "calls": _calls(calls),
        "count": len(lines),
        "hidden": len(lines) - len(shown) - min(len(calls), SHOWN),
        "late_count": sum(line["is_late"] for _, line in lines),
        "nearest_on": next((line["due_on"] for _, line in lines if not line["is_late"]), None),
        "whys": _whys(ordered),
        "instead_of": sorted({matter.instead_of for matter in ordered if matter.instead_of}),
        "whys_of": whys if len({tuple(each) for each in whys.values()}) > 1 else {},
        "path": "/zadania",
    }


def _whys(matters: Iterable[Matter]) -> list[str]:
    levels = {matter.level for matter in matters if not matter.instead_of}
    return [why for level, why in WHY.items() if level in levels]


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
        **_link(matter),
    }


# What a reader who answers for a matter can do from the letter itself.
_BY_LINK: Final[Mapping[Kind, Purpose]] = {Kind.ANSWER: Purpose.ANSWER, Kind.ACTION: Purpose.REPORT_DONE}


def _link(matter: Matter) -> dict[str, Any]:
    purpose = _BY_LINK.get(matter.duty.kind)
    if purpose is None or matter.level is not Level.PERSON:
        return {}
    return named(purpose, matter.office.id, matter.duty.subject.partition(":")[2])


def _calls(calls: list[tuple[Matter, dict[str, Any]]]) -> dict[str, Any] | None:
    """The part for a superior; names a department when nobody outside it is late."""
    if not calls:
        return None
    lines = [line | {"told": [_told(each) for each in matter.told_before or ()]} for matter, line in calls[:SHOWN]]
    departments = {matter.department if matter.duty.kind in _OF_DEPARTMENT else None for matter, _ in calls}
    return {"count": len(calls), "department": departments.pop() if len(departments) == 1 else None, "lines": lines}


def _told(told: Told) -> dict[str, Any]:
    return {"name": told.name, "days": [{"told_on": day.isoformat()} for day in told.days]}


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
                "name": letter.sent_to if letter.kind in outbox.TO_ANYBODY else reader.name,
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
