"""What is typed when an office names clauses its own way: a line for each clause of an edition that has a title."""

from collections.abc import Mapping, Sequence
from typing import Any

from qms.core.forms import Form, LineField, optional
from qms.core.i18n import language
from qms.core.text import fold
from qms.domain.editions import NodeKind
from qms.requirements.models import NAME
from qms.requirements.words import official_title
from qms.standards.models import Clause


class TitlesForm(Form):
    """The own title of each clause; an empty one means the official title."""

    def place(self, clauses: Sequence[Clause], sought: str) -> None:
        """Say which clauses the fields are of, and what is looked for among them."""
        self.clauses, self.sought = clauses, sought

    @property
    def titles(self) -> dict[int, str]:
        """What was typed, by clause."""
        return {each.id: self[_name(each)].data or "" for each in self.clauses}

    @property
    def first(self) -> list[Any]:
        """The fields that stand open above the rest: what was looked for, or else what has a title of its own."""
        return [self[_name(each)] for each in self.clauses if self._is_first(each)]

    @property
    def chapters(self) -> list[tuple[Any, list[Any]]]:
        """The other fields, under the label of their chapter."""
        found: list[tuple[Any, list[Any]]] = []
        for each in self.clauses:
            field = self[_name(each)]
            if not found or each.kind == NodeKind.CHAPTER:
                found.append((field.label.text, []))
            if not self._is_first(each):
                found[-1][1].append(field)
        return [(label, fields) for label, fields in found if fields]

    def _is_first(self, clause: Clause) -> bool:
        field = self[_name(clause)]
        if self.sought:
            return is_found(self.sought, clause.number, f"{field.label.text} {field.data or ''}")
        return bool(field.data or field.errors)


def is_found(sought: str, number: str, words: str) -> bool:
    """Whether a clause is the one that was looked for, under it, or has these words in its title.

    >>> [is_found("7.5", number, "") for number in ("7.5", "7.5.3", "7.50", "8.7.5")]
    [True, True, False, False]
    >>> is_found("wyrób", "8.7", "Nadzór nad wyrobami"), is_found("...", "8.7", "Nadzór nad wyrobami")
    (True, False)
    """
    if sought[0].isdigit():
        return number == sought.rstrip(".") or number.startswith(f"{sought.rstrip('.')}.")
    return bool(fold(sought)) and fold(sought) in fold(words)


def titles_form(clauses: Sequence[Clause], own: Mapping[int, str], *, sought: str = "") -> TitlesForm:
    """The form with the titles as they stand; a part of a clause has no title of its own to begin with."""
    titled = [each for each in clauses if each.kind != NodeKind.PART]
    fields = {_name(each): _field(each) for each in titled}
    made: type[TitlesForm] = type("EditionTitlesForm", (TitlesForm,), fields)
    form = made(data={_name(each): own.get(each.id, "") for each in titled})
    form.place(titled, sought)
    return form


def _name(clause: Clause) -> str:
    return f"title_{clause.id}"


def _field(clause: Clause) -> LineField:
    label = f"{clause.number} {official_title(clause, language())}"
    return LineField(label, limit=NAME, validators=[optional()])
