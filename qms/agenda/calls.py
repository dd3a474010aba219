"""What a person is called on for besides deadlines: today's audit, a permit, a step of approval, unsent answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from qms.agenda.words import LOOK_AGAIN
from qms.audits import known as audits
from qms.checklists import devices
from qms.core import clock
from qms.core.db import EVERY_OFFICE, scoped
from qms.discussion import queries as discussion
from qms.domain import approval as rules
from qms.domain import pleas
from qms.domain.deadlines import days_left
from qms.domain.errors import N_
from qms.domain.products import VERIFYING
from qms.domain.sources import DECIDING
from qms.domain.standing import Concern, Who
from qms.findings import pleas as findings
from qms.intake import queries as problems
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.policy import Actor, audits_in, offices_of, reach
from qms.practices import queries as practices
from qms.products import deadlines as products
from qms.programme import queries as programmes

_NO_POSTS: Final[frozenset[Who]] = frozenset()
PERMIT: Final = N_("Permit the team of the audit, or refuse")
_PERMIT_WHY: Final = N_("Somebody of the team would judge their own work. The audit cannot begin before.")
STEP: Final = N_("Approve the audit programme, or give it back")
_STEP_WHY: Final = N_("Your step of its approval is next.")
_LOOK_AGAIN_WHY: Final = N_("Somebody put it right, and somebody else has to see whether it is right now.")
OFFERS: Final = N_("Decide which good practice all offices read")
_OFFERS_WHY: Final = N_("Offices offered it and wait for your word.")
DECIDE: Final = N_("Decide about what was reported")
_DECIDE_WHY: Final = N_("Somebody of the office reported a problem and waits for the decision.")
TIME: Final = N_("Decide about more time for an answer")
_TIME_WHY: Final = N_("Somebody cannot answer in time. The present day stands until you decide.")
OBJECTION: Final = N_("Answer an objection to a finding")
_OBJECTION_WHY: Final = N_("Whoever is to answer does not agree with it, and waits for your word.")
REPLY: Final = N_("Reply in the discussion of a case")
_REPLY_WHY: Final = N_("Somebody asks you there and waits for your word.")
UNSENT: Final = N_("Send the answers that may wait on your device")
_UNSENT_WHY: Final = N_("It has not been heard for a day. Open the audit on it where it has a network.")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One such thing; `verb` and `why` are messages to translate, `due_on` a day before which it has to be done."""

    verb: str
    why: str
    number: str
    path: str
    office_name: str
    due_on: date | None = None
    days_left: int | None = None


@dataclass(frozen=True)
class Held:
    """An audit that the person holds today, and where its questions are."""

    number: str
    departments: str
    path: str
    office_name: str


def held_today(actor: Actor, today: date) -> list[Held]:
    """The audits of today on whose team the person asks questions."""
    with scoped(audits_in(actor)):
        found = audits.held_on(today, actor.person_id, audits_in(actor))
        named = audits.department_names([each.id for each in found]) if found else {}
        at = _named({each.office_id for each in found})
    return [
        Held(
            each.number,
            ", ".join(named[each.id]),
            f"/u/{at[each.office_id].slug}/audity/{each.key}/prowadz",
            at[each.office_id].name,
        )
        for each in found
    ]


def calls_on(actor: Actor, now: datetime) -> list[Call]:
    """What waits for the person because of a post or on a device of theirs, in order of the day."""
    today = clock.day_of(now)
    with scoped(audits_in(actor)):
        found = [
            *_permits(actor, today),
            *_steps(actor),
            *_reports(actor, today),
            *_pleas(actor, today),
            *_questions(actor),
            *_devices(actor, now),
            *_second_looks(actor, today),
            *_offers(actor),
        ]
    return sorted(found, key=lambda each: (each.due_on is None, each.due_on or today, each.path))


def _permits(actor: Actor, today: date) -> Iterator[Call]:
    headed = [office_id for office_id, posts in actor.posts.items() if Who.HEAD_OF_OFFICE in posts]
    waiting = audits.waiting_permits(headed) if headed else []
    at = _named({each.office_id for each in waiting})
    for each in waiting:
        yield Call(
            verb=PERMIT,
            why=_PERMIT_WHY,
            number=each.number,
            path=f"/u/{at[each.office_id].slug}/audity/{each.key}/zgoda",
            office_name=at[each.office_id].name,
            due_on=each.starts_on,
            days_left=days_left(each.starts_on, today),
        )


