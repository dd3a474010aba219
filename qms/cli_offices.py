"""`qms office`: offices, registered by whoever runs the register."""

from dataclasses import replace

import click
from flask.cli import with_appcontext

from qms.cli_tools import needs_tables, says_refusals


@click.group()
def office() -> None:
    """Offices of the register."""


@office.command("add")
@click.argument("slug")
@click.option("--name", help="As on its letters. The proxy completes the other data on the first day.")
@with_appcontext
@needs_tables
@says_refusals
def add_office(slug: str, *, name: str | None) -> None:
    """Register an office under a short name for addresses, such as ug-lipowo.

    The data of the offices that `qms office known` lists need not be typed.
    """
    from qms.core.db import EVERY_OFFICE, db, scoped
    from qms.domain import words
    from qms.offices import service
    from qms.offices.known import known_offices

    facts = next((each for each in known_offices() if each.slug == slug), None)
    if facts is None and name is None:
        raise click.ClickException(f"{slug!r} is not among the known offices. Say what it is called: --name NAME.")
    if facts is None:
        facts = service.OfficeFacts(slug=slug, name="")
    if name is not None:
        facts = replace(facts, name=words.clean_line(name, 200))
    with scoped(EVERY_OFFICE):
        service.open_office(facts)
        db.session.commit()
    click.echo(
        f"{facts.name} is registered. Now its proxy: qms user add --office {slug} --post proxy --name … --email …"
    )


@office.command("known")
def list_known() -> None:
    """The offices whose data need not be typed."""
    from qms.offices.known import known_offices

    for each in known_offices():
        click.echo(f"{each.slug:22} {each.name}")
