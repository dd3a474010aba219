"""The numbers as a sheet: all tables of the page side by side."""

from collections.abc import Sequence
from datetime import date

from qms.core.i18n import said
from qms.domain.errors import N_
from qms.domain.figures import AGES, Numbers
from qms.figures.rows import Row
from qms.findings import words
from qms.findings.exported import about
from qms.offices.models import Office
from qms.papers.sheet import Column, Sheet, Value


def sheet(office: Office, rows: Sequence[Row], label: str, *, used: Sequence[str], today: date) -> Sheet:
    """The rows as they are; `label` says what they are told apart by, `used` is the period in words."""
    headings = [
        N_("Reported cases"),
        N_("Open cases"),
        *(said(N_("Open for %(days)s"), days=words.age(age)) for age in AGES),
        N_("Overdue"),
        N_("Closed cases"),
        N_("Cases with days to closing"),
        N_("Days to closing, median"),
        N_("Days to closing, longest"),
        N_("Judged at the first try"),
        N_("Effective at the first try"),
    ]
    return Sheet(
        name=said(N_("Findings in numbers")),
        columns=[Column(label, 40), *(Column(said(heading), 18) for heading in headings)],
        rows=[[row.label, *_values(row.numbers)] for row in rows],
        about_name=said(N_("About this list")),
        about=about(office, used, count=len(rows), today=today),
    )


def _values(each: Numbers) -> list[Value]:
    closing = each.to_closing
    days = (closing.cases, closing.median, closing.longest) if closing else (0, None, None)
    counts = (each.reported, each.open, *each.ages, each.overdue, each.closed)
    return [*counts, *days, each.effect.whole, each.effect.part]
