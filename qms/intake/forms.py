"""What is typed about something reported: by whoever noticed it, and by whoever decides."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField, RadioField, SelectChoice, SelectField

from qms.core.forms import CHOOSE, DateField, Form, LineField, TextField, id_or_none, needed, not_in_future, optional
from qms.core.i18n import language, said
from qms.domain.findings import GRAVE, Category
from qms.domain.scale import HINTS, Choice
from qms.domain.sources import OUTSIDE_AUDITS, Route, Source, Way
from qms.findings.fields import FilesForm, chosen_id
from qms.findings.opening import Taken
from qms.findings.words import SOURCES, called
from qms.intake.models import Problem
from qms.intake.service import Told
from qms.intake.words import OWN_NOTICING, WAYS
from qms.offices.models import Department
from qms.requirements.words import clause_label
from qms.standards.models import Clause


class ProblemForm(FilesForm):
    """What anybody of the office reports in a few minutes."""

    what = TextField(
        _("What went wrong"),
        limit=4000,
        validators=[needed(_("Write what happened."))],
        description=_("In your own words. Leave out names of clients."),
    )
    department_id = SelectField(_("Where"), coerce=id_or_none, validators=[optional()])
    noticed_on = DateField(
        _("When it was noticed"),
        validators=[needed(_("Enter the day on which it was noticed.")), not_in_future],
        description=_("For example 27.3.2026."),
    )
    source = SelectField(_("How it came up"), default=Source.STAFF.value)
    outer_number = LineField(
        _("Sign of the paper"),
        limit=60,
        validators=[optional()],
        description=_("For example of the complaint or of the letter after an inspection."),
    )
    requirement = TextField(
        _("What should be so"),
        limit=2000,
        validators=[optional()],
        description=_("A law, a procedure or a service card, if you know it."),
    )
    files = FileField(_("File"), validators=[optional()])

    def __init__(self, units: Sequence[Department], today: date) -> None:
        super().__init__(data={"noticed_on": today})
        self.department_id.choices = [SelectChoice("", gettext("I do not know")), *_named(units)]
        self.source.choices = [
            SelectChoice(source.value, said(OWN_NOTICING if source is Source.STAFF else SOURCES[source]))
            for source in OUTSIDE_AUDITS
        ]

    @property
    def told(self) -> Told:
        """What was typed."""
        return Told(
            what=self.what.data,
            noticed_on=self.noticed_on.data,
            department_id=self.department_id.data,
            source=Source(self.source.data),
            outer_number=self.outer_number.data or "",
            requirement=self.requirement.data or "",
        )


def _named(units: Sequence[Department]) -> list[SelectChoice]:
    return [SelectChoice(str(unit.id), unit.name) for unit in units]


class TakeForm(Form):
    """What a report becomes."""

    category = RadioField(
        _("What it becomes"), validate_choice=False, validators=[needed(_("Choose what kind of finding it is."))]
    )
    department_id = SelectField(
        _("Department that answers"),
        coerce=chosen_id,
        validate_choice=False,
        validators=[needed(_("Choose the department that answers."))],
    )
    statement = TextField(
        _("Statement"),
        limit=4000,
        validators=[needed(_("Write what was found."))],
        description=_("As the department will read it, in one or two sentences."),
    )
    clause_id = SelectField(_("Clause"), coerce=chosen_id, validate_choice=False, validators=[optional()])
    requirement = TextField(
        _("Requirement"),
        limit=2000,
        validators=[optional()],
        description=_("What should be so, and where it is written. A nonconformity needs this or a clause."),
    )
    evidence = TextField(_("Evidence"), limit=4000, validators=[optional()])
    shows_file = BooleanField(
        _("Show the file with the case"),
        description=_(
            "Then all who see the case can open it: the department that answers, auditors, who does an action."
        ),
    )

    def __init__(self, problem: Problem, choices: Sequence[Choice]) -> None:
        way = Way(problem.way)
        proposed = next((each.code for each in choices if _fits(each.called.category, way)), way.value)
        known = {"statement": problem.what, "category": proposed}
        super().__init__(obj=problem, data=known)
        self.category.choices = [SelectChoice(each.code, called(each.called)) for each in choices]
        self.category.choices.append(SelectChoice(Way.PRODUCT.value, said(WAYS[Way.PRODUCT])))
        self.hints = {each.code: said(HINTS[each.called.category]) for each in choices}
        self.hints[Way.PRODUCT.value] = gettext(
            "A decision or service to be put right; it goes into a register of its own."
        )
        if problem.file is None:
            del self.shows_file

    @property
    def is_file_shown(self) -> bool:
        """Whether a file came with it and is to be shown."""
        return bool(self.shows_file and self.shows_file.data)

    def offer(self, units: Sequence[Department], clauses: Sequence[Clause]) -> None:
        """Fill the lists in."""
        self.department_id.choices = [SelectChoice("", str(CHOOSE)), *_named(units)]
        labels = (SelectChoice(str(clause.id), clause_label(clause, language(), {})) for clause in clauses)
        self.clause_id.choices = [SelectChoice("", gettext("None: it is a law or a rule of the office")), *labels]

    @property
    def taken(self) -> Taken:
        """What was typed."""
        return Taken(
            department_id=self.department_id.data,
            category=self.category.data or "",
            statement=self.statement.data or "",
            clause_id=self.clause_id.data,
            requirement=self.requirement.data or "",
            evidence=self.evidence.data or "",
        )


def _fits(category: Category, way: Way) -> bool:
    if way is Way.PRODUCT:
        return False
    return category in GRAVE if way is Way.CASE else category is Category.OBSERVATION


class RefuseForm(Form):
    """Why a report becomes nothing."""

    reason = TextField(
        _("Reason"), limit=2000, validators=[needed(_("Write the reason. Whoever reported it reads it."))]
    )


class RoutesForm(Form):
    """Who decides about the reports of each source, and what they usually become."""

    def routed(self) -> dict[Source, Route]:
        """What was chosen."""
        return {
            source: Route(Way(self[f"way_{source}"].data), self[f"decides_{source}"].data) for source in OUTSIDE_AUDITS
        }

    @property
    def lines(self) -> list[tuple[str, SelectField, SelectField]]:
        """The fields of each source, by its name."""
        return [(said(SOURCES[source]), self[f"decides_{source}"], self[f"way_{source}"]) for source in OUTSIDE_AUDITS]


for _source in OUTSIDE_AUDITS:
    setattr(RoutesForm, f"decides_{_source}", SelectField(_("Who decides"), coerce=id_or_none, validators=[optional()]))
    setattr(RoutesForm, f"way_{_source}", SelectField(_("What it usually becomes")))


def routes_form(routes: dict[Source, Route], units: Sequence[Department]) -> RoutesForm:
    """The form with the routes as they stand."""
    data = {f"decides_{source}": route.department_id for source, route in routes.items()}
    form = RoutesForm(data=data | {f"way_{source}": route.way.value for source, route in routes.items()})
    heads = [SelectChoice(str(unit.id), gettext("Head of: %(department)s", department=unit.name)) for unit in units]
    for source in OUTSIDE_AUDITS:
        form[f"decides_{source}"].choices = [SelectChoice("", gettext("The proxy")), *heads]
        form[f"way_{source}"].choices = [SelectChoice(way.value, said(WAYS[way])) for way in Way]
    return form
