"""What happened to a case, read from the trail and told in plain words, newest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BindParameter, String, and_, bindparam, or_, select

from qms.core import clock
from qms.core.db import db
from qms.core.trail import TrailEntry
from qms.domain.deadlines import Kind
from qms.domain.errors import N_
from qms.domain.findings import State
from qms.domain.following import Seen
from qms.domain.pleas import Fate
from qms.domain.pleas import Kind as PleaKind
from qms.findings.models import Action, Evidence, Finding, FindingCheck, Round
from qms.findings.plea_models import Plea
from qms.findings.share_models import SharedAction
from qms.offices import queries as offices
from qms.offices.words import cause_called
from qms.people import queries as people

_LENT: Final = N_("This action serves %(number)s too: %(action)s")
_BORROWED: Final = N_("An action of %(number)s serves this case too: %(action)s")
_LENT_NO_MORE: Final = N_("This action serves %(number)s no longer: %(action)s")
_BORROWED_NO_MORE: Final = N_("An action of %(number)s serves this case no longer: %(action)s")


@dataclass(frozen=True)
class Event:
    """Something that happened: an English sentence to translate, with its values."""

    what: str
    params: dict[str, Any]
    at: datetime
    who: str
    via: str
    note: str = ""


@dataclass
class _Told:
    what: str
    note: str = ""
    params: dict[str, Any] = field(default_factory=dict)


_STATES: dict[str, str] = {
    State.REPORTED: N_("The finding was published as %(number)s."),
    State.ACCEPTED: N_("The unit confirmed that it knows of the finding."),
    State.PLANNED: N_("The answer was accepted. The work may begin."),
    State.CLOSED: N_("The case was closed."),
    State.REJECTED: N_("The finding was rejected."),
    State.CANCELLED: N_("The case was cancelled."),
}

_TAKEN = N_("The report was taken as %(number)s.")
_ACTS = N_("The unit acts on it.")
_HELPED = N_("The actions were judged effective.")
_DID_NOT_HELP = N_("The actions were judged not effective. A new round began.")
_SEEN: dict[Seen, str] = {
    Seen.STILL_OPEN: N_("Audit %(number)s looked at the case: still open."),
    Seen.EFFECTIVE: N_("Audit %(number)s looked at the case: the actions helped."),
}

_ASKED: dict[PleaKind, str] = {
    PleaKind.MORE_TIME: N_("More time was asked for, until %(day)s."),
    PleaKind.OBJECTION: N_("The unit objected to the finding."),
}
# What was granted stands in the history as what was done: a day moved, a finding rejected.
_REFUSED: dict[PleaKind, str] = {
    PleaKind.MORE_TIME: N_("More time was not granted. The day stays."),
    PleaKind.OBJECTION: N_("The objection was answered: the finding stands."),
}


def of_case(finding: Finding) -> list[Event]:
    """The events of a case, newest first, in two statements, and one for each kind of cause that was changed."""
    entries = entries_of(finding)
    named = (entry.after.get(name) for entry in entries for name in ("answerer_id", "owner_id"))
    acting = {*(entry.person_id for entry in entries), *named}
    names = people.names({person_id for person_id in acting if person_id is not None})
    reader = _Reader(finding, names)
    events = [
        Event(told.what, told.params, entry.at, names.get(entry.person_id or 0, ""), entry.via, told.note)
        for entry in entries
        for told in reader.read(entry)
    ]
    return events[::-1]


# The tables a case is made of, each with its part of a statement that is written once.
_TABLES: Final = (Finding, Round, Action, Evidence, FindingCheck, Plea, SharedAction)


def _ids(table: type[Any]) -> BindParameter[str]:
    return bindparam(f"{table.__tablename__}_ids", type_=String, expanding=True)


_ENTRIES: Final = (
    select(TrailEntry)
    .where(
        TrailEntry.chain == bindparam("office_id"),
        or_(*(and_(TrailEntry.about == each.__tablename__, TrailEntry.row_id.in_(_ids(each))) for each in _TABLES)),
    )
    .order_by(TrailEntry.seq)
)


def entries_of(finding: Finding) -> list[TrailEntry]:
    """What the trail tells of the case and of all that belongs to it now, in its order."""
    parts: tuple[Sequence[Any], ...] = (
        [finding],
        finding.rounds,
        finding.actions,
        finding.files,
        finding.checks,
        finding.pleas,
        [*finding.borrowed, *finding.lent],
    )
    asked = {_ids(table).key: [str(row.id) for row in rows] for table, rows in zip(_TABLES, parts, strict=True)}
    return list(db.session.scalars(_ENTRIES, asked | {"office_id": finding.office_id}))


class _Reader:
    """Reads entries in their order, since what a changed day means depends on what the case waited for."""

    def __init__(self, finding: Finding, names: Mapping[int, str]) -> None:
        self.finding, self.names = finding, names
        self.waits_for: str | None = None
        self.reason = ""
        self.actions = {str(action.id): action for action in finding.actions}
        self.files = {str(file.id): file for file in finding.files}
        self.checks = {str(check.id): check for check in finding.checks}
        self.shared = {str(each.id): each for each in (*finding.borrowed, *finding.lent)}
        self.pleas = {str(plea.id): plea for plea in finding.pleas}

    def read(self, entry: TrailEntry) -> Iterator[_Told]:
        readers = {
            Finding.__tablename__: self._finding,
            Round.__tablename__: self._round,
            Action.__tablename__: self._action,
            Evidence.__tablename__: self._file,
            FindingCheck.__tablename__: self._check,
            Plea.__tablename__: self._plea,
            SharedAction.__tablename__: self._shared,
        }
        yield from readers[entry.about](entry)

    def _finding(self, entry: TrailEntry) -> Iterator[_Told]:
        after = entry.after
        if entry.action == "created":
            yield _Told(N_("The finding was recorded."))
            return
        if "state" in after:
            yield from self._state(entry)
        if after.get("answerer_id"):
            yield _Told(
                N_("The answer was handed over to %(person)s."), "", {"person": self.names[after["answerer_id"]]}
            )
        if _grew(entry, "date_moves"):
            yield _Told(N_("The day of the answer was moved to %(day)s."), entry.reason, {"day": _day(after["due_on"])})
        elif self.waits_for == Kind.EFFECTIVENESS and "due_on" in after and "waits_for" not in after:
            message = N_("The effectiveness review was put off until %(day)s.")
            yield _Told(message, entry.reason, {"day": _day(after["due_on"])})
        elif self.waits_for == Kind.ANSWER and after.get("due_on") and "waits_for" not in after:
            yield _Told(N_("The day of the answer was moved to %(day)s."), "", {"day": _day(after["due_on"])})
        self.waits_for = after.get("waits_for", self.waits_for)

    def _state(self, entry: TrailEntry) -> Iterator[_Told]:
        before, after = entry.before["state"], entry.after["state"]
        if (before, after) == (State.CLOSED, State.IN_ANALYSIS):
            yield _Told(N_("The case was opened again. A new round began."), entry.reason)
        elif (before, after) == (State.DONE, State.IN_PROGRESS):
            yield _Told(N_("The work was sent back."), entry.reason)
        elif after in _STATES:
            words = _TAKEN if after == State.REPORTED and self.finding.audit_id is None else _STATES[after]
            yield _Told(words, entry.reason, {"number": self.finding.number})

    def _round(self, entry: TrailEntry) -> Iterator[_Told]:
        after = entry.after
        if "no_correction_reason" in after:
            self.reason = after["no_correction_reason"]
        if after.get("answered_at"):
            yield self._answered()
        elif entry.before.get("answered_at"):
            yield _Told(N_("The answer was returned to the unit."), after.get("returned_note") or entry.reason)
        if entry.action == "changed" and after.get("accepted_on"):
            yield from self._settled(entry)
        if after.get("verified_on"):
            yield _Told(N_("The work was confirmed as done."), after.get("verification", ""))
        if after.get("is_effective") is not None:
            yield _Told(_HELPED if after["is_effective"] else _DID_NOT_HELP, after.get("effectiveness", ""))

    def _settled(self, entry: TrailEntry) -> Iterator[_Told]:
        """What was agreed with the plan, where it is not what the unit had proposed."""
        if "criterion" in entry.after:
            yield _Told(N_("With the plan it was agreed how the effect will be judged."), entry.after["criterion"])
        if "cause_key" in entry.after:
            names = {each.key: cause_called(each.cause) for each in offices.cause_kinds(self.finding.office_id)}
            kind = names.get(entry.after["cause_key"] or "", "–")
            yield _Told(N_("With the plan the kind of cause was changed to: %(cause)s."), "", {"cause": kind})

    def _answered(self) -> _Told:
        if not self.finding.is_light:
            return _Told(N_("The unit sent its answer."))
        return _Told(N_("The unit does not act on it, and says why."), self.reason) if self.reason else _Told(_ACTS)

    def _action(self, entry: TrailEntry) -> Iterator[_Told]:
        action = self.actions[entry.row_id]
        params: dict[str, Any] = {"action": action.description}
        if entry.action == "changed" and entry.after.get("done_on"):
            yield self._done(entry, params)
        if _grew(entry, "date_moves"):
            params["day"] = _day(entry.after["due_on"])
            yield _Told(N_("Moved to %(day)s: %(action)s"), entry.reason, params)
        if entry.action == "changed" and "owner_id" in entry.after:
            params["person"] = self.names[entry.after["owner_id"]]
            yield _Told(N_("%(person)s does this action now: %(action)s"), entry.reason, params)

    def _done(self, entry: TrailEntry, params: dict[str, Any]) -> _Told:
        done_on, note = _day(entry.after["done_on"]), entry.after.get("done_note", "")
        if done_on == clock.day_of(entry.at):
            return _Told(N_("Reported done: %(action)s"), note, params)
        return _Told(N_("Reported done, done on %(day)s: %(action)s"), note, params | {"day": done_on})

    def _file(self, entry: TrailEntry) -> Iterator[_Told]:
        if entry.action == "created":
            yield _Told(N_("A file was added: %(name)s"), "", {"name": self.files[entry.row_id].file.name})

    def _check(self, entry: TrailEntry) -> Iterator[_Told]:
        check = self.checks[entry.row_id]
        yield _Told(_SEEN[Seen(check.seen)], check.note, {"number": check.audit.number})

    def _shared(self, entry: TrailEntry) -> Iterator[_Told]:
        shared = self.shared[entry.row_id]
        is_led = shared.leader_finding_id == self.finding.id
        number = shared.finding.number if is_led else shared.leader_finding.number
        params = {"number": number, "action": shared.leader.description}
        if entry.action == "created":
            yield _Told(_LENT if is_led else _BORROWED, "", params)
        elif entry.after.get("ended_on"):
            yield _Told(_LENT_NO_MORE if is_led else _BORROWED_NO_MORE, "", params)

    def _plea(self, entry: TrailEntry) -> Iterator[_Told]:
        plea = self.pleas[entry.row_id]
        if entry.action == "created":
            yield _Told(_ASKED[PleaKind(plea.kind)], plea.reason, {"day": plea.new_due_on})
        elif entry.after.get("fate") == Fate.REFUSED:
            yield _Told(_REFUSED[PleaKind(plea.kind)], plea.word)


def _grew(entry: TrailEntry, name: str) -> bool:
    return entry.action == "changed" and (entry.after.get(name) or 0) > (entry.before.get(name) or 0)


def _day(text: str | None) -> date | str:
    return date.fromisoformat(text) if text else "–"
