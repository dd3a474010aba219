"""The pages that are measured, who opens them, and which statements bring what they show."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from qms.audits.models import Audit
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.findings.models import Finding
from tests.bench.stock import COORDINATOR

PROXY: Final = "proxy.1@example.com"
UNIT_HEAD: Final = "first.head.1@example.com"
_OFFICE: Final = "/u/proba-0001"
_TASKS: Final = (
    r"substr\(action\.description",
    r"^SELECT (training|certificate|audit|appointment)\.(id|office_id, training)",
    r"count\(",
    r"^SELECT (finding|action)\.id FROM",
)
_AUDITS: Final = (r"^SELECT audit_clause", r"^SELECT (count|min|max)\(")
_OFFICES: Final = (r"^SELECT (office|certificate)\.id", "^SELECT (DISTINCT office|EXISTS)", r"count\(")
_SCOPE: Final = (
    r"^SELECT audit_(department|process|clause|member|slot|conflict)\.",
    r"FROM person WHERE person\.id IN",
)
_SIGNERS: Final = (
    r"^SELECT membership\.department_id",
    r"^SELECT appointment\.office_id, appointment\.post, appointment\.person_id",
    r"^SELECT person\.id, person\.name FROM",
)


@dataclass(frozen=True)
class Page:
    """A page; `main` are patterns by which its main statements are known, `most` how many rows of each it shows.

    Main is every statement whose rows or numbers stand on the page, its filters included. Not main is what finds out
    who asks and what they may do, and what is read only to be reckoned with, such as the limits of an office.
    """

    name: str
    path: str
    email: str = PROXY
    main: tuple[str, ...] = ()
    most: int = -1


def pages() -> list[Page]:
    """The pages of the first office of a stock; run inside the app's context."""
    with scoped(EVERY_OFFICE):
        newest = select(Audit.key).where(Audit.office_id == 1, Audit.published_at.is_not(None))
        audit = db.session.scalars(newest.order_by(Audit.starts_on.desc(), Audit.id.desc()).limit(1)).one()
        worked = select(Finding.key).where(Finding.office_id == 1, Finding.reported_on.is_not(None))
        by_life = (Finding.closed_on.is_not(None).desc(), Finding.reported_on.desc(), Finding.id.desc())
        finding = db.session.scalars(worked.order_by(*by_life).limit(1)).one()
        findings = db.session.scalar(select(func.count(Finding.id)).where(Finding.office_id == 1)) or 0
        db.session.rollback()
    last = min(40, -(-findings // 50))
    register = f"{_OFFICE}/ustalenia"
    rows = (r"substr\(finding\.statement",)
    listed = (*rows, r"^SELECT finding\.id FROM", r"^SELECT department\.id", r"^SELECT (min|max)\(")
    return [
        Page("tasks", "/zadania", main=(*rows, *_TASKS), most=20),
        Page("audits", f"{_OFFICE}/audity", main=(r"^SELECT audit\.id", *_AUDITS)),
        Page(
            "audit",
            f"{_OFFICE}/audity/{audit}",
            main=(
                r"^SELECT audit\.id.* audit\.key = ",
                "FROM trail",
                r"^SELECT (finding|body_terms|clause_title)\.",
                *_SCOPE,
            ),
        ),
        Page(
            "report",
            f"{_OFFICE}/audity/{audit}/raport",
            main=(
                r"^SELECT (audit|finding|finding_\w+|(report|given)_\w+|evidence|exclusion|clause_title)\.",
                *_SCOPE,
                *_SIGNERS,
            ),
        ),
        Page("findings", register, main=listed),
        Page("findings, filtered", f"{register}?stan=otwarte&rok=2026", main=listed),
        Page("findings, words", f"{register}?q=umowa", main=listed),
        Page("findings, far page", f"{register}?strona={last}", main=listed),
        Page("findings, unit head", f"{register}?strona=1", email=UNIT_HEAD, main=listed),
        Page(
            "actions",
            f"{_OFFICE}/dzialania",
            main=(r"substr\(action\.description", r"^SELECT action\.id FROM", r"^SELECT (department|person)\.id"),
        ),
        Page(
            "finding",
            f"{register}/{finding}",
            main=(
                r"^SELECT (finding|finding_(round|department|repeat|check)|action|evidence|clause_title)\.",
                "FROM trail",
                *_SCOPE,
            ),
        ),
        Page("certificate", f"{_OFFICE}/certyfikat", main=("^SELECT certificate", r"^SELECT audit\.id")),
        Page("training", f"{_OFFICE}/szkolenia", main=(r"^SELECT training\.id",)),
        Page("offices", "/urzedy", email=COORDINATOR, main=_OFFICES),
        Page(
            "letters", f"{_OFFICE}/listy", main=(r"^SELECT (count\()?letter\.", r"^SELECT (count\(.*)?reminder\.letter")
        ),
        Page("sign in", "/logowanie", email=""),
    ]
