"""The page of letters: what the office's people were told, and whether the post runs. Its other pages join it here."""

import secrets

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from qms.agenda.words import VERBS
from qms.core import clock
from qms.core.access import actor, guard
from qms.core.forms import Form
from qms.core.paging import turns
from qms.core.saving import lead_to, saving
from qms.offices.models import Office
from qms.policy import Can
from qms.reminders import (
    about,
    about_pages,
    ahead_pages,
    failures,
    giving_up_pages,
    health,
    notices,
    queries,
    safety,
    words,
)
from qms.reminders.pages import bp

__all__ = ["about_pages", "ahead_pages", "bp", "giving_up_pages"]


@bp.get("/u/<slug>/listy")
@guard(Can.SEE_LETTERS)
def index(office: Office) -> ResponseReturnValue:
    """The letters about this office, and what keeps new ones from leaving."""
    page = queries.history(office.id, number=request.args.get("strona", 1, type=int))
    return render_template(
        "reminders/index.html",
        letters=page.rows,
        place_of=about.place_of,
        verbs=VERBS,
        where=turns(page, lambda number: url_for("reminders.index", slug=office.slug, strona=number)),
        pulse=queries.pulse(clock.now()),
        troubles=[safety.TROUBLES[name] for name in safety.troubles()],
        stuck=health.stuck(office.id),
        undelivered=health.undelivered(office.id),
        explain=failures.explain,
        counts=health.counts(office.id),
        instance=health.counts(None) if actor().is_admin else None,
        beats=health.beats(clock.now()),
        jobs=health.NAMES,
        words=words,
        form=Form(),
    )


@bp.post("/u/<slug>/listy/probny")
@guard(Can.SEE_LETTERS)
def send_test(office: Office) -> ResponseReturnValue:
    """Send a letter to oneself, to see whether letters arrive."""
    form = Form()
    if form.validate_on_submit():
        with saving(form):
            who = actor()
            notices.test(who.person_id, office.id, name=who.name, dedupe=secrets.token_hex(8))
            flash(gettext("A test letter leaves for your address in a few seconds. Look into your mailbox."), "success")
            return lead_to(url_for("reminders.index", slug=office.slug))
    return lead_to(url_for("reminders.index", slug=office.slug))
