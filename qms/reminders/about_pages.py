"""The page of one matter: what was sent about it, to whom, and what became of it."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from qms.agenda.words import VERBS
from qms.core.access import guard
from qms.core.paging import PER_PAGE, start
from qms.policy import Can
from qms.reminders import about, telling, words
from qms.reminders.about import Matter
from qms.reminders.pages import bp, where


@bp.get("/u/<slug>/listy/o/<kind>/<key>")
@guard(Can.SEE_LETTERS, load=about.matter)
def history(matter: Matter) -> ResponseReturnValue:
    """Every reminder of one matter, the newest first."""

    def address(page: int) -> str:
        return url_for("reminders.history", slug=matter.office.slug, **matter.place._asdict(), strona=page)

    shown = where(about.count(matter), address)
    return render_template(
        "reminders/history.html",
        matter=matter,
        lines=about.lines(matter, first=start(shown["number"]), most=PER_PAGE),
        where=shown,
        verbs=VERBS,
        telling=telling,
        words=words,
    )
