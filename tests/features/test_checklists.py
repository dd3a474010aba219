"""Lists of questions, and how the list of an audit is made."""

from collections.abc import Iterator

import pytest

from qms.audits.models import Audit, AuditProcess
from qms.checklists import queries, service
from qms.checklists.models import AuditQuestion
from qms.checklists.service import Chosen, Row
from qms.core.db import db, scoped
from qms.domain.errors import InvalidInput, NotAllowedNow
from qms.offices.models import Process
from qms.people import processes
from qms.people.processes import ProcessFacts
from tests.support.cases import EDITION, Case, clause_id, plan_audit
from tests.support.checklists import CLAUSES, answer, content, given, make_list
from tests.support.exclusions import exclude
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


def test_a_change_of_a_list_is_a_new_issue_and_the_one_before_stays(bochnia):
    made = make_list(bochnia)

    service.change_list(made, content(Row(number="7.5.3.1", text="Nowe?")), by=bochnia.proxy.id, today=TODAY)
    db.session.commit()

    issues = queries.issues(made)
    queries.fill_questions(issues)
    assert [(each.number, each.questions[0].text) for each in issues] == [
        (2, "Nowe?"),
        (1, "Czy decyzje wychodzą w terminie?"),
    ]


@pytest.mark.parametrize("number", ["7.5", "99", ""])
def test_a_question_points_at_a_requirement_that_can_be_audited(bochnia, number):
    with pytest.raises(InvalidInput):
        make_list(bochnia, Row(number=number, text="Czy?"))


def test_a_withdrawn_list_is_offered_to_no_audit_and_cannot_be_changed(bochnia):
    made = make_list(bochnia)
    service.retire_list(made, today=TODAY)
    db.session.commit()

    assert queries.lists(bochnia.office.id) == []
    with pytest.raises(NotAllowedNow):
        service.change_list(made, content(), by=bochnia.proxy.id, today=TODAY)


def test_the_list_of_an_audit_holds_its_clauses_the_chosen_lists_and_the_last_findings_of_its_units(bochnia):
    Case(bochnia).publish()
    Case(bochnia, category="strength").publish()
    other = make_list(bochnia, Row(number="9.1.3", text="Czy?"), Row(number="8.3.2", text="Poza zakresem?"))
    audit = plan_audit(bochnia)

    service.build(audit, Chosen(with_clauses=True, with_earlier=True, list_keys=frozenset({other.key})))
    db.session.commit()

    found = [(each.source, each.number, each.earlier_number) for each in queries.questions(audit.id)]
    assert sorted(found) == [
        ("clause", "7.5.3", ""),
        ("clause", "9.1.3", ""),
        ("earlier", "7.5.3", "N-2026-001"),
        ("list", "9.1.3", ""),
    ]


def of_process(bochnia: OfficeWorld, *symbols: str) -> Process:
    facts = ProcessFacts(
        name="Pobór podatków",
        symbol="P-01",
        department_ids=frozenset(bochnia.departments[symbol].id for symbol in symbols),
        owned_from=SINCE,
    )
    process = processes.open_process(bochnia.office, facts)
    db.session.commit()
    return process


def covering(audit: Audit, process: Process) -> Audit:
    audit.processes.append(AuditProcess(office_id=audit.office_id, process_id=process.id))
    db.session.commit()
    return audit


def test_a_process_in_the_scope_is_asked_about_where_it_runs_whatever_the_clause(bochnia):
    process = of_process(bochnia, "OR", "KM")
    about = make_list(bochnia, Row(number="8.5.1", text="Kto uzgadnia?"), process_ids=frozenset({process.id}))
    audit = covering(plan_audit(bochnia, symbols=("FN", "OR"), member=None), process)

    service.build(audit, Chosen(with_clauses=False, with_earlier=False, list_keys=frozenset({about.key})))
    db.session.commit()

    found = [(each.department.symbol, each.number) for each in queries.questions(audit.id)]
    assert found == [("OR", "8.5.1")]


