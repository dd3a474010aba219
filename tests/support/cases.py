"""Findings brought to a wanted stage by the product's own verbs, as the people would."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO

from qms.audits import service as audits
from qms.audits.models import Audit
from qms.audits.planning import Plan
from qms.core import clock
from qms.core.db import db, scoped
from qms.domain.report import Parts
from qms.findings import service
from qms.findings.models import Action, Finding
from qms.findings.service import Answer, Planned, Upload, Written
from qms.offices import queries as offices
from qms.people import queries as people
from qms.people.models import Person
from qms.policy import Actor
from qms.reports import service as reports
from qms.standards import queries as standards
from tests.support.world import TODAY, OfficeWorld

EDITION = "9001:2015"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@contextmanager
def on(day: date) -> Iterator[date]:
    """Let the code inside live on a day, at ten in the morning."""
    with clock.at(datetime.combine(day, time(10, 0), clock.WARSAW)):
        yield day


def later(days: int) -> date:
    """So many days after the day of the tests."""
    return TODAY + timedelta(days=days)


def acting(person: Person, today: date = TODAY) -> Actor:
    """The person as they stand on the day."""
    return people.actor_of(person, today)


def clause_id(number: str = "7.5.3", edition: str = EDITION) -> int:
    """A clause by its number."""
    return next(clause.id for clause in standards.clauses(edition) if clause.number == number)


def upload(name: str = "register.pdf", content: bytes = PDF) -> Upload:
    """A file as a browser gives it."""
    return Upload(name, BytesIO(content))


def plan_audit(
    where: OfficeWorld,
    *,
    kind: str = "internal",
    symbols: tuple[str, ...] = ("FN",),
    lead: str = "auditor",
    member: str | None = "second_auditor",
) -> Audit:
    """An audit of the finance department, led by the auditor of another one."""
    with scoped(frozenset({where.office.id})):
        wanted = Plan(
            kind=kind,
            body="" if kind == "internal" else "Jednostka Certyfikująca",
            edition_code=EDITION,
            department_ids=frozenset(where.departments[symbol].id for symbol in symbols),
            clause_ids=frozenset({_leaf("7.5.3"), _leaf("9.1.3")}),
            starts_on=TODAY,
            ends_on=TODAY,
            lead_id=where.people[lead].id,
            member_ids=frozenset({where.people[member].id} if member else ()),
        )
        audit = audits.plan(where.office, wanted, today=TODAY)
        db.session.commit()
    return audit


def _leaf(number: str) -> int:
    """The clause, or its first part when it has parts."""
    found = [clause for clause in standards.auditable(EDITION) if clause.number.startswith(number)]
    return found[0].id


def written(where: OfficeWorld, category: str = "nonconformity", symbol: str = "FN", **changed: object) -> Written:
    """A finding that lacks nothing."""
    facts: dict[str, object] = {
        "clause_id": _leaf("7.5.3"),
        "department_id": where.departments[symbol].id,
        "category": category,
        "requirement": "Upoważnienia są aktualne.",
        "evidence": "Rejestr upoważnień, poz. 4 i 7.",
        "statement": "Dwa upoważnienia straciły ważność.",
    }
    return Written(**(facts | changed))  # type: ignore[arg-type] # each value has the type of its field


class Case:
    """One audit with one finding in it, and the steps people take with it."""

    def __init__(
        self,
        where: OfficeWorld,
        *,
        kind: str = "internal",
        category: str = "nonconformity",
        member: str | None = "second_auditor",
    ) -> None:
        self.where = where
        self.audit = plan_audit(where, kind=kind, member=member)
        with self.scope():
            self.finding = service.record(self.audit, written(where, category), by=acting(where.auditor))
            db.session.commit()

    @contextmanager
    def scope(self) -> Iterator[None]:
        with scoped(frozenset({self.where.office.id})):
            yield

    @property
    def address(self) -> str:
        return f"/u/{self.where.office.slug}/ustalenia/{self.finding.key}"

    def publish(self) -> "Case":
        with self.scope():
            reports.publish(self.audit, Parts(), by=acting(self.where.auditor), today=TODAY)
            db.session.commit()
        return self

    def answer(self, owner: str = "fn_clerk", *, due_on: date | None = None, by: str = "fn_head") -> "Case":
        with self.scope():
            answer = an_answer(self.where.people[owner], due_on or later(30))
            service.send_answer(self.finding, answer, by=acting(self.where.people[by]), today=TODAY)
            db.session.commit()
        return self

    def accept(self, by: str = "proxy") -> "Case":
        with self.scope():
            service.accept_answer(self.finding, by=acting(self.where.people[by]), today=TODAY)
            db.session.commit()
        return self

    def do(self) -> "Case":
        with self.scope():
            for action in self.finding.current_actions:
                service.report_done(action, "Założono rejestr.", done_on=TODAY, by=acting(action.owner), today=TODAY)
            db.session.commit()
        return self

    def verify(self, by: str = "auditor") -> "Case":
        with self.scope():
            service.verify(self.finding, "Rejestr obejrzany.", by=acting(self.where.people[by]), today=TODAY)
            db.session.commit()
        return self

    def judge(self, by: str = "proxy", today: date | None = None) -> "Case":
        day = today or self.finding.due_on or TODAY
        with self.scope(), on(day):
            service.judge_effective(
                self.finding, "Żadne nie wygasło.", by=acting(self.where.people[by], day), today=day
            )
            db.session.commit()
        return self

    @property
    def action(self) -> Action:
        return self.finding.current_actions[0]

    def again(self) -> Finding:
        """The finding as it is stored now."""
        db.session.expire_all()
        return self.finding


def ask_whether_acting(where: OfficeWorld) -> None:
    """Let units say whether they act on what is published as an observation from now on."""
    kind = next(each for each in offices.finding_kinds(where.office.id) if each.meaning == "observation")
    kind.is_answered = True
    db.session.flush()


def an_answer(owner: Person, due_on: date) -> Answer:
    """An answer that lacks nothing."""
    return Answer(
        correction="Odnowiono upoważnienia.",
        cause="Nikt nie pilnuje dat ważności.",
        criterion="Po kwartale żadne upoważnienie nie jest nieważne.",
        actions=(Planned("Założyć rejestr z przypomnieniami.", owner.id, due_on),),
    )
