"""Whether the people chosen for an audit may hold it: facts are gathered here, the rules are in `qms.domain`."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from qms.admission import queries as admission
from qms.admission import words as admission_words
from qms.audits import queries
from qms.audits.models import JUDGING
from qms.audits.words import REFUSALS, WARNING_OF
from qms.domain import competence
from qms.domain.admission import NOT_ADMITTED
from qms.domain.competence import Appointment, AuditorRole, Qualification
from qms.domain.errors import N_, InvalidInput, NotIndependent, NotQualified, RuleViolation
from qms.domain.independence import (
    Barred,
    Conflict,
    Facts,
    Item,
    ItemKind,
    Period,
    Severity,
    check_auditor,
    supervision,
    unresolved,
)
from qms.domain.standing import TeamRole, Who
from qms.offices import queries as offices
from qms.offices.models import Department, Office, Process
from qms.people import queries as people
from qms.standards.models import Clause
from qms.training import queries as training

AUDITING = {TeamRole.LEAD: AuditorRole.LEAD, TeamRole.AUDITOR: AuditorRole.AUDITOR}
ADMITTED = AUDITING | {TeamRole.TRAINEE: AuditorRole.TRAINEE}
FIELDS = {
    TeamRole.LEAD: "lead_id",
    TeamRole.AUDITOR: "member_ids",
    TeamRole.TRAINEE: "trainee_ids",
    TeamRole.EXPERT: "expert_ids",
    TeamRole.OBSERVER: "observer_ids",
}


@contextmanager
def at_field(name: str) -> Iterator[None]:
    """Put what a rule refuses at a field of the audit's form."""
    try:
        yield
    except RuleViolation as refusal:
        refusal.field = name
        raise


@dataclass(frozen=True, kw_only=True)
class Covered:
    """The rows of what an audit covers."""

    departments: Collection[Department]
    processes: Collection[Process] = ()
    clauses: Collection[Clause] = ()

    def names(self) -> dict[Item, str]:
        """What somebody may be barred from, by its name: of clauses, those that the proxy's own work meets."""
        found = {Item(ItemKind.UNIT, each.id): each.name for each in self.departments}
        found |= {Item(ItemKind.PROCESS, each.id): each.name for each in self.processes}
        return found | {Item(ItemKind.CLAUSE, each.id): each.number for each in self.clauses if each.proxys}


@dataclass(frozen=True, kw_only=True)
class Team:
    """Who holds an audit, over which days, by which edition and of what.

    `permitted` are blocks that the head of the office permitted; `asks_head` lets the audit wait for a permit.
    """

    roles: Mapping[int, TeamRole]
    covered: Covered
    edition_code: str
    starts_on: date
    ends_on: date
    reason: str = ""
    asks_head: bool = False
    permitted: Collection[Barred] = ()

    def who(self, *roles: TeamRole) -> list[int]:
        return [person_id for person_id, role in self.roles.items() if role in roles]


@dataclass(frozen=True)
class Checked:
    """What to keep of a team that may hold the audit: doubts by person, who is lent, and conflicts.

    `unresolved` are the blocks that wait for the permit of the head, or have it.
    """

    warnings: Mapping[int, str]
    lent_ids: frozenset[int]
    conflicts: Collection[tuple[int, Conflict]] = ()
    unresolved: Collection[Barred] = field(default_factory=frozenset)


def check(office: Office, team: Team) -> Checked:
    """What to warn of. Raises `InvalidInput`, `NotIndependent` or `NotQualified` at the person's field."""
    checked = check_again(office, team)
    warned = [each for each in checked.conflicts if each[1].severity is Severity.WARN]
    if warned and not team.reason:
        raise _refusal(office, team, warned[0], name="team_reason")
    if checked.unresolved and not team.reason:
        message = N_("Write why nobody else can judge it. The head of the office will read it.")
        raise InvalidInput(message, field="team_reason")
    return checked


