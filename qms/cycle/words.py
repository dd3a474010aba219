"""How statuses and days of the cycle are called."""

from typing import Final

from qms.cycle.milestones import Event
from qms.domain.certification import CertificateStatus
from qms.domain.deadlines import Booking, Deadline, Kind
from qms.domain.errors import N_, NN_

STATUSES: Final[dict[CertificateStatus, str]] = {
    CertificateStatus.IN_PREPARATION: N_("In preparation"),
    CertificateStatus.VALID: N_("Valid"),
    CertificateStatus.SUSPENDED: N_("Suspended"),
    CertificateStatus.EXPIRED_RESTORABLE: N_("Expired, can be restored"),
    CertificateStatus.EXPIRED_FINAL: N_("Expired"),
    CertificateStatus.WITHDRAWN: N_("Withdrawn"),
    CertificateStatus.SUPERSEDED: N_("Replaced by a newer one"),
}

# How the certificate stands, said before any picture.
DAYS_LEFT: Final = NN_("Valid until %(day)s. %(num)s day left.", "Valid until %(day)s. %(num)s days left.")
SENTENCES: Final[dict[CertificateStatus, str]] = {
    CertificateStatus.IN_PREPARATION: N_("Decided, valid from %(begins)s."),
    CertificateStatus.SUSPENDED: N_(
        "Suspended since %(suspended)s. The office may not refer to the certificate until the suspension is lifted."
    ),
    CertificateStatus.EXPIRED_RESTORABLE: N_("Expired on %(end)s. The body can restore it until %(restorable)s."),
    CertificateStatus.EXPIRED_FINAL: N_("Expired on %(end)s. Too late to restore it: agree on a new certification."),
    CertificateStatus.WITHDRAWN: N_("Withdrawn on %(withdrawn)s. Agree on a new certification."),
    CertificateStatus.SUPERSEDED: N_("Replaced by a newer certificate."),
}
EDITION_IS_OVER: Final = N_(
    "Void since %(end)s, when certificates to its edition ended, although %(printed)s is printed on it."
)

MARK_MAY_BE_USED: Final = N_("The office may refer to the certificate and use its mark.")
MARK_IS_HIDDEN: Final = N_(
    "The mark is not to be used: take it off letters, pages and boards until a certificate is valid."
)
ONCE_A_YEAR: Final = N_("Once in each calendar year")
AT_MOST: Final = N_("At most %(limit)s after its last visit")

EVENTS: Final[dict[Event, str]] = {
    Event.DECISION: N_("Decision"),
    Event.SURVEILLANCE: N_("Surveillance audit"),
    Event.INTERNAL_AUDITS: N_("Internal audits finished"),
    Event.CONTRACT: N_("Contract with the body"),
    Event.TRANSITION: N_("Audit to the new edition"),
    Event.RECERTIFICATION: N_("Recertification audit"),
    Event.SUSPENDED: N_("Suspended"),
    Event.RESTORED: N_("Suspension lifted"),
    Event.SUSPENSION_END: N_("Suspension ends"),
    Event.WITHDRAWN: N_("Withdrawn"),
    Event.END: N_("End of validity"),
    Event.RESTORATION_END: N_("Restore by"),
}

# What is to be done, for each kind of deadline of this room.
VERBS: Final[dict[Kind, str]] = {
    Kind.CERTIFICATE_END: N_("Renew the certificate"),
    Kind.RECERTIFICATION_AUDIT: N_("Arrange the recertification audit"),
    Kind.RECERTIFICATION_DECISION: N_("Get the decision of the certification body"),
    Kind.SURVEILLANCE: N_("Arrange the surveillance audit"),
    Kind.BODY_CONTRACT: N_("Sign the contract for recertification and add its audit"),
    Kind.TRANSITION_AUDIT: N_("Arrange the audit to the new edition"),
    Kind.INTERNAL_AUDITS: N_("Finish the internal audits before the certification body comes"),
}

# Once an audit has a day there is nothing left to arrange.
BOOKED: Final[dict[Kind, str]] = {
    Kind.RECERTIFICATION_AUDIT: N_("The recertification audit has a day: prepare for it"),
    Kind.SURVEILLANCE: N_("The surveillance audit has a day: prepare for it"),
    Kind.TRANSITION_AUDIT: N_("The audit to the new edition has a day: prepare for it"),
}

_TOO_LATE: Final = N_("The audit that has a day comes too late: move it to an earlier day")

AGREED_TOO_LATE: Final = N_("The agreed day comes too late: the last day is %(counted_from)s. Move the audit.")
DONE, ENDED = N_("completed"), N_("ended")


def verb_of(deadline: Deadline) -> str:
    """What a deadline of the cycle asks for; a message to translate."""
    if deadline.booking is Booking.TOO_LATE:
        return _TOO_LATE
    return BOOKED[deadline.kind] if deadline.booking else VERBS[deadline.kind]
