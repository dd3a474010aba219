"""Why something is due on its day, in the reader's language: every page and letter says it in these words."""

from datetime import date

from qms.core.i18n import ngettext, said
from qms.domain.calendar import add_days
from qms.domain.deadlines import NEVER_ROLLED, RULE_WORDS, Rule, is_moved
from qms.domain.errors import N_
from qms.domain.limits import FIRST_ONE, LAST_ONE, LIMIT_WORDS, Limit, Unit, value_shown


def why(rule: Rule, limit: Limit | None, *, counted_from: date, due_on: date) -> str:
    """For example "14 days after the finding was published (5.11.2026). Moved off a day off."."""
    if limit is not None and limit.unit is Unit.AGREED:
        return said(N_("The agreed day."))
    words = [said(RULE_WORDS[rule], limit=length(limit), counted_from=counted_from)]
    if rule not in NEVER_ROLLED and is_moved(limit, counted_from, due_on):
        words.append(said(N_("Moved off a day off.")))
    if limit is not None and limit.tolerance:
        words.append(said(N_("Late only after %(day)s."), day=add_days(due_on, limit.tolerance)))
    return " ".join(words)


def length(limit: Limit | None) -> str:
    """How long a limit is, without its tolerance; empty when it is not counted."""
    if limit is None or limit.value is None:
        return ""
    if limit.unit is Unit.DAY_OF_YEAR:
        return said(LAST_ONE if limit.counts_back else FIRST_ONE, day=value_shown(limit))
    return ngettext(*LIMIT_WORDS[limit.unit], limit.value)
