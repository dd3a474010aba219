"""create_app(): the one place that knows every part."""

import hashlib
from datetime import timedelta
from functools import cache, lru_cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any, Final
from wsgiref.headers import Headers

from flask import Blueprint, Flask, current_app, g, request, url_for
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from qms import config, policy
from qms.admission.routes import bp as admission_pages
from qms.agenda.routes import bp as agenda_pages
from qms.approvals.routes import bp as approval_pages
from qms.audits import listing
from qms.audits.routes import bp as audit_pages
from qms.auth.routes import bp as auth_pages
from qms.certificates.routes import bp as certificate_pages
from qms.checklists.routes import bp as checklist_pages
from qms.coordination.routes import bp as coordination_pages
from qms.core import access, clock, i18n, runs, saving, web
from qms.core.db import db
from qms.core.engine import engine_options
from qms.cycle.routes import bp as cycle_pages
from qms.discussion.routes import bp as discussion_pages
from qms.domain.errors import N_
from qms.domain.standing import Concern
from qms.figures.routes import bp as figure_pages
from qms.findings import queries as findings
from qms.findings.routes import bp as finding_pages
from qms.grants import routes as grants
from qms.help.routes import bp as help_pages
from qms.intake.routes import bp as intake_pages
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.offices.routes import bp as office_pages
from qms.people import queries as people
from qms.people.address_pages import bp as people_pages
from qms.practices.routes import bp as practice_pages
from qms.products.routes import bp as product_pages
from qms.programme.routes import bp as programme_pages
from qms.reminders.giving_up_pages import give_up
from qms.reminders.health_pages import bp as health_pages
from qms.reminders.ladder_pages import bp as ladder_pages
from qms.reminders.mailbox import bp as mailbox_pages
from qms.reminders.routes import bp as reminder_pages
from qms.reports.routes import bp as report_pages
from qms.requirements.routes import bp as requirement_pages
from qms.requirements.words import clause_title, official_title
from qms.setup.routes import bp as setup_pages
from qms.training.routes import bp as training_pages

_PAGES: Final[tuple[Blueprint, ...]] = (
    help_pages,
    auth_pages,
    agenda_pages,
    audit_pages,
    approval_pages,
    programme_pages,
    finding_pages,
    discussion_pages,
    figure_pages,
    practice_pages,
    grants.bp,
    intake_pages,
    product_pages,
    report_pages,
    checklist_pages,
    cycle_pages,
    setup_pages,
    certificate_pages,
    training_pages,
    admission_pages,
    office_pages,
    requirement_pages,
    people_pages,
    ladder_pages,
    reminder_pages,
    health_pages,
    mailbox_pages,
    coordination_pages,
)
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_FONTS: Final = "fontpkg_public_sans"
MIGRATIONS: Final = Path(__file__).parent / "migrations"

