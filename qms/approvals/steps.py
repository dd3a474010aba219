"""Taking the steps of one paper, whatever it is: they are laid out as the chain is, taken in order, and cleared."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from qms.approvals.models import StepOfPaper
from qms.core import clock
from qms.domain import approval as rules
from qms.domain.approval import Step
from qms.domain.errors import N_, NotAllowedNow, Notice
from qms.domain.standing import Who
from qms.policy import Actor

S = TypeVar("S", bound=StepOfPaper)


def lay_out(step: S, chosen: Step) -> S:
    """Make a row stand for a step of the chain, not taken yet."""
    step.verb, step.post = chosen.verb, chosen.post
    _clear(step)
    return step


def waiting(steps: Sequence[S]) -> S | None:
    """The step that is to be taken now; None once all are."""
    return next((each for each in steps if each.person_id is None), None)


def is_for(step: StepOfPaper | None, by: Actor, office_id: int) -> bool:
    """Whether somebody may take this step."""
    posts = by.posts.get(office_id, frozenset())
    return step is not None and bool(posts & set(rules.holders_of(Who(step.post))))


def to_ask(step: StepOfPaper | None, held: Mapping[Who, Sequence[int]]) -> Sequence[int]:
    """Who is asked to take it: whoever holds its post, or stands in for them."""
    posts = rules.holders_of(Who(step.post)) if step else ()
    return next((held[post] for post in posts if held.get(post)), [])


def take(steps: Sequence[StepOfPaper], *, by: Actor, office_id: int, order_number: str) -> None:
    """Take the next step. Raises `RuleViolation` where none is left, or somebody else has to take it."""
    step = waiting(steps)
    if step is None:
        raise NotAllowedNow(N_("No step is left to take. Go back and look again."))
    rules.check_approver(Step(step.verb, Who(step.post)), by.posts.get(office_id, frozenset()))
    step.person_id, step.decided_at, step.order_number = by.person_id, clock.now(), order_number


def doubt_about(steps: Sequence[StepOfPaper], by: Actor) -> Notice | None:
    """What to say to somebody who is about to take the next step."""
    return rules.doubt_about_approver(by.person_id, [each.person_id for each in steps if each.person_id])


def clear(steps: Sequence[StepOfPaper]) -> None:
    """Let all steps be taken anew."""
    for step in steps:
        _clear(step)


def _clear(step: StepOfPaper) -> None:
    step.person_id = step.decided_at = None
    step.order_number = ""
