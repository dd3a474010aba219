"""Devices on which audits are held: what the register heard of them, and which of them fell silent.

A silence is written about once. It ends when the device is heard, when every question has an answer and the device
said that nothing waits, when the lead auditor says that nothing is to come from it, or with the audit.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, exists, or_, select

from qms.audits.models import OPEN_STATES, Audit
from qms.checklists import notices
from qms.checklists.models import AnswerDevice, AnswerEvent, AuditQuestion, LostDevice
from qms.core import clock
from qms.core.db import db
from qms.core.inserts import insert_once
from qms.core.loading import PARENTS
from qms.domain import checklist
from qms.domain.checklist import SILENT_AFTER
from qms.domain.errors import N_, InvalidInput
from qms.offices.models import Office
from qms.policy import Actor

MOST_WAITING: Final = 9999  # that a device is believed to hold

_HAS_ANSWER: Final = exists().where(
    AnswerEvent.audit_id == Audit.id, AnswerEvent.question_id == AuditQuestion.id, ~AnswerEvent.is_late
)
_LEFT: Final = exists().where(AuditQuestion.audit_id == Audit.id, ~AuditQuestion.is_removed, ~_HAS_ANSWER)
_IS_GIVEN_UP: Final = exists().where(
    LostDevice.audit_id == AnswerDevice.audit_id,
    LostDevice.person_id == AnswerDevice.person_id,
    LostDevice.device_key == AnswerDevice.device_key,
    LostDevice.said_at >= AnswerDevice.heard_at,
)
_HEARD: Final = (
    select(AnswerDevice, Audit.key, Audit.number, Audit.starts_on, Office.slug, Office.name, _LEFT.label("has_left"))
    .join(Audit, and_(Audit.id == AnswerDevice.audit_id, Audit.state.in_(OPEN_STATES)))
    .join(Office, Office.id == AnswerDevice.office_id)
    .where(AnswerDevice.heard_at <= bindparam("until"), ~_IS_GIVEN_UP)
    .order_by(AnswerDevice.heard_at, AnswerDevice.id)
)
_NOT_TOLD: Final = _HEARD.where(or_(AnswerDevice.told_at.is_(None), AnswerDevice.told_at < AnswerDevice.heard_at))
_OF_AUDIT: Final = _HEARD.where(AnswerDevice.audit_id == bindparam("audit_id"))
_OF_PERSON: Final = _HEARD.where(AnswerDevice.person_id == bindparam("person_id"), AnswerDevice.office_id.in_(PARENTS))


@dataclass(frozen=True)
class Silent:
    """A device that was not heard for a day, and its audit."""

    device: AnswerDevice
    number: str
    path: str
    office_name: str


def hear(audit: Audit, device_key: str, waiting: int, *, by: Actor) -> None:
    """Note that a device of the person was heard, and how much still waits on it. Raises `InvalidInput`."""
    checklist.check_event_id(device_key)
    names = {
        "office_id": audit.office_id,
        "audit_id": audit.id,
        "person_id": by.person_id,
        "device_key": device_key,
    }
    heard = {"heard_at": clock.now(), "waiting_count": min(max(waiting, 0), MOST_WAITING)}
    if insert_once(AnswerDevice, names | heard) is None:
        known = db.session.scalars(select(AnswerDevice).filter_by(**names)).one()
        for name, value in heard.items():
            setattr(known, name, value)


def silent_of(person_id: int, office_ids: Collection[int], now: datetime) -> list[Silent]:
    """The devices of a person that fell silent in audits of these offices."""
    asked = {"person_id": person_id, PARENTS.key: list(office_ids), "until": now - SILENT_AFTER}
    return _silent(db.session.execute(_OF_PERSON, asked), now)


def silent_in(audit: Audit, now: datetime) -> list[Silent]:
    """The devices that fell silent in one audit, the longest first."""
    return _silent(db.session.execute(_OF_AUDIT, {"audit_id": audit.id, "until": now - SILENT_AFTER}), now)


def give_up(audit: Audit, device_id: int, note: str, *, by: Actor, now: datetime) -> None:
    """Say that nothing is to come from a silent device, so that nobody is asked for it any more.

    What comes from it all the same is taken like any answer. Raises `InvalidInput` for a device that is not silent.
    """
    device = next((each.device for each in silent_in(audit, now) if each.device.id == device_id), None)
    if device is None:
        raise InvalidInput(N_("This device was heard in the meantime. Choose again."), field="device")
    of = {"audit_id": audit.id, "person_id": device.person_id, "device_key": device.device_key}
    db.session.add(LostDevice(office_id=audit.office_id, note=note, said_by_id=by.person_id, said_at=now, **of))


def tell(now: datetime) -> int:
    """Write to whoever holds an audit on a device that fell silent, once for each silence; how many it were."""
    found = _silent(db.session.execute(_NOT_TOLD, {"until": now - SILENT_AFTER}), now)
    for each in found:
        each.device.told_at = now
        notices.tell_of_silence(each.device, number=each.number, path=each.path)
    return len(found)


def _silent(rows: Any, now: datetime) -> list[Silent]:  # noqa: ANN401 - rows of `_HEARD`
    """Before the audit began, a device only looked at its questions."""
    return [
        Silent(device, number, f"/u/{slug}/audity/{key}/prowadz", office_name)
        for device, key, number, starts_on, slug, office_name, has_left in rows
        if clock.day_of(device.heard_at) >= starts_on
        and checklist.is_silent(device.heard_at, device.waiting_count, has_questions_left=has_left, now=now)
    ]
