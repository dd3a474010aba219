"""What is done about something issued wrongly: noticed, dealt with, looked at again by somebody else."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from qms.core.db import db, new_key
from qms.domain.errors import N_, InvalidInput
from qms.domain.products import Kind, Remedy, State, Step, after, check_dealt, check_noted
from qms.domain.sources import Source
from qms.findings import queries as findings
from qms.findings import register
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.offices.service import next_number
from qms.policy import Actor, Reach, standing
from qms.products.models import Product

_PREFIX: Final = "WN"  # of wyrób niezgodny, in the office's pattern of findings


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What was issued wrongly and how that came up."""

    kind: Kind
    description: str
    department_id: int | None
    noticed_on: date
    source: Source = Source.STAFF
    sign: str = ""
    mark: str = ""


@dataclass(frozen=True, kw_only=True)
class Dealt:
    """What was done about it; `case` is the number of a case whose actions keep it from happening again."""

    kind: Kind
    remedy: Remedy
    done: str
    dealt_on: date
    mark: str = ""
    allowed_by: str = ""
    case: str = ""


def note(office: Office, noted: Noted, *, by: Actor, today: date) -> Product:
    """Put it into the register under its number. Raises `InvalidInput` at the field that is wrong."""
    check_noted(noticed_on=noted.noticed_on, today=today)
    unit = next((each for each in offices.departments(office.id, today) if each.id == noted.department_id), None)
    if unit is None:
        raise InvalidInput(N_("Choose the department that issued it."), field="department_id")
    product = Product(
        **vars(noted),
        office=office,
        office_id=office.id,
        key=new_key(),
        number=next_number(office, _PREFIX, today, prefix=_PREFIX, unit=unit.symbol),
        noticed_by_id=by.person_id,
        state=State.NOTICED,
    )
    db.session.add(product)
    db.session.flush()
    return product


def deal(product: Product, dealt: Dealt, *, by: Actor, reach: Reach, today: date) -> None:
    """Say what was done about it. Raises `RuleViolation`.

    `reach` is what of the register of findings the person may name a case of.
    """
    state = _after(Step.DEAL, product, by=by)
    check_dealt(
        dealt.remedy,
        allowed_by=dealt.allowed_by,
        dealt_on=dealt.dealt_on,
        noticed_on=product.noticed_on,
        today=today,
    )
    product.finding_id = _case_id(product, dealt.case, reach)
    product.state, product.kind, product.remedy, product.done = state, dealt.kind, dealt.remedy, dealt.done
    product.mark, product.allowed_by = dealt.mark, dealt.allowed_by
    product.dealt_by_id, product.dealt_on = by.person_id, dealt.dealt_on
    product.verified_by_id = product.verified_on = None


def _case_id(product: Product, number: str, reach: Reach) -> int | None:
    if not number:
        return None
    if product.finding and number == product.finding.number:
        return product.finding_id  # linked before, perhaps by somebody whose reach is wider
    key = register.by_number(product.office_id, reach, number)
    case = findings.by_key(product.office, key) if key else None
    if case is None:
        raise InvalidInput(N_("No case has this number. Check it, or leave it empty."), field="case")
    return case.id


def verify(product: Product, verification: str, *, is_right: bool, by: Actor, today: date) -> None:
    """Say what a second look showed: it is right, or has to be dealt with again. Raises `RuleViolation`."""
    state = _after(Step.CONFIRM if is_right else Step.SEND_BACK, product, by=by)
    if not verification:
        raise InvalidInput(N_("Write what you looked at and what it showed."), field="verification")
    product.state, product.verification = state, verification
    product.verified_by_id, product.verified_on = by.person_id, today
    if not is_right:
        product.remedy, product.dealt_on, product.dealt_by_id, product.allowed_by = "", None, None, ""


def _after(step: Step, product: Product, *, by: Actor) -> State:
    is_own = product.dealt_by_id == by.person_id
    return after(step, State(product.state), who=standing(by, product.concern), is_own_work=is_own)
