"""The page of letters: what the office's people were told, and whether the post runs."""

import math
import secrets
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from qms.core import clock
from qms.core.forms import Form
from qms.core.web import actor, guard, lead_to, saving
from qms.offices.models import Office
from qms.policy import Can
from qms.reminders import notices, queries, safety, words

bp = Blueprint("reminders", __name__)


@bp.get("/u/<slug>/listy")
@guard(Can.SEE_LETTERS)
def index(office: Office) -> ResponseReturnValue:
    """The letters about this office, and what keeps new ones from leaving."""
    total = queries.letters(office.id)
    pages = max(1, math.ceil(total / queries.PAGE))
    number = min(max(request.args.get("strona", 1, type=int), 1), pages)
    return render_template(
        "reminders/index.html",
        letters=queries.history(office.id, page=number),
        where=_where(office, number, total),
        pulse=queries.pulse(clock.now()),
        troubles=[safety.TROUBLES[name] for name in safety.troubles()],
        stuck=queries.stuck(office.id),
        words=words,
        form=Form(),
    )


def _where(office: Office, number: int, total: int) -> dict[str, Any]:
    pages = max(1, math.ceil(total / queries.PAGE))

    def address(page: int) -> str:
        return url_for("reminders.index", slug=office.slug, strona=page)

    return {
        "number": number,
        "pages": pages,
        "first": min(total, (number - 1) * queries.PAGE + 1),
        "last": min(total, number * queries.PAGE),
        "total": total,
        "previous_url": address(number - 1) if number > 1 else None,
        "next_url": address(number + 1) if number < pages else None,
    }


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
