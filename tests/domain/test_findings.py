"""The three tables below were written by hand, from the office's rules, before the code was looked at."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

import pytest

from qms.domain.case_conditions import REQUIREMENTS, Condition
from qms.domain.case_facts import Facts
from qms.domain.errors import NotAllowedNow, NotIndependent, NotPermitted, RuleViolation
from qms.domain.findings import (
    MAY,
    NEXT,
    STEPS,
    Category,
    Stage,
    State,
    Step,
    Table,
    Transition,
    after,
    allowed_steps,
    check,
    lacking,
    needs_answer,
    needs_criterion,
    stage_of,
)
from qms.domain.standing import Who
from tests.domain.tables import cells

# Where each step leads, from each state. D draft, R reported, A accepted, I in analysis, P planned, W work in progress,
# X done, E effectiveness check, C closed, J rejected, K cancelled; a dash: the step is refused.
STATE_LETTERS = dict(zip("DRAIPWXECJK", State, strict=True))
LEADS_TO = """
                   D  R  A  I  P  W  X  E  C  J  K
publish            R  -  -  -  -  -  -  -  -  -  -
take_up            R  -  -  -  -  -  -  -  -  -  -
withdraw           K  -  -  -  -  -  -  -  -  -  -
acknowledge        -  A  -  -  -  -  -  -  -  -  -
analyse            -  -  I  -  -  -  -  -  -  -  -
answer             -  -  -  I  -  -  -  -  -  -  -
return_answer      -  -  -  I  -  -  -  -  -  -  -
accept_answer      -  -  -  P  -  -  -  -  -  -  -
start_work         -  -  -  -  W  -  -  -  -  -  -
report_done        -  -  -  -  -  W  -  -  -  -  -
complete           -  -  -  -  -  X  -  -  -  -  -
verify             -  -  -  -  -  -  E  -  -  -  -
send_back          -  -  -  -  -  -  W  -  -  -  -
judge_effective    -  -  -  -  -  -  -  E  -  -  -
judge_ineffective  -  -  -  -  -  -  -  I  -  -  -
postpone           -  -  -  -  -  -  -  E  -  -  -
close              -  -  -  -  -  -  -  C  -  -  -
reopen             -  -  -  -  -  -  -  -  I  -  -
reject             -  J  J  -  -  -  -  -  -  -  -
cancel             -  K  K  K  K  K  K  K  -  -  -
move_date          -  R  A  I  P  W  -  -  -  -  -
reassign           -  -  -  -  P  W  -  -  -  -  -
share_action       -  -  -  -  P  W  -  -  -  -  -
ask_time           -  R  A  I  -  -  -  -  -  -  -
refuse_time        -  R  A  I  -  -  -  -  -  -  -
object             -  R  A  I  -  -  -  -  -  -  -
uphold             -  R  A  I  P  W  X  E  -  -  -
act                -  W  W  W  -  -  -  -  -  -  -
leave              -  I  I  I  -  -  -  -  -  -  -
take_note          -  -  -  C  -  -  -  -  -  -  -
confirm            -  -  -  -  -  -  C  -  -  -  -
"""

WHO_MAY = """
                   lead  team  trainee  proxy  deputy  secretary  head_of_office  unit_head  doer  auditor  employee
