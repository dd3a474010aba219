"""Findings as the team writes them, and the report that makes them known."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import current_app
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from qms.audits import service as audits
from qms.core import files
from qms.core.db import db, scoped
from qms.domain.errors import InvalidInput, NotAllowedNow, NotPermitted, RuleViolation
from qms.findings import queries, service
from qms.findings.models import Evidence, Finding
from qms.offices import service as offices
from qms.people import service as people
from qms.standards.models import Clause
from tests.support.application import typed
from tests.support.audits import letters
from tests.support.cases import EDITION, PDF, Case, acting, clause_id, plan_audit, upload, written
from tests.support.exclusions import exclude
from tests.support.world import SINCE, TODAY, OfficeWorld, World


@pytest.fixture
def bochnia(world: World) -> Any:
    """The office in whose walls a test stands."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def findings() -> list[Finding]:
    return list(db.session.scalars(select(Finding).order_by(Finding.id)))


def clause(number: str) -> Clause:
    return db.session.scalars(select(Clause).where(Clause.edition_code == EDITION, Clause.number == number)).one()


def test_the_first_finding_puts_the_audit_under_way_and_stays_a_draft_without_a_number(bochnia):
    audit = plan_audit(bochnia)

    finding = service.record(audit, written(bochnia), [upload()], by=acting(bochnia.auditor))
    db.session.commit()

    assert (audit.state, finding.state, finding.number, finding.stage) == ("under_way", "draft", None, None)
    assert [file.file.name for file in finding.files] == ["register.pdf"]


def chapter(place: OfficeWorld) -> dict[str, Any]:
    return {"clause_id": clause_id("7")}


def group(place: OfficeWorld) -> dict[str, Any]:
    return {"clause_id": db.session.scalars(select(Clause.id).where(Clause.kind == "group")).first()}


def other_edition(place: OfficeWorld) -> dict[str, Any]:
    return {"clause_id": clause_id("7.4.1", "9001:2008")}


def excluded(place: OfficeWorld) -> dict[str, Any]:
    leaf = clause("8.3.2")
    exclude(place.office, clause("8.3"), justification="Urząd nie projektuje.", valid_from=SINCE)
    return {"clause_id": leaf.id}


