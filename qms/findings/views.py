"""A person's own views of the registers of an office; the caller commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import bindparam, select

from qms.core.db import db
from qms.domain.views import Listed, check_keeping
from qms.findings.view_models import SavedView
from qms.offices.models import Office

_OF_PERSON: Final = (
    select(SavedView)
    .where(SavedView.person_id == bindparam("person_id"), SavedView.office_id == bindparam("office_id"))
    .order_by(SavedView.id)
)


def of_person(office_id: int, person_id: int) -> list[SavedView]:
    """The views a person keeps of an office, of both lists, the oldest first."""
    return list(db.session.scalars(_OF_PERSON, {"person_id": person_id, "office_id": office_id}))


def by_key(office: Office, key: str, person_id: int) -> SavedView | None:
    """A view of this person; nobody else's is found."""
    return next((view for view in of_person(office.id, person_id) if view.key == key), None)


@dataclass(frozen=True)
class Narrowed:
    """A list, and the filters it is narrowed by as its address holds them."""

    listed: Listed
    filters: Mapping[str, str]


def keep(office: Office, name: str, what: Narrowed, *, person_id: int, today: date) -> SavedView:
    """Keep these filters of a list under a name. Raises `InvalidInput`."""
    known = [view.name for view in of_person(office.id, person_id)]
    check_keeping(name, filters=what.filters, known=known)
    told = {"kind": what.listed, "name": name, "filters": dict(what.filters), "kept_on": today}
    view = SavedView(office_id=office.id, person_id=person_id, **told)
    db.session.add(view)
    return view


def remove(view: SavedView) -> None:
    """Keep it no longer; the list itself stays as it is."""
    db.session.delete(view)
