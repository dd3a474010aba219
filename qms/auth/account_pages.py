"""A person's own account: language, letters, calendar and password."""

from datetime import time
from typing import Final

from flask import current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from qms.auth import calendar_address, service, sessions
from qms.auth.forms import NewPasswordForm, SettingsForm
from qms.auth.pages import YEAR, bp, cookie_name, remember
from qms.core import clock, i18n
from qms.core.access import actor, guard
from qms.core.db import db, scoped
from qms.core.forms import Form
from qms.core.saving import lead_to, saving
from qms.domain.standing import Who
from qms.offices import queries as offices
from qms.people import absences
from qms.people.models import Person
from qms.policy import Actor, Can, offices_of


@bp.route("/konto", methods=["GET", "POST"])
@guard(Can.CHANGE_OWN_SETTINGS)
def account() -> ResponseReturnValue:
    """A person's own settings."""
    person = db.session.get_one(Person, actor().person_id)
    form = SettingsForm(data=_settings(person))
    if not _may_get_status(actor()):
        del form.wants_status
    if form.validate_on_submit():
        with saving(form):
            _choose(person, form)
            with force_locale(person.language):
                flash(gettext("Settings saved."), "success")
            return remember(lead_to(url_for("auth.account")), i18n.COOKIE, person.language, lasts=YEAR)
    works_in = offices_of(actor())
    with scoped(frozenset(works_in)):
        away = absences.own(person.id, clock.today())
    return render_template(
        "auth/account.html",
        form=form,
        account=person,
        works_in=[(office, away[office.id]) for office in offices.by_ids(works_in)],
        today=clock.today(),
        calendar_url=_calendar_url(person),
    )


_GET_STATUS: Final = frozenset({Who.HEAD_OF_OFFICE, Who.SECRETARY})
_MAY_ASK_FOR_STATUS: Final = frozenset({Who.PROXY, Who.DEPUTY})


def _may_get_status(who: Actor) -> bool:
    return who.is_coordinator or any(held & (_GET_STATUS | _MAY_ASK_FOR_STATUS) for held in who.posts.values())


def _settings(person: Person) -> dict[str, str]:
    return {
        "language": person.language,
        "letters_at": person.letters_at.isoformat("minutes"),
        "wants_digest": "nie" if not person.wants_digest else "tydzien" if person.wants_weekly else "tak",
        "wants_status": _has_status(person),
    }


def _has_status(person: Person) -> str:
    """As chosen, else as the posts have it."""
    is_given = person.is_coordinator or any(held & _GET_STATUS for held in actor().posts.values())
    return "tak" if (is_given if person.wants_status is None else person.wants_status) else "nie"


def _choose(person: Person, form: SettingsForm) -> None:
    person.language = form.language.data
    person.letters_at = time.fromisoformat(form.letters_at.data)
    person.wants_digest, person.wants_weekly = form.wants_digest.data != "nie", form.wants_digest.data == "tydzien"
    if form.wants_status is not None and form.wants_status.data != _has_status(person):  # else the post goes on to say
        person.wants_status = form.wants_status.data == "tak"


def _calendar_url(person: Person) -> str | None:
    token = calendar_address.token_of(person, current_app.config["SECRET_KEY"])
    return f"{current_app.config['BASE_URL']}{url_for('agenda.calendar', token=token)}" if token else None


@bp.route("/konto/kalendarz", methods=["GET", "POST"])
@guard(Can.CHANGE_OWN_SETTINGS)
def new_calendar() -> ResponseReturnValue:
    """Give one's calendar its first address, or another one."""
    person = db.session.get_one(Person, actor().person_id)
    form = Form(obj=person)
    if form.validate_on_submit():
        with saving(form, person):
            calendar_address.renew(person)
            flash(gettext("Your calendar has a new address. Copy it into your calendar program."), "success")
            return lead_to(url_for("auth.account", _anchor="kalendarz"))
    return render_template("auth/new_calendar.html", form=form, is_first=not person.calendar_serial)


@bp.route("/konto/haslo", methods=["GET", "POST"])
@guard(Can.CHANGE_OWN_SETTINGS)
def new_password() -> ResponseReturnValue:
    """Set a password and end the person's other sessions."""
    form = NewPasswordForm()
    if form.validate_on_submit():
        token = request.cookies.get(cookie_name(), "")
        person = db.session.get_one(Person, actor().person_id)
        with saving(form):
            sessions.refuse_unless_fresh(token)
            service.set_password(person, form.password.data or "")
            sessions.end_others(person.id, token)
            flash(gettext("Password set. You can use it or a code."), "success")
            return lead_to(url_for("auth.account"))
    return render_template("auth/new_password.html", form=form)
