"""Parts of an action: what is done one after the other before the whole can be reported done."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from qms.domain.errors import N_, InvalidInput

MOST_PARTS: Final = 12
LONGEST: Final = 300


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part: by when it is to be done if that is known, when it was done, or why it is left out."""

    what: str
    due_on: date | None = None
    done_on: date | None = None
    left_because: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_on is None and not self.left_because

    @property
    def stored(self) -> dict[str, str | None]:
        """The part as plain data; `read` is the way back."""
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self).items()}


def read(stored: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    """The parts of plain data."""
    return tuple(
        Part(
            what=each["what"],
            due_on=_day(each["due_on"]),
            done_on=_day(each["done_on"]),
            left_because=each["left_because"],
        )
        for each in stored
    )


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was typed about one part."""

    what: str
    due_on: date | None = None
    is_done: bool = False
    left_because: str = ""


def settled(typed: Sequence[Typed], before: Sequence[Part], *, action_due_on: date, today: date) -> tuple[Part, ...]:
    """The parts as they are now: one that was done before keeps its day.

    Raises `InvalidInput` with its `row` for one that says nothing, is due after its action, or is done and left out.
    """
    known = {part.what: part.done_on for part in before if part.done_on}
    for place, each in enumerate(typed):
        _check(each, place, action_due_on)
    return tuple(
        Part(
            what=each.what,
            due_on=each.due_on,
            done_on=known.get(each.what, today) if each.is_done else None,
            left_because=each.left_because,
        )
        for each in typed
        if each.what
    )


def _check(typed: Typed, place: int, action_due_on: date) -> None:
    if not typed.what and (typed.due_on or typed.is_done or typed.left_because):
        raise InvalidInput(N_("Write what is to be done, or clear the whole part."), field="what", row=place)
    if typed.due_on is not None and typed.due_on > action_due_on:
        message = N_("The action is due on %(day)s. Enter that day or an earlier one.")
        raise InvalidInput(message, field="due_on", row=place, day=action_due_on)
    if typed.is_done and typed.left_because:
        message = N_("It cannot be both done and left out. Untick it or delete the reason.")
        raise InvalidInput(message, field="left_because", row=place)
