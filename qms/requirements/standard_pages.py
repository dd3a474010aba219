"""The standard as the office has it: its clauses by chapter, and the office's own titles of them."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from qms.core import clock
from qms.core.access import guard
from qms.core.saving import lead_to, saving
from qms.domain import editions
from qms.offices.models import Office
from qms.policy import Can
from qms.requirements import queries, service
from qms.requirements.exclusion_pages import bp
from qms.requirements.standard import OfficeEdition, edition_by_key, in_force, shown
from qms.requirements.title_form import titles_form
from qms.standards import queries as standards


@bp.get("/u/<slug>/norma")
@guard(Can.SEE_REGISTERS)
def standard(office: Office) -> ResponseReturnValue:
    """One edition, clause by clause; the one in force unless another is asked for."""
    asked = edition_by_key(office, request.args.get("wydanie", ""))
    edition, today = asked.edition if asked else in_force(), clock.today()
    return render_template(
        "requirements/standard.html",
        shown=shown(office, edition, today),
        known=standards.editions(),
        note=editions.edition_note(edition.rules, today),
    )


@bp.route("/u/<slug>/norma/<edition>/tytuly", methods=["GET", "POST"])
@guard(Can.SET_LIMITS, load=edition_by_key)
def titles(found: OfficeEdition) -> ResponseReturnValue:
    """Name clauses as the office's manual does."""
    office, edition = found.office, found.edition
    sought = request.args.get("szukaj", "").strip()
    form = titles_form(standards.clauses(edition.code), queries.own_titles(office.id), sought=sought)
    if request.method == "GET":
        form.version.data = office.version
    if form.validate_on_submit():
        with saving(form, office):
            service.name_clauses(office, form.titles)
            flash(gettext("Titles saved. Everybody in the office reads them from now on."), "success")
            return lead_to(url_for("requirements.standard", slug=office.slug, wydanie=edition.key))
    return render_template("requirements/titles.html", form=form, edition=edition, sought=sought)
