"""What is typed about a kind of finding."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, SelectField

from qms.core.forms import Form, LineField, needed, optional
from qms.core.i18n import said
from qms.domain.findings import LIGHT, Category
from qms.domain.scale import HINTS, LONGEST_NAME, LONGEST_SYMBOL, MEANINGS, WORDS, Kind
from qms.offices.models import FindingKind

TYPED = 200  # more than fits, so that the rule refuses and what was typed stays on the page


class KindForm(Form):
    """A kind of finding; the meaning is chosen once, when it is added."""

    meaning = RadioField(
        _l("What it means"),
        validators=[needed(_l("Choose what it means, so that offices can be compared."))],
        description=_l("The same in every office. It cannot be changed later."),
    )
    name = LineField(
        _l("Name of the kind"),
        limit=TYPED,
        validators=[needed(_l("Enter the name, as auditors of the office say it."))],
        description=_l("At most %(limit)s characters.", limit=LONGEST_NAME),
    )
    symbol = LineField(
        _l("Symbol in numbers"),
        limit=TYPED,
        validators=[needed(_l("Enter a letter or a short symbol, for example N."))],
        description=_l(
            "At most %(limit)s letters or digits. It stands where the pattern of numbers has {prefix}.",
            limit=LONGEST_SYMBOL,
        ),
    )
    is_graded = BooleanField(
        _l("Each one is graded"),
        description=_l(
            "For nonconformities, if the office knows more than one grade. A certification body always grades."
        ),
    )
    major_name = LineField(_l("Name of the greater grade"), limit=TYPED, validators=[optional()])
    minor_name = LineField(_l("Name of the smaller grade"), limit=TYPED, validators=[optional()])
    place = SelectField(_l("Place in the list"), coerce=int)
    is_answered = BooleanField(
        _l("The unit says whether it acts"),
        description=_l(
            "For observations and opportunities: “we act” with what, who and when, or “we do not act” and why. "
            "It holds for findings published from now on."
        ),
    )
    is_used = BooleanField(
        _l("Auditors choose it for new findings"),
        description=_l("Without this it stays with the findings that have it and is offered no more."),
    )

    def __init__(self, kinds: Sequence[FindingKind], row: FindingKind | None = None) -> None:
        super().__init__(data=_as_read(row) | {"place": row.place if row else len(kinds) + 1})
        places = len(kinds) + (0 if row else 1)
        self.place.choices = [SelectChoice(number, str(number)) for number in range(1, places + 1)]
        self.meaning.choices = [SelectChoice(each.value, said(WORDS[each])) for each in MEANINGS]
        self._row = row
        if row:
            del self.meaning
        if row and row.meaning != Category.NONCONFORMITY:
            del self.is_graded, self.major_name, self.minor_name
        if row and row.meaning not in LIGHT:
            del self.is_answered

    @property
    def hints(self) -> dict[str, str]:
        """What each meaning says, in the reader's language."""
        return {each.value: said(HINTS[each]) for each in MEANINGS}

    @property
    def kind(self) -> Kind:
        """What was typed, once the form is valid. Raises `InvalidInput` for a meaning nobody knows."""
        return Kind(
            meaning=Category(self._row.meaning if self._row else self.meaning.data),
            symbol=self.symbol.data or "",
            name=self.name.data or "",
            is_graded=bool(self.data.get("is_graded")),
            is_answered=bool(self.data.get("is_answered")),
            major_name=self.data.get("major_name") or "",
            minor_name=self.data.get("minor_name") or "",
            is_used=bool(self.is_used.data),
        )


def _as_read(row: FindingKind | None) -> dict[str, object]:
    """The row with the product's own words where it has no names, so that they can be changed."""
    if row is None:
        return {"is_used": True}
    return vars(row.kind) | {
        "name": row.name or said(WORDS[row.meaning]),
        "major_name": row.major_name or said(WORDS[Category.MAJOR]),
        "minor_name": row.minor_name or said(WORDS[Category.MINOR]),
    }
