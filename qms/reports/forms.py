"""What a team types in its report, and what an office gives as its template."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FileField

from qms.core.forms import Form, TextField, needed, optional
from qms.domain.report import UNWRITTEN, Parts


def _part(label: Any, description: Any) -> TextField:  # noqa: ANN401 - lazy strings
    return TextField(label, description=description, validators=[optional()])


class ReportForm(Form):
    """The report of an audit beside its findings."""

    conclusion = _part(
        _("Conclusion of the audit"), _("How far the requirements are met, and what the office should do next.")
    )
    unaudited = _part(
        _("What was not audited"), _("Units, processes or clauses of the scope that were left out, and why.")
    )
    obstacles = _part(_("What stood in the way"), _("For example: a person was away, a document could not be seen."))
    differing_opinions = _part(
        _("Differing opinions"), _("What the team and the unit did not agree on, in the words of both.")
    )
    distribution = _part(_("Who gets the report"), _("One person or unit in a line."))

    @property
    def parts(self) -> Parts:
        """What was typed."""
        return Parts(**{part: self[part].data or "" for part in UNWRITTEN})


class AmendForm(ReportForm):
    """A published report that is put right."""

    reason = TextField(
        _("Why it is amended"),
        limit=2000,
        description=_("It stands in the report beside the new issue."),
        validators=[needed(_("Write why the published report is amended. Everybody who reads it sees that."))],
    )


class TemplateForm(Form):
    """An office's own Word template."""

    template = FileField(
        _("Your template"),
        validators=[needed(_("Choose the Word file of your template."))],
        description=_("A Word document (DOCX) with the fields listed below, without macros."),
    )
