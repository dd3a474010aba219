from datetime import date

import pytest

from qms.domain.errors import InvalidInput
from qms.domain.numbering import (
    DEFAULT_AUDIT_PATTERN,
    DEFAULT_FINDING_PATTERN,
    counter_scope,
    format_number,
    validate_pattern,
)

ON = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("pattern", "number", "scope"),
    [
        (DEFAULT_AUDIT_PATTERN, "A-2026-05", "A-2026-*"),
        (DEFAULT_FINDING_PATTERN, "N-2026-005", "N-2026-*"),
        ("AW/{n}/{yyyy}", "AW/5/2026", "AW/*/2026"),
        ("NZ/{unit}/{n}/{yyyy}", "NZ/GK/5/2026", "NZ/GK/*/2026"),
        ("KN/{n:02}/{yy}", "KN/05/26", "KN/*/26"),
        ("OR.0142.{n}.{yyyy}.AB", "OR.0142.5.2026.AB", "OR.0142.*.2026.AB"),
        ("Łódź {n} {yyyy}", "Łódź 5 2026", "Łódź * 2026"),
    ],
)
def test_a_number_follows_the_offices_pattern(pattern: str, number: str, scope: str) -> None:
    validate_pattern(pattern)

    assert format_number(pattern, 5, on=ON, prefix="N", unit="GK") == number
    assert counter_scope(pattern, on=ON, prefix="N", unit="GK") == scope


def test_a_large_number_outgrows_its_places() -> None:
    assert format_number("{n:02}/{yyyy}", 1234, on=ON) == "1234/2026"


def test_a_pattern_may_have_forty_characters() -> None:
    validate_pattern("A" * 31 + "{n}{yyyy}")


def test_a_new_year_opens_a_new_counter() -> None:
    assert counter_scope(DEFAULT_AUDIT_PATTERN, on=date(2027, 1, 1)) == "A-2027-*"


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("A-{yyyy}", "running number"),
        ("{n}-{n:02}-{yyyy}", "running number"),
        ("A-{n}", "year"),
        ("A-{n:04}-{yyyy}", "fields in braces"),
        ("{0.__class__}-{n}-{yyyy}", "fields in braces"),
        ("{n}-{yyyy}-{month}", "fields in braces"),
        ("<b>{n}-{yyyy}", "fields in braces"),
        ("={n}-{yyyy}", "fields in braces"),
        ("{n}\n{yyyy}", "fields in braces"),
        ("A" * 40 + "{n}{yyyy}", "at most 40 characters"),
        ("", "running number"),
    ],
)
def test_a_pattern_that_could_repeat_or_mislead_is_refused(pattern: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        validate_pattern(pattern, field="pattern")


def test_a_value_is_never_read_as_a_pattern() -> None:
    assert format_number("{prefix}-{n}-{yyyy}", 5, on=ON, prefix="{unit}", unit="GK") == "{unit}-5-2026"
