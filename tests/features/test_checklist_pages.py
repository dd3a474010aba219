"""The pages of questions, and what a tablet sends."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.audits import service as audits
from qms.audits.models import Audit
from qms.checklists import queries, running, service
from qms.checklists.models import AuditQuestion
from qms.core.db import db, scoped
from qms.domain.checklist import Answer
from tests.support.cases import EDITION, acting, plan_audit
from tests.support.checklists import CLAUSES, answer, drafts, events, given, photo
from tests.support.statements import counted
from tests.support.world import TODAY, OfficeWorld, World


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    """The office in whose walls a test stands."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


@pytest.fixture
def audit(bochnia: OfficeWorld) -> Audit:
    return plan_audit(bochnia)


@pytest.fixture
def question(audit: Audit) -> AuditQuestion:
    service.build(audit, CLAUSES)
    db.session.commit()
    return queries.questions(audit.id)[0]


def base(where: OfficeWorld, audit: Audit) -> str:
    return f"/u/{where.office.slug}/audity/{audit.key}"


def hidden(browser: FlaskClient, address: str) -> dict[str, str]:
    """What the form of a page carries unseen."""
    page = BeautifulSoup(browser.get(address).data, "html.parser")
    return {item["name"]: item.get("value", "") for item in page.select("main form.form > input[type=hidden]")}


def statements_of(browser: FlaskClient, path: str) -> int:
    """How many statements a page takes once all is warm."""
    browser.get(path)
    with counted() as statements:
        assert browser.get(path).status_code == 200
    return len(statements)


def stored(audit: Audit, question: AuditQuestion) -> Answer:
    """The answer as it stands."""
    with scoped(frozenset({audit.office_id})):
        return queries.answers(audit.id)[question.id]


def row(question: AuditQuestion, result: str = "", note: str = "", seen: str = "", place: int = 0) -> dict[str, str]:
    told = {"question": question.key, "seen": seen, "result": result, "note": note}
    return {f"answers-{place}-{name}": value for name, value in told.items()}


def test_a_section_is_saved_as_an_ordinary_form_and_leads_on(bochnia, audit, question, signed_in):
    browser = signed_in(bochnia.auditor)
    address = f"{base(bochnia, audit)}/prowadz/7"
    data = hidden(browser, address) | row(question, "nonconformity", "Brak rejestru.")

    sent = browser.post(address, data=data | {"answers-0-files": (photo(), "dowód.jpg")})

    assert sent.location == f"{base(bochnia, audit)}/prowadz/9"
    assert [each.statement for each in drafts(audit)] == ["Brak rejestru."]
    assert [each.file.name for each in drafts(audit)[0].files] == ["dowód.jpg"]


def test_words_without_an_answer_are_refused_and_stay(bochnia, audit, question, signed_in):
    browser = signed_in(bochnia.auditor)
    address = f"{base(bochnia, audit)}/prowadz/7"

    sent = browser.post(address, data=hidden(browser, address) | row(question, "", "Brak rejestru."))

    assert sent.status_code == 200
    assert "Brak rejestru." in sent.text
    assert events(audit) == []


def test_a_file_that_is_not_kept_is_refused_at_its_question_and_nothing_is_saved(bochnia, audit, question, signed_in):
    browser = signed_in(bochnia.auditor)
    address = f"{base(bochnia, audit)}/prowadz/7"
    data = hidden(browser, address) | row(question, "nonconformity", "Brak rejestru.")

    sent = browser.post(address, data=data | {"answers-0-files": (BytesIO(b"MZ"), "wirus.exe")})

    assert sent.status_code == 200
    assert "answers-0-files-error" in sent.text
    assert "Brak rejestru." in sent.text
    assert events(audit) == []


def test_a_form_overwrites_nothing_that_somebody_else_answered_meanwhile(bochnia, audit, question, signed_in):
    answer(audit, given(question, "conformity"), where=bochnia)
    seen = events(audit)[0].event_key
    browser = signed_in(bochnia.auditor)
    address = f"{base(bochnia, audit)}/prowadz/7"
    data = hidden(browser, address) | row(question, "conformity", seen=seen)
    answer(audit, given(question, "observation", "Wpisy są późno."), "second_auditor", where=bochnia)

    browser.post(address, data=data)

    assert stored(audit, question).shown.result == "observation"
    assert len(events(audit)) == 2


