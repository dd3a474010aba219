"""How the standings of an offer are called."""

from typing import Final

from qms.domain.errors import N_
from qms.domain.practices import Sharing

STATES: Final[dict[str, str]] = {
    Sharing.OFFERED: N_("waits for the coordinator"),
    Sharing.SHARED: N_("all offices read it"),
    Sharing.DECLINED: N_("not published"),
    Sharing.WITHDRAWN: N_("withdrawn"),
}
