"""Audits with questions, and answers as they come."""

from collections.abc import Sequence
from io import BytesIO
from uuid import uuid4

from PIL import Image
from sqlalchemy import select

from qms.audits.models import Audit
from qms.checklists import running, service
from qms.checklists.models import AnswerEvent, AuditQuestion, QuestionList
from qms.checklists.running import Given, GivenFile, Taken
from qms.checklists.service import Chosen, Content, Row
from qms.core.db import db, scoped
from qms.findings import queries as findings
from qms.findings.models import Finding
from tests.support.cases import EDITION, acting
from tests.support.world import TODAY, OfficeWorld

CLAUSES = Chosen(with_clauses=True, with_earlier=False)


def content(*rows: Row, name: str = "Decyzje", process_ids: frozenset[int] = frozenset()) -> Content:
    listed: Sequence[Row] = rows or [Row(number="9.1.3", text="Czy decyzje wychodzą w terminie?")]
    return Content(name, listed, process_ids)


def make_list(where: OfficeWorld, *rows: Row, process_ids: frozenset[int] = frozenset()) -> QuestionList:
    written = content(*rows, process_ids=process_ids)
    made = service.create_list(where.office, EDITION, written, by=where.proxy.id, today=TODAY)
    db.session.commit()
    return made


def given(question: AuditQuestion, result: str = "conformity", note: str = "", **changed: object) -> Given:
    facts: dict[str, object] = {"event_key": str(uuid4()), "question_key": question.key, "device_at": None}
    return Given(result=result, note=note, **(facts | changed))  # type: ignore[arg-type] # each value has its field's type


def given_file(question: AuditQuestion, name: str, stream: BytesIO) -> GivenFile:
    return GivenFile(event_key=str(uuid4()), question_key=question.key, name=name, stream=stream)


def answer(audit: Audit, each: Given, who: str = "auditor", *, where: OfficeWorld) -> Taken:
    """Somebody's answer, kept."""
    with scoped(frozenset({audit.office_id})):
        taken = running.take(audit, each, by=acting(where.people[who]), today=TODAY)
        db.session.commit()
    return taken


def drafts(audit: Audit) -> list[Finding]:
    with scoped(frozenset({audit.office_id})):
        return findings.drafts_of(audit)


def events(audit: Audit) -> list[AnswerEvent]:
    with scoped(frozenset({audit.office_id})):
        return list(db.session.scalars(select(AnswerEvent).order_by(AnswerEvent.id)))


def photo(side: int = 3000) -> BytesIO:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (50.0, 0.0, 0.0)}  # where it was taken
    out = BytesIO()
    Image.new("RGB", (side, side // 2), "white").save(out, format="JPEG", exif=exif)
    out.seek(0)
    return out
