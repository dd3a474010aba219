"""What was issued wrongly, from the day it was noticed until somebody else has looked at it again.

Source: ISO 9001:2015, 8.7, and ISO 9001:2008, 8.3: identify it, deal with it, verify it again, keep a record. In an
office the product is a decision, an act or a service, and the legal remedies are its correction.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from qms.domain.errors import N_, InvalidInput, NotAllowedNow, NotIndependent, NotPermitted
from qms.domain.standing import Who


class Kind(StrEnum):
    """What was issued."""

    DECISION = "decision"
    ACT = "act"
    CERTIFICATE = "certificate"
    SERVICE = "service"
    OTHER = "other"


class Remedy(StrEnum):
    """What was done about it. The articles are those of the code of administrative procedure."""

    RECTIFIED = "rectified"  # art. 113
    REVIEWED = "reviewed"  # art. 132: by the office itself, after an appeal
    CHANGED = "changed"  # art. 154 and 155
    ANNULLED = "annulled"
    REPEATED = "repeated"
    CORRECTED = "corrected"
    CONCESSION = "concession"


class State(StrEnum):
    NOTICED = "noticed"
    DEALT_WITH = "dealt_with"
    VERIFIED = "verified"


class Step(StrEnum):
    DEAL = "deal"
    CONFIRM = "confirm"
    SEND_BACK = "send_back"


@dataclass(frozen=True)
class Transition:
    """Who takes a step, from where, and where it leads."""

    who: frozenset[Who]
    from_state: State
    to: State


DEALING: Final = frozenset({Who.PROXY, Who.DEPUTY, Who.UNIT_HEAD, Who.REPORTER})
VERIFYING: Final = frozenset({Who.PROXY, Who.DEPUTY, Who.UNIT_HEAD, Who.AUDITOR})

STEPS: Final[dict[Step, Transition]] = {
    Step.DEAL: Transition(DEALING, State.NOTICED, State.DEALT_WITH),
    Step.CONFIRM: Transition(VERIFYING, State.DEALT_WITH, State.VERIFIED),
    Step.SEND_BACK: Transition(VERIFYING, State.DEALT_WITH, State.NOTICED),
}
NEXT: Final[dict[State, str]] = {
    State.NOTICED: N_("Nothing is done about it yet. Write first what was done."),
    State.DEALT_WITH: N_("It waits to be looked at again. Somebody else than who dealt with it does that."),
    State.VERIFIED: N_("It was looked at again and is right. Nothing more has to be done."),
}
_MAY: Final = {
    DEALING: N_("Only the head of the department, the proxy or who noticed it does this. Ask one of them."),
    VERIFYING: N_("Only the head of the department, the proxy or an auditor looks at it again. Ask one of them."),
}


def after(step: Step, state: State, *, who: frozenset[Who], is_own_work: bool) -> State:
    """Where the step leads. Raises `RuleViolation` when this person may not take it now.

    `is_own_work`: the person dealt with it, so somebody else has to look.
    """
    transition = STEPS[step]
    if not who & transition.who:
        raise NotPermitted(_MAY[transition.who])
    if state is not transition.from_state:
        raise NotAllowedNow(NEXT[state])
    if transition.who is VERIFYING and is_own_work:
        raise NotIndependent(N_("You dealt with it yourself. Ask somebody else to look at it again."))
    return transition.to


def who_looks_again(asked: Iterable[Collection[int]], *, dealt_by: int) -> tuple[int, ...]:
    """Who is asked to look again: the first of these groups in which there is somebody who did not deal with it.

    >>> who_looks_again([[7], [], [7, 3], [5]], dealt_by=7)
    (3,)
    """
    others = (tuple(each for each in group if each != dealt_by) for group in asked)
    return next(filter(None, others), ())


def check_noted(*, noticed_on: date, today: date) -> None:
    """Raises `InvalidInput` for a day that has not come."""
    if noticed_on > today:
        raise InvalidInput(N_("Enter a day that is not in the future."), field="noticed_on")


def check_dealt(remedy: Remedy, *, allowed_by: str, dealt_on: date, noticed_on: date, today: date) -> None:
    """Whether enough is said about what was done. Raises `InvalidInput` at the field that is wrong."""
    if not noticed_on <= dealt_on <= today:
        raise InvalidInput(N_("Enter a day from the one it was noticed on until today."), field="dealt_on")
    if remedy is Remedy.CONCESSION and not allowed_by:
        raise InvalidInput(N_("Write who allowed that it stays as it is."), field="allowed_by")
    if remedy is not Remedy.CONCESSION and allowed_by:
        raise InvalidInput(
            N_("Only a concession is allowed by somebody. Clear this, or choose a concession."), field="allowed_by"
        )
