"""All pages of audits; each module below adds its own to the one blueprint."""

from qms.audits import audit_pages, lending_pages, plan_pages
from qms.audits.pages import bp

__all__ = ["audit_pages", "bp", "lending_pages", "plan_pages"]
