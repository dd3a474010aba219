"""Sending a programme to those who approve it, their steps, giving it back, and who they are."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from qms.core import clock
from qms.core.db import db
from qms.core.trail import because
from qms.domain import programme as rules
from qms.domain.errors import N_, NotAllowedNow, Notice
from qms.domain.programme import State, Step
from qms.domain.standing import Who
from qms.offices.models import Office
from qms.people import queries as people
from qms.policy import Actor
from qms.programme import notices, queries
from qms.programme.models import ApprovalStep, Programme, ProgrammeApproval


def send(programme: Programme, *, by: Actor, today: date) -> None:
    """Ask the office's chain to approve; the steps stay as they are now, whatever the chain becomes."""
    rules.check_sendable(State(programme.state), len(programme.planned))
    steps, held = queries.chain(programme.office_id), people.holders(programme.office_id, today)
    rules.check_vacancies(steps, held)
    programme.state, programme.returned_because = State.SENT, ""
    programme.sent_at, programme.sent_by_id = clock.now(), by.person_id
    programme.approvals = [_approval(programme, place, step) for place, step in enumerate(steps, start=1)]
    _ask_next(programme, held, sent_by=by.name)


def _approval(programme: Programme, place: int, step: Step) -> ProgrammeApproval:
    kept = {each.place: each for each in programme.approvals}
    found = kept.get(place) or ProgrammeApproval(office_id=programme.office_id, place=place)
    found.verb, found.post = step.verb, step.post
    found.person_id = found.decided_at = None
    found.order_number = ""
    return found


def waits_for(programme: Programme) -> ProgrammeApproval | None:
    """The step that is to be taken now."""
    if programme.state != State.SENT:
        return None
    return next((each for each in programme.approvals if each.person_id is None), None)


def _ask_next(programme: Programme, held: Mapping[Who, Sequence[int]], *, sent_by: str) -> None:
    step = waits_for(programme)
    posts = rules.holders_of(Who(step.post)) if step else ()
    to = next((held[post] for post in posts if held.get(post)), [])
    db.session.flush()  # here, so that the letter bears the version this change makes
    notices.ask_to_approve(programme, to, sent_by=sent_by)


def approve(programme: Programme, *, by: Actor, today: date, order_number: str = "") -> None:
    """Take the next step; the last one puts the programme in force. Raises `RuleViolation`."""
    rules.check_sent(State(programme.state))
    step = waits_for(programme)
    if step is None:
        raise NotAllowedNow(N_("No step of this version is left. Go back to the programme and look again."))
    rules.check_approver(Step(step.verb, Who(step.post)), by.posts.get(programme.office_id, frozenset()))
    step.person_id, step.decided_at, step.order_number = by.person_id, clock.now(), order_number
    flag_modified(programme, "year")
    if waits_for(programme) is None:
        programme.state, programme.approved_at = State.APPROVED, clock.now()
        _tell_sender(programme)
    else:
        sender = people.names([programme.sent_by_id]) if programme.sent_by_id else {}
        _ask_next(programme, people.holders(programme.office_id, today), sent_by=next(iter(sender.values()), ""))


def doubt_about(programme: Programme, by: Actor) -> Notice | None:
    """What to say to somebody who is about to take the next step."""
    earlier = [each.person_id for each in programme.approvals if each.person_id]
    return rules.doubt_about_approver(by.person_id, earlier)


def give_back(programme: Programme, *, reason: str) -> None:
    """Open a sent version for changes again: whoever is to approve it may, and whoever sent it."""
    rules.check_sent(State(programme.state))
    because(reason)
    programme.state, programme.returned_because = State.DRAFT, reason
    for step in programme.approvals:
        step.person_id = step.decided_at = None
        step.order_number = ""
    _tell_sender(programme, returned_because=reason)


def _tell_sender(programme: Programme, *, returned_because: str = "") -> None:
    db.session.flush()  # as above
    notices.tell_outcome(programme, [programme.sent_by_id or 0], returned_because=returned_because)


def set_chain(office: Office, steps: Sequence[Step]) -> None:
    """Say who approves programmes from now on; those sent already keep their steps."""
    rules.check_chain(steps)
    kept = {
        row.place: row for row in db.session.scalars(select(ApprovalStep).where(ApprovalStep.office_id == office.id))
    }
    for place, step in enumerate(steps, start=1):
        row = kept.pop(place, None) or ApprovalStep(office_id=office.id, place=place)
        row.verb, row.post = step.verb, step.post
        db.session.add(row)
    for row in kept.values():
        db.session.delete(row)
    flag_modified(office, "search_text")  # a column nobody is told of, so that its version grows
