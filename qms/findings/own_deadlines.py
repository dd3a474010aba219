"""What of findings is due from one person, asked for in a way that costs what is shown, not what the office has.

Says who answers in the same way as `deadlines` and the agenda's rule for vacant posts; tests hold them together.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, and_, bindparam, exists, func, or_

from qms.audits.models import AuditMember
from qms.core.db import db
from qms.domain.deadlines import Deadline, Duty, Kind
from qms.domain.standing import TeamRole
from qms.domain.words import INT4_MAX
from qms.findings.deadlines import action_rows, case_rows, of_action, of_case
from qms.findings.models import Action, Finding, Round
from qms.people.models import Membership, Person


@dataclass(frozen=True)
class Reader:
    """A person with an active account, and the offices where the duties of the proxy fall to them today."""

    person_id: int
    stands_in: frozenset[int]


@dataclass(frozen=True)
class Days:
    """From which day, and per kind until which; `today` says who heads a unit."""

    first: date
    last: Mapping[Kind, date]
    today: date


def due_from(
    reader: Reader, office_ids: Collection[int], days: Days, *, most: int | None = None
) -> tuple[list[Deadline], int]:
    """What the reader answers for in these offices, the earliest `most` cases and actions, and how many there are."""
    asked = {
        "reader": reader.person_id,
        "stands_in": sorted(reader.stands_in),
        "office_ids": sorted(office_ids),
        "today": days.today,
        "first": days.first,
        **{f"last_{kind}": day for kind, day in days.last.items() if kind in _KINDS},
        "latest": max(days.last[kind] for kind in _KINDS),
    }
    found, total = _earliest(_CASES, asked, most)
    to_do, to_do_total = _earliest(_ACTIONS, asked, most)
    deadlines = [of_case(case, (reader.person_id,), Duty.PROXY) for case in found]
    return deadlines + [of_action(action) for action in to_do], total + to_do_total


def _earliest(rows: "_Rows", asked: Mapping[str, Any], most: int | None) -> tuple[list[Any], int]:
    found = db.session.execute(rows.earliest, {**asked, "most": INT4_MAX if most is None else most}).all()
    if most is None or len(found) < most:
        return list(found), len(found)
    return list(found), db.session.scalar(rows.count, asked) or 0


_READER: Final[BindParameter[int]] = bindparam("reader")
_TODAY: Final[BindParameter[date]] = bindparam("today")


def _is_headed(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether such a membership heads the unit of the case."""
    return exists().where(
        Membership.department_id == Finding.department_id,
        Membership.is_head,
        Membership.from_on <= _TODAY,
        or_(Membership.until_on.is_(None), Membership.until_on >= _TODAY),
        condition,
    )


def _is_active(of_person: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a class with person_id
    return exists().where(Person.id == of_person.person_id, Person.deactivated_at.is_(None))


def _has_judge(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether such a lead auditor may judge the case: nobody who owned or did something in its present round."""
    did = (
        exists()
        .where(
            Action.finding_id == Finding.id,
            Action.round_number == Finding.round_number,
            or_(Action.owner_id == AuditMember.person_id, Action.reported_by_id == AuditMember.person_id),
        )
        .correlate(Finding, AuditMember)
    )
    answered = (
        exists()
        .where(
            Round.finding_id == Finding.id,
            Round.number == Finding.round_number,
            Round.answered_by_id == AuditMember.person_id,
        )
        .correlate(Finding, AuditMember)
    )
    is_lead = and_(AuditMember.audit_id == Finding.audit_id, AuditMember.role == TeamRole.LEAD)
    return exists().where(is_lead, condition, ~did, ~answered)


def _whose() -> dict[Kind, ColumnElement[bool]]:
    """Per kind, whether the reader answers for a case: by name, or for the proxy where nobody is named."""
    by_proxy = Finding.office_id.in_(bindparam("stands_in", expanding=True))
    judge = _has_judge(AuditMember.person_id == _READER)
    is_orphaned = and_(by_proxy, ~_has_judge(_is_active(AuditMember)))
    is_headless = and_(by_proxy, ~_is_headed(_is_active(Membership)))
    return {
        Kind.ANSWER: or_(_is_headed(Membership.person_id == _READER), is_headless),
        Kind.DECISION_ON_ANSWER: by_proxy,
        Kind.VERIFICATION: or_(judge, is_orphaned),
        Kind.EFFECTIVENESS: or_(judge, is_orphaned),
        Kind.CLOSING: by_proxy,
    }


_KINDS: Final = frozenset({*_whose(), Kind.ACTION})


@dataclass(frozen=True)
class _Rows:
    """Two statements about the same rows, written once because building them takes longer than running them."""

    earliest: Select[*tuple[Any, ...]]
    count: Select[int]


def _rows(found: Select[*tuple[Any, ...]], model: Any, latest: str) -> _Rows:  # noqa: ANN401 - a model with due days
    due = found.where(
        model.office_id.in_(bindparam("office_ids", expanding=True)),
        model.due_on.between(bindparam("first"), bindparam(latest)),
    )
    count = due.with_only_columns(func.count(model.id), maintain_column_froms=True)
    return _Rows(due.order_by(model.due_on).limit(bindparam("most", type_=Integer)), count)


def _cases() -> _Rows:
    of_kinds = [
        and_(Finding.waits_for == kind, Finding.due_on <= bindparam(f"last_{kind}"), own)
        for kind, own in _whose().items()
    ]
    return _rows(case_rows().where(or_(*of_kinds)), Finding, "latest")


def _actions() -> _Rows:
    is_orphaned = and_(
        Action.office_id.in_(bindparam("stands_in", expanding=True)),
        exists().where(Person.id == Action.owner_id, Person.deactivated_at.is_not(None)),
    )
    return _rows(action_rows().where(or_(Action.owner_id == _READER, is_orphaned)), Action, f"last_{Kind.ACTION}")


_CASES: Final = _cases()
_ACTIONS: Final = _actions()
