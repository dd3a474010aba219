"""What an office decides about the standard: leaving clauses out, applying them again, and how it calls them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from qms.core.db import db
from qms.core.trail import because
from qms.domain import editions
from qms.domain.errors import N_, InvalidInput, Notice
from qms.offices.models import Office
from qms.offices.service import one_at_a_time
from qms.people import queries as people
from qms.requirements import queries
from qms.requirements.models import ClauseTitle, Exclusion
from qms.standards.models import Clause, Edition


@dataclass(frozen=True, kw_only=True)
class ExclusionFacts:
    """Why a clause is left out, where the manual says it, who approved it and when it is valid."""

    justification: str
    manual_issue: str
    manual_section: str = ""
    approved_by_id: int | None = None
    approver_words: str = ""
    valid_from: date
    valid_until: date | None = None


def exclude(office: Office, clause: Clause, facts: ExclusionFacts, *, today: date) -> Exclusion:
    """Exclude a clause by the rule of its edition.

    Raises `RuleViolation` when the edition does not allow it, or the clause is left out in that time anyway.
    """
    exclusion = Exclusion(office_id=office.id, clause_id=clause.id)
    _check(office, clause, facts, known=exclusion, today=today)
    because(facts.justification)
    _write(exclusion, facts)
    db.session.add(exclusion)
    return exclusion


def change(exclusion: Exclusion, facts: ExclusionFacts, *, today: date) -> None:
    """Correct an exclusion, or follow a new issue of the manual. Raises `RuleViolation` as `exclude` does."""
    _check(exclusion.office, exclusion.clause, facts, known=exclusion, today=today)
    _write(exclusion, facts)


def _write(exclusion: Exclusion, facts: ExclusionFacts) -> None:
    for name, value in vars(facts).items():
        setattr(exclusion, name, value)


def _check(office: Office, clause: Clause, facts: ExclusionFacts, *, known: Exclusion, today: date) -> None:
    edition = db.session.get_one(Edition, clause.edition_code)
    editions.check_exclusion(edition.rules, clause.number, facts.justification)
    editions.check_approver(is_person=facts.approved_by_id is not None, words=facts.approver_words)
    if facts.approved_by_id not in {None, known.approved_by_id, *_people(office, today)}:
        raise InvalidInput(N_("Choose a person of the office, or type who approved it."), field="approved_by_id")
    if facts.valid_until is not None and facts.valid_until < facts.valid_from:
        raise InvalidInput(N_("The last day is before the first. Enter a later last day."), field="valid_until")
    one_at_a_time(office)
    _refuse_excluded(clause, facts, [each for each in queries.exclusions(office.id) if each.id != known.id])


def _people(office: Office, today: date) -> list[int]:
    return [person.id for person in people.people_of(office.id, today)]


def _refuse_excluded(clause: Clause, facts: ExclusionFacts, others: list[Exclusion]) -> None:
    for each in others:
        is_of_it = each.clause.edition_code == clause.edition_code
        is_apart = _ends_before(each.valid_until, facts.valid_from) or _ends_before(facts.valid_until, each.valid_from)
        if is_of_it and not is_apart and editions.is_excluded(clause.number, {each.clause.number}):
            message = N_("%(number)s is excluded since %(day)s. End that exclusion first or enter a later day.")
            raise InvalidInput(message, field="valid_from", number=each.clause.number, day=each.valid_from)


def _ends_before(valid_until: date | None, day: date) -> bool:
    return valid_until is not None and valid_until < day


def doubt_about(clause: Clause) -> Notice | None:
    """What to say to somebody who leaves this clause out."""
    kind, excludable = editions.NodeKind(clause.kind), editions.Excludable(clause.excludable)
    return editions.doubt_about_exclusion(
        editions.ClauseNode(clause.edition_code, clause.number, kind, excludable=excludable)
    )


def end_exclusion(exclusion: Exclusion, *, on: date, reason: str) -> None:
    """Apply the clause again; `on` is the last day without it. Raises `InvalidInput` when it has ended by then."""
    if on < exclusion.valid_from:
        message = N_("The exclusion begins on %(day)s. Enter that day or a later one.")
        raise InvalidInput(message, field="valid_until", day=exclusion.valid_from)
    if exclusion.valid_until is not None and on >= exclusion.valid_until:
        message = N_("This exclusion ends on %(day)s already. Enter an earlier day.")
        raise InvalidInput(message, field="valid_until", day=exclusion.valid_until)
    because(reason)
    exclusion.valid_until = on


def name_clauses(office: Office, titles: Mapping[int, str]) -> None:
    """Put the office's own titles over those of these clauses; an empty one gives the official title back.

    Counts as a change of the office itself, so that its version grows.
    """
    stored = select(ClauseTitle).where(ClauseTitle.office_id == office.id, ClauseTitle.clause_id.in_(titles))
    known = {each.clause_id: each for each in db.session.scalars(stored)}
    for clause_id, title in titles.items():
        row = known.get(clause_id) or ClauseTitle(office_id=office.id, clause_id=clause_id)
        _name_clause(row, title, is_stored=clause_id in known)
    flag_modified(office, "search_text")  # a column nobody is told of; the trail tells of each title


def _name_clause(row: ClauseTitle, title: str, *, is_stored: bool) -> None:
    if title:
        row.title = title
        db.session.add(row)
    elif is_stored:
        db.session.delete(row)
