"""What is known of a case and of a person when a step is asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known when a step is asked for: of the case, of what was typed, and of the person who asks.

    Each is false until the caller says otherwise, except what most findings need: a clause, a requirement, a consent.
    """

    has_statement: bool = False
    has_evidence: bool = False
    needs_clause: bool = True
    has_leaf_clause: bool = False
    has_requirement: bool = False
    """A clause, or in words what should be so and where it is written."""
    needs_requirement: bool = True
    is_of_audit: bool = False
    has_correction_or_reason: bool = False
    has_cause: bool = False
    is_cause_sought_twice: bool = False
    """By five questions and by headings, of which an answer tells one."""
    has_action: bool = False
    has_person_and_date_on_every_action: bool = False
    is_answer_sent: bool = False
    has_criterion: bool = False
    """It is said how the effect will be judged."""
    needs_criterion: bool = False
    has_evidence_of_doing: bool = False
    """Of the one action that is being reported done."""
    has_open_parts: bool = False
    """Of the same action: parts neither done nor left out."""
    are_all_actions_done: bool = False
    has_evidence_on_every_action: bool = False
    is_check_day_reached: bool = False
    is_judged_effective: bool = False
    is_own_judgement: bool = False
    """The asking person is the one who judged the effectiveness."""
    has_how_shown: bool = False
    has_reason: bool = False
    has_new_day: bool = False
    """A day later than the one that stands."""
    date_moves: int = 0
    """How many times the day was moved before."""
    is_answer_awaited: bool = False
    has_answer_day: bool = False
    """The answer is awaited until a day."""
    is_time_asked: bool = False
    """More time was asked for, and nobody has decided yet."""
    is_objected: bool = False
    """Somebody objects to the finding, and nobody has answered that yet."""
    is_upheld: bool = False
    """An objection was answered: the finding stands."""
    is_within_year_of_closing: bool = False
    is_unit_silent_for_a_week: bool = False
    has_lead_consent: bool = False
    needs_lead_consent: bool = True
    """Nobody leads where no audit found it."""
    is_light: bool = False
    """It asks only whether the unit acts: for no cause, and nobody judges an effect."""
    is_returned: bool = False
    """An answer of this round was returned before."""
    is_from_body: bool = False
    is_own_case: bool = False
    """The case is about the asking person's own unit or work."""
    is_owner_or_doer: bool = False
    """The asking person owns the case or one of its actions, or did one."""
    is_nobody_else_left: bool = False
    """No lead, auditor or proxy is left who neither owns nor did the actions."""
    needs_two_signatures: bool = False
    has_two_signatures: bool = False
