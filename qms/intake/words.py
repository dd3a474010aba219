"""How reports and what becomes of them are called."""

from typing import Final

from qms.domain.errors import N_
from qms.domain.sources import Fate, Way

OWN_NOTICING: Final = N_("I noticed it at work")
FATES: Final[dict[str, str]] = {
    Fate.WAITING: N_("Waits for a decision"),
    Fate.TAKEN: N_("Taken"),
    Fate.REFUSED: N_("Refused"),
}
WAYS: Final[dict[str, str]] = {
    Way.CASE: N_("Nonconformity case"),
    Way.OBSERVATION: N_("Observation"),
    Way.PRODUCT: N_("Nonconforming product or service"),
}
# What happens next, for whoever reported it.
NEXT: Final[dict[str, str]] = {
    Fate.WAITING: N_(
        "%(who)s reads it and decides. You get a letter with the decision; you do not have to do anything."
    ),
    Fate.TAKEN: N_("It was taken as %(number)s. %(department)s answers for it. Below you see how far it is."),
    Fate.REFUSED: N_("It was not taken. The reason stands below. If something new comes up, report it again."),
}
TO_DECIDE: Final = N_("Take it or refuse it. Whoever reported it gets a letter with your decision.")
