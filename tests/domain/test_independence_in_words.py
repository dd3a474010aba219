"""Who may audit what, as a table that a quality manager can check, for both editions.

Each row names somebody, what an audit of 16 to 18 November 2026 covers, and what follows: `blocked`, `warned` or
`fine`; after the slash, what follows in an office that only warns.
"""

import csv
from datetime import date
from importlib import resources

import pytest

from qms.domain.independence import Conflict, Facts, Item, ItemKind, Membership, Ownership, Severity, check_auditor

TABLE = """
who                                              | audits                            | follows

works in Taxes                                   | Taxes                             | blocked / warned
works in Taxes                                   | Finance, which Taxes is part of   | blocked / warned
works in Finance                                 | Taxes, a part of it               | blocked / warned
works in Taxes                                   | Accounts, beside it               | fine
works in Taxes                                   | Geodesy                           | fine
heads Taxes                                      | Taxes                             | blocked / warned
supervises the head of Taxes                     | Taxes                             | blocked / warned
answers to the head of Taxes                     | Taxes                             | warned
left Taxes on the first day of the audit         | Taxes                             | blocked / warned
left Taxes half a year ago                       | Taxes                             | warned
left Taxes two years ago                         | Taxes                             | fine
joins Taxes on the last day of the audit         | Taxes                             | blocked / warned
joins Taxes on the day after                     | Taxes                             | fine
comes from outside                               | Taxes                             | fine
is the proxy, and works in Geodesy               | Taxes                             | fine

owns Collecting taxes                            | Collecting taxes                  | blocked / warned
owned Collecting taxes until half a year ago     | Collecting taxes                  | warned
owned Collecting taxes until two years ago       | Collecting taxes                  | fine
supervises the owner of Collecting taxes         | Collecting taxes                  | blocked / warned
answers to the owner of Collecting taxes         | Collecting taxes                  | warned
works in Taxes                                   | Collecting taxes, run there       | warned
works in Geodesy                                 | Collecting taxes                  | fine
owns Collecting taxes                            | Keeping records                   | fine
comes from outside                               | Collecting taxes                  | fine
is the proxy, who owns Keeping records           | Keeping records                   | blocked / warned
is the deputy of the owner of Keeping records    | Keeping records                   | blocked / warned
is the deputy of the owner of Keeping records    | Collecting taxes                  | fine
was the deputy of that owner before              | Keeping records                   | fine

is the proxy, and works in Geodesy               | 2008: 4.2.3 control of documents  | blocked / warned
is the proxy, and works in Geodesy               | 2008: 4.2.4 control of records    | blocked / warned
is the proxy, and works in Geodesy               | 2008: 5.5.2 the representative    | blocked / warned
is the proxy, and works in Geodesy               | 2008: 8.2.2 internal audit        | blocked / warned
is the proxy, and works in Geodesy               | 2008: 8.5.2 corrective action     | fine
is the deputy of the owner of Keeping records    | 2008: 8.2.2 internal audit        | blocked / warned
works in Taxes                                   | 2008: 8.2.2 internal audit        | fine
is the proxy, and works in Geodesy               | 2015: 5.3 roles                   | blocked / warned
is the proxy, and works in Geodesy               | 2015: 7.5.2 making documents      | blocked / warned
is the proxy, and works in Geodesy               | 2015: 7.5.3 control of documents  | blocked / warned
is the proxy, and works in Geodesy               | 2015: 7.5.3.2 a part of it        | blocked / warned
is the proxy, and works in Geodesy               | 2015: 9.2.2 internal audit        | blocked / warned
is the proxy, and works in Geodesy               | 2015: 10.2 corrective action      | fine
is the deputy of the owner of Keeping records    | 2015: 9.2.2 internal audit        | blocked / warned
works in Taxes                                   | 2015: 9.2.2 internal audit        | fine
"""
ROWS = [tuple(cell.strip() for cell in line.split("|")) for line in TABLE.strip().splitlines()[1:] if line]

FINANCE, TAXES, ACCOUNTS, GEODESY = 1, 2, 3, 4
COLLECTING, KEEPING = 1, 2
ANNA, HEAD, OWNER, PROXY = 10, 20, 30, 40
START, END = date(2026, 11, 16), date(2026, 11, 18)
LONG_AGO = date(2020, 1, 1)


def works(department: int, from_on: date = LONG_AGO, to_on: date | None = None, **facts: bool) -> dict[str, object]:
    return {"memberships": [Membership(ANNA, department, from_on, to_on, **facts)]}


