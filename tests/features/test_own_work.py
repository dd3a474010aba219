"""Nobody audits their own work: by item of the scope, with the head's permit, and again as the audit goes on."""

from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qms.audits import known, permits, service
from qms.audits.models import Audit
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain.errors import InvalidInput, NotAllowedNow, NotIndependent, NotPermitted
from qms.domain.standing import TeamRole, Who
from qms.findings import service as findings
from qms.people import processes
from qms.people import service as people
from qms.people.processes import ProcessFacts
from tests.support.application import typed
from tests.support.audits import START, clause_ids, letters, planned, trained, wanted
from tests.support.cases import acting
from tests.support.world import SINCE, TODAY, OfficeWorld

LIST = "/u/sp-bochnia/audity"


@pytest.fixture
def bochnia(world: Any) -> Any:
    """The office in whose walls a test stands."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def units(place: OfficeWorld, *symbols: str) -> frozenset[int]:
    return frozenset(place.departments[each].id for each in symbols)


def process(place: OfficeWorld, owner_id: int | None, symbol: str = "FN") -> frozenset[int]:
    """One process of the office, by its id."""
    facts = ProcessFacts(
        name="Pobór podatków", symbol="P-01", department_ids=units(place, symbol), owner_id=owner_id, owned_from=SINCE
    )
    made = processes.open_process(place.office, facts)
    db.session.commit()
    return frozenset({made.id})


def kept(audit: Audit) -> list[tuple[int, str, str, bool]]:
    return [(each.person_id, each.severity, each.ground, each.needs_permit) for each in audit.conflicts]


def test_who_must_not_judge_one_department_may_still_be_on_the_team_for_another(bochnia):
    audit = planned(
        bochnia, department_ids=units(bochnia, "FN", "KM"), member_ids=frozenset({bochnia.second_auditor.id})
    )

    assert kept(audit) == [(bochnia.auditor.id, "block", "belongs", False)]
    service.start(audit)
    assert audit.state == "under_way"


def test_the_owner_of_a_process_does_not_audit_it(bochnia):
    taxes = process(bochnia, bochnia.auditor.id)

    with pytest.raises(NotIndependent, match="Auditor Sp-Bochnia is the owner of Pobór podatków") as refused:
        planned(bochnia, process_ids=taxes)

    assert refused.value.field == "lead_id"


def test_who_works_where_a_process_runs_is_warned_about(bochnia):
    taxes = process(bochnia, bochnia.fn_head.id, "KM")

    audit = planned(bochnia, process_ids=taxes, team_reason="Pracuje przy innych sprawach.")

    assert kept(audit) == [(bochnia.auditor.id, "warn", "takes_part", False)]
    assert [part.process.name for part in audit.processes] == ["Pobór podatków"]


def test_the_proxy_does_not_audit_what_the_deputy_owns(bochnia):
    people.appoint(bochnia.proxy, bochnia.office, Who.AUDITOR, from_on=SINCE)
    trained(bochnia, bochnia.proxy)
    records = process(bochnia, bochnia.deputy.id, "OR")
    one_clause = {"clause_ids": clause_ids("8.1")}

    assert kept(planned(bochnia, lead_id=bochnia.proxy.id, **one_clause)) == []
    with pytest.raises(NotIndependent, match="belongs to the proxy or a deputy"):
        planned(bochnia, lead_id=bochnia.proxy.id, process_ids=records, **one_clause)


@pytest.mark.parametrize(("edition", "number"), [("9001:2015", "9.2.2"), ("9001:2008", "8.2.2")])
def test_the_proxy_does_not_audit_the_internal_audits_alone(bochnia, edition, number):
    people.appoint(bochnia.proxy, bochnia.office, Who.AUDITOR, from_on=SINCE)
    for person in (bochnia.proxy, bochnia.auditor):
        trained(bochnia, person, edition)
    of_edition = {"edition_code": edition, "clause_ids": clause_ids(number, edition=edition)}

    with pytest.raises(NotIndependent, match=f"Proxy Sp-Bochnia is the proxy or a deputy, and {number}"):
        planned(bochnia, lead_id=bochnia.proxy.id, **of_edition)
    audit = planned(bochnia, lead_id=bochnia.proxy.id, member_ids=frozenset({bochnia.auditor.id}), **of_edition)

    assert kept(audit) == [(bochnia.proxy.id, "block", "proxys_clause", False)]


def test_an_office_that_only_warns_wants_a_reason_and_keeps_it(bochnia):
    bochnia.office.warns_only = True
    own = {"department_ids": units(bochnia, "KM")}

    with pytest.raises(NotIndependent) as refused:
        planned(bochnia, **own)
    audit = planned(bochnia, **own, team_reason="Jest nas dwoje.")

    assert refused.value.field == "team_reason"
    assert kept(audit) == [(bochnia.auditor.id, "warn", "belongs", False)]


def test_an_office_may_forget_former_work(bochnia):
    people.join(bochnia.auditor, bochnia.departments["FN"], from_on=SINCE, until_on=START - timedelta(days=30))
    bochnia.office.remembers_months = 0

    assert kept(planned(bochnia)) == []


def asking(place: OfficeWorld) -> Audit:
    """An audit whose team waits for the head's permit."""
    return planned(
        place, department_ids=units(place, "KM"), asks_head=True, team_reason="Nikt inny nie zna tej dziedziny."
    )


