"""What a later audit looks at in the open cases of earlier ones, and where what it sees leads.

Source: ISO 9001:2015, 9.2.2 e, and ISO 9001:2008, 8.2.2 (actions without undue delay, their verification); ISO
19011:2018, 6.7 (whether actions were done and helped may be verified in a later audit). What is seen in passing judges
nothing: it leads to the steps of the case itself.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from qms.domain.deadlines import Kind
from qms.domain.errors import N_, InvalidInput
from qms.domain.findings import Step


class Seen(StrEnum):
    STILL_OPEN = "still_open"
    EFFECTIVE = "effective"


TO_LOOK_AT: Final[dict[str, str]] = {
    Kind.ANSWER: N_("There is no answer yet. See what was put right, and ask when the answer comes."),
    Kind.DECISION_ON_ANSWER: N_("The answer is not accepted yet. See what was put right."),
    Kind.ACTION: N_("The actions are being done. See how far they are."),
    Kind.VERIFICATION: N_("The actions were reported done. See whether they were."),
    Kind.EFFECTIVENESS: N_("The actions were done. See whether they helped."),
    Kind.CLOSING: N_("The actions were judged effective. See whether that holds."),
}
# The steps that what was seen speaks for, the likeliest one first.
_SPEAKS_FOR: Final[dict[Seen, tuple[Step, ...]]] = {
    Seen.STILL_OPEN: (Step.SEND_BACK, Step.JUDGE_INEFFECTIVE, Step.POSTPONE),
    Seen.EFFECTIVE: (Step.CONFIRM, Step.VERIFY, Step.JUDGE_EFFECTIVE, Step.CLOSE),
}


def leads_to(seen: Seen, offered: Collection[Step]) -> Step | None:
    """The step of the case, of those offered to the person, that what they saw speaks for."""
    return next((step for step in _SPEAKS_FOR[seen] if step in offered), None)


def check_shown(seen: Seen, note: str) -> None:
    """Raises `InvalidInput` for an effect that nothing shows."""
    if seen is Seen.EFFECTIVE and not note:
        raise InvalidInput(N_("Write what you saw that shows it."), field="note")
