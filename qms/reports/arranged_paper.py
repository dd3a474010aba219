"""How an audit is arranged, in the reader's language: what its plan and its report have alike."""

from qms.audits import words as audit_words
from qms.core.i18n import day, gettext, said, sentence
from qms.domain.independence import Severity
from qms.papers.paper import Fact, Field, Rows, Section
from qms.reports.report import Arranged, Member, OwnWork
from qms.reports.wording import clause, days, left_out


def arranged_facts(audit: Arranged) -> tuple[Fact, ...]:
    """What is audited, against what, when and how."""
    return (
        Fact("rodzaj", gettext("Kind of audit"), said(audit_words.KINDS[audit.kind])),
        Fact("jednostka_certyfikujaca", gettext("Certification body"), audit.body),
        Fact("cel", gettext("Objective"), audit.objective),
        Fact("komorki", gettext("Audited departments"), "\n".join(audit.departments)),
        Fact("procesy", gettext("Processes"), "\n".join(audit.processes)),
        Fact("norma", gettext("Criteria"), f"ISO {audit.edition_code}"),
        Fact("kryteria", gettext("Criteria beside the standard"), audit.criteria),
        Fact("punkty", gettext("Clauses"), "\n".join(clause(each) for each in audit.clauses)),
        Fact("wylaczenia", gettext("Excluded by the office"), left_out(audit.left_out)),
        Fact("termin", gettext("Days"), days(audit.starts_on, audit.ends_on)),
        Fact("metoda", gettext("Method"), said(audit_words.METHODS[audit.method])),
        Fact("miejsca", gettext("Places"), audit.places),
    )


def team_section(audit: Arranged) -> Section:
    """The team, and close to whose work somebody of it comes."""
    columns = (
        Field("osoba", gettext("Name")),
        Field("rola", gettext("Role")),
        Field("uwagi", gettext("Remarks")),
    )
    rows = tuple(_member(each) for each in audit.team)
    nobody = gettext("Nobody of this office. The certification body holds the audit.")
    heading = gettext("Team")
    reason = Fact("uzasadnienie_skladu", gettext("Why the team can still judge"), audit.team_reason)
    team = Rows("zespol", heading, columns, rows, when_empty=nobody)
    return Section(heading, (team, reason, _own_work(audit)))


def _own_work(audit: Arranged) -> Rows:
    """Who of the team is close to what is judged; nothing is said where nobody is."""
    columns = (
        Field("osoba", gettext("Name")),
        Field("czego", gettext("What of the audit")),
        Field("powod", gettext("Why")),
        Field("rozstrzygniecie", gettext("Whether they judge it")),
    )
    return Rows("wlasna_praca", gettext("Own work"), columns, tuple(_close(each) for each in audit.own_work))


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
