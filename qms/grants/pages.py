"""What pages behind a link in a letter share: who holds it, what it opens, and how each page is served.

No session is begun or read here, nothing changes by opening, and the address is written to no log.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from werkzeug.wrappers import Response

from qms.auth import service as auth
from qms.core import clock, i18n, trail, visitors
from qms.core.db import EVERY_OFFICE, db, scoped, set_scope
from qms.core.forms import Form
from qms.core.saving import SentTwice
from qms.domain.grants import Purpose, Standing, standing
from qms.findings.notices import path_of
from qms.findings.pages import gettext, refusal_of
from qms.grants import links, queries
from qms.grants.models import Grant
from qms.grants.queries import Asked

bp = Blueprint("grants", __name__)

_HEADERS: Final = {"Cache-Control": "no-store, private", "X-Robots-Tag": "noindex, nofollow"}
_LANGUAGE: Final = "jezyk"
_LONGEST: Final = 200


@dataclass(frozen=True)
class Opened:
    """A link whose seal is right, with what it opens today."""

    grant: Grant
    asked: Asked
    token: str
    standing: Standing

    @property
    def address(self) -> str:
        """The link itself, in the language that was chosen."""
        values = {"token": self.token, _LANGUAGE: request.args.get(_LANGUAGE)}
        return url_for(f"grants.{self.asked.purpose}", _external=False, **values)

    @property
    def ordinary_address(self) -> str:
        """The page behind the door on which the same is done."""
        finding, action = self.asked.finding, self.asked.action
        if action is None:
            return path_of(finding) + "/odpowiedz"
        return f"/u/{finding.office.slug}/dzialania/{action.key}/wykonane"


def enter(purpose: Purpose, token: str, *, pages: Callable[[Opened], ResponseReturnValue]) -> Response:
    """Serve what the link opens: `pages`, or the one page of all links that open nothing."""
    hide_address()
    opened = _opened(purpose, token)
    if opened is None or opened.standing is Standing.ENDED:
        return served(lambda: ended(f"{links.PATHS[purpose]}/{token}"), language=None)

    def page() -> ResponseReturnValue:
        try:
            return pages(opened)
        except SentTwice:
            return redirect(opened.address)

    return served(page, language=opened.asked.person.language)


def hide_address() -> None:
    """Before anything can fail: a failure is logged with its path, which may be a secret, and shown on a page."""
    request.path, g.is_behind_link = "/konto", True


def is_too_often(form: Form, *door: str) -> bool:
    """Whether too much was sent, by this machine or through a door of its own; then the form says so."""
    refusal = refusal_of(lambda: auth.limit(*(door or ("letter-machine", visitors.machine()))))
    db.session.commit()
    if refusal:
        form.refuse(refusal)
    return refusal is not None


def _opened(purpose: Purpose, text: str) -> Opened | None:
    with scoped(EVERY_OFFICE):
        found = holder(purpose, text)
    if found is None:
        return None
    grant, letter_id = found
    set_scope(frozenset({grant.office_id}))
    trail.act_as(grant.person_id, via=f"{trail.BY_LETTER}{letter_id}")
    asked, today = queries.asked_of(grant), clock.today()
    facts = queries.facts(asked, email=grant.email, expires_on=grant.expires_on, today=today)
    return Opened(grant, asked, text, standing(facts, today))


def holder(purpose: Purpose, text: str) -> tuple[Grant, int] | None:
    """The grant of a link and the number of its letter."""
    token = links.read(purpose, text, current_app.config["SECRET_KEY"])
    grant = queries.by_key(token.key) if token else None
    return (grant, token.letter_id) if grant and token else None


def served(page: Callable[[], ResponseReturnValue], *, language: str | None) -> Response:
    """The page in the reader's language, or in the one they chose on it, kept by nobody on the way."""
    chosen = request.args.get(_LANGUAGE, language)
    with force_locale(chosen if chosen in i18n.LANGUAGES else i18n.language()):
        response = make_response(page())
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response


def shown(template: str, **told: Any) -> str:
    """A page without menus; its language is changed by a link, since no session keeps it."""
    other = "pl" if i18n.language() == "en" else "en"
    return render_template(template, language_switch={"url": f"?{_LANGUAGE}={other}", "is_link": True}, **told)


def ended(link: str, typed: Iterable[tuple[str, str]] = ()) -> ResponseReturnValue:
    """The same for every link that opens nothing, whether it ever existed or not."""
    return shown("grants/ended.html", link=link[:_LONGEST], typed=list(typed)), HTTPStatus.GONE


def sign_in(opened: Opened) -> ResponseReturnValue:
    """The office, or the case, wants who answers to sign in."""
    return shown("grants/sign_in.html", office=opened.asked.finding.office, address=opened.ordinary_address)


__all__ = [
    "Opened",
    "bp",
    "ended",
    "enter",
    "gettext",
    "hide_address",
    "holder",
    "is_too_often",
    "served",
    "shown",
    "sign_in",
]
