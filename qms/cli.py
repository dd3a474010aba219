"""The `qms` command. Each command imports what it needs, so that `qms --help` answers at once."""

import json
import sys
from datetime import date
from typing import TYPE_CHECKING

import click
from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo, with_appcontext

from qms.cli_offices import office
from qms.cli_tools import DAY, needs_tables, says_refusals
from qms.cli_users import user

if TYPE_CHECKING:
    from qms.reminders.resuming import Load


def _create_app() -> Flask:
    from qms.app import create_app

    return create_app()


def _app() -> Flask:
    return click.get_current_context().ensure_object(ScriptInfo).load_app()


@click.group(cls=FlaskGroup, create_app=_create_app, add_default_commands=False, add_version_option=False)
def main() -> None:
    """The quality register of public offices."""


@main.command("run")
@click.option("--with-demo", is_flag=True, help="Fill an empty database with demonstration data first.")
@with_appcontext
def run_server(*, with_demo: bool) -> None:
    """Serve the register with its scheduler, in one process."""
    from qms import serving

    serving.prepare(_app(), with_demo=with_demo, say=click.echo)
    serving.serve(_app(), say=click.echo)


@main.command("scheduler")
@with_appcontext
@needs_tables
def run_scheduler() -> None:
    """Run the scheduler alone; any number may run, beside web processes without one."""
    from qms import scheduler, serving

    serving.refuse_demo_with_mail()
    click.echo("The scheduler is running. Stop it with Ctrl+C.")
    scheduler.run_forever(_app())


@main.command("demo")
@click.option("--on", "on", type=DAY, default=None, help="The day the demonstration ends on; today if not given.")
@click.option("--offices", type=click.IntRange(1, 5000), help="Synthetic offices for measuring, this many.")
@click.option("--audits", type=click.IntRange(1, 1000), default=20, help="Audits of each synthetic office.")
@click.option("--findings", type=click.IntRange(0, 20000), default=10, help="Findings of each synthetic audit.")
@with_appcontext
@needs_tables
@says_refusals
def demo(on: date | None, offices: int | None, *, audits: int, findings: int) -> None:
    """Fill an empty database with demonstration data."""
    from qms import demo as demonstration
    from qms.core import clock

    if offices:
        demonstration.synthesise(
            offices=offices, audits=audits, findings=findings, on=on or clock.today(), say=click.echo
        )
    else:
        demonstration.live(on=on or clock.today(), say=click.echo)


@main.command("resume")
@click.option("--yes", is_flag=True, help="Let it go; without this, only say what would go.")
@with_appcontext
@needs_tables
def resume(*, yes: bool) -> None:
    """Let letters go again that a flood, a jump of the clock or a restored or copied database held back."""
    from qms.core import clock
    from qms.core.db import EVERY_OFFICE, db, scoped
    from qms.reminders import resuming, safety

    with scoped(EVERY_OFFICE):
        _say_what_waits(resuming.load(clock.today()))
        db.session.rollback()
        if not yes:
            click.echo("Nothing was let go. To let it go: qms resume --yes")
            return
        freed = safety.resume()
    held = _counted(freed, "letter held back", "letters held back")
    click.echo(f"{held} will go now, and everything that waits at its hour.")


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _say_what_waits(load: "Load") -> None:
    """Count by kind, then the first lines: to whom, what, since when."""
    titles = (("letter waits", "letters wait"), ("reminder would be planned", "reminders would be planned"))
    for (one, many), counted in zip(titles, (load.letters, load.reminders), strict=True):
        by_kind = ", ".join(f"{kind} {number}" for kind, number in sorted(counted.items()))
        click.echo(_counted(counted.total(), one, many) + (f": {by_kind}" if by_kind else "."))
    for waits in load.first:
        click.echo(f"  {waits.since}  {waits.person:<40} {waits.what}")
    if (hidden := load.letters.total() + load.reminders.total() - len(load.first)) > 0:
        click.echo(f"  and {hidden} more")


@main.group()
def jobs() -> None:
    """The scheduled jobs."""


@jobs.command("run")
@click.argument("name")
@click.option("--on", "on", type=DAY, default=None, help="The day to run it for; today if not given.")
@with_appcontext
@needs_tables
def run_job(name: str, on: date | None) -> None:
    """Run one job now, as the scheduler would."""
    from qms import jobs as table
    from qms.core import clock
    from qms.reminders.safety import LONGEST_GAP

    if name not in table.JOBS:
        raise click.ClickException(f"There is no job {name!r}. There are: {', '.join(table.JOBS)}.")
    today = clock.today()
    if on is not None and on > today + LONGEST_GAP:
        message = f"{on} is more than {LONGEST_GAP.days} days ahead. Name an earlier day, or none for today."
        raise click.ClickException(message)
    click.echo(table.run_job(name, on or today))


@main.command("agenda")
@click.option("--office", "slug", default=None, help="The office's slug; every office if not given.")
@click.option("--from", "first", type=DAY, required=True)
@click.option("--to", "last", type=DAY, required=True)
@click.option("--json", "as_json", is_flag=True, help="A list of objects instead of lines.")
@with_appcontext
@needs_tables
def show_agenda(slug: str | None, *, first: date, last: date, as_json: bool) -> None:
    """What is due, for which office, why on that day, and who answers for it."""
    from qms.agenda import export
    from qms.core import clock
    from qms.core.db import EVERY_OFFICE, scoped

    with scoped(EVERY_OFFICE):
        rows = export.rows(_office_ids(slug), first, last, today=clock.today())
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row['due_on']}  {row['office']}  {row['kind']}  {row['subject']}  ({row['rule']})")


@main.group()
def reminders() -> None:
    """What people are and will be reminded of."""


@reminders.command("preview")
@click.option("--office", "slug", default=None, help="The office's slug; every office if not given.")
@click.option("--from", "first", type=DAY, required=True)
@click.option("--to", "last", type=DAY, required=True)
@click.option("--json", "as_json", is_flag=True, help="A list of objects instead of lines.")
@with_appcontext
@needs_tables
def preview_reminders(slug: str | None, *, first: date, last: date, as_json: bool) -> None:
    """What will be sent, to whom and why, if nothing gets done before. Nothing is written."""
    from qms.core import clock
    from qms.reminders import export

    rows = export.rows(_office_ids(slug), first, last, today=clock.today())
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        what = f"{row['kind']} {row['number'] or row['subject']}, due {row['due_on']}, step {row['step']}"
        click.echo(f"{row['on']}  {row['office']:<20} {row['person']:<40} {what}  ({row['level']})")


def _office_ids(slug: str | None) -> list[int]:
    """The office of a slug, or every office. Raises `ClickException` when there is no such office."""
    from qms.core.db import EVERY_OFFICE, scoped
    from qms.offices import queries as offices

    with scoped(EVERY_OFFICE):
        found = offices.by_slug(slug) if slug else None
        if slug and found is None:
            raise click.ClickException(f"There is no office {slug!r}.")
        return [found.id] if found else offices.active_ids()


main.add_command(user)
main.add_command(office)


@main.command("doctor")
@with_appcontext
def doctor() -> None:
    """Look the installation over; exit with 1 when something needs care."""
    from qms import doctor as examination

    findings = list(examination.examine(_app()))
    for finding in findings:
        click.echo(f"{'ok  ' if finding.is_well else 'CARE'}  {finding.about}: {finding.says}")
    sys.exit(0 if all(finding.is_well for finding in findings) else 1)
