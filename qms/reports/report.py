"""A report and a card as plain values, in no language yet: page, PDF and Word are made of these alone."""

from dataclasses import dataclass
from datetime import date, datetime

from qms.domain.cause_analysis import Analysis
from qms.domain.causes import Cause
from qms.domain.report import Parts
from qms.domain.scale import Called


@dataclass(frozen=True)
class Named:
    """A clause with its titles; a part of a clause has none and says what it is part of."""

    number: str
    title_pl: str
    title_en: str
    parent_number: str = ""
    clause_id: int = 0


@dataclass(frozen=True)
class LeftOut:
    """A clause the office excluded on the days of the audit, why, and where its manual says so."""

    clause: Named
    justification: str
    manual_issue: str
    manual_section: str = ""


@dataclass(frozen=True)
class Member:
    """Somebody of the team; `warnings` are names of `audits.words.WARNINGS`, as said at assignment."""

    name: str
    role: str
    is_lent: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OwnWork:
    """Who of the team is close to which item of the scope, and by whose permit they judge it all the same.

    `ground` and `severity` are names of `domain.independence`; `item` is a name, or a clause's number.
    """

    name: str
    item: str
    ground: str
    severity: str
    permitted_by: str = ""
    permitted_on: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Proof:
    """A file shown as evidence, with what proves that nobody exchanged it."""

    name: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """A finding as the team wrote it; without a number while it is a draft."""

    key: str
    number: str
    called: Called
    department_id: int
    department: str
    concerned: tuple[str, ...]
    concerned_ids: frozenset[int]
    clause: Named | None  # none where a law or an own rule was broken
    statement: str
    requirement: str
    evidence: str
    files: tuple[Proof, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Checked:
    """An open case of an earlier audit, and what this one saw of it; `seen` is a name of `domain.following`."""

    number: str
    statement: str
    department: str
    seen: str
    note: str
    checked_by: str
    checked_on: date


@dataclass(frozen=True)
class Issue:
    """A published issue of the report."""

    number: int
    parts: Parts
    reason: str
    published_at: datetime
    published_by: str


@dataclass(frozen=True)
class Signer:
    """Somebody who signs, and as what: a name of `wording.SIGNERS`."""

    role: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A step of the approval; without a name until it is taken."""

    verb: str
    post: str
    person: str = ""
    decided_at: datetime | None = None
    order_number: str = ""


@dataclass(frozen=True, kw_only=True)
class Arranged:
    """How an audit is arranged: what is audited, against what, when, how and by whom."""

    office: str
    number: str
    kind: str
    edition_code: str
    body: str
    objective: str
    starts_on: date
    ends_on: date
    departments: tuple[str, ...]
    processes: tuple[str, ...]
    clauses: tuple[Named, ...]
    left_out: tuple[LeftOut, ...]
    criteria: str
    method: str
    places: str
    team: tuple[Member, ...]
    team_reason: str
    own_work: tuple[OwnWork, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that the report of an audit says, in no language yet; `given_number` while an issue waits for approval."""

    audit: Arranged
    scale: tuple[Called, ...]
    findings: tuple[Found, ...]
    checked: tuple[Checked, ...]
    parts: Parts
    is_published: bool
    issues: tuple[Issue, ...]
    signers: tuple[Signer, ...]
    approvals: tuple[Approval, ...] = ()
    given_number: int | None = None


@dataclass(frozen=True, kw_only=True)
class Done:
    """An action: what, who, by when, done when."""

    description: str
    owner: str
    due_on: date
    done_on: date | None
    done_note: str = ""
    files: tuple[Proof, ...] = ()
    looked_after_in: str = ""  # the number of the case whose action this one stands for


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What was answered in one round, and what became of it."""

    number: int
    correction: str
    no_correction_reason: str
    cause: str
    analysis: Analysis
    cause_kind: Cause | None
    criterion: str
    answered_by: str
    answered_at: datetime
    actions: tuple[Done, ...]
    accepted_by: str
    accepted_on: date | None
    verification: str
    verified_by: str
    verified_on: date | None
    effectiveness: str
    is_effective: bool | None
    judged_by: str
    judged_on: date | None


@dataclass(frozen=True, kw_only=True)
class Card:
    """All that the card of a finding says, in no language yet; answers still being written are left out."""

    office: str
    found: Found
    source: str  # a name of `domain.sources`
    audit_number: str
    outer_number: str
    noticed_on: date | None
    reported_on: date
    recorded_by: str
    lead: str
    stage: int | None
    state: str
    is_light: bool  # only whether the unit acts was asked
    waits_for: str | None
    rounds: tuple[Answered, ...]
    reason: str
    closed_on: date | None
    signers: tuple[Signer, ...]
    earlier_number: str = ""  # of the finding that it repeats, for whoever may know of that one
    earlier_on: date | None = None
