"""`qms user`: accounts, made and changed by whoever runs the register."""

from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from qms.cli_tools import needs_tables, says_refusals

if TYPE_CHECKING:
    from qms.people.models import Person


@click.group()
def user() -> None:
    """Accounts of people."""


@user.command("add")
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--office", "slug", help="The office of the post.")
@click.option("--post", help="proxy, deputy, head_of_office, secretary, auditor, office_admin or external_auditor.")
@click.option("--admin", is_flag=True, help="Administrator of the instance.")
@click.option("--coordinator", is_flag=True, help="Coordinator of the programme.")
@click.option("--language", type=click.Choice(["pl", "en"]), default="pl")
@with_appcontext
@needs_tables
@says_refusals
def add_user(
    *, name: str, email: str, slug: str | None, post: str | None, admin: bool, coordinator: bool, language: str
) -> None:
    """Make an account, with a post from today if one is named."""
    from qms.core import clock
    from qms.core.db import EVERY_OFFICE, db, scoped
    from qms.domain import words
    from qms.domain.standing import POSTS, Who
    from qms.offices import queries as offices
    from qms.people import service

    if post and post not in POSTS:
        raise click.ClickException(f"There is no post {post!r}. There are: {', '.join(POSTS)}.")
    with scoped(EVERY_OFFICE):
        office = offices.by_slug(slug) if slug else None
        if bool(post) != bool(slug) or (slug and office is None):
            raise click.ClickException("Name an existing office and a post together, or neither.")
        person = service.register(name=words.clean_line(name, 255), email=words.clean_email(email), language=language)
        person.is_admin, person.is_coordinator = admin, coordinator
        if office and post:
            service.appoint(person, office, Who(post), from_on=clock.today())
        db.session.commit()
    click.echo(f"{person.email} can sign in now.")


@user.command("code")
@click.argument("email")
@with_appcontext
@needs_tables
@says_refusals
def give_code(email: str) -> None:
    """One sign-in code on the console, for when mail is down."""
    from qms.auth import service
    from qms.core.db import db

    person = _active(email)
    code = service.code_on_console(person)
    db.session.commit()
    click.echo(f"{code}  (15 minutes, once: enter the address on the sign-in page, then this code)")


@user.command("change")
@click.argument("email")
@click.option("--email", "new_email", help="The new address; the old one gets a letter about it.")
@click.option("--name", help="The corrected name.")
@with_appcontext
@needs_tables
@says_refusals
def change_user(email: str, *, new_email: str | None, name: str | None) -> None:
    """Correct the address or the name of anybody, also of somebody who works in two offices."""
    from qms.core.db import EVERY_OFFICE, db, scoped
    from qms.domain import words
    from qms.people import service

    if not (new_email or name):
        raise click.ClickException("Say what to change: --email NEW, --name NAME or both.")
    with scoped(EVERY_OFFICE):
        person = _active(email)
        if name:
            service.set_name(person, words.clean_line(name, 255))
        if new_email:
            service.set_address(person, words.clean_email(new_email))
        db.session.commit()
    click.echo(f"Saved: {person.name}, {person.email}.")


def _active(email: str) -> "Person":
    from qms.domain import words
    from qms.people import queries

    person = queries.by_email(words.clean_email(email))
    if person is None or person.deactivated_at:
        raise click.ClickException("Nobody with an active account has this address.")
    return person
