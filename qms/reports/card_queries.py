"""The card of a finding as its page reads it."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from qms.domain.cause_analysis import read
from qms.domain.standing import TeamRole
from qms.findings.models import Action, Evidence, Finding, Round
from qms.reports.queries import found_as, proofs, signers_of
from qms.reports.report import Answered, Card, Done, Signer


def card_of(finding: Finding, earlier: Finding | None, *, today: date) -> Card:
    """The card of a published finding that was read with its whole case, and of the one that it repeats."""
    day = finding.closed_on or today
    team = finding.audit.team if finding.audit else ()
    lead = next((each.person.name for each in team if each.role == TeamRole.LEAD), "")
    return Card(
        office=finding.office.name,
        found=found_as(finding),
        source=finding.source,
        audit_number=finding.audit.number if finding.audit else "",
        outer_number=finding.outer_number,
        noticed_on=finding.noticed_on,
        reported_on=finding.reported_on or day,
        recorded_by=finding.recorded_by.name,
        lead=lead,
        stage=finding.stage,
        state=finding.state,
        is_light=finding.is_light,
        waits_for=finding.waits_for,
        rounds=tuple(_answered(finding, each) for each in finding.rounds if each.answered_at),
        reason=finding.reason,
        closed_on=finding.closed_on,
        earlier_number=(earlier.number or "") if earlier else "",
        earlier_on=earlier.reported_on if earlier else None,
        signers=(
            *([Signer("lead", lead)] if lead else []),
            *(each for each in signers_of(finding.office_id, [finding.department_id], day) if each.role != HEAD),
        ),
    )


HEAD: Final = "head_of_office"  # signs reports; a card stays between the team, the unit and the proxy


def _answered(finding: Finding, row: Round) -> Answered:
    if row.answered_at is None:
        raise ValueError(row.id)
    actions = [each for each in finding.actions if each.round_number == row.number]
    return Answered(
        number=row.number,
        correction=row.correction,
        no_correction_reason=row.no_correction_reason,
        cause=row.cause,
        analysis=read(row.analysis),
        cause_kind=row.cause_kind.cause if row.cause_kind else None,
        criterion=row.criterion,
        answered_by=row.answered_by.name if row.answered_by else "",
        answered_at=row.answered_at,
        actions=tuple(_done(each, finding.files) for each in actions),
        accepted_by=row.accepted_by.name if row.accepted_by else "",
        accepted_on=row.accepted_on,
        verification=row.verification,
        verified_by=row.verified_by.name if row.verified_by else "",
        verified_on=row.verified_on,
        effectiveness=row.effectiveness,
        is_effective=row.is_effective,
        judged_by=row.judged_by.name if row.judged_by else "",
        judged_on=row.judged_on,
    )


def _done(action: Action, files: Sequence[Evidence]) -> Done:
    return Done(
        description=action.description,
        owner=action.owner.name,
        due_on=action.due_on,
        done_on=action.done_on,
        done_note=action.done_note,
        looked_after_in=(action.borrowed.leader_finding.number or "") if action.borrowed else "",
        files=proofs(file for file in files if file.action_id == action.id),
    )
