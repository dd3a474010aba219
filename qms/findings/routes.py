"""All pages of findings; each module below adds its own to the one blueprint."""

from qms.findings import (
    action_pages,
    answer_pages,
    body_pages,
    bulk_pages,
    case_pages,
    closing_pages,
    earlier_pages,
    handing_pages,
    plea_pages,
    reassign_pages,
    recording_pages,
    register_pages,
    reminder_pages,
    repeat_pages,
    search_pages,
    step_pages,
    view_pages,
)
from qms.findings.pages import bp

__all__ = [
    "action_pages",
    "answer_pages",
    "body_pages",
    "bp",
    "bulk_pages",
    "case_pages",
    "closing_pages",
    "earlier_pages",
    "handing_pages",
    "plea_pages",
    "reassign_pages",
    "recording_pages",
    "register_pages",
    "reminder_pages",
    "repeat_pages",
    "search_pages",
    "step_pages",
    "view_pages",
]
