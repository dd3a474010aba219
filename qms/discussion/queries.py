"""The talk about a case as pages and other rooms read it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, raiseload
from sqlalchemy.orm.attributes import set_committed_value

from qms.core.db import db
from qms.core.paging import PER_PAGE, Paged, nearest, start
from qms.discussion.models import Message
from qms.domain.standing import TeamRole
from qms.findings import queries as findings
from qms.findings.models import Finding
from qms.offices.models import Office
from qms.people import queries as people
from qms.people.models import Person
from qms.policy import POLICY, Can, Reach

LATEST: Final = 5  # shown with the case; a page of their own has all
MOST_CALLS: Final = 100  # of one person; what is answered makes room for the rest
_WRITING: Final = frozenset({TeamRole.LEAD, TeamRole.AUDITOR, TeamRole.TRAINEE})

# Written once, because building a statement takes longer than running it.
_OF_CASE: Final = (
    select(Message)
    .where(Message.finding_id == bindparam("finding_id"))
    .options(joinedload(Message.author), joinedload(Message.asked), raiseload("*", sql_only=True))
)
_WAITS: Final = and_(Message.asked_id.is_not(None), Message.answered_at.is_(None), Message.struck_at.is_(None))
_ASKED: Final = select(Message).where(
    Message.asked_id == bindparam("person_id"), Message.finding_id == bindparam("finding_id"), _WAITS
)


@dataclass(frozen=True)
class Latest:
    """What the page of a case shows; `is_all` where nothing was said before."""

    messages: list[Message]
    is_all: bool


@dataclass(frozen=True, kw_only=True)
class Page(Paged):
    """A page of what was said in a case, the newest last."""

    rows: list[Message]


def latest(finding: Finding) -> Latest:
    """The newest messages of a case, in the order they were written."""
    newest = _OF_CASE.order_by(Message.id.desc()).limit(LATEST + 1)
    found = list(db.session.scalars(newest, {"finding_id": finding.id}))
    return Latest(found[:LATEST][::-1], is_all=len(found) <= LATEST)


def page(finding: Finding, *, number: int | None) -> Page:
    """A page of what was said, the last one unless another is asked for."""
    total = db.session.scalar(select(func.count(Message.id)).where(Message.finding_id == finding.id)) or 0
    number = nearest(total if number is None else number, total)
    rows = _OF_CASE.order_by(Message.id).limit(PER_PAGE).offset(start(number))
    return Page(rows=list(db.session.scalars(rows, {"finding_id": finding.id})), number=number, total=total)


def by_key(office: Office, key: str) -> Message | None:
    """A message of a published finding, with its whole case."""
    found = select(Message).where(Message.office_id == office.id, Message.key == key)
    message = db.session.scalar(found)
    case = next(iter(findings.whole(office, [message.finding_id])), None) if message else None
    if message is None or case is None:
        return None
    set_committed_value(message, "finding", case)
    return message


def asked_of(finding: Finding, person_id: int) -> list[Message]:
    """The questions of a case that wait for this person."""
    return list(db.session.scalars(_ASKED, {"finding_id": finding.id, "person_id": person_id}))


def is_still_asked(message_key: str) -> bool:
    """Whether the question in a message waits for its answer."""
    found = select(Message.id).where(Message.key == message_key, _WAITS)
    return db.session.scalar(found) is not None


def askable(finding: Finding, today: date) -> list[Person]:
    """Who may write about the case today, in Polish order: as the policy says of each of them."""
    office_id, concern = finding.office_id, finding.concern
    posts = people.holders(office_id, today)
    heads = people.heads(office_id, today)
    team = [person_id for person_id, role in concern.team.items() if role in _WRITING]
    found = {
        *_all(posts.get(post, ()) for post in POLICY[Can.DISCUSS]),
        *_all(heads.get(unit, ()) for unit in concern.department_ids | concern.concerned_ids),
        *(person_id for _, person_id in people.serving([office_id], team, today)),
        *(person_id for _, person_id in people.present([office_id], concern.doer_ids | concern.addressee_ids, today)),
    }
    return sorted(people.active_people(found).values(), key=lambda person: person.sort_key)


def _all(groups: Iterable[Collection[int]]) -> Iterable[int]:
    return (person_id for group in groups for person_id in group)


def calls_on(person_id: int, parts: Collection[tuple[int, Reach]]) -> list[Any]:
    """The cases in which somebody waits for this person's reply, the longest first; `parts` is what they may read."""
    return list(db.session.execute(_calls(person_id, parts))) if parts else []


def _calls(person_id: int, parts: Collection[tuple[int, Reach]]) -> Select[*tuple[Any, ...]]:
    readable = or_(*(and_(Finding.office_id == office_id, findings.within(part)) for office_id, part in parts))
    waiting = select(Message.finding_id, func.min(Message.id).label("first_id"))
    waiting = waiting.where(Message.asked_id == person_id, _WAITS).group_by(Message.finding_id)
    asked = waiting.order_by(func.min(Message.id)).limit(MOST_CALLS).subquery()
    found = select(Finding.key, Finding.number, Finding.office_id).join(asked, asked.c.finding_id == Finding.id)
    return found.where(readable).order_by(asked.c.first_id)
