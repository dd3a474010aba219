"""The plan of an audit in the reader's language."""

from qms.core.i18n import day, gettext, language
from qms.papers.paper import Fact, Field, Paper, Rows, Section
from qms.reports.arranged_paper import arranged_facts, team_section
from qms.reports.plans import AuditPlan, Hours, Ordered
from qms.reports.wording import signatures


def plan_paper(plan: AuditPlan) -> Paper:
    """The whole plan."""
    number = plan.audit.number
    return Paper(
        kind="plan",
        language=language(),
        office=plan.audit.office,
        number=number,
        title=gettext("Plan of audit %(number)s", number=number),
        mark=gettext("This audit was cancelled.") if plan.is_cancelled else "",
        sections=(_audit(plan), team_section(plan.audit), _timetable(plan), signatures(plan.signers)),
    )


def _audit(plan: AuditPlan) -> Section:
    ordered = plan.ordered
    return Section(
        gettext("The audit"),
        (
            *arranged_facts(plan.audit),
            Fact("do_rozmowy", gettext("People or posts to meet"), plan.auditees),
            Fact("program", gettext("Programme of the year"), _place(ordered) if ordered else ""),
            Fact("zarzadzenie", gettext("Number of the order"), ordered.order_number if ordered else ""),
        ),
    )


def _place(ordered: Ordered) -> str:
    told = {"year": ordered.year, "issue": ordered.issue, "number": ordered.line}
    return gettext("%(year)s, version %(issue)s, no. %(number)s", **told)


def _timetable(plan: AuditPlan) -> Section:
    columns = (
        Field("dzien", gettext("Day")),
        Field("godziny", gettext("Hours")),
        Field("co", gettext("What")),
        Field("komorka", gettext("Department")),
        Field("kto", gettext("Who of the team")),
        Field("do_rozmowy", gettext("People or posts to meet")),
    )
    heading = gettext("Timetable")
    rows = tuple(_row(each) for each in plan.hours)
    none = gettext("No hours are set yet. With them, the departments know when to be there.")
    return Section(heading, (Rows("harmonogram", heading, columns, rows, when_empty=none),))


def _row(hours: Hours) -> tuple[str, ...]:
    return (
        day(hours.day),
        f"{hours.from_time:%H:%M}–{hours.to_time:%H:%M}",
        hours.subject,
        hours.department or gettext("all"),
        hours.person or gettext("the whole team"),
        hours.auditees or "–",
    )
