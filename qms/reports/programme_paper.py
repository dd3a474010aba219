"""The programme of a year in the reader's language."""

from qms.audits import words as audit_words
from qms.core.i18n import day, gettext, language, said, sentence
from qms.domain.programme import State
from qms.papers.paper import Fact, Field, Paper, Rows, Section
from qms.programme import words
from qms.reports.plans import BesideProgramme, PlannedAudit, Version, YearProgramme
from qms.reports.wording import approvals, days


def programme_paper(programme: YearProgramme) -> Paper:
    """The whole programme, as one version has it."""
    told = {"year": programme.year, "issue": programme.issue}
    return Paper(
        kind="program",
        language=language(),
        office=programme.office,
        number=f"{programme.year}/{programme.issue}",
        title=gettext("Programme of internal audits for %(year)s, version %(issue)s", **told),
        mark=_mark(programme),
        sections=(_version(programme), _audits(programme), _beside(programme), _approval(programme), _log(programme)),
        is_wide=True,
    )


def _mark(programme: YearProgramme) -> str:
    if programme.state == State.DRAFT:
        return gettext("Draft. Not approved yet.")
    if programme.state == State.SENT:
        return gettext("Waits for approval. Not in force yet.")
    if programme.in_force != programme.issue:
        return gettext("No longer in force: version %(issue)s has replaced it.", issue=programme.in_force)
    return ""


def _version(programme: YearProgramme) -> Section:
    orders = dict.fromkeys(each.order_number for each in programme.approvals if each.order_number)
    this = next(each for each in programme.versions if each.issue == programme.issue)
    return Section(
        gettext("The programme"),
        (
            Fact("rok", gettext("Year"), str(programme.year)),
            Fact("wersja", gettext("Version"), str(programme.issue)),
            Fact("stan", gettext("State"), sentence(said(words.STATES[programme.state]))),
            Fact("opracowanie", gettext("Prepared by"), programme.prepared_by),
            Fact("zarzadzenie", gettext("Number of the order"), ", ".join(orders)),
            Fact("powod", gettext("Why the programme changes"), this.reason),
        ),
    )


def _audits(programme: YearProgramme) -> Section:
    columns = (
        Field("lp", gettext("No.")),
        Field("komorki", gettext("Departments")),
        Field("termin", gettext("When")),
        Field("punkty", gettext("Clauses")),
        Field("auditor_wiodacy", gettext("Lead auditor")),
        Field("stan", gettext("State")),
        Field("audit", gettext("Audit")),
    )
    heading = gettext("Planned audits")
    rows = tuple(_planned(each) for each in programme.audits)
    none = gettext("Nothing is planned for %(year)s yet.", year=programme.year)
    return Section(heading, (Rows("audity", heading, columns, rows, when_empty=none),))


def _planned(audit: PlannedAudit) -> tuple[str, ...]:
    return (
        str(audit.line),
        "\n".join(audit.departments),
        days(*audit.days) if audit.days else words.when(audit.window),
        f"ISO {audit.edition_code}: {', '.join(audit.clauses)}",
        audit.lead or gettext("nobody yet"),
        said(words.STANDINGS[audit.standing]),
        audit.number or "–",
    )


def _beside(programme: YearProgramme) -> Section:
    columns = (
        Field("numer", gettext("Number")),
        Field("komorki", gettext("Departments")),
        Field("termin", gettext("Days")),
        Field("stan", gettext("State")),
    )
    heading = gettext("Audits outside the programme")
    return Section(heading, (Rows("poza_programem", heading, columns, tuple(map(_other, programme.beside))),))


def _other(audit: BesideProgramme) -> tuple[str, ...]:
    return audit.number, "\n".join(audit.departments), days(*audit.days), said(audit_words.STATES[audit.state])


def _approval(programme: YearProgramme) -> Section:
    heading = gettext("Approval")
    return Section(heading, (approvals("podpisy", heading, programme.approvals),))


def _log(programme: YearProgramme) -> Section:
    columns = (
        Field("wersja", gettext("Version")),
        Field("stan", gettext("State")),
        Field("powod", gettext("Why the programme changes")),
        Field("zmiany", gettext("What changed")),
    )
    heading = gettext("Versions and what changed")
    return Section(heading, (Rows("wersje", heading, columns, tuple(_logged(each) for each in programme.versions)),))


def _logged(version: Version) -> tuple[str, ...]:
    state = said(words.STATES[version.state])
    if version.approved_at:
        state = f"{state}, {day(version.approved_at)}"
    return str(version.issue), sentence(state), version.reason or "–", "\n".join(version.changes) or "–"
