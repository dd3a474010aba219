"""How months, states, changes and broken rules of a programme are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from flask_babel import format_date, gettext

from qms.core import i18n
from qms.domain.errors import N_
from qms.domain.programme import Change, Line, Standing, State, Window
from qms.domain.staffing import Breach, Rule

ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
STATES: Final[Mapping[str, str]] = {
    State.DRAFT: N_("being prepared"),
    State.SENT: N_("waits for approval"),
    State.APPROVED: N_("approved"),
}
STANDINGS: Final[Mapping[str, str]] = {
    Standing.OPEN: N_("Planned, days not agreed yet"),
    Standing.SET: N_("Days agreed"),
    Standing.UNDER_WAY: N_("Under way"),
    Standing.DONE: N_("Carried out"),
    Standing.SLIPPED: N_("Slipped: the time has passed"),
}


def month(number: int) -> str:
    """A month by name."""
    return str(format_date(date(2000, number, 1), "LLLL"))


def when(window: Window) -> str:
    """Months, or days once they are agreed."""
    if window.is_exact:
        days = dict.fromkeys((i18n.day(window.first_on), i18n.day(window.last_on)))
        return " – ".join(days)
    if len(window.months) == len(ROMAN):
        return str(gettext("some time in the year"))
    return " – ".join(dict.fromkeys((month(window.months[0]), month(window.months[-1]))))


@dataclass(frozen=True)
class Names:
    """The names of what rules and changes tell by id."""

    units: Mapping[int, str]
    people: Mapping[int, str]
    processes: Mapping[int, str] = field(default_factory=dict)

    def of_units(self, ids: Iterable[int]) -> str:
        return ", ".join(sorted(self.units.get(each, "–") for each in ids))

    def of_processes(self, ids: Iterable[int]) -> str:
        return ", ".join(sorted(self.processes.get(each, "–") for each in ids)) or str(gettext("none"))

    def of_person(self, person_id: int | None) -> str:
        return self.people.get(person_id, "–") if person_id is not None else str(gettext("nobody yet"))


_BREACHES: Final[Mapping[Rule, str]] = {
    Rule.MONTH_FULL: N_("More audits are planned in %(month)s than fit: at most %(most)s. Move one."),
    Rule.LEAD_FULL: N_("%(person)s leads more than %(most)s audits. Give one to somebody else."),
    Rule.UNIT_MISSING: N_("No audit of %(unit)s is planned. Add one, or note in the approval why not."),
    Rule.INDEPENDENCE: N_("No. %(number)s: %(person)s may not audit %(unit)s. %(reason)s"),
    Rule.QUALIFICATION: N_("No. %(number)s: %(person)s may not lead it. %(reason)s"),
}


def breach(found: Breach, names: Names) -> str:
    """A broken rule in words."""
    told = {
        "number": found.number,
        "person": names.of_person(found.lead),
        "unit": names.of_units([found.unit] if found.unit else []),
        "month": month(found.month) if found.month else "",
        "most": found.most,
        "reason": i18n.said(found.reason) if found.reason else "",
    }
    return str(gettext(_BREACHES[found.rule], **told))


def change(number: int, what: Change, pair: tuple[Line | None, Line | None], *, names: Names) -> str:
    """What differs between two versions of a planned audit, in words."""
    old, new = pair
    if old is None or new is None:
        there = new or old
        told = {"number": number, "units": names.of_units(there.units) if there else ""}
        added = N_("No. %(number)s added: %(units)s.")
        return str(gettext(added if new else N_("No. %(number)s taken off: %(units)s."), **told))
    message, was, now = _differs(what, old, new, names=names)
    return str(gettext(message, number=number, before=was, after=now))


def _differs(what: Change, old: Line, new: Line, *, names: Names) -> tuple[str, str, str]:
    if what is Change.WINDOW:
        return N_("No. %(number)s moved: %(before)s → %(after)s."), when(old.window), when(new.window)
    if what is Change.LEAD:
        leads = names.of_person(old.lead_id), names.of_person(new.lead_id)
        return N_("No. %(number)s, lead auditor: %(before)s → %(after)s."), *leads
    if what is Change.UNITS:
        units = names.of_units(old.units), names.of_units(new.units)
        return N_("No. %(number)s, departments: %(before)s → %(after)s."), *units
    if what is Change.PROCESSES:
        processes = names.of_processes(old.processes), names.of_processes(new.processes)
        return N_("No. %(number)s, processes: %(before)s → %(after)s."), *processes
    return N_("No. %(number)s, clauses: %(before)s → %(after)s."), _clauses(old), _clauses(new)


def _clauses(line: Line) -> str:
    return f"ISO {line.edition}, {', '.join(sorted(line.clauses, key=_in_order))}"


def _in_order(number: str) -> list[int]:
    return [int(part) for part in number.split(".")]
