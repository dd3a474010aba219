"""How many things happened in an office between two days; counts alone, no name and no word of a finding."""

from datetime import date

from sqlalchemy import func, select

from qms.audits.models import Audit
from qms.core.db import db
from qms.domain.findings import GRAVE
from qms.findings.models import Action, Finding
from qms.findings.queries import is_open


def between(office_id: int, first: date, last: date) -> dict[str, int]:
    """New and closed nonconformities, actions done and audits held from the first to the last day."""
    of_case = (Finding.office_id == office_id, Finding.category.in_(GRAVE))
    counted = {
        "reported": select(func.count(Finding.id)).where(*of_case, Finding.reported_on.between(first, last)),
        "closed": select(func.count(Finding.id)).where(*of_case, Finding.closed_on.between(first, last)),
        "done": select(func.count(Action.id)).where(Action.office_id == office_id, Action.done_on.between(first, last)),
        "held": select(func.count(Audit.id)).where(
            Audit.office_id == office_id, Audit.ends_on.between(first, last), Audit.state != "cancelled"
        ),
    }
    return {name: db.session.scalar(found) or 0 for name, found in counted.items()}


def late_cases(office_id: int, today: date) -> int:
    """Nonconformities that wait for something whose day has passed."""
    late = (Finding.office_id == office_id, is_open(*GRAVE), Finding.due_on < today)
    return db.session.scalar(select(func.count(Finding.id)).where(*late)) or 0
