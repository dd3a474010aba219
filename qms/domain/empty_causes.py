"""Causes that end at a person: "human error" and "the clerk has been reminded" are the ones auditors reject most.

They explain nothing yet: a person errs where a rule, a tool or a check lets it happen. It is a hint, never a refusal,
since whoever answers knows more than a list of words does.
"""

import re
from typing import Final

_BLAMES: Final = (
    r"human (error|mistake|factor)",
    r"(clerk|employee|worker)s?('s|’s)? (error|mistake|oversight|carelessness|inattention)",
    r"(clerk|employee|worker)s? (was|were|has been|have been) (reminded|instructed|warned)",
    r"błęd\w* (ludzk|człowiek|pracowni)\w*",
    r"błąd (ludzki|człowieka|pracowni\w+|urzędni\w+|osoby)",
    r"czynnik ludzki",
    r"(niedopatrzeni|przeoczeni|roztargnieni|nieuwag)\w*",
    r"(pouczon|upomnian)\w*",
    r"(pouczen|upomnien)\w* pracowni\w*",
    r"zwrócono (\w+ )?uwagę",
)
# A text that goes on to say why has asked once more already.
_REASONS: Final = ("bo", "ponieważ", "gdyż", "because")
_BLAMING: Final = re.compile(r"\b(" + "|".join(_BLAMES) + r")\b")
_REASONING: Final = re.compile(r"\b(" + "|".join(_REASONS) + r")\b")


def ends_at_a_person(cause: str) -> bool:
    """Whether the last line of a written cause names somebody's error and no reason for it."""
    last = next((line for line in reversed(cause.casefold().splitlines()) if line.strip()), "")
    told = " ".join(last.split())
    return bool(_BLAMING.search(told)) and not _REASONING.search(told)
