from datetime import date

import pytest

from qms.domain.competence import (
    Appointment,
    AuditorRole,
    Qualification,
    Validity,
    check_lead,
    is_qualified,
    warning_about,
)
from qms.domain.errors import NotQualified

ON = date(2026, 11, 20)
APPOINTED = Appointment(date(2020, 1, 1))


def course(**change: object) -> Qualification:
    usual = {"role": AuditorRole.LEAD, "edition": "9001:2015", "held_on": date(2020, 3, 1), "validity": Validity.NONE}
    return Qualification(**{**usual, **change})


CASES = [
    # what is held, the appointment, whether it qualifies a lead, and the remark about a lead
    ([course()], APPOINTED, True, None),
    ([course()], None, False, "not appointed"),
    ([course()], Appointment(date(2026, 11, 21)), False, "not appointed"),
    ([course()], Appointment(date(2020, 1, 1), date(2026, 11, 19)), False, "not appointed"),
    ([course()], Appointment(date(2026, 11, 20), date(2026, 11, 20)), True, None),
    ([], APPOINTED, False, "no training for this role"),
    ([course(role=AuditorRole.AUDITOR)], APPOINTED, False, "no training for this role"),
    ([course(held_on=date(2026, 11, 21))], APPOINTED, False, "no training for this role"),
    ([course(edition="9001:2008")], APPOINTED, False, "a course for 9001:2015"),
    ([course(validity=Validity.UNTIL, valid_until=date(2026, 11, 20))], APPOINTED, True, None),
    ([course(validity=Validity.UNTIL, valid_until=date(2026, 11, 19))], APPOINTED, False, "not valid on that day"),
    ([course(validity=Validity.UNTIL)], APPOINTED, False, "not valid on that day"),
    ([course(validity=Validity.UNKNOWN)], APPOINTED, True, "Nobody wrote down until when"),
    ([course(validity=Validity.UNKNOWN), course()], APPOINTED, True, None),
    ([course(validity=Validity.UNKNOWN), course(edition="9001:2008")], APPOINTED, True, "Nobody wrote down"),
    ([course(validity=Validity.UNKNOWN), course(role=AuditorRole.AUDITOR)], APPOINTED, True, "Nobody wrote down"),
    ([course(validity=Validity.UNKNOWN), course(held_on=date(2027, 1, 1))], APPOINTED, True, "Nobody wrote down"),
    ([course(validity=Validity.UNKNOWN), course(held_on=ON)], APPOINTED, True, None),
    ([course(held_on=ON)], APPOINTED, True, None),
    ([course(validity=Validity.UNTIL, valid_until=date(2021, 1, 1)), course()], APPOINTED, True, None),
    (
        [course(validity=Validity.UNTIL, valid_until=date(2021, 1, 1)), course(validity=Validity.UNKNOWN)],
        APPOINTED,
        True,
        "Nobody wrote down until when",
    ),
]


@pytest.mark.parametrize(("held", "appointment", "qualifies", "remark"), CASES)
def test_a_lead_is_qualified_on_the_day_and_for_the_edition(
    *, held: list[Qualification], appointment: Appointment | None, qualifies: bool, remark: str | None
) -> None:
    facts = {"on": ON, "edition": "9001:2015", "qualifications": held, "appointment": appointment}

    said = warning_about(AuditorRole.LEAD, **facts)

    assert is_qualified(AuditorRole.LEAD, **facts) is qualifies
    assert (remark in str(said)) if remark else said is None
    if qualifies:
        check_lead(**facts)
    else:
        with pytest.raises(NotQualified, match=remark):
            check_lead(**facts)


@pytest.mark.parametrize(
    ("course_for", "role", "qualifies"),
    [
        ("lead", "auditor", True),
        ("auditor", "auditor", True),
        ("trainee", "auditor", False),
        ("trainee", "trainee", True),
        ("auditor", "lead", False),
    ],
)
def test_a_higher_course_serves_a_lower_role(*, course_for: str, role: str, qualifies: bool) -> None:
    held = [course(role=AuditorRole(course_for))]

    found = is_qualified(AuditorRole(role), on=ON, edition="9001:2015", qualifications=held, appointment=APPOINTED)

    assert found is qualifies
