"""The card of a finding in the reader's language."""

from typing import Final

from qms.core.i18n import day, gettext, language, moment, said
from qms.domain.findings import GRAVE, needs_answer
from qms.findings.pages import stage_label
from qms.findings.words import SOURCES, called, whole_cause, why
from qms.offices.words import cause_called
from qms.papers.paper import Fact, Field, Paper, Rows, Section
from qms.reports.report import Answered, Card, Done
from qms.reports.wording import clause, proofs, signatures

EARLIER: Final = "powtarza"


def card_paper(card: Card) -> Paper:
    """The whole card; what the unit answers has one with its case, any other finding a short one."""
    is_case = card.is_light or needs_answer(card.found.called.category)
    return Paper(
        kind="karta",
        language=language(),
        office=card.office,
        number=card.found.number,
        title=_title(card),
        mark="",
        sections=(
            _finding(card),
            _answers(card, is_case=is_case),
            _actions(card, is_case=is_case),
            signatures(card.signers),
        ),
    )


def _title(card: Card) -> str:
    if card.found.called.category in GRAVE:
        return gettext("Nonconformity card %(number)s", number=card.found.number)
    return gettext("Card of finding %(number)s", number=card.found.number)


def _finding(card: Card) -> Section:
    found = card.found
    return Section(
        gettext("The finding"),
        (
            Fact("rodzaj", gettext("Kind of finding"), called(found.called)),
            Fact("stan", gettext("State"), said(stage_label(card.stage, card.state, card.waits_for))),
            Fact("komorka", gettext("Department"), found.department),
            Fact("dotyczy_tez", gettext("Also concerns"), "\n".join(found.concerned)),
            Fact("zrodlo", gettext("Source"), said(SOURCES[card.source])),
            Fact("audit", gettext("Audit"), card.audit_number),
            Fact("numer_zewnetrzny", gettext("Number given from outside"), card.outer_number),
            Fact("zauwazono", gettext("Noticed"), day(card.noticed_on) if card.noticed_on else ""),
            Fact("data", gettext("Published"), day(card.reported_on)),
            Fact("osoba_zapisujaca", gettext("Recorded by"), card.recorded_by),
            Fact("auditor_wiodacy", gettext("Lead auditor"), card.lead),
            Fact("punkt", gettext("Clause"), clause(found.clause)),
            Fact("wymaganie", gettext("Requirement"), found.requirement),
            Fact("stwierdzenie", gettext("Statement"), found.statement),
            Fact("dowody", gettext("Evidence"), found.evidence),
            Fact(EARLIER, gettext("Found before as"), _earlier(card)),
            Fact("pliki", gettext("Files"), proofs(found.files)),
            Fact("powod", gettext("Reason of the last decision"), card.reason),
            Fact("zamknieto", gettext("Closed"), day(card.closed_on) if card.closed_on else ""),
        ),
    )


def _earlier(card: Card) -> str:
    return f"{card.earlier_number}, {day(card.earlier_on)}" if card.earlier_on else ""


def _answers(card: Card, *, is_case: bool) -> Section:
    columns = (
        Field("naglowek", gettext("Round")),
        Field("korekta", gettext("Put right at once")),
        Field("bez_korekty", _why_not(card)),
        Field("przyczyna", said(why(card.found.called.category))),
        Field("rodzaj_przyczyny", gettext("Kind of cause")),
        Field("kryterium", gettext("How the effect will be judged")),
        Field("odpowiedz", gettext("Answered")),
        Field("przyjecie", gettext("Taken note of") if card.is_light else gettext("Answer accepted")),
        Field("sprawdzenie", gettext("Work confirmed")),
        Field("ocena", gettext("Effect judged")),
    )
    rows = tuple(_answer(each) for each in card.rounds)
    waiting = gettext("No answer was sent yet.") if is_case else ""
    heading = gettext("Answer of the unit")
    return Section(heading, (Rows("odpowiedzi", heading, columns, rows, is_table=False, when_empty=waiting),))


def _why_not(card: Card) -> str:
    return gettext("Why the unit does not act") if card.is_light else gettext("Why nothing was put right at once")


def _answer(answered: Answered) -> tuple[str, ...]:
    return (
        gettext("Round %(number)s", number=answered.number),
        answered.correction,
        answered.no_correction_reason,
        whole_cause(answered.cause, answered.analysis.kept),
        cause_called(answered.cause_kind) if answered.cause_kind else "",
        answered.criterion,
        f"{answered.answered_by}, {moment(answered.answered_at)}",
        _accepted(answered),
        _signed(answered.verification, answered.verified_by, day(answered.verified_on)) if answered.verified_on else "",
        _judged(answered),
    )


def _accepted(answered: Answered) -> str:
    """With the note of who took note; that of who confirmed work stands with the work."""
    if answered.accepted_on is None:
        return ""
    note = "" if answered.verified_on else answered.verification
    return _signed(note, answered.accepted_by, day(answered.accepted_on))


def _judged(answered: Answered) -> str:
    if answered.judged_on is None:
        return ""
    result = gettext("Effective.") if answered.is_effective else gettext("Not effective.")
    return _signed(f"{result} {answered.effectiveness}".strip(), answered.judged_by, day(answered.judged_on))


def _signed(said_so: str, name: str, on: str) -> str:
    return _lines(said_so, f"{name}, {on}")


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _actions(card: Card, *, is_case: bool) -> Section:
    columns = (
        Field("runda", gettext("Round")),
        Field("dzialanie", gettext("Action")),
        Field("osoba", gettext("Person")),
        Field("termin", gettext("By when")),
        Field("wykonanie", gettext("Done")),
    )
    rows = tuple(_action(answered.number, action) for answered in card.rounds for action in answered.actions)
    heading = gettext("Actions")
    none = gettext("No actions are planned yet.") if is_case else ""
    return Section(heading, (Rows("dzialania", heading, columns, rows, when_empty=none),))


def _action(round_number: int, action: Done) -> tuple[str, ...]:
    done = _lines(day(action.done_on), action.done_note, proofs(action.files)) if action.done_on else "–"
    elsewhere = gettext("One action for several cases, looked after in: %(number)s", number=action.looked_after_in)
    described = _lines(action.description, elsewhere if action.looked_after_in else "")
    return str(round_number), described, action.owner, day(action.due_on), done
