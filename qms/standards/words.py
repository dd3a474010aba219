"""How a clause is called beside its number."""

from flask_babel import gettext

from qms.standards.models import Clause


def clause_title(clause: Clause, language: str) -> str:
    """The title in the reader's language; a part has none of its own, so it says what it is part of."""
    return clause.title(language) or gettext("(part of %(number)s)", number=clause.parent_number)
