"""Forms as people at a browser fill them in: what a page shows is sent back, with something else typed."""

from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def form_of(page: bytes) -> dict[str, list[str]]:
    """What the form of a page would send if nothing more were typed."""
    form = BeautifulSoup(page, "html.parser").select_one("main form.form") or Tag(name="form")
    sent: dict[str, list[str]] = {}
    for control in form.select("input[name], textarea[name]"):
        if control.get("type") in {"checkbox", "radio"} and not control.has_attr("checked"):
            continue
        if control.get("type") not in {"file", "submit"}:
            text = (
                control.get_text().removeprefix("\n") if control.name == "textarea" else str(control.get("value", ""))
            )
            sent.setdefault(str(control["name"]), []).append(text)
    for choice in form.select("select[name]"):
        options = choice.select("option[selected]") or choice.select("option")[:1]
        sent[str(choice["name"])] = [str(option["value"]) for option in options]
    return sent


def send(browser: FlaskClient, path: str, **typed: Any) -> TestResponse:
    """Open a page, type into its form, send it."""
    fields: dict[str, Any] = form_of(browser.get(path).data) | typed
    is_upload = any(isinstance(each, list) and each and isinstance(each[0], tuple) for each in fields.values())
    if is_upload:
        return browser.post(path, data=fields, content_type="multipart/form-data")
    pairs = [(name, each) for name, given in fields.items() for each in (given if isinstance(given, list) else [given])]
    body = "&".join(f"{quote(name)}={quote(each.encode('utf-8', 'surrogatepass'))}" for name, each in pairs)
    return browser.post(path, data=body, content_type="application/x-www-form-urlencoded")


def shown(answer: TestResponse, name: str) -> str:
    """What stands in a field of the page."""
    control = BeautifulSoup(answer.data, "html.parser").select_one(f"main [name={name}]")
    assert control is not None
    text = control.get_text() if control.name == "textarea" else str(control.get("value", ""))
    return text.removeprefix("\r\n").removeprefix("\n") if control.name == "textarea" else text


def complaint(answer: TestResponse, name: str) -> str:
    """What the page says is wrong with a field."""
    said = BeautifulSoup(answer.data, "html.parser").select_one(f"#{name}-error")
    return said.get_text(strip=True) if said else ""
