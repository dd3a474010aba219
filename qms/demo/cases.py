"""The life of one finding, step by step, each by the person whose step it is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO
from random import Random
from typing import Final

from qms.demo.cast import HEADS
from qms.demo.courses import Course
from qms.demo.scene import Scene
from qms.demo.texts import Text, phrases
from qms.domain.calendar import next_working_day
from qms.domain.cause_analysis import Analysis, Heading
from qms.domain.standing import Who
from qms.findings import queries, reminding, repeats, service
from qms.findings.models import Action, Finding
from qms.findings.service import Answer, Planned, Upload
from qms.offices import queries as offices
from qms.people import queries as people
from qms.policy import Actor

_WRITTEN: Final = Analysis()  # of a cause that is only written
_DOERS: Final = {"first": "first_auditor", "second": "second_auditor"}  # elsewhere the head does it


@dataclass
class Case:
    """A nonconformity of the demonstration: its words, its department, and how it goes on."""

    text: Text
    unit: str
    lead: str
    course: Course
    rng: Random
    published_on: date
    key: str = ""

    def finding(self, scene: Scene) -> Finding:
        """The case as it stands."""
        found = queries.by_key(scene.office, self.key)
        if found is None:
            raise LookupError(self.key)
        return found

    def undone(self, scene: Scene) -> list[Action]:
        """The actions of this round that wait."""
        return [action for action in self.finding(scene).current_actions if action.done_on is None]

    @property
    def head(self) -> str:
        return HEADS[self.unit]

    @property
    def doer(self) -> str:
        return self.course.doer or _DOERS.get(self.unit, self.head)

    def decider(self, scene: Scene) -> str:
        """The proxy, or the deputy for the proxy's own department and while there is no proxy."""
        held = people.holders(scene.cast.office_id, scene.day)
        return "deputy" if self.unit == "or" or not held.get(Who.PROXY) else "proxy"

    def said(self, name: str) -> str:
        """One of the phrases for a step."""
        told = phrases()[name]
        return told if isinstance(told, str) else self.rng.choice(told)

    def answer(self, scene: Scene, *, cause: str, actions: tuple[str, ...], cause_kind: str = "") -> Answer:
        """What the unit answers; due days are those of the course."""
        owner_id = scene.cast.people[self.doer]
        days = [next_working_day(self.published_on + timedelta(days=days)) for days in self.course.due]
        days = [max(day, next_working_day(scene.day + timedelta(days=20))) if day < scene.day else day for day in days]
        planned = tuple(Planned(words, owner_id, day) for words, day in zip(actions, days, strict=False))
        keys = {each.starter: each.key for each in offices.cause_kinds(scene.cast.office_id)}
        return Answer(
            correction=self.text.correction,
            cause=cause,
            cause_key=keys.get(cause_kind, ""),
            criterion=self.said("criterion"),
            actions=planned,
        )


def acknowledge(case: Case, scene: Scene) -> None:
    with scene.played_by(case.head) as by:
        service.acknowledge(case.finding(scene), by=by, today=scene.day)


def draft(case: Case, scene: Scene) -> None:
    with scene.played_by(case.head) as by:
        started = Answer(correction=case.text.correction)
        service.save_answer(case.finding(scene), started, by=by, today=scene.day)


def send(case: Case, scene: Scene) -> None:
    _send(case, scene, cause=case.text.cause)


def send_better(case: Case, scene: Scene) -> None:
    """The answer says why after why what it had said in one sentence."""
    _send(case, scene, analysis=Analysis(whys=(case.text.cause, case.said("better_cause"))))


def send_new(case: Case, scene: Scene) -> None:
    """The cause of a second round is looked for under all headings and found under two."""
    under = {Heading.INFORMATION.value: case.said("new_cause"), Heading.MANAGEMENT.value: case.said("better_cause")}
    _send(case, scene, analysis=Analysis(headings=under), actions=(case.said("new_action"),))


def _send(
    case: Case, scene: Scene, *, cause: str = "", analysis: Analysis = _WRITTEN, actions: tuple[str, ...] = ()
) -> None:
    planned = actions or tuple(filter(None, (case.text.action, case.text.second or case.said("second_action"))))
    with scene.played_by(case.head) as by:
        # A new cause is one that nobody thought of before, and so of another kind.
        kind = "" if actions else case.text.cause_kind
        answer = replace(case.answer(scene, cause=cause, actions=planned, cause_kind=kind), analysis=analysis)
        service.send_answer(case.finding(scene), answer, by=by, today=scene.day)


def give_back(case: Case, scene: Scene) -> None:
    until = next_working_day(scene.day + timedelta(days=14))
    with scene.played_by(case.decider(scene)) as by:
        service.return_answer(case.finding(scene), case.said("returned"), answer_due_on=until, by=by, today=scene.day)


def accept(case: Case, scene: Scene) -> None:
    with scene.played_by(case.decider(scene)) as by:
        service.accept_answer(case.finding(scene), by=by, today=scene.day)


def first_done(case: Case, scene: Scene) -> None:
    with scene.played_by(case.doer) as by:
        service.report_done(case.undone(scene)[0], case.text.done, done_on=scene.day, by=by, today=scene.day)


