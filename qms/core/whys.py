"""Why something is due on its day, in the reader's language: every page and letter says it in these words."""

from datetime import date

from flask_babel import gettext, ngettext

from qms.core.i18n import said
from qms.domain.deadlines import LIMIT_WORDS, NEVER_ROLLED, RULE_WORDS, Limit, Rule, is_moved


def why(rule: Rule, limit: Limit | None, *, counted_from: date, due_on: date) -> str:
    """For example "14 days after the finding was published (5.11.2026). Moved off a day off."."""
    words = said(RULE_WORDS[rule], limit=_length(limit), counted_from=counted_from)
    if rule in NEVER_ROLLED or not is_moved(limit, counted_from, due_on):
        return words
    return f"{words} {gettext('Moved off a day off.')}"


def _length(limit: Limit | None) -> str:
    if limit is None or limit.value is None:
        return ""
    singular, plural = LIMIT_WORDS[limit.unit]
    length: str = ngettext(singular, plural, limit.value)
    return length
