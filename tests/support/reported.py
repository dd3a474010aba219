"""What people of an office report besides audits, and what was issued wrongly, at each stage."""

from qms.domain.products import Kind, Remedy
from qms.findings.opening import Taken
from qms.intake import service as intake
from qms.intake.models import Problem
from qms.policy import Reach
from qms.products import service as products
from qms.products.models import Product
from tests.support.cases import acting, upload
from tests.support.world import TODAY, OfficeWorld


def report(office: OfficeWorld) -> None:
    """A report that waits, one that was refused and one that is a case; what was issued wrongly, step by step."""
    _told(office, "Wniosek leżał tydzień w złym wydziale.")
    intake.refuse(_told(office, "Drukarka nie działa."), "Zgłoś to informatykom.", by=acting(office.proxy), today=TODAY)
    taken = Taken(
        department_id=office.departments["FN"].id,
        category="nonconformity",
        statement="Odpowiedź wyszła po terminie.",
        requirement="Instrukcja kancelaryjna, § 12.",
    )
    intake.take(_told(office, "Odpowiedź wyszła po terminie."), taken, by=acting(office.proxy), today=TODAY)
    _issued(office)
    _dealt(office)
    products.verify(_dealt(office), "Strona ma nową decyzję.", is_right=True, by=acting(office.proxy), today=TODAY)


def _told(office: OfficeWorld, what: str) -> Problem:
    told = intake.Told(what=what, noticed_on=TODAY, department_id=office.departments["FN"].id)
    return intake.report(office.office, told, upload(), by=acting(office.fn_clerk), today=TODAY)


def _issued(office: OfficeWorld) -> Product:
    noted = products.Noted(
        kind=Kind.DECISION,
        description="W decyzji jest zła kwota.",
        department_id=office.departments["FN"].id,
        noticed_on=TODAY,
    )
    return products.note(office.office, noted, by=acting(office.fn_clerk), today=TODAY)


def _dealt(office: OfficeWorld) -> Product:
    product = _issued(office)
    dealt = products.Dealt(kind=Kind.DECISION, remedy=Remedy.RECTIFIED, done="Wydano postanowienie.", dealt_on=TODAY)
    products.deal(product, dealt, by=acting(office.fn_clerk), reach=Reach(everything=True), today=TODAY)
    return product
