"""What of a digest still holds at the moment of sending: its lines of the ledger beside the agenda of that moment."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from qms.agenda import queries as agenda
from qms.core import clock
from qms.domain.deadlines import Deadline, Kind
from qms.domain.reminders import Level
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.people import queries as people
from qms.reminders.calls import first_calls
from qms.reminders.models import Reminder
from qms.reminders.notices import Matter
from qms.reminders.rungs import rungs_of


def still_standing(lines: Iterable[Reminder], about: list[Office]) -> tuple[list[Matter], dict[int, str]]:
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
        self._calls = first_calls(office.id, lines, today)
        self._departments = {each.id: each.name for each in offices.departments(office.id)} if self._calls else {}

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
        return Matter(
            duty,
            Level(line.level),
            self._office,
            names,
            instead_of=away,
            told_before=self._calls.get((duty.kind, duty.subject, duty.due_on)),
            department=self._departments.get(duty.department_id or 0),
        )
