"""How kinds, states, parts and warnings of audits are called; what is stored are the names on the left."""

from qms.domain.competence import END_UNKNOWN, ENDED, NO_COURSE, NOT_APPOINTED, OTHER_EDITION
from qms.domain.errors import N_
from qms.domain.independence import ANSWERS_TO, WORKED_THERE
from qms.domain.standing import TeamRole

KINDS: dict[str, str] = {
    "internal": N_("Internal audit"),
    "out_of_plan": N_("Internal audit outside the plan"),
    "stage_1": N_("Certification audit, stage 1"),
    "stage_2": N_("Certification audit, stage 2"),
    "surveillance": N_("Surveillance audit"),
    "recertification": N_("Recertification audit"),
    "special": N_("Special audit of the certification body"),
}
STATES: dict[str, str] = {
    "planned": N_("Planned"),
    "under_way": N_("Under way"),
    "finished": N_("Finished"),
    "cancelled": N_("Called off"),
}
ROLES: dict[str, str] = {
    TeamRole.LEAD: N_("lead auditor"),
    TeamRole.AUDITOR: N_("auditor"),
    TeamRole.TRAINEE: N_("trainee"),
    TeamRole.EXPERT: N_("expert"),
    TeamRole.OBSERVER: N_("observer"),
}
WARNINGS: dict[str, str] = {
    "worked_there": N_("Worked in an audited department in the last 12 months."),
    "answers_to": N_("Answers to the head of an audited department."),
    "not_appointed": N_("Was not appointed as an auditor on the day of the audit."),
    "no_course": N_("Had no training for this role recorded."),
    "other_edition": N_("Was trained for another edition of the standard."),
    "ended": N_("Had a personal certificate that was not valid on the day of the audit."),
    "end_unknown": N_("Has a personal certificate whose end nobody recorded."),
}
WARNING_OF: dict[str, str] = {
    WORKED_THERE: "worked_there",
    ANSWERS_TO: "answers_to",
    NOT_APPOINTED: "not_appointed",
    NO_COURSE: "no_course",
    OTHER_EDITION: "other_edition",
    ENDED: "ended",
    END_UNKNOWN: "end_unknown",
}
