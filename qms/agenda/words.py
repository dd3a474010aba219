"""What each kind of deadline asks for, and on which page it is done."""

from typing import Final

from qms.cycle import words as cycle
from qms.domain.deadlines import Deadline, Kind
from qms.domain.errors import N_

LOOK_AGAIN: Final = N_("Look again at what was put right")
VERBS: Final[dict[Kind, str]] = {
    **cycle.VERBS,
    Kind.MAJOR_VERIFICATION: N_("Get the major nonconformities of stage 2 verified"),
    Kind.BODY_EVIDENCE: N_("Send the evidence to the certification body"),
    Kind.AUDIT: N_("Prepare and hold the audit"),
    Kind.AUDIT_REPORT: N_("Publish the report"),
    Kind.ANSWER: N_("Answer the nonconformity"),
    Kind.DECISION_ON_ANSWER: N_("Check the answer"),
    Kind.ACTION: N_("Carry out the action"),
    Kind.VERIFICATION: N_("Check that the actions were done"),
    Kind.EFFECTIVENESS: N_("Judge whether it worked"),
    Kind.CLOSING: N_("Close the case"),
    Kind.PRODUCT_CHECK: LOOK_AGAIN,
    Kind.QUALIFICATION: N_("Renew the training"),
    Kind.APPOINTMENT: N_("Renew the appointment"),
    Kind.PROXY_VACANT: N_("Appoint a proxy"),
}


WHETHER_ACTING: Final = N_("Say whether your unit acts")
_NAME_HEAD: Final = N_("Name who heads the department")
_NAME_LEAD: Final = N_("Name another lead auditor: the lead has left")
_APPROVE: Final = N_("Approve the report, or give it back")


def verb_of(deadline: Deadline) -> str:
    """What a deadline asks for; a message to translate."""
    if deadline.lacks_head:
        return _NAME_HEAD
    if deadline.lacks_lead:
        return _NAME_LEAD
    if deadline.awaits_approval:
        return _APPROVE
    if deadline.is_light and deadline.kind is Kind.ANSWER:
        return WHETHER_ACTING
    return cycle.verb_of(deadline) if deadline.booking else VERBS[deadline.kind]


# A case is one page whose button is the next step, so its kinds lead there: who may not take the step still sees it.
_PAGES: Final[dict[Kind, str]] = {
    **dict.fromkeys(cycle.VERBS, "certyfikat"),
    Kind.INTERNAL_AUDITS: "audity",
    Kind.AUDIT: "audity/{key}",
    Kind.AUDIT_REPORT: "audity/{key}",
    Kind.MAJOR_VERIFICATION: "audity/{key}/ustalenia",
    Kind.BODY_EVIDENCE: "ustalenia/{key}",
    Kind.ANSWER: "ustalenia/{key}",
    Kind.DECISION_ON_ANSWER: "ustalenia/{key}",
    Kind.ACTION: "ustalenia/{key}",
    Kind.VERIFICATION: "ustalenia/{key}",
    Kind.EFFECTIVENESS: "ustalenia/{key}",
    Kind.CLOSING: "ustalenia/{key}",
    Kind.PRODUCT_CHECK: "wyroby-niezgodne/{key}",
    Kind.QUALIFICATION: "szkolenia",
    Kind.APPOINTMENT: "osoby",
    Kind.PROXY_VACANT: "osoby",
}


_OFFICE_PAGE, _TEAM_PAGE, _GIVEN_PAGE = "urzad", "audity/{key}/zmien", "audity/{key}/raport/zatwierdzanie"


def path_of(deadline: Deadline, slug: str) -> str:
    """The address of the page, from the root of the site."""
    return f"/u/{slug}/{_page(deadline).format(key=deadline.url_key)}"


def _page(deadline: Deadline) -> str:
    if deadline.lacks_head:
        return _OFFICE_PAGE
    if deadline.lacks_lead:
        return _TEAM_PAGE
    return _GIVEN_PAGE if deadline.awaits_approval else _PAGES[deadline.kind]
