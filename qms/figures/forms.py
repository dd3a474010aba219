"""Of which days of report the cases are counted."""

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import Form as PlainForm

from qms.core.forms import DateField, optional
from qms.core.i18n import said
from qms.domain.errors import InvalidInput
from qms.domain.figures import Days, check_period


class PeriodForm(PlainForm):
    """The period; names are those of the address. A day that means nothing bounds nothing."""

    od = DateField(
        _("Reported from"),
        description=_("For example 1.1.2026. Leave it empty to count from the first case."),
        validators=[optional()],
    )
    do = DateField(_("Reported until"), description=_("Leave it empty to count until today."), validators=[optional()])

    def validate(self) -> bool:
        """Whether the days can be read, and the first comes before the last."""
        is_read: bool = super().validate()
        try:
            check_period(*self.asked)
        except InvalidInput as refusal:
            self.do.errors = [said(refusal)]
            return False
        return is_read

    @property
    def asked(self) -> Days:
        """The days as they were typed."""
        return _day(self.od), _day(self.do)

    @property
    def period(self) -> Days:
        """The days that count; none where they contradict each other."""
        first, last = self.asked
        return (None, None) if first and last and first > last else (first, last)


def _day(field: DateField) -> date | None:
    return field.data if isinstance(field.data, date) else None
