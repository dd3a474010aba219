"""Letters: queued with the change that causes them, claimed, sent once, kept as evidence.

States: queued -> claimed -> sending -> sent | uncertain | failed; `held` until a person lets it go; `void` when
at the moment of sending nothing was left to say. A claim is a lease longer than the longest SMTP exchange,
fenced by a counter: who lost the lease finds the counter moved and writes nothing. A letter whose sender died
between the mark `sending` and the answer of the server is `uncertain`: tried once more, then left to a person.
"""

import re
from collections.abc import Collection, Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from flask import current_app
from sqlalchemy import JSON, ForeignKey, Index, String, Text, and_, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from qms.core import clock
from qms.core.db import Model, UTCDateTime, db, one_of
from qms.core.inserts import insert_once
from qms.domain.calendar import NO_DAYS_OFF, add_days, next_working_day
from qms.domain.reminders import PAUSE, is_quiet, next_try_at, send_at

STATES = ("queued", "claimed", "sending", "sent", "uncertain", "failed", "held", "void")
LEASE: Final = timedelta(minutes=5)
SECRET_KINDS: Final = frozenset({"sign_in_code", "invitation", "address_asked", "address_confirm"})
# Written to an address that may have no account; kept under whoever asked for the letter.
TO_ANYBODY: Final = frozenset({"invitation"})
# They tell how things stand, to everybody on one day: no flood, whatever their number.
STATUS_KINDS: Final = frozenset({"monthly_status", "weekly_status"})
# A link by which its reader answers: of a letter that was sent the words stay, and nobody reads the link in them.
_LINK: Final = re.compile(r"(/o/[a-z]+/)[0-9a-f]+-[0-9]+-[0-9a-f]+")
_EMPTY: Final[dict[str, Any]] = {"payload": {}, "text": "", "html": ""}


class LostClaim(Exception):
    """The lease ran out and the letter is somebody else's now: whatever was found out is not written."""


class Letter(Model):
    """One letter to one person. Not an office's table: a person of several offices gets one digest."""

    __tablename__ = "letter"
    __table_args__ = (
        one_of("state", STATES),
        Index("ix_letter_state_not_before", "state", "is_awaited", "not_before", "id"),
        Index("ix_letter_office_created", "office_id", "created_at"),
        Index("ix_letter_person_created", "person_id", "created_at"),
        Index("ix_letter_sent_at", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe: Mapped[str] = mapped_column(String(120), unique=True)  # two causes of one letter meet here
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(30))  # names the folder templates/emails/<kind>
    is_awaited: Mapped[bool] = mapped_column(default=False)  # passes quiet hours, digest and flood guard
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # plain data, emptied of secrets once sent
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    not_before: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    claimed_by: Mapped[str] = mapped_column(String(60), default="")
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fence: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)  # times it may have left unseen: one more than 0 may be a copy
    message_id: Mapped[str] = mapped_column(String(200), default="")
    first_tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_to: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")  # frozen with the bodies at the first try
    text: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str] = mapped_column(String(500), default="")


@dataclass(frozen=True)
class Claim:
    """The right to send one letter for the length of a lease."""

    letter_id: int
    fence: int
    kind: str
    tries: int  # finished ones, before this one


@dataclass(frozen=True)
class Written:
    """A letter as it leaves: fixed before the first try, the same at every later one."""

    subject: str
    text: str
    html: str
    message_id: str
    sent_to: str


def put(
    kind: str,
    *,
    person_id: int,
    dedupe: str,
    payload: dict[str, Any],
    office_id: int | None = None,
    is_awaited: bool = False,
    at: datetime | None = None,
) -> bool:
    """Queue a letter in the caller's transaction; false when the same cause (`dedupe`) queued it before.

    An awaited letter leaves at once, also at night; any other waits for a working hour, or for `at`.
    """
    now = clock.now()
    letter = {
        "kind": kind,
        "person_id": person_id,
        "dedupe": dedupe,
        "payload": payload,
        "office_id": office_id,
        "is_awaited": is_awaited,
        "created_at": now,
        "not_before": at or (now if is_awaited else out_of_quiet(now)),
    }
    return insert_once(Letter, letter) is not None


