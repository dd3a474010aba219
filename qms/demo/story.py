"""What each office lives through: its audits, its certificates and what became of its people.

Days are counted back from the last day of the demonstration (negative ones lie ahead of it), except in the years of
the 2008 edition, which have their own dates.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

Day = int | date

NOW, THEN = "9001:2015", "9001:2008"


@dataclass(frozen=True, kw_only=True)
class Held:
    """An audit with a published report: a course for each nonconformity, and some remarks beside them."""

    published: Day
    unit: str
    courses: tuple[str, ...] = ()
    remarks: int = 0
    kind: str = "internal"
    edition: str = NOW
    lead: str = ""


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """An audit that is planned, under way with so many drafts, or was cancelled.

    `asks_head`: its lead works in the department, so that the head of the office is asked for a permit.
    `is_report_given`: its report waits for the head of an office that approves reports.
    """

    starts: int
    unit: str
    kind: str = "internal"
    drafts: int = 0
    is_cancelled: bool = False
    asks_head: bool = False
    is_report_given: bool = False


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A certificate, by its last day."""

    ends: Day
    edition: str = NOW
    is_initial: bool = True


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A course of a person: how long ago, and until when it is valid; no end, or one that nobody knows."""

    role: str
    ago: int
    until: int | None = None
    is_end_known: bool = True


@dataclass(frozen=True, kw_only=True)
class Story:
    """The life of one office."""

    held: tuple[Held, ...]
    printed: tuple[Printed, ...]
    unfinished: tuple[Unfinished, ...] = ()
    trained: tuple[Trained, ...] = ()


AUDITORS: Final = ("first_auditor", "second_auditor")


def _auditors(**last: Trained) -> tuple[Trained, ...]:
    """A first course of each auditor, and a second one when that ends; `last` has other second courses."""
    first = tuple(Trained(role=role, ago=1570, until=800) for role in AUDITORS)
    usual = {role: Trained(role=role, ago=830, until=-620) for role in AUDITORS}
    return (*first, *(usual | last).values(), Trained(role="proxy", ago=520))


def _then(year: int, unit: str, courses: int) -> Held:
    return Held(published=date(year, 10, 16), unit=unit, courses=("closed",) * courses, remarks=1, edition=THEN)


def _before(year: int) -> Printed:
    return Printed(ends=date(year, 6, 14), edition=THEN)


STORIES: Final[dict[str, Story]] = {
    "sp-bochnia": Story(
        held=(
            _then(2013, "first", 3),
            Held(published=1296, unit="first", courses=("closed", "closed after return"), remarks=2),
            Held(
                published=702, unit="second", courses=("closed", "closed by proxy", "closed in two rounds"), remarks=2
            ),
            Held(published=560, unit="fn", kind="surveillance", remarks=1, lead="proxy"),
            Held(published=333, unit="or", courses=("closed", "closed late", "rejected", "cancelled"), remarks=2),
            Held(published=192, unit="or", kind="surveillance", courses=("closed by proxy",), remarks=1, lead="proxy"),
            Held(
                published=149,
                unit="second",
                courses=("judged", "just judged", "verified", "closed by proxy"),
                remarks=1,
            ),
            Held(published=76, unit="fn", courses=("planned", "under way", "late", "just done", "verified"), remarks=1),
            Held(
                published=22,
                unit="first",
                courses=("reported", "answered", "disputed", "short of time", "returned"),
                remarks=2,
            ),
            Held(published=9, unit="or", courses=("reported", "accepted", "answered at once"), remarks=2),
        ),
        unfinished=(
            Unfinished(starts=6, unit="second", drafts=3),
            Unfinished(starts=-12, unit="fn"),
            Unfinished(starts=-105, unit="or", kind="recertification"),
        ),
        printed=(_before(2015), Printed(ends=893), Printed(ends=-204, is_initial=False)),
        trained=_auditors(second_auditor=Trained(role="second_auditor", ago=830, until=-25)),
    ),
    "sp-leczyca": Story(
        held=(
            _then(2014, "first", 2),
            Held(published=1180, unit="first", courses=("closed", "closed at leisure"), remarks=2),
            Held(published=800, unit="fn", kind="surveillance", lead="proxy"),
            Held(published=560, unit="second", courses=("closed", "closed with two actions", "reopened"), remarks=2),
            Held(published=440, unit="or", kind="surveillance", lead="proxy"),
            Held(published=120, unit="fn", courses=("verified", "late", "done", "closed late"), remarks=2),
        ),
        unfinished=(
            Unfinished(starts=60, unit="second", is_cancelled=True),
            Unfinished(starts=-33, unit="first", asks_head=True),
        ),
        printed=(_before(2016), Printed(ends=40)),
        trained=_auditors(first_auditor=Trained(role="first_auditor", ago=830)),
    ),
    "um-lodz": Story(
        held=(
            _then(2012, "first", 3),
            Held(published=902, unit="first", courses=("closed", "closed", "rejected"), remarks=2),
            Held(
                published=421, unit="second", courses=("closed by proxy", "closed in two rounds", "closed"), remarks=2
            ),
            Held(published=52, unit="or", kind="surveillance", courses=("planned",), remarks=1, lead="proxy"),
            Held(published=46, unit="fn", courses=("under way", "planned", "late", "answered"), remarks=2),
        ),
        unfinished=(
            Unfinished(starts=-25, unit="or"),
            Unfinished(starts=9, unit="second", drafts=2, is_report_given=True),
        ),
        printed=(_before(2015), Printed(ends=-695)),
        trained=_auditors(second_auditor=Trained(role="second_auditor", ago=830, is_end_known=False)),
    ),
    "ug-lowicz": Story(
        held=(
            Held(published=820, unit="first", courses=("closed", "closed after return"), remarks=2),
            Held(published=700, unit="or", kind="surveillance", lead="proxy"),
            Held(published=341, unit="fn", kind="surveillance", lead="proxy"),
            Held(published=300, unit="second", courses=("closed", "closed by proxy"), remarks=2),
            Held(published=30, unit="or", courses=("answered", "drafted", "done in haste"), remarks=2, lead="lent"),
        ),
        unfinished=(Unfinished(starts=-10, unit="or", kind="recertification"),),
        printed=(Printed(ends=-62),),
        trained=_auditors(),
    ),
    "um-lowicz": Story(
        held=(
            _then(2014, "second", 2),
            Held(published=701, unit="first", courses=("closed", "closed"), remarks=2),
            Held(published=250, unit="second", courses=("closed", "closed at leisure", "cancelled"), remarks=2),
            Held(published=70, unit="or", kind="surveillance", courses=("left to the head",), remarks=1, lead="proxy"),
            Held(published=55, unit="fn", courses=("late", "planned", "verified"), remarks=2),
        ),
        printed=(_before(2016), Printed(ends=-765)),
        trained=_auditors(),
    ),
    "ug-mszana-dolna": Story(
        held=(
            Held(published=960, unit="first", courses=("closed", "closed late"), remarks=2),
            Held(published=380, unit="second", courses=("closed", "reopened"), remarks=2),
            Held(published=140, unit="first", courses=("verified", "late", "done"), remarks=2),
        ),
        unfinished=(Unfinished(starts=16, unit="second"),),
        printed=(Printed(ends=-675),),
        trained=_auditors(),
    ),
}
