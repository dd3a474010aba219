"""Leaving a clause out, with what matters to a test said and the rest filled in."""

from datetime import date
from typing import Any

from qms.offices.models import Office
from qms.requirements import service
from qms.requirements.models import Exclusion
from qms.requirements.service import ExclusionFacts
from qms.standards.models import Clause
from tests.support.world import TODAY


def exclude(office: Office, clause: Clause, *, valid_from: date, **changed: Any) -> Exclusion:
    """The clause left out since that day; whoever calls has opened the office."""
    facts = {
        "justification": "Urząd nie projektuje usług: określają je ustawy.",
        "manual_issue": "wydanie 5 z 12.03.2024",
        "manual_section": "1.3",
        "approver_words": "Jan Nowak, starosta",
    }
    return service.exclude(office, clause, ExclusionFacts(valid_from=valid_from, **facts | changed), today=TODAY)
