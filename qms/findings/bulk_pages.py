"""What is done with several actions at once: each page says first what will change, and what stays and why."""

from typing import Any, Final

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.i18n import day as shown_day
from qms.core.saving import StaleForm, lead_to, saving
from qms.domain.errors import N_, NotAllowedNow
from qms.findings import moving
from qms.findings.action_pages import chosen, narrowing, nothing_ticked
from qms.findings.pages import bp, ngettext
from qms.findings.step_forms import MoveAllForm
from qms.offices.models import Office
from qms.policy import Can

_CHANGED: Final = N_("Some of these actions have changed in the meantime. Look at the list again, then move the days.")


@bp.route("/u/<slug>/dzialania/nowy-termin", methods=["GET", "POST"])
@guard(Can.MOVE_DATE)
def move_actions(office: Office) -> ResponseReturnValue:
    """Give all ticked actions one later day; what may not be moved stays, and says why."""
    ids = chosen(office, most=moving.MOST + 1)
    if not ids:
        return nothing_ticked(office)
    form = MoveAllForm()
    if form.validate_on_submit():
        moved = _moved(form, office, ids)
        if moved is not None:
            return moved
    weighed = _weighed(office, ids)
    if form.is_submitted() and form.seen.data != weighed.seen and not form.form_errors:
        form.refuse(NotAllowedNow(_CHANGED))
    form.seen.data = weighed.seen
    shown: dict[str, Any] = {"is_cut": len(ids) > moving.MOST, "most": moving.MOST, "today": clock.today()}
    return render_template(
        "findings/move_actions.html",
        form=form,
        weighed=weighed,
        back_url=url_for("findings.actions_index", slug=office.slug, **narrowing()),
        **shown,
    )


def _weighed(office: Office, ids: list[int]) -> moving.Weighed:
    return moving.weigh(office, ids[: moving.MOST], by=actor(), today=clock.today())


def _moved(form: MoveAllForm, office: Office, ids: list[int]) -> ResponseReturnValue | None:
    """The way on once all was saved; none where the form is to be shown again."""
    try:
        with saving(form):
            weighed = _weighed(office, ids)
            if form.seen.data != weighed.seen or not weighed.movable:
                raise NotAllowedNow(_CHANGED)
            day, count = form.new_due_on.data, len(weighed.movable)
            moving.move_all(weighed.movable, form.reason.data, day, by=actor(), today=clock.today())
            flash(_told(count, shown_day(day)), "success")
            return lead_to(url_for("findings.actions_index", slug=office.slug, **narrowing()))
    except StaleForm:
        form.refuse(NotAllowedNow(_CHANGED))
    return None


def _told(count: int, day: str) -> str:
    return ngettext(
        "%(num)d action now has the day %(day)s.", "%(num)d actions now have the day %(day)s.", count, day=day
    )
