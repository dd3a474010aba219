"""Giving letters up from the letter itself by one press, not signed in (RFC 8058). Opening the page changes nothing."""

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from qms.auth import giving_up
from qms.core import trail
from qms.core.access import public
from qms.core.db import db
from qms.reminders.pages import bp

# What a mail program sends, and the button of the page as well. It can carry no token of ours, nor a cookie.
_ASKED, _ONE_CLICK = "List-Unsubscribe", "One-Click"


@bp.route("/o/listy/<what>/<token>", methods=["GET", "POST"])
@public("the address is the key: a mail program cannot sign in")
def give_up(what: str, token: str) -> ResponseReturnValue:
    """Say what would be given up or already is, or give it up."""
    request.path = "/konto"  # what fails is logged with its path, and this one is a secret
    person = giving_up.person_of(what, token, current_app.config["SECRET_KEY"])
    if person is None:
        abort(404)
    is_done = request.form.get(_ASKED) == _ONE_CLICK
    language = person.language
    if is_done:
        trail.act_as(person.id, via="letter")
        giving_up.GIVE_UP[what](person)
        db.session.commit()
    with force_locale(language):
        return render_template(
            "reminders/give_up.html",
            is_about_status=what == giving_up.STATUS,
            is_done=is_done,
            is_given_up=giving_up.IS_GIVEN_UP[what](person),
            is_empty=request.method == "POST" and not is_done,
        )
