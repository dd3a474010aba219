"""When an audit is closed, and what it lacks until then."""

import pytest

from qms.domain.closing import CASES_OPEN, TO_HOLD, TO_RECORD, TO_REPORT, Course, Standing, lacks, standing
from tests.domain.tables import rows

WORDS = {"hold": TO_HOLD, "report": TO_REPORT, "record": TO_RECORD, "cases": CASES_OPEN, "closed": None}
TABLE = """
    whose    state      over  open  lacks
    own      planned    no    0     hold
    own      planned    yes   0     hold
    own      under_way  no    0     report
    own      under_way  yes   0     report
    own      finished   yes   2     cases
    own      finished   yes   0     closed
    own      finished   no    0     closed
    body's   planned    no    0     hold
    body's   planned    yes   0     closed
    body's   under_way  yes   0     record
    body's   finished   yes   1     cases
    body's   finished   yes   0     closed
"""


@pytest.mark.parametrize(("whose", "state", "over", "open_", "lack"), rows(TABLE))
def test_an_audit_is_closed_with_its_last_case(whose: str, state: str, over: str, open_: str, lack: str) -> None:
    course = Course(state=state, is_own=whose == "own", is_over=over == "yes", open_cases=int(open_))

    assert lacks(course) == WORDS[lack]
    assert standing(course) == {"hold": Standing.TO_HOLD, "closed": Standing.CLOSED}.get(lack, Standing.OPEN)
