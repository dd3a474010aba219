"""The way in, the help page and the accessibility statement."""

from datetime import date
from typing import Final

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import actor_or_none, public
from qms.core.db import scoped
from qms.domain.standing import Who
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.people import queries as people
from qms.people.models import Person
from qms.policy import offices_of

bp = Blueprint("help", __name__)

# Of the website as it is shipped; an office that changes its pages changes these.
_PUBLISHED_ON: Final = date(2026, 11, 22)
_CHANGED_ON: Final = date(2026, 11, 22)


@bp.get("/")
@public("leads on, shows nothing")
def index() -> ResponseReturnValue:
    """To the tasks, or to the door."""
    return redirect(url_for("auth.sign_in" if actor_or_none() is None else "agenda.tasks"))


@bp.get("/pomoc")
@public("help is for everybody")
def guide() -> ResponseReturnValue:
    """How to do each job."""
    return render_template("help/guide.html")


@bp.get("/deklaracja-dostepnosci")
@public("required by law to be open")
def accessibility() -> ResponseReturnValue:
    """The accessibility statement: of the reader's own office, once they are signed in."""
    office = _own_office()
    return render_template(
        "help/accessibility.html",
        entity=office.name if office else None,
        contact=_proxy_of(office) if office else None,
        site=current_app.config["BASE_URL"],
        published_on=_PUBLISHED_ON,
        changed_on=_CHANGED_ON,
        prepared_on=_CHANGED_ON,
    )


def _own_office() -> Office | None:
    reader = actor_or_none()
    own = sorted(offices_of(reader)) if reader else []
    return next(iter(offices.by_ids(own)), None)


def _proxy_of(office: Office) -> Person | None:
    with scoped(frozenset({office.id})):
        held = people.holders(office.id, clock.today())[Who.PROXY]
    return next(iter(people.active_people(held).values()), None)
