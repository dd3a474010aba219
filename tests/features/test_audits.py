"""Audits: who may hold them, against what and when; what follows for those concerned."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from qms.audits import service, timetable, words
from qms.audits.models import Audit, AuditMember
from qms.core.db import db, scoped
from qms.core.outbox import Letter
from qms.domain.errors import InvalidInput, NotAllowedNow, NotIndependent, NotQualified, RuleViolation
from qms.domain.independence import Ground
from qms.domain.standing import Who
from qms.people import service as people
from qms.people.models import Loan
from qms.standards.models import Clause
from tests.support.audits import END, START, clause_ids, letters, planned, trained, wanted
from tests.support.cases import acting
from tests.support.exclusions import exclude
from tests.support.world import SINCE, TODAY, OfficeWorld, World


@pytest.fixture
def bochnia(world: World) -> Any:
    """The office in whose walls a test stands."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def test_an_audit_that_may_be_held_gets_a_number_of_the_year_it_is_held_in(bochnia):
    first = planned(bochnia)
    second = planned(bochnia, starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 1), lead_id=bochnia.second_auditor.id)

    assert (first.number, first.state, second.number) == ("A-2026-01", "planned", "A-2027-01")


def test_heads_of_the_departments_and_the_team_are_told(bochnia):
    audit = planned(bochnia, member_ids=frozenset({bochnia.second_auditor.id}))

    told = letters("audit_notice")
    roles = {person: payload["role"] for person, payload in told.items()}
    assert roles == {bochnia.fn_head.id: "unit_head", bochnia.auditor.id: "team", bochnia.second_auditor.id: "team"}
    assert told[bochnia.fn_head.id] == {
        "number": "A-2026-01",
        "department": "Wydział Finansowy",
        "starts_on": "2026-11-27",
        "ends_on": "2026-11-28",
        "lead": "Auditor Sp-Bochnia",
        "clauses": ["8.1", "9.2.2"],
        "path": f"/u/sp-bochnia/audity/{audit.key}",
        "role": "unit_head",
        "has_new_hours": False,
        "places": [],
        "timetable": [],
        "uid_of": f"audit:{audit.key}",
        "sequence": 1,
    }


def test_nobody_is_told_of_an_audit_that_is_over(bochnia):
    planned(bochnia, starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 4))

    assert letters("audit_notice") == {}


def closed_department(place: OfficeWorld) -> dict[str, Any]:
    place.departments["FN"].closed_on = START - timedelta(days=1)
    return {}


def excluded_clause(place: OfficeWorld) -> dict[str, Any]:
    clause = db.session.scalars(select(Clause).where(Clause.edition_code == "9001:2015", Clause.number == "8.3")).one()
    exclude(place.office, clause, justification="Nothing is designed here.", valid_from=SINCE)
    return {"clause_ids": clause_ids("8.1", "8.3.2")}


def clerk_of_late(place: OfficeWorld) -> dict[str, Any]:
    people.join(place.auditor, place.departments["FN"], from_on=SINCE, until_on=START - timedelta(days=30))
    return {}


def subordinate_of_the_head(place: OfficeWorld) -> dict[str, Any]:
    people.join(place.fn_head, place.departments["GD"], from_on=SINCE, is_head=True)
    return {"lead_id": place.second_auditor.id}


def another_person(_place: OfficeWorld) -> dict[str, Any]:
    stranger = people.register(name="Ktoś Obcy", email="stranger@example.com")
    return {"lead_id": stranger.id}


def same_number(place: OfficeWorld) -> dict[str, Any]:
    audit = service.plan(place.office, wanted(place), today=TODAY)
    return {"kind": "surveillance", "body": "PCBC", "number": audit.number}


