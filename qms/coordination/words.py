"""How kinds of offices and reasons for attention are called."""

from typing import Final

from qms.coordination.queries import Worry
from qms.domain.certification import CertificateStatus
from qms.domain.errors import N_

TYPES: Final[dict[str, str]] = {
    "powiat": N_("County"),
    "city with powiat rights": N_("City with county rights"),
    "urban gmina": N_("Urban commune"),
    "urban-rural gmina": N_("Urban and rural commune"),
    "rural gmina": N_("Rural commune"),
    "voivodeship": N_("Voivodeship"),
}

WORRIES: Final[dict[Worry, str]] = {
    Worry.ANY: N_("in need of attention"),
    Worry.CERTIFICATE: N_("with a certificate that is not valid or ends within 90 days"),
    Worry.SURVEILLANCE: N_("with an overdue surveillance audit"),
    Worry.OVERDUE: N_("with overdue nonconformities"),
    Worry.NO_PROXY: N_("without an active proxy"),
}

# A certificate that is valid worries by the days left to it.
ALARMS: Final[dict[CertificateStatus, str]] = {
    CertificateStatus.SUSPENDED: N_("certificate suspended"),
    CertificateStatus.EXPIRED_RESTORABLE: N_("certificate expired"),
    CertificateStatus.EXPIRED_FINAL: N_("certificate expired"),
    CertificateStatus.WITHDRAWN: N_("certificate withdrawn"),
}
