"""What an office and the coordinator do with an offer; the caller commits."""

from datetime import date

from qms.core.db import db
from qms.domain.findings import Category, State
from qms.domain.practices import LEADS_TO, Move, Sharing, after, check_offerable, check_word
from qms.findings.models import Finding
from qms.policy import Actor
from qms.practices import queries
from qms.practices.models import Practice


def offer(finding: Finding, text: str, *, is_named: bool, by: Actor, today: date) -> Practice:
    """Ask that others may read this text. A changed text waits for the coordinator again. Raises `RuleViolation`."""
    check_offerable(Category(finding.category), State(finding.state), has_clause=finding.clause_id is not None)
    practice = queries.of_finding(finding)
    if practice is None:
        practice = Practice(office_id=finding.office_id, finding_id=finding.id, clause_id=finding.clause_id)
        db.session.add(practice)
    practice.text, practice.is_named = text, is_named
    practice.offered_by_id, practice.offered_on = by.person_id, today
    practice.state, practice.word = LEADS_TO[Move.OFFER], ""
    practice.decided_by_id = practice.decided_on = None
    return practice


def decide(practice: Practice, move: Move, word: str, *, by: Actor, today: date) -> None:
    """Publish an offer, or say why not; what is published may be taken off too. Raises `RuleViolation`."""
    state = after(queries.standing(practice), move)
    check_word(move, word)
    practice.state, practice.word = state, word
    practice.decided_by_id, practice.decided_on = by.person_id, today


def withdraw(practice: Practice) -> None:
    """Let nobody outside the office read it any more. Raises `NotAllowedNow` where nobody does."""
    practice.state = after(Sharing(practice.state), Move.WITHDRAW)
