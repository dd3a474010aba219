"""All pages of programmes; each module below adds its own to the one blueprint."""

from qms.programme import approval_pages, entry_pages, proposal_pages
from qms.programme.pages import bp

__all__ = ["approval_pages", "bp", "entry_pages", "proposal_pages"]
