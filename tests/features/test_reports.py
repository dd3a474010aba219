"""The report of an audit: its parts, its issues, who reads it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.audits.models import Audit
from qms.checklists import queries as checklist_queries
from qms.checklists import service as checklists
from qms.core.db import db, scoped
from qms.domain.errors import InvalidInput, NotAllowedNow, NotPermitted
from qms.domain.report import Parts
from qms.findings import service as findings
from qms.people.models import Person
from qms.reports import queries, service
from tests.support.application import typed
from tests.support.cases import Case, acting, clause_id, plan_audit, upload, written
from tests.support.checklists import CLAUSES, answer, given
from tests.support.papers import LETTERS, run_together
from tests.support.pdf import words_of_pdf
from tests.support.statements import counted
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]

PARTS = Parts(
    conclusion=f"Zażółć gęślą jaźń: {LETTERS} – „cudzysłów”, 50 % & <b>nie znacznik</b> #let x = 1",
    unaudited="Punkt zamiejscowy był zamknięty.",
    obstacles="Urlop jednej osoby.",
    differing_opinions="Komórka widzi to inaczej.",
    distribution="Starosta\nWydział Finansowy",
)


def address(audit: Audit) -> str:
    return f"/u/sp-bochnia/audity/{audit.key}/raport"


def main_text(client: FlaskClient, path: str) -> str:
    return BeautifulSoup(client.get(path).data, "html.parser").main.get_text(" ", strip=True)


def published(where: OfficeWorld, parts: Parts = PARTS, *, category: str = "nonconformity") -> Case:
    case = Case(where, category=category)
    with case.scope():
        findings.change(case.finding, written(where, category), [upload("rejestr.pdf")], by=acting(where.auditor))
        service.publish(case.audit, parts, by=acting(where.auditor), today=TODAY)
        db.session.commit()
    return case


# drafting and publishing


def test_the_team_drafts_the_lead_publishes_and_everybody_reads(world: World, signed_in: SignIn) -> None:
    audit = Case(world.bochnia).audit
    member, lead = signed_in(world.bochnia.second_auditor), signed_in(world.bochnia.auditor)
    here = address(audit)

    kept = typed(member, f"{here}/szkic", conclusion="Szkic wniosku.", obstacles="Urlop.", draft="1")
    before = main_text(lead, f"{here}/szkic")
    hidden = signed_in(world.bochnia.proxy).get(here)
    sent = typed(lead, f"{here}/szkic", conclusion="System działa.", obstacles="Urlop.")
    page = main_text(signed_in(world.bochnia.proxy), here)

    assert kept.location == f"{here}/szkic"
    assert "Szkic wniosku." in before
    assert hidden.location.endswith("/ustalenia")
    assert sent.location == here
    assert "System działa." in page
    assert "Urlop." in page
    assert "Szkic wniosku." not in page


def test_a_member_of_the_team_cannot_publish(world: World, signed_in: SignIn) -> None:
    audit = Case(world.bochnia).audit

    refused = typed(signed_in(world.bochnia.second_auditor), f"{address(audit)}/szkic", conclusion="System działa.")

    assert "System działa." in refused.get_data(as_text=True)
    assert db.session.get(Audit, audit.id).state == "under_way"


def test_of_two_who_draft_at_once_the_second_sees_both_texts(world: World, signed_in: SignIn) -> None:
    audit = Case(world.bochnia).audit
    here = f"{address(audit)}/szkic"
    first, second = signed_in(world.bochnia.auditor), signed_in(world.bochnia.second_auditor)
    loaded = BeautifulSoup(second.get(here).data, "html.parser").select("main form input[type=hidden]")
    hidden = {field["name"]: field.get("value", "") for field in loaded}

    typed(first, here, obstacles="Urlop jednej osoby.", draft="1")
    stale = second.post(here, data=hidden | {"obstacles": "Brak klucza do archiwum.", "draft": "1"})

    assert stale.status_code == 409
    for text in ("Urlop jednej osoby.", "Brak klucza do archiwum."):
        assert text in stale.get_data(as_text=True)
    assert audit.obstacles == "Urlop jednej osoby."


def test_the_check_names_what_is_missing_and_leads_to_it(world: World, signed_in: SignIn) -> None:
    audit = plan_audit(world.bochnia)

    page = BeautifulSoup(signed_in(world.bochnia.auditor).get(f"{address(audit)}/szkic").data, "html.parser")

    links = [link["href"] for link in page.select(".notice a")]
    assert links == ["#conclusion", "#unaudited", "#obstacles", "#differing_opinions", "#distribution"]
    assert page.select_one(".notice--warning a")["href"] == "#conclusion"


def test_the_check_names_questions_without_an_answer(world: World, signed_in: SignIn) -> None:
    audit = plan_audit(world.bochnia)
    with scoped(frozenset({audit.office_id})):
        checklists.build(audit, CLAUSES)
        db.session.commit()
        asked = checklist_queries.questions(audit.id)
        assert len(asked) == 2
    answer(audit, given(asked[0]), where=world.bochnia)

    notice = main_text(signed_in(world.bochnia.auditor), f"{address(audit)}/szkic")

    assert "1 pytanie nie ma odpowiedzi" in notice
    assert f"({asked[1].number})" in notice
    assert f"({asked[0].number})" not in notice


def test_a_draft_says_that_it_is_one(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia)

    answer = signed_in(world.bochnia.second_auditor).get(f"{address(case.audit)}/szkic.pdf")

    words = words_of_pdf(answer.data)
    assert "Szkic. Raport nie jest jeszcze opublikowany." in words
    assert "Dwa upoważnienia straciły ważność." in words


def test_the_draft_of_a_published_report_is_the_report(world: World, signed_in: SignIn) -> None:
    case = published(world.bochnia)

    answer = signed_in(world.bochnia.auditor).get(f"{address(case.audit)}/szkic")

    assert answer.location == address(case.audit)


def test_nobody_drafts_a_published_report(world: World) -> None:
    case = published(world.bochnia)

    with case.scope(), pytest.raises(NotAllowedNow):
        service.save_draft(case.audit, Parts(), by=acting(world.bochnia.auditor))


def test_a_refused_report_changes_nothing(world: World) -> None:
    audit = plan_audit(world.bochnia)
    nothing = replace(PARTS, conclusion="")

    with scoped(frozenset({world.bochnia.office.id})):
        with pytest.raises(InvalidInput):
            service.publish(audit, nothing, by=acting(world.bochnia.auditor), today=TODAY)

        assert (audit.state, audit.obstacles, queries.issues_of(audit)) == ("planned", "", [])


# issues


def test_an_amendment_is_a_new_issue_and_the_earlier_one_stays_whole(world: World, signed_in: SignIn) -> None:
    case = published(world.bochnia)
    lead, here = signed_in(world.bochnia.auditor), address(case.audit)
    told = {"unaudited": "Archiwum.", "obstacles": "", "differing_opinions": "", "distribution": PARTS.distribution}

    done = typed(lead, f"{here}/popraw", reason="Pominięto archiwum.", conclusion=PARTS.conclusion, **told)
    page = main_text(lead, here)

    with case.scope():
        first, second = queries.issues_of(case.audit)
    assert done.location == here
    assert (first.number, first.parts, first.reason) == (1, PARTS, "")
    assert (second.number, second.unaudited, second.reason) == (2, "Archiwum.", "Pominięto archiwum.")
    assert case.audit.unaudited == "Archiwum."
    assert "Punkt zamiejscowy był zamknięty." in page, "the earlier issue can still be read"
    assert "Czego nie zbadano, Trudności, Rozbieżne zdania" in page


@pytest.mark.parametrize(("who", "refusal"), [("second_auditor", NotPermitted), ("proxy", NotPermitted)])
def test_only_the_lead_amends(world: World, who: str, refusal: type[Exception]) -> None:
    case = published(world.bochnia)

    with case.scope(), pytest.raises(refusal):
        service.amend(case.audit, Parts(conclusion="Inny."), reason="Tak.", by=acting(world.bochnia.people[who]))


def test_an_amendment_that_changes_nothing_is_refused_and_keeps_what_was_typed(world: World, signed_in: SignIn) -> None:
    case = published(world.bochnia)
    same = {name: getattr(PARTS, name) for name in PARTS.__dataclass_fields__}

    refused = typed(signed_in(world.bochnia.auditor), f"{address(case.audit)}/popraw", reason="Bo tak.", **same)

    assert refused.status_code == 200
    assert "Bo tak." in refused.get_data(as_text=True)
    with case.scope():
        assert len(queries.issues_of(case.audit)) == 1


def test_a_report_that_is_not_published_has_nothing_to_amend(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia)

    assert signed_in(world.bochnia.auditor).get(f"{address(case.audit)}/popraw").status_code == 404
    with case.scope(), pytest.raises(NotAllowedNow):
        service.amend(case.audit, PARTS, reason="Tak.", by=acting(world.bochnia.auditor))


# the page and the PDF


def test_the_page_says_everything_the_report_has_to(world: World, signed_in: SignIn) -> None:
    case = published(world.bochnia)
    with case.scope():
        case.audit.team_reason = "Auditor nie prowadzi tych spraw od roku."
        case.audit.team[0].warning = "worked_there"
        db.session.commit()

    page = main_text(signed_in(world.bochnia.fn_head), address(case.audit))

    for told in (
        *("Raport z auditu A-2026-01", "Starostwo Powiatowe w Bochni", "Wydział Finansowy", "ISO 9001:2015"),
        *("7.5.3", "20.11.2026", "Auditor Sp-Bochnia Auditor wiodący", "W ostatnich 12 miesiącach"),
        *("Auditor nie prowadzi tych spraw od roku.", "Niezgodność 1", "N-2026-001: Niezgodność"),
        *("Dwa upoważnienia", "Upoważnienia są aktualne.", "poz. 4 i 7.", "rejestr.pdf SHA-256:"),
        *("Starosta Wydział Finansowy", "Fn Head Sp-Bochnia", "Proxy Sp-Bochnia", "Data i podpis"),
    ):
        assert told in page.replace("\n", " "), told


def test_empty_parts_are_said_to_be_empty(world: World, signed_in: SignIn) -> None:
    case = published(world.bochnia, Parts(conclusion="System działa."))

    page = main_text(signed_in(world.bochnia.proxy), address(case.audit))

    assert page.count("Nie odnotowano.") == 4


def test_the_file_is_kept_by_nobody_and_named_in_plain_letters(world: World, signed_in: SignIn) -> None:
    with scoped(frozenset({world.bochnia.office.id})):
        world.bochnia.office.audit_pattern = "Ż/{n}/{yyyy}"
        db.session.commit()
    case = published(world.bochnia)

    answer = signed_in(world.bochnia.proxy).get(f"{address(case.audit)}.pdf")

    assert answer.headers["Content-Disposition"] == "attachment; filename=raport-z-1-2026.pdf"
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_report_takes_as_many_queries_for_sixty_findings_as_for_one(world: World, signed_in: SignIn) -> None:
    one, many = published(world.bochnia), Case(world.bochnia)
    with many.scope():
        for number in range(59):
            told = written(world.bochnia, clause_id=clause_id("7.5.2"), statement=f"Ustalenie {number}.")
            findings.record(many.audit, told, [upload("rejestr.pdf")], by=acting(world.bochnia.auditor))
        service.publish(many.audit, PARTS, by=acting(world.bochnia.auditor), today=TODAY)
        db.session.commit()
    client = signed_in(world.bochnia.proxy)

    costs = []
    for case in (one, many):
        client.get(address(case.audit))
        with counted() as statements:
            page = client.get(address(case.audit))
        costs.append(len(statements))

    assert costs[0] == costs[1]
    assert len(BeautifulSoup(page.data, "html.parser").select("h3")) == 60


# the card


def test_the_card_says_what_the_case_came_to(world: World, signed_in: SignIn) -> None:
    case = published(world.bochnia).answer().accept().do().verify()
    client = signed_in(world.bochnia.proxy)

    page = main_text(client, f"{case.address}/karta")
    words = words_of_pdf(client.get(f"{case.address}/karta.pdf").data)

    for told in (
        *("Karta niezgodności N-2026-001", "Odnowiono upoważnienia.", "Nikt nie pilnuje dat ważności."),
        *("Założyć rejestr z przypomnieniami.", "Założono rejestr.", "Rejestr obejrzany.", "Data i podpis"),
    ):
        assert told in page
        assert run_together(told) in run_together(words)


def test_an_answer_that_is_still_being_written_stands_on_no_card(world: World, signed_in: SignIn) -> None:
    case = published(world.bochnia)
    with case.scope():
        answer = findings.Answer(correction="Jeszcze niegotowe.", cause="", actions=())
        findings.save_answer(case.finding, answer, by=acting(world.bochnia.fn_head), today=TODAY)
        db.session.commit()

    page = main_text(signed_in(world.bochnia.proxy), f"{case.address}/karta")

    assert "Jeszcze niegotowe." not in page


def test_what_needs_no_answer_has_a_short_card(world: World, signed_in: SignIn) -> None:
    case = published(world.bochnia, category="strength")

    page = main_text(signed_in(world.bochnia.proxy), f"{case.address}/karta")

    assert "Karta ustalenia M-2026-001" in page
    assert "Odpowiedź komórki" not in page
