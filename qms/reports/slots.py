"""Where the office's own templates of its papers go."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from qms.core.db import db
from qms.domain.standing import Concern
from qms.offices.models import Office
from qms.reports.models import KINDS, PaperTemplate

_TEMPLATES: Final = (
    select(PaperTemplate)
    .where(PaperTemplate.office_id == bindparam("office_id"))
    .options(joinedload(PaperTemplate.file), joinedload(PaperTemplate.added_by))
)


@dataclass(frozen=True)
class Slot:
    """Where the office's own template of one kind of paper goes, filled or not."""

    office: Office
    kind: str
    template: PaperTemplate | None

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office.id)

    @property
    def version(self) -> str:
        """The version a form is loaded with; empty where there is no template yet."""
        return str(self.template.version) if self.template else ""


def slots(office: Office) -> list[Slot]:
    """The kinds of papers, each with the office's own template if it has one."""
    own = {each.kind: each for each in db.session.scalars(_TEMPLATES, {"office_id": office.id})}
    return [Slot(office, kind, own.get(kind)) for kind in KINDS]


def slot_of(office: Office, paper: str) -> Slot | None:
    """The place for the template of one kind of paper."""
    return next((each for each in slots(office) if each.kind == paper), None)
