"""Clauses an office leaves out: on its pages, by the rule of the edition, and what audits and findings make of it."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qms.core import clock
from qms.core.db import db, scoped
from qms.core.trail import TrailEntry
from qms.offices import queries, service
from qms.standards import queries as standards
from tests.support.application import NOON, typed
from tests.support.audits import clause_ids
from tests.support.cases import plan_audit
from tests.support.statements import counted
from tests.support.world import TODAY

OFFICE = "/u/sp-bochnia"
DAY = timedelta(days=1)


def clause(number, edition="9001:2015"):
    found = next(each for each in standards.clauses(edition) if each.number == number)
    db.session.rollback()
    return found


def exclude(client, number, edition="9001:2015", **changed):
    fields = {"clause": str(clause(number, edition).id), "justification": "Urząd nie projektuje usług."}
    return typed(client, f"{OFFICE}/wylaczenia/nowe", **fields | {"valid_from": "20.11.2026"} | changed)


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
        "20.11.2026",
        "bezterminowo",
        place.deputy.name,
        "",
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


@pytest.mark.parametrize("field", ["clause", "justification", "valid_from"])
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
        assert queries.excluded_numbers(place.office.id, "9001:2015", date(2026, 11, 30)) == {"8.3"}
        assert queries.excluded_numbers(place.office.id, "9001:2015", date(2026, 12, 1)) == frozenset()
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


def test_an_exclusion_that_is_over_cannot_be_ended_from_the_list(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    exclude(client, "8.3")
    assert rows(client)[0][-1]
    end(client, stored(world.bochnia)[0], valid_until="20.11.2026")

    with clock.at(NOON + DAY):
        assert not rows(signed_in(world.bochnia.proxy))[0][-1]


def test_the_same_form_sent_twice_excludes_once(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    sent = {"clause": str(clause("8.3").id), "justification": "x", "valid_from": "20.11.2026", "once": "the-same"}

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
        there = service.exclude(world.leczyca.office, clause("8.3"), justification="Tajne.", valid_from=TODAY)
        db.session.flush()
        key = there.key
        db.session.commit()
    client = signed_in(world.bochnia.proxy)

    assert rows(client) == []
    assert client.get(f"{OFFICE}/wylaczenia/{key}/zakoncz").status_code == 404
    assert client.get(f"/u/sp-leczyca/wylaczenia/{key}/zakoncz").status_code == 404


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
