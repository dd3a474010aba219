"""When somebody may be noted as away, and who may read their letters meanwhile.

An absence moves letters, not duties: what waits for the person goes on waiting for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from qms.domain.calendar import add_months
from qms.domain.errors import N_, InvalidInput, NotPermitted

LONGEST_MONTHS = 24


@dataclass(frozen=True)
class Away:
    """Both days belong to it. `substitute_id` None: nobody reads the letters, the next level of escalation does."""

    person_id: int
    from_on: date
    until_on: date
    substitute_id: int | None = None

    def overlaps(self, other: "Away") -> bool:
        return self.from_on <= other.until_on and other.from_on <= self.until_on


def check_absence(wanted: Away, others: Iterable[Away], today: date) -> None:
    """Refuse days that say nothing, that are noted already, or a substitute who is away too. Raises `InvalidInput`."""
    if wanted.until_on < wanted.from_on:
        raise InvalidInput(N_("The last day is before the first. Check both days."), field="until_on")
    if wanted.until_on < today:
        raise InvalidInput(N_("This absence is over. Enter one that lasts until today or longer."), field="until_on")
    if wanted.until_on > add_months(wanted.from_on, LONGEST_MONTHS):
        message = N_("Enter at most two years. For somebody who does not come back, end the access instead.")
        raise InvalidInput(message, field="until_on")
    if wanted.substitute_id == wanted.person_id:
        raise InvalidInput(N_("Choose somebody else to read these letters."), field="substitute")
    for other in filter(wanted.overlaps, others):
        _refuse_clash(wanted, other)


@dataclass(frozen=True, kw_only=True)
class Naming:
    """Who lets whom read whose letters; "sees" is the right to see all findings of the office."""

    by_oneself: bool
    namer_sees: bool
    names_themselves: bool
    absent_has_rights: bool  # a post over audits, or a department to head: letters that tell of findings
    substitute_sees: bool


def check_naming(naming: Naming) -> None:
    """Nobody comes by letters about findings through keeping the list of people. Raises `NotPermitted`."""
    if naming.by_oneself or naming.namer_sees:
        return
    if naming.names_themselves:
        message = N_("You cannot name yourself to read letters of somebody else. Ask them or the proxy to record it.")
        raise NotPermitted(message, field="substitute")
    if naming.absent_has_rights and not naming.substitute_sees:
        message = N_(
            "These letters tell of audits and findings. Choose an auditor or somebody of the management, or ask the"
            " person or the proxy to record it."
        )
        raise NotPermitted(message, field="substitute")


def _refuse_clash(wanted: Away, other: Away) -> None:
    if other.person_id == wanted.person_id:
        message = N_("An absence from %(first)s to %(last)s is noted already. Take it off first, or choose other days.")
        raise InvalidInput(message, field="from_on", first=other.from_on, last=other.until_on)
    if other.person_id == wanted.substitute_id:
        message = N_("The substitute is away too, from %(first)s to %(last)s. Choose somebody else.")
        raise InvalidInput(message, field="substitute", first=other.from_on, last=other.until_on)
    if other.substitute_id == wanted.person_id:
        message = N_("This person reads letters of somebody else in these days. Change that absence first.")
        raise InvalidInput(message, field="from_on")
