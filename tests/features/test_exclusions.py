"""Clauses an office leaves out: on its pages, by the rule of the edition, and what audits and findings make of it."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qms.audits.service import change as change_audit
from qms.audits.service import plan
from qms.core import clock
from qms.core.db import db, scoped
from qms.core.trail import TrailEntry
from qms.domain.errors import InvalidInput
from qms.findings.service import change as rewrite
from qms.findings.service import record
from qms.people.service import deactivate
from qms.requirements import queries
from qms.standards import queries as standards
from tests.support.application import NOON, typed
from tests.support.audits import clause_ids, wanted
from tests.support.cases import Case, acting, plan_audit, written
from tests.support.exclusions import exclude as leave_out
from tests.support.statements import counted
from tests.support.world import SINCE, TODAY

OFFICE = "/u/sp-bochnia"
DAY = timedelta(days=1)
WHY = {
    "justification": "Urząd nie projektuje usług.",
    "manual_issue": "wydanie 5 z 12.03.2024",
    "manual_section": "1.3",
    "approver_words": "Jan Nowak, starosta",
    "valid_from": "20.11.2026",
}


def clause(number, edition="9001:2015"):
    found = next(each for each in standards.clauses(edition) if each.number == number)
    db.session.rollback()
    return found


def exclude(client, number, edition="9001:2015", **changed):
    fields = {"clause": str(clause(number, edition).id)}
    return typed(client, f"{OFFICE}/wylaczenia/nowe", **fields | WHY | changed)


def change(client, exclusion, **changed):
    path = f"{OFFICE}/wylaczenia/{exclusion.key}/zmien"
    loaded = {"version": str(exclusion.version)}
    return typed(client, path, **loaded | WHY | changed)


def end(client, exclusion, **changed):
    fields = {"valid_until": "30.11.2026", "reason": "Urząd projektuje nową usługę."}
    return typed(client, f"{OFFICE}/wylaczenia/{exclusion.key}/zakoncz", **fields | changed)


def stored(place):
    with scoped(frozenset({place.office.id})):
        db.session.expire_all()
        found = queries.exclusions(place.office.id)
        db.session.rollback()
    return found


def errors(response):
    page = BeautifulSoup(response.data, "html.parser")
    return {
        each["id"].removesuffix("-error"): each.get_text(" ", strip=True)
        for each in page.select("main p.error:not([hidden])")
    }


def rows(client):
    page = BeautifulSoup(client.get(f"{OFFICE}/wylaczenia").data, "html.parser")
    return [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in page.select("main tbody tr")]


def test_an_exclusion_is_listed_with_its_reason_its_day_and_who_approved_it(signed_in, world):
    place = world.bochnia

    answer = exclude(signed_in(place.deputy), "8.3")

    assert answer.location == f"{OFFICE}/wylaczenia"
    [row] = rows(signed_in(place.auditor))
    assert row[0].startswith("8.3 ")
    assert row[1:] == [
        "ISO 9001:2015",
        "Urząd nie projektuje usług.",
        "wydanie 5 z 12.03.2024, pkt 1.3",
        "20.11.2026",
        "bezterminowo",
        "Jan Nowak, starosta",
    ]
    told = db.session.scalars(select(TrailEntry).where(TrailEntry.about == "exclusion")).one()
    assert (told.action, told.reason, told.person_id) == ("created", "Urząd nie projektuje usług.", place.deputy.id)


def test_only_what_an_edition_allows_is_offered(signed_in, world):
    page = BeautifulSoup(signed_in(world.bochnia.proxy).get(f"{OFFICE}/wylaczenia/nowe").data, "html.parser")

    offered = {
        (group["label"].partition(",")[0], option.get_text().partition(" ")[0])
        for group in page.select("#clause optgroup")
        for option in group.select("option")
    }
    old = {number for edition, number in offered if edition == "ISO 9001:2008"}
    assert old >= {"7.1", "7.3", "7.3.1", "7.6"}
    assert {number.partition(".")[0] for number in old} == {"7"}
    assert {"8.3", "8.3.2", "4.1"} <= {number for edition, number in offered if edition == "ISO 9001:2015"}
    assert not {"4", "7", "8"} & {number for _, number in offered}


@pytest.mark.parametrize("number", ["8.2.2", "7"])
def test_a_forged_choice_is_refused_at_its_field(signed_in, world, number):
    refused = exclude(signed_in(world.bochnia.proxy), number, "9001:2008")

    assert set(errors(refused)) == {"clause"}
    assert stored(world.bochnia) == []


@pytest.mark.parametrize("field", ["clause", "justification", "manual_issue", "valid_from"])
def test_what_is_missing_is_said_at_its_field_and_the_rest_is_kept(signed_in, world, field):
    refused = exclude(signed_in(world.bochnia.proxy), "8.3", **{field: " " if field == "justification" else ""})

    assert set(errors(refused)) == {field}
    kept = BeautifulSoup(refused.data, "html.parser").select_one("#justification").get_text().strip()
    assert kept == ("" if field == "justification" else "Urząd nie projektuje usług.")
    assert stored(world.bochnia) == []


@pytest.mark.parametrize(("number", "since"), [("8.3", "20.11.2026"), ("8.3", "1.6.2027"), ("8.3.2", "21.11.2026")])
def test_a_clause_is_not_left_out_twice_at_the_same_time(signed_in, world, number, since):
    client = signed_in(world.bochnia.proxy)
    exclude(client, "8.3")

    refused = exclude(client, number, valid_from=since)

    assert set(errors(refused)) == {"valid_from"}
    assert "8.3" in errors(refused)["valid_from"]
    assert len(stored(world.bochnia)) == 1


def test_a_clause_left_out_until_a_day_may_be_left_out_again_later(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    exclude(client, "8.3")
    end(client, stored(world.bochnia)[0])

    again = exclude(client, "8.3", valid_from="1.12.2026")

    assert again.status_code == 302
    assert [each.valid_until for each in stored(world.bochnia)] == [None, date(2026, 11, 30)]


def test_a_clause_that_auditors_miss_is_left_out_with_a_warning(signed_in, world):
    client = signed_in(world.bochnia.proxy)

    exclude(client, "4.1")

    page = BeautifulSoup(client.get(f"{OFFICE}/wylaczenia").data, "html.parser")
    assert page.select("main .notice--warning")


def test_an_ended_exclusion_counts_through_its_last_day_and_the_reason_is_kept(signed_in, world):
    place = world.bochnia
    client = signed_in(place.proxy)
    exclude(client, "8.3")

    end(client, stored(place)[0])

    with scoped(frozenset({place.office.id})):
        assert set(queries.excluded(place.office.id, "9001:2015", date(2026, 11, 30))) == {"8.3"}
        assert queries.excluded(place.office.id, "9001:2015", date(2026, 12, 1)) == {}
    newest = select(TrailEntry).where(TrailEntry.about == "exclusion").order_by(TrailEntry.seq.desc()).limit(1)
    told = db.session.scalars(newest).one()
    assert (told.after, told.reason) == ({"valid_until": "2026-11-30"}, "Urząd projektuje nową usługę.")


@pytest.mark.parametrize(
    ("first", "second"), [(None, "19.11.2026"), ("30.11.2026", "30.11.2026"), ("30.11.2026", "1.12.2026")]
)
def test_an_end_before_the_beginning_or_after_the_end_is_refused(signed_in, world, first, second):
    client = signed_in(world.bochnia.proxy)
    exclude(client, "8.3")
    if first:
        end(client, stored(world.bochnia)[0], valid_until=first)

    refused = end(client, stored(world.bochnia)[0], valid_until=second)

    assert set(errors(refused)) == {"valid_until"}
    assert stored(world.bochnia)[0].valid_until == (date(2026, 11, 30) if first else None)


def test_an_exclusion_that_is_over_is_not_offered_to_be_ended(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    exclude(client, "8.3")
    page = f"{OFFICE}/wylaczenia/{stored(world.bochnia)[0].key}"
    assert f"{page}/zakoncz" in client.get(page).text
    end(client, stored(world.bochnia)[0], valid_until="20.11.2026")

    with clock.at(NOON + DAY):
        assert f"{page}/zakoncz" not in signed_in(world.bochnia.proxy).get(page).text


def test_the_same_form_sent_twice_excludes_once(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    sent = WHY | {"clause": str(clause("8.3").id), "once": "the-same"}

    answers = [client.post(f"{OFFICE}/wylaczenia/nowe", data=sent).location for _ in range(2)]

    assert answers == [f"{OFFICE}/wylaczenia"] * 2
    assert len(stored(world.bochnia)) == 1


def test_an_audit_against_an_excluded_clause_is_refused_on_its_page(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    exclude(client, "8.3")
    fields = {
        "kind": "internal",
        "department_ids": [str(world.bochnia.departments["FN"].id)],
        "edition_code": "9001:2015",
        "clause_ids": [str(each) for each in sorted(clause_ids("8.3.2"))],
        "starts_on": "30.11.2026",
        "ends_on": "30.11.2026",
        "lead_id": str(world.bochnia.auditor.id),
    }

    refused = typed(client, f"{OFFICE}/audity/nowy", **fields)
    end(client, stored(world.bochnia)[0], valid_until="29.11.2026")
    accepted = typed(client, f"{OFFICE}/audity/nowy", **fields)

    assert "8.3.2" in errors(refused)["clause_ids"]
    assert accepted.status_code == 302


def test_a_finding_against_an_excluded_clause_is_refused_on_its_page(signed_in, world):
    exclude(signed_in(world.bochnia.proxy), "8.3", valid_from="1.1.2026")
    audit = plan_audit(world.bochnia)
    sent = {
        "clause_id": str(clause("8.3.2").id),
        "department_id": str(world.bochnia.departments["FN"].id),
        "category": "nonconformity",
        "requirement": "Wymaganie.",
        "evidence": "Dowód.",
        "statement": "Stwierdzenie.",
    }

    refused = typed(signed_in(world.bochnia.auditor), f"{OFFICE}/audity/{audit.key}/ustalenia/nowe", **sent)

    assert set(errors(refused)) == {"clause_id"}


def test_exclusions_of_another_office_are_neither_listed_nor_there(signed_in, world):
    with scoped(frozenset({world.leczyca.office.id})):
        there = leave_out(world.leczyca.office, clause("8.3"), valid_from=TODAY)
        db.session.flush()
        key = there.key
        db.session.commit()
    client = signed_in(world.bochnia.proxy)

    assert rows(client) == []
    for page in ("", "/zmien", "/zakoncz"):
        assert client.get(f"{OFFICE}/wylaczenia/{key}{page}").status_code == 404
        assert client.get(f"/u/sp-leczyca/wylaczenia/{key}{page}").status_code == 404


def test_the_list_costs_the_same_for_many_exclusions(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    exclude(client, "8.3")
    db.session.expire_all()
    with counted() as few:
        client.get(f"{OFFICE}/wylaczenia")
    for number in ("7.1.5", "8.5.1", "8.5.3", "8.5.5"):
        exclude(client, number)

    db.session.expire_all()
    with counted() as many:
        assert len(rows(client)) == 5
    assert len(many) == len(few)


# Who approved it, where it is written, and what it was before


@pytest.mark.parametrize(
    ("chosen", "typed_words", "wrong"),
    [("head", "", set()), ("", "Jan Nowak", set()), ("", "", {"approved_by_id"}), ("head", "Jan", {"approver_words"})],
)
def test_one_approver_is_chosen_or_typed(*, signed_in, world, chosen, typed_words, wrong):
    person = str(world.bochnia.people[chosen].id) if chosen else ""

    answer = exclude(signed_in(world.bochnia.proxy), "8.3", approved_by_id=person, approver_words=typed_words)

    assert (set(errors(answer)) if wrong else answer.status_code) == (wrong or 302)
    assert [each.approver for each in stored(world.bochnia)] == (
        [] if wrong else [world.bochnia.head.name if chosen else typed_words]
    )


def test_somebody_of_another_office_approved_nothing_here(signed_in, world):
    stranger = str(world.leczyca.head.id)

    refused = exclude(signed_in(world.bochnia.proxy), "8.3", approved_by_id=stranger, approver_words="")

    assert set(errors(refused)) == {"approved_by_id"}
    assert world.leczyca.head.name not in refused.text


def test_an_end_before_the_first_day_is_refused(signed_in, world):
    refused = exclude(signed_in(world.bochnia.proxy), "8.3", valid_until="19.11.2026")

    assert set(errors(refused)) == {"valid_until"}


def test_an_exclusion_with_an_end_leaves_room_for_the_next_one(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    exclude(client, "8.3", valid_until="30.11.2026")

    assert exclude(client, "8.3", valid_from="1.12.2026").status_code == 302
    assert exclude(client, "8.3.2", valid_from="1.1.2026", valid_until="19.11.2026").status_code == 302
    assert set(errors(exclude(client, "8.3.2", valid_from="1.1.2026", valid_until="20.11.2026"))) == {"valid_from"}


def test_a_new_issue_of_the_manual_is_followed_and_the_former_one_stays_in_the_history(signed_in, world):
    place = world.bochnia
    client = signed_in(place.proxy)
    exclude(client, "8.3")
    found = stored(place)[0]

    answer = change(client, found, manual_issue="wydanie 6", approver_words="", approved_by_id=str(place.head.id))

    assert answer.location == f"{OFFICE}/wylaczenia/{found.key}"
    page = BeautifulSoup(signed_in(place.auditor).get(answer.location).data, "html.parser")
    assert "wydanie 6, pkt 1.3" in page.select_one(".summary").text
    newest, first = page.select(".history li")
    told = " ".join(newest.text.split())
    assert "Wydanie księgi jakości: wydanie 5 z 12.03.2024" in told
    assert "Jan Nowak, starosta" in told
    assert place.proxy.name in told
    assert "wydanie 5" not in first.text
    assert stored(place)[0].approver == place.head.name


def test_a_change_made_on_an_old_page_shows_both_texts(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    exclude(client, "8.3")
    found = stored(world.bochnia)[0]
    loaded = str(found.version)
    change(client, found, manual_issue="wydanie 6")

    stale = change(client, found, manual_issue="wydanie 7", version=loaded)

    assert stale.status_code == 409
    assert all(issue in stale.text for issue in ("wydanie 6", "wydanie 7"))
    assert stored(world.bochnia)[0].manual_issue == "wydanie 6"


def test_the_person_who_approved_it_stays_on_the_form_after_leaving(signed_in, world):
    place = world.bochnia
    client = signed_in(place.proxy)
    exclude(client, "8.3", approved_by_id=str(place.km_head.id), approver_words="")
    with scoped(frozenset({place.office.id})):
        deactivate(place.km_head, reason="Left.")
        db.session.commit()

    found = stored(place)[0]
    answer = change(client, found, approved_by_id=str(place.km_head.id), approver_words="", manual_issue="wydanie 6")

    assert answer.status_code == 302
    assert stored(place)[0].approver == place.km_head.name


# What audits, findings and reports make of it


def test_pickers_mark_what_is_left_out_with_the_justification(signed_in, world):
    place = world.bochnia
    client = signed_in(place.auditor)
    exclude(signed_in(place.proxy), "8.3", valid_from="1.1.2026")
    audit = plan_audit(place)

    pages = {
        "nowy": signed_in(place.proxy).get(f"{OFFICE}/audity/nowy"),
        "ustalenia": client.get(f"{OFFICE}/audity/{audit.key}/ustalenia/nowe"),
        "pytania": client.get(f"{OFFICE}/audity/{audit.key}/pytania/nowe"),
    }

    for name, page in pages.items():
        found = BeautifulSoup(page.data, "html.parser").select("main label, main option")
        [text] = [words for each in found if (words := each.get_text(" ", strip=True)).startswith("8.3.2 ")]
        assert text.endswith("wyłączone: Urząd nie projektuje usług."), name


def test_a_certification_body_may_look_at_what_the_office_left_out(world):
    place = world.bochnia
    with scoped(frozenset({place.office.id})):
        leave_out(place.office, clause("8.3"), valid_from=SINCE)
        theirs = {"kind": "surveillance", "body": "Jednostka", "lead_id": place.auditor.id}
        audit = plan(place.office, wanted(place, clause_ids=clause_ids("8.3.2"), **theirs), today=TODAY)
        db.session.flush()

        with pytest.raises(InvalidInput, match=r"excluded clause 8\.3\.2"):
            plan(place.office, wanted(place, clause_ids=clause_ids("8.3.2")), today=TODAY)

        assert [part.clause.number for part in audit.clauses] == ["8.3.2"]


def test_the_report_names_what_was_left_out_on_its_days_and_keeps_it(signed_in, world):
    place = world.bochnia
    client = signed_in(place.proxy)
    exclude(client, "8.3", valid_from="1.1.2026", valid_until="20.11.2026")
    exclude(client, "8.5.5", valid_from="21.11.2026")
    case = Case(place).publish()
    report = f"{OFFICE}/audity/{case.audit.key}/raport"
    before = client.get(report).text
    change(client, stored(place)[0], justification="Inne.", valid_from="1.1.2026")

    after = client.get(report).text

    told = "Urząd nie projektuje usług. Księga jakości: wydanie 5 z 12.03.2024, pkt 1.3."
    assert told in before
    assert told in after
    assert "8.5.5" not in after.partition("Wyłączone przez urząd")[2].partition("Dni")[0]


def test_what_was_recorded_before_its_clause_was_excluded_keeps_it(world):
    place = world.bochnia
    case = Case(place)
    with case.scope():
        draft, audit = case.again(), case.again().audit
        number, day = draft.clause.number, audit.starts_on
        leave_out(place.office, draft.clause, valid_from=SINCE)
        db.session.flush()

        rewrite(draft, written(place, clause_id=draft.clause_id, statement="Inaczej."), by=acting(place.auditor))
        clauses = frozenset(part.clause_id for part in audit.clauses)
        change_audit(audit, wanted(place, clause_ids=clauses, starts_on=day, ends_on=day), today=TODAY)

        assert (draft.clause.number, draft.statement) == (number, "Inaczej.")
        assert {part.clause_id for part in audit.clauses} == clauses
        with pytest.raises(InvalidInput):
            record(audit, written(place, clause_id=draft.clause_id), by=acting(place.auditor))
