"""Asking for more time to answer, signed in and from the letter; who decides; what stands meanwhile."""

from collections.abc import Callable
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from qms.core.db import db, scoped
from qms.core.outbox import Letter
from qms.domain.errors import RuleViolation
from qms.domain.pleas import Fate
from qms.findings import service
from qms.findings.plea_models import Plea
from qms.people import service as people
from qms.people.models import Person
from tests.support.cases import Case, acting, later
from tests.support.forms import complaint, send, shown
from tests.support.letter_links import answer, heading, links_to, press, stranger
from tests.support.statements import counted
from tests.support.world import TODAY, World

SignIn = Callable[[Person], FlaskClient]
WANTED = {"new_due_on": "18.12.2026", "reason": "Kadrowa wraca w grudniu."}
UNTIL = date(2026, 12, 18)


@pytest.fixture
def case(world: World) -> Case:
    return Case(world.bochnia).publish()


@pytest.fixture
def link(case: Case) -> str:
    [found] = links_to(case.where.fn_head)
    return found


def ask(case: Case, by: str = "fn_head") -> None:
    with case.scope():
        service.ask_time(case.again(), WANTED["reason"], UNTIL, by=acting(case.where.people[by]), today=TODAY)
        db.session.commit()


def pleas_of(case: Case) -> list[Plea]:
    with scoped(frozenset({case.where.office.id})):
        found = list(db.session.scalars(select(Plea).order_by(Plea.id)))
        db.session.commit()
    return found


def letters(kind: str) -> list[Letter]:
    found = list(db.session.scalars(select(Letter).where(Letter.kind == kind)))
    db.session.commit()
    return found


def due_of(case: Case) -> date | None:
    with case.scope():
        found = case.again().due_on
        db.session.commit()
    return found


def tasks_of(client: FlaskClient) -> list[str]:
    page = BeautifulSoup(client.get("/zadania").data, "html.parser")
    return [str(each.a["href"]) for each in page.select("li.task") if "Zdecyduj o terminie" in each.text]


def test_who_is_asked_signed_in_asks_and_the_proxy_grants_with_what_was_asked_filled_in(
    case: Case, signed_in: SignIn
) -> None:
    before, head, proxy = due_of(case), signed_in(case.where.fn_head), signed_in(case.where.proxy)
    assert "Poproś o więcej czasu" in head.get(case.address).text

    sent = send(head, f"{case.address}/wiecej-czasu", **WANTED)

    assert sent.location.endswith(case.address)
    assert due_of(case) == before
    [letter] = letters("time_asked")
    assert (letter.person_id, letter.payload["new_due_on"]) == (case.where.proxy.id, "2026-12-18")
    assert WANTED["reason"] in proxy.get(case.address).text
    [path] = tasks_of(proxy)
    page = proxy.get(path)
    assert (shown(page, "new_due_on"), shown(page, "reason")) == ("18.12.2026", WANTED["reason"])
    send(proxy, path)
    assert due_of(case) == UNTIL
    [plea] = pleas_of(case)
    assert (plea.fate, plea.decided_by_id) == (Fate.GRANTED, case.where.proxy.id)
    [told] = letters("time_decided")
    assert (told.person_id, told.payload["is_granted"]) == (case.where.fn_head.id, True)
    assert tasks_of(proxy) == []
    assert "Prośba o więcej czasu, do 18.12.2026." in proxy.get(case.address).text


def test_who_is_asked_asks_from_the_letter_and_the_link_stays_good(case: Case, link: str) -> None:
    assert "Potrzebuję więcej czasu" in stranger().get(link).text

    sent = press(f"{link}/wiecej-czasu", **WANTED)

    assert "Wysłano. Decyzję dostaniesz listem." in stranger().get(sent.location).text
    page = stranger().get(link)
    assert "Wysłano" not in page.text
    assert heading(page) == "Odpowiedz na N-2026-001"
    assert "prosi o więcej czasu, do 18.12.2026" in page.text
    assert "Potrzebuję więcej czasu" not in page.text
    [plea] = pleas_of(case)
    assert plea.asked_by_id == case.where.fn_head.id
    again = press(f"{link}/wiecej-czasu", **WANTED)
    assert len(pleas_of(case)) == 1
    assert "prosi o więcej czasu" in again.text


def test_by_the_link_no_page_changes_anything_by_being_opened(case: Case, link: str) -> None:
    for _ in range(3):
        assert stranger().get(f"{link}/wiecej-czasu").status_code == 200

    assert pleas_of(case) == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("reason", ""),
        ("new_due_on", ""),
        ("new_due_on", "1.12.2026"),
        ("new_due_on", "jutro"),
        ("new_due_on", "kiedyś"),
    ],
)
def test_by_both_doors_a_reason_and_a_later_day_are_needed_and_nothing_typed_is_lost(
    case: Case, link: str, signed_in: SignIn, field: str, typed: str
) -> None:
    wrong = WANTED | {field: typed}
    other = "reason" if field == "new_due_on" else "new_due_on"

    for page in (
        press(f"{link}/wiecej-czasu", **wrong),
        send(signed_in(case.where.fn_head), f"{case.address}/wiecej-czasu", **wrong),
    ):
        assert complaint(page, field)
        assert shown(page, other) == WANTED[other]
    assert pleas_of(case) == []


