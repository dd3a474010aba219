"""Giving a report for approval, its steps, giving it back, and publishing what was approved."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy.orm.attributes import flag_modified, set_committed_value

from qms.approvals import queries as approvals
from qms.approvals import steps
from qms.audits.models import Audit
from qms.core import clock
from qms.core.db import db
from qms.core.trail import because
from qms.domain import report as rules
from qms.domain.approval import Step, check_vacancies
from qms.domain.errors import Notice
from qms.domain.report import LEAD_PUBLISHES, Given, Parts
from qms.domain.standing import Who
from qms.findings import service as findings
from qms.people import queries as people
from qms.policy import Actor
from qms.reports import notices, queries, service
from qms.reports.models import GivenReport, ReportApproval


def give(audit: Audit, parts: Parts, *, by: Actor, today: date, reason: str = "") -> GivenReport:
    """Ask the office's chain to approve the next issue; until then it and its findings stay as they are now.

    Raises `RuleViolation` as publishing or amending would, or when nobody holds a post that is to approve.
    """
    rules.check_not_given(audit.report_waits_for)
    if audit.published_at is None:
        findings.check_publishable(audit, conclusion=parts.conclusion, by=by, today=today)
    else:
        service.check_amendable(audit, parts, by=by)
    chain, held = approvals.chain(audit.office_id), people.holders(audit.office_id, today)
    check_vacancies(chain, held)
    if audit.published_at is None:
        service.write(audit, parts)
    given = _given(audit, parts, chain, reason=reason, by=by)
    _ask_next(given, held)
    return given


def _given(audit: Audit, parts: Parts, chain: Sequence[Step], *, reason: str, by: Actor) -> GivenReport:
    of_office = {"office_id": audit.office_id}
    given = GivenReport(
        **of_office,
        audit_id=audit.id,
        number=len(queries.issues_of(audit)) + 1,
        state=Given.SENT,
        reason=reason,
        given_at=clock.now(),
        given_by_id=by.person_id,
        **asdict(parts),
    )
    set_committed_value(given, "audit", audit)
    given.approvals = [
        steps.lay_out(ReportApproval(**of_office, place=place), step) for place, step in enumerate(chain, start=1)
    ]
    db.session.add(given)
    return given


def waits_for(given: GivenReport) -> ReportApproval | None:
    """The step that is to be taken now."""
    return steps.waiting(given.approvals) if given.state == Given.SENT else None


def _ask_next(given: GivenReport, held: Mapping[Who, Sequence[int]]) -> None:
    step = waits_for(given)
    given.audit.report_waits_for = step.post if step else LEAD_PUBLISHES
    db.session.flush()  # here, so that the letter bears the version this change makes
    notices.ask_to_approve(given, steps.to_ask(step, held))


def approve(given: GivenReport, *, by: Actor, today: date, order_number: str = "") -> None:
    """Take the next step; after the last one the lead auditor may publish. Raises `RuleViolation`."""
    rules.check_sent(Given(given.state))
    steps.take(given.approvals, by=by, office_id=given.office_id, order_number=order_number)
    flag_modified(given, "number")
    if waits_for(given) is None:
        given.state, given.audit.report_waits_for = Given.APPROVED, LEAD_PUBLISHES
        db.session.flush()  # as above
        notices.tell_outcome(given)
    else:
        _ask_next(given, people.holders(given.office_id, today))


def doubt_about(given: GivenReport, by: Actor) -> Notice | None:
    """What to say to somebody who is about to take the next step."""
    return rules.doubt_about_approver(by.person_id, given.given_by_id) or steps.doubt_about(given.approvals, by)


def give_back(given: GivenReport, *, reason: str, by: Actor) -> None:
    """Open the report for changes again: whoever is to approve it may, and the lead auditor."""
    rules.check_pending(Given(given.state))
    because(reason)
    given.state, given.returned_because = Given.RETURNED, reason
    given.audit.report_waits_for = ""
    db.session.flush()  # as above
    if by.person_id != given.given_by_id:
        notices.tell_outcome(given)


def publish(given: GivenReport, *, by: Actor, today: date) -> None:
    """Publish what was approved, as it was approved. Raises `RuleViolation` as publishing and amending do."""
    rules.check_approved(Given(given.state))
    audit = given.audit
    audit.report_waits_for = ""
    if audit.published_at is None:
        service.publish(audit, given.parts, by=by, today=today, is_approved=True)
    else:
        service.amend(audit, given.parts, reason=given.reason, by=by, is_approved=True)
    given.state = Given.PUBLISHED