def test_a_tablet_sends_answers_in_a_batch_and_hears_of_each(bochnia, audit, question, signed_in):
    browser = signed_in(bochnia.auditor)
    good = {"id": str(uuid4()), "question": question.key, "result": "conformity", "at": "2026-11-20T09:00:00+01:00"}
    wrong = good | {"id": str(uuid4()), "result": "wonderful"}

    first = browser.post(f"{base(bochnia, audit)}/zdarzenia", json={"events": [good, wrong, "junk"]})
    again = browser.post(f"{base(bochnia, audit)}/zdarzenia", json={"events": [good]})

    assert [each["state"] for each in first.json["answers"]] == ["kept", "refused", "refused"]
    assert again.json["answers"] == [{"id": good["id"], "state": "kept", "message": ""}]
    assert len(events(audit)) == 1
    assert events(audit)[0].device_at == datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("moment", ["", "yesterday", "2026-11-20T09:00:00", "1970-01-01T00:00:00+00:00", 5, None])
def test_a_clock_that_says_nothing_readable_loses_no_answer(bochnia, audit, question, signed_in, moment):
    sent = {"id": str(uuid4()), "question": question.key, "result": "conformity", "at": moment}

    told = signed_in(bochnia.auditor).post(f"{base(bochnia, audit)}/zdarzenia", json={"events": [sent]})

    assert [each["state"] for each in told.json["answers"]] == ["kept"]
    assert events(audit)[0].device_at is None


@pytest.mark.parametrize("brought", [None, [], {}, {"events": []}, {"events": "a"}, {"events": ["x"] * 101}])
def test_a_batch_that_is_none_is_refused_with_a_sentence(bochnia, audit, question, signed_in, brought):
    told = signed_in(bochnia.auditor).post(f"{base(bochnia, audit)}/zdarzenia", json=brought)

    assert told.status_code == 400
    assert told.json["message"]


def test_a_photo_is_sent_by_itself_and_a_repeat_is_known(bochnia, audit, question, signed_in):
    browser, told = signed_in(bochnia.auditor), {"id": str(uuid4()), "question": question.key, "at": ""}

    answers = [
        browser.post(f"{base(bochnia, audit)}/zdjecia", data=told | {"file": (photo(), "zdjęcie.jpg")}).json["answers"]
        for _ in range(2)
    ]

    assert [each["state"] for answer in answers for each in answer] == ["kept", "kept"]
    with scoped(frozenset({audit.office_id})):
        assert len(queries.files(audit.id)[question.id]) == 1


def test_a_list_is_written_on_one_page_and_refused_row_by_row(bochnia, signed_in):
    browser = signed_in(bochnia.proxy)
    address = f"/u/{bochnia.office.slug}/wzory/nowy"
    data = hidden(browser, address) | {"name": "Decyzje", "edition_code": EDITION, "rows-0-text": "Czy w terminie?"}

    refused = browser.post(address, data=data | {"rows-0-number": "7.99"})
    saved = browser.post(address, data=hidden(browser, address) | data | {"rows-0-number": "9.1.3"})

    assert "rows-0-number-error" in refused.text
    assert "Czy w terminie?" in refused.text
    assert saved.status_code == 302
    assert "Czy w terminie?" in browser.get(saved.location).text


def test_more_rows_keep_what_was_typed(bochnia, signed_in):
    browser = signed_in(bochnia.proxy)
    address = f"/u/{bochnia.office.slug}/wzory/nowy"
    data = hidden(browser, address) | {"name": "Decyzje", "rows-4-text": "Czy w terminie?", "more": "1"}

    page = browser.post(address, data=data)

    assert "Czy w terminie?" in page.text
    assert 'name="rows-9-text"' in page.text


def test_the_pages_of_an_audit_take_as_many_queries_for_many_questions_as_for_few(bochnia, signed_in):
    few = plan_audit(bochnia, member=None)
    many = plan_audit(bochnia, symbols=("FN", "OR", "GD"), member=None)
    browser, counts = signed_in(bochnia.auditor), []

    for audit in (few, many):
        with scoped(frozenset({audit.office_id})):
            service.build(audit, CLAUSES)
            for each in queries.questions(audit.id):
                running.take(audit, given(each), by=acting(bochnia.auditor), today=TODAY)
            db.session.commit()
            part = queries.in_sections(queries.questions(audit.id))[0].key
        pages = [f"{base(bochnia, audit)}/{page}" for page in ("pytania", f"prowadz/{part}", "prowadz/koniec")]
        counts.append([statements_of(browser, page) for page in pages])

    assert counts[0] == counts[1]


def test_after_the_audit_the_questions_can_be_read_and_no_longer_changed(bochnia, audit, question, signed_in):
    answer(audit, given(question), where=bochnia)
    audits.cancel(audit, reason="Nie teraz.", today=TODAY)
    db.session.commit()
    browser = signed_in(bochnia.auditor)

    assert question.text in browser.get(f"{base(bochnia, audit)}/pytania").text
    assert browser.get(f"{base(bochnia, audit)}/pytania/uloz").status_code == 409
    assert browser.get(f"{base(bochnia, audit)}/prowadz/7").status_code == 200
