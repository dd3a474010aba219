"""Lists of questions that an office keeps, the questions of an audit, and the answers as they came.

Questions about clauses are in the catalogue of the standard; an office adds its own lists. Building copies questions
into the audit, so that what was asked stays as it was when a list changes later.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.audits.models import Audit
from qms.core.db import Model, OfficeOwned, SortKey, UTCDateTime, Versioned, new_key, one_of, owned, within_office
from qms.core.files import StoredFile
from qms.core.trail import Trailed
from qms.domain.checklist import Event, Result, Source
from qms.domain.standing import Concern
from qms.findings.models import Finding
from qms.offices.models import Department, Office, Process
from qms.people.models import Person
from qms.standards.models import Clause


class QuestionList(OfficeOwned, Trailed, Versioned, Model):
    """A list of the office's own questions, about a process perhaps; it grows by issues, each kept whole."""

    __tablename__ = "question_list"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        Index("ix_question_list_office_name", "office_id", "retired_on", "sort_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    name: Mapped[str] = mapped_column(String(200))
    edition_code: Mapped[str] = mapped_column(ForeignKey("edition.code"))
    issue_number: Mapped[int] = mapped_column(default=0)  # of the newest issue
    question_count: Mapped[int] = mapped_column(default=0)  # in the newest issue
    sort_key: Mapped[str] = mapped_column(SortKey)
    retired_on: Mapped[date | None]

    office: Mapped[Office] = relationship()
    processes: Mapped[list["QuestionListProcess"]] = relationship(cascade="all, delete-orphan")

    __untold__ = frozenset({"sort_key"})
    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id, is_shared=self.office.shares_content)

    @property
    def process_ids(self) -> frozenset[int]:
        """The processes that its questions are about."""
        return frozenset(each.process_id for each in self.processes)