WRONG: dict[str, tuple[Callable[[OfficeWorld], dict[str, Any]], str]] = {
    "a chapter": (chapter, "clause_id"),
    "a group": (group, "clause_id"),
    "a clause of another edition": (other_edition, "clause_id"),
    "an excluded clause": (excluded, "clause_id"),
    "no clause": (lambda _: {"clause_id": None}, "clause_id"),
    "a clause that does not exist": (lambda _: {"clause_id": 999_999}, "clause_id"),
    "a department that is not audited": (lambda place: {"department_id": place.departments["KM"].id}, "department_id"),
    "a grade where the office has none": (lambda _: {"category": "major"}, "category"),
    "no statement": (lambda _: {"statement": ""}, "statement"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_recorded_is_refused_at_its_field(bochnia, wrong):
    audit = plan_audit(bochnia)
    change, field = WRONG[wrong]

    with pytest.raises(InvalidInput) as refused:
        service.record(audit, written(bochnia, **change(bochnia)), by=acting(bochnia.auditor))

    assert refused.value.field == field
    assert findings() == []


@pytest.mark.parametrize(
    ("who", "is_granted"),
    [
        ("auditor", True),
        ("second_auditor", True),
        ("proxy", False),
        ("fn_head", False),
        ("head", False),
        ("external", False),
    ],
)
def test_only_the_team_records_findings(bochnia, who, is_granted):
    audit = plan_audit(bochnia)

    if is_granted:
        assert service.record(audit, written(bochnia), by=acting(bochnia.people[who])).key
        return
    with pytest.raises(NotPermitted):
        service.record(audit, written(bochnia), by=acting(bochnia.people[who]))


def test_publishing_numbers_the_findings_and_lets_the_cases_wait_for_an_answer(bochnia):
    audit = plan_audit(bochnia)
    for category in ("nonconformity", "observation", "nonconformity"):
        service.record(audit, written(bochnia, category), by=acting(bochnia.auditor))

    service.publish(audit, conclusion="System działa.", by=acting(bochnia.auditor), today=TODAY)
    db.session.commit()

    first, second, third = findings()
    assert [first.number, second.number, third.number] == ["N-2026-001", "S-2026-001", "N-2026-002"]
    assert (first.state, first.stage, first.waits_for) == ("reported", 1, "answer")
    assert (second.state, second.stage, second.waits_for) == ("reported", None, None)
    assert first.due_on.isoformat() == "2026-12-04"
    assert (audit.state, audit.conclusion, audit.finding_count) == ("finished", "System działa.", 3)


def test_an_answer_is_due_on_the_next_working_day_when_its_limit_ends_on_a_day_off(bochnia):
    offices.set_limit(bochnia.office, "answer", replace(offices.STARTER_LIMITS["answer"], value=15))

    case = Case(bochnia).publish()

    assert case.finding.due_on.isoformat() == "2026-12-07"  # the 5th is a Saturday


def test_a_cleared_limit_sets_no_day(bochnia):
    offices.set_limit(bochnia.office, "answer", replace(offices.STARTER_LIMITS["answer"], value=None))

    case = Case(bochnia).publish()

    assert (case.finding.waits_for, case.finding.due_on) == ("answer", None)


def test_each_head_gets_one_letter_for_all_that_was_found(bochnia):
    audit = plan_audit(bochnia)
    for category in ("nonconformity", "nonconformity", "strength"):
        service.record(audit, written(bochnia, category), by=acting(bochnia.auditor))

    service.publish(audit, conclusion="", by=acting(bochnia.auditor), today=TODAY)
    db.session.commit()

    told = letters("findings_published")
    assert list(told) == [bochnia.fn_head.id]
    payload = told[bochnia.fn_head.id]
    assert [each["number"] for each in payload["nonconformities"]] == ["N-2026-001", "N-2026-002"]
    assert payload["nonconformities"][0]["path"].endswith("/odpowiedz")
    assert (payload["others"], payload["department"]) == (1, "Wydział Finansowy")


def test_management_and_the_proxy_hear_of_a_report_each_once(bochnia):
    audit = plan_audit(bochnia)
    for category in ("nonconformity", "nonconformity", "strength"):
        service.record(audit, written(bochnia, category), by=acting(bochnia.auditor))

    service.publish(audit, conclusion="", by=acting(bochnia.auditor), today=TODAY)
    db.session.commit()

    told = letters("report_published")
    posts = {bochnia.head: "head_of_office", bochnia.secretary: "secretary", bochnia.proxy: "proxy"}
    assert {person_id: payload["post"] for person_id, payload in told.items()} == {
        person.id: post for person, post in posts.items()
    }
    payload = told[bochnia.head.id]
    assert (payload["nonconformities"], payload["others"], payload["department"]) == (2, 1, "Wydział Finansowy")
    assert payload["audit_path"] == f"/u/sp-bochnia/audity/{audit.key}/raport"
    assert not told.keys() & letters("findings_published").keys()


def test_a_report_that_found_nothing_is_told_to_the_head_of_the_unit_as_well(bochnia):
    audit = plan_audit(bochnia)

    service.publish(audit, conclusion="Bez ustaleń.", by=acting(bochnia.auditor), today=TODAY)
    db.session.commit()

    told = letters("report_published")
    assert told.keys() == {person.id for person in (bochnia.head, bochnia.secretary, bochnia.proxy, bochnia.fn_head)}
    assert told[bochnia.fn_head.id]["post"] == "unit_head"
    assert {payload["nonconformities"] for payload in told.values()} == {0}


def test_where_nobody_heads_the_unit_the_letter_asks_the_proxy_to_name_who_does(bochnia):
    for member in people.colleagues.staff(bochnia.office.id, TODAY):
        if member.person_id == bochnia.fn_head.id:
            people.leave(member, on=SINCE)
    db.session.commit()

    Case(bochnia).publish()

    told = letters("report_published")[bochnia.proxy.id]
    assert letters("findings_published") == {}
    assert (told["without_head"], told["people_path"]) == (["Wydział Finansowy"], "/u/sp-bochnia/urzad")


@pytest.mark.parametrize("who", ["second_auditor", "proxy", "fn_head", "head"])
def test_only_the_lead_publishes(bochnia, who):
    case = Case(bochnia)

    with pytest.raises(NotPermitted):
        service.publish(case.audit, conclusion="", by=acting(bochnia.people[who]), today=TODAY)

    assert case.again().state == "draft"


def test_a_report_is_published_once(bochnia):
    case = Case(bochnia).publish()

    with pytest.raises(NotAllowedNow):
        service.publish(case.audit, conclusion="", by=acting(bochnia.auditor), today=TODAY)


def test_a_finding_without_evidence_is_not_published_and_nothing_is_numbered(bochnia):
    audit = plan_audit(bochnia)
    service.record(audit, written(bochnia), by=acting(bochnia.auditor))
    bare = service.record(audit, written(bochnia, evidence=""), by=acting(bochnia.auditor))
    db.session.commit()

    missing = service.missing_parts(queries.drafts_of(audit), by=acting(bochnia.auditor), today=TODAY)
    with pytest.raises(NotAllowedNow, match="evidence"):
        service.publish(audit, conclusion="", by=acting(bochnia.auditor), today=TODAY)

    assert list(missing) == [bare.id]
    db.session.rollback()
    assert [finding.number for finding in findings()] == [None, None]


def test_a_report_without_findings_needs_a_conclusion(bochnia):
    audit = plan_audit(bochnia)

    with pytest.raises(InvalidInput) as refused:
        service.publish(audit, conclusion="", by=acting(bochnia.auditor), today=TODAY)
    service.publish(audit, conclusion="Bez ustaleń.", by=acting(bochnia.auditor), today=TODAY)

    assert refused.value.field == "conclusion"
    assert audit.state == "finished"


def test_a_withdrawn_draft_gets_no_number_and_is_shown_nowhere(bochnia):
    case = Case(bochnia)
    service.withdraw(case.finding, by=acting(bochnia.second_auditor), today=TODAY)
    db.session.commit()

    service.publish(case.audit, conclusion="Bez ustaleń.", by=acting(bochnia.auditor), today=TODAY)
    db.session.commit()

    assert (case.finding.state, case.finding.number, case.finding.stage) == ("cancelled", None, None)
    assert queries.by_key(bochnia.office, case.finding.key) is None


def test_a_body_grades_its_findings_whatever_the_office_does(bochnia):
    case = Case(bochnia, kind="surveillance", category="major")

    assert case.finding.category == "major"
    with pytest.raises(InvalidInput):
        service.record(case.audit, written(bochnia, "nonconformity"), by=acting(bochnia.auditor))


# pages


def finding_form(place: OfficeWorld, **changed: Any) -> dict[str, Any]:
    fields = written(place)
    return {
        "clause_id": str(fields.clause_id),
        "department_id": str(fields.department_id),
        "category": fields.category,
        "requirement": fields.requirement,
        "evidence": fields.evidence,
        "statement": fields.statement,
    } | changed


def test_the_lead_records_publishes_and_the_case_is_there(world, signed_in):
    audit = plan_audit(world.bochnia)
    client = signed_in(world.bochnia.auditor)
    base = f"/u/sp-bochnia/audity/{audit.key}"

    saved = typed(client, f"{base}/ustalenia/nowe", **finding_form(world.bochnia))
    report = client.get(f"{base}/raport/szkic")
    published = typed(client, f"{base}/raport/szkic", conclusion="System działa.")

    assert saved.status_code == published.status_code == 302
    assert "Dwa upoważnienia" in report.get_data(as_text=True)
    assert "N-2026-001" in client.get(f"{base}/ustalenia").get_data(as_text=True)
    assert client.get(f"{base}/raport/szkic").status_code == 302


def test_the_same_form_sent_twice_records_one_finding(world, signed_in):
    audit = plan_audit(world.bochnia)
    client = signed_in(world.bochnia.auditor)
    address = f"/u/sp-bochnia/audity/{audit.key}/ustalenia/nowe"
    form = finding_form(world.bochnia, once="one-and-the-same")

    answers = [client.post(address, data=form).status_code for _ in range(2)]

    with scoped(frozenset({world.bochnia.office.id})):
        assert len(findings()) == 1
    assert answers == [302, 302]


@pytest.mark.parametrize(
    "text",
    ["x" * 100_000, "a\x00b", "\x1b[31m", " \u00a0\u2003"],
    ids=["100,000 letters", "NUL", "escape", "blank"],
)
def test_text_that_cannot_be_kept_is_refused_and_stays_on_the_page(world, signed_in, text):
    audit = plan_audit(world.bochnia)
    client = signed_in(world.bochnia.auditor)
    data = finding_form(world.bochnia, statement=text, evidence="To zostaje.")

    page = client.post(f"/u/sp-bochnia/audity/{audit.key}/ustalenia/nowe", data=data)

    assert page.status_code == 200
    assert "error-summary" in page.get_data(as_text=True)
    assert "To zostaje." in page.get_data(as_text=True)
    with scoped(frozenset({world.bochnia.office.id})):
        assert findings() == []


@pytest.mark.parametrize("ended", ["published", "cancelled"])
def test_nothing_is_typed_for_an_audit_that_is_over(world, signed_in, ended):
    audit = plan_audit(world.bochnia)
    with scoped(frozenset({world.bochnia.office.id})):
        if ended == "published":
            service.publish(audit, conclusion="System działa.", by=acting(world.bochnia.auditor), today=TODAY)
        else:
            audits.cancel(audit, reason="Remont.", today=TODAY)
        db.session.commit()
    base = f"/u/sp-bochnia/audity/{audit.key}/ustalenia"

    answer = signed_in(world.bochnia.auditor).get(f"{base}/nowe")

    page = BeautifulSoup(answer.data, "html.parser").select_one("main")
    assert answer.status_code == 409
    assert page.select_one(f'a[href="{base}"]')
    assert not page.select("form")


def test_a_forged_clause_is_refused_in_words(world, signed_in):
    audit = plan_audit(world.bochnia)
    client = signed_in(world.bochnia.auditor)
    address = f"/u/sp-bochnia/audity/{audit.key}/ustalenia/nowe"

    for forged in (str(clause_id("7")), "x", "9" * 30, "-1"):
        page = client.post(address, data=finding_form(world.bochnia, clause_id=forged))
        assert page.status_code == 200
        assert 'id="clause_id-error"' in page.get_data(as_text=True)


def test_excluded_clauses_stand_last_and_say_so(world, signed_in):
    with scoped(frozenset({world.bochnia.office.id})):
        exclude(world.bochnia.office, clause("8.3"), justification="Urząd nie projektuje.", valid_from=SINCE)
        db.session.commit()
    audit = plan_audit(world.bochnia)

    page = signed_in(world.bochnia.auditor).get(f"/u/sp-bochnia/audity/{audit.key}/ustalenia/nowe")

    groups = BeautifulSoup(page.data, "html.parser").select("#clause_id optgroup")
    numbers = [[option.get_text().partition(" ")[0] for option in group.select("option")] for group in groups]
    assert groups[-1]["label"] == "Wyłączone przez urząd"
    assert numbers[-1] == ["8.3.1", "8.3.2", "8.3.3", "8.3.4", "8.3.5", "8.3.6"]
    assert "8.2.1" in numbers[-2]


BAD_FILES = {
    "a program": ("setup.exe", b"MZ" + b"\0" * 64),
    "a program under a false name": ("photo.pdf", b"MZ" + b"\0" * 64),
    "a page": ("page.html", b"<script>alert(1)</script>"),
    "an empty file": ("empty.pdf", b""),
    "too large a file": ("large.pdf", PDF + b"0" * 2000),
}


@pytest.mark.parametrize("bad", BAD_FILES)
def test_a_forbidden_file_is_refused_at_its_field_and_nothing_is_saved(world, signed_in, monkeypatch, bad):
    monkeypatch.setitem(current_app.config, "UPLOAD_LIMIT", 1000)
    audit = plan_audit(world.bochnia)
    client = signed_in(world.bochnia.auditor)
    name, content = BAD_FILES[bad]
    data = MultiDict(finding_form(world.bochnia))
    data["files"] = (BytesIO(content), name)

    page = client.post(
        f"/u/sp-bochnia/audity/{audit.key}/ustalenia/nowe", data=data, content_type="multipart/form-data"
    )

    assert page.status_code == 200
    assert 'id="files-error"' in page.get_data(as_text=True)
    with scoped(frozenset({world.bochnia.office.id})):
        assert findings() == []


def test_a_file_comes_back_whole_as_a_download_that_can_run_nothing(world, signed_in):
    case = Case(world.bochnia)
    with case.scope():
        service.change(
            case.finding, written(world.bochnia), [upload("zażółć „gęślą”.pdf")], by=acting(world.bochnia.auditor)
        )
        db.session.commit()
    case.publish()
    with case.scope():
        stored = db.session.scalars(select(Evidence)).one()
        assert files.is_whole(stored.file)
        key = stored.key

    answer = signed_in(world.bochnia.fn_head).get(f"/u/sp-bochnia/pliki/{key}", buffered=True)

    assert hashlib.sha256(answer.data).hexdigest() == hashlib.sha256(PDF).hexdigest()
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''za%C5%BC" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_drafts_and_their_files_are_for_the_team_alone(world, signed_in):
    case = Case(world.bochnia)
    with case.scope():
        service.change(case.finding, written(world.bochnia), [upload()], by=acting(world.bochnia.auditor))
        db.session.commit()
        key = case.finding.files[0].key
    draft, file = f"/u/sp-bochnia/szkice/{case.finding.key}/zmien", f"/u/sp-bochnia/szkice/pliki/{key}"

    for who, expected in (("auditor", 200), ("second_auditor", 200), ("proxy", 404), ("fn_head", 404), ("head", 404)):
        client = signed_in(world.bochnia.people[who])
        assert [client.get(draft).status_code, client.get(file, buffered=True).status_code] == [expected, expected], who
        assert client.get(case.address).status_code == 404
        assert client.get(f"/u/sp-bochnia/pliki/{key}").status_code == 404
    listed = signed_in(world.bochnia.proxy).get(f"/u/sp-bochnia/audity/{case.audit.key}/ustalenia")
    assert "Dwa upoważnienia" not in listed.get_data(as_text=True)


def test_a_draft_saved_by_another_meanwhile_is_not_overwritten(world, signed_in):
    case = Case(world.bochnia)
    client = signed_in(world.bochnia.auditor)
    address = f"/u/sp-bochnia/szkice/{case.finding.key}/zmien"
    stale = case.finding.version
    with case.scope():
        service.change(
            case.finding, written(world.bochnia, statement="Nowsza treść."), by=acting(world.bochnia.auditor)
        )
        db.session.commit()

    page = client.post(address, data=finding_form(world.bochnia, statement="Moja treść.", version=str(stale)))

    assert page.status_code == 409
    assert "Nowsza treść." in page.get_data(as_text=True)
    assert "Moja treść." in page.get_data(as_text=True)
    with case.scope():
        assert case.again().statement == "Nowsza treść."


def test_a_published_text_cannot_be_rewritten(bochnia):
    case = Case(bochnia).publish()

    with pytest.raises(RuleViolation):
        service.change(case.finding, written(bochnia, statement="Inaczej."), by=acting(bochnia.auditor))
