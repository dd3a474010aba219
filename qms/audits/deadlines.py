"""When audits are to be held and their reports published."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, select, text

from qms.audits import known
from qms.audits.models import INTERNAL, Audit, AuditMember
from qms.core.db import db
from qms.domain.deadlines import Deadline, Duty, Kind, Rule, rolled
from qms.domain.errors import N_, Notice
from qms.domain.limits import NOT_SET, Limit, due_on
from qms.domain.report import LEAD_PUBLISHES
from qms.domain.standing import TeamRole
from qms.offices import queries as offices
from qms.people import queries as people


@dataclass(frozen=True, kw_only=True)
class _Due:
    """An audit with its lead, if it has one, and its departments in words."""

    office_id: int
    key: str
    number: str
    kind: str
    state: str
    starts_on: date
    ends_on: date
    lead: tuple[int, ...]
    report_waits_for: str
    departments: str

    @property
    def lacks_lead(self) -> bool:
        """Whether it is one of ours whose lead has left; one of a certification body has none here."""
        return self.kind in INTERNAL and not self.lead


# Written once, because building a statement takes longer than running it.
# The state in its own words, and not as parameters, so that SQLite sees that the index of open audits has them all.
_OPEN: Final = select(
    Audit.id,
    Audit.office_id,
    Audit.key,
    Audit.number,
    Audit.kind,
    Audit.state,
    Audit.starts_on,
    Audit.ends_on,
    Audit.body,
    Audit.report_waits_for,
).where(
    Audit.office_id.in_(bindparam("office_ids", expanding=True)),
    text("audit.state IN ('planned', 'under_way')"),
    Audit.starts_on <= bindparam("last"),
)
_LEADS: Final = select(AuditMember.audit_id, AuditMember.office_id, AuditMember.person_id, AuditMember.is_lent).where(
    AuditMember.audit_id.in_(bindparam("ids", expanding=True)), AuditMember.role == TeamRole.LEAD
)


def due_between(office_ids: Collection[int], first: date, last: date, *, today: date) -> list[Deadline]:
    """What is still to be done about audits from the first to the last day, both included.

    Few audits are open at any time, so all that may ask for something are read at once.
    """
    asked = {"office_ids": list(office_ids), "last": max(last, today)}
    open_ = [audit for audit in db.session.execute(_OPEN, asked) if _is_to_hold(audit, today) or _is_over(audit, today)]
    audits = _due(open_, today)
    to_hold = (_of_holding(audit) for audit in audits if _is_to_hold(audit, today))
    to_report = _of_reports([audit for audit in audits if _is_over(audit, today)])
    return [deadline for deadline in (*to_hold, *to_report) if first <= deadline.due_on <= last]


def _is_to_hold(audit: Any, today: date) -> bool:  # noqa: ANN401 - a row of `_OPEN`, or what is made of it
    """A certification body's audit counts as held when its last day is over: nobody here starts or publishes it.

    One of ours that runs is on time, whether or not somebody wrote already.
    """
    if audit.state != "planned":
        return False
    return not audit.starts_on < today <= audit.ends_on if audit.kind in INTERNAL else audit.ends_on >= today


def _is_over(audit: Any, today: date) -> bool:  # noqa: ANN401 - as above
    """Whether its report is to be published; that of a certification body is not ours."""
    return bool(audit.kind in INTERNAL and audit.ends_on <= today)


def _of_holding(audit: _Due) -> Deadline:
    return Deadline(
        kind=Kind.AUDIT,
        office_id=audit.office_id,
        subject=f"audit:{audit.key}",
        title=audit.departments,
        number=audit.number,
        due_on=audit.starts_on,
        rule=Rule.AUDIT_HELD,
        counted_from=audit.starts_on,
        answers=audit.lead,
        duty=Duty.PROXY,
        url_key=audit.key,
        lacks_lead=audit.lacks_lead,
    )


def _of_reports(audits: Sequence[_Due]) -> Iterator[Deadline]:
    if not audits:
        return
    office_ids = {audit.office_id for audit in audits}
    limits, off, rolling = offices.limits(office_ids), offices.days_off_of(office_ids), offices.rolling(office_ids)
    for audit in audits:
        post = _approving(audit)
        limit = limits[audit.office_id].get("report", NOT_SET)
        due = report_due(limit, audit.ends_on, off[audit.office_id], rolls=audit.office_id in rolling)
        if due is None:
            continue
        yield Deadline(
            kind=Kind.AUDIT_REPORT,
            office_id=audit.office_id,
            subject=f"audit:{audit.key}",
            title=audit.departments,
            number=audit.number,
            due_on=due,
            rule=Rule.AUDIT_REPORT,
            counted_from=audit.ends_on,
            answers=() if post else audit.lead,
            duty=post,
            limit=limit,
            url_key=audit.key,
            lacks_lead=audit.lacks_lead and not post,
            awaits_approval=post is not None,
        )


def _approving(audit: _Due) -> Duty | None:
    """The post whose step of the approval is next; the lead answers before that and afterwards."""
    waits_for = audit.report_waits_for
    return Duty(waits_for) if waits_for not in {"", LEAD_PUBLISHES} else None


def notice_due(limit: Limit, starts_on: date, off: Collection[date]) -> date | None:
    """Until when departments are to hear of an audit; none while the limit is not set.

    The notice leaves by itself once the audit is logged, on a day off too, so its day is not moved.
    """
    return due_on(limit, starts_on, off)


def late_notice(audit: Audit, today: date) -> Notice | None:
    """What to say where an audit gets days for which its notice comes too late by the office's limit."""
    if audit.kind not in INTERNAL or audit.state != "planned" or audit.ends_on < today:
        return None
    limit = offices.limits([audit.office_id])[audit.office_id].get("notice", NOT_SET)
    told_by = notice_due(limit, audit.starts_on, offices.days_off(audit.office_id))
    return Notice(_LATE_NOTICE, {"day": told_by}) if told_by and told_by < today else None


