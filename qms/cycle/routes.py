"""The page of an office's certificate: words first, then the cycle as a picture and a table, then the history."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import guard
from qms.cycle import queries, telling
from qms.cycle.milestones import milestones
from qms.offices.models import Office
from qms.policy import Can

bp = Blueprint("cycle", __name__)


@bp.get("/u/<slug>/certyfikat")
@guard(Can.SEE_CERTIFICATES)
def index(office: Office) -> ResponseReturnValue:
    """Where the office stands in its cycle."""
    today = clock.today()
    history = queries.history(office.id)
    current = queries.current(history, today)
    if current is None:
        return render_template("cycle/empty.html")
    days = milestones(current, today)
    return render_template(
        "cycle/index.html",
        certificate=current.certificate,
        rhythm=telling.rhythm(current),
        mark=telling.mark(current, today),
        others=[(each.certificate, telling.sentence(each, today)) for each in queries.beside(history, current, today)],
        gaps=queries.gaps(history, current.certificate.standard),
        strip=telling.strip(current, days, today),
        rows=telling.rows(days, today),
        history=[(each.certificate, telling.status(each, today)) for each in history],
    )
