"""How far an office has come with its first tasks."""

from typing import Any, Final

from sqlalchemy import BindParameter, ScalarSelect, bindparam, func, or_, select

from qms.certificates.models import Certificate
from qms.core.db import db
from qms.domain.setting_up import Begun, Task
from qms.offices.models import Department, Office
from qms.people.models import Appointment, Invitation, Membership, Person

_OFFICE: Final[BindParameter[int]] = bindparam("office_id")
_WORKS: Final = tuple(select(dated.person_id).where(dated.office_id == _OFFICE) for dated in (Membership, Appointment))
_OTHERS: Final = select(func.count(Person.id)).where(
    Person.id != bindparam("person_id"), or_(*(Person.id.in_(each) for each in _WORKS))
)


def _count(model: Any, *conditions: Any) -> ScalarSelect[int]:  # noqa: ANN401 - a model and parts of a statement
    return select(func.count()).select_from(model).where(model.office_id == _OFFICE, *conditions).scalar_subquery()


_UNANSWERED: Final = Invitation.answered_on.is_(None), Invitation.ended_on.is_(None)
_BEGUN: Final = select(
    Office.id,
    _count(Certificate).label("certificates"),
    _count(Department, Department.closed_on.is_(None)).label("departments"),
    _count(Invitation, Invitation.is_held, *_UNANSWERED).label("held"),
    _count(Invitation, ~Invitation.is_held, *_UNANSWERED).label("invited"),
    _OTHERS.scalar_subquery().label("others"),
).where(Office.id == _OFFICE)


def begun(office: Office, person_id: int) -> Begun:
    """What the register holds of the office; `person_id` is whoever sets it up."""
    found = db.session.execute(_BEGUN, {"office_id": office.id, "person_id": person_id}).one()
    return Begun(
        ticked_tasks=[Task(each) for each in office.ticked_tasks],
        certificates=found.certificates,
        departments=found.departments,
        others=found.others,
        held=found.held,
        invited=found.invited,
    )
