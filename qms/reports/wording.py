"""Words that papers share: clauses, days, files and signatures."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from qms.approvals import words as approval_words
from qms.core.i18n import day, gettext, language, moment, said, sentence
from qms.domain.errors import N_
from qms.papers.paper import Field, Rows, Section
from qms.reports.report import Approval, LeftOut, Named, Proof, Signer
from qms.requirements.words import own_titles, written_in

_GROUP: Final = 16
SIGNING: Final = 12  # millimetres
SIGNERS: Final[dict[str, str]] = {
    "lead": N_("Lead auditor"),
    "auditor": N_("Auditor"),
    "unit_head": N_("Head of the audited unit"),
    "proxy": N_("Quality proxy"),
    "head_of_office": N_("Head of the office"),
}


def clause(named: Named | None) -> str:
    """A clause by its number and title; empty without one."""
    if named is None:
        return ""
    official = named.title_pl if language() == "pl" else named.title_en
    title = own_titles().get(named.clause_id, official)
    return f"{named.number} {title or gettext('(part of %(number)s)', number=named.parent_number)}"


def days(first: date, last: date) -> str:
    """One day, or the first and the last."""
    return " – ".join(dict.fromkeys((day(first), day(last))))


def left_out(given: Iterable[LeftOut]) -> str:
    """What the office excluded, one on each line, with why and where its manual says so."""
    return "\n".join(
        gettext(
            "%(clause)s: %(why)s Quality manual: %(manual)s.",
            clause=clause(each.clause),
            why=each.justification,
            manual=written_in(each.manual_issue, each.manual_section),
        )
        for each in given
    )


def proofs(given: Iterable[Proof]) -> str:
    """Files by name, each with its fingerprint in groups that an eye can compare."""
    return "\n".join(f"{each.name}\nSHA-256: {_grouped(each.sha256)}" for each in given)


def _grouped(digits: str) -> str:
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def approvals(name: str, label: str, steps: Iterable[Approval]) -> Rows:
    """The steps of the approval, with what the register knows and room to sign beside it."""
    columns = (
        Field("krok", gettext("Step")),
        Field("stanowisko", gettext("Post")),
        Field("osoba", gettext("Name")),
        Field("kiedy", gettext("In the register")),
        Field("zarzadzenie", gettext("Number of the order")),
        Field("podpis", gettext("Date and signature")),
    )
    return Rows(name, label, columns, tuple(_step(each) for each in steps), room=SIGNING)


def _step(step: Approval) -> tuple[str, ...]:
    return (
        step.verb or said(approval_words.APPROVED),
        sentence(said(approval_words.POSTS[step.post])),
        step.person,
        moment(step.decided_at) if step.decided_at else gettext("not yet"),
        step.order_number,
        "",
    )


def signatures(signers: Iterable[Signer], steps: Iterable[Approval] = ()) -> Section:
    """Where people sign: on paper, or by the office's own means."""
    columns = (
        Field("rola", gettext("Role")),
        Field("osoba", gettext("Name")),
        Field("data_i_podpis", gettext("Date and signature")),
    )
    rows = tuple((said(SIGNERS[each.role]), each.name, "") for each in signers)
    heading = gettext("Signatures")
    signed = Rows("podpisy", heading, columns, rows, room=SIGNING)
    return Section(heading, (signed, approvals("zatwierdzenia", gettext("Approval"), steps)))
