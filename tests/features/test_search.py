"""One search over the registers: a whole number leads to its page, words to what the reader may see."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.support.cases import Case

SEARCH = "/u/sp-bochnia/szukaj"


@pytest.fixture
def case(world: Any) -> Case:
    Case(world.leczyca).publish()
    return Case(world.bochnia).publish()


def found(client: Any, typed: str) -> list[str]:
    page = client.get(SEARCH, query_string={"q": typed})
    assert page.status_code == 200
    return [link.text for link in BeautifulSoup(page.data, "html.parser").select("main li a")]


def test_a_whole_number_leads_to_its_page(case, signed_in):
    client = signed_in(case.where.proxy)

    assert client.get(SEARCH, query_string={"q": " n-2026-001 "}).location == case.address
    audit = client.get(SEARCH, query_string={"q": case.audit.number})
    assert audit.location == f"/u/sp-bochnia/audity/{case.audit.key}"


def test_words_find_by_their_beginnings_without_polish_letters(case, signed_in):
    client = signed_in(case.where.proxy)

    assert found(client, "upowaznien") == ["N-2026-001"]
    assert found(client, "finans") == [case.audit.number]
    assert case.audit.number in found(client, "A-20")
    assert found(client, "poważn") == []
    assert found(client, "%") == []
    assert found(client, "") == []


@pytest.mark.parametrize(("who", "seen"), [("fn_head", 2), ("auditor", 2), ("gd_head", 0), ("fn_clerk", 0)])
def test_people_find_only_what_they_may_list(case, signed_in, who, seen):
    client = signed_in(case.where.people[who])

    assert len(found(client, "upoważnien") + found(client, "finans")) == seen
    assert (client.get(SEARCH, query_string={"q": "N-2026-001"}).status_code == 302) == bool(seen)


def test_every_page_of_the_office_has_the_box_and_another_office_has_none(case, world, signed_in):
    page = BeautifulSoup(signed_in(case.where.proxy).get("/u/sp-bochnia/audity").data, "html.parser")

    assert page.select_one("form[role=search]")["action"] == SEARCH
    assert signed_in(world.leczyca.proxy).get(SEARCH).status_code == 404
