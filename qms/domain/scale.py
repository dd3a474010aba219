"""An office's own kinds of finding, each over one meaning that is the same in every office.

Source: ISO 19011:2018, 6.4.8 (findings may be graded, and good practice recorded), and the practice of offices: some
know nonconformities only, some add observations or threats, and hardly any grades. Whoever compares offices compares
meanings.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from qms.domain.errors import N_, InvalidInput
from qms.domain.findings import LIGHT, Category

LONGEST_NAME: Final = 60
LONGEST_SYMBOL: Final = 4
MOST_KINDS: Final = 20
GRADES: Final = (Category.MAJOR, Category.MINOR)
MEANINGS: Final = tuple(each for each in Category if each not in GRADES)

# What a kind is called that has no name of its own.
WORDS: Final[Mapping[str, str]] = {
    Category.NONCONFORMITY: N_("Nonconformity"),
    Category.MAJOR: N_("Major nonconformity"),
    Category.MINOR: N_("Minor nonconformity"),
    Category.POTENTIAL: N_("Potential nonconformity"),
    Category.OBSERVATION: N_("Observation"),
    Category.OPPORTUNITY: N_("Opportunity for improvement"),
    Category.STRENGTH: N_("Strength"),
    Category.GOOD_PRACTICE: N_("Good practice"),
}
HINTS: Final[Mapping[str, str]] = {
    Category.NONCONFORMITY: N_("A requirement is not met. The unit answers and the case is followed to its end."),
    Category.MAJOR: N_("A requirement is not met at all, or the result of the service is at risk."),
    Category.MINOR: N_("A single lapse that does not put the whole at risk."),
    Category.POTENTIAL: N_("A requirement is met, but will not be for long. The unit answers how it prevents that."),
    Category.OBSERVATION: N_("Not wrong yet, but it may become so. The office chooses whether the unit answers."),
    Category.OPPORTUNITY: N_(
        "The requirement is met and could be met better. The office chooses whether the unit answers."
    ),
    Category.STRENGTH: N_("Worth showing to others. It needs no answer."),
    Category.GOOD_PRACTICE: N_("A way of working that other units or offices could take over. It needs no answer."),
}


@dataclass(frozen=True)
class Called:
    """How a finding is called: what it means, and the office's own name for that, if it has one."""

    category: Category
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One row of the scale. An empty name stands for the product's own word in the reader's language."""

    meaning: Category
    symbol: str
    name: str = ""
    is_graded: bool = False
    major_name: str = ""
    minor_name: str = ""
    is_used: bool = True
    is_answered: bool = False
    """Whether the unit says if it acts on it; what is a nonconformity is answered in any case."""

    @property
    def whole(self) -> Called:
        """The kind without its grades."""
        return Called(self.meaning, self.name)

    @property
    def grades(self) -> tuple[Called, Called]:
        """The gravest first."""
        return Called(Category.MAJOR, self.major_name), Called(Category.MINOR, self.minor_name)

    @property
    def called(self) -> tuple[Called, ...]:
        """All that a finding of this kind may be called."""
        return self.grades if self.is_graded else (self.whole,)


@dataclass(frozen=True)
class Choice:
    """What a finding can be recorded as. `code` is its name in forms: the meaning alone is the first kind of it."""

    code: str
    called: Called
    key: str


# An office starts with these and changes each; the last two wait until it wants them.
STARTER: Final = (
    Kind(meaning=Category.NONCONFORMITY, symbol="N"),
    Kind(meaning=Category.OBSERVATION, symbol="S"),
    Kind(meaning=Category.OPPORTUNITY, symbol="P"),
    Kind(meaning=Category.STRENGTH, symbol="M"),
    Kind(meaning=Category.POTENTIAL, symbol="PN", is_used=False),
    Kind(meaning=Category.GOOD_PRACTICE, symbol="DP", is_used=False),
)

Words = Mapping[Category, Collection[str]]
"""How the product calls each meaning, in each of its languages."""


def choices(kinds: Mapping[str, Kind], *, always_grades: bool) -> tuple[Choice, ...]:
    """What to choose from, in the office's order; `kinds` by their keys.

    A certification body always grades: where the office does not, its first kind of nonconformity is graded.
    """
    used = {key: kind for key, kind in kinds.items() if kind.is_used}
    graded = dict(_graded(used)) if always_grades else used
    found: dict[str, Choice] = {}
    for key, kind in graded.items():
        for called in kind.called:
            code = called.category.value if called.category not in found else f"{called.category.value}-{key}"
            found[code] = Choice(code, called, key)
    return tuple(found.values())


def _graded(used: Mapping[str, Kind]) -> Iterator[tuple[str, Kind]]:
    faults = [key for key, kind in used.items() if kind.meaning is Category.NONCONFORMITY]
    kept = [key for key in faults if used[key].is_graded] or faults[:1]
    for key, kind in used.items():
        if kind.meaning is not Category.NONCONFORMITY:
            yield key, kind
        elif key in kept:
            yield key, replace(kind, is_graded=True)


def settled(kind: Kind, words: Words) -> Kind:
    """The same, without names that are the product's own words anyway, and what its meaning cannot have."""
    is_answered = kind.is_answered and kind.meaning in LIGHT
    own = replace(kind, name=_own(kind.name, words[kind.meaning]), is_answered=is_answered)
    if kind.meaning is not Category.NONCONFORMITY:
        return replace(own, is_graded=False, major_name="", minor_name="")
    major, minor = (_own(each.name, words[each.category]) for each in kind.grades)
    return replace(own, major_name=major, minor_name=minor)


