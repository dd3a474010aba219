"""Whether a surveillance audit is overdue, in SQL, for lists over all offices.

Says the same as `course.visits_due` by the rules of `domain.certification`, which know no database; a test holds the
two together. Whether the end of a year stands for the target of the second audit makes no difference once it is past.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, extract, func, or_, select
from sqlalchemy.orm import aliased

from qms.audits.models import Audit
from qms.certificates.models import Certificate
from qms.certificates.queries import is_after, is_of_quality
from qms.cycle.course import RECERTIFICATION, SURVEILLANCE
from qms.domain.calendar import add_days, counted_from_range
from qms.domain.certification import FIRST_SURVEILLANCE_MONTHS, RHYTHMS, TOLERANCES, RuleVersion, no_visit_within
from qms.domain.limits import STARTER_LIMITS, Limit, Unit
from qms.standards.models import Edition

Condition = ColumnElement[bool]

_DAY: Final = 86_400  # seconds
_DAYS_BEFORE_END: Final = STARTER_LIMITS["recertification_audit"].value


def is_surveillance_overdue(office_id: Any, today: date) -> Condition:  # noqa: ANN401 - a column with an office
    """Of the newest certificate of the office, while it runs; one decided this year or last asks for the first only."""
    is_past_a_year = Certificate.decided_on < date(today.year - 1, 1, 1)
    return exists().where(
        Certificate.office_id == office_id,
        Edition.code == Certificate.edition_code,
        is_of_quality(),
        _runs(today),
        ~_is_followed(),
        or_(
            _is_first_overdue(today),
            and_(Certificate.rhythm_months.is_(None), is_past_a_year, _is_year_missed(today)),
            *(_is_rhythm_broken(months, today) for months in RHYTHMS),
        ),
    )


def _runs(today: date) -> Condition:
    return and_(
        Certificate.valid_until >= today,
        or_(Edition.certificates_until.is_(None), Edition.certificates_until >= today),
        or_(Certificate.withdrawn_on.is_(None), Certificate.withdrawn_on > today),
    )


def _is_followed() -> Condition:
    later = aliased(Certificate)
    return exists().where(later.office_id == Certificate.office_id, is_after(later, Certificate))


def _visits(today: date) -> tuple[Condition, ...]:
    """What makes an audit one that answers for surveillance: it was held after the decision."""
    return (*_held(today), Audit.kind == SURVEILLANCE)


def _held(today: date) -> tuple[Condition, ...]:
    return (
        Audit.office_id == Certificate.office_id,
        Audit.state != "cancelled",
        Audit.ends_on > Certificate.decided_on,
        or_(Audit.state == "finished", Audit.ends_on <= today),
    )


def _is_first_overdue(today: date) -> Condition:
    yesterday = add_days(today, -1)
    _, latest = counted_from_range(yesterday, yesterday, FIRST_SURVEILLANCE_MONTHS)
    is_old = Certificate.rules == RuleVersion.V2011
    counted_from = case((is_old, Certificate.stage2_ended_on), else_=Certificate.decided_on)
    by_rhythm = and_(Certificate.rhythm_months.is_not(None), exists().where(*_full_visits(today)))
    return and_(Certificate.is_initial, counted_from <= latest, ~exists().where(*_visits(today)), ~by_rhythm)


def _is_rhythm_broken(months: int, today: date) -> Condition:
    """Whether the body is late by a rhythm in months, and by what the contract tolerates."""
    last_visit = select(func.max(Audit.ends_on)).where(*_full_visits(today)).scalar_subquery()
    counted_from = func.coalesce(last_visit, Certificate.decided_on)
    is_asked = _seconds(Certificate.valid_until) - _seconds(counted_from) >= _DAY * no_visit_within(
        Limit(months, Unit.MONTHS)
    )
    late = (
        and_(Certificate.rhythm_tolerance == days, counted_from <= _latest_start(add_days(today, -1 - days), months))
        for days in TOLERANCES
    )
    return and_(Certificate.rhythm_months == months, is_asked, or_(*late))


def _latest_start(due_on: date, months: int) -> date:
    return counted_from_range(due_on, due_on, months)[1]


def _full_visits(today: date) -> tuple[Condition, ...]:
    """Surveillance, and the recertification audit that falls in the second half of the certificate."""
    is_renewal = and_(Audit.kind == RECERTIFICATION, _is_in_second_half())
    return (*_held(today), or_(Audit.kind == SURVEILLANCE, is_renewal))


def _is_year_missed(today: date) -> Condition:
    """Whether the year after the last visit, or after the decision, is past and before that of recertification."""
    last_visit = select(func.max(Audit.ends_on)).where(*_visits(today)).scalar_subquery()
    seen = func.coalesce(_year(last_visit), _year(Certificate.decided_on))
    return and_(seen < today.year - 1, seen < _recertified_in() - 1)


def _recertified_in() -> ColumnElement[int]:
    """The year of the recertification audit that has a day, else the year in which it is due by the usual limit."""
    is_due_before = extract("doy", Certificate.valid_until) <= _DAYS_BEFORE_END
    due = _year(Certificate.valid_until) - case((is_due_before, 1), else_=0)
    return func.coalesce(_planned_recertification(), due)


def _planned_recertification() -> ScalarSelect[Any]:
    return (
        select(_year(Audit.starts_on))
        .where(
            Audit.office_id == Certificate.office_id,
            Audit.kind == RECERTIFICATION,
            Audit.state != "cancelled",
            Audit.ends_on > Certificate.decided_on,
            _is_in_second_half(),
        )
        .order_by(Audit.starts_on, Audit.id)
        .limit(1)
        .scalar_subquery()
    )


def _is_in_second_half() -> Condition:
    """As in `course`, a recertification audit renews the certificate in whose second half it falls."""
    whole = _seconds(Certificate.valid_from) + _seconds(Certificate.valid_until)
    return and_(2 * _seconds(Audit.ends_on) > whole)


def _year(day: Any) -> Any:  # noqa: ANN401 - a column with a day
    return extract("year", day)


def _seconds(day: Any) -> Any:  # noqa: ANN401 - a column with a day
    return extract("epoch", day)
