"""Editions of the standard: what may be audited, left out and certified by each, and until when.

Sources: ISO 9001:2008, 1.2 (only requirements of chapter 7 may be left out); ISO 9001:2015, 4.3 (any requirement, with
a justification); resolutions IAF 2013-15 and 2017-13 on the move between them. Nothing written under one edition is
ever moved to another.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from qms.domain.dates import format_date
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, Notice, RuleViolation

QUALITY: Final = "9001"  # the standard whose system the register runs; of others it keeps the certificates alone
ANY_JUSTIFIED: Final = "any-justified"
_ONLY_CHAPTERS: Final = "chapter-"
_CHAPTER_CODE: Final = re.compile(r"9001:\d{4}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class ExclusionRule:
    """What an edition lets an office leave out: requirements of these chapters; None: of any."""

    chapters: tuple[str, ...] | None

    @classmethod
    def read(cls, text: str) -> "ExclusionRule":
        """The rule as the catalogue writes it. Raises `ValueError` for one that no edition has.

        >>> ExclusionRule.read("chapter-7-8").chapters, ExclusionRule.read("any-justified").chapters
        (('7', '8'), None)
        """
        if text == ANY_JUSTIFIED:
            return cls(None)
        chapters = tuple(text.removeprefix(_ONLY_CHAPTERS).split("-"))
        if not text.startswith(_ONLY_CHAPTERS) or not all(each.isdecimal() for each in chapters):
            raise ValueError(text)
        return cls(chapters)


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


def standard_of(code: str) -> str:
    """The standard that an edition is of.

    >>> standard_of("14001:2015")
    '14001'
    """
    return code.partition(":")[0]


def is_auditable(kind: NodeKind) -> bool:
    """Findings point at the exact requirement, never at a chapter or a group."""
    return kind in {NodeKind.LEAF, NodeKind.PART}


def is_excluded(number: str, exclusions: Collection[str]) -> bool:
    """Whether the clause itself or one above it was left out."""
    return excluded_with(number, exclusions) is not None


def excluded_with(number: str, exclusions: Collection[str]) -> str | None:
    """The clause with which this one was left out: itself or one above it.

    >>> excluded_with("7.3.1", {"7.3", "7.5.2"})
    '7.3'
    """
    return next((out for out in exclusions if number == out or number.startswith(f"{out}.")), None)


def why_excluded(number: str, exclusions: Mapping[str, str]) -> str:
    """The office's justification, by clause numbers; empty where the clause applies."""
    return exclusions.get(excluded_with(number, exclusions) or "", "")


def check_applied(number: str, exclusions: Mapping[str, str], *, by_outsiders: bool, field: str) -> None:
    """Refuse to audit against what the office left out, with its justification.

    A certification body or a client chooses what it looks at, and whether an exclusion holds is among it: what they
    audited and found is written down as it was.
    """
    if by_outsiders or not is_excluded(number, exclusions):
        return
    message = N_(
        "This office excluded clause %(number)s. Choose another one, or end the exclusion first. Its reason: %(why)s"
    )
    raise InvalidInput(message, field=field, number=number, why=why_excluded(number, exclusions))


def check_approver(*, is_person: bool, words: str) -> None:
    """Refuse an exclusion that nobody approved, or that says it in two ways."""
    if not is_person and not words:
        message = N_("Choose who approved the exclusion, or type their post and name.")
        raise InvalidInput(message, field="approved_by_id")
    if is_person and words:
        message = N_("You chose a person and typed another one. Leave one of the two.")
        raise InvalidInput(message, field="approver_words")


def check_exclusion(edition: Edition, number: str, justification: str) -> None:
    """Refuse to leave out what the edition does not allow, or what nobody justified."""
    if edition.exclusion_rule is None:
        message = N_("%(edition)s is not in use yet. Choose the edition that the office works by.")
        raise NotAllowedNow(message, edition=edition.code, field="clause")
    if "." not in number:
        raise InvalidInput(N_("A whole chapter cannot be left out. Choose its clauses one by one."), field="clause")
    allowed = edition.exclusion_rule.chapters
    if allowed is not None and number.partition(".")[0] not in allowed:
        message = N_(
            "%(edition)s lets an office leave out only requirements of chapter %(chapters)s. Choose one of them."
        )
        raise InvalidInput(message, edition=edition.code, chapters=", ".join(allowed), field="clause")
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


@dataclass(frozen=True)
class Papers:
    """What a clause asks to be written: a documented procedure, so many records, so many documents kept up to date."""

    number: str
    procedures: int = 0
    records: int = 0
    documents: int = 0

    @property
    def is_asked(self) -> bool:
        return bool(self.procedures or self.records or self.documents)


def required(papers: Iterable[Papers], exclusions: Collection[str] = ()) -> Papers:
    """All that an edition asks to be written; an excluded clause takes its own off the list."""
    applied = [each for each in papers if not is_excluded(each.number, exclusions)]
    return Papers(
        "",
        procedures=sum(each.procedures for each in applied),
        records=sum(each.records for each in applied),
        documents=sum(each.documents for each in applied),
    )


def check_published(edition: Edition, on: date, *, field: str) -> None:
    """Refuse what names an edition before it was there."""
    if edition.published_on and on < edition.published_on:
        message = N_("%(edition)s was published on %(day)s only. Choose an edition that was there on that day.")
        raise InvalidInput(message, field=field, edition=edition.code, day=format_date(edition.published_on))


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
    """Refuse a decision made before or after the edition's time; remark on a printed end that lies beyond it."""
    check_published(edition, decided_on, field="edition")
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


def is_chapter_code(text: str) -> bool:
    """Whether it names an edition and one of its chapters.

    >>> is_chapter_code("9001:2015-08"), is_chapter_code("9001:2015-8.5")
    (True, False)
    """
    return _CHAPTER_CODE.fullmatch(text) is not None
