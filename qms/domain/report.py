"""What the report of an audit has to say before it is published, and what may change of it afterwards.

Source of the parts: ISO 19011:2018, 6.5.1 (findings and conclusions, then what was not audited, what stood in the way,
opinions that differed and who gets the report) and 6.5.2 (issued, agreed, given out).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from qms.domain.errors import N_, InvalidInput, NotAllowedNow, Notice
from qms.domain.scale import Called


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the team writes beside the findings. An empty part says nothing; the report then says so."""

    conclusion: str = ""
    unaudited: str = ""
    obstacles: str = ""
    differing_opinions: str = ""
    distribution: str = ""


@dataclass(frozen=True)
class Gap:
    """Something the report does not say yet: the part to write it in, and whether it keeps the report back."""

    part: str
    message: str
    stops: bool = False


NOTHING_TO_SAY = N_("This audit has no findings. Write a conclusion, so that the report says something.")
UNWRITTEN: dict[str, str] = {
    "conclusion": N_("There is no conclusion. Write how far the requirements are met."),
    "unaudited": N_("Nothing is written about what was not audited. The report will say “none noted”."),
    "obstacles": N_("Nothing is written about obstacles. The report will say “none noted”."),
    "differing_opinions": N_("Nothing is written about differing opinions. The report will say “none noted”."),
    "distribution": N_("The distribution list is empty. Write who gets the report."),
}


def gaps(parts: Parts, *, findings: int) -> list[Gap]:
    """What the report does not say yet, in the order of its parts."""
    found = [Gap(part, message) for part, message in UNWRITTEN.items() if not getattr(parts, part)]
    if parts.conclusion or findings:
        return found
    return [Gap("conclusion", NOTHING_TO_SAY, stops=True), *found[1:]]


def check_says_something(conclusion: str, *, findings: int) -> None:
    """Raises `InvalidInput` for a report with neither a finding nor a conclusion."""
    if not findings and not conclusion:
        raise InvalidInput(NOTHING_TO_SAY, field="conclusion")


def check_amendment(before: Parts, after: Parts, *, findings: int) -> None:
    """Raises `RuleViolation` for an issue that says what the one before said, or nothing at all."""
    check_says_something(after.conclusion, findings=findings)
    if before == after:
        raise NotAllowedNow(N_("Nothing differs from the published report. Change a part of it, or go back."))


def changed(before: Parts, after: Parts) -> tuple[str, ...]:
    """The names of the parts in which two issues differ."""
    return tuple(each.name for each in fields(Parts) if getattr(before, each.name) != getattr(after, each.name))


def counts(found: Iterable[Called], scale: Sequence[Called]) -> list[tuple[Called, int]]:
    """How many findings of each kind, in the order of the office's scale; after it, what was called otherwise then."""
    counted = Counter(found)
    return [(each, counted[each]) for each in dict.fromkeys((*scale, *counted))]


class Given(StrEnum):
    """Of an issue that was given for approval."""

    SENT = "sent"
    APPROVED = "approved"
    RETURNED = "returned"
    PUBLISHED = "published"


PENDING = (Given.SENT, Given.APPROVED)
LEAD_PUBLISHES = "lead"  # whom an approved report waits for; before that, the post whose step is next


def check_not_given(waits_for: str) -> None:
    """Refuse to change what waits for approval or publication. Raises `NotAllowedNow`."""
    if waits_for:
        raise NotAllowedNow(N_("The report is given for approval. Give it back first, then change it."))


def check_sent(state: Given) -> None:
    """Refuse to approve what waits for no step. Raises `NotAllowedNow`."""
    if state is not Given.SENT:
        raise NotAllowedNow(N_("This report does not wait for approval. Open the audit and look again."))


def check_pending(state: Given) -> None:
    """Refuse to give back what is back, or published. Raises `NotAllowedNow`."""
    if state not in PENDING:
        raise NotAllowedNow(N_("This report does not wait for approval. Open the audit and look again."))


def check_approved(state: Given) -> None:
    """Refuse to publish what is not approved. Raises `NotAllowedNow`."""
    if state is not Given.APPROVED:
        raise NotAllowedNow(N_("This report is not approved. Give it for approval, or wait for the next step."))


def doubt_about_approver(person_id: int, gave_id: int) -> Notice | None:
    """Approving one's own report is pointed out, and never refused."""
    if person_id == gave_id:
        return Notice(N_("You gave this report for approval. It will show that you approved your own report."))
    return None