def _steps(actor: Actor) -> Iterator[Call]:
    approving = [office_id for office_id, posts in actor.posts.items() if posts & _APPROVING]
    due = programmes.steps_due(approving) if approving else []
    at = _named({each.office_id for each in due})
    for each in due:
        if actor.posts[each.office_id] & set(rules.holders_of(each.post)):
            path = f"/u/{at[each.office_id].slug}/audity/program/{each.year}"
            yield Call(verb=STEP, why=_STEP_WHY, number=str(each.year), path=path, office_name=at[each.office_id].name)


def _reports(actor: Actor, today: date) -> Iterator[Call]:
    """One call an office, however much was reported there."""
    deciding = [office_id for office_id, posts in actor.posts.items() if posts & DECIDING]
    headed = [unit for units in actor.headed.values() for unit in units]
    waiting = problems.waiting(deciding, headed, today) if deciding or headed else {}
    at = _named(set(waiting))
    for office_id, count in waiting.items():
        path = f"/u/{at[office_id].slug}/zgloszenia?stan=czeka"
        yield Call(verb=DECIDE, why=_DECIDE_WHY, number=str(count), path=path, office_name=at[office_id].name)


def _pleas(actor: Actor, today: date) -> Iterator[Call]:
    """What was asked for besides answers, where the person is the one to decide."""
    deciding = [office_id for office_id, posts in actor.posts.items() if posts & pleas.DECIDING]
    waiting = findings.waiting_in(deciding, today) if deciding else []
    own = [each for each in waiting if actor.person_id in each.deciders]
    at = _named({each.office_id for each in own})
    for each in own:
        verb, why, page = _PLEAS[each.kind]
        yield Call(
            verb=verb,
            why=why,
            number=each.number,
            path=f"/u/{at[each.office_id].slug}/ustalenia/{each.key}/{page}",
            office_name=at[each.office_id].name,
            due_on=each.due_on,
            days_left=days_left(each.due_on, today) if each.due_on else None,
        )


def _questions(actor: Actor) -> Iterator[Call]:
    """The cases in whose discussion the person is asked to reply, as long as they may read them."""
    parts = [(office_id, reach(actor, Concern(office_id=office_id))) for office_id in sorted(audits_in(actor))]
    asked = discussion.calls_on(actor.person_id, parts)
    at = _named({each.office_id for each in asked})
    for each in asked:
        yield Call(
            verb=REPLY,
            why=_REPLY_WHY,
            number=each.number,
            path=f"/u/{at[each.office_id].slug}/ustalenia/{each.key}/rozmowa",
            office_name=at[each.office_id].name,
        )


def _devices(actor: Actor, now: datetime) -> Iterator[Call]:
    for each in devices.silent_of(actor.person_id, audits_in(actor), now):
        yield Call(verb=UNSENT, why=_UNSENT_WHY, number=each.number, path=each.path, office_name=each.office_name)


def _second_looks(actor: Actor, today: date) -> Iterator[Call]:
    """Where the office has set no limit; with one it is a deadline."""
    looking = [
        each for each in offices_of(actor) if actor.headed.get(each) or actor.posts.get(each, _NO_POSTS) & VERIFYING
    ]
    found = products.waiting(looking, today) if looking else []
    own = [each.row for each in found if each.due_on is None and actor.person_id in each.answers]
    at = _named({each.office_id for each in own})
    for each in own:
        path = f"/u/{at[each.office_id].slug}/wyroby-niezgodne/{each.key}"
        yield Call(
            verb=LOOK_AGAIN,
            why=_LOOK_AGAIN_WHY,
            number=each.number,
            path=path,
            office_name=at[each.office_id].name,
        )


def _offers(actor: Actor) -> Iterator[Call]:
    """One call for all of them, of whichever office."""
    if not actor.is_coordinator:
        return
    with scoped(EVERY_OFFICE):
        count = practices.waiting_count()
    if count:
        yield Call(verb=OFFERS, why=_OFFERS_WHY, number=str(count), path="/wzorce", office_name="")


# By what was asked for: the verb, the reason and the page of the case.
_PLEAS: Final = {
    pleas.Kind.MORE_TIME: (TIME, _TIME_WHY, "termin"),
    pleas.Kind.OBJECTION: (OBJECTION, _OBJECTION_WHY, "zastrzezenie/odpowiedz"),
}
_APPROVING: Final = frozenset(post for step in rules.APPROVING for post in rules.holders_of(step))


def _named(office_ids: set[int]) -> dict[int, Office]:
    return {office.id: office for office in offices.by_ids(office_ids)} if office_ids else {}
