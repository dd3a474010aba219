"""What is done with several actions at once: each page says first what will change, and what stays and why."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

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

_CHANGED: Final = N_("Some of what you chose has changed in the meantime. Look at the list again, then save.")


@bp.route("/u/<slug>/dzialania/nowy-termin", methods=["GET", "POST"])
@guard(Can.MOVE_DATE)
def move_actions(office: Office) -> ResponseReturnValue:
    """Give all ticked actions one later day; what may not be moved stays, and says why."""
    form, today = MoveAllForm(), clock.today()

    def verb(weighed: Weighed[Action]) -> str:
        day, count = form.new_due_on.data, len(weighed.ready)
        moving.move_all(weighed.ready, form.reason.data, day, by=actor(), today=today)
        return ngettext(
            "%(num)d action now has the day %(day)s.",
            "%(num)d actions now have the day %(day)s.",
            count,
            day=shown_day(day),
        )

    check = partial(moving.check_movable, by=actor(), today=today)
    return _take_actions(office, Task(form, "findings/move_actions.html", _weigh(office, check), verb))


@bp.route("/u/<slug>/dzialania/przekaz", methods=["GET", "POST"])
@guard(Can.REASSIGN)
def reassign_actions(office: Office) -> ResponseReturnValue:
    """Let one person do all ticked actions; what may not be given away stays, and says why."""
    form, today = ReassignAllForm(), clock.today()

    def verb(weighed: Weighed[Action]) -> str:
        to = reassigning.reassign_all(weighed.ready, form.doer.data, form.reason.data, by=actor(), today=today)
        return ngettext(
            "%(name)s does %(num)d action from now on and gets a letter.",
            "%(name)s does %(num)d actions from now on and gets a letter.",
            len(weighed.ready),
            name=to.name,
        )

    def fill(weighed: Weighed[Action]) -> None:
        form.offer(reassigning.doers(weighed.ready, today))

    check = partial(reassigning.check_reassignable, by=actor(), today=today)
    task = Task(form, "findings/reassign_actions.html", _weigh(office, check), verb, fill)
    return _take_actions(office, task)


def _weigh(office: Office, check: Callable[[Action], None]) -> Callable[[list[int]], Weighed[Any]]:
    return lambda ids: several.weigh(several.actions(office, ids), check)


def _take_actions(office: Office, task: "Task") -> ResponseReturnValue:
    ids = chosen(office, most=several.MOST + 1)
    back_url = url_for("findings.actions_index", slug=office.slug, **narrowing())
    return take(task, ids, back_url) if ids else nothing_ticked(office)


@dataclass(frozen=True)
class Task:
    """A form for several things: how they stand, and what it does with them and says; `fill` prepares it."""

    form: SeveralForm
    template: str
    weigh: Callable[[list[int]], Weighed[Any]]
    verb: Callable[[Weighed[Any]], str]
    fill: Callable[[Weighed[Any]], None] = lambda _: None


def take(task: Task, ids: list[int], back_url: str) -> ResponseReturnValue:
    """Show what will change and what stays, or save it and go back to the list."""
    form = task.form
    if form.validate_on_submit():
        saved = _saved(task, ids, back_url)
        if saved is not None:
            return saved
    weighed = task.weigh(ids[: several.MOST])
    task.fill(weighed)
    if form.is_submitted() and form.seen.data != weighed.seen and not form.form_errors:
        form.refuse(NotAllowedNow(_CHANGED))
    form.seen.data = weighed.seen
    return render_template(
        task.template,
        form=form,
        weighed=weighed,
        back_url=back_url,
        is_cut=len(ids) > several.MOST,
        most=several.MOST,
        today=clock.today(),
    )


def _saved(task: Task, ids: list[int], back_url: str) -> ResponseReturnValue | None:
    """The way on once all was saved; none where the form is to be shown again."""
    form = task.form
    try:
        with saving(form):
            weighed = task.weigh(ids[: several.MOST])
            if form.seen.data != weighed.seen or not weighed.ready:
                raise NotAllowedNow(_CHANGED)
            flash(task.verb(weighed), "success")
            return lead_to(back_url)
    except StaleForm:
        form.refuse(NotAllowedNow(_CHANGED))
    return None
