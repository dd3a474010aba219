"""What an audit team types: a finding, and its draft rewritten."""

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput

from qms.audits.models import INTERNAL, Audit
from qms.core.forms import CheckboxesField, LineField, TextField, needed, optional
from qms.core.i18n import language, said
from qms.domain import editions
from qms.domain.scale import HINTS, Choice
from qms.findings.fields import FilesForm, chosen_id, nothing_chosen
from qms.findings.models import Evidence
from qms.findings.service import Written
from qms.findings.words import called
from qms.offices import queries as offices
from qms.requirements import queries as requirements
from qms.requirements.words import clause_label
from qms.standards import queries as standards

_SEVERAL: Final = 2


class FindingForm(FilesForm):
    """A finding as the team writes it."""

    clause_id = SelectField(
        _("Clause"),
        coerce=chosen_id,
        validate_choice=False,
        validators=[needed(_("Choose the clause the finding is about."))],
        description=_("The exact requirement. The clauses of this audit come first."),
    )
    department_id = SelectField(
        _("Department"), coerce=chosen_id, validate_choice=False, validators=[needed(_("Choose the unit."))]
    )
    concerned_ids = CheckboxesField(
        _("Departments that are to know of it"),
        validators=[optional()],
        description=_("Their heads can read the finding. The department chosen above answers alone."),
    )
    category = RadioField(
        _("Kind of finding"),
        validate_choice=False,
        validators=[needed(_("Choose what kind of finding it is."))],
    )
    outer_number = LineField(
        _("Number given from outside"),
        validators=[optional()],
        limit=60,
        description=_("As in the report of the certification body or partner. The register gives its own number too."),
    )
    requirement = TextField(
        _("Requirement"),
        validators=[optional()],
        description=_("What should be so, and where it is written. In your own words."),
    )
    evidence = TextField(
        _("Evidence"),
        validators=[optional()],
        description=_(
            "What you saw or read: which document, which place, which day. The report cannot be published without it."
        ),
    )
    statement = TextField(
        _("Statement"),
        validators=[needed(_("Write what was found."))],
        description=_("What is wrong or worth noting, in one or two sentences."),
    )

    def offer(self, audit: Audit, categories: Sequence[Choice]) -> None:
        """Fill the choices in for an audit."""
        units = sorted((part.department for part in audit.departments), key=lambda unit: unit.sort_key)
        self.department_id.choices = [nothing_chosen()] if len(units) > 1 else []
        self.department_id.choices += [SelectChoice(str(unit.id), unit.name) for unit in units]
        self._offer_others(audit)
        self.category.choices = [SelectChoice(each.code, called(each.called)) for each in categories]
        self.hints = {each.code: said(HINTS[each.called.category]) for each in categories}
        self.clause_id.choices = _clause_choices(audit)
        if audit.kind in INTERNAL:
            del self.outer_number

    def _offer_others(self, audit: Audit) -> None:
        """Whichever of them answers is refused in words, since a page without script cannot leave it out."""
        others = offices.departments(audit.office_id, audit.starts_on)
        self.concerned_ids.choices = [SelectChoice(unit.id, unit.name) for unit in others]
        if len(others) < _SEVERAL:
            del self.concerned_ids

    @property
    def written(self) -> Written:
        """What was typed, as the service takes it."""
        return Written(
            clause_id=self.clause_id.data,
            department_id=self.department_id.data,
            category=self.category.data or "",
            requirement=self.requirement.data or "",
            evidence=self.evidence.data or "",
            statement=self.statement.data or "",
            outer_number=self.data.get("outer_number") or "",
            concerned_ids=frozenset(self.data.get("concerned_ids") or ()),
        )


class DraftForm(FindingForm):
    """A draft that is rewritten; files added to it before can be taken off."""

    removed_files = SelectMultipleField(
        _("Files to remove"),
        coerce=chosen_id,
        validate_choice=False,
        option_widget=CheckboxInput(),
        validators=[optional()],
        description=_("Tick a file that does not belong here. It is removed when you save."),
    )

    def offer_files(self, files: Sequence[Evidence]) -> None:
        """Fill the files of the draft in; without any there is no such field."""
        self.removed_files.choices = [SelectChoice(str(each.id), each.file.name) for each in files]
        if not files:
            del self.removed_files

    @property
    def chosen_files(self) -> Collection[int | None]:
        """The ids of the files to remove."""
        return self.data.get("removed_files") or ()


def _clause_choices(audit: Audit) -> list[SelectChoice]:
    """The clauses of the audit, then the others of its edition, and last those the office leaves out, with why."""
    chosen = {part.clause_id for part in audit.clauses}
    excluded = requirements.excluded(audit.office_id, audit.edition_code, audit.starts_on)
    ours, others = gettext("Clauses of this audit"), gettext("Other clauses of the edition")
    groups: dict[str, list[SelectChoice]] = {ours: [], others: [], gettext("Excluded by the office"): []}
    *_, left_out = groups
    for clause in standards.auditable(audit.edition_code):
        applied = ours if clause.id in chosen else others
        group = left_out if editions.is_excluded(clause.number, excluded) else applied
        label = clause_label(clause, language(), excluded)
        groups[group].append(SelectChoice(str(clause.id), label, optgroup=group))
    return [nothing_chosen(), *chain.from_iterable(groups.values())]
