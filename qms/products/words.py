"""How what was issued wrongly, and what was done about it, is called."""

from typing import Final

from qms.domain.errors import N_
from qms.domain.products import Kind, Remedy, State

KINDS: Final[dict[str, str]] = {
    Kind.DECISION: N_("Decision"),
    Kind.ACT: N_("Resolution or order"),
    Kind.CERTIFICATE: N_("Official certificate"),
    Kind.SERVICE: N_("Service"),
    Kind.OTHER: N_("Something else"),
}
REMEDIES: Final[dict[str, str]] = {
    Remedy.RECTIFIED: N_("Rectified (art. 113 KPA)"),
    Remedy.REVIEWED: N_("Self-review after an appeal (art. 132 KPA)"),
    Remedy.CHANGED: N_("Changed or repealed (art. 154–155 KPA)"),
    Remedy.ANNULLED: N_("Annulled"),
    Remedy.REPEATED: N_("Done anew"),
    Remedy.CORRECTED: N_("Corrected on the spot"),
    Remedy.CONCESSION: N_("Left as it is, by permission (concession)"),
}
STATES: Final[dict[str, str]] = {
    State.NOTICED: N_("To be dealt with"),
    State.DEALT_WITH: N_("To be looked at again"),
    State.VERIFIED: N_("Dealt with and looked at"),
}
