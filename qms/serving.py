"""Starting up: the database, the demonstration, the web server with the ticker beside it."""

import errno
import signal
import socket
from collections.abc import Callable

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from qms import scheduler
from qms.config import WrongSettings
from qms.core import clock, runs
from qms.core.db import db
from qms.core.engine import learn_how_rows_are_spread
from qms.offices.models import Office
from qms.standards import catalogue

Say = Callable[[str], object]


def prepare(app: Flask, *, with_demo: bool, say: Say) -> None:
    """Bring tables and catalogue up to date; fill an empty database if asked to."""
    upgrade(directory=app.extensions["migrate"].directory)
    catalogue.load()
    db.session.commit()
    is_empty = db.session.scalar(select(Office.id).limit(1)) is None
    db.session.rollback()
    if with_demo and is_empty and not app.config["SMTP_URL"]:
        from qms import demo  # noqa: PLC0415 - large, and of use once

        demo.live(on=clock.today(), say=say)
    learn_how_rows_are_spread()
    db.session.commit()
    refuse_demo_with_mail()


def refuse_demo_with_mail() -> None:
    """Raises `WrongSettings` when invented people would get real letters."""
    from flask import current_app  # noqa: PLC0415

    is_demo = runs.note("demo") is not None
    db.session.rollback()
    if is_demo and current_app.config["SMTP_URL"]:
        problem = "the database holds demonstration data and QMS_SMTP_URL sends real letters: unset it, or use another"
        raise WrongSettings([f"{problem} QMS_INSTANCE"])


def serve(app: Flask, *, say: Say) -> None:
    """Serve until told to stop; the letter in hand is finished first."""
    server = _listen(app)
    ticker = scheduler.start(app)
    _announce(app, say)

    def stop(_number: int, _frame: object) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    try:
        server.run()
    finally:
        scheduler.stop(ticker)
        server.close()


def _listen(app: Flask) -> BaseWSGIServer | MultiSocketServer:
    """Raises `WrongSettings` when something else has the port."""
    host, port = app.config["HOST"], app.config["PORT"]
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        # Waitress would leave its own socket open when it cannot have the port.
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        problem = f"port {port} is taken: perhaps the register runs already, look at {app.config['BASE_URL']};"
        raise WrongSettings([f"{problem} to run another one, choose another PORT"]) from error
    # What a proxy tells goes through as it came: ProxyFix alone decides whom to believe, and the local mailbox has to
    # see that there is one.
    return create_server(app, sockets=[listening], threads=8, ident=None, clear_untrusted_proxy_headers=False)


def _announce(app: Flask, say: Say) -> None:
    address = app.config["BASE_URL"]
    say(f"\nThe register is at {address}\n")
    if runs.note("demo"):
        from qms import demo  # noqa: PLC0415 - large, and of use once

        say("Sign in with one of these addresses; the code comes to the local mailbox:")
        for post, email in demo.people_to_try():
            say(f"  {email:<44} {post}")
    if app.config["MAILBOX_IS_OPEN"]:
        say(f"Letters of this computer: {address}/poczta")
    say("Stop with Ctrl+C.\n")
    db.session.rollback()
