"""Where the labels of the picture of the cycle stand: none covers another, and no leader goes through one.

The picture is as wide as its page, so places along it are per cent of its width, and room is found for the narrowest
page that shows the picture; on a wider one there is more of it. Heights are pixels.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

NARROWEST: Final = 670  # pixels; a narrower page shows the days as a list
LETTER: Final = 8.6  # pixels, the widest that letters of our labels are on average
GAP: Final = 1.0  # per cent between a label and what stands beside it
_MARGIN, _ALONG = 8.0, 84.0  # per cent: where the line of the cycle begins, and how long it is
_LANE, _BELOW, _ABOVE, _LINE = 46, 36, -46, 19  # pixels: lanes, first base lines below and above, lines of text
_OVER, _UNDER = 14, 6  # pixels that letters take over and under their base line
_MARKS: Final = 26  # pixels that the marks on the line take to either side


@dataclass(frozen=True)
class Label:
    """A day of the cycle at its place along the line, from 0 to 100; state: done | planned | end | today."""

    at: float
    words: str
    day: str
    state: str

    @cached_property
    def x(self) -> float:
        return round(_MARGIN + self.at * _ALONG / 100, 2)

    @cached_property
    def width(self) -> float:
        return max(len(self.words), len(self.day)) * LETTER / NARROWEST * 100


@dataclass(frozen=True)
class Place:
    """Where a label stands: in a lane above the line (1, 2, …) or below it (-1, -2, …), anchored to its day."""

    label: Label
    lane: int
    anchor: str

    @cached_property
    def first(self) -> float:
        """The left edge."""
        width = self.label.width
        return self.label.x + {"start": GAP, "middle": -width / 2, "end": -width - GAP}[self.anchor]

    @cached_property
    def last(self) -> float:
        """The right edge."""
        return self.first + self.label.width

    @property
    def y(self) -> int:
        """The base of its first line, from the line of the cycle."""
        deeper = (abs(self.lane) - 1) * _LANE
        if self.lane < 0:
            return _BELOW + deeper
        return _ABOVE - deeper + (0 if self.label.day else _LINE)

    @property
    def edges(self) -> tuple[int, int]:
        """How far from the line of the cycle it begins and ends, the nearer edge first."""
        lines = _LINE if self.label.day else 0
        near, far = sorted((self.y - _OVER, self.y + lines + _UNDER), key=abs)
        return near, far

    @property
    def leader_to(self) -> int | None:
        """Where the line from the day to the label ends; none where the label stands close under or over its day."""
        if self.anchor == "middle":
            return self.edges[0] if abs(self.lane) > 1 or self.label.state == "today" else None
        return self.edges[1]

    def is_in_the_way(self, other: "Place") -> bool:
        """Whether one covers the other, or the leader of one goes through the other."""
        if (self.lane > 0) is not (other.lane > 0):
            return False
        if self.lane == other.lane:
            return self.first < other.last + GAP and other.first < self.last + GAP
        near, far = (self, other) if abs(self.lane) < abs(other.lane) else (other, self)
        return near.is_across(far.label.x)

    def is_across(self, x: float) -> bool:
        """Whether a leader there would go through it."""
        return self.first - GAP / 2 < x < self.last + GAP / 2


def placed(labels: Collection[Label]) -> list[Place]:
    """A place for each label, in the order of their days."""
    ahead = sorted(labels, key=lambda label: label.x)
    found: list[Place] = []
    for number, label in enumerate(ahead, 1):
        place = next(_clear(label, found, ahead[number:]), None)
        if place is None:
            return _stairs(ahead)
        found.append(place)
    return found


def _clear(label: Label, others: Sequence[Place], ahead: Sequence[Label]) -> Iterator[Place]:
    for place in _places(label, deepest=max((abs(other.lane) for other in others), default=0) + 1):
        if not any(map(place.is_in_the_way, others)) and _leaves_a_way([place, *others], ahead):
            yield place


def _places(label: Label, deepest: int) -> Iterator[Place]:
    """Where it could stand inside the picture, the best first; nothing stands yet in the deepest lanes."""
    for depth in range(1, deepest + 1):
        for anchor in ("middle", "end", "start"):
            for lane in (depth, -depth) if label.state == "today" else (-depth, depth):
                place = Place(label, lane, anchor)
                if place.first >= 0 and place.last <= 100:  # noqa: PLR2004 - per cent
                    yield place


def _leaves_a_way(places: Sequence[Place], ahead: Sequence[Label]) -> bool:
    """Whether each label still to come can have a leader, above the line or below it."""
    return not any({place.lane > 0 for place in places if place.is_across(label.x)} == {True, False} for label in ahead)


def _stairs(labels: Sequence[Label]) -> list[Place]:
    """One lane each, which is clear however many days fall together.

    Those of the first half stand above with their text to the right of their days, the others below with it to the
    left.
    """
    first = [label for label in labels if label.x <= _MARGIN + _ALONG / 2]
    left = [Place(label, len(first) - number, "start") for number, label in enumerate(first)]
    return left + [Place(label, -number, "end") for number, label in enumerate(labels[len(first) :], 1)]


@dataclass(frozen=True)
class Picture:
    """The line of the cycle with its labels."""

    places: list[Place]

    @property
    def points(self) -> list[Label]:
        """The days of the cycle, without today."""
        return [place.label for place in self.places if place.label.state != "today"]

    @property
    def line_y(self) -> int:
        """How far under the upper edge the line of the cycle runs."""
        return max([_MARKS, *(-place.edges[1] for place in self.places if place.lane > 0)])

    @property
    def height(self) -> int:
        return self.line_y + max([_MARKS, *(place.edges[1] for place in self.places if place.lane < 0)])
