"""The blueprint of all pages of audits, and the words their templates use."""

from typing import Any

from flask import Blueprint

from qms.audits import words

bp = Blueprint("audits", __name__)


@bp.app_context_processor
def _names() -> dict[str, Any]:
    return {"audit_words": words}