def test_refusing_needs_a_word_and_tells_who_asked(case: Case, signed_in: SignIn) -> None:
    ask(case)
    before, proxy = due_of(case), signed_in(case.where.proxy)
    assert complaint(send(proxy, f"{case.address}/termin/odmowa"), "reason")

    send(proxy, f"{case.address}/termin/odmowa", reason="Certyfikat kończy się w grudniu.")

    assert due_of(case) == before
    [plea] = pleas_of(case)
    assert (plea.fate, plea.word) == (Fate.REFUSED, "Certyfikat kończy się w grudniu.")
    [told] = letters("time_decided")
    assert (told.person_id, told.payload["is_granted"]) == (case.where.fn_head.id, False)
    history = signed_in(case.where.fn_head).get(case.address).text
    assert "Nie przyznano więcej czasu." in history
    assert "Certyfikat kończy się w grudniu." in history


def test_once_the_day_was_moved_the_secretary_is_asked(case: Case, signed_in: SignIn) -> None:
    with case.scope():
        by = acting(case.where.proxy)
        service.move_answer_date(case.again(), "Urlop.", later(20), by=by, today=TODAY)
        db.session.commit()
    ask(case)

    assert [letter.person_id for letter in letters("time_asked")] == [case.where.secretary.id]
    assert tasks_of(signed_in(case.where.proxy)) == []
    assert len(tasks_of(signed_in(case.where.secretary))) == 1
    with case.scope(), pytest.raises(RuleViolation, match="secretary"):
        service.refuse_time(case.again(), "Nie.", by=acting(case.where.proxy), today=TODAY)


def test_a_request_does_not_outlive_the_answer(case: Case, link: str, signed_in: SignIn) -> None:
    ask(case)

    answer(link)

    assert [plea.fate for plea in pleas_of(case)] == [Fate.LAPSED]
    assert tasks_of(signed_in(case.where.proxy)) == []


def test_a_request_does_not_outlive_the_case(case: Case) -> None:
    ask(case)
    with case.scope():
        service.cancel(case.again(), "Pomyłka.", by=acting(case.where.proxy), today=TODAY)
        db.session.commit()

    assert [plea.fate for plea in pleas_of(case)] == [Fate.LAPSED]


def test_whoever_it_was_handed_over_to_may_ask_and_nobody_else(case: Case, signed_in: SignIn) -> None:
    clerk = case.where.km_head
    assert signed_in(clerk).get(f"{case.address}/wiecej-czasu").status_code == 404
    assert signed_in(case.where.proxy).get(f"{case.address}/wiecej-czasu").status_code == 403
    send(signed_in(case.where.fn_head), f"{case.address}/przekaz", colleague=str(clerk.id))

    send(signed_in(clerk), f"{case.address}/wiecej-czasu", **WANTED)

    assert [plea.asked_by_id for plea in pleas_of(case)] == [clerk.id]


def test_a_second_request_waits_for_the_first_also_when_both_come_at_once(case: Case) -> None:
    ask(case)

    with pytest.raises(RuleViolation, match="asked for already"):
        ask(case)
    with case.scope():
        db.session.add(_copy(pleas_of(case)[0]))
        with pytest.raises(Exception, match=r"(?i)unique"):
            db.session.flush()
        db.session.rollback()


def _copy(plea: Plea) -> Plea:
    names = ("office_id", "finding_id", "kind", "reason", "new_due_on", "asked_by_id", "asked_on", "fate")
    return Plea(**{name: getattr(plea, name) for name in names})


def test_where_the_proxy_is_gone_the_deputy_is_asked(case: Case, signed_in: SignIn) -> None:
    with case.scope():
        people.deactivate(case.where.proxy, reason="Left.")
        db.session.commit()
    ask(case)

    assert [letter.person_id for letter in letters("time_asked")] == [case.where.deputy.id]
    assert len(tasks_of(signed_in(case.where.deputy))) == 1


def test_more_requests_cost_the_page_of_tasks_no_more(world: World, signed_in: SignIn) -> None:
    client, costs = signed_in(world.bochnia.proxy), []

    for count in (1, 4):
        while len(tasks_of(client)) < count:
            ask(Case(world.bochnia).publish())
        with counted() as statements:
            tasks_of(client)
        costs.append(len(statements))

    assert costs[0] == costs[1]
