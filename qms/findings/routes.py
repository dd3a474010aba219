"""All pages of findings; each module below adds its own to the one blueprint."""

from qms.findings import case_pages, recording_pages, register_pages, step_pages
from qms.findings.pages import bp

__all__ = ["bp", "case_pages", "recording_pages", "register_pages", "step_pages"]
