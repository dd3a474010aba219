"""An action is given to somebody else: who may, who hears of it, and what whoever had it can no longer do."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qms.core.db import db
from qms.core.outbox import Letter
from qms.core.trail import TrailEntry
from qms.domain.errors import NotIndependent
from qms.findings import deadlines
from qms.findings.models import Action
from qms.people import service as people
from qms.people.models import Person
from tests.support.cases import Case, later
from tests.support.forms import form_of
from tests.support.letter_links import heading, links_to, press, stranger
from tests.support.mail_server import MailServer, mail_server
from tests.support.post import send
from tests.support.statements import counted
from tests.support.world import TODAY, World

LIST = "/u/sp-bochnia/dzialania"
SEVERAL = f"{LIST}/przekaz"


@pytest.fixture
def case(world: World) -> Case:
    return Case(world.bochnia).publish().answer().accept()


def page_of(case: Case) -> str:
    return f"{LIST}/{case.action.key}/przekaz"


def asked(*cases: Case) -> str:
    return f"{SEVERAL}?" + "&".join(f"d={case.action.key}" for case in cases)


def text(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.data, "html.parser").main.text.split())


def give(client: Any, address: str, to: Person | None = None, **changed: str) -> Any:
    typed = form_of(client.get(address).data) | {"doer": str(to.id) if to else "", "reason": "Urlop."} | changed
    return client.post(address, data=typed, follow_redirects=True)


def owners(*cases: Case) -> list[int]:
    db.session.expire_all()
    found = []
    for case in cases:
        with case.scope():
            found.append(case.action.owner_id)
    return found


def letters(kind: str) -> dict[int, Any]:
    found = db.session.scalars(select(Letter).where(Letter.kind == kind))
    return {letter.person_id: letter.payload for letter in found}


def calendar_of(server: MailServer, reader: Person) -> str:
    [letter] = [each for each in server.letters_to(reader.email) if "przekaz" in each.text or "teraz" in each.text]
    assert reader.name in letter.message["To"]
    [part] = letter.message.iter_attachments()
    return part.get_payload(decode=True).decode()


def test_the_head_of_the_unit_gives_an_action_away_and_both_sides_hear_of_it(case, signed_in):
    old, new = case.where.fn_clerk, case.where.km_head

    answer = give(signed_in(case.where.fn_head), page_of(case), new)

    assert f"Wykonuje je {new.name}" in text(answer)
    assert f"wykonuje {new.name}: " in text(answer)
    assert "Urlop." in text(answer)
    assert owners(case) == [new.id]
    [given], [taken] = letters("action_given")[new.id]["actions"], letters("action_taken_off")[old.id]["actions"]
    assert (given["number"], given["due_on"]) == (taken["number"], taken["due_on"]) == ("N-2026-001", f"{later(30)}")
    with case.scope():
        changed = db.session.scalars(select(TrailEntry).where(TrailEntry.about == "action")).all()
        assert [(entry.after["owner_id"], entry.reason) for entry in changed[1:]] == [(new.id, "Urlop.")]


def test_the_task_and_the_right_to_report_go_with_the_action(world, signed_in):
    case = Case(world.bochnia).publish().answer(due_on=later(5)).accept()
    old, new, report = case.where.fn_clerk, case.where.km_head, f"{LIST}/{case.action.key}/wykonane"

    give(signed_in(case.where.proxy), page_of(case), new)

    assert "N-2026-001" in text(signed_in(new).get("/zadania"))
    assert "N-2026-001" not in text(signed_in(old).get("/zadania"))
    assert (signed_in(new).get(report).status_code, signed_in(old).get(report).status_code) == (200, 404)


def test_the_link_of_the_new_letter_opens_and_the_old_one_has_ended(case, signed_in):
    first, second = case.where.km_head, case.where.gd_head
    give(signed_in(case.where.proxy), page_of(case), first)
    [earlier] = links_to(first)
    give(signed_in(case.where.proxy), page_of(case), second)
    [newer] = links_to(second)

    assert heading(stranger().get(earlier)) == "Ten link wygasł"
    assert press(newer, evidence="Zrobione.").status_code < 400
    with case.scope():
        assert case.again().current_actions[0].reported_by_id == second.id


def test_whoever_had_an_action_neither_checks_nor_is_asked_to_check_the_work(world, signed_in):
    case = Case(world.bochnia).publish().answer(owner="auditor").accept()
    give(signed_in(case.where.proxy), page_of(case), case.where.fn_clerk)
    case.do()

    with case.scope():
        assert deadlines.waited_for(case.again(), TODAY) == [case.where.second_auditor.id]
    assert "N-2026-001" not in text(signed_in(case.where.auditor).get("/zadania"))
    assert "N-2026-001" in text(signed_in(case.where.second_auditor).get("/zadania"))
    with pytest.raises(NotIndependent):
        case.verify("auditor")
    case.verify("second_auditor")


def test_the_last_one_who_could_check_the_work_is_not_given_it(world, signed_in):
    case = Case(world.bochnia, member=None).publish().answer(owner="auditor").accept()

    answer = give(signed_in(case.where.deputy), page_of(case), case.where.proxy)

    assert "Tylko ta osoba może sprawdzić wykonanie w sprawie N-2026-001" in text(answer)
    assert owners(case) == [case.where.auditor.id]
    assert letters("action_given") == {}


def test_an_action_of_the_certification_body_is_given_away_as_well(world, signed_in):
    case = Case(world.bochnia, kind="surveillance", category="minor").publish().answer().accept()

    give(signed_in(case.where.fn_head), page_of(case), case.where.km_head)

    assert owners(case) == [case.where.km_head.id]


@pytest.mark.parametrize("chosen", ["nobody", "whoever has it", "a stranger", "a leaver"])
def test_only_somebody_else_of_the_office_can_be_chosen(case, world, signed_in, chosen):
    client, typed = signed_in(case.where.proxy), form_of(signed_in(case.where.proxy).get(page_of(case)).data)
    to = {"whoever has it": case.where.fn_clerk, "a stranger": world.leczyca.proxy, "a leaver": case.where.km_head}
    if chosen == "a leaver":
        people.deactivate(case.where.km_head, reason="Left.")
        db.session.commit()

    doer = str(to[chosen].id) if chosen in to else ""
    answer = client.post(page_of(case), data=typed | {"doer": doer, "reason": "Urlop."})

    assert "Wybierz" in text(answer)
    assert "Urlop." in text(answer)
    assert owners(case) == [case.where.fn_clerk.id]


def test_without_a_reason_nothing_is_given(case, signed_in):
    answer = give(signed_in(case.where.proxy), page_of(case), case.where.km_head, reason=" ")

    assert "Napisz powód" in text(answer)
    assert owners(case) == [case.where.fn_clerk.id]


def test_an_action_that_was_done_stays_with_whoever_did_it(case, signed_in):
    client, address = signed_in(case.where.proxy), page_of(case)
    typed = form_of(client.get(address).data)
    case.do()

    late = client.post(address, data=typed | {"doer": str(case.where.km_head.id), "reason": "Urlop."})

    assert late.status_code == 409
    assert "Urlop." in text(late)
    assert "nie czeka na wykonanie" in text(client.get(address, follow_redirects=True))
    assert owners(case) == [case.where.fn_clerk.id]


def test_a_leaver_is_not_told_what_the_office_does_next(case, signed_in):
    people.deactivate(case.where.fn_clerk, reason="Left.")
    db.session.commit()

    give(signed_in(case.where.proxy), page_of(case), case.where.km_head)

    assert set(letters("action_given")) == {case.where.km_head.id}
    assert letters("action_taken_off") == {}


def test_several_actions_go_to_one_person_in_one_letter(case, world, signed_in):
    other = Case(world.bochnia).publish().answer(owner="km_head").accept()
    new = case.where.gd_head

    answer = give(signed_in(case.where.proxy), asked(case, other), new)

    assert f"Przekazano 2 działania. Wykonuje je {new.name}" in text(answer)
    assert owners(case, other) == [new.id] * 2
    assert {each["number"] for each in letters("action_given")[new.id]["actions"]} == {"N-2026-001", "N-2026-002"}
    told = letters("action_taken_off")
    assert {person_id: len(payload["actions"]) for person_id, payload in told.items()} == {
        case.where.fn_clerk.id: 1,
        case.where.km_head.id: 1,
    }


def test_one_that_cannot_go_to_this_person_keeps_all_where_they_are(case, world, signed_in):
    other = Case(world.bochnia).publish().answer(owner="km_head").accept()

    answer = give(signed_in(case.where.proxy), asked(case, other), case.where.km_head)

    assert "już wykonuje działanie ze sprawy N-2026-002" in text(answer)
    assert "Urlop." in text(answer)
    assert owners(case, other) == [case.where.fn_clerk.id, case.where.km_head.id]


def test_what_is_done_already_stays_and_says_why(case, world, signed_in):
    done = Case(world.bochnia).publish().answer().accept().do()

    shown = text(signed_in(case.where.proxy).get(asked(case, done)))

    assert "1 działanie dostanie inną osobę" in shown
    assert "1 działanie się nie zmieni" in shown
    assert "nie czeka na wykonanie" in shown


def test_the_calendar_of_the_new_person_gets_the_day_and_that_of_the_old_one_loses_it(case, signed_in):
    give(signed_in(case.where.proxy), page_of(case), case.where.km_head)

    with mail_server() as server:
        send(server)
    old, new = (calendar_of(server, person) for person in (case.where.fn_clerk, case.where.km_head))
    assert "STATUS:CANCELLED" in old
    assert "STATUS:CANCELLED" not in new
    assert f"DTSTART;VALUE=DATE:{later(30):%Y%m%d}" in new


def test_looking_at_many_takes_as_many_statements_as_at_one(case, signed_in):
    client = signed_in(case.where.proxy)
    client.get(asked(case))
    with counted() as one:
        client.get(asked(case))
    with case.scope():
        told = {"office_id": case.finding.office_id, "round_number": 1, "description": "Przeszkolić."}
        told |= {"finding_id": case.finding.id, "owner_id": case.where.fn_clerk.id, "due_on": TODAY}
        db.session.add_all(Action(**told) for _ in range(40))
        db.session.commit()
    with counted() as many:
        assert "41 działań dostanie inną osobę" in text(client.get(f"{SEVERAL}?zaznacz=wszystkie"))

    assert len(many) <= len(one) + 1  # what matches is found by one more than what is ticked