def test_only_lists_of_processes_in_the_scope_are_proposed(bochnia):
    process = of_process(bochnia, "FN")
    about, general = make_list(bochnia, process_ids=frozenset({process.id})), make_list(bochnia)
    apart, together = plan_audit(bochnia), covering(plan_audit(bochnia), process)

    assert service.fitting(apart, [about, general]) == [general.key]
    assert service.fitting(together, [about, general]) == [about.key, general.key]


def test_a_list_is_about_processes_of_its_own_office(bochnia):
    with pytest.raises(InvalidInput) as refusal:
        make_list(bochnia, process_ids=frozenset({999}))

    assert refusal.value.field == "process_ids"


def test_a_change_of_a_list_changes_its_processes_too(bochnia):
    process = of_process(bochnia, "FN")
    made = make_list(bochnia, process_ids=frozenset({process.id}))

    service.change_list(made, content(), by=bochnia.proxy.id, today=TODAY)
    db.session.commit()

    assert queries.lists(bochnia.office.id)[0].process_ids == frozenset()


def test_each_unit_is_asked_by_itself(bochnia):
    audit = plan_audit(bochnia, symbols=("FN", "OR"), member=None)

    service.build(audit, CLAUSES)

    assert [each.department.symbol for each in queries.questions(audit.id)] == ["FN", "FN", "OR", "OR"]
    assert [each.key for each in queries.in_sections(queries.questions(audit.id))] == ["7k1", "9k1", "7k2", "9k2"]


def test_what_the_office_does_not_apply_is_not_asked(bochnia):
    clause = next(each for each in service.standards.clauses(EDITION) if each.number == "9.1")
    audit = plan_audit(bochnia)
    exclude(bochnia.office, clause, justification="Nie dotyczy.", valid_from=SINCE)

    service.build(audit, CLAUSES)

    assert [each.number for each in queries.questions(audit.id)] == ["7.5.3"]


def test_building_twice_adds_nothing_and_says_so(bochnia, audit, question):
    with pytest.raises(InvalidInput, match="Nothing is left"):
        service.build(audit, CLAUSES)


def test_an_audit_keeps_the_words_it_was_given(bochnia, audit):
    made = make_list(bochnia)
    service.build(audit, Chosen(with_clauses=False, with_earlier=False, list_keys=frozenset({made.key})))
    service.change_list(made, content(Row(number="9.1.3", text="Inaczej?")), by=bochnia.proxy.id, today=TODAY)

    assert [each.text for each in queries.questions(audit.id)] == ["Czy decyzje wychodzą w terminie?"]


def test_the_team_adds_a_question_and_takes_off_one_that_nobody_answered(bochnia, audit, question):
    service.add_question(
        audit, "Kto ma klucze?", hint="Sekretariat", clause_id=clause_id("9.1.3"), department_id=question.department_id
    )
    answer(audit, given(question), where=bochnia)

    with pytest.raises(NotAllowedNow, match="was answered"):
        service.take_off(audit, [question.key])
    left = [each for each in queries.questions(audit.id) if each.key != question.key]
    assert service.take_off(audit, [each.key for each in left]) == 2
    assert [each.key for each in queries.questions(audit.id)] == [question.key]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"clause_id": None}, "clause_id"),
        ({"clause_id": "chapter"}, "clause_id"),
        ({"department_id": 0}, "department_id"),
    ],
)
def test_an_own_question_is_refused_at_its_field(bochnia, audit, question, changed, field):
    facts = {"clause_id": clause_id("9.1.3"), "department_id": question.department_id} | changed
    if facts["clause_id"] == "chapter":
        facts["clause_id"] = clause_id("7")

    with pytest.raises(InvalidInput) as refused:
        service.add_question(audit, "Czy?", hint="", **facts)

    assert refused.value.field == field
