"""Whether the people chosen for an audit may hold it: facts are gathered here, the rules are in `qms.domain`."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from qms.audits import queries
from qms.audits.words import WARNING_OF
from qms.domain import competence
from qms.domain.competence import Appointment, AuditorRole, Qualification
from qms.domain.errors import N_, InvalidInput, NotIndependent, RuleViolation
from qms.domain.independence import (
    ANSWERS_TO,
    BELONGS,
    SUPERVISES,
    WORKED_THERE,
    Conflict,
    Severity,
    check_auditor,
    supervision,
)
from qms.domain.standing import TeamRole, Who
from qms.offices.models import Department, Office
from qms.people import queries as people
from qms.training import queries as training

AUDITING = {TeamRole.LEAD: AuditorRole.LEAD, TeamRole.AUDITOR: AuditorRole.AUDITOR}
FIELDS = {TeamRole.LEAD: "lead_id", TeamRole.AUDITOR: "member_ids", TeamRole.TRAINEE: "trainee_ids"}
_SAID = {
    BELONGS: N_(
        "%(person)s works in %(department)s, or in a department above or below it, and would audit their own work. "
        "Choose another person, or log a separate audit of this department."
    ),
    SUPERVISES: N_(
        "%(person)s supervises the head of %(department)s and would audit their own work. "
        "Choose another person, or log a separate audit of this department."
    ),
    WORKED_THERE: N_(
        "%(person)s worked in %(department)s in the last 12 months. Write why they can still judge it, "
        "or choose another person."
    ),
    ANSWERS_TO: N_(
        "%(person)s answers to the head of %(department)s. Write why they can still judge it, or choose another person."
    ),
}


@contextmanager
def at_field(name: str) -> Iterator[None]:
    """Put what a rule refuses at a field of the audit's form."""
    try:
        yield
    except RuleViolation as refusal:
        refusal.field = name
        raise


@dataclass(frozen=True)
class Team:
    """Who holds an audit, over which days, by which edition and of which departments."""

    roles: Mapping[int, TeamRole]
    departments: Collection[Department]
    edition_code: str
    starts_on: date
    ends_on: date
    reason: str = ""


@dataclass(frozen=True)
class Checked:
    """What to keep with each member of a team that may hold the audit."""

    warnings: Mapping[int, str]
    lent_ids: frozenset[int]


def check(office: Office, team: Team) -> Checked:
    """What to warn of, by person. Raises `InvalidInput`, `NotIndependent` or `NotQualified` at the person's field."""
    lent = check_belonging(office, team)
    conflicts = list(_conflicts(office, team))
    for person_id, conflict in conflicts:
        if conflict.severity is Severity.BLOCK:
            raise _refusal(team, conflict, person_id, field=FIELDS[team.roles[person_id]])
    doubts = list(_doubts(office, team, lent))
    if conflicts and not team.reason:
        raise _refusal(team, conflicts[0][1], conflicts[0][0], field="team_reason")
    found: dict[int, list[str]] = defaultdict(list)
    for person_id, message in (*((person_id, conflict.reason.message) for person_id, conflict in conflicts), *doubts):
        found[person_id].append(WARNING_OF[message])
    return Checked({person_id: " ".join(dict.fromkeys(said)) for person_id, said in found.items()}, frozenset(lent))


def _refusal(team: Team, conflict: Conflict, person_id: int, *, field: str) -> NotIndependent:
    """The rule's reason with the names that make it plain whose and where."""
    department = next(each.name for each in team.departments if each.id == conflict.department_id)
    person = people.names([person_id])[person_id]
    return NotIndependent(_SAID[conflict.reason.message], field=field, person=person, department=department)


def check_belonging(office: Office, team: Team) -> dict[int, Appointment]:
    """Those of the team who are lent, and when. Raises `InvalidInput` at a person of another office not lent to us."""
    own = {person.id for person in people.people_of(office.id, team.starts_on)}
    others = [person_id for person_id in team.roles if person_id not in own]
    lent = queries.loans_on(office.id, team.starts_on, team.ends_on) if others else {}
    for person_id in others:
        if person_id not in lent:
            message = N_("Choose a person of this office, or one whom another office lends you on these days.")
            raise InvalidInput(message, field=FIELDS[team.roles[person_id]])
    return {person_id: lent[person_id] for person_id in others}


def _conflicts(office: Office, team: Team) -> Iterator[tuple[int, Conflict]]:
    on = (team.starts_on, team.ends_on)
    memberships, parents = people.memberships(office.id), people.parents(office.id)
    bosses = people.holders(office.id, team.starts_on)[Who.HEAD_OF_OFFICE]
    supervises = supervision(memberships, parents, on, heads_of_office=bosses)
    scope = [department.id for department in team.departments]
    for person_id in team.roles:
        for conflict in check_auditor(
            person_id, scope, on=on, memberships=memberships, parents=parents, supervises=supervises
        ):
            yield person_id, conflict


def _doubts(office: Office, team: Team, lent: Mapping[int, Appointment]) -> Iterator[tuple[int, str]]:
    appointed = {**queries.appointments(office.id, team.roles, team.starts_on), **lent}
    held = training.qualifications(None, list(team.roles))
    for person_id, role in team.roles.items():
        facts = _Competence(
            on=team.starts_on,
            edition=team.edition_code,
            qualifications=held.get(person_id, []),
            appointment=appointed.get(person_id),
        )
        if message := facts.doubt_about(role):
            yield person_id, message


@dataclass(frozen=True, kw_only=True)
class _Competence:
    on: date
    edition: str
    qualifications: Collection[Qualification]
    appointment: Appointment | None

    def doubt_about(self, role: TeamRole) -> str | None:
        """A message of `domain.competence`. Raises `NotQualified` for a lead; a trainee is there to learn."""
        if role not in AUDITING:
            return None
        facts = vars(self)
        if role is TeamRole.LEAD:
            with at_field(FIELDS[role]):
                competence.check_lead(**facts)
        doubt = competence.warning_about(AUDITING[role], **facts)
        return doubt.message if doubt else None
