"""The year's programme of internal audits: its versions, their approval, and what counts as carried out.

Source: ISO 9001:2008, 8.2.2 and ISO 9001:2015, 9.2.2 (a planned programme); ISO 19011, chapter 5. Who approves it,
`domain.approval` says. Audits outside the plan count nowhere here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qms.domain.calendar import last_day_of_month
from qms.domain.dates import FIRST_YEAR, LAST_YEAR
from qms.domain.errors import N_, InvalidInput, NotAllowedNow


class State(StrEnum):
    """Of one version. A change of an approved one is the next version."""

    DRAFT = "draft"
    SENT = "sent"
    APPROVED = "approved"


_NEXT_YEAR_IS_PLANNED_FROM = 10  # the month


def check_editable(state: State) -> None:
    """Refuse to change what was sent or approved. Raises `NotAllowedNow`."""
    if state is State.SENT:
        raise NotAllowedNow(N_("The programme waits for approval. Give it back first, then change it."))
    if state is State.APPROVED:
        raise NotAllowedNow(N_("This version is approved and stays as it is. Start a new version, then change it."))


def check_sendable(state: State, entries: int) -> None:
    """Refuse to send what is sent already, or an empty programme. Raises `NotAllowedNow`."""
    check_editable(state)
    if not entries:
        raise NotAllowedNow(N_("The programme has no audits yet. Add one, or let the register suggest them."))


def check_sent(state: State) -> None:
    """Refuse to approve or give back what nobody sent. Raises `NotAllowedNow`."""
    if state is not State.SENT:
        raise NotAllowedNow(N_("This version does not wait for approval. Go back to the programme and look again."))


def check_approved(state: State) -> None:
    """Refuse what only an approved version allows. Raises `NotAllowedNow`."""
    if state is not State.APPROVED:
        raise NotAllowedNow(N_("This version is not approved yet. Send it for approval first."))


@dataclass(frozen=True)
class Window:
    """When an audit is to be held: whole months until the days are agreed, then exact days."""

    first_on: date
    last_on: date
    is_exact: bool = False

    @property
    def months(self) -> range:
        """The months it touches."""
        return range(self.first_on.month, self.last_on.month + 1)


def months_window(year: int, first: int | None, last: int | None) -> Window:
    """Whole months of a year; no month is the whole year, one month is that month.

    >>> months_window(2027, 3, None)
    Window(first_on=datetime.date(2027, 3, 1), last_on=datetime.date(2027, 3, 31), is_exact=False)
    """
    since, until = first or last or 1, last or first or 12
    if until < since:
        raise InvalidInput(N_("The last month is before the first. Choose a later last month."), field="last_month")
    return Window(date(year, since, 1), last_day_of_month(year, until))


def days_window(year: int, first_on: date, last_on: date) -> Window:
    """Exact days of the programme's year. Raises `InvalidInput`."""
    if last_on < first_on:
        raise InvalidInput(N_("The last day is before the first. Enter a later last day."), field="ends_on")
    for day, field in ((first_on, "starts_on"), (last_on, "ends_on")):
        if day.year != year:
            message = N_("This is the programme of %(year)s. Enter a day of that year.")
            raise InvalidInput(message, field=field, year=year)
    return Window(first_on, last_on, is_exact=True)


def window_chosen(
    year: int,
    *,
    months: tuple[int | None, int | None] = (None, None),
    days: tuple[date | None, date | None] = (None, None),
    before: Window | None = None,
) -> Window:
    """The window of first and last month and day as they were chosen; days stand in the place of months.

    Neither gives up the other unsaid: months that do not hold the days are refused, and days that are cleared leave
    their months (`before` is the window as it stood). Raises `InvalidInput`.
    """
    first, last = days
    if first or last:
        return _in_months(days_window(year, first or last, last or first), months)  # type: ignore[arg-type]
    if before and before.is_exact and months == (None, None):
        months = before.months[0], before.months[-1]
    return months_window(year, *months)


