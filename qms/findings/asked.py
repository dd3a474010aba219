"""Who is asked to do what a case waits for: those who may, so that nobody gets a letter about what is refused them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, select

from qms.audits.models import AuditMember
from qms.core.db import db
from qms.domain.deadlines import Duty, Kind
from qms.domain.independence import first_free
from qms.domain.standing import TeamRole, Who
from qms.findings import taking_part
from qms.people import queries as people
from qms.people.models import Person

# Somebody independent looks at these.
JUDGED = frozenset({Kind.VERIFICATION, Kind.EFFECTIVENESS})

Asked = tuple[tuple[int, ...], Duty]


@dataclass(frozen=True)
class Knowledge:
    """What of several cases says who is asked; who cannot act any more is left out, save among `involved`."""

    teams: Mapping[int, Mapping[TeamRole, list[int]]]
    """By audit."""
    involved: Mapping[int, Collection[int]]
    """By case: who has taken part in its present round."""
    heads: Mapping[int, list[int]]
    """By department."""
    staff: Mapping[int, Collection[int]]
    """By department, its heads among them."""
    holders: Mapping[int, Mapping[Who, list[int]]]
    """By office."""
    answerers: Collection[tuple[int, int]]
    """By office and person: who is there still, of those to whom an answer was handed over."""

    def asked(self, case: Any) -> Asked:  # noqa: ANN401 - a finding, or a row with its columns
        """Persons first; the post answers where there are none."""
        kind = Kind(case.waits_for)
        if kind is Kind.ANSWER and (case.office_id, case.answerer_id) in self.answerers:
            return (case.answerer_id,), Duty.UNIT_HEAD
        if kind is Kind.ANSWER:
            heads = tuple(self.heads.get(case.department_id, ()))
            return heads, Duty.UNIT_HEAD if heads else Duty.PROXY
        if kind in JUDGED:
            return self._judges(case)
        return self._deciders(case) if kind is Kind.DECISION_ON_ANSWER else ((), Duty.PROXY)

    def _judges(self, case: Any) -> Asked:  # noqa: ANN401
        """The lead auditor, else the other auditors, else the proxy; where all of them took part, the head."""
        team, posts = self.teams.get(case.audit_id, {}), self.holders[case.office_id]
        groups = (team.get(TeamRole.LEAD, ()), team.get(TeamRole.AUDITOR, ()), posts.get(Who.PROXY, ()))
        barred = {*self.involved[case.id], *self.heads.get(case.department_id, ())}
        return first_free(groups, barred), Duty.HEAD_OF_OFFICE

    def _deciders(self, case: Any) -> Asked:  # noqa: ANN401
        """The proxy, else the deputy; where the case is about both, the head, who can appoint another."""
        posts = self.holders[case.office_id]
        barred = {*self.involved[case.id], *self.staff.get(case.department_id, ())}
        return first_free((posts.get(Who.PROXY, ()), posts.get(Who.DEPUTY, ())), barred), Duty.HEAD_OF_OFFICE


def know(cases: Collection[Any], today: date) -> Knowledge:
    """Read what says who is asked about these cases; as many statements for one as for many."""
    kinds = {case.waits_for for case in cases}
    judged = [case for case in cases if case.waits_for in JUDGED]
    decided = [case for case in cases if case.waits_for == Kind.DECISION_ON_ANSWER]
    offices = {case.office_id for case in cases}
    return Knowledge(
        teams=_teams({case.audit_id for case in judged if case.audit_id}, today),
        involved=taking_part.of_cases([*judged, *decided]),
        heads=people.heads_of(offices, today) if kinds & {Kind.ANSWER, *JUDGED} else {},
        staff=people.staff_ids({case.department_id for case in decided}, today) if decided else {},
        holders=people.holders_of(offices, today) if judged or decided else {},
        answerers=answerers(cases, today),
    )


def answerers(cases: Collection[Any], today: date) -> frozenset[tuple[int, int]]:
    """By office and person: to whom answers were handed over, less who left or has no account any more."""
    handed = {(case.office_id, case.answerer_id) for case in cases if case.answerer_id is not None}
    active = people.active_ids({person_id for _, person_id in handed})
    there = people.present({office_id for office_id, _ in handed}, active, today) if active else set()
    return frozenset(handed & there)


_MEMBERS: Final = (
    select(AuditMember.audit_id, AuditMember.role, AuditMember.office_id, AuditMember.person_id)
    .join(Person, Person.id == AuditMember.person_id)
    .where(AuditMember.audit_id.in_(bindparam("ids", expanding=True)), Person.deactivated_at.is_(None))
    .order_by(AuditMember.id)
)


def _teams(audit_ids: Collection[int], today: date) -> dict[int, dict[TeamRole, list[int]]]:
    """Without those whose account or loan is over, and those who left the office since."""
    if not audit_ids:
        return {}
    rows = db.session.execute(_MEMBERS, {"ids": list(audit_ids)}).all()
    serving = people.serving({row.office_id for row in rows}, {row.person_id for row in rows}, today)
    found: dict[int, dict[TeamRole, list[int]]] = defaultdict(lambda: defaultdict(list))
    for audit_id, role, office_id, person_id in rows:
        if (office_id, person_id) in serving:
            found[audit_id][TeamRole(role)].append(person_id)
    return found
