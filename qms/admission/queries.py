"""What an office knows of the people it may admit as auditors, and its rules of admission."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload, raiseload

from qms.admission.models import AdmissionRule, AdmissionStatement
from qms.core.db import db
from qms.domain import admission
from qms.domain.admission import Engaged, Known, Line, Rule, Stated
from qms.domain.competence import Appointment, AuditorRole, Qualification, shortcoming
from qms.domain.errors import Notice
from qms.domain.standing import Concern, Who
from qms.offices.models import Office
from qms.people import models as people
from qms.training import queries as training

# The rules as addresses name them: of employees, and of people from outside.
RULES: Final[dict[str, tuple[Engaged, AuditorRole]]] = {
    "auditor": (Engaged.EMPLOYEE, AuditorRole.AUDITOR),
    "wiodacy": (Engaged.EMPLOYEE, AuditorRole.LEAD),
    "asystent": (Engaged.EMPLOYEE, AuditorRole.TRAINEE),
    "auditorobcy": (Engaged.CONTRACTOR, AuditorRole.AUDITOR),
    "wiodacyobcy": (Engaged.CONTRACTOR, AuditorRole.LEAD),
    "asystentobcy": (Engaged.CONTRACTOR, AuditorRole.TRAINEE),
}

Rules = Mapping[tuple[Engaged, AuditorRole], Rule]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who may be admitted: where they work, how they are appointed and trained, what is written of them."""

    served: tuple[tuple[date, date | None], ...]
    appointed: tuple[tuple[Appointment, bool], ...]
    """Each appointment as an auditor, and whether an order with a number gave it."""
    qualifications: tuple[Qualification, ...]
    stated: frozenset[Stated]

    def appointment(self, on: date) -> Appointment | None:
        return next((each for each, _ in self.appointed if each.covers(on)), None)

    def engaged(self, on: date) -> Engaged:
        is_employed = any(first <= on and (last is None or last >= on) for first, last in self.served)
        return Engaged.EMPLOYEE if is_employed else Engaged.CONTRACTOR

    def shortcoming(self, on: date, edition: str) -> Notice | None:
        """What of the training and the appointment that are asked of every auditor is missing."""
        facts = {"qualifications": self.qualifications, "appointment": self.appointment(on)}
        return shortcoming(AuditorRole.AUDITOR, on=on, edition=edition, **facts)  # type: ignore[arg-type] # as in staffing

    def lacks(self, rules: Rules, part: AuditorRole, *, on: date, edition: str) -> list[Line]:
        """What of the office's own rule is missing."""
        known = Known(
            on=on,
            is_trained=any(each.supports(part, on, edition) for each in self.qualifications),
            serves_since=admission.serves_since(self.served, on),
            has_order=any(has_order and each.covers(on) for each, has_order in self.appointed),
            stated=self.stated,
        )
        return admission.lacks(rules.get((self.engaged(on), part), ()), known)


def candidates(office_id: int, person_ids: Collection[int]) -> dict[int, Candidate]:
    """By person, in as many statements for any number of people."""
    ids = set(person_ids)
    member, post = people.Membership, people.Appointment
    served: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    of_units = select(member.person_id, member.from_on, member.until_on)
    for person_id, first, last in db.session.execute(
        of_units.where(member.office_id == office_id, member.person_id.in_(ids))
    ):
        served[person_id].append((first, last))
    appointed: dict[int, list[tuple[Appointment, bool]]] = defaultdict(list)
    of_posts = select(post.person_id, post.from_on, post.until_on, post.order_number)
    asked = (post.office_id == office_id, post.post == Who.AUDITOR, post.person_id.in_(ids))
    for person_id, first, last, order in db.session.execute(of_posts.where(*asked)):
        appointed[person_id].append((Appointment(first, last), bool(order)))
    trained, stated = training.qualifications(None, ids), _stated(office_id, ids)
    return {
        each: Candidate(
            served=tuple(served[each]),
            appointed=tuple(appointed[each]),
            qualifications=tuple(trained.get(each, ())),
            stated=frozenset(stated[each]),
        )
        for each in ids
    }


def _stated(office_id: int, ids: Collection[int]) -> dict[int, list[Stated]]:
    found: dict[int, list[Stated]] = defaultdict(list)
    rows = select(AdmissionStatement).where(
        AdmissionStatement.office_id == office_id, AdmissionStatement.person_id.in_(ids)
    )
    for row in db.session.scalars(rows.options(raiseload("*", sql_only=True))):
        found[row.person_id].append(row.stated)
    return found


def rules(office_id: int) -> Rules:
    """The office's own rules, by whom they are for."""
    rows = select(AdmissionRule).where(AdmissionRule.office_id == office_id).options(raiseload("*", sql_only=True))
    return {(Engaged(row.engaged), AuditorRole(row.part)): row.rule for row in db.session.scalars(rows)}


def lacking(
    office_id: int, parts: Mapping[int, AuditorRole], *, days: Collection[date], edition: str
) -> dict[int, list[Line]]:
    """By person, what the office's own rule misses on some of the days; those who lack nothing are left out."""
    own = rules(office_id)
    if not own or not parts:
        return {}
    found = {}
    for person_id, candidate in candidates(office_id, parts).items():
        missed = (candidate.lacks(own, parts[person_id], on=day, edition=edition) for day in days)
        if lines := next(filter(None, missed), None):
            found[person_id] = lines
    return found


@dataclass(frozen=True)
class AskedRule:
    """The rule that an address names: for whom, and its row once the office has drawn it up."""

    office: Office
    engaged: Engaged
    part: AuditorRole
    row: AdmissionRule | None

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office.id, is_shared=self.office.shares_content)


def rule_by_key(office: Office, key: str) -> AskedRule | None:
    """The rule that an address names, drawn up or not."""
    if key not in RULES:
        return None
    engaged, part = RULES[key]
    asked = (AdmissionRule.office_id == office.id, AdmissionRule.engaged == engaged, AdmissionRule.part == part)
    row = db.session.scalar(select(AdmissionRule).where(*asked))
    return AskedRule(office, engaged, part, row)


def statement_by_key(office: Office, key: str) -> AdmissionStatement | None:
    """What is written down about a person, with the person."""
    asked = (AdmissionStatement.office_id == office.id, AdmissionStatement.key == key)
    shown = (joinedload(AdmissionStatement.person), joinedload(AdmissionStatement.office))
    return db.session.scalar(select(AdmissionStatement).where(*asked).options(*shown))


def statements(office_id: int) -> list[AdmissionStatement]:
    """All that is written down, the newest first."""
    found = select(AdmissionStatement).where(AdmissionStatement.office_id == office_id)
    newest_first = found.order_by(AdmissionStatement.from_on.desc(), AdmissionStatement.id.desc())
    shown = (joinedload(AdmissionStatement.person), raiseload("*", sql_only=True))
    return list(db.session.scalars(newest_first.options(*shown)))
