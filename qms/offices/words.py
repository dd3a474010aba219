"""What limits are called, and how long they are, in the reader's words."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext, ngettext

from qms.domain.deadlines import LIMIT_WORDS, NOT_SET, Limit, Unit
from qms.domain.errors import N_

# What is to be done in time, and from or to which day the time is counted.
LIMIT_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "notice": (N_("Notice of an audit"), N_("before the audit starts")),
    "report": (N_("Report of an audit"), N_("after the last day of the audit")),
    "answer": (N_("Answer to a nonconformity"), N_("after the finding was published")),
    "decision_on_answer": (N_("Decision on an answer"), N_("after the answer was sent")),
    "verification": (N_("Verification of the actions"), N_("after the last action was reported done")),
    "effectiveness": (N_("Effectiveness review"), N_("after the last action was done")),
    "closing": (N_("Closing a case"), N_("after the actions were judged effective")),
    "refresher": (N_("Refresher training of an auditor"), N_("after the last training")),
    "recertification_audit": (N_("Recertification audit"), N_("before the certificate ends")),
    "body_contract": (N_("Contract with the certification body"), N_("before the certificate ends")),
    "internal_audits_before_body": (N_("Internal audits finished"), N_("before the audit of the certification body")),
    "review_before_body": (N_("Management review held"), N_("before the audit of the certification body")),
    "transition_audit": (N_("Audit to the new edition"), N_("before certificates to the old edition end")),
}
UNIT_LABELS: Final[Mapping[Unit, str]] = {
    Unit.DAYS: N_("days"),
    Unit.WORKING_DAYS: N_("working days"),
    Unit.MONTHS: N_("months"),
}


def limit_lines(limits: Mapping[str, Limit]) -> list[tuple[str, str, str]]:
    """Each limit as it is read: what, how long, counted from when."""
    return [
        (gettext(label), _length(limits.get(name, NOT_SET)), gettext(counted))
        for name, (label, counted) in LIMIT_LABELS.items()
    ]


def _length(limit: Limit) -> str:
    if limit.value is None:
        return str(gettext("not set"))
    return str(ngettext(*LIMIT_WORDS[limit.unit], limit.value))