publish            yes   -     -        -      -       -          -               -          -     -        -
take_up            -     -     -        yes    yes     -          -               yes        -     -        -
withdraw           yes   yes   -        -      -       -          -               -          -     -        -
acknowledge        -     -     -        yes    yes     -          -               yes        -     -        -
analyse            -     -     -        -      -       -          -               yes        -     -        -
answer             -     -     -        -      -       -          -               yes        -     -        -
return_answer      -     -     -        yes    yes     -          -               -          -     -        -
accept_answer      -     -     -        yes    yes     -          -               -          -     -        -
start_work         -     -     -        -      -       -          -               yes        yes   -        -
report_done        -     -     -        -      -       -          -               -          yes   -        -
complete           -     -     -        -      -       -          -               yes        yes   -        -
verify             yes   yes   -        yes    -       -          yes             -          -     -        -
send_back          yes   yes   -        yes    -       -          yes             -          -     -        -
judge_effective    yes   yes   -        yes    -       -          yes             -          -     -        -
judge_ineffective  yes   yes   -        yes    -       -          yes             -          -     -        -
postpone           yes   yes   -        yes    yes     -          -               -          -     -        -
close              -     -     -        yes    yes     -          yes             -          -     -        -
reopen             -     -     -        yes    yes     -          -               -          -     -        -
reject             -     -     -        yes    yes     -          -               -          -     -        -
cancel             -     -     -        yes    yes     -          -               -          -     -        -
move_date          -     -     -        yes    yes     yes        -               -          -     -        -
reassign           -     -     -        yes    yes     -          -               yes        -     -        -
share_action       yes   -     -        yes    yes     -          -               -          -     -        -
ask_time           -     -     -        -      -       -          -               yes        -     -        -
refuse_time        -     -     -        yes    yes     yes        -               -          -     -        -
object             -     -     -        -      -       -          -               yes        -     -        -
uphold             -     -     -        yes    yes     -          -               -          -     -        -
act                -     -     -        -      -       -          -               yes        -     -        -
leave              -     -     -        -      -       -          -               yes        -     -        -
take_note          yes   yes   -        yes    yes     -          -               -          -     -        -
confirm            yes   yes   -        yes    -       -          yes             -          -     -        -
"""

# What each step asks for. Read across: without this, the step is refused.
ASKED_FOR = {
    Step.PUBLISH: "statement evidence leaf_clause",
    Step.TAKE_UP: "not_of_audit statement leaf_clause requirement",
    Step.WITHDRAW: "",
    Step.ACKNOWLEDGE: "proxy_waited",
    Step.ANALYSE: "full correction_or_reason",
    Step.ANSWER: "full answer_not_sent correction_or_reason cause one_way action person_and_date",
    Step.RETURN_ANSWER: "answer_sent not_own_case returnable reason",
    Step.ACCEPT_ANSWER: "full answer_sent not_own_case criterion",
    Step.START_WORK: "",
    Step.REPORT_DONE: "evidence_of_doing parts_done",
    Step.COMPLETE: "all_actions_done evidence_on_every_action",
    Step.VERIFY: "full head_only_as_last independent",
    Step.SEND_BACK: "head_only_as_last independent reason",
    Step.JUDGE_EFFECTIVE: "head_only_as_last independent check_day_reached how_shown",
    Step.JUDGE_INEFFECTIVE: "head_only_as_last independent how_shown",
    Step.POSTPONE: "new_day reason",
    Step.CLOSE: "head_closes_own_judgement effective_result two_signatures",
    Step.REOPEN: "within_year reason",
    Step.REJECT: "not_from_body not_own_case lead_consent reason",
    Step.CANCEL: "not_own_case reason",
    Step.MOVE_DATE: "second_move_by_secretary not_own_case new_day reason",
    Step.REASSIGN: "reason",
    Step.SHARE_ACTION: "not_own_case",
    Step.ASK_TIME: "answer_awaited answer_day time_not_asked new_day reason",
    Step.REFUSE_TIME: "time_asked second_move_by_secretary not_own_case reason",
    Step.OBJECT: "answer_awaited not_objected not_upheld reason",
    Step.UPHOLD: "objected not_own_case reason",
    Step.ACT: "light answer_not_sent action person_and_date",
    Step.LEAVE: "light answer_not_sent reason",
    Step.TAKE_NOTE: "light answer_sent not_own_case",
    Step.CONFIRM: "light head_only_as_last independent",
}

# A case in which nothing stands in the way of any step, except that an answer is either sent or not, that
# something is either asked for or not, and that a whole answer is wanted or only a word whether the unit acts.
READY = Facts(
    has_statement=True,
    has_evidence=True,
    has_leaf_clause=True,
    has_requirement=True,
    has_correction_or_reason=True,
    has_cause=True,
    has_action=True,
    has_person_and_date_on_every_action=True,
    has_evidence_of_doing=True,
    are_all_actions_done=True,
    has_evidence_on_every_action=True,
    is_check_day_reached=True,
    is_judged_effective=True,
    is_own_judgement=True,
    has_how_shown=True,
    has_reason=True,
    has_new_day=True,
    is_answer_awaited=True,
    has_answer_day=True,
    is_within_year_of_closing=True,
    is_unit_silent_for_a_week=True,
    has_lead_consent=True,
    is_nobody_else_left=True,
    has_two_signatures=True,
)
HEAD, PROXY = frozenset({Who.HEAD_OF_OFFICE}), frozenset({Who.PROXY})
# For each condition, the change to READY that breaks it.
BREAKS: dict[Condition, Callable[[Facts], Facts]] = {
    Condition.STATEMENT: lambda facts: replace(facts, has_statement=False),
    Condition.EVIDENCE: lambda facts: replace(facts, has_evidence=False),
    Condition.LEAF_CLAUSE: lambda facts: replace(facts, has_leaf_clause=False),
    Condition.REQUIREMENT: lambda facts: replace(facts, has_requirement=False),
    Condition.NOT_OF_AUDIT: lambda facts: replace(facts, is_of_audit=True),
    Condition.CORRECTION_OR_REASON: lambda facts: replace(facts, has_correction_or_reason=False),
    Condition.CAUSE: lambda facts: replace(facts, has_cause=False),
    Condition.ONE_WAY: lambda facts: replace(facts, is_cause_sought_twice=True),
    Condition.ACTION: lambda facts: replace(facts, has_action=False),
    Condition.PERSON_AND_DATE: lambda facts: replace(facts, has_person_and_date_on_every_action=False),
    Condition.ANSWER_NOT_SENT: lambda facts: replace(facts, is_answer_sent=True),
    Condition.ANSWER_SENT: lambda facts: replace(facts, is_answer_sent=False),
    Condition.CRITERION: lambda facts: replace(facts, needs_criterion=True),
    Condition.EVIDENCE_OF_DOING: lambda facts: replace(facts, has_evidence_of_doing=False),
    Condition.PARTS_DONE: lambda facts: replace(facts, has_open_parts=True),
    Condition.ALL_ACTIONS_DONE: lambda facts: replace(facts, are_all_actions_done=False),
    Condition.EVIDENCE_ON_EVERY_ACTION: lambda facts: replace(facts, has_evidence_on_every_action=False),
    Condition.INDEPENDENT: lambda facts: replace(facts, is_owner_or_doer=True),
    Condition.NOT_OWN_CASE: lambda facts: replace(facts, is_own_case=True),
    Condition.HEAD_ONLY_AS_LAST: lambda facts: replace(facts, is_nobody_else_left=False),
    Condition.HEAD_CLOSES_OWN_JUDGEMENT: lambda facts: replace(facts, is_own_judgement=False),
    Condition.CHECK_DAY_REACHED: lambda facts: replace(facts, is_check_day_reached=False),
    Condition.HOW_SHOWN: lambda facts: replace(facts, has_how_shown=False),
    Condition.EFFECTIVE_RESULT: lambda facts: replace(facts, is_judged_effective=False),
    Condition.TWO_SIGNATURES: lambda facts: replace(facts, needs_two_signatures=True, has_two_signatures=False),
    Condition.REASON: lambda facts: replace(facts, has_reason=False),
    Condition.NEW_DAY: lambda facts: replace(facts, has_new_day=False),
    Condition.SECOND_MOVE_BY_SECRETARY: lambda facts: replace(facts, date_moves=1),
    Condition.ANSWER_AWAITED: lambda facts: replace(facts, is_answer_awaited=False),
    Condition.ANSWER_DAY: lambda facts: replace(facts, has_answer_day=False),
    Condition.TIME_NOT_ASKED: lambda facts: replace(facts, is_time_asked=True),
    Condition.TIME_ASKED: lambda facts: replace(facts, is_time_asked=False),
    Condition.NOT_OBJECTED: lambda facts: replace(facts, is_objected=True),
    Condition.NOT_UPHELD: lambda facts: replace(facts, is_upheld=True),
    Condition.OBJECTED: lambda facts: replace(facts, is_objected=False),
    Condition.WITHIN_YEAR: lambda facts: replace(facts, is_within_year_of_closing=False),
    Condition.PROXY_WAITED: lambda facts: replace(facts, is_unit_silent_for_a_week=False),
    Condition.LEAD_CONSENT: lambda facts: replace(facts, has_lead_consent=False),
    Condition.NOT_FROM_BODY: lambda facts: replace(facts, is_from_body=True),
    Condition.FULL: lambda facts: replace(facts, is_light=True),
    Condition.LIGHT: lambda facts: replace(facts, is_light=False),
    Condition.RETURNABLE: lambda facts: replace(facts, is_light=True, is_returned=True),
}
# Whom a condition stops, where it does not stop everybody.
STOPPED = {
    Condition.HEAD_ONLY_AS_LAST: HEAD,
    Condition.HEAD_CLOSES_OWN_JUDGEMENT: HEAD,
    Condition.SECOND_MOVE_BY_SECRETARY: PROXY,
    Condition.PROXY_WAITED: PROXY,
}


LIGHT_STEPS = {Step.ACT, Step.LEAVE, Step.TAKE_NOTE, Step.CONFIRM}


def ready(step: Step) -> Facts:
    asked = {"is_time_asked": step is Step.REFUSE_TIME, "is_objected": step is Step.UPHOLD}
    is_sent, is_light = step not in {Step.ANSWER, Step.ACT, Step.LEAVE}, step in LIGHT_STEPS
    return replace(READY, is_answer_sent=is_sent, is_light=is_light, **asked)


def able(step: Step) -> frozenset[Who]:
    """Somebody who may take the step when all is ready."""
    return frozenset({next(Who(who) for who, may in row(WHO_MAY, step) if may == "yes")})


@lru_cache
def row(table: str, step: Step) -> tuple[tuple[str, str], ...]:
    return tuple((column, value) for name, column, value in cells(table) if name == step)


def starting(step: Step) -> State:
    return next(STATE_LETTERS[letter] for letter, to in row(LEADS_TO, step) if to != "-")


def refusal(step: Step, state: State, *, who: frozenset[Who], facts: Facts, steps: Table = STEPS) -> str | None:
    """The sentence the step is refused with, or None when it is granted."""
    try:
        check(step, state, who=who, facts=facts, steps=steps)
    except RuleViolation as error:
        return error.message
    return None


def differences(steps: Table, step: Step) -> Iterator[str]:
    """Every cell of the step in which the code and the tables written by hand disagree."""
    yield from _wrong_conditions(steps, step)
    yield from _wrong_states(steps, step)
    yield from _wrong_people(steps, step)


def _wrong_states(steps: Table, step: Step) -> Iterator[str]:
    for letter, expected in row(LEADS_TO, step):
        state = STATE_LETTERS[letter]
        refused = refusal(step, state, who=able(step), facts=ready(step), steps=steps)
        led = "-" if refused == NEXT[state] else refused or _letter(after(step, state, steps))
        if led != expected:
            yield f"from {state}: {led}, not {expected}"


def _letter(state: State) -> str:
    return next(letter for letter, each in STATE_LETTERS.items() if each is state)


def _wrong_people(steps: Table, step: Step) -> Iterator[str]:
    for who, may in row(WHO_MAY, step):
        facts = replace(ready(step), date_moves=1 if who == Who.SECRETARY else 0)
        refused = refusal(step, starting(step), who=frozenset({Who(who)}), facts=facts, steps=steps)
        if refused != (None if may == "yes" else MAY[STEPS[step].who]):
            yield f"by {who}: {refused}, but the table says {may}"


def _wrong_conditions(steps: Table, step: Step) -> Iterator[str]:
    asked = [Condition(name) for name in ASKED_FOR[step].split()]
    yield from (f"asks for {condition}" for condition in set(steps[step].conditions) ^ set(asked))
    for condition in asked:
        facts, who = BREAKS[condition](ready(step)), STOPPED.get(condition, able(step))
        refused = refusal(step, starting(step), who=who, facts=facts, steps=steps)
        if refused != REQUIREMENTS[condition].sentence:
            yield f"without {condition}: {refused}"


@pytest.mark.parametrize("step", Step)
def test_all_that_a_form_lacks_is_listed_at_once_and_nothing_that_it_cannot_meet(step: Step) -> None:
    asked = [condition for condition in STEPS[step].conditions if REQUIREMENTS[condition].field]
    facts = ready(step)
    for condition in STEPS[step].conditions:
        # Whether each action has a person and a date is asked only where there is an action.
        facts = facts if condition is Condition.ACTION else BREAKS[condition](facts)

    listed = lacking(step, who=able(step), facts=facts)

    expected = [REQUIREMENTS[condition] for condition in asked if condition is not Condition.ACTION]
    assert [(refusal.message, refusal.field) for refusal in listed] == [(one.sentence, one.field) for one in expected]


@pytest.mark.parametrize("step", Step)
def test_the_code_agrees_with_the_tables(step: Step) -> None:
    assert list(differences(STEPS, step)) == []


def test_the_tables_name_every_step_state_and_condition() -> None:
    assert {name for name, _, _ in cells(LEADS_TO)} == set(Step) == {name for name, _, _ in cells(WHO_MAY)}
    assert set(ASKED_FOR) == set(STEPS) == set(Step)
    assert set(BREAKS) == set(REQUIREMENTS) == set(Condition)
    assert set(NEXT) == set(State)


def _mutants(step: Step) -> Iterator[tuple[str, Transition]]:
    """The step's line in the table with one cell changed, for each cell."""
    line = STEPS[step]
    for state in State:
        yield f"from {state}", replace(line, from_states=line.from_states ^ {state})
    for who, _ in row(WHO_MAY, step):
        yield f"by {who}", replace(line, who=line.who ^ {Who(who)})
    for to in set(State) - {line.to or starting(step)}:
        yield f"to {to}", replace(line, to=to)
    for condition in Condition:
        others = tuple(each for each in line.conditions if each is not condition)
        yield (
            f"asking {condition}",
            replace(line, conditions=others if condition in line.conditions else (*others, condition)),
        )


