"""Steps, readers and outcomes of the ledger in the reader's language."""

from datetime import date
from typing import Final

from flask_babel import gettext, ngettext

from qms.core.i18n import said
from qms.domain.dates import format_date
from qms.domain.errors import N_
from qms.domain.reminders import Level

_MONDAY: Final = "mon:"

LEVELS: Final = {
    Level.PERSON: N_("answers for it"),
    Level.PROXY: N_("quality proxy"),
    Level.SECRETARY: N_("secretary of the office"),
    Level.HEAD: N_("head of the office"),
}
OUTCOMES: Final = {
    "told": N_("told"),
    "done": N_("left out: it was done, or its day was moved, before the letter left"),
    "passed on": N_("left out: somebody else answered for it when the letter left"),
}


def step(name: str) -> str:
    """The name of a step, as the ledger keeps it, in words: "7 days before the due day"."""
    if name.startswith(_MONDAY):
        return str(gettext("weekly after the due day (%(day)s)", day=format_date(date.fromisoformat(name[4:]))))
    days = int(name)
    if days == 0:
        return str(gettext("on the due day"))
    if days < 0:
        return str(ngettext("%(num)d day before the due day", "%(num)d days before the due day", -days))
    return str(ngettext("%(num)d day after the due day", "%(num)d days after the due day", days))


def level(name: str) -> str:
    """Why somebody of that rung is told."""
    return said(LEVELS[Level(name)])
