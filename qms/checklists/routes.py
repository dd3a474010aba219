"""All pages of questions; each module below adds its own to the one blueprint."""

from qms.checklists import list_pages, question_pages, running_pages, syncing
from qms.checklists.pages import bp

__all__ = ["bp", "list_pages", "question_pages", "running_pages", "syncing"]
