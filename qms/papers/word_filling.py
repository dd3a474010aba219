"""A Word template filled in, by a child process. `python -m qms.papers.word_filling` is that child.

An office's own template is a program somebody else wrote: it sees the fields of one paper and nothing more.
"""

import base64
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from qms.core import confined
from qms.papers.docx_checks import Refused, check_document
from qms.papers.word_starter import starter

_NEAR: Final = 80  # characters that show where a wrong tag stands


class _Unknown(Undefined):
    """A field that the paper does not have."""

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,  # noqa: ANN401 - as the library has it
        name: str | None = None,
        **others: Any,
    ) -> None:
        if name is not None:
            raise Refused("unknown", name=name)
        super().__init__(hint, obj, name, **others)


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=_Unknown, autoescape=True)
    environment.globals.clear()
    return environment


def _answer(task: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"docx": base64.b64encode(_made(task)).decode()}
    except Refused as refusal:
        return {"refused": refusal.code, "params": refusal.params}


def _made(task: dict[str, Any]) -> bytes:
    if not task["template"]:
        made = starter(task["shape"])
        return made if task["fields"] is None else filled(made, task["fields"])
    template = base64.b64decode(task["template"])
    check_document(template)
    return filled(template, task["fields"])


def filled(template: bytes, fields: Mapping[str, Any]) -> bytes:
    """The document with every tag filled in. Raises `Refused` for a tag that cannot be."""
    environment, document = _environment(), DocxTemplate(BytesIO(template))
    try:
        document.render(dict(fields), environment)
        unknown = document.get_undeclared_template_variables(environment) - fields.keys()
    except TemplateSyntaxError as error:
        raise _wrong(error) from error
    except (TemplateError, TypeError, ValueError) as error:
        raise Refused("wrong_tag") from error
    if unknown:  # where the contents never came by
        raise Refused("unknown", name=min(unknown))
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _wrong(error: TemplateSyntaxError) -> Refused:
    """Shows the text around a tag that cannot be read, where the library tells it."""
    around = (" ".join(line.split()) for line in getattr(error, "docx_context", ()))
    near = next((line for line in around if "{" in line), "")
    return Refused("wrong_tag_near", near=near[:_NEAR]) if near else Refused("wrong_tag")


if __name__ == "__main__":
    confined.serve(_answer)