def test_a_permit_is_asked_of_the_head_with_a_reason(bochnia):
    with pytest.raises(InvalidInput, match="Write why nobody else") as refused:
        planned(bochnia, department_ids=units(bochnia, "KM"), asks_head=True)
    audit = asking(bochnia)

    assert refused.value.field == "team_reason"
    assert kept(audit) == [(bochnia.auditor.id, "block", "belongs", True)]
    told = letters("permit_asked")
    assert list(told) == [bochnia.head.id]
    assert told[bochnia.head.id]["people"] == ["Auditor Sp-Bochnia"]
    assert told[bochnia.head.id]["reason"] == "Nikt inny nie zna tej dziedziny."


def test_an_audit_that_waits_for_a_permit_does_not_begin(bochnia):
    audit = asking(bochnia)

    with pytest.raises(NotAllowedNow, match="waits for a permit"):
        service.start(audit)

    permits.permit(audit, reason="Mały urząd.", by=bochnia.head.id, today=TODAY)
    service.start(audit)
    (conflict,) = audit.conflicts
    assert (conflict.permitted_by_id, conflict.permitted_on, conflict.permit_reason) == (
        bochnia.head.id,
        TODAY,
        "Mały urząd.",
    )


def test_a_permit_stays_when_something_else_of_the_plan_changes(bochnia):
    audit = asking(bochnia)
    permits.permit(audit, reason="Mały urząd.", by=bochnia.head.id, today=TODAY)
    plan = wanted(bochnia, department_ids=units(bochnia, "KM", "FN"), team_reason="Jak dotąd.")

    service.change(audit, plan, today=TODAY)

    assert [each.permitted_on for each in audit.conflicts] == [TODAY]


def test_nobody_permits_their_own_work_and_nothing_is_permitted_twice(bochnia):
    audit = asking(bochnia)

    with pytest.raises(NotPermitted, match="about you"):
        permits.permit(audit, reason="Mogę.", by=bochnia.auditor.id, today=TODAY)
    permits.permit(audit, reason="Mały urząd.", by=bochnia.head.id, today=TODAY)
    with pytest.raises(NotAllowedNow, match="Nothing in this audit waits"):
        permits.permit(audit, reason="Jeszcze raz.", by=bochnia.head.id, today=TODAY)


def test_somebody_who_moved_into_the_department_meanwhile_stops_the_report(bochnia):
    audit = planned(bochnia)
    service.start(audit)
    people.join(bochnia.auditor, bochnia.departments["FN"], from_on=START)
    db.session.flush()

    with pytest.raises(NotIndependent, match="Auditor Sp-Bochnia works in Wydział Finansowy"):
        findings.publish(audit, conclusion="Dobrze.", by=acting(bochnia.auditor), today=TODAY)

    assert audit.state == "under_way"


def test_what_is_only_warned_of_meanwhile_is_kept_and_stops_nobody(bochnia):
    audit = planned(bochnia)
    people.join(bochnia.auditor, bochnia.departments["FN"], from_on=SINCE, until_on=date(2026, 5, 1))
    db.session.flush()

    service.start(audit)

    assert kept(audit) == [(bochnia.auditor.id, "warn", "worked_there", False)]