def check_again(office: Office, team: Team) -> Checked:
    """The same of a team that was let in before: what is only warned of needs no reason any more."""
    lent = check_belonging(office, team)
    conflicts = list(_conflicts(office, team))
    blocks = {(person_id, each.item): each for person_id, each in conflicts if each.severity is Severity.BLOCK}
    left = _unresolved(team, [*blocks], permitted=team.permitted)
    if left and not team.asks_head:
        person_id, _ = left[0]
        raise _refusal(office, team, (person_id, blocks[left[0]]), name=FIELDS[team.roles[person_id]])
    found: dict[int, list[str]] = defaultdict(list)
    for person_id, message in (*_doubts(office, team, lent), *_not_admitted(office, team, lent)):
        found[person_id].append(WARNING_OF[message])
    doubts = {person_id: " ".join(dict.fromkeys(said)) for person_id, said in found.items()}
    return Checked(doubts, frozenset(lent), conflicts, frozenset(_unresolved(team, [*blocks])))


def _unresolved(team: Team, blocks: Collection[Barred], *, permitted: Collection[Barred] = ()) -> list[Barred]:
    return unresolved(
        [*team.covered.names()],
        blocks,
        lead=team.who(TeamRole.LEAD)[0],
        auditors=team.who(TeamRole.AUDITOR),
        learners=team.who(TeamRole.TRAINEE),
        permitted=permitted,
    )


def _refusal(office: Office, team: Team, conflict: tuple[int, Conflict], *, name: str) -> NotIndependent:
    """The rule's reason with the names that make it plain whose and where."""
    person_id, found = conflict
    return NotIndependent(
        REFUSALS[found.ground],
        field=name,
        person=people.name_of(person_id),
        item=team.covered.names()[found.item],
        months=office.remembers_months,
    )


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
    scope, facts = [*team.covered.names()], _facts(office, team, on)
    for person_id in team.who(*JUDGING):
        for conflict in check_auditor(person_id, scope, on=on, facts=facts):
            yield person_id, conflict


def _facts(office: Office, team: Team, on: Period) -> Facts:
    memberships, parents = people.memberships(office.id), people.parents(office.id)
    held = people.holders(office.id, team.starts_on)
    return Facts(
        memberships=memberships,
        parents=parents,
        supervises=supervision(memberships, parents, on, heads_of_office=held[Who.HEAD_OF_OFFICE]),
        ownerships=offices.ownerships(office.id),
        runs_through=offices.departments_of_processes(office.id),
        proxies={*held[Who.PROXY], *held[Who.DEPUTY]},
        proxys_clauses={each.id for each in team.covered.clauses if each.proxys},
        recent_months=office.remembers_months,
        warns_only=office.warns_only,
    )


def _doubts(office: Office, team: Team, lent: Mapping[int, Appointment]) -> Iterator[tuple[int, str]]:
    appointed = {**queries.appointments(office.id, team.roles, team.starts_on), **lent}
    held = training.qualifications(None, list(team.roles))
    for person_id, role in team.roles.items():
        for day in (team.starts_on, team.ends_on):  # a certificate may end in between
            facts = _Competence(
                on=day,
                edition=team.edition_code,
                qualifications=held.get(person_id, []),
                appointment=appointed.get(person_id),
            )
            if message := facts.doubt_about(role):
                yield person_id, message
                break


def _not_admitted(office: Office, team: Team, lent: Collection[int]) -> Iterator[tuple[int, str]]:
    """By the office's own rule. Raises `NotQualified` for a lead; who is lent was admitted by the office that lends."""
    parts = {each: ADMITTED[role] for each, role in team.roles.items() if role in ADMITTED and each not in lent}
    days = (team.starts_on, team.ends_on)
    for person_id, lines in admission.lacking(office.id, parts, days=days, edition=team.edition_code).items():
        if team.roles[person_id] is TeamRole.LEAD:
            what = admission_words.lines(lines)
            raise NotQualified(NOT_ADMITTED, field=FIELDS[TeamRole.LEAD], what=what)
        yield person_id, NOT_ADMITTED


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
