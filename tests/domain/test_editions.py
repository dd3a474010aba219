from datetime import date

import pytest

from qms.domain.editions import (
    ClauseNode,
    Edition,
    Excludable,
    ExclusionRule,
    NodeKind,
    Papers,
    check_applied,
    check_approver,
    check_body_audit_edition,
    check_certificate_edition,
    check_exclusion,
    check_published,
    doubt_about_exclusion,
    edition_note,
    is_auditable,
    is_excluded,
    may_be_excluded,
    required,
)
from qms.domain.errors import InvalidInput, NotAllowedNow

EDITION_2008 = Edition(
    "9001:2008",
    ExclusionRule(("7",)),
    audits_until_on=date(2018, 3, 14),
    certificates_until_on=date(2018, 9, 14),
)
EDITION_2015 = Edition("9001:2015", ExclusionRule(None), published_on=date(2015, 9, 15))
EDITION_2026 = Edition("9001:2026", None)


@pytest.mark.parametrize(
    ("edition", "number", "justification", "refused_with"),
    [
        (EDITION_2008, "7.3", "The office designs nothing.", None),
        (EDITION_2008, "7.5.2", "Every result can be checked.", None),
        (EDITION_2008, "7", "Nothing applies.", "whole chapter"),
        (EDITION_2008, "4.1", "Not for us.", "only requirements of chapter 7"),
        (EDITION_2008, "8.2.2", "Not for us.", "only requirements of chapter 7"),
        (EDITION_2008, "7.3", "  ", "Write why"),
        (EDITION_2015, "8.3", "The office designs nothing.", None),
        (EDITION_2015, "7.1.5.2", "Nothing is measured.", None),
        (EDITION_2015, "8.3", "", "Write why"),
        (EDITION_2015, "8", "Nothing applies.", "whole chapter"),
        (EDITION_2026, "8.3", "The office designs nothing.", "not in use yet"),
    ],
)
def test_what_may_be_left_out_is_a_rule_of_the_edition(
    *, edition: Edition, number: str, justification: str, refused_with: str | None
) -> None:
    assert may_be_excluded(edition, number) is (refused_with in {None, "Write why"})
    if refused_with is None:
        check_exclusion(edition, number, justification)
        return
    with pytest.raises((InvalidInput, NotAllowedNow), match=refused_with):
        check_exclusion(edition, number, justification)


@pytest.mark.parametrize(
    ("number", "excluded"),
    [("7.3", True), ("7.3.1", True), ("7.5.2", True), ("7.5.1", False), ("7.30", False), ("7", False), ("7.5", False)],
)
def test_leaving_out_a_group_leaves_out_what_is_in_it(*, number: str, excluded: bool) -> None:
    assert is_excluded(number, {"7.3", "7.5.2"}) is excluded


@pytest.mark.parametrize(
    ("kind", "auditable"),
    [("chapter", False), ("clause", False), ("group", False), ("leaf", True), ("part", True)],
)
def test_only_exact_requirements_are_audited(*, kind: str, auditable: bool) -> None:
    assert is_auditable(NodeKind(kind)) is auditable


@pytest.mark.parametrize(("excludable", "is_doubtful"), [("yes", False), ("warn", True), ("no", True)])
def test_an_unusual_exclusion_is_remarked_on(*, excludable: str, is_doubtful: bool) -> None:
    node = ClauseNode("9001:2015", "7.2", NodeKind.LEAF, "7", Excludable(excludable))

    assert (doubt_about_exclusion(node) is not None) is is_doubtful


@pytest.mark.parametrize(
    ("edition", "on", "note"),
    [
        (EDITION_2008, date(2018, 9, 14), "valid until 14.09.2018. Plan"),
        (EDITION_2008, date(2018, 9, 15), "Past edition: its certificates were valid until 14.09.2018"),
        (EDITION_2015, date(2026, 11, 20), None),
    ],
)
def test_an_edition_says_when_it_is_past(edition: Edition, on: date, note: str | None) -> None:
    found = edition_note(edition, on)

    assert (note in str(found)) if note else found is None


