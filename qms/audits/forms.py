"""Forms of audits. They check only what was typed; whether an audit may be so is the service's question."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any, cast

from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, SelectChoice, SelectField

from qms.audits import queries
from qms.audits.models import KINDS, METHODS, Audit
from qms.audits.planning import Plan
from qms.audits.words import KINDS as KIND_WORDS
from qms.audits.words import METHODS as METHOD_WORDS
from qms.core import i18n
from qms.core.forms import (
    CHOOSE,
    CheckboxesField,
    DateField,
    Form,
    LineField,
    TextField,
    id_or_none,
    needed,
    optional,
)
from qms.domain.editions import is_excluded
from qms.domain.errors import NotIndependent, RuleViolation
from qms.domain.standing import TeamRole
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.people import queries as people
from qms.people.models import Person
from qms.requirements import queries as requirements
from qms.requirements.words import clause_label, clause_title
from qms.standards import queries as standards
from qms.standards.models import Edition

_DAY_HINT = lazy_gettext("For example 27.3.2027")


class KindForm(Form):
    """What is settled once, when an audit is logged."""

    kind = SelectField(lazy_gettext("Kind of audit"), default="internal")
    number = LineField(
        lazy_gettext("Number it was given elsewhere"),
        [optional()],
        limit=60,
        description=lazy_gettext(
            "By the certification body or a partner, or before this register. "
            "Left empty, the audit gets the office’s next number."
        ),
    )


class ClausesForm(Form):
    """What is audited, and against what."""

    department_ids = CheckboxesField(
        lazy_gettext("Audited departments"), [needed(lazy_gettext("Choose at least one audited department."))]
    )
    edition_code = SelectField(
        lazy_gettext("Edition of the standard"),
        description=lazy_gettext("An internal audit may use any edition. Certification bodies use the one in force."),
    )
    process_ids = CheckboxesField(lazy_gettext("Audited processes"), [optional()])
    clause_ids = CheckboxesField(
        lazy_gettext("Clauses to audit against"), [needed(lazy_gettext("Choose at least one clause."))]
    )

    is_proposed = False

    @property
    def is_sent(self) -> bool:
        """Whether to save; the button beside the edition only asks for the clauses of the edition just chosen."""
        return "show" not in request.form and bool(self.validate_on_submit())

    def offer_clauses(self, office: Office, on: date) -> None:
        known = standards.editions()
        self.edition_code.choices = [SelectChoice(each.code, _edition_label(each)) for each in known]
        in_force = next((each.code for each in known if each.status == "current"), known[0].code)
        if self.edition_code.data is None:
            self.edition_code.data = in_force
        shown = self.edition_code.data if self.edition_code.data in {each.code for each in known} else in_force
        excluded = requirements.excluded(office.id, shown, on)
        self.clause_ids.choices = _clause_choices(shown, excluded)
        self._propose(shown, excluded)

    def _propose(self, edition_code: str, excluded: Collection[str]) -> None:
        """Tick what asks for much the same as clauses ticked in another edition, until the person decides."""
        chosen = set(self.clause_ids.data or ())
        offered = {each.value for each in self.clause_ids.choices}
        if "show" in request.form and chosen and not chosen & offered:
            near = standards.clauses_by_id(standards.proposed(chosen, edition_code))
            self.clause_ids.data = [each.id for each in near.values() if not is_excluded(each.number, excluded)]
            self.is_proposed = True

    def chapters(self) -> list[tuple[str, list[Any], int]]:
        """Each chapter with the boxes of its clauses and how many of them are ticked."""
        boxes = list(zip(self.clause_ids, self.clause_ids.choices, strict=True))
        grouped = groupby(boxes, key=lambda pair: str(pair[1].optgroup))
        listed = [(chapter, [box for box, _ in pairs]) for chapter, pairs in grouped]
        return [(chapter, group, sum(box.checked for box in group)) for chapter, group in listed]


class ScopeForm(ClausesForm):
    """What is decided about an audit and may be changed until its report."""

    starts_on = DateField(
        lazy_gettext("First day"), [needed(lazy_gettext("Enter the first day of the audit."))], description=_DAY_HINT
    )
    ends_on = DateField(
        lazy_gettext("Last day"), [needed(lazy_gettext("Enter the last day of the audit."))], description=_DAY_HINT
    )
    objective = TextField(
        lazy_gettext("Objective"), [optional()], limit=2000, description=lazy_gettext("What the audit should find out.")
    )
    body = LineField(
        lazy_gettext("Who audits from outside"),
        [optional()],
        limit=200,
        description=lazy_gettext("The name of the certification body, or of the partner or client."),
    )
    method = SelectField(lazy_gettext("Method"), default="on_site")
    places = TextField(
        lazy_gettext("Places"),
        [optional()],
        limit=1000,
        description=lazy_gettext("One on each line: an address and a room, or how to join a remote meeting."),
    )
    criteria = TextField(
        lazy_gettext("Criteria beside the standard"),
        [optional()],
        limit=4000,
        description=lazy_gettext("One on each line. For example: law, the office’s own procedures."),
    )
    auditees = TextField(
        lazy_gettext("People or posts to meet"),
        [optional()],
        limit=2000,
        description=lazy_gettext("One on each line. For example: head of the department, customer service desk."),
    )
    lead_id = SelectField(
        lazy_gettext("Lead auditor"),
        coerce=id_or_none,
        description=lazy_gettext(
            "An internal audit needs one. For an audit of the certification body: who enters its findings here."
        ),
        invalid_value_message=lazy_gettext("Choose a person from the list."),
        invalid_choice_message=lazy_gettext("Choose a person from the list."),
    )
    member_ids = CheckboxesField(lazy_gettext("Other auditors"), [optional()])
    trainee_ids = CheckboxesField(
        lazy_gettext("Trainees"),
        [optional()],
        description=lazy_gettext("They learn and help. They do not audit alone."),
    )
    expert_ids = CheckboxesField(
        lazy_gettext("Experts"),
        [optional()],
        description=lazy_gettext("They advise the team on their field. They judge nothing."),
    )
    observer_ids = CheckboxesField(
        lazy_gettext("Observers"), [optional()], description=lazy_gettext("They look on. They judge nothing.")
    )
    team_reason = TextField(
        lazy_gettext("Why the team can still judge"),
        [optional()],
        limit=2000,
        description=lazy_gettext(
            "Needed when somebody is close to what is audited, or when nobody else can judge it. The report prints it."
        ),
    )
    asks_head = BooleanField(
        lazy_gettext("Ask the head of the office for a permit"),
        description=lazy_gettext("The audit is saved, and begins only once the head permits it. The report says so."),
    )
    is_refused_as_own_work = False

    def refuse(self, error: RuleViolation) -> None:
        """Remember that a permit could help."""
        self.is_refused_as_own_work = isinstance(error, NotIndependent)
        super().refuse(error)

    def offer(self, office: Office, today: date) -> None:
        """Fill the lists with what may be chosen on the day of the audit, or today while no day is typed."""
        on = self.starts_on.data if isinstance(self.starts_on.data, date) else today
        self.department_ids.choices = [SelectChoice(each.id, each.name) for each in offices.departments(office.id, on)]
        self.process_ids.choices = [SelectChoice(each.id, each.name) for each in offices.processes(office.id, on)]
        self.method.choices = [SelectChoice(each, gettext(METHOD_WORDS[each])) for each in METHODS]
        self.offer_clauses(office, on)
        self._offer_people(office, on)

    def _offer_people(self, office: Office, on: date) -> None:
        auditors = queries.possible_auditors(office.id, on)
        others = [person for person in people.people_of(office.id, on) if person not in auditors]
        units = people.units_of([person.id for person in (*auditors, *others)], on)
        self.lead_id.choices = [SelectChoice("", str(CHOOSE)), *people_choices(auditors, units)]
        self.member_ids.choices = people_choices(auditors, units)
        self.trainee_ids.choices = people_choices(others, units)
        everybody = sorted((*auditors, *others), key=lambda person: person.sort_key)
        self.expert_ids.choices = people_choices(everybody, units)
        self.observer_ids.choices = people_choices(everybody, units)

    def plan(self, kind: str = "internal", number: str = "") -> Plan:
        """What was typed and ticked."""
        return Plan(
            kind=kind,
            number=number,
            edition_code=self.edition_code.data,
            department_ids=frozenset(self.department_ids.data),
            clause_ids=frozenset(self.clause_ids.data),
            starts_on=cast("date", self.starts_on.data),
            ends_on=cast("date", self.ends_on.data),
            lead_id=self.lead_id.data,
            member_ids=frozenset(self.member_ids.data or ()),
            trainee_ids=frozenset(self.trainee_ids.data or ()),
            expert_ids=frozenset(self.expert_ids.data or ()),
            observer_ids=frozenset(self.observer_ids.data or ()),
            process_ids=frozenset(self.process_ids.data or ()),
            method=self.method.data,
            places=self.places.data or "",
            criteria=self.criteria.data or "",
            auditees=self.auditees.data or "",
            objective=self.objective.data or "",
            team_reason=self.team_reason.data or "",
            asks_head=bool(self.asks_head.data),
            body=self.body.data or "",
        )


def _edition_label(edition: Edition) -> str:
    name = f"ISO {edition.code}"
    return gettext("%(edition)s (past edition)", edition=name) if edition.status == "historical" else name


def _clause_choices(edition_code: str, excluded: Mapping[str, str]) -> list[SelectChoice]:
    clauses = standards.clauses(edition_code)
    language = i18n.language()
    headings = {
        each.number: f"{each.number} {clause_title(each, language)}" for each in clauses if each.kind == "chapter"
    }
    choices = []
    for each in clauses:
        if each.kind not in standards.AUDITABLE:
            continue
        label = clause_label(each, language, excluded)
        chapter = each.number.partition(".")[0]
        choices.append(SelectChoice(each.id, label, optgroup=headings.get(chapter, chapter)))
    return choices


def people_choices(found: Iterable[Person], units: Mapping[int, list[str]]) -> list[SelectChoice]:
    """With the department, because nobody audits their own; somebody lent has none here."""
    return [
        SelectChoice(person.id, f"{person.name} ({', '.join(units[person.id])})" if units[person.id] else person.name)
        for person in found
    ]


class NewAuditForm(KindForm, ScopeForm):
    """Logging an audit."""

    def offer(self, office: Office, today: date) -> None:
        """Fill the lists."""
        super().offer(office, today)
        self.kind.choices = [SelectChoice(kind, gettext(KIND_WORDS[kind])) for kind in KINDS]


class ChangeAuditForm(ScopeForm):
    """Changing an audit that is not over."""

    reason = TextField(
        lazy_gettext("Why the audit is moved"),
        [optional()],
        limit=2000,
        description=lazy_gettext("Needed when you change the days. The people concerned will read it."),
    )


def stored(audit: Audit) -> dict[str, Any]:
    """What the form for changing an audit starts with."""
    by_role: dict[str, list[int]] = {role: [] for role in TeamRole}
    for member in audit.team:
        by_role[member.role].append(member.person_id)
    return {
        "department_ids": [part.department_id for part in audit.departments],
        "process_ids": [part.process_id for part in audit.processes],
        "clause_ids": [part.clause_id for part in audit.clauses],
        "lead_id": next(iter(by_role[TeamRole.LEAD]), None),
        "member_ids": by_role[TeamRole.AUDITOR],
        "trainee_ids": by_role[TeamRole.TRAINEE],
        "expert_ids": by_role[TeamRole.EXPERT],
        "observer_ids": by_role[TeamRole.OBSERVER],
        "asks_head": any(each.needs_permit for each in audit.conflicts),
    }


class CancelAuditForm(Form):
    """Saying that an audit will not be held."""

    reason = TextField(
        lazy_gettext("Why the audit will not be held"),
        [needed(lazy_gettext("Write why the audit will not be held."))],
        limit=2000,
        description=lazy_gettext("The team and the heads of the departments will read it."),
    )
