"""What must be true of a case before a step: each condition has one predicate, and one sentence for when it fails."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from qms.domain.case_facts import Facts
from qms.domain.errors import N_, NotAllowedNow, NotIndependent, NotPermitted, RuleViolation
from qms.domain.independence import OWN_WORK
from qms.domain.standing import Who


class Condition(StrEnum):
    STATEMENT = "statement"
    EVIDENCE = "evidence"
    LEAF_CLAUSE = "leaf_clause"
    REQUIREMENT = "requirement"
    NOT_OF_AUDIT = "not_of_audit"
    CORRECTION_OR_REASON = "correction_or_reason"
    CAUSE = "cause"
    ONE_WAY = "one_way"
    ACTION = "action"
    PERSON_AND_DATE = "person_and_date"
    ANSWER_NOT_SENT = "answer_not_sent"
    ANSWER_SENT = "answer_sent"
    CRITERION = "criterion"
    EVIDENCE_OF_DOING = "evidence_of_doing"
    PARTS_DONE = "parts_done"
    ALL_ACTIONS_DONE = "all_actions_done"
    EVIDENCE_ON_EVERY_ACTION = "evidence_on_every_action"
    INDEPENDENT = "independent"
    NOT_OWN_CASE = "not_own_case"
    HEAD_ONLY_AS_LAST = "head_only_as_last"
    HEAD_CLOSES_OWN_JUDGEMENT = "head_closes_own_judgement"
    CHECK_DAY_REACHED = "check_day_reached"
    HOW_SHOWN = "how_shown"
    EFFECTIVE_RESULT = "effective_result"
    TWO_SIGNATURES = "two_signatures"
    REASON = "reason"
    NEW_DAY = "new_day"
    SECOND_MOVE_BY_SECRETARY = "second_move_by_secretary"
    ANSWER_AWAITED = "answer_awaited"
    ANSWER_DAY = "answer_day"
    TIME_NOT_ASKED = "time_not_asked"
    TIME_ASKED = "time_asked"
    NOT_OBJECTED = "not_objected"
    NOT_UPHELD = "not_upheld"
    OBJECTED = "objected"
    WITHIN_YEAR = "within_year"
    PROXY_WAITED = "proxy_waited"
    LEAD_CONSENT = "lead_consent"
    NOT_FROM_BODY = "not_from_body"
    FULL = "full"
    LIGHT = "light"
    RETURNABLE = "returnable"


Acting = frozenset[Who]
"""The capacities in which the person may take the step at all."""


@dataclass(frozen=True)
class Requirement:
    is_met: Callable[[Facts, Acting], bool]
    sentence: str
    refusal: type[RuleViolation] = NotAllowedNow
    field: str | None = None
    """The form field that meets it. A requirement without one stands whatever is typed."""

    def refused(self) -> RuleViolation:
        """The refusal of a step that does not meet it."""
        return self.refusal(self.sentence, field=self.field)


HEAD_ALONE = frozenset({Who.HEAD_OF_OFFICE})
ANSWERING = frozenset({Who.UNIT_HEAD, Who.ADDRESSEE})
DECIDING = frozenset({Who.PROXY, Who.DEPUTY})

REQUIREMENTS: dict[Condition, Requirement] = {
    Condition.STATEMENT: Requirement(
        lambda facts, _: facts.has_statement, N_("Write what was found before you publish."), field="statement"
    ),
    Condition.EVIDENCE: Requirement(
        lambda facts, _: facts.has_evidence, N_("Write what you saw as evidence before you publish."), field="evidence"
    ),
    Condition.LEAF_CLAUSE: Requirement(
        lambda facts, _: facts.has_leaf_clause or not facts.needs_clause,
        N_("Choose the exact requirement, not a whole chapter or group."),
        field="clause",
    ),
    Condition.REQUIREMENT: Requirement(
        lambda facts, _: facts.has_requirement or not facts.needs_requirement,
        N_("Choose a clause, or write what should be so and where it is written."),
        field="requirement",
    ),
    Condition.NOT_OF_AUDIT: Requirement(
        lambda facts, _: not facts.is_of_audit,
        N_("An audit found this. The lead auditor publishes it with the report."),
    ),
    Condition.CORRECTION_OR_REASON: Requirement(
        lambda facts, _: facts.has_correction_or_reason,
        N_("Write what was put right at once, or why nothing could be."),
        field="correction",
    ),
    Condition.CAUSE: Requirement(
        lambda facts, _: facts.has_cause, N_("Write the cause before you send the answer."), field="cause"
    ),
    Condition.ONE_WAY: Requirement(
        lambda facts, _: not facts.is_cause_sought_twice,
        N_("Both the five questions and the headings are filled in. Keep one of them and clear the other."),
        field="cause",
    ),
    Condition.ACTION: Requirement(
        lambda facts, _: facts.has_action,
        N_("Add at least one action: what you will change so that it does not happen again."),
        field="actions",
    ),
    Condition.PERSON_AND_DATE: Requirement(
        lambda facts, _: facts.has_person_and_date_on_every_action or not facts.has_action,
        N_("Give each action a person and a date."),
        field="actions",
    ),
    Condition.ANSWER_NOT_SENT: Requirement(
        lambda facts, _: not facts.is_answer_sent,
        N_("The answer has been sent already. Wait until the proxy accepts or returns it."),
    ),
    Condition.ANSWER_SENT: Requirement(
        lambda facts, _: facts.is_answer_sent,
        N_("The unit has not sent its answer yet. Wait for it or remind the head of the unit."),
    ),
    Condition.CRITERION: Requirement(
        lambda facts, _: facts.has_criterion or not facts.needs_criterion,
        N_("Write how the effect will be judged: what will be looked at, and when the actions count as effective."),
        field="criterion",
    ),
    Condition.EVIDENCE_OF_DOING: Requirement(
        lambda facts, _: facts.has_evidence_of_doing,
        N_("Describe what was done or add a file that shows it."),
        field="evidence",
    ),
    Condition.ALL_ACTIONS_DONE: Requirement(
        lambda facts, _: facts.are_all_actions_done,
        N_("Some actions are not reported done yet. Report each of them first."),
    ),
    Condition.EVIDENCE_ON_EVERY_ACTION: Requirement(
        lambda facts, _: facts.has_evidence_on_every_action,
        N_("Some actions have no evidence yet. Add it to each of them first."),
    ),
    Condition.INDEPENDENT: Requirement(
        lambda facts, _: not facts.is_owner_or_doer,
        OWN_WORK,
        NotIndependent,
    ),
    Condition.NOT_OWN_CASE: Requirement(
        lambda facts, _: not facts.is_own_case,
        N_("This case is about your own work. Ask the proxy's deputy, or the head of the office to appoint one."),
        NotIndependent,
    ),
    Condition.HEAD_ONLY_AS_LAST: Requirement(
        lambda facts, acting: acting != HEAD_ALONE or facts.is_nobody_else_left,
        N_("The head of the office judges only when nobody else can. Ask the proxy or an auditor."),
        NotPermitted,
    ),
    Condition.HEAD_CLOSES_OWN_JUDGEMENT: Requirement(
        lambda facts, acting: acting != HEAD_ALONE or (facts.is_nobody_else_left and facts.is_own_judgement),
        N_("The head of the office closes only a case that they judged themselves. Ask the proxy to close it."),
        NotPermitted,
    ),
    Condition.CHECK_DAY_REACHED: Requirement(
        lambda facts, _: facts.is_check_day_reached,
        N_("The day of the effectiveness review has not come yet. Wait for it, or set another day with a reason."),
    ),
    Condition.HOW_SHOWN: Requirement(
        lambda facts, _: facts.has_how_shown, N_("Write what you checked and what it showed."), field="how_shown"
    ),
    Condition.EFFECTIVE_RESULT: Requirement(
        lambda facts, _: facts.is_judged_effective,
        N_("Nobody has judged the actions effective yet. Record the effectiveness review first."),
    ),
    Condition.TWO_SIGNATURES: Requirement(
        lambda facts, _: facts.has_two_signatures or not facts.needs_two_signatures,
        N_("A major nonconformity of the certification body needs two signatures. Ask for the missing one."),
    ),
    Condition.REASON: Requirement(
        lambda facts, _: facts.has_reason, N_("Write the reason. It stays with the case."), field="reason"
    ),
    Condition.NEW_DAY: Requirement(
        lambda facts, _: facts.has_new_day,
        N_("Choose a day later than the present one, by a year at most."),
        field="new_due_on",
    ),
    Condition.SECOND_MOVE_BY_SECRETARY: Requirement(
        lambda facts, acting: bool(acting & DECIDING) if facts.date_moves == 0 else Who.SECRETARY in acting,
        N_("The proxy grants the first new day and the secretary every later one. Ask the right person."),
        NotPermitted,
    ),
    Condition.ANSWER_AWAITED: Requirement(
        lambda facts, _: facts.is_answer_awaited,
        N_("This case waits for no answer now. Open it to see how it stands."),
    ),
    Condition.ANSWER_DAY: Requirement(
        lambda facts, _: facts.has_answer_day,
        N_("No day is set for this answer, so you need no later one. Send it when it is ready."),
    ),
    Condition.TIME_NOT_ASKED: Requirement(
        lambda facts, _: not facts.is_time_asked,
        N_("More time was asked for already. Wait for the decision; until then the present day stands."),
    ),
    Condition.TIME_ASKED: Requirement(
        lambda facts, _: facts.is_time_asked,
        N_("Nobody waits for more time in this case. Open it to see how it stands."),
    ),
    Condition.NOT_OBJECTED: Requirement(
        lambda facts, _: not facts.is_objected,
        N_("Somebody objects to this finding already. Wait for the answer to that; until then answer by the day."),
    ),
    Condition.NOT_UPHELD: Requirement(
        lambda facts, _: not facts.is_upheld,
        N_("An objection to this finding was answered: it stands. Answer it by its day."),
    ),
    Condition.OBJECTED: Requirement(
        lambda facts, _: facts.is_objected,
        N_("Nobody objects to this finding now. Open it to see how it stands."),
    ),
    Condition.WITHIN_YEAR: Requirement(
        lambda facts, _: facts.is_within_year_of_closing,
        N_("This case was closed more than 12 months ago. Report a new nonconformity and refer to this one."),
    ),
    Condition.PROXY_WAITED: Requirement(
        lambda facts, acting: bool(acting & ANSWERING) or facts.is_unit_silent_for_a_week,
        N_("The unit has seven days to acknowledge the finding. After that the proxy can do it."),
    ),
    Condition.LEAD_CONSENT: Requirement(
        lambda facts, _: facts.has_lead_consent or not facts.needs_lead_consent,
        N_("The lead auditor has to agree first. Ask for consent and record it."),
        field="lead_consent",
    ),
    Condition.NOT_FROM_BODY: Requirement(
        lambda facts, _: not facts.is_from_body,
        N_("A nonconformity of the certification body cannot be rejected here. Answer it, or write to the body."),
    ),
    Condition.PARTS_DONE: Requirement(
        lambda facts, _: not facts.has_open_parts,
        N_("Parts of this action are open. Open the case, tick them as done or say why they are left out."),
    ),
    Condition.FULL: Requirement(
        lambda facts, _: not facts.is_light,
        N_("This finding asks only whether the unit acts. Open it to see how it stands."),
    ),
    Condition.LIGHT: Requirement(
        lambda facts, _: facts.is_light,
        N_("This finding asks for a whole answer: why it happened and what will change. Write that."),
    ),
    Condition.RETURNABLE: Requirement(
        lambda facts, _: not (facts.is_light and facts.is_returned),
        N_("It was returned once already. Take note of it, or record a nonconformity if it is one."),
    ),
}