def _own(name: str, known: Collection[str]) -> str:
    return "" if folded(name) in {folded(each) for each in known} else name


def folded(name: str) -> str:
    """A name as people compare it: blanks and capitals make no difference."""
    return " ".join(name.split()).casefold()


def check(kind: Kind, others: Sequence[Kind], words: Words) -> None:
    """Whether the kind may stand beside the others. Raises `InvalidInput` with what to do instead."""
    _check_texts(kind)
    if len(others) >= MOST_KINDS:
        message = N_("The scale has %(most)s kinds already. Change one that is no longer used.")
        raise InvalidInput(message, most=MOST_KINDS)
    _check_names(kind, others, words)
    if not any(each.is_used and each.meaning is Category.NONCONFORMITY for each in (kind, *others)):
        message = N_("No kind would be left for nonconformities. Add another one first, or keep this one in use.")
        raise InvalidInput(message, field="is_used")


def _check_texts(kind: Kind) -> None:
    for field in ("name", "major_name", "minor_name"):
        if len(getattr(kind, field)) > LONGEST_NAME:
            message = N_("The name is too long. Use at most %(limit)s characters.")
            raise InvalidInput(message, field=field, limit=LONGEST_NAME)
    if not kind.symbol.isalnum() or len(kind.symbol) > LONGEST_SYMBOL:
        message = N_("Use letters and digits only, at most %(limit)s characters, for example N.")
        raise InvalidInput(message, field="symbol", limit=LONGEST_SYMBOL)


def _check_names(kind: Kind, others: Sequence[Kind], words: Words) -> None:
    taken = {folded(name) for other in others for called in _names(other) for name in _said(called, words)}
    for field, called in zip(("name", "major_name", "minor_name"), _names(kind), strict=False):
        own = {folded(name) for name in _said(called, words)}
        if own & taken:
            message = N_("Another kind has this name. Type a different one, so that nobody mistakes them.")
            raise InvalidInput(message, field=field)
        taken |= own


def _names(kind: Kind) -> tuple[Called, ...]:
    return (kind.whole, *kind.grades) if kind.is_graded else (kind.whole,)


def _said(called: Called, words: Words) -> Collection[str]:
    return (called.name,) if called.name else words[called.category]
