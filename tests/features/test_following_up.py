"""What earlier audits left open stands in the next one, whose team says what it saw."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from qms.audits.models import Audit
from qms.core.db import db, scoped
from qms.domain.errors import InvalidInput, NotAllowedNow, NotPermitted
from qms.domain.findings import Step
from qms.domain.following import Seen
from qms.domain.report import Parts
from qms.findings import earlier, service
from qms.findings.earlier import Look
from qms.findings.facts import offered
from qms.people.models import Person
from qms.policy import Reach
from qms.reports import approving
from qms.reports import service as reports
from tests.support.cases import Case, acting, plan_audit
from tests.support.forms import send
from tests.support.statements import counted
from tests.support.world import TODAY, OfficeWorld, World

ALL = Reach(everything=True)


def next_audit(where: OfficeWorld, **changed: object) -> Audit:
    """Led by somebody who found nothing before."""
    return plan_audit(where, **({"lead": "second_auditor", "member": None} | changed))  # type: ignore[arg-type] # as named


def numbers(case: Case, audit: Audit, reach: Reach = ALL) -> list[str | None]:
    with case.scope():
        return [found.number for found in earlier.open_before(audit, reach)]


def look(case: Case, audit: Audit, seen: Seen, note: str = "", *, by: Person | None = None) -> None:
    with case.scope():
        who = by or case.where.second_auditor
        earlier.note(audit, [Look(case.finding.id, seen, note)], by=acting(who), today=TODAY)
        db.session.commit()


@pytest.mark.parametrize(("symbol", "is_shown"), [("FN", True), ("KM", False)], ids=["of the unit", "of another unit"])
def test_open_cases_of_the_unit_stand_in_the_next_audit(world: World, symbol: str, *, is_shown: bool) -> None:
    case = Case(world.bochnia).publish()

    found = numbers(case, next_audit(world.bochnia, symbols=(symbol,)))

    assert found == ([case.finding.number] if is_shown else [])


def test_what_is_closed_or_needs_no_answer_or_is_a_draft_does_not_stand_there(world: World) -> None:
    closed = Case(world.bochnia).publish().answer().accept().do().verify().judge()
    Case(world.bochnia, category="observation").publish()
    Case(world.bochnia)

    assert numbers(closed, next_audit(world.bochnia)) == []


def test_an_audit_does_not_look_back_at_itself(world: World) -> None:
    case = Case(world.bochnia).publish()

    assert numbers(case, case.audit) == []


def test_it_takes_one_statement_for_one_case_as_for_many(world: World) -> None:
    case = Case(world.bochnia).publish()
    audit = next_audit(world.bochnia)
    for _ in range(3):
        Case(world.bochnia).publish()

    with case.scope():
        assert audit.key  # read anew after the commit
        with counted() as statements:
            found = earlier.open_before(audit, ALL)

    assert len(found) == 4
    assert len(statements) == 1


def test_a_look_starts_the_audit_and_changes_nothing_in_the_case(world: World) -> None:
    case = Case(world.bochnia).publish().answer().accept().do()
    audit, state = next_audit(world.bochnia), case.finding.state

    look(case, audit, Seen.STILL_OPEN)

    assert audit.state == "under_way"
    assert case.again().state == state


def test_the_auditor_who_looked_may_verify_then(world: World) -> None:
    case = Case(world.bochnia, member=None).publish().answer().accept().do()
    audit, by = next_audit(world.bochnia), acting(world.bochnia.second_auditor)
    with case.scope():
        before = offered(case.finding, by=by, today=TODAY)

    look(case, audit, Seen.EFFECTIVE, "Rejestr jest prowadzony.")

    assert Step.VERIFY not in before
    with case.scope():
        assert Step.VERIFY in offered(case.again(), by=by, today=TODAY)
        assert earlier.next_steps(audit, earlier.checks_of(audit), by=by, today=TODAY) == {case.finding.id: Step.VERIFY}


def test_an_effect_that_nothing_shows_is_refused_at_its_row(world: World) -> None:
    case = Case(world.bochnia).publish().answer().accept().do()
    audit = next_audit(world.bochnia)

    with pytest.raises(InvalidInput, match="Write what you saw") as refusal:
        look(case, audit, Seen.EFFECTIVE)

    assert refusal.value.params == {"row": case.finding.id}


def test_nobody_looks_at_their_own_work(world: World) -> None:
    case = Case(world.bochnia).publish().answer(owner="second_auditor").accept()

    with pytest.raises(InvalidInput, match="someone else must judge"):
        look(case, next_audit(world.bochnia), Seen.STILL_OPEN)


def test_only_the_team_looks(world: World) -> None:
    case = Case(world.bochnia).publish()

    with pytest.raises(NotPermitted):
        look(case, next_audit(world.bochnia), Seen.STILL_OPEN, by=world.bochnia.proxy)


def test_nothing_is_noted_once_the_report_is_published(world: World) -> None:
    case = Case(world.bochnia).publish()
    audit = next_audit(world.bochnia)
    with case.scope():
        reports.publish(audit, Parts(conclusion="W porządku."), by=acting(world.bochnia.second_auditor), today=TODAY)
        db.session.commit()

    with pytest.raises(NotAllowedNow, match="published"):
        look(case, audit, Seen.STILL_OPEN)


def test_nothing_is_noted_while_the_report_waits_for_approval(world: World) -> None:
    case = Case(world.bochnia).publish()
    audit = next_audit(world.bochnia)
    look(case, audit, Seen.STILL_OPEN)
    with case.scope():
        approving.give(audit, Parts(conclusion="W porządku."), by=acting(world.bochnia.second_auditor), today=TODAY)
        db.session.commit()

    with pytest.raises(NotAllowedNow, match="given for approval"):
        look(case, audit, Seen.STILL_OPEN)


def test_a_case_that_was_closed_meanwhile_is_left_out(world: World) -> None:
    case = Case(world.bochnia).publish()
    audit = next_audit(world.bochnia)
    with case.scope():
        service.cancel(case.finding, "Zdublowane.", by=acting(world.bochnia.proxy), today=TODAY)
        db.session.commit()

    with pytest.raises(InvalidInput, match="not open any more"):
        look(case, audit, Seen.STILL_OPEN)


def test_the_page_of_the_audit_shows_them_and_the_form_keeps_what_is_typed(world: World, signed_in) -> None:
    case = Case(world.bochnia).publish().answer().accept().do()
    audit = next_audit(world.bochnia)
    path = f"/u/{world.bochnia.office.slug}/audity/{audit.key}"
    browser = signed_in(world.bochnia.second_auditor)

    assert case.finding.number in browser.get(path).text
    note = {"looks-0-note": "Rejestr obejrzany."}
    refused = send(browser, f"{path}/wczesniejsze", **note)
    kept = send(browser, f"{path}/wczesniejsze", **note, **{"looks-0-seen": "effective"})

    assert "Rejestr obejrzany." in refused.text
    assert kept.status_code == 302
    assert f"/ustalenia/{case.finding.key}/weryfikacja" in browser.get(f"{path}/wczesniejsze").text


def state_of(browser, case: Case) -> str:
    page = BeautifulSoup(browser.get(f"/u/sp-bochnia/audity/{case.audit.key}").data, "html.parser")
    return " ".join(page.select_one("dl.summary dd").get_text(" ").split())


def test_an_audit_is_closed_with_its_last_case_and_open_again_with_it(world: World, signed_in) -> None:
    case = Case(world.bochnia).publish()
    browser = signed_in(world.bochnia.proxy)
    assert "Niezamknięte niezgodności: 1." in state_of(browser, case)

    case.answer().accept().do().verify().judge()
    assert "Zamknięty" in state_of(browser, case)

    with case.scope():
        service.reopen(case.again(), "Wróciło.", by=acting(world.bochnia.proxy), today=TODAY)
        db.session.commit()
    assert "Niezamknięte niezgodności: 1." in state_of(browser, case)


def test_a_year_is_narrowed_to_audits_of_one_standing_as_the_rule_has_it(world: World, signed_in) -> None:
    office = world.bochnia
    to_close, closed = Case(office).publish().audit, Case(office, category="strength").publish().audit
    ahead, off = next_audit(office), next_audit(office)
    under_way, over = next_audit(office, kind="surveillance"), next_audit(office, kind="surveillance")
    with scoped(frozenset({office.office.id})):
        under_way.state, off.state = "under_way", "cancelled"
        over.starts_on = over.ends_on = TODAY - timedelta(days=3)
        db.session.commit()
    path = f"/u/{office.office.slug}/audity?rok={TODAY.year}&stan="

    def listed(name: str, reader: Person = office.proxy) -> set[str]:
        rows = BeautifulSoup(signed_in(reader).get(path + name).data, "html.parser").select("tbody tr th")
        return {row.get_text(strip=True) for row in rows}

    assert listed("planowane") == {ahead.number}
    assert listed("niezamkniete") == {under_way.number, to_close.number}
    assert listed("zamkniete") == {over.number, closed.number}
    assert len(listed("")) == 6
    assert listed("zamkniete", office.fn_head) == listed("", office.fn_head), "who may not count cases narrows nothing"


def test_an_audit_that_is_only_planned_is_not_said_to_be_open(world: World, signed_in) -> None:
    audit = next_audit(world.bochnia)
    path = f"/u/{world.bochnia.office.slug}/audity/{audit.key}"

    assert "zamknięty" not in signed_in(world.bochnia.proxy).get(path).text


def test_the_head_of_a_unit_is_not_told_how_much_is_open_elsewhere(world: World, signed_in) -> None:
    case = Case(world.bochnia).publish()

    assert "Niezamknięte" not in state_of(signed_in(world.bochnia.fn_head), case)


def test_they_are_the_teams_working_paper_until_the_head_of_the_unit_sees_the_case(world: World, signed_in) -> None:
    case = Case(world.bochnia).publish()
    audit = next_audit(world.bochnia, symbols=("FN", "KM"))
    path = f"/u/{world.bochnia.office.slug}/audity/{audit.key}"

    assert case.finding.number in signed_in(world.bochnia.fn_head).get(path).text
    assert case.finding.number not in signed_in(world.bochnia.km_head).get(path).text
