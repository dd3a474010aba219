"""How a clause is called in the reader's office, and how it is marked where the office leaves it out."""

from collections.abc import Mapping
from textwrap import shorten
from typing import Final

from flask import g
from flask_babel import gettext

from qms.core.access import actor_or_none
from qms.domain import editions
from qms.domain.errors import N_
from qms.policy import offices_of
from qms.requirements import queries
from qms.standards.models import Clause

_WHY: Final = 120  # letters of a justification in a list
FIELDS: Final[Mapping[str, str]] = {
    "justification": N_("Justification"),
    "manual_issue": N_("Issue of the quality manual"),
    "manual_section": N_("Section of the manual"),
    "approved_by_id": N_("Approved by"),
    "approver_words": N_("Approved by somebody else"),
    "valid_from": N_("First day without it"),
    "valid_until": N_("Last day without it"),
}


def own_titles() -> Mapping[int, str]:
    """The reader's office's own titles by clause, read once a request; whoever is not of the office sees none."""
    office, reader = getattr(g, "office", None), actor_or_none()
    if office is None or reader is None or office.id not in offices_of(reader):
        return {}
    if "own_titles" not in g:
        g.own_titles = queries.own_titles(office.id)
    found: Mapping[int, str] = g.own_titles
    return found


def clause_title(clause: Clause, language: str) -> str:
    """The office's own title, or the official one in the reader's language."""
    return own_titles().get(clause.id) or official_title(clause, language)


def official_title(clause: Clause, language: str) -> str:
    """As the standard has it; a part bears the title of its clause, or says which that is where it has none."""
    return clause.title(language) or str(gettext("(part of %(number)s)", number=clause.parent_number))


def written_in(issue: str, section: str) -> str:
    """Where the office's manual justifies an exclusion; older ones may not say it."""
    if not issue:
        return str(gettext("not written down"))
    return str(gettext("%(issue)s, section %(section)s", issue=issue, section=section)) if section else issue


def clause_label(clause: Clause, language: str, excluded: Mapping[str, str]) -> str:
    """A clause in a list to choose from, with the justification where the office leaves it out."""
    label = f"{clause.number} {clause_title(clause, language)}"
    if not editions.is_excluded(clause.number, excluded):
        return label
    why = shorten(editions.why_excluded(clause.number, excluded), _WHY, placeholder=" …")
    return str(gettext("%(clause)s – excluded: %(why)s", clause=label, why=why))
