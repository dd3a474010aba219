"""Reads expectations written as text tables: a head, then rows whose first word names them."""

from functools import lru_cache


@lru_cache
def cells(table: str) -> tuple[tuple[str, str, str], ...]:
    """Row name, column name and cell, for each cell."""
    head, *body = [line.split() for line in table.strip().splitlines()]
    return tuple((name, column, value) for name, *values in body for column, value in zip(head, values, strict=True))


def rows(table: str) -> list[tuple[str, ...]]:
    """Each row as a tuple of its words, the head left out."""
    return [tuple(line.split()) for line in table.strip().splitlines()[1:]]
