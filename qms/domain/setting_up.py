"""What an office begins with: its first tasks, and the departments and people of a pasted table."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qms.domain import words
from qms.domain.errors import N_, InvalidInput
from qms.domain.pasted import Column, Fault, Row, Table, cleaned, cleaned_if_any, folded, gathered
from qms.domain.standing import Who

DEPARTMENT_COLUMNS: Final = (Column.SYMBOL, Column.NAME, Column.PART_OF)
PERSON_COLUMNS: Final = (Column.PERSON, Column.EMAIL, Column.DEPARTMENT, Column.ROLES)
_NO_SUCH: Final = N_("There is no department with the symbol %(symbol)s. Add its row, or correct the symbol.")


@dataclass(frozen=True)
class PastedDepartment:
    """A department of a row; `part_of` is the symbol of another."""

    row: int
    symbol: str
    name: str
    part_of: str = ""


@dataclass(frozen=True, kw_only=True)
class PastedPerson:
    """Somebody of a row; `department` is the symbol of one."""

    row: int
    name: str
    email: str
    department: str = ""
    is_head: bool = False
    posts: tuple[Who, ...] = ()


def departments(table: Table, taken: Collection[str]) -> tuple[list[PastedDepartment], list[Fault]]:
    """The departments of the rows, those above before their parts, and what is wrong.

    `taken` are the symbols that the office has; a row may be a part of one of them.
    """
    known = set(taken)

    def department(row: Row) -> PastedDepartment:
        found = _department(row)
        if found.symbol in known:
            raise InvalidInput(N_("There is a department with the symbol %(symbol)s already."), symbol=found.symbol)
        known.add(found.symbol)
        return found

    found, faults = gathered(table, department)
    ordered, lost = _from_above(found, taken)
    return ordered, sorted([*faults, *_about_lost(lost, known)], key=lambda fault: fault.row)


def _department(row: Row) -> PastedDepartment:
    symbol = cleaned(row, Column.SYMBOL, missing=N_("Enter the symbol of the department."), longest=20)
    name = cleaned(row, Column.NAME, missing=N_("Enter the name of the department."), longest=200)
    above = cleaned_if_any(row, Column.PART_OF)
    if above == symbol:
        raise InvalidInput(N_("A department cannot be a part of itself. Choose another one that it is part of."))
    return PastedDepartment(row.number, symbol, name, above)


def _from_above(
    found: Sequence[PastedDepartment], taken: Collection[str]
) -> tuple[list[PastedDepartment], list[PastedDepartment]]:
    """Each after what it is part of; and those that hang on nothing, or on each other."""
    placed, ordered, left = {"", *taken}, list[PastedDepartment](), list(found)
    while ready := [each for each in left if each.part_of in placed]:
        ordered += ready
        placed |= {each.symbol for each in ready}
        left = [each for each in left if each.symbol not in placed]
    return ordered, left


def _about_lost(lost: Sequence[PastedDepartment], known: Collection[str]) -> Iterator[Fault]:
    in_a_ring = N_(
        "This department hangs on %(symbol)s, which hangs on it or on nothing. Correct what they are part of."
    )
    for each in lost:
        yield Fault(each.row, in_a_ring if each.part_of in known else _NO_SUCH, {"symbol": each.part_of[:20]})


# How people write what somebody does in an office, folded.
_POSTS: Final[Mapping[str, Who]] = {
    **dict.fromkeys(("auditor", "audytor", "internal auditor"), Who.AUDITOR),
    **dict.fromkeys(("auditor wewnetrzny", "audytor wewnetrzny"), Who.AUDITOR),
    **dict.fromkeys(("sekretarz", "secretary"), Who.SECRETARY),
    **dict.fromkeys(("wojt", "burmistrz", "prezydent", "starosta", "marszalek"), Who.HEAD_OF_OFFICE),
    **dict.fromkeys(("kierownik urzedu", "head of the office"), Who.HEAD_OF_OFFICE),
    **dict.fromkeys(("administrator", "administrator urzedu", "administrator of the office"), Who.OFFICE_ADMIN),
}
_HEADS: Final = frozenset({"kierownik", "kierownik komorki", "naczelnik", "dyrektor", "head", "head of the department"})
_NO_ROLE: Final = frozenset({"", "pracownik", "employee"})


@dataclass(frozen=True)
class Rights:
    """What whoever pastes may give: these posts, and whether the headship of a department."""

    posts: Collection[Who]
    heads: bool


def people(
    table: Table, *, symbols: Collection[str], known: Collection[str], rights: Rights
) -> tuple[list[PastedPerson], list[Fault]]:
    """The people of the rows and what is wrong.

    `symbols` are those of the office's departments, `known` the addresses on its list or invited to it.
    """
    rows: dict[str, int] = {}

    def person(row: Row) -> PastedPerson:
        found = _person(row, symbols, rights)
        if found.email in known:
            raise InvalidInput(N_("This person is on the list of your office, or invited to it, already."))
        if found.email in rows:
            message = N_("The same address stands in row %(row)s. Everybody needs their own.")
            raise InvalidInput(message, row=rows[found.email])
        rows[found.email] = row.number
        return found

    return gathered(table, person)


def _person(row: Row, symbols: Collection[str], rights: Rights) -> PastedPerson:
    name = cleaned(row, Column.PERSON, missing=N_("Enter the first name and the surname."), longest=255)
    missing = N_("Enter the e-mail address of the person.")
    email = words.clean_email(cleaned(row, Column.EMAIL, missing=missing, longest=words.LONGEST_ADDRESS))
    department = cleaned_if_any(row, Column.DEPARTMENT)
    if department and department not in symbols:
        raise InvalidInput(_NO_SUCH, symbol=department[:20])
    is_head, posts = _roles(cleaned_if_any(row, Column.ROLES), rights.posts)
    if is_head and not rights.heads:
        raise InvalidInput(N_("Who heads a department is changed by the quality proxy. Ask them to record it."))
    if is_head and not department:
        raise InvalidInput(N_("Enter the department that this person heads."))
    if not department and not posts:
        raise InvalidInput(N_("Choose a department or at least one post."))
    return PastedPerson(row=row.number, name=name, email=email, department=department, is_head=is_head, posts=posts)


def _roles(text: str, given: Collection[Who]) -> tuple[bool, tuple[Who, ...]]:
    """Whether somebody heads their department, and the posts; roles stand between commas."""
    named = [folded(part) for part in text.replace("/", ",").replace("+", ",").split(",")]
    posts = dict.fromkeys(_post(role, given) for role in named if role not in _HEADS | _NO_ROLE)
    return any(role in _HEADS for role in named), tuple(posts)


def _post(role: str, given: Collection[Who]) -> Who:
    post = _POSTS.get(role)
    if post is None:
        message = N_("“%(role)s” is no role here. Use one of those named above the field, or leave the cell empty.")
        raise InvalidInput(message, role=role[:40])
    if post not in given:
        raise InvalidInput(N_("The role “%(role)s” is not yours to give. Leave the cell empty."), role=role[:40])
    return post


class Task(StrEnum):
    """What an office does first, in any order."""

    OFFICE = "office"
    CERTIFICATE = "certificate"
    DEPARTMENTS = "departments"
    PEOPLE = "people"
    LIMITS = "limits"
    INVITATIONS = "invitations"


# What only somebody's word ends: the other tasks are done when the register holds what they ask for.
TICKED: Final = frozenset({Task.OFFICE, Task.CERTIFICATE, Task.LIMITS})


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What the register holds of an office; `others` are people beside whoever sets it up, `held` not yet invited."""

    ticked_tasks: Collection[Task]
    certificates: int
    departments: int
    others: int
    held: int
    invited: int


def done(begun: Begun) -> frozenset[Task]:
    """The tasks that are done."""
    by_content = {
        Task.CERTIFICATE: begun.certificates > 0,
        Task.DEPARTMENTS: begun.departments > 0,
        Task.PEOPLE: begun.others + begun.held + begun.invited > 0,
        Task.INVITATIONS: begun.held == 0 and begun.others + begun.invited > 0,
    }
    return frozenset(task for task in Task if by_content.get(task) or task in TICKED.intersection(begun.ticked_tasks))
