"""The life of a nonconformity: every step by the right person and by the wrong one."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from qms.core import clock
from qms.core.db import db, scoped
from qms.domain.errors import InvalidInput, NotAllowedNow, NotIndependent, NotPermitted, RuleViolation
from qms.domain.findings import Step
from qms.findings import history, service
from qms.findings.deadlines import waited_for
from qms.findings.facts import offered
from qms.findings.models import Finding
from qms.findings.service import Answer, Planned
from qms.offices import service as offices
from qms.people import service as people
from tests.support.application import typed
from tests.support.audits import letters
from tests.support.cases import Case, acting, an_answer, later, on, upload
from tests.support.statements import counted
from tests.support.world import SINCE, TODAY, OfficeWorld, World

EVERYBODY = (
    "proxy",
    "deputy",
    "head",
    "secretary",
    "auditor",
    "second_auditor",
    "fn_head",
    "fn_clerk",
    "km_head",
    "gd_head",
    "office_admin",
    "external",
)


@pytest.fixture
def bochnia(world: World) -> Any:
    """The office in whose walls a test stands."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def reported(place: OfficeWorld) -> Case:
    return Case(place).publish()


def answered(place: OfficeWorld) -> Case:
    return reported(place).answer()


def planned(place: OfficeWorld) -> Case:
    return answered(place).accept()


def done(place: OfficeWorld) -> Case:
    return planned(place).do()


def in_check(place: OfficeWorld) -> Case:
    return done(place).verify()


def closed(place: OfficeWorld) -> Case:
    return in_check(place).judge()


Verb = Callable[[Case, Any, date], None]

