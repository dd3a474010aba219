"""What the office left out on the days of an audit: as it stands, until an issue of the report keeps it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from qms.audits.models import Audit
from qms.reports.models import ReportIssue
from qms.reports.report import LeftOut, Named
from qms.requirements import queries as requirements
from qms.standards.models import Clause


def named(clause: Clause) -> Named:
    """A clause as papers name it."""
    return Named(clause.number, clause.title_pl, clause.title_en, clause.parent_number, clause.id)


def left_out_of(audit: Audit, issues: Sequence[ReportIssue]) -> tuple[LeftOut, ...]:
    """As the last issue has it; as it stands for a draft, and for issues from before they kept it."""
    if issues and issues[-1].exclusions is not None:
        return tuple(_read(each) for each in issues[-1].exclusions)
    return _as_it_stands(audit)


def kept(audit: Audit) -> list[dict[str, Any]]:
    """The same, to be stored with an issue, which later changes must not reach."""
    return [asdict(each) for each in _as_it_stands(audit)]


def _as_it_stands(audit: Audit) -> tuple[LeftOut, ...]:
    days = {"first": audit.starts_on, "last": audit.ends_on}
    return tuple(
        LeftOut(named(each.clause), each.justification, each.manual_issue, each.manual_section)
        for each in requirements.exclusions_between(audit.office_id, audit.edition_code, **days)
    )


def _read(stored: dict[str, Any]) -> LeftOut:
    return LeftOut(**stored | {"clause": Named(**stored["clause"])})
