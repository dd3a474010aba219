"""The steps by which an office approves its papers, and what every step of one paper keeps."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, UTCDateTime, one_of
from qms.core.trail import Trailed
from qms.domain.approval import APPROVING
from qms.people.models import Person


class ApprovalStep(OfficeOwned, Trailed, Model):
    """A step of the office's chain of approval; an office that set none has one, the head's."""

    __tablename__ = "approval_step"
    __table_args__ = (one_of("post", APPROVING),)

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    verb: Mapped[str] = mapped_column(String(60), default="")
    post: Mapped[str] = mapped_column(String(20))


class StepOfPaper:
    """What a step of the approval of one paper keeps: the chain as it was when the paper was sent, and who took it."""

    place: Mapped[int] = mapped_column(primary_key=True)
    verb: Mapped[str] = mapped_column(String(60), default="")
    post: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    order_number: Mapped[str] = mapped_column(String(100), default="")

    @declared_attr
    def person(cls) -> Mapped[Person | None]:  # noqa: N805 - as the library has it
        return relationship()
