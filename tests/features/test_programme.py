"""The programme of a year: planned, sent, approved, changed in versions, and turned into audits."""

from datetime import date

import pytest
from sqlalchemy import select

from qms.approvals import service as approvals
from qms.approvals import steps
from qms.audits import service as audits
from qms.core.db import db, scoped
from qms.domain.approval import Step
from qms.domain.errors import InvalidInput, NotAllowedNow, NotPermitted
from qms.domain.programme import Standing, State, days_window, months_window
from qms.domain.proposal import NOBODY_FREE, WHOLE, greedy
from qms.domain.standing import Who
from qms.findings.opening import Taken
from qms.intake import service as intake
from qms.intake.service import Told
from qms.people import queries as people
from qms.people import service as people_service
from qms.programme import approving, overview, proposing, queries, service, solver
from qms.programme.models import ProgrammeEntry
from qms.programme.proposing import Asked
from qms.standards import queries as standards
from tests.support.audits import clause_ids, letters, trained, wanted
from tests.support.cases import Case, acting
from tests.support.exclusions import exclude
from tests.support.programmes import YEAR, add, approve, newest, planned, send
from tests.support.world import TODAY


def opened(place):
    return scoped(frozenset({place.office.id}))


def both_trained(place):
    """Beyond the first day of 2027, until which their training is valid."""
    with opened(place):
        for name in ("auditor", "second_auditor"):
            trained(place, place.people[name])
        db.session.commit()


def test_the_first_audit_begins_the_programme_and_lines_are_never_used_again(world):
    first, second = add(world.bochnia), add(world.bochnia, planned(world.bochnia, "GD"))
    with opened(world.bochnia):
        service.remove(queries.entry_by_key(world.bochnia.office, second.key), reason="Merged.")
        db.session.commit()
    third = add(world.bochnia, planned(world.bochnia, "OR"))

    assert [first.line, second.line, third.line] == [1, 2, 3]
    with opened(world.bochnia):
        programme = newest(world.bochnia)
        assert (programme.issue, programme.state, programme.year) == (1, State.DRAFT, YEAR)
        assert [entry.line for entry in programme.planned] == [1, 3]


def closed_department(place):
    place.departments["FN"].closed_on = date(2027, 1, 31)
    db.session.merge(place.departments["FN"])
    db.session.commit()