REFUSED: dict[str, tuple[Callable[[OfficeWorld], dict[str, Any]], type[RuleViolation], str, str]] = {
    "ends before it starts": (lambda _: {"ends_on": START - timedelta(days=1)}, InvalidInput, "ends_on", "later last"),
    "no department": (lambda _: {"department_ids": frozenset()}, InvalidInput, "department_ids", "of this office"),
    "unknown department": (
        lambda _: {"department_ids": frozenset({0})},
        InvalidInput,
        "department_ids",
        "of this office",
    ),
    "closed department": (closed_department, InvalidInput, "department_ids", "Wydział Finansowy was closed"),
    "no clause": (lambda _: {"clause_ids": frozenset()}, InvalidInput, "clause_ids", "at least one clause"),
    "unknown clause": (lambda _: {"clause_ids": frozenset({0})}, InvalidInput, "clause_ids", "at least one clause"),
    "a chapter": (lambda _: {"clause_ids": clause_ids("8")}, InvalidInput, "clause_ids", "8 is a heading"),
    "a group": (lambda _: {"clause_ids": clause_ids("7.5")}, InvalidInput, "clause_ids", "7.5 is a heading"),
    "excluded with its parent": (excluded_clause, InvalidInput, "clause_ids", "excluded clause 8.3.2"),
    "clause of another edition": (
        lambda _: {"clause_ids": clause_ids("8.2.2", edition="9001:2008")},
        InvalidInput,
        "clause_ids",
        "another edition",
    ),
    "unknown edition": (lambda _: {"edition_code": "9001:1987"}, InvalidInput, "edition_code", "from the list"),
    "no lead": (lambda _: {"lead_id": None}, InvalidInput, "lead_id", "Choose a lead auditor"),
    "lead trained for another edition": (
        lambda _: {"edition_code": "9001:2008", "clause_ids": clause_ids("8.2.2", edition="9001:2008")},
        NotQualified,
        "lead_id",
        "9001:2008",
    ),
    "lead whose certificate ended": (
        lambda _: {"starts_on": date(2027, 1, 2), "ends_on": date(2027, 1, 2)},
        NotQualified,
        "lead_id",
        "not valid on that day",
    ),
    "lead whose certificate ends while the audit lasts": (
        lambda _: {"starts_on": date(2026, 12, 31), "ends_on": date(2027, 1, 2)},
        NotQualified,
        "lead_id",
        "not valid on that day",
    ),
    "lead not appointed": (lambda each: {"lead_id": each.office_admin.id}, NotQualified, "lead_id", "not appointed"),
    "lead of the department": (
        lambda each: {"department_ids": frozenset({each.departments["KM"].id})},
        NotIndependent,
        "lead_id",
        "Auditor Sp-Bochnia works in Wydział Komunikacji",
    ),
    "lead of one of two departments": (
        lambda each: {"department_ids": frozenset({each.departments["FN"].id, each.departments["KM"].id})},
        NotIndependent,
        "lead_id",
        "Wydział Komunikacji",
    ),
    "lead who supervises the head": (lambda each: {"lead_id": each.head.id}, NotIndependent, "lead_id", "supervises"),
    "member of the department": (
        lambda each: {"member_ids": frozenset({each.fn_clerk.id})},
        NotIndependent,
        "member_ids",
        "Fn Clerk Sp-Bochnia works in Wydział Finansowy",
    ),
    "trainee of the department": (
        lambda each: {"trainee_ids": frozenset({each.fn_clerk.id})},
        NotIndependent,
        "trainee_ids",
        "Wydział Finansowy",
    ),
    "lead who worked there": (clerk_of_late, NotIndependent, "team_reason", "Write why"),
    "lead who answers to the head": (
        subordinate_of_the_head,
        NotIndependent,
        "team_reason",
        "answers to the head of Wydział Finansowy",
    ),
    "somebody of no office": (another_person, InvalidInput, "lead_id", "of this office"),
    "a body without a name": (lambda _: {"kind": "surveillance"}, InvalidInput, "body", "certification body"),
    "a body by a past edition": (
        lambda _: {
            "kind": "surveillance",
            "body": "PCBC",
            "edition_code": "9001:2008",
            "clause_ids": clause_ids("8.2.2", edition="9001:2008"),
        },
        InvalidInput,
        "edition_code",
        "14.03.2018",
    ),
    "a number given before": (same_number, InvalidInput, "number", "has this number"),
}


def test_an_audit_is_refused_at_the_field_that_has_to_change(bochnia, subtests):
    for case, (prepare, kind, field, sentence) in REFUSED.items():
        with subtests.test(case):
            changed = prepare(bochnia)
            before = db.session.scalars(select(Audit.number)).all()

            with pytest.raises(kind, match=sentence) as refused:
                service.plan(bochnia.office, wanted(bochnia, **changed), today=TODAY)

            assert refused.value.field == field
            assert db.session.scalars(select(Audit.number)).all() == before
        db.session.rollback()


def test_nobody_of_another_office_is_taken_who_is_not_lent(world, bochnia):
    with pytest.raises(InvalidInput, match="of this office") as refused:
        service.plan(bochnia.office, wanted(bochnia, lead_id=world.leczyca.auditor.id), today=TODAY)

    assert "Leczyca" not in str(refused.value)


def test_an_internal_audit_may_use_a_past_edition(bochnia):
    trained(bochnia, bochnia.auditor, "9001:2008")

    audit = planned(bochnia, edition_code="9001:2008", clause_ids=clause_ids("8.2.2", edition="9001:2008"))

    assert audit.edition_code == "9001:2008"


def test_a_written_reason_lets_somebody_judge_where_they_worked_and_the_warning_is_kept(bochnia):
    clerk_of_late(bochnia)

    audit = planned(bochnia, team_reason="Left before the rules of today.")

    assert [(each.person_id, each.ground, each.severity) for each in audit.conflicts] == [
        (bochnia.auditor.id, "worked_there", "warn")
    ]
    assert audit.team_reason == "Left before the rules of today."


