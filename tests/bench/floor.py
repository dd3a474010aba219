"""The floor of a page: a bare Flask view with the page's main SQL on the raw driver and the same template.

Each page is opened once in the real application, which tells its statements and what its template was given. The floor
then sends the main statements again past SQLAlchemy, makes plain rows of what comes back, and renders the very same
template with the same values. It recognises nobody, guards nothing and counts nothing.
"""

import re
import threading
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from flask import Flask, g, render_template, request, template_rendered
from flask_wtf import CSRFProtect
from sqlalchemy import event

from qms import app as product
from qms.core import i18n
from qms.core.db import db
from qms.core.engine import sqlite_module
from tests.bench.pages import Page

Statement = tuple[str, Any]
# What templates ask of rooms above them: it goes to the database, which the floor does by its main statements.
_ASKING = ("left_open_before", "days_of_body", "lacks_to_close", "talk_of", "is_reply_awaited")
_COPIED = ("SECRET_KEY", "SESSION_COOKIE_NAME", "TRANSLATIONS", "TRUSTED_HOSTS", "WTF_CSRF_TIME_LIMIT")


@dataclass
class Seen:
    """What the application did for one request."""

    statements: list[Statement] = field(default_factory=list)
    template: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    status: int = 0
    size: int = 0


@contextmanager
def watched(app: Flask) -> Iterator[Seen]:
    """Note the statements and the template of the request inside."""
    seen = Seen()

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.statements.append((statement, parameters))

    def keep(_sender: Flask, template: Any, context: dict[str, Any], **_rest: object) -> None:
        own = {"g", "request", "session"}
        seen.template = template.name
        seen.context = {name: value for name, value in context.items() if name not in own}
        seen.context["_actor"], seen.context["_office"] = g.get("actor"), g.get("office")
        seen.context["_titles"] = g.get("own_titles", {})
        seen.context |= told

    told: dict[str, Any] = {}
    known = dict(app.jinja_env.globals)
    app.jinja_env.globals |= {name: _told(known[name], name, told) for name in _ASKING}
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with template_rendered.connected_to(keep, app):
            yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        app.jinja_env.globals |= {name: known[name] for name in _ASKING}


def _told(ask: Callable[..., Any], name: str, told: dict[str, Any]) -> Callable[..., Any]:
    """The same, whose answer the floor gives without asking."""

    def asked(*arguments: Any) -> Any:
        found = ask(*arguments)
        told[name] = lambda *_arguments: found
        return found

    return asked


def open_page(app: Flask, page: Page, cookies: dict[str, str]) -> Seen:
    """Open a page in this process; the second time, when everything is warm."""
    client = app.test_client()
    if page.email:
        client.set_cookie("rejestr", cookies[page.email])
    client.set_cookie(i18n.COOKIE, "pl")
    client.get(page.path)
    with watched(app) as seen:
        response = client.get(page.path)
    seen.status, seen.size = response.status_code, len(response.data)
    if seen.status != 200:
        message = f"{page.path} answers {seen.status}"
        raise RuntimeError(message)
    return seen


def floor_of(app: Flask, pages: Iterable[Page], cookies: dict[str, str], database: str) -> Flask:
    """The bare application that answers these pages."""
    bare = Flask("floor", template_folder=app.template_folder, static_folder=app.static_folder)
    bare.config.update({name: app.config[name] for name in _COPIED})
    bare.jinja_env.trim_blocks = bare.jinja_env.lstrip_blocks = True
    bare.jinja_env.policies["ext.i18n.trimmed"] = True
    i18n.init(bare)
    CSRFProtect(bare)
    bare.jinja_env.globals = app.jinja_env.globals | bare.jinja_env.globals
    bare.jinja_env.filters = app.jinja_env.filters | bare.jinja_env.filters
    bare.url_defaults(product._mark_static)
    views = {_place(page): _view(page, open_page(app, page, cookies), database) for page in pages}

    def answer(**_address: str) -> str:
        return views[request.path, request.query_string.decode()]()

    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            bare.add_url_rule(rule.rule, rule.endpoint, answer, methods=rule.methods)
    return bare


def _place(page: Page) -> tuple[str, str]:
    path, _, query = page.path.partition("?")
    return path, query


def _view(page: Page, seen: Seen, database: str) -> Callable[[], str]:
    main = [each for each in seen.statements if any(re.search(known, _plain(each[0])) for known in page.main)]
    if page.main and not main:
        message = f"no main statement of {page.name!r} among {[_plain(each[0]) for each in seen.statements]}"
        raise RuntimeError(message)
    actor, office, titles = (seen.context.pop(name) for name in ("_actor", "_office", "_titles"))
    readers = [_Reader(database, statement, parameters) for statement, parameters in main]

    def view() -> str:
        g.actor, g.office, g.own_titles = actor, office, titles
        for reader in readers:
            reader.rows(page.most)
        return render_template(seen.template, **seen.context)

    return view


def _plain(statement: str) -> str:
    return " ".join(statement.replace('"', "").split())


_local = threading.local()


class _Reader:
    """One statement on the raw driver, its rows as named tuples with days and instants."""

    def __init__(self, database: str, statement: str, parameters: Any) -> None:
        self.database, self.statement, self.parameters = database, statement, parameters
        names = [each[0] for each in self._send().description]
        self.row = namedtuple("Row", [re.sub(r"\W", "_", name) for name in names], rename=True)  # noqa: PYI024
        self.days = [place for place, name in enumerate(names) if name.endswith("_on")]
        self.instants = [place for place, name in enumerate(names) if name.endswith("_at")]

    def _send(self) -> Any:
        connection = getattr(_local, "connection", None)
        if connection is None:
            connection = _local.connection = sqlite_module().connect(self.database)
        return connection.execute(self.statement, self.parameters)

    def rows(self, most: int) -> list[Any]:
        cursor = self._send()
        found = cursor.fetchall() if most < 0 else cursor.fetchmany(most)
        return [self.row._make(self._told(list(values))) for values in found]

    def _told(self, values: list[Any]) -> list[Any]:
        for place in self.days:
            if values[place] is not None:
                values[place] = date.fromisoformat(values[place])
        for place in self.instants:
            if values[place] is not None:
                values[place] = _moment(values[place])
        return values


def _moment(told: str) -> datetime | time:
    """An instant, or a time of day."""
    return datetime.fromisoformat(told) if "-" in told else time.fromisoformat(told)
