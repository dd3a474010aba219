"""The report of an audit in the reader's language."""

from collections.abc import Iterator
from typing import Final

from qms.audits import words as audit_words
from qms.core.i18n import day, language, moment, said, sentence
from qms.domain import report as rules
from qms.domain.errors import N_
from qms.domain.independence import Severity
from qms.findings import words as finding_words
from qms.papers.paper import Fact, Field, Paper, Rows, Section
from qms.reports.report import Found, Issue, Member, OwnWork, Report
from qms.reports.wording import clause, gettext, left_out, proofs, signatures

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
        office=report.office,
        number=report.number,
        title=gettext("Report of audit %(number)s", number=report.number),
        mark="" if report.is_published else gettext("Draft. Not published yet."),
        sections=(
            _audit(report),
            _team(report),
            _results(report),
            _findings(report),
            _remarks(report),
            _issues(report),
            signatures(report.signers),
        ),
    )


def _audit(report: Report) -> Section:
    days = day(report.starts_on)
    if report.ends_on != report.starts_on:
        days = f"{days} – {day(report.ends_on)}"
    last = report.issues[-1] if report.issues else None
    return Section(
        gettext("The audit"),
        (
            Fact("rodzaj", gettext("Kind of audit"), said(audit_words.KINDS[report.kind])),
            Fact("jednostka_certyfikujaca", gettext("Certification body"), report.body),
            Fact("cel", gettext("Objective"), report.objective),
            Fact("komorki", gettext("Audited departments"), "\n".join(report.departments)),
            Fact("procesy", gettext("Processes"), "\n".join(report.processes)),
            Fact("norma", gettext("Criteria"), f"ISO {report.edition_code}"),
            Fact("kryteria", gettext("Criteria beside the standard"), report.criteria),
            Fact("punkty", gettext("Clauses"), "\n".join(clause(each) for each in report.clauses)),
            Fact("wylaczenia", gettext("Excluded by the office"), left_out(report.left_out)),
            Fact("termin", gettext("Days"), days),
            Fact("metoda", gettext("Method"), said(audit_words.METHODS[report.method])),
            Fact("miejsca", gettext("Places"), report.places),
            Fact("wydanie", gettext("Issue"), str(last.number) if last else ""),
            Fact("opublikowano", gettext("Published"), _published(last) if last else ""),
        ),
    )


def _published(issue: Issue) -> str:
    return f"{moment(issue.published_at)}, {issue.published_by}"


def _team(report: Report) -> Section:
    columns = (
        Field("osoba", gettext("Name")),
        Field("rola", gettext("Role")),
        Field("uwagi", gettext("Remarks")),
    )
    rows = tuple(_member(each) for each in report.team)
    nobody = gettext("Nobody of this office. The certification body holds the audit.")
    heading = gettext("Team")
    reason = Fact("uzasadnienie_skladu", gettext("Why the team can still judge"), report.team_reason)
    team = Rows("zespol", heading, columns, rows, when_empty=nobody)
    return Section(heading, (team, reason, *_own_work(report)))


def _own_work(report: Report) -> Iterator[Rows]:
    """Who of the team is close to what is judged; nothing is said where nobody is."""
    if not report.own_work:
        return
    columns = (
        Field("osoba", gettext("Name")),
        Field("czego", gettext("What of the audit")),
        Field("powod", gettext("Why")),
        Field("rozstrzygniecie", gettext("Whether they judge it")),
    )
    yield Rows("wlasna_praca", gettext("Own work"), columns, tuple(_close(each) for each in report.own_work))


def _close(each: OwnWork) -> tuple[str, str, str, str]:
    return each.name, each.item, sentence(said(audit_words.GROUNDS[each.ground])), _judges(each)


def _judges(each: OwnWork) -> str:
    if each.permitted_on:
        by = gettext("Permitted by %(person)s on %(day)s:", person=each.permitted_by, day=day(each.permitted_on))
        return f"{by} {each.reason}"
    return gettext("Does not judge it.") if each.severity == Severity.BLOCK else gettext("May judge it, with a remark.")


def _member(member: Member) -> tuple[str, str, str]:
    remarks = [gettext("Lent by another office.")] if member.is_lent else []
    remarks += [said(audit_words.WARNINGS[each]) for each in member.warnings]
    return member.name, sentence(said(audit_words.ROLES[member.role])), " ".join(remarks)


def _results(report: Report) -> Section:
    columns = (Field("rodzaj", gettext("Kind of finding")), Field("liczba", gettext("How many")))
    counted = rules.counts((each.category for each in report.findings), report.scale)
    rows = tuple((said(finding_words.CATEGORIES[category]), str(number)) for category, number in counted)
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
    kind = said(finding_words.CATEGORIES[found.category])
    return (
        f"{found.number}: {kind}" if found.number else kind,
        found.department,
        clause(found.clause),
        found.statement,
        found.requirement,
        found.evidence,
        proofs(found.files),
    )


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
