"""The days that the letter of a certification body, or of a partner, names."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from qms.core.forms import CountField, Form, LineField, optional
from qms.domain.body_terms import GRADES, LONGEST, Term
from qms.domain.findings import Category

_DAYS = _("Days after the last day of the audit. Leave it empty if the letter names none.")


class BodyTermsForm(Form):
    """Days by grade; a fresh form proposes those of the body's last letter."""

    letter = LineField(
        _("The letter"),
        [optional()],
        limit=200,
        description=_("Its day or sign, so that others find it. For example: letter of 12.3.2027."),
    )
    major_answer_days = CountField(
        _("Major nonconformity: days for the answer"), [optional()], most=LONGEST, description=_DAYS
    )
    major_evidence_days = CountField(
        _("Major nonconformity: days for the evidence"), [optional()], most=LONGEST, description=_DAYS
    )
    minor_answer_days = CountField(
        _("Minor nonconformity: days for the answer"), [optional()], most=LONGEST, description=_DAYS
    )
    minor_evidence_days = CountField(
        _("Minor nonconformity: days for the evidence"), [optional()], most=LONGEST, description=_DAYS
    )

    def show(self, terms: Mapping[Category, Term], letter: str) -> None:
        """Fill in what is known."""
        self.letter.data = letter
        for grade in GRADES:
            self[f"{grade}_answer_days"].data = terms[grade].answer_days
            self[f"{grade}_evidence_days"].data = terms[grade].evidence_days

    @property
    def terms(self) -> dict[Category, Term]:
        """As typed."""
        return {grade: Term(self[f"{grade}_answer_days"].data, self[f"{grade}_evidence_days"].data) for grade in GRADES}
