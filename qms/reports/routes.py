"""All pages of papers; each module below adds its own to the one blueprint."""

from qms.reports import card_pages, plan_pages, report_pages, template_pages
from qms.reports.pages import bp

__all__ = ["bp", "card_pages", "plan_pages", "report_pages", "template_pages"]