_LATE_NOTICE: Final = N_(
    "By the limit of your office the departments were to know of it by %(day)s. The notice leaves now: ask them "
    "whether the day suits, or move the audit."
)


def report_due(limit: Limit, ends_on: date, off: Collection[date], *, rolls: bool) -> date | None:
    """Until when a report is to be published; None while the limit is not set."""
    due = due_on(limit, ends_on, off)
    return rolled(Rule.AUDIT_REPORT, due, off, rolls=rolls) if due else None


def _leads(audit_ids: Collection[int], today: date) -> dict[int, int]:
    """By audit, save those who left; one lent sees an audit through, whatever the days of the loan."""
    rows = db.session.execute(_LEADS, {"ids": list(audit_ids)}).all()
    own = [row for row in rows if not row.is_lent]
    here = people.present({row.office_id for row in own}, {row.person_id for row in own}, today) if own else set()
    active = people.active_ids({row.person_id for row in rows})
    serving = [row for row in rows if row.is_lent or (row.office_id, row.person_id) in here]
    return {row.audit_id: row.person_id for row in serving if row.person_id in active}


def _due(audits: Sequence[Any], today: date) -> list[_Due]:
    """With five more queries, however many audits there are; with none when there is none."""
    if not audits:
        return []
    ids = {"ids": [audit.id for audit in audits]}
    lead_of = _leads(ids["ids"], today)
    names = known.department_names(ids["ids"])
    return [
        _Due(
            office_id=audit.office_id,
            key=audit.key,
            number=audit.number,
            kind=audit.kind,
            state=audit.state,
            starts_on=audit.starts_on,
            ends_on=audit.ends_on,
            report_waits_for=audit.report_waits_for,
            lead=(lead_of[audit.id],) if audit.id in lead_of else (),
            departments=", ".join(names[audit.id]) or audit.body,
        )
        for audit in audits
    ]