def test_a_member_without_qualification_is_only_warned_about(bochnia):
    people.appoint(bochnia.gd_head, bochnia.office, Who.AUDITOR, from_on=SINCE)
    trained(bochnia, bochnia.second_auditor, "9001:2008")
    members = frozenset({bochnia.gd_head.id, bochnia.office_admin.id})

    audit = planned(bochnia, member_ids=members, trainee_ids=frozenset({bochnia.gd_head.id, bochnia.km_head.id}))

    assert {(member.person_id, member.role, member.warning) for member in audit.team} == {
        (bochnia.auditor.id, "lead", ""),
        (bochnia.gd_head.id, "auditor", "no_course"),
        (bochnia.office_admin.id, "auditor", "not_appointed"),
        (bochnia.km_head.id, "trainee", ""),
    }


def test_a_certificate_whose_end_nobody_knows_is_warned_about(bochnia):
    trained(bochnia, bochnia.second_auditor, "9001:2008", validity="unknown")

    audit = planned(
        bochnia,
        lead_id=bochnia.second_auditor.id,
        edition_code="9001:2008",
        clause_ids=clause_ids("8.2.2", edition="9001:2008"),
    )

    assert audit.team[0].warning == "end_unknown"


def test_every_warning_has_words():
    of_former_audits = {"worked_there", "answers_to"}
    assert {*words.WARNING_OF.values(), *of_former_audits} == set(words.WARNINGS)
    assert set(words.GROUNDS) == set(words.REFUSALS) == set(Ground)


def test_an_audit_of_the_body_needs_no_lead_and_keeps_its_own_number(bochnia):
    audit = planned(bochnia, kind="surveillance", body="PCBC", number="N/17/2026", lead_id=None)
    unnumbered = planned(bochnia, kind="stage_2", body="PCBC", lead_id=bochnia.fn_clerk.id)

    assert (audit.number, audit.body, audit.team) == ("N/17/2026", "PCBC", [])
    assert (unnumbered.number, unnumbered.team[0].warning) == ("A-2026-01", "")
    assert letters("audit_notice")[bochnia.fn_head.id]["lead"] in {"PCBC", "Fn Clerk Sp-Bochnia"}


def test_the_next_number_steps_over_one_that_a_body_gave(bochnia):
    planned(bochnia, kind="surveillance", body="PCBC", number="A-2026-01", lead_id=None)

    assert planned(bochnia).number == "A-2026-02"


def changed(place: OfficeWorld, audit: Audit, reason: str = "", **facts: Any) -> None:
    service.change(audit, wanted(place, **facts), today=TODAY, reason=reason)
    db.session.commit()


@pytest.mark.parametrize("verb", ["cancel", "send the hours"])
def test_who_has_left_the_office_since_is_not_written_to(bochnia, verb):
    audit = planned(bochnia, member_ids=frozenset({bochnia.second_auditor.id}))
    if verb != "cancel":
        timetable.add(audit, timetable.Row(day=START, from_time=time(9), to_time=time(10), subject="Opening."))
    people.end_work(bochnia.second_auditor, bochnia.office, reason="Left.", by=acting(bochnia.proxy), today=TODAY)
    db.session.execute(delete(Letter))

    if verb == "cancel":
        service.cancel(audit, reason="Flu.", today=TODAY)
    else:
        service.tell_timetable(audit, today=TODAY)

    written = set(db.session.scalars(select(Letter.person_id)))
    assert written == {bochnia.auditor.id, bochnia.fn_head.id}


@pytest.mark.parametrize(("until", "is_told"), [(TODAY, True), (TODAY - timedelta(days=1), False)])
def test_one_who_is_lent_is_written_to_while_the_loan_runs(bochnia, world, until, is_told):
    lent, audit = world.leczyca.auditor, planned(bochnia)
    since = TODAY - timedelta(days=30)
    asked = {"email": lent.email, "asked_by_id": bochnia.proxy.id, "asked_on": since, "consented_on": since}
    days = {"from_on": since, "until_on": until, "lender_office_id": world.leczyca.office.id}
    db.session.add(
        Loan(office_id=bochnia.office.id, person_id=lent.id, consented_by_id=bochnia.proxy.id, **asked, **days)
    )
    audit.team.append(AuditMember(office_id=bochnia.office.id, person_id=lent.id, role="auditor", is_lent=True))
    db.session.flush()

    service.cancel(audit, reason="Flu.", today=TODAY)

    assert (lent.id in letters("audit_moved")) is is_told


def test_moving_an_audit_wants_a_reason(bochnia):
    audit = planned(bochnia)

    with pytest.raises(InvalidInput, match="Write why") as refused:
        changed(bochnia, audit, starts_on=START - timedelta(days=1))

    assert refused.value.field == "reason"
    assert audit.starts_on == START