def count_of_day(office_id: int, kinds: Collection[str]) -> int:
    """How many letters of these kinds an office caused within the last day, sent or not."""
    since = clock.now() - timedelta(days=1)
    found = select(func.count()).select_from(Letter)
    found = found.where(Letter.office_id == office_id, Letter.created_at > since, Letter.kind.in_(kinds))
    return db.session.scalar(found) or 0


def keeps_quiet(now: datetime, off: Container[date] = NO_DAYS_OFF) -> bool:
    """Whether it is an hour at which nobody is written to unasked. The local mailbox wakes nobody, so it has none."""
    return bool(current_app.config["KEEPS_QUIET_HOURS"]) and is_quiet(now, off)


def out_of_quiet(now: datetime, off: Container[date] = NO_DAYS_OFF) -> datetime:
    """Now, or when the next working day begins."""
    if not keeps_quiet(now, off):
        return now
    morning = send_at(next_working_day(clock.day_of(now), off))
    return morning if morning > now else send_at(next_working_day(add_days(clock.day_of(now), 1), off))


def addresses(ids: Collection[int]) -> dict[int, str]:
    """Where letters went, by their number."""
    return dict(db.session.execute(select(Letter.id, Letter.sent_to).where(Letter.id.in_(ids))).all())


def is_anything_due(*, only_awaited: bool = False) -> bool:
    """Whether a sender has something to do; only reads, so that an idle one takes no lock."""
    now = clock.now()
    wanted = (True,) if only_awaited else (True, False)
    due = or_(
        and_(
            Letter.state.in_(("queued", "uncertain")),
            Letter.is_awaited.in_(wanted),
            Letter.not_before <= now,
            Letter.doubts <= 1,
        ),
        and_(Letter.state.in_(("claimed", "sending")), Letter.lease_until < now),
    )
    return db.session.scalar(select(Letter.id).where(due).limit(1)) is not None


def claim(worker: str, limit: int, *, only_awaited: bool = False, lease: timedelta = LEASE) -> list[Claim]:
    """Take up to `limit` letters that are due, awaited ones first; nobody else gets them while the lease lasts."""
    now = clock.now()
    _take_back_expired(now)
    due = select(Letter.id, Letter.fence, Letter.kind, Letter.tries)
    due = due.where(Letter.state == "queued", Letter.not_before <= now)
    due = due.order_by(Letter.not_before, Letter.id).limit(limit).with_for_update(skip_locked=True)
    found = list(db.session.execute(due.where(Letter.is_awaited.is_(True))))
    if not only_awaited and len(found) < limit:
        found += db.session.execute(due.where(Letter.is_awaited.is_(False)).limit(limit - len(found)))
    taken = {"state": "claimed", "claimed_by": worker, "lease_until": now + lease, "fence": Letter.fence + 1}
    if found:
        _change(Letter.id.in_([row.id for row in found]), taken)
    return [Claim(row.id, row.fence + 1, row.kind, row.tries) for row in found]


def _take_back_expired(now: datetime) -> None:
    """What a dead sender held: unsent letters go back, one it was just sending is in doubt."""
    _change(and_(Letter.state == "claimed", Letter.lease_until < now), {"state": "queued"})
    in_doubt = {"state": "uncertain", "doubts": Letter.doubts + 1, "not_before": now}
    _change(
        and_(Letter.state == "sending", Letter.lease_until < now),
        in_doubt | {"last_error": "the sender stopped in the middle"},
    )
    _change(and_(Letter.state == "uncertain", Letter.doubts == 1, Letter.not_before <= now), {"state": "queued"})


def begin(taken: Claim, written: Written, *, lease: timedelta = LEASE) -> None:
    """Mark that from now on the letter may leave, and fix its words. Raises `LostClaim`."""
    now = clock.now()
    _own(
        taken,
        ("claimed",),
        {
            "state": "sending",
            "lease_until": now + lease,
            "tries": Letter.tries + 1,
            "first_tried_at": func.coalesce(Letter.first_tried_at, now),
            **vars(written),
        },
        Letter.lease_until >= now,
    )


