"""Words that reports and cards share: clauses, files and signatures."""

from collections.abc import Callable, Iterable
from typing import Final

from flask_babel import gettext as _gettext

from qms.core.i18n import language, said
from qms.domain.errors import N_
from qms.papers.paper import Field, Rows, Section
from qms.reports.report import LeftOut, Named, Proof, Signer
from qms.requirements.words import own_titles, written_in

gettext: Callable[..., str] = _gettext  # the library gives no types

_GROUP: Final = 16
SIGNERS: Final[dict[str, str]] = {
    "lead": N_("Lead auditor"),
    "unit_head": N_("Head of the audited unit"),
    "proxy": N_("Quality proxy"),
    "head_of_office": N_("Head of the office"),
}


def clause(named: Named) -> str:
    """A clause by its number and title."""
    official = named.title_pl if language() == "pl" else named.title_en
    title = own_titles().get(named.clause_id, official)
    return f"{named.number} {title or gettext('(part of %(number)s)', number=named.parent_number)}"


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


def signatures(signers: Iterable[Signer]) -> Section:
    """Where people sign: on paper, or by the office's own means."""
    columns = (
        Field("rola", gettext("Role")),
        Field("osoba", gettext("Name")),
        Field("data_i_podpis", gettext("Date and signature")),
    )
    rows = tuple((said(SIGNERS[each.role]), each.name, "") for each in signers)
    heading = gettext("Signatures")
    return Section(heading, (Rows("podpisy", heading, columns, rows),))
