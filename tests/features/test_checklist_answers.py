"""Answers to the questions of an audit: each is kept, whatever the audit has become."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select

from qms.audits import service as audits
from qms.audits.models import Audit
from qms.checklists import queries, running, service
from qms.checklists.models import AuditQuestion
from qms.checklists.running import Given, Taken
from qms.core import files
from qms.core.db import db, scoped
from qms.domain.errors import InvalidInput, NotPermitted
from qms.domain.findings import State
from qms.findings import service as findings
from qms.findings.models import Finding
from qms.findings.recording import Written
from qms.people import service as people
from tests.support.cases import acting, clause_id, plan_audit
from tests.support.checklists import CLAUSES, answer, drafts, events, given, given_file, photo
from tests.support.world import SINCE, TODAY, OfficeWorld, World


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


def test_the_first_answer_puts_the_audit_under_way(bochnia, audit, question):
    answer(audit, given(question), where=bochnia)

    assert audit.state == "under_way"
    assert drafts(audit) == []


def test_an_answer_that_tells_of_a_finding_writes_its_draft_with_clause_and_unit(bochnia, audit, question):
    answer(audit, given(question, "nonconformity", "Brak rejestru w pokoju 12."), where=bochnia)

    (draft,) = drafts(audit)
    assert (draft.clause_id, draft.department_id) == (question.clause_id, question.department_id)
    assert (draft.category, draft.statement) == ("nonconformity", "Brak rejestru w pokoju 12.")


def test_a_finding_without_words_waits_for_them_and_is_one_finding_then(bochnia, audit, question):
    answer(audit, given(question, "nonconformity"), where=bochnia)
    assert drafts(audit) == []

    answer(audit, given(question, "nonconformity", "Brak"), where=bochnia)
    answer(audit, given(question, "observation", "Brak rejestru."), where=bochnia)

    assert [(each.category, each.statement) for each in drafts(audit)] == [("observation", "Brak rejestru.")]


def test_what_was_written_on_the_page_of_the_draft_stays(bochnia, audit, question):
    answer(audit, given(question, "nonconformity", "Brak."), where=bochnia)
    (draft,) = drafts(audit)
    more = Written(
        clause_id=clause_id("9.1.3"),
        department_id=draft.department_id,
        category="nonconformity",
        requirement="Procedura 4",
        evidence="Pokój 12",
        statement="Brak.",
    )
    findings.change(draft, more, by=acting(bochnia.auditor))
    db.session.commit()

    answer(audit, given(question, "observation", "Brak rejestru."), where=bochnia)

    (draft,) = drafts(audit)
    assert (draft.requirement, draft.evidence, draft.clause.number) == ("Procedura 4", "Pokój 12", "9.1.3")


def test_a_draft_is_taken_back_when_the_answer_is_conforming_after_all(bochnia, audit, question):
    answer(audit, given(question, "nonconformity", "Brak rejestru."), where=bochnia)
    answer(audit, given(question, "conformity"), where=bochnia)
    assert drafts(audit) == []

    answer(audit, given(question, "nonconformity", "A jednak brak."), where=bochnia)

    assert [each.statement for each in drafts(audit)] == ["A jednak brak."]


def test_the_same_event_sent_twice_says_nothing_new(bochnia, audit, question):
    once = given(question, "nonconformity", "Brak rejestru.")

    assert answer(audit, once, where=bochnia) == answer(audit, once, where=bochnia) == Taken()

    assert len(events(audit)) == len(drafts(audit)) == 1


def test_two_auditors_answer_one_question_and_the_later_one_stands(bochnia, audit, question):
    answer(audit, given(question, "nonconformity", "Brak rejestru."), "auditor", where=bochnia)
    answer(audit, given(question, "conformity"), "second_auditor", where=bochnia)

    stands = queries.answers(audit.id)[question.id]
    assert stands.shown.result == "conformity"
    assert [(each.person_id, each.note) for each in stands.others] == [(bochnia.auditor.id, "Brak rejestru.")]


def test_the_order_of_the_server_decides_where_the_clock_of_a_tablet_is_wrong(bochnia, audit, question):
    tomorrow = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    answer(audit, given(question, "conformity", device_at=tomorrow), where=bochnia)
    answer(audit, given(question, "not_applicable", device_at=tomorrow - timedelta(days=3)), where=bochnia)

    shown = queries.answers(audit.id)[question.id].shown
    assert shown.result == "not_applicable"
    assert [event.told.is_clock_wrong for event in events(audit)] == [True, False]


@pytest.mark.parametrize("how", ["published", "cancelled"])
def test_an_answer_that_comes_when_the_audit_is_over_is_kept_and_changes_nothing(bochnia, audit, question, how):
    answer(audit, given(question, "nonconformity", "Brak rejestru."), where=bochnia)
    if how == "cancelled":
        audits.cancel(audit, reason="Nie teraz.", today=TODAY)
    else:
        (draft,) = drafts(audit)
        findings.change(
            draft,
            Written(
                clause_id=draft.clause_id,
                department_id=draft.department_id,
                category=draft.category,
                evidence="Pokój 12",
                statement=draft.statement,
            ),
            by=acting(bochnia.auditor),
        )
        findings.publish(audit, conclusion="", by=acting(bochnia.auditor), today=TODAY)
    db.session.commit()

    taken = answer(audit, given(question, "conformity", "Jednak jest."), where=bochnia)
    file = given_file(question, "z.jpg", photo())
    assert running.take_file(audit, file, by=acting(bochnia.auditor)).is_late
    db.session.commit()

    assert taken.is_late
    assert "The audit is over" in str(taken.remark)
    stands = queries.answers(audit.id)[question.id]
    assert (stands.shown.result, [each.note for each in stands.late]) == ("nonconformity", ["Jednak jest."])
    assert [each.state for each in db.session.scalars(select(Finding))] != [State.CANCELLED]


def test_an_answer_stands_also_where_the_team_may_no_longer_begin(bochnia, audit, question):
    people.join(bochnia.auditor, bochnia.departments["FN"], from_on=SINCE)
    db.session.commit()

    taken = running.take(audit, given(question, "nonconformity", "Brak."), by=acting(bochnia.auditor), today=TODAY)
    db.session.commit()

    assert taken.remark is not None
    assert (audit.state, drafts(audit)) == ("planned", [])
    assert queries.answers(audit.id)[question.id].shown.note == "Brak."


def test_an_answer_to_a_question_taken_off_meanwhile_brings_it_back(bochnia, audit, question):
    service.take_off(audit, [question.key])
    db.session.commit()

    answer(audit, given(question), where=bochnia)

    assert question.key in {each.key for each in queries.questions(audit.id)}


def test_only_the_team_answers(bochnia, audit, question):
    with pytest.raises(NotPermitted):
        answer(audit, given(question), "proxy", where=bochnia)
    assert events(audit) == []


@pytest.mark.parametrize(
    "changed", [{"event_key": "1"}, {"question_key": "2222zzzz"}, {"result": "major"}, {"note": "Zła\x00 litera"}]
)
def test_an_answer_that_cannot_be_read_is_refused_whole(bochnia, audit, question, changed):
    wrong = Given(**({"event_key": str(uuid4()), "question_key": question.key, "result": "conformity"} | changed))

    with pytest.raises(InvalidInput):
        answer(audit, wrong, where=bochnia)

    assert events(audit) == []


def test_a_photo_is_made_small_loses_its_place_and_goes_with_the_draft(bochnia, audit, question):
    by = acting(bochnia.auditor)
    first = given_file(question, "przed.jpg", photo())
    running.take_file(audit, first, by=by)
    answer(audit, given(question, "nonconformity", "Brak rejestru."), where=bochnia)
    second = given_file(question, "po.jpg", photo(800))
    running.take_file(audit, second, by=by)
    db.session.commit()
    second.stream.seek(0)
    running.take_file(audit, second, by=by)
    db.session.commit()

    kept = queries.files(audit.id)[question.id]
    assert [each.file.name for each in kept] == ["przed.jpg", "po.jpg"]
    assert [each.file.name for each in drafts(audit)[0].files] == ["przed.jpg", "po.jpg"]
    with Image.open(files.path_of(kept[0].file)) as image:
        assert image.size == (1600, 800)
        assert not image.getexif()


def test_a_photo_of_sixty_megapixels_is_refused_with_a_sentence(bochnia, audit, question):
    huge = BytesIO()
    Image.new("L", (10_000, 6_000)).save(huge, format="PNG")
    huge.seek(0)
    file = given_file(question, "ogromne.png", huge)

    with pytest.raises(InvalidInput, match="too large"):
        running.take_file(audit, file, by=acting(bochnia.auditor))


def test_the_report_can_name_what_nobody_answered(bochnia, audit, question):
    answer(audit, given(question), where=bochnia)

    assert [each.number for each in queries.unanswered(audit.id)] == ["9.1.3"]
