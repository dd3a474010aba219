"""What several commands share: days typed on the console, and refusals that are sentences."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

import click
from flask import current_app

from qms.domain.dates import FIRST_YEAR, LAST_YEAR
from qms.domain.errors import RuleViolation


class _Day(click.ParamType[date]):
    """A day as 2026-11-22, in the years that the register knows."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            day = value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as 2026-11-22", param, ctx)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail(f"{value} is too far away; name a day from {FIRST_YEAR} to {LAST_YEAR}", param, ctx)
        return day


DAY = _Day()


def says_refusals(command: Callable[..., Any]) -> Callable[..., Any]:
    """A rule's refusal is a sentence on the console, not a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except RuleViolation as refusal:
            raise click.ClickException(str(refusal)) from refusal

    return run


def needs_tables(command: Callable[..., Any]) -> Callable[..., Any]:
    """A database without tables, or with old ones, is a sentence too."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        from qms import doctor
        from qms.core.db import db

        tables = doctor.tables(current_app)
        db.session.rollback()
        if not tables.is_well:
            raise click.ClickException(f"The tables of the database are {tables.says}, then try again.")
        return command(*args, **kwargs)

    return run
