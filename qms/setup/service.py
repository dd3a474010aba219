"""What an office does first: its own data, departments and people in one go, invitations at the end."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from qms.core import text
from qms.domain.errors import N_, InvalidInput, RuleViolation
from qms.domain.pasted import Fault
from qms.domain.setting_up import TICKED, PastedDepartment, PastedPerson, Task
from qms.offices import service as offices
from qms.offices.models import Department, Office
from qms.people import invitations
from qms.people.invitations import Newcomer
from qms.policy import Actor

# The forms of an office's name that papers and letters use, and where it is.
NAMES: Final = ("name", "unit", "locative", "seat", "head_title", "teryt", "teryt_as_of")


def look_at(office: Office, task: str) -> None:
    """Say that a task is done which only somebody's word ends. Raises `InvalidInput` for any other."""
    if task not in TICKED:
        raise InvalidInput(N_("This task is done once the register holds what it asks for. Open it."))
    office.ticked_tasks = sorted({*office.ticked_tasks, str(task)})


def correct_names(office: Office, told: Mapping[str, str | date | None]) -> None:
    """Correct how the office is called; that is its first task too."""
    for name in NAMES:
        setattr(office, name, told[name])
    office.sort_key = text.sort_key(office.name)
    office.search_text = text.search_text(office.name, office.unit, office.seat, office.teryt)
    look_at(office, Task.OFFICE)


def add_departments(office: Office, pasted: Sequence[PastedDepartment], known: Mapping[str, Department]) -> None:
    """Add departments, those above before their parts; `known` are those the office has, by symbol."""
    at = dict(known)
    for each in pasted:
        parent = at.get(each.part_of)
        at[each.symbol] = offices.open_department(office, name=each.name, symbol=each.symbol, parent=parent)


def hold_people(
    office: Office,
    pasted: Sequence[PastedPerson],
    known: Mapping[str, Department],
    *,
    from_on: date,
    by: Actor,
    today: date,
) -> list[Fault]:
    """Note whom to invite; what could not be noted, by its row. The caller keeps all of it or nothing."""
    faults: list[Fault] = []
    for each in pasted:
        newcomer = Newcomer(
            name=each.name,
            email=each.email,
            department=known.get(each.department),
            is_head=each.is_head,
            posts=each.posts,
            from_on=from_on,
        )
        try:
            invitations.hold(office, newcomer, by=by, today=today)
        except RuleViolation as refusal:
            faults.append(Fault(each.row, refusal.message, refusal.params))
    return faults


def put_away(office: Office, today: date) -> None:
    """End the list of first tasks; what it led to stays open on the page of the office."""
    office.set_up_on = today
