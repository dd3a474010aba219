"""Pages on which another mailbox of a person is asked for, withdrawn, confirmed from the new one or stopped."""

from flask import abort, current_app, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from werkzeug.wrappers import Response

from qms.core import clock, trail
from qms.core.access import actor, guard, public
from qms.core.db import set_scope
from qms.core.forms import Form
from qms.core.saving import StaleForm, lead_to, saving
from qms.domain.invitations import Standing, standing
from qms.people import addresses, links
from qms.people.colleagues import Colleague
from qms.people.forms import AddressForm
from qms.people.invitation_pages import bp, look_again
from qms.people.models import AddressChange
from qms.people.routes import find_colleague
from qms.policy import Can

__all__ = ["bp"]


@bp.route("/u/<slug>/osoby/<key>/adres", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE, load=find_colleague)
def change_address(colleague: Colleague) -> ResponseReturnValue:
    """Ask for another mailbox of a person."""
    form, person = AddressForm(), colleague.person
    if request.method == "GET":
        form.version.data = person.version
    if form.validate_on_submit():
        with saving(form, person):
            addresses.ask(person, colleague.office, email=form.email.data, by=actor(), today=clock.today())
            flash(gettext("Asked for. The address changes once it is confirmed from the new mailbox."), "success")
            return _to_the_person(colleague.key)
    return render_template("people/address.html", form=form, colleague=colleague)


@bp.post("/u/<slug>/adresy/<key>/wycofaj")
@guard(Can.MANAGE_PEOPLE, load=addresses.by_key)
def withdraw_address(change: AddressChange) -> ResponseReturnValue:
    """Let the address be what it is."""
    form = Form()
    if form.validate_on_submit():
        with saving(form, change):
            addresses.withdraw(change, today=clock.today())
            flash(gettext("The change is withdrawn. The address stays as it is."), "success")
            return _to_the_person(change.person.key)
    return _to_the_person(change.person.key)


def _to_the_person(key: str) -> Response:
    return lead_to(url_for("people.change", slug=g.office.slug, key=key))


@bp.route("/o/adres/<token>", methods=["GET", "POST"])
@public("the address is the key: the new mailbox opens no account yet")
def confirm_address(token: str) -> ResponseReturnValue:
    """From the new mailbox: codes and letters shall come here. Opening the page changes nothing."""
    return _answer(links.CONFIRM, token)


@bp.route("/o/zatrzymaj/<token>", methods=["GET", "POST"])
@public("the address is the key: a letter about the own account has to be answered at once")
def stop_address(token: str) -> ResponseReturnValue:
    """From the old mailbox: the change is not wanted. Opening the page changes nothing."""
    return _answer(links.STOP, token)


def _answer(what: str, token: str) -> ResponseReturnValue:
    request.path = "/konto"  # what fails is logged with its path, and this one is a secret
    change = links.by_token(token, AddressChange, what=what, secret=current_app.config["SECRET_KEY"])
    if change is None:
        abort(404)
    set_scope(frozenset({change.office_id}))
    form, today, is_confirming = Form(), clock.today(), what == links.CONFIRM
    if request.method == "GET":
        form.version.data = str(change.version)
    if form.validate_on_submit():
        try:
            with saving(form, change):
                trail.act_as(change.person_id, via="letter")
                (addresses.confirm if is_confirming else addresses.stop)(change, today=today)
                flash(_done(is_confirming=is_confirming), "success")
                return lead_to(url_for("auth.sign_in"))
        except StaleForm:
            return look_again("people.confirm_address" if is_confirming else "people.stop_address", token)
    opens_on = change.opens_on if is_confirming else None
    is_open = standing(change, today, opens_on=opens_on) is Standing.OPEN
    with force_locale(change.person.language):
        return render_template(
            "people/answer_address.html", form=form, change=change, is_confirming=is_confirming, is_open=is_open
        )


def _done(*, is_confirming: bool) -> str:
    if is_confirming:
        return str(gettext("The address is changed. Sign in with it."))
    return str(gettext("The change is stopped and your address stays. Tell the head of your office today."))
