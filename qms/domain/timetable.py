"""The timetable of an audit: on which day, from when until when, and who.

Source: ISO 19011, 6.3.2 (the plan of an audit). Nobody named is the whole team; nobody is in two places at once,
neither in one audit nor in two.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time

from qms.domain.errors import N_, InvalidInput


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Who is busy from when until when; `audit` is the number of the audit that keeps them so."""

    day: date
    from_time: time
    to_time: time
    people: Collection[int]
    audit: str = ""

    def meets(self, other: "Hours") -> bool:
        """Whether the two share a moment; one may begin as the other ends."""
        return self.day == other.day and self.from_time < other.to_time and other.from_time < self.to_time


def check_days(wanted: Hours, first: date, last: date) -> None:
    """Refuse a day on which the audit is not held, and an end that does not follow the beginning."""
    if not first <= wanted.day <= last:
        message = N_("The audit lasts from %(first)s to %(last)s. Enter one of these days.")
        raise InvalidInput(message, field="day", first=first, last=last)
    if wanted.to_time <= wanted.from_time:
        raise InvalidInput(N_("The end is not after the beginning. Enter a later hour."), field="to_time")


def overlap(wanted: Hours, others: Iterable[Hours]) -> tuple[int, Hours] | None:
    """The first of the others that keeps somebody busy at the same time, and whom."""
    for other in others:
        both = set(wanted.people) & set(other.people)
        if both and wanted.meets(other):
            return min(both), other
    return None
