"""What is done with an audit until its report: planning, changing, starting and cancelling it; lending auditors."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy.orm.attributes import flag_modified

from qms.audits import notices, permits, queries, timetable
from qms.audits.models import (
    JUDGING,
    OPEN_STATES,
    Audit,
    AuditClause,
    AuditConflict,
    AuditDepartment,
    AuditMember,
    AuditProcess,
)
from qms.audits.planning import Plan, Scope, check, refuse_shrinking
from qms.audits.team import Checked
from qms.core.db import db, new_key, scoped
from qms.core.trail import because
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, Notice
from qms.domain.report import check_not_given
from qms.domain.standing import TeamRole
from qms.offices.models import Department, Office
from qms.offices.service import next_number
from qms.people import queries as people
from qms.people.models import Loan

_OFFICES_SHOWN = 5


def plan(office: Office, wanted: Plan, *, today: date) -> Audit:
    """Log an audit and write to those concerned. Raises `RuleViolation` at the field that has to change."""
    scope = check(office, wanted)
    audit = Audit(
        office_id=office.id,
        key=new_key(),
        number=_number(office, wanted, scope.departments),
        kind=wanted.kind,
        state="planned",
    )
    db.session.add(audit)
    asked = _write(audit, wanted, scope)
    about = _about(office, audit, scope)
    if wanted.ends_on >= today:
        notices.announce(about, _concerned(audit, today))
    if asked:
        notices.ask_permit(about, asked, reason=wanted.team_reason, today=today)
    return audit


def change(audit: Audit, wanted: Plan, *, today: date, reason: str = "") -> None:
    """Change what was decided; `reason` is needed for other days. Its kind and number stay as they are."""
    refuse_ended(audit)
    wanted = replace(wanted, kind=audit.kind, number=audit.number)
    refuse_shrinking(audit, wanted)
    is_moved = (audit.starts_on, audit.ends_on) != (wanted.starts_on, wanted.ends_on)
    if is_moved and not reason:
        message = N_("Write why the audit is moved. The people concerned will read it.")
        raise InvalidInput(message, field="reason")
    kept = {part.clause_id for part in audit.clauses} if audit.state == "under_way" else ()
    scope = check(audit.office, wanted, permitted=permits.permitted(audit), kept=kept)
    timetable.refuse_left_out(audit, wanted)
    because(reason)
    told, moved_from = set(_concerned(audit, today)), audit.starts_on
    timetable.shift(audit, wanted.starts_on - audit.starts_on)
    asked = _write(audit, wanted, scope)
    about, concerned = _about(audit.office, audit, scope), _concerned(audit, today)
    if asked:
        notices.ask_permit(about, asked, reason=wanted.team_reason, today=today)
    if wanted.ends_on >= today:
        if is_moved:
            notices.tell_of_move(about, told & set(concerned), from_on=moved_from, reason=reason)
        notices.announce(about, {person: role for person, role in concerned.items() if person not in told})


def cancel(audit: Audit, *, reason: str, today: date) -> None:
    """Say that the audit will not be held; it keeps its number and its page."""
    refuse_ended(audit)
    because(reason)
    audit.state, audit.cancel_reason = "cancelled", reason
    if audit.ends_on >= today:
        about, concerned = _about(audit.office, audit), _concerned(audit, today)
        notices.tell_of_move(about, concerned, from_on=audit.starts_on, reason=reason, is_cancelled=True)


def start(audit: Audit) -> None:
    """Note that the audit is being held; the team is checked again, as people may have moved since it was chosen.

    Raises `RuleViolation` when it is over or cancelled, or when its team may not hold it any more.
    """
    refuse_ended(audit)
    permits.check(audit)
    audit.state = "under_way"


def tell_timetable(audit: Audit, *, today: date) -> int:
    """Write to those concerned once more, now with the hours; returns to how many. Raises `RuleViolation` if over."""
    refuse_ended(audit)
    if not audit.slots:
        raise NotAllowedNow(N_("The timetable is empty. Add its first row, then send it."))
    if audit.ends_on < today:
        raise NotAllowedNow(N_("The last day of this audit is over, so nobody needs its timetable any more."))
    flag_modified(audit, "key")  # a new version, so that the letter replaces the one before in calendars
    concerned = _concerned(audit, today)
    notices.announce(_about(audit.office, audit), concerned, has_new_hours=True)
    return len(concerned)


def clashes(audit: Audit) -> list[Notice]:
    """What to say about people of the team who are in another audit on the same days; the same hours are refused."""
    names = {member.person_id: member.person.name for member in audit.team}
    message = N_("%(person)s is also on the team of audit %(number)s on these days. Agree on the hours.")
    found = queries.meanwhile(audit, names) if audit.state in OPEN_STATES else []
    return [Notice(message, {"person": names[person_id], "number": number}) for number, person_id in found]


def lender_named(typed: str) -> Office:
    """The one office with these words in its name, or with exactly this name. Names of offices are no secret."""
    found = queries.offices_named(typed, limit=_OFFICES_SHOWN + 1)
    exact = [office for office in found if office.name.casefold() == typed.casefold()]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        raise InvalidInput(N_("No office has these words in its name. Check the spelling."), field="lender")
    message = N_("More than one office fits: %(offices)s. Type more words of its name.")
    names = "; ".join(office.name for office in found[:_OFFICES_SHOWN])
    raise InvalidInput(message, field="lender", offices=names)


def ask_for_auditor(
    office: Office, lender: Office, *, email: str, from_on: date, until_on: date, by: int, today: date
) -> Loan:
    """Ask another office to lend an auditor; nothing is said about whether it has one with this address."""
    if lender.id == office.id:
        raise InvalidInput(N_("This is your own office. Choose the office that the auditor works in."), field="lender")
    if until_on < from_on:
        raise InvalidInput(N_("The last day is before the first. Enter a later last day."), field="until_on")
    loan = Loan(
        office_id=office.id,
        key=new_key(),
        lender_office_id=lender.id,
        email=email,
        from_on=from_on,
        until_on=until_on,
        asked_by_id=by,
        asked_on=today,
    )
    db.session.add(loan)
    db.session.flush()  # here, because the letter looks for its readers within the walls of the lender
    notices.ask_to_lend(loan, asks=office, lender=lender, today=today)
    return loan


def consent_to_loan(request: queries.Request, *, by: int, today: date) -> None:
    """Lend the auditor who was asked for. Raises `RuleViolation` when this office has none with that address."""
    loan = request.loan
    _refuse_answered(loan)
    lent = people.by_email(loan.email)
    if lent is None or lent not in people.auditors_of(request.lender.id, today):
        message = N_("No auditor of this office has the address %(email)s. Decline, and tell the office who asks.")
        raise InvalidInput(message, field="answer", email=loan.email)
    with scoped(frozenset({loan.office_id})):
        loan.person_id, loan.consented_by_id, loan.consented_on = lent.id, by, today
        db.session.flush()  # here, because the loan lies within the walls of the office that asked
    _tell_answer(request)


def decline_loan(request: queries.Request, *, today: date) -> None:
    """Refuse to lend."""
    loan = request.loan
    _refuse_answered(loan)
    with scoped(frozenset({loan.office_id})):
        loan.declined_on = today
        db.session.flush()  # as above
    _tell_answer(request)


def _tell_answer(request: queries.Request) -> None:
    asks = db.session.get_one(Office, request.loan.office_id)
    with scoped(frozenset({asks.id})):
        notices.answer_loan(request.loan, asks=asks, lender=request.lender)


def _refuse_answered(loan: Loan) -> None:
    if loan.consented_on or loan.declined_on:
        raise NotAllowedNow(N_("This request was answered already. Go back to the list of auditors."))


def _number(office: Office, wanted: Plan, departments: list[Department]) -> str:
    """The number it was given elsewhere, as typed, or the next one of the office that nobody typed before."""
    if wanted.number:
        if queries.is_number_taken(office.id, wanted.number):
            raise InvalidInput(N_("Another audit has this number. Check it, or leave it empty."), field="number")
        return wanted.number
    unit = departments[0].symbol if len(departments) == 1 else ""
    number = next_number(office, "audit", wanted.starts_on, unit=unit)
    while queries.is_number_taken(office.id, number):
        number = next_number(office, "audit", wanted.starts_on, unit=unit)
    return number


def _write(audit: Audit, wanted: Plan, scope: Scope) -> list[AuditConflict]:
    """Write the plan; returns what the head of the office is asked for, if that is new."""
    audit.edition_code = wanted.edition_code
    audit.starts_on, audit.ends_on = wanted.starts_on, wanted.ends_on
    audit.objective, audit.team_reason = wanted.objective, wanted.team_reason
    audit.body = "" if wanted.is_internal else wanted.body
    audit.method, audit.places = wanted.method, wanted.places
    audit.criteria, audit.auditees = wanted.criteria, wanted.auditees
    _write_scope(audit, scope)
    _write_team(audit, wanted.roles(), scope.checked)
    new = permits.keep(audit, scope.checked)
    flag_modified(audit, "key")  # a new version also when only the scope or the team changed
    return [each for each in new if each.needs_permit]


def _write_scope(audit: Audit, scope: Scope) -> None:
    departments = {each.id for each in scope.departments}
    processes = {each.id for each in scope.processes}
    clauses = {each.id for each in scope.clauses}
    audit.departments = [part for part in audit.departments if part.department_id in departments] + [
        AuditDepartment(office_id=audit.office_id, department_id=each)
        for each in sorted(departments - {part.department_id for part in audit.departments})
    ]
    audit.processes = [part for part in audit.processes if part.process_id in processes] + [
        AuditProcess(office_id=audit.office_id, process_id=each)
        for each in sorted(processes - {part.process_id for part in audit.processes})
    ]
    audit.clauses = [part for part in audit.clauses if part.clause_id in clauses] + [
        AuditClause(office_id=audit.office_id, clause_id=each)
        for each in sorted(clauses - {part.clause_id for part in audit.clauses})
    ]


def _write_team(audit: Audit, roles: Mapping[int, TeamRole], checked: Checked) -> None:
    _make_room_for_lead(audit, roles)
    kept = {member.person_id: member for member in audit.team if member.person_id in roles}
    audit.team = [kept.get(each) or AuditMember(office_id=audit.office_id, person_id=each) for each in roles]
    for member in audit.team:
        member.role = roles[member.person_id]
        member.is_lent = member.person_id in checked.lent_ids
        member.warning = checked.warnings.get(member.person_id, "")


def _make_room_for_lead(audit: Audit, roles: Mapping[int, TeamRole]) -> None:
    stepping_down = [each for each in audit.team if each.role == TeamRole.LEAD != roles.get(each.person_id)]
    for member in stepping_down:
        member.role = TeamRole.AUDITOR
        db.session.flush()  # the database lets nobody lead beside another, and would see the new lead first


def refuse_ended(audit: Audit) -> None:
    """Raises `NotAllowedNow` once the audit is over, and while its report waits for approval."""
    if audit.state == "finished":
        message = N_("The report is published, so the audit stays as it is. Plan another audit for what is missing.")
        raise NotAllowedNow(message)
    if audit.state == "cancelled":
        raise NotAllowedNow(N_("This audit was cancelled. Log a new one instead."))
    check_not_given(audit.report_waits_for)


def _concerned(audit: Audit, today: date) -> dict[int, str]:
    """Who is written to, and as what: heads of the audited departments, and those of the team who have not left.

    Somebody counts who serves the office today, or will on the first day: also one lent, as long as the loan runs.
    """
    heads = people.heads(audit.office_id, audit.starts_on)
    found = {head: "unit_head" for part in audit.departments for head in heads.get(part.department_id, [])}
    ids = [member.person_id for member in audit.team]
    days = {today, max(today, audit.starts_on)}
    serving = {person_id for day in days for _, person_id in people.serving([audit.office_id], ids, day)}
    team = {member.person_id: "team" if member.role in JUDGING else "guest" for member in audit.team}
    return found | {person_id: role for person_id, role in team.items() if person_id in serving}


def _about(office: Office, audit: Audit, scope: Scope | None = None) -> notices.About:
    departments = scope.departments if scope else [part.department for part in audit.departments]
    clauses = scope.clauses if scope else [part.clause for part in audit.clauses]
    leads = [member.person_id for member in audit.team if member.role == TeamRole.LEAD]
    db.session.flush()  # here, so that the version is the one this change makes
    return notices.About(
        office_id=office.id,
        key=audit.key,
        change=audit.version,
        number=audit.number,
        departments=tuple(each.name for each in sorted(departments, key=lambda each: each.sort_key)),
        starts_on=audit.starts_on,
        ends_on=audit.ends_on,
        lead=next(iter(people.names(leads).values()), audit.body),
        clauses=tuple(each.number for each in sorted(clauses, key=lambda each: each.place)),
        path=f"/u/{office.slug}/audity/{audit.key}",
        places=tuple(audit.places.splitlines()),
        timetable=tuple(timetable.told(audit)),
    )
