"""The questions of an audit in the reader's language: to write on, and as they were answered."""

from typing import Final

from qms.audits import words as audit_words
from qms.checklists.words import RESULTS
from qms.core.i18n import gettext, language, moment, said, sentence
from qms.domain.checklist import Result
from qms.papers.paper import Fact, Field, Paper, Rows, Section
from qms.reports.plans import Question, QuestionSheet
from qms.reports.wording import days, proofs, signatures

_WRITING: Final = 24  # millimetres: three lines by hand


def sheet_paper(sheet: QuestionSheet) -> Paper:
    """The whole list."""
    number = sheet.audit.number
    return Paper(
        kind="lista",
        language=language(),
        office=sheet.audit.office,
        number=number,
        title=gettext("Question sheet of audit %(number)s", number=number),
        mark="",
        sections=(_audit(sheet), _questions(sheet), signatures(sheet.signers)),
        is_wide=True,
    )


def _audit(sheet: QuestionSheet) -> Section:
    audit = sheet.audit
    team = (f"{each.name}, {said(audit_words.ROLES[each.role])}" for each in audit.team)
    answers = ", ".join(sentence(_called(each, sheet)) for each in sheet.results)
    return Section(
        gettext("The audit"),
        (
            Fact("komorki", gettext("Audited departments"), "\n".join(audit.departments)),
            Fact("norma", gettext("Criteria"), f"ISO {audit.edition_code}"),
            Fact("termin", gettext("Days"), days(audit.starts_on, audit.ends_on)),
            Fact("zespol", gettext("Team"), "\n".join(team)),
            Fact("mozliwe_odpowiedzi", gettext("Possible answers"), answers if sheet.is_open else ""),
        ),
    )


def _questions(sheet: QuestionSheet) -> Section:
    columns = (
        Field("lp", gettext("No.")),
        Field("punkt", gettext("Clause")),
        Field("komorka", gettext("Department")),
        Field("pytanie", gettext("Question")),
        Field("odpowiedz", gettext("The answer")),
        Field("zapis", gettext("What was seen")),
    )
    heading = gettext("Questions")
    rows = tuple(_row(each, sheet) for each in sheet.questions)
    none, room = gettext("There are no questions yet."), _WRITING if sheet.is_open else 0
    return Section(heading, (Rows("pytania", heading, columns, rows, when_empty=none, room=room),))


def _row(question: Question, sheet: QuestionSheet) -> tuple[str, ...]:
    hint = gettext("Where to look: %(hint)s", hint=question.hint) if question.hint else ""
    asked = "\n".join(filter(None, (question.text, hint)))
    return str(question.number), question.clause, question.department, asked, *_answer(question, sheet)


def _answer(question: Question, sheet: QuestionSheet) -> tuple[str, str]:
    if question.result is None:
        return ("", "") if sheet.is_open else (gettext("No answer."), "–")
    who = ", ".join(filter(None, (question.answered_by, moment(question.answered_at) if question.answered_at else "")))
    seen = "\n".join(filter(None, (question.note, proofs(question.files))))
    return "\n".join((_called(question.result, sheet), who)), seen or "–"


def _called(result: Result, sheet: QuestionSheet) -> str:
    """As the office calls it, where it has a name of its own."""
    return sheet.results.get(result, "") or said(RESULTS[result])
