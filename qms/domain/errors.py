"""Every way a rule can refuse, one sentence each.

A message is an English msgid that says what to do next. The rules never translate it: the page that shows it does,
from `message` and `params`, so one refusal reads well in each language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(message: str) -> str:  # noqa: N802 -- the name that gettext tools look for
    """Mark a message for translation and return it unchanged."""
    return message


def NN_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802 -- the plural twin of N_
    """Mark a message that counts something (`%(num)s`) and return both forms unchanged."""
    return singular, plural


@dataclass(frozen=True)
class Notice:
    """A remark that stops nobody: a rule warns with it where it would be wrong to refuse."""

    message: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.params


class RuleViolation(Exception):
    """A rule said no, and nothing was changed."""

    def __init__(self, message: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params
        self.field = field

    def __str__(self) -> str:
        return self.message % self.params


class NotAllowedNow(RuleViolation):
    """The step is right, but not in the state the thing is in."""


class NotPermitted(RuleViolation):
    """Somebody else has to take this step."""


class NotIndependent(RuleViolation):
    """The person would be judging their own work."""


class NotQualified(RuleViolation):
    """The person lacks a valid qualification or appointment for the role."""


class Stale(RuleViolation):
    """Somebody changed the thing after the form was opened."""


class InvalidInput(RuleViolation):
    """What was typed cannot be stored as it is."""
