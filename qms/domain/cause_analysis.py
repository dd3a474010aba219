"""How a cause was found: by asking why after why, or by looking under six headings; or just as it is written.

Source of the headings: K. Ishikawa's diagram of cause and effect, as Polish offices word it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from qms.domain.errors import N_

WHYS: Final = 5
MOST_WHYS: Final = 10


class Heading(StrEnum):
    PEOPLE = "people"
    METHOD = "method"
    EQUIPMENT = "equipment"
    INFORMATION = "information"
    MANAGEMENT = "management"
    SURROUNDINGS = "surroundings"


WORDS: Final[Mapping[str, str]] = {
    Heading.PEOPLE: N_("People and skills"),
    Heading.METHOD: N_("Way of working"),
    Heading.EQUIPMENT: N_("Machines and equipment"),
    Heading.INFORMATION: N_("Material and information"),
    Heading.MANAGEMENT: N_("Managing the work"),
    Heading.SURROUNDINGS: N_("Surroundings"),
}


@dataclass(frozen=True)
class Analysis:
    """What was answered on the way to a cause; nothing where it is only written."""

    whys: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_two_ways(self) -> bool:
        """Whether both ways were begun, of which an answer tells one."""
        return bool(self.whys and self.headings)

    @property
    def kept(self) -> dict[str, Any] | None:
        """As it is stored; none where the cause is only written."""
        parts = {"whys": list(self.whys), "headings": dict(self.headings)}
        return {name: part for name, part in parts.items() if part} or None

    def written(self, cause: str) -> str:
        """The cause as one text, as lists and letters tell it."""
        return "\n".join(filter(None, [cause, *self._lines]))

    def typed(self, written: str) -> str:
        """What of that text was typed as the cause itself."""
        lines = "\n".join(self._lines)
        return written.removesuffix(lines).removesuffix("\n") if lines else written

    @property
    def _lines(self) -> list[str]:
        return [*numbered(self.whys), *(f"– {text}" for text in self.headings.values())]


def numbered(whys: Sequence[str]) -> list[str]:
    """The answers to one why after the other, a line each."""
    return [f"{number}. {why}" for number, why in enumerate(whys, start=1)]


def analysed(whys: Sequence[str], headings: Sequence[str]) -> Analysis:
    """From fields of which some are blank; those of the headings come in the order of `Heading`."""
    under = {heading.value: text for heading, text in zip(Heading, headings, strict=False) if text}
    return Analysis(tuple(filter(None, whys)), under)


def read(kept: Mapping[str, Any] | None) -> Analysis:
    """From what is stored."""
    told = kept or {}
    under = told.get("headings", {})
    return Analysis(tuple(told.get("whys", ())), {each.value: under[each] for each in Heading if each in under})
