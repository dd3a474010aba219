"""When demonstration data is refused."""

from sqlalchemy import select

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain.errors import N_, NotAllowedNow
from qms.offices.models import Office


def refuse_used_database() -> None:
    """Raises `NotAllowedNow` when there are offices: invented ones never mix with real ones."""
    with scoped(EVERY_OFFICE):
        if db.session.scalar(select(Office.id).limit(1)) is not None:
            message = N_("The demonstration needs an empty database. This one has offices: set another QMS_INSTANCE.")
            raise NotAllowedNow(message)
