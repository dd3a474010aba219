"""What is done with a report: drafted, published, amended; and with an office's own templates."""

from dataclasses import asdict
from datetime import date

from qms.audits.models import INTERNAL, OPEN_STATES, Audit
from qms.core import clock
from qms.core.db import db
from qms.core.files import StoredFile
from qms.core.trail import because
from qms.domain.errors import N_, NotAllowedNow, NotPermitted
from qms.domain.findings import LEAD, MAY, TEAM
from qms.domain.report import Parts, check_amendment, check_not_given
from qms.domain.standing import Who
from qms.findings import service as findings
from qms.findings.models import Finding
from qms.policy import Actor, standing
from qms.reports import left_out, queries
from qms.reports.models import PaperTemplate, ReportIssue
from qms.reports.slots import Slot


def save_draft(audit: Audit, parts: Parts, *, by: Actor) -> None:
    """Keep what the team has written so far. Raises `RuleViolation` for an audit that is over, or a stranger."""
    if audit.state not in OPEN_STATES:
        raise NotAllowedNow(N_("The report of this audit is published. The lead auditor can amend it."))
    check_not_given(audit.report_waits_for)
    if not standing(by, audit.concern) & {*TEAM, Who.TRAINEE}:
        raise NotPermitted(MAY[TEAM])
    write(audit, parts)


def needs_approval(audit: Audit) -> bool:
    """Whether its report goes through the office's steps first; one from outside is not ours to approve."""
    return audit.office.approves_reports and audit.kind in INTERNAL


def publish(audit: Audit, parts: Parts, *, by: Actor, today: date, is_approved: bool = False) -> list[Finding]:
    """Publish the report as its first issue, with its findings. Raises `RuleViolation` as `findings.publish` does."""
    _check_way(audit, is_approved=is_approved)
    found = findings.publish(audit, conclusion=parts.conclusion, by=by, today=today)
    write(audit, parts)
    _issue(audit, parts, number=1, by=by)
    return found


def amend(audit: Audit, parts: Parts, *, reason: str, by: Actor, is_approved: bool = False) -> ReportIssue:
    """Publish the next issue of a report; the earlier ones stay as they are.

    Raises `RuleViolation` when nothing differs, the report is not published, or somebody else led the audit.
    """
    _check_way(audit, is_approved=is_approved)
    check_amendable(audit, parts, by=by)
    issues = queries.issues_of(audit)
    because(reason)
    write(audit, parts)
    return _issue(audit, parts, number=len(issues) + 1, by=by, reason=reason)


def _check_way(audit: Audit, *, is_approved: bool) -> None:
    """What was given for approval is published as it was approved, and nothing else meanwhile."""
    if is_approved:
        return
    check_not_given(audit.report_waits_for)
    if needs_approval(audit):
        raise NotAllowedNow(N_("This office approves reports first. Give the report for approval."))


def check_amendable(audit: Audit, parts: Parts, *, by: Actor) -> None:
    """Raises what `amend` would, and does nothing."""
    if not standing(by, audit.concern) & LEAD:
        raise NotPermitted(MAY[LEAD])
    if audit.published_at is None:
        raise NotAllowedNow(N_("The report is not published yet. Change its draft."))
    check_amendment(queries.parts_of(audit), parts, findings=audit.finding_count)


def write(audit: Audit, parts: Parts) -> None:
    """Put what a report says into the audit."""
    for name, text in asdict(parts).items():
        setattr(audit, name, text)


def _issue(audit: Audit, parts: Parts, *, number: int, by: Actor, reason: str = "") -> ReportIssue:
    issue = ReportIssue(
        office_id=audit.office_id,
        audit_id=audit.id,
        number=number,
        reason=reason,
        exclusions=left_out.kept(audit),
        published_at=clock.now(),
        published_by_id=by.person_id,
        **asdict(parts),
    )
    db.session.add(issue)
    return issue


def keep_template(slot: Slot, stored: StoredFile, *, by: Actor) -> None:
    """Make a stored file the office's template of one kind of paper, in the place of the one before."""
    row = slot.template or PaperTemplate(office_id=slot.office.id, kind=slot.kind)
    former = slot.template.file if slot.template else None
    row.file, row.added_by_id, row.added_at = stored, by.person_id, clock.now()
    db.session.add(row)
    if former is not None:
        db.session.flush()  # nothing points at it any more
        db.session.delete(former)


def drop_template(slot: Slot) -> None:
    """Take the office's own template away: from now on its papers look as the register makes them."""
    if slot.template is not None:
        db.session.delete(slot.template)
        db.session.flush()
        db.session.delete(slot.template.file)
