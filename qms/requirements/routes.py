"""All pages of what the standard asks of an office; each module below adds its own to the one blueprint."""

from qms.requirements import standard_pages
from qms.requirements.exclusion_pages import bp

__all__ = ["bp", "standard_pages"]
