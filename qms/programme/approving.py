"""Sending a programme to those who approve it, their steps, and giving it back."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm.attributes import flag_modified

from qms.approvals import queries as approvals
from qms.approvals import steps
from qms.core import clock
from qms.core.db import db
from qms.core.trail import because
from qms.domain import programme as rules
from qms.domain.approval import Step, check_vacancies
from qms.domain.programme import State
from qms.domain.standing import Who
from qms.people import queries as people
from qms.policy import Actor
from qms.programme import notices
from qms.programme.models import Programme, ProgrammeApproval


def send(programme: Programme, *, by: Actor, today: date) -> None:
    """Ask the office's chain to approve; the steps stay as they are now, whatever the chain becomes."""
    rules.check_sendable(State(programme.state), len(programme.planned))
    chain, held = approvals.chain(programme.office_id), people.holders(programme.office_id, today)
    check_vacancies(chain, held)
    programme.state, programme.returned_because = State.SENT, ""
    programme.sent_at, programme.sent_by_id = clock.now(), by.person_id
    programme.approvals = [_approval(programme, place, step) for place, step in enumerate(chain, start=1)]
    _ask_next(programme, held, sent_by=by.name)


def _approval(programme: Programme, place: int, step: Step) -> ProgrammeApproval:
    kept = {each.place: each for each in programme.approvals}
    found = kept.get(place) or ProgrammeApproval(office_id=programme.office_id, place=place)
    return steps.lay_out(found, step)


def waits_for(programme: Programme) -> ProgrammeApproval | None:
    """The step that is to be taken now."""
    return steps.waiting(programme.approvals) if programme.state == State.SENT else None


def _ask_next(programme: Programme, held: Mapping[Who, Sequence[int]], *, sent_by: str) -> None:
    to = steps.to_ask(waits_for(programme), held)
    db.session.flush()  # here, so that the letter bears the version this change makes
    notices.ask_to_approve(programme, to, sent_by=sent_by)


def approve(programme: Programme, *, by: Actor, today: date, order_number: str = "") -> None:
    """Take the next step; the last one puts the programme in force. Raises `RuleViolation`."""
    rules.check_sent(State(programme.state))
    steps.take(programme.approvals, by=by, office_id=programme.office_id, order_number=order_number)
    flag_modified(programme, "year")
    if waits_for(programme) is None:
        programme.state, programme.approved_at = State.APPROVED, clock.now()
        _tell_sender(programme)
    else:
        sender = people.names([programme.sent_by_id]) if programme.sent_by_id else {}
        _ask_next(programme, people.holders(programme.office_id, today), sent_by=next(iter(sender.values()), ""))


def give_back(programme: Programme, *, reason: str) -> None:
    """Open a sent version for changes again: whoever is to approve it may, and whoever sent it."""
    rules.check_sent(State(programme.state))
    because(reason)
    programme.state, programme.returned_because = State.DRAFT, reason
    steps.clear(programme.approvals)
    _tell_sender(programme, returned_because=reason)


def _tell_sender(programme: Programme, *, returned_because: str = "") -> None:
    db.session.flush()  # as above
    notices.tell_outcome(programme, [programme.sent_by_id or 0], returned_because=returned_because)
