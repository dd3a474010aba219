"""What is typed about people, where they work and which posts they are given."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField, SelectMultipleField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from qms.core import clock
from qms.core.forms import CHOOSE, DateField, EmailField, Form, LineField, TextField, needed, optional
from qms.domain.standing import Who
from qms.offices.models import Department
from qms.people.invitations import Newcomer
from qms.people.models import Person
from qms.people.words import POST_WORDS

NAME_LONGEST = 255


def _post_choices(posts: Sequence[Who]) -> list[SelectChoice]:
    return [SelectChoice(post.value, _l(POST_WORDS[post])) for post in posts]


def _name_field() -> LineField:
    return LineField(
        _l("First name and surname"),
        limit=NAME_LONGEST,
        validators=[needed(_l("Enter the first name and the surname."))],
        render_kw={"autocomplete": "off"},
    )


def _email_field(label: Any) -> EmailField:  # noqa: ANN401 - a lazy string
    return EmailField(
        label,
        description=_l("Their own address at the office. They sign in with it."),
        validators=[needed(_l("Enter the e-mail address of the person."))],
        render_kw={"inputmode": "email", "spellcheck": "false", "autocomplete": "off"},
    )


class DepartmentChoice:
    """The department chosen among those of the office."""

    departments: dict[str, Department]
    department: SelectField

    def offer(self, departments: Sequence[Department], *, none: Any = CHOOSE) -> None:  # noqa: ANN401 - a lazy string
        """Fill the list; `none` is what stands on top of it."""
        self.departments = {each.key: each for each in departments}
        self.department.choices = [
            SelectChoice("", none),
            *(SelectChoice(each.key, f"{each.name} ({each.symbol})") for each in departments),
        ]

    @property
    def chosen(self) -> Department | None:
        """The department itself."""
        return self.departments.get(self.department.data or "")


class NewPersonForm(DepartmentChoice, Form):
    """Somebody who is added to the office."""

    name = _name_field()
    email = _email_field(_l("E-mail address"))
    department = SelectField(_l("Department"), validators=[optional()])
    is_head = BooleanField(_l("Heads this department"))
    posts = SelectMultipleField(
        _l("Posts"),
        description=_l("Leave empty for somebody who only answers findings and carries out actions."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[optional()],
    )
    order_number = LineField(
        _l("Number of the order"),
        limit=60,
        description=_l("The order or regulation that gave the posts, for example 12/2026."),
        validators=[optional()],
    )
    from_on = DateField(
        _l("First day"),
        description=_l("Since when they work there or hold the post. For example 27.3.2026."),
        validators=[needed(_l("Enter the first day."))],
    )
    until_on = DateField(
        _l("Last day"),
        description=_l("Only if it is known. An auditor of the certification body needs one."),
    )

    def __init__(self, departments: Sequence[Department], posts: Sequence[Who]) -> None:
        super().__init__(data={"from_on": clock.today()})
        self.offer(departments, none=_l("No department, only a post"))
        self.posts.choices = _post_choices(posts)

    def validate_until_on(self, field: DateField) -> None:
        """A reader from outside reads until a day."""
        if Who.EXTERNAL_AUDITOR in (self.posts.data or ()) and field.data is None:
            raise ValidationError(_needs_an_end())

    @property
    def newcomer(self) -> Newcomer:
        """What was typed, once the form is valid."""
        return Newcomer(
            name=self.name.data,
            email=self.email.data,
            department=self.chosen,
            is_head=self.is_head.data,
            posts=tuple(Who(post) for post in self.posts.data or ()),
            from_on=self.from_on.data,
            until_on=self.until_on.data,
            order_number=self.order_number.data or "",
        )


def _needs_an_end() -> str:
    return str(gettext("Enter the last day: an auditor of the certification body reads until a day."))


class RenameForm(Form):
    """A corrected name."""

    name = _name_field()


class AddressForm(Form):
    """Another mailbox of a person."""

    email = _email_field(_l("New e-mail address"))


class MoveForm(DepartmentChoice, Form):
    """Where somebody works from a day on."""

    department = SelectField(_l("New department"), validators=[needed(_l("Choose the department."))])
    is_head = BooleanField(_l("Heads this department"))
    from_on = DateField(
        _l("First day there"),
        description=_l("The work done so far ends the day before."),
        validators=[needed(_l("Enter the first day in the new department."))],
    )

    def __init__(self, departments: Sequence[Department]) -> None:
        super().__init__(data={"from_on": clock.today()})
        self.offer(departments)


class EndWorkForm(Form):
    """Why somebody's access ends."""

    reason = TextField(
        _l("Reason"),
        limit=500,
        description=_l("For example: works in another office since 1 March."),
        validators=[needed(_l("Write why the access ends. The trail keeps it."))],
    )


class AppointForm(Form):
    """An order that gives a post."""

    post = SelectField(_l("Post"), validators=[needed(_l("Choose the post."))])
    person = SelectField(_l("Person"), validators=[needed(_l("Choose the person."))])
    order_number = LineField(
        _l("Number of the order"),
        limit=60,
        description=_l("For example 12/2026."),
    )
    from_on = DateField(_l("First day"), validators=[needed(_l("Enter the first day of the post."))])
    until_on = DateField(
        _l("Last day"),
        description=_l("Only if the order names one. A letter comes before it ends."),
    )

    def __init__(self, posts: Sequence[Who], people: Sequence[Person]) -> None:
        super().__init__(data={"from_on": clock.today()})
        self.people = {each.key: each for each in people}
        self.post.choices = [SelectChoice("", CHOOSE), *_post_choices(posts)]
        self.person.choices = [SelectChoice("", CHOOSE), *(SelectChoice(each.key, each.name) for each in people)]

    def validate_order_number(self, field: LineField) -> None:
        """The order that appoints a proxy is shown to the certification body."""
        if self.post.data in {Who.PROXY, Who.DEPUTY} and not field.data:
            raise ValidationError(gettext("Enter the number of the order that appoints the proxy or deputy."))

    def validate_until_on(self, field: DateField) -> None:
        """A reader from outside reads until a day."""
        if self.post.data == Who.EXTERNAL_AUDITOR and field.data is None:
            raise ValidationError(_needs_an_end())


class EndPostForm(Form):
    """When and why a post ends."""

    until_on = DateField(
        _l("Last day of the post"),
        description=_l("On this day the person still holds it."),
        validators=[needed(_l("Enter the last day of the post."))],
    )
    reason = TextField(
        _l("Reason"),
        limit=500,
        description=_l("For example the number of the order that revokes it."),
        validators=[needed(_l("Write why the post ends. The trail keeps it."))],
    )

    def __init__(self) -> None:
        super().__init__(data={"until_on": clock.today()})


class CloseDepartmentForm(Form):
    """When and why a department is closed."""

    closed_on = DateField(_l("Last day of the department"), validators=[needed(_l("Enter the last day."))])
    reason = TextField(
        _l("Reason"),
        limit=500,
        description=_l("For example: new organisational rules, order 40/2026."),
        validators=[needed(_l("Write why the department is closed. The trail keeps it."))],
    )

    def __init__(self) -> None:
        super().__init__(data={"closed_on": clock.today()})
