"""Who may lead an audit of a department on which days, and what a programme breaks.

Independence is `domain.independence`, qualification `domain.competence`; here both are asked for the days of a planned
audit. While only its months are known, a rule counts as broken when it would be on every one of them.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from qms.domain.competence import Appointment, AuditorRole, Qualification, shortcoming
from qms.domain.errors import N_, Notice
from qms.domain.independence import (
    Facts,
    Ground,
    Membership,
    Parents,
    Period,
    Severity,
    check_auditor,
    supervision,
)
from qms.domain.independence import (
    units as as_items,
)
from qms.domain.programme import Window
from qms.domain.proposal import Limits, month_span


@dataclass(frozen=True)
class Auditor:
    """Somebody who may be asked to lead: appointed or lent on these days, trained so."""

    id: int
    appointments: tuple[Appointment, ...]
    qualifications: tuple[Qualification, ...]

    def lack(self, on: date, edition: str) -> Notice | None:
        """Why the person may not lead on the day, or None."""
        held = next((each for each in self.appointments if each.covers(on)), None)
        facts = {"qualifications": self.qualifications, "appointment": held}
        return shortcoming(AuditorRole.LEAD, on=on, edition=edition, **facts)  # type: ignore[arg-type] # two kinds in one dict


class Rule(StrEnum):
    """What a programme can break."""

    INDEPENDENCE = "independence"
    QUALIFICATION = "qualification"
    MONTH_FULL = "month_full"
    LEAD_FULL = "lead_full"
    UNIT_MISSING = "unit_missing"


@dataclass(frozen=True)
class Bar:
    """Why somebody may not lead: which rule, and in which words."""

    rule: Rule
    reason: Notice
    unit: int | None = None
    lead: int | None = None


_BARRED = {
    Ground.BELONGS: N_(
        "This person works in the unit, or in one above or below it. Choose another auditor for this unit."
    ),
    Ground.SUPERVISES: N_("This person supervises the head of the unit. Choose another auditor for this unit."),
}

Free = dict[int, dict[int, tuple[int, ...]]]
"""By department and month, who may lead."""


@dataclass(frozen=True, kw_only=True)
class Staff:
    """The auditors of an office, who worked where, and by month who heads the office."""

    auditors: Mapping[int, Auditor]
    memberships: Collection[Membership]
    parents: Parents
    heads_of_office: Mapping[int, Collection[int]] = field(default_factory=dict)

    def bars(self, lead: int, units: Collection[int], on: Period, *, edition: str) -> list[Bar]:
        """Why this person may not lead an audit of these departments on these days; nothing when they may."""
        auditor = self.auditors.get(lead, Auditor(lead, (), ()))
        lacks = (auditor.lack(day, edition) for day in on)
        return [Bar(Rule.QUALIFICATION, lack) for lack in lacks if lack][:1] or self._conflicts([lead], units, on)

    def bars_in(self, window: Window, lead: int, units: Collection[int], *, edition: str) -> list[Bar]:
        """The same while only the months may be known: what is wrong in each of them."""
        if window.is_exact:
            return self.bars(lead, units, (window.first_on, window.last_on), edition=edition)
        of_months = [
            self.bars(lead, units, month_span(window.first_on.year, month), edition=edition) for month in window.months
        ]
        return of_months[-1] if all(of_months) else []

    def free(self, units: Collection[int], year: int, months: Collection[int], *, edition: str) -> Free:
        """For each department and month, who may lead whatever the day."""
        found: Free = {unit: {} for unit in units}
        for month in months:
            on = month_span(year, month)
            able = [each.id for each in self.auditors.values() if not any(each.lack(day, edition) for day in on)]
            barred = {(bar.lead, bar.unit) for bar in self._conflicts(able, units, on)}
            for unit in units:
                found[unit][month] = tuple(each for each in able if (each, unit) not in barred)
        return found

    def _conflicts(self, leads: Collection[int], units: Collection[int], on: Period) -> list[Bar]:
        heads = self.heads_of_office.get(on[0].month, ())
        supervises = supervision(self.memberships, self.parents, on, heads_of_office=heads)
        facts = Facts(memberships=self.memberships, parents=self.parents, supervises=supervises)
        return [
            Bar(Rule.INDEPENDENCE, Notice(_BARRED[conflict.ground]), conflict.item.id, lead)
            for lead in leads
            for conflict in check_auditor(lead, as_items(units), on=on, facts=facts)
            if conflict.severity is Severity.BLOCK
        ]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A planned audit, by its number in the programme."""

    number: int
    units: frozenset[int]
    edition: str
    window: Window
    lead_id: int | None = None

    @property
    def month(self) -> int | None:
        """The month it counts in, once there is one."""
        return self.window.first_on.month if len(self.window.months) == 1 else None


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A rule that the programme breaks; what it is about is given by ids and numbers, to be named by the page."""

    rule: Rule
    number: int | None = None
    reason: Notice | None = None
    unit: int | None = None
    lead: int | None = None
    month: int | None = None
    most: int | None = None


def check(planned: Sequence[Planned], *, staff: Staff, limits: Limits, units: Collection[int]) -> list[Breach]:
    """Every rule that the programme breaks: by whom, in which month, and which department nobody visits."""
    return [*_of_leads(planned, staff), *_of_load(planned, limits), *_missing(planned, units)]


def _of_leads(planned: Sequence[Planned], staff: Staff) -> Iterator[Breach]:
    for each in planned:
        if each.lead_id is None:
            continue
        for bar in staff.bars_in(each.window, each.lead_id, sorted(each.units), edition=each.edition):
            yield Breach(rule=bar.rule, number=each.number, reason=bar.reason, unit=bar.unit, lead=each.lead_id)


def _of_load(planned: Sequence[Planned], limits: Limits) -> Iterator[Breach]:
    months = Counter(each.month for each in planned if each.month)
    leads = Counter(each.lead_id for each in planned if each.lead_id)
    for month, count in sorted(months.items()):
        if count > limits.of_month(month):
            yield Breach(rule=Rule.MONTH_FULL, month=month, most=limits.of_month(month))
    for lead, count in leads.items():
        if count > limits.an_auditor:
            yield Breach(rule=Rule.LEAD_FULL, lead=lead, most=limits.an_auditor)


def _missing(planned: Sequence[Planned], units: Collection[int]) -> Iterator[Breach]:
    visited = {unit for each in planned for unit in each.units}
    return (Breach(rule=Rule.UNIT_MISSING, unit=unit) for unit in units if unit not in visited)
