"""What is typed about limits: each with its value, how it is counted and, where it matters, its tolerance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField

from qms.core import i18n
from qms.core.forms import Form, optional
from qms.domain import words
from qms.domain.errors import RuleViolation
from qms.domain.limits import (
    LONGEST_TOLERANCE,
    STARTER_LIMITS,
    TOLERANT,
    Limit,
    Unit,
    units,
    value_shown,
    value_typed,
)
from qms.offices.words import LIMIT_LABELS, UNIT_LABELS


class DaysField(StringField):
    """A number of days as people type it; nothing typed is none."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number, or refuse with the sentence of the rule."""
        self.typed = valuelist[0] if valuelist else ""
        self.data = 0
        if self.typed.strip():
            try:
                self.data = words.parse_whole_number(self.typed, 0, LONGEST_TOLERANCE)
            except RuleViolation as refusal:
                raise ValueError(i18n.said(refusal)) from refusal

    def _value(self) -> str:
        return str(self.data) if self.data else getattr(self, "typed", "")


@dataclass(frozen=True)
class LimitLine:
    """The fields of one limit; `tolerance` is none where it would be counted nowhere."""

    value: Any
    unit: Any
    tolerance: Any = None


class LimitsForm(Form):
    """Each limit of an office: how long, in what; an empty length means that it is not set."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in self.lines:
            for field in filter(None, (line.value, line.unit, line.tolerance)):
                field.flags.row = line.value.label.text

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Read each limit by the way it is counted in."""
        is_valid = bool(super().validate(extra_validators))
        self.limits: dict[str, Limit] = {}
        for name, starter in STARTER_LIMITS.items():
            try:
                self.limits[name] = self._limit(name, starter)
            except RuleViolation as refusal:
                self.refuse(refusal)
                is_valid = False
        return is_valid

    def _limit(self, name: str, starter: Limit) -> Limit:
        unit = Unit(self[_unit(name)].data) if self[_unit(name)].data in set(Unit) else starter.unit
        value = value_typed(self[name].data or "", unit, field=name)
        tolerance = self[_tolerance(name)].data if name in TOLERANT else 0
        return Limit(value, unit, counts_back=starter.counts_back, tolerance=tolerance or 0)

    @property
    def lines(self) -> list[LimitLine]:
        """The fields of each limit."""
        return [
            LimitLine(self[name], self[_unit(name)], self[_tolerance(name)] if name in TOLERANT else None)
            for name in LIMIT_LABELS
        ]


def _unit(name: str) -> str:
    return f"{name}_unit"


def _tolerance(name: str) -> str:
    return f"{name}_tolerance"


for _name, (_label, _counted) in LIMIT_LABELS.items():
    _units = [SelectChoice(unit.value, _l(UNIT_LABELS[unit])) for unit in units(_name)]
    _empty = (
        _l("Empty means no limit, or an agreed day.") if Unit.AGREED in units(_name) else _l("Empty means no limit.")
    )
    setattr(LimitsForm, _name, StringField(_l(_label), description=_empty, validators=[optional()]))
    setattr(LimitsForm, _unit(_name), SelectField(_l("How it is counted"), description=_l(_counted), choices=_units))
    if _name in TOLERANT:
        setattr(LimitsForm, _tolerance(_name), DaysField(_l("Tolerance in days"), validators=[optional()]))


def limits_form(limits: Mapping[str, Limit]) -> LimitsForm:
    """The form with the limits as they stand."""
    stored = {name: limits.get(name, replace(starter, value=None)) for name, starter in STARTER_LIMITS.items()}
    return LimitsForm(
        data={name: value_shown(limit) for name, limit in stored.items()}
        | {_unit(name): limit.unit.value for name, limit in stored.items()}
        | {_tolerance(name): limit.tolerance for name, limit in stored.items()}
    )
