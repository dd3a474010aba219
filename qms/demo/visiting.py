"""What the certification body wrote after its audit."""

from datetime import date

from qms.audits.models import Audit
from qms.demo.texts import phrases
from qms.domain.body_terms import STARTER
from qms.domain.dates import format_date
from qms.findings import body
from qms.findings.body import Visit


def note_days(audit: Audit, on: date) -> None:
    """The proxy enters the days of its letter, which are the usual ones."""
    letter = phrases()["body_letter"] % format_date(on)
    body.set_terms(Visit(audit, body.terms_of(audit)), STARTER, letter=letter)
