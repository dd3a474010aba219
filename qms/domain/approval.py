"""The steps by which an office approves its papers: one to three, each with the office's own verb and a post.

Source: ISO 9001:2008, 5.1 and 8.2.2, ISO 9001:2015, 5.1.1 and 9.2.2 (top management answers for the system and its
audits), so the last step is top management's; the other steps are each office's own practice.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from qms.domain.errors import N_, InvalidInput, NotAllowedNow, Notice, NotPermitted
from qms.domain.standing import Who

TOP_MANAGEMENT = (Who.HEAD_OF_OFFICE, Who.SECRETARY)
APPROVING = (Who.PROXY, *TOP_MANAGEMENT)
MOST_STEPS = 3


@dataclass(frozen=True)
class Step:
    """A step of the approval: the verb the office prints beside it, and the post that takes it."""

    verb: str
    post: Who


def check_chain(steps: Sequence[Step]) -> None:
    """Refuse a chain that is too long, or that ends below top management. Raises `InvalidInput`."""
    if not 1 <= len(steps) <= MOST_STEPS:
        raise InvalidInput(N_("Enter one to %(most)s steps of approval."), most=MOST_STEPS)
    if steps[-1].post not in TOP_MANAGEMENT:
        message = N_("The last step belongs to top management. Choose the head of the office or the secretary for it.")
        raise InvalidInput(message, field=f"post_{len(steps)}")


def check_vacancies(steps: Iterable[Step], held: Mapping[Who, Collection[int]]) -> None:
    """Refuse to send to a post that nobody holds: it would wait for ever."""
    for step in steps:
        if not any(held.get(post) for post in holders_of(step.post)):
            raise VacantPost(step.post)


class VacantPost(NotAllowedNow):
    """Nobody holds the post that is to approve; `post` says which."""

    def __init__(self, post: Who) -> None:
        message = N_("Nobody holds a post that is to approve. Give the post to somebody, or change the approval steps.")
        super().__init__(message)
        self.post = post


def holders_of(post: Who) -> tuple[Who, ...]:
    """The posts that may take the step of a post: the deputy stands in for the proxy."""
    return (Who.PROXY, Who.DEPUTY) if post is Who.PROXY else (post,)


def check_approver(step: Step, posts: Collection[Who]) -> None:
    """Refuse somebody whose step it is not. Raises `NotPermitted`."""
    if not set(holders_of(step.post)) & set(posts):
        raise NotPermitted(N_("Somebody else has to take this step. The page you came from says who."))


def doubt_about_approver(person_id: int, earlier: Collection[int]) -> Notice | None:
    """Two steps by one person are pointed out, and never refused."""
    if person_id in earlier:
        return Notice(N_("You took an earlier step too. The paper will show that one person took two steps."))
    return None