WRONG = {
    "an edition the office never used": ({"edition_code": "9001:2008"}, "edition_code"),
    "a heading": ({"numbers": ("8",)}, "clause_ids"),
    "no department": ({"department_ids": frozenset()}, "department_ids"),
    "somebody who is no auditor": ({"lead": "fn_clerk"}, "lead_id"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_planned_is_refused_at_its_field(world, case):
    changed, field = dict(WRONG[case][0]), WRONG[case][1]
    if "numbers" in changed:
        changed["clause_ids"] = clause_ids(*changed.pop("numbers"))
    if "lead" in changed:
        changed["lead_id"] = world.bochnia.people[changed.pop("lead")].id

    with pytest.raises(InvalidInput) as refused:
        add(world.bochnia, planned(world.bochnia, **changed))

    assert refused.value.field == field


def test_an_edition_of_an_earlier_certificate_or_audit_may_be_planned_by(world):
    with opened(world.bochnia):
        trained(world.bochnia, world.bochnia.auditor, "9001:2008")
        by_2008 = clause_ids("8.2.2", edition="9001:2008")
        audits.plan(
            world.bochnia.office, wanted(world.bochnia, edition_code="9001:2008", clause_ids=by_2008), today=TODAY
        )
        db.session.commit()

    entry = add(world.bochnia, planned(world.bochnia, edition_code="9001:2008", clause_ids=by_2008))

    assert entry.edition_code == "9001:2008"


def test_a_department_that_is_closed_by_then_is_refused(world):
    with opened(world.bochnia):
        closed_department(world.bochnia)
    with pytest.raises(InvalidInput, match="closed"):
        add(world.bochnia, planned(world.bochnia, month=3))
    assert add(world.bochnia, planned(world.bochnia, month=1)).line == 1


def test_a_sent_programme_waits_for_each_step_in_turn_and_its_letters_go_to_them(world):
    place = world.bochnia
    with opened(place):
        approvals.set_chain(place.office, [Step("Sprawdził", Who.PROXY), Step("Zatwierdził", Who.HEAD_OF_OFFICE)])
        db.session.commit()
    add(place)
    send(place)

    assert set(letters("programme_waits")) == {place.proxy.id}
    with pytest.raises(NotPermitted):
        approve(place, place.head)
    with opened(place), pytest.raises(NotAllowedNow):
        service.add(place.office, YEAR, planned(place), today=TODAY)

    approve(place, place.proxy)
    assert set(letters("programme_waits")) == {place.proxy.id, place.head.id}
    approve(place, place.head, order_number="12/2026")
    with opened(place):
        programme = newest(place)
        assert (programme.state, programme.approvals[1].order_number) == (State.APPROVED, "12/2026")
        assert programme.approved_at is not None
    assert letters("programme_decided")[place.proxy.id]["is_approved"] is True


def test_two_steps_by_one_person_are_pointed_out_and_not_refused(world):
    place = world.bochnia
    with opened(place):
        approvals.set_chain(place.office, [Step("", Who.SECRETARY), Step("", Who.SECRETARY)])
        db.session.commit()
    add(place)
    send(place)
    approve(place, place.secretary)
    with opened(place):
        doubt = steps.doubt_about(newest(place).approvals, people.actor_of(place.secretary, TODAY))
    approve(place, place.secretary)

    assert doubt is not None
    with opened(place):
        assert newest(place).state == State.APPROVED


def test_a_programme_is_not_sent_to_a_post_that_nobody_holds(world):
    place = world.bochnia
    add(place)
    with opened(place):
        people_service.deactivate(place.head, reason="Left.")
        db.session.commit()

    with pytest.raises(NotAllowedNow, match="Nobody holds"):
        send(place)


def test_a_programme_given_back_can_be_changed_and_its_steps_begin_anew(world):
    place = world.bochnia
    add(place)
    send(place)
    with opened(place):
        approving.give_back(newest(place), reason="Move it.")
        db.session.commit()

    assert letters("programme_decided")[place.proxy.id]["returned_because"] == "Move it."
    add(place, planned(place, "GD"))
    send(place)
    approve(place, place.head)
    with opened(place):
        assert newest(place).state == State.APPROVED


def test_a_changed_chain_leaves_what_was_sent_as_it_is(world):
    place = world.bochnia
    add(place)
    send(place)
    with opened(place):
        approvals.set_chain(place.office, [Step("", Who.PROXY), Step("", Who.SECRETARY)])
        db.session.commit()

    approve(place, place.head)
    with opened(place):
        assert [each.post for each in newest(place).approvals] == [Who.HEAD_OF_OFFICE]


def approved(place, *wanted_):
    for each in wanted_ or (planned(place),):
        add(place, each)
    send(place)
    approve(place, place.head)


def test_a_change_of_an_approved_programme_is_a_new_version(world):
    place = world.bochnia
    approved(place, planned(place), planned(place, "GD"))
    with opened(place):
        entry = newest(place).planned[0]
        with pytest.raises(NotAllowedNow):
            service.change(entry, planned(place, month=5))
        made = service.start_version(newest(place), reason="Leave.")
        db.session.flush()
        service.change(made.planned[0], planned(place, month=5))
        db.session.commit()
        versions = queries.versions(place.office, YEAR)

        assert [(each.issue, each.state) for each in versions] == [(2, State.DRAFT), (1, State.APPROVED)]
        assert [entry.first_on.month for entry in versions[0].planned] == [5, 3]
        assert [entry.first_on.month for entry in versions[1].planned] == [3, 3]
        assert queries.in_force(place.office.id, YEAR) == 1
        with pytest.raises(NotAllowedNow):
            service.start_version(versions[1], reason="Again.")


def test_a_planned_audit_becomes_an_audit_in_every_version_of_its_year(world):
    place = world.bochnia
    both_trained(place)
    approved(place)
    with opened(place):
        service.start_version(newest(place), reason="More.")
        db.session.commit()
        entry = queries.version(place.office, YEAR, 1).planned[0]
        day = date(2027, 3, 9)
        audit = service.log_audit(entry, wanted(place, starts_on=day, ends_on=day), today=TODAY)
        db.session.commit()

        rows = list(db.session.scalars(select(ProgrammeEntry)))
        assert [row.audit_id for row in rows] == [audit.id, audit.id]
        with pytest.raises(NotAllowedNow, match=audit.number):
            service.log_audit(queries.version(place.office, YEAR, 1).planned[0], wanted(place), today=TODAY)
        with pytest.raises(NotAllowedNow, match="Cancel that audit"):
            service.remove(newest(place).planned[0], reason="Not needed.")
        shown = overview.read(place.office, YEAR, TODAY)
        assert [row.standing for row in shown.rows] == [Standing.SET]
        assert shown.outside == []


def test_a_cancelled_audit_leaves_the_planned_one_open_for_another(world):
    place = world.bochnia
    approved(place)
    with opened(place):
        audit = service.log_audit(newest(place).planned[0], wanted(place), today=TODAY)
        audits.cancel(audit, reason="Flood.", today=TODAY)
        db.session.commit()
        again = service.log_audit(newest(place).planned[0], wanted(place), today=TODAY)
        db.session.commit()

        assert newest(place).planned[0].audit_id == again.id


def test_an_audit_is_logged_from_an_approved_programme_only(world):
    place = world.bochnia
    entry = add(place)
    with opened(place), pytest.raises(NotAllowedNow, match="not approved"):
        service.log_audit(queries.entry_by_key(place.office, entry.key), wanted(place), today=TODAY)


def test_audits_outside_the_programme_do_not_count_as_done(world):
    place = world.bochnia
    this_year = TODAY.year
    add(place, planned(place, year=this_year, month=12), year=this_year)
    with opened(place):
        audits.plan(place.office, wanted(place, kind="out_of_plan", starts_on=TODAY, ends_on=TODAY), today=TODAY)
        db.session.commit()
        shown = overview.read(place.office, this_year, TODAY)

    assert (shown.completion.done, shown.completion.planned, len(shown.outside)) == (0, 1, 1)


def test_exact_days_and_a_range_of_months_are_kept(world):
    place = world.bochnia
    exact = add(place, planned(place, window=days_window(YEAR, date(2027, 4, 7), date(2027, 4, 8))))
    spread = add(place, planned(place, window=months_window(YEAR, 4, 6)))

    assert (exact.is_exact, exact.last_on) == (True, date(2027, 4, 8))
    assert (spread.is_exact, spread.last_on) == (False, date(2027, 6, 30))


def test_a_suggestion_covers_every_department_and_nobody_leads_at_home(world):
    place = world.bochnia
    both_trained(place)
    asked = Asked(edition_code="9001:2015", most_a_month=3, most_a_lead=6)
    with opened(place):
        question = proposing.question(place.office, YEAR, asked, today=TODAY)
        solved = solver.solve(question.problem)
        programme = proposing.take_over(place.office, question, solved.plan)
        db.session.commit()
        units = {part.department_id for entry in newest(place).planned for part in entry.units}
        breaches = proposing.breaches(newest(place), TODAY)

    assert solved.is_solved
    assert units == {each.id for each in place.departments.values()}
    assert breaches == []
    assert all(entry.reasons for entry in programme.planned)


@pytest.mark.parametrize(
    ("until", "is_proposed"), [(None, False), (date(2027, 1, 1), False), (date(2026, 12, 31), True)]
)
def test_what_is_left_out_when_the_year_begins_is_not_suggested(*, world, until, is_proposed):
    place = world.bochnia
    both_trained(place)
    clause = next(each for each in standards.clauses("9001:2015") if each.number == "4.4")
    with opened(place):
        exclude(place.office, clause, valid_from=TODAY, valid_until=until)
        asked = Asked(edition_code="9001:2015", most_a_month=3, most_a_lead=6)
        question = proposing.question(place.office, YEAR, asked, today=TODAY)
        proposing.take_over(place.office, question, greedy(question.problem))
        db.session.commit()
        numbers = {part.clause.number for entry in newest(place).planned for part in entry.clauses}

    assert ("4.4" in numbers) is is_proposed
    assert "4.3" in numbers


def test_nobody_is_suggested_once_their_training_has_ended_and_the_reason_is_named(world):
    """That of both auditors is valid until the first day of 2027."""
    place = world.bochnia
    asked = Asked(edition_code="9001:2015", most_a_month=3, most_a_lead=6)
    with opened(place):
        question = proposing.question(place.office, YEAR, asked, today=TODAY)
        plan = solver.solve(question.problem).plan

        assert plan.rows == ()
        assert list(proposing.left_out(question, plan)) == [NOBODY_FREE]


def test_what_is_planned_already_stays_and_is_not_suggested_again(world):
    place = world.bochnia
    both_trained(place)
    add(place, planned(place, "FN", month=6))
    with opened(place):
        asked = Asked(edition_code="9001:2015", most_a_month=1, most_a_lead=6)
        question = proposing.question(place.office, YEAR, asked, today=TODAY)
        proposing.take_over(place.office, question, greedy(question.problem))
        db.session.commit()
        rows = newest(place).planned

    months = [row.first_on.month for row in rows]
    assert rows[0].first_on.month == 6
    assert len(rows) == len(place.departments) == len(set(months))


def test_a_case_without_a_clause_counts_for_its_department_as_a_whole(world):
    place = world.bochnia
    both_trained(place)
    with opened(place):
        told = Told(what="Zły adres.", noticed_on=TODAY)
        problem = intake.report(place.office, told, by=acting(place.fn_clerk), today=TODAY)
        kind = {"category": "nonconformity", "statement": "Zły adres.", "requirement": "Instrukcja, § 12."}
        taken = Taken(department_id=place.departments["FN"].id, **kind)
        intake.take(problem, taken, by=acting(place.proxy), today=TODAY)
        db.session.commit()
        asked = Asked(edition_code="9001:2015", most_a_month=3, most_a_lead=9)
        question = proposing.question(place.office, YEAR, asked, today=TODAY)
        unit = question.units[place.departments["FN"].id]

    assert unit.open_cases == {WHOLE: 1}
    assert unit.visits == 2


def test_a_department_with_open_cases_is_visited_twice_and_told_so(world):
    place = world.bochnia
    both_trained(place)
    Case(place).publish()
    with opened(place):
        asked = Asked(edition_code="9001:2015", most_a_month=3, most_a_lead=9)
        question = proposing.question(place.office, YEAR, asked, today=TODAY)
        units = [visit.unit for visit in question.problem.visits]
        unit = next(each for each in question.units.values() if each.visits > 1)

    assert units.count(unit.unit) == 2
    assert sum(unit.open_cases.values()) == 1
    assert unit.last_seen
