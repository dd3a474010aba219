"""What an audit asks: the office's own list, questions to come, first answers, and what earlier audits left open."""

from datetime import date, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from qms.audits.models import Audit
from qms.checklists import devices, queries, running, service
from qms.checklists.running import Given
from qms.checklists.service import Chosen, Content, Row
from qms.demo.cast import Cast
from qms.demo.scene import Event, Scene
from qms.demo.story import NOW
from qms.demo.texts import phrases
from qms.domain.calendar import previous_working_day
from qms.domain.checklist import Result
from qms.domain.deadlines import Kind
from qms.domain.following import Seen
from qms.findings import earlier
from qms.findings.earlier import Look
from qms.findings.models import Finding
from qms.offices import queries as offices
from qms.policy import Actor, Reach

_KEPT_AGO: Final = timedelta(days=300)
_OF_PROCESS_AGO: Final = timedelta(days=200)
_ANSWERED: Final = 3
_LOOKED_AT: Final = 2
_DONE: Final = frozenset({Kind.VERIFICATION, Kind.EFFECTIVENESS, Kind.CLOSING})
_LEFT_ON_THE_TABLET: Final = 2


def listed(cast: Cast, on: date) -> Event:
    """The office writes a list of its own."""
    return Event(previous_working_day(on - _KEPT_AGO), cast, _keep_list)


def _keep_list(scene: Scene) -> None:
    words = phrases()["question_list"]
    rows = [Row(number=each["clause"], text=each["text"], hint=each["hint"]) for each in words["questions"]]
    with scene.played_by("proxy") as by:
        service.create_list(scene.office, NOW, Content(words["name"], rows), by=by.person_id, today=scene.day)


def of_process(cast: Cast, on: date) -> Event:
    """It writes another one for the process that every office has, once its map is drawn."""
    return Event(previous_working_day(on - _OF_PROCESS_AGO), cast, _keep_list_of_process)


def _keep_list_of_process(scene: Scene) -> None:
    words = phrases()["process_list"]
    rows = [Row(number=each["clause"], text=each["text"], hint=each["hint"]) for each in words["questions"]]
    about = frozenset(each.id for each in offices.processes(scene.office.id, scene.day) if each.symbol == "P-02")
    content = Content(words["name"], rows, about)
    with scene.played_by("proxy") as by:
        service.create_list(scene.office, NOW, content, by=by.person_id, today=scene.day)


def prepare(audit: Audit) -> None:
    """Take all questions that are proposed."""
    fitting = service.fitting(audit, queries.lists_for(audit.office_id, audit.edition_code))
    service.build(audit, Chosen(with_clauses=True, with_earlier=True, list_keys=frozenset(fitting)))


def answer_some(audit: Audit, *, by: Actor, today: date) -> None:
    """The first questions turn out well; two photos stay on a tablet that nobody opens again."""
    for question in queries.questions(audit.id)[:_ANSWERED]:
        key = str(uuid5(NAMESPACE_URL, f"{audit.number}/{question.id}"))
        running.take(
            audit, Given(event_key=key, question_key=question.key, result=Result.CONFORMITY), by=by, today=today
        )
    devices.hear(audit, str(uuid5(NAMESPACE_URL, f"{audit.number}/tablet")), _LEFT_ON_THE_TABLET, by=by)


def look_back(audit: Audit, *, by: Actor, today: date) -> None:
    """See what became of the most pressing cases that earlier audits left open here."""
    cases = earlier.open_before(audit, Reach(everything=True))[:_LOOKED_AT]
    if cases:
        earlier.note(audit, [_look(case) for case in cases], by=by, today=today)


def _look(case: Finding) -> Look:
    if case.waits_for in _DONE:
        return Look(case.id, Seen.EFFECTIVE, phrases()["seen_effective"])
    return Look(case.id, Seen.STILL_OPEN, phrases()["seen_open"])
