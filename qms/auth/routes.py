"""Pages of signing in and out; those of a person's own account join them here."""

import json
import secrets
from typing import Final

from flask import current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from qms.auth import account_pages, service, sessions
from qms.auth.forms import AskCodeForm, CodeForm, PasswordForm
from qms.auth.pages import YEAR, bp, cookie_name, remember
from qms.core import clock, i18n, runs, trail, visitors
from qms.core.access import SAFE_METHODS, actor, actor_or_none, public
from qms.core.db import db
from qms.core.engine import set_reading
from qms.core.saving import lead_to, saving
from qms.core.web import safe_next
from qms.people import queries as people
from qms.people.models import Person

__all__ = ["account_pages", "bp"]

_BROWSER: Final = "przegladarka"


@bp.before_app_request
def recognise() -> None:
    """Find out who asks, by the session's cookie; notes a sign of life now and then."""
    for leftover in ("actor", "is_demo"):  # several requests may share one context, as in a test or a shell
        g.pop(leftover, None)
    token = request.cookies.get(cookie_name())
    if not token or request.endpoint == "static":
        return
    person = sessions.person_of(token)
    if person is None:
        return
    if sessions.is_seen_long_ago(person.seen_at):
        _note_sign_of_life(person.session_id)
    g.actor, g.is_demo = people.actor_of(person, clock.today()), person.is_demo
    request.chosen_language = person.language  # type: ignore[attr-defined] # read by the locale selector
    trail.act_as(person.id, via="page")


def _note_sign_of_life(session_id: int) -> None:
    """In a short transaction of its own: a page that only reads must not hold the writers up."""
    db.session.rollback()
    set_reading(only=False)
    sessions.note_sign_of_life(session_id)
    db.session.commit()
    set_reading(only=request.method in SAFE_METHODS)


def _browser() -> str:
    return request.cookies.get(_BROWSER) or secrets.token_urlsafe(16)


@bp.route("/logowanie", methods=["GET", "POST"])
@public("the door itself")
def sign_in() -> ResponseReturnValue:
    """Ask for a code."""
    form = AskCodeForm(dalej=request.args.get("dalej"))
    if form.validate_on_submit():
        browser = _browser()
        with saving(form):
            service.ask_for_code(form.email.data, browser=browser, machine=visitors.machine())
            session["email"] = form.email.data
            session["dalej"] = safe_next(form.dalej.data)
            return remember(lead_to(url_for("auth.enter_code")), _BROWSER, browser, lasts=YEAR)
    return render_template("auth/sign_in.html", form=form, demo_people=_sample_people())


def _sample_people() -> list[tuple[str, str]]:
    """Who may be tried in a demonstration, each with their post; nobody once letters leave this computer."""
    told = runs.note("demo people") if visitors.reads_the_mailbox() else None
    return [(post, email) for post, email in json.loads(told)] if told else []


@bp.route("/logowanie/kod", methods=["GET", "POST"])
@public("the door itself")
def enter_code() -> ResponseReturnValue:
    """Take the code and open a session."""
    email = session.get("email")
    if not email:
        return redirect(url_for("auth.sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        with saving(form):
            person = service.sign_in_with_code(
                email, form.code.data or "", browser=_browser(), machine=visitors.machine()
            )
            if person is not None:
                return _welcome(person)
        if not form.errors:
            form.try_again(service.wrong_code())
    return render_template(
        "auth/code.html",
        form=form,
        email=email,
        goes_on=session.get("dalej"),
        mailbox=visitors.reads_the_mailbox(),
    )


@bp.route("/logowanie/haslo", methods=["GET", "POST"])
@public("the door itself")
def sign_in_with_password() -> ResponseReturnValue:
    """Take address and password and open a session."""
    form = PasswordForm(dalej=request.args.get("dalej"))
    if form.validate_on_submit():
        tried = None
        with saving(form):
            tried = service.knock(form.email.data, machine=visitors.machine())
        if tried is not None:
            person_id = tried.person_id if service.opens(tried, form.password.data or "") else None
            if person_id is not None:
                return _welcome_with_password(person_id, safe_next(form.dalej.data))
            form.try_again(service.wrong_password())
    return render_template("auth/password.html", form=form)


def _welcome_with_password(person_id: int, goes_on: str | None) -> Response:
    session["dalej"] = goes_on
    response = _welcome(db.session.get_one(Person, person_id))
    db.session.commit()
    return response


def _welcome(person: Person) -> Response:
    """A new session under a new name, whatever the browser held before."""
    goes_on = session.get("dalej") or url_for("agenda.tasks")
    session.clear()
    sessions.end(request.cookies.get(cookie_name(), ""))
    token = sessions.start(person)
    response = lead_to(goes_on)
    remember(response, i18n.COOKIE, person.language, lasts=YEAR)
    return remember(response, cookie_name(), token)


@bp.post("/wyloguj")
@public("ends what there may be; changes nothing else")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    sessions.end(request.cookies.get(cookie_name(), ""))
    db.session.commit()
    session.clear()
    response = redirect(url_for("auth.sign_in"))
    response.delete_cookie(cookie_name(), path="/", secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.post("/jezyk")
@public("a choice of language shows nothing")
def choose_language() -> ResponseReturnValue:
    """Change the language of the pages; for somebody signed in, of the letters too."""
    code = request.form.get("language", "")
    response = redirect(safe_next(request.form.get("next")) or url_for("help.index"))
    if code not in i18n.LANGUAGES:
        return response
    if actor_or_none() is not None:
        person = db.session.get_one(Person, actor().person_id, with_for_update=True)
        person.language = code
        db.session.commit()
    return remember(response, i18n.COOKIE, code, lasts=YEAR)
