"""One search over the registers of an office."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import Form as PlainForm

from qms.core import text
from qms.core.access import guard
from qms.core.forms import LineField, optional
from qms.findings import register, searching
from qms.findings.pages import bp
from qms.findings.register_pages import part_of
from qms.offices.models import Office
from qms.policy import Can, Reach


class SearchForm(PlainForm):
    """What is looked for; its name is that of the address."""

    q = LineField(_("Number or words"), validators=[optional()], limit=200)


@bp.get("/u/<slug>/szukaj")
@guard(Can.SEE_REGISTERS)
def search(office: Office) -> ResponseReturnValue:
    """What the reader may list and begins with the words; a number typed whole leads straight to its page."""
    form, part = SearchForm(request.args), part_of(office)
    form.validate()
    typed = form.q.data or "" if not form.q.errors else ""
    straight = _straight(office, part, typed) if typed else None
    if straight:
        return redirect(straight)
    # Signs alone would narrow nothing, and show the whole register.
    has_words = bool(text.search_patterns(typed))
    found = register.page(office.id, part, register.Filters(words=typed)) if has_words else None
    return render_template(
        "findings/search.html",
        search_form=form,
        typed=typed,
        findings=found.rows[: searching.SHOWN] if found else [],
        has_more=bool(found and found.total > searching.SHOWN),
        audits=searching.audits(office.id, part, typed),
    )


def _straight(office: Office, part: Reach, typed: str) -> str | None:
    case = register.by_number(office.id, part, typed)
    if case:
        return url_for("findings.detail", slug=office.slug, key=case)
    audit = searching.audit_by_number(office.id, part, typed)
    return url_for("audits.detail", slug=office.slug, key=audit) if audit else None
