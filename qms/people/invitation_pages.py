"""Pages of invitations: adding somebody by e-mail, what waits for an answer, and the page behind the letter's link."""

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from qms.core import clock, trail
from qms.core.access import actor, guard, public
from qms.core.db import set_scope
from qms.core.forms import Form
from qms.core.saving import StaleForm, lead_to, saving
from qms.domain.invitations import Standing, standing
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.people import invitations, links, queries, service
from qms.people.forms import NewPersonForm
from qms.people.models import Invitation
from qms.people.process_pages import bp
from qms.people.routes import PROXIES
from qms.people.words import POST_HINTS
from qms.policy import Can

__all__ = ["bp"]


@bp.route("/u/<slug>/osoby/nowa", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE)
def new(office: Office) -> ResponseReturnValue:
    """Invite somebody to the office; the answer is the same whatever is known of the address."""
    given = [post for post in service.posts_given_by(actor(), office) if post not in PROXIES]
    form = NewPersonForm(offices.departments(office.id, clock.today()), given)
    if form.validate_on_submit():
        with saving(form):
            invitations.invite(office, form.newcomer, by=actor(), today=clock.today())
            said = gettext("Invitation sent. The person is on the list as invited until they accept it.")
            return _to_the_office(said)
    hints = {post.value: gettext(POST_HINTS[post]) for post in given}
    return render_template("people/new.html", form=form, post_hints=hints)


@bp.route("/u/<slug>/zaproszenia/<key>", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE, load=invitations.by_key)
def invitation(asked: Invitation) -> ResponseReturnValue:
    """What was typed about somebody who has not answered yet; the letter can be sent again."""
    form = form_of(asked)
    if form.validate_on_submit():
        with saving(form, asked):
            invitations.send_again(asked, by=actor(), today=clock.today())
            return _to_the_office(gettext("The invitation is sent again."))
    is_open = standing(asked, clock.today()) is Standing.OPEN
    return render_template("people/invitation.html", form=form, asked=asked, is_open=is_open)


@bp.post("/u/<slug>/zaproszenia/<key>/wycofaj")
@guard(Can.MANAGE_PEOPLE, load=invitations.by_key)
def withdraw_invitation(asked: Invitation) -> ResponseReturnValue:
    """Let the link in the letter open nothing any more."""
    form = form_of(asked)
    if form.validate_on_submit():
        with saving(form, asked):
            invitations.withdraw(asked, today=clock.today())
            return _to_the_office(gettext("The invitation is withdrawn."))
    return _to_the_office()


@bp.route("/o/zaproszenie/<token>", methods=["GET", "POST"])
@public("the address is the key: whoever is invited may have no account yet")
def accept_invitation(token: str) -> ResponseReturnValue:
    """What somebody is invited to, and the button that accepts it. Opening the page changes nothing."""
    request.path = "/konto"  # what fails is logged with its path, and this one is a secret
    asked = links.by_token(token, Invitation, what=links.JOIN, secret=current_app.config["SECRET_KEY"])
    if asked is None:
        abort(404)
    set_scope(frozenset({asked.office_id}))
    form, today = form_of(asked), clock.today()
    if form.validate_on_submit():
        try:
            with saving(form, asked):
                trail.act_as(None, via="letter")
                person = invitations.account_of(asked, today)
                trail.act_as(person.id, via="letter")
                invitations.accept(asked, person, today)
                flash(gettext("You are in. Sign in with the address to which the invitation came."), "success")
                return lead_to(url_for("auth.sign_in"))
        except StaleForm:
            return look_again("people.accept_invitation", token)
    known = queries.by_email(asked.email)
    shown = {"asked": asked, "standing": standing(asked, today), "shown_as": known.name if known else asked.name}
    return render_template("people/accept_invitation.html", form=form, **shown)


def look_again(endpoint: str, token: str) -> Response:
    """What was asked changed since the page was opened; the page of two texts would know no way back to this one."""
    flash(gettext("Somebody changed this while you were writing"), "info")
    return redirect(url_for(endpoint, token=token))


def form_of(asked: Invitation) -> Form:
    """A form without fields, for this version of what was asked."""
    form = Form()
    if request.method == "GET":
        form.version.data = str(asked.version)
    return form


def _to_the_office(said: str | None = None) -> Response:
    if said is not None:
        flash(said, "success")
    return lead_to(url_for("offices.index", slug=g.office.slug))
