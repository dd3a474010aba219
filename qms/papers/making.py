"""Papers as files: PDF by one kind of child, Word by another. Nothing here opens a document in the serving process."""

import base64
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from qms.core import children
from qms.domain.errors import N_, InvalidInput
from qms.papers.paper import Paper, Rows, named

_TYPESETTING: Final = "qms.papers.typesetting"
_FILLING: Final = "qms.papers.word_filling"
FIELD: Final = "template"  # of the form that takes one

REFUSALS: Final[dict[str, str]] = {
    "not_word": N_("This is not a whole Word document. Save it in Word as DOCX and add it again."),
    "too_large": N_("This document is too large when it is opened. Take large pictures out and add it again."),
    "macros": N_("This document holds macros. Save it in Word as a document without macros (DOCX) and add it again."),
    "embedded": N_("Other files are embedded in this document. Take them out and add it again."),
    "outside": N_("This document fetches something from outside: %(target)s. Put a copy into the document instead."),
    "unknown": N_(
        "This paper has no field “%(name)s”. It has these: %(known)s. Correct the template and add it again."
    ),
    "wrong_tag": N_("A tag of the template cannot be filled in. Compare its tags with those listed here."),
    "wrong_tag_near": N_("A tag of the template cannot be read near “%(near)s”. Compare it with those listed here."),
    "too_heavy": N_("This template takes too long to fill in. Make it simpler and add it again."),
}


def pdf(paper: Paper, *, made_at: datetime) -> bytes:
    """The paper as a tagged PDF. Raises `children.Busy` or `children.ChildFailed`."""
    task = {"paper": _shape(paper), "made_at": made_at.replace(microsecond=0).isoformat()}
    return base64.b64decode(children.run(_TYPESETTING, task)["pdf"])


def word(paper: Paper, template: bytes | None) -> bytes:
    """The paper as a Word document, from the office's own template if it has one.

    Raises `InvalidInput` for a template that cannot be filled in, `children.Busy` or `children.ChildFailed`.
    """
    return _filled(paper, template=base64.b64encode(template or b"").decode(), fields=named(paper))


def starter(paper: Paper) -> bytes:
    """The template to begin with, its tags not filled in. Raises `children.Busy` or `children.ChildFailed`."""
    return _filled(paper, template="", fields=None)


def check_template(template: bytes, sample: Paper) -> None:
    """Fill the template in with a sample. Raises `InvalidInput` when that cannot be done, or `children.Busy`."""
    try:
        word(sample, template)
    except children.ChildFailed as error:
        raise InvalidInput(REFUSALS["too_heavy"], field=FIELD) from error


def _filled(paper: Paper, **task: Any) -> bytes:
    answer = children.run(_FILLING, {"shape": _shape(paper), **task})
    if "refused" in answer:
        params = {"known": ", ".join(known_fields(paper))} | answer["params"]
        raise InvalidInput(REFUSALS[answer["refused"]], field=FIELD, **params)
    return base64.b64decode(answer["docx"])


def known_fields(paper: Paper) -> list[str]:
    """What a template of this paper may name; fields of lists stand behind the name of their list."""
    lists = (block for block in paper.blocks if isinstance(block, Rows))
    return [*named(paper), *(f"{each.name}: {column.name}" for each in lists for column in each.columns)]


def _shape(paper: Paper) -> dict[str, Any]:
    """What a paper has to say, as plain data."""
    return asdict(replace(paper, sections=tuple(paper.said)))
