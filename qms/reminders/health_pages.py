"""The page of whoever looks after the whole register: whether its post runs. It shows counts, and no letter."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import guard
from qms.policy import Can
from qms.reminders import health, queries, safety

bp = Blueprint("health", __name__)


@bp.get("/stan")
@guard(Can.SEE_HEALTH)
def index() -> ResponseReturnValue:
    """When the jobs last ran and will, what stops the post, and what waits in all offices."""
    now = clock.now()
    return render_template(
        "reminders/health.html",
        pulse=queries.pulse(now),
        troubles=[safety.TROUBLES[name] for name in safety.troubles()],
        counts=health.counts(None),
        beats=health.beats(now),
        jobs=health.NAMES,
    )
