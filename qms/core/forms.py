"""What every form has: the version it was loaded with, a token that makes it count once, typed dates.

A field is needed unless it is marked `Optional`; the macro says which are not, and no `required`
attribute is printed, because a browser's own bubble says less than our sentence and in its own language.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import current_app, request
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectFieldBase
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, Optional, StopValidation
from wtforms.widgets import CheckboxInput

from qms.core import clock, i18n
from qms.domain import dates, words, written_days
from qms.domain.errors import RuleViolation
from qms.domain.written_days import WrittenDay

LINE = 300
TEXT = 20_000
_NOT_ON_LIST = lazy_gettext("What was chosen is not on the list any more. Choose again.")


class Form(FlaskForm):
    """A form whose double sending is noticed and whose stale version is caught."""

    class Meta(FlaskForm.Meta):
        """Flask-WTF would read the catalogue of WTForms from its file at each request; WTForms itself keeps it."""

        get_translations = DefaultMeta.get_translations

        @property
        def locales(self) -> tuple[str]:
            """The language of the page."""
            return (i18n.language(),)

    once = HiddenField(default=lambda: secrets.token_urlsafe(16))
    version = HiddenField(default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.flags.needed = any(isinstance(check, Needed) for check in field.validators)
            field.flags.required = False
            if isinstance(field, SelectFieldBase):
                field.invalid_choice_message = _NOT_ON_LIST

    def refuse(self, error: RuleViolation) -> None:
        """Put what a rule said at its field, or on top of the form."""
        place = getattr(self, error.field or "", None)
        if isinstance(place, Field):
            place.errors = [*place.errors, i18n.said(error)]
        else:
            self.form_errors: list[str] = [*self.form_errors, i18n.said(error)]

    def in_words(self, label: str, text: str) -> str:
        """A stored or typed value as the field with this label shows it: a choice by its words, a tick as yes or no."""
        field = next((each for each in self.visible if str(each.label.text) == label), None)
        if isinstance(field, BooleanField):
            return str(gettext("Yes") if text == "True" else gettext("No"))
        if isinstance(field, SelectFieldBase):
            return next((str(option.label.text) for option in field if str(option.data) == text), text)
        return text

    @property
    def visible(self) -> list[Field]:
        """The fields a person fills in."""
        return [field for field in self if not isinstance(field, HiddenField) and field.type != "CSRFTokenField"]


def id_or_none(value: Any) -> int | None:  # noqa: ANN401 -- what the browser sent, or an id
    """The id of a choice, or nothing chosen."""
    return int(value) if value else None


class Needed(InputRequired):
    """The field has to be filled; the message says with what."""

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 - the signature of WTForms
        """Stop with our sentence when nothing but blanks was given."""
        given = field.raw_data and any(not isinstance(raw, str) or raw.strip() for raw in field.raw_data)
        if not given:
            field.errors = []
            raise StopValidation(str(self.message))


class LineField(StringField):
    """One line of text, cleaned; `data` is the cleaned text, what was typed stays on the page."""

    def __init__(self, *args: Any, limit: int = LINE, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(*args, **kwargs)

    clean: Callable[[str, int], str] = staticmethod(words.clean_line)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Clean what was typed, keeping it as typed beside a refusal."""
        if not valuelist:
            return
        self.data = valuelist[0] if valuelist[0].strip() else ""
        if self.data:
            self.data = _cleaned(self.clean, self.data, self.limit)


class TextField(LineField, TextAreaField):
    """Text of several lines, cleaned."""

    clean = staticmethod(words.clean_text)

    def __init__(self, *args: Any, limit: int = TEXT, **kwargs: Any) -> None:
        super().__init__(*args, limit=limit, **kwargs)


class CheckboxesField(SelectMultipleField):
    """A list to tick, of rows by their id."""

    option_widget = CheckboxInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        again = lazy_gettext("The list has changed in the meantime. Choose again.")
        super().__init__(*args, coerce=int, invalid_value_message=again, invalid_choice_message=again, **kwargs)


class CountField(StringField):
    """A whole number as people type it, at least one."""

    data: Any

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number, or refuse with the sentence of the rule."""
        self.typed = valuelist[0] if valuelist else ""
        self.data = None
        if self.typed.strip():
            self.data = _cleaned(lambda text, most: words.parse_whole_number(text, 1, most), self.typed, self.most)

    def _value(self) -> str:
        return str(self.data) if self.data else getattr(self, "typed", "")


class EmailField(StringField):
    """An e-mail address in the one form we keep."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Bring the address to its one form."""
        if not valuelist:
            return
        self.data = valuelist[0] if valuelist[0].strip() else ""
        if self.data:
            self.data = _cleaned(lambda text, _limit: words.clean_email(text), self.data, 0)


class DateField(StringField):
    """A day as people type it; `data` is a `date` once it was understood."""

    data: Any

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the day, or refuse with the sentence of the rule."""
        self.typed = valuelist[0] if valuelist else ""
        self.data = None
        if self.typed.strip():
            self.data = _cleaned(
                lambda text, _limit: dates.parse_date(text, today=clock.today(), language=i18n.language()),
                self.typed,
                0,
            )

    def _value(self) -> str:
        if isinstance(self.data, date):
            return dates.format_date(self.data)
        return getattr(self, "typed", "") or ""


class WrittenDayField(DateField):
    """A day, or as much of it as is known; `data` is a `WrittenDay` once it was understood, or a stored `date`."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the day or its part, or refuse with the sentence of the rule."""
        self.typed = valuelist[0] if valuelist else ""
        self.data = None
        if self.typed.strip():
            self.data = _cleaned(
                lambda text, _limit: written_days.read(text, today=clock.today(), language=i18n.language()),
                self.typed,
                0,
            )

    def _value(self) -> str:
        return str(self.data) if isinstance(self.data, WrittenDay) else super()._value()


def _cleaned(clean: Callable[[str, int], Any], typed: str, limit: int) -> Any:  # noqa: ANN401 - what `clean` gives
    try:
        return clean(typed, limit)
    except RuleViolation as refusal:
        raise ValueError(i18n.said(refusal)) from refusal


def optional() -> Optional:
    """The field may stay empty."""
    return Optional()


def needed(message: Any) -> Needed:  # noqa: ANN401 - a lazy string
    """The field has to be filled; `message` says with what."""
    return Needed(message)


def not_in_future(_form: Form, field: Field) -> None:
    """The day has come already."""
    if isinstance(field.data, date) and field.data > clock.today():
        raise ValidationError(gettext("Enter a day that is not in the future."))


def not_in_past(_form: Form, field: Field) -> None:
    """The day is today or later."""
    if isinstance(field.data, date) and field.data < clock.today():
        raise ValidationError(gettext("Enter today or a later day."))


def given_files(name: str = "files") -> list[Any]:
    """The files of this request that have a name or content; raises nothing."""
    return [file for file in request.files.getlist(name) if file.filename]


def upload_hint() -> str:
    """What may be added, for the hint of a file field."""
    megabytes = current_app.config["UPLOAD_LIMIT"] // (1 << 20)
    return str(gettext("PDF, JPG, PNG, DOCX, XLSX, ODT, ODS, TXT or CSV, each up to %(size)s MB.", size=megabytes))


CHOOSE = lazy_gettext("Choose")
