"""How kinds, states, parts, conflicts and warnings of audits are called; what is stored are the names on the left."""

from qms.domain.admission import NOT_ADMITTED
from qms.domain.closing import Standing
from qms.domain.competence import END_UNKNOWN, ENDED, NO_COURSE, NOT_APPOINTED, OTHER_EDITION
from qms.domain.errors import N_
from qms.domain.independence import Ground
from qms.domain.standing import TeamRole

KINDS: dict[str, str] = {
    "internal": N_("Internal audit"),
    "out_of_plan": N_("Internal audit outside the plan"),
    "stage_1": N_("Certification audit, stage 1"),
    "stage_2": N_("Certification audit, stage 2"),
    "surveillance": N_("Surveillance audit"),
    "recertification": N_("Recertification audit"),
    "special": N_("Special audit of the certification body"),
    "second_party": N_("Second-party audit, by a partner or a client"),
}
METHODS: dict[str, str] = {
    "on_site": N_("On site"),
    "remote": N_("Remote"),
    "hybrid": N_("Partly on site, partly remote"),
}
STATES: dict[str, str] = {
    "planned": N_("Planned"),
    "under_way": N_("Under way"),
    "finished": N_("Finished"),
    "cancelled": N_("Called off"),
}
# What a year of the list can be narrowed to, and the names of it in addresses.
STANDINGS: dict[Standing, str] = {
    Standing.TO_HOLD: N_("To be held"),
    Standing.OPEN: N_("Held, not closed"),
    Standing.CLOSED: N_("Held and closed"),
}
STANDINGS_BY_NAME: dict[str, Standing] = {
    "planowane": Standing.TO_HOLD,
    "niezamkniete": Standing.OPEN,
    "zamkniete": Standing.CLOSED,
}
ROLES: dict[str, str] = {
    TeamRole.LEAD: N_("lead auditor"),
    TeamRole.AUDITOR: N_("auditor"),
    TeamRole.TRAINEE: N_("trainee"),
    TeamRole.EXPERT: N_("expert"),
    TeamRole.OBSERVER: N_("observer"),
}
# Why somebody should not judge an item of the scope, as told beside their name and the item.
GROUNDS: dict[str, str] = {
    Ground.BELONGS: N_("works there, or in a department above or below it"),
    Ground.SUPERVISES: N_("supervises the head of the department"),
    Ground.OWNS: N_("is the owner of the process"),
    Ground.SUPERVISES_OWNER: N_("supervises the owner of the process"),
    Ground.PROXYS_PROCESS: N_("does one work with the owner of the process: the proxy and the deputies"),
    Ground.PROXYS_CLAUSE: N_("is the proxy or a deputy, and their own work meets this clause"),
    Ground.WORKED_THERE: N_("worked there, or in a department above or below it, not long ago"),
    Ground.ANSWERS_TO: N_("answers to the head of the department"),
    Ground.OWNED: N_("was the owner of the process not long ago"),
    Ground.ANSWERS_TO_OWNER: N_("answers to the owner of the process"),
    Ground.TAKES_PART: N_("works in a department that the process runs through"),
}
# The same as a refusal of a plan: whose, which item, and what to do.
REFUSALS: dict[Ground, str] = {
    Ground.BELONGS: N_(
        "%(person)s works in %(item)s, or in a department above or below it, and would audit their own work. "
        "Choose another person, add an auditor who may judge it, or ask the head of the office for a permit."
    ),
    Ground.SUPERVISES: N_(
        "%(person)s supervises the head of %(item)s and would audit their own work. "
        "Choose another person, add an auditor who may judge it, or ask the head of the office for a permit."
    ),
    Ground.OWNS: N_(
        "%(person)s is the owner of %(item)s and would audit their own work. "
        "Choose another person, add an auditor who may judge it, or ask the head of the office for a permit."
    ),
    Ground.SUPERVISES_OWNER: N_(
        "%(person)s supervises the owner of %(item)s and would audit their own work. "
        "Choose another person, add an auditor who may judge it, or ask the head of the office for a permit."
    ),
    Ground.PROXYS_PROCESS: N_(
        "%(item)s belongs to the proxy or a deputy, and %(person)s does one work with them. "
        "Choose another person, add an auditor who may judge it, or ask the head of the office for a permit."
    ),
    Ground.PROXYS_CLAUSE: N_(
        "%(person)s is the proxy or a deputy, and %(item)s is about their own work. "
        "Choose another person, add an auditor who may judge it, or ask the head of the office for a permit."
    ),
    Ground.WORKED_THERE: N_(
        "%(person)s worked in %(item)s in the last %(months)s months. Write why they can still judge it, "
        "or choose another person."
    ),
    Ground.ANSWERS_TO: N_(
        "%(person)s answers to the head of %(item)s. Write why they can still judge it, or choose another person."
    ),
    Ground.OWNED: N_(
        "%(person)s was the owner of %(item)s in the last %(months)s months. Write why they can still judge it, "
        "or choose another person."
    ),
    Ground.ANSWERS_TO_OWNER: N_(
        "%(person)s answers to the owner of %(item)s. Write why they can still judge it, or choose another person."
    ),
    Ground.TAKES_PART: N_(
        "%(person)s works in a department that %(item)s runs through. Write why they can still judge it, "
        "or choose another person."
    ),
}
# About somebody as such, whatever they judge. The first two are of audits from before conflicts were kept by item.
WARNINGS: dict[str, str] = {
    "worked_there": N_("Worked in an audited department in the last 12 months."),
    "answers_to": N_("Answers to the head of an audited department."),
    "not_appointed": N_("Was not appointed as an auditor on the day of the audit."),
    "no_course": N_("Had no training for this role recorded."),
    "other_edition": N_("Was trained for another edition of the standard."),
    "ended": N_("Had a personal certificate that was not valid on the day of the audit."),
    "end_unknown": N_("Has a personal certificate whose end nobody recorded."),
    "not_admitted": N_("Did not meet the office's own rule of admission on the day of the audit."),
}
WARNING_OF: dict[str, str] = {
    NOT_APPOINTED: "not_appointed",
    NO_COURSE: "no_course",
    OTHER_EDITION: "other_edition",
    ENDED: "ended",
    END_UNKNOWN: "end_unknown",
    NOT_ADMITTED: "not_admitted",
}
