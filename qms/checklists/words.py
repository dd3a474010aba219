"""How answers and questions are called; what is stored are the names on the left."""

from flask_babel import gettext

from qms.checklists.models import AuditQuestion
from qms.domain.checklist import Result, Source
from qms.domain.errors import N_

RESULTS: dict[str, str] = {
    Result.CONFORMITY: N_("Conforms"),
    Result.OPPORTUNITY: N_("Opportunity"),
    Result.OBSERVATION: N_("Observation"),
    Result.NONCONFORMITY: N_("Nonconformity"),
    Result.MINOR: N_("Minor NC"),
    Result.MAJOR: N_("Major NC"),
    Result.NOT_APPLICABLE: N_("Not applicable"),
}
SOURCES: dict[str, str] = {
    Source.CLAUSE: N_("from the clauses"),
    Source.LIST: N_("from a list of the office"),
    Source.EARLIER: N_("from an earlier audit"),
    Source.OWN: N_("own question"),
}


def question_text(question: AuditQuestion, language: str) -> str:
    """The question in the reader's language, where it has words in it."""
    if question.earlier_number:
        return str(gettext("Is finding %(number)s put right for good?", number=question.earlier_number))
    return question.text_en if language == "en" and question.text_en else question.text


def question_hint(question: AuditQuestion) -> str:
    """Where to look; for an earlier finding, what was found."""
    return question.text if question.earlier_number else question.hint
