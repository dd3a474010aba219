"""What limits are called, and how long they are, in the reader's words."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext, ngettext

from qms.core import whys
from qms.core.i18n import said, said_in_each_language
from qms.domain.causes import WORDS as CAUSES
from qms.domain.causes import Cause
from qms.domain.causes import Words as CauseWords
from qms.domain.errors import N_
from qms.domain.findings import Category
from qms.domain.limits import NOT_SET, Limit, Unit
from qms.domain.scale import WORDS, Words

# What is to be done in time, and from or to which day the time is counted.
LIMIT_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "notice": (N_("Notice of an audit"), N_("before the audit starts")),
    "report": (N_("Report of an audit"), N_("after the last day of the audit")),
    "answer": (N_("Answer to a nonconformity"), N_("after the finding was published")),
    "answer_major": (N_("Answer to a major nonconformity"), N_("after it was published; not set: as for others")),
    "answer_minor": (N_("Answer to a minor nonconformity"), N_("after it was published; not set: as for others")),
    "decision_on_answer": (N_("Decision on an answer"), N_("after the answer was sent")),
    "verification": (N_("Verification of the actions"), N_("after the last action was reported done")),
    "effectiveness": (N_("Effectiveness review"), N_("after the last action was done")),
    "closing": (N_("Closing a case"), N_("after the actions were judged effective")),
    "product_check": (N_("Second look at what was issued wrongly"), N_("after it was dealt with")),
    "second_surveillance": (N_("Second surveillance audit"), N_("after the certification decision")),
    "refresher": (N_("Refresher training of an auditor"), N_("after the last training")),
    "recertification_audit": (N_("Recertification audit"), N_("before the certificate ends")),
    "body_contract": (N_("Contract with the certification body"), N_("before the certificate ends")),
    "internal_audits_before_body": (N_("Internal audits finished"), N_("before the audit of the certification body")),
    "transition_audit": (N_("Audit to the new edition"), N_("before certificates to the old edition end")),
}
IMPORTANCE_WORDS: Final[Mapping[int, str]] = {1: N_("small"), 2: N_("medium"), 3: N_("great")}
UNIT_LABELS: Final[Mapping[Unit, str]] = {
    Unit.DAYS: N_("days"),
    Unit.WORKING_DAYS: N_("working days"),
    Unit.MONTHS: N_("months"),
    Unit.DAY_OF_YEAR: N_("a day of the year"),
    Unit.AGREED: N_("an agreed day"),
}


def product_words() -> Words:
    """How the product calls each kind of finding, in each of its languages."""
    return {Category(each): said_in_each_language(text) for each, text in WORDS.items()}


def cause_called(cause: Cause) -> str:
    """The office's own name of a cause, or the product's words for it."""
    return cause.name or said(CAUSES[cause.starter])


def cause_words() -> CauseWords:
    """How the product calls each cause of its proposal, in each of its languages."""
    return {starter: said_in_each_language(text) for starter, text in CAUSES.items()}


def limit_lines(limits: Mapping[str, Limit]) -> list[tuple[str, str, str]]:
    """Each limit as it is read: what, how long, counted from when."""
    return [_line(label, limits.get(name, NOT_SET), counted) for name, (label, counted) in LIMIT_LABELS.items()]


def _line(label: str, limit: Limit, counted: str) -> tuple[str, str, str]:
    if limit.unit is Unit.AGREED:
        return gettext(label), gettext("an agreed day"), gettext("asked for when the work is confirmed")
    if limit.value is None:
        return gettext(label), gettext("not set"), gettext(counted)
    told = whys.length(limit)
    if limit.tolerance:
        told += ngettext(", tolerance %(num)d day", ", tolerance %(num)d days", limit.tolerance)
    return gettext(label), told, gettext(counted)