@pytest.mark.parametrize("step", Step)
def test_no_cell_of_the_table_can_change_unnoticed(step: Step) -> None:
    unnoticed = [change for change, line in _mutants(step) if not any(differences({**STEPS, step: line}, step))]

    assert unnoticed == []


@pytest.mark.parametrize(
    ("state", "is_answer_sent", "stage"),
    [
        (State.DRAFT, False, None),
        (State.REPORTED, False, Stage.WAITS_FOR_ANSWER),
        (State.ACCEPTED, False, Stage.WAITS_FOR_ANSWER),
        (State.IN_ANALYSIS, False, Stage.WAITS_FOR_ANSWER),
        (State.IN_ANALYSIS, True, Stage.TO_BE_CHECKED),
        (State.PLANNED, True, Stage.BEING_DONE),
        (State.IN_PROGRESS, True, Stage.BEING_DONE),
        (State.DONE, True, Stage.TO_BE_JUDGED),
        (State.EFFECTIVENESS_CHECK, True, Stage.TO_BE_JUDGED),
        (State.CLOSED, True, Stage.CLOSED),
        (State.REJECTED, False, Stage.CLOSED),
        (State.CANCELLED, False, Stage.CANCELLED),
    ],
)
def test_people_see_six_stages(*, state: State, is_answer_sent: bool, stage: Stage | None) -> None:
    assert stage_of(state, is_answer_sent=is_answer_sent) is stage


