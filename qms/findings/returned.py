"""Answers that were sent and returned, as they stood then.

The unit writes its next answer over the one that was returned, so what it had sent is read from the trail.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import and_, false, or_, select

from qms.core.db import db
from qms.core.trail import TrailEntry
from qms.domain.deadlines import Kind
from qms.findings.history import entries_of
from qms.findings.models import Action, Finding, Round
from qms.offices import queries as offices
from qms.offices.models import CauseKind
from qms.people import queries as people


@dataclass(frozen=True)
class PlannedThen:
    """An action of the plan that was returned."""

    description: str
    owner: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class ReturnedAnswer:
    """An answer that was sent and returned; without a name where the register itself returned it."""

    correction: str
    no_correction_reason: str
    cause: str
    analysis: dict[str, Any] | None
    cause_kind: CauseKind | None
    criterion: str
    actions: tuple[PlannedThen, ...]
    answered_by: str
    answered_at: datetime
    returned_by_id: int | None
    returned_by: str
    returned_at: datetime
    note: str


Row = dict[str, Any]
"""The values of a row at some moment, as the trail tells them."""


@dataclass(frozen=True)
class _Return:
    """The entry of a return, and the rows as they were before it."""

    entry: TrailEntry
    round: Row
    actions: Sequence[Row]


def of_case(finding: Finding) -> dict[int, list[ReturnedAnswer]]:
    """Per number of a round its returned answers, the newest first; nothing is read where none was returned."""
    if not any(round_.returned_note for round_ in finding.rounds):
        return {}
    entries = entries_of(finding)
    causes = {each.key: each for each in offices.cause_kinds(finding.office_id)}
    returns = list(_returns(sorted([*entries, *_of_dropped(finding, entries)], key=lambda entry: entry.seq)))
    names = people.names({person_id for each in returns for person_id in _person_ids(each)})
    found: dict[int, list[ReturnedAnswer]] = defaultdict(list)
    for each in reversed(returns):
        found[each.round["number"]].append(_told(each, names, causes))
    return dict(found)


def _of_dropped(finding: Finding, entries: Sequence[TrailEntry]) -> Sequence[TrailEntry]:
    """What the trail tells of actions that a later answer left out.

    They were deleted by the transaction that sent it. As long as a transaction writes to the trail of its office
    nobody else does, so they lie between the entry that sent the answer and the one that let the case wait again.
    """
    sent = [entry.seq for entry in entries if entry.about == Round.__tablename__ and entry.after.get("answered_at")]
    waits = [entry.seq for entry in entries if entry.after.get("waits_for") == Kind.DECISION_ON_ANSWER]
    ours = (TrailEntry.chain == finding.office_id, TrailEntry.about == Action.__tablename__)
    between = [TrailEntry.seq.between(*span) for span in pairwise(sorted(sent + waits)) if span[0] in sent]
    dropped = db.session.scalars(
        select(TrailEntry.row_id).where(*ours, TrailEntry.action == "deleted", or_(false(), *between))
    )
    row_ids = list(dropped)
    if not row_ids:
        return []
    return db.session.scalars(select(TrailEntry).where(and_(*ours, TrailEntry.row_id.in_(row_ids)))).all()


def _returns(entries: Iterable[TrailEntry]) -> Iterator[_Return]:
    """Each return, with the rows put together from all that was told of them before it."""
    rounds: dict[str, Row] = defaultdict(dict)
    actions: dict[str, Row] = defaultdict(dict)
    for entry in entries:
        if entry.about == Round.__tablename__:
            known = rounds[entry.row_id]
            if entry.before.get("answered_at") and not entry.after["answered_at"]:
                own = [row for row in actions.values() if row["round_number"] == known["number"]]
                yield _Return(entry, dict(known), [dict(row) for row in own])
            known.update(entry.after)
        elif entry.about == Action.__tablename__ and entry.action == "deleted":
            actions.pop(entry.row_id, None)
        elif entry.about == Action.__tablename__:
            actions[entry.row_id].update(entry.after)


def _person_ids(each: _Return) -> Iterator[int]:
    yield from (row["owner_id"] for row in each.actions)
    yield from (found for found in (each.round["answered_by_id"], each.entry.person_id) if found is not None)


def _told(each: _Return, names: Mapping[int, str], causes: Mapping[str, CauseKind]) -> ReturnedAnswer:
    plan = (
        PlannedThen(row["description"], names.get(row["owner_id"], ""), date.fromisoformat(row["due_on"]))
        for row in each.actions
    )
    told = each.round | each.entry.after
    return ReturnedAnswer(
        correction=each.round["correction"],
        no_correction_reason=each.round["no_correction_reason"],
        cause=each.round["cause"],
        analysis=each.round.get("analysis"),
        cause_kind=causes.get(each.round.get("cause_key") or ""),
        criterion=each.round.get("criterion", ""),  # the trail of before knows none
        actions=tuple(plan),
        answered_by=names.get(each.round["answered_by_id"] or 0, ""),
        answered_at=datetime.fromisoformat(each.round["answered_at"]),
        returned_by_id=each.entry.person_id,
        returned_by=names.get(each.entry.person_id or 0, ""),
        returned_at=each.entry.at,
        note=told["returned_note"],
    )
