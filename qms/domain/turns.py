"""Whose turn it is among the processes of an office: each goes along with one audit of a department it runs through.

Source: ISO 9001:2015, 9.2.2 a, and ISO 9001:2008, 8.2.2: the programme considers the importance of the processes and
how they fared before.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from qms.domain.coverage import LONG_UNSEEN_MONTHS, months_unseen
from qms.domain.errors import N_, Notice
from qms.domain.proposal import LONGEST_UNSEEN

NEVER_SEEN: Final = N_("Processes not audited yet: %(processes)s.")
LONG_UNSEEN: Final = N_("Processes not audited for at least %(months)s months: %(processes)s.")


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A process: where it runs, who owns it in the year, when it was audited last and how much it matters (1 to 3)."""

    process: int
    name: str
    units: frozenset[int]
    owners: frozenset[int] = frozenset()
    last_on: date | None = None
    importance: int = 2

    def unseen(self, today: date) -> int:
        """Whole months; one never audited counts as the longest."""
        return LONGEST_UNSEEN if self.last_on is None else min(months_unseen(self.last_on, today), LONGEST_UNSEEN)

    def weight(self, today: date) -> int:
        """How early in the year it is wanted."""
        return self.unseen(today) * self.importance // 2


def shared_out(
    turns: Collection[Turn], visits: Sequence[tuple[int, int | None]], today: date
) -> Mapping[int, list[Turn]]:
    """By the place of a visit (of which unit, led by whom) the processes that go along with it.

    The longest unseen is served first; each goes to the visit with the fewest, never to one led by its owner. What runs
    through no visited unit goes nowhere.
    """
    held: Counter[int] = Counter()
    found: dict[int, list[Turn]] = defaultdict(list)
    for turn in sorted(turns, key=lambda each: (-each.weight(today), each.process)):
        fitting = [place for place, (unit, lead) in enumerate(visits) if unit in turn.units and lead not in turn.owners]
        if fitting:
            place = min(fitting, key=lambda each: (held[each], each))
            held[place] += 1
            found[place].append(turn)
    return found


def pressing(turns: Collection[Turn], units: Sequence[int], today: date) -> dict[int, int]:
    """By department, how much the processes that would go along with its audit press it to be early."""
    shared = shared_out(turns, [(unit, None) for unit in units], today)
    return {units[place]: sum(turn.weight(today) for turn in each) for place, each in shared.items()}


def reasons(turns: Iterable[Turn], today: date) -> list[Notice]:
    """Why these processes are to be audited, as far as they were long unseen."""
    known = list(turns)
    never = [each.name for each in known if each.last_on is None]
    old = [each.name for each in known if each.last_on and months_unseen(each.last_on, today) >= LONG_UNSEEN_MONTHS]
    found = [Notice(NEVER_SEEN, {"processes": ", ".join(never)})] if never else []
    if old:
        found.append(Notice(LONG_UNSEEN, {"months": LONG_UNSEEN_MONTHS, "processes": ", ".join(old)}))
    return found