def test_those_who_knew_are_told_of_the_move_and_those_who_are_new_of_the_audit(bochnia):
    audit = planned(bochnia)
    db.session.execute(delete(Letter))

    changed(bochnia, audit, "Flu.", ends_on=END + timedelta(days=1), member_ids=frozenset({bochnia.second_auditor.id}))

    moved = letters("audit_moved")
    assert set(moved) == {bochnia.auditor.id, bochnia.fn_head.id}
    assert moved[bochnia.fn_head.id] == {
        "number": "A-2026-01",
        "department": "Wydział Finansowy",
        "old_starts_on": "2026-11-27",
        "new_starts_on": "2026-11-27",
        "reason": "Flu.",
        "path": f"/u/sp-bochnia/audity/{audit.key}",
        "starts_on": "2026-11-27",
        "ends_on": "2026-11-29",
        "places": [],
        "timetable": [],
        "uid_of": f"audit:{audit.key}",
        "sequence": audit.version,
    }
    assert set(letters("audit_notice")) == {bochnia.second_auditor.id}


def test_a_change_of_the_team_alone_makes_a_new_version(bochnia):
    audit = planned(bochnia)
    version = audit.version

    changed(bochnia, audit, member_ids=frozenset({bochnia.second_auditor.id}))

    assert audit.version == version + 1


def test_the_lead_may_change_places_with_a_member(bochnia):
    trained(bochnia, bochnia.second_auditor)
    audit = planned(bochnia, member_ids=frozenset({bochnia.second_auditor.id}))

    changed(bochnia, audit, lead_id=bochnia.second_auditor.id, member_ids=frozenset({bochnia.auditor.id}))

    roles = {member.person_id: member.role for member in audit.team}
    assert roles == {bochnia.second_auditor.id: "lead", bochnia.auditor.id: "auditor"}


def test_the_lead_may_be_replaced(bochnia):
    audit = planned(bochnia)

    changed(bochnia, audit, lead_id=bochnia.second_auditor.id)

    assert [(member.person_id, member.role) for member in audit.team] == [(bochnia.second_auditor.id, "lead")]


SHRUNK: dict[str, tuple[str, Callable[[OfficeWorld], dict[str, Any]]]] = {
    "department_ids": ("departments", lambda each: {"department_ids": frozenset({each.departments["OR"].id})}),
    "clause_ids": ("clauses", lambda _: {"clause_ids": clause_ids("8.1")}),
    "edition_code": ("edition", lambda _: {"edition_code": "9001:2008"}),
}


@pytest.mark.parametrize("field", SHRUNK)
def test_what_an_audit_under_way_covers_is_not_taken_off(bochnia, field):
    audit = planned(bochnia)
    service.start(audit)
    word, facts = SHRUNK[field]

    with pytest.raises(NotAllowedNow, match=word) as refused:
        changed(bochnia, audit, **facts(bochnia))

    assert refused.value.field == field


def test_an_audit_under_way_may_grow(bochnia):
    audit = planned(bochnia)
    service.start(audit)

    changed(bochnia, audit, clause_ids=clause_ids("8.1", "9.2.2", "7.2"))

    assert sorted(part.clause.number for part in audit.clauses) == ["7.2", "8.1", "9.2.2"]


@pytest.mark.parametrize("verb", ["change", "cancel", "start"])
@pytest.mark.parametrize("state", ["finished", "cancelled"])
def test_an_audit_that_ended_stays_as_it_is(bochnia, state, verb):
    audit = planned(bochnia)
    audit.state = state
    audit.published_at = None
    acts = {
        "change": lambda: service.change(audit, wanted(bochnia), today=TODAY),
        "cancel": lambda: service.cancel(audit, reason="No.", today=TODAY),
        "start": lambda: service.start(audit),
    }

    with db.session.no_autoflush, pytest.raises(NotAllowedNow):
        acts[verb]()


def test_the_team_is_checked_again_when_the_audit_starts(bochnia):
    audit = planned(bochnia)
    people.join(bochnia.auditor, bochnia.departments["FN"], from_on=TODAY)

    with pytest.raises(NotIndependent, match="Wydział Finansowy"):
        service.start(audit)

    assert audit.state == "planned"


def test_everybody_concerned_is_told_that_an_audit_is_cancelled_and_why(bochnia):
    audit = planned(bochnia)

    service.cancel(audit, reason="The department moves house.", today=TODAY)

    told = letters("audit_moved")
    assert set(told) == {bochnia.auditor.id, bochnia.fn_head.id}
    assert (told[bochnia.auditor.id]["new_starts_on"], told[bochnia.auditor.id]["reason"]) == (
        None,
        "The department moves house.",
    )
    assert (audit.state, audit.cancel_reason) == ("cancelled", "The department moves house.")
