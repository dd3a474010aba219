"""Cases led through random steps, allowed and refused, by random people: what has to hold holds after each of them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import pytest
from sqlalchemy import inspect

from qms.core import trail
from qms.core.db import db
from qms.domain.errors import NotAllowedNow, RuleViolation
from qms.findings import history, service, sharing
from qms.findings.models import Action, Finding, Round
from qms.findings.service import Answer, Planned
from tests.support.cases import Case, acting, ask_whether_acting, later, on, upload
from tests.support.world import TODAY, OfficeWorld, World

ENDED: Final = {"closed", "rejected", "cancelled"}
DOING: Final = ("fn_head", "fn_clerk", "proxy", "auditor")
PEOPLE: Final = (*DOING, "deputy", "second_auditor", "head", "secretary", "km_head", "gd_head", "external")


@dataclass(frozen=True)
class Move:
    """Somebody tries a verb after so many days; `is_whole` says whether everything asked for is given."""

    verb: str
    who: str
    days: int
    is_whole: bool


@dataclass
class Life:
    """A case, its day, what the earlier rounds said when they ended, and how often each verb went through."""

    place: OfficeWorld
    finding: Finding
    other: Finding  # a case under way that an action may serve too
    day: date = TODAY
    kept: dict[int, Any] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)
    refused: int = 0

    def person_id(self, who: str) -> int:
        return self.place.people[who].id


Verb = Callable[[Life, str, Any], None]


def _answer(life: Life, who: str, said: str) -> Answer:
    owner = DOING[len(life.taken) % len(DOING)] if who == "fn_head" else who
    plan = Planned(said and "Założyć rejestr.", life.person_id(owner), life.day + timedelta(days=20))
    return Answer(correction=said, cause=said, actions=(plan,))


def _actions(life: Life) -> list[Action]:
    """Those that are not done, or all; a case without any has no page to act on."""
    actions = life.finding.current_actions
    if not actions:
        raise NotAllowedNow("")
    return [each for each in actions if each.done_on is None] or actions


def _report_done(life: Life, who: str, said: str) -> None:
    by = acting(life.place.people[who], life.day)
    for action in _actions(life):
        uploads = [upload()] if said else []
        service.report_done(action, said, uploads, done_on=life.day, by=by, today=life.day)


def _move_actions(life: Life, who: str, said: str) -> None:
    for action in _actions(life):
        later = max(action.due_on, life.day) + timedelta(days=9) if said else None
        service.move_action_date(action, said, later, by=acting(life.place.people[who], life.day), today=life.day)


def _reassign(life: Life, who: str, said: str) -> None:
    by, to = acting(life.place.people[who], life.day), DOING[len(life.finding.reassignments) % len(DOING)]
    for action in _actions(life):
        service.reassign(action, life.person_id(to), said, by=by, today=life.day)


def _serve(life: Life, who: str, said: str) -> None:
    """Let the first action serve the other case; unsaid, take it back."""
    cases = [life.other.id] if said else []
    sharing.serve(_actions(life)[0], cases, by=acting(life.place.people[who], life.day), today=life.day)


def _work_on_other(life: Life, who: str, said: str) -> None:
    """Report what the other case does itself, then look at its work."""
    by, other = acting(life.place.people[who], life.day), life.other
    for action in other.current_actions:
        if action.done_on is None and action.borrowed is None and by.person_id == action.owner_id:
            service.report_done(action, said, done_on=life.day, by=by, today=life.day)
            return
    service.verify(other, said, by=by, today=life.day)


def _verb(name: str, *given: Callable[[Life, str, str], Any], **named: Callable[[Life, str, str], Any]) -> Verb:
    """A verb of the service over the whole case, with what is said made from the life, the person and the words."""

    def take(life: Life, who: str, said: str) -> None:
        arguments = [make(life, who, said) for make in given]
        options = {key: make(life, who, said) for key, make in named.items()}
        by = acting(life.place.people[who], life.day)
        getattr(service, name)(life.finding, *arguments, **options, by=by, today=life.day)

    return take


def _said(_life: Life, _who: str, said: str) -> str:
    return said


def _later(life: Life, _who: str, said: str) -> date | None:
    return max(life.day, life.finding.due_on or life.day) + timedelta(days=10) if said else None


def _given_back(life: Life, who: str, said: str) -> date | None:
    is_awaited = life.finding.waits_for == "answer" and life.finding.due_on
    return _later(life, who, said) if is_awaited else None


def _act(life: Life, who: str, said: str) -> None:
    by = acting(life.place.people[who], life.day)
    service.act(life.finding, _answer(life, who, said).actions if said else (), by=by, today=life.day)


VERBS: Final[Mapping[str, Verb]] = {
    "acknowledge": _verb("acknowledge"),
    "save_answer": _verb("save_answer", _answer),
    "send_answer": _verb("send_answer", _answer),
    "hand_over": _verb("hand_over", lambda life, who, _said: life.person_id("fn_clerk" if who == "fn_head" else who)),
    "return_answer": _verb("return_answer", _said, answer_due_on=_later),
    "accept_answer": _verb("accept_answer"),
    "report_done": _report_done,
    "verify": _verb("verify", _said),
    "send_back": _verb(
        "send_back", _said, lambda life, _who, said: {each.id for each in life.finding.current_actions if said}
    ),
    "judge_effective": _verb("judge_effective", _said),
    "judge_ineffective": _verb("judge_ineffective", _said),
    "postpone": _verb("postpone", _said, _later),
    "close": _verb("close"),
    "reopen": _verb("reopen", _said),
    "reject": _verb("reject", _said, has_lead_consent=lambda _life, _who, said: bool(said)),
    "cancel": _verb("cancel", _said),
    "move_answer_date": _verb("move_answer_date", _said, _later),
    "move_action_date": _move_actions,
    "reassign": _reassign,
    "serve": _serve,
    "work_on_other": _work_on_other,
    "ask_time": _verb("ask_time", _said, _later),
    "refuse_time": _verb("refuse_time", _said),
    "object_to": _verb("object_to", _said),
    "uphold": _verb("uphold", _said, new_due_on=_given_back),
    "act": _act,
    "leave": _verb("leave", _said),
    "take_note": _verb("take_note", _said),
    "confirm": _verb("confirm", _said),
}
SILENT: Final = {"save_answer", "work_on_other"}  # only the unit sees a draft, and the other case tells of its own
_ASIDE: Final = (
    *("save_answer", "hand_over", "acknowledge", "move_answer_date", "reject"),
    *("ask_time", "ask_time", "refuse_time", "object_to", "object_to", "uphold"),
)
LIKELY: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "answer": (("send_answer",) * 8 + _ASIDE, ("fn_head", "fn_head", "fn_head", "fn_clerk", "proxy")),
    "decision_on_answer": (
        ("accept_answer",) * 6 + ("return_answer", "return_answer", "uphold", "cancel"),
        ("proxy", "deputy"),
    ),
    "action": (
        ("report_done",) * 4 + ("move_action_date", "reassign", "serve", "serve", "work_on_other"),
        (*DOING, "deputy"),
    ),
    "verification": (("verify", "verify", "send_back"), ("auditor", "second_auditor", "proxy", "head")),
    "effectiveness": (
        ("judge_effective", "judge_effective", "judge_ineffective", "postpone", "close"),
        ("auditor", "second_auditor", "proxy", "head"),
    ),
    "closing": (("close",), ("proxy", "deputy")),
}
"""By what the case waits for: verbs that are likely to be tried, and by whom."""
LIKELY_OF_LIGHT: Final = LIKELY | {
    "answer": (("act", "leave", "leave", *_ASIDE), ("fn_head", "fn_head", "fn_clerk", "proxy")),
    "decision_on_answer": (("take_note", "return_answer", "uphold"), ("proxy", "deputy", "auditor", "fn_head")),
    "verification": (("confirm", "confirm", "send_back"), ("auditor", "second_auditor", "proxy", "head")),
}
"""The same where only whether the unit acts is asked."""


def _moves(life: Life, chance: Random) -> Iterator[Move]:
    """Two of three lead on or nearly do, so that cases get far; the rest is anything."""
    for _ in range(chance.randint(15, 40)):
        if chance.random() < 2 / 3:
            likely = LIKELY_OF_LIGHT if life.finding.is_light else LIKELY
            verbs, people = likely.get(life.finding.waits_for or "", (("reopen",), ("proxy",)))
            yield Move(chance.choice(verbs), chance.choice(people), chance.randint(0, 100), is_whole=True)
        else:
            is_whole = chance.random() < 2 / 3
            yield Move(chance.choice(sorted(VERBS)), chance.choice(PEOPLE), chance.randint(0, 50), is_whole)


def _try(move: Move, life: Life) -> None:
    """Take the step; refused, it has to leave nothing behind."""
    before = _facts(life.finding)
    told = len(history.of_case(life.finding))
    waited = _round_facts(life.finding)
    try:
        with on(life.day), db.session.begin_nested(), trail.acting(life.person_id(move.who), via="page"):
            VERBS[move.verb](life, move.who, "Zrobiono." if move.is_whole else "")
            db.session.flush()
    except RuleViolation:
        life.refused += 1
        db.session.expire_all()
        assert _facts(life.finding) == before
        return
    life.taken[move.verb] += 1
    db.session.expire_all()
    assert (len(history.of_case(life.finding)) > told) is (move.verb not in SILENT), "a step that nobody is told of"
    _keep_ended_round(life, waited)


def _keep_ended_round(life: Life, waited: dict[str, Any]) -> None:
    ended = life.finding.round_number - 1
    if ended and ended not in life.kept:
        life.kept[ended] = _ended_round(life.finding, ended)
        written = {name: waited[name] for name in ("correction", "cause", "answered_by_id", "verified_by_id")}
        assert written.items() <= life.kept[ended][0].items(), "a round lost what it said when the next one began"


def _facts(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).columns}


def _round_facts(finding: Finding) -> dict[str, Any]:
    return _facts(finding.rounds[-1])


def _ended_round(finding: Finding, number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    round_ = next(each for each in finding.rounds if each.number == number)
    return _facts(round_), [_facts(each) for each in finding.actions if each.round_number == number]


def _check(life: Life) -> None:
    finding = life.finding
    assert (finding.waits_for is None) is (finding.state in ENDED)
    assert (finding.closed_on is not None) is (finding.state == "closed")
    assert finding.waits_for or not [each for each in finding.pleas if each.fate == "waiting"], "asked, never answered"
    if finding.state == "closed":
        last = finding.rounds[-1]
        if finding.is_light:
            assert last.accepted_on or last.verified_on, "closed without anybody taking note"
        else:
            assert last.is_effective is True, "closed without a judgement that it helped"
        assert last.number == finding.round_number
    for round_ in finding.rounds:
        _check_round(round_, [each for each in finding.actions if each.round_number == round_.number], life)
    for number, said in life.kept.items():
        assert _ended_round(finding, number) == said, "an ended round was changed"
    for case in (finding, life.other):
        _check_dates(case, life.day)
        _check_trail(case)
    _check_shared(life)


def _check_shared(life: Life) -> None:
    """What stands for an action in the other case is in step with it, and nobody who does it looks at the work."""
    leading = {each.id: each for each in life.finding.actions}
    for own in life.other.actions:
        leader = leading[own.borrowed.leader_id] if own.borrowed else own
        assert own.done_on is not None or leader.done_on is None, "done in one case and waited for in the other"
        if own.done_on is None:
            assert (own.owner_id, own.due_on) == (leader.owner_id, leader.due_on)
    for round_ in life.other.rounds:
        _check_round(round_, [each for each in life.other.actions if each.round_number == round_.number], life)


def _check_round(round_: Round, actions: list[Action], life: Life) -> None:
    """Nobody looked at their own work, and one thing came after the other."""
    doers = {each.owner_id for each in actions} | {each.reported_by_id for each in actions} | {round_.answered_by_id}
    case = life.finding if round_ in life.finding.rounds else life.other
    doers |= {each.from_id for each in case.reassignments if each.round_number == round_.number}
    unit = {life.person_id("fn_head")}
    if case.is_light:
        assert round_.accepted_by_id not in (doers | unit) - {None}, "somebody took note of their own work"
        assert round_.cause == "", "a cause of what asks for none"
        assert round_.judged_on is None, "an effect of what asks for none"
    assert not {round_.verified_by_id, round_.judged_by_id} & (doers | unit) - {None}, "somebody judged their own work"
    if round_.verified_on is not None:
        assert actions, "confirmed work that nobody did"
        assert all(each.done_on is not None and each.done_on <= round_.verified_on for each in actions)
    if round_.judged_on is not None:
        assert round_.verified_on is not None, "judged before it was confirmed"
        assert round_.verified_on <= round_.judged_on <= life.day
        assert round_.effectiveness


def _check_dates(finding: Finding, today: date) -> None:
    assert finding.reported_on is not None
    assert finding.closed_on is None or finding.reported_on <= finding.closed_on <= today
    for row in (finding, *finding.actions):
        assert row.date_moves == 0 or row.first_due_on is not None
        assert row.first_due_on is None or row.due_on is None or row.first_due_on <= row.due_on
    assert all(each.done_on is None or each.done_on <= today for each in finding.actions)


def _check_trail(finding: Finding) -> None:
    """What the trail tells, read from its beginning, is what is stored."""
    for row in (finding, *finding.rounds, *finding.actions):
        told: dict[str, Any] = {}
        about = [each for each in history.entries_of(finding) if each.about == row.__tablename__]
        for entry in about:
            if entry.row_id == str(row.id):
                assert all(told.get(name) == value for name, value in entry.before.items()), "a change was not told"
                told |= entry.after
        for name in ("state", "waits_for", "answered_by_id", "verified_by_id", "judged_by_id", "owner_id"):
            if name in told:
                assert told[name] == getattr(row, name)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_no_order_of_steps_by_anybody_breaks_what_has_to_hold(world: World, record_property, times):
    other = Case(world.bochnia).publish().answer(due_on=later(60)).accept()
    fault, counted = Case(world.bochnia).publish(), Counter[str]()
    with fault.scope():
        ask_whether_acting(world.bochnia)
    remark = Case(world.bochnia, category="observation").publish()

    for seed in range(times(45, 3000)):
        case = fault if seed % 3 else remark
        with case.scope():
            life = Life(world.bochnia, case.again(), other.finding)
            made: list[Move] = []
            try:
                for move in _moves(life, Random(seed)):  # noqa: S311 -- invents people, no secrets
                    made.append(move)
                    life.day += timedelta(days=move.days)
                    _try(move, life)
                    _check(life)
            except Exception as fault:
                fault.add_note(f"life {seed}: " + ", ".join(map(str, made)))
                raise
            finally:
                db.session.rollback()
            counted += life.taken
            counted["refused"] += life.refused

    for verb, count in sorted(counted.items()):
        record_property(verb, count)
    assert set(VERBS) <= set(counted), "a verb that was never taken proves nothing"
    assert counted["refused"] > counted["send_answer"]
