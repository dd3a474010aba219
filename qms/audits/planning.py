"""What is decided about an audit, and whether it may be decided so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from qms.audits.models import INTERNAL, SECOND_PARTY, Audit
from qms.audits.team import Checked, Covered, Team, at_field, check_belonging
from qms.audits.team import check as check_team
from qms.domain import editions
from qms.domain.errors import N_, InvalidInput, NotAllowedNow
from qms.domain.independence import Barred
from qms.domain.standing import TeamRole
from qms.offices import queries as offices
from qms.offices.models import Department, Office, Process
from qms.requirements import queries as requirements
from qms.standards import queries as standards
from qms.standards.models import Clause, Edition


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is decided about an audit.

    `body` is for audits that somebody from outside holds; `number` for those and for audits from before the register.
    """

    kind: str = "internal"
    edition_code: str
    department_ids: frozenset[int]
    clause_ids: frozenset[int]
    starts_on: date
    ends_on: date
    lead_id: int | None = None
    member_ids: frozenset[int] = frozenset()
    trainee_ids: frozenset[int] = frozenset()
    expert_ids: frozenset[int] = frozenset()
    observer_ids: frozenset[int] = frozenset()
    process_ids: frozenset[int] = frozenset()
    method: str = "on_site"
    places: str = ""
    criteria: str = ""
    auditees: str = ""
    objective: str = ""
    team_reason: str = ""
    asks_head: bool = False
    body: str = ""
    number: str = ""

    @property
    def is_internal(self) -> bool:
        return self.kind in INTERNAL

    def roles(self) -> dict[int, TeamRole]:
        """The part of each person; who is named twice has the higher one."""
        found = dict.fromkeys(sorted(self.observer_ids), TeamRole.OBSERVER)
        found |= dict.fromkeys(sorted(self.expert_ids), TeamRole.EXPERT)
        found |= dict.fromkeys(sorted(self.trainee_ids), TeamRole.TRAINEE)
        found |= dict.fromkeys(sorted(self.member_ids), TeamRole.AUDITOR)
        return found if self.lead_id is None else {self.lead_id: TeamRole.LEAD} | found | {self.lead_id: TeamRole.LEAD}


@dataclass(frozen=True)
class Scope:
    """The rows that a plan names, once it passed every check."""

    departments: list[Department]
    processes: list[Process]
    clauses: list[Clause]
    checked: Checked


def check(office: Office, wanted: Plan, *, permitted: Collection[Barred] = (), kept: Collection[int] = ()) -> Scope:
    """The rows the plan names; `permitted` is what the head of the office permitted before.

    `kept` are clauses that findings may stand on already: excluded meanwhile, they stay.

    Raises `RuleViolation` at the field that has to change.
    """
    if wanted.ends_on < wanted.starts_on:
        raise InvalidInput(N_("The last day is before the first. Enter a later last day."), field="ends_on")
    departments, clauses, edition = check_scope(office, wanted, kept=kept)
    processes = check_processes(office, wanted)
    covered = Covered(departments=departments, processes=processes, clauses=clauses)
    checked = _check_people(office, wanted, covered=covered, edition=edition, permitted=permitted)
    return Scope(departments, processes, clauses, checked)


def check_scope(
    office: Office, wanted: Plan, *, kept: Collection[int] = ()
) -> tuple[list[Department], list[Clause], Edition]:
    """The departments, clauses and edition of a plan, whoever is to hold it. Raises `InvalidInput` at the field."""
    departments = _departments(office, wanted)
    edition = standards.edition(wanted.edition_code)
    if edition is None:
        raise InvalidInput(N_("Choose an edition from the list."), field="edition_code")
    editions.check_published(edition.rules, wanted.starts_on, field="edition_code")
    return departments, _clauses(office, wanted, edition, kept=kept), edition


def _departments(office: Office, wanted: Plan) -> list[Department]:
    known = {each.id: each for each in offices.departments(office.id)}
    chosen = [known[each] for each in known if each in wanted.department_ids]
    if not chosen or not known.keys() >= wanted.department_ids:
        raise InvalidInput(N_("Choose at least one department of this office."), field="department_ids")
    for each in chosen:
        if each.closed_on and each.closed_on < wanted.starts_on:
            message = N_("%(department)s was closed on %(day)s. Choose one that works on the day of the audit.")
            raise InvalidInput(message, field="department_ids", department=each.name, day=each.closed_on)
    return chosen


