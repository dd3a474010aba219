"""Plans, programmes and lists of questions as papers tell them, in so many statements whatever they hold."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from qms.approvals import queries as approvals
from qms.audits import queries as audits
from qms.audits.models import OPEN_STATES, Audit, AuditSlot
from qms.checklists import queries as checklists
from qms.checklists.models import AnswerFile, AuditQuestion
from qms.checklists.running import offered
from qms.checklists.words import question_hint, question_text
from qms.core.i18n import language
from qms.domain.checklist import NOT_ANSWERED, Answer
from qms.domain.programme import State
from qms.domain.standing import TeamRole
from qms.offices.models import Department
from qms.people import queries as people
from qms.programme import overview
from qms.programme import queries as programmes
from qms.programme.models import Programme
from qms.programme.overview import Shown
from qms.programme.pages import changes_in
from qms.reports.card_queries import HEAD
from qms.reports.plans import (
    AuditPlan,
    BesideProgramme,
    Hours,
    Ordered,
    PlannedAudit,
    Question,
    QuestionSheet,
    Version,
    YearProgramme,
)
from qms.reports.queries import approval_as, arranged, proofs, signers
from qms.reports.report import Approval, Signer

_ASKING: Final = {TeamRole.LEAD: "lead", TeamRole.AUDITOR: "auditor"}


def plan_of(audit: Audit) -> AuditPlan:
    """The plan of an audit as it stands."""
    ordered = programmes.ordered(audit.id)
    return AuditPlan(
        audit=arranged(audit),
        auditees=audit.auditees,
        hours=tuple(_hours(audit)),
        ordered=Ordered(*ordered) if ordered else None,
        is_cancelled=audit.state == "cancelled",
        signers=tuple(each for each in signers(audit, audit.starts_on) if each.role != HEAD),
    )


def _hours(audit: Audit) -> Iterable[Hours]:
    units = {part.department_id: part.department.name for part in audit.departments}
    team = {member.person_id: member.person.name for member in audit.team}
    return (_told(slot, units, team) for slot in audit.slots)


def _told(slot: AuditSlot, units: Mapping[int, str], team: Mapping[int, str]) -> Hours:
    return Hours(
        day=slot.day,
        from_time=slot.from_time,
        to_time=slot.to_time,
        subject=slot.subject,
        department=units.get(slot.department_id or 0, ""),
        person=team.get(slot.person_id or 0, ""),
        auditees=slot.auditees,
    )


def sheet_of(audit: Audit) -> QuestionSheet:
    """The questions of an audit with the answers as they stand."""
    asked, answers, files = checklists.questions(audit.id), checklists.answers(audit.id), checklists.files(audit.id)
    names = people.names({answer.shown.person_id for answer in answers.values() if answer.shown})
    return QuestionSheet(
        audit=arranged(audit),
        is_open=audit.state in OPEN_STATES,
        results=offered(audit),
        questions=tuple(
            _question(place, each, answers.get(each.id, NOT_ANSWERED), files=files.get(each.id, ()), names=names)
            for place, each in enumerate(asked, start=1)
        ),
        signers=tuple(_asking(audit)),
    )


def _asking(audit: Audit) -> Iterable[Signer]:
    roles = ((each, _ASKING.get(TeamRole(each.role))) for each in audit.team)
    return (Signer(role, each.person.name) for each, role in roles if role)


def _question(
    place: int, asked: AuditQuestion, answer: Answer, *, files: Sequence[AnswerFile], names: Mapping[int, str]
) -> Question:
    shown = answer.shown
    return Question(
        number=place,
        department=asked.department.name,
        clause=asked.number,
        text=question_text(asked, language()),
        hint=question_hint(asked),
        result=shown.result if shown else None,
        note=shown.note if shown else "",
        answered_by=names.get(shown.person_id, "") if shown else "",
        answered_at=shown.received_at if shown else None,
        files=proofs(files),
    )


def programme_of(programme: Programme, *, today: date) -> YearProgramme:
    """One version of a year's programme, with what the versions of the year changed."""
    found = programmes.versions(programme.office, programme.year)
    sender = people.names([programme.sent_by_id]) if programme.sent_by_id else {}
    return YearProgramme(
        office=programme.office.name,
        year=programme.year,
        issue=programme.issue,
        state=State(programme.state),
        in_force=next((each.issue for each in found if each.state == State.APPROVED), None),
        prepared_by=next(iter(sender.values()), ""),
        audits=tuple(_planned(row) for row in overview.rows_of(programme, today)),
        beside=tuple(_beside(programme)),
        approvals=tuple(_approvals(programme)),
        versions=tuple(_versions(found)),
    )


def _planned(row: Shown) -> PlannedAudit:
    entry, held = row.entry, row.audit
    clauses = sorted((part.clause for part in entry.clauses), key=lambda clause: clause.place)
    return PlannedAudit(
        line=entry.line,
        departments=_names(part.department for part in entry.units),
        edition_code=entry.edition_code,
        clauses=tuple(clause.number for clause in clauses),
        window=entry.window,
        days=(held.starts_on, held.ends_on) if held else None,
        lead=entry.lead.name if entry.lead else "",
        standing=row.standing,
        number=held.number if held else "",
    )


def _names(units: Iterable[Department]) -> tuple[str, ...]:
    return tuple(unit.name for unit in sorted(units, key=lambda unit: unit.sort_key))


def _beside(programme: Programme) -> Iterable[BesideProgramme]:
    found = programmes.outside(programme, programme.office_id, programme.year)
    audits.fill_scope_and_team(found)
    for audit in found:
        units = _names(part.department for part in audit.departments)
        days = (audit.starts_on, audit.ends_on)
        yield BesideProgramme(number=audit.number, departments=units, days=days, state=audit.state)


def _approvals(programme: Programme) -> Iterable[Approval]:
    """The steps as they were when the version was sent; before that, those of the office's chain."""
    if programme.approvals:
        return (approval_as(each) for each in programme.approvals)
    return (Approval(verb=step.verb, post=step.post) for step in approvals.chain(programme.office_id))


def _versions(found: Sequence[Programme]) -> Iterable[Version]:
    changes = changes_in(found)
    for each in found:
        yield Version(
            issue=each.issue,
            state=State(each.state),
            approved_at=each.approved_at,
            reason=each.reason,
            changes=tuple(changes.get(each.issue, ())),
        )
