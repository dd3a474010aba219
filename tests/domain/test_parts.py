"""Parts of an action: what may be typed, and what stays of what was done before."""

from datetime import date

import pytest

from qms.domain.errors import InvalidInput
from qms.domain.parts import Part, Typed, read, settled

TODAY, EARLIER, DUE = date(2026, 11, 20), date(2026, 11, 3), date(2026, 12, 15)


def settle(*typed, before=()):
    return settled([Typed(**each) for each in typed], before, action_due_on=DUE, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "part", "is_open"),
    [
        ({"what": "Spis"}, Part(what="Spis"), True),
        ({"what": "Spis", "due_on": DUE}, Part(what="Spis", due_on=DUE), True),
        ({"what": "Spis", "is_done": True}, Part(what="Spis", done_on=TODAY), False),
        ({"what": "Spis", "left_because": "Jest już."}, Part(what="Spis", left_because="Jest już."), False),
    ],
)
def test_a_part_stands_as_it_was_typed(typed, part, is_open):
    assert settle(typed) == (part,)
    assert part.is_open is is_open
    assert read([part.stored]) == (part,)


def test_what_was_done_keeps_its_day_and_can_be_opened_again():
    before = (Part(what="Spis", done_on=EARLIER),)

    assert settle({"what": "Spis", "is_done": True}, before=before)[0].done_on == EARLIER
    assert settle({"what": "Spis"}, before=before)[0].is_open


def test_cleared_rows_are_gone():
    assert settle({"what": ""}, {"what": "Spis"}, {"what": ""}) == (Part(what="Spis"),)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"what": "", "due_on": DUE}, "what"),
        ({"what": "", "is_done": True}, "what"),
        ({"what": "", "left_because": "Bo tak."}, "what"),
        ({"what": "Spis", "due_on": date(2026, 12, 16)}, "due_on"),
        ({"what": "Spis", "is_done": True, "left_because": "Bo tak."}, "left_because"),
    ],
)
def test_what_cannot_be_is_refused_at_its_row(typed, field):
    with pytest.raises(InvalidInput) as refused:
        settle({"what": "Pierwsza"}, typed)

    assert (refused.value.field, refused.value.params["row"]) == (field, 1)
