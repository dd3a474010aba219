"""A file that the server would refuse together with the whole form is refused before anything is sent."""

import pytest
from playwright.sync_api import expect

from tests.support.cases import Case
from tests.support.lived import office_found

pytestmark = pytest.mark.browser

AUDITOR = "auditor@sp-bochnia.example.com"
MEGABYTE = 1 << 20


def test_a_file_too_large_is_said_at_once_and_nothing_typed_is_lost(site, somebody, tmp_path):
    with site.inside():
        audit = Case(office_found("sp-bochnia")).audit
        address = f"/u/sp-bochnia/audity/{audit.key}/ustalenia/nowe"
    scan, small = tmp_path / "skan.pdf", tmp_path / "maly.pdf"
    scan.write_bytes(b"%PDF-1.4\n" + bytes(61 * MEGABYTE))
    small.write_bytes(b"%PDF-1.4\n")
    auditor = somebody(AUDITOR)
    auditor.open(address)
    auditor.fill(auditor.words("Statement"), "Dwa upoważnienia.")

    auditor.attach(auditor.words("Files"), scan)
    auditor.press(auditor.words("Save"))

    note = auditor.page.locator("[data-too-large]")
    expect(note).to_be_visible()
    expect(note).to_contain_text("skan.pdf")
    expect(auditor.page.get_by_label(auditor.words("Files")).first).to_have_attribute("aria-invalid", "true")
    assert auditor.path == address
    expect(auditor.page.locator("#statement")).to_have_value("Dwa upoważnienia.")

    auditor.attach(auditor.words("Files"), small)
    expect(note).to_be_hidden()
