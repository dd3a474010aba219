"""What a link that has ended still offers, and where the rest of one leads that a mail program cut."""

from flask import request
from flask.typing import ResponseReturnValue

from qms.auth import service as auth
from qms.core import clock, visitors
from qms.core.access import public
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain.errors import NotAllowedNow
from qms.domain.grants import Standing, last_day_of_a_new_one, standing
from qms.grants import links, notices, queries
from qms.grants.forms import is_from_here
from qms.grants.models import Grant
from qms.grants.pages import bp, ended, hide_address, holder, served, shown

_PURPOSES = {path: purpose for purpose, path in links.PATHS.items()}


@bp.post("/o/nowy-link")
@public("whoever holds an old link may ask for a new one, which goes to the mailbox of the old one")
def new_link() -> ResponseReturnValue:
    """Send a new link; the answer is the same whether there was an old one or not."""
    hide_address()
    if is_from_here():
        try:
            with scoped(EVERY_OFFICE):
                _send_again(request.form.get("link", ""))
            db.session.commit()
        except NotAllowedNow:
            db.session.rollback()
    return served(lambda: shown("grants/asked.html"), language=None)


def _send_again(link: str) -> None:
    """Raises `NotAllowedNow` when this was asked for too often."""
    auth.limit("new-link-machine", visitors.machine())
    path, _, text = link.partition("/")
    found = holder(_PURPOSES[path], text) if path in _PURPOSES else None
    if found is None:
        return
    grant, _letter = found
    auth.limit("new-link-address", grant.email)
    if _may_have_another(grant):
        notices.send_new_link(queries.asked_of(grant))


def _may_have_another(grant: Grant) -> bool:
    today = clock.today()
    asked, until = queries.asked_of(grant), last_day_of_a_new_one(today)
    facts = queries.facts(asked, email=grant.email, expires_on=until, today=today)
    return standing(facts, today) is Standing.OPEN


@bp.route("/o/<path:rest>", methods=["GET", "POST"])
@public("a link that was cut or lengthened on its way opens nothing")
def broken(rest: str) -> ResponseReturnValue:
    """The same page as behind every link that opens nothing."""
    hide_address()
    return served(lambda: ended(rest), language=None)
