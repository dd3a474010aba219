"""Who of a team must not judge what: kept with the audit, checked again as it goes on, permitted by the head.

A permit is of the head of the office alone, stands with its reason in the audit, and is printed in the report.
"""

from collections.abc import Sequence
from datetime import date

from qms.audits.models import INTERNAL, Audit, AuditConflict
from qms.audits.team import Checked, Covered, Team, check_again
from qms.core.trail import because
from qms.domain.errors import N_, NotAllowedNow, NotPermitted
from qms.domain.independence import Barred, Conflict, ItemKind
from qms.domain.standing import TeamRole
from qms.people import queries as people

_COLUMNS = {ItemKind.UNIT: "department_id", ItemKind.PROCESS: "process_id", ItemKind.CLAUSE: "clause_id"}


def permitted(audit: Audit) -> frozenset[Barred]:
    """What the head of the office permitted."""
    return frozenset((each.person_id, each.item) for each in audit.conflicts if each.permitted_on)


def permitted_units(audit: Audit, person_id: int) -> frozenset[int]:
    """The departments that the person judges by permit of the head of the office."""
    return frozenset(item.id for who, item in permitted(audit) if who == person_id and item.kind is ItemKind.UNIT)


def waiting(audit: Audit) -> list[AuditConflict]:
    """What the audit still needs a permit for."""
    return [each for each in audit.conflicts if each.needs_permit and not each.permitted_on]


def keep(audit: Audit, checked: Checked) -> list[AuditConflict]:
    """Write down the conflicts as they are now, and return those that are new; a permit stays with its own."""
    known = {(each.person_id, each.item, each.ground): each for each in audit.conflicts}
    rows, new = [], []
    for person_id, conflict in checked.conflicts:
        row = known.get((person_id, conflict.item, conflict.ground))
        if row is None:
            row = _row(audit, person_id, conflict)
            new.append(row)
        row.severity = conflict.severity
        row.needs_permit = (person_id, conflict.item) in checked.unresolved
        rows.append(row)
    audit.conflicts = rows
    return new


def _row(audit: Audit, person_id: int, conflict: Conflict) -> AuditConflict:
    item = {_COLUMNS[conflict.item.kind]: conflict.item.id}
    return AuditConflict(office_id=audit.office_id, person_id=person_id, ground=conflict.ground, **item)


def covered(audit: Audit) -> Covered:
    """What the audit covers."""
    return Covered(
        departments=[part.department for part in audit.departments],
        processes=[part.process for part in audit.processes],
        clauses=[part.clause for part in audit.clauses],
    )


def check(audit: Audit) -> list[AuditConflict]:
    """Check the team of an internal audit again, as people may have moved since it was chosen; return what is new.

    Raises `RuleViolation` with the names when the team may not hold the audit any more, or waits for a permit.
    """
    if audit.kind not in INTERNAL:
        return []
    if waiting(audit):
        message = N_(
            "The team waits for a permit of the head of the office, because somebody would judge their own work. "
            "Ask the head for it on the page of the audit, or change the team."
        )
        raise NotAllowedNow(message)
    team = Team(
        roles={member.person_id: TeamRole(member.role) for member in audit.team},
        covered=covered(audit),
        edition_code=audit.edition_code,
        starts_on=audit.starts_on,
        ends_on=audit.ends_on,
        reason=audit.team_reason,
        permitted=permitted(audit),
    )
    return keep(audit, check_again(audit.office, team))


def names_in(conflicts: Sequence[AuditConflict]) -> list[str]:
    """Whom conflicts are about, by name."""
    return sorted(people.names({each.person_id for each in conflicts}).values()) if conflicts else []


def permit(audit: Audit, *, reason: str, by: int, today: date) -> Sequence[AuditConflict]:
    """Let the team judge what it waits for. Raises `RuleViolation` for one's own work, or when nothing waits."""
    needed = waiting(audit)
    if not needed:
        raise NotAllowedNow(N_("Nothing in this audit waits for your permit. Go back to the audit."))
    if by in {each.person_id for each in needed}:
        message = N_("This is about you, and nobody permits it to themselves. Ask the proxy to change the team.")
        raise NotPermitted(message)
    because(reason)
    for each in needed:
        each.permitted_by_id, each.permitted_on, each.permit_reason = by, today, reason
    return needed
