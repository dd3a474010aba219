"""What is done with several cases at once: each page says first what will change, and what stays and why."""

from functools import partial

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.i18n import day as shown_day
from qms.findings import moving, reminding, several
from qms.findings.bulk_pages import Task, take
from qms.findings.models import Finding
from qms.findings.pages import bp, gettext, ngettext
from qms.findings.register_pages import chosen, list_address
from qms.findings.several import Weighed
from qms.findings.step_forms import MoveAllForm, RemindAllForm
from qms.offices.models import Office
from qms.policy import Can


@bp.route("/u/<slug>/ustalenia/przypomnij", methods=["GET", "POST"])
@guard(Can.REMIND)
def remind_cases(office: Office) -> ResponseReturnValue:
    """Write to whoever the ticked cases wait for; where that is nobody it says so."""
    form, today = RemindAllForm(), clock.today()

    def weigh(ids: list[int]) -> Weighed[Finding]:
        cases = several.cases(office, ids)
        readers = reminding.readers_in(cases, by=actor(), today=today)
        return several.weigh(cases, lambda case: reminding.check_read(readers[case.id]))

    def verb(weighed: Weighed[Finding]) -> str:
        told = reminding.remind_all(weighed.ready, form.note.data or "", by=actor(), today=today)
        left = [case.number or "" for case in weighed.ready if case not in told]
        if left:
            flash(gettext("A reminder of these went out today already: %(numbers)s.", numbers=", ".join(left)), "info")
        return ngettext("Reminders go out about %(num)d case.", "Reminders go out about %(num)d cases.", len(told))

    return _take(office, Task(form, "findings/remind_cases.html", weigh, verb))


@bp.route("/u/<slug>/ustalenia/nowy-termin", methods=["GET", "POST"])
@guard(Can.MOVE_DATE)
def move_cases(office: Office) -> ResponseReturnValue:
    """Give the answers of all ticked cases one later day; what may not be moved stays, and says why."""
    form, today = MoveAllForm(), clock.today()

    def weigh(ids: list[int]) -> Weighed[Finding]:
        return several.weigh(several.cases(office, ids), partial(moving.check_answer_movable, by=actor(), today=today))

    def verb(weighed: Weighed[Finding]) -> str:
        day = form.new_due_on.data
        moving.move_all_answers(weighed.ready, form.reason.data, day, by=actor(), today=today)
        return ngettext(
            "%(num)d answer now has the day %(day)s.",
            "%(num)d answers now have the day %(day)s.",
            len(weighed.ready),
            day=shown_day(day),
        )

    return _take(office, Task(form, "findings/move_cases.html", weigh, verb))


def _take(office: Office, task: Task) -> ResponseReturnValue:
    ids = chosen(office, most=several.MOST + 1)
    if ids:
        return take(task, ids, list_address())
    flash(gettext("Tick at least one finding first."), "error")
    return redirect(list_address())
