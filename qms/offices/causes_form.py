"""What is typed about a cause of the office's catalogue."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField

from qms.core.forms import Form, LineField, needed
from qms.domain.causes import LONGEST_NAME, Cause
from qms.offices.models import CauseKind
from qms.offices.words import cause_called

TYPED = 200  # more than fits, so that the rule refuses and what was typed stays on the page


class CauseForm(Form):
    """A cause of the catalogue."""

    name = LineField(
        _l("Name of the cause"),
        limit=TYPED,
        validators=[needed(_l("Enter the name, for example: no substitute."))],
        description=_l("At most %(limit)s characters. Name rules and tools, not people.", limit=LONGEST_NAME),
    )
    place = SelectField(_l("Place in the list"), coerce=int)
    is_used = BooleanField(
        _l("It can be chosen in new answers"),
        description=_l("Without this it stays with the cases that have it and is offered no more."),
    )

    def __init__(self, causes: Sequence[CauseKind], row: CauseKind | None = None) -> None:
        known = {"name": cause_called(row.cause), "is_used": row.is_used} if row else {"is_used": True}
        super().__init__(data=known | {"place": row.place if row else len(causes) + 1})
        places = len(causes) + (0 if row else 1)
        self.place.choices = [SelectChoice(number, str(number)) for number in range(1, places + 1)]
        self._starter = row.starter if row else ""

    @property
    def cause(self) -> Cause:
        """What was typed, once the form is valid."""
        return Cause(starter=self._starter, name=self.name.data or "", is_used=bool(self.is_used.data))
