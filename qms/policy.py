"""Who may do what: one table, refused by default.

A permission names the standings (`domain.standing.Who`) that grant it; what is not granted is refused.
Steps of a nonconformity take their standings from the one table of the case, `domain.findings.STEPS`.
Whether a person is independent is no question of access: domain rules decide it for everybody alike.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from qms.domain import products
from qms.domain.findings import STEPS, Step
from qms.domain.standing import Concern, TeamRole, Who


class Can(StrEnum):
    """Everything a person may be allowed to do."""

    # outside an office
    SEE_OWN_TASKS = "see own tasks"
    CHANGE_OWN_SETTINGS = "change own settings"
    COMPARE_OFFICES = "compare offices"
    SEE_HEALTH = "see health"
    READ_PRACTICES = "read practices"
    SHARE_PRACTICES = "share practices"
    # an office and its registers
    SEE_OFFICE = "see office"
    SEE_REGISTERS = "see registers"
    SEE_ALL_FINDINGS = "see all findings"
    MANAGE_PEOPLE = "manage people"
    NAME_HEADS = "name heads"
    NOTE_ABSENCE = "note absence"
    APPOINT_PROXY = "appoint proxy"
    SET_LIMITS = "set limits"
    SEE_LETTERS = "see letters"
    # certificates and training
    SEE_CERTIFICATES = "see certificates"
    KEEP_CERTIFICATES = "keep certificates"
    SEE_TRAINING = "see training"
    KEEP_TRAINING = "keep training"
    # the programme of a year
    SEE_PROGRAMME = "see programme"
    EDIT_PROGRAMME = "edit programme"
    APPROVE_PROGRAMME = "approve programme"
    # audits
    SEE_AUDIT = "see audit"
    PLAN_AUDIT = "plan audit"
    KEEP_TIMETABLE = "keep timetable"
    PERMIT_OWN_WORK = "permit own work"
    RECORD_FINDINGS = "record findings"
    GIVE_UP_DEVICE = "give up device"
    SEE_QUESTION_LISTS = "see question lists"
    KEEP_QUESTION_LISTS = "keep question lists"
    PUBLISH_REPORT = "publish report"
    SEE_GIVEN_REPORT = "see given report"
    APPROVE_REPORT = "approve report"
    GIVE_REPORT_BACK = "give report back"
    # what was reported besides audits
    REPORT_PROBLEM = "report problem"
    SEE_PROBLEM = "see problem"
    DECIDE_ON_PROBLEM = "decide on problem"
    # what was issued wrongly
    SEE_PRODUCT = "see product"
    DEAL_WITH_PRODUCT = "deal with product"
    VERIFY_PRODUCT = "verify product"
    # a finding and its case
    SEE_FINDING = "see finding"
    SEE_DRAFT = "see draft"
    DISCUSS = "discuss"
    STRIKE_MESSAGE = "strike message"
    LINK_REPEAT = "link repeat"
    OFFER_PRACTICE = "offer practice"
    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    DECIDE_ON_ANSWER = "decide on answer"
    TAKE_NOTE = "take note"
    MOVE_DATE = "move date"
    REASSIGN = "reassign"
    SHARE_ACTION = "share action"
    REMIND = "remind"
    REPORT_DONE = "report done"
    VERIFY = "verify"
    JUDGE_EFFECT = "judge effect"
    CLOSE = "close"
    REJECT = "reject"
    CANCEL = "cancel"
    REOPEN = "reopen"


_MANAGEMENT: Final = frozenset({Who.PROXY, Who.DEPUTY, Who.HEAD_OF_OFFICE, Who.SECRETARY})
_PROXY: Final = frozenset({Who.PROXY, Who.DEPUTY})
_READERS: Final = _MANAGEMENT | {Who.AUDITOR, Who.EXTERNAL_AUDITOR, Who.BY_CONSENT}
_COLLEAGUES: Final = _MANAGEMENT | {Who.AUDITOR}
_ON_TEAM: Final = frozenset({Who.LEAD, Who.TEAM, Who.TRAINEE})
_STAFF: Final = _MANAGEMENT | {Who.AUDITOR, Who.EMPLOYEE, Who.OFFICE_ADMIN, Who.EXTERNAL_AUDITOR}

POLICY: Final[Mapping[Can, frozenset[Who]]] = {
    Can.SEE_OWN_TASKS: frozenset({Who.SIGNED_IN}),
    Can.CHANGE_OWN_SETTINGS: frozenset({Who.SIGNED_IN}),
    Can.COMPARE_OFFICES: frozenset({Who.COORDINATOR}),
    Can.SEE_HEALTH: frozenset({Who.ADMIN}),
    Can.READ_PRACTICES: frozenset({Who.COLLEAGUE, Who.COORDINATOR}),
    Can.SHARE_PRACTICES: frozenset({Who.COORDINATOR}),
    Can.SEE_OFFICE: _STAFF | {Who.COORDINATOR, Who.BY_CONSENT},
    Can.SEE_REGISTERS: _READERS | {Who.EMPLOYEE},
    Can.SEE_ALL_FINDINGS: _READERS,
    Can.MANAGE_PEOPLE: _PROXY | {Who.OFFICE_ADMIN},
    Can.NAME_HEADS: _MANAGEMENT,  # who heads a department sees its findings and answers them
    Can.NOTE_ABSENCE: _PROXY | {Who.OFFICE_ADMIN, Who.ONESELF},
    Can.APPOINT_PROXY: frozenset({Who.HEAD_OF_OFFICE, Who.SECRETARY}),
    Can.SET_LIMITS: _PROXY,
    Can.SEE_LETTERS: _PROXY | {Who.OFFICE_ADMIN},
    Can.SEE_CERTIFICATES: _READERS | {Who.EMPLOYEE},
    Can.KEEP_CERTIFICATES: _PROXY,
    Can.SEE_TRAINING: _READERS | {Who.ONESELF},
    Can.KEEP_TRAINING: _PROXY,
    Can.SEE_PROGRAMME: _READERS,
    Can.EDIT_PROGRAMME: _PROXY,
    Can.APPROVE_PROGRAMME: _MANAGEMENT,  # whose step it is, the office's chain says
    Can.SEE_AUDIT: _READERS | _ON_TEAM | {Who.GUEST, Who.UNIT_HEAD},
    Can.PLAN_AUDIT: _PROXY,
    Can.KEEP_TIMETABLE: _PROXY | {Who.LEAD},
    Can.PERMIT_OWN_WORK: frozenset({Who.HEAD_OF_OFFICE}),
    Can.RECORD_FINDINGS: _ON_TEAM,
    Can.GIVE_UP_DEVICE: frozenset({Who.LEAD}),
    Can.SEE_QUESTION_LISTS: _READERS,
    Can.KEEP_QUESTION_LISTS: _PROXY,
    Can.PUBLISH_REPORT: STEPS[Step.PUBLISH].who,
    Can.SEE_GIVEN_REPORT: _MANAGEMENT | _ON_TEAM,
    Can.APPROVE_REPORT: _MANAGEMENT,  # whose step it is, the office's chain says
    Can.GIVE_REPORT_BACK: _MANAGEMENT | {Who.LEAD},
    Can.SEE_FINDING: _READERS | _ON_TEAM | {Who.GUEST, Who.UNIT_HEAD, Who.CONCERNED_HEAD, Who.ADDRESSEE, Who.DOER},
    Can.REPORT_PROBLEM: _MANAGEMENT | {Who.AUDITOR, Who.EMPLOYEE},
    Can.SEE_PROBLEM: _MANAGEMENT | {Who.UNIT_HEAD, Who.REPORTER},
    Can.DECIDE_ON_PROBLEM: STEPS[Step.TAKE_UP].who,
    Can.SEE_PRODUCT: _READERS | {Who.UNIT_HEAD, Who.REPORTER},
    Can.DEAL_WITH_PRODUCT: products.STEPS[products.Step.DEAL].who,
    Can.VERIFY_PRODUCT: products.STEPS[products.Step.CONFIRM].who,
    Can.SEE_DRAFT: _ON_TEAM,
    Can.DISCUSS: _COLLEAGUES | _ON_TEAM | {Who.UNIT_HEAD, Who.CONCERNED_HEAD, Who.ADDRESSEE, Who.DOER},
    Can.STRIKE_MESSAGE: frozenset({Who.ONESELF}),
    Can.LINK_REPEAT: _PROXY | {Who.LEAD},
    Can.OFFER_PRACTICE: _PROXY,
    Can.ACKNOWLEDGE: STEPS[Step.ACKNOWLEDGE].who,
    Can.ANSWER: STEPS[Step.ANSWER].who,
    Can.DECIDE_ON_ANSWER: STEPS[Step.ACCEPT_ANSWER].who,
    Can.TAKE_NOTE: STEPS[Step.TAKE_NOTE].who,
    Can.MOVE_DATE: STEPS[Step.MOVE_DATE].who,
    Can.REASSIGN: STEPS[Step.REASSIGN].who,
    Can.SHARE_ACTION: STEPS[Step.SHARE_ACTION].who,
    Can.REMIND: _PROXY,
    Can.REPORT_DONE: STEPS[Step.REPORT_DONE].who,
    Can.VERIFY: STEPS[Step.VERIFY].who,
    Can.JUDGE_EFFECT: STEPS[Step.JUDGE_EFFECTIVE].who,
    Can.CLOSE: STEPS[Step.CLOSE].who,
    Can.REJECT: STEPS[Step.REJECT].who,
    Can.CANCEL: STEPS[Step.CANCEL].who,
    Can.REOPEN: STEPS[Step.REOPEN].who,
}

# Sees it but may not act: 403. Cannot see it: 404. This says what "see it" means for each act.
SEES: Final[Mapping[Can, Can]] = {
    Can.COMPARE_OFFICES: Can.COMPARE_OFFICES,
    Can.SEE_HEALTH: Can.SEE_HEALTH,
    Can.READ_PRACTICES: Can.READ_PRACTICES,
    Can.SHARE_PRACTICES: Can.READ_PRACTICES,
    Can.MANAGE_PEOPLE: Can.SEE_OFFICE,
    Can.NAME_HEADS: Can.SEE_OFFICE,
    Can.NOTE_ABSENCE: Can.SEE_OFFICE,
    Can.APPOINT_PROXY: Can.SEE_OFFICE,
    Can.SET_LIMITS: Can.SEE_OFFICE,
    Can.SEE_LETTERS: Can.SEE_OFFICE,
    Can.SEE_REGISTERS: Can.SEE_OFFICE,
    Can.SEE_ALL_FINDINGS: Can.SEE_OFFICE,
    Can.SEE_CERTIFICATES: Can.SEE_OFFICE,
    Can.SEE_TRAINING: Can.SEE_OFFICE,
    Can.KEEP_CERTIFICATES: Can.SEE_CERTIFICATES,
    Can.KEEP_TRAINING: Can.SEE_TRAINING,
    Can.SEE_PROGRAMME: Can.SEE_OFFICE,
    Can.EDIT_PROGRAMME: Can.SEE_PROGRAMME,
    Can.APPROVE_PROGRAMME: Can.SEE_PROGRAMME,
    Can.PLAN_AUDIT: Can.SEE_AUDIT,
    Can.KEEP_TIMETABLE: Can.SEE_AUDIT,
    Can.PERMIT_OWN_WORK: Can.SEE_AUDIT,
    Can.RECORD_FINDINGS: Can.SEE_AUDIT,
    Can.GIVE_UP_DEVICE: Can.SEE_AUDIT,
    Can.SEE_QUESTION_LISTS: Can.SEE_OFFICE,
    Can.KEEP_QUESTION_LISTS: Can.SEE_QUESTION_LISTS,
    Can.PUBLISH_REPORT: Can.SEE_AUDIT,
    Can.SEE_GIVEN_REPORT: Can.SEE_AUDIT,
    Can.APPROVE_REPORT: Can.SEE_AUDIT,
    Can.GIVE_REPORT_BACK: Can.SEE_AUDIT,
    Can.REPORT_PROBLEM: Can.SEE_OFFICE,
    Can.DECIDE_ON_PROBLEM: Can.SEE_PROBLEM,
    Can.DEAL_WITH_PRODUCT: Can.SEE_PRODUCT,
    Can.VERIFY_PRODUCT: Can.SEE_PRODUCT,
    Can.SEE_DRAFT: Can.SEE_DRAFT,
    Can.DISCUSS: Can.SEE_FINDING,
    Can.STRIKE_MESSAGE: Can.SEE_FINDING,
    Can.LINK_REPEAT: Can.SEE_FINDING,
    Can.OFFER_PRACTICE: Can.SEE_FINDING,
    Can.ACKNOWLEDGE: Can.SEE_FINDING,
    Can.ANSWER: Can.SEE_FINDING,
    Can.DECIDE_ON_ANSWER: Can.SEE_FINDING,
    Can.TAKE_NOTE: Can.SEE_FINDING,
    Can.MOVE_DATE: Can.SEE_FINDING,
    Can.REASSIGN: Can.SEE_FINDING,
    Can.SHARE_ACTION: Can.SEE_FINDING,
    Can.REMIND: Can.SEE_FINDING,
    Can.REPORT_DONE: Can.SEE_FINDING,
    Can.VERIFY: Can.SEE_FINDING,
    Can.JUDGE_EFFECT: Can.SEE_FINDING,
    Can.CLOSE: Can.SEE_FINDING,
    Can.REJECT: Can.SEE_FINDING,
    Can.CANCEL: Can.SEE_FINDING,
    Can.REOPEN: Can.SEE_FINDING,
}

# Endpoints without a guard of their own, each with the reason it may be open.
OPEN_ENDPOINTS: Final[Mapping[str, str]] = {
    "static": "stylesheet, script and fonts: the same for everybody",
}

_TEAM_STANDING: Final = {
    TeamRole.LEAD: Who.LEAD,
    TeamRole.AUDITOR: Who.TEAM,
    TeamRole.TRAINEE: Who.TRAINEE,
    TeamRole.EXPERT: Who.GUEST,
    TeamRole.OBSERVER: Who.GUEST,
}


@dataclass(frozen=True)
class Actor:
    """Somebody signed in, with the posts and departments of today."""

    person_id: int
    name: str
    language: str
    is_admin: bool = False
    is_coordinator: bool = False
    posts: Mapping[int, frozenset[Who]] = field(default_factory=dict)  # office id -> posts held there
    departments: Mapping[int, frozenset[int]] = field(default_factory=dict)  # office id -> own departments
    headed: Mapping[int, frozenset[int]] = field(default_factory=dict)  # office id -> departments headed
    lent_to: frozenset[int] = frozenset()  # offices to which another one lends the person as an auditor


def standing(actor: Actor, thing: Concern) -> frozenset[Who]:
    """Every way in which the actor stands to the thing."""
    found = {Who.SIGNED_IN, *_anywhere(actor)}
    if thing.office_id is None:
        return frozenset(found)
    found |= actor.posts.get(thing.office_id, frozenset())
    if actor.departments.get(thing.office_id):
        found.add(Who.EMPLOYEE)
    found |= {*_heading(actor.headed.get(thing.office_id, frozenset()), thing), *_by_name(actor, thing)}
    if actor.is_coordinator and thing.is_shared:
        found.add(Who.BY_CONSENT)
    role = thing.team.get(actor.person_id)
    is_serving = thing.office_id in audits_in(actor) or actor.person_id in thing.guest_ids
    if role in _TEAM_STANDING and is_serving:
        found.add(_TEAM_STANDING[role])
    return frozenset(found)


def _anywhere(actor: Actor) -> Iterator[Who]:
    if actor.is_admin:
        yield Who.ADMIN
    if actor.is_coordinator:
        yield Who.COORDINATOR
    if any(posts & _COLLEAGUES for posts in actor.posts.values()):
        yield Who.COLLEAGUE


def _by_name(actor: Actor, thing: Concern) -> Iterator[Who]:
    if actor.person_id == thing.person_id:
        yield Who.ONESELF
    if thing.office_id in offices_of(actor):  # who left does and answers nothing here
        if actor.person_id in thing.doer_ids:
            yield Who.DOER
        if actor.person_id in thing.addressee_ids:
            yield Who.ADDRESSEE
        if actor.person_id == thing.reporter_id:
            yield Who.REPORTER


def _heading(departments: frozenset[int], thing: Concern) -> Iterator[Who]:
    if departments & thing.department_ids:
        yield Who.UNIT_HEAD
    if departments & thing.concerned_ids:
        yield Who.CONCERNED_HEAD


def can(actor: Actor, permission: Can, thing: Concern) -> bool:
    """Whether the actor may do this to this thing. What the table does not grant is refused."""
    return bool(POLICY.get(permission, frozenset()) & standing(actor, thing))


def can_see(actor: Actor, permission: Can, thing: Concern) -> bool:
    """Whether the actor may know that the thing this permission acts on exists."""
    return can(actor, SEES.get(permission, permission), thing)


def offices_of(actor: Actor) -> frozenset[int]:
    """The offices in which the actor holds a post or works."""
    return frozenset(actor.posts) | frozenset(actor.departments)


def audits_in(actor: Actor) -> frozenset[int]:
    """The offices in whose teams the actor counts: those of `offices_of`, and those the actor is lent to."""
    return offices_of(actor) | actor.lent_to


def offices_granting(actor: Actor, permission: Can) -> frozenset[int]:
    """The offices in which a post of the actor allows this."""
    return frozenset(office_id for office_id, posts in actor.posts.items() if posts & POLICY[permission])


@dataclass(frozen=True)
class Reach:
    """How much of an office's findings and audits a person's lists may show."""

    everything: bool
    department_ids: frozenset[int] = frozenset()
    person_id: int = 0


def reach(actor: Actor, thing: Concern) -> Reach:
    """The part of the registers of an office that the actor's lists are narrowed to."""
    if can(actor, Can.SEE_ALL_FINDINGS, thing):
        return Reach(everything=True)
    headed = actor.headed.get(thing.office_id or 0, frozenset())
    return Reach(everything=False, department_ids=headed, person_id=actor.person_id)
