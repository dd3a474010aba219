"""Editions of the standard: what may be audited, left out and certified by each, and until when.

Sources: ISO 9001:2008, 1.2 (only requirements of chapter 7 may be left out); ISO 9001:2015, 4.3 (any requirement, with
a justification); resolutions IAF 2013-15 and 2017-13 on the move between them. Nothing written under one edition is
ever moved to another.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qms.domain.dates import format_date
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, Notice, RuleViolation


class ExclusionRule(StrEnum):
    """What an edition lets an office leave out."""

    CHAPTER_7 = "chapter-7"
    ANY_JUSTIFIED = "any-justified"


class NodeKind(StrEnum):
    CHAPTER = "chapter"
    CLAUSE = "clause"
    GROUP = "group"
    LEAF = "leaf"
    PART = "part"
    """An untitled sub-clause, such as 9.2.2 of 2015."""


class Excludable(StrEnum):
    YES = "yes"
    WARN = "warn"
    """Possible, but hard to justify in an office."""
    NO = "no"


@dataclass(frozen=True)
class Edition:
    """Its dates are the last days; None where no end is set. `exclusion_rule` None: it is not in use yet."""

    code: str
    exclusion_rule: ExclusionRule | None
    published_on: date | None = None
    transition_from_on: date | None = None
    audits_until_on: date | None = None
    certificates_until_on: date | None = None


@dataclass(frozen=True)
class ClauseNode:
    edition: str
    number: str
    kind: NodeKind
    parent: str | None = None
    excludable: Excludable = Excludable.YES


def is_auditable(kind: NodeKind) -> bool:
    """Findings point at the exact requirement, never at a chapter or a group."""
    return kind in {NodeKind.LEAF, NodeKind.PART}


def is_excluded(number: str, exclusions: Collection[str]) -> bool:
    """Whether the clause itself or one above it was left out."""
    return any(number == left_out or number.startswith(f"{left_out}.") for left_out in exclusions)


def check_exclusion(edition: Edition, number: str, justification: str) -> None:
    """Refuse to leave out what the edition does not allow, or what nobody justified."""
    if edition.exclusion_rule is None:
        message = N_("%(edition)s is not in use yet. Choose the edition that the office works by.")
        raise NotAllowedNow(message, edition=edition.code, field="clause")
    if "." not in number:
        raise InvalidInput(N_("A whole chapter cannot be left out. Choose its clauses one by one."), field="clause")
    if edition.exclusion_rule is ExclusionRule.CHAPTER_7 and not number.startswith("7."):
        message = N_("%(edition)s lets an office leave out only requirements of chapter 7. Choose one of them.")
        raise InvalidInput(message, edition=edition.code, field="clause")
    if not justification.strip():
        message = N_("Write why this requirement cannot apply to the office.")
        raise InvalidInput(message, field="justification")


def may_be_excluded(edition: Edition, number: str) -> bool:
    """Whether the edition allows it, given a justification."""
    try:
        check_exclusion(edition, number, "given")
    except RuleViolation:
        return False
    return True


def doubt_about_exclusion(node: ClauseNode) -> Notice | None:
    if node.excludable is Excludable.YES:
        return None
    return Notice(
        N_("Auditors rarely accept leaving out %(number)s. Make sure that the reason holds."), {"number": node.number}
    )


def edition_note(edition: Edition, on: date) -> Notice | None:
    """What to say beside the edition on that day: nothing while it is in force."""
    ended_on = edition.certificates_until_on
    if ended_on and ended_on < on:
        message = N_("Past edition: its certificates were valid until %(day)s.")
        return Notice(message, {"day": format_date(ended_on)})
    if ended_on:
        message = N_("Certificates to this edition are valid until %(day)s. Plan the move to the next one.")
        return Notice(message, {"day": format_date(ended_on)})
    return None


def check_certificate_edition(edition: Edition, *, decided_on: date, valid_until: date) -> Notice | None:
    """Refuse a decision made after the edition ended; remark on a printed end that lies beyond it."""
    ends_on = edition.certificates_until_on
    if ends_on is None or valid_until <= ends_on:
        return None
    params = {"edition": edition.code, "day": format_date(ends_on)}
    if decided_on > ends_on:
        message = N_("Certificates to %(edition)s could be valid until %(day)s only. Choose a later edition.")
        raise InvalidInput(message, field="edition", **params)
    return Notice(N_("Whatever is printed, certificates to %(edition)s are valid until %(day)s only."), params)


def check_body_audit_edition(edition: Edition, held_on: date) -> None:
    """Refuse a body's audit to an edition that bodies no longer audit by. Internal audits may use any edition."""
    last_day = edition.audits_until_on
    if last_day and held_on > last_day:
        message = N_("Certification bodies audited by %(edition)s until %(day)s only. Choose a later edition.")
        raise InvalidInput(message, field="edition", edition=edition.code, day=format_date(last_day))