def done(case: Case, scene: Scene) -> None:
    """Report every action that waits; one in three shows a file as well."""
    with scene.played_by(case.doer) as by:
        for action in case.undone(scene):
            files = [_record(case.text.done)] if case.rng.random() < 1 / 3 else []
            service.report_done(action, case.text.done, files, done_on=scene.day, by=by, today=scene.day)


def done_new(case: Case, scene: Scene) -> None:
    with scene.played_by(case.doer) as by:
        for action in case.undone(scene):
            service.report_done(action, case.said("new_done"), done_on=scene.day, by=by, today=scene.day)


def _record(words: str) -> Upload:
    return Upload("notatka-z-wykonania.txt", BytesIO(f"Notatka z wykonania działania\n\n{words}\n".encode()))


def move_action(case: Case, scene: Scene) -> None:
    action = case.undone(scene)[0]
    later = next_working_day(action.due_on + timedelta(days=21))
    with scene.played_by(case.decider(scene)) as by:
        service.move_action_date(action, case.said("moved"), later, by=by, today=scene.day)


def reassign(case: Case, scene: Scene) -> None:
    to = "deputy" if case.unit == "or" else "secretary"  # neither judges anything
    with scene.played_by(case.head) as by:
        for action in case.undone(scene):
            service.reassign(action, scene.cast.people[to], case.said("reassigned"), by=by, today=scene.day)


def remind(case: Case, scene: Scene) -> None:
    with scene.played_by(case.decider(scene)) as by:
        reminding.remind(case.finding(scene), case.said("reminded"), by=by, today=scene.day)


def object_to(case: Case, scene: Scene) -> None:
    with scene.played_by(case.head) as by:
        service.object_to(case.finding(scene), case.said("objected"), by=by, today=scene.day)


def ask_time(case: Case, scene: Scene) -> None:
    finding = case.finding(scene)
    later = next_working_day(max(finding.due_on or scene.day, scene.day) + timedelta(days=14))
    with scene.played_by(case.head) as by:
        service.ask_time(finding, case.said("more_time"), later, by=by, today=scene.day)


def more_time(case: Case, scene: Scene) -> None:
    finding = case.finding(scene)
    later = next_working_day((finding.due_on or scene.day) + timedelta(days=7))
    with scene.played_by(case.decider(scene)) as by:
        service.move_answer_date(finding, case.said("more_time"), later, by=by, today=scene.day)


def verify(case: Case, scene: Scene) -> None:
    with scene.played_by(case.course.judge or case.lead) as by:
        service.verify(case.finding(scene), case.said("verified"), by=by, today=scene.day)


def send_back(case: Case, scene: Scene) -> None:
    finding = case.finding(scene)
    with scene.played_by(case.lead) as by:
        undone = [finding.current_actions[-1].id]
        service.send_back(finding, case.said("sent_back"), undone, by=by, today=scene.day)


def judge(case: Case, scene: Scene) -> None:
    with scene.played_by(case.course.judge or case.lead) as by:
        service.judge_effective(case.finding(scene), case.said("effective"), by=by, today=scene.day)


def judge_in_vain(case: Case, scene: Scene) -> None:
    with scene.played_by(case.lead) as by:
        service.judge_ineffective(case.finding(scene), case.said("not_effective"), by=by, today=scene.day)


def postpone(case: Case, scene: Scene) -> None:
    later = next_working_day(scene.day + timedelta(days=40))
    with scene.played_by(case.lead) as by:
        service.postpone(case.finding(scene), case.said("postponed"), later, by=by, today=scene.day)


def close(case: Case, scene: Scene) -> None:
    with scene.played_by(case.decider(scene)) as by:
        service.close(case.finding(scene), by=by, today=scene.day)


def reopen(case: Case, scene: Scene) -> None:
    with scene.played_by(case.decider(scene)) as by:
        service.reopen(case.finding(scene), case.said("reopened"), by=by, today=scene.day)


def reject(case: Case, scene: Scene) -> None:
    with scene.played_by(case.decider(scene)) as by:
        service.reject(case.finding(scene), case.said("rejected"), has_lead_consent=True, by=by, today=scene.day)


def cancel(case: Case, scene: Scene) -> None:
    with scene.played_by(case.decider(scene)) as by:
        service.cancel(case.finding(scene), case.said("cancelled"), by=by, today=scene.day)


STEPS: Final[dict[str, Callable[[Case, Scene], None]]] = {
    each.__name__: each
    for each in (
        acknowledge,
        draft,
        send,
        send_better,
        send_new,
        give_back,
        accept,
        first_done,
        done,
        done_new,
        move_action,
        reassign,
        remind,
        ask_time,
        object_to,
        more_time,
        verify,
        send_back,
        judge,
        judge_in_vain,
        postpone,
        close,
        reopen,
        reject,
        cancel,
    )
}


def find_again(published: Iterable[Finding], *, by: Actor, today: date) -> None:
    """Say of the first finding that was there before that it is back."""
    for finding in published:
        alike = repeats.alike_before(finding)
        if alike:
            repeats.link(finding, alike[0].key, alike, by=by, today=today)
            return