@pytest.mark.parametrize(
    ("category", "needs"),
    [
        ("nonconformity", True),
        ("major", True),
        ("minor", True),
        ("potential", True),
        ("observation", False),
        ("opportunity", False),
        ("strength", False),
        ("good_practice", False),
    ],
)
def test_only_nonconformities_and_potential_ones_need_an_answer(*, category: str, needs: bool) -> None:
    assert needs_answer(Category(category)) is needs


@pytest.mark.parametrize("category", Category)
def test_of_the_highest_grade_alone_the_criterion_is_agreed_before_the_work(category: Category) -> None:
    assert needs_criterion(category) is (category is Category.MAJOR)


def test_buttons_are_offered_before_their_form_is_filled_in() -> None:
    blank = Facts(is_answer_sent=True)

    assert allowed_steps(State.IN_ANALYSIS, who=PROXY, facts=blank) == (
        Step.RETURN_ANSWER,
        Step.ACCEPT_ANSWER,
        Step.CANCEL,
        Step.MOVE_DATE,
    )
    assert allowed_steps(State.IN_ANALYSIS, who=frozenset({Who.UNIT_HEAD}), facts=blank) == ()
    assert Step.ANSWER in allowed_steps(State.IN_ANALYSIS, who=frozenset({Who.UNIT_HEAD}), facts=Facts())


