"""How findings, their stages and waits are called; what is stored are the names on the left."""

from collections.abc import Iterable, Mapping
from typing import Any

from qms.core.i18n import said
from qms.domain.cause_analysis import WORDS as HEADINGS
from qms.domain.cause_analysis import numbered, read
from qms.domain.deadlines import Kind
from qms.domain.errors import N_
from qms.domain.figures import Age
from qms.domain.findings import GRAVE, Category, Stage, is_put_right
from qms.domain.following import Seen
from qms.domain.scale import WORDS, Called
from qms.domain.sources import Source

STAGES: dict[int, str] = {
    Stage.WAITS_FOR_ANSWER: N_("Awaiting reply"),
    Stage.TO_BE_CHECKED: N_("To be checked"),
    Stage.BEING_DONE: N_("In progress"),
    Stage.TO_BE_JUDGED: N_("Awaiting effectiveness review"),
    Stage.CLOSED: N_("Closed"),
    Stage.CANCELLED: N_("Case cancelled"),
}
LAST_STAGE = Stage.CANCELLED  # stands beside the line of the others, not at its end
# The fourth stage holds three different waits.
STAGE_BY_WAIT: dict[str, str] = {
    Kind.VERIFICATION: N_("Work to be confirmed"),
    Kind.EFFECTIVENESS: N_("Effectiveness to be judged"),
    Kind.CLOSING: N_("To be closed"),
}
# Where a finding comes from.
SOURCES: dict[str, str] = {
    Source.AUDIT: N_("Audit"),
    Source.STAFF: N_("Employee’s report"),
    Source.COMPLAINT: N_("Complaint"),
    Source.APPEAL: N_("Appeal"),
    Source.INSPECTION: N_("Inspection (NIK, RIO, voivode)"),
    Source.MEASURE: N_("Process measure"),
    Source.SURVEY: N_("Client survey"),
    Source.REVIEW: N_("Management review"),
    Source.BODY: N_("Certification body"),
}
# What a later audit saw of an open case.
SEEN: dict[str, str] = {
    Seen.STILL_OPEN: N_("Still open"),
    Seen.EFFECTIVE: N_("It was done and it helped"),
}
# What the unit is asked for as the cause: of what happened, or of what has not happened yet.
_WHY, _WHY_IT_COULD = N_("Why it happened"), N_("Why it could happen")
_FIVE_WHYS = N_("Why after why:")
FOR_INFORMATION = N_("For information")
REJECTED = N_("Rejected")

# In the tables below, instead of `Kind.ANSWER` where nothing has happened yet.
ANSWER_AHEAD = "answer ahead"
# Instead of `Kind.ANSWER` and `Kind.DECISION_ON_ANSWER` where only whether the unit acts is asked.
WHETHER_ACTING, REASON_GIVEN = "whether acting", "reason given"
NOW: dict[str, str] = {
    WHETHER_ACTING: N_("The unit says whether it acts, and what it will do or why not."),
    REASON_GIVEN: N_("The unit does not act and says why. The proxy or the lead auditor takes note of it."),
    ANSWER_AHEAD: N_("The unit writes why it could happen and what it will change."),
    Kind.ANSWER: N_("The unit writes what it put right, why it happened and what it will change."),
    Kind.DECISION_ON_ANSWER: N_("The proxy reads the answer, then accepts it or returns it."),
    Kind.ACTION: N_("The actions are being done. Each person reports their own."),
    Kind.VERIFICATION: N_("Somebody who did not do the work looks whether it was done."),
    Kind.EFFECTIVENESS: N_("Somebody who did not do the work judges whether it helped."),
    Kind.CLOSING: N_("The actions helped. The proxy closes the case."),
}

# The same, once it is known who does it and until when.
NOW_BY: dict[str, str] = {
    WHETHER_ACTING: N_("%(names)s says by %(day)s whether the unit acts, and what it will do or why not."),
    REASON_GIVEN: N_("The unit does not act and says why. %(names)s takes note of it by %(day)s, or the lead auditor."),
    ANSWER_AHEAD: N_("%(names)s answers by %(day)s: why it could happen and what will change."),
    Kind.ANSWER: N_("%(names)s answers by %(day)s: what was put right, why it happened and what will change."),
    Kind.DECISION_ON_ANSWER: N_("%(names)s accepts the answer or returns it by %(day)s."),
    Kind.ACTION: N_("These people carry out the actions: %(names)s. The nearest one is due %(day)s."),
    Kind.VERIFICATION: N_("%(names)s checks by %(day)s whether the work was done."),
    Kind.EFFECTIVENESS: N_("%(names)s judges by %(day)s whether the actions helped."),
    Kind.CLOSING: N_("The actions helped. %(names)s closes the case by %(day)s."),
}
# Where the office set no limit.
NOW_WITHOUT_DAY: dict[str, str] = {
    WHETHER_ACTING: N_("%(names)s says whether the unit acts, and what it will do or why not."),
    REASON_GIVEN: N_("The unit does not act and says why. %(names)s takes note of it, or the lead auditor."),
    ANSWER_AHEAD: N_("%(names)s answers: why it could happen and what will change."),
    Kind.ANSWER: N_("%(names)s answers: what was put right, why it happened and what will change."),
    Kind.DECISION_ON_ANSWER: N_("%(names)s accepts the answer or returns it."),
    Kind.ACTION: N_("These people carry out the actions: %(names)s."),
    Kind.VERIFICATION: N_("%(names)s checks whether the work was done."),
    Kind.EFFECTIVENESS: N_("%(names)s judges whether the actions helped."),
    Kind.CLOSING: N_("The actions helped. %(names)s closes the case."),
}

