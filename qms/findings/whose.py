"""Whether a case is asked of one reader, in SQL: the rule of `asked`, with the agenda's rule for vacant posts.

The reader and the day are parameters (`reader`, `today`), and so are the offices where the reader may audit
(`audits_in`), holds a post, or has its duties fall to them (`PLACES`). A test holds this rule and the other two
together.
"""

from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_
from sqlalchemy.orm import aliased

from qms.audits.models import AuditMember
from qms.domain.deadlines import Kind
from qms.domain.standing import TeamRole, Who
from qms.findings import taking_part
from qms.findings.models import Finding
from qms.people.models import Appointment, Loan, Membership, Person

PLACES: Final = ("audits_in", "is_proxy", "is_deputy", "for_proxy", "for_head")

Condition = ColumnElement[bool]
Someone = Any  # a column or a parameter that holds the id of a person

READER: Final[BindParameter[int]] = bindparam("reader")
_TODAY: Final[BindParameter[Any]] = bindparam("today")


def in_offices(column: Any, place: str) -> Condition:  # noqa: ANN401 - a column with an office
    """Whether the office is one of those where the reader is this."""
    return column.in_(bindparam(place, expanding=True))  # type: ignore[no-any-return]


def now(dated: Any) -> Condition:  # noqa: ANN401 - a class with from_on and until_on
    """Whether it holds on the day."""
    return and_(dated.from_on <= _TODAY, or_(dated.until_on.is_(None), dated.until_on >= _TODAY))


def _is_active(someone: Someone) -> Condition:
    return exists().where(Person.id == someone, Person.deactivated_at.is_(None))


def _serves(someone: Someone) -> Condition:
    """Whether the person may still audit in the office of the case: is there, or lent to it, with an account."""
    there = (_stands(aliased(table), someone) for table in (Membership, Appointment, Loan))
    return and_(_is_active(someone), or_(*there))


def _stands(dated: Any, someone: Someone) -> Condition:  # noqa: ANN401 - a model of people in an office over time
    stands = exists().where(dated.office_id == Finding.office_id, dated.person_id == someone, now(dated))
    return stands.correlate_except(dated)


def is_headed() -> Condition:
    """Whether somebody with an account heads the unit of the case."""
    headship = aliased(Membership)
    of_unit = (headship.department_id == Finding.department_id, headship.is_head, now(headship))
    return exists().where(*of_unit, _is_active(headship.person_id))


def is_handed_over() -> Condition:
    """Whether somebody who is in the office, with an account, answers instead of the head of the unit."""
    there = or_(*(_stands(aliased(table), Finding.answerer_id) for table in (Membership, Appointment)))
    return and_(Finding.answerer_id.is_not(None), _is_active(Finding.answerer_id), there)


def _answered_by_reader(for_proxy: Condition) -> Condition:
    as_head = or_(_heads_unit(READER), and_(for_proxy, ~is_headed()))
    return or_(and_(is_handed_over(), Finding.answerer_id == READER), and_(~is_handed_over(), as_head))


def _heads_unit(someone: Someone) -> Condition:
    headship = aliased(Membership)
    of_unit = (headship.department_id == Finding.department_id, headship.is_head, now(headship))
    return exists().where(*of_unit, headship.person_id == someone).correlate_except(headship)


def _works_in_unit(someone: Someone) -> Condition:
    membership = aliased(Membership)
    of_unit = (membership.department_id == Finding.department_id, now(membership))
    return exists().where(*of_unit, membership.person_id == someone).correlate_except(membership)


def _may_judge(someone: Someone) -> Condition:
    return ~or_(taking_part.is_one(someone), _heads_unit(someone))


def _may_decide(someone: Someone) -> Condition:
    return ~or_(taking_part.is_one(someone), _works_in_unit(someone))


def _is_judged_in_team(*roles: TeamRole) -> Condition:
    """Whether an auditor in one of these roles may judge the case."""
    member = aliased(AuditMember)
    in_team = (member.audit_id == Finding.audit_id, member.role.in_(roles))
    return exists().where(*in_team, _serves(member.person_id), _may_judge(member.person_id))


def _has_role(role: TeamRole) -> Condition:
    member = aliased(AuditMember)
    return exists().where(member.audit_id == Finding.audit_id, member.role == role, member.person_id == READER)


def _has_holder(post: Who, may: Any) -> Condition:  # noqa: ANN401 - one of the two above
    """Whether somebody holds the post who may do this."""
    held = aliased(Appointment)
    holds = (held.office_id == Finding.office_id, held.post == post, now(held))
    return exists().where(*holds, _is_active(held.person_id), may(held.person_id))


def _judged_by_reader() -> Condition:
    lead, auditors = TeamRole.LEAD, (TeamRole.LEAD, TeamRole.AUDITOR)
    in_team = or_(_has_role(lead), and_(_has_role(TeamRole.AUDITOR), ~_is_judged_in_team(lead)))
    as_auditor = and_(in_offices(Finding.office_id, "audits_in"), in_team)
    as_proxy = and_(in_offices(Finding.office_id, "is_proxy"), ~_is_judged_in_team(*auditors))
    as_head = and_(
        in_offices(Finding.office_id, "for_head"),
        ~_is_judged_in_team(*auditors),
        ~_has_holder(Who.PROXY, _may_judge),
    )
    return or_(and_(or_(as_auditor, as_proxy), _may_judge(READER)), as_head)


def _decided_by_reader() -> Condition:
    no_proxy, no_deputy = ~_has_holder(Who.PROXY, _may_decide), ~_has_holder(Who.DEPUTY, _may_decide)
    as_proxy = in_offices(Finding.office_id, "is_proxy")
    as_deputy = and_(in_offices(Finding.office_id, "is_deputy"), no_proxy)
    as_head = and_(in_offices(Finding.office_id, "for_head"), no_proxy, no_deputy)
    return or_(and_(or_(as_proxy, as_deputy), _may_decide(READER)), as_head)


def whose() -> dict[Kind, Condition]:
    """Per kind of what a case waits for, whether the reader is asked."""
    for_proxy = in_offices(Finding.office_id, "for_proxy")
    return {
        Kind.ANSWER: _answered_by_reader(for_proxy),
        Kind.DECISION_ON_ANSWER: _decided_by_reader(),
        Kind.VERIFICATION: _judged_by_reader(),
        Kind.EFFECTIVENESS: _judged_by_reader(),
        Kind.CLOSING: for_proxy,
    }