def _in_months(exact: Window, months: tuple[int | None, int | None]) -> Window:
    if months == (None, None):
        return exact
    chosen = months_window(exact.first_on.year, *months)
    if not chosen.first_on <= exact.first_on <= exact.last_on <= chosen.last_on:
        message = N_("The agreed days are not in these months. Choose their months, or clear the days.")
        raise InvalidInput(message, field="first_month")
    return exact


def check_year(year: int, today: date) -> None:
    """Refuse a programme of a year that is long over or far away. Raises `NotAllowedNow`."""
    if not FIRST_YEAR <= year <= min(LAST_YEAR, today.year + 2):
        raise NotAllowedNow(N_("Programmes are made for years up to %(year)s."), year=today.year + 2)


def years_at_hand(today: date) -> list[int]:
    """The years whose programme people look for: this one, and late in it the next, which is planned then.

    >>> years_at_hand(date(2026, 9, 30)), years_at_hand(date(2026, 10, 1))
    ([2026], [2026, 2027])
    """
    return [today.year, today.year + 1][: 2 if today.month >= _NEXT_YEAR_IS_PLANNED_FROM else 1]


def check_edition(code: str, used: Collection[str]) -> None:
    """Refuse an edition that the office never worked by and that is not in force. Raises `InvalidInput`."""
    if code not in used:
        message = N_("The office never worked by ISO %(edition)s. Choose the edition of its certificate.")
        raise InvalidInput(message, field="edition_code", edition=code)


class Standing(StrEnum):
    """How far a planned audit has come."""

    OPEN = "open"
    """Nobody has agreed on its days yet."""
    SET = "set"
    UNDER_WAY = "under_way"
    DONE = "done"
    SLIPPED = "slipped"
    """Its last month or day has passed, and no audit has begun."""


@dataclass(frozen=True)
class Audit:
    """The audit that came of a planned one; a cancelled one counts as none."""

    starts_on: date
    ends_on: date
    is_begun: bool = False
    is_finished: bool = False


def standing(window: Window, audit: Audit | None, today: date) -> Standing:
    """An audit counts as begun from its first day, and as done when its report is there or its days are over."""
    if audit and (audit.is_finished or audit.ends_on < today):
        return Standing.DONE
    if audit and (audit.is_begun or audit.starts_on <= today):
        return Standing.UNDER_WAY
    if window.last_on < today:
        return Standing.SLIPPED
    return Standing.SET if audit else Standing.OPEN


@dataclass(frozen=True)
class Completion:
    done: int
    planned: int
    slipped: int


def completion(standings: Collection[Standing]) -> Completion:
    """How much of what was planned is done; audits outside the plan are not among it."""
    count = list(standings).count
    return Completion(count(Standing.DONE), len(standings), count(Standing.SLIPPED))


@dataclass(frozen=True, kw_only=True)
class Line:
    """A planned audit as versions are compared by it; its number is the same in each version of a year."""

    units: frozenset[int]
    processes: frozenset[int] = frozenset()
    edition: str
    clauses: frozenset[str]
    window: Window
    lead_id: int | None = None


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    UNITS = "units"
    PROCESSES = "processes"
    CLAUSES = "clauses"
    WINDOW = "window"
    LEAD = "lead"


_COMPARED = (
    (Change.UNITS, ("units",)),
    (Change.PROCESSES, ("processes",)),
    (Change.CLAUSES, ("edition", "clauses")),
    (Change.WINDOW, ("window",)),
    (Change.LEAD, ("lead_id",)),
)


def changes(before: Mapping[int, Line], after: Mapping[int, Line]) -> list[tuple[int, Change]]:
    """What differs between two versions, by the numbers of their planned audits."""
    found: list[tuple[int, Change]] = []
    for number in sorted({*before, *after}):
        if number not in before or number not in after:
            found.append((number, Change.ADDED if number in after else Change.REMOVED))
            continue
        old, new = before[number], after[number]
        found += [(number, what) for what, names in _COMPARED if any(getattr(old, n) != getattr(new, n) for n in names)]
    return found