class QuestionListProcess(OfficeOwned, Trailed, Model):
    """A process that a list is about: an audit of the process is asked its questions."""

    __tablename__ = "question_list_process"
    __table_args__ = (
        within_office("list_id", "question_list"),
        within_office("process_id", "process"),
        Index("ix_question_list_process_process_id", "process_id"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    list_id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(primary_key=True)

    process: Mapped[Process] = relationship(
        primaryjoin=lambda: Process.id == QuestionListProcess.process_id, foreign_keys=[process_id], viewonly=True
    )


class ListIssue(OfficeOwned, Trailed, Model):
    """One issue of a list."""

    __tablename__ = "question_list_issue"
    __table_args__ = owned(within_office("list_id", "question_list"), UniqueConstraint("list_id", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int]
    number: Mapped[int]
    saved_on: Mapped[date]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    saved_by: Mapped[Person] = relationship()
    questions: Mapped[list["ListQuestion"]] = relationship(order_by="ListQuestion.place", cascade="all, delete-orphan")


class ListQuestion(OfficeOwned, Trailed, Model):
    """A question of one issue; `hint` says where to look."""

    __tablename__ = "question_list_question"
    __table_args__ = owned(within_office("issue_id", "question_list_issue"), UniqueConstraint("issue_id", "place"))

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int]
    place: Mapped[int]
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"))
    text: Mapped[str] = mapped_column(Text)
    hint: Mapped[str] = mapped_column(Text, default="")

    clause: Mapped[Clause] = relationship()


class AuditQuestion(OfficeOwned, Trailed, Model):
    """A question of an audit, in one unit; `text_en` is empty where the office wrote its own words."""

    __tablename__ = "audit_question"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        within_office("audit_id", "audit"),
        within_office("department_id", "department"),
        within_office("finding_id", "finding"),
        one_of("source", tuple(Source)),
        Index("ix_audit_question_audit_id", "audit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    audit_id: Mapped[int]
    department_id: Mapped[int]
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"))
    source: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text, default="")
    hint: Mapped[str] = mapped_column(Text, default="")
    earlier_number: Mapped[str] = mapped_column(String(60), default="")  # of the finding asked about
    finding_id: Mapped[int | None]  # the draft that the answer made
    is_removed: Mapped[bool] = mapped_column(default=False)  # an answer that arrives later brings it back

    clause: Mapped[Clause] = relationship()
    department: Mapped[Department] = relationship(
        primaryjoin=lambda: Department.id == AuditQuestion.department_id,
        foreign_keys=lambda: [AuditQuestion.department_id],
        viewonly=True,
    )
    finding: Mapped[Finding | None] = relationship(
        primaryjoin=lambda: Finding.id == AuditQuestion.finding_id,
        foreign_keys=lambda: [AuditQuestion.finding_id],
        viewonly=True,
    )

    @property
    def number(self) -> str:
        """The number of its clause."""
        return self.clause.number

    @property
    def identity(self) -> tuple[int, str, str]:
        """As that of `checklist.Asked`."""
        return self.department_id, self.text.casefold(), self.earlier_number


class AnswerEvent(OfficeOwned, Trailed, Model):
    """An answer as it came; never changed. Its place in the order is its id."""

    __tablename__ = "answer_event"
    __table_args__ = owned(
        UniqueConstraint("office_id", "event_key"),
        within_office("audit_id", "audit"),
        within_office("question_id", "audit_question"),
        one_of("result", tuple(Result)),
        Index("ix_answer_event_audit_id", "audit_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_key: Mapped[str] = mapped_column(String(36))  # made by the device, so that a repeat is known
    audit_id: Mapped[int]
    question_id: Mapped[int]
    result: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    device_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    is_late: Mapped[bool] = mapped_column(default=False)  # the audit was over

    @property
    def told(self) -> Event:
        """As the rules know it."""
        return Event(
            id=self.event_key,
            question_id=self.question_id,
            result=Result(self.result),
            note=self.note,
            person_id=self.person_id,
            device_at=self.device_at,
            received_at=self.received_at,
            is_late=self.is_late,
        )


class AnswerDevice(OfficeOwned, Model):
    """A device on which somebody holds an audit: when it was last heard, and how much waited on it then."""

    __tablename__ = "answer_device"
    __table_args__ = (
        UniqueConstraint("office_id", "audit_id", "person_id", "device_key"),
        within_office("audit_id", "audit"),
        Index("ix_answer_device_heard_at", "heard_at"),
        Index("ix_answer_device_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    device_key: Mapped[str] = mapped_column(String(36))  # made by the device
    heard_at: Mapped[datetime] = mapped_column(UTCDateTime)
    waiting_count: Mapped[int]  # answers and photos
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when its silence was written about


class LostDevice(OfficeOwned, Trailed, Model):
    """That a device is lost, or holds nothing, as the lead auditor said; forgotten once the device is heard again."""

    __tablename__ = "lost_device"
    __table_args__ = (within_office("audit_id", "audit"), Index("ix_lost_device_audit_id", "audit_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    device_key: Mapped[str] = mapped_column(String(36))
    note: Mapped[str] = mapped_column(Text)
    said_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AnswerFile(OfficeOwned, Trailed, Model):
    """A photo or file that came with an answer; never taken back. A finding holds a copy of its own."""

    __tablename__ = "answer_file"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        UniqueConstraint("office_id", "event_key"),
        within_office("audit_id", "audit"),
        within_office("question_id", "audit_question"),
        within_office("file_id", "stored_file"),
        Index("ix_answer_file_audit_id", "audit_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    event_key: Mapped[str] = mapped_column(String(36))
    audit_id: Mapped[int]
    question_id: Mapped[int]
    file_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    device_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    is_late: Mapped[bool] = mapped_column(default=False)

    file: Mapped[StoredFile] = relationship()
    audit: Mapped[Audit] = relationship(
        primaryjoin=lambda: Audit.id == AnswerFile.audit_id,
        foreign_keys=lambda: [AnswerFile.audit_id],
        viewonly=True,
    )

    @property
    def concern(self) -> Concern:
        """What of it matters to access: that of its audit."""
        return self.audit.concern
