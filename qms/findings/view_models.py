"""Views of the registers that people keep by name. Their rules are in `qms.domain.views`."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from qms.core.db import Model, OfficeOwned, Versioned, new_key, one_of, owned
from qms.core.trail import Trailed
from qms.domain.standing import Concern
from qms.domain.views import LONGEST_NAME, Listed


class SavedView(OfficeOwned, Trailed, Versioned, Model):
    """One person's own name for filters of a register, as its address holds them."""

    __tablename__ = "saved_view"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        one_of("kind", tuple(Listed)),
        Index("ix_saved_view_person", "person_id", "office_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    kept_on: Mapped[date]

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access; whose it is, the query asks that finds it."""
        return Concern(office_id=self.office_id)
