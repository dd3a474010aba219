"""Pages of trainings: the office's list, or a person's own part of it."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from qms.core import clock, whys
from qms.core.access import actor, guard, may
from qms.core.paging import Paged, nearest, turns
from qms.core.saving import lead_to, saving
from qms.domain.deadlines import Kind, days_left
from qms.domain.reminders import longest_lead
from qms.domain.standing import Concern
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.people import queries as people
from qms.policy import Can, offices_of
from qms.training import queries, service
from qms.training.forms import TRAINED_AS_LABELS, TrainingForm
from qms.training.models import Training

bp = Blueprint("training", __name__)


@dataclass(frozen=True)
class Register:
    """The trainings of an office as one reader may see them: somebody who works there sees at least their own."""

    office: Office
    concern: Concern


def _register(office: Office) -> Register:
    own = actor().person_id if office.id in offices_of(actor()) else None
    return Register(office, Concern(office_id=office.id, person_id=own, is_shared=office.shares_content))


@bp.get("/u/<slug>/szkolenia")
@guard(Can.SEE_TRAINING, load=_register)
def index(register: Register) -> ResponseReturnValue:
    """Everybody's trainings, or one's own."""
    sees_all = may(Can.SEE_TRAINING)
    person_id = None if sees_all else actor().person_id
    total = queries.count(register.office.id, person_id)
    number = nearest(request.args.get("strona", 1, type=int), total)
    trainings = queries.page(register.office.id, number, person_id)
    return render_template(
        "training/index.html",
        trainings=trainings,
        replaced=queries.replaced([training.id for training in trainings]),
        page=turns(Paged(number=number, total=total), _address),
        sees_all=sees_all,
        trained_as=TRAINED_AS_LABELS,
        days_shown=_days_shown,
        refresher=whys.length(offices.limit(register.office.id, "refresher")),
    )


def _address(number: int) -> str:
    return url_for("training.index", slug=g.office.slug, strona=number)


def _days_shown(valid_until: date) -> int | None:
    """The days left, once they are few enough to matter."""
    left = days_left(valid_until, clock.today())
    return left if left <= longest_lead(Kind.QUALIFICATION) else None


@bp.route("/u/<slug>/szkolenia/nowe", methods=["GET", "POST"])
@guard(Can.KEEP_TRAINING)
def new(office: Office) -> ResponseReturnValue:
    """Record a training of a person of the office."""
    choices = people.people_of(office.id, clock.today())
    form = TrainingForm(choices)
    if form.validate_on_submit():
        chosen = next(person for person in choices if person.key == form.person.data)
        with saving(form):
            service.record(office, chosen, form.facts, today=clock.today())
            return _saved(chosen.name)
    return render_template("training/edit.html", form=form, training=None)


@bp.route("/u/<slug>/szkolenia/<key>/zmien", methods=["GET", "POST"])
@guard(Can.KEEP_TRAINING, load=queries.by_key)
def edit(training: Training) -> ResponseReturnValue:
    """Correct what was recorded."""
    form = TrainingForm([], training)
    if request.method == "GET":
        form.version.data = str(training.version)
    if form.validate_on_submit():
        with saving(form, training):
            service.correct(training, form.facts, today=clock.today())
            return _saved(training.person.name)
    return render_template("training/edit.html", form=form, training=training)


def _saved(name: str) -> Response:
    message = gettext("Saved: training of %(name)s. To hold audits a person also needs the post of auditor.", name=name)
    flash(message, "success")
    return lead_to(url_for("training.index", slug=g.office.slug))
