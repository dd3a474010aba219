"""Who may enter a page: the guard in front of every view, and the person it lets in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from flask import Flask, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from qms.core import unsaved
from qms.core.db import set_scope
from qms.domain.standing import Concern
from qms.policy import Actor, Can, can, can_see

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_KEY: Final = re.compile(r"[0-9a-z]{1,12}", re.ASCII)

View = Callable[..., Any]

# Set by the app, the one place that knows every part: how to find an office in the room above.
find_office: Callable[[str], Any] = lambda _slug: None  # noqa: E731 - a hook, replaced at start


@dataclass(frozen=True)
class Guard:
    """Who may enter a view; kept on the view so that the start-up check finds it."""

    permission: Can | None
    reason: str = ""


def public(reason: str) -> Callable[[View], View]:
    """Anybody may enter; says why."""

    def decorate(view: View) -> View:
        view.__guard__ = Guard(None, reason)  # type: ignore[attr-defined]
        return view

    return decorate


def guard(permission: Can, load: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Let in who the policy allows, having loaded the thing the address names.

    Inside an office (`/u/<slug>/…`) the office is found first and its rows alone are opened; `load(office,
    **rest)` finds the thing, whose `concern` the policy judges. The view is handed the thing, or the office
    when nothing is loaded. Cannot see it: 404. Sees it but may not act: 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**address: Any) -> Any:  # noqa: ANN401 - what Flask passes and takes
            if actor_or_none() is None:
                return _to_sign_in()
            if "slug" not in address:
                _judge(permission, Concern(office_id=None))
                return view(**address)
            return _enter_office(permission, view, address, load=load)

        guarded.__guard__ = Guard(permission)  # type: ignore[attr-defined]
        return guarded

    return decorate


def _enter_office(permission: Can, view: View, address: dict[str, Any], *, load: View | None) -> Any:  # noqa: ANN401
    office = find_office(address.pop("slug"))
    if office is None:
        abort(404)
    set_scope(frozenset({office.id}))
    at_large = Concern(office_id=office.id, is_shared=office.shares_content)
    if can(actor(), Can.SEE_OFFICE, at_large):
        g.office = office  # to strangers a page that is not there must not name the office behind the wall
    thing = office if load is None else _load(load, office, address)
    _judge(permission, at_large if load is None else thing.concern)
    g.office = office
    return view(thing) if load is not None else view(office, **address)


def _load(load: Callable[..., Any], office: Any, address: dict[str, Any]) -> Any:  # noqa: ANN401 - any row with a concern
    if any(not _KEY.fullmatch(str(part)) for part in address.values()):
        abort(404)
    thing = load(office, **address)
    if thing is None:
        abort(404)
    return thing


def _judge(permission: Can, concern: Concern) -> None:
    if not can_see(actor(), permission, concern):
        abort(404)
    if not can(actor(), permission, concern):
        abort(403)


def _to_sign_in() -> Response:
    if unsaved.words():
        abort(401)  # a session ends while somebody writes; leading them away would take the words along
    here = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    return redirect(url_for("auth.sign_in", dalej=here))


def actor() -> Actor:
    """Who is signed in; only inside a guarded view."""
    found = actor_or_none()
    if found is None:
        abort(401)
    return found


def actor_or_none() -> Actor | None:
    """Who is signed in, if anybody."""
    return getattr(g, "actor", None)


def may(permission: Can, thing: Any = None) -> bool:  # noqa: ANN401 - anything with a concern
    """Whether to show a way to do something; for templates."""
    who = actor_or_none()
    if who is None:
        return False
    if thing is None:
        office = getattr(g, "office", None)
        thing_concern = Concern(
            office_id=office.id if office else None, is_shared=bool(office and office.shares_content)
        )
    else:
        thing_concern = thing.concern
    return can(who, permission, thing_concern)


def check_every_route(app: Flask, open_endpoints: Mapping[str, str]) -> None:
    """Refuse to start with a route nobody guards. Raises `RuntimeError` naming each one."""
    unguarded = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in open_endpoints and not hasattr(app.view_functions[rule.endpoint], "__guard__")
    ]
    if unguarded:
        message = f"routes without @guard or @public: {', '.join(sorted(set(unguarded)))}"
        raise RuntimeError(message)
