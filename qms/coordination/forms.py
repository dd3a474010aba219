"""What the coordinator narrows the list of offices by; typed into the address, so it changes nothing."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, StringField

from qms.coordination import queries
from qms.coordination.queries import Wanted, Worry
from qms.coordination.words import TYPES, WORRIES

_LONGEST = 100


class OfficeFilter(Form):
    """Unknown words of an address are passed over."""

    q = StringField(_l("Name of the office or of its town"))
    woj = SelectField(_l("Voivodeship"))
    typ = SelectField(_l("Kind of office"))
    uwaga = SelectField(_l("Attention"))

    def __init__(self, address: MultiDict[str, str]) -> None:
        super().__init__(address)
        anything = ("", gettext("any"))
        self.woj.choices = [anything, *((name, name) for name in queries.voivodeships())]
        self.typ.choices = [anything, *((kind, gettext(label)) for kind, label in TYPES.items())]
        self.uwaga.choices = [anything, *((worry.value, gettext(label)) for worry, label in WORRIES.items())]

    @property
    def wanted(self) -> Wanted:
        """The filters that say something."""
        worry = _known(self.uwaga)
        return Wanted(
            voivodeship=_known(self.woj),
            type=_known(self.typ),
            typed=(self.q.data or "")[:_LONGEST].strip(),
            worry=Worry(worry) if worry else None,
        )


def _known(field: SelectField) -> str:
    return field.data if field.data in dict(field.choices) else ""