def test_nobody_is_offered_a_step_on_their_own_case_or_work() -> None:
    own = replace(READY, is_answer_sent=True, is_own_case=True, is_owner_or_doer=True)

    assert allowed_steps(State.IN_ANALYSIS, who=PROXY, facts=own) == ()
    assert allowed_steps(State.DONE, who=PROXY, facts=own) == ()


def test_a_person_in_two_capacities_may_use_either() -> None:
    proxy_of_own_unit = frozenset({Who.PROXY, Who.UNIT_HEAD})

    check(Step.ACKNOWLEDGE, State.REPORTED, who=proxy_of_own_unit, facts=Facts())


@pytest.mark.parametrize(
    ("moves", "who", "is_granted"),
    [(0, "proxy", True), (0, "secretary", False), (1, "proxy", False), (1, "secretary", True), (2, "deputy", False)],
)
def test_the_first_new_day_is_the_proxys_and_later_ones_the_secretarys(
    *, moves: int, who: str, is_granted: bool
) -> None:
    facts = replace(READY, date_moves=moves)

    refused = refusal(Step.MOVE_DATE, State.PLANNED, who=frozenset({Who(who)}), facts=facts)

    assert (refused is None) is is_granted


def test_the_head_of_the_office_closes_only_what_they_judged_as_the_last_one_left() -> None:
    for change in ({"is_own_judgement": False}, {"is_nobody_else_left": False}):
        facts = replace(READY, **change)
        with pytest.raises(NotPermitted, match="judged themselves"):
            check(Step.CLOSE, State.EFFECTIVENESS_CHECK, who=HEAD, facts=facts)
        check(Step.CLOSE, State.EFFECTIVENESS_CHECK, who=PROXY, facts=facts)


def test_an_answer_without_actions_is_refused_with_what_the_form_has_a_field_for() -> None:
    facts = replace(READY, has_action=False)

    with pytest.raises(NotAllowedNow, match="Add at least one action: what you will change") as refused:
        check(Step.ANSWER, State.IN_ANALYSIS, who=frozenset({Who.UNIT_HEAD}), facts=facts)

    assert refused.value.field == "actions"


def test_a_finding_without_a_clause_is_published_only_where_none_is_needed() -> None:
    facts = replace(READY, needs_clause=False, has_leaf_clause=False)

    check(Step.PUBLISH, State.DRAFT, who=frozenset({Who.LEAD}), facts=facts)


def test_own_work_is_refused_as_a_lack_of_independence() -> None:
    assert REQUIREMENTS[Condition.INDEPENDENT].refusal is NotIndependent
    assert REQUIREMENTS[Condition.NOT_OWN_CASE].refusal is NotIndependent


def test_every_refusal_says_what_to_do_next() -> None:
    sentences = [*NEXT.values(), *MAY.values(), *(requirement.sentence for requirement in REQUIREMENTS.values())]

    assert all(sentence.endswith(".") for sentence in sentences)
    assert {transition.who for transition in STEPS.values()} <= set(MAY)
