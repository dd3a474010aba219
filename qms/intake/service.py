"""What is done with something reported: told by anybody of the office, then taken or refused by whoever decides."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy.orm.attributes import flag_modified

from qms.core import files
from qms.core.db import db, new_key
from qms.core.trail import because
from qms.domain.errors import N_, InvalidInput
from qms.domain.products import Kind
from qms.domain.sources import (
    Fate,
    Route,
    Source,
    Way,
    check_refusal,
    check_taking,
    check_told,
    is_about_own_work,
)
from qms.findings import opening
from qms.findings.opening import Origin, Taken
from qms.findings.recording import Upload
from qms.intake import notices, queries
from qms.intake.models import Problem, SourceRoute
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.offices.service import next_number
from qms.people import queries as people
from qms.policy import Actor, standing
from qms.products import service as products

_PREFIX: Final = "ZG"  # of zgłoszenie, in the office's pattern of findings


@dataclass(frozen=True, kw_only=True)
class Told:
    """What somebody reports."""

    what: str
    noticed_on: date | None
    department_id: int | None = None
    source: Source = Source.STAFF
    outer_number: str = ""
    requirement: str = ""


def report(office: Office, told: Told, upload: Upload | None = None, *, by: Actor, today: date) -> Problem:
    """Note a problem under its number and ask whoever decides. Raises `InvalidInput` at the field that is wrong."""
    check_told(told.source, what=told.what, noticed_on=told.noticed_on, today=today)
    units = {unit.id: unit for unit in offices.departments(office.id, today)}
    if told.department_id is not None and told.department_id not in units:
        raise InvalidInput(N_("Choose a department from the list."), field="department_id")
    route = queries.routes(office.id)[told.source]
    has_head = bool(people.heads(office.id, today).get(route.department_id or 0))
    problem = Problem(
        **vars(told),
        office=office,
        office_id=office.id,
        key=new_key(),
        number=next_number(office, _PREFIX, today, prefix=_PREFIX, unit=_symbol(office, told, today)),
        file=files.store(upload.stream, upload.name, office_id=office.id) if upload else None,
        reported_by_id=by.person_id,
        reported_on=today,
        way=route.way,
        decided_in_id=route.department_id if has_head else None,
        fate=Fate.WAITING,
    )
    db.session.add(problem)
    db.session.flush()
    notices.reported(problem, by_name=by.name, today=today)
    return problem


def _symbol(office: Office, told: Told, today: date) -> str:
    units = offices.departments(office.id, today)
    return next((unit.symbol for unit in units if unit.id == told.department_id), "")


def take(problem: Problem, taken: Taken, *, shows_file: bool = False, by: Actor, today: date) -> str:
    """Make a case, a finding for information or something issued wrongly of it; its number. Raises `RuleViolation`.

    `shows_file`: whoever sees the case may read the file that came with the report.
    """
    _check_taking(problem, taken, by=by)
    if taken.category == Way.PRODUCT:
        return _take_as_product(problem, taken, by=by, today=today)
    origin = Origin(
        source=Source(problem.source),
        noticed_on=problem.noticed_on,
        outer_number=problem.outer_number,
        file=problem.file if shows_file else None,
    )
    who = standing(by, problem.concern)
    finding = opening.open_case(problem.office, taken, origin, by=by, who=who, today=today)
    problem.finding_id = finding.id
    _take(problem, by=by, today=today)
    return finding.number or ""


def _check_taking(problem: Problem, taken: Taken, *, by: Actor) -> None:
    is_product = taken.category == Way.PRODUCT
    check_taking(
        Fate(problem.fate),
        standing(by, problem.concern),
        is_about_own_work=_is_own(problem, by) or taken.department_id in by.departments.get(problem.office_id, ()),
        needs_answer=not is_product and opening.needs_answer(problem.office, taken, Source(problem.source)),
    )


def _is_own(problem: Problem, by: Actor) -> bool:
    """Whether it is about the own work of who decides and somebody else reported it."""
    own = by.departments.get(problem.office_id, frozenset())
    is_own = is_about_own_work(standing(by, problem.concern), own, problem.department_id)
    return is_own and problem.reported_by_id != by.person_id


def _take_as_product(problem: Problem, taken: Taken, *, by: Actor, today: date) -> str:
    """Whoever deals with it says what kind of thing it is."""
    noted = products.Noted(
        kind=Kind.OTHER,
        description=taken.statement,
        department_id=taken.department_id,
        noticed_on=problem.noticed_on,
        source=Source(problem.source),
        sign=problem.outer_number,
    )
    reporter = replace(by, person_id=problem.reported_by_id)
    product = products.note(problem.office, noted, by=reporter, today=today)
    problem.product_id = product.id
    _take(problem, by=by, today=today)
    return product.number


def _take(problem: Problem, *, by: Actor, today: date) -> None:
    _decide(problem, Fate.TAKEN, by=by, today=today)
    db.session.flush()
    db.session.refresh(problem, ["finding", "product"])
    notices.decided(problem)


def refuse(problem: Problem, reason: str, *, by: Actor, today: date) -> None:
    """Refuse it with a reason that whoever reported it reads; it stays. Raises `RuleViolation`."""
    who = standing(by, problem.concern)
    check_refusal(Fate(problem.fate), who, is_about_own_work=_is_own(problem, by), reason=reason)
    because(reason)
    problem.reason = reason
    _decide(problem, Fate.REFUSED, by=by, today=today)
    notices.decided(problem)


def _decide(problem: Problem, fate: Fate, *, by: Actor, today: date) -> None:
    problem.fate, problem.decided_by_id, problem.decided_on = fate, by.person_id, today


def set_routes(office: Office, wanted: dict[Source, Route], *, today: date) -> None:
    """Say which way each source takes from now on; what was reported before keeps its own."""
    known = {None, *(unit.id for unit in offices.departments(office.id, today))}
    if unknown := next((source for source, route in wanted.items() if route.department_id not in known), None):
        raise InvalidInput(N_("Choose a department from the list."), field=f"decides_{unknown}")
    for source, route in wanted.items():
        row = db.session.get(SourceRoute, (office.id, source)) or SourceRoute(office_id=office.id, source=source)
        row.way, row.department_id = route.way, route.department_id
        db.session.add(row)
    flag_modified(office, "search_text")  # so that the version of the office grows; the trail tells of each route
