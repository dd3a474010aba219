"""Texts as long as their columns take, half of them one word nothing can break: whatever was typed has to fit."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

_WORD: Final = "Konstantynopolitańczykowianeczka" * 10
_PROSE: Final = f"{_WORD} " + "Zażółć gęślą jaźń, żeby sprawdzić, czy wszystko się mieści. " * 30
_MARK: Final = 8  # characters left for the number of the row, so that what has to be unique still is

# Free texts by table: column and how many characters people may type.
_TYPED: Final[dict[str, dict[str, int]]] = {
    "office": {"name": 200},
    "department": {"name": 200},
    "person": {"name": 255},
    "audit": {"number": 60, "objective": 2000, "body": 200, "conclusion": 2000, "cancel_reason": 2000},
    "report_issue": {"conclusion": 2000, "reason": 2000},
    "given_report": {"conclusion": 2000, "reason": 2000, "returned_because": 2000},
    "report_approval": {"verb": 60, "order_number": 100},
    "certificate": {"number": 60, "body": 200, "scope": 2000, "sites": 2000, "note": 2000},
    "admission_statement": {"shown_by": 300},
    "training": {"title": 300, "provider": 200, "place": 200, "certificate_number": 60},
    "stored_file": {"name": 255},
    "finding": {"number": 60, "requirement": 2000, "evidence": 2000, "statement": 2000, "reason": 2000},
    "saved_view": {"name": 60},
    "practice": {"text": 2000, "word": 2000},
    "problem": {"number": 60, "outer_number": 60, "what": 4000, "requirement": 2000, "reason": 2000},
    "product": {
        "number": 60,
        "description": 4000,
        "sign": 60,
        "mark": 1000,
        "done": 4000,
        "allowed_by": 200,
        "verification": 2000,
    },
    "finding_round": {
        "correction": 2000,
        "cause": 2000,
        "criterion": 2000,
        "returned_note": 2000,
        "verification": 2000,
    },
    "case_message": {"words": 4000, "struck_because": 300},
    "finding_plea": {"reason": 2000, "word": 2000},
    "action": {"description": 2000, "done_note": 2000},
    "question_list": {"name": 200},
    "question_list_question": {"text": 1000, "hint": 1000},
    "audit_question": {"text": 1000, "hint": 1000},
    "lost_device": {"note": 1000},
    "answer_event": {"note": 4000},
    "letter": {"subject": 300},
}


def lengthen(database: Path) -> None:
    """Put the longest text wherever there is a text now."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for table, columns in _TYPED.items():
            for column, limit in columns.items():
                text = (_PROSE if limit > len(_WORD) else _WORD)[: limit - _MARK]
                connection.execute(f"UPDATE {table} SET {column} = ? || rowid WHERE {column} <> ''", (text,))  # noqa: S608 - our own names
