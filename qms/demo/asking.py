"""The questions of an office: a list of its own, those of an audit to come, and the first answers."""

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
from qms.policy import Actor

_KEPT_AGO: Final = timedelta(days=300)
_ANSWERED: Final = 3
_LEFT_ON_THE_TABLET: Final = 2


def listed(cast: Cast, on: date) -> Event:
    """The office writes a list of its own."""
    return Event(previous_working_day(on - _KEPT_AGO), cast, _keep_list)


def _keep_list(scene: Scene) -> None:
    words = phrases()["question_list"]
    rows = [Row(number=each["clause"], text=each["text"], hint=each["hint"]) for each in words["questions"]]
    with scene.played_by("proxy") as by:
        service.create_list(scene.office, NOW, Content(words["name"], rows), by=by.person_id, today=scene.day)


def prepare(audit: Audit) -> None:
    """Take questions from everywhere there are any."""
    keys = frozenset(each.key for each in queries.lists_for(audit.office_id, audit.edition_code))
    service.build(audit, Chosen(with_clauses=True, with_earlier=True, list_keys=keys))


def answer_some(audit: Audit, *, by: Actor, today: date) -> None:
    """The first questions turn out well; two photos stay on a tablet that nobody opens again."""
    for question in queries.questions(audit.id)[:_ANSWERED]:
        key = str(uuid5(NAMESPACE_URL, f"{audit.number}/{question.id}"))
        running.take(
            audit, Given(event_key=key, question_key=question.key, result=Result.CONFORMITY), by=by, today=today
        )
    devices.hear(audit, str(uuid5(NAMESPACE_URL, f"{audit.number}/tablet")), _LEFT_ON_THE_TABLET, by=by)