def owns(process: int, to_on: date | None = None) -> dict[str, object]:
    return {"ownerships": [Ownership(ANNA, process, LONG_AGO, to_on)]}


PROXYS_PROCESS = {"ownerships": [Ownership(PROXY, KEEPING, LONG_AGO)]}
PEOPLE: dict[str, dict[str, object]] = {
    "works in Taxes": works(TAXES),
    "works in Finance": works(FINANCE),
    "works in Geodesy": works(GEODESY),
    "heads Taxes": works(TAXES, is_head=True),
    "supervises the head of Taxes": {"supervises": {ANNA: {HEAD}}},
    "answers to the head of Taxes": {"supervises": {HEAD: {ANNA}}},
    "left Taxes on the first day of the audit": works(TAXES, to_on=START),
    "left Taxes half a year ago": works(TAXES, to_on=date(2026, 5, 20)),
    "left Taxes two years ago": works(TAXES, to_on=date(2024, 11, 20)),
    "joins Taxes on the last day of the audit": works(TAXES, END),
    "joins Taxes on the day after": works(TAXES, date(2026, 11, 19)),
    "comes from outside": {},
    "owns Collecting taxes": owns(COLLECTING),
    "owned Collecting taxes until half a year ago": owns(COLLECTING, date(2026, 5, 20)),
    "owned Collecting taxes until two years ago": owns(COLLECTING, date(2024, 11, 20)),
    "supervises the owner of Collecting taxes": {"supervises": {ANNA: {OWNER}}},
    "answers to the owner of Collecting taxes": {"supervises": {OWNER: {ANNA}}},
    "is the proxy, and works in Geodesy": {"proxies": {ANNA}, **works(GEODESY)},
    "is the proxy, who owns Keeping records": {"proxies": {ANNA}, **owns(KEEPING)},
    "is the deputy of the owner of Keeping records": {"proxies": {ANNA, PROXY}, **PROXYS_PROCESS},
    "was the deputy of that owner before": {"proxies": {PROXY}, **PROXYS_PROCESS},
}
PLACES = {
    "Finance": Item(ItemKind.UNIT, FINANCE),
    "Taxes": Item(ItemKind.UNIT, TAXES),
    "Accounts": Item(ItemKind.UNIT, ACCOUNTS),
    "Geodesy": Item(ItemKind.UNIT, GEODESY),
    "Collecting taxes": Item(ItemKind.PROCESS, COLLECTING),
    "Keeping records": Item(ItemKind.PROCESS, KEEPING),
}
CATALOGUE = resources.files("qms.standards").joinpath("data/clauses.csv").read_text("utf-8")
CLAUSES = list(csv.DictReader(CATALOGUE.splitlines()))
PROXYS = {place for place, clause in enumerate(CLAUSES) if clause["proxys"] == "1"}


def item(words: str) -> Item:
    if not words.startswith("20"):
        return PLACES[words.split(",", maxsplit=1)[0]]
    edition, number = f"9001:{words[:4]}", words.split()[1]
    found = [
        place for place, clause in enumerate(CLAUSES) if (clause["edition"], clause["number"]) == (edition, number)
    ]
    return Item(ItemKind.CLAUSE, found[0])


def follows(who: str, audits: str, *, warns_only: bool) -> str:
    told = dict(PEOPLE[who])
    heads = [Membership(HEAD, TAXES, LONG_AGO, is_head=True)]
    owners = [Ownership(OWNER, COLLECTING, LONG_AGO)]
    facts = Facts(
        memberships=[*told.pop("memberships", []), *heads],
        ownerships=[*told.pop("ownerships", []), *owners],
        parents={TAXES: FINANCE, ACCOUNTS: FINANCE},
        runs_through={COLLECTING: {TAXES}, KEEPING: {FINANCE}},
        proxys_clauses=PROXYS,
        warns_only=warns_only,
        **told,
    )
    found: list[Conflict] = check_auditor(ANNA, [item(audits)], on=(START, END), facts=facts)
    return {Severity.BLOCK: "blocked", Severity.WARN: "warned", None: "fine"}[found[0].severity if found else None]


@pytest.mark.parametrize(("who", "audits", "expected"), ROWS)
def test_who_may_audit_what_is_as_the_table_says(who: str, audits: str, expected: str) -> None:
    usual, _, where_warned = expected.partition(" / ")

    assert follows(who, audits, warns_only=False) == usual
    assert follows(who, audits, warns_only=True) == (where_warned or usual)
