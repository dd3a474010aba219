"""Words of a form that is not taken: the page that says so gives them back, so that nobody has to find them again."""

from flask import request
from werkzeug.exceptions import HTTPException


def words() -> list[str]:
    """What was written in this request, without passwords; choices, days and tokens are one word each and left out."""
    try:
        sent = [text.strip() for name, texts in request.form.lists() if "password" not in name for text in texts]
    except HTTPException:  # what could not be read cannot be given back
        return []
    return [text for text in sent if len(text.split()) > 1]
