"""What a later audit sees of an open case, and the step it speaks for."""

import pytest

from qms.domain.errors import InvalidInput
from qms.domain.findings import Step
from qms.domain.following import TO_LOOK_AT, Seen, check_shown, leads_to
from qms.findings.words import ANSWER_AHEAD, NOW, REASON_GIVEN, WHETHER_ACTING
from tests.domain.tables import rows

TABLE = """
    offered                         still_open         effective
    -                               -                  -
    acknowledge                     -                  -
    cancel,move_date                -                  -
    verify,send_back                send_back          verify
    judge_ineffective,postpone      judge_ineffective  -
    judge_effective,judge_ineffective,postpone  judge_ineffective  judge_effective
    postpone                        postpone           -
    close                           -                  close
"""


@pytest.mark.parametrize("row", rows(TABLE), ids=lambda row: row[0])
def test_what_was_seen_leads_to_the_step_it_speaks_for(row: tuple[str, ...]) -> None:
    offered, *expected = row
    steps = [] if offered == "-" else [Step(each) for each in offered.split(",")]

    assert [leads_to(seen, steps) or "-" for seen in (Seen.STILL_OPEN, Seen.EFFECTIVE)] == expected


@pytest.mark.parametrize(
    ("seen", "note", "is_refused"),
    [
        (Seen.STILL_OPEN, "", False),
        (Seen.STILL_OPEN, "Nic.", False),
        (Seen.EFFECTIVE, "", True),
        (Seen.EFFECTIVE, "Obejrzano.", False),
    ],
)
def test_an_effect_has_to_be_shown(seen: Seen, note: str, *, is_refused: bool) -> None:
    if is_refused:
        with pytest.raises(InvalidInput, match="Write what you saw"):
            check_shown(seen, note)
    else:
        check_shown(seen, note)


def test_something_is_said_to_look_at_for_whatever_a_case_waits_for() -> None:
    assert set(TO_LOOK_AT) == set(NOW) - {ANSWER_AHEAD, WHETHER_ACTING, REASON_GIVEN}