def test_whoever_publishes_is_told_who_came_near_meanwhile(world, bochnia, signed_in):
    key = planned(bochnia).key
    people.join(bochnia.auditor, bochnia.departments["FN"], from_on=SINCE, until_on=date(2026, 5, 1))
    db.session.commit()
    browser = signed_in(world.bochnia.auditor)

    page = typed(browser, f"{LIST}/{key}/raport/szkic", conclusion="Dobrze.")

    shown = BeautifulSoup(browser.get(page.location).data, "html.parser")
    assert "Auditor Sp-Bochnia" in shown.select_one(".notice--warning").text


def test_experts_and_observers_judge_nothing_and_so_need_no_independence(bochnia):
    audit = planned(bochnia, expert_ids=frozenset({bochnia.fn_clerk.id}), observer_ids=frozenset({bochnia.fn_head.id}))

    roles = {member.person_id: member.role for member in audit.team}
    assert (roles[bochnia.fn_clerk.id], roles[bochnia.fn_head.id]) == (TeamRole.EXPERT, TeamRole.OBSERVER)
    assert kept(audit) == []


def test_an_audit_from_outside_is_not_asked_for_independence(bochnia):
    audit = planned(bochnia, kind="second_party", body="Związek Gmin", lead_id=bochnia.fn_clerk.id)

    assert (audit.body, kept(audit)) == ("Związek Gmin", [])
    service.start(audit)


def test_the_form_offers_a_permit_once_somebody_is_refused_and_the_head_gives_it(world, signed_in):
    place = world.bochnia
    fields = {
        "kind": "internal",
        "department_ids": [str(place.departments["KM"].id)],
        "edition_code": "9001:2015",
        "clause_ids": [str(each) for each in sorted(clause_ids("8.1"))],
        "starts_on": "30.11.2026",
        "ends_on": "30.11.2026",
        "lead_id": str(place.auditor.id),
        "method": "on_site",
    }
    db.session.rollback()
    proxy, head = signed_in(place.proxy), signed_in(place.head)
    before = BeautifulSoup(proxy.get(f"{LIST}/nowy").data, "html.parser")
    refused = BeautifulSoup(typed(proxy, f"{LIST}/nowy", **fields).data, "html.parser")

    assert before.select_one("#asks_head") is None
    assert refused.select_one("#asks_head") is not None
    saved = typed(proxy, f"{LIST}/nowy", **fields, asks_head="y", team_reason="Nikt inny.")
    page = saved.location
    assert "czeka na zgodę" in proxy.get(page).text
    assert f"{page}/zgoda" in head.get(LIST).text
    assert typed(head, f"{page}/zgoda", reason="").status_code == 200
    assert typed(head, f"{page}/zgoda", reason="Mały urząd.").location == page
    told = BeautifulSoup(head.get(page).data, "html.parser").select_one("main").get_text(" ", strip=True)
    assert "Mały urząd." in told
    assert "Head Sp-Bochnia" in told


def test_what_waits_for_a_permit_is_found_for_its_office_alone(world):
    with scoped(EVERY_OFFICE):
        audit = asking(world.bochnia)

        assert [each.key for each in known.waiting_permits([world.bochnia.office.id])] == [audit.key]
        assert known.waiting_permits([world.leczyca.office.id]) == []
        service.cancel(audit, reason="Powódź.", today=TODAY)
        db.session.flush()
        assert known.waiting_permits([world.bochnia.office.id]) == []


def test_a_closed_or_foreign_process_is_not_covered(world, bochnia):
    taxes = process(bochnia, None)
    with scoped(EVERY_OFFICE):
        foreign = process(world.leczyca, None)
        db.session.commit()

    with pytest.raises(InvalidInput) as refused:
        planned(bochnia, process_ids=foreign)
    assert refused.value.field == "process_ids"
    for each in db.session.scalars(select(processes.Process)):
        processes.close_process(each, on=TODAY, reason="Koniec.")
    with pytest.raises(InvalidInput, match="was closed on"):
        planned(bochnia, process_ids=taxes)
