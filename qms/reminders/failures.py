"""Why a letter did not arrive, in plain words, and what to do about it.

Mail servers answer with numbers of RFC 5321 and RFC 3463; what they write beside them is in any language.
"""

import re
from dataclasses import dataclass
from typing import Final

from qms.domain.errors import N_


@dataclass(frozen=True)
class Explanation:
    """A reason and an advice, as messages to translate."""

    reason: str
    advice: str


_IN_DOUBT: Final = Explanation(
    N_("The connection broke just after the letter was handed over, so it may have arrived."),
    N_("Ask the person whether the letter came."),
)
_OTHER: Final = Explanation(
    N_("The mail server did not take the letter."),
    N_("Tell the person in another way. If it happens again, tell the administrator."),
)
# The first that fits; the fuller number of RFC 3463 says more than the three digits before it.
_BY_ANSWER: Final = (
    (
        re.compile(r"cannot be written"),
        Explanation(
            N_("The register could not write this letter."),
            N_("Tell the administrator: the log of the register says why."),
        ),
    ),
    (
        re.compile(r"\b5\.7\.\d|^(550|554) .*(spam|block|policy|reputation)", re.IGNORECASE),
        Explanation(
            N_("The mail server of this person refuses letters from the register."),
            N_("Tell the person in another way, and ask the administrator to talk to those who run the mail server."),
        ),
    ),
    (
        re.compile(r"\b[45]\.2\.[12]\b|^[45]52 |quota|mailbox (is )?full", re.IGNORECASE),
        Explanation(
            N_("The mailbox of this person is full or closed."), N_("Call the person, and ask them to make room in it.")
        ),
    ),
    (
        re.compile(r"\b5\.1\.\d|^(550|551|553) "),
        Explanation(
            N_("The mail server says that there is no such address."),
            N_("Ask the person for the right address and correct it on their page, under Office."),
        ),
    ),
    (
        re.compile(r"^4\d\d "),
        Explanation(
            N_("The mail server of this person put the letter off for four hours, so it was given up."),
            N_("Tell the person in another way. If it happens again, tell the administrator."),
        ),
    ),
)


def explain(state: str, answer: str) -> Explanation:
    """What the last answer of the mail server, or what went wrong before it, means."""
    if state == "uncertain":
        return _IN_DOUBT
    return next((found for pattern, found in _BY_ANSWER if pattern.search(answer)), _OTHER)
