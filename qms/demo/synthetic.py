"""Synthetic offices for measuring: large, quickly made, like real ones in how their cases spread over states and days.

Nothing of it was lived: the rows were not written by the verbs, and the trail has no entry about them.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from qms.audits.models import Audit, AuditClause, AuditDepartment, AuditMember
from qms.core import clock, runs, text
from qms.core.db import EVERY_OFFICE, scoped
from qms.core.transactions import writing
from qms.demo.masses import Bulk, go_on_counting
from qms.demo.outcomes import Outcome, draw
from qms.demo.refusals import refuse_used_database
from qms.demo.settling import Settled, settle
from qms.demo.texts import Text, all_of
from qms.domain.calendar import previous_working_day
from qms.domain.deadlines import Kind
from qms.domain.findings import State
from qms.domain.report import Parts
from qms.domain.scale import STARTER
from qms.domain.standing import TeamRole
from qms.findings.models import Action, Finding, Round
from qms.offices.models import NumberCounter
from qms.reports.models import ReportIssue
from qms.standards import catalogue
from qms.standards import queries as standards

Say = Callable[[str], object]

_YEARS: Final = 4
_CLAUSES: Final = 8  # an audit is held against
_ANSWERED, _ACCEPTED, _WORKED = timedelta(days=9), timedelta(days=13), timedelta(days=33)
_VERIFIED, _JUDGED, _CLOSED = timedelta(days=38), timedelta(days=141), timedelta(days=145)
_MOST_ACTIONS: Final = 3
_SYMBOLS: Final = {kind.meaning: kind.symbol for kind in STARTER}
_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"


def synthesise(
    *, offices: int, audits: int, findings: int, on: date, say: Say, share_of_first: float | None = None
) -> None:
    """Fill an empty database with so many offices, audits an office and findings an audit; one action a finding.

    With `share_of_first` the first office has that share of all audits, and the others the rest in equal parts.
    Raises `NotAllowedNow` when the database has offices.
    """
    refuse_used_database()
    with scoped(EVERY_OFFICE), writing():
        catalogue.load()
        shares = _shares(offices, audits * offices, share_of_first)
        masses = _Masses(on, findings)
        for number, count in enumerate(shares, start=1):
            masses.office(number, count)
            if number % max(1, offices // 10) == 0:
                say(f"{number} of {offices} offices, {masses.bulk.written[Finding]} findings")
        masses.bulk.write()
        go_on_counting()
        runs.set_note("demo", on.isoformat())


def _shares(offices: int, audits: int, share_of_first: float | None) -> list[int]:
    """How many audits each office has."""
    first = round(audits * share_of_first) if share_of_first else audits // offices
    others = offices - 1
    rest, over = divmod(audits - first, others) if others else (0, 0)
    return [first if others else audits, *(rest + (place < over) for place in range(others))]


class _Masses:
    """The making of all offices: what they share, and the rows that wait to be written."""

    def __init__(self, on: date, findings: int) -> None:
        self.on, self.findings = on, findings
        self.bulk, self.rng = Bulk(), Random(0)  # noqa: S311 - the same offices each time, no secret
        self.clauses = [clause.id for clause in standards.auditable("9001:2015")]
        self.texts = [(each, text.search_text(each.statement, each.requirement)) for each in all_of("case")]
        self.noon = _at(on)
        self.owed = 0  # actions, so that there are as many as findings

    def office(self, number: int, audits: int) -> None:
        """One office with its people, audits and findings."""
        settled = settle(self.bulk, number, on=self.on, rng=self.rng)
        numbers: Counter[str] = Counter()
        for place in range(audits):
            days_ago = round(_YEARS * 365 * (audits - place) / audits)
            self._audit(settled, previous_working_day(self.on - timedelta(days=days_ago)), numbers)
            self.bulk.write_when_full()
        for scope, last in numbers.items():
            self.bulk.add(NumberCounter, office_id=settled.office_id, scope=scope, last=last)

    def _audit(self, settled: Settled, published_on: date, numbers: Counter[str]) -> None:
        unit = self.rng.choice(list(settled.departments))
        starts_on = previous_working_day(published_on - timedelta(days=10))
        lead_id = settled.lead_of(unit)
        audit_id = self.bulk.add_numbered(
            Audit,
            office_id=settled.office_id,
            key=_key(self.bulk.written[Audit]),
            number=_next("A", starts_on, numbers, width=2),
            kind="internal",
            edition_code="9001:2015",
            starts_on=starts_on,
            ends_on=starts_on,
            state="finished",
            published_at=_at(published_on),
            published_by_id=lead_id,
            finding_count=self.findings,
        )
        self._scope(settled.office_id, audit_id, settled.departments[unit])
        of_audit = {"office_id": settled.office_id, "audit_id": audit_id}
        self.bulk.add_numbered(AuditMember, **of_audit, person_id=lead_id, role=TeamRole.LEAD)
        issued = {"number": 1, "exclusions": [], "published_at": _at(published_on), "published_by_id": lead_id}
        self.bulk.add_numbered(ReportIssue, **of_audit, **issued, **asdict(Parts()))
        made = _Audit(settled, audit_id, unit, lead_id, published_on, numbers)
        for _ in range(self.findings):
            self._finding(made)

    def _scope(self, office_id: int, audit_id: int, department_id: int) -> None:
        of_audit = {"office_id": office_id, "audit_id": audit_id}
        self.bulk.add(AuditDepartment, **of_audit, department_id=department_id)
        for clause_id in self.rng.sample(self.clauses, _CLAUSES):
            self.bulk.add(AuditClause, **of_audit, clause_id=clause_id)

    def _finding(self, audit: "_Audit") -> None:
        outcome = draw(audit.published_on, self.on, self.rng)
        words, searched = self.rng.choice(self.texts)
        number = _next(_SYMBOLS[outcome.category], audit.published_on, audit.numbers, width=3)
        finding_id = self.bulk.add_numbered(
            Finding,
            office_id=audit.settled.office_id,
            key=_key(self.bulk.written[Finding]),
            number=number,
            audit_id=audit.id,
            department_id=audit.settled.departments[audit.unit],
            clause_id=self.rng.choice(self.clauses),
            category=outcome.category,
            kind_key=audit.settled.kinds[outcome.category],
            requirement=words.requirement,
            evidence=words.evidence,
            statement=words.statement,
            state=outcome.state,
            recorded_by_id=audit.lead_id,
            reported_on=audit.published_on,
            stage=outcome.stage,
            cause_key=audit.settled.causes[words.cause_kind] if outcome.is_answer_sent else None,
            waits_for=outcome.waits_for,
            due_on=outcome.due_on,
            counted_from=audit.published_on if outcome.waits_for else None,
            closed_on=self._after(audit.published_on, _CLOSED) if outcome.state == State.CLOSED else None,
            search_text=f" {number.lower().replace('-', ' ')}{searched}",
            changed_at=self.noon,
        )
        case = _Case(audit, finding_id, outcome, words)
        if outcome.is_case:
            self._round(case)
        self._actions(case)

    def _after(self, day: date, span: timedelta) -> date:
        """What came of a young finding came quickly: nothing happens after the last day."""
        return min(day + span, self.on)

    def _round(self, case: "_Case") -> None:
        audit, outcome, published_on = case.audit, case.outcome, case.audit.published_on
        is_closed = outcome.state == State.CLOSED
        is_checked = is_closed or outcome.state == State.EFFECTIVENESS_CHECK
        self.bulk.add_numbered(
            Round,
            office_id=audit.settled.office_id,
            finding_id=case.finding_id,
            number=1,
            correction=case.words.correction if outcome.is_answer_sent else "",
            cause=case.words.cause if outcome.is_answer_sent else "",
            cause_key=audit.settled.causes[case.words.cause_kind] if outcome.is_answer_sent else None,
            answered_by_id=audit.settled.head_of(audit.unit) if outcome.is_answer_sent else None,
            answered_at=_at(self._after(published_on, _ANSWERED)) if outcome.is_answer_sent else None,
            accepted_by_id=audit.settled.people["proxy"] if outcome.has_plan else None,
            accepted_on=self._after(published_on, _ACCEPTED) if outcome.has_plan else None,
            verified_by_id=audit.lead_id if is_checked else None,
            verified_on=self._after(published_on, _VERIFIED) if is_checked else None,
            judged_by_id=audit.lead_id if is_closed else None,
            judged_on=self._after(published_on, _JUDGED) if is_closed else None,
            is_effective=True if is_closed else None,
        )

    def _actions(self, case: "_Case") -> None:
        """Those of the case, and those that remarks and unanswered cases do not have: as many as findings in all."""
        self.owed += 1
        for place in range(min(self.owed, _MOST_ACTIONS) if case.outcome.has_plan else 0):
            self._action(case, is_done=case.outcome.is_worked or (case.outcome.is_begun and place > 0))
            self.owed -= 1

    def _action(self, case: "_Case", *, is_done: bool) -> None:
        doer_id = case.audit.settled.doer_of(case.audit.unit)
        done_on = self._after(case.audit.published_on, _WORKED)
        self.bulk.add_numbered(
            Action,
            office_id=case.audit.settled.office_id,
            key=_key(self.bulk.written[Action]),
            finding_id=case.finding_id,
            round_number=1,
            description=case.words.action,
            owner_id=doer_id,
            due_on=case.outcome.due_on if case.outcome.waits_for == Kind.ACTION else done_on,
            done_on=done_on if is_done else None,
            done_note=case.words.done if is_done else "",
            reported_by_id=doer_id if is_done else None,
        )


@dataclass(frozen=True)
class _Audit:
    settled: Settled
    id: int
    unit: str
    lead_id: int
    published_on: date
    numbers: Counter[str]


@dataclass(frozen=True)
class _Case:
    audit: _Audit
    finding_id: int
    outcome: Outcome
    words: Text


def _next(prefix: str, day: date, numbers: Counter[str], *, width: int) -> str:
    """The number that the counter of the office would give."""
    numbers[f"{prefix}-{day.year}-*"] += 1
    return f"{prefix}-{day.year}-{numbers[f'{prefix}-{day.year}-*']:0{width}}"


def _at(day: date) -> datetime:
    return clock.moment(day, time(12))


def _key(number: int) -> str:
    """Eight letters as in any address, a different one for each number."""
    letters = ""
    for _ in range(8):
        number, place = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[place]
    return letters