# verb: from where, the verb, who may, when
VERBS: dict[str, tuple[Callable[[OfficeWorld], Case], Verb, set[str], int]] = {
    "acknowledge": (
        reported,
        lambda case, by, day: service.acknowledge(case.finding, by=by, today=day),
        {"fn_head"},
        0,
    ),
    "acknowledge after a week of silence": (
        reported,
        lambda case, by, day: service.acknowledge(case.finding, by=by, today=day),
        {"fn_head", "proxy", "deputy"},
        8,
    ),
    "save_answer": (
        reported,
        lambda case, by, day: service.save_answer(case.finding, Answer(cause="Nie wiemy."), by=by, today=day),
        {"fn_head"},
        0,
    ),
    "send_answer": (
        reported,
        lambda case, by, day: service.send_answer(
            case.finding, an_answer(case.where.fn_clerk, later(30)), by=by, today=day
        ),
        {"fn_head"},
        0,
    ),
    "accept_answer": (
        answered,
        lambda case, by, day: service.accept_answer(case.finding, by=by, today=day),
        {"proxy", "deputy"},
        0,
    ),
    "return_answer": (
        answered,
        lambda case, by, day: service.return_answer(
            case.finding, "Brak przyczyny.", answer_due_on=later(7), by=by, today=day
        ),
        {"proxy", "deputy"},
        0,
    ),
    "report_done": (
        planned,
        lambda case, by, day: service.report_done(case.action, "Gotowe.", done_on=day, by=by, today=day),
        {"fn_clerk"},
        0,
    ),
    "add_evidence": (
        planned,
        lambda case, by, day: service.add_evidence(case.finding, [upload()], by=by),
        {"fn_clerk"},
        0,
    ),
    "verify": (
        done,
        lambda case, by, day: service.verify(case.finding, "Widać.", by=by, today=day),
        {"auditor", "second_auditor", "proxy"},
        0,
    ),
    "send_back": (
        done,
        lambda case, by, day: service.send_back(case.finding, "Nie ma.", {case.action.id}, by=by, today=day),
        {"auditor", "second_auditor", "proxy"},
        0,
    ),
    "judge_effective": (
        in_check,
        lambda case, by, day: service.judge_effective(case.finding, "Pomogło.", by=by, today=day),
        {"auditor", "second_auditor", "proxy"},
        100,
    ),
    "judge_ineffective": (
        in_check,
        lambda case, by, day: service.judge_ineffective(case.finding, "Nie pomogło.", by=by, today=day),
        {"auditor", "second_auditor", "proxy"},
        100,
    ),
    "postpone": (
        in_check,
        lambda case, by, day: service.postpone(case.finding, "Za wcześnie.", later(200), by=by, today=day),
        {"auditor", "second_auditor", "proxy", "deputy"},
        0,
    ),
    "close": (
        lambda place: in_check(place).judge("auditor"),
        lambda case, by, day: service.close(case.finding, by=by, today=day),
        {"proxy", "deputy"},
        100,
    ),
    "reject": (
        reported,
        lambda case, by, day: service.reject(case.finding, "Pomyłka.", has_lead_consent=True, by=by, today=day),
        {"proxy", "deputy"},
        0,
    ),
    "cancel": (
        planned,
        lambda case, by, day: service.cancel(case.finding, "Komórkę zniesiono.", by=by, today=day),
        {"proxy", "deputy"},
        0,
    ),
    "reopen": (
        closed,
        lambda case, by, day: service.reopen(case.finding, "Wróciło.", by=by, today=day),
        {"proxy", "deputy"},
        120,
    ),
    "move_answer_date": (
        reported,
        lambda case, by, day: service.move_answer_date(case.finding, "Urlop.", later(30), by=by, today=day),
        {"proxy", "deputy"},
        0,
    ),
    "reassign": (
        planned,
        lambda case, by, day: service.reassign(case.action, case.where.km_head.id, "Urlop.", by=by, today=day),
        {"proxy", "deputy", "fn_head"},
        0,
    ),
    "move_action_date": (
        planned,
        lambda case, by, day: service.move_action_date(case.action, "Przetarg.", later(60), by=by, today=day),
        {"proxy", "deputy"},
        0,
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_taken_by_the_right_people_and_by_nobody_else(bochnia, verb):
    bring, take, right, days = VERBS[verb]
    case, day = bring(bochnia), later(days)
    before = case.finding.version

    allowed, refusals = set(), []
    for who in EVERYBODY:
        with on(day), db.session.begin_nested() as attempt:
            try:
                take(case, acting(bochnia.people[who], day), day)
                db.session.flush()
                allowed.add(who)
            except RuleViolation as refusal:
                refusals.append((refusal, list(db.session.new), db.session.is_modified(case.finding)))
            attempt.rollback()
        db.session.expire_all()

    assert all(isinstance(refusal, NotPermitted | NotAllowedNow | NotIndependent) for refusal, _, _ in refusals)
    assert [changed for _, *changed in refusals] == [[[], False]] * len(refusals)
    assert allowed == right
    assert case.finding.version == before


def test_the_path_of_a_case_from_draft_to_closed(bochnia):
    seen = []
    for bring in (Case, reported, answered, planned, done, in_check, closed):
        finding = bring(bochnia).finding
        seen.append((finding.state, finding.stage, finding.waits_for))

    assert seen == [
        ("draft", None, None),
        ("reported", 1, "answer"),
        ("in_analysis", 2, "decision_on_answer"),
        ("planned", 3, "action"),
        ("done", 4, "verification"),
        ("effectiveness_check", 4, "effectiveness"),
        ("closed", 5, None),
    ]


def test_an_effect_is_judged_three_months_after_the_last_action_and_not_before(bochnia):
    case = in_check(bochnia)

    assert case.finding.due_on == date(2027, 2, 22)  # the 20th is a Saturday
    with pytest.raises(NotAllowedNow, match="has not come yet"):
        service.judge_effective(case.finding, "Pomogło.", by=acting(bochnia.proxy), today=TODAY)


def test_the_proxys_judgement_closes_and_an_auditors_waits_for_the_proxy(bochnia):
    by_proxy, by_auditor = in_check(bochnia).judge("proxy"), in_check(bochnia).judge("auditor")

    assert (by_proxy.finding.state, by_proxy.finding.closed_on) == ("closed", date(2027, 2, 22))
    assert (by_auditor.finding.state, by_auditor.finding.waits_for) == ("effectiveness_check", "closing")
    assert by_auditor.finding.due_on == date(2027, 3, 1)


@pytest.mark.parametrize("owner", ["proxy", "auditor", "second_auditor"])
def test_who_did_the_work_judges_it_by_no_door(bochnia, owner):
    case = reported(bochnia).answer(owner=owner).accept("deputy").do()
    by = acting(bochnia.people[owner])

    for door in (
        lambda: service.verify(case.finding, "Widać.", by=by, today=TODAY),
        lambda: service.send_back(case.finding, "Nie.", {case.action.id}, by=by, today=TODAY),
    ):
        with pytest.raises(NotIndependent):
            door()
    case.verify("second_auditor" if owner == "auditor" else "auditor")
    for door in (
        lambda: service.judge_effective(case.finding, "Pomogło.", by=by, today=later(100)),
        lambda: service.judge_ineffective(case.finding, "Nie.", by=by, today=later(100)),
    ):
        with pytest.raises(NotIndependent):
            door()


def test_a_proxy_who_heads_the_unit_decides_nothing_about_its_case(bochnia):
    people.join(bochnia.proxy, bochnia.departments["FN"], from_on=SINCE, is_head=True)
    db.session.commit()
    case = answered(bochnia)

    for verb in (
        lambda by: service.accept_answer(case.finding, by=by, today=TODAY),
        lambda by: service.return_answer(case.finding, "Nie.", answer_due_on=None, by=by, today=TODAY),
        lambda by: service.cancel(case.finding, "Nie.", by=by, today=TODAY),
    ):
        with pytest.raises(NotIndependent):
            verb(acting(bochnia.proxy))
    service.accept_answer(case.finding, by=acting(bochnia.deputy), today=TODAY)


def test_the_head_of_the_office_judges_and_closes_only_where_nobody_else_is_left(bochnia):
    case = reported(bochnia).answer(owner="proxy").accept("deputy").do()
    head = acting(bochnia.head)
    with pytest.raises(NotPermitted):
        service.verify(case.finding, "Widać.", by=head, today=TODAY)

    for who in (bochnia.auditor, bochnia.second_auditor):
        people.deactivate(who, reason="Koniec pracy.")
    db.session.commit()
    service.verify(case.finding, "Widać.", by=head, today=TODAY)
    db.session.commit()
    case.judge("head")

    assert case.finding.state == "closed"


def test_a_major_finding_of_the_body_needs_two_signatures(bochnia):
    case = Case(bochnia, kind="surveillance", category="major").publish().answer().accept().do().verify()

    case.judge("proxy")

    assert (case.finding.state, case.finding.waits_for) == ("effectiveness_check", "closing")
    with pytest.raises(NotAllowedNow, match="two signatures"):
        service.close(case.finding, by=acting(bochnia.proxy), today=later(100))
    service.close(case.finding, by=acting(bochnia.deputy), today=later(100))
    assert case.finding.state == "closed"


def test_a_finding_of_the_body_cannot_be_rejected(bochnia):
    case = Case(bochnia, kind="surveillance", category="minor").publish()

    with pytest.raises(NotAllowedNow):
        service.reject(case.finding, "Pomyłka.", has_lead_consent=True, by=acting(bochnia.proxy), today=TODAY)


def test_not_effective_opens_a_new_round_and_keeps_the_one_before_whole(bochnia):
    case = in_check(bochnia)
    with on(later(100)):
        service.judge_ineffective(case.finding, "Znów wygasło.", by=acting(bochnia.proxy), today=later(100))
        db.session.commit()
        answer = Answer(
            correction="Odnowiono.",
            cause="Rejestr bez przypomnień.",
            actions=(Planned("Alarm", bochnia.fn_clerk.id, later(120)),),
        )
        service.send_answer(case.finding, answer, by=acting(bochnia.fn_head), today=later(100))
        db.session.commit()

    first, second = case.again().rounds
    assert (first.is_effective, first.cause) == (False, "Nikt nie pilnuje dat ważności.")
    assert (second.number, second.cause, second.is_effective) == (2, "Rejestr bez przypomnień.", None)
    assert [(action.round_number, action.description) for action in case.finding.actions] == [
        (1, "Założyć rejestr z przypomnieniami."),
        (2, "Alarm"),
    ]
    assert case.finding.stage == 2


def test_a_returned_answer_is_completed_with_the_same_actions(bochnia):
    case = answered(bochnia)
    key = case.action.key

    service.return_answer(case.finding, "Dlaczego?", answer_due_on=later(10), by=acting(bochnia.proxy), today=TODAY)
    db.session.commit()
    assert (case.finding.stage, case.finding.waits_for, case.finding.due_on) == (1, "answer", later(10))
    case.answer(owner="fn_head")

    assert [action.key for action in case.again().actions] == [key]
    assert case.action.owner_id == bochnia.fn_head.id
    assert letters("answer_returned")[bochnia.fn_head.id]["note"] == "Dlaczego?"


@pytest.mark.parametrize(("sends", "decides"), [("fn_head", "proxy"), ("proxy", "deputy")])
def test_whoever_was_to_answer_and_did_not_may_decide(bochnia, sends, decides):
    case = reported(bochnia)
    service.hand_over(case.finding, bochnia.proxy.id, by=acting(bochnia.fn_head), today=TODAY)
    db.session.commit()

    case.answer(by=sends)

    asked = [bochnia.people[decides].id]
    assert waited_for(case.again(), TODAY) == asked
    case.accept(decides)
    assert case.finding.state == "planned"


def test_a_draft_may_lack_anything_and_an_answer_may_not(bochnia):
    case = reported(bochnia)
    half = Answer(correction="Odnowiono.", actions=(Planned("Rejestr", bochnia.fn_clerk.id, None),))

    service.save_answer(case.finding, half, by=acting(bochnia.fn_head), today=TODAY)
    db.session.commit()

    assert (case.finding.state, case.finding.stage, case.finding.actions) == ("reported", 1, [])
    assert case.finding.draft["actions"][0]["description"] == "Rejestr"
    for lacking, field in (
        (Answer(cause="X", actions=an_answer(bochnia.fn_clerk, later(3)).actions), "correction"),
        (Answer(correction="X", actions=an_answer(bochnia.fn_clerk, later(3)).actions), "cause"),
        (Answer(correction="X", cause="Y"), "actions"),
        (Answer(correction="X", cause="Y", actions=half.actions), "actions"),
        (an_answer(bochnia.fn_clerk, later(-1)), "actions"),
    ):
        with pytest.raises(RuleViolation) as refused:
            service.send_answer(case.finding, lacking, by=acting(bochnia.fn_head), today=TODAY)
        assert refused.value.field == field
        db.session.rollback()


def test_a_draft_changes_nothing_and_is_told_only_once_it_is_sent(bochnia):
    case = reported(bochnia)
    before = [entry.seq for entry in history.entries_of(case.finding)]

    for words in ("Raz.", "Raz i dwa."):
        draft = Answer(correction="Poprawiono.", cause=words)
        service.save_answer(case.finding, draft, by=acting(bochnia.fn_head), today=TODAY)
        db.session.commit()

    assert [entry.seq for entry in history.entries_of(case.again())] == before
    assert Step.REJECT in offered(case.finding, by=acting(bochnia.proxy), today=TODAY)
    case.answer()
    told = [entry.after["cause"] for entry in history.entries_of(case.again()) if "cause" in entry.after]
    assert (case.finding.draft, [each for each in told if each]) == (None, ["Nikt nie pilnuje dat ważności."])


def test_an_action_goes_only_to_people_of_the_office(bochnia, world):
    case = reported(bochnia)

    with pytest.raises(RuleViolation) as refused:
        service.send_answer(
            case.finding, an_answer(world.leczyca.fn_head, later(3)), by=acting(bochnia.fn_head), today=TODAY
        )

    assert refused.value.field == "actions"


def test_an_observation_needs_no_answer_and_gets_none(bochnia):
    case = Case(bochnia, category="observation").publish()

    assert (case.finding.number, case.finding.waits_for, case.finding.due_on) == ("S-2026-001", None, None)
    with pytest.raises(NotAllowedNow, match="information"):
        service.send_answer(
            case.finding, an_answer(bochnia.fn_clerk, later(3)), by=acting(bochnia.fn_head), today=TODAY
        )


def test_the_first_day_is_moved_by_the_proxy_and_later_ones_by_the_secretary(bochnia):
    case = reported(bochnia)
    first = case.finding.due_on

    service.move_answer_date(case.finding, "Urlop.", later(30), by=acting(bochnia.proxy), today=TODAY)
    with pytest.raises(NotPermitted):
        service.move_answer_date(case.finding, "Urlop.", later(40), by=acting(bochnia.proxy), today=TODAY)
    service.move_answer_date(case.finding, "Nadal.", later(40), by=acting(bochnia.secretary), today=TODAY)
    with pytest.raises(NotAllowedNow, match="later"):
        service.move_answer_date(case.finding, "Nadal.", later(35), by=acting(bochnia.secretary), today=TODAY)

    assert (case.finding.first_due_on, case.finding.due_on, case.finding.date_moves) == (first, later(40), 2)


def test_work_sent_back_waits_for_its_action_again(bochnia):
    case = done(bochnia)

    service.send_back(case.finding, "Nie ma rejestru.", {case.action.id}, by=acting(bochnia.auditor), today=TODAY)
    db.session.commit()
    assert (case.finding.state, case.finding.waits_for, case.action.done_on) == ("in_progress", "action", None)
    case.do()

    assert case.finding.state == "done"


def test_the_case_waits_for_the_nearest_action_until_all_are_done(bochnia):
    case = reported(bochnia)
    answer = Answer(
        correction="X",
        cause="Y",
        actions=(Planned("A", bochnia.fn_clerk.id, later(20)), Planned("B", bochnia.fn_head.id, later(10))),
    )
    service.send_answer(case.finding, answer, by=acting(bochnia.fn_head), today=TODAY)
    case.accept()
    a, b = case.finding.current_actions

    assert case.finding.due_on == later(10)
    service.report_done(b, "Gotowe.", done_on=TODAY, by=acting(bochnia.fn_head), today=TODAY)
    assert (case.finding.state, case.finding.due_on) == ("in_progress", later(20))
    with pytest.raises(NotAllowedNow):
        service.report_done(b, "Gotowe.", done_on=TODAY, by=acting(bochnia.fn_head), today=TODAY)
    service.report_done(a, "", [upload()], done_on=TODAY, by=acting(bochnia.fn_clerk), today=TODAY)

    assert case.finding.state == "done"
    assert [file.action_id for file in case.finding.files] == [a.id]


def test_an_action_is_shown_by_a_note_or_a_file(bochnia):
    case = planned(bochnia)

    with pytest.raises(NotAllowedNow) as refused:
        service.report_done(case.action, "", done_on=TODAY, by=acting(bochnia.fn_clerk), today=TODAY)

    assert refused.value.field == "evidence"


DONE_DAYS = [
    ("the day before the plan was accepted", TODAY - timedelta(days=1), "The plan was accepted on"),
    ("the day on which it was accepted", TODAY, None),
    ("a day between that and the report", later(3), None),
    ("the day of the report", later(9), None),
    ("the day after the report", later(10), "This day has not come yet"),
]


@pytest.mark.parametrize(("day", "refusal"), [row[1:] for row in DONE_DAYS], ids=[row[0] for row in DONE_DAYS])
def test_an_action_was_done_between_the_acceptance_of_its_plan_and_its_report(bochnia, day, refusal):
    case, reported_on = planned(bochnia), later(9)

    def report():
        who = acting(bochnia.fn_clerk, reported_on)
        service.report_done(case.action, "Gotowe.", done_on=day, by=who, today=reported_on)

    if refusal:
        with pytest.raises(InvalidInput, match=refusal) as refused:
            report()
        assert (refused.value.field, case.action.done_on, case.finding.state) == ("done_on", None, "planned")
    else:
        report()
        assert (case.action.done_on, case.finding.state) == (day, "done")


def test_confirming_counts_from_the_report_and_judging_from_the_day_it_was_done(bochnia):
    case, reported_on, verified_on = planned(bochnia), later(9), later(12)

    who = acting(bochnia.fn_clerk, reported_on)
    service.report_done(case.action, "Gotowe.", done_on=later(3), by=who, today=reported_on)
    assert (case.finding.waits_for, case.finding.counted_from) == ("verification", reported_on)
    service.verify(case.finding, "Widać.", by=acting(bochnia.auditor, verified_on), today=verified_on)

    assert (case.finding.waits_for, case.finding.counted_from) == ("effectiveness", later(3))


def test_a_closed_case_is_reopened_within_a_year(bochnia):
    early, late = closed(bochnia), closed(bochnia)
    on_time, too_late = date(2028, 2, 22), date(2028, 2, 23)

    service.reopen(early.finding, "Wróciło.", by=acting(bochnia.proxy), today=on_time)
    with pytest.raises(NotAllowedNow, match="12 months"):
        service.reopen(late.finding, "Wróciło.", by=acting(bochnia.proxy), today=too_late)
    db.session.commit()

    assert (early.finding.state, early.finding.closed_on, early.finding.round_number) == ("in_analysis", None, 2)


def test_of_the_last_action_the_proxy_hears_where_no_auditor_is_left_to_verify(bochnia):
    case = Case(bochnia).publish().answer().accept()
    for auditor in (bochnia.auditor, bochnia.second_auditor):
        auditor.deactivated_at = clock.now()

    case.do()

    assert list(letters("action_reported")) == [bochnia.proxy.id]


def test_letters_go_to_those_who_have_to_act(bochnia):
    in_check(bochnia)

    assert list(letters("answer_received")) == [bochnia.proxy.id]
    assert list(letters("receipt")) == [bochnia.fn_head.id]
    assert set(letters("plan_accepted")) == {bochnia.fn_clerk.id, bochnia.fn_head.id}
    assert list(letters("action_reported")) == [bochnia.auditor.id]
    assert letters("action_reported")[bochnia.auditor.id]["all_done"] is True
    assert letters("answer_received")[bochnia.proxy.id]["actions"] == [
        {
            "description": "Założyć rejestr z przypomnieniami.",
            "owner": bochnia.fn_clerk.name,
            "due_on": later(30).isoformat(),
        }
    ]


def test_without_a_proxy_the_deputy_is_told(bochnia):
    for post in people.colleagues.posts(bochnia.office.id):
        if post.post == "proxy":
            people.revoke(post, on=SINCE, reason="Odwołanie.")
    db.session.commit()

    answered(bochnia)

    assert list(letters("answer_received")) == [bochnia.deputy.id]


def test_an_answer_about_the_proxys_own_work_is_announced_to_who_may_decide(bochnia):
    reported(bochnia).answer(owner="proxy")

    assert list(letters("answer_received")) == [bochnia.deputy.id]


def test_the_history_tells_the_case_in_plain_words(bochnia):
    case = closed(bochnia)
    service.reopen(case.finding, "Wróciło.", by=acting(bochnia.proxy), today=later(120))
    db.session.commit()

    events = history.of_case(case.again())

    assert [event.what for event in events][::-1] == [
        "The finding was recorded.",
        "The finding was published as %(number)s.",
        "The unit sent its answer.",
        "The answer was accepted. The work may begin.",
        "Reported done: %(action)s",
        "The work was confirmed as done.",
        "The actions were judged effective.",
        "The case was closed.",
        "The case was opened again. A new round began.",
    ]
    assert events[0].note == "Wróciło."


# pages


def page(client: Any, address: str) -> str:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def an_answer_form(case: Case, **changed: str) -> dict[str, str]:
    return {
        "correction": "Odnowiono.",
        "cause": "Nikt nie pilnuje.",
        "actions-0-description": "Rejestr.",
        "actions-0-due_on": "27.3.2027",
        "actions-0-owner": str(case.where.fn_clerk.id),
        "version": str(case.finding.version),
    } | changed


def test_the_head_checks_the_answer_and_then_sends_it(world, signed_in):
    case = Case(world.bochnia).publish()
    client = signed_in(world.bochnia.fn_head)

    check = client.post(f"{case.address}/odpowiedz", data=an_answer_form(case)).get_data(as_text=True)
    with case.scope():
        assert case.again().state == "reported"
    again = client.post(f"{case.address}/odpowiedz", data=an_answer_form(case, edit="1")).get_data(as_text=True)
    sent = client.post(f"{case.address}/odpowiedz", data=an_answer_form(case, confirm="1"))

    assert 'name="confirm"' in check
    assert "27 marca 2027" in check
    assert 'value="27.03.2027"' in check
    assert "Rejestr.</textarea>" in again
    assert sent.status_code == 302
    with case.scope():
        assert case.again().stage == 2


def test_what_lacks_is_said_at_its_place_and_the_rest_stays_typed(world, signed_in):
    case = Case(world.bochnia).publish()
    client = signed_in(world.bochnia.fn_head)

    for lacking, place in (
        ({"cause": ""}, 'id="cause-error"'),
        ({"correction": ""}, 'id="correction-error"'),
        ({"actions-0-due_on": "31.4.2027"}, 'id="actions-0-due_on-error"'),
        ({"actions-0-description": ""}, 'id="actions-0-description-error"'),
        ({"actions-0-due_on": "1.1.2020"}, 'href="#actions"'),
        ({"actions-0-owner": "999999"}, 'href="#actions"'),
    ):
        text = client.post(f"{case.address}/odpowiedz", data=an_answer_form(case, **lacking)).get_data(as_text=True)
        assert place in text, lacking
        assert "error-summary" in text, lacking


def test_an_answer_another_head_saved_meanwhile_is_shown_beside(world, signed_in):
    case = Case(world.bochnia).publish()
    client = signed_in(world.bochnia.fn_head)
    stale = str(case.finding.version)
    with case.scope():
        service.save_answer(
            case.finding, Answer(correction="Tekst zastępcy."), by=acting(world.bochnia.fn_head), today=TODAY
        )
        db.session.commit()

    text = client.post(f"{case.address}/odpowiedz", data=an_answer_form(case, version=stale, draft="1")).get_data(
        as_text=True
    )

    assert "Tekst zastępcy." in text
    assert "Odnowiono.</textarea>" in text
    with case.scope():
        assert case.again().draft["correction"] == "Tekst zastępcy."


def test_a_draft_is_seen_by_the_unit_alone(world, signed_in):
    case = Case(world.bochnia).publish()
    typed(signed_in(world.bochnia.fn_head), f"{case.address}/odpowiedz", correction="Tylko szkic.", draft="1")

    assert "Tylko szkic." in page(signed_in(world.bochnia.fn_head), case.address)
    for who in ("proxy", "auditor", "head"):
        assert "Tylko szkic." not in page(signed_in(world.bochnia.people[who]), case.address)


def test_a_case_is_walked_through_its_pages(world, signed_in):
    case = Case(world.bochnia).publish()
    place = world.bochnia
    typed(signed_in(place.fn_head), f"{case.address}/odpowiedz", **an_answer_form(case, confirm="1"))
    typed(signed_in(place.proxy), f"{case.address}/sprawdz", decision="accept")
    with case.scope():
        action = case.again().current_actions[0]
        doing = f"/u/sp-bochnia/dzialania/{action.key}/wykonane"
    typed(signed_in(place.fn_clerk), doing, done_on="dziś", evidence="Założono.")
    typed(signed_in(place.auditor), f"{case.address}/weryfikacja", outcome="done", note="Widać.")
    with on(later(100)):
        typed(signed_in(place.proxy), f"{case.address}/skutecznosc", outcome="yes", how_shown="Nic nie wygasło.")
        text = page(signed_in(place.fn_clerk), case.address)

    with case.scope():
        assert case.again().state == "closed"
    assert "Nic nie wygasło." in text


def test_whoever_comes_too_late_is_led_to_the_case_and_told_what_comes_next(world, signed_in):
    case = Case(world.bochnia).publish().answer().accept()
    client = signed_in(world.bochnia.proxy)

    answer = client.get(f"{case.address}/sprawdz")

    assert answer.status_code == 302
    assert answer.location.endswith(case.address)


def test_the_owner_is_refused_on_the_page_as_well(world, signed_in):
    case = Case(world.bochnia).publish().answer(owner="proxy").accept("deputy").do()
    client = signed_in(world.bochnia.proxy)
    form = {"outcome": "done", "note": "Widać.", "version": str(case.finding.version)}

    answer = client.post(f"{case.address}/weryfikacja", data=form)

    assert answer.status_code == 409
    assert f'href="{case.address}"' in answer.get_data(as_text=True)
    assert f"{case.address}/weryfikacja" not in page(client, case.address)
    with case.scope():
        assert case.again().state == "done"


def test_the_same_decision_sent_twice_counts_once(world, signed_in):
    case = Case(world.bochnia).publish().answer()
    client = signed_in(world.bochnia.proxy)
    form = {"decision": "accept", "version": str(case.finding.version), "once": "one-and-the-same"}

    answers = [client.post(f"{case.address}/sprawdz", data=form).status_code for _ in range(2)]

    assert answers == [302, 302]
    with case.scope():
        assert case.again().state == "planned"


def test_a_decision_on_what_changed_meanwhile_is_not_taken(world, signed_in):
    case = Case(world.bochnia).publish().answer()
    stale = str(case.finding.version)
    with case.scope():
        service.cancel(case.finding, "Zniesiono.", by=acting(world.bochnia.deputy), today=TODAY)
        db.session.commit()

    answer = signed_in(world.bochnia.proxy).post(
        f"{case.address}/sprawdz", data={"decision": "accept", "version": stale}
    )

    assert answer.status_code == 409
    with case.scope():
        assert case.again().state == "cancelled"


STEPS = (
    "",
    "/przyjmij",
    "/odpowiedz",
    "/sprawdz",
    "/pliki",
    "/weryfikacja",
    "/skutecznosc",
    "/zamknij",
    "/anuluj",
    "/odrzuc",
    "/wznow",
    "/termin",
)


@pytest.mark.parametrize("who", ["proxy", "fn_head", "auditor", "head"])
def test_people_of_another_office_find_nothing_of_a_case(world, signed_in, who):
    case = Case(world.bochnia).publish().answer().accept()
    stranger = signed_in(world.leczyca.people[who])
    with case.scope():
        case.again()
        addresses = [case.address + step for step in STEPS] + [f"/u/sp-bochnia/dzialania/{case.action.key}/wykonane"]
    addresses += [f"/u/sp-leczyca/ustalenia/{case.finding.key}", f"/u/sp-leczyca/audity/{case.audit.key}/raport/szkic"]

    for address in addresses:
        assert stranger.get(address).status_code == 404, address
        if address not in {case.address, addresses[-2]}:
            assert stranger.post(address).status_code == 404, address


@pytest.mark.parametrize(
    ("who", "expected"), [("km_head", 404), ("fn_clerk", 200), ("gd_head", 404), ("external", 200)]
)
def test_of_the_own_office_a_case_is_seen_by_its_unit_its_doers_and_readers(world, signed_in, who, expected):
    case = Case(world.bochnia).publish().answer(owner="fn_clerk")

    assert signed_in(world.bochnia.people[who]).get(case.address).status_code == expected


def test_a_case_costs_as_many_statements_with_many_actions_as_with_one(world, signed_in):
    one = Case(world.bochnia).publish().answer().accept()
    many = Case(world.bochnia).publish()
    with many.scope():
        answer = Answer(
            correction="X",
            cause="Y",
            actions=tuple(Planned(f"A{n}", world.bochnia.fn_clerk.id, later(20)) for n in range(4)),
        )
        service.send_answer(many.finding, answer, by=acting(world.bochnia.fn_head), today=TODAY)
        db.session.commit()
    many.accept()
    addresses = [one.address, many.address]
    client = signed_in(world.bochnia.proxy)
    client.get(addresses[0])

    sent = []
    for address in addresses:
        with counted() as statements:
            assert client.get(address).status_code == 200
        sent.append(len(statements))

    assert sent[0] == sent[1] <= 20


def test_offices_without_the_limit_get_no_day_for_the_review(bochnia):
    offices.set_limit(bochnia.office, "effectiveness", offices.Limit(None))
    case = in_check(bochnia)

    assert (case.finding.waits_for, case.finding.due_on) == ("effectiveness", None)
    service.judge_effective(case.finding, "Pomogło.", by=acting(bochnia.proxy), today=TODAY)
    assert isinstance(case.finding, Finding)
    assert case.finding.state == "closed"
