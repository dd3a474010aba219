"""Editions of the standard, their clauses, and the mapping between editions: data shared by all offices."""

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, SortKey, one_of
from qms.domain import editions

EDITION_STATUSES = ("historical", "current", "announced")
CLAUSE_KINDS = ("clause", "chapter", "group", "leaf", "part")


class Edition(Model):
    """An edition of ISO 9001, or of a standard whose certificates are kept beside it.

    Its days bind certificates and a body's audits to it.
    """

    __tablename__ = "edition"
    __table_args__ = (one_of("status", EDITION_STATUSES),)

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    title_en: Mapped[str] = mapped_column(String(200))
    title_pl: Mapped[str] = mapped_column(String(200))
    pn: Mapped[str] = mapped_column(String(60))
    published_on: Mapped[date | None]
    audits_until: Mapped[date | None]
    certificates_until: Mapped[date | None]
    transition_from: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(12))
    exclusion_rule: Mapped[str] = mapped_column(String(20), default="")

    @property
    def key(self) -> str:
        """The key of its address."""
        return self.code.replace(":", "")

    @property
    def is_certifiable(self) -> bool:
        """Of the standard whose system the register runs, only those in use: they say what may be left out."""
        return bool(self.exclusion_rule) or editions.standard_of(self.code) != editions.QUALITY

    @property
    def rules(self) -> editions.Edition:
        """What the rules need to know of it."""
        return editions.Edition(
            code=self.code,
            exclusion_rule=editions.ExclusionRule.read(self.exclusion_rule) if self.exclusion_rule else None,
            published_on=self.published_on,
            transition_from_on=self.transition_from,
            audits_until_on=self.audits_until,
            certificates_until_on=self.certificates_until,
        )


class Clause(Model):
    """A numbered place in an edition; only a leaf, or a part of one, is audited against."""

    __tablename__ = "clause"
    __table_args__ = (UniqueConstraint("edition_code", "number"), one_of("kind", CLAUSE_KINDS))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_code: Mapped[str] = mapped_column(ForeignKey("edition.code"))
    number: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(8))
    parent_number: Mapped[str] = mapped_column(String(12), default="")
    title_en: Mapped[str] = mapped_column(String(200), default="")
    title_pl: Mapped[str] = mapped_column(String(200), default="")
    excludable: Mapped[str] = mapped_column(String(4))
    documented_procedure: Mapped[bool]
    records: Mapped[int]
    maintain: Mapped[int]
    proxys: Mapped[bool] = mapped_column(default=False)  # met by the proxy's own work, so others audit it
    question_pl: Mapped[str] = mapped_column(Text, default="")
    question_en: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(SortKey)  # "04.02.03": orders 10 after 9

    edition: Mapped[Edition] = relationship()

    @property
    def papers(self) -> editions.Papers:
        """What it asks to be written."""
        procedures = int(self.documented_procedure)
        return editions.Papers(self.number, procedures, self.records, max(self.maintain - procedures, 0))

    def title(self, language: str) -> str:
        """The title in the reader's language; a part bears that of its clause."""
        return self.title_pl if language == "pl" else self.title_en


class ClauseMapping(Model):
    """A clause of one edition beside its counterpart in another: proposes, never migrates."""

    __tablename__ = "clause_mapping"

    from_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), primary_key=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), primary_key=True)
    note: Mapped[str] = mapped_column(String(200), default="")
