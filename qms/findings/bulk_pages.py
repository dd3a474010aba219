"""What is done with several actions at once: each page says first what will change, and what stays and why."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.i18n import day as shown_day
from qms.core.saving import StaleForm, lead_to, saving
from qms.domain.errors import N_, NotAllowedNow
from qms.findings import moving, reassigning, several
from qms.findings.action_pages import chosen, narrowing, nothing_ticked
from qms.findings.models import Action
from qms.findings.pages import bp, ngettext
from qms.findings.several import Weighed
from qms.findings.step_forms import MoveAllForm, ReassignAllForm, SeveralForm
from qms.offices.models import Office
from qms.policy import Can

_CHANGED: Final = N_("Some of these actions have changed in the meantime. Look at the list again, then save.")


@bp.route("/u/<slug>/dzialania/nowy-termin", methods=["GET", "POST"])
@guard(Can.MOVE_DATE)
def move_actions(office: Office) -> ResponseReturnValue:
    """Give all ticked actions one later day; what may not be moved stays, and says why."""
    form, today = MoveAllForm(), clock.today()

    def verb(weighed: Weighed) -> str:
        day, count = form.new_due_on.data, len(weighed.ready)
        moving.move_all(weighed.ready, form.reason.data, day, by=actor(), today=today)
        return ngettext(
            "%(num)d action now has the day %(day)s.",
            "%(num)d actions now have the day %(day)s.",
            count,
            day=shown_day(day),
        )

    check = partial(moving.check_movable, by=actor(), today=today)
    return _take(_Task(office, form, "findings/move_actions.html", check, verb))


@bp.route("/u/<slug>/dzialania/przekaz", methods=["GET", "POST"])
@guard(Can.REASSIGN)
def reassign_actions(office: Office) -> ResponseReturnValue:
    """Let one person do all ticked actions; what may not be given away stays, and says why."""
    form, today = ReassignAllForm(), clock.today()

    def verb(weighed: Weighed) -> str:
        to = reassigning.reassign_all(weighed.ready, form.doer.data, form.reason.data, by=actor(), today=today)
        return ngettext(
            "%(name)s does %(num)d action from now on and gets a letter.",
            "%(name)s does %(num)d actions from now on and gets a letter.",
            len(weighed.ready),
            name=to.name,
        )

    def fill(weighed: Weighed) -> None:
        form.offer(reassigning.doers(weighed.ready, today))

    check = partial(reassigning.check_reassignable, by=actor(), today=today)
    return _take(_Task(office, form, "findings/reassign_actions.html", check, verb, fill))


@dataclass(frozen=True)
class _Task:
    """A form for several actions: which of them it is for, and what it does and says; `fill` prepares it."""

    office: Office
    form: SeveralForm
    template: str
    check: Callable[[Action], None]
    verb: Callable[[Weighed], str]
    fill: Callable[[Weighed], None] = lambda _: None

    def weighed(self, ids: list[int]) -> Weighed:
        """The actions as they stand now."""
        return several.weigh(self.office, ids[: several.MOST], self.check)


def _take(task: _Task) -> ResponseReturnValue:
    """Show what will change and what stays, or save it and go back to the list."""
    ids, form = chosen(task.office, most=several.MOST + 1), task.form
    if not ids:
        return nothing_ticked(task.office)
    if form.validate_on_submit():
        saved = _saved(task, ids)
        if saved is not None:
            return saved
    weighed = task.weighed(ids)
    task.fill(weighed)
    if form.is_submitted() and form.seen.data != weighed.seen and not form.form_errors:
        form.refuse(NotAllowedNow(_CHANGED))
    form.seen.data = weighed.seen
    return render_template(
        task.template,
        form=form,
        weighed=weighed,
        back_url=_list(task.office),
        is_cut=len(ids) > several.MOST,
        most=several.MOST,
        today=clock.today(),
    )


def _saved(task: _Task, ids: list[int]) -> ResponseReturnValue | None:
    """The way on once all was saved; none where the form is to be shown again."""
    form = task.form
    try:
        with saving(form):
            weighed = task.weighed(ids)
            if form.seen.data != weighed.seen or not weighed.ready:
                raise NotAllowedNow(_CHANGED)
            flash(task.verb(weighed), "success")
            return lead_to(_list(task.office))
    except StaleForm:
        form.refuse(NotAllowedNow(_CHANGED))
    return None


def _list(office: Office) -> str:
    return url_for("findings.actions_index", slug=office.slug, **narrowing())
