"""Days that a certification body gives: counted from the last day of its audit, never moved off days off."""

from datetime import date

import pytest

from qms.domain.body_terms import GRADES, STARTER, Term, answer_due, check, evidence_due, evidence_known
from qms.domain.errors import InvalidInput
from qms.domain.findings import Category
from tests.domain.tables import rows

# ended       days  certificate ends  due         rule  counted from
EVIDENCE = """
    ended       days  ends        due         rule  from
    2026-11-20  90    -           2027-02-18  F2    2026-11-20
    2026-11-20  90    2027-12-31  2027-02-18  F2    2026-11-20
    2026-11-20  90    2027-03-04  2027-02-18  F2    2026-11-20
    2026-11-20  90    2027-03-03  2027-02-17  F2'   2027-03-03
    2026-11-20  90    2026-12-31  2026-12-17  F2'   2026-12-31
    2026-11-20  2     -           2026-11-22  F2    2026-11-20
    2026-11-20  -     2026-12-31  -           -     -
"""


@pytest.mark.parametrize("row", rows(EVIDENCE), ids=" ".join)
def test_evidence_is_due_as_the_body_says_and_before_the_certificate_ends(row: tuple[str, ...]) -> None:
    ended, days, ends, *expected = row
    ends_on = None if ends == "-" else date.fromisoformat(ends)
    term = Term(evidence_days=None if days == "-" else int(days))

    due = evidence_due(date.fromisoformat(ended), term, certificate_ends_on=ends_on)

    assert ([f"{due.due_on}", due.rule, f"{due.counted_from}"] if due else ["-"] * 3) == expected
    if due:
        assert evidence_known(date.fromisoformat(ended), term, due.due_on) == due


@pytest.mark.parametrize(
    ("grade", "due_on"), [(Category.MAJOR, date(2026, 12, 4)), (Category.MINOR, date(2026, 12, 20))]
)
def test_an_answer_is_due_on_that_very_day_even_a_sunday(grade: Category, due_on: date) -> None:
    due = answer_due(date(2026, 11, 20), STARTER[grade])

    assert due is not None
    assert (due.due_on, due.rule) == (due_on, "F1")


def test_no_days_for_the_answer_lead_to_no_day() -> None:
    assert answer_due(date(2026, 11, 20), Term(evidence_days=90)) is None


@pytest.mark.parametrize(
    ("term", "field"),
    [(Term(), "major_answer_days"), (Term(30, 20), "major_evidence_days"), (Term(30, 30), None), (Term(30), None)],
)
def test_days_that_say_nothing_or_contradict_each_other_are_refused(term: Term, field: str | None) -> None:
    terms = dict.fromkeys(GRADES, term)
    if field is None:
        check(terms)
        return
    with pytest.raises(InvalidInput) as refusal:
        check(terms)
    assert refusal.value.field == field
