"""The views a reader keeps, above the list they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for

from qms.core.access import actor
from qms.domain.errors import N_
from qms.domain.views import Listed
from qms.findings import views
from qms.findings.action_forms import ActionFiltersForm
from qms.findings.register_forms import FiltersForm
from qms.findings.view_models import SavedView
from qms.offices.models import Office

PAGES: Final = {Listed.FINDINGS: "findings.index", Listed.ACTIONS: "findings.actions_index"}
NAMES: Final = {Listed.FINDINGS: N_("Findings"), Listed.ACTIONS: N_("Actions")}
_FIELDS: Final = {
    Listed.FINDINGS: frozenset(FiltersForm().data),
    Listed.ACTIONS: frozenset(ActionFiltersForm().data),
}


@dataclass(frozen=True)
class Link:
    """A view by its name and address; whether the list is just that now."""

    name: str
    url: str
    is_here: bool
    remove_url: str


@dataclass(frozen=True)
class Links:
    """What a list shows of views; `keep_url` is none where there is nothing new to keep."""

    all: list[Link]
    keep_url: str | None


def shown(office: Office, listed: Listed, filters: Mapping[str, str]) -> Links:
    """The reader's views of this list, which is narrowed by these filters now."""
    own = [view for view in views.of_person(office.id, actor().person_id) if view.kind == listed]
    links = [_link(office, view, filters) for view in own]
    is_new = bool(filters) and not any(link.is_here for link in links)
    return Links(links, _keep_url(office, listed, filters) if is_new else None)


def _link(office: Office, view: SavedView, filters: Mapping[str, str]) -> Link:
    remove_url = url_for("findings.remove_view", slug=office.slug, key=view.key)
    return Link(view.name, address(office, view), dict(filters) == view.filters, remove_url)


def _keep_url(office: Office, listed: Listed, filters: Mapping[str, str]) -> str:
    return url_for("findings.keep_view", slug=office.slug, lista=listed.value, **checked(listed, filters))


def address(office: Office, view: SavedView) -> str:
    """The list, narrowed as the view says."""
    return list_address(office, Listed(view.kind), view.filters)


def list_address(office: Office, listed: Listed, filters: Mapping[str, str]) -> str:
    """A list under these filters; whatever is no filter of it is left out, so an address cannot lead elsewhere."""
    return url_for(PAGES[listed], slug=office.slug, **checked(listed, filters))


def checked(listed: Listed, filters: Mapping[str, str]) -> dict[str, Any]:
    """The filters that the list has."""
    return {name: str(value) for name, value in filters.items() if name in _FIELDS[listed]}