csrf = CSRFProtect()


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application, ready to serve. Raises `WrongSettings` when it may not start."""
    settings = settings or config.from_environment()
    app = Flask(
        "qms",
        template_folder=str(_beside_package("templates")),
        static_folder=str(_beside_package("static")),
        instance_path=str(settings.instance),
    )
    _configure(app, settings)
    _set_up_parts(app)
    for pages in _PAGES:
        app.register_blueprint(pages)
    app.context_processor(_page_context)
    app.url_defaults(_mark_static)
    access.check_every_route(app, policy.OPEN_ENDPOINTS)
    _stand_behind_proxies(app, settings)
    _serve_static(app)
    return app


def _beside_package(name: str) -> Path:
    """Inside the package when installed from the wheel, beside it in a checkout."""
    package = Path(__file__).parent
    return package / name if (package / name).is_dir() else package.parent / name


def _configure(app: Flask, settings: config.Settings) -> None:
    settings.instance.mkdir(parents=True, exist_ok=True)
    if settings.today:
        clock.pin(settings.today)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        SESSION_COOKIE_NAME="formularz",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,  # a draft may lie open all day; the token ends with the session
        MAX_CONTENT_LENGTH=6 * settings.upload_limit,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        TRUSTED_HOSTS=[_host_of(settings.base_url), *_LOOPBACK],
        UPLOAD_LIMIT=settings.upload_limit,
        FILES=settings.instance / "files",
        MAILBOX=settings.instance / "mail",
        MAILBOX_IS_OPEN=settings.smtp_url is None,
        KEEPS_QUIET_HOURS=settings.smtp_url is not None,
        SMTP_URL=settings.smtp_url,
        MAIL_FROM=settings.mail_from,
        BASE_URL=settings.base_url,
        HOST=settings.host,
        PORT=settings.port,
        TRANSLATIONS=str(Path(__file__).parent / "translations"),
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.policies["ext.i18n.trimmed"] = True


def _host_of(address: str) -> str:
    return address.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]


def _set_up_parts(app: Flask) -> None:
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    csrf.init_app(app)
    behind_letters = (grants.answer, grants.hand_over, grants.ask_time, grants.object_to, grants.report_done)
    for keyless in (*behind_letters, grants.new_link, grants.broken):
        csrf.exempt(keyless)  # behind a link in a letter there is no session; its forms carry a seal of their own
    csrf.exempt(give_up)  # sent by mail programs, which hold no session of ours; its address is the secret
    i18n.init(app)
    web.init(app)
    app.jinja_env.filters |= {"clause_title": clause_title, "official_title": official_title}
    access.find_office = offices.by_slug
    listing.has_open_cases = findings.has_open_cases
    saving.name_of = people.name_of


def _stand_behind_proxies(app: Flask, settings: config.Settings) -> None:
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


def _serve_static(app: Flask) -> None:
    """Immutable files under an address that changes with the version; the font from its own package."""
    static = WhiteNoise(app.wsgi_app, max_age=31_536_000, add_headers_function=_widen_worker)
    static.add_files(app.static_folder, prefix="static/")
    static.add_files(str(resources.files(_FONTS) / "files"), prefix="static/fonts/")
    app.wsgi_app = static  # type: ignore[method-assign]


def _widen_worker(headers: Headers, _path: str, url: str) -> None:
    """The worker lies with the static files and serves the pages of one audit; its page names which."""
    if url.endswith("/running-worker.js"):
        headers["Service-Worker-Allowed"] = "/u/"


@cache
def _static_mark(folder: str) -> str:
    """Changes with the content of the static files, which browsers keep for a year."""
    told = hashlib.sha256()
    for path in sorted(Path(folder).glob("*.*")):
        told.update(path.read_bytes())
    return told.hexdigest()[:10]


def _mark_static(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static":
        values["v"] = _static_mark(current_app.static_folder or "")


@cache
def version() -> str:
    """The version of the product, also the mark of its static files."""
    return metadata.version("qms-compliance")


def _page_context() -> dict[str, Any]:
    is_failing = getattr(g, "is_failing", False)
    actor = None if is_failing else access.actor_or_none()
    office = None if is_failing else getattr(g, "office", None)
    language = i18n.language()
    return {
        "office": office,
        "person": actor,
        "language": language,
        "other_language": "pl" if language == "en" else "en",
        "version": version(),
        # A form would begin a session, and behind the link in a letter there is none, whatever goes wrong there.
        "language_switch": None if g.get("is_behind_link") else {"url": _address("auth.choose_language")},
        "sign_out_url": _address("auth.sign_out"),
        "home_url": _address("help.index"),
        "help_url": _address("help.guide"),
        "accessibility_url": _address("help.accessibility"),
        "is_demo": not is_failing and _is_demo(),
        "is_read_only_visit": _is_visit(actor, office),
        "nav": menu(actor, office),
        "search_url": _search_url(actor, office),
        "person_menu": _person_menu(actor),
    }


def _address(endpoint: str, slug: str | None = None) -> str:
    """The address of a page that every other page leads to."""
    return _built_address(request.script_root, endpoint, slug)


@lru_cache(maxsize=4096)
def _built_address(_script_root: str, endpoint: str, slug: str | None) -> str:
    return url_for(endpoint, slug=slug)


def _is_demo() -> bool:
    """Whether to say that all of this is an example; known already where somebody is signed in."""
    known: bool | None = g.get("is_demo")
    return runs.note("demo") is not None if known is None else known


def _is_visit(actor: policy.Actor | None, office: Office | None) -> bool:
    """Whether a coordinator looks at an office they do not work in."""
    return bool(actor and office and actor.is_coordinator and office.id not in policy.offices_of(actor))


def _person_menu(actor: policy.Actor | None) -> list[dict[str, str]]:
    if actor is None:
        return []
    entries = [(N_("Your account"), "auth.account")]
    if policy.can(actor, policy.Can.READ_PRACTICES, Concern(office_id=None)):
        entries.append((N_("Good practice of offices"), "practices.index"))
    return [{"label": i18n.said(label), "url": _address(endpoint)} for label, endpoint in entries]


def _search_url(actor: policy.Actor | None, office: Office | None) -> str | None:
    """Where to search: the registers of the office at hand."""
    if actor is None or office is None:
        return None
    concern = Concern(office_id=office.id, is_shared=office.shares_content)
    sees = policy.can(actor, policy.Can.SEE_REGISTERS, concern)
    return _address("findings.search", slug=office.slug) if sees else None


def menu(actor: policy.Actor | None, office: Office | None) -> list[dict[str, Any]]:
    """At most nine ways to go: what the person may see in the office at hand, or in their own."""
    if actor is None:
        return []
    entries = [(N_("My tasks"), _address("agenda.tasks"), "agenda")]
    if actor.is_coordinator:
        entries.append((N_("Offices"), _address("coordination.index"), "coordination"))
    if actor.is_admin:
        entries.append((N_("How the post runs"), _address("health.index"), "health"))
    home = office or _own_office(actor)
    if home is not None:
        entries += _office_menu(home)
    here = _MENU_OF.get(request.blueprint or "", request.blueprint)
    return [{"label": i18n.said(label), "url": url, "current": here == name} for label, url, name in entries]


# Where a room has no entry of its own in the menu.
_MENU_OF: Final = {
    "checklists": "audits",
    "intake": "findings",
    "products": "findings",
    "discussion": "findings",
    "figures": "findings",
    "certificates": "cycle",
    "admission": "training",
    "people": "offices",
    "setup": "offices",
    "ladders": "offices",
    "approvals": "offices",
    "requirements": "offices",
    "programme": "audits",
    "reports": "audits",
}


def _own_office(actor: policy.Actor) -> Office | None:
    own = sorted(policy.offices_of(actor))
    return offices.by_ids(own[:1])[0] if own else None


def _office_menu(office: Office) -> list[tuple[str, str, str]]:
    actor = access.actor()
    concern = Concern(office_id=office.id, person_id=actor.person_id, is_shared=office.shares_content)
    manages = policy.can(actor, policy.Can.MANAGE_PEOPLE, concern)
    shown = (
        (policy.Can.SEE_REGISTERS, N_("Audits"), "audits.index", "audits"),
        (policy.Can.SEE_REGISTERS, N_("Findings"), "findings.index", "findings"),
        (policy.Can.SEE_CERTIFICATES, N_("Certificate"), "cycle.index", "cycle"),
        (policy.Can.SEE_TRAINING, N_("Training"), "training.index", "training"),
        (
            policy.Can.MANAGE_PEOPLE if manages else policy.Can.APPOINT_PROXY,
            N_("Office"),
            "offices.index" if manages else "people.posts",
            "offices",
        ),
        (policy.Can.SEE_LETTERS, N_("Letters"), "reminders.index", "reminders"),
    )
    return [
        (label, _address(endpoint, slug=office.slug), name)
        for permission, label, endpoint, name in shown
        if policy.can(actor, permission, concern)
    ]
