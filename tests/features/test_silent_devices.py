"""A device on which an audit is held and that is not heard any more: told once for each silence, and never guessed."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from datetime import time as hour
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from qms import jobs
from qms.audits import service as audits
from qms.audits.models import Audit
from qms.checklists import devices, queries, service
from qms.checklists.models import AnswerDevice
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.core.trail import TrailEntry
from qms.people.models import Appointment, Membership, Person
from tests.support.application import typed
from tests.support.cases import acting, plan_audit
from tests.support.checklists import CLAUSES, answer, given
from tests.support.world import TODAY, OfficeWorld, World

HELD_AT = datetime.combine(TODAY, hour(10), clock.WARSAW)
DEVICE = "4c5e0b59-7a24-4a3d-9a7c-0d9f6f1d2b11"


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    with scoped(EVERY_OFFICE):
        yield world.bochnia


@pytest.fixture
def audit(bochnia: OfficeWorld) -> Audit:
    audit = plan_audit(bochnia)
    service.build(audit, CLAUSES)
    db.session.commit()
    return audit


def hear(audit: Audit, place: OfficeWorld, *, waiting: int = 0, at: datetime = HELD_AT, device: str = DEVICE) -> None:
    with clock.at(at), scoped(EVERY_OFFICE):
        devices.hear(audit, device, waiting, by=acting(place.auditor))
        db.session.commit()


def listen(*, after: timedelta) -> str:
    with clock.at(HELD_AT + after):
        return jobs.run_job("listen", clock.today())


def heard() -> list[AnswerDevice]:
    """What is noted of devices, after a page that opened the walls of one office."""
    db.session.rollback()
    with scoped(EVERY_OFFICE):
        return list(db.session.scalars(select(AnswerDevice)))


def letters() -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.kind == "answers_unsent").order_by(Letter.id)))


def answer_all(audit: Audit, place: OfficeWorld) -> None:
    for each in queries.questions(audit.id):
        answer(audit, given(each), where=place)


ALMOST, A_DAY = timedelta(hours=23, minutes=59), timedelta(hours=24)


def test_a_day_of_silence_is_told_once_to_whose_device_it_is(bochnia, audit):
    hear(audit, bochnia, waiting=3)

    assert listen(after=ALMOST) == "no device is silent"
    assert [listen(after=A_DAY), listen(after=3 * A_DAY)] == ["1 silent devices", "no device is silent"]
    (letter,) = letters()
    assert letter.person_id == bochnia.auditor.id
    assert (letter.payload["waiting"], letter.payload["path"][-8:]) == (3, "/prowadz")


def test_a_new_silence_is_told_anew(bochnia, audit):
    hear(audit, bochnia)
    listen(after=A_DAY)
    hear(audit, bochnia, waiting=1, at=HELD_AT + 2 * A_DAY)

    assert listen(after=2 * A_DAY + ALMOST) == "no device is silent"
    assert listen(after=3 * A_DAY) == "1 silent devices"
    assert [each.payload["waiting"] for each in letters()] == [0, 1]


def test_nobody_is_told_of_a_device_that_brought_everything(bochnia, audit):
    answer_all(audit, bochnia)
    hear(audit, bochnia)

    assert listen(after=2 * A_DAY) == "no device is silent"
    hear(audit, bochnia, waiting=2)
    assert listen(after=2 * A_DAY) == "1 silent devices"


def test_nobody_is_told_once_the_audit_is_over(bochnia, audit):
    hear(audit, bochnia, waiting=2)
    audits.cancel(audit, reason="Powódź.", today=TODAY)
    db.session.commit()

    assert listen(after=A_DAY) == "no device is silent"


def test_who_only_looked_at_the_questions_before_the_audit_is_not_told(bochnia, audit):
    hear(audit, bochnia, at=HELD_AT - 3 * A_DAY)

    assert listen(after=2 * A_DAY) == "no device is silent"


def test_the_silence_stands_among_the_tasks_until_the_device_is_heard(world, bochnia, audit, signed_in):
    def told(person) -> list[str]:
        page = BeautifulSoup(signed_in(person).get("/zadania").data, "html.parser")
        return [each.a["href"] for each in page.select("li.task") if "mogą czekać" in each.text]

    hear(audit, bochnia, waiting=1)
    key = audit.key
    with clock.at(HELD_AT + A_DAY):
        assert told(bochnia.auditor) == [f"/u/sp-bochnia/audity/{key}/prowadz"]
        assert told(bochnia.second_auditor) == told(world.leczyca.auditor) == []
        hear(audit, bochnia, at=HELD_AT + A_DAY)
        assert told(bochnia.auditor) == []


def test_a_device_says_with_its_answers_how_much_still_waits(bochnia, audit, signed_in):
    client, address = signed_in(bochnia.auditor), f"/u/sp-bochnia/audity/{audit.key}/zdarzenia"
    question = queries.questions(audit.id)[0]
    event = {"id": str(uuid4()), "question": question.key, "result": "conformity", "note": ""}
    db.session.commit()

    assert client.post(address, json={"events": [event], "device": DEVICE, "waiting": 4}).status_code == 200
    assert [each.waiting_count for each in heard()] == [4]
    assert client.post(address, json={"events": [], "device": DEVICE, "waiting": 0}).json == {"answers": []}
    assert [each.waiting_count for each in heard()] == [0]
    assert client.post(address, json={"events": [], "device": DEVICE, "waiting": 10**30}).status_code == 200
    assert [each.waiting_count for each in heard()] == [devices.MOST_WAITING]


@pytest.mark.parametrize("wrong", [{"device": "x"}, {"waiting": "3"}, {"device": None}, {"device": 7, "waiting": -1}])
def test_a_device_that_nobody_understands_still_brings_its_answers(bochnia, audit, signed_in, wrong):
    client, address = signed_in(bochnia.auditor), f"/u/sp-bochnia/audity/{audit.key}/zdarzenia"
    question = queries.questions(audit.id)[0]
    event = {"id": str(uuid4()), "question": question.key, "result": "conformity", "note": ""}
    db.session.commit()

    answered = client.post(address, json={"events": [event], "device": DEVICE, "waiting": 1} | wrong)

    assert [each["state"] for each in answered.json["answers"]] == ["kept"]
    assert client.post(address, json={"events": [], "device": DEVICE, "waiting": 1} | wrong).status_code == 400
    assert heard() == []


def test_nobody_is_told_who_has_left_the_office(bochnia, audit):
    hear(audit, bochnia)
    for post in db.session.scalars(select(Appointment).where(Appointment.person_id == bochnia.auditor.id)):
        post.until_on = TODAY
    for work in db.session.scalars(select(Membership).where(Membership.person_id == bochnia.auditor.id)):
        work.until_on = TODAY
    db.session.commit()

    listen(after=3 * A_DAY)

    assert letters() == []


def test_a_lost_device_is_asked_for_no_more_until_it_is_heard_again(
    audit: Audit, bochnia: OfficeWorld, signed_in: Callable[[Person], FlaskClient]
) -> None:
    hear(audit, bochnia, waiting=2)
    (device,) = heard()
    path = f"/u/{bochnia.office.slug}/audity/{audit.key}/urzadzenia"
    said = {"device": str(device.id), "note": "Zgubiony w terenie."}
    with clock.at(HELD_AT + A_DAY):
        lead = signed_in(bochnia.auditor)
        wordless = typed(lead, path, **(said | {"note": ""}))
        answer = typed(lead, path, **said)
        again = typed(lead, path, **said)

    assert "Napisz, skąd wiesz" in wordless.text
    assert answer.status_code == 302
    assert "Każde urządzenie" in again.text
    assert listen(after=A_DAY) == "no device is silent"
    with scoped(EVERY_OFFICE):
        entry = db.session.scalars(select(TrailEntry).where(TrailEntry.about == "lost_device")).one()
    assert (entry.person_id, entry.after["note"]) == (bochnia.auditor.id, said["note"])

    hear(audit, bochnia, waiting=2, at=HELD_AT + A_DAY * 2)
    assert listen(after=A_DAY * 3) == "1 silent devices"
