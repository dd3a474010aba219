"""What is typed about a programme: a planned audit, the plan at a glance, and what to suggest by."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField

from qms.audits.forms import ClausesForm, people_choices
from qms.core import i18n
from qms.core.forms import CheckboxesField, CountField, DateField, Form, TextField, id_or_none, needed, optional
from qms.domain.errors import N_
from qms.domain.programme import Window, months_window, window_chosen
from qms.domain.proposal import MONTHS
from qms.offices import queries as offices
from qms.offices.models import Department, Office
from qms.people.models import Person
from qms.programme.models import ProgrammeEntry
from qms.programme.proposing import Asked
from qms.programme.service import Wanted
from qms.programme.words import month, when

_DAY_HINT = _l("Leave it empty until the day is agreed. Then the programme shows the days in place of the months.")
_MOST = 99


def _months(empty: str, *, instead: bool = False) -> list[SelectChoice]:
    """`instead`: choosing one gives up the days that are agreed, which each choice says."""
    said = N_("%(month)s, giving up the agreed days") if instead else "%(month)s"
    named = ((each, i18n.said(said, month=i18n.sentence(month(each)))) for each in MONTHS)
    return [SelectChoice("", empty), *(SelectChoice(str(each), name) for each, name in named)]


class EntryForm(ClausesForm):
    """A planned audit: of what, against what, when and led by whom."""

    first_month = SelectField(_l("From month"), [optional()], coerce=id_or_none)
    last_month = SelectField(_l("To month"), [optional()], coerce=id_or_none)
    starts_on = DateField(_l("First day"), [optional()], description=_DAY_HINT)
    ends_on = DateField(_l("Last day"), [optional()], description=_DAY_HINT)
    lead_id = SelectField(_l("Lead auditor"), [optional()], coerce=id_or_none)

    def offer(
        self,
        office: Office,
        on: date,
        *,
        units: Sequence[Department],
        auditors: Sequence[Person],
        before: Window | None = None,
    ) -> None:
        """Fill the lists with what may be chosen on the first day of the year, or today; `before`: its time so far."""
        self.department_ids.choices = [SelectChoice(each.id, each.name) for each in units]
        self.process_ids.choices = [SelectChoice(each.id, each.name) for each in offices.processes(office.id, on)]
        self.offer_clauses(office, on)
        is_exact = before is not None and before.is_exact
        no_month = N_("The months of the agreed days") if is_exact else N_("Some time in the year")
        self.first_month.choices = _months(i18n.said(no_month))
        self.last_month.choices = _months(i18n.said(N_("The same month")))
        nobody = i18n.said(N_("Nobody yet"))
        self.lead_id.choices = [SelectChoice("", nobody), *people_choices(auditors, {each.id: [] for each in auditors})]

    def wanted(self, year: int, before: Window | None = None) -> Wanted:
        """What was chosen. Raises `InvalidInput` for days outside the year or the months."""
        return Wanted(
            edition_code=self.edition_code.data,
            department_ids=frozenset(self.department_ids.data),
            clause_ids=frozenset(self.clause_ids.data),
            process_ids=frozenset(self.process_ids.data or ()),
            window=window_chosen(
                year,
                months=(self.first_month.data, self.last_month.data),
                days=(self.starts_on.data, self.ends_on.data),
                before=before,
            ),
            lead_id=self.lead_id.data,
        )


def stored(entry: ProgrammeEntry) -> dict[str, Any]:
    """What the form for changing a planned audit starts with."""
    window = entry.window
    is_whole_year = len(window.months) == len(MONTHS)
    shown: dict[str, Any] = {"starts_on": window.first_on, "ends_on": window.last_on} if window.is_exact else {}
    if not window.is_exact and not is_whole_year:
        shown = {"first_month": window.months[0], "last_month": window.months[-1]}
    return shown | {
        "department_ids": [part.department_id for part in entry.units],
        "process_ids": [part.process_id for part in entry.processes],
        "clause_ids": [part.clause_id for part in entry.clauses],
        "edition_code": entry.edition_code,
        "lead_id": entry.lead_id,
    }


class RemoveEntryForm(Form):
    """Taking a planned audit off the programme."""

    reason = TextField(
        _l("Why it is taken off"),
        [needed(_l("Write why the audit is taken off the programme."))],
        limit=2000,
        description=_l("Whoever approves the programme will read it."),
    )


class NewVersionForm(Form):
    """Beginning the next version of an approved programme."""

    reason = TextField(
        _l("Why the programme changes"),
        [needed(_l("Write why the programme changes."))],
        limit=2000,
        description=_l("Whoever approves the programme will read it."),
    )


class ProposeForm(Form):
    """What a programme is suggested by."""

    edition_code = SelectField(_l("Edition of the standard"))
    most_a_month = CountField(
        _l("Audits in a month, at most"),
        [needed(_l("Enter how many audits fit into a month."))],
        most=_MOST,
        description=_l("In July, August and December a third of it."),
    )
    most_a_lead = CountField(
        _l("Audits that one auditor leads in the year, at most"),
        [needed(_l("Enter how many audits one auditor may lead."))],
        most=_MOST,
    )
    important_ids = CheckboxesField(
        _l("Departments to audit twice"),
        [optional()],
        description=_l(
            "Those that matter most this year. Departments with open nonconformities are audited twice anyway."
        ),
    )

    def offer(self, units: Sequence[Department], editions: Collection[str]) -> None:
        """Fill the lists."""
        self.edition_code.choices = [SelectChoice(each, f"ISO {each}") for each in sorted(editions, reverse=True)]
        self.important_ids.choices = [SelectChoice(each.id, each.name) for each in units]

    @property
    def asked(self) -> Asked:
        """What was chosen, once the form is valid."""
        return Asked(
            edition_code=self.edition_code.data,
            most_a_month=self.most_a_month.data,
            most_a_lead=self.most_a_lead.data,
            important=frozenset(self.important_ids.data or ()),
        )


class ArrangeForm(Form):
    """The months and leads of all planned audits at once; its fields are those of `arrange_form`."""

    @property
    def goes_on(self) -> bool:
        """Whether to go on to sending it for approval, and not to stay here."""
        return "send" in request.form

    def wanted(self, entries: Sequence[ProgrammeEntry]) -> dict[str, tuple[Window, int | None]]:
        """What was chosen for each planned audit, by its key."""
        found = {}
        for entry in entries:
            chosen = self[f"month_{entry.key}"].data
            window = months_window(entry.programme.year, chosen, None) if chosen else entry.window
            found[entry.key] = (window, self[f"lead_{entry.key}"].data)
        return found


def arrange_form(entries: Sequence[ProgrammeEntry], auditors: Sequence[Person]) -> ArrangeForm:
    """The form with a month and a lead for each planned audit, as they stand."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {}
    leads = [SelectChoice("", i18n.said(N_("Nobody yet"))), *(SelectChoice(each.id, each.name) for each in auditors)]
    for entry in entries:
        is_month = len(entry.window.months) == 1 and not entry.window.is_exact
        kept = i18n.said(CHOOSE_MONTH) if is_month else i18n.sentence(when(entry.window))
        what = i18n.said(N_("Month of no. %(number)s"), number=entry.line)
        fields[f"month_{entry.key}"] = SelectField(
            what, coerce=id_or_none, choices=_months(kept, instead=entry.window.is_exact)
        )
        lead = i18n.said(N_("Lead auditor of no. %(number)s"), number=entry.line)
        fields[f"lead_{entry.key}"] = SelectField(lead, coerce=id_or_none, choices=leads)
        data |= {f"month_{entry.key}": entry.window.months[0] if is_month else None, f"lead_{entry.key}": entry.lead_id}
    made: type[ArrangeForm] = type("ArrangeForm", (ArrangeForm,), fields)
    return made(data=data)


CHOOSE_MONTH = N_("Leave the month as it is")
