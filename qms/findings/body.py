"""Days that a certification body, or a partner, gives: kept with the audit, counted for its findings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Integer, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from qms.audits import queries as audits
from qms.audits.models import INTERNAL, Audit
from qms.certificates.models import Certificate
from qms.certificates.queries import is_of_quality
from qms.core.db import db
from qms.domain.body_terms import GRADES, STARTER, Term, answer_due, check, evidence_due
from qms.domain.certification import Due
from qms.domain.deadlines import Kind, Rule
from qms.domain.findings import Category
from qms.domain.standing import Concern
from qms.findings import waiting
from qms.findings.body_models import BodyTerms
from qms.findings.models import Finding
from qms.offices.models import Office

_TERMS: Final = select(BodyTerms).where(BodyTerms.audit_id == bindparam("audit_id", type_=Integer))


@dataclass(frozen=True)
class Visit:
    """An audit that somebody from outside holds, with the days they gave, if they gave any."""

    audit: Audit
    terms: BodyTerms | None

    @property
    def concern(self) -> Concern:
        """What of it matters to access: that of its audit."""
        return self.audit.concern


@dataclass(frozen=True)
class Asked:
    """Until when a body wants answers and evidence for findings of one grade."""

    grade: Category
    answer: Due | None
    evidence: Due | None


def visit_by_key(office: Office, key: str) -> Visit | None:
    """An audit of the office that somebody from outside holds."""
    audit = audits.by_key(office, key)
    return Visit(audit, terms_of(audit)) if audit is not None and audit.kind not in INTERNAL else None


def terms_of(audit: Audit) -> BodyTerms | None:
    """The days given for the findings of an audit."""
    return db.session.scalar(_TERMS, {"audit_id": audit.id})


def proposed(audit: Audit) -> Mapping[Category, Term]:
    """What the same body gave last in this office; before its first letter, what is common."""
    last = db.session.scalar(
        select(BodyTerms)
        .join(Audit, Audit.id == BodyTerms.audit_id)
        .where(Audit.office_id == audit.office_id, Audit.id != audit.id, Audit.body == audit.body)
        .order_by(Audit.ends_on.desc(), Audit.id.desc())
        .limit(1)
    )
    return {grade: last.term(grade) for grade in GRADES} if last else STARTER


def asked_of(audit: Audit, terms: BodyTerms) -> list[Asked]:
    """The days that follow, by grade."""
    certificate_ends_on = _certificate_ends_on(audit)
    return [
        Asked(
            grade,
            answer_due(audit.ends_on, terms.term(grade)),
            evidence_due(audit.ends_on, terms.term(grade), certificate_ends_on=certificate_ends_on),
        )
        for grade in GRADES
    ]


def _certificate_ends_on(audit: Audit) -> date | None:
    """The last day of the certificate that was valid when the audit ended."""
    found = (
        select(func.max(Certificate.valid_until))
        .select_from(Certificate)
        .where(
            Certificate.office_id == audit.office_id,
            is_of_quality(),
            Certificate.valid_from <= audit.ends_on,
            Certificate.valid_until >= audit.ends_on,
            Certificate.withdrawn_on.is_(None),
        )
    )
    return db.session.scalar(found)


def set_terms(visit: Visit, given: Mapping[Category, Term], *, letter: str) -> BodyTerms:
    """Keep the days and count those of findings that wait for their first answer. Raises `InvalidInput`."""
    check(given)
    terms = visit.terms or BodyTerms(office_id=visit.audit.office_id, audit_id=visit.audit.id)
    terms.letter = letter
    for grade, term in given.items():
        setattr(terms, f"{grade}_answer_days", term.answer_days)
        setattr(terms, f"{grade}_evidence_days", term.evidence_days)
    db.session.add(terms)
    _count(visit.audit, terms, _unanswered(visit.audit))
    return terms


def count_for(audit: Audit, published: Iterable[Finding]) -> None:
    """Count the days of findings that were just published, from the last day of their audit."""
    terms = terms_of(audit) if audit.kind not in INTERNAL else None
    if terms is not None:
        _count(audit, terms, published)


def _count(audit: Audit, terms: BodyTerms, findings: Iterable[Finding]) -> None:
    asked = {each.grade: each for each in asked_of(audit, terms)}
    for grade, each in asked.items():
        setattr(terms, f"{grade}_evidence_on", each.evidence.due_on if each.evidence else None)
    for finding in findings:
        due = asked[Category(finding.category)].answer if finding.category in GRADES else None
        if due is not None:
            waiting.wait_for_body(finding, due)
        elif finding.due_rule == Rule.BODY_ANSWER and finding.reported_on:
            waiting.wait_for(finding, Kind.ANSWER, since=finding.reported_on)


def _unanswered(audit: Audit) -> list[Finding]:
    """Findings whose first answer nobody sent or returned, and whose day nobody moved."""
    found = select(Finding).where(
        Finding.audit_id == audit.id,
        Finding.waits_for == Kind.ANSWER,
        Finding.round_number == 1,
        Finding.date_moves == 0,
        or_(Finding.due_on.is_(None), Finding.due_limit != ""),
    )
    return list(db.session.scalars(found.options(joinedload(Finding.office))))
