"""What is typed when an office names clauses its own way: a line for each clause of an edition that has a title."""

from collections.abc import Mapping, Sequence
from typing import Any

from qms.core.forms import Form, LineField, optional
from qms.core.i18n import language
from qms.domain.editions import NodeKind
from qms.requirements.models import NAME
from qms.requirements.words import official_title
from qms.standards.models import Clause


class TitlesForm(Form):
    """The own title of each clause; an empty one means the official title."""

    def place(self, clauses: Sequence[Clause]) -> None:
        """Say which clauses the fields are of."""
        self.clauses = clauses

    @property
    def titles(self) -> dict[int, str]:
        """What was typed, by clause."""
        return {each.id: self[_name(each)].data or "" for each in self.clauses}

    @property
    def chapters(self) -> list[list[Any]]:
        """The fields by chapter, each chapter's own title first."""
        found: list[list[Any]] = []
        for each in self.clauses:
            if not found or each.kind == NodeKind.CHAPTER:
                found.append([])
            found[-1].append(self[_name(each)])
        return found


def titles_form(clauses: Sequence[Clause], own: Mapping[int, str]) -> TitlesForm:
    """The form with the titles as they stand; a part of a clause has no title of its own to begin with."""
    titled = [each for each in clauses if each.kind != NodeKind.PART]
    fields = {_name(each): _field(each) for each in titled}
    made: type[TitlesForm] = type("EditionTitlesForm", (TitlesForm,), fields)
    form = made(data={_name(each): own.get(each.id, "") for each in titled})
    form.place(titled)
    return form


def _name(clause: Clause) -> str:
    return f"title_{clause.id}"


def _field(clause: Clause) -> LineField:
    label = f"{clause.number} {official_title(clause, language())}"
    return LineField(label, limit=NAME, validators=[optional()])
