"""Keeping a view of a register, and removing it."""

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.forms import Form, LineField, needed
from qms.core.saving import lead_to, saving
from qms.domain.views import LONGEST_NAME, Listed
from qms.findings import views
from qms.findings.action_pages import Asked
from qms.findings.pages import bp, gettext
from qms.findings.register_pages import in_use
from qms.findings.view_links import NAMES, address, list_address
from qms.findings.view_models import SavedView
from qms.offices.models import Office
from qms.policy import Can


class ViewForm(Form):
    """What the reader calls it; the filters are those of the address."""

    name = LineField(
        _("Name of the view"),
        description=_("For example: Open cases of finance. Only you see it."),
        validators=[needed(_("Enter a name for the view."))],
        limit=LONGEST_NAME,
    )


def _own(office: Office, key: str) -> SavedView | None:
    return views.by_key(office, key, actor().person_id)


def _listed() -> Listed:
    return Listed.ACTIONS if request.args.get("lista") == Listed.ACTIONS else Listed.FINDINGS


@bp.route("/u/<slug>/widoki/nowy", methods=["GET", "POST"])
@guard(Can.SEE_REGISTERS)
def keep_view(office: Office) -> ResponseReturnValue:
    """Give the filters of a list, as the address holds them, a name."""
    form, listed = ViewForm(), _listed()
    used = in_use(office) if listed is Listed.FINDINGS else Asked(office).in_use
    if not used:
        flash(gettext("No filter is in use. Choose one in the list first, then save the view."), "info")
        return redirect(list_address(office, listed, {}))
    filters = {name: request.args[name] for name in used}
    back_url = list_address(office, listed, filters)
    if form.validate_on_submit():
        with saving(form):
            what = views.Narrowed(listed, filters)
            views.keep(office, form.name.data, what, person_id=actor().person_id, today=clock.today())
            flash(gettext("View saved. You find it above the list."), "success")
            return lead_to(back_url)
    return render_template(
        "findings/keep_view.html", form=form, labels=used.values(), list_name=NAMES[listed], back_url=back_url
    )


@bp.route("/u/<slug>/widoki/<key>/usun", methods=["GET", "POST"])
@guard(Can.SEE_REGISTERS, load=_own)
def remove_view(view: SavedView) -> ResponseReturnValue:
    """Remove one of the reader's own views, having asked."""
    form, office = Form(), g.office
    back_url = address(office, view)
    if request.method == "GET":
        form.version.data = str(view.version)
    if form.validate_on_submit():
        with saving(form, view):
            views.remove(view)
            flash(gettext("View removed. The list itself has not changed."), "success")
            return lead_to(back_url)
    return render_template(
        "findings/remove_view.html", form=form, view=view, list_name=NAMES[Listed(view.kind)], back_url=back_url
    )
