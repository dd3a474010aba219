"""What a tablet sends once it has a network again: answers in batches, then photos one by one.

Each is answered by itself: `kept` (also a repeat), `late` where the audit was over, `refused` with a sentence. Only
what is refused stays on the device.
"""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from qms.audits import queries as audits
from qms.audits.models import Audit
from qms.checklists.devices import hear
from qms.checklists.pages import bp
from qms.checklists.running import Given, GivenFile, Taken, take, take_file
from qms.core import clock
from qms.core.access import actor, guard
from qms.core.forms import given_files
from qms.core.i18n import said
from qms.core.transactions import writing
from qms.domain.checklist import EVENT_ID
from qms.domain.errors import N_, RuleViolation
from qms.policy import Can

MOST_EVENTS: Final = 100  # in one batch
_UNREADABLE: Final = N_("What the device sent cannot be read. Open the page again, and it sends once more.")
_LATER: Final = N_("Somebody is changing the same finding. The device sends once more by itself.")


@bp.post("/u/<slug>/audity/<key>/zdarzenia")
@guard(Can.RECORD_FINDINGS, load=audits.by_key)
def events(audit: Audit) -> ResponseReturnValue:
    """Answers, in the order in which they were given."""
    brought = request.get_json(silent=True)
    listed = brought.get("events") if isinstance(brought, dict) else None
    spoken = _spoken(brought)
    if not isinstance(listed, list) or len(listed) > MOST_EVENTS or not (listed or spoken):
        return {"message": said(_UNREADABLE)}, HTTPStatus.BAD_REQUEST
    return _answered(lambda: _taken(audit, listed, spoken))


def _taken(audit: Audit, listed: list[Any], spoken: tuple[str, int] | None) -> list[dict[str, str]]:
    answers = [_one(audit, each) for each in listed]
    if spoken:
        hear(audit, *spoken, by=actor())
    return answers


def _spoken(brought: Any) -> tuple[str, int] | None:  # noqa: ANN401 - whatever a device sends
    """The key of the device and how much still waits on it; none where it says that in a way nobody understands."""
    told = brought if isinstance(brought, dict) else {}
    match told.get("device"), told.get("waiting"):
        case str(device), int(waiting) if EVENT_ID.fullmatch(device):
            return device, waiting
    return None


@bp.post("/u/<slug>/audity/<key>/zdjecia")
@guard(Can.RECORD_FINDINGS, load=audits.by_key)
def photo(audit: Audit) -> ResponseReturnValue:
    """One photo or file."""
    brought = given_files("file")
    if len(brought) != 1:
        return {"message": said(_UNREADABLE)}, HTTPStatus.BAD_REQUEST
    given = GivenFile(
        event_key=request.form.get("id", ""),
        question_key=request.form.get("question", ""),
        name=brought[0].filename,
        stream=brought[0].stream,
        device_at=_moment(request.form.get("at")),
    )
    return _answered(lambda: [_told(given.event_key, lambda: take_file(audit, given, by=actor()))])


def _answered(work: Callable[[], list[dict[str, str]]]) -> ResponseReturnValue:
    """The answer to each; all is kept in one go."""
    try:
        with writing():
            answers = work()
    except StaleDataError:
        return {"message": said(_LATER)}, HTTPStatus.CONFLICT
    return jsonify(answers=answers)


def _one(audit: Audit, sent: Any) -> dict[str, str]:  # noqa: ANN401 - whatever a device sends
    told = {name: value for name, value in sent.items() if isinstance(value, str)} if isinstance(sent, dict) else {}
    given = Given(
        event_key=told.get("id", ""),
        question_key=told.get("question", ""),
        result=told.get("result", ""),
        note=told.get("note", ""),
        device_at=_moment(told.get("at")),
    )
    return _told(given.event_key, lambda: take(audit, given, by=actor(), today=clock.today()))


def _told(event_key: str, keep: Callable[[], Taken]) -> dict[str, str]:
    try:
        taken = keep()
    except RuleViolation as refusal:
        return {"id": event_key, "state": "refused", "message": said(refusal)}
    message = said(taken.remark) if taken.remark else ""
    return {"id": event_key, "state": "late" if taken.is_late else "kept", "message": message}


def _moment(typed: str | None) -> datetime | None:
    """What the clock of the device said; none where it says nothing that could be a moment."""
    try:
        moment = datetime.fromisoformat(typed or "")
    except ValueError:
        return None
    is_storable = moment.tzinfo is not None and 2000 <= moment.year <= 2100  # noqa: PLR2004 - far past any device
    return moment if is_storable else None
