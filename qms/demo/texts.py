"""The words of the demonstration: what was found in which kind of department, and what people wrote about it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from random import Random
from typing import Any, Final

GENERAL: Final = "general"


@dataclass(frozen=True, kw_only=True)
class Text:
    """One thing that may be found. Those that need an answer have the words of the answer too."""

    clause: str
    clause_2008: str
    statement: str
    requirement: str
    evidence: str
    category: str = ""  # of a remark; a nonconformity is named by the office's scale
    correction: str = ""
    cause: str = ""
    cause_kind: str = ""  # of the proposal of causes
    action: str = ""
    second: str = ""
    done: str = ""

    def number_for(self, edition: str) -> str:
        """The clause of the edition that it is found against."""
        return self.clause_2008 if edition == "9001:2008" else self.clause


def read(name: str) -> Mapping[str, Any]:
    """A table of the data folder."""
    return tomllib.loads(resources.files("qms.demo").joinpath("data", f"{name}.toml").read_text("utf-8"))


@cache
def phrases() -> Mapping[str, Any]:
    """What is written beside a step."""
    return read("phrases")


KINDS: Final = ("or", "fn", "km", "gd", "ab", "so", "gk", "in", GENERAL)


def all_of(of: str) -> list[Text]:
    """Every nonconformity (`case`) or remark, of all kinds of departments."""
    return [Text(**each) for kind in KINDS for each in read(kind)[of]]


class Drawer:
    """What is still to be found in the departments of one office; nothing twice before all was found."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._left: dict[tuple[str, str], list[Text]] = {}

    def case(self, kind: str) -> Text:
        """A nonconformity of a kind of department."""
        return self._draw(kind, "case")

    def remark(self, kind: str) -> Text:
        """An observation, an opportunity or a strength."""
        return self._draw(kind, "remark")

    def _draw(self, kind: str, of: str) -> Text:
        """Of the department's own texts first, then of those that fit any."""
        left = self._stock(kind, of) or self._stock(GENERAL, of)
        if not left:
            self._left = {key: stock for key, stock in self._left.items() if key[1] != of}
            left = self._stock(kind, of)
        return self._filled(left.pop())

    def _stock(self, kind: str, of: str) -> list[Text]:
        if (kind, of) not in self._left:
            texts = [Text(**each) for each in read(kind)[of]]
            self._left[kind, of] = self._rng.sample(texts, len(texts))
        return self._left[kind, of]

    def _filled(self, text: Text) -> Text:
        some, all_of_them = self._rng.randint(2, 5), self._rng.randint(8, 20)
        return Text(**{name: words.format(n=some, m=all_of_them) for name, words in vars(text).items()})