def settle_sent(taken: Claim) -> None:
    """The server took it. Also when the lease has run out meanwhile, as long as nobody took the letter up."""
    sent = {"state": "sent", "sent_at": clock.now(), "lease_until": None, "last_error": ""}
    _own(taken, ("sending", "uncertain", "queued"), sent | _without_secrets(taken))


def settle_in_doubt(taken: Claim, reason: str) -> None:
    """Nobody knows whether the server took it: try once more in a while; the second time leave it to a person."""
    doubt = {"state": "uncertain", "doubts": Letter.doubts + 1, "not_before": clock.now() + PAUSE}
    _own(taken, ("sending",), doubt | {"lease_until": None, "last_error": reason[:500]})


def settle_later(taken: Claim, reason: str) -> bool:
    """The server said: not now. False when it said so often enough, and the letter failed."""
    again_at = next_try_at(taken.tries + 1, clock.now())
    if again_at is None:
        settle_failed(taken, reason)
        return False
    put_back(taken, reason=reason, not_before=again_at)
    return True


def settle_failed(taken: Claim, reason: str) -> None:
    """It cannot be sent, now or later."""
    failed = {"state": "failed", "lease_until": None, "last_error": reason[:500]}
    _own(taken, ("claimed", "sending"), failed | _without_secrets(taken))


def settle_void(taken: Claim, reason: str) -> None:
    """Nothing is left to say, or nobody to say it to."""
    _own(taken, ("claimed",), {"state": "void", "lease_until": None, "last_error": reason[:500], **_EMPTY})


def regard_as_sent(letter_id: int, written: Written, *, at: datetime) -> None:
    """Note a letter as sent at an instant of the past though it never left: for a history that is told afterwards."""
    words = vars(written) | {"text": _without_links(written.text), "html": _without_links(written.html)}
    sent = {"state": "sent", "sent_at": at, "first_tried_at": at, "tries": 1, **words}
    _change(and_(Letter.id == letter_id, Letter.state == "queued"), sent)


def regard_all_as_sent(*, before: datetime) -> None:
    """The same for all that would have left before an instant, without their words."""
    sent = {"state": "sent", "sent_at": Letter.not_before, "first_tried_at": Letter.not_before, "tries": 1}
    _change(and_(Letter.state == "queued", Letter.not_before < before), sent)


def regard_as_void(letter_id: int, reason: str) -> None:
    """The same for a letter that had nothing to say when its hour came."""
    void = {"state": "void", "last_error": reason[:500], **_EMPTY}
    _change(and_(Letter.id == letter_id, Letter.state == "queued"), void)


def _without_secrets(taken: Claim) -> dict[str, Any]:
    if taken.kind in SECRET_KINDS:
        return _EMPTY
    text, html = db.session.execute(select(Letter.text, Letter.html).where(Letter.id == taken.letter_id)).one()
    return {"text": _without_links(text), "html": _without_links(html)}


def _without_links(words: str) -> str:
    return _LINK.sub(r"\1…", words)


def put_back(
    taken: Claim, *, reason: str = "", not_before: datetime | None = None, is_try_counted: bool = True
) -> None:
    """Back into the queue, certainly not sent."""
    back: dict[str, Any] = {"state": "queued", "lease_until": None, "last_error": reason[:500]}
    if not_before is not None:
        back["not_before"] = not_before
    if not is_try_counted:
        back["tries"] = taken.tries
    _own(taken, ("claimed", "sending"), back)


def _own(taken: Claim, states: tuple[str, ...], values: dict[str, Any], *conditions: Any) -> None:
    mine = and_(Letter.id == taken.letter_id, Letter.fence == taken.fence, Letter.state.in_(states), *conditions)
    if _change(mine, values) != 1:
        raise LostClaim(taken.letter_id)


def _change(which: Any, values: dict[str, Any]) -> int:  # noqa: ANN401 - any condition
    changed: int = db.session.execute(
        update(Letter).where(which).values(values).execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined] # an update's result has it
    return changed