NO_HEAD = N_("Nobody heads this department now, so nobody can answer. The proxy names who heads it first.")

# Names in addresses of the register.
STAGES_BY_NAME: dict[str, int] = {
    "odpowiedz": Stage.WAITS_FOR_ANSWER,
    "sprawdzenie": Stage.TO_BE_CHECKED,
    "realizacja": Stage.BEING_DONE,
    "skutecznosc": Stage.TO_BE_JUDGED,
    "zamkniete": Stage.CLOSED,
    "anulowane": Stage.CANCELLED,
}
SOURCES_BY_NAME: dict[str, Source] = {
    "audit": Source.AUDIT,
    "pracownik": Source.STAFF,
    "skarga": Source.COMPLAINT,
    "odwolanie": Source.APPEAL,
    "kontrola": Source.INSPECTION,
    "miernik": Source.MEASURE,
    "ankieta": Source.SURVEY,
    "przeglad": Source.REVIEW,
    "jednostka": Source.BODY,
}
OPEN = "otwarte"
NO_CLAUSE = "brak"
CATEGORIES_BY_NAME: dict[str, tuple[str, ...]] = {
    "niezgodnosci": GRAVE,
    "duze": (Category.MAJOR,),
    "male": (Category.MINOR,),
    "potencjalne": (Category.POTENTIAL,),
    "spostrzezenia": (Category.OBSERVATION,),
    "potencjal": (Category.OPPORTUNITY,),
    "mocne-strony": (Category.STRENGTH,),
    "dobre-praktyki": (Category.GOOD_PRACTICE,),
}
ALL_NONCONFORMITIES = N_("All nonconformities")
OPEN_CASES = N_("Open cases")


def called(each: Called) -> str:
    """The office's own name of a kind of finding, or the product's word for what it means."""
    return each.name or said(WORDS[each.category])


def group(categories: tuple[str, ...], names: Iterable[Called]) -> str:
    """What a filter by these categories is called: by the office's own names, where it has some."""
    if len(categories) > 1:
        return said(ALL_NONCONFORMITIES)
    own = dict.fromkeys(called(each) for each in names if each.category in categories)
    return " / ".join(own) or said(WORDS[categories[0]])


def age(each: Age) -> str:
    """For how many days cases have been open."""
    if each.most is None:
        return said(N_("over %(days)s days"), days=each.least - 1)
    return said(N_("%(least)s–%(most)s days"), least=each.least, most=each.most)


def chapter(code: str) -> str:
    """A chapter of the standard by its code, as "Chapter 8, ISO 9001:2015"; none: what breaks a law or an own rule."""
    edition, _, number = code.rpartition("-")
    if not code:
        return said(N_("No clause of the standard"))
    return said(N_("Chapter %(number)s, ISO %(edition)s"), number=int(number), edition=edition)


def why(category: str) -> str:
    """What the cause is called in a finding of this category, as a message."""
    return _WHY if is_put_right(Category(category)) else _WHY_IT_COULD


def whole_cause(cause: str, analysis: Mapping[str, Any] | None) -> str:
    """The cause with the way to it, in the reader's words."""
    found = read(analysis)
    whys = [said(_FIVE_WHYS), *numbered(found.whys)] if found.whys else []
    under = [f"{said(HEADINGS[heading])}: {text}" for heading, text in found.headings.items()]
    return "\n".join(filter(None, [found.typed(cause), *whys, *under]))


_LIGHT: dict[str, str] = {Kind.ANSWER: WHETHER_ACTING, Kind.DECISION_ON_ANSWER: REASON_GIVEN}


def now_key(category: str, waits_for: str, *, is_light: bool = False) -> str:
    """Under which name the tables tell what is needed now."""
    if is_light:
        return _LIGHT.get(waits_for, waits_for)
    is_ahead = waits_for == Kind.ANSWER and not is_put_right(Category(category))
    return ANSWER_AHEAD if is_ahead else waits_for
