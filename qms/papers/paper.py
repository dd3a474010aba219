"""A paper in words: one structure from which its page, its PDF and its Word file are made.

Every piece has the name by which a Word template calls it, so that what a template may use is what the paper says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

Row = tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """What a template calls a piece, and what people call it."""

    name: str
    label: str


@dataclass(frozen=True)
class Fact(Field):
    """One thing said; empty when there is nothing to say, and then neither is its label."""

    text: str


@dataclass(frozen=True)
class Rows(Field):
    """Things of one kind: a table of short ones, or one block after another, each under its first column.

    `room` is how many millimetres of a row are left for a pen where a cell says nothing.
    """

    columns: tuple[Field, ...]
    rows: tuple[Row, ...]
    is_table: bool = True
    when_empty: str = ""
    room: int = 0


Block = Fact | Rows


@dataclass(frozen=True)
class Section:
    """A part of a paper under a heading."""

    heading: str
    blocks: tuple[Block, ...]

    @property
    def facts(self) -> list[Fact]:
        """What it says line by line, for the page; there they stand before what is listed."""
        return [block for block in self.blocks if isinstance(block, Fact) and block.text]

    @property
    def lists(self) -> list[Rows]:
        """What it lists."""
        return [block for block in self.blocks if isinstance(block, Rows)]

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to say: a template may name its fields all the same, and they are empty."""
        return not self.facts and not any(listed.rows or listed.when_empty for listed in self.lists)


@dataclass(frozen=True)
class Paper:
    """A whole paper in one language. `number` names its file too; `mark` says that it is a draft.

    What is `is_wide` lies on its side: its tables have many columns.
    """

    kind: str
    language: str
    office: str
    number: str
    title: str
    mark: str
    sections: tuple[Section, ...]
    is_wide: bool = False

    @property
    def said(self) -> list[Section]:
        """The parts that have something to say."""
        return [section for section in self.sections if not section.is_silent]

    @property
    def blocks(self) -> Iterator[Block]:
        """All pieces, in order."""
        return (block for section in self.sections for block in section.blocks)


HEAD: Final = ("urzad", "tytul", "numer", "oznaczenie")


def named(paper: Paper) -> dict[str, object]:
    """What a Word template may use, by name: texts, and lists of rows whose columns have names."""
    head = dict(zip(HEAD, (paper.office, paper.title, paper.number, paper.mark), strict=True))
    return head | {block.name: _value(block) for block in paper.blocks}


def _value(block: Block) -> object:
    if isinstance(block, Fact):
        return block.text
    names = [column.name for column in block.columns]
    return [dict(zip(names, row, strict=True)) for row in block.rows]