@pytest.mark.parametrize(
    ("edition", "decided_on", "valid_until", "outcome"),
    [
        (EDITION_2008, "2015-09-01", "2018-09-14", "silence"),
        (EDITION_2008, "2016-09-01", "2019-08-31", "remark"),  # a printed day stays as printed
        (EDITION_2008, "2018-09-14", "2019-08-31", "remark"),
        (EDITION_2008, "2018-09-15", "2021-09-14", "refusal"),
        (EDITION_2015, "2026-09-15", "2029-09-14", "silence"),
    ],
)
def test_a_certificate_is_bound_to_the_days_of_its_edition(
    *, edition: Edition, decided_on: str, valid_until: str, outcome: str
) -> None:
    days = {"decided_on": date.fromisoformat(decided_on), "valid_until": date.fromisoformat(valid_until)}

    if outcome == "refusal":
        with pytest.raises(InvalidInput, match=r"until 14\.09\.2018 only"):
            check_certificate_edition(edition, **days)
    else:
        assert (check_certificate_edition(edition, **days) is not None) is (outcome == "remark")


def test_bodies_stopped_auditing_by_an_edition_on_its_last_day() -> None:
    check_body_audit_edition(EDITION_2008, date(2018, 3, 14))
    check_body_audit_edition(EDITION_2015, date(2026, 11, 20))
    with pytest.raises(InvalidInput, match=r"until 14\.03\.2018 only"):
        check_body_audit_edition(EDITION_2008, date(2018, 3, 15))


@pytest.mark.parametrize(
    ("number", "by_outsiders", "is_refused"),
    [("7.3.1", False, True), ("7.3.1", True, False), ("7.3", False, True), ("7.4.1", False, False)],
)
def test_own_audits_keep_off_what_is_excluded_and_bodies_decide_themselves(
    *, number: str, by_outsiders: bool, is_refused: bool
) -> None:
    excluded = {"7.3": "The office designs nothing."}

    if is_refused:
        with pytest.raises(InvalidInput, match=r"Its reason: The office designs nothing\."):
            check_applied(number, excluded, by_outsiders=by_outsiders, field="clause")
    else:
        check_applied(number, excluded, by_outsiders=by_outsiders, field="clause")


@pytest.mark.parametrize(
    ("is_person", "words", "refused_at"),
    [(True, "", None), (False, "Jan Nowak", None), (False, "", "approved_by_id"), (True, "Jan", "approver_words")],
)
def test_an_exclusion_has_one_approver(*, is_person: bool, words: str, refused_at: str | None) -> None:
    if refused_at is None:
        check_approver(is_person=is_person, words=words)
        return
    with pytest.raises(InvalidInput) as refusal:
        check_approver(is_person=is_person, words=words)
    assert refusal.value.field == refused_at


@pytest.mark.parametrize("text", ["any", "chapter-", "chapter-7-", "chapter-x", "sometimes"])
def test_a_rule_that_no_edition_has_is_a_mistake_in_the_catalogue(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        ExclusionRule.read(text)


ASKED = (
    Papers("4.2.3", procedures=1),
    Papers("7.3.2", records=1),
    Papers("7.6", records=3),
    Papers("4.2.1", documents=1),
)


@pytest.mark.parametrize(
    ("excluded", "records"), [((), 4), (("7.3",), 3), (("7.3", "7.6"), 0), (("7.6", "7.6.1"), 1), (("8.3",), 4)]
)
def test_an_excluded_clause_takes_its_records_off_the_list(*, excluded: tuple[str, ...], records: int) -> None:
    assert required(ASKED, excluded) == Papers("", procedures=1, records=records, documents=1)


def test_nothing_is_held_against_an_edition_before_it_was_there() -> None:
    check_published(EDITION_2015, date(2015, 9, 15), field="edition_code")
    check_published(EDITION_2008, date(1999, 1, 1), field="edition_code")  # its day is not known
    with pytest.raises(InvalidInput, match=r"published on 15\.09\.2015 only"):
        check_published(EDITION_2015, date(2015, 9, 14), field="edition_code")
