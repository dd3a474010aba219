"""How a person stands to a thing: the words in which every permission is written.

Source: the table "Who may do what" of the product's design; posts are dated appointments of an office,
relations follow from the thing itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Who(StrEnum):
    """A post a person holds, or a relation to the thing in question."""

    # posts in an office, from a dated appointment
    PROXY = "proxy"
    DEPUTY = "deputy"
    HEAD_OF_OFFICE = "head_of_office"
    SECRETARY = "secretary"
    AUDITOR = "auditor"
    OFFICE_ADMIN = "office_admin"
    EXTERNAL_AUDITOR = "external_auditor"
    EMPLOYEE = "employee"
    # posts in the instance
    ADMIN = "admin"
    COORDINATOR = "coordinator"
    COLLEAGUE = "colleague"  # manages or audits quality in any office
    # relations to one thing
    LEAD = "lead"
    TEAM = "team"
    TRAINEE = "trainee"
    GUEST = "guest"  # an expert or observer of the audit: sees, and judges nothing
    UNIT_HEAD = "unit_head"
    CONCERNED_HEAD = "concerned_head"  # heads a unit that a finding concerns beside the one that answers
    ADDRESSEE = "addressee"  # to whom the answer was handed over
    DOER = "doer"
    REPORTER = "reporter"  # reported the thing, and is in its office still
    ONESELF = "oneself"
    BY_CONSENT = "by_consent"
    SIGNED_IN = "signed_in"


POSTS = (
    Who.PROXY,
    Who.DEPUTY,
    Who.HEAD_OF_OFFICE,
    Who.SECRETARY,
    Who.AUDITOR,
    Who.OFFICE_ADMIN,
    Who.EXTERNAL_AUDITOR,
)


class TeamRole(StrEnum):
    """The part a person has in one audit."""

    LEAD = "lead"
    AUDITOR = "auditor"
    TRAINEE = "trainee"
    EXPERT = "expert"
    OBSERVER = "observer"


@dataclass(frozen=True)
class Concern:
    """What of a thing matters to access: its office, departments, audit team, doers and person."""

    office_id: int | None
    department_ids: frozenset[int] = frozenset()
    concerned_ids: frozenset[int] = frozenset()  # departments that are to know of it, and do nothing about it
    team: Mapping[int, TeamRole] = field(default_factory=dict)
    guest_ids: frozenset[int] = frozenset()  # of the team, lent for an audit that is still open
    doer_ids: frozenset[int] = frozenset()
    addressee_ids: frozenset[int] = frozenset()  # who answers instead of the head of the department
    person_id: int | None = None
    reporter_id: int | None = None
    is_shared: bool = False  # the office agreed that coordinators read its content
