"""Whether an audit is closed, on its page."""

from typing import Final

from flask.blueprints import BlueprintSetupState
from sqlalchemy import Integer, bindparam, func, select

from qms.audits.models import INTERNAL, Audit
from qms.core import clock
from qms.core.access import may
from qms.core.db import db
from qms.core.i18n import said
from qms.domain.closing import TO_HOLD, Course, lacks
from qms.findings.models import Finding
from qms.findings.pages import bp
from qms.policy import Can

_OPEN_CASES: Final = (
    select(func.count())
    .select_from(Finding)
    .where(
        Finding.audit_id == bindparam("audit_id", type_=Integer),
        Finding.waits_for.is_not(None),
        Finding.is_light.is_(False),
    )
)


@bp.record_once
def _name(state: BlueprintSetupState) -> None:
    """Let the page of an audit, which stands below, say it."""
    state.app.jinja_env.globals["lacks_to_close"] = _lacks


def _lacks(audit: Audit) -> str | None:
    """What comes next before the audit is closed; empty once it is.

    None while it is still to be held, and for who may not count all it found.
    """
    if audit.state == "cancelled" or not (may(Can.SEE_ALL_FINDINGS) or may(Can.SEE_DRAFT, audit)):
        return None
    open_cases = db.session.scalar(_OPEN_CASES, {"audit_id": audit.id}) or 0
    course = Course(
        state=audit.state,
        is_own=audit.kind in INTERNAL,
        is_over=audit.ends_on < clock.today(),
        open_cases=open_cases,
    )
    message = lacks(course)
    if message == TO_HOLD:
        return None
    return said(message, count=open_cases) if message else ""
