"""What is typed about something issued wrongly."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectChoice, SelectField

from qms.core.forms import CHOOSE, DateField, Form, LineField, TextField, id_or_none, needed, not_in_future, optional
from qms.core.i18n import said
from qms.domain.products import Kind, Remedy
from qms.domain.sources import Source
from qms.findings.words import SOURCES
from qms.offices.models import Department
from qms.products.models import Product
from qms.products.service import Dealt, Noted
from qms.products.words import KINDS, REMEDIES

_MARK_HINT = _("For example a note on the act, or the paper put aside. So that nobody uses it by mistake.")


class NoteForm(Form):
    """What was issued wrongly."""

    kind = SelectField(_("What was issued wrongly"), validators=[needed(_("Choose what it is."))])
    description = TextField(
        _("What is wrong with it"),
        limit=4000,
        validators=[needed(_("Write what is wrong with it."))],
        description=_("In your own words. Leave out names of clients."),
    )
    sign = LineField(_("Sign of the case"), limit=60, validators=[optional()])
    department_id = SelectField(
        _("Department that issued it"),
        coerce=id_or_none,
        validators=[needed(_("Choose the department that issued it."))],
    )
    noticed_on = DateField(
        _("When it was noticed"),
        validators=[needed(_("Enter the day on which it was noticed.")), not_in_future],
        description=_("For example 27.3.2026."),
    )
    source = SelectField(_("How it came up"), default=Source.STAFF.value)
    mark = TextField(_("How it is marked"), limit=1000, validators=[optional()], description=_MARK_HINT)

    def __init__(self, units: Sequence[Department], today: date) -> None:
        super().__init__(data={"noticed_on": today})
        nothing = SelectChoice("", str(CHOOSE))
        self.kind.choices = [nothing, *(SelectChoice(each.value, said(KINDS[each])) for each in Kind)]
        self.department_id.choices = [nothing, *(SelectChoice(str(unit.id), unit.name) for unit in units)]
        self.source.choices = [SelectChoice(each.value, said(SOURCES[each])) for each in Source]

    @property
    def noted(self) -> Noted:
        """What was typed."""
        return Noted(
            kind=Kind(self.kind.data),
            description=self.description.data,
            department_id=self.department_id.data,
            noticed_on=self.noticed_on.data,
            source=Source(self.source.data),
            sign=self.sign.data or "",
            mark=self.mark.data or "",
        )


class DealForm(Form):
    """What was done about it."""

    kind = SelectField(_("What was issued wrongly"), validators=[needed(_("Choose what it is."))])
    remedy = RadioField(_("What was done"), validators=[needed(_("Choose what was done."))])
    done = TextField(
        _("How"), limit=4000, validators=[needed(_("Write how it was done."))], description=_("Which paper, which day.")
    )
    dealt_on = DateField(_("When it was done"), validators=[needed(_("Enter the day on which it was done."))])
    allowed_by = LineField(
        _("Who allowed it"), limit=200, validators=[optional()], description=_("Only when it is left as it is.")
    )
    mark = TextField(_("How it is marked"), limit=1000, validators=[optional()], description=_MARK_HINT)
    case = LineField(
        _("Number of the nonconformity case"),
        limit=60,
        validators=[optional()],
        description=_("If a cause is looked for, so that it does not happen again."),
    )

    def __init__(self, product: Product) -> None:
        super().__init__(obj=product, data={"case": product.finding.number if product.finding else ""})
        self.kind.choices = [SelectChoice(each.value, said(KINDS[each])) for each in Kind]
        self.remedy.choices = [SelectChoice(each.value, said(REMEDIES[each])) for each in Remedy]

    @property
    def dealt(self) -> Dealt:
        """What was typed."""
        return Dealt(
            kind=Kind(self.kind.data),
            remedy=Remedy(self.remedy.data),
            done=self.done.data,
            dealt_on=self.dealt_on.data,
            mark=self.mark.data or "",
            allowed_by=self.allowed_by.data or "",
            case=self.case.data or "",
        )


class VerifyForm(Form):
    """What a second look showed."""

    outcome = RadioField(_("What it showed"), validators=[needed(_("Choose what it showed."))])
    verification = TextField(
        _("What you looked at"),
        limit=2000,
        validators=[needed(_("Write what you looked at and what it showed."))],
    )

    def __init__(self) -> None:
        super().__init__()
        self.outcome.choices = [
            SelectChoice("right", gettext("It is right now")),
            SelectChoice("wrong", gettext("It is still wrong and has to be dealt with again")),
        ]
