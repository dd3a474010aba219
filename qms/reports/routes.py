"""All pages of papers; each module below adds its own to the one blueprint."""

from qms.reports import approval_pages, card_pages, plan_pages, report_pages, template_pages
from qms.reports.pages import bp

__all__ = ["approval_pages", "bp", "card_pages", "plan_pages", "report_pages", "template_pages"]
