"""How synthetic findings spread over states and days, without reading or writing anything."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from qms.domain.deadlines import Kind
from qms.domain.findings import Category, Stage, State, stage_of

_REMARKS: Final = (Category.OBSERVATION, Category.OPPORTUNITY, Category.STRENGTH)
_SHARE_OF_REMARKS: Final = 0.2
_YEAR: Final = 365
_SENT: Final = "answer sent"  # not a state of its own: in analysis, with the answer on the proxy's desk
_FRESH: Final = {
    State.REPORTED: 4,
    State.ACCEPTED: 4,
    State.IN_ANALYSIS: 4,
    _SENT: 5,
    State.PLANNED: 8,
    State.IN_PROGRESS: 12,
    State.DONE: 6,
    State.EFFECTIVENESS_CHECK: 14,
    State.CLOSED: 38,
    State.REJECTED: 3,
    State.CANCELLED: 2,
}
_OLD: Final = {State.CLOSED: 94, State.REJECTED: 3, State.CANCELLED: 1, State.EFFECTIVENESS_CHECK: 2}
_WAITS: Final = {
    State.REPORTED: Kind.ANSWER,
    State.ACCEPTED: Kind.ANSWER,
    State.IN_ANALYSIS: Kind.ANSWER,
    State.PLANNED: Kind.ACTION,
    State.IN_PROGRESS: Kind.ACTION,
    State.DONE: Kind.VERIFICATION,
    State.EFFECTIVENESS_CHECK: Kind.EFFECTIVENESS,
}
_PLANNED: Final = frozenset(
    {State.PLANNED, State.IN_PROGRESS, State.DONE, State.EFFECTIVENESS_CHECK, State.CLOSED, State.CANCELLED}
)
_WORKED: Final = frozenset({State.DONE, State.EFFECTIVENESS_CHECK, State.CLOSED})
_AROUND: Final = 45  # days before and after the last one that open cases are due on


@dataclass(frozen=True)
class Outcome:
    """What became of one finding by the last day."""

    category: Category
    state: State
    is_answer_sent: bool = False
    waits_for: Kind | None = None
    due_on: date | None = None

    @property
    def is_case(self) -> bool:
        return self.category not in _REMARKS

    @property
    def stage(self) -> Stage | None:
        return stage_of(self.state, is_answer_sent=self.is_answer_sent) if self.is_case else None

    @property
    def has_plan(self) -> bool:
        """Whether actions were agreed."""
        return self.is_case and self.state in _PLANNED

    @property
    def is_worked(self) -> bool:
        """Whether its actions are done."""
        return self.state in _WORKED

    @property
    def is_begun(self) -> bool:
        """Whether some of its actions may be done."""
        return self.state is State.IN_PROGRESS


def draw(reported_on: date, on: date, rng: Random) -> Outcome:
    """What may have become of a finding reported on a day."""
    if rng.random() < _SHARE_OF_REMARKS:
        return Outcome(rng.choice(_REMARKS), State.REPORTED)
    chances = _OLD if (on - reported_on).days > _YEAR else _FRESH
    drawn = rng.choices(list(chances), weights=list(chances.values()))[0]
    is_sent, state = drawn == _SENT, State.IN_ANALYSIS if drawn == _SENT else State(drawn)
    waits_for = Kind.DECISION_ON_ANSWER if is_sent else _WAITS.get(state)
    due_on = on + timedelta(days=rng.randint(-_AROUND, _AROUND)) if waits_for else None
    return Outcome(Category.NONCONFORMITY, state, is_sent or state in _PLANNED, waits_for, due_on)
