"""What the forms of findings share: rows chosen by their id, files, and what goes with some answers only."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Field, MultipleFileField, SelectChoice, ValidationError

from qms.core.forms import CHOOSE, Form, given_files, optional, upload_hint
from qms.domain.errors import RuleViolation
from qms.findings.service import Upload


def chosen_id(typed: Any) -> int | None:  # noqa: ANN401 - what the browser sent, or the value to show
    """The id that was chosen; none for anything else, which the service then refuses in words."""
    text = str(typed or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("2147483647") else None


def nothing_chosen() -> SelectChoice:
    return SelectChoice("", str(CHOOSE))


class GoesWith:
    """What is filled in here belongs to some answers of another field; with any other it would be lost unseen."""

    def __init__(self, other: str, *answers: str, message: Any) -> None:  # noqa: ANN401 - a lazy string
        self.other, self.answers, self.message = other, answers, message

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse rather than drop it; what stood there before is no loss."""
        chosen = form[self.other].data
        if field.data and field.data != field.object_data and chosen and chosen not in self.answers:
            raise ValidationError(str(self.message))


def uploads() -> list[Upload]:
    """The files of this request."""
    return [Upload(file.filename or "", file.stream) for file in given_files()]


class FilesForm(Form):
    """Files to keep as evidence."""

    files = MultipleFileField(_("Files"), validators=[optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.files.description = upload_hint()
        self.refused_files: list[str] = []

    def refuse(self, error: RuleViolation) -> None:
        """Keep the names of files that cannot be added."""
        self.refused_files = list(error.params.get("refused", ()))  # type: ignore[call-overload] # names
        super().refuse(error)

    @property
    def lost_files(self) -> list[str]:
        """The names of files that came with a form that is shown again, and could come again."""
        return [upload.name for upload in uploads() if upload.name not in self.refused_files]
