"""The questions of an audit and the answers to them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from qms.domain import checklist
from qms.domain.checklist import Asked, Event, Result, Source, built, category_of, changed, fold, in_every, sections
from qms.domain.errors import InvalidInput
from tests.domain.tables import cells

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
REMARKS = {"observation", "opportunity", "strength"}
GRADED = {"major", "minor", *REMARKS}

# What follows from an answer.
FINDINGS = """
                follows
conformity      -
opportunity     opportunity
observation     observation
nonconformity   nonconformity
minor           minor
major           major
not_applicable  -
"""


@pytest.mark.parametrize(("result", "_", "category"), cells(FINDINGS))
def test_an_answer_other_than_conforming_is_a_finding(result, _, category):
    assert (category_of(Result(result)) or "-") == category


def test_an_office_without_grades_has_one_nonconformity_and_one_with_grades_has_two():
    assert len(checklist.results(GRADED)) == 6
    assert set(checklist.results(GRADED)) ^ set(checklist.results({"nonconformity", *REMARKS})) == {
        Result.NONCONFORMITY,
        Result.MINOR,
        Result.MAJOR,
    }


def test_an_office_without_observations_is_not_offered_one():
    assert checklist.results({"nonconformity"}) == (Result.CONFORMITY, Result.NONCONFORMITY, Result.NOT_APPLICABLE)


def asked(number: str = "7.5.3", text: str = "Czy jest rejestr?", unit: int = 1, **changes: object) -> Asked:
    facts: dict[str, object] = {"department_id": unit, "clause_id": 7, "number": number, "source": Source.LIST}
    return Asked(text=text, **(facts | changes))  # type: ignore[arg-type]


SCOPE = {"department_ids": {1, 2}, "numbers": {"7.5.3", "8.3.2"}, "excluded": {"8.3"}}


@pytest.mark.parametrize(
    ("why", "question", "is_added"),
    [
        ("in scope", asked(), True),
        ("a clause that is not audited", asked("9.1.3"), False),
        ("a clause the office does not apply", asked("8.3.2"), False),
        ("an earlier finding about another clause", asked("9.1.3", source=Source.EARLIER, earlier_number="N-1"), True),
        ("a unit that is not audited", asked(unit=3), False),
        ("asked already", asked(text="CZY JUŻ JEST?"), False),
        ("asked already, in another unit", asked(text="Czy już jest?", unit=2), True),
    ],
)
def test_a_list_is_built_of_what_is_in_scope_and_not_asked_yet(why, question, is_added):
    known = {asked(text="Czy już jest?").identity}
    certain = asked(text="Czy są dwa?")

    assert built([question, certain], known=known, **SCOPE) == ([question, certain] if is_added else [certain])


def test_the_same_question_from_two_lists_is_asked_once_in_each_unit():
    twice = [*in_every((1, 2), [asked()]), *in_every((1, 2), [asked(hint="Na tablicy.")])]

    assert [question.department_id for question in built(twice, **SCOPE)] == [1, 2]


def test_nothing_to_add_is_refused():
    with pytest.raises(InvalidInput, match="Nothing is left to add"):
        built([asked("9.1.3")], **SCOPE)


def test_more_questions_than_anybody_asks_are_refused():
    many = [asked(text=str(number)) for number in range(checklist.MOST_QUESTIONS)]

    assert len(built(many, **SCOPE)) == checklist.MOST_QUESTIONS
    with pytest.raises(InvalidInput, match="at most 400"):
        built([*many, asked(text="one more")], **SCOPE)


@dataclass(frozen=True)
class Row:
    department_id: int
    number: str


# Questions of each chapter, in the order of the list, and the sections they make.
SECTIONS = [
    ("1:4 1:4 1:7", ["4 1-2", "7 3-3"]),
    (" ".join(["1:8"] * 8), ["8 1-8"]),
    (" ".join(["1:8"] * 9), ["8c1 1-4", "8c2 5-9"]),
    ("1:4 2:4", ["4k1 1-1", "4k2 2-2"]),
    ("1:10 1:10 2:10", ["10k1 1-2", "10k2 3-3"]),
    ("", []),
]


@pytest.mark.parametrize(("listed", "expected"), SECTIONS)
def test_sections_follow_chapters_and_units_and_fit_one_page(listed, expected):
    rows = [Row(int(unit), f"{chapter}.1") for unit, _, chapter in (each.partition(":") for each in listed.split())]

    found = sections(rows, lambda row: (row.department_id, row.number))

    assert [f"{each.key} {each.first}-{each.last}" for each in found] == expected
    assert [row for each in found for row in each.questions] == rows
    assert all(len(each.questions) <= checklist.MOST_IN_SECTION for each in found)


def event(id_: str, result: str = "conformity", note: str = "", *, by: int = 1, **changes: object) -> Event:
    facts: dict[str, object] = {"question_id": 5, "person_id": by, "device_at": NOON, "received_at": NOON}
    return Event(id=id_, result=Result(result), note=note, **(facts | changes))  # type: ignore[arg-type]


# Events in the order in which the server took them, person before result; L: the audit was over.
FOLDS = [
    ("nobody answered", "", "-", []),
    ("one answer", "anna:minor", "minor", []),
    ("the later one is shown", "anna:minor anna:conformity", "conformity", []),
    ("both of two people are kept", "anna:minor jan:conformity", "conformity", ["minor"]),
    ("two who agree say it once", "anna:minor jan:minor", "minor", []),
    ("only the last word of the other counts", "anna:minor anna:major jan:conformity", "conformity", ["major"]),
    ("and the first of them may have the last word", "anna:minor jan:conformity anna:major", "major", ["conformity"]),
    ("what comes after the audit is over changes nothing", "anna:minor L-jan:major", "minor", []),
    ("also where nothing was answered before", "L-jan:major", "-", []),
]


@pytest.mark.parametrize(("why", "given", "shown", "others"), FOLDS)
def test_answers_fold_in_the_order_of_the_server(why, given, shown, others):
    people = {"anna": 1, "jan": 2}
    events = []
    for place, word in enumerate(given.split()):
        who, _, result = word.removeprefix("L-").partition(":")
        # The device that answered first believes in the latest hour.
        device_at = NOON - timedelta(hours=place)
        events.append(event(str(place), result, by=people[who], is_late=word.startswith("L-"), device_at=device_at))

    answer = fold(events).get(5, checklist.NOT_ANSWERED)

    assert (answer.shown.result if answer.shown else "-") == shown
    assert [each.result for each in answer.others] == others
    assert len(answer.late) == given.count("L-")


def test_a_repeated_event_says_nothing_new():
    first, second = event("a", "minor"), event("b", "conformity")

    assert fold([first, second, first]) == fold([first, second])


CLOCKS = [(timedelta(days=-3), False), (timedelta(minutes=5), False), (timedelta(minutes=6), True)]


@pytest.mark.parametrize(("ahead", "is_wrong"), CLOCKS)
def test_a_device_that_answers_in_the_future_has_a_wrong_clock(ahead, is_wrong):
    assert event("a", device_at=NOON + ahead).is_clock_wrong is is_wrong


def test_a_device_without_a_readable_clock_is_not_blamed():
    assert not event("a", device_at=None).is_clock_wrong


@pytest.mark.parametrize(
    ("result", "note", "lacks"),
    [
        ("minor", "", True),
        ("minor", "Brak rejestru.", True),
        ("minor", "Brak rejestru 2", False),
        ("conformity", "", False),
    ],
)
def test_a_finding_of_few_words_waits_to_be_finished(result, note, lacks):
    assert event("a", result, note).lacks_words is lacks


# The answer the form was opened with, what was sent, and what is new in it.
CHANGES = [
    (None, None, "", None),
    (None, None, "Sam opis", None),
    (None, "minor", "", ("minor", "")),
    (("minor", "x"), "minor", "x", None),
    (("minor", "x"), "minor", "y", ("minor", "y")),
    (("minor", "x"), "conformity", "x", ("conformity", "x")),
    (("minor", "x"), None, "y", ("minor", "y")),
]


@pytest.mark.parametrize(("seen", "result", "note", "new"), CHANGES)
def test_a_form_says_only_what_the_person_changed(seen, result, note, new):
    before = event("a", *seen) if seen else None

    assert changed(before, Result(result) if result else None, note) == new


@pytest.mark.parametrize("typed", ["", "minor ", "strength", "nonconformity"])
def test_an_answer_the_office_does_not_use_is_refused(typed):
    with pytest.raises(InvalidInput, match="this office uses"):
        checklist.check_result(typed, GRADED)


@pytest.mark.parametrize(
    "typed", ["", "1", "0f8fad5b-d9cb-469f-a165-70867728950", "0F8FAD5B-D9CB-469F-A165-70867728950E"]
)
def test_an_event_without_a_name_of_its_own_is_refused(typed):
    with pytest.raises(InvalidInput, match="damaged"):
        checklist.check_event_id(typed)


def test_questions_are_unanswered_until_an_answer_counts():
    answers = fold([event("a", question_id=1), event("b", question_id=2, is_late=True)])

    assert checklist.unanswered([1, 2, 3], answers) == [2, 3]
