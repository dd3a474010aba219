"""What is typed about the standard in an office: exclusions, with why and by whom."""

from collections.abc import Iterator, Sequence
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField

from qms.core import i18n
from qms.core.forms import CHOOSE, DateField, Form, LineField, TextField, id_or_none, needed, optional
from qms.domain import editions
from qms.people.models import Person
from qms.requirements.models import Exclusion
from qms.requirements.service import ExclusionFacts
from qms.requirements.words import clause_title
from qms.standards import queries as standards
from qms.standards.models import Clause, Edition


class ReasonForm(Form):
    """Why a requirement is left out, where that is written, who approved it and when it is valid."""

    justification = TextField(
        _l("Justification"),
        limit=2000,
        description=_l("Why the requirement cannot apply, as in the quality manual. For example: nothing is designed."),
        validators=[needed(_l("Write why this requirement cannot apply to the office."))],
    )
    manual_issue = LineField(
        _l("Issue of the quality manual"),
        limit=60,
        description=_l("Or of the paper that describes the scope of the system. For example: issue 5 of 12.03.2025."),
        validators=[needed(_l("Enter the issue of the manual in which the exclusion is justified."))],
    )
    manual_section = LineField(
        _l("Section of the manual"), limit=60, description=_l("For example: 1.3."), validators=[optional()]
    )
    approved_by_id = SelectField(_l("Approved by"), coerce=id_or_none, validators=[optional()])
    approver_words = LineField(
        _l("Approved by somebody else"),
        limit=200,
        description=_l("Only if the person is not on the list above. For example: Jan Nowak, head of the office."),
        validators=[optional()],
    )
    valid_from = DateField(
        _l("First day without it"),
        description=_l("Audits from this day on leave the clause out."),
        validators=[needed(_l("Enter the first day."))],
    )
    valid_until = DateField(
        _l("Last day without it"), description=_l("Leave it empty while no end is known."), validators=[optional()]
    )

    def offer_people(self, people: Sequence[Person], former: Person | None = None) -> None:
        """Fill in who may have approved it; who approved it before stays on the list."""
        listed = {each.id: each.name for each in (*people, *filter(None, [former]))}
        self.approved_by_id.choices = [
            SelectChoice("", CHOOSE),
            *(SelectChoice(person_id, name) for person_id, name in listed.items()),
        ]

    @property
    def facts(self) -> ExclusionFacts:
        """What was typed, once the form is valid."""
        return ExclusionFacts(
            justification=self.justification.data or "",
            manual_issue=self.manual_issue.data or "",
            manual_section=self.manual_section.data or "",
            approved_by_id=self.approved_by_id.data,
            approver_words=self.approver_words.data or "",
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
        )


class ExclusionForm(ReasonForm):
    """A requirement that cannot apply to the office, and why."""

    clause = SelectField(
        _l("Clause"),
        description=_l("A clause is left out with everything under it."),
        validators=[needed(_l("Choose the clause that cannot apply to the office."))],
    )

    def __init__(self, today: date, people: Sequence[Person]) -> None:
        super().__init__(data={"valid_from": today})
        self.offer_people(people)
        self.clauses: dict[str, Clause] = {}
        self.clause.choices = [SelectChoice("", CHOOSE)]
        for edition in standards.editions():
            self.clause.choices += self._offered(edition)

    def _offered(self, edition: Edition) -> Iterator[SelectChoice]:
        """What the edition lets an office leave out, under the titles of its chapters."""
        listed, language = standards.clauses(edition.code), i18n.language()
        chapters = {each.number: clause_title(each, language) for each in listed}
        for each in listed:
            if editions.may_be_excluded(edition.rules, each.number):
                chapter = each.number.partition(".")[0]
                self.clauses[str(each.id)] = each
                group = f"ISO {edition.code}, {chapter} {chapters.get(chapter, '')}".strip()
                yield SelectChoice(str(each.id), f"{each.number} {clause_title(each, language)}", optgroup=group)


class ChangeExclusionForm(ReasonForm):
    """An exclusion corrected, or carried into a new issue of the manual."""

    def __init__(self, exclusion: Exclusion, people: Sequence[Person]) -> None:
        super().__init__(obj=exclusion)
        self.offer_people(people, exclusion.approved_by)


class EndExclusionForm(Form):
    """Since when the clause applies again, and why."""

    valid_until = DateField(
        _l("Last day without it"),
        description=_l("From the next day on audits can cover the clause again."),
        validators=[needed(_l("Enter the last day of the exclusion."))],
    )
    reason = TextField(
        _l("Reason"),
        limit=500,
        description=_l("For example: the office designs a new service."),
        validators=[needed(_l("Write why the clause applies again. The trail keeps it."))],
    )


def exclusion_rules() -> list[str]:
    """What each edition that has clauses lets an office leave out, one sentence each."""
    return [_rule(each) for each in standards.editions() if each.rules.exclusion_rule is not None]


def _rule(edition: Edition) -> str:
    rule = edition.rules.exclusion_rule
    if rule is None or rule.chapters is None:
        return str(gettext("ISO %(edition)s: any requirement, with a justification.", edition=edition.code))
    of_it = {"edition": edition.code, "chapters": ", ".join(rule.chapters)}
    return str(gettext("ISO %(edition)s: only requirements of chapter %(chapters)s, with a justification.", **of_it))
