"""The report of an audit in the reader's language."""

from typing import Final

from qms.core.i18n import day, gettext, language, moment, said, sentence
from qms.domain import report as rules
from qms.domain.errors import N_
from qms.findings.words import SEEN, called
from qms.papers.paper import Fact, Field, Paper, Rows, Section
from qms.reports.arranged_paper import arranged_facts, team_section
from qms.reports.report import Checked, Found, Issue, Report
from qms.reports.wording import clause, proofs, signatures

PARTS: Final[dict[str, str]] = {
    "conclusion": N_("Conclusion of the audit"),
    "unaudited": N_("What was not audited"),
    "obstacles": N_("What stood in the way"),
    "differing_opinions": N_("Differing opinions"),
    "distribution": N_("Who gets the report"),
}


def report_paper(report: Report) -> Paper:
    """The whole report."""
    return Paper(
        kind="raport",
        language=language(),
        office=report.audit.office,
        number=report.audit.number,
        title=gettext("Report of audit %(number)s", number=report.audit.number),
        mark=_mark(report),
        sections=(
            _audit(report),
            team_section(report.audit),
            _results(report),
            _findings(report),
            _earlier(report),
            _remarks(report),
            _issues(report),
            signatures(report.signers, report.approvals),
        ),
    )


def _mark(report: Report) -> str:
    if report.given_number is not None:
        return gettext("Issue %(number)s, given for approval. Not published yet.", number=report.given_number)
    return "" if report.is_published else gettext("Draft. Not published yet.")


def _audit(report: Report) -> Section:
    last = report.issues[-1] if report.issues else None
    return Section(
        gettext("The audit"),
        (
            *arranged_facts(report.audit),
            Fact("wydanie", gettext("Issue"), str(last.number) if last else ""),
            Fact("opublikowano", gettext("Published"), _published(last) if last else ""),
        ),
    )


def _published(issue: Issue) -> str:
    return f"{moment(issue.published_at)}, {issue.published_by}"


def _results(report: Report) -> Section:
    columns = (Field("rodzaj", gettext("Kind of finding")), Field("liczba", gettext("How many")))
    counted = rules.counts((each.called for each in report.findings), report.scale)
    rows = tuple((called(each), str(number)) for each, number in counted)
    return Section(
        gettext("Results"),
        (_part("wnioski", "conclusion", report), Rows("podsumowanie", gettext("Findings in numbers"), columns, rows)),
    )


def _part(name: str, part: str, report: Report) -> Fact:
    return Fact(name, said(PARTS[part]), getattr(report.parts, part) or gettext("None noted."))


def _findings(report: Report) -> Section:
    columns = (
        Field("naglowek", gettext("Finding")),
        Field("komorka", gettext("Department")),
        Field("dotyczy_tez", gettext("Also concerns")),
        Field("punkt", gettext("Clause")),
        Field("stwierdzenie", gettext("Statement")),
        Field("wymaganie", gettext("Requirement")),
        Field("dowody", gettext("Evidence")),
        Field("pliki", gettext("Files")),
    )
    heading = gettext("Findings")
    rows = tuple(_finding(each) for each in report.findings)
    nothing = gettext("The audit has no findings.")
    return Section(heading, (Rows("ustalenia", heading, columns, rows, is_table=False, when_empty=nothing),))


def _finding(found: Found) -> tuple[str, ...]:
    kind = called(found.called)
    return (
        f"{found.number}: {kind}" if found.number else kind,
        found.department,
        "\n".join(found.concerned),
        clause(found.clause),
        found.statement,
        found.requirement,
        found.evidence,
        proofs(found.files),
    )


def _earlier(report: Report) -> Section:
    """Open cases of earlier audits that the team looked at; nothing is said where it looked at none."""
    columns = (
        Field("numer", gettext("Finding")),
        Field("komorka", gettext("Department")),
        Field("stwierdzenie", gettext("Statement")),
        Field("wynik", gettext("What the team saw")),
    )
    heading = gettext("Open from earlier audits")
    return Section(heading, (Rows("wczesniejsze", heading, columns, tuple(_seen(each) for each in report.checked)),))


def _seen(each: Checked) -> tuple[str, str, str, str]:
    seen = sentence(said(SEEN[each.seen]))
    told = "\n".join(filter(None, (seen, each.note, f"{each.checked_by}, {day(each.checked_on)}")))
    return each.number, each.department, each.statement, told


def _remarks(report: Report) -> Section:
    return Section(
        gettext("Limits of the audit"),
        (
            _part("nie_zbadano", "unaudited", report),
            _part("trudnosci", "obstacles", report),
            _part("rozbieznosci", "differing_opinions", report),
            _part("rozdzielnik", "distribution", report),
        ),
    )


def _issues(report: Report) -> Section:
    columns = (
        Field("wydanie", gettext("Issue")),
        Field("opublikowano", gettext("Published")),
        Field("powod", gettext("Why it was amended")),
        Field("zmiany", gettext("What changed")),
    )
    before = (None, *report.issues)
    rows = tuple(
        (str(each.number), _published(each), each.reason or "–", _changed(former, each))
        for former, each in zip(before, report.issues, strict=False)
    )
    heading = gettext("Issues of the report")
    return Section(heading, (Rows("wydania", heading, columns, rows, when_empty=gettext("Not published yet.")),))


def _changed(former: Issue | None, issue: Issue) -> str:
    if former is None:
        return "–"
    return ", ".join(said(PARTS[part]) for part in rules.changed(former.parts, issue.parts))