def check_processes(office: Office, wanted: Plan) -> list[Process]:
    """The processes of a plan. Raises `InvalidInput`."""
    if not wanted.process_ids:
        return []
    chosen = [each for each in offices.processes(office.id) if each.id in wanted.process_ids]
    if len(chosen) < len(wanted.process_ids):
        raise InvalidInput(N_("Choose processes of this office from the list."), field="process_ids")
    for each in chosen:
        if each.closed_on and each.closed_on < wanted.starts_on:
            message = N_("%(process)s was closed on %(day)s. Choose one that runs on the day of the audit.")
            raise InvalidInput(message, field="process_ids", process=each.name, day=each.closed_on)
    return chosen


def _clauses(office: Office, wanted: Plan, edition: Edition, *, kept: Collection[int]) -> list[Clause]:
    chosen = sorted(standards.clauses_by_id(wanted.clause_ids).values(), key=lambda clause: clause.place)
    if not chosen or len(chosen) < len(wanted.clause_ids):
        raise InvalidInput(N_("Choose at least one clause from the list."), field="clause_ids")
    excluded = requirements.excluded(office.id, edition.code, wanted.starts_on)
    for clause in chosen:
        _check_clause(clause, edition)
        if clause.id not in kept:
            by_outsiders = not wanted.is_internal
            editions.check_applied(clause.number, excluded, by_outsiders=by_outsiders, field="clause_ids")
    return chosen


def _check_clause(clause: Clause, edition: Edition) -> None:
    if clause.edition_code != edition.code:
        message = N_("Clause %(number)s is of another edition. Choose the clauses again.")
    elif not editions.is_auditable(editions.NodeKind(clause.kind)):
        message = N_("%(number)s is a heading. Choose the clauses under it.")
    else:
        return
    raise InvalidInput(message, field="clause_ids", number=clause.number)


def _check_people(
    office: Office, wanted: Plan, *, covered: Covered, edition: Edition, permitted: Collection[Barred]
) -> Checked:
    team = Team(
        roles=wanted.roles(),
        covered=covered,
        edition_code=edition.code,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        reason=wanted.team_reason,
        asks_head=wanted.asks_head,
        permitted=permitted,
    )
    if wanted.is_internal:
        if wanted.lead_id is None:
            raise InvalidInput(N_("Choose a lead auditor. Nobody else can publish the report."), field="lead_id")
        return check_team(office, team)
    _check_body(wanted, edition)
    # Others judge; ours only write down what was found, and need be neither independent nor trained for that.
    return Checked({}, frozenset(check_belonging(office, team)))


def _check_body(wanted: Plan, edition: Edition) -> None:
    if wanted.kind == SECOND_PARTY:
        if not wanted.body:
            raise InvalidInput(N_("Enter the name of the partner or client who audits."), field="body")
        return
    if not wanted.body:
        raise InvalidInput(N_("Enter the name of the certification body."), field="body")
    with at_field("edition_code"):
        editions.check_body_audit_edition(edition.rules, wanted.starts_on)


def refuse_shrinking(audit: Audit, wanted: Plan) -> None:
    """Findings may stand on what an audit under way covers."""
    if audit.state != "under_way":
        return
    if wanted.edition_code != audit.edition_code:
        message = N_(
            "Findings are being recorded by this edition, so it stays. Plan another audit for another edition."
        )
        raise NotAllowedNow(message, field="edition_code")
    if not wanted.department_ids >= {part.department_id for part in audit.departments}:
        message = N_("Findings are being recorded in this audit. You can add departments, but not take them off.")
        raise NotAllowedNow(message, field="department_ids")
    if not wanted.process_ids >= {part.process_id for part in audit.processes}:
        message = N_("Findings are being recorded in this audit. You can add processes, but not take them off.")
        raise NotAllowedNow(message, field="process_ids")
    if not wanted.clause_ids >= {part.clause_id for part in audit.clauses}:
        message = N_("Findings are being recorded in this audit. You can add clauses, but not take them off.")
        raise NotAllowedNow(message, field="clause_ids")
