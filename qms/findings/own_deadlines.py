"""What of findings is due from one person, asked for in a way that costs what is shown, not what the office has.

Says who is asked in the same way as `asked` and the agenda's rule for vacant posts; tests hold them together.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Integer, Select, and_, bindparam, exists, or_, select, tuple_, union_all

from qms.core.db import db
from qms.domain.deadlines import Deadline, Duty, Kind
from qms.domain.words import INT4_MAX
from qms.findings.deadlines import action_rows, case_rows, of_action, of_case
from qms.findings.models import Action, Finding
from qms.findings.whose import PLACES, READER, in_offices, now, whose
from qms.people.models import Appointment, Membership, Person

# Counting all that waits in a large office would cost more than the page itself; past this it is "more than".
COUNTED: Final = 50


@dataclass(frozen=True)
class Reader:
    """A person with an active account, where they are and may audit today, and by post where its duties are theirs."""

    person_id: int
    is_here: frozenset[int]
    audits_in: frozenset[int]
    is_proxy: frozenset[int]
    is_deputy: frozenset[int]
    for_proxy: frozenset[int]
    for_head: frozenset[int]


@dataclass(frozen=True)
class Days:
    """From which day, and per kind until which; `today` says who heads a unit."""

    first: date
    last: Mapping[Kind, date]
    today: date


def due_from(
    reader: Reader, office_ids: Collection[int], days: Days, *, most: int | None = None
) -> tuple[list[Deadline], int]:
    """What the reader answers for in these offices: the earliest `most` cases and actions, and how many there are.

    When a part of it is asked for, each of the two is counted no further than one past `COUNTED`.
    """
    asked = {
        "reader": reader.person_id,
        **{name: sorted(getattr(reader, name)) for name in ("is_here", *PLACES)},
        "office_ids": sorted(office_ids),
        "today": days.today,
        "first": days.first,
        **{f"last_{kind}": day for kind, day in days.last.items() if kind in _KINDS},
        "latest": max(days.last[kind] for kind in _KINDS),
        "most": INT4_MAX if most is None else max(most, COUNTED) + 1,
    }
    cases, actions = db.session.execute(_CASES, asked).all(), db.session.execute(_ACTIONS, asked).all()
    deadlines = [of_case(case, (reader.person_id,), Duty.PROXY) for case in cases[:most]]
    return deadlines + [of_action(action) for action in actions[:most]], len(cases) + len(actions)


_Rows = Select[*tuple[Any, ...]]
_WHOSE: Final = whose()
_KINDS: Final = frozenset({*_WHOSE, Kind.ACTION})


# The statements are written once, because building them takes longer than running them.


def _earliest(found: _Rows, model: Any, latest: str) -> _Rows:  # noqa: ANN401 - a model with due days
    due = found.where(
        model.office_id.in_(bindparam("office_ids", expanding=True)),
        model.due_on.between(bindparam("first"), bindparam(latest)),
    )
    return due.order_by(model.due_on).limit(bindparam("most", type_=Integer))


def _cases() -> _Rows:
    of_kinds = [
        and_(Finding.waits_for == kind, Finding.due_on <= bindparam(f"last_{kind}"), own)
        for kind, own in _WHOSE.items()
    ]
    return _earliest(case_rows().where(or_(*of_kinds)), Finding, "latest")


def _actions() -> _Rows:
    """Own actions, and those of people who are in the office no more, where what they left falls to the reader."""
    here = union_all(*map(_people_of, (Membership, Appointment)))
    is_orphaned = and_(
        in_offices(Action.office_id, "for_proxy"), tuple_(Action.office_id, Action.owner_id).not_in(here)
    )
    is_own = and_(Action.owner_id == READER, in_offices(Action.office_id, "is_here"))
    return _earliest(action_rows().where(or_(is_own, is_orphaned)), Action, f"last_{Kind.ACTION}")


def _people_of(table: Any) -> Select[tuple[int, int]]:  # noqa: ANN401 - a model of who is in an office
    """Who is in an office today with an account."""
    is_active = exists().where(Person.id == table.person_id, Person.deactivated_at.is_(None))
    return select(table.office_id, table.person_id).where(
        in_offices(table.office_id, "for_proxy"), now(table), is_active
    )


_CASES: Final = _cases()
_ACTIONS: Final = _actions()
