"""The departments that a finding concerns beside the one that answers."""

from qms.audits import permits
from qms.audits.models import INTERNAL, Audit
from qms.domain.concerned import check_concerned, check_writer
from qms.findings.models import Finding, FindingDepartment
from qms.offices import queries as offices
from qms.policy import Actor


def check(audit: Audit, leading: int | None, wanted: frozenset[int], *, by: Actor) -> None:
    """Refuse departments that are not there, and a writer who works in one of them. Raises `RuleViolation`.

    Who is close to the department that answers was settled when the team was chosen; the others come up only now.
    """
    if not wanted:
        return
    check_concerned(leading, wanted, {unit.id for unit in offices.departments(audit.office_id, audit.starts_on)})
    if audit.kind in INTERNAL and not audit.office.warns_only:
        own = by.departments.get(audit.office_id, frozenset())
        check_writer(own, wanted, permitted=permits.permitted_units(audit, by.person_id))


def name(finding: Finding, wanted: frozenset[int]) -> None:
    """Let the finding concern these and no others."""
    kept = [each for each in finding.concerned if each.department_id in wanted]
    new = sorted(wanted - {each.department_id for each in kept})
    finding.concerned = [*kept, *(FindingDepartment(office_id=finding.office_id, department_id=each) for each in new)]
