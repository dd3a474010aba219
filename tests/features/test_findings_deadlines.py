"""What of findings is due: from which day, by which rule, and who answers."""

from datetime import date, timedelta
from typing import Any

import pytest

from qms.agenda.words import path_of, verb_of
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain.deadlines import RULE_WORDS, Deadline, Duty, Kind, Rule
from qms.domain.limits import AGREED, Limit
from qms.findings import service
from qms.findings.deadlines import due_between
from qms.offices import service as offices
from qms.people import service as people
from tests.support.cases import Case, acting, an_answer, later, on
from tests.support.statements import counted
from tests.support.world import SINCE, TODAY, World

FAR = date(2028, 1, 1)


@pytest.fixture
def bochnia(world: World) -> Any:
    """The office in whose walls a test stands."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def due(case: Case, first: date = SINCE, last: date = FAR) -> list[Deadline]:
    with case.scope():
        return due_between([case.where.office.id], first, last, today=TODAY)


def only(case: Case) -> Deadline:
    (deadline,) = due(case)
    return deadline


def test_an_answer_is_due_from_the_heads_of_the_unit(bochnia):
    case = Case(bochnia).publish()

    deadline = only(case)

    assert deadline.kind is Kind.ANSWER
    assert (deadline.rule, deadline.counted_from, deadline.due_on) == (Rule.ANSWER, TODAY, later(14))
    assert (deadline.answers, deadline.duty) == ((bochnia.fn_head.id,), Duty.UNIT_HEAD)
    assert (deadline.lacks_head, verb_of(deadline)) == (False, "Answer the nonconformity")
    assert (deadline.limit, deadline.url_key) == (Limit(14), case.finding.key)
    assert deadline.subject == f"finding:{case.finding.key}"
    assert deadline.title == "Dwa upoważnienia straciły ważność. (Wydział Finansowy)"


def test_an_answer_to_a_grave_case_has_a_limit_of_its_own_where_the_office_sets_one(bochnia):
    offices.set_limits(bochnia.office, {"answer_major": Limit(7)})
    db.session.commit()

    grave = Case(bochnia, kind="special", category="major").publish()
    plain = Case(bochnia).publish()

    assert {each.subject: (each.due_on, each.limit) for each in due(grave)} == {
        f"finding:{grave.finding.key}": (later(7), Limit(7)),
        f"finding:{plain.finding.key}": (later(14), Limit(14)),
    }


def test_where_nobody_heads_the_unit_the_proxy_names_a_head(bochnia):
    for member in people.colleagues.staff(bochnia.office.id, TODAY):
        if member.person_id == bochnia.fn_head.id:
            people.leave(member, on=SINCE)
    db.session.commit()

    deadline = only(Case(bochnia).publish())

    assert (deadline.answers, deadline.duty, deadline.lacks_head) == ((), Duty.PROXY, True)
    assert verb_of(deadline) == "Name who heads the department"
    assert path_of(deadline, "sp-bochnia") == "/u/sp-bochnia/urzad"


STEPS = {
    "answer": (Kind.DECISION_ON_ANSWER, Rule.DECISION_ON_ANSWER, later(7), "proxy", Duty.HEAD_OF_OFFICE),
    "accept": (Kind.ACTION, Rule.ACTION, later(30), "fn_clerk", Duty.PROXY),
    "do": (Kind.VERIFICATION, Rule.VERIFICATION, later(14), "auditor", Duty.HEAD_OF_OFFICE),
    "verify": (Kind.EFFECTIVENESS, Rule.EFFECTIVENESS, date(2027, 2, 22), "auditor", Duty.HEAD_OF_OFFICE),
}


def test_each_step_has_its_own_day_rule_and_people(bochnia):
    case = Case(bochnia).publish()
    for step, (kind, rule, day, who, duty) in STEPS.items():
        getattr(case, step)()

        deadline = only(case)

        assert (deadline.kind, deadline.rule, deadline.due_on) == (kind, rule, day)
        assert deadline.answers == (bochnia.people[who].id,)
        assert deadline.duty is duty


@pytest.mark.parametrize(("rolls", "due_on"), [(True, "2026-12-07"), (False, "2026-12-05")])
def test_a_due_day_on_a_saturday_moves_only_where_the_office_wants_it(bochnia, rolls, due_on):
    bochnia.office.rolls_due_days = rolls
    with scoped(EVERY_OFFICE):
        offices.set_limits(bochnia.office, {"answer": Limit(15)})
        db.session.commit()

    assert str(only(Case(bochnia).publish()).due_on) == due_on


def test_an_effect_judged_by_an_auditor_is_to_be_closed_by_the_proxy(bochnia):
    case = Case(bochnia).publish().answer().accept().do().verify().judge("auditor")

    deadline = only(case)

    assert (deadline.kind, deadline.rule, deadline.due_on) == (Kind.CLOSING, Rule.CLOSING, date(2027, 3, 1))


def test_a_lead_who_did_the_work_is_not_asked_to_judge_it(bochnia):
    case = Case(bochnia).publish().answer(owner="auditor").accept().do()

    assert only(case).answers == (bochnia.second_auditor.id,)


def test_each_action_not_done_is_due_by_itself(bochnia):
    case = Case(bochnia).publish().answer().accept()

    deadline = only(case)

    assert (deadline.subject, deadline.url_key) == (f"action:{case.action.key}", case.finding.key)
    assert deadline.title.startswith("Założyć rejestr")


def test_what_is_over_or_for_information_is_not_due(bochnia):
    ended = Case(bochnia).publish()
    with ended.scope():
        service.cancel(ended.finding, "Zniesiono.", by=acting(bochnia.proxy), today=TODAY)
        db.session.commit()
    Case(bochnia, category="observation").publish()
    Case(bochnia)

    assert due(ended) == []


def test_a_day_that_somebody_chose_is_said_to_be_counted_by_no_limit(bochnia):
    case = Case(bochnia).publish()
    with case.scope():
        service.move_answer_date(case.finding, "Urlop.", later(30), by=acting(bochnia.proxy), today=TODAY)
        db.session.commit()

    assert (only(case).due_on, only(case).counted_from, only(case).limit) == (later(30), TODAY, AGREED)


@pytest.mark.parametrize("how", ["reopened", "not effective"])
def test_the_answer_of_a_new_round_counts_from_the_day_the_case_was_opened_again(bochnia, how):
    case = Case(bochnia).publish().answer().accept().do().verify()
    day = case.finding.due_on
    if how == "reopened":
        day += timedelta(days=20)
        case.judge()
    with case.scope(), on(day):
        step = service.reopen if how == "reopened" else service.judge_ineffective
        step(case.finding, "Wróciło.", by=acting(bochnia.proxy, day), today=day)
        db.session.commit()

    again = only(case)

    assert (again.kind, again.rule, again.counted_from) == (Kind.ANSWER, Rule.ANSWER_AGAIN, day)
    assert (again.limit, again.due_on >= day + timedelta(days=14)) == (Limit(14), True)
    assert RULE_WORDS[again.rule] == "%(limit)s after the case was opened again (%(counted_from)s)."


def test_an_answer_returned_in_a_new_round_does_not_count_from_the_first_report(bochnia):
    case = Case(bochnia).publish().answer().accept().do().verify()
    day = case.finding.due_on
    with case.scope(), on(day):
        service.judge_ineffective(case.finding, "Wróciło.", by=acting(bochnia.proxy, day), today=day)
        answer = an_answer(bochnia.fn_clerk, day + timedelta(days=30))
        service.send_answer(case.finding, answer, by=acting(bochnia.fn_head, day), today=day)
        service.return_answer(case.finding, "Dlaczego?", answer_due_on=day, by=acting(bochnia.proxy, day), today=day)
        db.session.commit()

    assert (only(case).rule, only(case).counted_from, only(case).limit) == (Rule.ANSWER_AGAIN, day, AGREED)


@pytest.mark.parametrize(("first", "last", "found"), [(14, 14, 1), (0, 13, 0), (15, 30, 0), (-5, 14, 1)])
def test_only_what_is_due_on_the_days_asked_for_is_given(bochnia, first, last, found):
    case = Case(bochnia).publish()

    assert len(due(case, later(first), later(last))) == found


def test_the_number_of_statements_does_not_follow_the_number_of_offices_or_cases(world):
    def build(place: Any) -> None:
        Case(place).publish()
        Case(place).publish().answer().accept()
        Case(place).publish().answer().accept().do()

    build(world.bochnia)
    ids = [world.bochnia.office.id, world.leczyca.office.id]
    with scoped(EVERY_OFFICE), counted() as few:
        assert len(due_between(ids, SINCE, FAR, today=TODAY)) == 3
    for place in (world.bochnia, world.leczyca):
        build(place)
    with scoped(EVERY_OFFICE), counted() as many:
        assert len(due_between(ids, SINCE, FAR, today=TODAY)) == 9

    assert len(many) == len(few) <= 12


def test_an_office_sees_only_its_own_deadlines(world):
    Case(world.leczyca).publish()
    case = Case(world.bochnia).publish()

    with case.scope():
        found = due_between([world.bochnia.office.id, world.leczyca.office.id], SINCE, FAR, today=TODAY)

    assert [deadline.office_id for deadline in found] == [world.bochnia.office.id]
