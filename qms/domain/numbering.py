"""Numbers of audits and findings by the office's own pattern.

A number is given when a record becomes official, never to a draft, and is never used again. Counters start at 1 with
the year, which is why every pattern holds one. The scope of a counter is the printed number without its running part,
so two records can never get the same number, whatever the pattern is changed to.
"""

import re
from datetime import date

from qms.domain.errors import N_, InvalidInput

DEFAULT_AUDIT_PATTERN = "A-{yyyy}-{n:02}"
DEFAULT_FINDING_PATTERN = "{prefix}-{yyyy}-{n:03}"

LONGEST_PATTERN = 40
TOKEN = re.compile(r"\{(prefix|n|n:02|n:03|unit|yyyy|yy)\}")
RUNNING = ("{n}", "{n:02}", "{n:03}")


def validate_pattern(pattern: str, *, field: str | None = None) -> None:
    tokens = [found[0] for found in TOKEN.finditer(pattern)]
    if len(pattern) > LONGEST_PATTERN or not all(map(_is_literal, TOKEN.split(pattern)[::2])):
        message = N_("Use letters, digits, the marks - / . and the fields in braces, at most %(limit)s characters.")
        raise InvalidInput(message, field=field, limit=LONGEST_PATTERN)
    if sum(token in RUNNING for token in tokens) != 1:
        raise InvalidInput(N_("Put the running number {n} into the pattern, once."), field=field)
    if not {"{yyyy}", "{yy}"} & set(tokens):
        message = N_("Put the year {yyyy} into the pattern: numbers start again at 1 each year.")
        raise InvalidInput(message, field=field)


def _is_literal(text: str) -> bool:
    return all(char.isalnum() or char in "-/. " for char in text)


def format_number(pattern: str, n: int, *, on: date, prefix: str = "", unit: str = "") -> str:
    """The number as printed. `on` is the day, in Poland, on which it is given.

    >>> format_number("{prefix}-{yyyy}-{n:03}", 14, on=date(2026, 11, 20), prefix="N")
    'N-2026-014'
    """
    running = {"n": f"{n}", "n:02": f"{n:02}", "n:03": f"{n:03}"}
    return _filled(pattern, running | _fields(on, prefix, unit))


def counter_scope(pattern: str, *, on: date, prefix: str = "", unit: str = "") -> str:
    """What shares one counter: the number with a star for its running part, such as N-2026-*."""
    return _filled(pattern, dict.fromkeys(("n", "n:02", "n:03"), "*") | _fields(on, prefix, unit))


def _fields(on: date, prefix: str, unit: str) -> dict[str, str]:
    return {"prefix": prefix, "unit": unit, "yyyy": f"{on.year:04}", "yy": f"{on.year % 100:02}"}


def _filled(pattern: str, fields: dict[str, str]) -> str:
    # Not str.format: it would let a pattern reach into the values.
    return TOKEN.sub(lambda found: fields[found[1]], pattern)
